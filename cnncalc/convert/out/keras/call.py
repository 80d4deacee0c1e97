"""One layer while it is written as Keras source: its variables, and the calls that it comes to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ....layers import Shape
from ....network import Node
from ...call import Framework, sized
from ..node_writer import NodeWriter
from ..sayable import Unsayable

if TYPE_CHECKING:
    from .body import KerasBody

_FRAMEWORK = Framework("keras", "layers", '"')


class KerasWriter(NodeWriter):
    """A layer of a network, to be written into a function. Its rule returns the expressions of its results."""

    def __init__(self, source: KerasBody, node: Node) -> None:
        super().__init__(source.network, node, source.variables)
        self.source = source
        self._made = 0

    @property
    def is_vector(self) -> bool:
        """Whether its first input is a vector in Keras: axes of one number may have gone before."""
        return self.rank == 0 or self.node.inputs[0] in self.source.vectors

    @property
    def is_shared(self) -> bool:
        """Whether several nodes use its weights."""
        return self._owner.position in self.source.shared

    # --- what is written ----------------------------------------------------------------------------

    def step(self, expression: str) -> str:
        """Keeps an expression in x, which nothing else reads by now; x."""
        self.source.statement(f"x = {expression}")
        return "x"

    def comment(self, text: str) -> None:
        """A line of comment before what follows."""
        self.source.statement(f"# {text}")

    def helper(self, name: str) -> str:
        """The name of a helper, which is written before the model."""
        self.source.helpers.add(name)
        return name

    def call(self, row: str = "", **values: object) -> str:
        """The constructor of the row of its kind (or `row`) in the table of names. Raises Unsayable where there is
        none.
        """
        made = _FRAMEWORK.call(self.layer, self.shape, self.output, row, **values)
        if not made:
            raise Unsayable(f"Keras has no layer for {self.node.kind}")
        return made

    def layer_of(self, constructor: str) -> str:
        """What is called for a layer with weights: the constructor, or the layer that another node has made."""
        if not self.is_shared:
            return constructor
        made = self.source.shared[self._owner.position]
        if self._made == len(made):
            name = self.source.identifiers.unique(f"{self._owner.name}_layer", "shared_layer")
            self.source.statement(f"{name} = {constructor}")
            made.append(name)
        self._made += 1
        return made[self._made - 1]

    def applied(self, constructor: str, *inputs: str) -> str:
        """A layer with weights, called."""
        return f"{self.layer_of(constructor)}({', '.join(inputs or [self.x])})"


def last(shape: Shape) -> tuple[int, ...]:
    """A shape with the channels last."""
    return (*shape[1:], *shape[:1])


def place(axis: int) -> int:
    """Where an axis of a sample is in Keras: the channels at the end."""
    return axis or -1


def axes_text(axes: Sequence[int]) -> str:
    """One axis, or several, by their places in Keras."""
    return sized_axes([place(axis) for axis in axes])


def sized_axes(places: Sequence[int]) -> str:
    """One number, or several in parentheses."""
    return str(places[0]) if len(places) == 1 else f"({', '.join(map(str, places))})"


def tuple_text(values: Sequence[object]) -> str:
    """Values in parentheses."""
    return f"({', '.join(map(str, values))}{',' * (len(values) == 1)})"


__all__ = ["KerasWriter", "axes_text", "last", "place", "sized", "sized_axes", "tuple_text"]
