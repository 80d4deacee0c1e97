"""Darknet's .cfg files: sections of a network, one after the other, with numbers for names."""

from __future__ import annotations

from .reading import read

__all__ = ["read"]
