"""A folded network unfolded again: the layers that each line stands for, the values with which blocks are used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....network import Network, Node
from ....records import Record
from ..alike import Slot
from ..blocks import Folded, RepeatedBlock
from ..generalize import BlockParameter
from ..items import BlockUse, Cell, Chapter, Item, Join, Rounds, Series, Start, everything

#: What stands for the network itself, beside the numbers of its blocks.
MAIN = -1


class BlockInstance(Record):
    """One use of a block: the values of its parameters by name, and the tensor that enters it."""

    values: Mapping[str, Any]
    entering: int | None


class LineRun(Record):
    """One run of a line: the use of the block it stands in, the rounds that it is in, its layer, the tensor before it,
    and where it is the use of a block, the number of that use.
    """

    instance: int
    rounds: tuple[int, ...]
    node: int
    entering: int | None
    used: int = 0


class Unfolded:
    """Runs the lines of a folded network, and keeps what each stands for."""

    def __init__(self, folded: Folded) -> None:
        self.folded = folded
        self.network: Network = folded.network
        self._order = {place: node for node, place in folded.looks.order.items()}
        self._place = 0
        #: The runs of each item, by its identity, and the uses of each block.
        self.runs: dict[int, list[LineRun]] = {}
        self.instances: dict[int, list[BlockInstance]] = {MAIN: [BlockInstance({}, None)]}
        inputs = self.network.inputs
        self._run(folded.series, MAIN, 0, (), inputs[0].position if len(inputs) == 1 else None)

    def nodes(self, item: Item) -> list[Node]:
        """The layers that an item stands for."""
        return [self.network.nodes[run.node] for run in self.runs[id(item)]]

    def _run(
        self, series: Series, scope: int, instance: int, rounds: tuple[int, ...], running: int | None
    ) -> int | None:
        """Runs a series; the tensor that it gives."""
        for item in series:
            entering = running
            if isinstance(item, Start):
                running = item.tensor
                continue
            if isinstance(item, Chapter):
                end = self._run(item.series, scope, instance, rounds, running)
                running = running if item.head else end
                continue
            used = 0
            if isinstance(item, Join):
                for path in item.paths:
                    self._run(path, scope, instance, rounds, entering)
            if isinstance(item, Rounds):
                for number in range(self._times(item, scope, instance)):
                    running = self._run(item.series, scope, instance, (*rounds, number), running)
            elif isinstance(item, BlockUse):
                used, running = self._use(item, scope, instance, running)
            else:
                self._place += 1
                running = self._order[self._place]
            run = LineRun(instance, rounds, -1 if running is None else running, entering, used)
            self.runs.setdefault(id(item), []).append(run)
        return running

    def _times(self, item: Rounds, scope: int, instance: int) -> int:
        text = self.folded.texts.get((item.node, "times"))
        return item.times if text is None else int(self._value(text, scope, instance))

    def _value(self, text: str, scope: int, instance: int) -> Any:
        """The value of a parameter where its text is one; else it is not needed."""
        return self.instances[scope][instance].values.get(text)

    def _use(self, item: BlockUse, scope: int, instance: int, running: int | None) -> tuple[int, int | None]:
        """Runs a block once more: the number of its use, and the tensor that it gives."""
        block = self.folded.blocks[item.block]
        values: dict[str, Any] = {}
        for place, (parameter, value) in enumerate(zip(block.parameters, item.values, strict=True)):
            text = self.folded.texts.get((item.key, str(place)))
            values[parameter.name] = value if text is None else self._value(text, scope, instance)
        instances = self.instances.setdefault(block.number, [])
        number = len(instances)
        instances.append(BlockInstance(values, running))
        return number, self._run(block.series, block.number, number, (), running)

    def column(self, block: RepeatedBlock, parameter: BlockParameter) -> list[Any]:
        """The values of a parameter in all uses of a block: of the layer that it is a value of."""
        for item, name in self._sites(block.series, parameter.slot):
            runs = self.runs[id(item)]
            found: dict[int, Any] = {}
            if isinstance(item, BlockUse):
                inner = self.folded.blocks[item.block]
                values = self.column(inner, inner.parameters[int(name)])
                for run in runs:
                    found.setdefault(run.instance, values[run.used])
            else:
                for run in runs:
                    found.setdefault(run.instance, value_of(self.network.nodes[run.node], name))
            return [found.get(number) for number in range(len(self.instances[block.number]))]
        return [instance.values.get(parameter.name) for instance in self.instances[block.number]]

    def _sites(self, series: Series, slot: Slot) -> list[tuple[Item, str]]:
        """The item whose value a slot is, of a series and what is in it."""
        for item in everything(series):
            key = item.key if isinstance(item, BlockUse) else item.node if isinstance(item, Cell | Join) else None
            if key == slot.node:
                return [(item, slot.name)]
        return []


def value_of(node: Node, name: str) -> Any:
    """The value of an argument of a layer; of ``kind`` what it is."""
    if name == "kind":
        return node.kind
    value = getattr(node.layer, name, None)
    return getattr(node.layer, "kernel", None) if name == "stride" and value is None else value
