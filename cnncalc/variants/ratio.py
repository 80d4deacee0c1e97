"""Numbers that remember and may not be whole: the quotient of two that are."""

from __future__ import annotations

from fractions import Fraction
from math import gcd
from typing import Any

from .trace import DecisionTrace
from .traced import Traced, TracedWhole, whole


def ratio(trace: DecisionTrace, top: Any, bottom: Any) -> Any:
    """``top / bottom``, whole numbers, the second over 0."""
    if type(bottom) is int:
        parts = top.polynomial.terms.values() if type(top) is TracedWhole else (top,)
        common = gcd(bottom, *parts)
        if common > 1:
            top, bottom = top // common, bottom // common
        if bottom == 1:
            return top
        if type(top) is int:
            return Fraction(top, bottom)
    return TracedRatio(trace, top, bottom)


def settled(value: Any) -> Any:
    """A number that turned out to be whole as such; any other value as it is."""
    return value.top if type(value) is TracedRatio and type(value.bottom) is int and value.bottom == 1 else value


class TracedRatio(Traced):
    """A number that may not be whole: whole numbers `top` and `bottom`, which is over 0. Not in lowest terms."""

    __slots__ = ("_whole", "bottom", "top")

    def __init__(self, trace: DecisionTrace, top: Any, bottom: Any) -> None:
        self.trace = trace
        self.top = top
        self.bottom = bottom
        self._whole: bool | None = None

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """Whether it is whole is decided when somebody asks."""
        return int if self._is_whole() else Fraction

    def _is_whole(self) -> bool:
        if self._whole is None:
            self._whole = bool(self.top % self.bottom == 0)
            if self._whole:
                self.top, self.bottom = self.top // self.bottom, 1
        return self._whole

    def _parts(self, other: Any) -> tuple[Any, Any]:
        if type(other) is TracedRatio:
            return other.top, other.bottom
        return other.numerator, other.denominator

    def __add__(self, other: Any) -> Any:
        top, bottom = self._parts(other)
        return ratio(self.trace, self.top * bottom + top * self.bottom, self.bottom * bottom)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        top, bottom = self._parts(other)
        return ratio(self.trace, self.top * bottom - top * self.bottom, self.bottom * bottom)

    def __mul__(self, other: Any) -> Any:
        top, bottom = self._parts(other)
        return ratio(self.trace, self.top * top, self.bottom * bottom)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        top, bottom = self._parts(other)
        if top == 0:
            raise ZeroDivisionError
        if top < 0:
            top, bottom = -top, -bottom
        return ratio(self.trace, self.top * bottom, self.bottom * top)

    def __rtruediv__(self, other: Any) -> Any:
        return TracedRatio(self.trace, *self._parts(other)) / self

    def __floordiv__(self, other: Any) -> Any:
        top, bottom = self._parts(other)
        return (self.top * bottom) // (self.bottom * top)

    def __rfloordiv__(self, other: Any) -> Any:
        top, bottom = self._parts(other)
        return (top * self.bottom) // (bottom * self.top)

    def __neg__(self) -> Any:
        return ratio(self.trace, -self.top, self.bottom)

    def __abs__(self) -> Any:
        return ratio(self.trace, abs(self.top), self.bottom)

    def __floor__(self) -> Any:
        return self.top // self.bottom

    def __ceil__(self) -> Any:
        return -(-self.top // self.bottom)

    def __trunc__(self) -> Any:
        return self.__floor__() if self.top >= 0 else self.__ceil__()

    def __lt__(self, other: Any) -> bool:
        top, bottom = self._parts(other)
        return bool(self.top * bottom < top * self.bottom)

    def __eq__(self, other: object) -> bool:
        if type(other) not in (int, bool, Fraction, TracedWhole, TracedRatio):
            return False
        if type(other) in (TracedWhole, TracedRatio) and other.trace is not self.trace:  # type: ignore[attr-defined]
            return False
        top, bottom = self._parts(other)
        return bool(self.top * bottom == top * self.bottom)

    def __hash__(self) -> int:
        return hash((id(self.trace), self.top, self.bottom))

    def __bool__(self) -> bool:
        return bool(self.top != 0)

    @property
    def _common(self) -> Any:
        """The greatest common divisor of both parts."""
        expressions = self.trace.expressions
        numbers = [self.trace.expressions.constant(one) if type(one) is int else one.polynomial
                   for one in (self.top, self.bottom)]  # fmt: skip
        values = [one if type(one) is int else one.value for one in (self.top, self.bottom)]
        return whole(self.trace, expressions.divisor(numbers[0], numbers[1]), gcd(values[0], values[1]))

    @property
    def numerator(self) -> Any:
        """That in lowest terms."""
        return self.top // self._common

    @property
    def denominator(self) -> Any:
        """That in lowest terms."""
        return 1 if self._whole else self.bottom // self._common

    def as_integer_ratio(self) -> tuple[Any, Any]:
        """Both parts; not in lowest terms where it is not decided whether it is whole."""
        return self.top, self.bottom

    def __index__(self) -> int:
        if not self._is_whole():
            raise TypeError("no whole number")
        return self.top.__index__()  # type: ignore[no-any-return]

    def __int__(self) -> int:
        return self.__trunc__().__index__()  # type: ignore[no-any-return]

    def __float__(self) -> float:
        return float(Fraction(self.top.__index__(), self.bottom.__index__()))

    def __str__(self) -> str:
        return str(self.top) if self._is_whole() else str(Fraction(self.top.__index__(), self.bottom.__index__()))

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        value = self.top if self._is_whole() else Fraction(self.top.__index__(), self.bottom.__index__())
        return format(value, spec)
