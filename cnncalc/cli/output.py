"""Where results go: standard output or a file, in the characters and colours that are understood there."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..records import Record
from .guard import closed_pipe, echo, echo_bytes, logged, silence

if TYPE_CHECKING:
    from ..diagnostics import Diagnostic
    from ..document.findings import Report
    from ..document.parts import Document
    from ..render.text import Screen

#: Digits of a width that are read: no terminal is wider.
_WIDEST_DIGITS = 6
#: How another format is asked for, and how a file.
_FORMAT, OUTPUT = "--format", "--output"
#: Characters that are written at once.
_BUFFER = 1 << 16


class OutputOptions(Record):
    """How results are asked for: the options that every command shares."""

    format: str | None = None
    output: str | None = None
    color: bool | None = None
    quiet: bool = False
    strict: bool = False

    @property
    def to_file(self) -> bool:
        """Whether results go to a file."""
        return self.output is not None and self.output != "-"

    def chosen(self) -> str:
        """The format: the one asked for, else a table on a terminal and plain text in a pipe."""
        if self.format:
            return self.format
        if self.to_file:
            from ..render import FORMATS, by_suffix

            return by_suffix(str(self.output), FORMATS) or "plain"
        return "table" if self.color or _is_terminal(sys.stdout) else "plain"

    def screen(self) -> Screen:
        """What the results are drawn for."""
        if not self.to_file:
            return _screen(sys.stdout, self.color)
        from ..render.text import Charset, Screen

        return Screen(0, bool(self.color), Charset(), _FORMAT)

    def show(self, answer: Document | Report, read: Sequence[str]) -> None:
        """Writes an answer in the format asked for; never over the files that were `read` for it."""
        from ..render import render

        form = self.chosen()
        text = render(answer, form, self.screen())
        self.write(text, read, form)

    def write(self, text: str | Iterable[str], read: Sequence[str] = (), form: str = "plain") -> None:
        """Writes the results, a text of a format or its pieces; never over the files that were `read` for them."""
        pieces = [text] if isinstance(text, str) else text
        if not self.to_file:
            _write_out(logged(piece, form) for piece in pieces)
            return
        self.write_bytes(b"".join([piece.encode("utf-8", "backslashreplace") for piece in pieces]), read)

    def write_utf8(self, text: str, read: Sequence[str], form: str) -> None:
        """Writes the results, a text of a format that is in UTF-8 whatever the terminal has: SVG, a page."""
        if self.to_file:
            self.write_bytes(text.encode("utf-8", "backslashreplace"), read)
        else:
            echo_bytes(logged(text, form).encode("utf-8", "backslashreplace"))

    def write_bytes(self, data: bytes, read: Sequence[str] = ()) -> None:
        """Writes the file of the results; never over the files that were `read` for them."""
        from .writing import replace, spare

        path = str(self.output)
        spare(path, read, OUTPUT)
        replace(path, data)

    def report(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Draws the diagnostics on standard error; under -q only the errors."""
        shown = [diagnostic for diagnostic in diagnostics if not self.quiet or diagnostic.severity == "error"]
        if not shown:
            return
        from ..render.faults import render

        screen = _screen(sys.stderr, self.color)
        try:
            echo(logged(render(shown, screen)), sys.stderr, screen.color)
        except OSError:
            silence(sys.stderr)

    def code(self, diagnostics: Sequence[Diagnostic], uncounted: bool = False) -> int:
        """The exit code that the diagnostics come to; under --strict `uncounted` is a fault, as any warning is."""
        from ..diagnostics import counts_if_strict, exit_code

        code = exit_code(diagnostics)
        warned = any(map(counts_if_strict, diagnostics))
        return max(code, 1) if self.strict and (warned or uncounted) else code


def _write_out(pieces: Iterable[str]) -> None:
    """Writes pieces to standard output, some tens of kilobytes at a time."""
    held: list[str] = []
    size = 0
    try:
        for piece in pieces:
            held.append(piece)
            size += len(piece)
            if size > _BUFFER:
                echo("".join(held), sys.stdout, colored=True)
                held, size = [], 0
        echo("".join(held), sys.stdout, colored=True)
    except OSError as error:
        silence(sys.stdout)
        if not closed_pipe(error):
            raise


def _is_terminal(stream: object) -> bool:
    try:
        return bool(stream.isatty())  # type: ignore[attr-defined]
    except (AttributeError, ValueError):
        return False


def _screen(stream: object, color: bool | None) -> Screen:
    """What is drawn for a stream."""
    from ..render.text import Charset, Screen

    charset = Charset(getattr(stream, "encoding", None) or "utf-8")
    return Screen(_width(stream), _colored(color, stream), charset, _FORMAT)


def _colored(asked: bool | None, stream: object) -> bool:
    """Whether a stream gets colour: as asked, else by NO_COLOR, FORCE_COLOR, and whether it is a terminal."""
    if asked is not None:
        return asked
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return _is_terminal(stream) and os.environ.get("TERM") != "dumb"


def _width(stream: object) -> int:
    """The columns of a terminal, or as COLUMNS says; 0 for what is none."""
    asked = os.environ.get("COLUMNS", "")
    if asked.isascii() and asked.isdecimal():
        return int(asked[:_WIDEST_DIGITS])
    try:
        return os.get_terminal_size(stream.fileno()).columns  # type: ignore[attr-defined]
    except (AttributeError, ValueError, OSError):
        return 0
