"""Operators that together are one layer, as exporters write it out: each becomes one step, which says how many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from ...layers import LayerError
from ...network.assembler import Assembler
from . import pattern_functions, pattern_maps
from .call import NodeOutcome
from .search import Match, Search
from .steps import OperatorStep
from .values import Value

#: By the last operator of each.
PATTERNS: Mapping[str, Sequence[Callable[[Search, OperatorStep], Match | None]]] = {
    **pattern_functions.PATTERNS, **pattern_maps.PATTERNS,
}  # fmt: skip


class Patterns:
    """Finds them among the steps of a graph whose `results` leave it."""

    def __init__(self, steps: Sequence[OperatorStep], results: Iterable[Value | None], assembler: Assembler) -> None:
        self.steps = steps
        self.assembler = assembler
        self.search = Search(steps, results)

    def merged(self) -> list[OperatorStep]:
        """The steps, those of a pattern in one."""
        gone: set[OperatorStep] = set()
        for step in reversed(self.steps):
            if step in gone or len(step.outs) == 0 or step.outs[0].fixed or step.answer.fault is not None:
                continue
            for pattern in PATTERNS.get(step.node.op, ()):
                match = pattern(self.search, step)
                if match is not None and gone.isdisjoint(match.before) and self._become(step, match):
                    gone.update(match.before)
                    break
        return [step for step in self.steps if step not in gone]

    def _become(self, step: OperatorStep, match: Match) -> bool:
        """Makes a step the layer of a match; whether that gives the same shape, and has what is stored."""
        value, out = match.value, step.outs[0]
        if value.axis is None or value.axis != out.axis or value.shape is None or out.shape is None:
            return False
        try:
            layer = self.assembler.layer(match.kind, match.given)
        except (LayerError, KeyError):
            return False
        result = self.assembler.result(layer, (value.sample,))
        if isinstance(result, LayerError) or result.output != out.sample:
            return False
        if sum(weight.elements for weight in match.weights) != result.params:
            return False
        step.answer = NodeOutcome(step.answer.outs, layer, [value], match.weights)
        step.merged += sum(one.merged for one in match.before)
        return True
