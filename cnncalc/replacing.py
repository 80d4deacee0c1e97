"""Files are written whole or not at all, and stay what they were: owner, rights, attributes and links are kept."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO


def replace(path: str, data: bytes, was: bytes | None = None) -> None:
    """Writes a file whole or not at all; where `was` is given, only over just that. Raises OSError."""
    if os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path):
        with open(path, "wb") as device:
            device.write(data)
        return
    with _undisturbed():
        _replace(os.path.realpath(path), data, was)


def create(path: str, data: bytes) -> None:
    """Writes a new file, whole or not at all. Raises FileExistsError, or another OSError."""
    with _undisturbed():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        try:
            with open(handle, "wb") as file:
                file.write(data)
        except BaseException:
            os.unlink(path)
            raise


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Has signals that end the process wait until no half of a file is left."""
    import signal

    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _replace(path: str, data: bytes, was: bytes | None) -> None:
    """Writes beside the file, then moves it into its place; over the file, where it would not be the same one then."""
    if os.path.isdir(path):
        raise IsADirectoryError(0, "it is a directory")
    if os.path.exists(path) and not os.access(path, os.W_OK):
        raise PermissionError(0, "it is read-only")
    folder, name = os.path.split(path)
    beside = os.path.join(folder, f".{name[:100]}.{os.urandom(8).hex()}.tmp")
    create(beside, data)
    try:
        if was is not None and _read(path) != was:
            raise OSError(0, "somebody has changed it meanwhile, and it is left so")
        if not os.path.exists(path) or (os.stat(path).st_nlink == 1 and _made_alike(beside, path)):
            os.replace(beside, path)
            return
        _overwrite(path, data)
    except OSError:
        os.unlink(beside)
        raise
    os.unlink(beside)


def _made_alike(new: str, old: str) -> bool:
    """Gives a new file the owner, the rights and the attributes of another; whether that could be done."""
    wanted, given = os.stat(old), os.stat(new)
    try:
        if (wanted.st_uid, wanted.st_gid) != (given.st_uid, given.st_gid):
            os.chown(new, wanted.st_uid, wanted.st_gid)
        os.chmod(new, wanted.st_mode & 0o7777)
        for name in _attributes(old):
            os.setxattr(new, name, os.getxattr(old, name))
    except OSError:
        return False
    return True


def _attributes(path: str) -> list[str]:
    """The names of the extended attributes of a file, where there are such."""
    try:
        return os.listxattr(path)
    except (AttributeError, OSError):
        return []


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _overwrite(path: str, data: bytes) -> None:
    """Writes over a file in its place; what was in it comes back where that fails."""
    with open(path, "r+b", buffering=0) as file:
        before = file.read()
        try:
            _write_from_start(file, data)
        except OSError:
            _write_from_start(file, before)
            raise


def _write_from_start(file: FileIO, data: bytes) -> None:
    file.seek(0)
    _write_all(file, data)
    file.truncate()


def _write_all(file: FileIO, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]
