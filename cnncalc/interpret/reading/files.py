"""Reading specs, from a path, standard input or the bundled examples. What is no spec gets a clear answer."""

from __future__ import annotations

import os
import posixpath
import stat
import sys
from typing import TYPE_CHECKING, BinaryIO, TypeAlias, cast

from ...diagnostics import ERROR, Diagnostic, Source, Span, SpecError

if TYPE_CHECKING:
    from ...convert.pieces import Pieces
    from ...convert.readers import How

#: Where `use` lines start from. Paths are texts here: pathlib takes longer to load than a spec to be read.
Folder: TypeAlias = "str | os.PathLike[str]"

#: The largest spec that is read.
MAX_BYTES = 64 * 2**20
MAX_LINES = 5_000_000
#: The largest text of a model in another format: those that people publish have up to 0.3 MiB.
MAX_MODEL = 2 * 2**20

_SIGNATURES = (
    (b"\x89PNG", "a PNG picture"), (b"\xff\xd8\xff", "a JPEG picture"), (b"GIF8", "a GIF picture"),
    (b"PK\x03\x04", "a zip archive (PyTorch's .pt and Keras's .keras are such)"), (b"\x1f\x8b", "a gzip archive"),
    (b"\x89HDF", "an HDF5 file (Keras's .h5)"), (b"\x80\x02", "a Python pickle"), (b"\x80\x04", "a Python pickle"),
    (b"%PDF", "a PDF document"), (b"\x7fELF", "a program"), (b"\xff\xfe", "UTF-16 text"), (b"\xfe\xff", "UTF-16 text"),
)  # fmt: skip


class Files:
    """Where the files are that `use` lines name: on the disk, from `folder` on. They may raise SpecError, OSError.

    What is read lies under the root of the folder, whatever a line or a link says.
    """

    def __init__(self, folder: Folder | None) -> None:
        self.folder = "" if folder is None else os.fspath(folder)

    def own(self, source: Source) -> str:
        """Where the main file lies, for the circle of files that use each other; no real place for other texts."""
        try:
            return self.key(os.path.join(self.folder, os.path.basename(source.name)))
        except (OSError, RuntimeError, ValueError):
            return source.name

    def key(self, path: str) -> str:
        """One path for each file, however it is written."""
        return os.path.realpath(path)

    def name(self, written: str, parent: str) -> str:
        """What the file that the file `parent` calls `written` is called in messages."""
        parent = parent if parent[:1] not in "<@" else ""
        joined = posixpath.join(posixpath.dirname(parent.replace(os.sep, "/")), written)
        return "/" * (joined[:1] == "/") + "/".join([part for part in joined.split("/") if part not in ("", ".")])

    def read(self, path: str, name: str) -> bytes:
        """The bytes of a file."""
        from ...roots import is_within, root_of

        if not is_within(path, root_of(self.folder)):
            raise outside(name)
        return read_bytes(path, name, regular=True)


class Bundled(Files):
    """The bundled files, for what a spec, or one of them, calls ``@NAME``: they come with the tool, not from a project.

    What one of them uses lies beside it.
    """

    def __init__(self) -> None:
        from .examples import folder

        super().__init__(folder())

    def name(self, written: str, parent: str) -> str:
        """``@resnet50``, however it is used."""
        return written if written[:1] == "@" else f"@{written.removesuffix('.txt')}"

    def read(self, path: str, name: str) -> bytes:
        """The bytes of a bundled file."""
        return read_bytes(path, name, regular=True)


def bundled(name: str) -> str:
    """Where the bundled file ``@NAME`` lies. Raises SpecError."""
    from .examples import example_names, example_path

    path = example_path(name[1:])
    if path is not None:
        return path
    import difflib

    close = difflib.get_close_matches(name[1:], example_names(), 1)
    advice = f"did you mean '@{close[0]}'?" if close else "'cnncalc new' lists the bundled examples"
    raise fail(name, "no such bundled example", advice)


