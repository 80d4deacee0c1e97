"""The modules of torch.nn: a row each. To add one is a line.

A row is the constructor's arguments as PyTorch has them, with their defaults; the call that `forward` is, of whose words
`x` (and `y`, `z`) are what it is given, others its attributes; and what it owns, where it owns something.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from ....records import Record
from .owned import (
    Owned,
    attention,
    batch_norm,
    bilinear,
    cell,
    channels,
    convolution,
    embedding,
    linear,
    normed,
    prelu,
    recurrent,
    transposed,
)
from .special import attend, embed_bag, recur, stepped, upsample

#: What a row says of a call that is more than one: ``forward(interpreter, module, *args, **kwargs)``.
Forward: TypeAlias = Callable[..., Any]


class ModuleRow(Record):
    """One class: its constructor's arguments, its call, what it owns, and the axes of its input where that is checked."""

    signature: str
    call: str | Forward
    owns: Callable[..., Owned] | None = None
    #: What an input's rank may be.
    ranks: tuple[int, ...] = ()
    base: str = "Module"


_CONV = (
    "in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros'"
)
_UP = ("in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1, "
       "padding_mode='zeros'")  # fmt: skip
_BN = "num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, bias=True"
_IN = "num_features, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False, bias=True"
_RNN = "input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0, bidirectional=False"
_CELL = "input_size, hidden_size, bias=True"
_REDUCED = "size_average=None, reduce=None, reduction='mean'"
_CLASSES = "weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean'"
#: What losses are of, on whose arguments no shapes and counts hang.
LOSS = "_Loss"
_LOSSES = {
    "CrossEntropy": f"{_CLASSES}, label_smoothing=0.0", "NLL": _CLASSES, "MSE": _REDUCED, "L1": _REDUCED,
    "SmoothL1": f"{_REDUCED}, beta=1.0", "Huber": "reduction='mean', delta=1.0", "KLDiv": f"{_REDUCED}, log_target=False",
    "BCE": f"weight=None, {_REDUCED}", "BCEWithLogits": f"weight=None, {_REDUCED}, pos_weight=None",
    "CTC": "blank=0, reduction='mean', zero_infinity=False", "MarginRanking": f"margin=0.0, {_REDUCED}",
    "CosineEmbedding": f"margin=0.0, {_REDUCED}", "HingeEmbedding": f"margin=1.0, {_REDUCED}",
    "TripletMargin": f"margin=1.0, p=2.0, eps=1e-06, swap=False, {_REDUCED}", "SoftMargin": _REDUCED,
    "MultiLabelMargin": _REDUCED, "MultiLabelSoftMargin": f"weight=None, {_REDUCED}",
    "MultiMargin": f"p=1, margin=1.0, weight=None, {_REDUCED}",
    "PoissonNLL": "log_input=True, full=False, size_average=None, eps=1e-08, reduce=None, reduction='mean'",
    "GaussianNLL": "full=False, eps=1e-06, reduction='mean'",
    "TripletMarginWithDistance": "distance_function=None, margin=1.0, swap=False, reduction='mean'",
}  # fmt: skip

