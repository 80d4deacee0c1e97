"""Names of layers: their own with their path, or their kind and a number, counted over the whole network."""

from __future__ import annotations

from typing import Any

from .sharing import Sharing


class Naming(Sharing):
    """Gives every layer a name that no other has."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        #: The last number of each kind, and of each block.
        self.counts: dict[str, int] = {}
        #: Kinds whose numbered names may be others' names: each of theirs is looked at.
        self.contested: set[str] = {"relu6"}

    def named(self, kind: str, name: str | None) -> str:
        """The unique name of a layer: its own with its path, or its kind and a number."""
        if name is None:
            count = self.counts.get(kind, 0) + 1
            if kind in self.contested:
                while self.name_taken(kind, str(count)):
                    count += 1
                if kind == "relu6":
                    self.contested.add("relu")
            self.counts[kind] = count
            return f"{kind}{count}"
        if self.rounds or self.scope is not self.top:
            rounds = "".join(f"[{number}]" for number in self.rounds)
            return "/".join([*(step.name for step in self.path), name + rounds])
        return name

    def name_taken(self, kind: str, number: str) -> bool:
        """Whether another layer has, or will have, the name that `kind` and `number` make."""
        if kind == "relu6":  # its first may be the 61st relu
            taken = int(f"6{number}") <= self.counts.get("relu", 0)
        else:
            rest = number[1:]
            taken = kind == "relu" and number[0] == "6" and rest[:1] not in ("", "0")
            taken = taken and int(rest) <= self.counts.get("relu6", 0)
        return taken or (f"{kind}{number}", False) in self.top.declared

    def contest(self) -> None:
        """Finds the kinds that the user's own names look like: a tensor called `conv3`."""
        for name, variable in self.top.declared:
            kind = name.rstrip("0123456789")
            if not variable and kind != name:
                self.contested |= {kind, "relu6"} if kind == "relu" else {kind}
