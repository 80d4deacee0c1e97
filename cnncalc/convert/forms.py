"""Arguments whose values are written otherwise elsewhere, by their forms in the table of names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..layers.axes import LETTERS
from ..values import Pair, Size, Word, how_many
from .advice import CLAIMED_AXES, CLAIMED_CHANNELS
from .python_values import NotSaid, Variable

if TYPE_CHECKING:
    from .arguments import Arguments


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise NotSaid("the sides are to be whole numbers")
    return value


def _borders(pairs: list[tuple[int, int]]) -> Any:
    sides = [before if before == after else Pair(before, after) for before, after in pairs]
    return sides[0] if (len(set(pairs)) == 1 and len(sides) == 1) or len(set(map(str, sides))) == 1 else Size(sides)


def _flat(of: Arguments, value: Any, before: Any) -> Any:
    """PyTorch's padding: both sides of the last axis, then those of the one before."""
    if isinstance(value, Variable | int):
        return value
    if not isinstance(value, tuple) or len(value) % 2 or not value:
        raise NotSaid(f"{of.name} wants two sides an axis")
    if of.rank is None:
        of.claim(CLAIMED_AXES, len(value) // 2)
    sides = [_whole(one) for one in value]
    return _borders([(sides[place], sides[place + 1]) for place in range(len(sides) - 2, -1, -2)])


def _pairs(of: Arguments, value: Any, before: Any) -> Any:
    """Keras's: a number, one an axis, or two sides an axis."""
    if not isinstance(value, tuple):
        return value
    if of.rank == 1 and len(value) == 2:
        value = (value,)
    if len(value) != of.rank:
        raise NotSaid(f"{of.name} has {how_many(of.rank, 'axis')}, not {len(value)}")
    pairs = [one if isinstance(one, tuple) else (one, one) for one in value]
    if any(len(pair) != 2 for pair in pairs):
        raise NotSaid(f"{of.name} wants two sides an axis")
    return _borders([(_whole(pair[0]), _whole(pair[1])) for pair in pairs])


def _off(of: Arguments, value: Any, before: Any) -> Any:
    """What is taken off, which is a negative padding."""
    if isinstance(value, tuple):
        value = tuple(tuple(-_whole(side) for side in one) if isinstance(one, tuple) else -_whole(one) for one in value)
    else:
        value = -_whole(value)
    return _pairs(of, value, before)


_BORDERS = {"constant": "zero", "zeros": "zero", "reflect": "reflect", "replicate": "replicate", "edge": "replicate",
            "circular": "circular", "wrap": "circular"}  # fmt: skip


def _border(of: Arguments, value: Any, before: Any) -> Any:
    """What a border is made of."""
    if value not in _BORDERS:
        raise NotSaid(f"no pad has a border of {value!r}")
    return Word(_BORDERS[value])


def _all_axes(of: Arguments, count: int) -> str:
    """The letters of all axes of a tensor that has so many, of which that is claimed."""
    if count not in LETTERS:
        raise NotSaid(f"{of.name} is over {count} axes; a tensor has four at most")
    if count > 1:
        of.claim(CLAIMED_AXES, count - 1)
    return "".join(LETTERS[count])


def _in_order(places: tuple[Any, ...], first: int) -> bool:
    """Whether `places` are as many axes from `first` on, in any order."""
    return all(type(place) is int for place in places) and sorted(places) == [*range(first, first + len(places))]


def _normed(of: Arguments, value: Any, before: Any) -> Any:
    """The sizes of the last axes, all that a sample has: of one number the channels'."""
    sizes = value if isinstance(value, tuple) else (value,)
    letters = _all_axes(of, len(sizes))
    of.claim(CLAIMED_CHANNELS, sizes[0])
    return Word(letters)


def _several(of: Arguments, value: Any, before: Any) -> Any:
    """Keras's axes: the last, which are the channels, or all, counted from 1 or from the last."""
    axes = value if isinstance(value, tuple) else (value,)
    if axes == (-1,):
        return Word("C")
    if not _in_order(axes, 1) and not _in_order(axes, -len(axes)):
        raise NotSaid(f"which axes {value} are depends on the tensor: 'ln axes=HW' says them by their letters")
    return Word(_all_axes(of, len(axes)))


def _turned(of: Arguments, value: Any, before: Any) -> Any:
    """Keras's order of all axes, counted from 1, the channels last before and after."""
    order = value if isinstance(value, tuple) else (value,)
    if not _in_order(order, 1):
        raise NotSaid(f"{of.name} names every axis once, counted from 1")
    letters = _all_axes(of, len(order))
    last = (*letters[1:], letters[0])
    made = [last[place - 1] for place in order]
    return Word("".join((made[-1], *made[:-1])))


def _batched(of: Arguments, value: Any, before: Any) -> Any:
    """PyTorch's order of all axes, the batch the first of them."""
    order = value if isinstance(value, tuple) else (value,)
    if order[:1] != (0,) or not _in_order(order, 0) or len(order) < 2:
        raise NotSaid("a line says the order of a sample's axes; the batch stays where it is, the first")
    letters = _all_axes(of, len(order) - 1)
    return Word("".join(letters[place - 1] for place in order[1:]))


def _two(of: Arguments, value: Any, before: Any) -> Any:
    """PyTorch's gates have two biases, or none."""
    return 2 if value else 0


def _gate(of: Arguments, value: Any, before: Any) -> Any:
    """Keras's have one, or none; its GRU two, unless it resets before the product."""
    return 0 if not value else 2 if of.said.get("reset_after") else 1


def _unless(of: Arguments, value: Any, before: Any) -> Any:
    """Only the last step, unless all are asked for."""
    return not value


def _direction(of: Arguments, value: Any, before: Any) -> Any:
    return value == "bidirectional"


def _one(of: Arguments, value: Any, before: Any) -> Any:
    """A slope for all channels, or one each."""
    if value != 1:
        of.claim(CLAIMED_CHANNELS, value)
    return value == 1


def _axes(of: Arguments, value: Any, before: Any) -> Any:
    """Keras's axes that share a slope: all spatial ones, counted from 1."""
    if value is None:
        return Word("each")
    axes = (value,) if isinstance(value, int) else value
    if not isinstance(axes, tuple) or sorted(axes, key=str) != list(range(1, len(axes) + 1)):
        raise NotSaid("this PReLU shares some axes; 'prelu' has one a channel, 'prelu shared=each' one an element")
    of.claim(CLAIMED_AXES, len(axes))
    return False


def _unstrided(of: Arguments, value: Any, before: Any) -> Any:
    """PyTorch's convolutions have "same" where nothing is stepped over."""
    stride = of.said["stride"]
    if value == "same" and any(one != 1 for one in (stride if isinstance(stride, tuple) else (stride,))):
        raise NotSaid("PyTorch refuses padding='same' beside a stride")
    return of.sized(value)


def _scale(of: Arguments, value: Any, before: Any) -> Any:
    if value is False and of.said["center"] is not False:
        raise NotSaid(f"a {of.name} that learns a constant and no factor cannot be said: 'affine=no' leaves out both")
    return value


def _linear(of: Arguments, value: Any, before: Any) -> Any:
    """PyTorch has a word for linear interpolation for every number of axes."""
    words = ("linear", "bilinear", "trilinear")
    if value == "nearest" or value not in words:
        return Word(value)
    if of.rank is None:
        of.claim(CLAIMED_AXES, words.index(value) + 1)
    return Word("bilinear")


def _side(of: Arguments, value: Any, before: Any) -> Any:
    """One axis of a size that is given in several arguments."""
    sides = (*(before if isinstance(before, Size) else () if before is None else (before,)), _whole(value))
    return Size(sides)


def _last(of: Arguments, value: Any, before: Any) -> Any:
    """A shape, or an axis, with the channels last."""
    if isinstance(value, tuple):
        return Size(None if size == -1 else size for size in (*value[-1:], *value[:-1]))
    if value != -1:
        raise NotSaid(f"the channels are axis -1, not {value}")
    return None


def _spread(of: Arguments) -> list[tuple[int, int]]:
    """Reach and stride of Keras's transposed convolution along every axis."""
    rank = of.rank or 1
    kernel, stride, dilation = (
        value if isinstance(value, tuple) else (value,) * rank
        for value in (of.said["kernel_size"], of.said["strides"], of.said["dilation_rate"])
    )
    if any(len(one) != rank or not all(isinstance(size, int) for size in one) for one in (kernel, stride, dilation)):
        raise NotSaid(f"what {of.name} adds to its output depends on numbers that do not stand in the call")
    return [(d * (k - 1) + 1, s) for k, s, d in zip(kernel, stride, dilation, strict=True)]


def _taken(of: Arguments, value: Any, before: Any) -> Any:
    """What Keras takes off the output: half the kernel where an output padding is given beside "same"."""
    if value == "same" and of.said["output_padding"] is not None:
        return of.sized(tuple(reach // 2 for reach, _ in _spread(of)))
    return of.sized(value)


def _filled(of: Arguments, value: Any, before: Any) -> Any:
    """What Keras adds to the output: it fills up to the stride."""
    if value is None and str(of.said["padding"]).lower() != "same":
        return of.sized(tuple(max(stride - reach, 0) for reach, stride in _spread(of)))
    return None if value is None else of.sized(value)


def _untold(of: Arguments, value: Any, before: Any) -> Any:
    raise NotSaid("the tensor's shape is written out: 'learned 192x1'")


#: By the form in the table: from the value there, and what is known of ours already, to ours.
FORMS: dict[str, Callable[[Arguments, Any, Any], Any]] = {
    "flat": _flat, "pairs": _pairs, "off": _off, "one": _one, "axes": _axes, "scale": _scale, "linear": _linear,
    "side": _side, "last": _last, "taken": _taken, "filled": _filled, "unstrided": _unstrided, "tensor": _untold,
    "two": _two, "gate": _gate, "unless": _unless, "direction": _direction,
    "border": _border, "normed": _normed, "several": _several, "turned": _turned, "batched": _batched,
}  # fmt: skip
