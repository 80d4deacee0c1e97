"""`cnncalc compare` for programs: a row a model, or with the fully connected networks a row a layer; exact numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ...document.figures import turned
from ...document.sheets import Column, Sheet, Value, exactly, texts
from ...measures import FIGURES, MEASURES
from .words import labels

if TYPE_CHECKING:
    from ...measure.mlp import Unrolled
    from .model import ComparedModel

_MEASURES = tuple(name for name in FIGURES if MEASURES[name].word)
_COSTS = tuple(f"{way}_{part}" for way in ("conv", "local", "dense") for part in ("weights", "biases", "macs"))
_LAYER = (
    "model", "layer", "kind", "output", "params", "macs", "train", "inputs", "outputs", "taps", "conv_macs_inside",
    *_COSTS, "sparsity", "sharing", "total",
)  # fmt: skip


def of_models(models: Sequence[ComparedModel]) -> Sheet:
    """A row a model."""
    counted = [tally.name for tally in models[0].tallies] if models else []
    columns = [Column(name, name) for name in ("model", "file", "input", "output")]
    columns += [Column(name, name, exact=_joined) for name in _MEASURES]
    columns += [Column(name, name) for name in counted]
    return texts(columns, map(_model, models, labels(models)))


def of_layers(models: Sequence[ComparedModel], layer: str | None) -> Sheet:
    """A row a layer of every model; `layer` keeps those of that name."""
    rows = (row for model, name in zip(models, labels(models), strict=True) for row in _layers(model, name, layer))
    return texts([Column(name, name) for name in _LAYER], rows)


def _joined(value: Any) -> str:
    """A value whose axes are written as the fractions that they are."""
    return "x".join(map(str, value)) if isinstance(value, tuple) else exactly(value)


def _model(model: ComparedModel, name: str) -> list[Value]:
    analysis = model.analysis
    shapes = [
        " ".join(exactly(turned(port.shape, analysis.layout)) for port in ports if not port.train)
        for ports in (analysis.inputs, analysis.outputs)
    ]
    measured = [model.figures[measure] for measure in _MEASURES]
    return [name, analysis.file, *shapes, *measured, *(tally.total for tally in model.tallies)]


def _layers(model: ComparedModel, name: str, layer: str | None) -> Iterator[list[Value]]:
    """Every layer with its own parameters; convolutions with what could stand in their place."""
    for row in model.analysis.layers:
        if layer is not None and row.name != layer:
            continue
        output = turned(row.output, model.analysis.layout)
        unrolled = model.mlp.layers.get(row.name)
        own = [name, row.name, row.kind, output, row.params, row.macs, row.train]
        yield [*own, *(_unrolled(unrolled) if unrolled else [""] * (len(_LAYER) - len(own)))]


def _unrolled(unrolled: Unrolled) -> Iterator[Value]:
    yield from (unrolled.inputs, unrolled.outputs, unrolled.taps, unrolled.inside)
    for cost in (unrolled.trio.conv, unrolled.trio.local, unrolled.trio.dense):
        yield from cost
    yield from (unrolled.trio.sparsity, unrolled.trio.sharing, unrolled.trio.total)
