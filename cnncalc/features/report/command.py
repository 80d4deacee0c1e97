"""`cnncalc report`: one self-contained page."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from ...cli.guard import Refused
from ...cli.options import SpecChoice, choice, counts, output
from ...cli.output import OutputOptions

if TYPE_CHECKING:
    from ...diagnostics import Diagnostic
    from ...measure.conventions import Convention
    from ..compare.models import Comparand
    from .model import ReportedModel

#: Models that one page has room for.
_MOST = 20


@click.command("report")
@counts
@choice
@output("html", otherwise="by the name of -o FILE", colored=False)
def command(choice: SpecChoice, output: OutputOptions, counts: tuple[Convention, ...]) -> int:
    """One page on a model, or on several: picture, table, curves, comparison.

    FILE is a spec or a model file: a path, - for standard input, @alexnet for a bundled example, or REV:path, a file in
    a revision of the git repository. Without FILE it is ./model.txt.

    The page is one HTML file that loads nothing: it can be mailed, opened from a disk, and printed. The answer stands
    first, with what a spec requires and whether it holds. A click on a box of the picture shows the layer's numbers and
    arithmetic; the table can be sorted, folded and searched. Several models stand side by side, two also with what
    changes.

    \b
    cnncalc report -o model.html                 ./model.txt
    cnncalc report @resnet50 -o resnet.html      a bundled example
    cnncalc report net.py:Net --input 3x224x224 -o net.html
    cnncalc report old.txt new.txt -o both.html  two models, and what changes
    cnncalc report main:net.txt net.txt -o both.html
    cnncalc report net.txt --count fvcore,thop -o net.html
                                                 and the ledger between two counts
    """
    _check(output)
    from ...cli.specs import blocks_note, files_of
    from ...interpret.specification import specification
    from .model import ReportedModel
    from .page import page

    made = _compared(choice)
    read = [one for one in made if one.model is not None]
    models, notes = [], []
    for comparand in read:
        assert comparand.model is not None
        if specification(comparand.model.analysis.network).library:
            notes.append(blocks_note(comparand.file))
        else:
            models.append(ReportedModel(comparand.model.analysis, counts))
    faults = [fault for one in made if one.model is None for fault in one.diagnostics]
    diagnostics = list(dict.fromkeys([*faults, *notes, *(fault for model in models for fault in model.faults)]))
    shown = [model for model in models if _known(model)]
    if shown:
        files = [file for one in read if one.model for file in files_of(one.file, one.model.analysis.network)]
        more = "cnncalc shapes FILE --format csv has a row for every layer."
        unread = [*faults, *(diagnostic for model in models if model not in shown for diagnostic in model.diagnostics)]
        output.write_utf8(page(shown, unread, more), files, "html")
    output.report(diagnostics)
    uncounted = any(tally.uncounted for model in models for tally in model.compared.tallies)
    return output.code(diagnostics, uncounted)


def _known(model: ReportedModel) -> bool:
    """Whether its layers are those that were meant."""
    from ...cli.specs import layers_known

    return layers_known(model.analysis.diagnostics)


def _check(output: OutputOptions) -> None:
    """Raises Refused where no page can go."""
    if not output.to_file and sys.stdout.isatty():
        raise Refused("a page is nothing for a terminal: write -o report.html")
    suffix = os.path.splitext(output.output or "")[1].lower()
    if output.to_file and not output.format and suffix not in (".html", ".htm"):
        raise Refused(f"-o {output.output}: a report is an HTML page: end its name in .html")


def _compared(choice: SpecChoice) -> list[Comparand]:
    """The models that are asked for."""
    from ...cli.specs import DEFAULT, OptionWording, nothing_here
    from ...diagnostics import SpecError
    from ..compare.models import Variant, comparands

    if not choice.files and not os.path.exists(DEFAULT):
        error: SpecError = nothing_here("name a file: 'cnncalc report FILE -o net.html'")
        return [*_unread(error.diagnostics)]
    files = choice.files or (DEFAULT,)
    if len(files) > _MOST:
        raise Refused(f"{len(files):,} models are too many for a page: at most {_MOST}")
    inputs: dict[str | int | None, str] = {
        name: shapes[0] for name, shapes in choice.inputs.items() if len(shapes) == 1
    }
    if len(inputs) < len(choice.inputs):
        inputs = dict(enumerate(next(iter(choice.inputs.values()))))
    return comparands(choice, files, [Variant(inputs, choice.settings)], None, OptionWording())


def _unread(diagnostics: tuple[Diagnostic, ...]) -> list[Comparand]:
    from ...cli.specs import DEFAULT
    from ..compare.models import Comparand, Variant

    return [Comparand(DEFAULT, Variant({}, {}), None, diagnostics)]
