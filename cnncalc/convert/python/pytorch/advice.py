"""What to write in the place of a module that does not take what enters it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import TYPE_CHECKING, Any

from ....diagnostics import Source
from ....values import how_many
from ...torch.trace import Trace, TracedCall, Where
from ...torch.values import Dims, Samples, Tensor, number, spelled

if TYPE_CHECKING:
    from .modules import ModuleInstance
    from .run import ModelRun

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
    moving = next((tensor for tensor in tensors if not tensor.fixed and tensor.shape is not None), None)
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
    if leaf == "Linear" and len(sizes) > 3 and moving.axis == 0:
        flat = prod(moving.sample)
        more = "" if flat == said else f", and write {_written(leaf, {**given, name: flat})}"
        return f"flatten it first, x.flatten(1): that has {how_many(flat, 'value', ',')}{more}"
    return f"write {_written(leaf, {**given, name: entering})}"


def _written(leaf: str, given: dict[str, Any]) -> str:
    """``nn.Linear(3136, 10)``."""
    words = [_word(given, key, place) for place, key in enumerate(given)]
    return f"nn.{leaf}({', '.join(words)})"


def _word(given: dict[str, Any], key: str, place: int) -> str:
    value = given[key]
    return repr(value) if place < 3 and not isinstance(value, bool) else f"{key}={value!r}"


def presumed(run: ModelRun, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Dims | None:
    """The shape that a refused call would give if what enters it were what it is made for; None where that is not told.

    So that what follows is judged, too.
    """
    module = run.stack[-1]
    leaf = module.cls.trait("leaf")
    if leaf not in _ENTERING or not args or not isinstance(args[0], Tensor) or args[0].shape is None:
        return None
    word, axis = _ENTERING[leaf]
    size, sizes = module.attributes.get(word), list(args[0].shape)
    if not isinstance(size, int) or len(sizes) < 2 or isinstance(sizes[axis], Samples):
        return None
    sizes[axis] = size
    scratch = Trace(Source("", ""), run.trace.assembler)
    made = scratch.call(name, [Tensor(tuple(sizes), args[0].dtype), *args[1:]], kwargs, Where(name))
    made = made[0] if isinstance(made, tuple) else made
    return made.shape if isinstance(made, Tensor) else None


#: So many of the calls before are told of.
_TOLD = 3


def history(tensors: Sequence[Tensor]) -> tuple[str, ...]:
    """How the shape of what enters came about: the last calls that changed it."""
    tensor = next((one for one in tensors if not one.fixed and one.shape is not None), None)
    found: list[str] = []
    steps = 0
    while tensor is not None and len(found) < _TOLD and steps < 200:
        step = tensor.producer
        if not isinstance(step, TracedCall):
            found.append(f"the input is {spelled(tensor.sizes)}")
            break
        before = next((one for one in step.inputs if not one.fixed and one.shape is not None), None)
        if before is None or tensor.shape is None:
            break
        if before.shape != tensor.shape:
            found.append(_told(step, before, tensor))
        tensor, steps = before, steps + 1
    return (f"the shape came about so: {', '.join(reversed(found))}",) if found else ()


def _told(step: TracedCall, before: Tensor, after: Tensor) -> str:
    """``view gives Nx256 (16·4·4 = 256)``."""
    text = f"'{step.where.name}' gives {spelled(after.sizes)}"
    if before.axis == 0 == after.axis and len(after.sizes) == 2 and len(before.sizes) > 2:
        return f"{text} ({'·'.join(map(str, before.sample))} = {after.sample[0]:,})"
    return text
