"""Syntax tree -> network: blocks, repeats and names unfolded, kinds bound, shapes propagated."""

from ..network.assembler import DEFAULT_MAX_LAYERS
from .build import Spec, build
from .reading.files import Files, read_source

__all__ = ["DEFAULT_MAX_LAYERS", "Files", "Spec", "build", "read_source"]
