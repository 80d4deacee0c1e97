"""Parts of a network that are alike but for values as one block: which values are parameters, and what follows from
others or from the channels that enter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from ...network import Network
from ...records import Record
from .alike import Slot

#: Arguments that count channels: one may be a multiple of another.
COUNTS = frozenset(("filters", "units", "groups"))
#: The value of a parameter that goes without saying, by the argument.
_USUAL: dict[str, Any] = {"stride": 1, "dilation": 1, "groups": 1, "pad": 0, "multiplier": 1}
#: The channels that enter a line, in a text.
_CHANNELS = re.compile(r"(?<![\w.@])C\b")


class BlockParameter(Record):
    """A parameter of a block: for which value of its body it stands (of the first that is alike), and its default."""

    slot: Slot
    name: str
    default: Any = None


class General(Record):
    """Parameters, the texts of values that are none and no constants, by slot, and the values of each of the parts."""

    parameters: tuple[BlockParameter, ...]
    texts: dict[tuple[int, str], str]
    values: tuple[tuple[Any, ...], ...]


class Alike(Record):
    """One of parts that are alike: its values, the tensor that enters it, and whether it stands in a block itself."""

    slots: tuple[Slot, ...]
    entering: int | None
    inside: bool


class Generalizing:
    """Finds the parameters of parts that are alike. `texts` are those of values in blocks; `sorts` the argument that a
    value of a use of a block is.
    """

    def __init__(
        self, network: Network, texts: Mapping[tuple[int, str], str], sorts: Mapping[tuple[int, str], str]
    ) -> None:
        self.network = network
        self.texts = texts
        self.sorts = sorts

    def __call__(self, parts: Sequence[Alike]) -> General | None:
        """What is general in `parts`; the first of them stands for all. None where a value would mean another number
        at the use: the channels that enter a layer, at a line that other channels enter.
        """
        chosen: list[int] = []
        made: dict[tuple[int, str], str] = {}
        columns = list(zip(*[part.slots for part in parts], strict=True))
        for number, column in enumerate(columns):
            if len({repr(self._value(slot)) for slot in column}) == 1 and not self._text(column[0]):
                continue
            text = self._follows(parts, columns, column, chosen)
            given = text is None or "{" in text
            if given and not all(map(self._means_the_same, parts, column)):
                return None
            if text is None:
                chosen.append(number)
                text = f"{{{len(chosen) - 1}}}"
            made[column[0].node, column[0].name] = text
        parameters = tuple([self._parameter(columns[number]) for number in chosen])
        values = [tuple([self._value(part.slots[number]) for number in chosen]) for part in parts]
        return General(parameters, made, tuple(values))

    def sort(self, slot: Slot) -> str:
        """The name of the argument that a value is, in whatever block."""
        return self.sorts.get((slot.node, slot.name), slot.name)

    def _parameter(self, column: Sequence[Slot]) -> BlockParameter:
        usual = _USUAL.get(self.sort(column[0]))
        count = sum(self._text(slot) is None and slot.value == usual for slot in column)
        return BlockParameter(column[0], self.sort(column[0]), usual if 2 * count >= len(column) else None)

    def _text(self, slot: Slot) -> str | None:
        return self.texts.get((slot.node, slot.name))

    def _value(self, slot: Slot) -> Any:
        text = self._text(slot)
        return slot.value if text is None else Expression(text)

    def _means_the_same(self, part: Alike, slot: Slot) -> bool:
        """Whether the value is the same at the line that uses the block: its text tells of no other channels."""
        return slot.entering == part.entering or not _CHANNELS.search(self._text(slot) or "")

    # --- what follows ---------------------------------------------------------------------------------

    def _follows(
        self, parts: Sequence[Alike], columns: Sequence[Sequence[Slot]], column: Sequence[Slot], chosen: Sequence[int]
    ) -> str | None:
        """The text of a value that follows from parameters before it, or from channels; None where none is found."""
        sort = self.sort(column[0])
        for place, number in enumerate(chosen):
            other = self.sort(columns[number][0])
            if other == sort or {sort, other} <= COUNTS:
                text = self._of_parameter(column, columns[number], f"{{{place}}}", sort in COUNTS)
                if text is not None:
                    return text
        if sort in COUNTS:
            entering = [slot.entering for slot in column]
            text = self._of_channels(parts, column, entering, "C")
            return text or self._of_channels(parts, column, [part.entering for part in parts], "@input.C", plain=True)
        return self._half_kernel(columns, column, chosen) if sort == "pad" else None

    def _of_parameter(self, column: Sequence[Slot], of: Sequence[Slot], name: str, multiples: bool) -> str | None:
        """`name`, or a multiple or fraction of it, where the values of `column` are that of those of `of`."""
        pairs = [(self._value(slot), self._value(other)) for slot, other in zip(column, of, strict=True)]
        if all(one == other for one, other in pairs):
            return name
        first = next((pair for pair in pairs if _whole(*pair)), None)
        if first is None or not multiples:
            return None
        ratio = Fraction(first[0], first[1])
        for one, other in pairs:
            said = isinstance(one, Expression) and isinstance(other, Expression)
            if one != (scaled(str(other), ratio) if said else _times(other, ratio)):
                return None
        return scaled(name, ratio)

    def _of_channels(
        self, parts: Sequence[Alike], column: Sequence[Slot], tensors: Sequence[int | None], name: str,
        plain: bool = False,
    ) -> str | None:  # fmt: skip
        """`name`, or a multiple or fraction of it, where the values of `column` are that of the channels entering."""
        ratio: Fraction | None = None
        for part, slot, tensor in zip(parts, column, tensors, strict=True):
            value, channels = self._value(slot), self._channels(tensor)
            if isinstance(value, Expression) and not plain:
                continue
            if part.inside or channels is None or type(value) is not int:
                return None
            ratio = ratio or Fraction(value, channels)
            if value != ratio * channels:
                return None
        if ratio is None or (plain and ratio != 1):
            return None
        text = scaled(name, ratio)
        said = [self._value(slot) for slot in column]
        return text if text and all(one == text for one in said if isinstance(one, Expression)) else None

    def _channels(self, tensor: int | None) -> int | None:
        shape = None if tensor is None or tensor < 0 else self.network.nodes[tensor].output
        return shape[0] if shape else None

    def _half_kernel(
        self, columns: Sequence[Sequence[Slot]], column: Sequence[Slot], chosen: Sequence[int]
    ) -> str | None:
        """Half the kernel, where that is a parameter; the dilation, where the padding is that."""
        for place, number in enumerate(chosen):
            of = columns[number]
            if self.sort(of[0]) not in ("kernel", "dilation") or of[0].node != column[0].node:
                continue
            half = self.sort(of[0]) == "kernel"
            pairs = [(self._value(slot), self._value(other)) for slot, other in zip(column, of, strict=True)]
            if all(type(one) is type(other) is int and one == (other // 2 if half else other) for one, other in pairs):
                return f"{{{place}}}//2" if half else f"{{{place}}}"
        return None


class Expression(str):
    """A value as its text, where it follows from parameters."""

    __slots__ = ()


def scaled(name: str, ratio: Fraction) -> str | None:
    """A multiple or a whole fraction of what is called `name`; None for another ratio."""
    if ratio == 1:
        return name
    simple = name.replace("_", "").replace("{", "").replace("}", "").replace("@input.C", "C").isalnum()
    if not simple or 1 not in (ratio.numerator, ratio.denominator):
        return None
    return f"{name}*{ratio.numerator}" if ratio.denominator == 1 else f"{name}//{ratio.denominator}"


def _whole(*values: Any) -> bool:
    return all(type(value) is int and value > 0 for value in values)


def _times(value: Any, ratio: Fraction) -> Any:
    made = ratio * value if _whole(value) else None
    return int(made) if made is not None and made.denominator == 1 else None
