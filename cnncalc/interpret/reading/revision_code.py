"""The files that the code of a revision imports: those of the same revision, and of the disk none of the project."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ...convert.python.source import CodeFiles
from .revisions import all_files, staged, top

if TYPE_CHECKING:
    from ...convert.readers import How
    from .revisions import Revision


class RevisionCode(CodeFiles):
    """The files of a revision, by the paths that they would have on the disk."""

    def __init__(self, word: str, revision: Revision) -> None:
        self.revision = revision
        self.top = os.path.realpath(top(word))
        self._listed = all_files(word, revision.revision) if revision.tree else staged(word)
        self._folders = {path[:place] for path in self._listed for place, char in enumerate(path) if char == "/"}

    def _inside(self, path: str) -> str | None:
        """The path from the root of the repository; None of what lies elsewhere."""
        whole = os.path.abspath(path)
        return os.path.relpath(whole, self.top).replace(os.sep, "/") if whole.startswith(self.top + os.sep) else None

    def is_file(self, path: str) -> bool:
        inside = self._inside(path)
        return super().is_file(path) if inside is None else inside in self._listed

    def is_package(self, path: str) -> bool:
        inside = self._inside(path)
        if inside is None:
            return super().is_package(path)
        return any(one.endswith(".py") and os.path.dirname(one) == inside for one in self._listed)

    def is_folder(self, path: str) -> bool:
        inside = self._inside(path)
        return super().is_folder(path) if inside is None else inside in self._folders or inside == "."

    def read(self, path: str) -> bytes:
        inside = self._inside(path)
        return super().read(path) if inside is None else self.revision.read(inside, self.shown(path))

    def shown(self, path: str) -> str:
        inside = self._inside(path)
        return super().shown(path) if inside is None else f"{self.revision.revision}:{inside}"


def with_code(how: How, word: str, revision: Revision) -> How:
    """How a file of code in a revision is read: what it imports is of the same revision. Raises SpecError."""
    code = RevisionCode(word, revision)
    return how._replace(path=os.path.join(code.top, revision.main), files=code)
