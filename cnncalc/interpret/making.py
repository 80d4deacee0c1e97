"""From the words of an element to its layer: equal ones are one layer of the network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..layers import Layer, LayerError
from ..spec import Unresolved
from ..spec.nodes import Arg, Element, Num
from ..values import Size, Word
from .binding import Bound
from .naming import Naming

#: Layers of one family that are looked for among those before: where thousands differ, the room is worth more.
MOST_ALIKE = 10_000


class Making(Naming):
    """Makes layers."""

    #: What is put in the place of each layer, if not the layer itself.
    revise: Callable[[Layer], Layer] | None = None

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        #: The layers of each kind by their arguments.
        self.families: dict[tuple[object, ...], dict[tuple[object, ...], Layer]] = {}

    def make(self, cls: type[Layer], rank: int | None, bound: Bound, element: Element) -> Layer | None:
        """The layer with the values of its arguments; None, reporting, where it cannot be."""
        try:
            values = {name: self.argument(arg, cls.sorts[name]) for name, arg in bound.given.items()}
        except Unresolved:
            return None
        try:
            return self.alike(cls, rank, values)
        except LayerError as error:
            self.report(error, cls, element, bound.given)
            return None

    def plain_layer(self, cls: type[Layer], rank: int | None, element: Element) -> Layer | None:
        """The layer of an element of plain numbers and flags; None where a closer look is needed, or to be taken."""
        words = element.plain_values() if element.constant and not cls.merges else None
        if words is None:
            return None
        values: dict[str, Any] = {}
        count = 0
        for key, value in words:
            if key is not None:
                name = cls.keys.get(key)
            elif count < len(cls.positions):
                name, count = cls.positions[count], count + 1
            else:
                return None
            if name is None or name in values or cls.sorts[name] in {"axis", "shape"}:
                return None
            values[name] = value
        try:
            return self.alike(cls, rank, values)
        except LayerError:
            return None

    def alike(self, cls: type[Layer], rank: int | None, given: dict[str, Any]) -> Layer:
        """The one layer of the network with these arguments, over the defaults here. Raises LayerError."""
        values, shown = cls.valued(given, self.defaults.get(cls.kind))
        arguments = tuple(values.values())
        said = arguments if self.defaults else given.values()  # no kind has a size or a pair for a default of its own
        kind = (cls, rank, shown, tuple([type(value) for value in said if isinstance(value, tuple)]))
        family = self.families.get(kind)
        if family is None:
            family = self.families[kind] = {}
        known = family.get(arguments)
        if known is None:
            known = cls(values, shown, rank)
            known.check()
            if self.revise is not None:
                known = self.revise(known)
            if len(family) < MOST_ALIKE:
                family[arguments] = known
        return known

    def argument(self, arg: Arg, sort: str) -> Any:
        """The value of one argument. Raises Unresolved, reporting."""
        tree = arg.value
        if isinstance(tree, Num) and sort not in {"axis", "shape"}:
            return tree.value
        if sort == "axis":
            return Word(arg.text)
        value = self.value(arg.value)
        if sort in ("size", "shape", "padding") and _bare_product(arg.text):
            left, right = arg.text.split("*")
            meant = f"'{left}' or '{left}x{right}'" if left == right and sort != "shape" else f"'{left}x{right}'"
            self.error("bare-product", f"{arg.text} is the number {value}", arg.start, arg.end,
                       f"a {left}x{right} size is written {meant}")  # fmt: skip
            raise Unresolved
        if sort == "shape":
            return Size(self.shape(value, arg.value, "the shape"))
        return value


def _bare_product(text: str) -> bool:
    left, star, right = text.partition("*")
    return bool(star) and left.isdecimal() and right.isdecimal()
