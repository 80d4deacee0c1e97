"""The names of torch, torch.nn and torch.nn.functional. To add an operation is a rule in convert/torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...torch.rules import RULES
from ...torch.values import Samples, Tensor
from ..standard.builtin_classes import CLASSES, HOST_CLASSES
from ..standard.methods import OF_TEXTS
from ..standard.tools import natives
from ..values import (
    Class,
    Instance,
    Native,
    StaticMethod,
    UnknownValue,
    Value,
)
from .containers import CONTAINERS
from .layers import CLASSES as LAYERS
from .modules import MODULE, LearnedTensor, parameter
from .rewrites import (
    _guard,
    first,
    nothing,
    said,
)
from .run import operation
from .tensors import PARAMETER, SIZE, TENSOR, TensorSize
from .typed import default_type

if TYPE_CHECKING:
    from ..interpreter import Evaluator

HOST_CLASSES[TensorSize] = SIZE
#: dtypes are texts, as the rules take them.
_DTYPES = {
    "float": "float32",
    "double": "float64",
    "half": "float16",
    "long": "int64",
    "int": "int32",
    "short": "int16",
    **{
        name: name
        for name in ("float32 float64 float16 bfloat16 int8 int16 int32 int64 uint8 bool complex64 complex128").split()
    },
}


def _bits(dtype: str) -> int:
    """The bits of a number, as the name of its type says."""
    return int("".join(filter(str.isdigit, dtype)) or 8)


OF_TEXTS.update({
    name: {"is_floating_point": "float" in name, "is_complex": "complex" in name,
           "is_signed": name not in ("uint8", "bool"), "itemsize": _bits(name) // 8}
    for name in _DTYPES.values()
})  # fmt: skip
_DEVICE = Class("device", (CLASSES["object"],), None, lambda at, cls, /, *args, **_: DEVICE)
DEVICE: Instance = Instance(_DEVICE, "cpu")
DEVICE.attributes.update(type="cpu", index=None)


def _operation(name: str) -> Native:
    return Native(name, lambda at, /, *args, **kwargs: operation(at, name, args, kwargs))


def _make_tensor(interpreter: Evaluator, cls: Class, /, *args: Value, **kwargs: Value) -> Value:
    if args and all(isinstance(arg, int) for arg in args):
        return operation(interpreter, "empty", args, {})
    return operation(interpreter, "tensor", args or ([],), {})


TENSOR.make = _make_tensor


def _make_parameter(interpreter: Evaluator, cls: Class, data: Value = None, requires_grad: Value = True) -> Value:
    """``nn.Parameter(tensor)``."""
    if isinstance(data, UnknownValue):
        return data
    if not isinstance(data, Tensor):
        if data is None:
            return parameter((0,))
        raise TypeError(f"nn.Parameter takes a tensor, not {type(data).__name__}")
    if data.shape is None:
        return interpreter.unknown("a parameter")
    kept = (
        next((storage for storage in data.storages if storage.kind == "parameter"), None)
        if isinstance(data, LearnedTensor)
        else None
    )
    shape = tuple([size for size in data.shape if not isinstance(size, Samples)])
    return parameter(shape, data.dtype or "float32", kept)


PARAMETER.make = _make_parameter
PARAMETER.bases = (TENSOR,)


def _is_tensor(interpreter: Evaluator, value: Value) -> Value:
    return value if isinstance(value, UnknownValue) else isinstance(value, Tensor)


def _numel(interpreter: Evaluator, value: Value) -> Value:
    return operation(interpreter, "numel", (value,), {})


def _floating(interpreter: Evaluator, value: Value) -> Value:
    return value.floating if isinstance(value, Tensor) else False


def _size(interpreter: Evaluator, cls: Class, values: Value = ()) -> Value:
    return TensorSize(interpreter.items(values))


SIZE.make = _size


def _finfo(interpreter: Evaluator, dtype: Value = "float32") -> Value:
    instance = Instance(CLASSES["object"])
    if isinstance(dtype, str):
        instance.attributes["bits"] = _bits(dtype)
    instance.attributes.update(
        min=-3.4028234663852886e38, max=3.4028234663852886e38, eps=1.1920928955078125e-07, tiny=1e-38
    )
    return instance


#: Functions that also write over what they are given.
_OVER = (
    "relu leaky_relu elu celu selu rrelu threshold hardtanh dropout sigmoid tanh clamp exp sqrt rsqrt abs neg".split()
)

#: Methods of tensors that in torch are modules.
_MODULES = frozenset(("cpu", "cuda", "sparse"))


def operation_names() -> dict[str, Value]:
    """A function for each operation."""
    return {name: _operation(name) for name in (*RULES, *(f"{name}_" for name in _OVER)) if name not in _MODULES}


def transform_names() -> dict[str, Value]:
    """The names of torch.fft."""
    return {name.removeprefix("fft_"): _operation(name) for name in RULES if name.startswith("fft_")}


def torch_names() -> dict[str, Value]:
    """The names of torch."""
    guards = "no_grad enable_grad inference_mode set_grad_enabled autocast"
    found: dict[str, Value] = {
        **operation_names(),
        **_DTYPES,
        "Tensor": TENSOR,
        "device": _DEVICE,
        "Size": SIZE,
        "dtype": CLASSES["str"],
        "__version__": "2.13.0",
        "pi": 3.141592653589793,
        "inf": float("inf"),
        "nan": float("nan"),
        "e": 2.718281828459045,
        "channels_last": "channels_last",
        "contiguous_format": "contiguous_format",
        "preserve_format": "preserve_format",
        "strided": "strided",
        "finfo": Native("finfo", _finfo),
        "iinfo": Native("iinfo", _finfo),
        **{name: Native(name, _guard) for name in guards.split()},
        **natives(
            is_tensor=_is_tensor,
            numel=_numel,
            is_floating_point=_floating,
            manual_seed=nothing,
            compile=first,
            get_default_dtype=said("float32"),
            set_default_dtype=default_type,
            seed=nothing,
            set_num_threads=nothing,
            is_grad_enabled=said(False),
            set_printoptions=nothing,
            set_default_tensor_type=default_type,
            is_autocast_enabled=said(False),
            is_complex=said(False),
            _assert=nothing,
            typename=lambda at, value: "torch.Tensor",
            set_float32_matmul_precision=nothing,
            use_deterministic_algorithms=nothing,
            is_inference_mode_enabled=said(False),
            save=nothing,
        ),
    }
    for name in "Float Double Half Long Int Short Byte Bool".split():
        cls = found[f"{name}Tensor"] = Class(f"{name}Tensor", (TENSOR,), None, _make_tensor)
        cls.traits["dtype"] = name.lower()
    return found


def nn_names() -> dict[str, Value]:
    """The names of torch.nn."""
    from .lazy import LAZY
    from .transformers import TRANSFORMERS

    return {"Module": MODULE, **LAYERS, **LAZY, **CONTAINERS, **TRANSFORMERS, "Parameter": PARAMETER}


def module_names() -> dict[str, Value]:
    """``torch.nn.modules``, whose own modules have the same classes."""
    return nn_names()


def functional_names() -> dict[str, Value]:
    """The names of torch.nn.functional."""
    found = operation_names()
    found |= natives(
        has_torch_function=said(False), has_torch_function_unary=said(False), handle_torch_function=nothing
    )
    found["unfold"] = _operation("im2col")
    return found


def _tensor_operator(name: str) -> Value:
    return StaticMethod(
        Native(name, lambda at, value, /, *args, **kwargs: at.call(at.attribute(value, name), args, kwargs))
    )


for _name in RULES:
    TENSOR.namespace.setdefault(_name, _tensor_operator(_name))
