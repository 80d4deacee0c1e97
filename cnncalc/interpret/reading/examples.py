"""The bundled examples: in the wheel under cnncalc/examples, in a checkout in the folder beside the package."""

from __future__ import annotations

import os
from functools import cache

from ...records import Record


class Example(Record):
    """A bundled spec: its name is its path without ``.txt``, ``lessons/same-size`` for one in a folder."""

    name: str
    title: str
    path: str


def folder() -> str:
    """Where they lie."""
    package = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
    inside = os.path.join(package, "examples")
    return inside if os.path.isdir(inside) else os.path.join(os.path.dirname(package), "examples")


@cache
def _paths() -> dict[str, str]:
    """The paths of the examples by name; as texts: pathlib takes longer to load than a spec to be read."""
    start = folder()
    paths = [os.path.join(where, file) for where, _, files in os.walk(start) for file in files if file.endswith(".txt")]
    names = {os.path.relpath(path, start).removesuffix(".txt").replace(os.sep, "/"): path for path in paths}
    return {name: names[name] for name in sorted(names, key=lambda name: (name.count("/"), name))}


def example_names() -> list[str]:
    """The names of the bundled examples."""
    return list(_paths())


def example_path(name: str) -> str | None:
    """Where the example `name` (with or without ``.txt``) lies; None if there is none."""
    return _paths().get(name.removesuffix(".txt"))


def examples() -> list[Example]:
    """The bundled examples with their titles: the ``model`` line, else the first comment."""
    return [Example(name, _title(path), path) for name, path in _paths().items()]


def _title(path: str) -> str:
    comment = ""
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith("model "):
                return line[6:].strip()
            if line.startswith("#") and not comment:
                comment = line.strip("# \n")
    return comment
