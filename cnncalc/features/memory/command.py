"""`cnncalc memory`: live memory over the layers, and its peak."""

from __future__ import annotations

import click

from ...cli.options import output, reading
from ...cli.output import OutputOptions
from ...cli.specs import Reading, analysed, blocks_only, files_of, layers_known, spec_name, unread
from ...render import formats


@click.command("memory")
@click.option(
    "--optimizer",
    type=click.Choice(["sgd", "momentum", "adam"]),
    default="adam",
    metavar="NAME",
    help="For the estimate of training: sgd, momentum or adam.",
)
@reading
@output(*formats())
def command(reading: Reading, output: OutputOptions, optimizer: str) -> int:
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
    from ...interpret.specification import specification
    from ...measure.footprint import Footprint
    from .page import document

    try:
        footprint = Footprint(analysed(reading), optimizer)
    except SpecError as error:
        figures = dict.fromkeys(("parameters", "buffers", "activations", "peak", "peak_layer", "memory"))
        empty: dict[str, object] = {
            "batch": reading.batch, "dtype": reading.dtype, "optimizer": optimizer, **figures, "held": [],
            "training": None, "layers": [],
        }  # fmt: skip
        return unread("memory", reading, output, error, empty)
    analysis, data = footprint.analysis, output.chosen() == "json"
    if specification(analysis.network).library and not data:
        return blocks_only(reading, output)
    if data or layers_known(analysis.diagnostics):
        output.show(document(footprint), files_of(spec_name(reading), analysis.network))
    if not data:
        output.report(analysis.diagnostics)
    return output.code(analysis.diagnostics)
