"""PyTorch source, read and never run: an abstract interpreter of the Python that models are written in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...network import Network
    from ..readers import ModelFile, Request


def read(file: ModelFile, request: Request) -> Network:
    """The network of a class or factory of a file. Raises SpecError where it cannot be told."""
    from .reading import read

    return read(file, request)
