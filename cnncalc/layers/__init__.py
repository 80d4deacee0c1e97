"""What a kind of layer means: arithmetic, no text. One family a file, one class a kind.

A new kind is one class with its declaration, listed in its family's ``KINDS``.
"""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

from ..values import Shape
from . import activation, conv, dense, merge, norm, pool, resample, reshape, upconv
from .arguments import REQUIRED, Argument, LayerError
from .base import Layer
from .merge import MergeError
from .result import Remark, Result

#: A class, and the number of spatial axes that a name fixes (None: any).
Named: TypeAlias = "tuple[type[Layer], int | None]"

_ORDER = (
    "conv dwconv upconv localconv maxpool avgpool gavgpool gmaxpool fc flatten reshape bn in gn ln lrn "
    "relu relu6 leakyrelu prelu elu selu gelu silu mish hardswish hardsigmoid sigmoid tanh softplus "
    "softmax logsoftmax glu dropout identity add mul concat pad crop resize pixelshuffle pixelunshuffle "
    "shuffle take scale learned tokens attention mean max"
).split()
_FAMILIES = (conv, upconv, pool, dense, norm, activation, merge, resample, reshape)
_FOUND = {cls.kind: cls for family in _FAMILIES for cls in family.KINDS}
#: Canonical name -> class, in the order of the language's table; kinds that are new to it come last.
KINDS: dict[str, type[Layer]] = {kind: _FOUND[kind] for kind in [*_ORDER, *(_FOUND.keys() - set(_ORDER))]}


def _foreign(name: str) -> str:
    return name.replace("_", "").lower()


def _own_names() -> dict[str, Named]:
    """The names of this language: each with its class, and no rank."""
    return {name: (cls, None) for cls in KINDS.values() for name in (cls.kind, *cls.aliases)}


@cache
def _foreign_names() -> dict[str, Named]:
    """The names of PyTorch and Keras, folded to lower case: each with its class and the rank it fixes."""
    found: dict[str, Named] = {}
    for cls in [*KINDS.values(), *pool.VARIANTS]:
        for name in (*cls.torch, *cls.keras):
            # Dropout2d and its like name what they zero, not the rank they need.
            rank = (
                None if cls.kind == "dropout" else next((int(one) for one in "123" if f"{one}d" in name.lower()), None)
            )
            found.setdefault(_foreign(name), (cls, rank))
    return found


_OWN = _own_names()


def lookup(name: str) -> tuple[type[Layer], int | None] | None:
    """The class that `name` means, and the number of spatial axes that the name fixes (None: any).

    Own names and aliases as written; PyTorch's and Keras's whatever their case and underscores.
    """
    found = _OWN.get(name)
    if found is None:
        folded = _foreign(name)
        found = _foreign_names().get(folded) or _OWN.get(folded)
    return found


def all_names() -> list[str]:
    """Every name of a kind, for suggestions: own names first."""
    return [*_OWN, *(name for cls in [*KINDS.values(), *pool.VARIANTS] for name in (*cls.torch, *cls.keras))]


__all__ = [
    "KINDS", "REQUIRED", "Argument", "Layer", "LayerError", "MergeError", "Remark", "Result", "Shape", "all_names",
    "lookup",
]  # fmt: skip
