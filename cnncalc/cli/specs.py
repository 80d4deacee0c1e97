"""From the options to an analysis, and the words for them."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Any

from ..diagnostics import INPUT, Wording
from ..records import Record

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from ..convert.readers import How
    from ..diagnostics import Diagnostic, Source, SpecError
    from ..interpret.reading.files import Files, Folder
    from ..measure import NetworkAnalysis
    from ..network import Network
    from .output import OutputOptions

#: How rows are seen that there is no room for.
MORE_ROWS = "'--format plain' has all, '--depth 1' folds, '--top 20' picks"
#: Writes the figures of the specs as they are; makes warnings faults.
UPDATE_BASELINE, STRICT = "cnncalc check --update-baseline", "--strict"
#: What sets a limit of what may grow, and how equal layers are seen.
FAIL_ABOVE, ALL_LAYERS = "--fail-above", "--all lists every layer"
DEFAULT = "model.txt"
MAX_LAYERS = 1_000_000
#: Errors that leave every layer known, if not its shape.
_SHAPE_FAULTS = {"expectation-failed", "shape", "groups", "window-too-large"}


class OptionWording(Wording):
    """The options as words for what they override: ``--set width=64``; ``--vary`` for variables that are `varied`."""

    more_layers = "--max-layers raises the limit"

    def __init__(self, varied: Container[str | None] = ()) -> None:
        self.varied = varied

    def named(self, target: str, name: str | None, text: str | None) -> str:
        """The option with its value: ``--input 3x8x8``."""
        option = "--input" if target == INPUT else "--vary" if name in self.varied else "--set"
        if text is None and target == INPUT:
            text = "…" if name else ""
        words = "=".join(word for word in (name, text) if word)
        return f"{option} {words}".rstrip()


class Reading(Record):
    """Which spec is read, and what of it is overridden."""

    file: str | None
    #: By name; None is the only one, numbers are those of several in their order.
    inputs: dict[str | int | None, str]
    settings: dict[str, str]
    batch: int
    #: The types that are given, by part.
    dtype: Mapping[str, str]
    max_layers: int
    how: How | None = None
    execution: str = "eager"

    @property
    def terms(self) -> dict[str, Any]:
        """What `analyze` is told of them."""
        return {"batch": self.batch, "dtype": self.dtype, "execution": self.execution}


def conditions(reading: Reading) -> dict[str, Any]:
    """Batch, types and execution as a JSON document has them of a spec that could not be read."""
    from ..deployment import Dtypes, head

    return head(reading.batch, Dtypes().over(reading.dtype), reading.execution)


def spec_name(reading: Reading) -> str:
    """The spec that is read: FILE, or ./model.txt."""
    return reading.file or DEFAULT


def analysed(reading: Reading, command: str = "shapes") -> NetworkAnalysis:
    """The analysis of the spec that `command` is asked of, its faults in it. Raises SpecError where there is nothing to
    read.
    """
    from ..interpret import read_source
    from ..measure import analyze

    if reading.file is None and not os.path.exists(DEFAULT):
        raise nothing_here(f"name a file: 'cnncalc {command} FILE'")
    source, folder = read_source(spec_name(reading), reading.file is not None, reading.how)
    return analyze(built(reading, source, folder), **reading.terms)


def nothing_here(instead: str) -> SpecError:
    """That there is no ./model.txt, and what to do."""
    from ..diagnostics import ERROR, Diagnostic, SpecError

    help = f"start with one, 'cnncalc new lenet5 -o model.txt', or {instead}"
    return SpecError([Diagnostic(ERROR, "no-file", f"there is no {DEFAULT} here", help=help)])


def files_of(name: str, network: Network | None) -> list[str]:
    """The files that a network was read from, `name` and what that uses: no answer is written over them."""
    from ..interpret.reading.files import entered
    from ..interpret.specification import specification

    used = (*specification(network).files, *network.files) if network else ()
    return list(dict.fromkeys([entered(name)[0], *used]))


def built(reading: Reading, source: Source, folder: Folder | Files | None) -> Network:
    """The network of `source`, read as the options say. Raises SpecError where they cannot be understood."""
    from ..interpret.build import build, worded

    make = partial(build, source, folder=folder, max_layers=reading.max_layers)
    return worded(OptionWording(), partial(make, inputs=reading.inputs, settings=reading.settings))


def layers_known(diagnostics: Sequence[Diagnostic]) -> bool:
    """Whether the layers are those that were meant: of a line that was not understood, there are none."""
    return all(diagnostic.severity != "error" or diagnostic.code in _SHAPE_FAULTS for diagnostic in diagnostics)


def unread(command: str, reading: Reading, output: OutputOptions, error: SpecError, empty: Mapping[str, object]) -> int:
    """Reports a spec that could not even be read, in JSON by a document of the `empty` entries; the exit code."""
    if output.chosen() != "json":
        output.report(error.diagnostics)
        return output.code(error.diagnostics)
    from ..document.parts import Document

    said = {"diagnostics": [diagnostic.to_dict() for diagnostic in error.diagnostics]}
    head = {"version": 1, "command": command, "file": spec_name(reading), "format": None, "model": None}
    data = {**head, **empty, **said}
    output.show(Document(lambda medium: (), lambda: data), [spec_name(reading)])
    return output.code(error.diagnostics)


def blocks_only(reading: Reading, output: OutputOptions) -> int:
    """Says of a file of blocks that there is nothing in it to be counted; the exit code."""
    output.report([blocks_note(spec_name(reading))])
    return 0


def blocks_note(file: str) -> Diagnostic:
    """That a file defines blocks only."""
    from ..diagnostics import NOTE, Diagnostic

    end = "defines blocks only: a spec that takes them by 'use' makes layers of them"
    return Diagnostic(NOTE, "blocks-only", f"{file} {end}")
