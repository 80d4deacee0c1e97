"""Budget MLPs: the widest that fits, by trying every width."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.measure.mlp_budget import largest_by_macs, largest_by_params, perceptron

sizes = st.integers(1, 60)
budgets = st.integers(0, 5000)


def stack(inputs, hidden, outputs):
    """Parameters and multiply-accumulates, a linear layer at a time."""
    layers = list(pairwise([inputs, *hidden, outputs]))
    return sum(one * other + other for one, other in layers), sum(one * other for one, other in layers)


@given(sizes, st.lists(sizes, min_size=1, max_size=4), sizes)
def test_perceptrons(inputs, hidden, outputs):
    found = perceptron(inputs, outputs, tuple(hidden))
    assert (found.params, found.macs) == stack(inputs, hidden, outputs)
    assert found.first == inputs * hidden[0]


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize(("largest", "measure"), [(largest_by_params, 0), (largest_by_macs, 1)])
@given(inputs=sizes, outputs=sizes, budget=budgets)
def test_the_widest_that_fits(layers, largest, measure, inputs, outputs, budget):
    found = largest(inputs, outputs, layers, budget)
    fitting = [h for h in range(1, 5001) if stack(inputs, [h] * layers, outputs)[measure] <= budget]
    assert found.hidden == (max(fitting, default=1),) * layers
    assert found.fits == bool(fitting)
    assert (found.params, found.macs) == stack(inputs, found.hidden, outputs)


@pytest.mark.parametrize("largest", [largest_by_params, largest_by_macs])
def test_no_float_is_in_it(largest):
    """Of numbers far beyond doubles, too, the next unit is one too many."""
    budget = 10**60 + 7
    for layers in (1, 2):
        found = largest(10**9 + 1, 10**8 + 3, layers, budget)
        wider = perceptron(10**9 + 1, 10**8 + 3, (found.hidden[0] + 1,) * layers)
        name = "params" if largest is largest_by_params else "macs"
        assert getattr(found, name) <= budget < getattr(wider, name)
