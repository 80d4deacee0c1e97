"""What a network keeps of the file that it was read from: modules of code, memory that a runtime asks for."""

from __future__ import annotations

from ..records import Record
from ..values import Shape


class SourceModule(Record):
    """A module of the code that a network was read from: its class; the class of torch.nn whose `forward` runs it, ""
    where that is code; and the parameters of its own by name, with their shapes.
    """

    type: str
    base: str = ""
    parameters: tuple[tuple[str, Shape], ...] = ()
    #: Of one of torch.nn the call that makes it, as its code has it; "" where that is not told.
    made: str = ""


class Buffer(Record):
    """A stretch of memory that the runtime of a file asks for: of the tensor that a node gives, and from the first to
    the last node (positions) that it is needed.
    """

    node: int
    first: int
    last: int
    #: Of what a kernel works in besides: bytes for each sample, and bytes once.
    scratch: tuple[int, int] | None = None


class Allocations(Record):
    """The buffers that the runtime of a file asks for, in its order; or why they are not known."""

    buffers: tuple[Buffer, ...]
    unknown: str = ""
