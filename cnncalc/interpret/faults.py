"""Faults collected, those of expressions made diagnostics, and words that may be meant."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostics import ERROR, EXPECTATION_FAILED, Diagnostic, Frame, Span
from ..spec import EvaluationError

#: Words longer than this are no slips of the pen, and comparing them takes long.
LONGEST_WORD = 60
#: Diagnostics kept of each sort: errors, failed expectations, and the rest; nobody reads more.
MAX_KEPT = 1000
#: Faults past which no more suggestions are looked for.
MAX_SUGGESTED = 50


class Faults:
    """Collects diagnostics: each place and message once, the first way to it kept. What is no error is there once a
    line, however many layers that makes, and says how many.
    """

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []
        self._kept: dict[str, int] = {}
        self._seen: set[tuple[str, Span | None, str]] = set()
        #: Of what is no error by its code and place: where it is kept, as it was, and how often it was found.
        self._remarks: dict[tuple[str, Span], tuple[int, Diagnostic, int]] = {}

    def add(self, diagnostic: Diagnostic) -> None:
        """Adds one that is not there yet."""
        if diagnostic.severity != ERROR and diagnostic.span is not None:
            self._remark(diagnostic, diagnostic.span)
        else:
            self._keep(diagnostic)

    def _remark(self, diagnostic: Diagnostic, span: Span) -> None:
        key = (diagnostic.code, span)
        if key in self._remarks:
            place, first, times = self._remarks[key]
            self._remarks[key] = (place, first, times + 1)
            self.found[place] = counted(first, times + 1)
        elif self._keep(diagnostic):
            self._remarks[key] = (len(self.found) - 1, diagnostic, 1)

    def _keep(self, diagnostic: Diagnostic) -> bool:
        """Whether it was kept: it is not there yet, and there is room."""
        key = (diagnostic.code, diagnostic.span, diagnostic.message)
        sort = diagnostic.severity if diagnostic.code != EXPECTATION_FAILED else EXPECTATION_FAILED
        kept = self._kept.get(sort, 0)
        if key in self._seen or kept >= MAX_KEPT:
            return False
        self._seen.add(key)
        self._kept[sort] = kept + 1
        self.found.append(diagnostic)
        return True

    @property
    def many(self) -> bool:
        """Whether there are so many faults that suggestions for more are not worth their time."""
        return len(self.found) > MAX_SUGGESTED

    def error(self, code: str, message: str, span: Span, help: str | None = None) -> None:
        """Adds an error."""
        self.add(Diagnostic(ERROR, code, message, span, help))


def counted(first: Diagnostic, times: int) -> Diagnostic:
    """The first finding of a line in a block or repeat, which says how many there are."""
    return first if times == 1 else first._replace(message=f"{first.message} (one of {times:,} from this line)")


def evaluation_fault(
    error: EvaluationError, span: Span, names: Iterable[str], frames: tuple[Frame, ...] = ()
) -> Diagnostic:
    """The diagnostic of an expression that has no value; `names` are the variables it could have meant."""
    help = error.help if error.word is None else did_you_mean(error.word, names) or error.help
    return Diagnostic(ERROR, "expression", error.message, span, help, (), frames)


def did_you_mean(word: str, names: Iterable[str], like: float = 0.6) -> str | None:
    """``did you mean 'x'?`` for the nearest of `names`; None where none is alike, of 1 for the same."""
    if len(word) > LONGEST_WORD:
        return None
    import difflib

    candidates = [name for name in dict.fromkeys(names) if name != word]
    close = difflib.get_close_matches(word, candidates, 1, like)
    if not close:
        folded = {name.lower(): name for name in reversed(candidates)}
        close = [folded[name] for name in difflib.get_close_matches(word.lower(), list(folded), 1, max(like, 0.7))]
    return f"did you mean '{close[0]}'?" if close else None
