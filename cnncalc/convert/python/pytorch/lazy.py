"""``nn.LazyLinear`` and its like: layers that are made for their first input, and are plain ones from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...torch.values import Tensor
from ..values import Class, Native, UnknownReached, Value
from .layers import CLASSES, ConstructorSignature
from .modules import ModuleInstance
from .table import TABLE

if TYPE_CHECKING:
    from ..interpreter import Evaluator

_KINDS = (
    "Linear",
    *[f"{kind}{rank}d" for kind in ("Conv", "ConvTranspose", "BatchNorm", "InstanceNorm") for rank in "123"],
)
_GIVEN = "_lazily_given"


def _lazy(name: str) -> Class:
    """The class of layers that become one of torch.nn, of which the first argument is not said."""
    plain = CLASSES[name]
    words = TABLE[name].signature.split(", ")
    signature = ConstructorSignature(", ".join(words[1:]))

    def init(interpreter: Evaluator, module: ModuleInstance, /, *args: Value, **kwargs: Value) -> None:
        signature.bound(f"Lazy{name}", args, kwargs)
        module.ready = True
        module.attributes[_GIVEN] = args, kwargs

    def forward(interpreter: Evaluator, module: ModuleInstance, input: Value) -> Value:
        if _GIVEN in module.attributes:
            channels = _channels(interpreter, name, input)
            args, kwargs = module.attributes.pop(_GIVEN)
            plain.namespace["__init__"].function(interpreter, module, channels, *args, **kwargs)
            module.cls = plain if module.cls is made else module.cls
        return plain.namespace["forward"].function(interpreter, module, input)

    made = Class(f"Lazy{name}", (plain,), {"__init__": Native("__init__", init), "forward": Native("forward", forward)})
    return made


def _channels(interpreter: Evaluator, name: str, input: Value) -> int:
    """How many channels, or features, an input has. Raises UnknownReached, TypeError."""
    if not isinstance(input, Tensor):
        raise TypeError(f"Lazy{name} takes a tensor")
    axis = -1 if name == "Linear" else -1 - int(name[-2]) if "Conv" in name else 1
    if input.shape is None or not -len(input.shape) <= axis < len(input.shape):
        raise UnknownReached(interpreter.unknown("the channels of a tensor"))
    size = input.shape[axis]
    if not isinstance(size, int):
        raise UnknownReached(interpreter.unknown("the channels of a tensor"))
    return size


LAZY = {made.name: made for made in map(_lazy, _KINDS)}
