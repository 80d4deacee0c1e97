"""Kinds by name: by those of the language, and by those that PyTorch and Keras have for them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from ..layers import KINDS, Layer
from ..layers.pool import VARIANTS
from ..values import Word

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
        for _, row, call in _foreign_names().get(folded, ()):
            if call.reads:
                cls = kind_of(row)
                return _saying(cls, tuple(call.implied.items())) if call.implied else cls, call.rank(folded)
        found = own.get(folded)
    return found


#: The classes of names that themselves say values of arguments: ReflectionPad2d is a pad with mode=reflect.
_SAYING: dict[tuple[type[Layer], tuple[tuple[str, object], ...]], type[Layer]] = {}


def _saying(cls: type[Layer], implied: tuple[tuple[str, object], ...]) -> type[Layer]:
    """The class of a name that says the values `implied` of some arguments."""
    key = (cls, implied)
    if key not in _SAYING:
        said = {name: Word(value) if isinstance(value, str) else value for name, value in implied}

        def valued(made: Any, given: Mapping[str, Any], defaults: Mapping[str, Any] | None = None) -> Any:
            return cls.valued({**said, **given}, defaults)

        _SAYING[key] = type(cls.__name__, (cls,), {"valued": classmethod(valued), "__module__": cls.__module__})
    return _SAYING[key]


def kind_of(row: str) -> type[Layer]:
    """The class of a row of the table: a kind, or a variant that differs in what stands first."""
    return VARIANTS.get(row) or KINDS[row]


def all_names() -> list[str]:
    """Every name of a kind, for suggestions: own names first."""
    return [*_own_names(), *(name for row in (*KINDS, *VARIANTS) for where in _READ for name in names(row, where))]


def names(row: str, framework: str) -> tuple[str, ...]:
    """What the kind of that row is called in "torch", "keras" or "onnx"."""
    return tuple(name for call in calls(row, framework) if call.reads for name in call.names)


def calls(row: str, framework: str) -> tuple[Signature, ...]:
    """The calls of that row in "torch", "keras" or "onnx"; none for a kind that the table does not know."""
    from .names import TABLE
    from .signatures import signatures

    return signatures(getattr(TABLE[row], framework)) if row in TABLE else ()


@cache
def activations(framework: str) -> dict[str, str]:
    """The activations without arguments: their kinds, by what "torch" or "onnx" call them; by Keras's words for any.

    Readers know an activation by its row in the table.
    """
    if framework == "keras":
        found = ((kind, call) for kind in KINDS for call in calls(kind, "keras") if call.names == ("Activation",))
        return {str(call.parameters[0].value): kind for kind, call in found}
    plain = [kind for kind, cls in KINDS.items() if cls.activates and not cls.args]
    return {name: kind for kind in plain for name in names(kind, framework)}


def named_calls(name: str, framework: str = "", *, folded: bool = False) -> list[tuple[str, Signature]]:
    """The rows that a call of `name` may mean, each with the call: first those that the name stands for.

    Where `folded`, those whose names differ from it in case and underscores.
    """
    entries = sorted(_foreign_names().get(_folded(name), ()), key=lambda entry: entry[0] != "torch")
    return [(row, call) for where, row, call in entries
            if where == (framework or where) and (name in call.names) != folded]  # fmt: skip


def _folded(name: str) -> str:
    return name.replace("_", "").lower()


@cache
def _own_names() -> dict[str, Named]:
    """The names of this language: each with its class, and no rank."""
    return {name: (cls, None) for cls in KINDS.values() for name in (cls.kind, *cls.aliases)}


@cache
def _foreign_names() -> dict[str, list[tuple[str, str, Signature]]]:
    """The names of PyTorch and Keras, folded to lower case: framework, row and call of each, what is read first."""
    from .names import COMPOSED, TABLE
    from .signatures import signatures

    found: dict[str, list[tuple[str, str, Signature]]] = {}
    for row, foreign in (TABLE | COMPOSED).items():
        for where in _READ:
            for call in signatures(getattr(foreign, where)):
                for key in dict.fromkeys(map(_folded, call.names)):
                    found.setdefault(key, []).append((where, row, call))
    for entries in found.values():
        entries.sort(key=lambda entry: (not entry[2].reads, entry[2].writes))
    return found


def dropped(rate: Any) -> dict[str, Fraction]:
    """The argument of a dropout that zeroes this share of the values, where it is one: the number as it is written."""
    known = type(rate) in (int, float) and 0 <= rate <= 1
    return {"rate": Fraction(f"{rate:.6g}")} if known else {}
