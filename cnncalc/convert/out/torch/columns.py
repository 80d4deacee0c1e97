"""Values that differ between the uses of a class, as expressions of its arguments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

#: Numbers of a sum of two arguments are looked for among so many of them.
_MOST_SUMMED = 8


class Code(str):
    """A value that is written as it stands: the name of a class."""

    __slots__ = ()


class ConstructorArgument:
    """An argument of a class: its name, its values in all uses, and a default."""

    def __init__(self, name: str, values: Sequence[Any], default: Any = None) -> None:
        self.name = name
        self.values = list(values)
        self.default = default
        self.used = False

    @property
    def hint(self) -> str:
        """Its type."""
        if any(isinstance(value, Code) for value in self.values):
            return "type[nn.Module]"
        kinds = {_hint(value) for value in self.values}
        return " | ".join(sorted(kinds, key=lambda kind: (len(kind), kind)))


def _hint(value: Any) -> str:
    if isinstance(value, tuple):
        return f"tuple[{', '.join('int' for _ in value)}]"
    return {bool: "bool", int: "int", float: "float", str: "str"}.get(type(value), "int")


class ClassScope:
    """The arguments of a class. `rounds` are the values of the number of a round, where there are rounds."""

    def __init__(self, uses: int) -> None:
        self.uses = uses
        self.arguments: list[ConstructorArgument] = []

    def add(self, name: str, values: Sequence[Any], default: Any = None) -> ConstructorArgument:
        """A further argument."""
        taken = {argument.name for argument in self.arguments}
        number, called = 1, name
        while called in taken:
            number += 1
            called = f"{name}{number}"
        self.arguments.append(ConstructorArgument(called, values, default))
        return self.arguments[-1]

    def text(self, values: Sequence[Any], uses: Sequence[int], rounds: Sequence[int | None], name: str) -> str:
        """What gives `values`, of which each is of a use and of a round of it; an argument more, called `name`, if
        nothing else does. Raises Unlike where an argument cannot be it.
        """
        if all(same(value, values[0]) for value in values):
            return spelled(values[0])
        columns = [(one, [one.values[use] for use in uses]) for one in self.arguments]
        for argument, column in columns:
            if all(same(value, other) for value, other in zip(values, column, strict=True)):
                argument.used = True
                return argument.name
        if all(type(value) is int for value in values):
            found = self._arithmetic(values, [pair for pair in columns if _whole(pair[1])], rounds)
            if found is not None:
                return found
        by_use: dict[int, Any] = {}
        for use, value in zip(uses, values, strict=True):
            if not same(by_use.setdefault(use, value), value):
                return _by_round(values, rounds, name)
        made = self.add(name, [by_use.get(use) for use in range(self.uses)])
        made.used = True
        return made.name

    @staticmethod
    def _arithmetic(
        values: Sequence[int], columns: Sequence[tuple[ConstructorArgument, list[Any]]], rounds: Sequence[int | None]
    ) -> str | None:
        """A multiple, a fraction, a half, a sum of two arguments, or what grows by each round; None for none."""
        for argument, column in columns:
            text = _scaled(argument.name, values, column)
            if text is not None:
                argument.used = True
                return text
        for argument, column in columns:
            differences = {value - other for value, other in zip(values, column, strict=True)}
            if len(differences) == 1 and abs(min(differences)) < min(abs(value) for value in values):
                argument.used = True
                more = differences.pop()
                return f"{argument.name} {'+' if more > 0 else '-'} {abs(more)}"
        for number, (argument, column) in enumerate(columns[:_MOST_SUMMED]):
            for other, more in columns[number:_MOST_SUMMED]:
                if all(value == a + b for value, a, b in zip(values, column, more, strict=True)):
                    argument.used = other.used = True
                    return f"{argument.name} + {other.name}"
        return _growing(values, columns, rounds)


def _by_round(values: Sequence[Any], rounds: Sequence[int | None], name: str) -> str:
    """The value of each round, listed, where all uses have the same. Raises Unlike."""
    found: dict[int, Any] = {}
    for value, number in zip(values, rounds, strict=True):
        if number is None or not same(found.setdefault(number, value), value):
            raise Unlike(name)
    return f"({', '.join(spelled(found[number]) for number in sorted(found))})[i]"


class Unlike(Exception):
    """Values of which nothing general can be said."""


def same(one: Any, other: Any) -> bool:
    """Whether two values are one: 1 and True are not."""
    return type(one) is type(other) and bool(one == other)


def spelled(value: Any) -> str:
    """A value in Python."""
    if isinstance(value, Code):
        return str(value)
    if isinstance(value, tuple):
        return f"({', '.join(map(spelled, value))}{',' * (len(value) == 1)})"
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _whole(column: Sequence[Any]) -> bool:
    return all(type(value) is int for value in column)


def _scaled(name: str, values: Sequence[int], column: Sequence[int]) -> str | None:
    first, of = values[0], column[0]
    if of and first % of == 0 and first and all(v == o * (first // of) for v, o in zip(values, column, strict=True)):
        return f"{name} * {first // of}" if first > 0 else None
    if first and of % first == 0 and all(v * (of // first) == o for v, o in zip(values, column, strict=True)):
        return f"{name} // {of // first}"
    if max(column) < max(_ODD_KERNELS) and all(v == o // 2 for v, o in zip(values, column, strict=True)):
        return f"{name} // 2"
    return None


#: Kernels, of which a padding is half.
_ODD_KERNELS = range(32)


def _growing(
    values: Sequence[int], columns: Sequence[tuple[ConstructorArgument, list[Any]]], rounds: Sequence[int | None]
) -> str | None:
    """What starts at an argument, or a number, and grows by the same with each round."""
    if any(number is None for number in rounds) or len(set(rounds)) < 2:
        return None
    by_round: dict[int, int] = {}
    for value, number in zip(values, rounds, strict=True):
        by_round.setdefault(number or 0, value)
    if 0 not in by_round or 1 not in by_round:
        return None
    step = by_round[1] - by_round[0]
    if all(value == by_round[0] + step * (number or 0) for value, number in zip(values, rounds, strict=True)):
        return f"{by_round[0]} {'+' if step > 0 else '-'} {abs(step)} * i"
    for argument, column in columns:
        if all(v == base + step * (number or 0) for v, base, number in zip(values, column, rounds, strict=True)):
            argument.used = True
            return f"{argument.name} {'+' if step > 0 else '-'} {abs(step)} * i"
    return None
