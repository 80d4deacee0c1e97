"""A picture as PNG or PDF, made of its SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...cli.plots import converted
from ...picture.picture import Picture
from ...picture.svg import drawn
from ...render.text import Screen

if TYPE_CHECKING:
    from ...picture.volumes import Volumes


def render(picture: Picture | Volumes, name: str, screen: Screen) -> bytes:
    """The bytes of the file. Raises Refused where CairoSVG, or the library cairo that it uses, is not installed."""
    return converted(drawn(picture), name)
