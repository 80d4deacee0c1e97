"""Models side by side, before they are drawn: a row a measure, a column a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ...document import figures
from ...document.sheets import PLACE, SHAPE, SPLIT, Column, Sheet, texts
from ...records import Record
from .words import labels, ratio, ratio_of

if TYPE_CHECKING:
    from ...measure.conventions import Tally
    from .model import Model


class Measured(Record):
    """One row: its name, how it is shown and the least marked, its measure, and that of the dense network."""

    name: str
    show: Callable[[int], str] | None
    measure: str
    dense: Callable[[Model], int | None] = lambda model: None


def _dense_memory(model: Model) -> int | None:
    """Bytes of the fully connected network: its parameters, the same buffers, and the same peak."""
    found, memory = model.mlp, model.figures["memory"]
    if found.unrolled is None or found.actual is None or memory is None:
        return None
    return int(memory) + found.bytes(found.unrolled.params - found.actual.params)


_ROWS = (
    Measured("parameters", figures.grouped, "params", lambda m: m.mlp.unrolled.params if m.mlp.unrolled else None),
    Measured("MACs", figures.grouped, "macs", lambda m: m.mlp.unrolled.macs if m.mlp.unrolled else None),
    Measured("activations", figures.grouped, "activations", lambda m: m.figures["activations"]),
    Measured("peak of activations", figures.size, "peak", lambda m: m.figures["peak"]),
    Measured("memory in all", figures.size, "memory", _dense_memory),
    Measured("depth", None, "depth"),
)


def side_by_side(models: Sequence[Model], mlp: bool, marks: bool = True) -> Sheet:
    """A column a model; with `mlp` one for its fully connected form behind each. `marks`: the least has a star."""
    step = 2 if mlp else 1
    columns = [Column("measure", "", SHAPE)]
    for name in labels(models):
        columns += [Column(name, name, PLACE), *[Column("dense", "dense", PLACE)] * (step - 1)]
    rows = [_shapes("input", models, step), _shapes("output", models, step)]
    least = set()
    for one in _ROWS:
        values = [model.figures[one.measure] for model in models]
        show = one.show or figures.grouped
        row = [one.name]
        for model, value in zip(models, values, strict=True):
            row.append(figures.UNKNOWN if value is None else show(value))
            if mlp:
                dense = one.dense(model)
                row.append("" if dense is None else show(dense))
        row.append(_most(values) if one.show else "")
        if one.show:
            least |= {(len(rows), 1 + step * place) for place in _least(values)}
        rows.append(row)
    for tallies in zip(*(model.tallies for model in models), strict=True):
        totals = [tally.total for tally in tallies]
        least |= {(len(rows), 1 + step * place) for place in _least(totals)}
        rows.append(_count(tallies, step))
    rows.append(_fields(models, step))
    if mlp:
        rows += _mlp_rows(models)
    columns.append(Column("ratio", "most/least", PLACE))
    notes = ("* the least of its row",) if least and marks else ()
    return texts(columns, rows, narrow=SPLIT, together=step, least=frozenset(least), notes=notes, notes_inset=False)


def _shapes(which: str, models: Sequence[Model], step: int) -> list[str]:
    """The shapes that go in or come out, those of train heads left out."""
    row = [which]
    for model in models:
        layout = model.analysis.layout
        ports = [port for port in getattr(model.analysis, f"{which}s") if not port.train]
        shapes = [figures.turned(port.shape, layout) for port in ports]
        row += [", ".join(figures.shape(one) if one else figures.UNKNOWN for one in shapes), *[""] * (step - 1)]
    return [*row, ""]


def _count(tallies: Sequence[Tally], step: int) -> list[str]:
    """The row of a convention that was asked for: its total of each model."""
    row = [f"{tallies[0].name} ({tallies[0].convention.unit}s)"]
    for tally in tallies:
        row += [figures.UNKNOWN if tally.total is None else figures.grouped(tally.total), *[""] * (step - 1)]
    return [*row, _most([tally.total for tally in tallies])]


def _fields(models: Sequence[Model], step: int) -> list[str]:
    row = ["receptive field"]
    for model in models:
        field = model.figures["field"]
        row += [figures.UNKNOWN if field is None else figures.axes(field) or "all", *[""] * (step - 1)]
    return [*row, ""]


def _mlp_rows(models: Sequence[Model]) -> list[list[str]]:
    """The two causes, and the MLPs of the models' budgets: hidden units."""
    rows = [["saved by sparsity"], ["saved by sharing"]]
    names = ("MLP, same params", "MLP, same MACs")
    rows += [[name] for name in names for _ in range(2)]
    if models[0].hidden:
        units = ", ".join(figures.grouped(units) for units in models[0].hidden)
        rows += [[f"MLP {units}: params"], ["its first layer: weights"]]
    for model in models:
        found, trio = model.mlp, model.mlp.sums
        cells = ["", ratio(trio.sparsity), "", ratio(trio.sharing)]
        for budget in (found.same_params, found.same_macs):
            for one in budget or (None, None):
                known = "none" if one and not one.fits else figures.UNKNOWN
                units = ", ".join(figures.grouped(units) for units in one.hidden) if one and one.fits else known
                cells += ["", units]
        if found.custom:
            cells += ["", figures.grouped(found.custom.params), "", figures.grouped(found.custom.first)]
        elif model.hidden:
            cells += ["", figures.UNKNOWN] * 2
        for row, start in zip(rows, range(0, len(cells), 2), strict=True):
            row += cells[start : start + 2]
    return [[*row, ""] for row in rows]


def _most(values: Sequence[int | None]) -> str:
    """How many times the least the most is; nothing where one is not known, or they are all the same."""
    known = [value for value in values if value is not None]
    if len(known) < len(values) or len(set(known)) == 1:
        return ""
    return ratio_of(max(known), min(known))


def _least(values: Sequence[int | None]) -> list[int]:
    """The places of the least, where not all are the same."""
    known = [value for value in values if value is not None]
    return [place for place, value in enumerate(values) if value == min(known)] if len(set(known)) > 1 else []
