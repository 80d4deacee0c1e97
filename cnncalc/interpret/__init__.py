"""Syntax tree -> network: blocks, repeats and names unfolded, kinds bound, shapes propagated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..network.assembler import DEFAULT_MAX_LAYERS
from .build import Spec, build
from .files import Files, read_source

if TYPE_CHECKING:
    from .examples import Example, example_names, example_path

__all__ = ["DEFAULT_MAX_LAYERS", "Example", "Files", "Spec", "build", "example_names", "example_path", "read_source"]


def __getattr__(name: str) -> Any:
    if name in __all__:  # the bundled examples, which few commands look for
        from . import examples

        return getattr(examples, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
