"""What the class of a tree of modules runs: the calls of its modules, and layers of its own."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from itertools import count
from math import prod
from typing import Any

from ..sayable import owner
from .calls import Extracting, is_module, operands
from .columns import ClassScope, Unlike
from .layout import CodePiece, call, listed, shown
from .names import Attributes, attribute, variable
from .templates import unified
from .tree import SEQUENTIAL, Leaf, TreeModule, TreeStep, own_code
from .tree_class import TreeClass, TreeParts

#: What a tensor is called that waits while another runs on.
_WAITING = ("out", "y", "z", "u", "v", "w")
#: Modules that give more than a tensor.
_RECURRENT = ("LSTM(", "GRU(", "RNN(")
#: Modules that are called where they are made, as functions.
_FUNCTIONS = {
    "nn.Flatten()": "torch.flatten(x, 1)", "nn.ReLU()": "torch.relu(x)", "nn.Sigmoid()": "torch.sigmoid(x)",
    "nn.Tanh()": "torch.tanh(x)",
}  # fmt: skip
#: What arguments mostly are.
_USUAL: dict[str, Any] = {"stride": 1, "dilation": 1, "groups": 1, "padding": 0}


class TreeWriter:
    """Writes a class; `classes` are those of the modules in it by path."""

    def __init__(self, made: TreeClass, classes: Mapping[str, TreeClass]) -> None:
        self.made = made
        self.network = made.network
        made.scope = ClassScope(len(made.uses))
        made.numbers = {use.path: number for number, use in enumerate(made.uses)}
        self.scope = made.scope
        self._parts = TreeParts(made, classes)
        self._parameters: set[str] = set()
        #: The attributes that layers of this class have, by the owner of their weights and their place in its call.
        self._shared: dict[tuple[int, int], str] = {}
        self._names = Attributes()

    def write(self) -> None:
        """The lines of the class. Raises Unlike."""
        made = self.made
        channels = [self._channels(use) for use in made.uses]
        if made.first.path and None not in channels:
            self.scope.add("in_channels", channels)
        uses, children = made.uses, made.first.children
        order = sorted(children, key=lambda key: any(key not in use.children for use in uses))
        found = {key: self._parts.part(key) for key in order}  # last what some lack: of arguments that there are
        parts = [(key, *found[key]) for key in made.first.children]
        if made.first.base != SEQUENTIAL:
            self._forward()
        names = self._names.names([key for key, _, _ in parts])
        own = [(names.get(name, name), piece, "") for name, piece, _ in made.parts]
        learned = [one for one in own if one[1].flat.startswith("nn.Parameter(")]
        made.parts = [*learned, *self._parts.listed(parts), *(one for one in own if one not in learned)]
        made.statements = [(target, piece.renamed(names), flag) for target, piece, flag in made.statements]
        self.scope.arguments = [one for one in self.scope.arguments if one.used]
        for argument in self.scope.arguments:
            there = [value for value in argument.values if value is not None]
            argument.values = [there[0] if value is None and there else value for value in argument.values]
            usual = _USUAL.get(argument.name)
            if usual is not None and 2 * sum(value == usual for value in argument.values) >= len(argument.values):
                argument.default = usual

    def _channels(self, module: TreeModule) -> int | None:
        shape = self.network.nodes[module.inputs[0]].output if module.inputs else None
        return shape[0] if shape else None

    # --- what runs ------------------------------------------------------------------------------------

    def _forward(self) -> None:
        made, module = self.made, self.made.first
        if len(module.outputs) < 1:
            raise Unlike("output")
        given = ["x"] if len(module.inputs) == 1 else self._given(module)
        made.inputs = given
        last = {tensor: number for number, step in enumerate(module.steps) for tensor in step.inputs}
        last |= dict.fromkeys(module.outputs, len(module.steps))
        names = dict(zip(module.inputs, given, strict=True))
        for number, step in enumerate(module.steps):
            targets = self._targets(step, number, names, last)
            flag = self._flag(number, step)
            piece = self._call(step, [names[one] for one in step.inputs])
            if flag and names.get(max(step.inputs)) != targets[0]:
                raise Unlike("optional")
            if piece is None:
                names[step.outputs[0]] = names[step.inputs[0]]
                continue
            names.update(zip(step.outputs, targets, strict=True))
            made.statements.append((", ".join(targets), piece, flag))
        if not names.keys() >= set(module.outputs):
            raise Unlike("output")  # an input of the network, which no module of it runs
        made.outputs = [names[output] for output in module.outputs]

    def _given(self, module: TreeModule) -> list[str]:
        if not module.path:
            names = [variable(self.network.nodes[one].name) for one in module.inputs]
            if all(name.isidentifier() for name in names) and len(set(names)) == len(names):
                return names
        if len(module.inputs) > 6:
            raise Unlike("inputs")
        return [f"x{number}" for number in range(1, len(module.inputs) + 1)]

    def _targets(self, step: TreeStep, number: int, names: Mapping[int, str], last: Mapping[int, int]) -> list[str]:
        """What the results of a step are called: as what ends with it, else as its module, or what waits."""
        free = [names[one] for one in step.inputs if last[one] == number]
        live = {name for tensor, name in names.items() if last.get(tensor, -1) > number}
        free = [name for name in free if name not in live]
        wanted = sorted(free, key=lambda name: name not in ("x", *_WAITING)) if len(step.outputs) == 1 else []
        if number in self.made.lacking and step.key is None:
            wanted = [names[max(step.inputs)]]
        steps, child = self.made.first.steps, self.made.first.children.get(step.key or "")
        waits = number + 1 < len(steps) and not set(step.outputs) & set(steps[number + 1].inputs)
        if waits and isinstance(child, TreeModule) and str(step.key).isidentifier():
            wanted.append(variable(str(step.key)))
        found: list[str] = []
        pool = [*wanted, *_WAITING, *(f"x{count}" for count in range(1, 200))]
        for _ in step.outputs:
            found.append(next(name for name in pool if name not in live and name not in found))
        return found

    def _flag(self, number: int, step: TreeStep) -> str:
        """The attribute that says whether a step of the module itself runs."""
        lacking = self.made.lacking.get(number)
        if lacking is None or step.key is not None:
            return ""
        values = [use not in lacking for use in range(len(self.made.uses))]
        kind = {"add": "residual", "mul": "gated"}.get(step.node.kind, step.node.kind)
        argument = self.scope.add(variable(kind), values, False)
        argument.used = True
        self.made.parts.append((argument.name, CodePiece(argument.name), ""))
        return f"self.{argument.name}"

    def _call(self, step: TreeStep, given: Sequence[str]) -> CodePiece | None:
        """What a step runs; None of one that does nothing."""
        if step.key is not None:
            name = self._attribute(step.key)
            child = self.made.first.children[step.key]
            if isinstance(child, TreeModule):
                return call(name, given)
            return self._leaf(step, name, given)
        uses = [number for number in range(len(self.made.uses)) if number not in self._lacks(step)]
        nodes = [self._same_step(number, step).node for number in uses]
        codes = [own_code(self.network, node) for node in nodes]
        if set(codes) == {"nn.Identity()(x)"} or set(codes) == {"nn.Identity()"}:
            return None
        tree = unified(codes, lambda values, name: self.scope.text(values, uses, [None] * len(uses), name))
        if step.node.layer is not None and step.node.layer.source:
            raise Unlike("source")
        return self._expression(tree, list(given), codes[0], owner(self.network, step.node).position)

    def _lacks(self, step: TreeStep) -> set[int]:
        return self.made.lacking.get(self.made.first.steps.index(step), set())

    def _same_step(self, number: int, step: TreeStep) -> TreeStep:
        """The step of another use."""
        place = self.made.first.steps.index(step)
        before = sum(number in lacking for at, lacking in self.made.lacking.items() if at < place)
        return self.made.uses[number].steps[place - before]

    def _attribute(self, key: str) -> str:
        first, *rest = key.split(".")
        if first.isdecimal():
            return f"self[{first}]"
        if not first.isidentifier() or not all(one.isdecimal() for one in rest):
            raise Unlike("name")
        return f"self.{first}" + "".join(f"[{one}]" for one in rest)

    def _leaf(self, step: TreeStep, name: str, given: Sequence[str]) -> CodePiece:
        """The call of a module of torch.nn."""
        child = self.made.first.children[step.key or ""]
        single = len(given) == len(step.outputs) == 1
        if isinstance(child, Leaf) and single and "return_indices=True" in child.made:
            return CodePiece(f"{call(name, given).flat}[0]")
        if isinstance(child, Leaf) and child.made and single and not child.made.startswith(_RECURRENT):
            return call(name, given)
        if isinstance(child, Leaf) and child.made.startswith("MultiheadAttention("):
            if "batch_first=True" not in child.made or len(given) != 3:
                raise Unlike("attention")
            return CodePiece(f"{call(name, [*given, 'need_weights=False']).flat}[0]")
        if isinstance(child, Leaf) and child.made.startswith(_RECURRENT):
            if "batch_first=True" not in child.made or len(given) != 1 or len(step.outputs) > 1:
                raise Unlike("recurrent")
            return CodePiece(f"{name}({given[0]})[0]")
        tree = ast.parse(own_code(self.network, step.node), mode="eval").body
        if is_module(tree):
            return call(name, given[:1])
        made = Extracting(lambda _, __: name, operands(list(given))).visit(tree)
        return CodePiece(shown(made))

    def _expression(self, tree: ast.expr, given: list[str], code: str, owned: int) -> CodePiece:
        """A layer of the module itself: what it makes are attributes, parameters those that the module has."""
        counts = _parameter_sizes(code)
        places = count()

        def attribute_of(func: str, made: ast.Call) -> str:
            size = counts.pop(0) if func == "nn.Parameter" else 0
            place = (owned, next(places))
            if place not in self._shared:
                name = self._parameter(size) if func == "nn.Parameter" else self._names.take(attribute(func))
                self.made.parts.append((name, CodePiece(shown(made)), ""))
                self._shared[place] = f"self.{name}"
            return self._shared[place]

        named = {argument.name: f"self.{argument.name}" for argument in self.scope.arguments} | operands(given)
        plain = _FUNCTIONS.get(shown(tree))
        tree = ast.parse(plain or shown(tree), mode="eval").body
        if is_module(tree):
            return call(attribute_of(shown(tree.func), tree), given[:1])  # type: ignore[attr-defined, arg-type]
        made = Extracting(attribute_of, named).visit(tree)
        self._keep([one.attr for one in ast.walk(made) if isinstance(one, ast.Attribute)])
        if isinstance(made, ast.Call) and made.args and isinstance(made.args[0], ast.List):
            rest = [shown(arg) for arg in made.args[1:]] + [
                f"{keyword.arg}={shown(keyword.value)}" for keyword in made.keywords
            ]
            return call(shown(made.func), [listed([shown(elt) for elt in made.args[0].elts]), *rest])
        return CodePiece(shown(made))

    def _keep(self, names: Sequence[str]) -> None:
        """Keeps the arguments of the class that are used where it runs."""
        kept = {name for name, _, _ in self.made.parts}
        for argument in self.scope.arguments:
            if argument.name in names and argument.name not in kept:
                self.made.parts.append((argument.name, CodePiece(argument.name), ""))

    def _parameter(self, count: int) -> str:
        """The name of a parameter: that of the module which is as large. Raises Unlike."""
        for name, shape in self.network.modules[self.made.first.path].parameters:
            if name not in self._parameters and prod(shape) == count:
                self._parameters.add(name)
                return name
        raise Unlike("parameter")


def _parameter_sizes(code: str) -> list[int]:
    """The numbers that each parameter has that a call makes."""
    calls = [one for one in ast.walk(ast.parse(code)) if isinstance(one, ast.Call)]
    found = [one for one in calls if shown(one.func) == "nn.Parameter"]
    return [prod(one.value for one in ast.walk(made) if isinstance(one, ast.Constant) and type(one.value) is int)
            for made in found]  # fmt: skip
