"""calflops, its FLOPs and its MACs. Held to what the package prints (tests/oracles/conventions)."""

from __future__ import annotations

from .rules import convention

_SOURCE = "https://github.com/MrYxJ/calculate-flops.pytorch calflops/pytorch_ops.py"

FLOPS = convention(
    "calflops-0.3.2", "calflops 0.3.2", "FLOP", _SOURCE,
    "The FLOPs of its patched functions. It works output sizes out anew, wrongly for pad=same and transposed "
    "convolutions.",
    {
        "conv dwconv": "unknown if same; 2 W·Pout + B",
        "upconv": "unknown if bias; unknown if groups; 2 W·Pin",
        "fc": "2 M",
        "bn": "2 I if affine; I",
        "lstm": "2 products + 2 B + 2 cells",
        "gru": "2 products + 2 B + cells",
        "rnn": "2 products + 2 B − cells",
        "in gn ln": "5 I if affine; 4 I",
        "relu leakyrelu prelu elu gelu silu softmax": "I",
        "maxpool avgpool": "unknown if uneven; I",
        "gmaxpool gavgpool": "I",
        "lrn": "3 I + padded",
        "attention": "2 products − 4 C·L² + heads·L²",
        "resize localconv matmul": "unknown",
    },
)  # fmt: skip

MACS = convention(
    "calflops-0.3.2-macs", "calflops 0.3.2", "MAC", _SOURCE,
    "The MACs of its patched functions, which are 0 for all but products.",
    {
        "conv dwconv": "unknown if same; W·Pout",
        "upconv": "unknown if groups; W·Pin",
        "fc": "M",
        "bn in gn ln relu leakyrelu prelu elu gelu silu softmax maxpool avgpool gmaxpool gavgpool lrn": "0",
        "attention": "products − 2 C·L²",
        "resize": "unknown if factors; 0",
        "localconv matmul": "unknown",
    },
)  # fmt: skip

CONVENTIONS = (FLOPS, MACS)
