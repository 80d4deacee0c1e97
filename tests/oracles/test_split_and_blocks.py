"""`split`, and the blocks of '@blocks', against PyTorch: shapes, values' places, parameters and refusals."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

import cnncalc

torch = pytest.importorskip("torch")
nn = torch.nn

RANDOM = Random(7)


def _splits() -> list[tuple[tuple[int, ...], int, int | list[int]]]:
    """Shapes, axes and parts: equal ones that divide or not, and lists that sum to the axis or not."""
    found: list[tuple[tuple[int, ...], int, int | list[int]]] = []
    for _ in range(300):
        shape = tuple(RANDOM.randint(1, 12) for _ in range(RANDOM.randint(1, 4)))
        axis = RANDOM.randrange(len(shape))
        parts: int | list[int] = RANDOM.randint(2, 5)
        if RANDOM.random() < 0.5:
            parts = [RANDOM.randint(1, 5) for _ in range(RANDOM.randint(2, 4))]
            if RANDOM.random() < 0.7:  # mostly such as fit
                shape = (*shape[:axis], sum(parts), *shape[axis + 1 :])
        found.append((shape, axis, parts))
    return found


@pytest.mark.parametrize(("shape", "axis", "parts"), _splits())
def test_split(shape: tuple[int, ...], axis: int, parts: int | list[int]) -> None:
    letters = {1: "C", 2: "CL", 3: "CHW", 4: "CDHW"}[len(shape)]
    count = parts if isinstance(parts, int) else len(parts)
    names = ", ".join(f"y{number}" for number in range(count))
    written = parts if isinstance(parts, int) else ",".join(map(str, parts))
    text = "@".join(map(str, shape)) if len(shape) == 2 else "x".join(map(str, shape))
    spec = f"input {text}  # allow: batch-size\n{names} = split {written} axis={letters[axis]}\n"
    tensor = torch.zeros(1, *shape)
    sizes: Any = parts
    if isinstance(parts, int):
        sizes = shape[axis] // parts if shape[axis] % parts == 0 else None
    try:
        expected = None if sizes is None else [tuple(one.shape[1:]) for one in tensor.split(sizes, dim=axis + 1)]
    except RuntimeError:
        expected = None
    if expected is None or (isinstance(parts, int) and not sizes):
        with pytest.raises(cnncalc.SpecError):
            cnncalc.loads(spec)
        return
    assert [node.output for node in cnncalc.loads(spec).nodes[1:]] == expected


# --- the library ------------------------------------------------------------------------------------


def _convbn(
    inside: int, outside: int, kernel: int = 1, stride: int = 1, groups: int = 1, dilation: int = 1
) -> list[Any]:
    pad = dilation * (kernel // 2)
    return [
        nn.Conv2d(inside, outside, kernel, stride, pad, dilation, groups, bias=False), nn.BatchNorm2d(outside), nn.ReLU(),
    ]  # fmt: skip


class Paths(nn.Module):  # type: ignore[misc, name-defined]
    """Paths from one input, joined."""

    def __init__(self, join: Any, *paths: list[Any]) -> None:
        super().__init__()
        self.join, self.paths = join, nn.ModuleList(nn.Sequential(*path) for path in paths)

    def forward(self, x: Any) -> Any:
        return self.join([path(x) for path in self.paths])


class Half(nn.Module):  # type: ignore[misc, name-defined]
    """ShuffleNet's unit of stride 1."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        half = channels // 2
        depthwise = [nn.Conv2d(half, half, 3, 1, 1, groups=half, bias=False), nn.BatchNorm2d(half)]
        self.work = nn.Sequential(*_convbn(half, half), *depthwise, *_convbn(half, half))
        self.shuffle = nn.ChannelShuffle(2)

    def forward(self, x: Any) -> Any:
        kept, half = x.chunk(2, dim=1)
        return self.shuffle(torch.cat([kept, self.work(half)], dim=1))


class Pooled(nn.Module):  # type: ignore[misc, name-defined]
    """The pooled path of the pyramid: as large again as it was."""

    def __init__(self, inside: int, outside: int) -> None:
        super().__init__()
        self.pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), *_convbn(inside, outside))

    def forward(self, x: Any) -> Any:
        return nn.functional.interpolate(self.pool(x), size=x.shape[2:], mode="bilinear")


def _total(tensors: list[Any]) -> Any:
    return sum(tensors[1:], tensors[0])


