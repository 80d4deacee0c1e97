"""Lines of a file, each below the shape of its tensor `x`, and what is recorded of it behind an arrow."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, TypeVar


class RecordedLine(NamedTuple):
    """A shape without samples, a text about `x` of that shape, and what was recorded of it."""

    shape: tuple[int, ...]
    text: str
    made: str


Line = TypeVar("Line", bound=RecordedLine)


def read(file: Path, kind: type[Line]) -> list[Line]:
    """The lines of a file, each of that kind."""
    found: list[Line] = []
    shape: tuple[int, ...] = ()
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("x "):
            shape = tuple(int(size) for size in line[2:].split("x"))
        elif line.startswith("    "):
            text, _, made = line.strip().partition(" -> ")
            found.append(kind(shape, text, made))
    return found
