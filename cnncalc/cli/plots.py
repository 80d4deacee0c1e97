"""Charts into files: the option --plot, and an SVG as PNG or PDF."""

from __future__ import annotations

from collections.abc import Sequence

import click

from .guard import Refused
from .writing import replace, spare

_KINDS = ("svg", "png", "pdf")
#: Pixels of a PNG for one of the picture.
_SCALE = 2


def _picture(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """The name of a plot, whose end says what it is."""
    if value is None or kind_of(value) in _KINDS:
        return value
    raise click.BadParameter(f"'{value}' must end in .svg or .png, or .pdf", ctx, param)


#: Adds --plot; the function gets the name of the file.
plot = click.option("--plot", callback=_picture, type=click.Path(), metavar="FILE",
                    help="Also draw a chart into FILE.svg, FILE.png or FILE.pdf.")  # fmt: skip


def kind_of(path: str) -> str:
    """What the end of a name asks for."""
    return path.lower().rpartition(".")[2]


def converted(svg: str, kind: str) -> bytes:
    """An SVG as "png" or "pdf". Raises Refused where CairoSVG, or the library cairo that it uses, is not installed."""
    try:
        import cairosvg
    except (ImportError, OSError) as error:
        reason = "" if isinstance(error, ImportError) else f" ({error})"
        raise Refused(f"{kind} needs CairoSVG{reason}: pip install 'cnncalc[picture]', or write an .svg") from None
    convert = cairosvg.svg2png if kind == "png" else cairosvg.svg2pdf
    made: bytes = convert(bytestring=svg.encode(), scale=_SCALE if kind == "png" else 1)
    return made


def write_plot(path: str, svg: str, read: Sequence[str]) -> None:
    """Writes a chart, whole or not at all, never over the files that were `read` for it. Raises Refused."""
    spare(path, read, "--plot")
    kind = kind_of(path)
    replace(path, svg.encode() if kind == "svg" else converted(svg, kind))
