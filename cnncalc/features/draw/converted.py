"""A picture as PNG or PDF, made of its SVG by CairoSVG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...cli.guard import Refused
from ...picture.picture import Picture
from ...picture.svg import drawn
from ...render.text import Screen

if TYPE_CHECKING:
    from ...picture.volumes import Volumes

#: Pixels of a PNG for one of the picture.
_SCALE = 2


def render(picture: Picture | Volumes, name: str, screen: Screen) -> bytes:
    """The bytes of the file. Raises Refused where CairoSVG, or the library cairo that it uses, is not installed."""
    try:
        import cairosvg
    except (ImportError, OSError) as error:
        reason = "" if isinstance(error, ImportError) else f" ({error})"
        raise Refused(f"{name} needs CairoSVG{reason}: pip install 'cnncalc[picture]', or write -o net.svg") from None
    convert = cairosvg.svg2png if name == "png" else cairosvg.svg2pdf
    made: bytes = convert(bytestring=drawn(picture).encode(), scale=_SCALE if name == "png" else 1)
    return made
