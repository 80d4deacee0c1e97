"""cnncalc's own conventions, as counting.md defines them."""

from __future__ import annotations

from .rules import convention

MACS = convention(
    "macs", "cnncalc", "MAC", "cnncalc help counting",
    "Multiply-accumulates of convolutions, dense and recurrent layers, attention and matmul; no bias, no other layer.",
    {
        "conv dwconv": "W·Pout",
        "upconv": "W·Pin",
        "fc matmul": "M",
        "localconv attention lstm gru rnn op": "products",
    },
    others="0",
)  # fmt: skip

FLOPS = convention(
    "flops", "cnncalc", "FLOP", "cnncalc help counting",
    "2 for every multiply-accumulate.",
    {
        "conv dwconv": "2 W·Pout",
        "upconv": "2 W·Pin",
        "fc matmul": "2 M",
        "localconv attention lstm gru rnn op": "2 products",
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
        "matmul": "2 M − O",
        "bn": "2 I",
        "scale": "I if constant; 2 I",
        "add mul sub": "O·(n−1)",
        "avgpool gavgpool mean": "O·k",
        "relu relu6 leakyrelu prelu maxpool gmaxpool max maximum minimum": "0",
        "resize": "0 if nearest; 7 O if 2-D; uncounted",
    },
)  # fmt: skip

CONVENTIONS = (MACS, FLOPS, EXACT)