def _product(tensors: list[Any]) -> Any:
    return tensors[0] * tensors[1]


def _cat(tensors: list[Any]) -> Any:
    return torch.cat(tensors, dim=1)


def _gate(channels: int, squeezed: int) -> Any:
    squeeze = [nn.AdaptiveAvgPool2d(1), nn.Conv2d(channels, squeezed, 1), nn.ReLU(), nn.Conv2d(squeezed, channels, 1)]
    return Paths(_product, [], [*squeeze, nn.Sigmoid()])


def _inverted(inside: int, width: int, expand: int, stride: int, squeezed: int = 0) -> Any:
    wide = inside * expand
    work = [*(_convbn(inside, wide) if expand != 1 else []), *_convbn(wide, wide, 3, stride, wide)]
    work += ([_gate(wide, squeezed)] if squeezed else []) + _convbn(wide, width)[:2]
    return Paths(_total, [], work) if stride == 1 and inside == width else nn.Sequential(*work)


def _bottleneck(inside: int, width: int, stride: int, groups: int = 1, base: int = 64) -> Any:
    inner = width * base // 64 * groups
    work = [*_convbn(inside, inner), *_convbn(inner, inner, 3, stride, groups), *_convbn(inner, width * 4)[:2]]
    short = _convbn(inside, width * 4, 1, stride)[:2] if stride != 1 or inside != width * 4 else []
    return nn.Sequential(Paths(_total, work, short), nn.ReLU())


def _dense(inside: int, growth: int) -> list[Any]:
    return [
        nn.BatchNorm2d(inside), nn.ReLU(), nn.Conv2d(inside, growth * 4, 1, bias=False),
        nn.BatchNorm2d(growth * 4), nn.ReLU(), nn.Conv2d(growth * 4, growth, 3, 1, 1, bias=False),
    ]  # fmt: skip


def _relu(*sizes: int, pad: int = 0) -> list[Any]:
    return [nn.Conv2d(*sizes, padding=pad), nn.ReLU()]


