"""From the options to an analysis."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

from ..records import Record

if TYPE_CHECKING:
    from ..measure import Analysis

DEFAULT = "model.txt"
MAX_LAYERS = 1_000_000


class Reading(Record):
    """Which spec is read, and what of it is overridden."""

    file: str | None
    inputs: dict[str | None, str]
    settings: dict[str, str]
    batch: int
    dtype: str
    max_layers: int


def spec_name(reading: Reading) -> str:
    """The spec that is read: FILE, or ./model.txt."""
    return reading.file or DEFAULT


def analysed(reading: Reading) -> Analysis:
    """The analysis of the spec, its faults in it. Raises SpecError where there is nothing to read."""
    from ..diagnostics import ERROR, Diagnostic, SpecError
    from ..interpret import build, read_source
    from ..measure import analyze

    gc.disable()  # a network has no cycles, and the collector would walk all of it over and over
    if reading.file is None and not os.path.exists(DEFAULT):
        start = "start with one, 'cnncalc new lenet5 -o model.txt', or name a file: 'cnncalc shapes FILE'"
        raise SpecError([Diagnostic(ERROR, "no-file", "there is no model.txt here", help=start)])
    source, folder = read_source(spec_name(reading))
    network = build(
        source,
        folder=folder,
        inputs=reading.inputs,
        settings=reading.settings,
        max_layers=reading.max_layers,
    )
    return analyze(network, batch=reading.batch, dtype=reading.dtype)
