"""What would make tensors fit that do not: what to write, tried before it is said."""

from __future__ import annotations
