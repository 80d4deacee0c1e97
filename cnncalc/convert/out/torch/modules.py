"""What makes the modules of a class: calls whose values may be its arguments."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ....network import Node
from ..items import BlockUse, Cell, Item, Join, Rounds, Series
from ..sayable import Refusals, Unsayable
from .calls import code_of, is_module
from .columns import ClassScope
from .concrete import LineRun, Unfolded
from .layout import CodePiece, call, shown
from .templates import unified

if TYPE_CHECKING:
    from .classes import ClassText


class ModuleTexts:
    """Writes what makes the modules of one class. `made` are the classes of blocks, `labels` names of tensors."""

    def __init__(
        self, unfolded: Unfolded, number: int, made: Mapping[int, ClassText], labels: Mapping[int, str],
        refusals: Refusals,
    ) -> None:  # fmt: skip
        self.unfolded = unfolded
        self.made = made
        self.labels = labels
        self.refusals = refusals
        self.instances = unfolded.instances[number]
        self.scope = ClassScope(len(self.instances))
        self._owners = {node.owner for node in unfolded.network.nodes if node.owner is not None}

    def _text(self, runs: Sequence[LineRun], values: Sequence[Any], name: str) -> str:
        """What gives the values of the runs of a line."""
        uses = [run.instance for run in runs]
        return self.scope.text(values, uses, [run.rounds[-1] if run.rounds else None for run in runs], name)

    def arguments(self, use: BlockUse) -> list[str]:
        """The arguments with which the class of a block is made."""
        cls, runs = self.made[use.block], self.unfolded.runs[id(use)]
        positional, keyed = [], []
        for argument in cls.scope.arguments:
            values = [argument.values[run.used] for run in runs]
            text = self._text(runs, values, argument.name)
            if argument.default is None:
                positional.append(text)
            elif text != str(argument.default):
                keyed.append(f"{argument.name}={text}")
        return positional + keyed

    def tree(self, item: Cell | Join) -> ast.expr:
        """The call of a layer, of its input `x`, or of a, b, and so on."""
        network = self.unfolded.network
        runs = self.unfolded.runs[id(item)]
        nodes = [network.nodes[run.node] for run in runs]
        try:
            count = len(item.paths) if isinstance(item, Join) else _operands(item, nodes[0])
            codes = [code_of(network, node, count) for node in nodes]
        except Unsayable as error:
            self.refusals.add(nodes[0], error)
            name = getattr(nodes[0].layer, "name", "") or nodes[0].kind
            inputs = (
                ", ".join(f"a{number}" for number in range(len(item.others) + 1)) if isinstance(item, Cell) else "x"
            )
            return ast.parse(f'nn.NotConverted("{name}")({inputs})', mode="eval").body
        return unified(codes, lambda values, name: self._text(runs, values, name))

    def plain(self, item: Item) -> bool:
        """Whether an item is a module of one tensor, whatever else there is."""
        if isinstance(item, Cell):
            node = self.unfolded.network.nodes[item.node]
            named = item.node in self.labels or item.node in self._owners or node.owner is not None
            return not item.others and not item.alone and not named and is_module(self.tree(item))
        if isinstance(item, BlockUse):
            return not item.tensors and item.node not in self.labels
        return isinstance(item, Rounds) and all(map(self.plain, item.series))

    def module(self, item: Item) -> CodePiece:
        """What makes a module of an item that is plain."""
        if isinstance(item, Cell):
            return CodePiece(shown(self.tree(item)))
        if isinstance(item, BlockUse):
            return call(self.made[item.block].name, self.arguments(item))
        assert isinstance(item, Rounds)
        inside = self.of(item.series)
        body = inside[0] if len(inside) == 1 else call("nn.Sequential", inside)
        times = self._times(item)
        each = f"for {'i' if _grows(body.flat) else '_'} in range({times})"
        return CodePiece("*", (body,), each=each)

    def _times(self, item: Rounds) -> str:
        runs = self.unfolded.runs[id(item)]
        text = self.unfolded.folded.texts.get((item.node, "times"))
        if text is None:
            return str(item.times)
        values = [self.instances[run.instance].values.get(text) for run in runs]
        return self._text(runs, values, text)

    def of(self, series: Series) -> list[CodePiece]:
        """Those of a series of plain items."""
        return [self.module(item) for item in series]


def _operands(item: Cell, node: Node) -> int | None:
    """The tensors that a merge by names joins; None for what is no merge."""
    if node.layer is None or not node.layer.merges:
        return None
    return len(item.others) + (not item.alone)


def _grows(text: str) -> bool:
    """Whether a text depends on the number of a round."""
    return any(
        isinstance(one, ast.Name) and one.id == "i" for one in ast.walk(ast.parse(text.lstrip("*"), mode="eval"))
    )
