"""Faults collected, those of expressions made diagnostics, and words that may be meant."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostics import ERROR, EXPECTATION_FAILED, Diagnostic, Frame, Span
from ..spec import EvaluationError

#: Words longer than this are no slips of the pen, and comparing them takes long.
LONGEST_WORD = 60
#: Diagnostics kept of each sort: errors, failed expectations, and the rest; nobody reads more.
MAX_KEPT = 1000
#: Messages that are known again.
MAX_REMEMBERED = 100_000
#: Faults past which no more suggestions are looked for.
MAX_SUGGESTED = 50


class Faults:
    """Collects diagnostics: each place and message once, the first way to it kept. In a block or a repeat each code is
    there once a place, and says how many there are; an error with the same words is the same one, and not counted.
    """

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []
        self._kept: dict[str, int] = {}
        self._count = 0
        self._seen: set[tuple[str, Span | None, str]] = set()
        #: By severity, code and place: where it is kept, as it was, and how often it was found.
        self._places: dict[tuple[str, str, Span | None], tuple[int, Diagnostic, int]] = {}

    def add(self, diagnostic: Diagnostic) -> None:
        """Adds one that is not there yet."""
        span = diagnostic.span
        told = (diagnostic.code, span, diagnostic.message)
        again = span is not None and bool(diagnostic.frames)
        if told in self._seen and (diagnostic.severity == ERROR or not again):
            return
        self._count += 1
        key = (diagnostic.severity, diagnostic.code, span)
        if again and key in self._places:
            index, first, times = self._places[key]
            self._places[key] = (index, first, times + 1)
            self.found[index] = counted(first, times + 1)
        elif self._has_room(diagnostic):
            self._places.setdefault(key, (len(self.found), diagnostic, 1))
            self.found.append(diagnostic)
        else:
            return
        self._remember(told)

    def _remember(self, told: tuple[str, Span | None, str]) -> None:
        if len(self._seen) < MAX_REMEMBERED:
            self._seen.add(told)

    def _has_room(self, diagnostic: Diagnostic) -> bool:
        sort = diagnostic.severity if diagnostic.code != EXPECTATION_FAILED else EXPECTATION_FAILED
        kept = self._kept.get(sort, 0)
        if kept >= MAX_KEPT:
            return False
        self._kept[sort] = kept + 1
        return True

    @property
    def many(self) -> bool:
        """Whether there are so many faults that suggestions for more are not worth their time."""
        return self._count > MAX_SUGGESTED

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
