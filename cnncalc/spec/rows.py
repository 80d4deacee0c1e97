"""Text -> rows: what each line says by itself, its indentation, its dash and its comment taken off.

A row is a :class:`Stmt` without its body yet. A line that starts a path gives two: the dash, and what follows it.
"""

from __future__ import annotations

import re

from ..diagnostics import ERROR, Diagnostic, Source, Span
from ..records import make
from .elements import read_layers, several_names
from .headers import PYTHON, read_header
from .nodes import Broken, Model, Name, Node, Path, Stmt
from .statements import STATEMENT_READERS
from .words import HEADERS, RESERVED, Fault, is_name, is_sound, plain, shorten, strip_comment

#: Characters of one line: what is longer was not written by hand.
MAX_LINE = 1_000_000
#: Errors after which reading stops: nobody reads more, and a wrong kind of file has one a line.
MAX_ERRORS = 1000

#: The names behind the first stand alone between commas: what has words behind it is a remark.
_ALLOW = r"#.*?\ballow:[ \t]*([A-Za-z][\w-]*(?:[ \t]*,[ \t]*[A-Za-z][\w-]*(?=[ \t]*(?:,|\Z)))*)"


class TooManyErrors(Exception):
    """More errors than anybody reads."""


class RowReader:
    """Reads the lines of one source. `diagnostics` collects the faults."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []
        self.allow_lines: dict[int, frozenset[str]] = {}
        self.allow_file: frozenset[str] = frozenset()
        self.rows: list[Stmt] = []
        #: The nodes of contents that were read: equal ones share a node.
        self._nodes: dict[str, Node] = {}

    def report(self, line: int, indent: int, fault: Fault) -> None:
        """Adds a fault of a line. Raises TooManyErrors."""
        span = Span(self.source, line, indent + fault.start + 1, indent + fault.end + 1)
        self.diagnostics.append(
            Diagnostic(ERROR, fault.code, fault.message, span, fault.help, statement=fault.statement)
        )
        if len(self.diagnostics) >= MAX_ERRORS:
            raise TooManyErrors

    def read_rows(self) -> None:
        """Fills `rows`. Raises TooManyErrors."""
        nodes, append = self._nodes, self.rows.append
        for number, text in enumerate(self.source.text.split("\n"), 1):
            content = text.lstrip(" ")
            node = nodes.get(content)
            if node is not None:
                append(make(Stmt, (node, number, len(text) - len(content), ())))
            else:
                self._read_line(text.removesuffix("\r"), number)

    def _read_line(self, text: str, number: int) -> None:
        content = text.lstrip(" ")
        indent = len(text) - len(content)
        if len(text) > MAX_LINE:
            message = f"this line has {len(text):,} characters; no more than {MAX_LINE:,} are read"
            self.report(number, indent, Fault(message, 0, 1, code="too-large"))
            self.rows.append(Stmt(broken_node(content[:100]), number, indent))
            return
        if content[:1] in ("-", "\t", "\u00a0"):
            content, indent = self._odd_start(content, indent, number)
        code = strip_comment(content)
        if "allow:" in content:
            self._allow(content[len(code) :], number, alone=not code)
        if code:
            self.rows.append(make(Stmt, (self._node(code, indent, number), number, indent, ())))

    def _node(self, content: str, indent: int, number: int) -> Node:
        """What a content says; Broken, reporting why, where it cannot be read."""
        node = self._nodes.get(content)
        if node is None:
            try:
                node = self._nodes[content] = read_content(content)
            except Fault as fault:
                if self.rows and self.rows[-1].line == number:
                    fault.statement = None  # behind the dash of a path, where a layer should be
                self.report(number, indent, fault)
                return broken_node(content)
        return node

    def _odd_start(self, content: str, indent: int, number: int) -> tuple[str, int]:
        """What follows the dash, the tabs and the no-break blanks that a line starts with, and where it starts."""
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
                sound = is_sound(read_content, strip_comment(content[1:]))
                write = f"write '- {shorten(content[1:], 40)}'" if sound else None
                self.report(number, indent, Fault("a blank is missing after the '-' of a path", 0, 1, write))
                self.rows.append(Stmt(Path(0, 1), number, indent))
                rest = content[1:]
            elif content[0] == "\u00a0":
                rest = content.lstrip(" \u00a0")
            else:
                break
            indent += len(content) - len(rest)
            content = rest
        return content, indent

    def _allow(self, comment: str, number: int, alone: bool) -> None:
        """Takes note of ``# allow: NAME, NAME`` behind what a line says, or `alone` above all that the file says."""
        match = re.search(_ALLOW, comment)
        if match is None:
            return
        names = frozenset(re.split(r"[ \t]*,[ \t]*", match.group(1)))
        if not alone:
            self.allow_lines[number] = names
        elif not self.rows:
            self.allow_file |= names


