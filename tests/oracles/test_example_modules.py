"""The examples that test_published.py leaves out, as PyTorch modules written by hand from the papers.

Compared in the same way, layer by layer, on the meta device; and for every example the MACs, with half of what
PyTorch's flop counter saw (it knows operators, not layers, and none of cnncalc's formulas).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from itertools import pairwise

import pytest

pytest.importorskip("torch")

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

import cnncalc

from .published import Layers
from .test_published import EXAMPLES, NETWORKS, Network, cnncalc_rows, torch_rows


def relus(*layers: nn.Module) -> Layers:
    """Each layer with a ReLU behind it."""
    return [part for layer in layers for part in (layer, nn.ReLU())]


def dense(*sizes: int) -> Layers:
    """Fully connected layers with ReLUs between them."""
    made = relus(*(nn.Linear(*pair) for pair in pairwise(sizes)))
    return [nn.Flatten(), *made[:-1]]


def alexnet(groups: int, size: int = 227) -> nn.Module:
    """AlexNet of 2012; without its groups as lectures show it."""
    pool = nn.MaxPool2d(3, 2)
    convs = [*relus(nn.Conv2d(3, 96, 11, 4, 0 if size == 227 else 2)), nn.LocalResponseNorm(5), pool]
    convs += [*relus(nn.Conv2d(96, 256, 5, 1, 2, groups=groups)), nn.LocalResponseNorm(5), pool]
    convs += relus(
        nn.Conv2d(256, 384, 3, 1, 1),
        nn.Conv2d(384, 384, 3, 1, 1, groups=groups),
        nn.Conv2d(384, 256, 3, 1, 1, groups=groups),
    )
    return nn.Sequential(*convs, pool, *dense(9216, 4096, 4096, 1000))


class FCN8s(nn.Module):
    """The authors' net: a border of 100, pools that round up, crops at their offsets 5, 9 and 31."""

    def __init__(self) -> None:
        super().__init__()
        pool = nn.MaxPool2d(2, ceil_mode=True)
        first = [*relus(nn.Conv2d(3, 64, 3, padding=100), nn.Conv2d(64, 64, 3, padding=1)), pool]
        self.to_pool3 = nn.Sequential(*first, *self.group(64, 128, 2), *self.group(128, 256, 3))
        self.to_pool4 = nn.Sequential(*self.group(256, 512, 3))
        self.to_pool5 = nn.Sequential(*self.group(512, 512, 3))
        self.top = nn.Sequential(*relus(nn.Conv2d(512, 4096, 7), nn.Conv2d(4096, 4096, 1)), nn.Conv2d(4096, 21, 1))
        self.score3, self.score4 = nn.Conv2d(256, 21, 1), nn.Conv2d(512, 21, 1)
        self.twice = nn.ConvTranspose2d(21, 21, 4, 2, bias=False)
        self.again = nn.ConvTranspose2d(21, 21, 4, 2, bias=False)
        self.last = nn.ConvTranspose2d(21, 21, 16, 8, bias=False)

    @staticmethod
    def group(inputs: int, width: int, count: int) -> Layers:
        convs = [nn.Conv2d(width if number else inputs, width, 3, padding=1) for number in range(count)]
        return [*relus(*convs), nn.MaxPool2d(2, ceil_mode=True)]

    def forward(self, x: Tensor) -> Tensor:
        height, width = x.shape[2:]
        pool3 = self.to_pool3(x)
        pool4 = self.to_pool4(pool3)
        y = self.twice(self.top(self.to_pool5(pool4)))
        y = y + self.score4(pool4)[..., 5 : 5 + y.shape[2], 5 : 5 + y.shape[3]]
        y = self.again(y)
        y = y + self.score3(pool3)[..., 9 : 9 + y.shape[2], 9 : 9 + y.shape[3]]
        return self.last(y)[..., 31 : 31 + height, 31 : 31 + width]  # type: ignore[no-any-return]


def c3d() -> nn.Module:
    """The usual port of the Caffe net: its last pool rounds 7 up to 4, here by a padding of 1."""
    layers: Layers = []
    inputs = 3
    pools = [nn.MaxPool3d((1, 2, 2)), *[nn.MaxPool3d(2)] * 3, nn.MaxPool3d(2, padding=(0, 1, 1))]
    for widths, pool in zip(((64,), (128,), (256, 256), (512, 512), (512, 512)), pools, strict=True):
        for width in widths:
            layers += relus(nn.Conv3d(inputs, width, 3, padding=1))
            inputs = width
        layers.append(pool)
    return nn.Sequential(*layers, *dense(8192, 4096, 4096, 487))


def series(kind: type[nn.Module], pool: nn.Module, widths: Iterable[tuple[int, int, object]]) -> nn.Module:
    """Three convolutions, two pools between them, and one global pool."""
    first, second, third = (nn.Sequential(*relus(kind(*sizes))) for sizes in widths)
    ends = {nn.Conv1d: nn.AdaptiveAvgPool1d, nn.Conv2d: nn.AdaptiveAvgPool2d}
    return nn.Sequential(first, pool, second, pool, third, ends[kind](1), *dense(128, 10))


