"""The specs of a project that differ from those of a revision: which files they are, on either side."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

from ...cli import pyproject
from ...cli.globs import covered, matches
from ...cli.paths import SPEC_LINE, is_spec
from ...convert.readers import SUFFIXES
from ...diagnostics import SpecError
from ...interpret.reading.repository import Repository, repository
from ...interpret.reading.revisions import not_ignored, read_revision
from ...records import Record
from ...roots import lies_under, root_of

_USES = re.compile(rb"(?m)^[ \t]*use\b")


class SpecPair(Record):
    """A spec that may differ: how it is called, and on which sides it is."""

    path: str
    old: str
    new: str
    in_old: bool
    in_new: bool


class ProjectSpecs:
    """The specs of the project here and in a revision: those of the globs in its pyproject.toml, else all text files
    under its root that are specs. Raises SpecError.
    """

    def __init__(self, revision: str) -> None:
        self.repository: Repository = repository(revision)
        project = pyproject.find()
        self.globs = _globs(project.table)
        folder = os.path.realpath(project.folder) if self.globs else root_of(os.curdir)
        inside = lies_under(folder, self.repository.top)
        #: The path of the project's folder from the top of the repository, with a slash.
        self.prefix = os.path.relpath(folder, self.repository.top).replace(os.sep, "/") + "/" if inside else ""
        self.prefix = self.prefix.removeprefix("./")
        here = [path for path in not_ignored(revision) if self._stands(path) and is_spec(self._on_disk(path))]
        #: Those here, and those of the revision that are not here.
        self.here = [path for path in here if os.path.isfile(self._on_disk(path))]
        self.gone = [path for path in self.repository.files if self._stands(path) and not self._is_here(path)]

    def pairs(self) -> Iterator[SpecPair]:
        """Those that are not the same, byte by byte, in the order of their paths; new ones and gone ones, too."""
        for path in sorted({*self.here, *self.gone}):
            new, old = os.path.relpath(self._on_disk(path)), f"{self.repository.revision}:{path}"
            pair = SpecPair(new, old, new, path in self.repository.files, self._is_here(path))
            if not pair.in_new:
                if self._was_spec(old):
                    yield pair
            elif not pair.in_old or not self._is_same(path):
                yield pair

    def _stands(self, path: str) -> bool:
        """Whether a file, by its path from the top, may be one of the project's specs."""
        if not path.startswith(self.prefix):
            return False
        name = path[len(self.prefix) :]
        found = name.lower().endswith((".txt", *SUFFIXES))
        if not self.globs:
            return found and not any(part.startswith(".") for part in name.split("/"))
        return any(matches(glob, name) for glob in self.globs) or (found and covered(self.globs, name))

    def _on_disk(self, path: str) -> str:
        return os.path.join(self.repository.top, path)

    def _is_here(self, path: str) -> bool:
        return os.path.isfile(self._on_disk(path))

    def _was_spec(self, name: str) -> bool:
        """Whether a file of the revision is a spec, a text by its lines; one that cannot be read is none any more."""
        if not name.endswith(".txt"):
            return True
        try:
            source, _ = read_revision(name)
        except SpecError:
            return False
        return re.search(SPEC_LINE, source.text.encode(errors="replace")) is not None

    def _is_same(self, path: str) -> bool:
        """Whether neither a spec nor what it uses is another text than in the revision."""
        if not self.repository.is_same(path):
            return False
        with open(self._on_disk(path), "rb") as file:
            if _USES.search(file.read()) is None:
                return True
        from ...interpret import build, read_source
        from ...interpret.specification import specification

        try:
            source, folder = read_source(self._on_disk(path))
            used = [os.path.realpath(one) for one in specification(build(source, folder=folder)).files]
        except SpecError:
            return True
        top = self.repository.top
        inside = [os.path.relpath(one, top).replace(os.sep, "/") for one in used if lies_under(one, top)]
        return all(one == path or self.repository.is_same(one) for one in inside)


def _globs(table: Any) -> tuple[str, ...]:
    """The globs of a project; what is wrong with them 'cnncalc check' says."""
    given = table.get("specs", ()) if isinstance(table, dict) else ()
    given = [given] if isinstance(given, str) else given
    return tuple(one.removeprefix("./") for one in given if isinstance(one, str) and one)
