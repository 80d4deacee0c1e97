"""From faults of rules and expressions to diagnostics with a place."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostics import ERROR, EXPECTATION_FAILED, Diagnostic, Frame, Source, Span
from ..layers import Layer, LayerError
from ..spec import EvaluationError
from ..spec.nodes import Arg, Element
from ..values import sentence

#: Words longer than this are no slips of the pen, and comparing them takes long.
LONGEST_WORD = 60
#: Diagnostics kept of each sort: errors, failed expectations, and the rest; nobody reads more.
MAX_KEPT = 1000
#: Faults past which no more suggestions are looked for.
MAX_SUGGESTED = 50


class Faults:
    """Collects diagnostics: each place and message once, the first way to it kept."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []
        self._kept: dict[str, int] = {}
        self._seen: set[tuple[str, Span | None, str]] = set()

    def add(self, diagnostic: Diagnostic) -> None:
        """Adds one that is not there yet."""
        key = (diagnostic.code, diagnostic.span, diagnostic.message)
        sort = diagnostic.severity if diagnostic.code != EXPECTATION_FAILED else EXPECTATION_FAILED
        kept = self._kept.get(sort, 0)
        if key not in self._seen and kept < MAX_KEPT:
            self._seen.add(key)
            self._kept[sort] = kept + 1
            self.found.append(diagnostic)

    @property
    def many(self) -> bool:
        """Whether there are so many faults that suggestions for more are not worth their time."""
        return len(self.found) > MAX_SUGGESTED

    def error(
        self, code: str, message: str, span: Span, help: str | None = None, frames: tuple[Frame, ...] = (),
        notes: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        """Adds an error."""
        self.add(Diagnostic(ERROR, code, message, span, help, notes, frames))


class Place:
    """Where a statement stands: turns columns of its content into spans."""

    __slots__ = ("indent", "line", "source")

    def __init__(self, source: Source, line: int, indent: int) -> None:
        self.source = source
        self.line = line
        self.indent = indent

    def span(self, start: int, end: int) -> Span:
        """The span of content columns `start` to `end`."""
        return Span(self.source, self.line, self.indent + start + 1, self.indent + max(end, start + 1) + 1)


def evaluation_fault(
    error: EvaluationError, place: Place, names: Iterable[str], frames: tuple[Frame, ...]
) -> Diagnostic:
    """The diagnostic of an expression that has no value; `names` are the variables it could have meant."""
    help = error.help if error.word is None else did_you_mean(error.word, names) or error.help
    span = place.span(error.node.start, error.node.end)
    return Diagnostic(ERROR, "expression", error.message, span, help, (), frames)


def layer_fault(
    error: LayerError, element: Element, given: dict[str, Arg], place: Place, layout: str, frames: tuple[Frame, ...],
    names: Iterable[str] = (),
) -> Diagnostic:  # fmt: skip
    """The diagnostic of a layer that cannot be: under the argument at fault, or the element's end if one is missing."""
    help = error.help
    arg = given.get(error.argument or "")
    if error.missing is not None:
        span = place.span(element.end, element.end + 1)
    elif arg is not None:
        span = place.span(arg.start, arg.end)
        if error.divided and "/" not in arg.text:
            help = None
        if error.code == "unknown-name":
            help = did_you_mean(arg.text, names) or help
    else:
        span = place.span(element.start, element.end)
    code = "missing-argument" if error.missing else error.code
    return Diagnostic(ERROR, code, sentence(error.message, layout), span, help, error.notes, frames)


def missing_help(error: LayerError, cls: type[Layer], text: str) -> str | None:
    """``write 'conv 64 3' for a 3x3 kernel``: the element `text` with the missing argument."""
    arg = next((arg for arg in cls.args if arg.name == error.missing), None)
    if arg is None:
        return None
    hint = arg.hint or {"kernel": "3"}.get(arg.name, "…")
    if arg.name == "filters":
        return f"write '{text} 64 3' for 64 filters of 3x3"
    meaning = f" for a {hint}x{hint} kernel" if arg.name == "kernel" else f": {arg.about}"
    if arg.position is None or "=" in text:
        return f"write '{text} {arg.name}={hint}'{meaning}"
    return f"write '{text} {hint}'{meaning}"


def did_you_mean(word: str, names: Iterable[str]) -> str | None:
    """``did you mean 'x'?`` for the nearest of `names`; None where none is near."""
    if len(word) > LONGEST_WORD:
        return None
    import difflib

    candidates = [name for name in dict.fromkeys(names) if name != word]
    close = difflib.get_close_matches(word, candidates, 1, 0.6)
    if not close:
        folded = {name.lower(): name for name in reversed(candidates)}
        close = [folded[name] for name in difflib.get_close_matches(word.lower(), list(folded), 1, 0.7)]
    return f"did you mean '{close[0]}'?" if close else None
