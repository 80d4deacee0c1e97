"""A network as it is executed: which node's storage each output is in, and what is stored of the weights.

``eager``: every layer's output is a tensor of its own, but of views (flatten, reshape, identity, dropout), which are
their input's storage. ``inplace``: activations, batch normalisations and add write over an input that nothing else
reads. ``fused``, as deployed: a batch normalisation is folded into the convolution or fully connected layer before it,
which gets its constants as biases (PyTorch's torch.nn.utils.fusion); an activation is a part of the layer before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from math import prod

from ..deployment import EAGER, FUSED, Dtypes
from ..network import Network, Node
from ..values import Shape

#: The name that starts those of learned constants.
_BIAS = "bias"


class Execution:
    """A network, executed in one of the ways."""

    def __init__(self, network: Network, way: str = EAGER) -> None:
        self.network = network
        self.way = way

    # --- tensors of activations ---------------------------------------------------------------------

    @cached_property
    def values(self) -> list[int]:
        """For every node the node that made its values: itself, or of a view what made its input's."""
        found: list[int] = []
        for node in self.network.nodes:
            view = node.layer is not None and node.layer.view and bool(node.inputs)
            found.append(found[node.inputs[0]] if view and node.inputs[0] >= 0 else node.position)
        return found

    @cached_property
    def _readers(self) -> dict[int, int | None]:
        """The only layer that reads the values of a node at inference; None where there are several, or the network
        gives them.
        """
        readers: dict[int, int | None] = {}
        for node in self.network.nodes:
            if node.train or self.values[node.position] != node.position:
                continue
            for value in {self.values[index] for index in node.inputs if index >= 0}:
                readers[value] = None if value in readers else node.position
        for port in self.network.outputs:
            if port.node >= 0 and not port.train:
                readers[self.values[port.node]] = None
        return readers

    def is_only_reader(self, node: Node, index: int) -> bool:
        """Whether nothing but `node` reads what tensor `index` holds; a learned tensor stays as it is anyway."""
        value = self.values[index] if index >= 0 else -1
        made = self.network.nodes[value].layer if value >= 0 else None
        return self._readers.get(value) == node.position and not (made is not None and made.source)

    @cached_property
    def origins(self) -> list[int | None]:
        """For every node the tensor in whose storage it gives its output; None where that has one of its own."""
        found: list[int | None] = []
        for node in self.network.nodes:
            if self.values[node.position] != node.position:
                found.append(node.inputs[0])
            else:
                found.append(None if self.way == EAGER else self._overwritten(node))
        return found

    @cached_property
    def storages(self) -> list[int]:
        """For every node the node whose storage its output is in."""
        found: list[int] = []
        for position, origin in enumerate(self.origins):
            found.append(position if origin is None else found[origin])
        return found

    def _overwritten(self, node: Node) -> int | None:
        """The tensor in whose storage a layer gives its output; None where it has one of its own."""
        layer, nodes = node.layer, self.network.nodes
        if layer is None or node.train or node.output is None:
            return None
        if self.way == FUSED:
            merged = node.position in self.folded or (layer.activates and self._layer_before(node))
            return node.inputs[0] if merged else None
        if not layer.in_place:
            return None
        free = (index for index in node.inputs if self.is_only_reader(node, index))
        return next((index for index in free if prod(nodes[index].output or ()) == prod(node.output)), None)

    def _layer_before(self, node: Node) -> bool:
        """Whether there is a layer before an activation that it can be a part of."""
        index = node.inputs[0]
        return self.is_only_reader(node, index) and self.network.nodes[self.values[index]].layer is not None

    # --- what is stored -----------------------------------------------------------------------------

    @cached_property
    def folded(self) -> dict[int, int]:
        """The batch normalisations that are folded when fused: by position the position of what takes them in."""
        if self.way != FUSED:
            return {}
        shared = {node.owner for node in self.network.nodes if node.owner is not None}
        found: dict[int, int] = {}
        for node in self.network.nodes:
            if node.layer is None or not node.layer.folds or node.train or node.result is None:
                continue
            before = self._folding(node, found)
            if before is not None and before.owner is None and before.position not in shared:
                found[node.position] = before.position
        return found

    def _folding(self, node: Node, folded: dict[int, int]) -> Node | None:
        """The layer that can take in a normalisation; None where there is none."""
        index = node.inputs[0]
        if not self.is_only_reader(node, index):
            return None
        nodes, value = self.network.nodes, self.values[index]
        before = nodes[folded.get(value, value)]
        takes = before.layer is not None and before.layer.weighted and before.layer.linear
        return before if takes and before.output == node.output else None

    @cached_property
    def _absorbing(self) -> frozenset[int]:
        return frozenset(self.folded.values())

    @cached_property
    def _gone(self) -> frozenset[int]:
        """The normalisations that nothing is stored of: those that are folded, wherever their weights are used."""
        kept = {
            node.owner for node in self.network.nodes if node.owner is not None and node.position not in self.folded
        }
        return frozenset(self.folded) - kept

    def weights(self, node: Node) -> tuple[tuple[str, Shape], ...]:
        """The learned tensors of a node by name, with their shapes, as they are executed: a folded one has none."""
        if node.position in self.folded:
            return ()
        layer, output = node.layer, node.output
        shapes = self.network.input_shapes(node)
        if node.position in self._absorbing and layer is not None and output is not None and shapes is not None:
            return layer.changed(bias=True).weights(shapes, output)
        return self.network.weights(node)

    def stored(self, node: Node) -> Iterator[tuple[str, int]]:
        """What is stored of a node: the part (``weights``, ``biases``) and the elements of every tensor; what it shares
        is stored by its owner.
        """
        if node.owner is not None or node.position in self._gone:
            return
        used_elsewhere = node.position in self.folded
        for name, shape in self.network.weights(node) if used_elsewhere else self.weights(node):
            yield ("biases" if name.startswith(_BIAS) else "weights"), prod(shape)

    def learned(self, node: Node, types: Dtypes) -> int:
        """The bytes of what is stored of the weights and biases of a node, in these types."""
        if types.together:
            return types.bytes_of("weights", self.params(node))
        return sum(types.bytes_of(part, elements) for part, elements in self.stored(node))

    def params(self, node: Node) -> int:
        """The learned elements that are stored of a node."""
        if node.result is None or node.owner is not None:
            return 0
        if node.position in self._absorbing:
            return sum(elements for _, elements in self.stored(node))
        return 0 if node.position in self._gone else node.result.params or 0

    def buffers(self, node: Node) -> int:
        """The elements of running statistics that are stored of a node."""
        if node.result is None or node.owner is not None or node.position in self._gone:
            return 0
        return node.result.buffers
