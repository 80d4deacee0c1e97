"""What a layer makes of its input shapes."""

from __future__ import annotations

from ..records import Record
from ..values import Shape


class Remark(Record):
    """Something true about a layer that a user should hear: a warning or a note."""

    severity: str
    code: str
    message: str
    argument: str | None = None
    help: str | None = None


class Result:
    """What a layer makes of its input shapes: the output's shape, elements stored and learned, and its work."""

    __slots__ = ("buffers", "macs", "output", "params", "remarks")

    def __init__(self, output: Shape, params: int, buffers: int, macs: int, remarks: tuple[Remark, ...]) -> None:
        self.output = output
        self.params = params
        self.buffers = buffers
        self.macs = macs
        self.remarks = remarks
