"""Trying a network at other sizes of its inputs: by passing shapes through its layers, or by having it read again."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..diagnostics import ERROR, EXPECTATION_FAILED
from ..values import Shape
from .model import INPUT, Network, Node
from .replay import Propagation, replay

#: What comes of a shape of the inputs: the outputs of the layers that are bound to it; None where it is not accepted.
Trial = Callable[[Shape], "tuple[Shape, ...] | None"]
#: The same of a size.
Try = Callable[[int], "tuple[Shape, ...] | None"]


def whole_test(network: Network, inputs: list[Node]) -> Trial:
    """What tries shapes of `inputs`: passing them through the layers, where that tells."""
    whole = all(node.layer is not None or node.kind == INPUT for node in network.nodes)
    return (_propagated if whole and not network.reads_sizes else _read_again)(network, inputs)


def test_along(network: Network, inputs: list[Node], axes: tuple[int, ...]) -> Try:
    """What becomes of a size of some axes."""
    test, shape = whole_test(network, inputs), inputs[0].output or ()
    return lambda size: test(resized(shape, axes, size))


def bound(node: Node) -> bool:
    """Whether its output says if the weights in or behind it still fit."""
    return node.layer is not None and node.layer.size_bound


def _propagated(network: Network, inputs: list[Node]) -> Trial:
    """Passes shapes through the layers as they are."""
    weighed = [node.position for node in network.nodes if bound(node)]
    propagation = Propagation(network.nodes, weighed)

    def test(shape: Shape) -> tuple[Shape, ...] | None:
        shapes = propagation({node.position: shape for node in inputs})
        return None if shapes is None else tuple([shapes[position] for position in weighed])

    return test


def resized(shape: Shape, axes: Iterable[int], size: int) -> Shape:
    """`shape` with another size on some axes."""
    return tuple(size if axis in axes else one for axis, one in enumerate(shape))


def _read_again(network: Network, inputs: list[Node]) -> Trial:
    """Has the network made once more for every size that is tried, by its reader, which looks at sizes."""

    def test(shape: Shape) -> tuple[Shape, ...] | None:
        made = replay(network, inputs={node.name: shape for node in inputs})
        if any(one.severity == ERROR and one.code != EXPECTATION_FAILED for one in made.diagnostics):
            return None
        return tuple(node.output for node in made.nodes if bound(node) and node.output is not None)

    return test
