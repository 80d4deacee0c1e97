"""Models side by side, before they are drawn: a row a measure, a column a model."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from ...document import figures
from ...document.sheets import PLACE, SHAPE, SPLIT, Column, Sheet, texts
from ...measures import BYTES, LAYERS, MEASURES, PIXELS, Measure
from ...records import Record
from .words import labels, ratio, ratio_of, units

if TYPE_CHECKING:
    from ...measure.conventions import Tally
    from ...measure.mlp_budget import Perceptron
    from .model import ComparedModel


#: Shapes of a model in one cell are no wider together; and a row each for so many.
_WIDEST, _MOST = 24, 8


class ModelsRow(Record):
    """A row: a cell a model; the values of which the least is marked, where one is; and cells of the dense networks."""

    name: str
    cells: Sequence[str]
    values: Sequence[int | None] = ()
    dense: Sequence[str] = ()


def side_by_side(models: Sequence[ComparedModel], mlp: bool, marks: bool = True) -> Sheet:
    """A column a model; with `mlp` one for its fully connected form behind each. `marks`: the least has a star."""
    step = 2 if mlp else 1
    columns = [Column("measure", "", SHAPE)]
    for name in labels(models):
        columns += [Column(name, name, PLACE), *[Column("dense", "dense", PLACE)] * (step - 1)]
    columns.append(Column("ratio", "most/least", PLACE))
    lines = _lines(models, mlp)
    rows = []
    for line in lines:
        cells = zip(line.cells, line.dense or [""] * len(models), strict=True)
        rows.append([line.name, *(cell for pair in cells for cell in pair[:step]), _most(line.values)])
    least = {(row, 1 + step * place) for row, line in enumerate(lines) for place in _least(line.values)}
    notes = ("* the least of its row",) if least and marks else ()
    return texts(columns, rows, narrow=SPLIT, together=step, least=frozenset(least), notes=notes, notes_inset=False)


def _lines(models: Sequence[ComparedModel], mlp: bool) -> list[ModelsRow]:
    """The ends of the models, the measures that have a row, the conventions that were asked for, and the MLPs."""
    measures = [measure for measure in MEASURES.values() if measure.row]
    return [
        *_shapes("input", models),
        *_shapes("output", models),
        *(_measured(measure, models, mlp) for measure in measures if measure.unit != PIXELS),
        *(_counted(tallies) for tallies in zip(*(model.tallies for model in models), strict=True)),
        *(_fields(measure, models) for measure in measures if measure.unit == PIXELS),
        *(_mlp_lines(models) if mlp else ()),
    ]


def _shapes(which: str, models: Sequence[ComparedModel]) -> list[ModelsRow]:
    """The shapes that go in or come out, those of train heads left out: in one row, or where a model has so many that
    its column would get wide, in a row each.
    """
    found = []
    for model in models:
        ports = [port for port in getattr(model.analysis, f"{which}s") if not port.train]
        found.append([figures.spelled(port.shape, model.analysis.layout) for port in ports])
    if all(len(", ".join(shapes)) <= _WIDEST for shapes in found):
        return [ModelsRow(which, [", ".join(shapes) for shapes in found])]
    cut = [
        shapes if len(shapes) <= _MOST else [*shapes[: _MOST - 1], f"+{len(shapes) - _MOST + 1}"] for shapes in found
    ]
    rows = zip_longest(*cut, fillvalue="")
    return [ModelsRow("" if place else which, list(cells)) for place, cells in enumerate(rows)]


def _measured(measure: Measure, models: Sequence[ComparedModel], mlp: bool) -> ModelsRow:
    values = [model.figures[measure.name] for model in models]
    show = figures.size if measure.unit == BYTES else figures.grouped
    pairs = zip(models, values, strict=True)
    cells = [_least_known(model, measure.name) if value is None else show(value) for model, value in pairs]
    dense = [_dense(model, measure.name) for model in models] if mlp else []
    # Layers on a path are no cost: there is no least of them.
    marked = values if measure.unit != LAYERS else ()
    return ModelsRow(measure.row, cells, marked, ["" if value is None else show(value) for value in dense])


def _least_known(model: ComparedModel, measure: str) -> str:
    """`at least 224`, where a total is not known; `?` where nothing is."""
    known = (model.analysis.at_least or {}).get(measure)
    return f"at least {figures.grouped(known)}" if known else figures.UNKNOWN


def _dense(model: ComparedModel, measure: str) -> int | None:
    """A measure of the fully connected network, which has the model's activations and buffers; None where unknown."""
    unrolled, actual = model.mlp.unrolled, model.mlp.actual
    own: int | None = model.figures[measure]
    if measure in ("activations", "peak"):
        return own
    if unrolled is None or actual is None or own is None:
        return None
    if measure == "memory":
        return own + model.mlp.bytes(unrolled.params - actual.params)
    return getattr(unrolled, measure, None)


def _counted(tallies: Sequence[Tally]) -> ModelsRow:
    """The row of a convention that was asked for: its total of each model."""
    totals = [tally.total for tally in tallies]
    return ModelsRow(f"{tallies[0].name} ({tallies[0].convention.unit}s)", list(map(figures.grouped, totals)), totals)


def _fields(measure: Measure, models: Sequence[ComparedModel]) -> ModelsRow:
    fields = [model.figures[measure.name] for model in models]
    return ModelsRow(
        measure.row, [figures.UNKNOWN if field is None else figures.axes(field) or "all" for field in fields]
    )


def _mlp_lines(models: Sequence[ComparedModel]) -> list[ModelsRow]:
    """The two causes, and the MLPs of the models' budgets: hidden units."""
    found = [model.mlp for model in models]
    cells = [
        ("saved by sparsity", [ratio(mlp.sums.sparsity) for mlp in found]),
        ("saved by sharing", [ratio(mlp.sums.sharing) for mlp in found]),
    ]
    for name, budgets in (
        ("MLP, same params", [mlp.same_params for mlp in found]), ("MLP, same MACs", [mlp.same_macs for mlp in found]),
    ):  # fmt: skip
        cells += [(name, [_fitting(budget[place] if budget else None) for budget in budgets]) for place in (0, 1)]
    if models[0].hidden:
        own = [mlp.custom for mlp in found]
        cells.append(
            (
                f"MLP {units(models[0].hidden)}: params",
                [figures.grouped(perceptron.params if perceptron else None) for perceptron in own],
            )
        )
        cells.append(
            (
                "its first layer: weights",
                [figures.grouped(perceptron.first if perceptron else None) for perceptron in own],
            )
        )
    return [ModelsRow(name, [""] * len(models), dense=dense) for name, dense in cells]


def _fitting(one: Perceptron | None) -> str:
    """The hidden units of an MLP that was to fit a budget."""
    return figures.UNKNOWN if one is None else units(one.hidden) if one.fits else "none"


def _most(values: Sequence[int | None]) -> str:
    """How many times the least the most is; nothing where one is not known, or they are all the same."""
    known = [value for value in values if value is not None]
    if len(known) < len(values) or len(set(known)) < 2:
        return ""
    return ratio_of(max(known), min(known))


def _least(values: Sequence[int | None]) -> list[int]:
    """The places of the least, where not all are the same."""
    known = [value for value in values if value is not None]
    return [place for place, value in enumerate(values) if value == min(known)] if len(set(known)) > 1 else []
