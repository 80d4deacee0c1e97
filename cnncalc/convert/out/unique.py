"""Names that nothing else has."""

from __future__ import annotations

from collections.abc import Iterable


class UniqueNames:
    """Gives each name once: again it has a number behind it."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        #: The last number behind each name that was given again.
        self._again: dict[str, int] = {}

    def take(self, name: str) -> str:
        """`name`, or ``name_2`` where it is taken."""
        made, count = name, self._again.get(name, 1)
        while made in self._taken:
            count += 1
            made = f"{name}_{count}"
        self._again[name] = count
        self._taken.add(made)
        return made
