"""A class of a network, or of a block: what its constructor makes, and what `forward` runs."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from ....network import Node
from ..items import BlockUse, Cell, Chapter, Item, Join, Rounds, Series, Start, end, everything
from ..sayable import Refusals, Unsayable, owner
from .calls import Extracting, code_of, is_module, operands
from .columns import Scope
from .concrete import MAIN, Occurrence, Unfolded
from .layout import Piece, call, listed, shown
from .names import Attributes, attribute, snake, variable
from .templates import unified

#: The names of a path's variable, by how deep it is.
_VARIABLES = ("x", "y", "z", "u", "v", "w")


class ClassText:
    """Gathers the lines of a class. `made` are the classes of blocks by number, `labels` names of tensors."""

    def __init__(
        self, unfolded: Unfolded, name: str, number: int, made: Mapping[int, ClassText], labels: Mapping[int, str],
        names: Mapping[int, str], refusals: Refusals,
    ) -> None:  # fmt: skip
        self.unfolded = unfolded
        self.name = name
        self.number = number
        self.made = made
        self.labels = labels
        self.names = names
        self.refusals = refusals
        self.instances = unfolded.instances[number]
        self.scope = Scope(len(self.instances))
        self.attributes = Attributes()
        self.parts: list[tuple[str, Piece]] = []
        self.statements: list[tuple[str, Piece]] = []
        self.inputs: list[str] = []
        self.outputs: list[str] = []
        self.variables: dict[int, str] = {}
        self.sequence: list[Piece] | None = None
        #: The attributes that layers which share weights have in common.
        self._shared: dict[tuple[int, str, int], str] = {}
        self._owners = {node.owner for node in unfolded.network.nodes if node.owner is not None}
        self._unpooled = {
            node.inputs[1] for node in unfolded.network.nodes if node.kind == "unpool" and len(node.inputs) > 1
        }

    # --- values ---------------------------------------------------------------------------------------

    def _text(self, runs: Sequence[Occurrence], values: Sequence[Any], name: str) -> str:
        """What gives the values of the runs of a line."""
        uses = [run.instance for run in runs]
        return self.scope.text(values, uses, [run.rounds[-1] if run.rounds else None for run in runs], name)

    def arguments(self, use: BlockUse) -> list[str]:
        """The arguments with which the class of a block is made."""
        cls, runs = self.made[use.block], self.unfolded.runs[id(use)]
        positional, keyed = [], []
        for one in cls.scope.arguments:
            values = [one.values[run.used] for run in runs]
            text = self._text(runs, values, one.name)
            if one.default is None:
                positional.append(text)
            elif text != str(one.default):
                keyed.append(f"{one.name}={text}")
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

    # --- modules --------------------------------------------------------------------------------------

    def plain(self, item: Item) -> bool:
        """Whether an item is a module of one tensor, whatever else there is."""
        if isinstance(item, Cell):
            node = self.unfolded.network.nodes[item.node]
            named = item.node in self.labels or item.node in self._owners or node.owner is not None
            return not item.others and not item.alone and not named and is_module(self.tree(item))
        if isinstance(item, BlockUse):
            return not item.tensors and item.node not in self.labels
        return isinstance(item, Rounds) and all(map(self.plain, item.series))

    def module(self, item: Item) -> Piece:
        """What makes a module of an item that is plain."""
        if isinstance(item, Cell):
            return Piece(shown(self.tree(item)))
        if isinstance(item, BlockUse):
            return call(self.made[item.block].name, self.arguments(item))
        assert isinstance(item, Rounds)
        inside = self.modules(item.series)
        body = inside[0] if len(inside) == 1 else call("nn.Sequential", inside)
        times = self._times(item)
        each = f"for {'i' if _grows(body.flat) else '_'} in range({times})"
        return Piece("*", (body,), each=each)

    def _times(self, item: Rounds) -> str:
        runs = self.unfolded.runs[id(item)]
        text = self.unfolded.folded.texts.get((item.node, "times"))
        if text is None:
            return str(item.times)
        values = [self.instances[run.instance].values.get(text) for run in runs]
        return self._text(runs, values, text)

    def modules(self, series: Series) -> list[Piece]:
        """Those of a series of plain items."""
        return [self.module(item) for item in series]

    def _attribute(self, wanted: str, made: Piece) -> str:
        name = self.attributes.take(wanted)
        self.parts.append((name, made))
        return f"self.{name}"

    def _group(self, items: Series, wanted: str) -> str:
        """The attribute that plain items are: what it is called where it runs."""
        made = self.modules(items)
        starred = made[0].flat.startswith("*")
        if len(made) == 1 and not starred:
            return self._attribute(wanted or self._called(items[0], made[0]), made[0])
        return self._attribute(wanted or "layers", call("nn.Sequential", made))

    def _called(self, item: Item, made: Piece) -> str:
        return attribute(made.flat.partition("(")[0])

    # --- what runs ------------------------------------------------------------------------------------

    def run(self, series: Series, running: str, depth: int, wanted: str = "") -> str:
        """The statements of a series on the tensor `running`; the variable of what it gives."""
        target = _VARIABLES[depth % len(_VARIABLES)]
        place = 0
        while place < len(series):
            item = series[place]
            stop = place
            while stop < len(series) and self.plain(series[stop]):
                stop += 1
            if stop > place:
                stop = self._cut(series, place, stop)
                name = self._group(series[place:stop], wanted or self._wanted(series, place, stop, depth))
                running = self._assign(target, Piece(f"{name}({running})"))
                place = stop
                continue
            running = self._item(item, running, target, depth)
            place += 1
        return running

    def _cut(self, series: Series, place: int, stop: int) -> int:
        """Where a group ends: before what classifies, if that is not all."""
        if self.number != MAIN:
            return stop
        for cut in range(place + 1, stop):
            item = series[cut]
            if isinstance(item, Cell) and self.unfolded.network.nodes[item.node].kind == "flatten":
                return cut if cut - place > 1 else stop
        return stop

    def _wanted(self, series: Series, place: int, stop: int, depth: int) -> str:
        """A name for some modules in a row; empty for one alone."""
        if stop - place == 1:
            return ""
        kinds = [self.unfolded.network.nodes[item.node].kind for item in series[place:stop] if isinstance(item, Cell)]
        if self.number == MAIN and depth == 0:
            if "fc" in kinds and stop == len(series):
                return "classifier"
            return "stem" if place == 0 and stop < len(series) and stop - place < 8 else "features"
        return "layers"

    def _assign(self, target: str, made: Piece) -> str:
        self.statements.append((target, made))
        return target

    def _item(self, item: Item, running: str, target: str, depth: int) -> str:
        """The statements of an item that is no module alone."""
        if isinstance(item, Start):
            return self.variables.get(item.tensor) or self.names.get(item.tensor, "x")
        if isinstance(item, Chapter):
            return self._chapter(item, running, depth)
        label = self.names.get(item.node)
        target = label if label is not None else target
        if isinstance(item, Join):
            running = self._join(item, running, target, depth)
        elif isinstance(item, BlockUse):
            given = [self.variables.get(tensor) or self.names[tensor] for tensor in item.tensors]
            made = self._attribute(snake(self.made[item.block].name), self.module(item))
            running = self._assign(target, call(made, [running, *given]))
        elif isinstance(item, Cell):
            running = self._cell(item, running, target)
        else:
            raise AssertionError("rounds of what is no module are a block")
        if label is not None:
            self.variables[item.node] = running
        return running

    def _chapter(self, item: Chapter, running: str, depth: int) -> str:
        if item.head and item.train:
            return running
        whole = all(map(self.plain, item.series))
        found = self.run(item.series, running, depth + item.head, item.name if whole else "")
        if not item.head:
            return found
        node = end(item.series)
        name = variable(item.name)
        if self.statements and self.statements[-1][0] == found:
            self.statements[-1] = (name, self.statements[-1][1])
        else:
            self._assign(name, Piece(found))
        self.variables[-1 if node is None else node] = name
        return running

    def _cell(self, item: Cell, running: str, target: str) -> str:
        """A layer that is no module alone: it takes several tensors, or is an expression."""
        network = self.unfolded.network
        node = network.nodes[item.node]
        named = [self.variables.get(tensor) or self.names[tensor] for tensor in item.others]
        names = named if item.alone else self._in_order(node.inputs, running, named, item)
        if node.layer is not None and node.layer.several:
            return self._results(item, running)
        tree = self.tree(item)
        if item.node in self._unpooled:
            return self._indexed(item, tree, running, target)
        if node.kind == "unpool":
            names = [names[0], f"{names[1]}_indices"]
        made = self._expression(tree, names, item)
        if node.layer is not None and node.layer.source:
            sizes = ", ".join(["-1"] * len(node.output or ()))
            made = Piece(f"{made.flat}.expand({self.inputs[0]}.shape[0], {sizes})")
        return self._assign(target, made)

    def _in_order(self, inputs: Sequence[int], running: str, named: list[str], item: Cell) -> list[str]:
        return [running, *named]

    def _results(self, item: Cell, running: str) -> str:
        """A layer with several results: a variable each."""
        network = self.unfolded.network
        first = network.nodes[item.node]
        names = [self.names[one.position] for one in network.results(first)]
        for one, name in zip(network.results(first), names, strict=True):
            self.variables[one.position] = name
        self._assign(", ".join(names), self._expression(self.tree(item), [running], item))
        return names[0]

    def _indexed(self, item: Cell, tree: ast.expr, running: str, target: str) -> str:
        """A pool whose indices are wanted, too."""
        assert isinstance(tree, ast.Call)
        asked = ast.keyword("return_indices", ast.Constant(True))
        made = ast.Call(tree.func, tree.args, [*tree.keywords, asked])
        name = self._attribute("pool", Piece(shown(made)))
        self._assign(f"{target}, {target}_indices", Piece(f"{name}({running})"))
        return target

    def _expression(self, tree: ast.expr, names: list[str], item: Cell | Join) -> Piece:
        """A call with its operands, what it makes as attributes."""
        node = self.unfolded.network.nodes[item.node]

        seen: list[str] = []

        def attribute_of(func: str, made: ast.Call) -> str:
            place = (owner(self.unfolded.network, node).position, func, len(seen))
            seen.append(func)
            if place in self._shared:
                return self._shared[place]
            wanted = attribute(func) if func != "nn.Parameter" else _parameter(self.names.get(item.node, "weight"))
            found = self._attribute(wanted, Piece(shown(made)))
            self._shared[place] = found
            return found

        given = operands(names)
        if node.kind == "unpool" and len(names) > 1:
            given["indices"] = names[1]
        given |= {f"a{number}": name for number, name in enumerate(names)}
        if is_module(tree):
            return call(attribute_of(shown(tree.func), tree), names[:1])  # type: ignore[attr-defined, arg-type]
        made = Extracting(attribute_of, given).visit(ast.parse(shown(tree), mode="eval").body)
        return _split_list(made)

    def _join(self, item: Join, running: str, target: str, depth: int) -> str:
        """A merge over paths."""
        names = []
        filled = [place for place, path in enumerate(item.paths) if path]
        for place, path in enumerate(item.paths):
            wanted = self._path_name(item, place, filled)
            if path and all(map(self.plain, path)):
                names.append(f"{self._group(path, wanted)}({running})")
            else:
                names.append(self._path(path, running, depth))
        return self._assign(target, self._expression(self.tree(item), names, item))

    def _path(self, path: Series, running: str, depth: int) -> str:
        """A path that is more than a module."""
        if len(path) == 1 and isinstance(path[0], Start):
            return self._item(path[0], running, "", depth)
        if not path:
            return running
        count = len(self.statements)
        found = self.run(path, running, depth + 1)
        own = _VARIABLES[(depth + 1) % len(_VARIABLES)]
        if len(self.statements) > count and found == own:
            fresh = f"{own}{sum(target.startswith(own) and target != own for target, _ in self.statements) + 1}"
            self.statements[-1] = (fresh, self.statements[-1][1])
            return fresh
        return found

    def _path_name(self, item: Join, place: int, filled: Sequence[int]) -> str:
        kind = self.unfolded.network.nodes[item.node].kind
        if kind == "mul" and len(filled) == 1:
            return "gate"
        if len(filled) == 1:
            return "body"
        if kind == "add" and len(filled) == 2:
            longest = max(filled, key=lambda one: len(list(everything(item.paths[one]))))
            return "body" if place == longest else "shortcut"
        return "branch"


def _operands(item: Cell, node: Node) -> int | None:
    """The tensors that a merge by names joins; None for what is no merge."""
    if node.layer is None or not node.layer.merges:
        return None
    return len(item.others) + (not item.alone)


def _parameter(name: str) -> str:
    return "weight" if name in ("x", "") else name


def _grows(text: str) -> bool:
    """Whether a text depends on the number of a round."""
    return any(
        isinstance(one, ast.Name) and one.id == "i" for one in ast.walk(ast.parse(text.lstrip("*"), mode="eval"))
    )


def _split_list(tree: ast.expr) -> Piece:
    """An expression; a call of a list with the list's parts, so that it can stand in several lines."""
    if isinstance(tree, ast.Call) and tree.args and isinstance(tree.args[0], ast.List):
        parts = listed([shown(one) for one in tree.args[0].elts])
        rest = [shown(one) for one in tree.args[1:]] + [f"{one.arg}={shown(one.value)}" for one in tree.keywords]
        return call(shown(tree.func), [parts, *rest])
    return Piece(shown(tree))
