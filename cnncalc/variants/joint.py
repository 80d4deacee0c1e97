"""What keeps a limit where no single change does: several variables and the input's size, smaller together."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import islice
from typing import Any

from ..interpret.specification import specification
from ..measure.measurements import Measurements
from ..spec import nodes
from ..values import Shape
from .asking import AskError, Asking, SweepRequest
from .space import Space
from .summary import joined
from .tracing import Tracer

#: Parts of a value that are tried; variables that are turned; candidates that are traced.
_PARTS, _MOST_VARIABLES, _MOST_TRACED = 8, 3, 60
#: What sizes of pictures are multiples of, where the present one is.
_GRAIN = 32


class Together(Mapping[str, Any]):
    """Settings that keep a limit together, by name, and the `value` that is measured there."""

    def __init__(self, settings: Mapping[str, Any], value: int) -> None:
        self.settings = dict(settings)
        self.value = value

    def __getitem__(self, name: str) -> Any:
        return self.settings[name]

    def __iter__(self) -> Any:
        return iter(self.settings)

    def __len__(self) -> int:
        return len(self.settings)


def together(measurements: Measurements, measure: str, limit: int) -> Together | None:
    """The settings with the most MACs that keep `measure` within `limit`; None where there are none among those tried,
    or too many networks would have to be made to find them.
    """
    network, analysis = measurements.network, measurements.analysis
    spec = specification(network)
    if spec.reading is None:
        return None
    read, inputs, settings = spec.reading
    vary: dict[str, Any] = dict(islice(_variables(spec.variables), _MOST_VARIABLES))
    shape = network.inputs[0].output if len(network.inputs) == 1 else None
    if shape is not None:
        vary |= {network.inputs[0].name: _shapes(shape)}
    vary = {name: values for name, values in vary.items() if len(values) > 1}
    if len(vary) < 2:
        return None
    request = SweepRequest(
        vary, maximize="macs", columns=(measure, "macs"), top=1, required=False, batch=analysis.batch,
        dtype=analysis.dtypes._asdict(), execution=analysis.execution.way,
    )  # fmt: skip
    asking = Asking(network.source, read.folder, request, settings, inputs, read.max_layers, network.source.name)
    try:
        task = asking().task
    except AskError:
        return None
    condition = nodes.Chain(nodes.Name(measure, 0, 1), (("<=", nodes.Num(limit, 0, 1)),), 0, 1)
    task = task._replace(question=task.question._replace(conditions=(condition,)))
    worker = task.worker()
    worker.tracer.most = _MOST_TRACED
    try:
        rows = joined([worker(part) for part in task.parts()], 1, False).rows
    except Tracer.Exhausted:
        return None
    return Together(Space(task.axes).settings(rows[0].first), rows[0].values[0]) if rows else None


def _variables(variables: Mapping[str, Any]) -> Any:
    """The numbers among variables that can be smaller, each with the values that are tried."""
    for name, value in variables.items():
        if type(value) is int and value > 1:
            yield name, tuple(dict.fromkeys(max(1, value * part // _PARTS) for part in range(_PARTS, 0, -1)))
        elif type(value) in (int, Fraction) and value > 0:
            yield name, tuple(Fraction(value) * part / _PARTS for part in range(_PARTS, 0, -1))


def _shapes(shape: Shape) -> tuple[Shape, ...]:
    """Smaller shapes of an input, of the same channels: eighths of its sizes, in whole grains where these are such."""
    sizes = shape[1:]
    grain = _GRAIN if sizes and all(size % _GRAIN == 0 for size in sizes) else 1
    found = [
        (shape[0], *[max(grain, size * part // _PARTS // grain * grain) for size in sizes])
        for part in range(_PARTS, 0, -1)
    ]
    return tuple(dict.fromkeys(found))
