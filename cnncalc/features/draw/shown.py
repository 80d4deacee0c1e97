"""The picture of a network in Python: shown by a notebook, printed, written into a file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ...cli.guard import Refused
from ...picture.outline import UnknownPart
from ...picture.picture import Picture, PictureOptions
from ...picture.svg import drawn

if TYPE_CHECKING:
    from ...measure import NetworkAnalysis
    from ...picture.volumes import Volumes

#: What may be asked for, by the argument.
_CHOICES = {
    "style": ("graph", "volumes"), "direction": ("down", "right"), "label": ("params", "macs", "none"),
    "color": ("cost", "kind", "none"),
}  # fmt: skip


class NetworkPicture:
    """A picture that shows itself in a notebook; ``str()`` is the SVG, ``save("net.svg")`` writes it in a format."""

    def __init__(self, analysis: NetworkAnalysis, style: str, asked: PictureOptions) -> None:
        self._asked = analysis, style, asked
        self._picture()

    def _picture(self) -> Picture | Volumes:
        """The picture, new: every format lays it out in its own way. Raises UnknownPart."""
        analysis, style, asked = self._asked
        if style == "graph":
            return Picture(analysis, asked)
        from ...picture.volumes import Volumes

        return Volumes(analysis, asked)

    def __str__(self) -> str:
        return drawn(self._picture())

    def _repr_svg_(self) -> str:
        """The SVG; its ids are those of no other picture on the page."""
        return drawn(self._picture(), f"cnncalc-{sha256(str(self).encode()).hexdigest()[:8]}")

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the file, whole or not at all, in the format that its name tells: .svg, .html, .mmd, .dot, .tex, .txt,
        and with CairoSVG .png and .pdf. Raises ValueError for another name, OSError where it cannot be written.
        """
        from ...cli.writing import replace
        from ...render.text import Screen
        from .formats import format_of, render

        name = os.fspath(path)
        form = format_of(None, name)
        try:
            data = render(self._picture(), form, Screen())
        except Refused as error:
            raise ValueError(str(error)) from None
        try:
            replace(name, data)
        except Refused as error:
            raise OSError(str(error)) from None


def picture_of(analysis: NetworkAnalysis, asked: Mapping[str, Any]) -> NetworkPicture:
    """The picture of an analysis, by the arguments of :meth:`cnncalc.Network.draw`. Raises ValueError for what there is
    not.
    """
    for name, choices in _CHOICES.items():
        if asked[name] not in choices:
            raise ValueError(f"{name}={asked[name]!r}: one of {', '.join(choices)}")
    depth = asked["depth"]
    if depth is not None and depth < 1:
        raise ValueError(f"depth={depth} is under 1")
    right = asked["direction"] == "right"
    shown = PictureOptions(depth=depth, only=asked["only"], right=right, label=asked["label"], color=asked["color"])
    try:
        return NetworkPicture(analysis, asked["style"], shown)
    except UnknownPart as error:
        raise ValueError(str(error)) from None
