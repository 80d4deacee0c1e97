"""The plainest command lines, answered without click: to load and run it takes a quarter to a third of their time.

`cnncalc --version`, and `cnncalc shapes`, `check` and `diff` with files, --format, --depth and -q at most. Whatever is
not understood here to the last word is left to click, which knows every option and says what is wrong with it.

Measured on ResNet-50, medians of 21 runs piped: `shapes` 57 ms so, 83 by click; `--version` 23 and 44; least CPU time
of 30 runs on a busy machine: a `diff` of two networks 70 and 93 ms.
tests/cli/test_quick.py holds that both answer alike.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .output import OutputOptions
    from .specs import Reading


def answer(words: Sequence[str]) -> int | None:
    """Answers a plain command line; the exit code, or None where it is none of those."""
    if "_CNNCALC_COMPLETE" in os.environ:
        return None
    if list(words) == ["--version"]:
        return _version()
    run = _understood(words)
    if run is None:
        return None
    from .guard import exit_code_of

    return exit_code_of(run)


def _version() -> int:
    from .. import __version__
    from .guard import echo, exit_code_of

    return exit_code_of(lambda: echo(f"cnncalc {__version__}\n", sys.stdout))


def _understood(words: Sequence[str]) -> Callable[[], int] | None:
    """What answers these words; None where one of them is not understood."""
    asked, known = _COMMANDS.get(words[0], (None, ())) if words else (None, ())
    if asked is None:
        return None
    files: list[str] = []
    options: dict[str, str] = {}
    rest = list(words[1:])
    while rest:
        word = rest.pop(0)
        name, sign, value = word.partition("=")
        if word == "-q":
            options[word] = ""
        elif name in known and (sign or rest):
            options[name] = value if sign else rest.pop(0)
        elif (word[:1] == "-" and word != "-") or not word:
            return None
        else:
            files.append(word)
    return asked(files, options)


def _output(options: dict[str, str], formats: Collection[str]) -> OutputOptions | None:
    """How the answer is written; None where the format is none of `formats`."""
    from .output import OutputOptions

    form = options.get("--format")
    return None if form is not None and form not in formats else OutputOptions(form, quiet="-q" in options)


def _reading(file: str | None) -> Reading:
    from .specs import MAX_LAYERS, Reading

    return Reading(file, {}, {}, 1, {}, MAX_LAYERS)


def _shapes(files: list[str], options: dict[str, str]) -> Callable[[], int] | None:
    from ..document.columns import Selection, choose
    from ..render import formats

    output, depth = _output(options, formats()), options.get("--depth")
    if output is None or len(files) > 1:
        return None
    if depth is not None and not (depth.isascii() and depth.isdigit() and len(depth) < 10 and int(depth)):
        return None
    from ..features.shapes.answer import answer
    from ..features.shapes.facts import ListingRequest

    selection = Selection(choose(None), depth=int(depth) if depth else None)
    return lambda: answer(_reading(files[0] if files else None), output, ListingRequest(selection))


def _diff(files: list[str], options: dict[str, str]) -> Callable[[], int] | None:
    from ..render import formats

    output = _output(options, formats())
    if output is None or len(files) != 2 or "-" in files:
        return None
    from ..features.diff.answer import answer

    return lambda: answer(_reading(files[0]), _reading(files[1]), output)


def _check(files: list[str], options: dict[str, str]) -> Callable[[], int] | None:
    from ..render import REPORTS

    output = _output(options, REPORTS)
    if output is None:
        return None
    from ..features.check.answer import CheckRequest, answer

    return lambda: answer(files, _reading(None), output, CheckRequest({}))


#: What understands the files and options of a command, and which of its options with a value may be among them.
_COMMANDS = {
    "shapes": (_shapes, ("--format", "--depth")),
    "diff": (_diff, ("--format",)),
    "check": (_check, ("--format",)),
}
