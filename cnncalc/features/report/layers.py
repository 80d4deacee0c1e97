"""The table of layers on a page, and the arithmetic of each; alike layers share theirs."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from ...document.columns import BY_NAME, COLUMNS
from ...document.figures import quantity
from ...document.sheets import NAME, Column, Value
from ...document.tree import unfolded
from ...picture.svg import escaped
from ...records import Record
from ..explain.layer_facts import LayerFacts
from ..explain.layer_page import arithmetic

if TYPE_CHECKING:
    from ...document.items import Item
    from ...document.parts import Fact
    from ...measure import NetworkAnalysis
    from ...picture.scope import Thing

#: Layers that have a row; steps of the bars of shares.
MOST_ROWS, STEPS = 3_000, 40
#: The columns that have a bar, each right behind what it is the share of.
_SHARES = {"params": "params%", "macs": "macs%"}
_COLUMNS = tuple(
    one for column in COLUMNS if column.name not in _SHARES.values()
    for one in (column, *(BY_NAME[_SHARES[name]] for name in (column.name,) if name in _SHARES))
)  # fmt: skip
_, *_OTHERS = _COLUMNS


class Arithmetic(Record):
    """What is worked out of layers that are alike: the operation with its shapes, the facts, and which layers."""

    about: str
    facts: tuple[Fact, ...]
    layers: list[int]


class LayerTable:
    """The rows of a model; `scope` is the start of their ids."""

    def __init__(self, analysis: NetworkAnalysis, scope: str) -> None:
        self.analysis, self.scope = analysis, scope
        self.rows = [row for row in analysis.layers if not row.behind_unknown]
        self.shown = self.rows[:MOST_ROWS]
        self._numbers = {row.name: number for number, row in enumerate(self.rows)}
        self.arithmetic = self._worked()
        self._arithmetic_of = {layer: place for place, one in enumerate(self.arithmetic) for layer in one.layers}
        #: The rows of groups, by where these begin and how deep they stand.
        self._groups: dict[tuple[int, int], str] = {}

    def _worked(self) -> list[Arithmetic]:
        """The arithmetic of the layers that have rows."""
        found: dict[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], Arithmetic] = {}
        nodes = [node for node in self.analysis.network.layers if node.name in self._numbers][:MOST_ROWS]
        for number, node in enumerate(nodes):
            about, facts = arithmetic(LayerFacts(self.analysis, node))
            key = (about, tuple((fact.label, tuple(fact.lines)) for fact in facts))
            found.setdefault(key, Arithmetic(about, tuple(facts), [])).layers.append(number)
        return list(found.values())

    def row_id(self, layer: int) -> str:
        """The id of the row of a layer."""
        return f"{self.scope}r{layer}"

    def target(self, thing: Thing) -> str:
        """The id of the row of a box."""
        part = thing.part
        assert part is not None  # inputs and outputs lead nowhere
        row = self.row_id(min(part.start, len(self.shown) - 1))
        return row if part.is_layer else self._groups.get((part.start, part.depth), row)

    # --- the table ------------------------------------------------------------------------------------

    def table(self) -> list[str]:
        """The table, line by line."""
        heads = "".join(
            f'<th scope="col" title="{escaped(column.about)}">{escaped(column.heading)}' for column in _COLUMNS
        )
        lines = [f'<table class="layers"><caption>{escaped(self.caption)}</caption>', f"<thead><tr>{heads}<tbody>"]
        lines += [self._row(item) for item in unfolded(self.shown)]
        return [*lines, "</table>"]

    @property
    def caption(self) -> str:
        """What the table has."""
        more = len(self.rows) - len(self.shown)
        behind = len(self.analysis.layers) - len(self.rows)
        words = [
            f"{quantity(len(self.shown), 'layer')} in the order in which they run, stages and blocks with their sums"
        ]
        words += [f"rows left out: {quantity(more, 'layer')}"] if more else []
        words += [f"not known, behind a fault: {quantity(behind, 'layer')}"] if behind else []
        return "; ".join(words) + "."

    def _row(self, item: Item) -> str:
        layout = self.analysis.layout
        cells = "".join([self._cell(column, column.value(item, layout)) for column in _OTHERS])
        level = f' data-l="{item.level}"' if item.level else ""
        label = escaped(item.label)
        first = self._numbers[item.layers[0].name]
        if item.single is None:
            name = f"{self.scope}g{first}-{item.level}"
            for depth in range(item.level + 1, len(item.layers[0].steps) + 1):
                self._groups.setdefault((first, depth), name)
            return f'<tr id="{name}" class="g"{level}><th scope="row">{label}{cells}'
        leads = f"{self.scope}a{self._arithmetic_of[first]}"
        train = ' class="t"' if item.single.train else ""
        return f'<tr id="{self.row_id(first)}"{train}{level}><th scope="row"><a href="#{leads}">{label}</a>{cells}'

    @staticmethod
    def _cell(column: Column, value: Value) -> str:
        text = column.shown(value)
        if column.name in _SHARES.values() and isinstance(value, Fraction) and value:
            return f'<td class="b{-(-value * STEPS // 1)}">{text}'
        return f"<td>{escaped(text)}"

    # --- the arithmetic -------------------------------------------------------------------------------

    def worked(self, level: int) -> Iterator[str]:
        """An article for all layers that are alike, its heading of `level`."""
        for place, one in enumerate(self.arithmetic):
            names = ", ".join(f'<a href="#{self.row_id(layer)}">{escaped(self.rows[layer].name)}</a>'
                              for layer in one.layers)  # fmt: skip
            facts = "".join(f"<dt>{escaped(fact.label)}<dd>{_lines(fact)}" for fact in one.facts)
            yield (f'<article id="{self.scope}a{place}"><h{level}>{escaped(one.about)}</h{level}><p>{names}</p>'
                   f"<dl>{facts}</dl></article>")  # fmt: skip


def _lines(fact: Fact) -> str:
    texts = [f"<code>{escaped(line)}</code>" if fact.code else escaped(line) for line in fact.lines]
    return "<br>".join(texts)


def numbers() -> list[int]:
    """The columns, counted from 1, that stand to the right."""
    return [place for place, column in enumerate(_COLUMNS, 1) if column.right and column.sort != NAME]
