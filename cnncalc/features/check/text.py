"""The verdicts of `cnncalc check` for people: what is wrong, at its line, and how many specs pass."""

from __future__ import annotations

from collections.abc import Sequence

from ...diagnostics import NOTE, WARNING
from ...document.figures import grouped, quantity
from ...records import Record
from ...render import faults
from ...render.text import Charset
from .findings import findings
from .requirements import NOT_JUDGED
from .verdict import Verdict

#: Notes that are drawn of every spec: they are on the check, not on the network.
_DRAWN = frozenset({NOT_JUDGED})
#: Columns where no terminal says how many.
_WIDTH = 100


class Screen(Record):
    """Where the text goes: its characters, colour, and columns (0: no limit)."""

    charset: Charset
    color: bool = False
    width: int = 0


def render(verdicts: Sequence[Verdict], remark: str, screen: Screen) -> str:
    """Every finding with its line, then the counts; `remark` is what is said of other files.

    Of several specs the notes on those that pass are only counted: they are read one spec at a time.
    """
    groups: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        groups.setdefault(verdict.file, []).append(verdict)
    drawer = faults.Drawer(screen.charset, screen.color, screen.width)
    parts: list[str] = []
    counted: dict[str, int] = {}
    for group in groups.values():
        brief = len(groups) > 1 and all(one.passed for one in group)
        said = []
        for one in findings(group):
            diagnostic = one.diagnostic
            if brief and diagnostic.severity == NOTE and diagnostic.code not in _DRAWN:
                counted[diagnostic.code] = counted.get(diagnostic.code, 0) + 1
            else:
                said.append(diagnostic._replace(message=one.message) if one.settings else diagnostic)
        if said:
            parts.append(faults.drawn(drawer, said))
    if parts:
        parts.append("\n")
    if counted:
        parts.append(_notes(counted, screen))
    if remark:
        parts.append(f"{screen.charset(remark)}\n")
    parts.append(_summary(list(groups.values()), verdicts, screen) + "\n")
    return "".join(parts)


def _notes(counted: dict[str, int], screen: Screen) -> str:
    """`notes: 40 field-covers-early, 21 unread-input`, and where they are to be read."""
    room = max(screen.width or _WIDTH, 40)
    lines = ["notes:"]
    codes = sorted(counted, key=lambda code: (-counted[code], code))
    for place, code in enumerate(codes, 1):
        words = f" {grouped(counted[code])} {code}{',' if place < len(codes) else ''}"
        if len(lines[-1]) + len(words) > room:
            lines.append(" " * len("notes:"))
        lines[-1] += words
    lines.append("       check one spec alone to read its notes; --format concise has all")
    return "".join(f"{line}\n" for line in lines)


def _summary(groups: list[list[Verdict]], verdicts: Sequence[Verdict], screen: Screen) -> str:
    """`12 specs, 11 pass, 1 fails`."""
    specs = [group for group in groups if group[0].spec]
    checks = sum(map(len, specs))
    passed = sum(all(one.passed for one in group) for group in specs)
    failed = len(specs) - passed
    words = [quantity(len(specs), "spec")]
    if checks > len(specs):
        words[0] += f" in {quantity(checks, 'check')}"
    if passed:
        words.append(f"{grouped(passed)} pass{'es' if passed == 1 else ''}")
    if failed:
        words.append(_painted(f"{grouped(failed)} fail{'s' if failed == 1 else ''}", "\x1b[1;31m", screen))
    others = sum(len(one.diagnostics) for one in verdicts if not one.spec)
    if others:
        words.append(_painted(f"{quantity(others, 'error')} in the baseline", "\x1b[1;31m", screen))
    warnings = len([one for one in findings(verdicts) if one.diagnostic.severity == WARNING])
    if warnings:
        words.append(_painted(quantity(warnings, "warning"), "\x1b[1;33m", screen))
    return ", ".join(words)


def _painted(text: str, color: str, screen: Screen) -> str:
    return f"{color}{text}\x1b[0m" if screen.color else text
