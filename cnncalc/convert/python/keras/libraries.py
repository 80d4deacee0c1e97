"""The modules of Keras and TensorFlow by their dotted names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..values import Class, Library, Native, Opaque, Value

if TYPE_CHECKING:
    from ..interpreter import Evaluator

_TOPS = ("keras", "tensorflow.keras", "tensorflow.python.keras", "tf_keras", "keras.src")


def _layers() -> dict[str, Value]:
    from .inputs import make_input
    from .layers import KERAS_LAYERS

    lower = {"add": "Add", "subtract": "Subtract", "multiply": "Multiply", "maximum": "Maximum", "minimum": "Minimum",
             "average": "Average", "concatenate": "Concatenate", "dot": "Dot"}  # fmt: skip
    merges = {name: Native(name, _merge(KERAS_LAYERS[kind])) for name, kind in lower.items()}
    return {**KERAS_LAYERS, **merges, "Input": Native("Input", make_input)}


def _merge(cls: Class) -> Callable[..., Value]:
    """``keras.layers.add([x, y])``: the layer, called."""

    def merge(interpreter: Evaluator, /, inputs: Value, *args: Value, **kwargs: Value) -> Value:
        return interpreter.call(interpreter.call(cls, args, kwargs), [inputs])

    return merge


def _models() -> dict[str, Value]:
    from .models import MODEL, SEQUENTIAL

    copied = Native("clone_model", lambda at, model, /, *_, **__: model)
    return {"Model": MODEL, "Sequential": SEQUENTIAL, "Functional": MODEL, "clone_model": copied}


def _activations() -> dict[str, Value]:
    from .functions import functions
    from .signatures import ACTIVATIONS

    known = functions()
    return {name: known.get(name) or Native(name, lambda at, x, *_: x) for name in ACTIVATIONS}


def _int_shape(interpreter: Evaluator, tensor: Value) -> Value:
    return interpreter.attribute(tensor, "shape")


def _backend() -> dict[str, Value]:
    from .functions import functions
    from .graph import KerasTensor
    from .layer import run_of
    from .layers import nothing

    def layout(interpreter: Evaluator, *_: Value) -> Value:
        run = run_of(interpreter)  # what the code has just said holds before the file is read again for it, too
        return "channels_first" if run.axes.first or run.says_first else "channels_last"

    def set_layout(interpreter: Evaluator, name: Value) -> None:
        run_of(interpreter).says_first = run_of(interpreter).says_first or name == "channels_first"

    natives: dict[str, Callable[..., Value]] = {
               "int_shape": _int_shape, "image_data_format": layout, "set_image_data_format": set_layout,
               "clear_session": nothing, "set_floatx": nothing, "set_learning_phase": nothing,
               "is_keras_tensor": lambda at, value: isinstance(value, KerasTensor), "set_session": nothing,
               "image_dim_ordering": lambda at: "th" if layout(at) == "channels_first" else "tf", "shape": _int_shape,
               "floatx": lambda at: "float32", "epsilon": lambda at: 1e-07, "backend": lambda at: "tensorflow",
               }  # fmt: skip
    return {**functions(), **{name: Native(name, function) for name, function in natives.items()}}


def _ops() -> dict[str, Value]:
    backend = _backend()
    named = {name: backend[name] for name in ("shape",)}
    return {**{name: value for name, value in backend.items() if name not in ("epsilon",)}, **named}


def _image() -> dict[str, Value]:
    from .functions import functions

    return {name: value for name, value in functions().items() if name.startswith("resize")}


def _tf() -> dict[str, Value]:
    from .functions import functions
    from .tensors import TENSOR

    dtypes = {name: name for name in "float32 float16 float64 int32 int64 uint8 bool string bfloat16".split()}
    nothing = Native("nothing", lambda at, /, *_, **__: None)
    first = Native(
        "function",
        lambda at, /, function=None, *_, **__: function if function is not None else Native("f", lambda at, one: one),
    )
    known = functions()
    return {**known, **dtypes, "split": known["split_sizes"], "shape": Native("shape", _int_shape), "Tensor": TENSOR,
            "function": first, "__version__": "2.17.0", "newaxis": None, "name_scope": Native("name_scope", _scope),
            "Module": _base(), "math": Library("tensorflow.math", known),
            "disable_eager_execution": nothing}  # fmt: skip


def _base() -> Value:
    from .layers import LAYER

    return LAYER


def _scope(interpreter: Evaluator, /, *_: Value, **__: Value) -> Value:
    from ..standard.builtin_classes import CLASSES
    from ..values import Instance

    return Instance(CLASSES["object"])


def _nn() -> dict[str, Value]:
    from .functions import functions

    return functions()


def _sources(interpreter: Evaluator, tensor: Value) -> Value:
    """The tensors that a tensor hangs on and that enter."""
    from .graph import KerasTensor

    if not isinstance(tensor, KerasTensor):
        return tensor
    found, work, visited = [], [tensor], set[int]()
    while work:
        one = work.pop()
        if id(one.use) not in visited:
            visited.add(id(one.use))
            found += [] if one.use.inputs else [one]
            work += one.use.inputs
    return found


def _exported() -> dict[str, Value]:
    return {"keras_export": Native("keras_export", lambda at, /, *_, **__: Native("export", lambda at, one: one))}


def _saving() -> dict[str, Value]:
    def register(interpreter: Evaluator, /, *args: Value, **__: Value) -> Value:
        return args[0] if args and isinstance(args[0], Class) else Native("register", lambda at, one: one)

    return {"register_keras_serializable": Native("register_keras_serializable", register)}


def _keras() -> dict[str, Value]:
    from .inputs import make_input

    return {**_models(), "Input": Native("Input", make_input), "Layer": _base(), "__version__": "3.15.1",
            "Variable": Opaque("keras.Variable")}  # fmt: skip


def _tops() -> dict[str, Callable[[], dict[str, Value]]]:
    found: dict[str, Callable[[], dict[str, Value]]] = {}
    parts: dict[str, Any] = {
        "": _keras,
        "layers": _layers,
        "models": _models,
        "backend": _backend,
        "ops": _ops,
        "activations": _activations,
        "saving": _saving,
        "utils": _saving,
        "layers.core": _layers,
        "layers.layer": _layers,
        "layers.convolutional": _layers,
        "layers.pooling": _layers,
        "layers.normalization": _layers,
        "layers.merge": _layers,
        "engine": dict,
        "layers.advanced_activations": _layers,
        "engine.topology": _layers,
        "engine.training": _models,
        "layers.recurrent": _layers,
        "layers.embeddings": _layers,
        "layers.wrappers": _layers,
        "layers.noise": _layers,
        "engine.base_layer": _layers,
        "ops.image": _image,
        "ops.nn": _nn,
        "ops.numpy": _ops,
        "utils.generic_utils": _saving,
        "api_export": _exported,
        "ops.operation_utils": lambda: {"get_source_inputs": Native("get_source_inputs", _sources)},
        "utils.layer_utils": lambda: {"get_source_inputs": Native("get_source_inputs", _sources)},
    }
    for top in _TOPS:
        for name, names in parts.items():
            found[f"{top}.{name}".rstrip(".")] = names
    return found


LIBRARIES: dict[str, Callable[[], dict[str, Value]]] = {
    **_tops(),
    "tensorflow": _tf,
    "tensorflow.nn": _nn,
    "tensorflow.image": _image,
    "tensorflow.math": _nn,
    "tensorflow.compat": dict,
    "tensorflow.compat.v1": _tf,
    "tensorflow.python": dict,
}