def outside(name: str) -> SpecError:
    """The error of a file that is not read, since it lies outside of the root, and nobody asked for it by its name."""
    help = "a project is the nearest folder above with pyproject.toml or .git, else the folder of the spec"
    return fail(name, "this leads out of the project", help, "outside")


def fail(name: str, message: str, help: str | None = None, code: str = "file", span: Span | None = None) -> SpecError:
    """The error of a file that cannot be read."""
    return SpecError([Diagnostic(ERROR, code, f"{name}: {message}" if span is None else message, span, help)])


def read_source(file: str, named: bool = True, how: How | None = None) -> tuple[Source, str]:
    """The text of `file` (a path, ``-`` or ``@example``), and the folder that its ``use`` lines start from.

    A file in another format is a ModelFile, read as `how` says. Unless `named` by the user it must lie under the root
    of its folder. Raises SpecError with the reason in words.
    """
    if not named:
        from ...roots import is_within, root_of

        if not is_within(file, root_of(os.path.dirname(file))):
            raise outside(file)
    if file == "-":
        if sys.stdin is None:
            raise fail("<stdin>", "standard input is closed")
        return source_of("<stdin>", "", _limited_read(sys.stdin.buffer, "<stdin>", None), how), os.getcwd()
    if file.startswith("@") and not os.path.exists(file):
        path = bundled(file)
        return decode(file, read_bytes(path, file)), os.path.dirname(path)
    if how is None and file.endswith(".txt"):  # mostly: no reader is looked for before the text turns out to be none
        return source_of(file, file, read_bytes(file, file)), os.path.dirname(file)
    path, entry = entered(file)
    if entry is not None:
        from ...convert.readers import How

        how = (how or How())._replace(entry=entry)
    return source_of(path, path, _looked_at(path), how), os.path.dirname(path)


def entered(file: str) -> tuple[str, str | None]:
    """A file, and what of it is meant: ``net.py`` and ``Net(10)`` of ``net.py:Net(10)``."""
    stem, sign, entry = file.partition(".py:")
    return (f"{stem}.py", entry) if sign and not os.path.exists(file) else (file, None)


def source_of(name: str, path: str, data: bytes | Pieces, how: How | None = None) -> Source:
    """What was read of a file, called `name` in messages: a spec's text, or a model in another format.

    `path` ends as the file is called; empty where it has no name. Raises SpecError.
    """
    no_text = None
    if how is None and path.endswith(".txt"):
        try:
            return decode(name, bytes(data))
        except SpecError as error:
            no_text = error
    from ...convert.readers import How, ModelFile, by_name, of_content, of_suffix

    how = how or How()
    if how.format is None:
        reader = of_suffix(path) or of_content(bytes(data[:4096]))
    else:
        reader = by_name(how.format) if how.format != "spec" else None
    if reader is None:
        if no_text is not None:
            raise no_text
        if len(data) > MAX_BYTES:
            raise _too_large(name)
        return decode(name, bytes(data))
    if bytes(data[:12]) == b"version http" and b"git-lfs" in bytes(data[:64]):
        help = "'git lfs pull' fetches the file"
        raise fail(name, "this is what Git LFS leaves in the place of a large file", help, "not-text")
    if reader.text and len(data) > MAX_MODEL:
        raise fail(
            name, f"over {MAX_MODEL // 2**20} MiB: this is no text of a model that anybody wrote", code="too-large"
        )
    text = decode(name, bytes(data)).text if reader.text else ""
    return ModelFile(name, text, data, reader, how)


def _looked_at(path: str) -> bytes | Pieces:
    """What is in a file: of a regular one only that is read which is looked at. Raises SpecError."""
    handle = opened(path, path)
    status = os.fstat(handle)
    if stat.S_ISREG(status.st_mode):
        from ...convert.pieces import pieces

        return pieces(handle, status.st_size)
    with open(handle, "rb", buffering=0) as stream:
        return _limited_read(cast(BinaryIO, stream), path, status.st_size)


