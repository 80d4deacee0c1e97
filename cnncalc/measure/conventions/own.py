"""cnncalc's own conventions, as counting.md defines them."""

from __future__ import annotations

from .rules import convention

MACS = convention(
    "macs", "cnncalc", "MAC", "cnncalc help counting",
    "Multiply-accumulates of convolutions, dense layers and attention; no bias, no other layer.",
    {
        "conv dwconv": "W·Pout",
        "upconv": "W·Pin",
        "fc": "M",
        "localconv attention": "products",
    },
    others="0",
)  # fmt: skip

FLOPS = convention(
    "flops", "cnncalc", "FLOP", "cnncalc help counting",
    "2 for every multiply-accumulate.",
    {
        "conv dwconv": "2 W·Pout",
        "upconv": "2 W·Pin",
        "fc": "2 M",
        "localconv attention": "2 products",
    },
    others="0",
)  # fmt: skip

EXACT = convention(
    "exact", "cnncalc", "FLOP", "cnncalc help counting",
    "Every multiplication and addition: a sum of n products has 2n − 1, and one more with a bias. The products of "
    "padding are counted, those that do not exist in a localconv are not. Softmax inside attention is left out.",
    {
        "conv dwconv": "2 W·Pout − O + B",
        "fc": "2 M − O + B",
        "localconv": "unknown if blind; 2 products − dots + B",
        "attention": "2 products − dots + B",
        "upconv": "2 W·Pin",
        "bn scale": "2 I",
        "add mul": "O·(n−1)",
        "avgpool gavgpool mean": "O·k",
        "relu relu6 leakyrelu prelu maxpool gmaxpool max": "0",
        "resize": "0 if nearest; 7 O if 2-D; uncounted",
    },
)  # fmt: skip

CONVENTIONS = (MACS, FLOPS, EXACT)
