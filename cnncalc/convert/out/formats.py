"""The formats that a network can be written in: what asks for each, and what writes it.

A format is a row here, and a function that gives the text or the bytes of a network with the options of all formats.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ...diagnostics import ERROR, Diagnostic, SpecError
from ...records import Record

if TYPE_CHECKING:
    from ...network import Network
    from .proof import Reader

#: The version of ONNX's operators that is written where none is asked for.
DEFAULT_OPSET = 21


class WriteOptions(Record):
    """How a network is written. What a format has no use for means nothing to it."""

    #: What it is called; None: as the network.
    name: str | None = None
    #: The version of the operators; whether there are weights, random ones by the seed.
    opset: int = DEFAULT_OPSET
    weights: bool = True
    seed: int = 0
    #: Whether a stub stands in the place of what cannot be said.
    partial: bool = False
    #: Reads a spec: by it what is written as a spec is proved.
    read: Reader | None = None


class Written(Record):
    """A network written out, and what is to be said of it."""

    data: str | bytes
    diagnostics: Sequence[Diagnostic] = ()


class TargetFormat(Record):
    """A format: the suffixes that ask for it, what writes it, and the extra and the package that this needs."""

    suffixes: tuple[str, ...]
    write: Callable[[Network, WriteOptions], Written]
    #: Whether it is no text.
    binary: bool = False
    package: str = ""


def _spec(network: Network, options: WriteOptions) -> Written:
    from . import Unsaid, spec_text
    from .sayable import UNSAYABLE

    try:
        return Written(spec_text(network, name=options.name, read=options.read))
    except Unsaid as error:
        raise SpecError([Diagnostic(ERROR, UNSAYABLE, str(error))]) from None


def _keras(network: Network, options: WriteOptions) -> Written:
    from .keras.source import write

    return write(network, options)


def _torch(network: Network, options: WriteOptions) -> Written:
    from .torch.module import write

    return write(network, options)


def _onnx(network: Network, options: WriteOptions) -> Written:
    from .onnx.model import write

    return write(network, options)


FORMATS = {
    "spec": TargetFormat((".txt",), _spec),
    "torch": TargetFormat((".py",), _torch),
    "keras": TargetFormat((".py",), _keras),
    "onnx": TargetFormat((".onnx",), _onnx, binary=True, package="onnx"),
}  # fmt: skip
