"""The last resort: every way that a run can end, as an exit code and at most a line of text."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from errno import EAGAIN, EINVAL, EPIPE
from io import BufferedWriter, FileIO, RawIOBase, TextIOWrapper
from typing import Any, BinaryIO, TextIO

FINE, BROKEN, FAULTY, INTERRUPTED = 0, 1, 2, 130


class PipeClosed(Exception):
    """Whoever read the output has stopped reading: no error."""


class Refused(Exception):
    """Something that could not be done as asked. The message says what, the help what to do instead; exit code 2."""

    def __init__(self, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.help = help


@contextmanager
def pipes_told() -> Iterator[None]:
    """Raises PipeClosed for a closed pipe, which click would make exit code 1."""
    try:
        yield
    except OSError as error:
        if closed_pipe(error):
            raise PipeClosed from None
        raise


def closed_pipe(error: OSError) -> bool:
    """Whether a write failed because nobody reads any more."""
    return error.errno == EPIPE or (os.name == "nt" and error.errno == EINVAL)


def exit_code_of(run: Callable[[], Any]) -> int:
    """Runs the command line; its exit code, whatever happens in it.

    Last words are said when the fault is gone, and with it all that the run has held: they may need the room.
    """
    code, last = FINE, None
    try:
        code = run() or FINE
        if sys.stdout is not None:
            sys.stdout.flush()  # so that a full disk is known before the exit code is
    except PipeClosed:
        silence(sys.stdout)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Refused as refused:
        last = refused.message, refused.help
    except OSError as error:
        silence(sys.stdout)
        if not closed_pipe(error):
            last = f"{error.filename or 'cannot write the output'}: {error.strerror or error}", None
    except Exception as error:
        clicks = _of_click(error)
        if clicks is not None:
            return clicks
        last = fault(error)
    if last is None:
        return code
    say(*last)
    return FAULTY


def fault(error: Exception) -> tuple[str, str | None]:
    """What is said of an error that nothing else has an answer to, and what to do. Raises it where that is asked for.

    A bug of ours: the user is owed an answer, not a page of code.
    """
    if isinstance(error, MemoryError):
        return "out of memory: --max-layers stops a network that is too large for this machine", None
    if isinstance(error, RecursionError):
        return "this is nested too deeply to be read", None
    if os.environ.get("CNNCALC_TRACEBACK"):
        raise error
    message = f"a bug in cnncalc: {type(error).__name__}: {error}"
    return message, "please report it; CNNCALC_TRACEBACK=1 shows where it is"


def leave(code: int | None) -> None:
    """Ends the process at once, its memory left to the system; it returns only where its output cannot be written.

    To let go of every object takes 3 of the 84 ms of `cnncalc check` on ResNet-50, and a tenth of the time of a network
    of a million layers.
    """
    import atexit

    atexit._run_exitfuncs()  # what was asked for by others: coverage, pools of processes
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        return  # the ordinary way says what is wrong
    os._exit(code or FINE)


def silence(stream: TextIO | None) -> None:
    """Sends what is still to be written nowhere: the interpreter flushes once more at its end."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())  # type: ignore[union-attr]
        os.close(nowhere)


def _of_click(error: Exception) -> int | None:
    """The exit code of what click raised, its sentence said in the form of the diagnostics; None of another error."""
    if "click" not in sys.modules:
        return None
    import click

    from .usage import advice

    if isinstance(error, click.Abort):
        return INTERRUPTED
    if not isinstance(error, click.ClickException):
        return None
    help = advice(error) if isinstance(error, click.UsageError) else None
    if help and isinstance(error, click.NoSuchOption):
        error = type(error)(error.option_name, ctx=error.ctx)  # without options that are merely spelt alike
    text = error.format_message()
    if isinstance(error, click.UsageError):
        command = error.ctx.command_path if error.ctx else "cnncalc"
        text = f"{text[:1].lower()}{text[1:].rstrip('.')}"
        if text.startswith("got unexpected extra argument") and error.ctx and "file" in error.ctx.params:
            text = f"{command} takes one file: {text}"
        help = help or f"'{command} --help' says how it is used"
    say(text, help)
    return error.exit_code


def say(message: str, help: str | None = None, severity: str = "error") -> None:
    """`error: message` on standard error, with the help below; a name in it may hold anything, and orders nothing."""
    from ..render.text import Charset

    charset = Charset(getattr(sys.stderr, "encoding", None) or "utf-8")
    lines = [f"{severity}: {message}"] + [f"      = {help}"] * (help is not None)
    with suppress(OSError):
        echo(logged("".join(f"{charset(line)}\n" for line in lines)), sys.stderr)


def logged(text: str, form: str = "plain") -> str:
    """`text`, of a format, as it may stand in a log: where a GitHub runner reads it, without what it would obey."""
    if os.environ.get("GITHUB_ACTIONS") != "true":
        return text
    from ..render.github import disarmed

    return disarmed(text, form)


def buffered(stream: TextIO) -> TextIO:
    """`stream`, behind a buffer where PYTHONUNBUFFERED leaves it none: it drops what a short write leaves over."""
    raw = getattr(stream, "buffer", None)
    if not isinstance(raw, RawIOBase):
        return stream
    own = BufferedWriter(FileIO(stream.fileno(), "wb", closefd=False))
    return TextIOWrapper(own, stream.encoding, stream.errors)


def echo(text: str, stream: TextIO | None, colored: bool = False) -> None:
    """Writes a text at once. Raises OSError. Only an old Windows terminal needs click for colours."""
    if stream is None or not text:
        return
    if os.name == "nt":
        import click

        click.echo(text, stream, nl=False, color=colored)
        return
    buffer = getattr(stream, "buffer", None)
    if isinstance(buffer, RawIOBase):  # PYTHONUNBUFFERED: a text stream drops what one call of the system leaves over
        stream.flush()
        write_all(buffer, text.encode(stream.encoding, stream.errors or "strict"))
        return
    stream.write(text)
    stream.flush()


def echo_bytes(data: bytes) -> None:
    """Writes bytes to standard output as they are. Raises OSError."""
    sys.stdout.flush()
    write_all(sys.stdout.buffer, data)


def write_all(stream: RawIOBase | BinaryIO, data: bytes) -> None:
    """Writes all of `data`, in as many calls as it takes. Raises OSError; BlockingIOError of a pipe that is full."""
    rest = memoryview(data)
    while rest:
        count = stream.write(rest)
        if count is None:
            raise BlockingIOError(EAGAIN, "the reader does not keep up")
        rest = rest[count:]
    stream.flush()
