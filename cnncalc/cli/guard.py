"""The last resort: every way that a run can end, as an exit code and at most a line of text."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from errno import EINVAL, EPIPE
from typing import Any, TextIO

FINE, BROKEN, FAULTY, INTERRUPTED = 0, 1, 2, 130


class PipeClosed(Exception):
    """Whoever read the output has stopped reading: no error."""


class Refused(Exception):
    """Something that could not be done as asked. The message says what, exit code 2."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


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
    """Runs the command line; its exit code, whatever happens in it."""
    code = FINE
    try:
        code = run() or FINE
        _flush(sys.stdout)
    except PipeClosed:
        silence(sys.stdout)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Refused as refused:
        code = FAULTY
        say(refused.message)
    except MemoryError:
        code = _last_word("out of memory: --max-layers stops a network that is too large for this machine")
    except RecursionError:
        code = _last_word("this is nested too deeply to be read")
    except OSError as error:
        silence(sys.stdout)
        place = error.filename or "cannot write the output"
        code = _last_word(f"{place}: {error.strerror or error}")
    except Exception as error:
        clicks = _of_click(error)
        if clicks is not None:
            return clicks
        # A bug of ours: the user is owed an answer, not a page of code.
        if os.environ.get("CNNCALC_TRACEBACK"):
            raise
        code = _last_word(
            f"a bug in cnncalc: {type(error).__name__}: {error}\n"
            "      = please report it; CNNCALC_TRACEBACK=1 shows where it is"
        )
    return code


def _flush(stream: TextIO | None) -> None:
    """Writes what is left, so that a full disk is known before the exit code is."""
    if stream is None:
        return
    try:
        stream.flush()
    except OSError as error:
        silence(stream)
        if not closed_pipe(error):
            raise


def leave(code: int | None) -> None:
    """Ends the process at once, its memory left to the system; only where its output is written does it return."""
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

    if isinstance(error, click.Abort):
        return INTERRUPTED
    if not isinstance(error, click.ClickException):
        return None
    text = error.format_message()
    if isinstance(error, click.UsageError):
        command = error.ctx.command_path if error.ctx else "cnncalc"
        text = f"{text[:1].lower()}{text[1:].rstrip('.')}\n      = '{command} --help' says how it is used"
    say(text)
    return error.exit_code


def _last_word(message: str) -> int:
    say(message)
    return FAULTY


def say(message: str) -> None:
    """`error: message` on standard error."""
    with suppress(OSError):
        echo(f"error: {message}\n", sys.stderr)


def echo(text: str, stream: TextIO | None, colored: bool = False) -> None:
    """Writes a text at once. Raises OSError. Only an old Windows terminal needs click for colours."""
    if stream is None or not text:
        return
    if os.name == "nt":
        import click

        click.echo(text, stream, nl=False, color=colored)
        return
    stream.write(text)
    stream.flush()
