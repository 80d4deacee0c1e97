"""Types of weights: float32 unless the code says otherwise, and what they are multiplied by has the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ....layers import LayerError
from ...torch.trace import tensors_in
from ...torch.values import Tensor
from ..values import Value

if TYPE_CHECKING:
    from ..interpreter import Evaluator
    from .modules import ModuleInstance

_METHODS = {"half": "float16", "float": "float32", "double": "float64", "bfloat16": "bfloat16"}
#: Layers that read whole numbers, and one that widens its weights.
_OTHERS = ("Embedding", "EmbeddingBag", "RMSNorm")
#: What the interpreter keeps once code has another default type than float32: then no type is told for certain.
UNTOLD = "default type"


def set_types(module: ModuleInstance, dtype: Value) -> None:
    """Gives the real numbers that a module and those in it store a type, where `dtype` is one."""
    if dtype not in _METHODS.values():
        return
    for _, part in module.named():
        for kept in (part.parameters, part.buffers):
            for tensor in kept.values():
                if isinstance(tensor, Tensor) and tensor.dtype is not None and "float" in tensor.dtype:
                    tensor.dtype = dtype


def retyping(name: str) -> Callable[..., Any]:
    """A method that gives the module itself, with weights of another type where it says one: `double`, or `to`."""

    def method(interpreter: Evaluator, module: ModuleInstance, /, *args: Value, **kwargs: Value) -> Value:
        given = [_METHODS.get(name), *args, *kwargs.values()]
        set_types(module, next((one for one in given if isinstance(one, str) and one in _METHODS.values()), None))
        return module

    return method


def default_type(interpreter: Evaluator, dtype: Value = None) -> None:
    """``torch.set_default_dtype``."""
    if dtype != "float32":
        interpreter.kept[UNTOLD] = True


def same_types(interpreter: Evaluator, module: ModuleInstance, given: Any) -> None:
    """Takes note of a layer with float32 weights that is given float64: PyTorch refuses that.

    The types of what enters the network are not said, and autocast lets other types pass.
    """
    weight = next((parameter for parameter in module.parameters.values() if isinstance(parameter, Tensor)), None)
    if weight is None or weight.dtype != "float32" or UNTOLD in interpreter.kept:
        return
    wide = [one for one in tensors_in(given) if one.dtype == "float64"]
    if not wide or module.cls.trait("leaf") in _OTHERS:
        return
    run = interpreter.kept["run"]
    error = LayerError(
        "its weights are float32, and it is given float64 (double)", "input",
        "make what it is given float32: dtype=torch.float32 where it is made, or .float(); or the weights float64: "
        "self.double() at the end of __init__",
    )  # fmt: skip
    run.refused(run.where(module.cls.name), error, wide)
    for tensor in wide:
        tensor.dtype = "float32"
