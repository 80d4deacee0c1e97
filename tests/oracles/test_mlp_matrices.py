"""A convolution is a matrix: built from PyTorch's own, fed unit vectors, and held to `cnncalc compare --mlp`.

The matrix of a layer with M inputs and N outputs is N x M: the fully connected layer's weights. Its non-zeros are the
connections that exist: the locally connected layer's. Its distinct non-zeros are the weights that the convolution
shares; every weight of the module is made distinct. Weights whose tap meets padding (or what is cropped) at every
output are in no matrix: those cases are kept apart, and at least 500 are without them.
"""

from __future__ import annotations

import os
import warnings
from itertools import pairwise
from math import prod
from random import Random
from typing import Any

import pytest

pytest.importorskip("torch")

import torch
from torch import nn

import cnncalc
from cnncalc.interpret import build, read_source
from cnncalc.interpret.reading.examples import example_names
from cnncalc.measure import analyze
from cnncalc.measure.mlp import Equivalents
from cnncalc.measure.mlp_budget import perceptron
from helpers import network

from .modules import Case, spec
from .torch_side import REFUSALS
from .torch_side import build as module_of

FACTOR = int(os.environ.get("CNNCALC_ORACLE_FACTOR", "1"))
#: Entries of the largest matrix that is built.
LARGEST = 60_000
FAMILIES = ("Conv", "ConvTranspose", "Depthwise", "LocalConv", "UnevenConv", "UnevenConvTranspose")


def random_case(draw: Random, family: str) -> Case:
    """A small layer of a family, of any rank, in PyTorch's words; it may be refused."""
    rank = draw.randint(1, 3)
    groups = draw.choice([1, 1, 2]) if family not in ("Depthwise", "LocalConv") else 1
    shape = (
        groups * draw.randint(1, 3 if rank < 3 else 2),
        *(draw.randint(1, (9, 6, 4)[rank - 1]) for _ in range(rank)),
    )

    def sizes(low: int, high: int) -> Any:
        return [draw.randint(low, high) for _ in range(rank)] if draw.random() < 0.5 else draw.randint(low, high)

    kwargs: dict[str, Any] = {"kernel_size": sizes(1, 3), "stride": sizes(1, 3), "dilation": sizes(1, 2)}
    kwargs["padding"] = sizes(0, 2)
    kwargs["bias"] = draw.random() < 0.5
    if family == "Depthwise":
        return Case(f"Depthwise{rank}d", {**kwargs, "multiplier": draw.randint(1, 2)}, shape)
    kwargs |= {"in_channels": shape[0], "out_channels": groups * draw.randint(1, 2)}
    if family != "LocalConv":
        kwargs["groups"] = groups
    if family == "ConvTranspose":
        kwargs["output_padding"] = sizes(0, 1)
    if family == "Conv" and draw.random() < 0.2:
        kwargs |= {"padding": draw.choice(["same", "valid"]), "stride": 1}
    if family.startswith("Uneven"):
        words = ["same", *["causal"] * (rank == 1)] if family == "UnevenConv" else []
        pairs = [[draw.randint(0, 2), draw.randint(0, 2)] for _ in range(rank)]
        kwargs["padding"] = draw.choice([pairs, pairs, *words])
    return Case(f"{family}{rank}d", kwargs, shape)


def matrix_of(case: Case) -> torch.Tensor | None:
    """The N x M matrix of the module, its weights 1, 2, 3, …, by feeding it every unit vector; None if refused."""
    kwargs = dict(case.kwargs)
    if case.module.startswith("LocalConv"):  # without shared weights, but with a convolution's connections
        case = Case(case.module.replace("Local", ""), kwargs, case.shape)
    try:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # PyTorch's, on the cost of an even kernel
            module = module_of(case).double()
            numbered = 1
            for name, parameter in module.named_parameters():
                if name.endswith("bias"):
                    parameter.zero_()
                else:
                    parameter.copy_(torch.arange(numbered, numbered + parameter.numel()).view_as(parameter))
                    numbered += parameter.numel()
            count = prod(case.shape)
            units = torch.eye(count, dtype=torch.float64).view(count, *case.shape)
            output = module(units)
    except REFUSALS:
        return None
    return output.reshape(count, -1).T if output.numel() else None


