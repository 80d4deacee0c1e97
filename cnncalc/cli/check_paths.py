"""Which files `cnncalc check` is about: those that are named, those of folders, those of the project's globs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ..analysis.project import Project
    from ..diagnostics import Diagnostic

DEFAULT = "model.txt"
#: A line that only specs have, and files of blocks; an input may have a name before it.
_SPEC = re.compile(rb"(?:[A-Za-z_]\w*[ \t]*=[ \t]*)?input\b|use\b|block\b")
_BOM = b"\xef\xbb\xbf"
#: So much of a file is looked at; what has no such line in it is no spec that anybody wrote.
_MOST_BYTES = 64 * 2**20


class Found(NamedTuple):
    """The specs, each once, in the order of the paths; how many other `*.txt` the folders have; what is doubtful."""

    files: tuple[str, ...]
    others: int
    doubts: tuple[Diagnostic, ...]


def find(paths: Sequence[str], project: Project, specs_only: bool = False) -> Found:
    """The files that `paths` stand for; without any those of the project, or ./model.txt.

    With `specs_only` named files that are no specs are left out, as in folders, and there may be none left. Raises
    SpecError where there are none otherwise.
    """
    from ..diagnostics import ERROR, WARNING, Diagnostic, SpecError

    search = _Search(specs_only)
    named = list(paths) or list(_of_project(project, search))
    for path in named:
        search.add(path)
    doubts = [Diagnostic(WARNING, "no-specs", message, None, help) for message, help in search.empty]
    if search.files or (search.others and specs_only):
        return Found(tuple(search.files), search.others, tuple(doubts))
    if search.empty:
        raise SpecError([one._replace(severity=ERROR) for one in doubts])
    help = "name files or folders, 'cnncalc check models', or start with one: 'cnncalc new lenet5 -o model.txt'"
    raise SpecError([Diagnostic(ERROR, "no-file", f"there is no {DEFAULT} here", None, help)])


def _of_project(project: Project, search: _Search) -> Iterator[str]:
    """The paths that the globs of a project stand for; ./model.txt, if it is there, where it has none."""
    if not project.specs:
        yield from [DEFAULT] if os.path.exists(DEFAULT) else []
    for glob in project.specs:
        try:
            found = sorted(project.folder.glob(glob))
        except (ValueError, NotImplementedError, OSError):
            found = []
        if not found:
            search.empty.append(
                (f"'{glob}' of specs in {project.file} stands for no file", "it is relative to that file")
            )
        for path in found:
            yield os.path.relpath(path)


class _Search:
    """Collects the files."""

    def __init__(self, specs_only: bool) -> None:
        self.specs_only = specs_only
        self.files: list[str] = []
        self.others = 0
        #: Paths with nothing in them: what is wrong, and what to do.
        self.empty: list[tuple[str, str]] = []
        self._seen: set[str] = set()

    def add(self, path: str) -> None:
        """Adds a file, or the specs of a folder."""
        if path == "-" or not os.path.isdir(path):
            if self.specs_only and os.path.isfile(path) and not is_spec(path):
                self.others += 1
            else:
                self._add(path)
            return
        specs, others = _in_folder(path)
        for file in specs:
            self._add(file)
        self.others += others
        if not specs:
            rest = f" (but {others} other *.txt)" if others else ""
            help = "specs are *.txt with a line that starts with 'input', 'use' or 'block'"
            self.empty.append((f"{path}: no spec in this folder{rest}", help))

    def _add(self, file: str) -> None:
        special = file == "-" or (file.startswith("@") and not os.path.exists(file))
        key = file if special else os.path.abspath(file)
        if key not in self._seen:
            self._seen.add(key)
            self.files.append(file)


def _in_folder(top: str) -> tuple[list[str], int]:
    """The specs of a folder and of those in it, hidden ones left out, sorted; and how many other `*.txt` there are."""
    specs: list[str] = []
    others = 0
    for folder, inner, names in os.walk(top):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        for name in sorted(names):
            path = os.path.normpath(os.path.join(folder, name))
            if not name.endswith(".txt") or name.startswith(".") or not os.path.isfile(path):
                continue
            if is_spec(path):
                specs.append(path)
            else:
                others += 1
    return specs, others


def is_spec(path: str) -> bool:
    """Whether a file has a line that only specs have. One that cannot be read may be one: reading it says why."""
    try:
        with open(path, "rb") as file:
            return any(map(_SPEC.match, _lines(file)))
    except OSError:
        return True


def _lines(file: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for line in file:
        yield line.removeprefix(_BOM) if not size else line
        size += len(line)
        if size > _MOST_BYTES:
            return
