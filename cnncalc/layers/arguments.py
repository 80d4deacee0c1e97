"""Typed descriptors of layer arguments: declared once, they check values and describe themselves."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Generic, Self, TypeVar, overload

from ..values import Pair, Sentence, ShapeSize, Size, Word, describe, laid_out, sentence, spell, times

T = TypeVar("T")


class LayerError(Exception):
    """A layer that cannot be: what is wrong, and which argument is at fault.

    `missing` names an argument that was not given, `notes` are further lines for the reader, `divided` says that the
    help is for an argument written with a division.
    """

    def __init__(
        self, message: Sentence, argument: str | None = None, help: Sentence | None = None, missing: str | None = None,
        notes: tuple[str, ...] = (), code: str = "shape", divided: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(message)
        self.message = message
        self.divided = divided
        self.argument = argument
        self.advice = help
        self.missing = missing
        self.notes = notes
        self.code = code

    def __str__(self) -> str:
        return sentence(self.message, "chw")

    @property
    def help(self) -> str | None:
        """What to write instead, its shapes channels first."""
        return None if self.advice is None else sentence(self.advice, "chw")


class RankError(LayerError):
    """A tensor of another number of axes than a layer takes: no other size of the input is what was forgotten."""


class Required:
    """The default of an argument that has none."""

    def __repr__(self) -> str:
        return "required"


REQUIRED = Required()


class Argument(Generic[T]):
    """One argument of a kind. On an instance of the kind its name gives the value."""

    #: What sort of value it takes, for `cnncalc layers`.
    sort = "number"
    #: Whether it is told by its key even where it may stand by position.
    keyed = False
    #: The words that it takes.
    words: tuple[str, ...] = ()

    def __init__(
        self, about: str, default: Any = REQUIRED, synonyms: Iterable[str] = (), hint: str = "", least: int = 1,
        words: tuple[str, ...] | None = None,
    ) -> None:  # fmt: skip
        self.about = about
        self.default = default
        self.synonyms = tuple(synonyms)
        #: For a missing argument: a value to suggest, and what it would mean.
        self.hint = hint
        self.least = least
        if words is not None:
            self.words = words
        self.name = ""
        self.position: int | None = None

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name.removesuffix("_")  # from_ is the argument 'from', which is a word of Python's

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> Self | T:
        # The values live in the instance's __dict__, which comes before this (a non-data descriptor).
        return self if instance is None else instance.__dict__.get(self.name, self.default)

    def placed(self, position: int | None) -> Self:
        """This argument as a kind has it: at `position`, or by key only."""
        if position == self.position:
            return self
        placed = object.__new__(type(self))
        placed.__dict__.update(self.__dict__, position=position)
        return placed

    @property
    def required(self) -> bool:
        """Whether it must be given."""
        return self.default is REQUIRED

    @property
    def default_text(self) -> str:
        """The default as one writes it; empty where there is none."""
        return "" if self.default is REQUIRED or self.default is None else self.show(self.default, 1)

    def show(self, value: Any, rank: int, layout: str = "chw") -> str:
        """`value` as a spec has it: of an input with `rank` spatial axes, in `layout`."""
        return str(value) if type(value) is int else spell(value)

    def convert(self, value: Any, kind: str) -> T:
        """`value`, checked. Raises LayerError with this argument's name."""
        raise NotImplementedError

    def wrong(self, value: Any, wanted: str, help: str | None = None) -> LayerError:
        """The error for a `value` that is not what is `wanted`."""
        if isinstance(value, Word):
            return LayerError(f"unknown name '{value}': {self.name} is {wanted}", self.name, help, code="unknown-name")
        divided = isinstance(value, Fraction) and help is None
        if divided:
            help = "for a whole number divide with '//'"
        message = f"{self.name} is {wanted}, not {describe(value)}"
        return LayerError(message, self.name, help, code="argument", divided=divided)


