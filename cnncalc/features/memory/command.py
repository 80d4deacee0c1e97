"""`cnncalc memory`: live memory over the layers, and its peak."""

from __future__ import annotations

import click

from ...cli.options import output, reading
from ...cli.output import Output
from ...cli.specs import Reading, analysed, spec_name

FORMATS = ("table", "plain", "json", "csv", "markdown")


@click.command("memory")
@click.option(
    "--optimizer",
    type=click.Choice(["sgd", "momentum", "adam"]),
    default="adam",
    metavar="NAME",
    help="For the estimate of training: sgd, momentum or adam.",
)
@reading
@output(*FORMATS)
def command(reading: Reading, output: Output, optimizer: str) -> int:
    """Live memory over the layers, its peak, and what holds it up.

    FILE is a spec; ./model.txt if left out, - for standard input, @alexnet for a bundled example.

    While a layer runs its inputs and its output live; a tensor is freed after
    its last reader. The estimate for training keeps every tensor.

    \b
    cnncalc memory                              ./model.txt
    cnncalc memory @unet                        what the skips cost
    cnncalc memory net.txt --dtype int8         on a device of 512 KiB
    cnncalc memory net.txt --batch 32 --optimizer momentum
    """
    from ...diagnostics import SpecError
    from ...measure.footprint import Footprint

    try:
        footprint = Footprint(analysed(reading), optimizer)
    except SpecError as error:
        output.report(error.diagnostics)
        return output.code(error.diagnostics)
    output.write(_rendered(footprint, output), spec_name(reading))
    diagnostics = footprint.analysis.diagnostics
    if output.chosen() != "json":
        output.report(diagnostics)
    return output.code(diagnostics)


def _rendered(footprint: object, output: Output) -> str:
    from ...measure.footprint import Footprint
    from ...render import json
    from . import page as memory

    assert isinstance(footprint, Footprint)
    form = output.chosen()
    if form == "json":
        return "".join(json.stream(footprint.to_dict(), output.ascii_only()))
    if form == "csv":
        return output.fitted(memory.csv(footprint))
    if form == "markdown":
        return memory.markdown(footprint, output.charset())
    return memory.render(footprint, output.charset(), output.width() or 80)
