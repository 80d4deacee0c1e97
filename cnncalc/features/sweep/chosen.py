"""A spec with the values that a sweep chose: its `let` lines and its input line with these in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...interpret.specification import specification
from ...spec.nodes import Let
from ...spec.symbols import inputs
from ...values import laid_out, spell, times

if TYPE_CHECKING:
    from ...network import Network


class NotWritten(ValueError):
    """Why a spec cannot be written with its values."""


def with_values(network: Network, settings: Mapping[str, Any], shapes: Mapping[str, Any]) -> str:
    """The text of the spec of `network`, with values of variables and shapes of inputs. Raises NotWritten."""
    program, source = specification(network).program, network.source
    if program is None:
        raise NotWritten(f"{source.name} is no spec: its values stand nowhere")
    lines = source.text.split("\n")
    left = dict(settings)
    for stmt in program.others:
        if isinstance(stmt.node, Let) and stmt.node.name in left:
            _put(lines, stmt, spell(left.pop(stmt.node.name)))
    if left:
        name = next(iter(left))
        raise NotWritten(f"'{name}' is set in a file that {source.name} uses")
    named = dict(inputs(program))
    for name, shape in shapes.items():
        line = named.get(name, named.get(None) if name == "input" else None)
        text = times(laid_out(shape, network.layout)) if len(shape) != 2 else f"{shape[0]}@{shape[1]}"
        if line is None:
            lines.insert(0, f"input {text}")
        else:
            _put(lines, line, text)
    return "\n".join(lines)


def _put(lines: list[str], stmt: Any, text: str) -> None:
    """Writes a text in the place of the value of a line; what stands behind it stays."""
    line = lines[stmt.line - 1]
    start, end = (stmt.indent + place for place in (stmt.node.value.start, stmt.node.value.end))
    lines[stmt.line - 1] = line[:start] + text + line[end:]