class Count(Argument[int]):
    """A whole number, at least `least`."""

    def convert(self, value: Any, kind: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            help = None
            if isinstance(value, Size) and self.name in ("filters", "units"):
                help = f"write '{kind} {self.name.upper()} …': the number of {self.name} comes first"
            raise self.wrong(value, "a whole number", help)
        if value < self.least:
            raise self.wrong(value, f"at least {self.least}")
        return value


class Sizes(Argument[Any]):
    """A whole number for every spatial axis, or one an axis."""

    sort = "size"
    #: Whether one number is shown once an axis: a 3x3 kernel.
    spread = False

    def __set_name__(self, owner: type, name: str) -> None:
        super().__set_name__(owner, name)
        self.spread = name in ("kernel", "to", "size")
        self.keyed = name in ("stride", "to")

    def show(self, value: Any, rank: int, layout: str = "chw") -> str:
        if isinstance(value, int) and self.spread and rank > 0:
            return times([value] * rank)
        return super().show(value, rank, layout)

    def convert(self, value: Any, kind: str) -> Any:
        items = value if isinstance(value, Size) else (value,)
        if isinstance(value, ShapeSize):
            raise self.wrong(value, "one number an axis: it has no channels")
        for item in items:
            if isinstance(item, bool) or not isinstance(item, int):
                raise self.wrong(item, "a whole number, or one an axis" if item is not None else "no shape with '?'")
            if item < self.least:
                raise self.wrong(item, f"at least {self.least}")
        return value


#: What others write for ``yes`` and ``no``.
_MEANT = {"0": "no", "none": "no", "off": "no", "n": "no", "f": "no", "1": "yes", "on": "yes", "y": "yes", "t": "yes"}


class YesNo(Argument[bool]):
    """``yes`` or ``no``."""

    sort = "flag"

    def convert(self, value: Any, kind: str) -> bool:
        if not isinstance(value, bool):
            meant = _MEANT.get(str(value).lower())
            raise self.wrong(value, "yes or no", f"write '{self.name}={meant}'" if meant else None)
        return value


class YesNoOr(YesNo):
    """``yes``, ``no``, or one of a few words."""

    def convert(self, value: Any, kind: str) -> Any:
        if isinstance(value, Word) and value in self.words:
            return str(value)
        if not isinstance(value, bool):
            raise self.wrong(value, f"yes, no or {' or '.join(self.words)}")
        return value


class Padding(Argument[Any]):
    """A number, one an axis, ``before:after``, or one of `words`."""

    sort = "padding"
    words: tuple[str, ...] = ("same", "valid", "causal")
    #: Whether it may take something off.
    negative = False

    def convert(self, value: Any, kind: str) -> Any:
        if isinstance(value, Word):
            if value not in self.words:
                names = ", ".join(self.words)
                raise self.wrong(value, f"a number, before:after{', ' + names if names else ''}")
            return 0 if value == "valid" else str(value)
        for item in value if isinstance(value, Size) else (value,):
            for side in item if isinstance(item, Pair) else (item,):
                if isinstance(side, bool) or not isinstance(side, int):
                    raise self.wrong(side if side is not None else value, "a whole number, or one an axis")
                if side < 0 and not self.negative:
                    raise self.wrong(side, "at least 0", "'crop' takes something off")
        return value


class Border(Padding):
    """Numbers that may be negative, and no word."""

    words, negative = (), True


class OneOf(Argument[str]):
    """One of a few words."""

    sort = "word"

    def convert(self, value: Any, kind: str) -> str:
        if not isinstance(value, Word) or value not in self.words:
            raise self.wrong(value, " or ".join(self.words))
        return str(value)


class Shaped(Argument[Any]):
    """A shape, channels first by the time it comes here; None for ``?``."""

    sort = "shape"

    def show(self, value: Any, rank: int, layout: str = "chw") -> str:
        return times(laid_out(value, layout))

    def convert(self, value: Any, kind: str) -> Any:
        items = value if isinstance(value, Size) else (value,)
        for item in items:
            if item is not None and (isinstance(item, bool) or not isinstance(item, int)):
                raise self.wrong(item, "a shape of whole numbers")
            if item is not None and item < 1:
                raise self.wrong(item, "a shape of numbers over 0")
        return Size(items)


class Range(Argument[Pair]):
    """``from:to``."""

    sort = "pair"

    def convert(self, value: Any, kind: str) -> Pair:
        if not isinstance(value, Pair) or not all(isinstance(side, int) for side in value):
            raise self.wrong(value, "a range from:to of whole numbers")
        if not 0 <= value.before < value.after:
            raise self.wrong(value, "a range with 0 <= from < to")
        return value


class Rate(Argument[Any]):
    """A number from 0 to 1."""

    def convert(self, value: Any, kind: str) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | Fraction) or not 0 <= value <= 1:
            percent = isinstance(value, int) and 1 < value < 100
            raise self.wrong(value, "a number from 0 to 1", f"write '{kind} 0.{value:02}'" if percent else "")
        return value


class Number(Argument[Any]):
    """Any number."""

    def convert(self, value: Any, kind: str) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | Fraction):
            raise self.wrong(value, "a number", "")
        return value


class Factor(Argument[Any]):
    """A number over 0, or one an axis."""

    sort = "size"

    def convert(self, value: Any, kind: str) -> Any:
        for item in value if isinstance(value, Size) else (value,):
            if isinstance(item, bool) or not isinstance(item, int | Fraction) or item <= 0:
                raise self.wrong(item, "a number over 0, or one an axis", "")
        return value
