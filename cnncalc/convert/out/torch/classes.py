"""A class of a network, or of a block: what its constructor makes, and what `forward` runs."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from ..items import BlockUse, Cell, Chapter, Item, Join, Series, Start, end, everything
from ..sayable import Refusals, owner
from .calls import Extracting, is_module, operands
from .concrete import MAIN, Unfolded
from .layout import CodePiece, call, listed, shown
from .modules import ModuleTexts
from .names import Attributes, attribute, snake, variable

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
        self.modules = ModuleTexts(unfolded, number, made, labels, refusals)
        self.scope = self.modules.scope
        self.instances = unfolded.instances[number]
        self.attributes = Attributes()
        #: What the constructor makes, what `forward` runs, and the tensors that enter and leave.
        self.parts: list[tuple[str, CodePiece]] = []
        self.statements: list[tuple[str, CodePiece]] = []
        self.inputs: list[str] = []
        self.outputs: list[str] = []
        self.variables: dict[int, str] = {}
        #: The modules of a class that is a sequence of them.
        self.sequence: list[CodePiece] | None = None
        #: The attributes that layers which share weights have in common.
        self._shared: dict[tuple[int, str, int], str] = {}
        self._unpooled = {
            node.inputs[1] for node in unfolded.network.nodes if node.kind == "unpool" and len(node.inputs) > 1
        }

    # --- modules --------------------------------------------------------------------------------------

    def _attribute(self, wanted: str, made: CodePiece) -> str:
        name = self.attributes.take(wanted)
        self.parts.append((name, made))
        return f"self.{name}"

    def _group(self, items: Series, wanted: str) -> str:
        """The attribute that plain items are: what it is called where it runs."""
        made = self.modules.of(items)
        starred = made[0].flat.startswith("*")
        if len(made) == 1 and not starred:
            return self._attribute(wanted or self._called(items[0], made[0]), made[0])
        return self._attribute(wanted or "layers", call("nn.Sequential", made))

    def _called(self, item: Item, made: CodePiece) -> str:
        return attribute(made.flat.partition("(")[0])

    # --- what runs ------------------------------------------------------------------------------------

    def run(self, series: Series, running: str, depth: int, wanted: str = "") -> str:
        """The statements of a series on the tensor `running`; the variable of what it gives."""
        target = _VARIABLES[depth % len(_VARIABLES)]
        place = 0
        while place < len(series):
            item = series[place]
            stop = place
            while stop < len(series) and self.modules.plain(series[stop]):
                stop += 1
            if stop > place:
                stop = self._cut(series, place, stop)
                name = self._group(series[place:stop], wanted or self._wanted(series, place, stop, depth))
                running = self._assign(target, CodePiece(f"{name}({running})"))
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

    def _assign(self, target: str, made: CodePiece) -> str:
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
            made = self._attribute(snake(self.made[item.block].name), self.modules.module(item))
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
        whole = all(map(self.modules.plain, item.series))
        found = self.run(item.series, running, depth + item.head, item.name if whole else "")
        if not item.head:
            return found
        node = end(item.series)
        name = variable(item.name)
        if self.statements and self.statements[-1][0] == found:
            self.statements[-1] = (name, self.statements[-1][1])
        else:
            self._assign(name, CodePiece(found))
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
        tree = self.modules.tree(item)
        if item.node in self._unpooled:
            return self._indexed(item, tree, running, target)
        if node.kind == "unpool" and len(names) > 1:
            names = [names[0], f"{names[1]}_indices"]
        made = self._expression(tree, names, item)
        if node.layer is not None and node.layer.source:
            sizes = ", ".join(["-1"] * len(node.output or ()))
            made = CodePiece(f"{made.flat}.expand({self.inputs[0]}.shape[0], {sizes})")
        return self._assign(target, made)

    def _in_order(self, inputs: Sequence[int], running: str, named: list[str], item: Cell) -> list[str]:
        return [running, *named]

    def _results(self, item: Cell, running: str) -> str:
        """A layer with several results: a variable each."""
        network = self.unfolded.network
        first = network.nodes[item.node]
        names = [self.names[node.position] for node in network.results(first)]
        for result, name in zip(network.results(first), names, strict=True):
            self.variables[result.position] = name
        self._assign(", ".join(names), self._expression(self.modules.tree(item), [running], item))
        return names[0]

    def _indexed(self, item: Cell, tree: ast.expr, running: str, target: str) -> str:
        """A pool whose indices are wanted, too."""
        assert isinstance(tree, ast.Call)
        asked = ast.keyword("return_indices", ast.Constant(True))
        made = ast.Call(tree.func, tree.args, [*tree.keywords, asked])
        name = self._attribute("pool", CodePiece(shown(made)))
        self._assign(f"{target}, {target}_indices", CodePiece(f"{name}({running})"))
        return target

    def _expression(self, tree: ast.expr, names: list[str], item: Cell | Join) -> CodePiece:
        """A call with its operands, what it makes as attributes."""
        node = self.unfolded.network.nodes[item.node]

        seen: list[str] = []

        def attribute_of(func: str, made: ast.Call) -> str:
            place = (owner(self.unfolded.network, node).position, func, len(seen))
            seen.append(func)
            if place in self._shared:
                return self._shared[place]
            wanted = _parameter(self.names.get(item.node, ""), made) if func == "nn.Parameter" else attribute(_of(made))
            found = self._attribute(wanted, CodePiece(shown(made)))
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
            if path and all(map(self.modules.plain, path)):
                names.append(f"{self._group(path, wanted)}({running})")
            else:
                names.append(self._path(path, running, depth))
        return self._assign(target, self._expression(self.modules.tree(item), names, item))

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
            fresh = self._fresh(own)
            self.statements[-1] = (fresh, self.statements[-1][1])
            return fresh
        return found

    def _fresh(self, own: str) -> str:
        """A variable with a number behind it, which no tensor has."""
        targets = [target for target, _ in self.statements]
        number = sum(target.startswith(own) and target != own for target in targets) + 1
        used = {*targets, *self.inputs, *self.names.values(), *self.variables.values()}
        while f"{own}{number}" in used:
            number += 1
        return f"{own}{number}"

    def _path_name(self, item: Join, place: int, filled: Sequence[int]) -> str:
        kind = self.unfolded.network.nodes[item.node].kind
        if kind == "mul" and len(filled) == 1:
            return "gate"
        if len(filled) == 1:
            return "body"
        if kind == "add" and len(filled) == 2:
            longest = max(filled, key=lambda one: self._layers(item.paths[one]))
            return "body" if place == longest else "shortcut"
        return "branch"

    def _layers(self, series: Series) -> int:
        """How many layers and merges a series is, those of its blocks too."""
        blocks = self.unfolded.folded.blocks
        return sum(self._layers(blocks[item.block].series) if isinstance(item, BlockUse) else 1
                   for item in everything(series))  # fmt: skip


def _parameter(name: str, made: ast.Call) -> str:
    """What a parameter is called: as its tensor; a constant, which starts at 0, is a bias."""
    return name if name not in ("x", "") else "bias" if "zeros" in shown(made) else "weight"


def _of(made: ast.Call) -> str:
    """The class that a call makes one of, in a helper's call that of its argument."""
    inner = made.args[0] if made.args else None
    return shown(inner.func if isinstance(inner, ast.Call) else made.func)


def _split_list(tree: ast.expr) -> CodePiece:
    """An expression; a call of a list with the list's parts, so that it can stand in several lines."""
    if isinstance(tree, ast.Call) and tree.args and isinstance(tree.args[0], ast.List):
        parts = listed([shown(elt) for elt in tree.args[0].elts])
        rest = [shown(arg) for arg in tree.args[1:]] + [
            f"{keyword.arg}={shown(keyword.value)}" for keyword in tree.keywords
        ]
        return call(shown(tree.func), [parts, *rest])
    return CodePiece(shown(tree))