TABLE: dict[str, ModuleRow] = {
    **{f"Conv{n}d": ModuleRow(_CONV, f"conv{n}d(x, weight, bias, stride, padding, dilation, groups)", convolution(n), base="_ConvNd")
       for n in (1, 2, 3)},
    **{f"ConvTranspose{n}d": ModuleRow(_UP, f"conv_transpose{n}d(x, weight, bias, stride, padding, output_padding, groups, dilation, output_size=y)",
                                 transposed(n), base="_ConvTransposeNd") for n in (1, 2, 3)},
    "Linear": ModuleRow("in_features, out_features, bias=True", "linear(x, weight, bias)", linear),
    "Bilinear": ModuleRow("in1_features, in2_features, out_features, bias=True", "bilinear(x, y, weight, bias)", bilinear),
    **{f"BatchNorm{n}d": ModuleRow(_BN, "batch_norm(x, running_mean, running_var, weight, bias)", batch_norm, ranks, "_BatchNorm")
       for n, ranks in ((1, (2, 3)), (2, (4,)), (3, (5,)))},
    "SyncBatchNorm": ModuleRow(f"{_BN}, process_group=None", "batch_norm(x, running_mean, running_var, weight, bias)", batch_norm,
                         base="_BatchNorm"),
    **{f"InstanceNorm{n}d": ModuleRow(_IN, "instance_norm(x, running_mean, running_var, weight, bias)", batch_norm,
                                (n + 1, n + 2), "_InstanceNorm") for n in (1, 2, 3)},
    "GroupNorm": ModuleRow("num_groups, num_channels, eps=1e-05, affine=True, bias=True", "group_norm(x, num_groups, weight, bias)", channels),
    "LayerNorm": ModuleRow("normalized_shape, eps=1e-05, elementwise_affine=True, bias=True",
                     "layer_norm(x, normalized_shape, weight, bias)", normed),
    "RMSNorm": ModuleRow("normalized_shape, eps=None, elementwise_affine=True", "rms_norm(x, normalized_shape, weight)", normed),
    "LocalResponseNorm": ModuleRow("size, alpha=0.0001, beta=0.75, k=1.0", "local_response_norm(x, size, alpha, beta, k)"),
    "CrossMapLRN2d": ModuleRow("size, alpha=0.0001, beta=0.75, k=1.0", "local_response_norm(x, size, alpha, beta, k)"),
    "Identity": ModuleRow("*args", "identity(x)"),
    **{name: ModuleRow("p=0.5, inplace=False", f"{call}(x, p)") for name, call in (
        ("Dropout", "dropout"), ("Dropout1d", "dropout1d"), ("Dropout2d", "dropout2d"), ("Dropout3d", "dropout3d"),
        ("AlphaDropout", "alpha_dropout"), ("FeatureAlphaDropout", "feature_alpha_dropout"))},
    **{name: ModuleRow("inplace=False", f"{name.lower()}(x)") for name in
       "ReLU ReLU6 SELU SiLU Mish Hardswish Hardsigmoid".split()},
    **{name: ModuleRow("", f"{call}(x)") for name, call in (
        ("Sigmoid", "sigmoid"), ("Tanh", "tanh"), ("LogSigmoid", "logsigmoid"), ("Softsign", "softsign"),
        ("Tanhshrink", "tanhshrink"))},
    "Softmax2d": ModuleRow("dim=-3", "softmax(x, dim)"),
    "LeakyReLU": ModuleRow("negative_slope=0.01, inplace=False", "leaky_relu(x, negative_slope)"),
    "PReLU": ModuleRow("num_parameters=1, init=0.25", "prelu(x, weight)", prelu),
    "RReLU": ModuleRow("lower=0.125, upper=0.3333333333333333, inplace=False", "rrelu(x, lower, upper)"),
    "ELU": ModuleRow("alpha=1.0, inplace=False", "elu(x, alpha)"), "CELU": ModuleRow("alpha=1.0, inplace=False", "celu(x, alpha)"),
    "GELU": ModuleRow("approximate='none'", "gelu(x)"), "GLU": ModuleRow("dim=-1", "glu(x, dim)"),
    "Softplus": ModuleRow("beta=1.0, threshold=20.0", "softplus(x, beta, threshold)"),
    "Softshrink": ModuleRow("lambd=0.5", "softshrink(x, lambd)"), "Hardshrink": ModuleRow("lambd=0.5", "hardshrink(x, lambd)"),
    "Threshold": ModuleRow("threshold, value, inplace=False", "threshold(x, threshold, value)"),
    "Hardtanh": ModuleRow("min_val=-1.0, max_val=1.0, inplace=False", "hardtanh(x, min_val, max_val)"),
    "Softmax": ModuleRow("dim=None", "softmax(x, dim)"), "Softmin": ModuleRow("dim=None", "softmin(x, dim)"),
    "LogSoftmax": ModuleRow("dim=None", "log_softmax(x, dim)"),
    **{f"MaxPool{n}d": ModuleRow("kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False",
                           f"max_pool{n}d(x, kernel_size, stride, padding, dilation, ceil_mode, return_indices)", base="_MaxPoolNd")
       for n in (1, 2, 3)},
    "AvgPool1d": ModuleRow("kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True",
                     "avg_pool1d(x, kernel_size, stride, padding, ceil_mode, count_include_pad)", base="_AvgPoolNd"),
    **{f"AvgPool{n}d": ModuleRow("kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None",
                           f"avg_pool{n}d(x, kernel_size, stride, padding, ceil_mode, count_include_pad)", base="_AvgPoolNd")
       for n in (2, 3)},
    **{f"LPPool{n}d": ModuleRow("norm_type, kernel_size, stride=None, ceil_mode=False",
                          f"lp_pool{n}d(x, norm_type, kernel_size, stride, ceil_mode)") for n in (1, 2)},
    **{f"MaxUnpool{n}d": ModuleRow("kernel_size, stride=None, padding=0", f"max_unpool{n}d(x, y, kernel_size, stride, padding, output_size=z)")
       for n in (1, 2, 3)},
    **{f"AdaptiveAvgPool{n}d": ModuleRow("output_size", f"adaptive_avg_pool{n}d(x, output_size)", base="_AdaptiveAvgPoolNd") for n in (1, 2, 3)},
    **{f"AdaptiveMaxPool{n}d": ModuleRow("output_size, return_indices=False", f"adaptive_max_pool{n}d(x, output_size, return_indices)",
                                   base="_AdaptiveMaxPoolNd") for n in (1, 2, 3)},
    **{f"{word}Pad{n}d": ModuleRow("padding", f"pad(x, padding, {mode})") for n in (1, 2, 3) for word, mode in (
        ("Zero", "constant"), ("Reflection", "reflect"), ("Replication", "replicate"), ("Circular", "circular"))},
    **{f"ConstantPad{n}d": ModuleRow("padding, value", "pad(x, padding, constant, value)") for n in (1, 2, 3)},
    "Upsample": ModuleRow("size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None", upsample),
    "UpsamplingNearest2d": ModuleRow("size=None, scale_factor=None, mode='nearest', align_corners=None", upsample),
    "UpsamplingBilinear2d": ModuleRow("size=None, scale_factor=None, mode='bilinear', align_corners=True", upsample),
    "PixelShuffle": ModuleRow("upscale_factor", "pixel_shuffle(x, upscale_factor)"),
    "PixelUnshuffle": ModuleRow("downscale_factor", "pixel_unshuffle(x, downscale_factor)"),
    "ChannelShuffle": ModuleRow("groups", "channel_shuffle(x, groups)"),
    "Flatten": ModuleRow("start_dim=1, end_dim=-1", "flatten(x, start_dim, end_dim)"),
    "Unflatten": ModuleRow("dim, unflattened_size", "unflatten(x, dim, unflattened_size)"),
    "Fold": ModuleRow("output_size, kernel_size, dilation=1, padding=0, stride=1", "fold(x, output_size, kernel_size, dilation, padding, stride)"),
    "Unfold": ModuleRow("kernel_size, dilation=1, padding=0, stride=1", "im2col(x, kernel_size, dilation, padding, stride)"),
    "Embedding": ModuleRow("num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, "
                     "sparse=False, _weight=None", "embedding(x, weight)", embedding),
    "EmbeddingBag": ModuleRow("num_embeddings, embedding_dim, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, mode='mean', "
                        "sparse=False, _weight=None, include_last_offset=False, padding_idx=None", embed_bag, embedding),
    "LSTM": ModuleRow(f"{_RNN}, proj_size=0", recur("lstm"), recurrent(4), base="RNNBase"),
    "GRU": ModuleRow(_RNN, recur("gru"), recurrent(3), base="RNNBase"),
    "RNN": ModuleRow("input_size, hidden_size, num_layers=1, nonlinearity='tanh', bias=True, batch_first=False, dropout=0.0, "
               "bidirectional=False", recur("rnn_tanh"), recurrent(1), base="RNNBase"),
    "LSTMCell": ModuleRow(_CELL, stepped("lstm_cell"), cell(4)), "GRUCell": ModuleRow(_CELL, stepped("gru_cell"), cell(3)),
    "RNNCell": ModuleRow("input_size, hidden_size, bias=True, nonlinearity='tanh'", stepped("rnn_tanh_cell"), cell(1)),
    "MultiheadAttention": ModuleRow("embed_dim, num_heads, dropout=0.0, bias=True, add_bias_kv=False, add_zero_attn=False, kdim=None, "
                              "vdim=None, batch_first=False", attend, attention),
    "CosineSimilarity": ModuleRow("dim=1, eps=1e-08", "cosine_similarity(x, y, dim)"),
    "PairwiseDistance": ModuleRow("p=2.0, eps=1e-06, keepdim=False", "pairwise_distance(x, y)"),
    **{f"{name}Loss": ModuleRow(signature, "loss(x, y)", base=LOSS) for name, signature in _LOSSES.items()},
}  # fmt: skip
#: Classes that code only asks for: what others are of.
ABSTRACT = ("_ConvNd", "_ConvTransposeNd", "_BatchNorm", "_NormBase", "_InstanceNorm", "RNNBase", "_MaxPoolNd", "_AvgPoolNd",
            "_AdaptiveAvgPoolNd", "_AdaptiveMaxPoolNd", "_DropoutNd", "_Loss")  # fmt: skip
_BASES = {"_ConvTransposeNd": "_ConvNd", "_BatchNorm": "_NormBase", "_InstanceNorm": "_NormBase"}
