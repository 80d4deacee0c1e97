"""Parts of a network that are alike: a function each, with what differs between them as its arguments.

A part is what stands in one stage or block instance. Parts are alike whose statements are equal but for numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ....network import Node
from ....records import Record
from ..sayable import owner
from .body import KerasBody, PartCall
from .layout import Identifiers, identifier

if TYPE_CHECKING:
    from .source import KerasSource

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[A-Za-z_]\w*|\d+(?:\.\d+)?|\s+|.')
#: Names of the tensors that a function is given; statements that are worth one, times a number is another.
_NAMES = ("inputs", "other", "third")
_FEWEST, _MOST_TIMES = 3, 16
#: Names of arguments by the layer and the place of a number in its call.
_PLACES = {"Conv": ("filters", "kernel_size"), "Depthwise": ("kernel_size",), "Dense": ("units",),
           "Pooling": ("pool_size",), "LSTM": ("units",), "GRU": ("units",), "RNN": ("units",),
           "MultiHead": ("heads", "key_dim"), "range": ("repeats",)}  # fmt: skip


class KerasPart:
    """What stands in one stage or block instance: nodes, and parts in it."""

    def __init__(self, name: str, depth: int) -> None:
        self.name = name
        self.depth = depth
        self.items: list[Node | KerasPart] = []
        self.call: PartCall | None = None

    def nodes(self) -> Iterator[Node]:
        """All nodes in it."""
        for item in self.items:
            if isinstance(item, KerasPart):
                yield from item.nodes()
            else:
                yield item

    def flat(self) -> Iterator[Node | PartCall]:
        """Its nodes, and a call for each part that is a function."""
        for item in self.items:
            if not isinstance(item, KerasPart):
                yield item
            elif item.call is not None:
                yield item.call
            else:
                yield from item.flat()


class WrittenPart(Record):
    """A part as the body of a function: the words of its statements, numbers among them."""

    part: KerasPart
    tokens: tuple[str, ...]
    entering: tuple[int, ...]
    output: int


class KerasFunction(Record):
    """A function: its name, its tensors and arguments, and its lines with their indentation."""

    name: str
    tensors: tuple[str, ...]
    arguments: tuple[str, ...]
    statements: tuple[str, ...]


def tree(nodes: Sequence[Node]) -> KerasPart:
    """The parts of a network, by the paths of its nodes."""
    root = KerasPart("", 0)
    stack = [root]
    for node in nodes:
        names = [step.name for step in node.path]
        keep = 0
        while keep < min(len(names), len(stack) - 1) and stack[keep + 1].name == names[keep]:
            keep += 1
        del stack[keep + 1 :]
        for name in names[keep:]:
            part = KerasPart(name, len(stack))
            stack[-1].items.append(part)
            stack.append(part)
        stack[-1].items.append(node)
    return root


class KerasFunctions:
    """Finds the parts that are alike, those inside others first, and makes functions of them."""

    def __init__(self, source: KerasSource, root: KerasPart, reserved: Sequence[str]) -> None:
        self.source = source
        self.root = root
        self.reserved = list(reserved)
        self.names = Identifiers(reserved)
        self.made: list[KerasFunction] = []
        #: Of each function what stands at the places of its calls: tensors, and names of arguments.
        self._places: dict[str, tuple[str, ...]] = {}

    def find(self) -> list[KerasFunction]:
        """All of them, each behind those that it calls."""
        levels: dict[int, list[KerasPart]] = {}
        work = [self.root]
        while work:
            part = work.pop()
            levels.setdefault(part.depth, []).append(part)
            work += [item for item in reversed(part.items) if isinstance(item, KerasPart)]
        for depth in sorted(levels, reverse=True):
            alike: dict[object, list[WrittenPart]] = {}
            for part in levels[depth] if depth else []:
                written = self._written(part)
                if written is not None:
                    form = tuple(["#" if token[:1].isdigit() else token for token in written.tokens])
                    alike.setdefault((form, len(written.entering)), []).append(written)
            for group in alike.values():
                if len(group) > 1:
                    self._function(group)
        return self.made

    def _written(self, part: KerasPart) -> WrittenPart | None:
        """A part as a body; None where it cannot be a function, or is not worth one."""
        source, nodes = self.source, list(part.nodes())
        inside = {node.position for node in nodes}
        inside |= {result.position for node in nodes for result in source.network.results(node)}
        read = dict.fromkeys(position for node in nodes for position in source.reads(node) if position not in inside)
        left = [position for position in sorted(inside) if position in source.ends
                or any(node.position not in inside for node in source.readers.get(position, []))]  # fmt: skip
        bound = any(node.kind in ("learned", "op") or owner(source.network, node).position in source.shared
                    for node in nodes)  # fmt: skip
        if bound or len(left) != 1 or not 0 < len(read) <= len(_NAMES):
            return None
        body = KerasBody(source, [name for name in self.reserved if name != "inputs"], part=True)
        items = list(part.flat())
        for place, position in enumerate(read):
            readers = {index for index, item in enumerate(items) if _reads(source, item, position)}
            name = "x" if len(read) == 1 and readers == {0} else _NAMES[place]
            body.enter(position, name if name == "x" else body.identifiers.unique(name, name))
        refused = len(source.refusals)
        body.run(items, left)
        if len(source.refusals) > refused or len(body.statements) < _FEWEST:
            return None
        statements = _finished(looped(body.statements), body.variables[left[0]])
        return WrittenPart(part, tuple(_TOKEN.findall("\n".join(statements))), tuple(read), left[0])

    def _function(self, group: Sequence[WrittenPart]) -> None:
        first = group[0]
        base = identifier(first.part.name.rpartition("/")[2].rstrip("0123456789_.")).lower() or "block"
        name = self.names.unique(base, "block")
        words = zip(first.tokens, (*first.tokens[1:], ""), strict=True)
        taken = Identifiers([*self.reserved, *(one for one, after in words if one.isidentifier() and after != "=")])
        arguments: dict[str, list[int]] = {}
        tokens = list(first.tokens)
        for place, token in enumerate(tokens):
            column = [one.tokens[place] for one in group]
            if token[:1].isdigit() and len(set(column)) > 1:
                tokens[place] = self._expression(first.tokens, place, column, arguments, taken)
        tensors = _NAMES[: len(first.entering)]
        tensors = ("x",) if len(tensors) == 1 and "inputs" not in first.tokens else tensors
        self.reserved.append(name)
        self._places[name] = ("size",) * len(tensors) + tuple(arguments)
        text = "".join(tokens)
        self.made.append(KerasFunction(name, tensors, tuple(arguments), tuple(text.split("\n"))))
        for place, part in enumerate(group):
            given = [f"{key}={values[place]}" if number else str(values[place])
                     for number, (key, values) in enumerate(arguments.items())]  # fmt: skip
            inside = frozenset(node.position for node in part.part.nodes())
            form = f"{name}({', '.join(['{}', *given])})"
            stage = next(part.part.nodes()).path[0].name
            part.part.call = PartCall(part.entering, part.output, form, inside, stage)

    def _expression(
        self, tokens: Sequence[str], place: int, column: Sequence[str], arguments: dict[str, list[int]],
        taken: Identifiers,
    ) -> str:  # fmt: skip
        """A number that differs, as an argument or so many times one."""
        values = [int(one) if one.isdigit() else float(one) for one in column]
        for name, others in arguments.items():
            if others == values:
                return name
            if all(other and not value % other for value, other in zip(values, others, strict=True)):
                times = {value // other for value, other in zip(values, others, strict=True)}
                if len(times) == 1 and max(times) <= _MOST_TIMES and min(times) > 1:
                    return f"{max(times)} * {name}"
        name = taken.unique(self._argument(tokens, place), "size")
        arguments[name] = values  # type: ignore[assignment]
        return name

    def _argument(self, tokens: Sequence[str], place: int) -> str:
        """What an argument is called that stands at a place: by its key, else by the call and its place there."""
        before = [one for one in tokens[:place] if not one.isspace()]
        if before[-1:] == ["="]:
            return before[-2]
        depth, commas = 0, 0
        while before:
            token = before.pop()
            if token == "," and not depth:
                commas += 1
            depth += (token in ")]") - (token in "([")
            if depth < 0:
                break
        name = before[-1] if before else ""
        known = self._places.get(name)
        found = known or next((places for word, places in _PLACES.items() if word in name), ())
        return found[commas] if commas < len(found) else "size"


def _reads(source: KerasSource, item: Node | PartCall, position: int) -> bool:
    return position in (item.entering if isinstance(item, PartCall) else source.reads(item))


def looped(statements: Sequence[str]) -> list[str]:
    """Equal statements one behind another as a loop, whose lines are indented by a tab."""
    found: list[str] = []
    place = 0
    while place < len(statements):
        count = 1
        while statements[place + count : place + count + 1] == [statements[place]]:
            count += 1
        again = statements[place].startswith("x = ") and re.search(r"\bx\b", statements[place][4:])
        if count > 1 and again:
            found += [f"for _ in range({count}):", f"\t{statements[place]}"]
        else:
            found += [statements[place]] * count
        place += count
    return found


def _finished(statements: Sequence[str], result: str) -> list[str]:
    """The statements of a body, of which the last gives the result back."""
    *before, end = statements
    if end.startswith(f"{result} = "):
        return [*before, f"return {end.removeprefix(f'{result} = ')}"]
    return [*statements, f"return {result}"]
