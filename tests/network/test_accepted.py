"""The sizes that a spec accepts, against building it at every size."""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc.diagnostics import ERROR
from cnncalc.network.accepted import Accepted, SizeRange, accepted
from helpers import network

VGG = "input 3x224x224\nrepeat 5:\n    conv 8 3 pad=1 | relu | maxpool 2\nflatten | fc 10"
UNET = """input 3x64x64
a = conv 8 3 pad=1 | relu
maxpool 2
b = conv 8 3 pad=1
maxpool 2 | conv 8 3 pad=1 | relu | upconv 8 2 stride=2
concat @b
upconv 8 2 stride=2
concat @a
"""
CROPPED = (
    "input 3x64x64\na = conv 8 3\nmaxpool 2 | conv 8 3 | resize 2\nconcat:\n    - @a | crop like=@here\n    - identity"
)
FIXED = "input 1x28x28\nconv 6 5 | relu | maxpool 2 | conv 16 5 | relu | maxpool 8\nfc 10"


def one(text: str) -> Accepted:
    (found,) = accepted(cnncalc.loads(text))
    return found


def test_alexnet_takes_63() -> None:
    found = accepted(cnncalc.load("@alexnet"))
    assert [(item.axes, item.sizes, item.fixed) for item in found] == [
        (("height", "width"), (SizeRange(63, None),), None)
    ]


def test_a_flatten_takes_a_range() -> None:
    found = one(VGG)
    assert found.sizes == (SizeRange(32, None),)
    assert found.fixed == ("flatten1", (392,), SizeRange(224, 255))


MULTIPLES = [
    f"input 3x{size}x{size}\npixelunshuffle {factor}\n{more}" for size, factor in ((64, 2), (30, 3), (30, 10), (6, 6))
    for more in ("", "conv 4 3 stride=2" if size > 6 else "gavgpool", "flatten | fc 3", "pixelunshuffle 2" if size == 64 else "relu")
]  # fmt: skip
BOUNDED = [
    "input 3@1\nfc 3",
    "input 3@9\nflatten | fc 3\nreshape 3x1",
    "input 3@12\nmaxpool 12 | reshape 3x1 | fc 2",
    "input 3@3\nconv 2 3 | fc 4",
    "input 3@64\nconv 2 3 stride=40",
    "input 2@7\na = relu\nmaxpool 2 | upconv 2 2 stride=2 outpad=1\nadd @a",
    "input 3@2\nconv 2 2 | reshape 2x1 | fc 1",
    "input 3x16x16\nconv 4 3 stride=5\nreshape ?x1x1",
    "input 4@20\nif L > 7:\n    conv 4 3 stride=2\nconv 4 3",
]
#: Periods that no stride tells: nothing is said beyond the sizes that were tried.
TRIED = ["input 3x9x9\nreshape ?x9x9 | conv 2 3", "input 4@20\nif L % 3 == 2:\n    relu\nelse:\n    fc 4"]


@pytest.mark.parametrize(
    "text", [VGG, UNET, CROPPED, FIXED, "input 2@40\nconv 2 7 stride=3", *MULTIPLES, *BOUNDED, *TRIED]
)
def test_as_building_it_says(text: str) -> None:
    found = one(text)
    shape = cnncalc.loads(text).inputs[0].output
    assert shape is not None

    def accepts(size: int) -> bool:
        sizes = "x".join([str(size)] * (len(shape) - 1))
        built = network(text, inputs={None: f"{shape[0]}@{sizes}"})
        return not any(one.severity == ERROR and one.code != "expectation-failed" for one in built.diagnostics)

    for size in range(1, found.tried + (1 if text in TRIED else 80)):
        said = any(
            size >= some.first and (some.last is None or size <= some.last) and (size - some.first) % some.step == 0
            for some in found.sizes
        )
        assert said == accepts(size), size


@pytest.mark.parametrize("text", [*MULTIPLES, *BOUNDED, *TRIED])
def test_as_long_as_the_weights_fit(text: str) -> None:
    """Around the present size the shapes of what is bound to it stay, and no further."""
    found = one(text)
    if found.fixed is None:
        return
    name, shape, around = found.fixed
    start = cnncalc.loads(text).inputs[0].output
    assert start is not None

    def bound(size: int) -> list[tuple[int, ...] | None]:
        built = network(text, inputs={None: f"{start[0]}@{'x'.join([str(size)] * (len(start) - 1))}"})
        if any(one.severity == ERROR for one in built.diagnostics):
            return []
        return [node.output for node in built.nodes if node.layer is not None and node.layer.size_bound]

    assert around.last is not None
    own = bound(found.present)
    assert shape in own
    assert name in [node.name for node in network(text).nodes]
    assert all(bound(size) == own for size in range(around.first, around.last + 1))
    assert around.first == 1 or bound(around.first - 1) != own
    assert bound(around.last + 1) != own


def test_multiples() -> None:
    assert one(UNET).sizes == (SizeRange(4, None, 4),)


def test_a_last_map_of_one_pixel() -> None:
    assert [(some.first, some.last) for some in one(FIXED).sizes] == [(28, 43)]


def test_axes_one_by_one() -> None:
    found = accepted(cnncalc.load("@series-2d"))
    assert [(item.axes, item.sizes) for item in found] == [
        (("height",), (SizeRange(8, None),)), (("width",), (SizeRange(32, None),))
    ]  # fmt: skip


def test_nothing_is_said_of_what_cannot_be_tried() -> None:
    assert accepted(cnncalc.loads("input 100\nfc 10")) == ()
    assert accepted(cnncalc.loads("input 4x9x9\nrepeat 30000:\n    relu\nconv 4 1")) == ()


def test_sizes_too_large_to_be_tried_one_by_one() -> None:
    found = one(f"input 3x{10**40}x{10**40}\nconv 8 5 stride=2 | relu | avgpool to=7")
    assert found.sizes == (SizeRange(5, None),)
    layers = (
        "conv 8 80 stride=16 | relu | maxpool 4\nconv 16 3 | relu | maxpool 4 | conv 8 9 stride=5 | flatten | fc 10"
    )
    found = one(f"input 1@160000\n{layers}")
    assert found.sizes == (SizeRange(2496, None),)
    assert found.fixed == ("flatten1", (992,), SizeRange(159936, 161215))
    for size, fits in ((2495, False), (2496, True)):
        built = network(f"input 1@{size}\n{layers}")
        assert any(item.severity == ERROR for item in built.diagnostics) is not fits
    for size, values in ((159935, 984), (159936, 992), (161215, 992), (161216, 1000)):
        assert network(f"input 1@{size}\n{layers}").nodes[-2].output == (values,)
