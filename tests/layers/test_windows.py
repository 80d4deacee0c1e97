"""The window formula against windows laid out one by one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnncalc.layers import LayerError, Shape
from cnncalc.layers.window import Window, floor_sum, output_size
from cnncalc.values import Pair, Size
from layers.making import made

SMALL = st.integers(1, 9)


@given(
    size=st.integers(1, 40),
    kernel=SMALL,
    stride=SMALL,
    dilation=SMALL,
    before=st.integers(0, 9),
    after=st.integers(0, 9),
)
def test_the_output_counts_the_windows_that_fit(
    size: int, kernel: int, stride: int, dilation: int, before: int, after: int
) -> None:
    reach = dilation * (kernel - 1) + 1
    starts = [start for start in range(0, size + before + after, stride) if start + reach <= size + before + after]
    assert max(0, output_size(size, kernel, stride, dilation, before + after, False, before)) == len(starts)


@given(size=st.integers(1, 40), kernel=SMALL, stride=SMALL, dilation=SMALL, pad=st.integers(0, 4))
def test_ceil_mode_keeps_windows_that_start_in_the_input_or_leading_pad(
    size: int, kernel: int, stride: int, dilation: int, pad: int
) -> None:
    assume(pad <= kernel // 2)
    reach = dilation * (kernel - 1) + 1
    assume(size + 2 * pad >= reach)
    fitting = [start for start in range(0, size + 2 * pad, stride) if start + reach <= size + 2 * pad]
    partial = fitting[-1] + stride if fitting[-1] + reach < size + 2 * pad else None
    starts = [*fitting, *([partial] if partial is not None else [])]
    kept = [start for start in starts if start < size + pad]
    assert output_size(size, kernel, stride, dilation, 2 * pad, True, pad) == len(kept)


@given(
    size=st.integers(1, 14),
    kernel=st.integers(1, 6),
    stride=SMALL,
    dilation=st.integers(1, 5),
    before=st.integers(0, 9),
    after=st.integers(0, 9),
)
def test_connections_and_unread_pixels_by_brute_force(
    size: int, kernel: int, stride: int, dilation: int, before: int, after: int
) -> None:
    output = output_size(size, kernel, stride, dilation, before + after, False, before)
    assume(output >= 1)
    window = Window(size, kernel, stride, dilation, before, after, output)
    taps = [place * stride + tap * dilation - before for place in range(output) for tap in range(kernel)]
    inside = [pixel for pixel in taps if 0 <= pixel < size]
    assert window.connections == len(inside)
    trailing = size - 1 - max(taps)
    assert window.unread == (trailing if trailing > max(0, stride - window.reach) else 0)


@given(count=st.integers(0, 60), modulus=st.integers(1, 60), step=st.integers(0, 99), offset=st.integers(0, 99))
def test_floor_sum_is_the_sum(count: int, modulus: int, step: int, offset: int) -> None:
    assert floor_sum(count, modulus, step, offset) == sum((step * i + offset) // modulus for i in range(count))


def test_connections_of_huge_windows_come_at_once() -> None:
    assert Window(10**40, 10**30, 1, 1, 0, 0, 10**40 - 10**30 + 1).connections == 10**30 * (10**40 - 10**30 + 1)


@pytest.mark.parametrize(
    ("kind", "shape", "kernel", "given", "message", "help"),
    [
        ("conv", (1, 2), 3, {}, "the window of 3 does not fit its input of 2: floor((2 - 3 + 2*0)/1) + 1 = 0",
         "it needs an input of at least 3, or pad=1"),
        ("conv", (1, 2, 9), 3, {}, "the 3x3 window does not fit its 2x9 input: floor((2 - 3 + 2*0)/1) + 1 = 0",
         "it needs an input of at least 3, or pad=1"),
        ("maxpool", (1, 9, 2, 9), 3, {}, "the 3x3x3 window does not fit its 9x2x9 input: floor((2 - 3 + 2*0)/3) + 1 = 0",
         "it needs an input of at least 3"),  # of volumes PyTorch's pools take less
        ("conv", (1, 2, 2), Size((9, 1)), {}, "the 9x1 window does not fit its 2x2 input: floor((2 - 9 + 2*0)/1) + 1 = -6",
         "it needs an input of at least 9"),  # four on either side are more than half of one
        ("conv", (1, 4, 4), 3, {"dilation": 3},
         "the 3x3 window (7x7 at dilation 3) does not fit its 4x4 input: floor((4 - 3*(3 - 1) - 1 + 2*0)/1) + 1 = -2",
         "it needs an input of at least 7"),
        ("conv", (1, 4), 5, {"dilation": 2, "pad": 1},
         "the window of 5 (9 at dilation 2) does not fit its input of 4: floor((4 - 2*(5 - 1) - 1 + 2*1)/1) + 1 = -2",
         "it needs an input of at least 7"),
        ("conv", (1, 4), 8, {"pad": Pair(1, 2)}, "the window of 8 does not fit its input of 4: floor((4 - 8 + 1 + 2)/1) + 1 = 0",
         "it needs an input of at least 5, or pad=2"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_window_that_does_not_fit(
    kind: str, shape: Shape, kernel: Any, given: dict[str, Any], message: str, help: str
) -> None:
    filters = {"filters": 1} if kind == "conv" else {}
    with pytest.raises(LayerError) as found:
        made(kind, kernel=kernel, **filters, **given).output((shape,))
    assert str(found.value) == message
    assert found.value.help == help
