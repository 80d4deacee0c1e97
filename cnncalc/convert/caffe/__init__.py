"""Caffe's .prototxt files, V0 to V2: layers in protobuf's text format."""

from __future__ import annotations

from .reading import read

__all__ = ["read"]
