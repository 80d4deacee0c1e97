"""The types of numbers: what several of them become together, as PyTorch promotes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

from .values import Tensor

#: What type comes of one.
Typing: TypeAlias = "Callable[[str | None], str | None]"

#: From the narrowest to the widest. Of float16 and bfloat16 together comes float32.
_ORDER = "bool uint8 int8 int16 int32 int64 float16 bfloat16 float32 float64 complex64 complex128".split()

#: Methods that give another type.
TYPES = {"half": "float16", "float": "float32", "double": "float64", "bfloat16": "bfloat16", "long": "int64",
          "int": "int32", "bool": "bool"}  # fmt: skip
#: What a number becomes of a type.
CASTS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("float16", "bfloat16", "float32", "float64"), float),
    **dict.fromkeys(("int8", "int16", "int32", "int64", "uint8"), int), "bool": bool,
}  # fmt: skip


def cast(found: list[Any] | None, dtype: str | None) -> list[Any] | None:
    """Numbers as those of a type; as they are, where it is none that is known here."""
    return found if found is None or dtype not in CASTS else [CASTS[dtype](one) for one in found]


def _category(dtype: str) -> int:
    """0 of truth values, 1 of whole numbers, 2 of real, 3 of complex ones."""
    return 0 if dtype == "bool" else 1 if "int" in dtype else 2 if "float" in dtype else 3


def _joined(dtypes: Sequence[str]) -> str | None:
    """What types of one rank become together; None where one of them is none that is known here."""
    found = set(dtypes)
    if not found <= set(_ORDER):
        return None
    if {"float16", "bfloat16"} <= found:
        found.add("float32")
    if {"uint8", "int8"} <= found:
        found.add("int16")
    if {"float64", "complex64"} <= found:
        found.add("complex128")
    return max(found, key=_ORDER.index)


def promoted(tensors: Sequence[Tensor], numbers: Iterable[Tensor] = ()) -> str | None:
    """The type of what tensors and `numbers` of the code give together (torch.result_type); None where it is not known.

    Tensors without axes widen no tensor that has some, and numbers no tensor, but from whole ones to real ones.
    """
    found: str | None = None
    ranks = (
        [tensor for tensor in tensors if tensor.shape != ()],
        [tensor for tensor in tensors if tensor.shape == ()],
        [*numbers],
    )
    for rank in ranks:
        known = [tensor.dtype for tensor in rank if tensor.dtype is not None]
        joined = _joined(known) if known else None
        if known and joined is None:
            return None
        if rank and joined is None and found is None and rank is not ranks[2]:
            return None
        if joined is not None and (found is None or _category(joined) > _category(found)):
            found = joined
    return found


def arithmetic(called: str, name: str, values: Sequence[Any], tensors: Sequence[Tensor]) -> str | None:
    """The type of what the operation `name` gives of `values`, which are `tensors` or stand as such; what is written
    over the first one, by what is `called` so, keeps the type of that.
    """
    if called[-1:] == "_" and called[-2:] != "__":
        return tensors[0].dtype
    pairs = list(zip(values, tensors, strict=True))[1 if name == "where" else 0 :]
    found = promoted(
        [tensor for value, tensor in pairs if value is tensor],
        [tensor for value, tensor in pairs if value is not tensor],
    )
    return real(found) if name == "div" else found


def real(dtype: str | None) -> str | None:
    """What a function gives whose values are no whole numbers, of numbers of a type."""
    return "float32" if dtype is not None and _category(dtype) < 2 else dtype


def summed(dtype: str | None) -> str | None:
    """What a sum or product of numbers of a type gives."""
    return "int64" if dtype is not None and _category(dtype) < 2 else dtype


def retyped(tensor: Tensor, dtype: str | None) -> Tensor:
    """The same tensor with numbers of another type; None: of one that is not known."""
    if dtype == tensor.dtype:
        return tensor
    made = type(tensor)(tensor.shape, dtype, tensor.numbers, fixed=tensor.fixed, storages=tensor.storages)
    made.producer, made.base, made.name = tensor.producer, tensor.base, tensor.name
    return made
