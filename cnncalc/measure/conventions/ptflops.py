"""ptflops, by its two backends. Held to what the package prints (tests/oracles/conventions)."""

from __future__ import annotations

from .rules import convention

_REPOSITORY = "https://github.com/sovrasov/flops-counter.pytorch"

PYTORCH = convention(
    "ptflops-0.7.5", "ptflops 0.7.5", "MAC", f"{_REPOSITORY} ptflops/pytorch_ops.py, ptflops/pytorch_engine.py",
    "Its default backend, pytorch: hooks on modules and patched functions. What both see, a ReLU or a pool, counts "
    "twice.",
    {
        "conv dwconv": "W·Pout + B",
        "upconv": "unknown if uneven bias; W·Pin + B",
        "fc": "M + B",
        "bn in gn": "2 I if affine; I",
        "lstm": "products + 2 B + 10 cells",
        "gru": "products + 2 B + 7 cells",
        "rnn": "products + 2 B + cells",
        "ln": "I",
        "relu prelu elu gelu": "2 I",
        "relu6 leakyrelu silu softmax": "I",
        "maxpool avgpool": "unknown if uneven; 2 I",
        "gmaxpool gavgpool": "2 I",
        "resize": "2 O if whole; unknown",
        "lrn": "3 I + padded",
        "attention": "unknown if apart; products + 2 C·L² + 2 heads·L² + B + O if bias; "
        "products + 2 C·L² + 2 heads·L² + 2 O",
        "localconv matmul": "unknown",
    },
)  # fmt: skip

ATEN = convention(
    "ptflops-0.7.5-aten", "ptflops 0.7.5", "MAC", f"{_REPOSITORY} ptflops/aten_ops.py, ptflops/aten_engine.py",
    "Its backend aten: matrix products and convolutions that ran, with their biases; other operators are 0.",
    {
        "conv dwconv": "W·Pout + B",
        "upconv": "unknown if uneven bias; W·Pin + B",
        "fc": "M + B",
        "attention": "products + O if bias; products",
        "matmul": "M",
        "gru rnn": "unknown if bias; products",
        "localconv": "unknown",
    },
)  # fmt: skip

CONVENTIONS = (PYTORCH, ATEN)
