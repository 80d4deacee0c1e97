"""`cnncalc draw`: the network as a picture."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ...cli.options import output, reading, whole
from ...cli.output import OutputOptions
from ...cli.specs import Reading
from .formats import FORMATS, UnknownFormat, format_of, render

if TYPE_CHECKING:
    from ...measure import NetworkAnalysis
    from ...picture.picture import PictureOptions
    from ...picture.volumes import Volumes


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
    from ...picture.picture import PictureOptions

    try:
        analysis = analysed(reading, "draw")
    except SpecError as error:
        output.report(error.diagnostics)
        return output.code(error.diagnostics)
    if specification(analysis.network).library:
        return blocks_only(reading, output)
    asked = PictureOptions(
        depth=depth, only=only, right=direction == "right", label=label, color=color,
        advice="--depth N opens more, --only NAME one of them", elsewhere="-o net.svg",
    )  # fmt: skip
    _draw(analysis, style, asked, reading, output)
    output.report(analysis.diagnostics)
    return output.code(analysis.diagnostics)


def _draw(
    analysis: NetworkAnalysis, style: str, asked: PictureOptions, reading: Reading, output: OutputOptions
) -> None:
    """Writes the picture. Raises Refused where it cannot go there, click.BadParameter for an unknown stage."""
    from ...cli.guard import Refused, echo_bytes
    from ...cli.specs import files_of, layers_known, spec_name
    from ...picture.outline import UnknownPart
    from ...picture.picture import Picture

    try:
        name = format_of(output.format, output.output)
    except UnknownFormat as error:
        raise Refused(f"-o {error}, or add --format") from None
    if not output.to_file and not FORMATS[name].read and sys.stdout.isatty():
        suffix = FORMATS[name].suffixes[0]
        raise Refused(f"{name} is nothing for a terminal: write -o {_stem(reading)}{suffix}, or --format text")
    if not layers_known(analysis.diagnostics):
        return
    try:
        picture = Picture(analysis, asked) if style == "graph" else _volumes(analysis, asked, name)
    except UnknownPart as error:
        raise click.BadParameter(str(error), param_hint="'--only'") from None
    made = render(picture, name, output.screen())
    if output.to_file:
        output.write_bytes(made, files_of(spec_name(reading), analysis.network))
    elif name in ("png", "pdf"):
        echo_bytes(made)
    elif name == "text":
        output.write(made.decode(), form=name)
    else:
        output.write_utf8(made.decode(), (), name)


def _volumes(analysis: NetworkAnalysis, asked: PictureOptions, name: str) -> Volumes:
    """The picture of volumes. Raises Refused for a format that has no perspective."""
    from ...cli.guard import Refused
    from ...picture.volumes import Volumes

    if name in ("text", "mermaid", "dot"):
        raise Refused(f"--style volumes is no {name}: write -o net.svg, or --format tikz")
    return Volumes(analysis, asked)


def _stem(reading: Reading) -> str:
    """A name for a file: that of the model."""
    from ...cli.specs import spec_name

    name = spec_name(reading).removeprefix("@").replace("\\", "/").rpartition("/")[2]
    return name.partition(".")[0] or "net"
