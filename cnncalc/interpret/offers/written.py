"""Arguments in the place of those of layers, as their lines are written with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ...network import Node
from ...values import Size, Word, spell

#: Arguments in the place of those of layers, by the position of each.
Changes = Mapping[int, Mapping[str, int | Size | Word]]
#: In the place of a pad: half of the kernel that a layer has, where its line makes several.
HALF = Word("half")


def written(nodes: Sequence[Node], changes: Changes) -> str:
    """``'conv 16 3 pad=1' in line 3``, of each line once."""
    lines: dict[str, list[int]] = {}
    for position, values in sorted(changes.items(), key=lambda item: item[0]):
        node = nodes[position]
        span, layer = node.span, node.layer
        if span is None or layer is None:
            continue
        text, given = _text(node), _given(node)
        new = {key: value for key, value in values.items() if dict(layer.values)[key] != value}
        if any(key in given for key in new):
            text = layer.changed(**values).describe(len(node.output or ()) - 1)
        else:
            kernel = kernel_text(node)
            text += "".join(f" {key}={f'{kernel}//2' if value is HALF else spell(value)}" for key, value in new.items())
        lines.setdefault(text, []).append(span.line)
    said = [
        f"'{text}' in line{'s' * (len(set(at)) > 1)} {_listed(map(str, sorted(set(at))))}" for text, at in lines.items()
    ]
    return _listed(said)


def _text(node: Node) -> str:
    """The element that made a layer, as it stands in its line."""
    span = node.span
    return "" if span is None else span.source.line(span.line)[span.column - 1 : span.end_column - 1].strip()


def _given(node: Node) -> dict[str, str]:
    """The arguments that the element of a layer has, as they stand there."""
    words, layer = _text(node).split()[1:], node.layer
    if layer is None:
        return {}
    keyed = [word.partition("=") for word in words if "=" in word]
    bare = [word for word in words if "=" not in word]
    return {**dict(zip(layer.positions, bare, strict=False)),
            **{layer.keys[key]: value for key, _, value in keyed if key in layer.keys}}  # fmt: skip


def kernel_text(node: Node) -> str:
    """The kernel of a layer as its element has it; empty where it has none."""
    return _given(node).get("kernel", "")


def _listed(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
