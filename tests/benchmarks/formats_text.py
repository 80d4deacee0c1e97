"""ResNet-50 as Keras's JSON, a deploy.prototxt of Caffe and a .cfg of Darknet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.format import Format, window
from cnncalc.network import Network, Node


class Keras(Format):
    """What `model.to_json()` gives: its paddings are "same", which are the same sizes."""

    def __init__(self, network: Network) -> None:
        shape = {"batch_shape": [None, 224, 224, 3], "name": "input"}
        entry = {"class_name": "InputLayer", "config": shape, "name": "input", "inbound_nodes": []}
        self.layers: list[dict[str, Any]] = [entry]
        super().__init__(network)

    def layer(self, kind: str, node: Node, *reads: str, **config: Any) -> None:
        inbound = [[[name, 0, 0, {}] for name in reads]]
        found = {"class_name": kind, "config": {"name": node.name, "trainable": True, "dtype": "float32", **config}}
        self.layers.append({**found, "name": node.name, "inbound_nodes": inbound})

    def conv(self, node: Node, x: str) -> None:
        kernel, _, stride = window(node)
        self.layer("Conv2D", node, x, filters=node.layer.filters, kernel_size=[kernel] * 2, strides=[stride] * 2,
                   padding="same", data_format="channels_last", dilation_rate=[1, 1], groups=1, activation="linear",
                   use_bias=False)  # fmt: skip

    def bn(self, node: Node, x: str) -> None:
        self.layer("BatchNormalization", node, x, axis=[3], momentum=0.99, epsilon=0.001, center=True, scale=True)

    def relu(self, node: Node, x: str) -> None:
        self.layer("Activation", node, x, activation="relu")

    def maxpool(self, node: Node, x: str) -> None:
        kernel, _, stride = window(node)
        self.layer("MaxPooling2D", node, x, pool_size=[kernel] * 2, strides=[stride] * 2, padding="same")

    def add(self, node: Node, *reads: str) -> None:
        self.layer("Add", node, *reads)

    def gavgpool(self, node: Node, x: str) -> None:
        self.layer("GlobalAveragePooling2D", node, x, data_format="channels_last", keepdims=False)

    def flatten(self, node: Node, x: str) -> None:
        self.layer("Flatten", node, x, data_format="channels_last")

    def fc(self, node: Node, x: str) -> None:
        self.layer("Dense", node, x, units=node.layer.units, activation="softmax", use_bias=True)

    def write(self, file: Path) -> None:
        ends = {"input_layers": [["input", 0, 0]], "output_layers": [[self.network.nodes[-1].name, 0, 0]]}
        config = {"name": "resnet50", "trainable": True, "layers": self.layers, **ends}
        model = {"class_name": "Functional", "config": config, "keras_version": "2.15.0", "backend": "tensorflow"}
        file.write_text(json.dumps(model), "utf-8")


class Caffe(Format):
    """A deploy.prototxt: batch normalisations in two layers, sums rounded up."""

    def __init__(self, network: Network) -> None:
        self.text = 'name: "ResNet-50"\ninput: "input"\ninput_dim: 1\ninput_dim: 3\ninput_dim: 224\ninput_dim: 224\n'
        super().__init__(network)

    def layer(self, kind: str, node: Node, *reads: str, name: str = "", **parameters: str) -> None:
        bottoms = "".join(f'  bottom: "{one}"\n' for one in reads)
        inside = "".join(f"  {key} {{ {value} }}\n" for key, value in parameters.items())
        self.text += f'layer {{\n  name: "{name or node.name}"\n  type: "{kind}"\n{bottoms}'
        self.text += f'  top: "{node.name}"\n{inside}}}\n'

    def conv(self, node: Node, x: str) -> None:
        kernel, pad, stride = window(node)
        said = f"num_output: {node.layer.filters} kernel_size: {kernel} pad: {pad} stride: {stride} bias_term: false"
        self.layer("Convolution", node, x, convolution_param=said)

    def bn(self, node: Node, x: str) -> None:
        self.layer("BatchNorm", node, x, batch_norm_param="use_global_stats: true")
        self.layer("Scale", node, node.name, name=f"scale_{node.name}", scale_param="bias_term: true")

    def relu(self, node: Node, x: str) -> None:
        self.layer("ReLU", node, x)

    def maxpool(self, node: Node, x: str) -> None:
        self.layer("Pooling", node, x, pooling_param="pool: MAX kernel_size: 3 stride: 2")

    def add(self, node: Node, *reads: str) -> None:
        self.layer("Eltwise", node, *reads, eltwise_param="operation: SUM")

    def gavgpool(self, node: Node, x: str) -> None:
        self.layer("Pooling", node, x, pooling_param="pool: AVE global_pooling: true")

    def flatten(self, node: Node, x: str) -> None:
        self.layer("Flatten", node, x)

    def fc(self, node: Node, x: str) -> None:
        self.layer("InnerProduct", node, x, inner_product_param=f"num_output: {node.layer.units}")

    def write(self, file: Path) -> None:
        file.write_text(self.text, "utf-8")


class Darknet(Format):
    """A .cfg, whose layers name others by how far back they are; normalisations and activations are parts of them."""

    def __init__(self, network: Network) -> None:
        self.sections: list[str] = []
        #: The section that gives each tensor.
        self.places: dict[str, int] = {"input": -1}
        super().__init__(network)

    def section(self, kind: str, node: Node, x: str, *lines: str) -> None:
        if self.places[x] != len(self.sections) - 1:
            self.sections.append(f"[route]\nlayers={self.places[x] - len(self.sections)}\n")
        self.sections.append("\n".join([f"[{kind}]", *lines, ""]))
        self.places[node.name] = len(self.sections) - 1

    def part(self, node: Node, x: str, old: str, new: str) -> None:
        """A line of the section before that says otherwise now."""
        place = self.places[node.name] = self.places[x]
        self.sections[place] = self.sections[place].replace(old, new)

    def conv(self, node: Node, x: str) -> None:
        kernel, pad, stride = window(node)
        self.section("convolutional", node, x, f"filters={node.layer.filters}", f"size={kernel}", f"stride={stride}",
                     f"padding={pad}", "activation=linear")  # fmt: skip

    def bn(self, node: Node, x: str) -> None:
        self.part(node, x, "[convolutional]", "[convolutional]\nbatch_normalize=1")

    def relu(self, node: Node, x: str) -> None:
        self.part(node, x, "activation=linear", "activation=relu")

    def maxpool(self, node: Node, x: str) -> None:
        self.section("maxpool", node, x, "size=3", "stride=2", "padding=2")

    def add(self, node: Node, *reads: str) -> None:
        other, last = sorted(reads, key=self.places.__getitem__)
        self.section("shortcut", node, last, f"from={self.places[other] - len(self.sections)}", "activation=linear")

    def gavgpool(self, node: Node, x: str) -> None:
        self.section("avgpool", node, x)

    def flatten(self, node: Node, x: str) -> None:
        self.places[node.name] = self.places[x]

    def fc(self, node: Node, x: str) -> None:
        self.section("connected", node, x, f"output={node.layer.units}", "activation=linear")

    def write(self, file: Path) -> None:
        head = "[net]\nbatch=1\nheight=224\nwidth=224\nchannels=3\n"
        file.write_text("\n".join([head, *self.sections]), "utf-8")
