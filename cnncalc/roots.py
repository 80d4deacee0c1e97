"""What may be read of what nobody named: a repository that came from elsewhere says no word about the files around it.

The root of a folder is the nearest one upwards that is a project or a repository. `use` lines, globs, links and walks
through folders stay under it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence


def root_of(folder: str, marks: Sequence[str] = (".git", "pyproject.toml")) -> str:
    """What is read without being named lies under this: the nearest folder upwards that has one of `marks`, else
    `folder` itself.
    """
    start = os.path.realpath(folder)
    return next((at for at in upwards(start) if any(os.path.exists(os.path.join(at, mark)) for mark in marks)), start)


def upwards(folder: str) -> Iterator[str]:
    """A folder, and those that it is in, the inmost first."""
    above = ""
    while folder != above:
        yield folder
        above, folder = folder, os.path.dirname(folder)


def lies_under(path: str, root: str) -> bool:
    """Whether one real path is another, or below it."""
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)


def is_within(path: str, root: str) -> bool:
    """Whether a file, its links followed, lies under `root`, a real path. Raises OSError, ValueError."""
    return lies_under(os.path.realpath(path), root)
