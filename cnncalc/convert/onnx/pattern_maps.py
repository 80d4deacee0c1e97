"""Factors and biases, normalisations, shuffles and borders that exporters write out."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from ...layers.op import Op
from ...values import Pair, Size, Word
from .elementwise import letter
from .search import Match, Search, with_number
from .steps import OperatorStep
from .values import Value
from .windows import sides

#: The least number of 32 bits, nearly: what is no more stands for minus infinity.
_LEAST = -3.4e38


def _channels(value: Value | None, rank: int) -> bool:
    """Whether a stored tensor has a number a channel of a map of so many axes."""
    if value is None or not value.fixed or value.shape is None or not value.storages:
        return False
    shape = (1,) * (rank - len(value.shape)) + value.shape
    return len(shape) == rank > 1 and prod(shape) == shape[1] == sum(storage.elements for storage in value.storages)


def _stored(step: OperatorStep) -> Value | None:
    """The one fixed tensor that an operator reads beside a moving one."""
    fixed = [value for value in step.inputs if value is not None and value.fixed]
    return fixed[0] if len(fixed) == 1 and len(step.inputs) == 2 else None


def _affine(search: Search, step: OperatorStep) -> Match | None:
    """A stored factor a channel, and a constant: what a batch norm comes to."""
    constant = _stored(step)
    product = search.maker(next((value for value in step.inputs if value is not constant), None), "Mul")
    factor = None if product is None else _stored(product)
    rank = len(step.outs[0].shape or ())
    if product is None or not _channels(constant, rank) or not _channels(factor, rank):
        return None
    assert constant is not None
    assert factor is not None
    value = next(one for one in product.inputs if one is not factor)
    if value is None or rank < 3:
        return None
    return Match("scale", value, [product], {"bias": True}, [*factor.storages, *constant.storages])


def _grouped(search: Search, step: OperatorStep) -> Match | None:
    """Groups as channels, an instance norm over them that learns nothing, and a factor and a constant a channel."""
    match = _affine(search, step)
    back = None if match is None else search.maker(match.value, "Reshape")
    norm = None if back is None else search.maker(back.inputs[0], "InstanceNormalization")
    cut = None if norm is None else search.maker(norm.inputs[0], "Reshape")
    if match is None or back is None or norm is None or cut is None or norm.answer.weights:
        return None
    value, parts = cut.inputs[0], cut.outs[0].shape
    if value is None or not parts or value.shape != step.outs[0].shape:
        return None
    return Match("gn", value, [cut, norm, back, *match.before], {"groups": parts[1]}, match.weights)


def _biased(search: Search, step: OperatorStep) -> Match | None:
    """A product with a stored matrix, and a constant behind it."""
    constant = _stored(step)
    product = search.maker(next((value for value in step.inputs if value is not constant), None), "MatMul", "Gemm")
    if constant is None or product is None or product.answer.layer is None or product.answer.layer.kind != "fc":
        return None
    layer, value = product.answer.layer, product.inputs[0]
    units = step.outs[0].shape[-1] if step.outs[0].shape else 0
    if (
        value is None
        or dict(layer.values).get("bias")
        or sum(storage.elements for storage in constant.storages) != units
    ):
        return None
    weights = [*(product.answer.weights or ()), *constant.storages]
    return Match("fc", value, [product], {"units": units, "bias": True}, weights)


def _shuffle(search: Search, step: OperatorStep) -> Match | None:
    """Channels cut into groups, turned, and put together: a channel shuffle."""
    turned = search.maker(step.inputs[0], "Transpose")
    cut = None if turned is None else search.maker(turned.inputs[0], "Reshape")
    value = None if cut is None else cut.inputs[0]
    if cut is None or turned is None or value is None or value.shape is None or value.shape != step.outs[0].shape:
        return None
    parts, rank = cut.outs[0].shape, len(value.shape)
    if parts is None or len(parts) != rank + 1 or rank < 3 or parts[3:] != value.shape[2:]:
        return None
    if _order(turned) != [0, 2, 1, *range(3, rank + 1)] or turned.answer.outs[0].axis != 0:
        return None
    depth = search.maker(value, "SpaceToDepth")
    source = None if depth is None else depth.inputs[0]
    if depth is not None and source is not None and parts[1] * value.known[-1] ** 2 == source.known[-1] ** 2:
        # its blocks stand before the channels, and are turned behind them
        return Match("pixelunshuffle", source, [depth, cut, turned], {"factor": source.known[-1] // value.known[-1]})
    return Match("shuffle", value, [cut, turned], {"groups": parts[1]})


def _padded_pool(search: Search, step: OperatorStep) -> Match | None:
    """A border, and a pool over it, which itself has none: how a pool that rounds up is exported."""
    border = search.maker(step.inputs[0], "Pad")
    layer, before = step.answer.layer, None if border is None else border.answer.layer
    if layer is None or border is None or before is None or before.kind != "pad":
        return None
    given, padding = dict(layer.values), dict(before.values)
    value = border.inputs[0]
    if padding["mode"] != "zero" or given.get("to") is not None or value is None or isinstance(given["pad"], str):
        return None
    spatial = len(value.known) - 2
    own, more = (_sides(one, spatial) for one in (given["pad"], padding["amount"]))
    before_after = [(a[0] + b[0], a[1] + b[1]) for a, b in zip(own, more, strict=True)]
    if any(min(one) < 0 for one in more):  # what is cut off is no border
        return None
    if not _border_unseen(search, border, mean=layer.linear):
        return None
    pad = sides([one[0] for one in before_after], [one[1] for one in before_after])
    kept = {name: one for name, one in given.items() if one is not None}
    if given.get("countpad") is False:  # of a mean the zeros of the border are a part, and those of the pool are none
        if any(before or after for before, after in own):
            return None
        kept["countpad"] = True
    return Match(layer.kind, value, [border], {**kept, "pad": pad})


def _border_unseen(search: Search, border: OperatorStep, mean: bool) -> bool:
    """Whether a pool makes of a border what it makes of its own padding: a mean of zeros, a maximum of what is no more
    than all that enters.
    """
    constant = border.inputs[2] if len(border.inputs) > 2 else None
    numbers = [_attribute(border, "value") or 0] if constant is None else constant.numbers
    if not numbers or mean or not isinstance(numbers[0], int | float):
        return numbers == [0]
    return numbers[0] <= _LEAST or (numbers[0] <= 0 and search.nonnegative(border.inputs[0]))


def _sides(amount: Any, rank: int) -> list[tuple[int, int]]:
    """A border, before and after, of every axis."""
    items = list(amount) if isinstance(amount, Size) else [amount] * rank
    return [(item.before, item.after) if isinstance(item, Pair) else (item, item) for item in items]


def _focus(search: Search, step: OperatorStep) -> Match | None:
    """Every second pixel, in as many maps as that takes, side by side."""
    before: list[OperatorStep] = []
    sources: set[Value | None] = set()
    starts: set[Sequence[tuple[int, int]]] = set()
    for value in step.inputs:
        part = search.maker(value, "Slice")
        if part is None:
            return None
        source, start = _every_second(part, before)
        sources.add(source)
        starts.add(start)
    value = sources.pop() if len(sources) == 1 else None
    wanted = {((2, row), (3, column)) for row in (0, 1) for column in (0, 1)}
    if value is None or value.shape is None or len(value.shape) != 4 or len(step.inputs) != 4 or starts != wanted:
        return None
    if any(
        search.readers(one.outs[0]) > max(sum(one.outs[0] in other.inputs for other in before), 1) for one in before
    ):
        return None  # rows that something else reads, too
    return Match("pixelunshuffle", value, before, {"factor": 2})


def _every_second(part: OperatorStep, before: list[OperatorStep]) -> tuple[Value | None, Sequence[tuple[int, int]]]:
    """What is sliced along one axis after the other, and the axes with the elements at which they begin; none where not
    every second is taken. The slices go to `before`, each once.
    """
    found: dict[int, int] = {}
    while True:
        if part not in before:
            before.append(part)
        starts, axes, steps = (_numbers(part, place) or [] for place in (1, 3, 4))
        cut = list(zip(axes or range(len(starts)), starts, steps, strict=False))
        if not cut or any((start, step) != (0, 1) and step != 2 for _, start, step in cut):
            return None, ()
        found |= {axis % 4: start for axis, start, step in cut if step == 2}
        value = part.inputs[0]
        inner = value.producer if value is not None else None
        if not isinstance(inner, OperatorStep) or inner.node.op != "Slice":
            return value, tuple(sorted(found.items()))
        part = inner


def _numbers(step: OperatorStep, place: int) -> list[int] | None:
    """The numbers that an operator reads at a place."""
    value = step.inputs[place] if place < len(step.inputs) else None
    return None if value is None else value.numbers


def _turned_back(search: Search, step: OperatorStep) -> Match | None:
    """A tensor that is transposed, and transposed back."""
    first = search.maker(step.inputs[0], "Transpose")
    value = None if first is None else first.inputs[0]
    if first is None or value is None or value.shape is None or value.axis != 0:
        return None
    order = [_order(one) for one in (first, step)]
    if None in order or [order[0][place] for place in order[1] or ()] != list(range(len(value.shape))):  # type: ignore[index]
        return None
    return Match("identity", value, [first])


def _attribute(step: OperatorStep, name: str) -> Any:
    """An attribute of an operator; None where it is left out."""
    from .proto import attribute

    data = step.node.attributes.get(name)
    return None if data is None else attribute(data)


def _order(step: OperatorStep) -> list[int] | None:
    """The axes of a transposition."""
    found, shape = _attribute(step, "perm"), step.outs[0].shape
    return found if isinstance(found, list) else None if shape is None else list(range(len(shape)))[::-1]


def _layer_norm(search: Search, step: OperatorStep) -> tuple[list[OperatorStep], Value, set[int]] | None:
    """(x - mean)/√(variance + ε): the steps, x, and the axes, by the division at its end."""
    sub = step.inputs[0].producer if step.inputs[0] is not None else None
    root = search.maker(step.inputs[1], "Sqrt")
    added = None if root is None else search.maker(root.inputs[0], "Add")
    number = None if added is None else with_number(added)
    variance = None if number is None else search.maker(number[0], "ReduceMean")
    square = None if variance is None else search.maker(variance.inputs[0], "Pow", "Mul")
    if not isinstance(sub, OperatorStep) or sub.node.op != "Sub" or square is None or not _squared(search, square, sub):
        return None
    value, mean = sub.inputs[0], search.maker(sub.inputs[1], "ReduceMean")
    if value is None or mean is None or mean.inputs[0] is not value or value.shape is None:
        return None
    assert root is not None
    assert added is not None
    assert variance is not None
    axes = {place for place, (one, size) in enumerate(zip(mean.outs[0].shape or (), value.shape, strict=False))
            if one != size}  # fmt: skip
    if variance.outs[0].shape != mean.outs[0].shape:
        return None
    return [mean, sub, square, variance, added, root], value, axes


def _squared(search: Search, square: OperatorStep, sub: OperatorStep) -> bool:
    """Whether a step is the square of what another gives, which beside it only one step reads: the division."""
    difference, number = sub.outs[0], with_number(square)
    if square.node.op == "Pow":
        return number == (difference, 2) and search.readers(difference) == 2
    return list(square.inputs) == [difference, difference] and search.readers(difference) == 3


def _normalised(search: Search, step: OperatorStep) -> Match | None:
    """A layer norm written out, with its factor and constant, over all that it is stored for."""
    constant, factor = _stored(step), None
    product = search.maker(next((value for value in step.inputs if value is not constant), None), "Mul")
    factor = None if product is None else _stored(product)
    if product is None or constant is None or factor is None:
        return None
    division = search.maker(next((value for value in product.inputs if value is not factor), None), "Div")
    found = None if division is None else _layer_norm(search, division)
    if found is None or division is None:
        return None
    steps, value, axes = found
    weights = [*factor.storages, *constant.storages]
    rank, size = len(value.known), sum(storage.elements for storage in factor.storages)
    before = [*steps, division, product]
    if axes == {rank - 1} and rank > 1 and size == value.known[-1]:
        if rank == 2 and value.axis == 0:
            return Match("ln", value, before, {}, weights)
        if value.axis == 0 and rank <= 5:
            return Match("ln", value, before, {"axes": Word(letter(rank - 1, rank))}, weights)
        return Match(Op, value, before, {"name": "LayerNormalization", "shape": value.sample,
                                               "params": 2 * size, "macs": 0}, weights)  # fmt: skip
    return None


#: By the last operator of each, the longer ones first.
PATTERNS = {
    "Add": (_normalised, _grouped, _affine, _biased), "Reshape": (_shuffle,), "MaxPool": (_padded_pool,),
    "AveragePool": (_padded_pool,), "Concat": (_focus,), "Transpose": (_turned_back,),
}  # fmt: skip
