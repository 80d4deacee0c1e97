"""What a kind of layer means: arithmetic, no text. One family a file, one class a kind.

A new kind is one class with its declaration, listed in its family's ``KINDS``.
"""

from __future__ import annotations

from ..values import Shape
from . import activation, conv, dense, merge, norm, op, pool, recurrent, resample, reshape, split, unpool, upconv
from .arguments import REQUIRED, Argument, LayerError, RankError
from .base import Layer
from .merge import MergeError
from .result import Remark, Result

_ORDER = (
    "conv dwconv upconv localconv maxpool avgpool gavgpool gmaxpool fc flatten reshape bn in gn ln lrn "
    "relu relu6 leakyrelu prelu elu selu gelu silu mish hardswish hardsigmoid sigmoid tanh softplus "
    "softmax logsoftmax glu dropout identity add mul concat pad crop resize pixelshuffle pixelunshuffle "
    "shuffle take split scale learned tokens attention mean max "
    "lstm gru rnn embed unpool permute matmul sub div maximum minimum op"
).split()
_FAMILIES = (conv, upconv, pool, dense, norm, activation, merge, resample, reshape, split, recurrent, unpool, op)
_FOUND = {cls.kind: cls for family in _FAMILIES for cls in family.KINDS}
#: Canonical name -> class, in the order of the language's table; kinds that are new to it come last.
KINDS: dict[str, type[Layer]] = {kind: _FOUND[kind] for kind in dict.fromkeys((*_ORDER, *_FOUND)) if kind in _FOUND}
#: What kinds of layers are there for: a legend's words, and the kinds that are of each.
GROUPS: dict[str, str] = {
    cls.kind: group
    for group, families in {
        "convolution": (conv, upconv), "fully connected, attention, recurrent": (dense, recurrent),
        "pooling": (pool, unpool), "normalization": (norm,), "activation": (activation,), "merge": (merge,),
        "resize, reshape": (resample, reshape, split),
    }.items()
    for family in families
    for cls in family.KINDS
}  # fmt: skip


__all__ = [
    "GROUPS", "KINDS", "REQUIRED", "Argument", "Layer", "LayerError", "MergeError", "RankError", "Remark", "Result",
    "Shape",
]  # fmt: skip
