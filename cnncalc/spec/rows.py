"""Text -> rows: each line read by itself, its indentation and its dashes taken off."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..diagnostics import ERROR, Diagnostic, Source, Span
from ..patterns import lazy
from ..records import make
from .lines import broken_line, quick_line, read_line
from .nodes import Node, Path, Stmt
from .words import Fault, shorten, strip_comment

if TYPE_CHECKING:
    from .shared import SharedLines

#: Characters of one line: what is longer was not written by hand.
MAX_LINE = 1_000_000
#: Errors after which reading stops: nobody reads more, and a wrong kind of file has one a line.
MAX_ERRORS = 1000

_ALLOW = lazy(r"#.*?\ballow:[ \t]*([A-Za-z][\w-]*(?:[ \t]*,[ \t]*[A-Za-z][\w-]*)*)")


class TooManyErrors(Exception):
    """More errors than anybody reads."""


class RowReader:
    """Reads the lines of one source. `diagnostics` collects the faults."""

    def __init__(self, source: Source, shared: SharedLines | None = None) -> None:
        self.source = source
        self.shared = shared
        self.diagnostics: list[Diagnostic] = []
        self.allow_lines: dict[int, frozenset[str]] = {}
        self.allow_file: frozenset[str] = frozenset()
        #: A line that says something each, or the dash before it (its node is a Path), without their bodies.
        self.rows: list[Stmt] = []
        self.index = 0

    def report(self, line: int, indent: int, fault: Fault) -> None:
        """Adds a fault of a line. Raises TooManyErrors."""
        span = Span(self.source, line, indent + fault.start + 1, indent + fault.end + 1)
        self.diagnostics.append(Diagnostic(ERROR, fault.code, fault.message, span, fault.help))
        if len(self.diagnostics) >= MAX_ERRORS:
            raise TooManyErrors

    def read_rows(self) -> None:
        """Fills `rows`. Raises TooManyErrors."""
        #: Lines and their contents that were read before, with what they say; equal ones share a node.
        known: dict[str, Node | None] = {}
        shared, append = self.shared, self.rows.append
        for number, text in enumerate(self.source.text.split("\n"), 1):
            node = known.get(text)
            if node is None and shared is not None and text in shared and text not in known:
                node = known[text] = shared[text]
            if node is not None:
                indent = 0 if text[0] != " " else len(text) - len(text.lstrip(" "))
                append(make(Stmt, (node, number, indent, ())))
            elif text not in known:
                self._read_text(text, number, known)
                if shared is not None and text in known:
                    shared.keep(text, known[text])

    def _read_text(self, text: str, number: int, known: dict[str, Node | None]) -> None:
        """Reads a line that was not met before."""
        if len(text) <= MAX_LINE and "#" not in text and (node := quick_line(text)) is not None:
            known[text] = node  # a line of layers in the first column, most plainly written
            self.rows.append(make(Stmt, (node, number, 0, ())))
            return
        whole, text = text, text.removesuffix("\r")
        content = text.lstrip(" ")
        indent = len(text) - len(content)
        if len(text) > MAX_LINE:
            message = f"this line has {len(text):,} characters; no more than {MAX_LINE:,} are read"
            self.report(number, indent, Fault(message, 0, 1, code="too-large"))
            self.rows.append(Stmt(broken_line(content[:100]), number, indent))
            return
        same = True  # whether a second one like it would be read alike, without a look at where it stands
        if content and content[0] in "-\t#\u00a0":
            content, indent = self._odd_start(content, indent, number)
            same = False
        if "#" in content:
            if "allow:" in content:
                self._allow(content, number)
                same = False
            content = strip_comment(content)
        if content:
            self._read_row(content, indent, number, known, tried=content == whole)
        if same and content in known:
            known[whole] = known[content]
        elif same and not content:
            known[whole] = None

    def _read_row(self, content: str, indent: int, number: int, known: dict[str, Node | None], tried: bool) -> None:
        """Appends the row of a line's content; `tried`: it is not plainly written."""
        node, shared = known.get(content), self.shared
        if node is None and shared is not None and content in shared:
            node = known[content] = shared[content]
        if node is None:
            try:
                node = (None if tried else quick_line(content)) or read_line(content)
            except Fault as fault:
                self.report(number, indent, fault)
                node = broken_line(content)
            else:
                known[content] = node
                if shared is not None:
                    shared.keep(content, node)
        if node is not None:
            self.rows.append(make(Stmt, (node, number, indent, ())))

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
                self.rows.append(Stmt(Path(0, 1), number, indent))
                rest = content[1:].lstrip(" \u00a0")
            elif content[0] == "-" and (content[1].isalpha() or content[1] == "@"):
                write = f"write '- {shorten(content[1:], 40)}'"
                self.report(number, indent, Fault("a blank is missing after the '-' of a path", 0, 1, write))
                self.rows.append(Stmt(Path(0, 1), number, indent))
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
