"""Finds and reads the pyproject.toml of a project: every fault with its file and, where it is found, its line."""

from __future__ import annotations

import os
import re
from pathlib import Path

from ...diagnostics import Source, Span, SpecError
from ...interpret.files import decode, fail, outside, read_bytes
from ...roots import is_within, root_of
from .project import Project

NAME = "pyproject.toml"
#: A key of so many parts is written by nobody, and takes tomllib the square of them.
_LONG_KEY = re.compile(r"""(?:\.[ \t]*["'\w-]+[ \t]*){500}""")


def find(start: Path | None = None) -> Project:
    """The project of a folder, by default the current one: of the nearest pyproject.toml upwards with a
    ``[tool.cnncalc]``. Without one nothing is asked for, in the folder of the nearest pyproject.toml, else in `start`.
    Raises SpecError.
    """
    start = (start or Path()).resolve()
    beside = None
    for folder in (start, *start.parents):
        path = folder / NAME
        if not path.is_file():
            continue
        if not is_within(str(path), root_of(str(folder), (".git",))):
            raise outside(_shown(path))
        beside = beside or folder
        source = decode(_shown(path), read_bytes(path, _shown(path)))
        if "cnncalc" in source.text:
            project = read(source, folder)
            if project is not None:
                return project
    return Project(beside or start)


def load(path: str) -> Project:
    """The project that the file `path` describes. Raises SpecError."""
    source = decode(path, read_bytes(Path(path), path))
    project = read(source, Path(path).resolve().parent)
    if project is None:
        raise fail(
            path, "there is no [tool.cnncalc] in it", "for example '[tool.cnncalc]' and below it 'max-params = \"5M\"'"
        )
    return project


def _shown(path: Path) -> str:
    """A path as it is shown: from the current folder, where it is not far."""
    shown = os.path.relpath(path)
    return str(path) if shown.startswith(os.path.join("..", "..", "..")) else shown


def read(source: Source, folder: Path) -> Project | None:
    """The project of the text of a pyproject.toml in `folder`; None where it has no ``[tool.cnncalc]``.

    Raises SpecError with every fault.
    """
    from tomllib import loads

    if _LONG_KEY.search(source.text):
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
