"""A picture as a page of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..render.text import Screen
from .picture import Picture
from .svg import drawn, escaped

if TYPE_CHECKING:
    from .volumes import Volumes

_STYLE = (
    "body{margin:0;background:#fff}svg{display:block;margin:auto;max-width:100%;height:auto}"
    "@media(prefers-color-scheme:dark){body{background:#0d1117}}"
)


def render(picture: Picture | Volumes, name: str, screen: Screen) -> str:
    """The page: the SVG, as large as has room."""
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escaped(picture.title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>\n'
        f"<body>\n{drawn(picture)}</body></html>\n"
    )
