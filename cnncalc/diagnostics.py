"""Faults as data: where they are, what is wrong, what to write instead.

Nothing here draws or prints: :mod:`cnncalc.render` does. What a sentence speaks of stands beside it in fields, so that
nobody has to read the sentence again; whoever knows more than the core, such as the name of an option, says it anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .records import Record

ERROR, WARNING, NOTE = "error", "warning", "note"

#: The code of a failed ``-> SHAPE``.
EXPECTATION_FAILED = "expectation-failed"
#: The code of a note that something was not judged: it is on the check, not on the network.
NOT_JUDGED = "not-judged"
#: The code of a build that stopped at its limit of layers.
TOO_MANY_LAYERS = "too-many-layers"
#: The code of a blank, ``-> ____``, that `cnncalc check` finds.
UNANSWERED = "unanswered"
#: The code of a growth over a limit of `cnncalc diff`.
GROWTH = "growth"
#: The code of the note that the cost of operators is unknown.
UNKNOWN_OPERATOR = "unknown-operator"
#: So much of a value from outside is quoted.
_LONGEST = 100
#: The codes of errors that leave every number intact (exit 1, not 2): what was asked of a sound spec does not hold.
BROKEN = frozenset({
    EXPECTATION_FAILED,
    UNANSWERED,
    "requirement-failed",  # a `require` line, or a limit given outside the spec
    GROWTH,
    "baseline-drift",  # a figure that is not what the baseline says
})  # fmt: skip


class Source:
    """A text and the name that it goes by in messages."""

    __slots__ = ("_lines", "name", "text")
    #: What it is called, where it is no spec: "an ONNX model".
    title: str | None = None

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self._lines: list[str] | None = None

    def renamed(self, name: str) -> Source:
        """The same text, called otherwise in messages."""
        return Source(name, self.text)

    @property
    def lines(self) -> list[str]:
        """The lines without their ends; only LF and CR LF end a line."""
        if self._lines is None:
            self._lines = [line[:-1] if line.endswith("\r") else line for line in self.text.split("\n")]
        return self._lines

    def line(self, number: int) -> str:
        """Line `number`, counted from 1; empty past the end."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


class Span(Record):
    """A stretch of one line: columns are characters, counted from 1, the end not included."""

    source: Source
    line: int
    column: int
    end_column: int


class NamedPlace(Record):
    """A place in a file that has no lines: the file, and the name of what stands there."""

    source: Source
    name: str


class Frame(Record):
    """One step of the way to a fault inside a block or a repeat: ``in round 3 of 5``, ``in block up(64)``."""

    text: str
    span: Span
    #: Whether `span` is where a block is used; else it is the line of the repeat.
    use: bool = False
    #: Whether the line itself is worth seeing below the fault: the definition of what is called.
    shown: bool = False


#: What can be overridden from outside a spec: a top-level variable, and an input.
VARIABLE, INPUT = "variable", "input"


class Override(Record):
    """What a fault says of a value that is given from outside the spec, in the place of its own."""

    #: VARIABLE or INPUT.
    target: str
    #: Of the variable or the input; None for the only input, or for inputs in general.
    name: str | None
    #: The value as it was given; None where the fault is not in the value.
    text: str | None
    fault: str
    #: Name and value that could be written, in its place or (`example`) for one.
    instead: tuple[str | None, str] | None = None
    example: bool = False


class Diagnostic(Record):
    """One fault, warning or note."""

    severity: str
    code: str
    message: str
    span: Span | None = None
    help: str | None = None
    notes: tuple[str, ...] = ()
    frames: tuple[Frame, ...] = ()
    #: The value from outside that it is about: :class:`Wording` makes `message` and `help` of it.
    override: Override | None = None
    #: The word of the statement, such as ``require``, that cannot be read.
    statement: str | None = None
    #: The arithmetic or the counts that `message` ends in, best read in one piece; empty where there are none.
    figures: str = ""
    #: The names of the layers that it speaks of.
    layers: tuple[str, ...] = ()
    #: Where it is in a file that has no lines.
    spot: NamedPlace | None = None

    @property
    def file(self) -> str | None:
        """The file that it is in; None where it has no place."""
        where = self.span or self.spot
        return where.source.name if where else None

    @property
    def in_spec(self) -> bool:
        """Whether it is of a spec, whose comments can silence it; those of other files mean nothing."""
        return self.spot is None and (self.span is None or self.span.source.title is None)

    def among_files(self, name: str) -> Diagnostic:
        """The same, where `name` is one of several files: a value from outside has no place, so the name is said."""
        return self if self.override is None else self._replace(notes=(*self.notes, f"in {name}"))

    def to_dict(self) -> dict[str, Any]:
        """The diagnostic as in the JSON documents: 1-based line and columns, null where there is no place."""
        span = self.span
        return {
            "severity": self.severity,
            "code": self.code,
            "message": self.message,
            "help": self.help,
            "notes": list(self.notes),
            "file": self.file,
            "line": span.line if span else None,
            "column": span.column if span else None,
            "end_column": span.end_column if span else None,
            **({"node": self.spot.name} if self.spot else {}),
        }


class Wording:
    """The words for what is overridden: here the core's; the command line and the Python interface have their own."""

    #: What helps where a build stops at its limit of layers.
    more_layers: str | None = None

    def named(self, target: str, name: str | None, text: str | None) -> str:
        """A variable or an input, and the value that it is given: ``variable 'width' = 64``."""
        what = f"{target} '{name}'" if name else target
        return what if text is None else f"{what} = {text}"

    def __call__(self, diagnostic: Diagnostic) -> Diagnostic:
        """`diagnostic` in these words."""
        override, help = diagnostic.override, diagnostic.help
        if override is None:
            return diagnostic._replace(help=self.more_layers) if diagnostic.code == TOO_MANY_LAYERS else diagnostic
        if override.instead is not None:
            example = self.named(override.target, *override.instead)
            help = f"{'for example' if override.example else 'write'} {example}"
        named = self.named(override.target, override.name, override.text)[:_LONGEST]
        return diagnostic._replace(message=f"{named}: {override.fault}", help=help)


class SpecError(Exception):
    """A spec that cannot be understood. ``.diagnostics`` has every fault, in file order."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = tuple(diagnostics)
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        errors = [error for error in self.diagnostics if error.severity == ERROR]
        helps = [f"\n  {error.help}" if error.help else "" for error in errors]
        return "\n".join(f"{place(error)}{error.message}{help}" for error, help in zip(errors, helps, strict=True))

    def worded(self, wording: Wording) -> SpecError:
        """The same faults in other words."""
        return SpecError(map(wording, self.diagnostics))


def place(diagnostic: Diagnostic) -> str:
    """``file:line:column: `` of a diagnostic, or ``file: name: ``, or nothing where it has no place."""
    span, spot = diagnostic.span, diagnostic.spot
    if span is None:
        return f"{spot.source.name}: {spot.name}: " if spot else ""
    return f"{span.source.name}:{span.line}:{span.column}: "


def counts_if_strict(diagnostic: Diagnostic) -> bool:
    """Whether it is a failure where nothing is let pass: a warning, or an operator that nobody can count."""
    return diagnostic.severity == WARNING or diagnostic.code == UNKNOWN_OPERATOR


def exit_code(diagnostics: Iterable[Diagnostic]) -> int:
    """0 without errors, 1 where all of them are BROKEN ones, 2 where something could not be understood."""
    code = 0
    for diagnostic in diagnostics:
        if diagnostic.severity == ERROR:
            if diagnostic.code not in BROKEN:
                return 2
            code = 1
    return code
