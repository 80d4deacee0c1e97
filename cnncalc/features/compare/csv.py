"""`cnncalc compare` as CSV: a row a model, or with the fully connected networks a row a layer; exact numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ...document.figures import turned
from ...measure.mlp import double
from ...measures import FIGURES, MEASURES
from .words import labels

if TYPE_CHECKING:
    from ...measure.mlp import Unrolled
    from .model import Model

_MEASURES = tuple(name for name in FIGURES if MEASURES[name].word)
_COSTS = tuple(f"{way}_{part}" for way in ("conv", "local", "dense") for part in ("weights", "biases", "macs"))
_LAYER = (
    "model", "layer", "kind", "output", "params", "macs", "train", "inputs", "outputs", "taps", "conv_macs_inside",
    *_COSTS, "sparsity", "sharing", "total",
)  # fmt: skip


def render(models: Sequence[Model], mlp: bool, layer: str | None = None) -> str:
    """The rows (RFC 4180, with LF): of models, or with `mlp` of their layers, of which `layer` keeps one."""
    import csv
    from io import StringIO

    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = labels(models)
    if not mlp:
        counted = [tally.name for tally in models[0].tallies] if models else []
        writer.writerow(["model", "file", "input", "output", *_MEASURES, *counted])
        writer.writerows(map(_model, models, names))
        return out.getvalue()
    writer.writerow(_LAYER)
    for model, name in zip(models, names, strict=True):
        writer.writerows(_layers(model, name, layer))
    return out.getvalue()


def _model(model: Model, name: str) -> list[str]:
    analysis = model.analysis
    shapes = [
        " ".join(_cell(turned(port.shape, analysis.layout)) for port in ports if not port.train)
        for ports in (analysis.inputs, analysis.outputs)
    ]
    measured = [_cell(model.figures[measure]) for measure in _MEASURES]
    counted = [_cell(tally.total) for tally in model.tallies]
    return [name, analysis.file, *shapes, *measured, *counted]


def _layers(model: Model, name: str, layer: str | None) -> Iterator[list[str]]:
    """Every layer with its own parameters; convolutions with what could stand in their place."""
    for row in model.analysis.layers:
        if layer is not None and row.name != layer:
            continue
        output = turned(row.output, model.analysis.layout)
        found = model.mlp.layers.get(row.name)
        own = [name, row.name, row.kind, output, row.params, row.macs, "yes" if row.train else ""]
        yield [*map(_cell, own), *(_unrolled(found) if found else [""] * (len(_LAYER) - len(own)))]


def _unrolled(found: Unrolled) -> Iterator[str]:
    trio = found.trio
    for value in (found.inputs, found.outputs, found.taps, found.inside):
        yield str(value)
    for cost in (trio.conv, trio.local, trio.dense):
        yield from map(str, cost)
    for ratio in (trio.sparsity, trio.sharing, trio.total):
        yield _cell(ratio.numerator if ratio and ratio.denominator == 1 else double(ratio))


def _cell(value: Any) -> str:
    """A value as exactly as text can have it; nothing where it is not known."""
    if value is None:
        return ""
    return "x".join(map(str, value)) if isinstance(value, tuple) else str(value)
