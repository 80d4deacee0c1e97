"""Finds and reads the pyproject.toml of a project: every fault with its file and, where it is found, its line."""

from __future__ import annotations

import os
import re

from ...cli.paths import shown
from ...diagnostics import Source, Span, SpecError
from ...interpret.reading.files import Folder, decode, fail, outside, read_bytes
from ...roots import is_within, root_of, upwards
from .project import Project

NAME = "pyproject.toml"
#: A key of so many parts is written by nobody, and takes tomllib the square of them.
_LONG_KEY = r"""(?:\.[ \t]*["'\w-]+[ \t]*){500}"""


def find(start: Folder = ".") -> Project:
    """The project of a folder: of the nearest pyproject.toml upwards with a ``[tool.cnncalc]``. Without one nothing is
    asked for, in the folder of the nearest pyproject.toml, else in `start`. Raises SpecError.
    """
    start = os.path.realpath(start)
    beside = None
    for folder in upwards(start):
        path = os.path.join(folder, NAME)
        if not os.path.isfile(path):
            continue
        name = shown(path, 3)
        if not is_within(path, root_of(folder, (".git",))):
            raise outside(name)
        beside = beside or folder
        source = decode(name, read_bytes(path, name))
        project = read(source, folder) if "cnncalc" in source.text else None
        if project is not None:
            return project
    return Project(beside or start)


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
    from tomllib import loads

    if re.search(_LONG_KEY, source.text):
        raise fail(source.name, "a key of over 500 parts is nothing that anybody wrote", code="config")
    try:
        document = loads(source.text.replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:
        raise _broken(source, error) from None
    tool = document.get("tool")
    table = tool.get("cnncalc") if isinstance(tool, dict) else None
    if table is None:
        return None
    from .project_table import TableReader

    reader = TableReader(source)
    project = reader.project(table, folder)
    if reader.faults:
        raise SpecError(reader.faults)
    return project


def _broken(source: Source, error: Exception) -> SpecError:
    """The error of a file that is no TOML, at the line that TOML's own error names."""
    from tomllib import TOMLDecodeError

    text = "it is nested too deeply" if isinstance(error, RecursionError) else "an integer has over 4,300 digits"
    text = str(error) if isinstance(error, TOMLDecodeError) else text
    at = re.search(r" \(at line (\d+), column (\d+)\)$", text)
    message = f"not TOML: {text[: at.start()] if at else text}"
    if at is None:
        return fail(source.name, message, code="config")
    line, column = int(at.group(1)), int(at.group(2))
    bare = re.search(r"=\s*([\d.,_]+\s*[A-Za-z%]+)\s*(#.*)?$", source.line(line))
    help = f'what has a unit is a text: "{bare.group(1)}"' if bare else None
    return fail(source.name, message, help, code="config", span=Span(source, line, column, column + 1))
