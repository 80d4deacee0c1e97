"""The verdicts of `cnncalc check` for people: what is wrong, at its line, and how many specs pass."""

from __future__ import annotations

from collections.abc import Sequence

from ..analysis.verdict import Verdict
from ..diagnostics import WARNING
from ..records import Record
from . import faults
from .check_findings import findings
from .figures import grouped, quantity
from .text import Charset


class Screen(Record):
    """Where the text goes: its characters, colour, and columns (0: no limit)."""

    charset: Charset
    color: bool = False
    width: int = 0


def render(verdicts: Sequence[Verdict], remark: str, screen: Screen) -> str:
    """Every finding with its line, then the counts; `remark` is what is said of other files."""
    groups: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        groups.setdefault(verdict.file, []).append(verdict)
    drawer = faults.Drawer(screen.charset, screen.color, screen.width)
    parts = []
    for group in groups.values():
        said = [one.diagnostic._replace(message=one.message) for one in findings(group)]
        if said:
            parts.append(faults.drawn(drawer, said))
    if parts:
        parts.append("\n")
    if remark:
        parts.append(f"{screen.charset(remark)}\n")
    parts.append(_summary(list(groups.values()), verdicts, screen) + "\n")
    return "".join(parts)


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