class Causal(nn.Module):
    """A residual block of a TCN."""

    def __init__(self, inputs: int, width: int, rate: int) -> None:
        super().__init__()
        before = nn.ConstantPad1d((2 * rate, 0), 0.0)
        convs = nn.Conv1d(inputs, width, 3, dilation=rate), nn.Conv1d(width, width, 3, dilation=rate)
        self.body = nn.Sequential(before, *relus(convs[0]), before, *relus(convs[1]))
        self.shortcut = nn.Conv1d(inputs, width, 1) if inputs != width else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        return (self.body(x) + self.shortcut(x)).relu()  # type: ignore[no-any-return]


class TCN(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.Sequential(*(Causal(64 if i else 8, 64, 2**i) for i in range(8)))
        self.last = nn.Linear(64, 10)

    def forward(self, x: Tensor) -> Tensor:
        return self.last(self.blocks(x)[..., -1])  # type: ignore[no-any-return]


class Each(nn.Module):
    """Layers beside each other, on the same input."""

    def __init__(self, *layers: nn.Module) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)

    def forward(self, x: Tensor) -> list[Tensor]:
        return [layer(x) for layer in self.layers]


def sizes() -> nn.Module:
    return Each(nn.Conv2d(3, 8, 3, padding=1), nn.Conv2d(3, 8, 3), nn.Conv2d(3, 8, 5))


def uneven() -> nn.Module:
    padded = nn.Sequential(nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(1, 1, 3, 2))
    return Each(nn.Conv2d(1, 1, 3, 2), padded)


PLANE = (1, 32, (8, 5)), (32, 64, (1, 5)), (64, 128, (1, 5))
LINE = (8, 32, 5), (32, 64, 5), (64, 128, 5)
MORE = {
    "alexnet-227": Network(lambda: alexnet(2), (3, 227, 227), 60_965_224),
    "fcn8s": Network(FCN8s, (3, 500, 500), 134_489_759),
    "c3d": Network(c3d, (3, 16, 112, 112), 79_991_015),
    "series-2d": Network(lambda: series(nn.Conv2d, nn.MaxPool2d((1, 2)), PLANE), (1, 8, 1000), 53_994),
    "series-1d": Network(lambda: series(nn.Conv1d, nn.MaxPool1d(2), LINE), (8, 1000), 53_994),
    "edge-detector": Network(lambda: nn.Conv2d(1, 1, (1, 2), bias=False), (1, 280, 320), 2),
    "conv-200": Network(lambda: nn.Conv2d(1, 1, 3, padding=1, bias=False), (1, 200, 200), 9),
    "tcn": Network(TCN, (8, 1000), 188_106),
    "lessons/lecture-alexnet": Network(lambda: alexnet(1), (3, 227, 227), 62_378_344),
    "lessons/same-size": Network(sizes, (3, 295, 295), 1056),
    "lessons/odd-pool": Network(lambda: Each(nn.MaxPool2d(2), nn.MaxPool2d(2, ceil_mode=True)), (8, 295, 295), 0),
    "lessons/uneven-stride": Network(uneven, (1, 10, 10), 20),
    "lessons/stride-2": Network(lambda: nn.Conv2d(3, 2, 3, 2, 1), (3, 5, 5), 56),
    "lessons/twenty-filters": Network(lambda: nn.Conv2d(1, 20, 5), (1, 28, 28), 520),
}


@pytest.mark.parametrize("name", MORE)
def test_modules(name: str) -> None:
    network = MORE[name]
    document = cnncalc.analyze(cnncalc.load(EXAMPLES / f"{name}.txt")).to_dict()
    rows, outputs = torch_rows(network)
    assert cnncalc_rows(document) == rows
    assert sorted(tuple(output["shape"]) for output in document["outputs"]) == outputs
    assert document["totals"]["params"] == network.params


def test_the_lecture_on_224() -> None:
    network = Network(lambda: alexnet(1, 224), (3, 224, 224), 62_378_344)
    spec = cnncalc.load(EXAMPLES / "lessons/lecture-alexnet.txt", settings={"size": 224, "border": 2})
    document = cnncalc.analyze(spec).to_dict()
    assert cnncalc_rows(document) == torch_rows(network)[0]
    assert document["totals"]["macs"] == macs(network) == 1_135_256_096


def macs(network: Network) -> int:
    """What PyTorch's counter sees, halved."""
    with warnings.catch_warnings(), torch.device("meta"):
        warnings.simplefilter("ignore")
        module = network.build().eval()
        with FlopCounterMode(display=False) as counter:
            module(torch.zeros(1, *network.shape))
    return counter.get_total_flops() // 2


@pytest.mark.parametrize("name", [*NETWORKS, *MORE])
def test_macs(name: str) -> None:
    """Train heads with them: PyTorch ran them all."""
    network = (NETWORKS | MORE)[name]
    analysis = cnncalc.analyze(cnncalc.load(EXAMPLES / f"{name}.txt"))
    assert sum(layer.macs or 0 for layer in analysis.layers) == macs(network)
