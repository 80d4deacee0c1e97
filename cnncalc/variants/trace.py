"""What is decided on the way through one candidate: the network is the same for all for which the same is decided."""

from __future__ import annotations

from typing import TypeAlias

from .polynomials import Expressions, Polynomial

#: What is decided: that a polynomial is below 0, that it is 0, or which value it has.
BELOW, ZERO, VALUE = "<0", "=0", "is"
#: What is decided, of which polynomial, and the outcome.
Decided: TypeAlias = "tuple[str, Polynomial, bool | int]"


class DecisionTrace:
    """What was decided on the way through one candidate, in order, each once."""

    def __init__(self, expressions: Expressions) -> None:
        self.expressions = expressions
        self.decided: list[Decided] = []
        self._known: dict[tuple[str, int], bool | int] = {}

    def decide(self, kind: str, one: Polynomial, outcome: bool | int) -> bool | int:
        """Takes note of an outcome."""
        key = (kind, one.number)
        if key not in self._known:
            self._known[key] = outcome
            self.decided.append((kind, one, outcome))
        return outcome

    def below(self, one: Polynomial, value: int) -> bool:
        """Whether a polynomial, which has `value`, is below 0."""
        if one.low < 0 <= one.high:
            return bool(self.decide(BELOW, one, value < 0))
        return value < 0

    def zero(self, one: Polynomial, value: int) -> bool:
        """Whether a polynomial, which has `value`, is 0."""
        if not one.low <= 0 <= one.high or not one.axes:
            return value == 0
        first = min(one.terms)
        if one.terms[first] < 0:
            one = self.expressions.negative(one)
        return bool(self.decide(ZERO, one, value == 0))
