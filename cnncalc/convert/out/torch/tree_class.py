"""A class of a tree of modules: its uses, and what its constructor makes, of arguments in which the uses differ."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from ....network import Network
from ....records import Record
from .calls import Extracting, is_module
from .columns import ClassScope, Unlike
from .layout import CodePiece, call, listed, shown
from .names import variable
from .templates import unified
from .tree import Leaf, TreeModule, leaf_code

#: Names of arguments that count channels.
_CHANNELS = ("in_channels", "out_channels", "features")


class ModuleUse(Record):
    """A module, or a leaf, as one use of a class has it."""

    number: int
    module: TreeModule | Leaf


class TreeClass:
    """A class: its uses, of which the first has all steps, and of the steps that some lack the uses that lack them."""

    def __init__(self, name: str, network: Network, uses: Sequence[TreeModule]) -> None:
        self.name = name
        self.network = network
        self.uses = list(uses)
        self.lacking: dict[int, set[int]] = {}
        self.scope = ClassScope(0)
        #: Lines of the constructor by attribute, those of `forward`, and what enters.
        self.parts: list[tuple[str, CodePiece, str]] = []
        self.statements: list[tuple[str, CodePiece, str]] = []
        self.inputs: list[str] = []
        self.outputs: list[str] = []
        self.numbers: dict[str, int] = {}

    @property
    def first(self) -> TreeModule:
        """The use that has all steps."""
        return self.uses[0]


class TreeParts:
    """Writes what the constructor of a class makes; `classes` are those of the modules in it by path."""

    def __init__(self, made: TreeClass, classes: Mapping[str, TreeClass]) -> None:
        self.made = made
        self.classes = classes
        self.network = made.network
        self.scope = made.scope

    def part(self, key: str) -> tuple[CodePiece, str]:
        """What makes a child, and the argument that says whether it is there."""
        uses = [
            ModuleUse(number, use.children[key]) for number, use in enumerate(self.made.uses) if key in use.children
        ]
        flag = ""
        if len(uses) < len(self.made.uses):
            has = {use.number for use in uses}
            argument = self.scope.add(variable(key), [number in has for number in range(len(self.made.uses))], False)
            argument.used, flag = True, argument.name
        return self.piece(uses), flag

    def _text(self, uses: Sequence[ModuleUse]) -> Callable[[Sequence[Any], str], str]:
        numbers = [use.number for use in uses]
        if len(uses) < len(self.made.uses):
            return lambda values, name: self._some(values, numbers, name)
        return lambda values, name: self.scope.text(values, numbers, [None] * len(numbers), name)

    def _some(self, values: Sequence[Any], uses: Sequence[int], name: str) -> str:
        """What gives values that not all uses have: an argument that means the same, before a constant."""
        names = _CHANNELS if name in _CHANNELS else (name,)
        for argument in sorted(self.scope.arguments, key=lambda one: one.name != name):
            if argument.name in names and [argument.values[use] for use in uses] == list(values):
                argument.used = True
                return argument.name
        return self.scope.text(values, uses, [None] * len(uses), name)

    def piece(self, uses: Sequence[ModuleUse]) -> CodePiece:
        """What makes a module in all uses. Raises Unlike."""
        first = uses[0].module
        if isinstance(first, Leaf):
            return CodePiece(shown(self._made(uses)))
        if first.inline:
            keys = list(first.children)
            inside = [self.piece(_children(uses, key)) for key in keys]
            if first.numbered or not keys:
                return call("nn.Sequential", folded(inside))
            return call("nn.Sequential", [call("OrderedDict", [ordered(keys, inside)])])
        group = self.classes[first.path]
        text = self._text(uses)
        positional, keyed = [], []
        for argument in group.scope.arguments:
            values = [argument.values[group.numbers[use.module.path]] for use in uses]  # type: ignore[union-attr]
            values = [argument.default if value is None else value for value in values]
            said = text(values, argument.name)
            if argument.default is None:
                positional.append(said)
            elif said != str(argument.default):
                keyed.append(f"{argument.name}={said}")
        return call(group.name, positional + keyed)

    def _made(self, uses: Sequence[ModuleUse]) -> ast.expr:
        """The call that makes a leaf."""
        leaves = [use.module for use in uses if isinstance(use.module, Leaf)]
        codes = [leaf_code(self.network, leaf, leaf.node) for leaf in leaves]
        tree = unified(codes, self._text(uses), len(uses) == len(self.made.uses))
        found: list[ast.Call] = []

        def kept(_: str, made: ast.Call) -> str:
            found.append(made)
            return "x"

        if is_module(tree):
            return tree
        Extracting(kept, {}).visit(ast.parse(shown(tree), mode="eval").body)
        if len(found) != 1 or shown(found[0].func) == "nn.Parameter":
            raise Unlike("leaf")
        return found[0]

    def listed(self, parts: Sequence[tuple[str, CodePiece, str]]) -> list[tuple[str, CodePiece, str]]:
        """Attributes, those of lists put together."""
        found: list[tuple[str, CodePiece, str]] = []
        for name, run in groupby(parts, lambda part: part[0].rpartition(".")[0]):
            inside = list(run)
            if not name:
                found += inside
                continue
            if "." in name or [key for key, _, _ in inside] != [f"{name}.{i}" for i in range(len(inside))]:
                raise Unlike("list")
            if any(flag for _, _, flag in inside):
                raise Unlike("list")
            found.append((name, call("nn.ModuleList", [listed(folded([piece for _, piece, _ in inside]))]), ""))
        return found


def _children(uses: Sequence[ModuleUse], key: str) -> list[ModuleUse]:
    """A child of sequences that are alike."""
    return [ModuleUse(use.number, use.module.children[key]) for use in uses if isinstance(use.module, TreeModule)]


def folded(pieces: Sequence[CodePiece]) -> list[CodePiece]:
    """Modules in a row, those that are the same three times as made in rounds."""
    made: list[CodePiece] = []
    for _, run in groupby(pieces, lambda piece: piece.flat):
        same = list(run)
        if len(same) < 3:
            made += same
        else:
            made.append(CodePiece("*", (same[0],), each=f"for _ in range({len(same)})"))
    return made


def ordered(keys: Sequence[str], pieces: Sequence[CodePiece]) -> CodePiece:
    """Modules with names."""
    return listed([call("", [f'"{key}"', piece]) for key, piece in zip(keys, pieces, strict=True)])
