"""Small int8 models for TFLite Micro, of the networks of specs: written with flatbuffers, weights 0, scales 1.

Convolutions, pools, fc, add, concat, softmax and flatten are operators; batch normalisations and activations are in the
operator before them, identity and dropout are left out, as TensorFlow's converter leaves them out.
"""

from __future__ import annotations

from math import prod
from typing import Any

import flatbuffers
from tflite_micro.tensorflow.lite.micro.python import schema_py_generated as schema

from cnncalc.measure.execution import Execution
from cnncalc.network import Network, Node

BUILTIN, OPTIONS, TYPE = schema.BuiltinOperator, schema.BuiltinOptions, schema.TensorType
SAME, VALID = schema.Padding.SAME, schema.Padding.VALID


class Writer:
    """Writes one network."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.execution = Execution(network, "fused")
        self.graph = schema.SubGraphT()
        self.graph.tensors, self.graph.operators = [], []
        self.buffers = [schema.BufferT()]
        self.codes: list[Any] = []
        #: The tensor of each node.
        self.places: dict[int, int] = {}

    def model(self) -> bytes:
        """The file."""
        for node in self.network.nodes:
            self._node(node)
        self.graph.inputs = [self.places[node.position] for node in self.network.inputs]
        self.graph.outputs = [self.places[port.node] for port in self.network.outputs]
        model = schema.ModelT()
        model.version, model.operatorCodes = 3, self.codes
        model.subgraphs, model.buffers = [self.graph], self.buffers
        builder = flatbuffers.Builder(1024)
        builder.Finish(model.Pack(builder), b"TFL3")
        return bytes(builder.Output())

    def _node(self, node: Node) -> None:
        origin = self.execution.origins[node.position]
        if origin is not None and node.kind != "flatten":
            self.places[node.position] = self.places[origin]
        elif node.layer is None:
            self.places[node.position] = self._tensor(node.output or (), TYPE.INT8)
        else:
            reads = [self.places[index] for index in node.inputs]
            constants, code, kind, options = self._operator(node)
            self.places[node.position] = self._tensor(node.output or (), TYPE.INT8)
            if node.kind == "softmax":  # its kernel wants this and no other scale
                quantization = self.graph.tensors[-1].quantization
                quantization.scale, quantization.zeroPoint = [1 / 256], [-128]
            self._add(code, reads + constants, self.places[node.position], kind, options)

    def _tensor(self, shape: tuple[int, ...], kind: int, constant: bool = False) -> int:
        tensor = schema.TensorT()
        tensor.shape = list(shape) if constant else [1, *shape[1:], shape[0]]
        tensor.type, tensor.name = kind, f"t{len(self.graph.tensors)}"
        tensor.quantization = schema.QuantizationParametersT()
        tensor.quantization.scale, tensor.quantization.zeroPoint = [1.0], [0]
        if constant:
            buffer = schema.BufferT()
            buffer.data = bytes(prod(shape) * (1 if kind == TYPE.INT8 else 4))
            self.buffers.append(buffer)
            tensor.buffer = len(self.buffers) - 1
        self.graph.tensors.append(tensor)
        return len(self.graph.tensors) - 1

    def _add(self, code: int, reads: list[int], gives: int, kind: int, options: Any) -> None:
        known = [one.builtinCode for one in self.codes]
        if code not in known:
            operator = schema.OperatorCodeT()
            operator.builtinCode, operator.deprecatedBuiltinCode, operator.version = code, min(code, 127), 1
            self.codes.append(operator)
            known.append(code)
        made = schema.OperatorT()
        made.opcodeIndex, made.inputs, made.outputs = known.index(code), reads, [gives]
        made.builtinOptionsType, made.builtinOptions = kind, options
        self.graph.operators.append(made)

    def _operator(self, node: Node) -> tuple[list[int], int, int, Any]:
        """The constants of an operator, its code, and its options."""
        values = dict(node.layer.values) if node.layer else {}
        before = self.network.nodes[node.inputs[0]].output or ()
        channels = (node.output or (0,))[0]
        if node.kind in ("conv", "dwconv"):
            size = values["kernel"]
            deep = node.kind == "dwconv"
            weights = (1, size, size, channels) if deep else (channels, size, size, before[0])
            constants = [self._tensor(weights, TYPE.INT8, True), self._tensor((channels,), TYPE.INT32, True)]
            options = schema.DepthwiseConv2DOptionsT() if deep else schema.Conv2DOptionsT()
            options.strideW = options.strideH = values["stride"]
            options.dilationWFactor = options.dilationHFactor = 1
            options.padding = SAME if values["pad"] == "same" else VALID
            if deep:
                options.depthMultiplier = channels // before[0]
                return constants, BUILTIN.DEPTHWISE_CONV_2D, OPTIONS.DepthwiseConv2DOptions, options
            return constants, BUILTIN.CONV_2D, OPTIONS.Conv2DOptions, options
        if node.kind in ("maxpool", "avgpool"):
            options = schema.Pool2DOptionsT()
            options.filterWidth = options.filterHeight = options.strideW = options.strideH = values["kernel"]
            options.padding = VALID
            code = BUILTIN.MAX_POOL_2D if node.kind == "maxpool" else BUILTIN.AVERAGE_POOL_2D
            return [], code, OPTIONS.Pool2DOptions, options
        if node.kind == "fc":
            weights = [
                self._tensor((channels, before[0]), TYPE.INT8, True),
                self._tensor((channels,), TYPE.INT32, True),
            ]
            return weights, BUILTIN.FULLY_CONNECTED, OPTIONS.FullyConnectedOptions, schema.FullyConnectedOptionsT()
        if node.kind == "flatten":
            options = schema.ReshapeOptionsT()
            options.newShape = [1, channels]
            return [], BUILTIN.RESHAPE, OPTIONS.ReshapeOptions, options
        if node.kind == "concat":
            options = schema.ConcatenationOptionsT()
            options.axis = len(node.output or ())
            return [], BUILTIN.CONCATENATION, OPTIONS.ConcatenationOptions, options
        if node.kind == "softmax":
            options = schema.SoftmaxOptionsT()
            options.beta = 1.0
            return [], BUILTIN.SOFTMAX, OPTIONS.SoftmaxOptions, options
        assert node.kind == "add", node.kind
        return [], BUILTIN.ADD, OPTIONS.AddOptions, schema.AddOptionsT()