def unrolled(case: Case) -> Any:
    """cnncalc's three counts of the same layer."""
    (found,) = Equivalents(analyze(network(spec(case)))).layers.values()
    return found


@pytest.mark.parametrize("family", FAMILIES)
def test_the_matrix_that_a_convolution_is(family: str) -> None:
    draw = Random(family if FACTOR == 1 else None)
    compared = 0
    while compared < 100 * FACTOR:
        case = random_case(draw, family)
        made = matrix_of(case)
        if made is None or made.numel() > LARGEST:
            continue
        found, text = unrolled(case), spec(case)
        conv, local, dense = found.trio
        values = made[made != 0]
        assert (found.outputs, found.inputs) == tuple(made.shape), text
        assert dense.weights == made.numel(), text
        assert local.weights == local.macs == found.inside == values.numel(), text
        if family == "LocalConv":
            compared += 1
            assert conv.weights == values.numel(), text
            continue
        distinct = len(values.unique())
        assert distinct <= conv.weights, text
        if distinct < conv.weights:
            assert dead_taps(case), text
            continue
        compared += 1
        assert found.trio.total is None or distinct * found.trio.total == made.numel(), text


def dead_taps(case: Case) -> bool:
    """Whether some tap of the kernel meets no pixel at any output: then ones in all its places change nothing."""
    with torch.no_grad():
        module = module_of(case).double()
        (weight,) = (parameter for name, parameter in module.named_parameters() if not name.endswith("bias"))
        for name, parameter in module.named_parameters():
            if name.endswith("bias"):
                parameter.zero_()
        kernel = weight.shape[2:]
        for tap in torch.cartesian_prod(*(torch.arange(size) for size in kernel)).view(-1, len(kernel)):
            weight.zero_()
            weight[(slice(None), slice(None), *tap.tolist())] = 1
            if not module(torch.ones(1, *case.shape, dtype=torch.float64)).any():
                return True
    return False


@pytest.mark.parametrize("name", [name for name in example_names() if name not in ("dilated_resnet", "blocks")])
def test_budget_mlps_of_the_examples(name: str) -> None:
    """PyTorch's count of the same linear layers: h fits the example's budget, h + 1 does not."""
    source, folder = read_source(f"@{name}")
    found = Equivalents(analyze(build(source, folder=folder)))
    assert found.actual is not None
    budgets = (("params", found.actual.params, found.same_params), ("macs", found.actual.macs, found.same_macs))
    for measure, budget, mlps in budgets:
        assert mlps is not None
        for mlp in mlps:
            assert mlp.fits == (cost(found, mlp.hidden)[measure] <= budget)
            assert cost(found, mlp.hidden) == {"params": mlp.params, "macs": mlp.macs}
            assert cost(found, tuple(units + 1 for units in mlp.hidden))[measure] > budget
            assert mlp.fits or set(mlp.hidden) == {1}


def cost(found: Equivalents, hidden: tuple[int, ...]) -> dict[str, int]:
    """Parameters and multiply-accumulates of nn.Linear layers, none of whose weights is made."""
    sizes = [found.inputs, *hidden, found.outputs]
    with torch.device("meta"):
        stack = nn.Sequential(*(nn.Linear(one, other) for one, other in pairwise(sizes)))
    weights = [parameter.numel() for parameter in stack.parameters()]
    return {"params": sum(weights), "macs": sum(weights[::2])}


def test_the_largest_example_in_torch() -> None:
    """`--hidden 4096` on AlexNet's input, as PyTorch counts it."""
    with torch.device("meta"):
        stack = nn.Sequential(nn.Linear(150_528, 4096), nn.Linear(4096, 1000))
    made = perceptron(150_528, 1000, (4096,))
    assert made.params == sum(parameter.numel() for parameter in stack.parameters())
    assert made.first == stack[0].weight.numel() == 616_562_688
    assert cnncalc.load("@alexnet").inputs[0].output == (3, 224, 224)
