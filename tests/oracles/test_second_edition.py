"""The kinds and keys of the language's second edition, held to PyTorch on over 2,000 drawn layers: shapes, parameters,
and whether there is such a layer at all; their MACs to a count by hand, one by one.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from itertools import product
from math import prod
from typing import Any

import pytest

pytest.importorskip("torch")

import torch
from hypothesis import HealthCheck, Phase, given, settings
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

import cnncalc

from .cnncalc_side import judge
from .strategies_second import FAMILIES, Sample
from .torch_side import REFUSALS

FACTOR = int(os.environ.get("CNNCALC_ORACLE_FACTOR", "1"))
compared: Counter[str] = Counter()


def twin(sample: Sample) -> tuple[tuple[int, ...], int, Any] | str:
    """PyTorch's output shape and parameters, with the module; its words where it refuses."""
    try:
        with torch.no_grad():
            module = sample.build().eval()
            zeros = [torch.zeros(1, *shape) for shape in sample.shapes]
            output = sample.run(module, zeros)
    except REFUSALS as error:
        return str(error) or type(error).__name__
    shape = tuple(output.shape[1:])
    return "an empty output" if 0 in shape else (shape, sum(one.numel() for one in module.parameters()), module)


@pytest.mark.parametrize("family", FAMILIES)
def test_it_is_pytorchs(family: str) -> None:
    strategy, examples = FAMILIES[family]

    @settings(
        max_examples=examples * FACTOR, derandomize=FACTOR == 1, database=None, deadline=None,
        phases=[Phase.generate, Phase.shrink], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(sample=strategy)
    def compare(sample: Sample) -> None:
        compared[family] += 1
        theirs, ours = twin(sample), judge(sample.spec)
        if isinstance(theirs, str):
            assert ours.errors, (sample.spec, theirs)
            return
        assert not ours.errors, (sample.spec, ours.errors)
        assert (ours.shape, ours.params) == theirs[:2], sample.spec
        macs = ours.document["totals"]["macs"]
        assert macs == brute_force(sample), sample.spec

    compare()
    assert compared[family] >= examples * FACTOR * 9 // 10


def test_there_are_two_thousand_of_them() -> None:
    assert sum(examples for _, examples in FAMILIES.values()) >= 2_000


def brute_force(sample: Sample) -> int:
    """The multiply-accumulates one by one: of every output of every step, of every element of a product."""
    if match := re.search(r"\| (lstm|gru|rnn) (\d+)", sample.line):
        return _steps(sample, {"lstm": 4, "gru": 3, "rnn": 1}[match[1]], int(match[2]))
    if sample.line.startswith("matmul"):
        return sum(1 for _ in product(*map(range, (*_made(sample), sample.shapes[0][-1]))))
    if "attention" in sample.line:
        return _counted(sample)
    return 0


def _made(sample: Sample) -> tuple[int, ...]:
    theirs = twin(sample)
    assert not isinstance(theirs, str)
    return theirs[0]


def _steps(sample: Sample, gates: int, units: int) -> int:
    layers = int(match[1]) if (match := re.search(r"layers=(\d+)", sample.line)) else 1
    ways = 2 if "bidirectional=yes" in sample.line else 1
    width, length = sample.shapes[0]
    count = 0
    for _layer in range(layers):
        for _way, _step in product(range(ways), range(length)):
            for _gate, _unit in product(range(gates), range(units)):
                for _value in range(width):  # the input's products
                    count += 1
                for _state in range(units):  # the state's
                    count += 1
        width = units * ways
    return count


def _counted(sample: Sample) -> int:
    """As PyTorch counts its own operators, attention by its plain definition."""
    fast = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with FlopCounterMode(display=False) as counter, sdpa_kernel(SDPBackend.MATH):
            sample.run(sample.build(), [torch.zeros(1, *shape) for shape in sample.shapes])
    finally:
        torch.backends.mha.set_fastpath_enabled(fast)
    return counter.get_total_flops() // 2


@pytest.mark.parametrize("name", ["GRU", "RNN"])
@pytest.mark.parametrize("both", [False, True])
def test_the_macs_of_a_recurrent_layer_are_those_that_pytorch_sees(name: str, both: bool) -> None:
    """Its counter sees the products of these two; an LSTM is one operator to it."""
    module = getattr(torch.nn, name)(7, 5, num_layers=2, bidirectional=both, batch_first=True)
    with FlopCounterMode(display=False) as counter:
        module(torch.zeros(1, 11, 7))
    line = f"{name.lower()} 5 layers=2 bidirectional={'yes' if both else 'no'}"
    assert counter.get_total_flops() == 2 * judge(f"input 7@11\n{line}").document["totals"]["macs"]


@pytest.mark.parametrize("name", ["LSTM", "GRU", "RNN"])
@pytest.mark.parametrize("layers", [1, 2])
def test_the_weights_have_pytorchs_sizes(name: str, layers: int) -> None:
    module = getattr(torch.nn, name)(7, 5, num_layers=layers, bidirectional=True)
    theirs: Counter[int] = Counter()
    for parameter, tensor in module.named_parameters():
        theirs[int(re.search(r"_l(\d+)", parameter)[1])] += prod(tensor.shape)  # type: ignore[index]
    network = cnncalc.loads(f"input 7@11\n{name.lower()} 5 layers={layers} bidirectional=yes")
    weights = network.weights(network.nodes[-1])
    ours = [sum(prod(shape) for _, shape in weights[2 * layer : 2 * layer + 2]) for layer in range(layers)]
    assert ours == [theirs[layer] for layer in range(layers)]
