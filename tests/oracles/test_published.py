"""The published networks of examples/, layer by layer, against PyTorch modules written by hand from the
papers.

Run on the meta device: nothing is computed but shapes. Compared are, as a multiset (the papers' order of
branches is no law), output shape, parameters and running statistics of every layer that has any, the pools
that change the size, and every output; and the totals with the published counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

pytest.importorskip("torch")

import torch
from torch import Tensor, nn

import cnncalc

from . import published as made
from .published import basic, bottleneck, deeplab_head, fcn_head, resnet

EXAMPLES = Path(__file__).parents[2] / "examples"


class Network(NamedTuple):
    """A PyTorch module, its input and the published count, auxiliary heads with it."""

    build: Callable[[], nn.Module]
    shape: tuple[int, ...]
    params: int


IMAGE = (3, 224, 224)
NETWORKS = {
    "alexnet": Network(made.alexnet, IMAGE, 61_100_840),
    "vgg16": Network(made.vgg16, IMAGE, 138_357_544),
    "googlenet": Network(made.GoogLeNet, IMAGE, 13_004_888),
    "resnet18": Network(lambda: resnet(basic, [2, 2, 2, 2], 1), IMAGE, 11_689_512),
    "resnet50": Network(lambda: resnet(bottleneck, [3, 4, 6, 3], 4), IMAGE, 25_557_032),
    "densenet121": Network(made.densenet121, IMAGE, 7_978_856),
    "squeezenet1_0": Network(made.squeezenet1_0, IMAGE, 1_248_424),
    "mobilenet_v2": Network(made.mobilenet_v2, IMAGE, 3_504_872),
    "unet": Network(made.UNet, (1, 572, 572), 31_030_658),
    "fcn_resnet50": Network(lambda: made.Segmentation(fcn_head(2048)), (3, 520, 520), 35_322_218),
    "deeplabv3_resnet50": Network(lambda: made.Segmentation(deeplab_head()), (3, 520, 520), 42_004_074),
}
POOLS = ("maxpool", "avgpool", "gavgpool")
Row = tuple[tuple[int, ...], int, int]


def torch_rows(network: Network) -> tuple[Counter[Row], list[tuple[int, ...]]]:
    """Every leaf module's row, and the outputs, taken by hooks as the network runs."""
    rows: Counter[Row] = Counter()

    def note(module: nn.Module, inputs: tuple[Tensor], output: Tensor) -> None:
        params = sum(p.numel() for p in module.parameters())
        buffers = sum(b.numel() for n, b in module.named_buffers() if n != "num_batches_tracked")
        if params or ("Pool" in type(module).__name__ and output.shape != inputs[0].shape):
            rows[tuple(output.shape[1:]), params, buffers] += 1

    with torch.device("meta"):
        module = network.build().eval()
        for leaf in {m for m in module.modules() if not list(m.children())}:
            leaf.register_forward_hook(note)
        outputs = module(torch.zeros(1, *network.shape))
    listed = outputs if isinstance(outputs, list) else [outputs]
    return rows, sorted(tuple(output.shape[1:]) for output in listed)


def cnncalc_rows(document: dict[str, Any]) -> Counter[Row]:
    """The same of cnncalc's layers."""
    shapes = {entry["name"]: entry["shape"] for entry in document["inputs"]}
    shapes |= {layer["name"]: layer["output"] for layer in document["layers"]}
    return Counter(
        (tuple(layer["output"]), layer["params"], layer["buffers"])
        for layer in document["layers"]
        if layer["params"] or (layer["kind"] in POOLS and layer["output"] != shapes[layer["inputs"][0]])
    )


@pytest.mark.parametrize("name", NETWORKS)
def test_published(name: str) -> None:
    network = NETWORKS[name]
    document = cnncalc.analyze(cnncalc.load(EXAMPLES / f"{name}.txt")).to_dict()
    rows, outputs = torch_rows(network)
    assert cnncalc_rows(document) == rows
    assert sorted(tuple(output["shape"]) for output in document["outputs"]) == outputs
    assert sum(params * count for (_, params, _), count in rows.items()) == network.params
    assert document["totals"].get("params_train", document["totals"]["params"]) == network.params
