"""A network written out again: as a spec; as what else is in formats.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...network import Network

if TYPE_CHECKING:
    from .proof import Reader


class Unsaid(ValueError):
    """A network that cannot be written: the text says what of it."""


def spec_text(network: Network, *, name: str | None = None, read: Reader | None = None) -> str:
    """`network` as the text of a spec, as a person might write it, called `name`, or what it is called.

    Read again it has the same layers, shapes, parameters and MACs. What the language cannot say is an ``op`` line.
    By `read` it is read again, to prove that: where blocks and repeats say something else, it is written without.
    Raises Unsaid where the shape of an input is not known, and where no text says what the network is.
    """
    from .proof import difference
    from .spec import text

    made = text(network, name)
    if read is None or not difference(made, network, read):
        return made
    made = text(network, name, fold=False)
    other = difference(made, network, read)
    if other:
        raise Unsaid(f"the spec would not say what the network is: {other}")
    return made
