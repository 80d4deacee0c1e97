"""Thousands of single layers, drawn by hypothesis and executed by PyTorch: the same answers.

PyTorch accepts: no error, no warning that it would not, the same shape and parameters. PyTorch refuses: an
error, or where the geometry is sound the warning `pytorch-refuses`. CNNCALC_ORACLE_FACTOR=20 draws twenty
times as many examples, with a fresh seed.
"""

from __future__ import annotations

import os
from itertools import product

import pytest

pytest.importorskip("torch")

from hypothesis import HealthCheck, Phase, given, settings

from .comparing import Expected, disagreement
from .modules import Case
from .strategies import FAMILIES, rounds_down
from .torch_side import ask

FACTOR = int(os.environ.get("CNNCALC_ORACLE_FACTOR", "1"))
LEAST = 3_000


def profile(examples: int) -> settings:
    """The same examples every time, unless more were asked for."""
    return settings(
        max_examples=examples * FACTOR,
        derandomize=FACTOR == 1,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )


def test_the_families_are_enough() -> None:
    """Each family asserts its own least number of different cases; together they are what was promised."""
    assert sum(least for _, _, least in FAMILIES.values()) >= LEAST


@pytest.mark.parametrize("family", FAMILIES)
def test_single_layers(family: str) -> None:
    strategy, examples, least = FAMILIES[family]
    seen: set[str] = set()

    @profile(examples)
    @given(case=strategy)
    def executed(case: Case) -> None:
        seen.add(repr(case[:3]))
        assert disagreement(case, Expected(*ask(case))) is None

    executed()
    assert len(seen) >= least


@pytest.mark.parametrize(("factor", "length", "exact"), [(1.15, 100, 115), (2.3, 50, 115), (0.29, 100, 29)])
def test_sizes_are_exact_where_doubles_are_not(factor: float, length: int, exact: int) -> None:
    """The one place where PyTorch is not followed: it computes 1.15 * 100 in doubles, and loses a pixel."""
    case = Case("Upsample", {"scale_factor": factor, "mode": "nearest"}, (1, length))
    assert rounds_down(factor, length)
    assert ask(case).shape == (1, exact - 1)
    assert disagreement(case, Expected((1, exact), 0, 0, None)) is None


@pytest.mark.parametrize("stride", [1, 2, 3, 4])
def test_strided_same_pads_no_more_than_it_needs(stride: int) -> None:
    """The output's size does not show how much was padded; the weights of a layer that shares none do."""
    for length, kernel, dilation in product(range(1, 10), range(1, 5), (1, 2)):
        figures = {"in_channels": 1, "out_channels": 1, "kernel_size": kernel, "stride": stride, "dilation": dilation}
        case = Case("UnevenLocalConv1d", {**figures, "padding": "same", "bias": False}, (1, length))
        assert disagreement(case, Expected(*ask(case))) is None
