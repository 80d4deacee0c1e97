"""Keras's models in code: Sequential, the functional API, and classes of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ....values import how_many
from ..faults import Stop
from ..standard.mappings import regardless
from ..values import Class, CodeFunction, Native, Opaque, Place, Property, UnknownReached, UnknownValue, Value
from .constructing import plain
from .following import follow, packed
from .graph import Dims, KerasTensor, between, description, tensors_in
from .layer import KerasLayer, name_layer, run_of
from .layers import LAYER, nothing

if TYPE_CHECKING:
    from ..interpreter import Evaluator


class KerasModel(KerasLayer):
    """A model: of the functional API its ends, of a Sequential its layers, else code."""

    __slots__ = ("ends", "items", "made")

    def __init__(self, cls: Class, defined: Place | None = None) -> None:
        super().__init__(cls, defined)
        #: The tensors that enter, and those that leave.
        self.ends: tuple[list[KerasTensor], list[KerasTensor]] | None = None
        self.items: list[KerasLayer] | None = None
        #: As how many layers a Sequential was run.
        self.made = -1

    def described(self) -> dict[str, Any]:
        if self.ends is None:
            return super().described()
        return description(self.name, *self.ends, self.defined)


def make_model(interpreter: Evaluator, cls: Class, /, *args: Value, **kwargs: Value) -> Value:
    """A model before its `__init__`."""
    interpreter.progress()
    return KerasModel(cls, interpreter.here())


def _ends(value: Value) -> list[KerasTensor]:
    """The tensors of an end of a model. Raises UnknownReached, TypeError."""
    if isinstance(value, UnknownValue):
        raise UnknownReached(value)
    for one in value if isinstance(value, list | tuple) else ():
        if isinstance(one, UnknownValue):
            raise UnknownReached(one)
    tensors = tensors_in(value)
    if not tensors:
        raise TypeError("the inputs and outputs of a model are tensors")
    return tensors


@regardless
def _init_model(interpreter: Evaluator, model: KerasModel, /, *args: Value, **kwargs: Value) -> None:
    """``Model(inputs, outputs)``, or ``super().__init__()`` of a class of one's own."""
    given = dict(zip(("inputs", "outputs", "name"), args, strict=False)) | kwargs
    inputs, outputs = given.get("inputs", given.get("input")), given.get("outputs", given.get("output"))
    if model.cls.node is None:
        model.name = ""
    if inputs is None or outputs is None:
        if inputs is not None or outputs is not None:
            raise TypeError("a model takes inputs and outputs")
        name_layer(interpreter, model, given.get("name"))
        return
    model.ends = _ends(inputs), _ends(outputs)
    if isinstance(given.get("name"), str) or model.name:
        name_layer(interpreter, model, given.get("name"))
    else:
        model.name = run_of(interpreter).named("functional")
    description(model.name, *model.ends, model.defined)


def _init_sequential(interpreter: Evaluator, model: KerasModel, /, *args: Value, **kwargs: Value) -> None:
    given = dict(zip(("layers", "name"), args, strict=False)) | kwargs
    name_layer(interpreter, model, given.get("name"))
    model.items = []
    for layer in interpreter.guarded_items(given.get("layers") or ()):
        _add(interpreter, model, layer)


def _add(interpreter: Evaluator, model: KerasModel, /, layer: Value = None, *_: Value, **__: Value) -> None:
    """``model.add(layer)``. Raises TypeError, UnknownReached."""
    if isinstance(layer, UnknownValue):
        raise Stop(f"a layer of '{model.name}' hangs on {layer.what}, which is not known", interpreter.here())
    if isinstance(layer, KerasTensor):
        layer = layer.use.layer
    if not isinstance(layer, KerasLayer):
        raise TypeError(f"only layers can be added to a Sequential, and this is '{type(layer).__name__.lower()}'")
    assert model.items is not None
    if any(item.name == layer.name for item in model.items):
        raise ValueError(
            f"all layers added to a Sequential should have unique names: '{layer.name}' is already the name of one"
        )
    model.items.append(layer)


