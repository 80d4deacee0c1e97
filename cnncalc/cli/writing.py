"""Answers that are written into files, and never over what they were read from."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from .. import replacing
from .guard import Refused


def spare(path: str, read: Sequence[str], option: str) -> None:
    """Raises Refused where `path`, which `option` names, is one of the files that were `read`."""
    files = [file for file in read if os.path.exists(file)] if os.path.exists(path) else []
    same = next((file for file in files if os.path.samefile(path, file)), None)
    if same is not None:
        raise Refused(f"{option} {path} is {_what(same, len(set(map(os.path.realpath, read))))}")


def _what(file: str, count: int) -> str:
    """What one of so many files that were read is: a spec, or another model file."""
    from ..convert.readers import of_suffix

    if of_suffix(file) is not None:
        return "the file that was read" if count == 1 else "one of the files that were read"
    return f"{'the spec' if count == 1 else 'one of the specs'} itself"


def replace(path: str, data: bytes, was: bytes | None = None) -> None:
    """Writes a file whole or not at all; where `was` is given, only over just that. Raises Refused."""
    try:
        replacing.replace(path, data, was)
    except OSError as error:
        raise Refused(f"cannot write {path}: {error.strerror or error}") from None


@contextmanager
def locked(folder: str) -> Iterator[None]:
    """Has a folder for this process alone, as far as others ask, too, and the system knows of locks."""
    try:
        from fcntl import LOCK_EX, flock
    except ImportError:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # no locks on this disk
            flock(handle, LOCK_EX)
        yield
    finally:
        os.close(handle)
