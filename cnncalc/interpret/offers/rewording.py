"""Faults of lines that are in another notation, or have one slip of the pen: they say the line to write."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from ...convert.lookup import lookup
from ...convert.notations import advice
from ...diagnostics import ERROR, Diagnostic
from ...spec.nodes import Element, Line, Node
from ...spec.rows import read_content
from ...spec.words import Fault, strip_comment
from ..binding import ArgumentFault, bind_block, bind_layer
from ..position import BlockDef
from .slips import mended

#: The codes of faults of words that are not understood.
_WORDS = frozenset((
    "syntax", "unknown-layer", "unknown-name", "unknown-argument", "too-many-arguments", "missing-argument", "argument",
    "expression", "shape-value", "ambiguous-input", "pasted-call",
))  # fmt: skip
#: Those of lines that cannot be read, or start with no layer.
_UNREAD = ("syntax", "bad-name", "reserved-word", "unknown-layer")
_KINDS = "'cnncalc layers' lists the kinds of layer"


class Rewording:
    """What to write for the lines of a spec that has these `blocks`, and these names of `variables` and `tensors`."""

    def __init__(self, blocks: Mapping[str, BlockDef], variables: Collection[str], tensors: Collection[str]) -> None:
        self.blocks = blocks
        self.variables = variables
        self.tensors = tensors

    def __call__(self, fault: Diagnostic) -> Diagnostic:
        """`fault`, with the line to write where one is meant."""
        span = fault.span
        if fault.severity != ERROR or span is None:
            return fault
        text = span.source.line(span.line)
        help = self._tensor_alone(text) if fault.code == "unknown-layer" else None
        if help is None and fault.code in _WORDS:
            help = advice(text, self._is_layers, fault.code in ("unknown-layer", "syntax"))
        if help is None and fault.code in _UNREAD:
            help = self._slip(text, span.column - 1, fault.help is not None)
            help = help or fault.help or (_KINDS if fault.code == "unknown-layer" else None)
        return fault._replace(help=help) if help else fault

    def _tensor_alone(self, text: str) -> str | None:
        """What is said of a line that starts at a tensor without its '@'."""
        match = re.fullmatch(r"[ \t]*(?:- +)?(\w+ *= *)?(\w+)( *(?:\|.*)?)", strip_comment(text))
        if match is None or match[2] not in self.tensors or lookup(match[2]) is not None:
            return None
        line = f"{match[1] or ''}@{match[2]}{match[3]}".strip()
        return f"a tensor that has a name is '@{match[2]}'" if self._is_sound(line) else None

    def _slip(self, text: str, at: int, answered: bool) -> str | None:
        """What to write for a line with a fault at column `at`, if one change makes it one that is understood."""
        code = strip_comment(text)
        bare = re.sub(r" *(?:- *(?=[\w@]))?", "", code, count=1)
        if not bare or self._is_sound(bare):
            return None
        own = (*self.blocks, *self.variables)
        line = mended(bare, at - (len(code) - len(bare)), self._is_sound, answered, own)
        return f"write '{line}'" if line and line.isprintable() else None

    def _is_layers(self, line: str) -> bool:
        """Whether the language reads a line as one of layers, and knows them and their arguments."""
        node = _read(line.strip())
        return isinstance(node, Line) and bool(node.elements) and all(map(_is_known, node.elements))

    def _is_sound(self, line: str) -> bool:
        """Whether the language reads a line, and knows its layers and blocks and their arguments."""
        node = _read(line)
        return node is not None and (not isinstance(node, Line) or all(map(self._is_own, node.elements)))

    def _is_own(self, element: Element) -> bool:
        if element.ref or element.name in self.variables:  # which may stand for a kind
            return not element.ref or element.name in self.tensors
        block = self.blocks.get(element.name)
        if block is None:
            return _is_known(element)
        try:
            bind_block(element.name, block.node.params, element)
        except ArgumentFault:
            return False
        return True


def _read(line: str) -> Node | None:
    """What a line says; None where the language does not read it."""
    try:
        return read_content(line) if line else None
    except Fault:
        return None


def _is_known(element: Element) -> bool:
    """Whether an element is a layer, and its words are its arguments."""
    found = lookup(element.name)
    if found is None or element.pasted is not None:
        return False
    try:
        bind_layer(found[0], element)
    except ArgumentFault:
        return False
    return True
