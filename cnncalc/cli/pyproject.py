"""Finds and reads the pyproject.toml of a project: what stands in its ``[tool.cnncalc]``, and where."""

from __future__ import annotations

import os
import re
from typing import Any

from ..diagnostics import Source, Span, SpecError
from ..interpret.reading.files import decode, fail, outside, read_bytes
from ..records import Record
from ..roots import is_within, root_of, upwards
from .paths import shown

NAME = "pyproject.toml"
#: A key of so many parts is written by nobody, and takes tomllib the square of them.
_LONG_KEY = r"""(?:\.[ \t]*["'\w-]+[ \t]*){500}"""


class ProjectFile(Record):
    """Where a project is, and its table; without one nothing is asked for."""

    folder: str
    source: Source | None = None
    table: Any = None


def find(start: str = ".") -> ProjectFile:
    """The project of a folder: of the nearest pyproject.toml upwards with a ``[tool.cnncalc]``, else without a table,
    in the folder of the nearest pyproject.toml, else in `start`. Raises SpecError.
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
        found = table(source) if "cnncalc" in source.text else None
        if found is not None:
            return ProjectFile(folder, source, found)
    return ProjectFile(beside or start)


def table(source: Source) -> Any:
    """The ``[tool.cnncalc]`` of the text of a pyproject.toml; None without one. Raises SpecError."""
    from tomllib import loads

    if re.search(_LONG_KEY, source.text):
        raise fail(source.name, "a key of over 500 parts is nothing that anybody wrote", code="config")
    try:
        document = loads(source.text.replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:
        raise _broken(source, error) from None
    tool = document.get("tool")
    return tool.get("cnncalc") if isinstance(tool, dict) else None


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
