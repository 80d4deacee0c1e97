"""`cnncalc draw`: the network as a picture."""

from __future__ import annotations

import click

from ...cli.options import output, reading, whole
from ...cli.output import OutputOptions
from ...cli.specs import Reading
from .formats import FORMATS


@click.command("draw")
@click.option("--style", type=click.Choice(["graph", "volumes"]), default="graph", metavar="NAME",
              help="graph: boxes and arrows; volumes: feature maps in perspective, as in papers.")  # fmt: skip
@click.option("--depth", callback=whole, metavar="N", help="Open N levels of stages and blocks; else what has room.")
@click.option("--only", metavar="STAGE", help="Draw only this stage or block: up1, or layer1/basic1.")
@click.option("--direction", type=click.Choice(["down", "right"]), default="down", metavar="WAY",
              help="Which way the data flow: down or right.")  # fmt: skip
@click.option("--label", type=click.Choice(["params", "macs", "none"]), default="macs", metavar="WHAT",
              help="What stands in a box below its shape: params, macs or none.")  # fmt: skip
@click.option("--color", type=click.Choice(["cost", "kind", "none"]), default="kind", metavar="WHAT",
              help="kind: a colour a group of layers; cost: darker where more MACs are (or parameters, with --label "
                   "params); or none.")  # fmt: skip
@reading
@output(*FORMATS, otherwise="by the name of -o FILE, text without one", colored=False)
def command(
    reading: Reading, output: OutputOptions, style: str, depth: int | None, only: str | None, direction: str,
    label: str, color: str,
) -> int:  # fmt: skip
    """The network as a picture, for a paper, a slide or the terminal.

    FILE is a spec or a model file: a path, - for standard input, or @alexnet for a bundled example. Without FILE it is
    ./model.txt.

    Equal blocks that follow each other are one, marked ×3. Stages are open as far as there is room for some sixty
    boxes; the picture says what is folded.

    \b
    cnncalc draw                                ./model.txt, in the terminal
    cnncalc draw @unet -o unet.svg              for a page or a slide
    cnncalc draw @unet --style volumes -o u.tex feature maps, for LaTeX
    cnncalc draw @resnet50 -o r.svg --color cost --label params
                                                where the parameters are
    cnncalc draw @googlenet --only inception1 --direction right -o i.svg
    cnncalc draw net.txt --format mermaid       for Markdown on GitHub
    cnncalc draw net.txt --format dot | dot -Tpdf -o net.pdf
    """
    from ...cli.specs import analysed, blocks_only
    from ...diagnostics import SpecError
    from ...interpret.specification import specification
    from ...picture.picture import Asked
    from .drawing import draw

    try:
        analysis = analysed(reading, "draw")
    except SpecError as error:
        output.report(error.diagnostics)
        return output.code(error.diagnostics)
    if specification(analysis.network).library:
        return blocks_only(reading, output)
    advice = "--depth N opens more, --only NAME one of them"
    asked = Asked(depth=depth, only=only, right=direction == "right", label=label, color=color, advice=advice)
    draw(analysis, style, asked, reading, output)
    output.report(analysis.diagnostics)
    return output.code(analysis.diagnostics)
