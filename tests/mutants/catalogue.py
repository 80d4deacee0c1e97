"""The mutants of a module: every slip that a test should notice, with the place where it is made.

None is made of annotations, docstrings and other texts, `__slots__`, `__all__`, type aliases, overloads, what is for type
checkers only or never run by tests, and `strict=` of a zip, which is an assertion.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import NamedTuple

from .slips import Spot, slips

ANNOTATIONS = ("annotation", "returns", "type_params")
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


class Place(NamedTuple):
    """What surrounds a node."""

    #: The function or class that it is in, and the lines of the statement that it is in.
    name: str = ""
    lines: range = range(0)
    #: The outermost function in whose body it is: name, first line as its code has it, and the lines of the body.
    function: tuple[str, int] | None = None
    body: range = range(0)
    #: The f-string that it is in: Python 3.11 does not tell where in one a node stands.
    text: ast.JoinedStr | None = None


class Mutant(NamedTuple):
    """A module with one slip in it."""

    module: Module
    number: int
    line: int
    place: Place
    change: str
    #: The lines of the source that differ, before and after.
    before: str
    after: str

    @property
    def text(self) -> str:
        """The line on which the changed part begins."""
        return self.module.lines[self.line - 1].strip()

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is told by in the list of equivalent ones: no number of a line, which an edit would change."""
        return self.module.name, self.place.name, self.text, self.change

    def code(self) -> CodeType:
        """The module's code with the slip."""
        return self.module.code(self.number)


class Module:
    """A file of the package, its syntax tree, and the slips in it."""

    def __init__(self, root: Path, path: Path) -> None:
        self.name = path.relative_to(root).as_posix()
        self.path = str(path)
        self.source = path.read_text("utf-8")
        self.lines = self.source.split("\n")
        self.tree = ast.parse(self.source)
        self._places = [
            (spot, node, slip, place)
            for spot, node, place in _nodes(self.tree, Place(), self.lines)
            for slip in slips(node, spot)
        ]

    @property
    def dotted(self) -> str:
        """The name by which it is imported."""
        return self.name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def mutants(self) -> list[Mutant]:
        """All mutants, in the order of the source; of alike ones in a line the later ones have a number."""
        found: list[Mutant] = []
        seen: dict[tuple[int, str], int] = {}
        for number, (_, node, slip, place) in enumerate(self._places):
            line = (place.text or node).lineno
            count = seen[line, slip.change] = seen.get((line, slip.change), 0) + 1
            change = slip.change if count == 1 else f"{slip.change} ({count})"
            shown = (self.lines[line - 1].strip(), change) if place.text else self._shown(node, slip.node)
            found.append(Mutant(self, number, line, place, change, *shown))
        return found

    def code(self, number: int) -> CodeType:
        """The code with slip `number`."""
        spot, node, slip, _ = self._places[number]
        made = ast.fix_missing_locations(ast.copy_location(slip.node, node))
        spot.put(made)
        try:
            return compile(self.tree, self.path, "exec", dont_inherit=True)
        finally:
            spot.put(node)

    def _shown(self, old: ast.AST, new: ast.AST) -> tuple[str, str]:
        """The lines of `old`, and the same with `new` in its place."""
        first, last = old.lineno - 1, old.end_lineno - 1
        head = self.lines[first].encode()[: old.col_offset].decode()
        tail = self.lines[last].encode()[old.end_col_offset :].decode()
        return "\n".join(self.lines[first : last + 1]).strip(), f"{head}{ast.unparse(new)}{tail}".strip()


def _nodes(node: ast.AST, place: Place, lines: list[str]) -> Iterator[tuple[Spot, ast.AST, Place]]:
    """The nodes below `node` that may slip, with the spot where each stands."""
    for spot, child in _children(node):
        if _left_out(child, lines):
            continue
        inner = _inside(child, place) if isinstance(child, ast.stmt) else place
        if isinstance(child, ast.JoinedStr) and not place.text:
            inner = place._replace(text=child)
        if hasattr(child, "lineno"):
            yield spot, child, inner
        if isinstance(child, FUNCTION):
            yield from _in_function(child, place, inner, lines)
        else:
            yield from _nodes(child, inner, lines)


def _in_function(
    function: ast.AST, outer: Place, inner: Place, lines: list[str]
) -> Iterator[tuple[Spot, ast.AST, Place]]:
    """Of a function: its defaults and decorators run where it is defined, its body when it is called."""
    header = inner._replace(function=outer.function, body=outer.body)
    for spot, node, place in _nodes(function, inner, lines):
        yield spot, node, header if place.lines == inner.lines else place


def _inside(node: ast.stmt, place: Place) -> Place:
    """The surroundings of what is in the statement `node`: for a compound one, of its head."""
    body = getattr(node, "body", None)
    last = max(node.lineno, body[0].lineno - 1) if body else node.end_lineno
    first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
    place = place._replace(lines=range(first, last + 1))
    if not isinstance(node, (*FUNCTION, ast.ClassDef)):
        return place
    name = f"{place.name}.{node.name}".removeprefix(".")
    if isinstance(node, ast.ClassDef) or place.function:
        return place._replace(name=name)
    return place._replace(name=name, function=(name, first), body=range(body[0].lineno, node.end_lineno + 1))


def _children(node: ast.AST) -> Iterator[tuple[Spot, ast.AST]]:
    compared = isinstance(node, ast.Compare | ast.MatchValue)
    for field, value in ast.iter_fields(node):
        if field in ANNOTATIONS:
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.Tuple | ast.List | ast.Set) and compared:
                for place, item in enumerate(child.elts):
                    yield Spot(child, "elts", place, compared=True), item
            elif isinstance(child, ast.AST):
                yield Spot(node, field, index, compared), child


def _left_out(node: ast.AST, lines: list[str]) -> bool:
    """Whether nothing in `node` is to slip."""
    if isinstance(node, ast.keyword):
        return node.arg == "strict"
    if not isinstance(node, ast.stmt):
        return False
    if "pragma: no cover" in lines[node.lineno - 1]:
        return True
    if isinstance(node, ast.If):
        return ast.unparse(node.test).endswith("TYPE_CHECKING")
    if isinstance(node, ast.AnnAssign):
        return ast.unparse(node.annotation).endswith("TypeAlias")
    if isinstance(node, ast.Assign):
        return any(ast.unparse(target) in ("__slots__", "__all__", "__version__") for target in node.targets)
    return isinstance(node, FUNCTION) and any(ast.unparse(one).endswith("overload") for one in node.decorator_list)
