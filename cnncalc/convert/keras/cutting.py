"""Operations of keras.ops that cut, pick and repeat values along axes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from ...layers import LayerError
from ...values import how_many
from .described import DescribedLayer
from .reading import KerasReader
from .shared import axes_named, reshaped, sizes_of

_Inputs = list[int]
#: Parts of a split that are looked at one by one.
_MOST_PARTS = 16_384


def get_item(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """What stands in brackets behind a tensor: the sample axis stays."""
    given = layer.config.get("key", next((x for x in layer.call.args if isinstance(x, list)), None))
    shape: list[Any] = [None, *sizes_of(filling, inputs[0])]
    if not isinstance(given, list):
        return [filling.unknown(inputs)]
    parts = list(given)
    named = sum(part is not None and not _is_rest(part) for part in parts)
    if any(map(_is_rest, parts)):
        at = next(place for place, part in enumerate(parts) if _is_rest(part))
        parts[at : at + 1] = [_SLICE] * (len(shape) - named)
    elif named > len(shape):
        raise LayerError(f"{how_many(named, 'index')} of a tensor with {how_many(len(shape), 'axis')}")
    made: list[Any] = []
    place = 0
    for part in [*parts, *[_SLICE] * (len(shape) - sum(part is not None for part in parts))]:
        if part is None:
            made.append(1)
            continue
        size, place = shape[place], place + 1
        found = _indexed(part, size)
        if found == "?":
            return [filling.unknown(inputs)]
        made += found
    if made[:1] != [None] or None in made[1:]:
        return [filling.unknown(inputs)]
    return [reshaped(filling, made[1:], inputs[0])]


_SLICE = {"class_name": "__slice__", "config": {"start": None, "stop": None, "step": None}}


def _is_rest(part: Any) -> bool:
    return part == "..." or (isinstance(part, dict) and part.get("class_name") == "__ellipsis__")


def _indexed(part: Any, size: Any) -> Any:
    """What an index leaves of an axis: nothing, or its new size; "?" where that is not told. Raises LayerError."""
    if isinstance(part, dict) and isinstance(part.get("config"), dict):
        ends = [part["config"].get(key) for key in ("start", "stop", "step")]
        if not all(end is None or type(end) is int for end in ends) or ends[2] == 0:
            return "?"
        if size is None:
            return [None] if ends == [None, None, None] else "?"
        return [len(range(*slice(*ends).indices(size)))]
    if type(part) is not int:
        return "?"
    if size is not None and not -size <= part < size:
        raise LayerError(f"index {part} of an axis of {size}")
    return [] if size is not None else "?"


def _resized(filling: KerasReader, layer: DescribedLayer, tensor: int, sizes: Callable[[int], list[int]]) -> int:
    """A tensor that has other sizes in the place of that of the axis that an operation names."""
    shape = sizes_of(filling, tensor)
    axes = axes_named(layer, len(shape) + 1)
    if axes is None or len(axes) != 1 or axes[0] == 0:
        return filling.unknown([tensor])
    place = axes[0] - 1
    return reshaped(filling, (*shape[:place], *sizes(shape[place]), *shape[place + 1 :]), tensor)


def repeat(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """Each value of an axis so many times; of several numbers each for its value."""
    times = layer.config.get("repeats")
    if type(times) is int and times > 0:
        return [_resized(filling, layer, inputs[0], lambda size: [size * times])]
    return [filling.unknown(inputs)]


def take(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """Values of an axis by their places: a list of them, or one."""
    found = layer.config.get("indices", next((arg for arg in layer.call.args if type(arg) in (list, int)), None))
    if len(inputs) == 1 and type(found) is int:
        return [_resized(filling, layer, inputs[0], lambda size: [])]
    if len(inputs) > 1 or not isinstance(found, list) or not all(type(one) is int for one in found):
        return [filling.unknown(inputs)]
    return [_resized(filling, layer, inputs[0], lambda size: [len(found)])]


def split(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """Parts along an axis: so many equal ones, or between given places, or in TensorFlow of given sizes."""
    shape = list(sizes_of(filling, inputs[0]))
    axes = axes_named(layer, len(shape) + 1) or [0]
    given = {**layer.call.kwargs, **layer.config}
    sizes = given.get("num_or_size_splits")
    parts = given.get("indices_or_sections", sizes)
    if len(axes) != 1 or axes[0] == 0:
        return [filling.unknown(inputs)]
    size = shape[axes[0] - 1]
    if type(parts) is int and parts <= _MOST_PARTS:
        if parts < 1 or size % parts:
            raise LayerError(f"{how_many(size, 'value')} cannot be split into {parts} equal parts")
        sizes = [size // parts] * parts
    elif not isinstance(parts, list) or not all(type(part) is int for part in parts):
        return [filling.unknown(inputs)]
    elif sizes is None:
        places = [0, *parts, size]
        sizes = [end - start for start, end in pairwise(places)]
    if sum(sizes) != size or min(sizes) < 1:
        raise LayerError(f"{how_many(size, 'value')} cannot be split at {parts}")
    return [
        reshaped(filling, [one if axis == axes[0] else old for axis, old in enumerate(shape, 1)], inputs[0])
        for one in sizes
    ]


def stack(filling: KerasReader, layer: DescribedLayer, inputs: _Inputs) -> Iterable[int]:
    """Tensors of one shape along a further axis."""
    shapes = {sizes_of(filling, tensor) for tensor in inputs}
    if len(shapes) != 1:
        raise LayerError("the tensors have other shapes")
    shape = list(shapes.pop())
    axes = axes_named(layer, len(shape) + 2) or [0]
    if axes[0] == 0:
        return [filling.unknown(inputs)]
    shape.insert(axes[0] - 1, len(inputs))
    return [reshaped(filling, shape, *inputs)]
