"""Names of layers, inputs and block instances, each once in a network."""

from __future__ import annotations

from collections.abc import Iterable

from ..layers import KINDS


class Names:
    """Gives names that nothing else has; numbered ones never look like one of `reserved`."""

    def __init__(self, reserved: Iterable[str]) -> None:
        self._reserved = frozenset(reserved)
        self._given: set[str] = set()
        #: The last number of each kind, and of each block.
        self._counts: dict[str, int] = {}
        self._instances: dict[str, int] = {}

    def unique(self, name: str) -> str:
        """`name`, if nothing has it yet; else with a number behind it, ``name_2``."""
        candidate, count = name, 1
        while candidate in self._given or (count > 1 and candidate in self._reserved):
            count += 1
            candidate = f"{name}_{count}"
        self._given.add(candidate)
        return candidate

    def numbered(self, kind: str) -> str:
        """The name of the next layer of a kind, counted over the whole network: ``conv3``."""
        count = self._counts.get(kind, 0) + 1
        name = f"{kind}{count}"
        while name in self._given or name in self._reserved:  # relu6's first may be the 61st relu
            count += 1
            name = f"{kind}{count}"
        self._counts[kind] = count
        self._given.add(name)
        return name

    def instance(self, block: str) -> str:
        """The name of the next instance of a block: ``unit3``, or ``b4_1`` where the block's name ends in a digit."""
        base = f"{block}_" if block.rstrip("0123456789") in KINDS or block[-1].isdigit() else block
        count = self._instances.get(block, 0) + 1
        while f"{base}{count}" in self._reserved:
            count += 1
        self._instances[block] = count
        return f"{base}{count}"
