"""Syntax tree -> network: blocks, repeats and names unfolded, kinds bound, shapes propagated."""

from .build import DEFAULT_MAX_LAYERS, build
from .examples import Example, example_names, example_path, examples
from .files import Files, read_source
from .model import UNKNOWN, Extent, Network, Node, Port, Requirement, Step

__all__ = [
    "DEFAULT_MAX_LAYERS", "UNKNOWN", "Example", "Extent", "Files", "Network", "Node", "Port", "Requirement", "Step",
    "build", "example_names", "example_path", "examples", "read_source",
]  # fmt: skip