def read_bytes(path: Folder, name: str, *, regular: bool = False) -> bytes:
    """The bytes of a file. Raises SpecError; with `regular` for anything but a regular file, too."""
    handle = opened(path, name, regular=regular)
    with open(handle, "rb", buffering=0) as stream:
        return _limited_read(cast(BinaryIO, stream), name, os.fstat(handle).st_size)


def opened(path: Folder, name: str, *, regular: bool = False) -> int:
    """The descriptor of a file. Raises SpecError; with `regular` for anything but a regular file, too."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) * regular)
    except FileNotFoundError:
        raise fail(name, "no such file", _neighbours(os.fspath(path), name)) from None
    except IsADirectoryError:
        raise fail(name, "this is a folder, not a file") from None
    except PermissionError:
        raise fail(name, "permission denied") from None
    except (OSError, ValueError) as error:
        raise fail(name, getattr(error, "strerror", None) or str(error)) from None
    status = os.fstat(handle)
    if stat.S_ISDIR(status.st_mode) or (regular and not stat.S_ISREG(status.st_mode)):
        os.close(handle)
        folder = stat.S_ISDIR(status.st_mode)
        raise fail(name, "this is a folder, not a file" if folder else "this is no regular file")
    return handle


def _neighbours(path: str, name: str) -> str | None:
    """What a file that is not there may have meant: one beside it, or a bundled example."""
    import difflib

    from .examples import example_path

    folder, file = os.path.split(path)
    revision, _, there = name.partition(":")
    if len(revision) > 1 and os.path.exists(there):
        written = f"'git show {name} > old.txt' writes this one"
        return f"did you mean '{there}'? diff, compare and report read revisions: {written}"
    try:
        names = os.listdir(folder or ".")[:2000]
    except OSError:
        names = []
    close = sorted(one for one in names if os.path.splitext(one)[0] == file and file)
    close = close or difflib.get_close_matches(file[:100], names, 1)
    if close:
        return f"did you mean '{name.removesuffix(file)}{close[0]}'?"
    return f"the bundled example is '@{name}'" if example_path(name) is not None else None


def _too_large(name: str) -> SpecError:
    return fail(name, f"over {MAX_BYTES // 2**20} MiB: this is no spec that anybody wrote", code="too-large")


def _limited_read(stream: BinaryIO, name: str, size: int | None) -> bytes:
    if size is not None and size > MAX_BYTES:
        raise _too_large(name)
    parts: list[bytes] = []
    total = 0
    while True:
        try:
            part = stream.read(1 << 20)
        except OSError as error:
            raise fail(name, error.strerror or str(error)) from None
        if not part:
            return b"".join(parts)
        total += len(part)
        if total > MAX_BYTES:
            raise _too_large(name)
        parts.append(part)


def decode(name: str, data: bytes) -> Source:
    """The text of `data`. Raises SpecError where it is not UTF-8, saying what it seems to be."""
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            advice = "save it as UTF-8" if "text" in what else "a spec is a text file; see 'cnncalc help language'"
            raise fail(name, f"this seems to be {what}, not a spec", advice, "not-text")
    if data.count(b"\n") > MAX_LINES:
        raise fail(name, f"over {MAX_LINES:,} lines: this is no spec that anybody wrote", code="too-large")
    data = data.removeprefix(b"\xef\xbb\xbf")  # a byte-order mark
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise _not_utf8(name, data, error.start) from None
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise fail(name, f"this seems to be a binary file: line {line} has a zero byte",
                   "a spec is a UTF-8 text file", "not-text")  # fmt: skip
    return Source(name, text)


def _not_utf8(name: str, data: bytes, at: int) -> SpecError:
    line = data.count(b"\n", 0, at) + 1
    sample = data[:65536]
    odd = sum(byte < 9 or 13 < byte < 32 for byte in sample)
    if odd > len(sample) // 100:
        what, help = "a binary file", "a spec is a UTF-8 text file"
    else:
        from .encodings import seems

        what, help = seems(data), "save it as UTF-8"
    return fail(name, f"not UTF-8: byte 0x{data[at]:02x} in line {line}; this seems to be {what}", help, "not-text")
