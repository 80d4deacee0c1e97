"""`cnncalc memory`: live memory over the layers, and its peak."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ...cli.options import output, reading
from ...cli.output import OutputOptions
from ...cli.plots import plot as plot_option
from ...cli.specs import Reading, analysed, blocks_only, conditions, files_of, layers_known, spec_name, unread
from ...render import formats

if TYPE_CHECKING:
    from ...measure.footprint import Footprint


def _size(ctx: click.Context, param: click.Parameter, text: str | None) -> int | None:
    """`24GiB` in bytes."""
    if text is None:
        return None
    from fractions import Fraction

    from ...spec.literals import as_spelled, literal
    from ...spec.nodes import Num
    from ...spec.words import Fault

    try:
        tree = literal(as_spelled(text.strip().replace(",", ""), True), 0, units=True)
    except Fault:
        tree = None
    if not isinstance(tree, Num) or isinstance(tree.value, Fraction) or not tree.value:
        raise click.BadParameter(f"'{text}' is no number of bytes: write --fit 24GiB", ctx, param)
    return tree.value


@click.command("memory")
@click.option("--planner", type=click.Choice(["liveness", "greedy"]), default="liveness", metavar="NAME",
              help="liveness, or greedy: the place of each tensor by TFLite Micro's planner.")  # fmt: skip
@click.option("--train", is_flag=True, help="Also show what PyTorch keeps in memory for training.")
@click.option("--optimizer", default="adam", metavar="NAME",
              type=click.Choice(["none", "sgd", "momentum", "adam"], case_sensitive=False),
              help="Optimizer for --train and --fit: none, sgd, momentum or adam.")  # fmt: skip
@click.option(
    "--fit", callback=_size, metavar="SIZE", help="Find the largest batch whose training fits into SIZE: 24GiB."
)
@plot_option
@reading
@output(*formats())
def command(
    reading: Reading, output: OutputOptions, planner: str, train: bool, optimizer: str, fit: int | None,
    plot: str | None,
) -> int:  # fmt: skip
    """Memory in use while the layers run: how much, when, and why.

    FILE is a spec or a model file: a path, - for standard input, or @alexnet for a bundled example. Without FILE it is
    ./model.txt.

    While a layer runs, its inputs and its output are in memory. A tensor is freed when its last reader has run. The
    largest sum is the peak. 'cnncalc help devices' explains types, execution, planners and training.

    \b
    cnncalc memory                              ./model.txt
    cnncalc memory @unet                        what the skips cost
    cnncalc memory net.txt --dtype int8 --execution fused --planner greedy
                                                on a microcontroller
    cnncalc memory net.txt --train --batch 32 --optimizer momentum
    cnncalc memory net.txt --fit 24GiB          the largest batch
    cnncalc memory net.txt --plot memory.svg    the curve, for a slide
    """
    from ...diagnostics import SpecError
    from ...interpret.specification import specification
    from ...measure.footprint import Footprint
    from .page import document

    try:
        footprint = Footprint(analysed(reading, "memory"), optimizer)
        footprint.planner, footprint.trained, footprint.budget = planner, train or fit is not None, fit
    except SpecError as error:
        figures = dict.fromkeys(("parameters", "buffers", "activations", "peak", "peak_layer", "memory"))
        empty: dict[str, object] = {
            **conditions(reading), "optimizer": optimizer, **figures, "held": [], "planner": planner, "arena": None,
            "flash": None, "fit": None if fit is None else {"budget": fit, "batch": None}, "training": None,
            "layers": [],
        }  # fmt: skip
        return unread("memory", reading, output, error, empty)
    analysis, data = footprint.analysis, output.chosen() == "json"
    files = files_of(spec_name(reading), analysis.network)
    if specification(analysis.network).library and not data:
        return blocks_only(reading, output)
    if data or layers_known(analysis.diagnostics):
        output.show(document(footprint, "--format json has all"), files)
    if not data:
        output.report(analysis.diagnostics)
    if plot:
        _draw(plot, footprint, files)
    return output.code(analysis.diagnostics)


def _draw(path: str, footprint: Footprint, files: list[str]) -> None:
    """Writes the curve. Raises Refused."""
    from ...cli.guard import Refused
    from ...cli.plots import write_plot
    from ...document import summary
    from ...picture.chart import plotted
    from ...picture.curves import memory

    chart = memory(footprint)
    if chart is None:
        why = "not every shape is known" if footprint.liveness is None else "there are no layers"
        raise Refused(f"there is nothing to draw in {path}: {why}")
    write_plot(path, plotted([chart], summary.title(footprint.analysis)), files)
