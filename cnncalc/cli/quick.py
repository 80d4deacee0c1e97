"""The plainest command lines, answered without click: to load that takes longer than all the rest of `cnncalc shapes`.

`cnncalc --version`, and `cnncalc shapes` with a file, --format, --depth and -q at most. Whatever is not understood here
to the last word is left to click, which knows every option and says what is wrong with it.

Measured on ResNet-50, medians of 21 runs piped: `shapes` 57 ms so, 83 by click; `--version` 23 and 44.
tests/cli/test_quick.py holds that both answer alike.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..features.shapes.facts import ListingRequest
    from .output import OutputOptions
    from .specs import Reading


def answer(words: Sequence[str]) -> int | None:
    """Answers a plain command line; the exit code, or None where it is none of those."""
    if "_CNNCALC_COMPLETE" in os.environ:
        return None
    if list(words) == ["--version"]:
        return _version()
    if not words or words[0] != "shapes":
        return None
    asked = _understood(words[1:])
    if asked is None:
        return None
    from ..features.shapes.answer import answer as shapes
    from .guard import exit_code_of

    return exit_code_of(lambda: shapes(*asked))


def _version() -> int:
    from .. import __version__
    from .guard import echo, exit_code_of

    return exit_code_of(lambda: echo(f"cnncalc {__version__}\n", sys.stdout))


def _understood(words: Sequence[str]) -> tuple[Reading, OutputOptions, ListingRequest] | None:
    """What `cnncalc shapes` is asked with these words; None where one of them is not understood."""
    file: str | None = None
    options: dict[str, str] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        name, sign, value = word.partition("=")
        if word == "-q":
            options[word] = ""
        elif name in ("--format", "--depth") and (sign or rest):
            options[name] = value if sign else rest.pop(0)
        elif (word[:1] == "-" and word != "-") or not word or file is not None:
            return None
        else:
            file = word
    return _asked(file, options)


def _asked(file: str | None, options: dict[str, str]) -> tuple[Reading, OutputOptions, ListingRequest] | None:
    from ..document.columns import Selection, choose
    from ..features.shapes.facts import ListingRequest
    from ..render import formats
    from .output import OutputOptions
    from .specs import MAX_LAYERS, Reading

    form, depth = options.get("--format"), options.get("--depth")
    if form is not None and form not in formats():
        return None
    if depth is not None and not (depth.isascii() and depth.isdigit() and len(depth) < 10 and int(depth)):
        return None
    reading = Reading(file, {}, {}, 1, {}, MAX_LAYERS)
    selection = Selection(choose(None), depth=int(depth) if depth else None)
    return reading, OutputOptions(form, quiet="-q" in options), ListingRequest(selection)
