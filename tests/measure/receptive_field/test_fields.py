"""Receptive fields, forwards, against brute force; and what is defined where no brute force can be."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cnncalc

F = Fraction

LAYER = st.builds(
    "{} {} stride={} dilation={} pad={}:{}".format,
    st.sampled_from(["conv 2", "dwconv", "maxpool"]), st.integers(1, 4), st.integers(1, 3), st.integers(1, 3),
    st.integers(0, 3), st.integers(0, 3),
)  # fmt: skip


@settings(max_examples=150)
@given(lines=st.lists(LAYER, min_size=1, max_size=5))
def test_a_field_is_what_brute_force_reaches(lines: list[str]) -> None:
    """Taps pushed back through the layers one by one: the hull of the pixels that the first output depends on."""
    text = "input 2@9000\n" + "\n".join(lines)
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


def last(text: str) -> tuple[object, object, object]:
    """Size, jump and start of the last layer along its first axis."""
    row = cnncalc.analyze(cnncalc.loads(text)).layers[-1]
    assert row.field and row.jump and row.start
    return row.field[0], row.jump[0], row.start[0]


@pytest.mark.parametrize(
    ("layers", "found"),
    [
        # size += (F-1)d*j', start -= (d(F-1) - P)*j', j' = jump/S (counting.md)
        ("maxpool 2\nupconv 4 2 stride=2", (3, 1, -1)),
        ("upconv 4 3 stride=2 pad=1 outpad=1", (2, F(1, 2), F(-1, 2))),
        ("maxpool 4 | upconv 4 3 stride=2 dilation=2 pad=1", (12, 2, -6)),
        ("upconv 4 5 pad=2", (5, 1, -2)),
        ("upconv 4 4 stride=2 pad=same", (F(5, 2), F(1, 2), -1)),
        # centres stay where the output looks: (i + 1/2)W/n - 1/2
        ("maxpool 4 | resize 2", (4, 2, -1)),
        ("maxpool 4 | resize 2 mode=bilinear", (8, 2, -3)),
        ("maxpool 4 | resize to=16", (4, 4, 0)),
        ("conv 16 3 pad=1 | maxpool 2 | pixelshuffle 2", (4, 1, F(-3, 2))),
        ("pixelunshuffle 2 | conv 4 3", (6, 2, 0)),
        ("avgpool to=7", (10, F(64, 7), 0)),
        ("avgpool to=16", (4, 4, 0)),
    ],
)
def test_the_recurrence_of_upsampling(layers: str, found: tuple[object, object, object]) -> None:
    assert last(f"input 3x64x64\n{layers}") == found


def test_what_is_nominal_is_marked() -> None:
    rows = cnncalc.analyze(cnncalc.loads("input 3x8x8\nconv 4 3 | upsample 2 | conv 4 3 | gavgpool")).layers
    assert [row.nominal for row in rows] == [False, True, True, True]
    entry = rows[1].to_dict()
    assert (entry["field"], entry["jump"], entry["start"]) == ([3, 3], [0.5, 0.5], [-0.25, -0.25])
    assert isinstance(entry["field"][0], int)
    assert isinstance(entry["jump"][0], float)


def test_uneven_windows_are_nominal_even_ones_are_not() -> None:
    rows = cnncalc.analyze(cnncalc.loads("input 3x10x9\navgpool to=5x3\nflatten")).layers
    assert not rows[0].nominal
    rows = cnncalc.analyze(cnncalc.loads("input 3x10x10\navgpool to=4\nflatten")).layers
    assert rows[0].nominal
    assert rows[1].field == (10, 10)  # all windows together are the image, whatever they are


def test_only_the_first_input_counts() -> None:
    text = "left = input 3x9x9\nright = input 3x9x9\na = @left | conv 2 3\nb = @right | conv 2 3\nc = @b | conv 2 1\nconcat @a @c"
    rows = {row.name: row for row in cnncalc.analyze(cnncalc.loads(text)).layers}
    assert (rows["a"].field, rows["b"].field, rows["c"].field) == ((3, 3), None, None)
    assert rows["concat1"].field == (3, 3)


def test_a_gate_sees_everything_and_the_window_beside_it_still_moves() -> None:
    """Squeeze and excite: what follows grows by the moving part alone."""
    text = "input 3x32x32\nx = conv 4 3 pad=1\nmul:\n    - @x\n    - @x | gavgpool | conv 4 1\nconv 4 3 pad=1"
    rows = {row.name: row for row in cnncalc.analyze(cnncalc.loads(text)).layers}
    assert (rows["mul1"].field, rows["mul1"].jump, rows["mul1"].start) == ((34, 34), (1, 1), (-1, -1))
    end = cnncalc.analyze(cnncalc.loads(text)).layers[-1]
    assert (end.field, end.start) == ((35, 35), (-2, -2))


def test_coverage_is_the_share_of_the_input() -> None:
    row = cnncalc.analyze(cnncalc.loads("input 3x20x40\nconv 4 5")).layers[0]
    assert row.coverage == (F(1, 4), F(1, 8))


def test_the_odd_pixel_of_same_padding_is_at_the_end() -> None:
    """TensorFlow's rule: of 3 pixels of padding one is before, two behind; of one, none before."""
    starts = [
        cnncalc.analyze(cnncalc.loads(f"input 1x9x9\nconv 1 {size} pad=same")).layers[0].start for size in (2, 3, 4)
    ]
    assert starts == [(0, 0), (-1, -1), (-1, -1)]


@pytest.mark.parametrize(
    ("like", "alone"),
    [
        ("crop like=@a", "crop 7"),
        ("resize like=@a", "resize to=7"),
        ("resize like=@a mode=bilinear", "resize to=7 mode=bilinear"),
    ],
)
def test_a_layer_that_takes_its_size_from_another_sees_what_it_sees_of_that_size(like: str, alone: str) -> None:
    """The other tensor gives a size, and no values."""
    found, wanted = (
        cnncalc.analyze(
            cnncalc.loads(f"input 1x16x16\na = conv 1 3 stride=2\n@input | conv 1 3 pad=1 | {last}")
        ).layers[-1]
        for last in (like, alone)
    )
    assert (found.field, found.jump, found.start) == (wanted.field, wanted.jump, wanted.start)
    assert wanted.field == ((4, 4) if "bilinear" in like else (3, 3))


@pytest.mark.parametrize(
    ("text", "axes", "size"),
    [
        ("x = input 1x6x6\na = conv 1 3 pad=1\nb = @x | conv 1 3 pad=1\nmatmul @a @b", 2, 8),
        ("input 4@9\nk = conv 4 3 pad=1\nq = @input | conv 4 3 pad=1\nattention 2 from=@k", 1, 11),
    ],
)
def test_a_product_moves_with_one_of_its_tensors_along_each_axis(text: str, axes: int, size: int) -> None:
    """A row of the first, or a query, three pixels wide; all of the other, its border included."""
    fields = cnncalc.analyze(cnncalc.loads(text)).fields[-1]
    assert fields is not None
    assert [[(part.jump, part.size, part.start) for part in field.parts] for field in fields] == [
        [(1, 3, -1), (0, size, -1)]
    ] * axes
    assert [(field.local, field.size) for field in fields] == [(3, size)] * axes
