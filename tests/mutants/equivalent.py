"""The list of equivalent mutants: those that change nothing which a test could see, each with the reason.

An entry is told by the text of its line, so that the list survives edits of other lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from .catalogue import Mutant

HERE = Path(__file__).parent / "equivalent.txt"

Key = tuple[str, str, str, str]


class BadList(Exception):
    """A list that cannot be read."""


def read(path: Path) -> dict[Key, str]:
    """The mutants of a list, with the reasons. Raises BadList."""
    found: dict[Key, str] = {}
    for number, block in enumerate(_blocks(path.read_text("utf-8")), 1):
        place, *rest = block
        module, _, name = (part.strip() for part in place.partition(":"))  # what runs on import has no name
        rows = [row.split(maxsplit=1) for row in rest]
        words = [row[0] for row in rows if len(row) == 2]
        if len(words) != len(rows) or words.count("line") != 1 or words[-1:] != ["why"] or "mutant" not in words:
            raise BadList(f"{path}: entry {number}, {place}: it needs a line, a mutant or several, and why")
        line, why = next(row[1] for row in rows if row[0] == "line"), rows[-1][1]
        found.update({(module, name, line, row[1]): why for row in rows if row[0] == "mutant"})
    return found


def _blocks(text: str) -> list[list[str]]:
    """The entries, each a list of its lines; those that begin with # say nothing."""
    lines = [line.strip() for line in text.split("\n") if not line.startswith("#")]
    return [block.strip().split("\n") for block in "\n".join(lines).split("\n\n") if block.strip()]


def stale(listed: dict[Key, str], mutants: Iterable[Mutant]) -> list[Key]:
    """Entries for the modules of `mutants` that are none of them: their line was changed."""
    known = {mutant.key for mutant in mutants}
    modules = {key[0] for key in known}
    return [key for key in listed if key[0] in modules and key not in known]
