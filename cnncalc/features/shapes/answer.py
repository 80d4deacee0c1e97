"""What `cnncalc shapes` does, once its options are understood. Nothing here needs click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...cli.output import Output
from ...cli.specs import Reading, analysed, layers_known, spec_name
from .facts import Request, facts

if TYPE_CHECKING:
    from ...diagnostics import SpecError


def answer(reading: Reading, output: Output, request: Request) -> int:
    """Writes the document, of a spec of which too little could be understood only its faults; the exit code."""
    from ...diagnostics import SpecError
    from ...interpret.specification import specification

    try:
        analysis = analysed(reading)
    except SpecError as error:
        return _unread(reading, output, error)
    data = output.chosen() == "json"
    if specification(analysis.network).library and not data:
        return _library(reading, output)
    shown = facts(analysis, request)
    if data or layers_known(analysis.diagnostics):
        from .page import document

        output.show(document(shown), spec_name(reading))
    diagnostics = shown.diagnostics
    if not data:
        output.report(diagnostics)
    return output.code(diagnostics, any(tally.uncounted for tally in shown.tallies))


def _unread(reading: Reading, output: Output, error: SpecError) -> int:
    """Reports a spec that could not even be read; in JSON by a document without layers."""
    if output.chosen() != "json":
        output.report(error.diagnostics)
        return output.code(error.diagnostics)
    unknown = dict.fromkeys(("layers", "params", "buffers", "macs", "flops"))
    data = {
        "version": 1, "command": "shapes", "file": spec_name(reading), "model": None, "layout": "chw",
        "batch": reading.batch, "dtype": reading.dtype, "inputs": [], "outputs": [], "layers": [],
        "totals": unknown, "uncounted": [], "diagnostics": [one.to_dict() for one in error.diagnostics],
    }  # fmt: skip
    from ...document.parts import Document

    output.show(Document(lambda medium: (), lambda: data), spec_name(reading))
    return output.code(error.diagnostics)


def _library(reading: Reading, output: Output) -> int:
    """Says of a file of blocks that there is nothing in it to be counted."""
    from ...diagnostics import NOTE, Diagnostic

    message = f"{spec_name(reading)} defines blocks only: a spec that takes them by 'use' makes layers of them"
    output.report([Diagnostic(NOTE, "blocks-only", message)])
    return 0
