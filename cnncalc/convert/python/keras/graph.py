"""What is called on what: tensors, the calls that give them, and a model as convert/keras reads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

from ...keras.graph import LayerCall, OwnedWeights
from ..faults import Stop
from ..values import Place, Value

if TYPE_CHECKING:
    from .layer import KerasLayer

#: A size of a shape, None where it is free.
Dims = tuple[int | None, ...]


class KerasTensor:
    """A tensor of the code: which call gives it, and its shape, the sample first; None where that is not known."""

    __slots__ = ("node", "number", "shape", "use")

    def __init__(self, use: LayerUse, number: int, node: int, shape: Dims | None) -> None:
        self.use, self.number, self.node, self.shape = use, number, node, shape


class LayerUse:
    """One call of a layer: what it is given, and where that stands."""

    __slots__ = ("args", "body", "inputs", "kwargs", "layer", "order", "outputs", "place", "weights")

    def __init__(
        self, order: int, layer: KerasLayer, inputs: list[KerasTensor], args: list[Any], kwargs: dict[str, Any],
        place: Place | None,
    ) -> None:  # fmt: skip
        self.order, self.layer, self.inputs, self.args, self.kwargs = order, layer, inputs, args, kwargs
        self.place = place
        self.outputs: list[KerasTensor] = []
        #: Of a layer whose call is code, or that is a model: what that made of these inputs.
        self.body: dict[str, Any] | None = None
        self.weights: OwnedWeights | None = None


def description(
    name: str, inputs: Sequence[KerasTensor], outputs: Sequence[KerasTensor], place: Place | None
) -> dict[str, Any]:
    """A model from `inputs` to `outputs`. Raises Stop where it hangs on another input, or two layers have one name."""
    uses = between(inputs, outputs, place)
    indices, calls, layers = dict[int, int](), dict[int, int](), dict[str, dict[str, Any]]()
    owners: dict[str, KerasLayer] = {}
    for use in uses:
        layer = use.layer
        if owners.get(layer.name, layer) is not layer:
            _rename(layer, owners)
        owners[layer.name] = layer
        indices[id(use)] = calls.get(id(layer), 0)
        calls[id(layer)] = indices[id(use)] + 1
        layers.setdefault(layer.name, {**layer.described(), "inbound_nodes": []})

    def key(tensor: KerasTensor) -> list[Any]:
        return [tensor.use.layer.name, indices.get(id(tensor.use), 0), tensor.number]

    entering = {id(tensor.use) for tensor in inputs}
    for use in uses:
        if id(use) not in entering or use.inputs:
            layers[use.layer.name]["inbound_nodes"].append(_call(use, [key(one) for one in use.inputs]))
    ends = {"input_layers": [key(one) for one in inputs], "output_layers": [key(output) for output in outputs]}
    return {"class_name": "Functional", "name": name, "config": {"name": name, "layers": list(layers.values()), **ends}}


def _rename(layer: KerasLayer, owners: Mapping[str, KerasLayer]) -> None:
    """Gives a layer another name than those that there are. Raises Stop where the code says its name."""
    if layer.named:
        raise Stop(f"two layers of the model are called '{layer.name}'", layer.defined, "give one of them another name")
    layer.name = next(name for number in count(1) if (name := f"{layer.name}_{number}") not in owners)


def _call(use: LayerUse, keys: Iterable[list[Any]]) -> LayerCall:
    span = use.place.file.span(use.place.node) if use.place is not None else None
    made = use.layer.defined
    defined = made.file.span(made.node) if made is not None else None
    inputs = [(key[0], key[1], key[2]) for key in keys]
    return LayerCall(inputs, use.kwargs, use.args, span, defined, use.body, use.weights, use.layer)


def between(inputs: Sequence[KerasTensor], outputs: Sequence[KerasTensor], place: Place | None) -> list[LayerUse]:
    """The calls on the ways from `inputs` to `outputs`, in their order. Raises Stop."""
    found = {id(tensor.use): tensor.use for tensor in inputs}
    given = {(id(tensor.use), tensor.number) for tensor in inputs}
    work = list(outputs)
    while work:
        tensor = work.pop()
        use = tensor.use
        if (id(use), tensor.number) in given or id(use) in found:
            continue
        if not use.inputs:
            raise Stop(
                f"the outputs hang on '{use.layer.name}', which is none of the inputs of the model", place,
                f"add it to the inputs: {', '.join([one.use.layer.name for one in inputs] + [use.layer.name])}",
            )  # fmt: skip
        found[id(use)] = use
        work += use.inputs
    return sorted(found.values(), key=lambda layer_use: layer_use.order)


def tensors_in(value: Value, depth: int = 0) -> list[KerasTensor]:
    """The tensors in arguments, in lists and dicts too, in order."""
    if isinstance(value, KerasTensor):
        return [value]
    if depth > 6:
        return []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [tensor for one in inner for tensor in tensors_in(one, depth + 1)]
