"""What the calls of PyTorch and of Keras have in common."""

from __future__ import annotations

from collections.abc import Sequence

from ..records import Record


class Call(Record):
    """The code of a call, empty where there is none, and a remark."""

    code: str
    remark: str = ""


def sized(values: Sequence[int]) -> str:
    """One number where all axes agree, else a tuple."""
    found = tuple(values)
    if len(set(found)) == 1:
        return str(found[0])
    return f"({', '.join(map(str, found))})"


def unless(value: str, default: str) -> str | None:
    """`value`, or None where it is the default and need not be written."""
    return None if value == default else value


def letters(count: int) -> list[str]:
    """Names for the paths of a merge: a, b, c; t24 and so on where there are more than letters."""
    return [chr(ord("a") + one) if one < 23 else f"t{one + 1}" for one in range(count)]
