"""What a fully connected network would need for the same job, layer by layer.

After the Deep Learning book, 9.2: M inputs and N outputs of a layer, K taps an output. A convolution has
C_out·(C_in/g)·∏F weights and does N·K multiply-accumulates (a transposed one: its weights at every input position);
unshared, every connection that exists has a weight of its own; fully connected, every pair of an input and an
output has: M·N. dense / conv = (dense / local) × (local / conv) = sparsity × sharing.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import prod
from typing import Any

from ..deployment import FUSED
from ..layers import Result, Shape
from ..layers.conv import Convolution
from ..network import Network
from ..records import Record
from .mlp_budget import Perceptron, largest_by_macs, largest_by_params, perceptron
from .result import NetworkAnalysis


class Cost(Record):
    """Learned weights and biases, and the multiply-accumulates of the batch."""

    weights: int
    biases: int
    macs: int

    @property
    def params(self) -> int:
        """Weights and biases."""
        return self.weights + self.biases

    def __add__(self, other: object) -> Cost:
        if not isinstance(other, Cost):
            return NotImplemented
        return Cost(self.weights + other.weights, self.biases + other.biases, self.macs + other.macs)


_NOTHING = Cost(0, 0, 0)


class Trio(Record):
    """The same function three ways: as it is, with unshared weights, and fully connected."""

    conv: Cost
    local: Cost
    dense: Cost

    @property
    def sparsity(self) -> Fraction | None:
        """Weights saved by seeing a window only: dense / local. None where that has no value."""
        return ratio(self.dense.weights, self.local.weights)

    @property
    def sharing(self) -> Fraction | None:
        """Weights saved by one kernel for all positions: local / conv. None where that has no value."""
        return ratio(self.local.weights, self.conv.weights)

    @property
    def total(self) -> Fraction | None:
        """The product of both: dense / conv. None where that has no value."""
        return ratio(self.dense.weights, self.conv.weights)

    def __add__(self, other: object) -> Trio:
        if not isinstance(other, Trio):
            return NotImplemented
        return Trio(self.conv + other.conv, self.local + other.local, self.dense + other.dense)

    def to_dict(self) -> dict[str, Any]:
        """The objects of the JSON document."""
        return {
            **{name: cost._asdict() for name, cost in self._asdict().items()},
            "sparsity": double(self.sparsity), "sharing": double(self.sharing), "total": double(self.total),
        }  # fmt: skip


NO_TRIO = Trio(_NOTHING, _NOTHING, _NOTHING)


class Unrolled(Record):
    """A convolution (of any kind), and what could stand in its place."""

    name: str
    layer: Convolution
    input: Shape
    output: Shape
    trio: Trio
    #: The multiply-accumulates of the convolution without those on padding, or cropped away.
    inside: int
    #: The name of the layer that owns its weights: its own, or that of another.
    owner: str

    @property
    def inputs(self) -> int:
        """M: the elements that it reads."""
        return prod(self.input)

    @property
    def outputs(self) -> int:
        """N: the elements that it makes."""
        return prod(self.output)

    @property
    def taps(self) -> int:
        """K: the products of an output, (C_in/g)·∏F; of a transposed one those that an input spreads to."""
        filters, depth, *kernel = self.layer.filter((self.input,))
        groups = self.input[0] // depth
        return prod(kernel) * (filters // groups if self.layer.transposed else depth)

    def to_dict(self) -> dict[str, Any]:
        """What it adds to the layer's entry in the JSON document."""
        found = self.trio.to_dict()
        found["conv"]["macs_inside"] = self.inside
        return {"mlp_inputs": self.inputs, "mlp_outputs": self.outputs, "taps": self.taps, **found}


class NetworkCost(Record):
    """What a whole network comes to: learned parameters, and the multiply-accumulates of the batch."""

    params: int
    macs: int


