"""A layer as a call of another framework, as far as the table of names (names.py) says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from ..layers import Layer, Shape
from ..records import Record
from ..values import Size, spell
from .lookup import calls
from .signatures import REQUIRED, Parameter, Signature


class CallText(Record):
    """The code of a call, empty where there is none, and a remark."""

    code: str
    remark: str = ""


class Framework(Record):
    """What calls are written for: its key in the table, its module there, and how it quotes words."""

    key: str
    module: str
    quote: str

    def call(self, layer: Layer, shape: Shape, output: Shape, row: str = "", **values: object) -> str:
        """The call of the row of the layer's kind (or `row`), for so many spatial axes; empty where there is none.

        `values` replace the layer's own arguments, and words of the table such as the axis of the channels; None for
        one that is not written, and text is written as it is.
        """
        rank = max(len(shape) - 1, 1)
        named = ((one, one.name(rank)) for one in calls(row or layer.kind, self.key) if one.writes)
        signature, name = next(((one, name) for one, name in named if name), (None, None))
        if signature is None or (not (row or values) and _unsaid(signature, layer)):
            return ""
        own = {**dict(layer.values), **values}
        channels: Mapping[str, Any] = {"C": shape[0], "C_out": output[0], **values}
        return f"{self.module}.{name}({', '.join(self._arguments(signature, own, channels))})"

    def lacking(self, layer: Layer) -> str:
        """What there is no call for: the kind of a layer, or that with arguments which the call does not have."""
        written = next((call for call in calls(layer.kind, self.key) if call.writes), None)
        unsaid = _unsaid(written, layer) if written else []
        return f"{layer.kind} with {' and '.join(f'{name}=' for name in unsaid)}" if unsaid else layer.kind

    def _arguments(self, signature: Signature, own: Mapping[str, Any], channels: Mapping[str, Any]) -> list[str]:
        words = []
        for parameter in signature.parameters:
            value = own.get(parameter.ours) if parameter.ours else channels.get(parameter.word, parameter.value)
            if value is None or value is REQUIRED:
                continue
            text = self._text(value, parameter)
            if not parameter.always and text == self._text(parameter.default, parameter):
                continue
            by_position = parameter.always == "!" or (parameter.required and not parameter.always)
            words.append(text if by_position else f"{parameter.name}={text}")
        return words

    def _text(self, value: Any, parameter: Parameter) -> str:
        if isinstance(value, str):
            return value if parameter.ours else f"{self.quote}{value}{self.quote}"
        if isinstance(value, Size):
            return sized(value)
        return spell(value) if isinstance(value, Fraction) else str(value)


def _unsaid(signature: Signature, layer: Layer) -> list[str]:
    """The arguments of which the layer has a value of its own, and the call none."""
    said = {parameter.ours for parameter in signature.parameters} | signature.implied.keys()
    return [name for name, _, default in layer.declared if getattr(layer, name) != default and name not in said]


def sized(values: Sequence[int]) -> str:
    """One number where all axes agree, else a tuple."""
    found = tuple(values)
    if len(set(found)) == 1:
        return str(found[0])
    return f"({', '.join(map(str, found))})"


def letters(count: int) -> list[str]:
    """Names for the paths of a merge: a, b, c; t24 and so on where there are more than letters."""
    return [chr(ord("a") + one) if one < 23 else f"t{one + 1}" for one in range(count)]
