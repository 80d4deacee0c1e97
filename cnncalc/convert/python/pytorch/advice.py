"""What to write in the place of a module that does not take what enters it."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from math import prod
from typing import TYPE_CHECKING, Any

from ....diagnostics import Source
from ....records import Record
from ....values import how_many
from ...torch.trace import Trace, TracedCall, Where
from ...torch.values import Dims, Samples, Tensor, number, numbers, spelled

if TYPE_CHECKING:
    from .modules import ModuleInstance
    from .run import ModelRun

#: By the class, without the 2d at the end of its name: the argument that says what enters, and the axis that has it.
_ENTERING = {
    "Linear": ("in_features", -1),
    "Conv": ("in_channels", 1),
    "ConvTranspose": ("in_channels", 1),
    "BatchNorm": ("num_features", 1),
    "InstanceNorm": ("num_features", 1),
    "GroupNorm": ("num_channels", 1),
    "PReLU": ("num_parameters", 1),
    "LayerNorm": ("normalized_shape", -1),
    "LSTM": ("input_size", -1),
    "GRU": ("input_size", -1),
    "RNN": ("input_size", -1),
    "LSTMCell": ("input_size", -1),
    "GRUCell": ("input_size", -1),
    "RNNCell": ("input_size", -1),
    "MultiheadAttention": ("embed_dim", -1),
}
#: Those that give the shape that they are given.
_KEEPING = frozenset(("BatchNorm", "InstanceNorm", "GroupNorm", "PReLU", "LayerNorm"))
#: Modules that make modules of these classes, which are not in the code that is read.
_MAKERS = frozenset(
    "TransformerEncoderLayer TransformerDecoderLayer TransformerEncoder TransformerDecoder Transformer".split()
)
#: Arguments that have to divide the one that is advised.
_DIVISORS = ("groups", "num_groups", "num_heads")


class InputLayout(Record):
    """The input in another layout: its shape, and the call that gives it."""

    shape: Dims
    call: str


def _entering(module: ModuleInstance) -> tuple[str, int] | None:
    return _ENTERING.get(_family(module))


def _family(module: ModuleInstance) -> str:
    """The class of torch.nn that it is, without its number of axes: ``Conv`` of a Conv2d."""
    leaf = module.cls.trait("leaf") or ""
    return leaf[:-2] if leaf[-1:] == "d" and leaf[-2:-1] in "123" else leaf


def _rank(module: ModuleInstance) -> int | None:
    """How many axes its input has with samples and channels; None where that is not fixed."""
    leaf = module.cls.trait("leaf") or ""
    return int(leaf[-2]) + 2 if leaf != _family(module) else None


def instead(module: ModuleInstance, tensors: Sequence[Tensor]) -> str | None:
    """``write nn.Linear(3136, 10)``: the constructor with the size that enters, or the call that gives what it takes;
    None where neither is the cure.
    """
    entering = _entering(module)
    moving = next((tensor for tensor in tensors if not tensor.fixed and tensor.shape is not None), None)
    if entering is None or moving is None or len(moving.sizes) < 2:
        return None
    name, axis = entering
    given = dict(module.attributes.get("_given", {}))
    said, sizes = given.get(name), moving.sizes
    rank = _rank(module)
    if rank is not None and len(sizes) != rank:
        return _with_samples(moving, said) if len(sizes) == rank + 1 else None
    rearranged = _rearranged(module, moving)
    size = _size(said, sizes, axis)
    if size is None or size == said:
        return None
    written = None if _made_elsewhere(module) else _written(module, {**given, name: size})
    if rearranged is None:
        return f"write {written}" if written else None
    if len(rearranged.shape) == 2:
        flat = prod(moving.sample)
        more = "" if flat == said else f", and write {_written(module, {**given, name: flat})}"
        return f"flatten it first, x.flatten(1): that has {how_many(flat, 'value', ',')}{more}"
    also = f", or write {written}" if written else ""
    return f"{rearranged.call} has {said} on that axis{also}"


def _with_samples(moving: Tensor, said: Any) -> str | None:
    """What to say of an input of the network that seems to be given with its samples."""
    if isinstance(moving.producer, TracedCall) or moving.axis != 0 or moving.sizes[2] != said:
        return None
    return f"the shape of an input is that of one sample, without the batch: {spelled(moving.sizes[2:])}"


def _size(said: Any, sizes: Dims, axis: int) -> int | list[int] | None:
    """What the argument would have to be for what enters, a list for a list; None where the samples are there."""
    if isinstance(said, list | tuple):
        last = sizes[-len(said) :]
        return None if any(isinstance(one, Samples) for one in last) else list(numbers(last))
    return None if isinstance(sizes[axis], Samples) else number(sizes[axis])


def _made_elsewhere(module: ModuleInstance) -> bool:
    """Whether the call that stands in the code makes a larger module, of which this is a part."""
    node = module.defined.node if module.defined is not None else None
    function = node.func if isinstance(node, ast.Call) else None
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", None)
    return name in _MAKERS


def _rearranged(module: ModuleInstance, tensor: Tensor) -> InputLayout | None:
    """The input flattened, or with its axes in another order, where the module then takes it."""
    name, axis = _ENTERING[_family(module)]
    said, sizes = module.attributes.get(name), tensor.sizes
    if tensor.axis != 0:
        return None
    if _family(module) == "Linear" and (len(sizes) > 3 or (len(sizes) == 3 and prod(tensor.sample) == said)):
        return InputLayout((sizes[0], prod(tensor.sample)), "x.flatten(1)")
    if len(sizes) == 3 and sizes[1 if axis == -1 else 2] == said:
        return InputLayout((sizes[0], sizes[2], sizes[1]), "x.transpose(1, 2)")
    if len(sizes) == 4 and axis == 1 and sizes[3] == said != sizes[2]:  # no square picture of as many rows
        return InputLayout((sizes[0], sizes[3], *sizes[1:3]), "x.permute(0, 3, 1, 2)")
    return None


def _written(module: ModuleInstance, given: dict[str, Any]) -> str | None:
    """``nn.Linear(3136, 10)``; None where PyTorch does not take that."""
    size = next(iter(given.values())) if _family(module) != "GroupNorm" else given.get("num_channels")
    whole = {**module.attributes, **given}
    if isinstance(size, int) and any(size % whole[name] for name in _DIVISORS if isinstance(whole.get(name), int)):
        return None
    words = [_word(given, key, place) for place, key in enumerate(given)]
    return f"nn.{module.cls.trait('leaf')}({', '.join(words)})"


def _word(given: dict[str, Any], key: str, place: int) -> str:
    value = given[key]
    return repr(value) if place < 3 and not isinstance(value, bool) else f"{key}={value!r}"


def presumed(run: ModelRun, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Dims | None:
    """The shape that a refused call would give after the cure that is advised; None where that is not told.

    So that what follows is judged, too.
    """
    module = run.stack[-1]
    entering = _entering(module)
    if entering is None or not args or not isinstance(args[0], Tensor) or args[0].shape is None:
        return None
    word, axis = entering
    if _family(module) in _KEEPING:
        return args[0].shape
    size, sizes = module.attributes.get(word), list(args[0].shape)
    rearranged = _rearranged(module, args[0])
    if rearranged is not None:
        sizes = list(rearranged.shape)
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
    flat = before.axis == 0 == after.axis and len(after.sizes) == 2 and len(before.sizes) > 2
    if flat and prod(before.sample) == after.sample[0]:  # a mean, or the last step, is no product
        return f"{text} ({'·'.join(map(str, before.sample))} = {after.sample[0]:,})"
    return text
