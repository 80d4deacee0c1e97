"""What a git repository has: its names, and the files of a revision beside those on the disk."""

from __future__ import annotations

import os
from hashlib import sha1, sha256

from ...diagnostics import SpecError
from ...records import Record
from .revisions import all_files, beside, references, top, tree_of


class Repository(Record):
    """A repository: the real path of its top, and where the files of one of its revisions are."""

    top: str
    revision: str
    #: The id of each file's text, by its path from the top.
    files: dict[str, str]

    def is_same(self, path: str) -> bool:
        """Whether the file on the disk, at `path` from the top, is as the revision has it, byte by byte."""
        oid = self.files.get(path)
        if oid is None:
            return False
        try:
            with open(os.path.join(self.top, path), "rb") as file:
                data = file.read()
        except OSError:
            return False
        digest = (sha1 if len(oid) == 40 else sha256)(b"blob %d\0" % len(data))
        digest.update(data)
        return digest.hexdigest() == oid


def repository(revision: str) -> Repository:
    """The repository here, and the files of `revision` in it. Raises SpecError."""
    return Repository(os.path.realpath(top(revision)), revision, all_files(revision, revision))


def knows(revision: str) -> bool:
    """Whether the repository here has a revision of that name."""
    try:
        return bool(tree_of(revision, revision))
    except SpecError:
        return False


def names() -> list[str]:
    """Branches and tags of the repository here; none without one."""
    try:
        found = references("")
    except SpecError:
        return []
    return ["HEAD", *found] if found else []


def paths(word: str) -> list[str]:
    """``REV:path`` for what is in the folder of `word`, the beginning of one; nothing where there is no such folder."""
    try:
        return beside(word)
    except SpecError:
        return []
