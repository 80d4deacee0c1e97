"""What `cnncalc explain LAYER` says, as data: one layer worked out."""

from __future__ import annotations

from math import prod

from ...convert.call import CallText
from ...convert.keras_call import keras_call
from ...convert.torch_call import torch_call
from ...layers import Shape
from ...layers.upconv import TransposedConv
from ...measure.result import DTYPES, Analysis
from ...measure.row import LayerRow
from ...network import Node
from .axis import AxisFacts, axes, places
from .facts import LayerGroup, rows


class LayerFacts:
    """One layer, or an input, worked out. Everything that needs a shape is empty where that is not known."""

    def __init__(self, analysis: Analysis, node: Node) -> None:
        nodes, layer, output = analysis.network.nodes, node.layer, node.output
        self.analysis = analysis
        self.node = node
        self.row = LayerRow(analysis, node)
        #: What it reads: names and shapes.
        self.inputs: tuple[tuple[str, Shape | None], ...] = tuple(
            (nodes[index].name, nodes[index].output) if index >= 0 else ("?", None) for index in node.inputs
        )
        self.weights = analysis.network.weights(node)
        self.axes: tuple[AxisFacts, ...] = ()
        self.torch = self.keras = CallText("")
        shapes = tuple(shape for _, shape in self.inputs if shape is not None)
        if layer is not None and output is not None and node.result is not None and len(shapes) == len(self.inputs):
            self.axes = axes(layer, shapes[0], output) if shapes else ()
            self.torch, self.keras = torch_call(layer, shapes, output), keras_call(layer, shapes, output)
        self.reads = places(self.axes)
        #: Of the output, for the batch.
        self.elements = None if output is None else prod(output) * analysis.batch
        self.bytes = None if self.elements is None else self.elements * DTYPES[analysis.dtype]

    @property
    def shape(self) -> Shape:
        """The shape of its first input; a single value where that is not known."""
        return (self.inputs[0][1] if self.inputs else None) or (1,)

    @property
    def view(self) -> bool:
        """Whether the output is its input's storage."""
        return self.node.layer is not None and self.node.layer.view

    @property
    def transposed(self) -> bool:
        """Whether its inputs write windows of the output, in place of outputs that read windows of the input."""
        return isinstance(self.node.layer, TransposedConv)

    @property
    def line(self) -> LayerGroup | None:
        """Its whole line, where it is the last of several layers that one name stands for."""
        network, name = self.analysis.network, self.node.name
        extent = network.extents.get(name)
        if extent is None or extent.last - extent.first < 2:
            return None
        return LayerGroup(name, "line", rows(self.analysis, network.nodes[extent.first : extent.last]))
