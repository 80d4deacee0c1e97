"""A network written out again: as a spec, as PyTorch code."""

from __future__ import annotations

from ...network import Network


class Unsaid(ValueError):
    """A network that cannot be written: the text says what of it."""


def spec_text(network: Network, *, name: str | None = None) -> str:
    """`network` as the text of a spec, as a person might write it, called `name`, or what it is called.

    Read again it has the same layers, shapes, parameters and MACs. What the language cannot say is an ``op`` line.
    Raises Unsaid where the shape of an input is not known.
    """
    from .spec import text

    return text(network, name)