def _pop(interpreter: Evaluator, model: KerasModel, *_: Value) -> Value:
    if not model.items:
        raise TypeError("there are no layers in the model")
    return model.items.pop()


# --- calls ------------------------------------------------------------------------------------------


def call_model(interpreter: Evaluator, model: KerasModel, /, *args: Value, **kwargs: Value) -> Value:
    """What a model gives on tensors, as a layer in another one. Raises UnknownReached; Raised, Stop."""
    if not model.name:
        raise TypeError(f"call super().__init__() first in __init__ of {model.cls.name}")
    code = model.cls.finds("call")
    if model.ends is None and isinstance(code, CodeFunction):
        return follow(interpreter, model, code, args, kwargs)
    run = run_of(interpreter)
    use = run.use(interpreter, model, args, kwargs)
    use.args = []
    if model.ends is None and model.items is not None:
        entry = _entry(model, 0)
        inner = run.within(use.inputs[0], entry)
        with run.deeper(interpreter):
            found = chained(interpreter, model, inner)
        return packed(interpreter, model, use, found, [inner])
    if model.ends is None:
        raise NotImplementedError(f"model {model.cls.name} has no 'call' method")
    if len(use.inputs) != len(model.ends[0]):
        raise ValueError(
            f"model '{model.name}' has {how_many(len(model.ends[0]), 'input')}, and is called on {len(use.inputs)}"
        )
    made = run.sketched(interpreter, use, model.described())
    model.uses.append(use)
    return made[0] if len(made) == 1 else made


def _entry(model: KerasModel, number: int) -> KerasLayer:
    entry = KerasLayer(LAYER)
    entry.kind, entry.name = "InputLayer", f"{model.name}_input_{number}"
    return entry


def chained(interpreter: Evaluator, model: KerasModel, tensor: Value) -> Value:
    """What the layers of a Sequential make of a tensor, one after the other."""
    for layer in model.items or ():
        if layer.kind == "InputLayer":
            continue
        run_of(interpreter).place = layer.defined
        tensor = interpreter.call(layer, [tensor])
    return tensor


def begun(interpreter: Evaluator, model: KerasModel) -> KerasTensor | None:
    """The tensor that enters a Sequential, where its code says its shape."""
    assert model.items is not None
    if not model.items:
        return None
    first = model.items[0]
    if first.kind == "InputLayer" and first.uses:
        return first.uses[0].outputs[0]
    if isinstance(first, KerasModel) and first.items is not None:
        inner = begun(interpreter, first)
        return None if inner is None else _like(interpreter, model, inner.use.layer)
    if isinstance(first, KerasModel) and first.ends is not None:
        return _like(interpreter, model, first.ends[0][0].use.layer)
    own = first.config
    shape = own.get("batch_input_shape") or own.get("batch_shape")
    sizes = own.get("input_shape", own.get("shape"))
    shape = [None, *sizes] if shape is None and isinstance(sizes, list) else shape
    if shape is None and isinstance(own.get("input_dim"), int) and first.kind != "Embedding":
        shape = [None, own["input_dim"]]
    if shape is None and first.kind == "Embedding" and isinstance(own.get("input_length"), int):
        shape = [None, own["input_length"]]
    if shape is None:
        shape = model.attributes.get("_build_shape")
    return None if shape is None else _entered(interpreter, model, tuple(shape))


def _like(interpreter: Evaluator, model: KerasModel, layer: KerasLayer) -> KerasTensor:
    dims = next((dims for keras_layer, dims in run_of(interpreter).entries if keras_layer is layer), (None,))
    return _entered(interpreter, model, dims)


def _entered(interpreter: Evaluator, model: KerasModel, dims: Dims) -> KerasTensor:
    entry = KerasLayer(LAYER, model.items[0].defined if model.items else None)
    entry.kind, entry.name = "InputLayer", "input"
    return run_of(interpreter).enter(entry, dims)


