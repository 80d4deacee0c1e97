"""Receptive fields against published ones and brute force."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

import cnncalc

VGG16 = "input 3x224x224\n" + "\n".join(
    f"repeat {count}:\n    conv {width} 3 pad=1 | relu\npool{number} = maxpool 2"
    for number, (width, count) in enumerate([(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)], 1)
)
#: TF-slim's alexnet_v2: valid convolution first, "same" after it, valid pools.
ALEXNET = """input 3x224x224
conv1 = conv 64 11 stride=4
pool1 = maxpool 3 stride=2
conv2 = conv 192 5 pad=2
pool2 = maxpool 3 stride=2
conv3 = conv 384 3 pad=1
conv4 = conv 384 3 pad=1
conv5 = conv 256 3 pad=1
pool5 = maxpool 3 stride=2
"""


def fields(text: str) -> dict[str, tuple[int, int, int]]:
    """Size, stride and padding of every layer, along the height."""
    found = {}
    for row in cnncalc.analyze(cnncalc.loads(text)).layers:
        assert row.field and row.jump and row.start
        found[row.name] = (row.field[0], row.jump[0], -row.start[0])
    return found


def test_the_published_fields_of_vgg16() -> None:
    """google-research/receptive_field's table."""
    found = fields(VGG16)
    published = {
        "pool1": (6, 2, 2),
        "pool2": (16, 4, 6),
        "pool3": (44, 8, 18),
        "pool4": (100, 16, 42),
        "pool5": (212, 32, 90),
    }
    assert {name: found[name] for name in published} == published


def test_the_published_fields_of_alexnet() -> None:
    """google-research/receptive_field's table."""
    found = fields(ALEXNET)
    published = {
        "conv1": (11, 4, 0), "pool1": (19, 8, 0), "conv2": (51, 8, 16), "conv3": (99, 16, 32),
        "conv4": (131, 16, 48), "conv5": (163, 16, 64), "pool5": (195, 32, 64),
    }  # fmt: skip
    assert {name: found[name] for name in published} == published


LAYER = st.builds(
    "{} {} stride={} dilation={} pad={}:{}".format,
    st.sampled_from(["conv 2", "dwconv", "maxpool"]), st.integers(1, 4), st.integers(1, 3), st.integers(1, 3),
    st.integers(0, 3), st.integers(0, 3),
)  # fmt: skip


@settings(max_examples=150)
@given(lines=st.lists(LAYER, min_size=1, max_size=5))
def test_a_field_is_what_brute_force_reaches(lines: list[str]) -> None:
    """Taps pushed back through the layers one by one: the hull of the pixels that the first output depends on."""
    text = "input 2@400\n" + "\n".join(lines)
    rows = cnncalc.analyze(cnncalc.loads(text)).layers
    reached = {0}
    for line in reversed(lines):
        words = line.removeprefix("conv 2 ").removeprefix("dwconv ").removeprefix("maxpool ").split()
        kernel = int(words[0])
        stride, dilation = (int(word.split("=")[1]) for word in words[1:3])
        before = int(words[3].split("=")[1].split(":")[0])
        reached = {index * stride + tap * dilation - before for index in reached for tap in range(kernel)}
    assert rows[-1].start == (min(reached),)
    assert rows[-1].field == (max(reached) - min(reached) + 1,)


def test_merges_take_the_hull_and_whole_maps_have_no_stride() -> None:
    text = "input 3x32x32\nconcat:\n    - conv 4 3 pad=1\n    - conv 4 5 pad=2 | conv 4 3 pad=1\ngavgpool | flatten | fc 10"
    rows = {row.name: row for row in cnncalc.analyze(cnncalc.loads(text)).layers}
    assert (rows["concat1"].field, rows["concat1"].start) == ((7, 7), (-3, -3))
    assert (rows["fc1"].field, rows["fc1"].jump, rows["fc1"].start) == ((38, 38), (0, 0), (-3, -3))


def test_what_is_not_worked_out_is_unknown() -> None:
    rows = cnncalc.analyze(cnncalc.loads("input 3x8x8\nupsample 2\nconv 4 3")).layers
    assert [row.field for row in rows] == [None, None]
