"""What would fit: a smaller input that a network takes, or another value of a variable of its spec, for a broken limit.

They are found by trying: the network made once more, and measured under the same conditions. A measure is taken to grow
with the size and the value; what is named was measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from typing import TypeVar

from ...diagnostics import ERROR, EXPECTATION_FAILED, SpecError
from ...interpret.specification import specification
from ...layers import LayerError
from ...layers.window import axis_names
from ...measure.measurements import Measurements, UnknownMeasure
from ...network import Network
from ...network.accepted import Accepted, accepted
from ...network.replay import ReplayError, replay
from ...network.trials import resized
from ...values import Shape, how_many, laid_out, spell, times

#: Nodes that are made in all; parts of a value that are tried; whole numbers among which is looked.
_MOST_NODES, _STEPS, _MOST_VALUES = 200_000, 20, 1_000_000

_Value = TypeVar("_Value")


def remedies(measurements: Measurements, measure: str, limit: int) -> tuple[str, ...]:
    """``an input of 3x80x80 fits: arena 245,760 bytes``: what keeps the limit, one change at a time, else several."""
    attempt = _Attempt(measurements, measure, limit)
    found = [*_inputs(attempt), *_variables(attempt)] or [*_together(measurements, measure, limit)]
    return tuple(f"{what} fits: {measure} {how_many(value, 'byte', ',')}" for what, value in found)


class _Attempt:
    """Measures other versions of a network."""

    def __init__(self, measurements: Measurements, measure: str, limit: int) -> None:
        self.network = measurements.network
        self._analysis = measurements.analysis
        self._measure = measure
        self._limit = limit
        self._left = _MOST_NODES

    def __call__(self, variant: Callable[[], Network]) -> int | None:
        """The measure of the network that `variant` gives; None where that is over the limit, or there is none."""
        self._left -= len(self.network.nodes)
        if self._left < 0:
            return None
        try:
            network = variant()
            if any(
                diagnostic.severity == ERROR and diagnostic.code != EXPECTATION_FAILED
                for diagnostic in network.diagnostics
            ):
                return None
            value = Measurements(self._analysis.like(network))(self._measure)
        except (ReplayError, LayerError, SpecError, UnknownMeasure):
            return None
        return value if isinstance(value, int) and value <= self._limit else None

    def largest(self, values: Sequence[_Value], make: Callable[[_Value], Network]) -> tuple[_Value, int] | None:
        """Of rising values the largest that keeps the limit, and the measure there; None where none does."""
        found: tuple[_Value, int] | None = None
        low, high = 0, len(values)
        while low < high:
            middle = (low + high) // 2
            measured = self(partial(make, values[middle]))
            if measured is None:
                high = middle
            else:
                found, low = (values[middle], measured), middle + 1
        return found


def _inputs(attempt: _Attempt) -> Iterator[tuple[str, int]]:
    """Smaller inputs."""
    network = attempt.network
    shape = network.inputs[0].output if network.inputs else None
    if shape is None:
        return
    for one in accepted(network):
        best = attempt.largest(_smaller(one), partial(_resized, network, one, shape))
        if best is not None:
            wanted = resized(shape, _axes(one, shape), best[0])
            yield f"an input of {times(laid_out(wanted, network.layout))}", best[1]


def _smaller(one: Accepted) -> list[int]:
    """The accepted sizes below the present one."""
    sizes: set[int] = set()
    for some in one.sizes:
        last = one.present - 1 if some.last is None else min(some.last, one.present - 1)
        sizes.update(range(max(some.first, last - _MOST_VALUES), last + 1, some.step))
    return sorted(sizes)


def _axes(one: Accepted, shape: Shape) -> list[int]:
    names = axis_names(len(shape) - 1)
    return [names.index(name) + 1 for name in one.axes]


def _resized(network: Network, one: Accepted, shape: Shape, size: int) -> Network:
    wanted = resized(shape, _axes(one, shape), size)
    return replay(network, inputs=dict.fromkeys(one.inputs, wanted))


def _variables(attempt: _Attempt) -> Iterator[tuple[str, int]]:
    """Smaller values of the variables of its spec."""
    network = attempt.network
    if network.rebuild is None:
        return
    for name, value in specification(network).variables.items():
        best = attempt.largest(_below(value), partial(_set, network, name))
        if best is not None:
            yield f"{name}={spell(best[0])}", best[1]


def _together(measurements: Measurements, measure: str, limit: int) -> Iterator[tuple[str, int]]:
    """Several of them at once, where no single one does and a sweep can be made."""
    try:
        from ...variants.joint import together
    except ImportError:  # NumPy is of an extra
        return
    found = together(measurements, measure, limit)
    if found is not None:
        network = measurements.network
        said = [
            f"an input of {times(laid_out(value, network.layout))}"
            if type(value) is tuple
            else f"{name}={spell(value)}"
            for name, value in found.items()
        ]
        yield " with ".join(said), found.value


def _set(network: Network, name: str, value: int | Fraction) -> Network:
    assert network.rebuild is not None
    return network.rebuild(settings={name: spell(value)}, checked=False)


def _below(value: object) -> Sequence[int | Fraction]:
    """Rising numbers below the value of a variable: whole ones below a whole one, parts of what has none."""
    if isinstance(value, bool) or not isinstance(value, int | Fraction) or value <= 0:
        return ()
    if isinstance(value, int) and value > 1:
        return range(1, min(value, _MOST_VALUES))
    return [Fraction(value) * step / _STEPS for step in range(1, _STEPS)]
