"""Every classifier, segmentation and video network of torchvision, read from its source, and as PyTorch builds it.

PyTorch's side is on the meta device, without numbers. Buffers are compared without batch counters, MACs where PyTorch's
counter sees all of them: not in fused attention.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import cnncalc
from cnncalc.convert.readers import How
from cnncalc.interpret import build, read_source

from .torchvision_models import Factory, executed, factories, torchvision


def read(factory: Factory) -> dict[str, Any]:
    """The JSON document of a factory's network, from source alone."""
    site = Path(torchvision().__file__).parent.parent
    source, folder = read_source(f"{site / factory.file}:{factory.call}", how=How("python", site=str(site)))
    network = build(source, folder=folder, inputs={None: "x".join(map(str, factory.sample))})
    return cnncalc.analyze(network).to_dict()


def of_group(start: int) -> list[Factory]:
    """Every eighth factory: a test each, so that a slow machine shares them."""
    return factories()[start::8]


def _shapes(document: dict[str, Any]) -> list[list[int]]:
    """The shapes that evaluation gives."""
    return [[1, *port["shape"]] for port in document["outputs"] if not port.get("train")]


@pytest.mark.slow
@pytest.mark.parametrize("start", range(8))
def test_factories(start: int) -> None:
    wrong = []
    for factory in of_group(start):
        document, (params, buffers, macs, outputs) = read(factory), executed(factory)
        totals = document["totals"]
        found = (totals["params_train"], totals["buffers"], _shapes(document))
        fused = {"scaled_dot_product_attention", "MultiheadAttention"}
        known = not any(layer["type"] in fused for layer in document["layers"])
        if found != (params, buffers, outputs) or (known and totals["macs"] != macs):
            wrong.append((factory.name, found, totals["macs"], (params, buffers, outputs), macs))
    assert not wrong


@pytest.mark.parametrize(
    "name", ["resnet18", "mobilenet_v3_small", "regnet_y_400mf", "swin_t", "lraspp_mobilenet_v3_large"]
)
def test_some_factories(name: str) -> None:
    (factory,) = [one for one in factories() if one.name == name]
    totals, (params, buffers, macs, _) = read(factory)["totals"], executed(factory)
    assert (totals["params_train"], totals["buffers"], totals["macs"]) == (params, buffers, macs)
