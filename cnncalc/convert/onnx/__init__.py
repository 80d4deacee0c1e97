"""ONNX files: read by a reader of our own, which steps over weights and needs no package.

:mod:`wire` and :mod:`proto` have what a file says, :mod:`graph` goes through it operator by operator, whose rules are
in files by family; :mod:`assemble` makes the network of what came of that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...network import Network
    from ..readers import ModelFile, Request

#: What files say made them that `convert` wrote.
OWN_PRODUCER = "cnncalc"


def read(file: ModelFile, request: Request) -> Network:
    """The network of a file. Raises SpecError."""
    from .assemble import read as made

    return made(file, request)
