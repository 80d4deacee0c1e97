"""Text -> rows: each line read by itself, its indentation and its dashes taken off."""

from __future__ import annotations

import re

from ..diagnostics import ERROR, Diagnostic, Source, Span
from ..records import Record
from .lines import broken_line, read_line
from .nodes import Node, Path
from .words import Fault, shorten, strip_comment

#: Characters of one line: what is longer was not written by hand.
MAX_LINE = 1_000_000
#: Errors after which reading stops: nobody reads more, and a wrong kind of file has one a line.
MAX_ERRORS = 1000

_ALLOW = re.compile(r"#.*?\ballow:[ \t]*([A-Za-z][\w-]*(?:[ \t]*,[ \t]*[A-Za-z][\w-]*)*)")


class Row(Record):
    """A line that says something, or the dash before it (`node` is a Path)."""

    indent: int
    line: int
    node: Node


class TooManyErrors(Exception):
    """More errors than anybody reads."""


class RowReader:
    """Reads the lines of one source. `diagnostics` collects the faults."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []
        self.allow_lines: dict[int, frozenset[str]] = {}
        self.allow_file: frozenset[str] = frozenset()
        self.rows: list[Row] = []
        self.index = 0

    def report(self, line: int, indent: int, fault: Fault) -> None:
        """Adds a fault of a line. Raises TooManyErrors."""
        span = Span(self.source, line, indent + fault.start + 1, indent + fault.end + 1)
        self.diagnostics.append(Diagnostic(ERROR, fault.code, fault.message, span, fault.help))
        if len(self.diagnostics) >= MAX_ERRORS:
            raise TooManyErrors

    def read_rows(self) -> None:
        """Fills `rows`. Raises TooManyErrors."""
        cache: dict[str, Node | None] = {}
        for number, text in enumerate(self.source.lines, 1):
            content = text.lstrip(" ")
            indent = len(text) - len(content)
            if len(text) > MAX_LINE:
                message = f"this line has {len(text):,} characters; no more than {MAX_LINE:,} are read"
                self.report(number, indent, Fault(message, 0, 1, code="too-large"))
                self.rows.append(Row(indent, number, broken_line(content[:100])))
                continue
            if content and content[0] in "-\t#\u00a0":
                content, indent = self._odd_start(content, indent, number)
            if "#" in content:
                if "allow:" in content:
                    self._allow(content, number)
                content = strip_comment(content)
            if content:
                self._read_row(content, indent, number, cache)

    def _read_row(self, content: str, indent: int, number: int, cache: dict[str, Node | None]) -> None:
        """Appends the row of a line's content; equal ones share a node."""
        node = cache.get(content)
        if node is None:
            try:
                node = read_line(content)
            except Fault as fault:
                self.report(number, indent, fault)
                node = broken_line(content)
            else:
                cache[content] = node
        if node is not None:
            self.rows.append(Row(indent, number, node))

    def _odd_start(self, content: str, indent: int, number: int) -> tuple[str, int]:
        """What follows the dashes, tabs and comments that a line starts with, and where it starts."""
        while content:
            if content[0] == "\t":
                rest = content.lstrip(" \t\u00a0")
                if rest and rest[0] != "#":
                    self.report(number, indent, Fault("a tab in the indentation", 0, 1, "indent with spaces", "tab"))
            elif content[0] == "-" and content[1:2] in ("", " ", "\t", "#", "\u00a0"):
                if self.rows and self.rows[-1].line == number:
                    self.report(number, indent, Fault("a '-' right behind another", 0, 1, "one '-' starts a path"))
                    return "", indent
                self.rows.append(Row(indent, number, Path(0, 1)))
                rest = content[1:].lstrip(" \u00a0")
            elif content[0] == "-" and (content[1].isalpha() or content[1] == "@"):
                write = f"write '- {shorten(content[1:], 40)}'"
                self.report(number, indent, Fault("a blank is missing after the '-' of a path", 0, 1, write))
                self.rows.append(Row(indent, number, Path(0, 1)))
                rest = content[1:]
            elif content[0] == "\u00a0":
                rest = content.lstrip(" \u00a0")
            else:
                break
            indent += len(content) - len(rest)
            content = rest
        if content[:1] == "#":
            if "allow:" in content:
                self._allow(content, number)
            return "", indent
        return content, indent

    def _allow(self, content: str, number: int) -> None:
        match = _ALLOW.search(content)
        if match:
            names = frozenset(re.split(r"[ \t]*,[ \t]*", match.group(1)))
            if content[0] != "#":
                self.allow_lines[number] = names
            elif not self.rows:
                self.allow_file |= names