class Equivalents:
    """A network and the fully connected networks that it can be set against.

    `layers` has every convolution whose shapes are known, by name; those of train heads too, which are in no sum. What
    depends on an unknown layer is None.
    """

    def __init__(self, analysis: NetworkAnalysis, hidden: tuple[int, ...] | None = None) -> None:
        self.analysis = analysis
        network, batch = analysis.network, analysis.batch
        self.layers = _layers(network, batch)
        train = {node.name for node in network.layers if node.train}
        run = [layer for layer in self.layers.values() if layer.name not in train]
        #: Whether inference runs a convolution at all.
        self.convolutions = len(run)
        self.sums = sums(run)
        self.inputs, self.outputs = _ends(network)
        self.actual = self.unshared = self.unrolled = None
        self.same_params: list[Perceptron] | None = None
        self.same_macs: list[Perceptron] | None = None
        self.custom: Perceptron | None = None
        # Layer by layer, and so all together, it is the network as it is written: nothing is folded.
        totals = NetworkAnalysis(network, batch).totals if analysis.execution.way == FUSED else analysis.totals
        if totals.params is not None and totals.macs is not None:
            self.actual = NetworkCost(totals.params, totals.macs)
            self.unshared = self._instead(self.sums.local)
            self.unrolled = self._instead(self.sums.dense)
        if self.inputs is None or self.outputs is None:
            return
        if self.actual:
            ends = self.inputs, self.outputs
            self.same_params = [largest_by_params(*ends, layers, self.actual.params) for layers in (1, 2)]
            self.same_macs = [largest_by_macs(*ends, layers, self.actual.macs // batch) for layers in (1, 2)]
        if hidden:
            self.custom = perceptron(self.inputs, self.outputs, hidden)

    def _instead(self, other: Cost) -> NetworkCost | None:
        """The network with `other` in place of its convolutions; all other layers keep their own."""
        if self.actual is None:
            return None
        conv = self.sums.conv
        return NetworkCost(self.actual.params - conv.params + other.params, self.actual.macs - conv.macs + other.macs)

    def to_dict(self) -> dict[str, Any]:
        """The `mlp` object of a model in the JSON document of `cnncalc compare`."""
        batch = self.analysis.batch

        def many(found: list[Perceptron] | None) -> list[dict[str, Any]] | None:
            return None if found is None else [one.to_dict(batch) for one in found]

        entry = {
            "inputs": self.inputs, "outputs": self.outputs, "convolutions": self.convolutions,
            "unrolled": self._whole(self.unrolled), "unshared": self._whole(self.unshared),
            "same_params": many(self.same_params), "same_macs": many(self.same_macs),
            **(self.sums.to_dict() if self.actual else dict.fromkeys(
                ("conv", "local", "dense", "sparsity", "sharing", "total"))),
        }  # fmt: skip
        if self.custom is not None:
            entry["custom"] = {**self.custom.to_dict(batch), "bytes": self.bytes(self.custom.params)}
        return entry

    def bytes(self, params: int) -> int:
        """What so many parameters take, in the analysis's type of weights."""
        return self.analysis.dtypes.bytes_of("weights", params)

    def _whole(self, size: NetworkCost | None) -> dict[str, Any] | None:
        if size is None or self.actual is None:
            return None
        return {
            "params": size.params, "macs": size.macs, "bytes": self.bytes(size.params),
            "params_ratio": double(ratio(size.params, self.actual.params)),
            "macs_ratio": double(ratio(size.macs, self.actual.macs)),
        }  # fmt: skip


def double(ratio: Fraction | None) -> float | None:
    """A ratio as JSON has it; None for one that is not known or beyond all doubles."""
    try:
        return None if ratio is None else float(ratio)
    except OverflowError:
        return None


def ratio(one: int, other: int) -> Fraction | None:
    """The ratio of two numbers; None where that has no value."""
    return Fraction(one, other) if other else None


def _layers(network: Network, batch: int) -> dict[str, Unrolled]:
    """Every convolution whose shapes are known, by name; equal ones are worked out once."""
    found = {}
    worked: dict[tuple[int, Shape], tuple[Trio, int]] = {}
    for node in network.layers:
        layer, result = node.layer, node.result
        shape = network.nodes[node.inputs[0]].output if isinstance(layer, Convolution) and result else None
        if shape is None or result is None or not isinstance(layer, Convolution):
            continue
        key = (id(layer), shape)
        if key not in worked:
            worked[key] = _three_ways(layer, shape, result, batch)
        owner = node.name if node.owner is None else network.nodes[node.owner].name
        trio, inside = worked[key]
        found[node.name] = Unrolled(node.name, layer, shape, result.output, trio, inside, owner)
    return found


def _three_ways(layer: Convolution, shape: Shape, result: Result, batch: int) -> tuple[Trio, int]:
    """The costs of a convolution on an input of `shape`, and its products that meet an element."""
    connections = layer.connections((shape,))
    weights, *biases = [prod(size) for _, size in layer.weights((shape,), result.output)]
    outputs = prod(result.output) if layer.bias else 0
    dense = prod(shape) * prod(result.output)
    trio = Trio(
        Cost(weights, sum(biases), result.macs * batch),
        Cost(connections, outputs, connections * batch),
        Cost(dense, outputs, dense * batch),
    )
    return trio, connections * batch


def sums(layers: Iterable[Unrolled]) -> Trio:
    """The sums over `layers`, each stored tensor once.

    Layers that share a kernel can share a dense matrix only where their inputs have the same shape: on another one,
    it is a matrix of its own.
    """
    total = NO_TRIO
    kernels, matrices = set(), set()
    for layer in layers:
        conv, local, dense = layer.trio
        if layer.owner in kernels:
            conv = Cost(0, 0, conv.macs)
        if (layer.owner, layer.input) in matrices:
            local, dense = Cost(0, 0, local.macs), Cost(0, 0, dense.macs)
        kernels.add(layer.owner)
        matrices.add((layer.owner, layer.input))
        total = total + Trio(conv, local, dense)
    return total


def _ends(network: Network) -> tuple[int | None, int | None]:
    """The elements of all inputs together, and of all outputs that inference gives, each tensor once."""
    shapes = [node.output for node in network.inputs]
    ports = {port.node for port in network.outputs if not port.train}
    results = [network.nodes[index].output if index >= 0 else None for index in ports]
    return _elements(shapes), _elements(results)


def _elements(shapes: list[Shape | None]) -> int | None:
    """All elements; None where a shape is not known, or there is none."""
    known = [prod(shape) for shape in shapes if shape is not None]
    return sum(known) if known and len(known) == len(shapes) else None
