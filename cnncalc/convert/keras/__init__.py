"""Keras's model files, of Keras 2 and 3: the description of the layers, never the code or the weights beside it."""

from __future__ import annotations

from .reading import read

__all__ = ["read"]
