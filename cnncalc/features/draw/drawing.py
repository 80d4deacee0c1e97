"""From a network and what is asked for to the picture where it is wanted."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ...cli.guard import Refused, echo_bytes
from ...cli.specs import files_of, layers_known, spec_name
from ...picture.outline import UnknownPart
from ...picture.picture import Asked, Picture
from .formats import FORMATS, format_of, render

if TYPE_CHECKING:
    from ...cli.output import OutputOptions
    from ...cli.specs import Reading
    from ...measure import NetworkAnalysis
    from ...picture.volumes import Volumes


def draw(analysis: NetworkAnalysis, style: str, asked: Asked, reading: Reading, output: OutputOptions) -> None:
    """Writes the picture. Raises Refused where it cannot go there, click.BadParameter for an unknown stage."""
    name = format_of(output.format, output.output)
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


def _volumes(analysis: NetworkAnalysis, asked: Asked, name: str) -> Volumes:
    """The picture of volumes. Raises Refused for a format that has no perspective."""
    from ...picture.volumes import Volumes

    if name in ("text", "mermaid", "dot"):
        raise Refused(f"--style volumes is no {name}: write -o net.svg, or --format tikz")
    return Volumes(analysis, asked)


def _stem(reading: Reading) -> str:
    """A name for a file: that of the model."""
    name = spec_name(reading).removeprefix("@").replace("\\", "/").rpartition("/")[2]
    return name.partition(".")[0] or "net"
