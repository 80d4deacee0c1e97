"""Multiply-accumulates, held to PyTorch's own flop counter where it counts: half its FLOPs.

It sees the operators that ran (convolutions, matrix products), not the layers, so it knows nothing of the
formulas of counting.md. Attention is run by its plain definition, whose products the counter sees one by one.
"""

from __future__ import annotations

import os
import warnings
from random import Random

import pytest

pytest.importorskip("torch")

import torch
from hypothesis import HealthCheck, Phase, assume, given, settings
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from .cnncalc_side import judge
from .executor import Executor, TooLarge
from .generator import program
from .modules import Case, spec
from .printer import Printer
from .strategies import attention, linear
from .strategies_windows import big_conv, conv, depthwise, transposed, uneven
from .torch_side import REFUSALS, ask, build

FACTOR = int(os.environ.get("CNNCALC_ORACLE_FACTOR", "1"))
FAMILIES = {
    "conv": (conv(), 200),
    "big conv": (big_conv(), 60),
    "transposed": (transposed(), 200),
    "depthwise": (depthwise(), 100),
    "uneven": (uneven(), 100),
    "linear": (linear(), 50),
    "attention": (attention(), 80),
}


def counted(case: Case) -> int:
    """Half of what PyTorch counts, on the meta device: the counter looks at shapes alone."""
    with warnings.catch_warnings(), torch.device("meta"), sdpa_kernel(SDPBackend.MATH):
        warnings.simplefilter("ignore")
        module = build(case).train()
        with FlopCounterMode(display=False) as counter:
            module(torch.zeros(1, *case.shape))
    flops = counter.get_total_flops()
    assert flops % 2 == 0
    return int(flops // 2)


@pytest.mark.parametrize("family", FAMILIES)
def test_macs(family: str) -> None:
    strategy, examples = FAMILIES[family]
    compared = 0

    @settings(
        max_examples=examples * FACTOR,
        derandomize=FACTOR == 1,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def compare(case: Case) -> None:
        nonlocal compared
        assume(ask(case).refusal is None)
        compared += 1
        text = spec(case)
        assert judge(text).document["totals"]["macs"] == counted(case), text

    compare()
    assert compared >= examples


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_macs_without_shared_weights(rank: int) -> None:
    """A locally connected layer uses each of its weights once: the taps inside the input, which PyTorch counts."""
    figures = {"kernel_size": 3, "stride": 2, "padding": 1, "dilation": 2, "in_channels": 3, "out_channels": 4}
    case = Case(f"LocalConv{rank}d", {**figures, "bias": True}, (3, *range(7, 7 + rank)))
    weights = sum(w.numel() for name, w in build(case).named_parameters() if name == "weight")
    assert judge(spec(case)).document["totals"]["macs"] == weights


def run_and_count(executor: Executor) -> int | None:
    """PyTorch's count of a network, None where it refuses; the fused attention would hide its products."""
    fast = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with FlopCounterMode(display=False) as counter, sdpa_kernel(SDPBackend.MATH):
            executor.run()
    except (*REFUSALS, TooLarge):
        return None
    finally:
        torch.backends.mha.set_fastpath_enabled(fast)
    return counter.get_total_flops()


@pytest.mark.parametrize("start", range(0, 60, 20))
def test_macs_of_networks(start: int) -> None:
    """The layers' sum, train heads with it: PyTorch ran them all."""
    for seed in range(start, start + 20):
        made = program(seed)
        executor = Executor(made)
        flops = run_and_count(executor)
        if flops is not None:
            text = Printer(made, {}, Random(seed)).text()
            assert 2 * sum(layer["macs"] for layer in judge(text).document["layers"]) == flops, text
