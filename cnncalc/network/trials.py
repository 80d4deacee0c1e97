"""Trying a network at other sizes of its inputs: by passing shapes through its layers, or by having it read again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

from ..diagnostics import ERROR, EXPECTATION_FAILED
from ..values import Shape
from .model import INPUT, Network, Node
from .replay import Propagation, replay

#: What comes of a shape of the inputs: the outputs of the layers that are bound to it; None where it is not accepted.
Trial = Callable[[Shape], "tuple[Shape, ...] | None"]
#: The same of a size.
Try = Callable[[int], "tuple[Shape, ...] | None"]
#: Steps whose multiples are tried first; sizes above the present one where each costs a reading, and where few may do.
_STEPS, _NEAR_READ, _NEAR_BOUND = (2, 4, 8, 16, 32, 64, 128), 17, 512
#: Shapes that are looked at first where each costs a reading: multiples of powers of 2.
_LIKELY = 14


def whole_test(network: Network, inputs: list[Node]) -> Trial:
    """What tries shapes of `inputs`: passing them through the layers, where that tells."""
    return (read_again if only_read(network) else _propagated)(network, inputs)


def only_read(network: Network) -> bool:
    """Whether only its reader tells what another size becomes: it looks at sizes, or could not make a layer."""
    return network.reads_sizes or any(node.layer is None and node.kind != INPUT for node in network.nodes)


def test_along(network: Network, inputs: list[Node], axes: tuple[int, ...]) -> Try:
    """What becomes of a size of some axes."""
    test, shape = whole_test(network, inputs), inputs[0].output or ()
    return lambda size: test(resized(shape, axes, size))


def bound(node: Node) -> bool:
    """Whether its output says if the weights in or behind it still fit."""
    return node.layer is not None and node.layer.size_bound


def _propagated(network: Network, inputs: list[Node]) -> Trial:
    """Passes shapes through the layers as they are."""
    passage = _Passage(network.nodes)
    return lambda shape: passage({node.position: shape for node in inputs})


class _Passage:
    """Shapes on their way through a network, stretch by stretch. What became before of a shape that enters one, up to
    the end, comes from memory: behind a stride many sizes are the same.
    """

    def __init__(self, nodes: Sequence[Node]) -> None:
        memory: dict[tuple[object, ...], Shape | None] = {}
        #: Every stretch gives the outputs of what is bound to the size, and its last; and what came of each shape.
        self._stretches: list[tuple[Propagation, int, dict[object, tuple[Shape, ...] | None]]] = []
        for stretch in _stretches(nodes):
            end = stretch[-1].position
            wanted = [*(node.position for node in stretch if bound(node)), end]
            self._stretches.append((Propagation(stretch, wanted, memory), end, {}))

    def __call__(self, entering: Mapping[int, Shape]) -> tuple[Shape, ...] | None:
        """The outputs of what is bound to the size, given shapes of inputs by position; None where a layer misfits."""
        passed = []
        rest: tuple[Shape, ...] | None = ()
        for propagation, end, known in self._stretches:
            key = tuple(entering.values())
            if key in known:
                rest = known[key]
                break
            shapes = propagation(entering)
            passed.append((known, key, None if shapes is None else tuple(shapes[:-1])))
            if shapes is None:
                break
            entering = {end: shapes[-1]}
        for known, key, own in reversed(passed):
            rest = known[key] = None if own is None or rest is None else own + rest
        return rest


def _stretches(nodes: Sequence[Node]) -> Iterator[Sequence[Node]]:
    """The nodes, all inputs in the first stretch; what comes behind one reads its last output only, of another size."""
    reader = {index: node.position for node in nodes for index in node.inputs}
    start, read_to = 0, max(node.position for node in nodes if node.kind == INPUT)
    size: Shape | None = None
    for node in nodes:
        made = (node.output or ())[1:]
        if read_to <= node.position and (made != size or node is nodes[-1]):
            yield nodes[start : node.position + 1]
            start, size = node.position + 1, made
        read_to = max(read_to, reader.get(node.position, 0))


def resized(shape: Shape, axes: Iterable[int], size: int) -> Shape:
    """`shape` with another size on some axes."""
    return tuple(size if axis in axes else one for axis, one in enumerate(shape))


def read_again(network: Network, inputs: list[Node]) -> Trial:
    """Has the network made once more for every size that is tried, by its reader, which looks at sizes."""

    def test(shape: Shape) -> tuple[Shape, ...] | None:
        made = replay(network, inputs={node.name: shape for node in inputs})
        if any(
            diagnostic.severity == ERROR and diagnostic.code != EXPECTATION_FAILED for diagnostic in made.diagnostics
        ):
            return None
        return tuple(node.output for node in made.nodes if bound(node) and node.output is not None)

    return test


def candidates(network: Network, shape: Shape, groups: list[tuple[int, ...]]) -> Iterator[Shape]:
    """Shapes that may be accepted: multiples of powers of 2, far larger ones, those near by, all that are smaller."""

    def each(change: Callable[[int], int]) -> Shape:
        return (shape[0], *map(change, shape[1:]))

    for step in _STEPS:
        yield each(lambda size, step=step: -(-size // step) * step)  # type: ignore[misc]
        yield each(lambda size, step=step: max(size // step, 1) * step)  # type: ignore[misc]
    for factor in (2, 4, 8, 16):
        yield each(lambda size, factor=factor: size * factor)  # type: ignore[misc]
    for size in (32, 64, 128, 256, 512, 1024):
        yield each(lambda _, size=size: size)  # type: ignore[misc]
    layers = [node.layer for node in network.nodes if node.layer is not None]
    near = _STEPS[-1]
    if network.reads_sizes:
        near = _NEAR_READ
    elif any(layer.size_bound or layer.source for layer in layers):
        near = _NEAR_BOUND
    for axes in groups:
        present = shape[axes[0]]
        smaller = () if network.reads_sizes else range(present - 1, 0, -1)
        yield from (resized(shape, axes, size) for size in chain(range(present + 1, present + near), smaller))


def likely(network: Network, shape: Shape, groups: list[tuple[int, ...]]) -> Iterator[Shape]:
    """The first candidates, each once, for where one costs a reading of the whole spec."""
    return iter(dict.fromkeys(islice(candidates(network, shape, groups), _LIKELY)))
