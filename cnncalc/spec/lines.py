"""The content of a line -> a node. Which statements make a body is :mod:`cnncalc.spec.parser`'s."""

from __future__ import annotations

import re

from .elements import read_layers
from .headers import read_header
from .nodes import Broken, Model, Node
from .statements import STATEMENT_READERS
from .words import HEADERS, RESERVED, Fault, is_name, plain


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
        raise Fault(
            f"'{first}' opens a body: its line ends in ':'", len(text), len(text) + 1,
            "end the line with ':' and write the body below, indented",
        )  # fmt: skip
    return read_layers(text)


def _statement(text: str, word: str) -> Node:
    """The node of a statement of one line that starts with `word`. Raises Fault, which names the statement."""
    try:
        text = plain(text)
        _reserved(text, word)
        return STATEMENT_READERS[word](text, len(word))
    except Fault as fault:
        fault.statement = word if text[len(word) : len(word) + 1] != ":" else None  # 'require: …' was a name, perhaps
        raise


def _reserved(text: str, first: str) -> None:
    """Raises Fault where a word of the language is used as a name: ``stage = conv 3 3``."""
    rest = text[len(first) :].lstrip(" \t\u00a0\r")  # a title is read as it is written
    if first in RESERVED and rest[:1] == "=" and rest[1:2] != "=":
        message = f"'{first}' is a word of the language and cannot name a tensor"
        raise Fault(message, 0, len(first), f"for example '{first}_1 = …'", "reserved-word")


def _first(text: str) -> str:
    match = re.match(r"[A-Za-z_]\w*", text, re.ASCII)
    return match.group() if match else ""


def _model(text: str) -> Model:
    title = text[5:].strip(" \t\u00a0")
    if not title:
        raise Fault("'model' needs a title", 5, 6, "for example 'model LeNet-5'")
    if len(title) > 1 and title[0] == title[-1] == '"' and '"' not in title[1:-1]:
        title = title[1:-1]
    return Model("".join(char if char.isprintable() else " " for char in title), 0, len(text))


def broken_node(content: str) -> Broken:
    """What a line that could not be read would have made, as far as its first words tell."""
    first = re.match(r"[A-Za-z_]\w*", content)
    word = first.group() if first else ""
    named = re.match(r"(?:(let|stage|head|block)[ \t]+)?([A-Za-z_]\w*)[ \t]*(=?)", content)
    name = variable = None
    if named and is_name(named.group(2)):
        if named.group(1) == "let":
            variable = named.group(2)
        elif named.group(1) in ("stage", "head") or named.group(3):
            name = named.group(2)
    quiet = word in ("let", "default", "require", "layout", "use", "output", "block", "model")
    return Broken(name, variable, not quiet, 0, len(content))
