"""What to write in the place of a module that does not take what enters it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...torch.values import Samples, Tensor, number

if TYPE_CHECKING:
    from .modules import ModuleInstance

#: By the class: the argument that says what enters, and the axis that has it.
_ENTERING = {
    "Linear": ("in_features", -1),
    "Conv1d": ("in_channels", 1),
    "Conv2d": ("in_channels", 1),
    "Conv3d": ("in_channels", 1),
    "ConvTranspose1d": ("in_channels", 1),
    "ConvTranspose2d": ("in_channels", 1),
    "ConvTranspose3d": ("in_channels", 1),
    "BatchNorm1d": ("num_features", 1),
    "BatchNorm2d": ("num_features", 1),
    "BatchNorm3d": ("num_features", 1),
    "GroupNorm": ("num_channels", 1),
    "LayerNorm": ("normalized_shape", -1),
    "LSTM": ("input_size", -1),
    "GRU": ("input_size", -1),
    "RNN": ("input_size", -1),
}


def instead(module: ModuleInstance, tensors: Sequence[Tensor]) -> str | None:
    """``write nn.Linear(3136, 10)``: the constructor with the size that enters; None where that is not the cure."""
    leaf = module.cls.trait("leaf")
    moving = next((one for one in tensors if not one.fixed and one.shape is not None), None)
    if leaf not in _ENTERING or moving is None:
        return None
    name, axis = _ENTERING[leaf]
    sizes = moving.sizes
    if len(sizes) < 2 or isinstance(sizes[axis], Samples):
        return None
    given = dict(module.attributes.get("_given", {}))
    entering, said = number(sizes[axis]), given.get(name)
    if said == entering:
        return None
    given[name] = entering
    words = [_word(given, key, place) for place, key in enumerate(given)]
    return f"write nn.{leaf}({', '.join(words)})"


def _word(given: dict[str, Any], key: str, place: int) -> str:
    value = given[key]
    return repr(value) if place < 3 and not isinstance(value, bool) else f"{key}={value!r}"
