"""The columns of `cnncalc shapes`: one line each, the same in every format."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import TYPE_CHECKING, Any

from ..records import Record
from . import figures
from .items import Item
from .sheets import COUNT, NAME, NUMBER, PLACE, SHAPE, TEXT, Column, Value

if TYPE_CHECKING:
    from ..measure import NetworkAnalysis


class Selection(Record):
    """What of an analysis is shown, and how."""

    columns: tuple[Column, ...]
    layout: str = "chw"
    depth: int | None = None
    flat: bool = False
    sort: Column | None = None
    top: int | None = None
    #: Whether the columns are the default ones, to which `train` is added where it says something.
    default: bool = True

    def tree(self) -> bool:
        """Whether a format that draws trees draws one."""
        return not (self.flat or self.sort or self.top)

    def shown(self, analysis: NetworkAnalysis, tree: bool) -> tuple[Column, ...]:
        """The columns, with `train` where no tree shows which layers are in a head for training only."""
        if self.default and not tree and any(port.train for port in analysis.outputs):
            return (*self.columns, BY_NAME["train"])
        if all(column.name in _SELDOM for column in self.columns):  # else most rows were blank
            return tuple([column._replace(show=_SELDOM[column.name]) for column in self.columns])
        return self.columns


def falls(column: Column) -> bool:
    """Whether sorting by a column puts the largest first."""
    return column.sort in (NUMBER, COUNT, SHAPE)


def rank(column: Column, value: Value) -> Any:
    """What rows are sorted by: numbers as they are, shapes by their elements, text by its words."""
    if column.sort == SHAPE:
        return prod(value)
    return value if falls(column) else _natural(str(value))


def _natural(text: str) -> list[tuple[int, str]]:
    """A key under which conv2 comes before conv10."""
    import re

    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"([0-9]+)", text)]


def _sum(measure: str) -> Callable[[Item, str], Value]:
    return lambda item, _: item.total(measure) if item.layers else ""


def _share(measure: str) -> Callable[[Item, str], Value]:
    return lambda item, _: item.share(measure) if item.layers else ""


def _last(attribute: str) -> Callable[[Item, str], Value]:
    """The attribute of the last layer: what a group has at its end."""
    return lambda item, _: getattr(item.end, attribute) if item.end else ""


def _own(attribute: str) -> Callable[[Item, str], Value]:
    """The attribute of a layer; a group has none."""
    return lambda item, _: getattr(item.single, attribute) if item.single else ""


def _output(item: Item, layout: str) -> Value:
    end = item.end
    return figures.turned(end.output, layout) if end else ""


def _filter(item: Item, _: str) -> Value:
    return (item.single and item.single.filter) or ""


def _inputs(item: Item, _: str) -> Value:
    """The names that a layer, or a group from outside itself, reads."""
    inside = {layer.name for layer in item.layers}
    names = dict.fromkeys(name for layer in item.layers for name in layer.inputs if name not in inside)
    return " ".join(names) if item.end else ""


def _line(item: Item, _: str) -> Value:
    layer = item.single
    if layer is None:
        return ""
    line = "" if layer.line is None else str(layer.line)
    return ":".join(filter(None, (layer.file, line)))


def _kind(item: Item, _: str) -> Value:
    return item.kind or item.layers[0].kind if item.end else ""


def _path(item: Item, _: str) -> Value:
    return "/".join(item.path)


def _train(item: Item, _: str) -> Value:
    return bool(item.end and item.end.train)


def _ascii(text: Value) -> str:
    """A text for programs, which search it by what a keyboard has."""
    return "" if text is None else str(text).replace("×", "x")


def _briefly(operation: str) -> str:
    """An operation with the short keys of the language: `conv 64 3x3 s=2 p=1`."""
    for key in ("stride", "pad", "dilation", "groups"):
        operation = operation.replace(f" {key}=", f" {key[0]}=")
    return operation


def _count(name: str, heading: str, about: str) -> Column:
    """The column of a measure that is summed over the layers of a row."""
    return Column(name, heading, COUNT, about, _sum(name), figures.grouped)


def _field(name: str, about: str) -> Column:
    """The column of a number of the receptive field of the last layer, an axis each."""

    def value(item: Item, _: str) -> Value:
        numbers: Value = getattr(item.end, name) if item.end else ""
        return figures.Nominal(numbers) if numbers and item.end and item.end.nominal else numbers

    return Column(name, name, NUMBER, about, value, figures.axes)


#: Every column, in the order that help lists them in.
COLUMNS = (
    Column("layer", "layer", NAME, "its name", lambda item, _: item.label, exact=_ascii),
    Column(
        "operation", "operation", TEXT, "what it does", lambda item, _: item.operation,
        brief=_briefly, exact=_ascii,
    ),
    Column("output", "output", SHAPE, "the shape of what comes out", _output, figures.shape),
    _count("params", "params", "learned weights and biases"),
    _count("macs", "MACs", "multiply-accumulates"),
    _count("flops", "FLOPs", "floating-point operations, 2 a MAC"),
    Column("filter", "filter", SHAPE, "the shape of the weights", _filter, figures.shape),
    Column(
        "formula", "formula", TEXT, "the arithmetic of the output size", _own("formula"), exact=_ascii,
    ),
    Column(
        "kept", "kept", NUMBER, "elements out for each element in", _own("kept"), figures.three_figures,
    ),
    _count("buffers", "buffers", "running statistics, not learned"),
    Column("inputs", "inputs", TEXT, "the names of what it reads", _inputs, exact=_ascii),
    Column("line", "line", PLACE, "where it is written", _line, exact=_ascii),
    Column("path", "path", TEXT, "the stage, head and blocks it is in", _path, exact=_ascii),
    Column("kind", "kind", TEXT, "the kind of layer", _kind, exact=_ascii),
    _field("field", "receptive field: the pixels it sees"),
    Column("field%", "field %", NUMBER, "the same over the size of the input", _last("coverage"), figures.percents),
    _field("jump", "pixels from one output to the next"),
    _field("start", "the input pixel its first field begins at"),
    Column("params%", "params %", NUMBER, "parameters, of all", _share("params"), figures.share),
    Column("macs%", "MACs %", NUMBER, "multiply-accumulates, of all", _share("macs"), figures.share),
    Column("train", "train", TEXT, "in a head that only training runs", _train, lambda value: "yes" * value),
)  # fmt: skip
BY_NAME = {column.name: column for column in COLUMNS}
#: Columns that say nothing of most layers: what they show where they stand alone.
_SELDOM: dict[str, Callable[[Any], str]] = {
    "path": lambda value: value or "–", "train": lambda value: "yes" if value else "no",
}  # fmt: skip
DEFAULTS = ("layer", "operation", "output", "params", "macs")
_SYNONYMS = {"name": "layer", "shape": "output", "parameters": "params", "weights": "filter", "mac": "macs"}


class UnknownColumn(ValueError):
    """A column that there is none of; the message names the nearest, or all."""


def find(word: str) -> Column:
    """The column of that name. Raises UnknownColumn."""
    name = word.strip().lower()
    column = BY_NAME.get(_SYNONYMS.get(name, name))
    if column is None:
        from difflib import get_close_matches

        near = get_close_matches(name, [*BY_NAME, *_SYNONYMS], 1)
        hint = f"did you mean '{near[0]}'?" if near else "there are " + ", ".join(BY_NAME) + "."
        raise UnknownColumn(f"unknown column '{word.strip()}': {hint}")
    return column


def choose(text: str | None) -> tuple[Column, ...]:
    """The columns that `--columns` asks for: `a,b` just those, `+a,b` both besides the defaults, `-b` without it."""
    chosen: dict[str, Column] = {}
    words = [word.strip() for word in (text or "").split(",") if word.strip()]
    if not words or words[0][0] in "+-":
        chosen = {name: BY_NAME[name] for name in DEFAULTS}
    for word in words:
        column = find(word.lstrip("+-"))
        if word[0] == "-":
            chosen.pop(column.name, None)
        else:
            chosen[column.name] = column
    if not chosen:
        raise UnknownColumn("no column is left to show")
    return tuple(chosen.values())
