"""TFLite's files: operators on tensors whose shapes and types stand in the file; read by the package tflite."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...network import Network
    from ..readers import ModelFile, Request


def read(file: ModelFile, request: Request) -> Network:
    """The network of a file. Raises SpecError."""
    from .reading import read as made

    return made(file, request)
