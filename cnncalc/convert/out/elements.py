"""A layer as a line of a spec says it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from ...layers import REQUIRED, Layer
from ...layers.arguments import Argument
from ...network import INPUT, Network, Node
from ...values import Shape, ShapeSize, Size, laid_out, spell, times

#: Axes of a shape that a spec can have.
_MOST_AXES = 4


#: Defaults of a spec: by kind and argument.
Defaults: TypeAlias = Mapping[tuple[str, str], Any]


def words(
    layer: Layer, layout: str, tensor: Callable[[str], str], texts: Mapping[str, str], defaults: Defaults
) -> list[str]:
    """The kind of a layer and its arguments, those that go without saying left out.

    `tensor` gives the reference that the argument of that name is, `texts` those of arguments that follow from
    parameters, by name; `defaults` are those of the spec.
    """
    made = [texts.get("kind", layer.kind)]
    for name, argument, default in layer.declared:
        value, text = getattr(layer, name), texts.get(name)
        usual = defaults.get((layer.kind, name), default)
        unsaid = value is None or (value == usual and usual is not REQUIRED) or _goes_without(layer, name, value)
        if text is None and unsaid:
            continue
        sizes = argument.sort == "tensor"  # crop and resize: to the sizes of another
        if sizes:
            name, text = ("size" if layer.kind == "crop" else "to"), spell(Size(value[1:]))
        elif text is None:
            text = said(argument, value, layout) if argument.sort not in _TENSORS else tensor(name)
        bare = (argument.position is not None and not argument.keyed) or (sizes and layer.kind == "crop")
        made.append(text if bare else f"{name}={text}")
    return made


_TENSORS = frozenset(("named", "undone", "entering"))


def _goes_without(layer: Layer, name: str, value: Any) -> bool:
    """Whether an argument is what goes without saying beside the others: a pool's stride, its kernel."""
    return layer.family == "pool" and name == "stride" and value == getattr(layer, "kernel", None)


def said(argument: Argument[Any], value: Any, layout: str) -> str:
    """A value as one writes it: one number for all axes where they agree."""
    if argument.sort == "shape":
        return shape_text(tuple(value), layout)
    if isinstance(value, Size) and not isinstance(value, ShapeSize) and argument.sort in ("size", "padding"):
        value = value[0] if len({spell(one) for one in value}) == 1 else value
    return argument.show(value, 0, layout)


def shape_text(shape: tuple[Any, ...], layout: str) -> str:
    """A shape: ``3x224x224``, ``8@1000``, ``784``; of more axes than a spec has, the last ones are one."""
    if len(shape) > _MOST_AXES:
        rest = 1
        for size in shape[_MOST_AXES - 1 :]:
            rest *= size
        shape = (*shape[: _MOST_AXES - 1], rest)
    if len(shape) == 2:
        return times(shape, "@") if None not in shape else times(laid_out(shape, layout))
    return times(laid_out(shape, layout))


def operator(node: Node, network: Network) -> list[str]:
    """What is known of a layer that the language has no kind for, as an ``op``."""
    layer, result = node.layer, node.result
    origin = network.origins.get(node.position)
    name = str(getattr(layer, "name", "") or (origin.type if origin else "") or node.kind)
    made = ["op", _operator_name(name)]
    if node.output is not None and node.output:
        made.append(f"shape={shape_text(_counted(node.output), network.layout)}")
    known = layer is not None
    params = (result.params if result is not None else getattr(layer, "params", None)) if known else None
    macs = (result.macs if result is not None else getattr(layer, "macs_", None)) if known else None
    made += [f"params={params}"] * (params is not None) + [f"macs={macs}"] * (macs is not None)
    buffers = result.buffers if result is not None else 0
    return made + [f"buffers={buffers}"] * (buffers > 0)


def _counted(shape: Shape) -> Shape:
    """A shape without axes of nothing."""
    return tuple([max(size, 1) for size in shape])


def _operator_name(name: str) -> str:
    plain = "".join(sign if sign.isprintable() and sign.isascii() and sign != '"' else "_" for sign in name).strip()
    bare = plain.isascii() and plain.isidentifier()
    return plain if bare else f'"{plain or "unnamed"}"'


def sayable(node: Node) -> bool:
    """Whether the language has the kind of a node, with its inputs as they are."""
    if node.layer is None or node.kind == INPUT or node.layer.opaque:
        return False
    inputs = [index for index in node.inputs if index >= 0]
    if node.layer.merges:
        return len(inputs) > 1
    return len(inputs) == len(node.inputs)
