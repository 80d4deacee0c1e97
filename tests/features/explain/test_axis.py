"""Rulers and counts of reads against brute force."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc.features.explain.layer_facts import LayerFacts, reads
from cnncalc.features.explain.layer_page import decimal, formula, ruler
from cnncalc.features.explain.look import _runs
from cnncalc.layers.reach import Taps


def facts(text: str):
    network = cnncalc.loads(text)
    return LayerFacts(cnncalc.analyze(network), network.nodes[-1])


@settings(max_examples=300)
@given(size=st.integers(1, 30), taps=st.integers(1, 8), stride=st.integers(1, 6), before=st.integers(0, 6),
       dilation=st.integers(1, 5), outputs=st.integers(1, 9))  # fmt: skip
def test_reads(size: int, taps: int, stride: int, before: int, dilation: int, outputs: int) -> None:
    step = Taps(size, taps, stride, before, dilation)
    for pixel in range(size):
        wanted = sum(i * stride + t * dilation - before == pixel for i in range(outputs) for t in range(taps))
        assert reads(step, outputs, pixel) == wanted


@settings(max_examples=150)
@given(height=st.integers(4, 14), width=st.integers(4, 14), kernel=st.integers(1, 4), stride=st.integers(1, 3),
       pad=st.integers(0, 3), dilation=st.integers(1, 2))  # fmt: skip
def test_corner_edge_and_centre(height: int, width: int, kernel: int, stride: int, pad: int, dilation: int) -> None:
    """Every count that is said occurs; corners and centre are those of the picture, counted window by window."""
    try:
        found = facts(f"input 1x{height}x{width}\nconv 1 {kernel} stride={stride} pad={pad} dilation={dilation}")
    except cnncalc.SpecError:
        return
    _, made_rows, made_columns = found.row.output
    counts = dict.fromkeys(product(range(height), range(width)), 0)
    for i, j, s, t in product(range(made_rows), range(made_columns), range(kernel), range(kernel)):
        pixel = (i * stride + s * dilation - pad, j * stride + t * dilation - pad)
        if pixel in counts:
            counts[pixel] += 1
    said = {place: set(counts) for place, counts in found.reads.items()}
    assert said["corner"] == {counts[y, x] for y in (0, height - 1) for x in (0, width - 1)}
    rows, columns = (range(max(n // 2 - stride // 2, 0), min(max(n // 2 - stride // 2, 0) + stride, n))
                     for n in (height, width))  # fmt: skip
    assert said["centre"] == {counts[y, x] for y in rows for x in columns}
    edges = {counts[y, x] for y in (0, height - 1) for x in columns} | {
        counts[y, x] for y in rows for x in (0, width - 1)
    }
    assert said["edge"] == edges
    axis = found.axes[0]
    lines = {i * stride + t * dilation - pad for i in range(made_rows) for t in range(kernel)}
    assert axis.unread == max(height - 1 - max(lines), 0)
    if made_rows > 1:
        first, second = ({i * stride + t * dilation for t in range(kernel)} for i in (0, 1))
        assert axis.shared == len(first & second)
        endless = {i * stride + t * dilation for i in range(-40, 40) for t in range(kernel)}
        assert axis.skipped == stride - sum(one in endless for one in range(stride))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("input 1@10\nconv 1 3 stride=2", "windows [0-2] [2-4] [4-6] [6-8], 9 never read"),
        ("input 1@10\nconv 1 1 stride=4", "windows [0] [4] [8], 9 never read"),
        ("input 1@9\nconv 1 3 dilation=3", "windows [0 3 6] [1 4 7] [2 5 8]"),
        ("input 1@4\nconv 1 3 pad=1", "windows [-1..1] [0..2] [1..3] [2..4]"),
        (
            "input 1@224\nconv 1 11 stride=4",
            "windows [0-10] [4-14] [8-18] [12-22] … [208-218] [212-222], 223 never read",
        ),
        ("input 1@5\nmaxpool 5", "one window [0-4]"),
        ("input 1@7\navgpool to=3", "windows [0-2] [2-4] [4-6]"),
        ("input 1@12\nconv 1 3 stride=5", "windows [0-2] [5-7], 8-11 never read"),
        (
            "input 1@40\nconv 1 9 dilation=2 stride=20",
            "windows [0 2 4 6 8 10 12 14 16] [20 22 24 26 28 30 32 34 36], 37-39 never read",
        ),
        ("input 1@40\nconv 1 10 dilation=2 stride=20", "windows [0 2 … 18] [20 22 … 38], 39 never read"),
    ],
)
def test_rulers(text: str, wanted: str) -> None:
    assert ruler(facts(text).axes[0]) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("input 3x224x224\nconv 96 11 stride=4", "floor((224 - 11 + 2*0)/4) + 1 = floor(53.25) + 1 = 54"),
        ("input 3x227x227\nconv 96 11 stride=4", "floor((227 - 11 + 2*0)/4) + 1 = 54 + 1 = 55"),
        ("input 3x224x224\nconv 9 11 stride=3", "floor((224 - 11 + 2*0)/3) + 1 = 71 + 1 = 72"),
        ("input 3x223x223\nconv 9 11 stride=3", "floor((223 - 11 + 2*0)/3) + 1 = floor(70.66…) + 1 = 71"),
        ("input 3x112x112\nmaxpool 3 stride=2 ceil=yes", "ceil((112 - 3 + 2*0)/2) + 1 = ceil(54.5) + 1 = 56"),
        ("input 3x5x5\nmaxpool 1 stride=4 pad=1 ceil=yes",
         "ceil((5 - 1 + 2*1)/4) + 1 = ceil(1.5) + 1 = 3, and 2 without the last window, which would start past the input"),
    ],
)  # fmt: skip
def test_formulas(text: str, wanted: str) -> None:
    assert formula(facts(text).axes[0]) == wanted


def test_decimals() -> None:
    assert [decimal(Fraction(*one)) for one in ((213, 4), (2, 3), (5, 1), (-1, 3), (1, 1000), (10**30, 3))] == [
        "53.25", "0.66…", "5", "-0.33…", "0.001", f"{10**30 // 3}.33…"
    ]  # fmt: skip


def test_one_window_leaves_no_gap_to_a_next() -> None:
    axis = facts("input 1@5\nconv 1 3 stride=4").axes[0]
    assert (axis.output, axis.shared, axis.skipped, axis.unread) == (1, 0, 0, 2)
    assert facts("input 1@7\nconv 1 3 stride=4").axes[0].skipped == 1


def test_long_lists_of_runs_are_cut_in_the_middle() -> None:
    runs = [(3 * place, 3 * place + place % 2) for place in range(13)]
    assert _runs(runs[:12]) == "0, 3 to 4, 6, 9 to 10, 12, 15 to 16, 18, 21 to 22, 24, 27 to 28, 30, 33 to 34"
    assert _runs(runs) == "0, 3 to 4, 6, 9 to 10, 12, 15 to 16, …, 30, 33 to 34, 36"


def test_of_a_short_line_all_pixels_are_in_the_middle() -> None:
    assert facts("input 1@3\nconv 1 1 stride=5").axes[0].middle == (0, 1)
