"""ResNet-50 as a TFLite file, its weights all zero. Needs the packages tflite and numpy."""

from __future__ import annotations

from pathlib import Path

import tflite

from benchmarks.format import Format, window
from cnncalc.network import Network, Node
from convert.tflite.writing import FLOAT, INT32, Writing


class Tflite(Format):
    """Channels last; batch normalisations are folded, activations parts of the layers before them."""

    def __init__(self, network: Network) -> None:
        self.file = Writing()
        self.tensors = {"input": self.file.tensor("input", [1, 224, 224, 3], FLOAT)}
        behind = [network.nodes[node.inputs[0]] for node in network.layers if node.kind == "relu"]
        #: The layers that have an activation as a part.
        self.activated = {node.inputs[0] if node.kind == "bn" else node.position for node in behind}
        super().__init__(network)

    def operator(self, name: str, node: Node, reads: list[int], options: str, **values: int) -> None:
        channels, *sizes = node.output or ()
        self.tensors[node.name] = self.file.tensor(node.name, [1, *sizes, channels], FLOAT)
        if node.position in self.activated:
            values["FusedActivationFunction"] = tflite.ActivationFunctionType.RELU
        self.file.operator(name, reads, [self.tensors[node.name]], options, **values)

    def constants(self, node: Node, *shapes: list[int]) -> list[int]:
        return [self.file.constant(f"{node.name}/{place}", shape, FLOAT) for place, shape in enumerate(shapes)]

    def conv(self, node: Node, x: str) -> None:
        kernel, _, stride = window(node)
        filters = node.layer.filters
        weights = self.constants(node, [filters, kernel, kernel, self.channels(node)], [filters])
        self.operator("CONV_2D", node, [self.tensors[x], *weights], "Conv2DOptions", Padding=tflite.Padding.SAME,
                      StrideH=stride, StrideW=stride)  # fmt: skip

    def bn(self, node: Node, x: str) -> None:
        self.tensors[node.name] = self.tensors[x]

    relu = bn

    def maxpool(self, node: Node, x: str) -> None:
        kernel, _, stride = window(node)
        self.operator("MAX_POOL_2D", node, [self.tensors[x]], "Pool2DOptions", Padding=tflite.Padding.SAME,
                      FilterHeight=kernel, FilterWidth=kernel, StrideH=stride, StrideW=stride)  # fmt: skip

    def add(self, node: Node, *reads: str) -> None:
        self.operator("ADD", node, [self.tensors[one] for one in reads], "AddOptions")

    def gavgpool(self, node: Node, x: str) -> None:
        axes = self.file.tensor(f"{node.name}/axes", [2], INT32, [1, 2])
        self.operator("MEAN", node, [self.tensors[x], axes], "ReducerOptions", KeepDims=True)

    def flatten(self, node: Node, x: str) -> None:
        size = self.file.tensor(f"{node.name}/shape", [2], INT32, [-1, self.channels(node)])
        self.operator("RESHAPE", node, [self.tensors[x], size], "ReshapeOptions")

    def fc(self, node: Node, x: str) -> None:
        units = node.layer.units
        weights = self.constants(node, [units, self.channels(node)], [units])
        self.operator("FULLY_CONNECTED", node, [self.tensors[x], *weights], "FullyConnectedOptions")

    def write(self, file: Path) -> None:
        ends = [self.tensors["input"]], [self.tensors[self.network.nodes[-1].name]]
        file.write_bytes(self.file.bytes(*ends))
