"""The bundled examples: in the wheel under cnncalc/examples, in a checkout in the folder beside the package."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ..records import Record


class Example(Record):
    """A bundled spec: its name is its path without ``.txt``, ``lessons/same-size`` for one in a folder."""

    name: str
    title: str
    path: Path


@cache
def _folder() -> Path:
    package = Path(__file__).resolve().parent.parent
    inside = package / "examples"
    return inside if inside.is_dir() else package.parent / "examples"


@cache
def _paths() -> dict[str, Path]:
    folder = _folder()
    found = sorted(folder.rglob("*.txt"), key=lambda path: (len(path.parts), path.as_posix()))
    return {path.relative_to(folder).with_suffix("").as_posix(): path for path in found}


def example_names() -> list[str]:
    """The names of the bundled examples."""
    return list(_paths())


def example_path(name: str) -> Path | None:
    """Where the example `name` (with or without ``.txt``) lies; None if there is none."""
    return _paths().get(name.removesuffix(".txt"))


def examples() -> list[Example]:
    """The bundled examples with their titles: the ``model`` line, else the first comment."""
    return [Example(name, _title(path), path) for name, path in _paths().items()]


def _title(path: Path) -> str:
    comment = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("model "):
            return line[6:].strip()
        if line.startswith("#") and not comment:
            comment = line.lstrip("# ").strip()
    return comment
