"""Names for tensors: what they are called already, as far as that is a name in a spec."""

from __future__ import annotations

from collections.abc import Iterable

from ...layers import KINDS
from ...spec.words import MAX_NAME, RESERVED, is_name

#: Names of measures and functions of requirements, and words that mean something to a reader.
_TAKEN = RESERVED | frozenset(
    "params macs flops memory activations peak field layers depth weighted output arena flash training trainable "
    "freeze dtype none input".split()
)


class Labels:
    """Gives each tensor, stage and block a name of its own."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._given: set[str] = set(taken)
        self._last: dict[str, int] = {}

    def take(self, wanted: str, otherwise: str = "x") -> str:
        """`wanted` as a name that nothing has yet."""
        base = plain(wanted) or otherwise
        if base in _TAKEN or base in KINDS:
            base += "_out" if base in KINDS else "_"
        name, number = base, self._last.get(base, 1)
        while name in self._given:
            number += 1
            name = f"{base}_{number}"
        self._last[base] = number
        self._given.add(name)
        return name


def plain(text: str) -> str:
    """The last part of a path, as a name; empty where nothing is left: ``/layer1/layer1.0/conv1/Conv`` is ``Conv``."""
    last = text.rstrip("/").rpartition("/")[2] or text
    made = "".join(sign if sign.isascii() and (sign.isalnum() or sign == "_") else "_" for sign in last).strip("_")
    if made[:1].isdigit():
        made = f"x{made}"
    return made[:MAX_NAME] if is_name(made) else ""
