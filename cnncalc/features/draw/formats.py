"""The formats of pictures: what asks for each, and what writes it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ...records import Record

if TYPE_CHECKING:
    from ...picture.picture import Picture
    from ...picture.volumes import Volumes
    from ...render.text import Screen


class PictureFormat(Record):
    """A format: the module that renders it, seen from here, the suffixes that ask for it, and whether it is a text that
    people read or copy where it is printed.
    """

    module: str
    suffixes: tuple[str, ...]
    read: bool = True


FORMATS = {
    "text": PictureFormat("...picture.text", (".txt",)),
    "svg": PictureFormat("...picture.svg", (".svg",), read=False),
    "html": PictureFormat("...picture.html", (".html", ".htm"), read=False),
    "mermaid": PictureFormat("...picture.mermaid", (".mmd", ".mermaid")),
    "dot": PictureFormat("...picture.dot", (".dot", ".gv")),
    "tikz": PictureFormat("...picture.tikz", (".tex", ".tikz")),
    "png": PictureFormat(".converted", (".png",), read=False),
    "pdf": PictureFormat(".converted", (".pdf",), read=False),
}


class UnknownFormat(ValueError):
    """The name of a file tells no format; the message says which names do."""


def format_of(asked: str | None, path: str | None) -> str:
    """The format: the one asked for, else by the name of the file that is written. Raises UnknownFormat for a name that
    tells none.
    """
    if asked is not None:
        return asked
    if path is None or path == "-":
        return "text"
    suffix = os.path.splitext(path)[1].lower()
    found = next((name for name, one in FORMATS.items() if suffix in one.suffixes), None)
    if found is None:
        known = ", ".join(one.suffixes[0] for one in FORMATS.values())
        raise UnknownFormat(f"{path} does not tell the format: end it in one of {known}")
    return found


def render(picture: Picture | Volumes, name: str, screen: Screen) -> bytes:
    """The picture in a format. Raises Refused where what that needs is not installed."""
    from importlib import import_module

    module = import_module(FORMATS[name].module, __package__)
    made: str | bytes = module.render(picture, name, screen)
    return made if isinstance(made, bytes) else made.encode("utf-8", "backslashreplace")
