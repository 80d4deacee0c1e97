"""Findings for people: what is wrong, at its line, and how many specs pass."""

from __future__ import annotations

from collections import Counter

from ..diagnostics import NOT_JUDGED, NOTE
from ..document.figures import grouped
from ..document.findings import Report, findings
from . import faults
from .text import Screen, painted

#: Notes that are drawn of every spec: they are on the check, not on the network.
_DRAWN = frozenset({NOT_JUDGED})
#: Columns where no terminal says how many.
_WIDTH = 100


def render(report: Report, screen: Screen) -> str:
    """Every finding with its line, then what is said of other files, and the counts.

    Of several specs the notes on those that pass are only counted: they are read one spec at a time.
    """
    drawer = faults.Drawer(screen)
    groups = report.by_file.values()
    parts: list[str] = []
    counted: Counter[str] = Counter()
    for group in groups:
        brief = len(groups) > 1 and all(spec.code == 0 for spec in group)
        drawn = []
        for finding in findings(group):
            diagnostic = finding.diagnostic
            if brief and diagnostic.severity == NOTE and diagnostic.code not in _DRAWN:
                counted[diagnostic.code] += 1
            else:
                drawn.append(diagnostic._replace(message=finding.message) if finding.settings else diagnostic)
        parts.append(faults.drawn(drawer, drawn))
    if any(parts):
        parts.append("\n")
    if counted:
        parts.append(_notes(counted, screen))
    parts += [f"{screen.charset(spec.label)}: {spec.score}\n" for spec in report.specs if spec.score]
    if report.remark:
        parts.append(f"{screen.charset(report.remark)}\n")
    words = [painted(text, faults.STYLES[what] if what and screen.color else "") for text, what in report.summary]
    return "".join(parts) + ", ".join(words) + "\n"


def _notes(counted: Counter[str], screen: Screen) -> str:
    """`notes: 40 field-covers-early, 21 unread-input`, and where they are to be read."""
    room = max(screen.width or _WIDTH, 40)
    lines = ["notes:"]
    codes = sorted(counted, key=lambda code: (-counted[code], code))
    for place, code in enumerate(codes, 1):
        words = f" {grouped(counted[code])} {code}{',' if place < len(codes) else ''}"
        if len(lines[-1]) + len(words) > room:
            lines.append(" " * len("notes:"))
        lines[-1] += words
    lines.append(f"       check one spec alone to read its notes; {screen.format_option} concise has all")
    return "".join(f"{line}\n" for line in lines)
