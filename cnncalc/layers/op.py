"""An operator that has no kind: what is said of it is all that is known."""

from __future__ import annotations

from typing import Any

from ..values import Shape
from .arguments import Argument, Count, LayerError, Shaped
from .base import Layer
from .reach import Reach, Runs
from .result import MOVING, UNLIKE, Quantities, Result


class OperatorName(Argument[str]):
    """A word, or any text in quotes; never a variable."""

    sort = "text"

    def convert(self, value: Any, kind: str) -> str:
        text = str(value)
        bare = text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
        if not bare.strip():
            raise LayerError("op needs the operator's name", self.name, "for example 'op GridSample', or in quotes")
        return bare

    def show(self, value: Any, rank: int, layout: str = "chw") -> str:
        text = str(value)
        return text if text.isascii() and text.isidentifier() else f'"{text}"'


class Operator(Layer):
    """What a spec says of it: what is not said is unknown, and so is what stands behind an unknown shape."""

    kind = "op"
    family = "operator"
    summary = "An operator that there is no rule for: what is not said of it is unknown, never 0."
    rule = "its shape, where that is said"
    example = "op GridSample shape=64x28x28 params=0 macs=0"
    positions = ("name",)
    merges = learns = repeats = opaque = True
    remarks = (
        "Its inputs are the running tensor, that and one name, or several names: 'op NAME @a @b'.",
        'The name is a word, or any text in quotes: op "com.microsoft::X".',
    )

    name = OperatorName("what it is called")
    shape: Any = Shaped("the output's shape", None)
    params: Any = Count("its learned parameters", None, least=0)
    macs_: Any = Count("its multiply-accumulates, of one sample", None, least=0)
    buffers: Any = Count("elements that it stores and does not learn", 0, least=0)

    @property
    def statistics(self) -> int:
        """Elements that it stores and does not learn."""
        return int(self.buffers)

    def check(self) -> None:
        if self.shape is not None and None in self.shape:
            raise LayerError("an operator has a whole shape, without '?'", "shape")

    def result(self, inputs: tuple[Shape, ...], remarked: bool = True) -> Result:
        return Result(tuple(self.shape), self.params, self.statistics, self.macs_, ())

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        if self.shape is None:
            raise LayerError(f"the shape of '{self.name}' is not said", "shape", "say it: 'shape=64x28x28'")
        return tuple(self.shape)

    def weights(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[str, Shape], ...]:
        return (("weight", (self.params,)),) if self.params else ()

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        moves = self.params == 0 == self.macs_
        return Quantities({"products": self.macs_ or 0}, (MOVING if moves else UNLIKE,))

    def steps(self, shape: Shape) -> tuple[Reach, ...] | None:
        return None

    def boxes(self, box: tuple[Runs, ...], shapes: tuple[Shape, ...]) -> list[tuple[Runs, ...]]:
        return [tuple(((0, size - 1),) for size in shape) for shape in shapes]


class Said(Argument[Any]):
    """What a file says, as it is."""

    sort = "text"

    def convert(self, value: Any, kind: str) -> Any:
        return value


class Op(Operator):
    """The same as readers make it, of what a file says."""

    name = Said("what it is called")
    shape = Said("the output's shape", None)
    params = Said("its parameters", None)
    macs_ = Said("its multiply-accumulates", None)
    buffers = Said("elements that it stores and does not learn", 0)
    number = Said("which of the results of the operator before it", 0)

    def describe(self, rank: int, layout: str = "chw") -> str:
        return f"op {self.name}"


KINDS: tuple[type[Layer], ...] = (Operator,)