def run_sequential(interpreter: Evaluator, model: KerasModel) -> None:
    """Runs a Sequential on the input that its code says, where it does."""
    if model.items is None or model.made == len(model.items):
        return
    tensor = begun(interpreter, model)
    if tensor is None:
        return
    model.made, model.uses = len(model.items), []
    for layer in model.items:
        layer.uses = layer.uses if layer.kind == "InputLayer" else []
    found = chained(interpreter, model, tensor)
    model.ends = None
    if isinstance(found, KerasTensor):
        model.attributes["_ends"] = ([tensor], [found])


# --- attributes -------------------------------------------------------------------------------------


def ends_of(interpreter: Evaluator, model: KerasModel) -> tuple[list[KerasTensor], list[KerasTensor]] | None:
    """What enters and leaves a model, where that is known by its code alone."""
    if model.ends is not None:
        return model.ends
    run_sequential(interpreter, model)
    found: tuple[list[KerasTensor], list[KerasTensor]] | None = model.attributes.get("_ends")
    return found


def _end(number: int, several: bool, shape: bool = False) -> Property:
    def get(interpreter: Evaluator, model: KerasModel) -> Value:
        ends = ends_of(interpreter, model)
        if ends is None:
            raise AttributeError(f"the model '{model.name}' has never been called: it has no inputs or outputs")
        found: list[Any] = [tensor.shape for tensor in ends[number]] if shape else list(ends[number])
        return found if several or len(found) > 1 else found[0]

    return Property(Native("end", get))


def layers_in(interpreter: Evaluator, model: KerasModel) -> list[KerasLayer]:
    """The layers of a model, in their order."""
    if model.items is not None:
        run_sequential(interpreter, model)
        return [item for item in model.items if item.kind != "InputLayer"]
    if model.ends is None:
        return [attribute for attribute in model.attributes.values() if isinstance(attribute, KerasLayer)]
    return list(dict.fromkeys(use.layer for use in between(*model.ends, model.defined)))


def _get_layer(interpreter: Evaluator, model: KerasModel, name: Value = None, index: Value = None) -> Value:
    layers = layers_in(interpreter, model)
    if isinstance(index, int):
        return layers[index]
    for layer in layers:
        if layer.name == name:
            return layer
    raise ValueError(
        f"No such layer: {name}. Existing layers are: {', '.join(keras_layer.name for keras_layer in layers[:20])}"
    )


def _build(interpreter: Evaluator, model: KerasModel, /, input_shape: Value = None, *_: Value, **__: Value) -> None:
    if input_shape is not None and not isinstance(input_shape, UnknownValue | dict):
        model.attributes["_build_shape"] = plain(interpreter, input_shape)


def _opaque(name: str) -> Native:
    return Native(name, lambda at, /, *_, **__: Opaque(f"what {name} gives", at.here()))


def _copy(interpreter: Evaluator, model: KerasModel, /, *_: Value, **__: Value) -> Value:
    return model


MODEL = Class(
    "Model", (LAYER,),
    {
        "__init__": Native("__init__", _init_model), "__call__": Native("__call__", call_model),
        "input": _end(0, False), "inputs": _end(0, True), "output": _end(1, False), "outputs": _end(1, True),
        "input_shape": _end(0, False, True), "output_shape": _end(1, False, True),
        "layers": Property(Native("layers", layers_in)), "get_layer": Native("get_layer", _get_layer),
        "build": Native("build", _build),
        **{name: _opaque(name) for name in ("fit", "evaluate", "predict", "get_weights", "count_params", "to_json",
                                            "fit_generator", "train_on_batch", "history")},
        **{name: Native(name, nothing) for name in (
            "compile", "summary", "save", "save_weights", "load_weights", "export", "reset_states")},
    },
    make_model,
)  # fmt: skip
MODEL.traits["network"] = "model"
SEQUENTIAL = Class(
    "Sequential", (MODEL,),
    {"__init__": Native("__init__", _init_sequential), "add": Native("add", _add), "pop": Native("pop", _pop)},
)  # fmt: skip
