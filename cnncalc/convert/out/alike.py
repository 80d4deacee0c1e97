"""What is alike in two parts of a network: their structure; and what is not: the values in it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, TypeAlias

from ...layers import Layer
from ...network import Network
from ...records import Record, make
from ...values import Size
from .elements import operator
from .items import BlockUse, Cell, Item, Join, Rounds, Series, Start, end

#: Sorts of arguments whose values may be a block's parameters.
_VARYING = frozenset(("number", "size", "padding"))


class Slot(Record):
    """A value in a part of a network: of the argument `name` of a node; `entering` is the tensor that the layer takes,
    None where there is none.
    """

    node: int
    name: str
    value: Any
    entering: int | None = None


class Likeness(Record):
    """An item as it looks: equal numbers are equal structures, of one layer `loose`, whatever its kernel; its values;
    the tensors that it names; the words that it takes; its first and last place in the text, and the last place where
    something in it, but for its end, is named.
    """

    structure: int
    loose: int
    slots: tuple[Slot, ...]
    named: tuple[int, ...]
    words: int
    first: int
    last: int
    reach: int


#: Of a layer: what is fixed, the values that vary, how many of its arguments are said, whether its kernel is 1.
_LayerLook: TypeAlias = tuple[tuple[object, ...], list[tuple[str, Any]], int, bool]


class Looks:
    """How items look. `order` is the place of each node in the text, from 1, `uses` the last where it is named."""

    def __init__(self, network: Network, order: dict[int, int], uses: dict[int, int]) -> None:
        self.network = network
        self.order = order
        self.uses = uses
        self._owners = {node.owner for node in network.nodes}
        self._numbers: dict[object, int] = {}
        self._known: dict[int, tuple[Item, Likeness]] = {}
        self._layers: dict[int, _LayerLook] = {}

    def __call__(self, item: Item) -> Likeness:
        """How `item` looks."""
        known = self._known.get(id(item))
        if known is None:
            known = self._known[id(item)] = (item, self._look(item))
        return known[1]

    def number(self, key: object) -> int:
        """The number of a structure."""
        return self._numbers.setdefault(key, len(self._numbers))

    def _look(self, item: Item) -> Likeness:
        if isinstance(item, Cell):
            return self._cell(item)
        if isinstance(item, Start):
            number = self.number("start")
            return Likeness(number, number, (), (item.tensor,), 1, 0, 0, 0)
        if isinstance(item, BlockUse):
            place = self.order[item.node]
            slots = [Slot(item.key, f"{number}", value, item.entering) for number, value in enumerate(item.values)]
            number = self.number(("use", item.block, len(item.tensors)))
            return Likeness(number, number, tuple(slots), item.tensors, item.words, self.order[item.first], place, 0)
        if isinstance(item, Join):
            found: tuple[object, ...] = ("join", *self._arguments(self.network.nodes[item.node].layer)[0])
            return self._made_of(found, item.paths, (), 2 + len(item.paths), self.order[item.node])
        assert isinstance(item, Rounds)
        return self._made_of(("rounds",), (item.series,), (Slot(item.node, "times", item.times),), 2, 0)

    def _made_of(
        self, key: tuple[object, ...], parts: tuple[Series, ...], slots: tuple[Slot, ...], words: int, place: int
    ) -> Likeness:
        looks = [[self(item) for item in part] for part in parts]
        flat = [look for part in looks for look in part]
        number = self.number((*key, *[tuple([look.structure for look in part]) for part in looks]))
        firsts = [look.first for look in flat if look.first] or [place]
        ends = [self.uses.get(end((item,)) or -1, 0) for part in parts for item in part if not isinstance(item, Start)]
        return Likeness(
            number, number, (*slots, *[slot for look in flat for slot in look.slots]),
            tuple([named for look in flat for named in look.named]), words + sum(look.words for look in flat),
            min(firsts), max([place, *[look.last for look in flat]]), max([0, *[look.reach for look in flat], *ends]),
        )  # fmt: skip

    def _cell(self, item: Cell) -> Likeness:
        node, place = self.network.nodes[item.node], self.order[item.node]
        fixed, varying, said, pointwise = self._of_layer(node.layer)
        entering = next((index for index in node.inputs if index >= 0), None)
        slots = tuple([Slot(item.node, name, value, entering) for name, value in varying])
        if node.layer is None or node.layer.opaque:
            fixed = tuple(operator(node, self.network))  # all that its line says
        alone = node.layer is not None and node.layer.several  # results have names of their own
        if alone or node.owner is not None or item.node in self._owners:
            fixed = (item.node,)
        loose = ("cell", fixed, len(item.others), item.alone)
        number = self.number((loose, pointwise))
        return make(Likeness, (number, self.number(loose), slots, item.others, 1 + said, place, place, 0))

    def _of_layer(self, layer: Layer | None) -> _LayerLook:
        """What is told of a layer, whatever node has it."""
        known = self._layers.get(id(layer))
        if known is None:
            known = self._layers[id(layer)] = (*self._arguments(layer), self._said(layer), self._pointwise(layer))
        return known

    @staticmethod
    def _pointwise(layer: Layer | None) -> bool:
        """Whether a layer has a window of one position: among others such a layer has another part."""
        kernel = getattr(layer, "kernel", None)
        return kernel is not None and set(kernel if isinstance(kernel, tuple) else (kernel,)) == {1}

    @staticmethod
    def _said(layer: Layer | None) -> int:
        """How many arguments of a layer are said."""
        declared = () if layer is None else layer.declared
        return sum(getattr(layer, name) not in (default, None) for name, _, default in declared)

    @staticmethod
    def _arguments(layer: Layer | None) -> tuple[tuple[object, ...], list[tuple[str, Any]]]:
        """What is fixed of a layer: its kind, and arguments that are no parameters; and those that may be."""
        if layer is None:
            return (), []
        if layer.activates and not layer.declared:
            return ("activation",), [("kind", layer.kind)]
        fixed: list[object] = [layer.kind]
        varying: list[tuple[str, Any]] = []
        for name, argument, _ in layer.declared:
            value = getattr(layer, name)
            if name == "stride" and value is None:
                value = getattr(layer, "kernel", None)
            plain = isinstance(value, Size) and all(type(one) is int for one in value)
            if argument.sort in _VARYING and (type(value) in (int, Fraction) or plain or value == "same"):
                varying.append((name, value))
                fixed.append(name)
            else:
                fixed.append((name, repr(value)))
        return tuple(fixed), varying
