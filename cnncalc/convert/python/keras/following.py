"""Calls of layers: by their rules, or by their code, which is followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..faults import Stop
from ..values import CodeFunction, UnknownReached, UnknownValue, Value
from .constructing import plain
from .graph import KerasTensor, description
from .layer import KerasLayer, run_of
from .weights import LayerWeight

if TYPE_CHECKING:
    from ...keras.graph import OwnedWeights
    from ..interpreter import Evaluator


def call_layer(interpreter: Evaluator, layer: KerasLayer, /, *args: Value, **kwargs: Value) -> Value:
    """What a layer gives where it is called. Raises UnknownReached; Raised, Stop."""
    if not layer.name:
        raise TypeError(f"call super().__init__() first in __init__ of {layer.cls.name}")
    code = layer.cls.finds("call")
    if layer.kind in ("RNN", "Bidirectional"):
        from .cells import call_recurrent, cell_of

        cell = cell_of(layer)
        if cell is not None:
            return call_recurrent(interpreter, layer, cell, args, kwargs)
    if isinstance(code, CodeFunction):
        return follow(interpreter, layer, code, args, kwargs)
    if layer.kind == "Lambda":
        return _lambda(interpreter, layer, args, kwargs)
    if layer.kind is None:
        raise NotImplementedError(f"layer {layer.cls.name} has no 'call' method")
    return ruled(interpreter, layer, args, kwargs)


def ruled(
    interpreter: Evaluator, layer: KerasLayer, args: Sequence[Value], kwargs: Mapping[str, Value],
    owned: OwnedWeights | None = None,
) -> Value:  # fmt: skip
    """What a layer with a rule gives; `owned` is that of one whose weights are known already."""
    run = run_of(interpreter)
    use = run.use(interpreter, layer, args, dict(kwargs))
    use.weights = owned or use.weights
    use.args = [plain(interpreter, arg) for arg in use.args if not isinstance(arg, KerasTensor)]
    made = run.sketched(interpreter, use, layer.described())
    layer.uses.append(use)
    return made[0] if len(made) == 1 else made


def _lambda(interpreter: Evaluator, layer: KerasLayer, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
    function, arguments = layer.attributes["function"], layer.attributes.get("arguments")
    more = arguments if isinstance(arguments, dict) else {}
    kwargs = {key: value for key, value in kwargs.items() if key not in ("mask", "training")}
    return follow(interpreter, layer, function, args, {**more, **kwargs}, own=False)


def follow(
    interpreter: Evaluator, layer: KerasLayer, code: Value, args: Sequence[Value], kwargs: Mapping[str, Value],
    own: bool = True,
) -> Value:  # fmt: skip
    """What a layer gives whose call is code: that is followed, with tensors of its own, as a model in the model."""
    run = run_of(interpreter)
    use = run.use(interpreter, layer, args, dict(kwargs))
    entries: dict[int, tuple[KerasTensor, KerasTensor]] = {}

    def inner(value: Value, depth: int = 0) -> Value:
        if isinstance(value, KerasTensor):
            if id(value) not in entries:
                entry = KerasLayer(layer.cls, None)
                entry.name = f"{layer.name}_input_{len(entries)}"
                entry.kind = "InputLayer"
                entries[id(value)] = value, run.within(value, entry)
            return entries[id(value)][1]
        if isinstance(value, list | tuple) and depth < 6:
            return type(value)([inner(one, depth + 1) for one in value])
        if isinstance(value, dict) and depth < 6:
            return {key: inner(one, depth + 1) for key, one in value.items()}
        return value

    given = [inner(arg) for arg in args]
    named = {key: inner(value) for key, value in kwargs.items()}
    for weight in layer.weights:
        weight.counted = False
    with run.deeper(interpreter, [entry for _, entry in entries.values()]):
        if own:
            build(interpreter, layer, use.inputs)
        found = interpreter.call(code, [layer, *given] if own else given, named)
    if isinstance(found, UnknownValue):
        return found
    use.inputs = [outer for outer, _ in entries.values()]
    return packed(interpreter, layer, use, found, [entry for _, entry in entries.values()])


def build(interpreter: Evaluator, layer: KerasLayer, tensors: Sequence[KerasTensor]) -> None:
    """Runs ``build(self, input_shape)`` of a class of the code, once."""
    code = layer.cls.finds("build")
    if layer.attributes.get("built") is True:
        return
    layer.attributes["built"] = True
    if isinstance(code, CodeFunction):
        shapes = [tensor.shape for tensor in tensors]
        interpreter.call(code, [layer, shapes[0] if len(shapes) == 1 else shapes])


def packed(interpreter: Evaluator, layer: KerasLayer, use: Any, found: Value, entries: list[KerasTensor]) -> Value:
    """What the code of a call gave, as tensors of the call itself."""
    run = run_of(interpreter)
    inner: list[KerasTensor] = []

    def collect(value: Value) -> None:
        if isinstance(value, KerasTensor):
            inner.append(value)
        elif isinstance(value, list | tuple):
            for one in value:
                collect(one)
        elif isinstance(value, dict):
            for one in value.values():
                collect(one)

    collect(found)
    if not inner:
        raise Stop(f"the call of {layer.cls.name} gives no tensor", use.place, code="python")
    if any(isinstance(tensor, LayerWeight) for tensor in inner):
        raise UnknownReached(interpreter.unknown(f"a weight that the call of {layer.cls.name} gives as it is"))
    use.body = description(layer.name, entries, inner, use.place)
    use.args, use.kwargs = [], {}
    made = iter(run.passed_on(use, inner))
    layer.uses.append(use)

    def again(value: Value) -> Value:
        if isinstance(value, KerasTensor):
            return next(made)
        if isinstance(value, list | tuple):
            return type(value)([again(one) for one in value])
        return {key: again(one) for key, one in value.items()} if isinstance(value, dict) else value

    return again(found)
