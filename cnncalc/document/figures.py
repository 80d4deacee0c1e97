"""Numbers and shapes as people read them: grouped, with units, `×` between the axes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..values import laid_out

Number = int | Fraction
UNKNOWN = "?"
_UNITS = ("KiB", "MiB", "GiB", "TiB", "PiB", "EiB")


def grouped(number: int | None) -> str:
    """`61,706`, or `?` for a number that is not known."""
    return UNKNOWN if number is None else f"{number:,}"


def quantity(number: int | None, one: str, many: str = "") -> str:
    """A number with its noun: `1 layer`, `12 layers`, `layers unknown`."""
    many = many or one + "s"
    return f"{many} unknown" if number is None else f"{grouped(number)} {one if number == 1 else many}"


def not_known(layers: int) -> str:
    """What is said of the layers below a fault: `123 layers below: not known`."""
    return f"{quantity(layers, 'layer')} below: not known"


def size(count: int) -> str:
    """Bytes to three figures: `624 bytes`, `241 KiB`, `97.5 MiB`."""
    if count < 1024:
        return quantity(count, "byte")
    power = min((count.bit_length() - 1) // 10, len(_UNITS))
    return f"{three_figures(Fraction(count, 1024**power))} {_UNITS[power - 1]}"


def three_figures(value: Fraction) -> str:
    """A ratio to three figures at least, exactly rounded: `0.0123`, `4.59`, `97.5`, `1,023`."""
    if value < 0:
        return "-" + three_figures(-value)
    whole = int(value)
    if value == 0 or value >= 100:
        return grouped(int(value + Fraction(1, 2)))
    places = 3 - len(str(whole)) if whole else 3 + _leading_zeros(value)
    digits = str(int(value * 10**places + Fraction(1, 2))).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".")


def _leading_zeros(value: Fraction) -> int:
    zeros = 0
    while value * 10 ** (zeros + 1) < 1:
        zeros += 1
    return zeros


def number(value: Number) -> str:
    """An exact number of an axis: a whole one as it is, a fraction to three figures after a `~`."""
    if value == int(value):
        return grouped(int(value))
    return "~" + three_figures(Fraction(value))


def turned(dims: tuple[int, ...] | None, layout: str) -> tuple[int, ...] | None:
    """A channels-first shape in the order of the layout; None for one that is not known."""
    return None if dims is None else laid_out(dims, layout)


def shape(dims: Sequence[int]) -> str:
    """`6×28×28`; `()` of one number."""
    return "×".join(map(str, dims)) or "()"


def spelled(dims: tuple[int, ...] | None, layout: str) -> str:
    """A channels-first shape in the order of the layout; `?` for one that is not known."""
    return UNKNOWN if dims is None else shape(laid_out(dims, layout))


class Nominal(tuple[Number, ...]):
    """Numbers of the axes that a recurrence gives, where no single number is true of every position."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Nominal) and tuple.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return ~tuple.__hash__(self)


def axes(values: Sequence[Number]) -> str:
    """One number where all axes agree, else one an axis: `5`, `3×7`; nominal ones after a `~`."""
    texts = [number(value) for value in values]
    if isinstance(values, Nominal):
        texts = ["~" + text.lstrip("~") for text in texts]
    return texts[0] if len(set(texts)) == 1 else "×".join(texts)


def percents(values: Sequence[Fraction]) -> str:
    """Shares of the axes: `87.1 %`, `100 %×50 %`."""
    texts = [f"{three_figures(100 * value)} %" for value in values]
    return texts[0] if len(set(texts)) == 1 else "×".join(texts)


def share(value: Fraction) -> str:
    """A share of a whole, rounded to a tenth of a percent: `27.8 %`, `<0.1 %`."""
    tenths = (1000 * value + Fraction(1, 2)) // 1
    return f"{tenths // 10}.{tenths % 10} %" if tenths or not value else "<0.1 %"


def listed(names: Sequence[str]) -> str:
    """`aux1, aux2 and aux3`."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
