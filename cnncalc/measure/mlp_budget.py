"""Multi-layer perceptrons, input → hidden layers → outputs, and the largest that a budget allows.

Linear layers with biases: a layer from a to b units has a·b + b parameters and does a·b multiply-accumulates. With
I inputs and O outputs, h units in one hidden layer have h·(I + O + 1) + O parameters, in two of the same width
h² + h·(I + O + 2) + O; the multiply-accumulates are h·(I + O) and h² + h·(I + O). All in integers.
"""

from __future__ import annotations

from itertools import pairwise
from math import isqrt
from typing import Any

from ..records import Record


class Perceptron(Record):
    """A multi-layer perceptron. Its multiply-accumulates are those of one sample."""

    hidden: tuple[int, ...]
    params: int
    macs: int
    #: The weights between the inputs and the first hidden layer.
    first: int
    #: Whether it is within the budget that it was made for; None where there was none.
    fits: bool | None = None

    def to_dict(self, batch: int = 1) -> dict[str, Any]:
        """The entry of the JSON document; `fits` where there was a budget."""
        entry = {"hidden": list(self.hidden), "params": self.params, "macs": self.macs * batch, "first": self.first}
        return entry if self.fits is None else {**entry, "fits": self.fits}


def perceptron(inputs: int, outputs: int, hidden: tuple[int, ...]) -> Perceptron:
    """The perceptron with these hidden layers, at least one."""
    macs = sum(one * other for one, other in pairwise((inputs, *hidden, outputs)))
    return Perceptron(hidden, macs + sum(hidden) + outputs, macs, inputs * hidden[0])


def largest_by_params(inputs: int, outputs: int, layers: int, budget: int) -> Perceptron:
    """The widest with one or two hidden `layers` of one width and at most `budget` parameters.

    Where none is that small, the one of width 1, which does not fit.
    """
    width = _widest(layers, inputs + outputs + layers, budget - outputs)
    found = perceptron(inputs, outputs, (max(width, 1),) * layers)
    return found._replace(fits=found.params <= budget)


def largest_by_macs(inputs: int, outputs: int, layers: int, budget: int) -> Perceptron:
    """The widest with one or two hidden `layers` of one width and at most `budget` multiply-accumulates.

    Where none is that small, the one of width 1, which does not fit.
    """
    width = _widest(layers, inputs + outputs, budget)
    found = perceptron(inputs, outputs, (max(width, 1),) * layers)
    return found._replace(fits=found.macs <= budget)


def _widest(layers: int, linear: int, budget: int) -> int:
    """The largest h with linear·h <= budget, for two layers h² + linear·h <= budget; under 1 where there is none."""
    if budget < 0:
        return 0
    return budget // linear if layers == 1 else (isqrt(linear * linear + 4 * budget) - linear) // 2
