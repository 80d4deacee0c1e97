"""Which specs the commands mean that take files and folders: check, fmt, annotate."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence

from ..records import Record
from ..roots import is_within, lies_under, root_of
from .guard import Refused

#: What makes a text file a spec in a folder: a line that starts so.
SPEC_LINE = rb"(?m)^(?:\xef\xbb\xbf)?(?:[A-Za-z_]\w*[ \t]*=[ \t]*input|input|use|block)\b"
_MAX_BYTES = 64 * 2**20


class Found(Record):
    """The files that some paths stand for, each once, and how many text files in folders are no specs."""

    files: tuple[str, ...]
    skipped: int
    #: Those of the files that nobody named and that lead out of the project, for they are links: they are not read.
    outside: frozenset[str] = frozenset()

    @property
    def remark(self) -> str:
        """What is said of the text files that are no specs; empty where there are none."""
        if not self.skipped:
            return ""
        files = "file has" if self.skipped == 1 else "files have"
        return f"{self.skipped:,} other .txt {files} no line that starts with 'input', 'use' or 'block'"


def find(paths: Sequence[str], specs_only: bool = False, root: str | None = None, texts_only: bool = False) -> Found:
    """What `paths` stand for, in their order: files themselves (``-`` and ``@example`` too), folders their specs.

    A folder stands for its ``*.txt``, however deep, that have a line starting with `input`, `use` or `block` (or
    ``NAME = input``), and, unless `texts_only`, for its model files; hidden files and folders are skipped. A path that
    is not there is kept: whoever reads it says so. With `specs_only` a file that is no spec is skipped even where it is
    named. Of paths that the user has not named `root` is what they must lie under. Raises Refused where a folder cannot
    be looked into, or there is nothing in all of them.
    """
    files: dict[str, str] = {}
    outside: dict[str, str] = {}
    skipped = 0
    for path in paths:
        if root is not None and not is_within(path, root):
            outside[_identity(path)] = files[_identity(path)] = path
        elif not os.path.isdir(path):
            if specs_only and os.path.isfile(path) and not is_spec(path, texts_only):
                skipped += 1
            else:
                files.setdefault(_identity(path), path)
                outside.pop(_identity(path), None)
        else:
            above = root_of(path)
            for file, identity in files_in(path, texts_only):
                if identity in files:
                    continue
                if not lies_under(identity, above):
                    files[identity] = outside[identity] = file
                elif is_spec(file):
                    files[identity] = file
                else:
                    skipped += file.endswith(".txt")
    found = Found(tuple(files.values()), skipped, frozenset(outside.values()))
    if not files and paths and not (specs_only and skipped):
        where = ", ".join(paths[:3]) + (", …" if len(paths) > 3 else "")
        what = found.remark or "specs are .txt files with a line that starts with 'input', 'use' or 'block'"
        raise Refused(f"no spec in {where}", what)
    return found


def _identity(path: str) -> str:
    return path if path == "-" else os.path.realpath(path)


def files_in(folder: str, texts_only: bool = False) -> Iterator[tuple[str, str]]:
    """The ``*.txt`` and model files under a folder, in order, hidden ones left out, and the real path of each.

    Raises Refused.
    """
    from ..convert.readers import SUFFIXES

    endings = (".txt",) if texts_only else (".txt", *SUFFIXES)
    left = [folder]
    while left:
        here = left.pop()
        try:
            with os.scandir(here) as scanned:
                entries = sorted((one for one in scanned if one.name[0] != "."), key=lambda one: one.name)
        except OSError as error:
            raise Refused(f"cannot look into {error.filename}: {error.strerror or error}") from None
        real = os.path.realpath(here)
        for entry in entries:
            if not entry.name.lower().endswith(endings):
                continue
            path = os.path.normpath(entry.path)
            if not entry.is_symlink():
                if entry.is_file():  # it lies where its folder does: no look at every step of the way to it
                    yield path, os.path.join(real, entry.name)
            elif os.path.isfile(path):
                yield path, os.path.realpath(path)
        left += [one.path for one in reversed(entries) if one.is_dir(follow_symlinks=False)]


def is_spec(path: str, texts_only: bool = False) -> bool:
    """Whether a text file has a line that makes it a spec; one that cannot be read is one: its reader complains.

    So is a model file that is what its name says, unless `texts_only`.
    """
    try:
        model = None if path.endswith(".txt") else is_model(path)
        if model is not None:
            return model and not texts_only
        if os.path.getsize(path) > _MAX_BYTES:
            return False
        with open(path, "rb") as file:
            return re.search(SPEC_LINE, file.read()) is not None
    except OSError:
        return True


def is_model(path: str) -> bool | None:
    """Whether a file begins as the format of its name does; None where its name is of none. Raises OSError."""
    from ..convert.readers import SUFFIXES

    reader = SUFFIXES.get(os.path.splitext(path)[1].lower())
    if reader is None:
        return None
    with open(path, "rb") as file:
        return reader.known(file.read(4096))


def repository(folder: str) -> str:
    """The root of the git repository that `folder` is in; without one, the folder."""
    return root_of(folder, (".git",))


def shown(path: str, far: int) -> str:
    """A path as messages name it: from the current folder, unless it lies so many folders above that, or more."""
    try:
        near = os.path.relpath(path)
    except ValueError:  # another drive
        return path
    return path if near.startswith(os.path.join(*[os.pardir] * far)) else near