#: A line on 64x28x28, and the module that its source describes.
BLOCKS: list[tuple[str, Any]] = [
    ("convbn 96 3 stride=2", lambda: nn.Sequential(*_convbn(64, 96, 3, 2))),
    ("convbn 96 groups=4 act=silu", lambda: nn.Sequential(*_convbn(64, 96, 1, 1, 4))),
    ("sepconv 80 5", lambda: nn.Sequential(nn.Conv2d(64, 64, 5, 1, 2, groups=64, bias=False), *_convbn(64, 80)[:2])),
    ("se", lambda: _gate(64, 4)),
    ("se 12", lambda: _gate(64, 12)),
    ("basic 64", lambda: Paths(_total, [], _convbn(64, 64, 3) + _convbn(64, 64, 3)[:2])),
    ("basic 96 stride=2", lambda: Paths(
        _total, _convbn(64, 96, 1, 2)[:2], _convbn(64, 96, 3, 2) + _convbn(96, 96, 3)[:2])),
    ("bottleneck 16", lambda: _bottleneck(64, 16, 1)),
    ("bottleneck 64 stride=2 groups=32 base=4", lambda: _bottleneck(64, 64, 2, 32, 4)),
    ("bottleneck 64 base=128", lambda: _bottleneck(64, 64, 1, 1, 128)),
    ("preact 32", lambda: Paths(_total, [], [
        nn.BatchNorm2d(64), nn.ReLU(), nn.Conv2d(64, 32, 3, 1, 1, bias=False),
        nn.BatchNorm2d(32), nn.ReLU(), nn.Conv2d(32, 64, 3, 1, 1, bias=False)])),
    ("mbconv 64", lambda: _inverted(64, 64, 6, 1)),
    ("mbconv 24 expand=1 stride=2", lambda: _inverted(64, 24, 1, 2)),
    ("mbconv 64 squeezed=C//4 act=silu", lambda: _inverted(64, 64, 6, 1, 16)),
    ("dense_layer", lambda: Paths(_cat, [], _dense(64, 32))),
    ("transition", lambda: nn.Sequential(
        nn.BatchNorm2d(64), nn.ReLU(), nn.Conv2d(64, 32, 1, bias=False), nn.AvgPool2d(2))),
    ("fire 16 64", lambda: nn.Sequential(*_relu(64, 16, 1), Paths(_cat, _relu(16, 64, 1), _relu(16, 64, 3, pad=1)))),
    ("inception 64 96 128 16 32 32", lambda: Paths(
        _cat, _relu(64, 64, 1), _relu(64, 96, 1) + _relu(96, 128, 3, pad=1), _relu(64, 16, 1) + _relu(16, 32, 5, pad=2),
        [nn.MaxPool2d(3, 1, 1), *_relu(64, 32, 1)])),
    ("aspp", lambda: nn.Sequential(Paths(
        _cat, _convbn(64, 256), *(_convbn(64, 256, 3, dilation=rate) for rate in (12, 24, 36)), [Pooled(64, 256)]),
        *_convbn(1280, 256), nn.Dropout(0.5))),
    ("double 48", lambda: nn.Sequential(*_convbn(64, 48, 3), *_convbn(48, 48, 3))),
    ("shuffle_unit", lambda: Half(64)),
    ("ghost 48", lambda: nn.Sequential(*_convbn(64, 24), Paths(_cat, [], _convbn(24, 24, 3, groups=24)))),
    ("spp", lambda: Paths(_cat, [], *([nn.MaxPool2d(size, 1, size // 2)] for size in (5, 9, 13)))),
]  # fmt: skip


@pytest.mark.parametrize(("line", "module"), BLOCKS, ids=[line for line, _ in BLOCKS])
def test_a_block_of_the_library_is_what_its_source_describes(line: str, module: Any) -> None:
    made = cnncalc.analyze(cnncalc.loads(f"use @blocks\ninput 64x28x28\n{line}\n"))
    twin = module().eval()
    with torch.no_grad():
        output = twin(torch.zeros(1, 64, 28, 28))
    assert made.outputs[0].shape == tuple(output.shape[1:])
    assert made.totals.params == sum(one.numel() for one in twin.parameters())


#: Networks put together of the library, with the parameters that torchvision publishes of them.
NETWORKS = {
    "resnet18": (11_689_512, "convbn 64 7 stride=2\nmaxpool 3 stride=2 pad=1\nrepeat 2:\n    basic 64\n"
                 "repeat 128, 256, 512 as w:\n    basic w stride=2\n    basic w\ngavgpool | fc 1000"),
    "resnext50_32x4d": (25_028_904, "convbn 64 7 stride=2\nmaxpool 3 stride=2 pad=1\n"
                        "block group(width, n, stride=2):\n    bottleneck width stride=stride groups=32 base=4\n"
                        "    repeat n-1:\n        bottleneck width groups=32 base=4\n"
                        "group 64 3 stride=1\ngroup 128 4\ngroup 256 6\ngroup 512 3\ngavgpool | fc 1000"),
    "densenet121": (7_978_856, "convbn 64 7 stride=2\nmaxpool 3 stride=2 pad=1\nrepeat 6, 12, 24 as n:\n    repeat n:\n"
                    "        dense_layer\n    transition\nrepeat 16:\n    dense_layer\nbn | relu | gavgpool | fc 1000"),
    "mobilenet_v2": (3_504_872, "convbn 32 3 stride=2 act=relu6\nmbconv 16 expand=1\nmbconv 24 stride=2\nmbconv 24\n"
                     "mbconv 32 stride=2\nrepeat 2:\n    mbconv 32\nmbconv 64 stride=2\nrepeat 3:\n    mbconv 64\n"
                     "repeat 3:\n    mbconv 96\nmbconv 160 stride=2\nrepeat 2:\n    mbconv 160\nmbconv 320\n"
                     "convbn 1280 act=relu6\ngavgpool | fc 1000"),
    "squeezenet1_0": (1_248_424, "conv 96 7 stride=2 | relu | maxpool 3 stride=2 ceil=yes\nfire 16 64\nfire 16 64\n"
                      "fire 32 128\nmaxpool 3 stride=2 ceil=yes\nfire 32 128\nfire 48 192\nfire 48 192\nfire 64 256\n"
                      "maxpool 3 stride=2 ceil=yes\nfire 64 256\nconv 1000 1 | relu | gavgpool"),
}  # fmt: skip


@pytest.mark.parametrize("name", NETWORKS)
def test_networks_of_the_library_have_the_published_parameters(name: str) -> None:
    params, body = NETWORKS[name]
    assert cnncalc.analyze(cnncalc.loads(f"use @blocks\ninput 3x224x224\n{body}\n")).totals.params == params
