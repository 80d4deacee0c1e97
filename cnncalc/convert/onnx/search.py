"""What patterns of operators are looked for by: what gives a value, which numbers stand beside it.

A pattern is looked for from its last operator backwards; what stands between may be read by nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from math import prod
from types import MappingProxyType
from typing import Any

from ...layers import Layer
from ...records import Record
from .steps import OperatorStep
from .values import Initializer, Value


class Match(Record):
    """What a pattern is: a kind with its arguments, of one value; the steps before the last; what is stored for it."""

    kind: str | type[Layer]
    value: Value
    before: Sequence[OperatorStep]
    given: Mapping[str, Any] = MappingProxyType({})
    weights: Sequence[Initializer] = ()


class Search:
    """Looks among the steps of a graph whose `results` leave it."""

    def __init__(self, steps: Sequence[OperatorStep], results: Iterable[Value | None]) -> None:
        self._steps = steps
        self._nonnegative: set[Value] | None = None
        self._uses: dict[Value, int] = {}
        for value in [*results, *(value for step in steps for value in step.inputs)]:
            if value is not None:
                self._uses[value] = self._uses.get(value, 0) + 1

    def readers(self, value: Value) -> int:
        """How often a value is read; as a result of the graph, too."""
        return self._uses.get(value, 0)

    def maker(self, value: Value | None, *ops: str) -> OperatorStep | None:
        """The step that gives a value which nothing else reads, if it is one of these operators."""
        step = value.producer if value is not None and not value.fixed else None
        if value is None or not isinstance(step, OperatorStep) or self.readers(value) != 1:
            return None
        if step.answer.fault is not None:
            return None
        return step if step.node.op in ops and not step.node.domain and step.outs[0] is value else None

    def nonnegative(self, value: Value | None) -> bool:
        """Whether nothing in a tensor can be below 0, by the layers that it comes from."""
        if self._nonnegative is None:
            found = self._nonnegative = set()
            for step in self._steps:
                layer, inputs = step.answer.layer, step.answer.inputs or ()
                if layer is not None and (
                    layer.nonnegative or (layer.keeps_nonnegative and inputs and found.issuperset(inputs))
                ):
                    found.add(step.outs[0])
        return value in self._nonnegative

    def by_number(self, value: Value | None, op: str, *numbers: float) -> tuple[OperatorStep, Value] | None:
        """The step that gives a value by an operator on a tensor and one of these numbers, and that tensor."""
        step = self.maker(value, op)
        found = None if step is None else with_number(step)
        if step is None or found is None or not any(math.isclose(found[1], number, rel_tol=1e-3) for number in numbers):
            return None
        return step, found[0]


def with_number(step: OperatorStep) -> tuple[Value, float] | None:
    """The tensor and the one number that an operator reads; of a division the number comes last."""
    moving = [value for value in step.inputs if value is not None and not value.fixed]
    numbers = [value.numbers for value in step.inputs if value is not None and value.fixed and value.shape is not None
               and prod(value.shape) == 1]  # fmt: skip
    if len(moving) != 1 or len(numbers) != 1 or not numbers[0] or len(step.inputs) != 2:
        return None
    if step.node.op in ("Div", "Sub", "Pow") and step.inputs[0] is not moving[0]:
        return None
    return moving[0], float(numbers[0][0])


def pair(step: OperatorStep) -> list[tuple[Value, Value]]:
    """The two moving tensors of an operator, either way round."""
    if len(step.inputs) != 2 or any(value is None or value.fixed for value in step.inputs):
        return []
    one, two = step.inputs
    assert one is not None
    assert two is not None
    return [(one, two), (two, one)]
