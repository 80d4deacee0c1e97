"""Kinds by name: by those of the language, and by those that PyTorch and Keras have for them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from ..layers import KINDS, Layer
from ..layers.pool import VARIANTS

if TYPE_CHECKING:
    from .signatures import Signature

#: A class, and the number of spatial axes that a name fixes (None: any).
Named: TypeAlias = "tuple[type[Layer], int | None]"

#: The frameworks in which a spec's words are looked up.
_READ = ("torch", "keras")


def lookup(name: str) -> Named | None:
    """The class that `name` means, and the number of spatial axes that the name fixes (None: any).

    Own names and aliases as written; PyTorch's and Keras's whatever their case and underscores.
    """
    own = _own_names()
    found = own.get(name)
    if found is None:
        folded = _folded(name)
        found = _foreign_names().get(folded) or own.get(folded)
    return found


def all_names() -> list[str]:
    """Every name of a kind, for suggestions: own names first."""
    return [*_own_names(), *(name for row, _ in _rows() for where in _READ for name in names(row, where))]


def names(row: str, framework: str) -> tuple[str, ...]:
    """What the kind of that row is called in "torch", "keras" or "onnx"."""
    return tuple(name for one in calls(row, framework) if one.reads for name in one.names)


def calls(row: str, framework: str) -> tuple[Signature, ...]:
    """The calls of that row in "torch", "keras" or "onnx"; none for a kind that the table does not know."""
    from .names import TABLE
    from .signatures import signatures

    return signatures(getattr(TABLE[row], framework)) if row in TABLE else ()


def _folded(name: str) -> str:
    return name.replace("_", "").lower()


def _rows() -> list[tuple[str, type[Layer]]]:
    """The rows of the table, each with its class: the kinds, and the variants that differ in what stands first."""
    return [*KINDS.items(), *VARIANTS.items()]


@cache
def _own_names() -> dict[str, Named]:
    """The names of this language: each with its class, and no rank."""
    return {name: (cls, None) for cls in KINDS.values() for name in (cls.kind, *cls.aliases)}


@cache
def _foreign_names() -> dict[str, Named]:
    """The names of PyTorch and Keras, folded to lower case: each with its class and the rank it fixes."""
    found: dict[str, Named] = {}
    for row, cls in _rows():
        for where in _READ:
            for call in calls(row, where):
                for name in call.names if call.reads else ():
                    found.setdefault(_folded(name), (cls, call.rank(name)))
    return found
