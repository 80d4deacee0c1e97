"""Numbers that remember how they came about: what a builder of networks takes for int and Fraction.

:class:`TracedWhole` and :class:`TracedRatio` have the value of one candidate, and the expression of it in the variables
of the sweep. Arithmetic makes further expressions. Whatever decides something, a comparison or the use as a plain
number, is told to the :class:`DecisionTrace`: the network is the same for all candidates that decide the same.

They say that they are int or Fraction (``__class__``), and are not: C code cannot take the value and forget where it
comes from without asking for it (``__index__``), and then the very value is what is decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from .polynomials import Polynomial
from .trace import VALUE, DecisionTrace

#: What stands in a text for a number: its polynomial's number, and a comma where digits are grouped, between these.
OPEN, CLOSE = "\ue000", "\ue001"


def whole(trace: DecisionTrace, one: Polynomial, value: int) -> Any:
    """The number with this polynomial."""
    return TracedWhole(trace, one, value) if one.axes else one.terms.get((), 0)


class Traced:
    """What both sorts of numbers have in common."""

    __slots__ = ("trace",)
    traced = True

    trace: DecisionTrace
    __add__: Any
    __sub__: Any
    __mul__: Any
    __floordiv__: Any
    __neg__: Any
    __lt__: Any
    __index__: Any

    def largest_of(self, numbers: Sequence[Any], largest: bool = True) -> Any:
        """The largest of some numbers, or the smallest, as an expression."""
        parts = [self.lift(number) for number in numbers]
        if any(type(part) not in (TracedWhole, int) for part in parts):
            return max(numbers) if largest else min(numbers)
        expressions = self.trace.expressions
        operands = [expressions.constant(part) if type(part) is int else part.polynomial for part in parts]
        value = (max if largest else min)(part if type(part) is int else part.value for part in parts)
        return whole(self.trace, expressions.most(operands, largest), value)

    def less_of(self, left: Any, right: Any) -> Any:
        """1 where ``left < right``, else 0, as an expression."""
        difference = self.lift(left) - right
        top = getattr(difference, "top", difference)
        if type(top) is not TracedWhole:
            return int(top < 0)
        return whole(self.trace, self.trace.expressions.below_zero(top.polynomial), int(top.value < 0))

    def lift(self, number: Any) -> Any:
        """A plain number as one that goes together with this one."""
        if type(number) is not Fraction:
            return number
        from .ratio import TracedRatio

        return TracedRatio(self.trace, number.numerator, number.denominator)

    def __radd__(self, other: Any) -> Any:
        return self + other

    def __rmul__(self, other: Any) -> Any:
        return self * other

    def __pos__(self) -> Any:
        return self

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mod__(self, other: Any) -> Any:
        return self - (self // other) * other

    def __rmod__(self, other: Any) -> Any:
        return self.lift(other) - (other // self) * self

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> Any:
        return other // self, other % self

    def __gt__(self, other: Any) -> bool:
        return bool(-self < -other)

    def __le__(self, other: Any) -> bool:
        return not self > other

    def __ge__(self, other: Any) -> bool:
        return not self < other

    def __ne__(self, other: object) -> bool:
        return not self == other

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def _powered(self, exponent: Any) -> Any:
        count = exponent.__index__()
        if count < 0:
            return 1 / self._powered(-count)
        result: Any = 1
        for _ in range(count):
            result = result * self
        return result

    __pow__ = _powered

    def __rpow__(self, base: Any) -> Any:
        return base ** self.__index__()


class TracedWhole(Traced):
    """A whole number: its polynomial, and its value for the candidate."""

    __slots__ = ("polynomial", "value")
    __class__ = property(lambda self: int)

    def __init__(self, trace: DecisionTrace, polynomial: Polynomial, value: int) -> None:
        self.trace = trace
        self.polynomial = polynomial
        self.value = value

    # --- arithmetic ---------------------------------------------------------------------------------

    def _parts(self, other: Any) -> tuple[Polynomial, int] | None:
        """The polynomial and the value of another whole number; None of anything else."""
        if type(other) is TracedWhole:
            return other.polynomial, other.value
        if type(other) is int or type(other) is bool:
            return self.trace.expressions.constant(other), int(other)
        return None

    def __add__(self, other: Any) -> Any:
        parts = self._parts(other)
        if parts is None:
            return self._as_ratio(other, "__add__")
        return whole(self.trace, self.trace.expressions.combined(self.polynomial, parts[0]), self.value + parts[1])

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        parts = self._parts(other)
        if parts is None:
            return self._as_ratio(other, "__sub__")
        return whole(self.trace, self.trace.expressions.combined(self.polynomial, parts[0], -1), self.value - parts[1])

    def __mul__(self, other: Any) -> Any:
        parts = self._parts(other)
        if parts is None:
            return self._as_ratio(other, "__mul__")
        return whole(self.trace, self.trace.expressions.product(self.polynomial, parts[0]), self.value * parts[1])

    __rmul__ = __mul__

    def __floordiv__(self, other: Any) -> Any:
        parts = self._parts(other)
        if parts is None:
            return self._as_ratio(other, "__floordiv__")
        if self.trace.zero(*parts):
            raise ZeroDivisionError
        return whole(self.trace, self.trace.expressions.quotient(self.polynomial, parts[0]), self.value // parts[1])

    def __rfloordiv__(self, other: Any) -> Any:
        parts = self._parts(other)
        if parts is None:
            return self._as_ratio(other, "__rfloordiv__")
        return TracedWhole(self.trace, *parts) // self

    def __truediv__(self, other: Any) -> Any:
        if self._parts(other) is None:
            return self._as_ratio(other, "__truediv__")
        if other == 0:
            raise ZeroDivisionError
        from .ratio import ratio

        return ratio(self.trace, self, other) if other > 0 else ratio(self.trace, -self, -other)

    def __rtruediv__(self, other: Any) -> Any:
        if self == 0:
            raise ZeroDivisionError
        from .ratio import TracedRatio, ratio

        other = self.lift(other)
        if type(other) is TracedRatio:
            return other / self
        return ratio(self.trace, other, self) if self > 0 else ratio(self.trace, -other, -self)

    def _as_ratio(self, other: Any, operation: str) -> Any:
        """What an operation with a number that is not whole gives."""
        from .ratio import TracedRatio

        if type(other) not in (TracedRatio, Fraction):
            return NotImplemented
        return getattr(TracedRatio(self.trace, self, 1), operation)(other)

    def __neg__(self) -> Any:
        return TracedWhole(self.trace, self.trace.expressions.negative(self.polynomial), -self.value)

    def __abs__(self) -> Any:
        return whole(self.trace, self.trace.expressions.absolute(self.polynomial), abs(self.value))

    def __floor__(self) -> Any:
        return self

    __ceil__ = __trunc__ = __floor__

    def __round__(self, digits: int | None = None) -> Any:
        return self

    # --- what decides -------------------------------------------------------------------------------

    def __lt__(self, other: Any) -> bool:
        if type(other) not in (TracedWhole, int, bool):
            return bool(self._as_ratio(other, "__lt__"))
        difference = self - other
        if type(difference) is int:
            return difference < 0
        return self.trace.below(difference.polynomial, difference.value)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(other) not in (TracedWhole, int, bool):
            equal = self._as_ratio(other, "__eq__")
            return False if equal is NotImplemented else bool(equal)
        if type(other) is TracedWhole and other.trace is not self.trace:
            return False
        difference: Any = self - other
        if type(difference) is int:
            return difference == 0
        return self.trace.zero(difference.polynomial, difference.value)

    def __hash__(self) -> int:
        # By the expression: what is kept by such keys is kept once more where values are equal by chance. Not in other
        # traces, which have their own decisions.
        return hash((id(self.trace), self.polynomial.number))

    def __bool__(self) -> bool:
        return not self.trace.zero(self.polynomial, self.value)

    def __index__(self) -> int:
        """The very value, which is thereby decided."""
        if self.polynomial.low < self.polynomial.high:
            self.trace.decide(VALUE, self.polynomial, self.value)
        return self.value

    __int__ = __index__

    def __float__(self) -> float:
        return float(self.__index__())

    # --- what int has -------------------------------------------------------------------------------

    @property
    def numerator(self) -> Any:
        """Itself."""
        return self

    @property
    def denominator(self) -> int:
        """1."""
        return 1

    def as_integer_ratio(self) -> tuple[Any, int]:
        """Itself and 1."""
        return self, 1

    def bit_length(self) -> Any:
        """The bits, as an expression."""
        return whole(self.trace, self.trace.expressions.bits(self.polynomial), self.value.bit_length())

    def __str__(self) -> str:
        return f"{OPEN}{self.polynomial.number}{CLOSE}"

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        if spec in ("", ","):
            return f"{OPEN}{self.polynomial.number}{spec}{CLOSE}"
        return format(self.__index__(), spec)
