"""A network written out again: as a spec, as PyTorch code."""

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


def torch_source(network: Network, *, name: str | None = None, partial: bool = False) -> str:
    """`network` as the source of one PyTorch module file, its class called `name`, or what the network is called.

    What only training runs is left out. Raises SpecError where PyTorch has no call for a layer, unless it is `partial`:
    then a stub that raises stands in its place.
    """
    from .formats import WriteOptions
    from .torch.module import write

    return str(write(network, WriteOptions(name=name, partial=partial)).data)
