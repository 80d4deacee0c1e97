"""Files of torch.export.save: an archive with the graph as JSON, beside weights, which are not looked at.

:mod:`archive` finds the texts, :mod:`stream` reads JSON piece by piece, :mod:`program` has what the graph says,
:mod:`modules` what stands in one module, :mod:`reading` makes the network. No PyTorch is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...network import Network
    from ..readers import ModelFile, Request


def read(file: ModelFile, request: Request) -> Network:
    """The network of a file. Raises SpecError."""
    from .reading import read as made

    return made(file, request)
