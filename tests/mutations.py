"""Mutations of the examples: one number of one line changed, as a slip of the hand changes it."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cnncalc.convert.lookup import lookup
from readme import ROOT

EXAMPLES = sorted((ROOT / "examples").rglob("*.txt"))
_NUMBER = re.compile(r"\d+")


class Mutation(NamedTuple):
    """An example with one number of one line changed."""

    path: Path
    line: int
    #: Where the number stands in the line.
    column: int
    old: int
    new: int
    before: str
    after: str

    @property
    def written(self) -> str:
        """The line as it was."""
        return self.before.split("\n")[self.line - 1]

    @property
    def argument(self) -> tuple[str, str] | None:
        """The kind of layer and the word that the number is all the value of: `conv`, `stride=2`. None for others."""
        code = self.written.split("#")[0].split("->")[0]
        if self.column >= len(code):
            return None
        start = max(code.rfind("|", 0, self.column), code.rfind("- ", 0, self.column), code.rfind("= ", 0, self.column))
        words = code[start + 1 :].split("|")[0].split()
        words = words[1:] if words[0] in "-=" else words
        at = code.rfind(" ", 0, self.column) + 1
        word = code[at:].split()[0]
        whole = word.rpartition("=")[2] == str(self.old)
        return (words[0], word) if whole and lookup(words[0]) and word in words[1:] else None

    def __str__(self) -> str:
        return f"{self.path.name}:{self.line}: {self.old} -> {self.new}"


def mutations(count: int, seed: int) -> Iterator[Mutation]:
    """As many, over all examples in turn: each has the same chance, however long it is."""
    rng = random.Random(seed)
    texts = {path: path.read_text("utf-8") for path in EXAMPLES}
    for number in range(count):
        path = EXAMPLES[number % len(EXAMPLES)]
        text = texts[path]
        found = rng.choice(list(_NUMBER.finditer(text)))
        old = int(found.group())
        new = rng.choice(
            [one for one in (old + 1, old - 1, old * 2, old // 2, rng.randrange(1, 9)) if one not in (old, -1)]
        )
        after = f"{text[: found.start()]}{new}{text[found.end() :]}"
        line, column = text.count("\n", 0, found.start()) + 1, found.start() - text.rfind("\n", 0, found.start()) - 1
        yield Mutation(path, line, column, old, new, text, after)