# --- contents ---------------------------------------------------------------------------------------


def read_content(text: str) -> Node:
    """The node of a line's content: neither indentation nor comment. Raises Fault with columns in `text`."""
    if text[:5] == "model" and (len(text) == 5 or text[5] in " \t\u00a0"):
        _reserved(text, "model")
        return _model(text)
    first = _first(text)
    if first in STATEMENT_READERS and text[-1] != ":":
        return _statement(text, first)
    text = plain(text)
    _reserved(text, first)
    if text[-1] == ":":
        return read_header(text[:-1].rstrip(" \t"), first)
    if first in HEADERS:
        raise _no_body(text, first)
    if first in PYTHON and ":" in text:
        read_header(text[: text.index(":")], first)  # which says what is meant
    return read_layers(text)


def _no_body(text: str, first: str) -> Fault:
    """What is wrong with a header that does not end its line."""
    message = f"'{first}' opens a body: its line ends in ':'"
    header, _, body = text.partition(":")
    if not body or not is_sound(read_header, header.rstrip(" \t"), first):
        return Fault(message, len(text), len(text) + 1, "end the line with ':' and write the body below, indented")
    help = f"write '{shorten(header)}:' and below it, indented, '{shorten(body.strip())}'"
    return Fault(message, len(header), len(text), help)


def _statement(text: str, word: str) -> Node:
    """The node of a statement of one line that starts with `word`. Raises Fault, which names the statement."""
    try:
        text = plain(text)
        _reserved(text, word)
        return STATEMENT_READERS[word](text, len(word))
    except Fault as fault:
        apart = text[len(word) : len(word) + 1]  # 'require: …' was a name, perhaps, and 'requireé' is another word
        fault.statement = word if apart != ":" and not apart.isalpha() else None
        raise


def _reserved(text: str, first: str) -> None:
    """Raises Fault where a word of the language is used as a name: ``stage = conv 3 3``."""
    rest = text[len(first) :].lstrip(" \t\u00a0\r")  # a title is read as it is written
    if first in RESERVED and rest[:1] == "=" and rest[1:2] != "=":
        message = f"'{first}' is a word of the language and cannot name a tensor"
        meant = f"{first} {rest[1:].strip()}"
        help = f"write '{shorten(meant)}'" if _says_itself(first, meant) else f"for example '{first}_1 = …'"
        raise Fault(message, 0, len(first), help, "reserved-word")


def _says_itself(word: str, text: str) -> bool:
    """Whether `text` is a statement that starts with `word`: ``layout = hwc`` without its '='."""
    # 'use' takes any text
    return word in STATEMENT_READERS and word != "use" and is_sound(STATEMENT_READERS[word], text, len(word))


def _first(text: str) -> str:
    match = re.match(r"[A-Za-z_]\w*", text, re.ASCII)
    return match.group() if match else ""


def _model(text: str) -> Model:
    title = text[5:].strip(" \t\u00a0")
    if len(title) > 1 and title[0] == title[-1] == '"' and '"' not in title[1:-1]:
        title = title[1:-1]
    if not title:
        raise Fault("'model' needs a title", 5, 6, "for example 'model LeNet-5'")
    return Model("".join(char if char.isprintable() else " " for char in title), 0, len(text))


def broken_node(content: str) -> Broken:
    """What a line that could not be read would have made, as far as its first words tell."""
    first = re.match(r"[A-Za-z_]\w*", content)
    word = first.group() if first else ""
    named = re.match(r"(?:(let|stage|head|block)[ \t]+)?([A-Za-z_]\w*)[ \t]*(=?)", content)
    several = several_names(content) if "," in content else None
    names = tuple({word.text: Name(*word) for word in several[0] if is_name(word.text)}.values()) if several else ()
    loop = re.search(r"[ \t]as[ \t]+([A-Za-z_]\w*)[ \t]*:\Z", content) if word == "repeat" else None
    variable = loop[1] if loop and is_name(loop[1]) else None
    if named and is_name(named.group(2)):
        if named.group(1) == "let":
            variable = named.group(2)
        elif named.group(1) in ("stage", "head") or named.group(3):
            names = (Name(named.group(2), 0, named.end(2)),)
    quiet = word in ("let", "default", "require", "layout", "use", "output", "block", "model", "freeze", "dtype")
    return Broken(names, variable, not quiet, 0, len(content))
