"""What --count adds to a report, for every command that shows a count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..diagnostics import Diagnostic
    from ..measure import Analysis
    from ..measure.conventions import Convention, Tally
    from .output import Output


def tallied(analysis: Analysis, conventions: tuple[Convention, ...]) -> tuple[Tally, ...]:
    """The analysis by each of the conventions."""
    if not conventions:
        return ()
    from ..measure.conventions import count

    return tuple(count(analysis, one) for one in conventions)


def diagnostics(tallies: tuple[Tally, ...]) -> list[Diagnostic]:
    """Notes on what is not counted, errors for what has no known number."""
    if not tallies:
        return []
    from ..render import conventions

    return conventions.diagnostics(tallies)


def code(tallies: tuple[Tally, ...], strict: bool) -> int:
    """The exit code that gaps come to: 1 under --strict where anything is uncounted."""
    return int(strict and any(tally.uncounted for tally in tallies))


def added(document: dict[str, Any], tallies: tuple[Tally, ...]) -> dict[str, Any]:
    """The JSON document with the counts in it."""
    if tallies:
        from ..render import conventions

        conventions.add(document, tallies)
    return document


def below(tallies: tuple[Tally, ...], output: Output, form: str) -> str:
    """The totals of the conventions, a line each, to stand below the rows."""
    if not tallies:
        return ""
    from ..render import conventions

    return conventions.below(tallies, output.charset(), form)
