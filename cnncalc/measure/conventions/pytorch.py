"""Counters that watch PyTorch's modules or operators: torchinfo, fvcore, thop, and PyTorch's own.

Read in the sources named, and held to what the packages print (tests/oracles/conventions).
"""

from __future__ import annotations

from .rules import convention

TORCHINFO = convention(
    "torchinfo-1.8.0", "torchinfo 1.8.0", "mult-add",
    "https://github.com/TylerYep/torchinfo torchinfo/layer_info.py calculate_macs",
    "Parameters of a layer, times the positions out for what is called a convolution. What has no parameters is 0.",
    {
        "conv dwconv": "W·Pout + B",
        "upconv": "unknown if uneven; W·Pout + B",
        "fc bn in gn ln prelu embed": "params",
        "lstm gru rnn": "products + 2 B",
        "scale": "uncounted if constant; unknown",
        "localconv": "unknown",
    },
)  # fmt: skip

FVCORE = convention(
    "fvcore-0.1.5", "fvcore 0.1.5.post20221221", "MAC",
    "https://github.com/facebookresearch/fvcore fvcore/nn/flop_count.py, fvcore/nn/jit_handles.py",
    "Operators of the traced network. Those it has no handle for it lists as unsupported; relu it ignores on purpose.",
    {
        "conv dwconv": "uncounted if same; W·Pout",
        "upconv": "W·Pin",
        "fc matmul": "M",
        "attention": "products",
        "bn": "2 I if affine; I",
        "in gn ln": "5 I if affine; 4 I",
        "relu": "0",
        "avgpool": "I if adaptive 2-D; uncounted",
        "gavgpool": "I if 2-D; uncounted",
        "resize": "O if nearest 2-D; 4 O if bilinear 2-D; uncounted",
        "localconv unpool": "unknown",
    },
)  # fmt: skip

THOP = convention(
    "thop-0.1.1", "thop 0.1.1.post2209072238", "MAC",
    "https://github.com/Lyken17/pytorch-OpCounter thop/profile.py, thop/vision/basic_hooks.py, calc_func.py",
    "A rule for a module; modules without one are taken as 0.",
    {
        "conv dwconv": "W·Pout",
        "upconv": "unknown if uneven; W·Pout",
        "fc": "M",
        "bn ln in": "4 I if affine; 2 I",
        "lstm": "products + 2 B + 8 cells",
        "gru": "products + 2 B + 7 cells",
        "rnn": "products + 2 B + cells",
        "relu relu6 leakyrelu maxpool gmaxpool": "0",
        "prelu": "I",
        "softmax": "3 I − rows",
        "avgpool": "unknown if inexact; I + O if adaptive; O",
        "gavgpool": "unknown if inexact; I + O",
        "resize": "O if nearest; 5 O if 1-D; 11 O if 2-D; uncounted",
        "localconv": "unknown",
    },
)  # fmt: skip

TORCH = convention(
    "torch-2.13", "torch.utils.flop_counter 2.13.0", "FLOP",
    "https://github.com/pytorch/pytorch torch/utils/flop_counter.py",
    "2 for every multiply-accumulate of the matrix products and convolutions that ran; other operators are not seen.",
    {
        "conv dwconv": "2 W·Pout",
        "upconv": "2 W·Pin",
        "fc matmul": "2 M",
        "attention": "2 products",
        "gru rnn": "2 products",
        "localconv": "unknown",
    },
)  # fmt: skip

CONVENTIONS = (TORCHINFO, FVCORE, THOP, TORCH)
