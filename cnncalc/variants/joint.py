"""What keeps a limit where no single change does: several variables and the input's size, smaller together."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import islice
from math import log
from typing import Any

from ..diagnostics import Source
from ..interpret.specification import specification
from ..measure.measurements import Measurements
from ..network import Network
from ..spec import nodes
from ..values import Shape
from .asking import AskError, Asking, SweepRequest
from .chunks import box_of, chunks
from .formulas import compared
from .formulas import joined as all_of
from .groups import Groups
from .space import Axis, Space
from .summary import joined
from .tracing import CandidateAnswer, SpecModel, SweepQuestion, TracedSpec, Tracer

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


# --- a wanted shape ---------------------------------------------------------------------------------


#: Values of a variable that are tried, and sizes of an input: up to so many times the present one, and at most so many.
_TIMES, _MOST_TRIED = 4, 1_024


def giving(network: Network, node: str, wanted: tuple[int | None, ...]) -> dict[str, Any] | None:
    """The settings, as near to the present ones as there are, with which the output of `node` is `wanted`, None
    being any size; None where no settings of variables and of the input's size give it.
    """
    import numpy as np

    spec = specification(network)
    if spec.reading is None or len(network.inputs) != 1 or network.inputs[0].output is None:
        return None
    read, inputs, settings = spec.reading
    name, shape = network.inputs[0].name, network.inputs[0].output
    numbers = {key: value for key, value in spec.variables.items() if isinstance(value, int) and value > 1}
    axes = [Axis(key, _around(value)) for key, value in islice(numbers.items(), _MOST_VARIABLES - 1)]
    if len(set(shape[1:])) == 1:
        axes.append(Axis(name, tuple((shape[0], *[size] * (len(shape) - 1)) for size in _around(shape[1])), True))
    if not axes:
        return None
    space, own = Space(axes), {**spec.variables, name: shape}
    far = [np.array([_distance(value, own[axis.name]) for value in axis.values]) for axis in axes]
    source = Source(network.source.name, network.source.text)
    model = SpecModel(TracedSpec(source, read.folder, read.max_layers), settings, inputs)
    tracer = _OutputTracer(model, space, node, wanted)
    tracer.most = _MOST_TRACED
    best: tuple[float, int] | None = None
    try:
        for part in chunks(space):
            for group in Groups(tracer).of((), box_of(space, part)):
                held = group.indices[group.holds(group.answer.wanted)]
                if len(held):
                    places = np.unravel_index(held, space.shape)
                    total = np.sum([one[place] for one, place in zip(far, places, strict=True)], axis=0)
                    nearest = int(np.argmin(total))
                    found = (float(total[nearest]), int(held[nearest]))
                    best = min(best or found, found)
    except Tracer.Exhausted:
        return None
    if best is None:
        return None
    return {key: value for key, value in space.settings(best[1]).items() if value != own[key]}


def _around(value: int) -> tuple[int, ...]:
    """The numbers that are tried in the place of one."""
    return tuple(range(1, min(_TIMES * value, _MOST_TRIED) + 1))


def _distance(value: Any, own: Any) -> float:
    """How far a value is from the present one: fewer changes come first, then the smaller ones."""
    if value == own:
        return 0.0
    return 1 + abs(log(value[-1] / own[-1]) if isinstance(value, tuple) else log(value / own))


class _OutputTracer(Tracer):
    """Asks whether the output of a layer is as wanted."""

    def __init__(self, model: Any, space: Space, node: str, wanted: tuple[int | None, ...]) -> None:
        super().__init__(model, space, SweepQuestion((), ()))
        self.node = node
        self.pattern = wanted

    def _answer(self, network: Network, values: Mapping[str, Any]) -> CandidateAnswer:
        output = next((node.output for node in network.nodes if node.name == self.node), None)
        if output is None or len(output) != len(self.pattern):
            return CandidateAnswer((), False)
        pairs = [(size, want) for size, want in zip(output, self.pattern, strict=True) if want is not None]
        return CandidateAnswer((), all_of([compared(size, "==", want) for size, want in pairs], True))
