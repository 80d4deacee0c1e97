"""Faults that only follow from another one: of a mistake one is told, where it was made.

A line that cannot be read defines nothing, stands nowhere in particular, and what runs below it is another network than
was meant. Nothing here reads a message: a fault is known by its code, its place, and the words that stand there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import TypeAlias

from ..convert.lookup import all_names
from ..diagnostics import ERROR, EXPECTATION_FAILED, Diagnostic, Source, Span
from ..spec.words import HEADERS, MERGES, STATEMENTS
from .faults import did_you_mean
from .specification import of_requirement

#: A line of a file, by the id of its source.
_Line: TypeAlias = "tuple[int, int]"

#: Faults of how lines stand to each other; files that could not be had.
_LAYOUT, _USE = "indentation", "use"
#: Faults of names that nothing has.
_UNKNOWN = frozenset(
    ("unknown-layer", "unknown-name", "unknown-argument", "too-many-arguments", "expression", "unknown-measure")
)
#: Those that have one cause where they say the same.
_REPEATED = frozenset(("too-many-arguments", "tab"))
#: Faults of what runs, which is not what was meant where the lines above are not.
_RUN = frozenset((
    "shape", "window-too-large", "groups", "no-tensor", "share", "same-tensor", EXPECTATION_FAILED, "unused-tensor",
    "no-layers", "empty-spec", "one-path",
))  # fmt: skip
#: Faults of names that are set.
_SET = ("set-twice", "reserved-word")
#: Those that a body may have because its header cannot be read.
_INSIDE = frozenset((*_RUN, "argument", *_SET))
#: Statements on which lines below them depend, however those are written.
_SETTING = frozenset((*HEADERS, *STATEMENTS)) - {"require", "model", "output"}
#: Lines between two faults of layout that have one cause, and lines that are listed.
_NEAR, _MOST = 3, 10
#: Characters of a line, and lines of a body, that are looked at.
_LONGEST, _DEEPEST = 1000, 1000
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NAMED = re.compile(r"\b([A-Za-z_][A-Za-z0-9_]*)\s*=(?!=)")


def without_echoes(said: Sequence[Diagnostic], unread: Iterable[Diagnostic]) -> list[Diagnostic]:
    """What was said, in file order, but for faults that only follow from another. `unread` are those of lines, and of
    used files, that could not be read.
    """
    lines = _Unread(diagnostic for diagnostic in (*unread, *filter(_of_default, said)) if diagnostic.severity == ERROR)
    kept = [diagnostic for diagnostic in said if not lines.explain(diagnostic)]
    return _each_name_once(_one_layout_fault(kept))


class _Unread:
    """The lines that cannot be read, and what follows from that."""

    def __init__(self, unread: Iterable[Diagnostic]) -> None:
        #: What these lines would have defined: names, and of blocks whatever their headers have.
        self.names: set[str] = set()
        self.headers: list[str] = []
        #: Whether files are missing, and lines that set something.
        self.files = self.settings = False
        self.lines: set[_Line] = set()
        #: The files that have faults of layout.
        self.sources: set[int] = set()
        self.bodies: set[_Line] = set()
        #: Those that stand in another body than was meant, and what they set with them.
        self.displaced: set[_Line] = set()
        self.layouts: set[_Line] = set()
        for diagnostic in unread:
            if diagnostic.span is not None:
                self._add(diagnostic.code, diagnostic.span.source, diagnostic.span.line)

    def _add(self, code: str, source: Source, number: int) -> None:
        line = _code(source, number)
        word = _NAME.match(line.lstrip())
        first = word.group() if word else ""
        if first == "require":
            return  # nothing hangs on what is asked
        self.files = self.files or code == _USE
        self.settings = self.settings or code == _LAYOUT or first in _SETTING or _opens(line)
        if code == _LAYOUT:
            self._displace(source, number)
        elif code != _USE:
            self.lines.add((id(source), number))
        self.names.update(_defined(line))
        if "block" in line or (_opens(line) and "(" in line):
            self.headers.append(line)
        if _opens(line) or first in HEADERS:
            self.bodies.update((id(source), inner) for inner in _body(source, number))

    def _displace(self, source: Source, number: int) -> None:
        """Of lines that may stand in the wrong body no name is missing that any line defines, and none is set twice."""
        self.layouts.add((id(source), number))
        if (id(source), number) not in self.displaced:
            depth = _indent(_code(source, number))
            run = takewhile(lambda below: _indent(_code(source, below)) >= depth, range(number, number + _NEAR * 4))
            self.displaced.update((id(source), each) for each in run)
        if id(source) not in self.sources:
            self.sources.add(id(source))
            numbers = range(1, len(source.lines) + 1)
            self.names.update(name for number in numbers for name in _defined(_code(source, number)))

    def explain(self, one: Diagnostic) -> bool:
        """Whether a fault follows from one of these lines."""
        span = one.span
        if span is None:
            return False
        here = (id(span.source), span.line)
        if one.code == _LAYOUT:
            return here in self.lines or _below(self.lines, span)
        if here in self.lines:
            return self._lost(span)
        if here in self.displaced and one.code in _SET:
            return True
        way = [here, *((id(frame.span.source), frame.span.line) for frame in one.frames)]
        inside = not self.bodies.isdisjoint(way)
        if one.code in _UNKNOWN:
            return inside or self._would_know(one)
        return (self.settings and one.code in _RUN) or (inside and one.code in _INSIDE)

    def _lost(self, span: Span) -> bool:
        """Whether a line is a branch that has lost its ``if``, for above it is a line in the wrong body."""
        word = _NAME.match(_code(span.source, span.line).lstrip())
        near = range(span.line - _NEAR, span.line)
        return (
            word is not None and word[0] in ("elif", "else") and any((id(span.source), n) in self.layouts for n in near)
        )

    def _would_know(self, diagnostic: Diagnostic) -> bool:
        """Whether a name is one of these lines', or may be a missing file's."""
        words = _NAME.findall(_text(diagnostic))
        if self.names.intersection(words) or any(word in line for word in words[:1] for line in self.headers):
            return True
        return self.files and diagnostic.code != "unknown-argument" and not any(map(_misspelt, words))


def _of_default(diagnostic: Diagnostic) -> bool:
    """Whether it is of a line of defaults, without which layers below are others."""
    return diagnostic.span is not None and _code(diagnostic.span.source, diagnostic.span.line).startswith("default ")


def _code(source: Source, number: int) -> str:
    """A line without its comment."""
    return source.line(number)[:_LONGEST].partition("#")[0]


def _text(diagnostic: Diagnostic) -> str:
    """What stands at the place of a fault."""
    span = diagnostic.span
    if span is None:
        return ""
    return span.source.line(span.line)[span.column - 1 : min(span.end_column - 1, span.column + _LONGEST)]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _opens(line: str) -> bool:
    """Whether a line seems to be meant to open a body."""
    return line.rstrip().endswith(":")


def _body(source: Source, header: int) -> list[int]:
    """The lines below a header that are deeper than it."""
    inside, depth = [], _indent(_code(source, header))
    for number in range(header + 1, min(len(source.lines), header + _DEEPEST) + 1):
        line = _code(source, number)
        if line.strip() and _indent(line) <= depth:
            break
        inside.append(number)
    return inside


def _above(source: Source, number: int) -> _Line:
    """The line above another that has something on it."""
    for before in range(number - 1, max(number - _DEEPEST, 0), -1):
        if _code(source, before).strip():
            return (id(source), before)
    return (id(source), 0)


def _below(lines: set[_Line], span: Span) -> bool:
    """Whether a line stands below one of `lines`, and may be deeper for its sake; what opens a body has its own."""
    return _above(span.source, span.line) in lines and not _opens(_code(span.source, span.line))


def _defined(line: str) -> set[str]:
    """The names that a line would define: a block and its parameters, a variable, a tensor."""
    words = _NAME.findall(line)
    if words[:1] == ["block"] or _opens(line):
        return set(words) - {*HEADERS, *MERGES}
    named = set(_NAMED.findall(line))
    return named | set(words[1:]) if words[:1] and words[0] in ("let", "stage", "head", "repeat") else named


def _misspelt(word: str) -> bool:
    """Whether a word is nearly that of a kind of layer."""
    return did_you_mean(word, [*all_names(), *MERGES], 0.8) is not None


def _one_layout_fault(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """What was said, of faults of layout one alone of those near each other, and none right below another fault."""
    kept: list[Diagnostic] = []
    others: set[_Line] = set()
    asked = {
        (id(one.span.source), one.span.line) for one in diagnostics if one.span is not None and of_requirement(one)
    }
    for diagnostic in diagnostics:
        if (
            diagnostic.span is not None
            and diagnostic.code != _LAYOUT
            and not of_requirement(diagnostic)
            and diagnostic.severity == ERROR
        ):
            source, line = diagnostic.span.source, diagnostic.span.line
            others.update((id(source), each) for each in (line, *_body(source, line)))
    last: _Line = (0, 0)
    for diagnostic in diagnostics:
        span = diagnostic.span
        if span is not None and diagnostic.code == _LAYOUT:
            if (id(span.source), span.line) in asked:
                continue  # nothing hangs on what is asked
            before, last = last, (id(span.source), span.line)
            near = before[0] == last[0] and last[1] - before[1] <= _NEAR
            if near or last in others or _below(others, span):
                continue
        kept.append(diagnostic)
    return kept


def _each_name_once(said: Sequence[Diagnostic]) -> list[Diagnostic]:
    """What was said, a name that nothing has, and a tab, at its first place alone, which says the others."""
    alike: dict[tuple[object, ...], list[Diagnostic]] = {}
    for diagnostic in said:
        if diagnostic.code in (*_UNKNOWN, *_REPEATED) and diagnostic.span is not None:
            advice = (
                diagnostic.help
                if diagnostic.code == "unknown-layer"
                else diagnostic.code in _REPEATED and diagnostic.code
            )
            alike.setdefault(
                (id(diagnostic.span.source), advice, of_requirement(diagnostic), _word(diagnostic)), []
            ).append(diagnostic)
    first = {id(diagnostics[0]): diagnostics for diagnostics in alike.values()}
    later = {id(one) for diagnostics in alike.values() for one in diagnostics[1:]}
    return [_with_others(one, first.get(id(one), [])) for one in said if id(one) not in later]


def _word(diagnostic: Diagnostic) -> object:
    """What makes a fault the same one in another line: the name that nothing has, or the sentence."""
    if diagnostic.code in _REPEATED:
        return diagnostic.message
    text = _text(diagnostic).lstrip("@")
    word = _NAME.match(text)
    named = word is not None and (word.group() == text or diagnostic.code == "unknown-argument")
    return word.group() if word and named else id(diagnostic)


def _with_others(diagnostic: Diagnostic, alike: Sequence[Diagnostic]) -> Diagnostic:
    """A fault, and in which lines it is found again."""
    lines = sorted(
        {other.span.line for other in alike if other.span} - {diagnostic.span.line if diagnostic.span else 0}
    )
    if not lines:
        return diagnostic
    shown = ", ".join(map(str, lines[:_MOST])) + ", …" * (len(lines) > _MOST)
    return diagnostic._replace(notes=(*diagnostic.notes, f"also in line{'s' * (len(lines) > 1)} {shown}"))
