"""An operator that has no kind: what a file says of it is all that is known."""

from __future__ import annotations

from typing import Any

from ..values import Shape
from .arguments import Argument
from .base import Layer
from .reach import Reach
from .result import Result


class Said(Argument[Any]):
    """What the file says, as it is."""

    sort = "text"

    def convert(self, value: Any, kind: str) -> Any:
        return value


class Op(Layer):
    """Readers make them; what is not said is unknown, and no layer then knows more than its shape."""

    kind = "op"
    summary = "An operator without a kind of its own: its shape, parameters and MACs are those that are given."
    rule = "its shape"
    positions = ("name",)
    merges = learns = True

    name = Said("what it is called")
    shape = Said("the output's shape", None)
    params = Said("its parameters", None)
    macs = Said("its multiply-accumulates", None)
    statistics = Said("elements of running statistics that it keeps", 0)

    def result(self, inputs: tuple[Shape, ...]) -> Result:
        return Result(tuple(self.shape), self.params, self.statistics, self.macs, ())

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        return tuple(self.shape)

    def weights(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[str, Shape], ...]:
        return (("weight", (self.params,)),) if self.params else ()

    def steps(self, shape: Shape) -> tuple[Reach, ...] | None:
        return None

    def describe(self, rank: int, layout: str = "chw") -> str:
        return f"op {self.name}"
