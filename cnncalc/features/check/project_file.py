"""The project that a pyproject.toml describes: every fault with its file and, where it is found, its line."""

from __future__ import annotations

import os
from typing import Any

from ...cli import pyproject
from ...diagnostics import Source, SpecError
from ...interpret.reading.files import Folder, decode, fail, read_bytes
from .project import Project

NAME = pyproject.NAME


def find(start: Folder = ".") -> Project:
    """The project of a folder (:func:`cnncalc.cli.pyproject.find`). Raises SpecError."""
    file = pyproject.find(os.fspath(start))
    return Project(file.folder) if file.source is None else _described(file.source, file.table, file.folder)


def load(path: str) -> Project:
    """The project that the file `path` describes. Raises SpecError."""
    project = read(decode(path, read_bytes(path, path)), os.path.dirname(os.path.realpath(path)))
    if project is None:
        help = "for example '[tool.cnncalc]' and below it 'max-params = \"5M\"'"
        raise fail(path, "there is no [tool.cnncalc] in it", help)
    return project


def read(source: Source, folder: Folder) -> Project | None:
    """The project of the text of a pyproject.toml in `folder`; None where it has no ``[tool.cnncalc]``.

    Raises SpecError with every fault.
    """
    table = pyproject.table(source)
    return None if table is None else _described(source, table, folder)


def _described(source: Source, table: Any, folder: Folder) -> Project:
    """The project of a table. Raises SpecError with every fault."""
    from .project_table import TableReader

    reader = TableReader(source)
    project = reader.project(table, folder)
    if project is None or reader.faults:
        raise SpecError(reader.faults)
    return project
