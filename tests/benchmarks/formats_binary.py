"""ResNet-50 as an ONNX file and as an archive of torch.export, as their exporters write it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.format import Format, window
from cnncalc.network import Network, Node
from convert.onnx import writer as onnx
from convert.pt2.writer import Graph


class Onnx(Format):
    """The weights are there, as in an export: zeros."""

    def __init__(self, network: Network) -> None:
        self.nodes: list[bytes] = []
        self.tensors: list[bytes] = []
        super().__init__(network)

    def node(
        self, op: str, node: Node, reads: str, weights: dict[str, list[int]] | None = None, **attributes: Any
    ) -> None:
        shapes = {f"{node.name}.{name}": shape for name, shape in (weights or {}).items()}
        self.tensors += [onnx.tensor(name, shape) for name, shape in shapes.items()]
        self.nodes.append(onnx.node(op, " ".join([reads, *shapes]), node.name, f"/{node.name}/{op}", **attributes))

    def conv(self, node: Node, x: str) -> None:
        kernel, pad, stride = window(node)
        weights = {"weight": [node.layer.filters, self.channels(node), kernel, kernel]}
        self.node("Conv", node, x, weights, kernel_shape=[kernel] * 2, pads=[pad] * 4, strides=[stride] * 2)

    def bn(self, node: Node, x: str) -> None:
        size = [self.channels(node)]
        self.node("BatchNormalization", node, x, dict.fromkeys(("weight", "bias", "mean", "var"), size))

    def relu(self, node: Node, x: str) -> None:
        self.node("Relu", node, x)

    def maxpool(self, node: Node, x: str) -> None:
        kernel, pad, stride = window(node)
        self.node("MaxPool", node, x, kernel_shape=[kernel] * 2, pads=[pad] * 4, strides=[stride] * 2)

    def add(self, node: Node, *reads: str) -> None:
        self.node("Add", node, " ".join(reads))

    def gavgpool(self, node: Node, x: str) -> None:
        self.node("GlobalAveragePool", node, x)

    def flatten(self, node: Node, x: str) -> None:
        self.node("Flatten", node, x)

    def fc(self, node: Node, x: str) -> None:
        units = node.layer.units
        self.node("Gemm", node, x, {"weight": [units, self.channels(node)], "bias": [units]}, transB=1)

    def write(self, file: Path) -> None:
        ends = [onnx.value("input", 1, 3, 224, 224)], [onnx.value(self.network.nodes[-1].name, 1, 1000)]
        file.write_bytes(onnx.model(onnx.graph(self.nodes, *ends, self.tensors)))


class Pt2(Format):
    """What torch.export gives, without the weights' numbers."""

    def __init__(self, network: Network) -> None:
        self.graph = Graph()
        self.made: dict[str, Any] = {"input": None}
        self.weights: dict[str, list[Any]] = {}
        for node in network.layers:
            self.weights[node.name] = [
                self.graph.parameter(f"{node.name}.{name}", shape) for name, shape in network.weights(node)
            ] + [self.graph.buffer(f"{node.name}.{name}", (self._size(node),))
                 for name in (("running_mean", "running_var") if node.kind == "bn" else ())]  # fmt: skip
        self.made["input"] = self.graph.input("input", (1, 3, 224, 224))
        super().__init__(network)
        self.graph.output(self.made[network.nodes[-1].name])

    @staticmethod
    def _size(node: Node) -> int:
        assert node.output is not None
        return node.output[0]

    def call(self, name: str, node: Node, reads: tuple[str, ...], *more: Any) -> None:
        stack = (("", "net.Net"), (node.name, f"torch.nn.modules.{node.kind}"))
        tensors = [*(self.made[one] for one in reads), *self.weights[node.name]]
        self.made[node.name] = self.graph.call(
            f"torch.ops.aten.{name}", *tensors, *more, name=node.name, stack=stack, shape=(1, *(node.output or ()))
        )

    def conv(self, node: Node, x: str) -> None:
        _, pad, stride = window(node)
        self.call("conv2d.default", node, (x,), None, [stride] * 2, [pad] * 2)

    def bn(self, node: Node, x: str) -> None:
        self.call("batch_norm.default", node, (x,), False, 0.1, 1e-05, True)

    def relu(self, node: Node, x: str) -> None:
        self.call("relu.default", node, (x,))

    def maxpool(self, node: Node, x: str) -> None:
        kernel, pad, stride = window(node)
        self.call("max_pool2d.default", node, (x,), [kernel] * 2, [stride] * 2, [pad] * 2)

    def add(self, node: Node, *reads: str) -> None:
        self.call("add.Tensor", node, reads)

    def gavgpool(self, node: Node, x: str) -> None:
        self.call("adaptive_avg_pool2d.default", node, (x,), [1, 1])

    def flatten(self, node: Node, x: str) -> None:
        self.call("flatten.using_ints", node, (x,), 1)

    def fc(self, node: Node, x: str) -> None:
        self.call("linear.default", node, (x,))

    def write(self, file: Path) -> None:
        self.graph.save(file)
