"""The values that specs hold and layers take: sizes, pairs and words beside Python's int, Fraction and bool."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import gcd, isqrt, prod
from typing import Any, TypeAlias

from .records import Record

#: A tensor's sizes without the batch, channels first: (64, 55, 55), or (10,) for a vector.
Shape: TypeAlias = tuple[int, ...]
#: What a layer's rule says: a text, or texts and channels-first shapes, which it cannot spell itself, since it does not
#: know the layout that they are to be read in.
Sentence: TypeAlias = str | tuple[str | Shape, ...]


#: Numbers of tensors are worked out up to so many.
MOST_NUMBERS = 4096


class Word(str):
    """A name that is no variable: a kind, a block, or an argument's own word."""

    __slots__ = ()


class Pair(Record):
    """``before:after``."""

    before: Any
    after: Any


class Size(tuple[Any, ...]):
    """Sizes or a shape: numbers, pairs, and None for ``?``."""

    #: Whether it was written ``8@1000``: channels first, whatever the layout.
    at: bool = False


class ShapeSize(Size):
    """A shape written ``8@1000``."""

    at = True


class Listed(tuple[Any, ...]):
    """Values of one argument, ``64,80``."""

    __slots__ = ()


def one_or_each(sizes: Iterable[Any]) -> Any:
    """Sizes of axes as an argument has them: one where all are equal."""
    items = tuple(sizes)
    return items[0] if len(set(items)) == 1 else Size(items)


# Numbers may be those of many variants at once (:mod:`cnncalc.variants.traced`): they have the attribute `traced`, and
# keep how they came about. What would decide something with plain numbers, and need not, goes through these functions.


def is_traced(value: Any) -> bool:
    """Whether a number is that of many variants at once."""
    return getattr(type(value), "traced", False)


def largest(*numbers: Any) -> Any:
    """The largest number."""
    for number in numbers:
        if type(number) is not int and is_traced(number):
            return number.largest_of(numbers)
    return max(numbers)


def smallest(*numbers: Any) -> Any:
    """The smallest number."""
    for number in numbers:
        if type(number) is not int and is_traced(number):
            return number.largest_of(numbers, largest=False)
    return min(numbers)


def less(left: Any, right: Any) -> Any:
    """1 where ``left < right``, else 0."""
    traced = next(filter(is_traced, (left, right)), None)
    return int(left < right) if traced is None else traced.less_of(left, right)


def quotient(left: Any, right: Any) -> Any:
    """``left / right``, exact: a Fraction, if not of many variants."""
    if is_traced(left) or is_traced(right):
        return lifted(left, right) / right
    return Fraction(left) / right


def lifted(left: Any, right: Any) -> Any:
    """`left`, a number that goes together with `right`."""
    return right.lift(left) if type(left) is Fraction and is_traced(right) else left


def describe(value: Any) -> str:
    """`value` as a message names it."""
    if isinstance(value, Word):
        return f"the word '{value}'"
    if isinstance(value, bool):
        return f"the flag {spell(value)}"
    if isinstance(value, Size):
        return f"the size {spell(value)}"
    if isinstance(value, Pair):
        return f"the pair {spell(value)}"
    if isinstance(value, Listed):
        return f"the list {spell(value)}"
    return spell(value) if isinstance(value, int | Fraction) else "a tensor"


def spell(value: Any) -> str:
    """`value` as one writes it in a spec."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "?"
    if isinstance(value, Pair | Listed):
        return (":" if isinstance(value, Pair) else ",").join(map(spell, value))
    if isinstance(value, Size):
        items = [spell(item) for item in value]
        bare = not any(sign in item for item in items for sign in "-./")
        return "x".join(items) if bare else f"({', '.join(items)})"
    if isinstance(value, Fraction) and value.denominator != 1:
        return decimal(value)
    return str(value)


def decimal(value: Fraction) -> str:
    """`value` as a decimal where it is a short one (2.5), else as a fraction (1/3)."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1 or value.denominator > 10**6:
        return f"{value.numerator}/{value.denominator}"
    digits = len(str(value.denominator)) * 4
    scaled = f"{abs(value.numerator) * 10**digits // value.denominator:0{digits + 1}d}"
    return ("-" if value < 0 else "") + f"{scaled[:-digits]}.{scaled[-digits:]}".rstrip("0")


