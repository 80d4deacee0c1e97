"""Counters of a traced or exported graph: torchprofile and onnx-tool.

Held to what the packages print (tests/oracles/conventions).
"""

from __future__ import annotations

from .rules import convention

TORCHPROFILE = convention(
    "torchprofile-0.1.0", "torchprofile 0.1.0", "MAC",
    "https://github.com/zhijian-liu/torchprofile torchprofile/handlers.py",
    "Operators of the traced network; many are 0 on purpose, the others it warns of. Groups of a transposed "
    "convolution are ignored, and one with as many channels out as in is taken for a plain one.",
    {
        "conv dwconv": "uncounted if same; W·Pout",
        "upconv": "unknown if uneven; O·C_out/g·k if equal; O·C_in·k",
        "fc matmul": "M",
        "lstm": "products",
        "bn in gn ln": "I if affine; 0",
        "leakyrelu": "I",
        "relu relu6 gelu silu sigmoid tanh softmax logsoftmax": "0",
        "avgpool gavgpool": "O",
        "maxpool gmaxpool": "0",
        "resize": "uncounted if 1-D; uncounted if 3-D; 0 if nearest; 4 O",
        "add sub div": "0",
        "mul": "unknown if stretched; O·(n−1)",
        "scale": "I",
        "mean": "O",
        "lrn": "3 I",
        "localconv attention unpool": "unknown",
    },
)  # fmt: skip

ONNX_TOOL = convention(
    "onnx-tool-1.0.1", "onnx-tool 1.0.1", "MAC",
    "https://github.com/ThanatosShinji/onnx-tool onnx_tool/node.py",
    "Nodes of the exported graph, with a price for every function: an exponential is 32, say.",
    {
        "conv dwconv": "unknown if same 3-D; W·Pout + B",
        "upconv": "unknown if uneven; O·C_out/g·k + B",
        "fc": "M + B",
        "bn": "31 I",
        "ln": "7 I + 29 rows",
        "gn": "9 I",
        "in": "7 I",
        "relu": "I",
        "relu6 leakyrelu prelu": "2 I",
        "hardsigmoid": "4 I",
        "hardswish": "5 I",
        "gelu": "7 I",
        "sigmoid": "32 I",
        "silu": "33 I",
        "elu": "35 I",
        "softmax": "36 I",
        "tanh softplus": "76 I",
        "logsoftmax": "80 I",
        "mish": "153 I",
        "glu": "33 O",
        "maxpool": "unknown if 3-D; O·k if even; unknown if adaptive; O·k",
        "gmaxpool": "unknown if 3-D; O·k",
        "avgpool": "I + 4 O if single; unknown if 3-D; O·k if even; unknown if adaptive; O·k",
        "gavgpool": "I + 4 O",
        "resize": "0 if nearest; 4 O",
        "add mul sub maximum minimum": "unknown if stretched; O·(n−1)",
        "div": "unknown if stretched; 4 O·(n−1)",
        "matmul": "unknown if stretched; M",
        "scale": "I + B",
        "mean max": "I",
        "shuffle unpool": "unknown",
    },
    others="unknown",
)  # fmt: skip

CONVENTIONS = (TORCHPROFILE, ONNX_TOOL)