_PLURALS = {"axis": "axes", "index": "indices", "entry": "entries"}


def how_many(number: Any, noun: str, form: str = "") -> str:
    """A number, written in `form`, with its noun: ``1 axis``, ``2 axes``, ``3 input channels``."""
    if number == 1:
        return f"{number} {noun}"
    before, blank, last = noun.rpartition(" ")
    return f"{number:{form}} {before}{blank}{_PLURALS.get(last, last + 's')}"


def times(sizes: Any, sign: str = "x") -> str:
    """``3x224x224``: sizes or pairs joined by `sign`, ``?`` for None."""
    return sign.join([size if isinstance(size, str) else spell(size) for size in sizes])


def laid_out(shape: tuple[Any, ...], layout: str) -> tuple[Any, ...]:
    """A channels-first `shape` in the order of `layout`: the channels last for hwc."""
    return (*shape[1:], shape[0]) if layout == "hwc" and len(shape) > 1 else tuple(shape)


def nearest(word: str, names: Iterable[str], otherwise: str, cutoff: float = 0.6) -> str:
    """``did you mean 'conv1'?`` for the name that is like `word`; `otherwise` where none is."""
    from difflib import get_close_matches

    near = get_close_matches(word, list(names), 1, cutoff)
    return f"did you mean '{near[0]}'?" if near else otherwise


#: How far from a number its neighbours that divide another are looked for.
_FAR = 4096


def divide(number: int, *counts: int) -> str | None:
    """``8 and 16 do``: the next smaller and the next larger number that divide all of `counts`, 1 apart; or None.

    None of numbers that stand for those of many variants, too.
    """
    if any(type(one) is not int for one in (number, *counts)):
        return None
    whole = gcd(*counts)
    below = next((one for one in range(number - 1, max(number - _FAR, 1), -1) if whole % one == 0), None)
    above = next((one for one in range(number + 1, min(number + _FAR, whole) + 1) if whole % one == 0), None)
    found = [str(one) for one in (below, above) if one is not None]
    return f"{' and '.join(found)} {'do' if len(found) > 1 else 'does'}" if found else None


def sentence(parts: Sentence, layout: str) -> str:
    """The text of a sentence, its shapes spelled in `layout`."""
    if isinstance(parts, str):
        return parts
    return "".join(part if isinstance(part, str) else times(laid_out(part, layout)) for part in parts)


#: The widest picture that is proposed.
_WIDEST = 1024


def picture(values: int) -> Shape:
    """The shape of a square picture that has so many values, of as few channels as there can be."""
    if type(values) is not int:  # it stands for those of many variants
        return (values, 1, 1)
    side = next(side for side in range(min(isqrt(values), _WIDEST), 0, -1) if values % (side * side) == 0)
    return (values // (side * side), side, side)


def channels_first(sizes: tuple[Any, ...], layout: str) -> tuple[Any, ...]:
    """What is written in `layout`, channels first; ``8@1000`` is so in any."""
    written_last = layout == "hwc" and len(sizes) > 1 and not (isinstance(sizes, Size) and sizes.at)
    return (sizes[-1], *sizes[:-1]) if written_last else tuple(sizes)


def pick(found: Sequence[Any], shape: Shape, chosen: Sequence[Sequence[int]]) -> list[Any] | None:
    """The elements at all combinations of the `chosen` indices, one list an axis; None of more than are looked at."""
    if prod(map(len, chosen)) > MOST_NUMBERS:
        return None
    places, stride = [0], prod(shape)
    for size, indices in zip(shape, chosen, strict=True):
        stride = stride // size if size else 0
        places = [place + index * stride for place in places for index in indices]
    return [found[place] for place in places]
