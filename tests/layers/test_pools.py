"""Pools and the edges of windows, by hand."""

from __future__ import annotations

from typing import Any

import pytest

from cnncalc.layers import LayerError
from cnncalc.layers.reach import Adaptive, Taps, Whole
from cnncalc.layers.window import Window, is_uneven, windows
from cnncalc.values import Pair, Size, Word
from layers.making import made, measures, output, refusal, remarks, said, traits

SAME = Word("same")


@pytest.mark.parametrize(
    ("given", "entering", "leaving"),
    [
        ({"kernel": 2}, (3, 7, 8), (3, 3, 4)),  # the stride is the kernel
        ({"kernel": Size((2, 3))}, (3, 7, 9), (3, 3, 3)),
        ({"kernel": 3, "stride": 1}, (3, 7, 9), (3, 5, 7)),
        ({"kernel": 3, "stride": 2, "pad": 1}, (3, 7, 8), (3, 4, 4)),
        ({"kernel": 3, "stride": 2, "ceil": True}, (3, 7, 8), (3, 3, 4)),
        ({"kernel": 2, "stride": 2, "ceil": True}, (3, 5), (3, 3)),
        # A window that would start past the input and its leading pad is dropped: 1 pixel, pads of 1, steps of 2.
        ({"kernel": 2, "stride": 2, "pad": 1, "ceil": True}, (3, 2), (3, 2)),
        ({"kernel": 2, "stride": 3, "pad": 1, "ceil": True}, (3, 2), (3, 1)),
        ({"kernel": 2, "stride": 3, "ceil": True}, (3, 3), (3, 1)),
        ({"kernel": 2, "stride": 3, "ceil": True}, (3, 4), (3, 2)),
        # Taps as far apart as the input is long: one tap fits, two do not.
        ({"kernel": 2, "stride": 1, "dilation": 5}, (3, 6), (3, 1)),
        ({"kernel": 2, "stride": 2, "dilation": 5, "ceil": True}, (3, 7), (3, 2)),
        ({"to": 4}, (3, 7, 9), (3, 4, 4)),
        ({"to": Size((1, 20))}, (3, 7, 9), (3, 1, 20)),
    ],
)
def test_the_size_of_a_pool(given: dict[str, Any], entering: tuple[int, ...], leaving: tuple[int, ...]) -> None:
    assert output("maxpool", entering, **given) == leaving
    if "dilation" not in given:
        assert output("avgpool", entering, **given) == leaving


def test_global_pools_leave_one_of_each_axis() -> None:
    for kind in ("gavgpool", "gmaxpool"):
        assert output(kind, (3, 7, 9)) == (3, 1, 1)
        assert output(kind, (3, 7)) == (3, 1)
        assert made(kind).steps((3, 7, 9)) == (Whole(7), Whole(9))


@pytest.mark.parametrize(
    ("given", "entering", "steps"),
    [
        ({"kernel": 3}, (3, 9), (Taps(9, 3, 3, 0, 1),)),
        ({"kernel": 3, "stride": 2, "pad": 1, "dilation": 2}, (3, 9, 8), (Taps(9, 3, 2, 1, 2), Taps(8, 3, 2, 1, 2))),
        ({"kernel": 2, "pad": Pair(1, 0)}, (3, 9), (Taps(9, 2, 2, 1, 1),)),
        ({"to": Size((3, 2))}, (3, 9, 8), (Adaptive(9, 3), Adaptive(8, 2))),
    ],
)
def test_what_a_pool_reads(given: dict[str, Any], entering: tuple[int, ...], steps: tuple[Any, ...]) -> None:
    assert made("maxpool", **given).steps(entering) == steps


def test_where_ceil_mode_alone_makes_a_window_fit() -> None:
    """Five pixels, a window of 6, steps of 2: one is missing, and ceil mode rounds up to one window."""
    assert output("maxpool", (1, 5), kernel=6, stride=2, ceil=True) == (1, 1)
    assert made("maxpool", kernel=6, stride=2, ceil=True).steps((1, 5)) == (Taps(5, 6, 2, 0, 1),)
    refusal("maxpool", (1, 5), kernel=6, stride=2)


def test_a_pool_has_a_kernel_or_an_output_size() -> None:
    for name, value in (("kernel", 2), ("stride", 2), ("pad", 1), ("dilation", 2), ("ceil", True)):
        fault = refusal("maxpool", (3, 9), to=3, **{name: value})
        assert (fault.argument, fault.code) == (name, "argument")
        assert said(fault) == f"maxpool has either to= or {name}, not both"
    assert output("maxpool", (3, 9), to=3, pad=0, ceil=False, dilation=1) == (3, 3)
    refusal("maxpool", (3, 9), to=3, stride=1)
    assert output("avgpool", (3, 9), to=3, countpad=False) == (3, 3)


def test_of_defaults_that_exclude_each_other_what_is_given_stays() -> None:
    cls = type(made("maxpool", kernel=2))
    adaptive = cls.create({"to": 3}, {"kernel": 2, "stride": 2, "pad": 1, "dilation": 2, "ceil": True})
    assert adaptive.result(((1, 9),)).output == (1, 3)
    windowed = cls.create({"kernel": 3}, {"to": 2, "stride": 2})
    assert windowed.result(((1, 9),)).output == (1, 4)
    assert cls.create({}, {"to": 2}).result(((1, 9),)).output == (1, 2)


def test_what_a_pool_computes() -> None:
    assert measures("maxpool", (3, 7, 9), kernel=Size((2, 3))) == {"O·k": 3 * 3 * 3 * 6}
    assert measures("avgpool", (3, 8), kernel=2, stride=1) == {"O·k": 3 * 7 * 2}
    assert traits("maxpool", (3, 8), kernel=2) == set()
    assert traits("maxpool", (3, 8), kernel=2, pad=Pair(0, 1)) == {"uneven"}
    assert traits("maxpool", (3, 8), kernel=2, pad=SAME) == {"uneven"}


@pytest.mark.parametrize(
    ("size", "outputs"),
    [
        ((7, 9), (3, 2)),
        ((6, 4), (3, 2)),
        ((5, 5), (1, 1)),
        ((3, 2), (7, 5)),
        ((6, 4), (1, 2)),
        ((6, 4), (2, 1)),
        ((6, 4), (4, 2)),
    ],
)
def test_what_an_adaptive_pool_computes(size: tuple[int, int], outputs: tuple[int, int]) -> None:
    """The lengths of PyTorch's windows, floor(i*W/n) up to ceil((i+1)*W/n), summed one by one."""
    lengths = [[-(-(i + 1) * w // n) - i * w // n for i in range(n)] for w, n in zip(size, outputs, strict=True)]
    taps = 3 * sum(lengths[0]) * sum(lengths[1])
    assert measures("avgpool", (3, *size), to=Size(outputs)) == {"O·k": taps}
    found = traits("avgpool", (3, *size), to=Size(outputs)) - {"inexact"}
    even = all(w % n == 0 for w, n in zip(size, outputs, strict=True))
    assert found == {"adaptive"} | ({"even"} if even else set()) | ({"single"} if outputs == (1, 1) else set())


def test_a_global_pool_is_an_adaptive_one_to_one() -> None:
    assert measures("gavgpool", (3, 7, 9)) == {"O·k": 189}
    assert traits("gavgpool", (3, 7, 9)) == traits("avgpool", (3, 7, 9), to=1) == {"adaptive", "even", "single"}


def test_where_doubles_fall_short_of_a_whole_number() -> None:
    """As a counter in doubles has it: (in/out + 1) times the elements out, cut off, is in + out, or falls short."""
    for size in range(1, 60):
        for outputs in range(1, 60):
            short = int((size / outputs + 1) * (3 * outputs)) != 3 * size + 3 * outputs
            assert ("inexact" in traits("avgpool", (3, size), to=outputs)) == short, (size, outputs)
    assert "inexact" in traits("avgpool", (3, 1), to=34)


@pytest.mark.parametrize(
    ("kind", "given", "entering", "refused"),
    [
        ("maxpool", {"kernel": 3, "pad": 1}, (3, 8, 8), False), ("maxpool", {"kernel": 3, "pad": 2}, (3, 8, 8), True),
        ("maxpool", {"kernel": 4, "pad": 2}, (3, 8, 8), False), ("maxpool", {"kernel": 4, "pad": 3}, (3, 8, 8), True),
        ("maxpool", {"kernel": 2, "pad": Pair(0, 2)}, (3, 8), False), ("maxpool", {"kernel": 2, "pad": Pair(2, 0)}, (3, 8), False),
        ("maxpool", {"kernel": 3, "pad": Pair(2, 1)}, (3, 8, 8), False), ("maxpool", {"kernel": 3, "pad": Pair(1, 0)}, (3, 8, 8), False),
        ("maxpool", {"kernel": 3, "pad": Pair(2, 2)}, (3, 8, 8), True), ("avgpool", {"kernel": 3, "pad": Pair(1, 0)}, (3, 2, 2, 2), False),
        ("maxpool", {"kernel": Size((5, 2)), "pad": 2}, (3, 8, 8), True), ("maxpool", {"kernel": 2, "pad": SAME}, (3, 8), False),
        ("avgpool", {"kernel": 3, "pad": 1}, (3, 2, 2, 2), True), ("avgpool", {"kernel": 3, "pad": 1}, (3, 3, 3, 3), False),
        ("avgpool", {"kernel": 3, "pad": 1}, (3, 3, 3, 2), True), ("avgpool", {"kernel": 3, "pad": 1}, (3, 2, 2), False),
        ("avgpool", {"kernel": 3, "pad": 2}, (3, 8, 8, 8), True), ("maxpool", {"kernel": 3, "pad": 1}, (3, 2, 2, 2), False),
        ("maxpool", {"to": 3}, (3, 8, 8), False),
    ],
)  # fmt: skip
def test_pools_that_pytorch_refuses(kind: str, given: dict[str, Any], entering: tuple[int, ...], refused: bool) -> None:
    found = [one for one in remarks(kind, entering, **given) if one[1] != "unread-input"]
    assert found == ([("warning", "pytorch-refuses", "pad")] if refused else [])


def test_a_refusal_says_why() -> None:
    message = made("maxpool", kernel=3, pad=Pair(2, 2)).result(((3, 8),)).remarks[-1].message
    assert message.endswith("a pad of 2 is over half the kernel of 3")
    message = made("avgpool", kernel=Size((1, 2, 5)), pad=Size((0, 0, 2))).result(((3, 4, 4, 4),)).remarks[-1].message
    assert "at least the kernel, 5," in message


# --- pixels that no window reads ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "given", "entering", "message"),
    [
        ("maxpool", {"kernel": 2}, (3, 8, 8), None),
        ("maxpool", {"kernel": 2}, (3, 7, 8), "row 6 is never read by maxpool: (7 - 2 + 0)/2 is no whole number"),
        ("maxpool", {"kernel": 2}, (3, 8, 7), "column 6 is never read by maxpool: (7 - 2 + 0)/2 is no whole number"),
        ("maxpool", {"kernel": 2}, (3, 7, 9), "row 6 and column 8 are never read by maxpool: (7 - 2 + 0)/2 is no whole number"),
        ("maxpool", {"kernel": 3}, (3, 8), "samples 6 to 7 are never read by maxpool: (8 - 3 + 0)/3 is no whole number"),
        ("maxpool", {"kernel": 4}, (3, 4, 4, 7), "columns 4 to 6 are never read by maxpool: (7 - 4 + 0)/4 is no whole number"),
        ("maxpool", {"kernel": 2}, (3, 7, 4, 4), "slice 6 is never read by maxpool: (7 - 2 + 0)/2 is no whole number"),
        (
            "conv", {"filters": 8, "kernel": 3, "stride": 5, "pad": Pair(1, 0)}, (3, 11),
            "samples 7 to 10 are never read by conv: (11 - 3 + 1)/5 is no whole number",
        ),
        (
            "maxpool", {"kernel": 3, "pad": Pair(0, 1)}, (3, 7),
            "sample 6 is never read by maxpool: (7 - 3 + 1)/3 is no whole number",
        ),
        # The gap between windows is no fault: 1 pixel of every 2 is read, and the last one belongs to a gap.
        ("conv", {"filters": 8, "kernel": 1, "stride": 2}, (3, 8, 8), None),
        ("conv", {"filters": 8, "kernel": 1, "stride": 3}, (3, 6), None),
        ("conv", {"filters": 8, "kernel": 3, "stride": 2}, (3, 7), None),
        ("conv", {"filters": 8, "kernel": 3, "stride": 2, "pad": 1}, (3, 8), None),
        ("maxpool", {"kernel": 2, "ceil": True}, (3, 7), None),
        ("maxpool", {"to": 3}, (3, 8), None),
    ],
)  # fmt: skip
def test_pixels_that_no_window_reads(
    kind: str, given: dict[str, Any], entering: tuple[int, ...], message: str | None
) -> None:
    notes = [one for one in made(kind, **given).result((entering,)).remarks if one.code == "unread-input"]
    if message is None:
        assert notes == []
    else:
        assert [(one.severity, one.message, one.argument, one.help) for one in notes] == [("note", message, None, None)]


# --- windows that do not fit --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "entering", "message", "least", "pad"),
    [
        ({"kernel": 5}, (3, 4), "the window of 5 does not fit its input of 4: floor((4 - 5 + 2*0)/1) + 1 = 0", 5, 1),
        ({"kernel": 7}, (3, 4), "the window of 7 does not fit its input of 4: floor((4 - 7 + 2*0)/1) + 1 = -2", 7, 2),
        ({"kernel": 8, "pad": 1}, (3, 4), "the window of 8 does not fit its input of 4: floor((4 - 8 + 2*1)/1) + 1 = -1", 6, 2),
        ({"kernel": 8, "pad": Pair(1, 2)}, (3, 4), "the window of 8 does not fit its input of 4: floor((4 - 8 + 1 + 2)/1) + 1 = 0",
         5, 2),
        ({"kernel": 3, "dilation": 3}, (3, 6),
         "the window of 3 (7 at dilation 3) does not fit its input of 6: floor((6 - 3*(3 - 1) - 1 + 2*0)/1) + 1 = 0", 7, 1),
        ({"kernel": 5}, (3, 9, 4), "the 5x5 window does not fit its 9x4 input: floor((4 - 5 + 2*0)/1) + 1 = 0", 5, 1),
        ({"kernel": 5}, (3, 5, 4), "the 5x5 window does not fit its 5x4 input: floor((4 - 5 + 2*0)/1) + 1 = 0", 5, 1),
        ({"kernel": 3, "dilation": Size((3, 1))}, (3, 6, 6),
         "the 3x3 window (7x3 at dilation 3x1) does not fit its 6x6 input: floor((6 - 3*(3 - 1) - 1 + 2*0)/1) + 1 = 0", 7, 1),
    ],
)  # fmt: skip
def test_a_window_that_does_not_fit(
    given: dict[str, Any], entering: tuple[int, ...], message: str, least: int, pad: int
) -> None:
    fault = refusal("conv", entering, filters=8, **given)
    assert (fault.argument, fault.code, said(fault)) == ("kernel", "window-too-large", message)
    assert fault.help == f"it needs an input of at least {least}, or pad={pad}"
    # The advice holds.
    kernel, spread = given["kernel"], {name: value for name, value in given.items() if name != "pad"}
    assert min(output("conv", entering, filters=8, **spread, pad=pad)) >= 1, kernel
    assert min(output("conv", (3, *[max(least, size) for size in entering[1:]]), filters=8, **given)) >= 1


def test_a_window_that_just_fits() -> None:
    assert output("conv", (3, 5), filters=8, kernel=5) == (8, 1)
    assert output("conv", (3, 7, 3), filters=8, kernel=3, dilation=Size((3, 1))) == (8, 1, 1)


# --- one axis -----------------------------------------------------------------------------------------


def test_same_padding_keeps_the_size_and_puts_the_odd_pixel_last() -> None:
    cases = {(16, 3, 1, 1): (1, 1), (16, 4, 1, 1): (1, 2), (16, 3, 2, 1): (0, 1), (15, 3, 2, 1): (1, 1), (9, 1, 3, 1): (0, 0),
             (10, 3, 1, 2): (2, 2), (10, 2, 1, 3): (1, 2)}  # fmt: skip
    for (size, kernel, stride, dilation), (before, after) in cases.items():
        (window,) = windows((1, size), kernel, stride, dilation, "same")
        assert (window.before, window.after, window.output) == (before, after, -(-size // stride))


def test_causal_padding_is_all_before() -> None:
    (window,) = windows((1, 10), 3, 1, 2, "causal")
    assert (window.before, window.after, window.output) == (4, 0, 10)
    (window,) = windows((1, 10), 3, 2, 1, "causal")
    assert (window.before, window.after, window.output) == (2, 0, 5)


def blind(window: Window) -> bool:
    """Whether some output has no tap on the input, or its taps straddle it: told one by one."""
    return any(
        not any(
            0 <= i * window.stride + tap * window.dilation - window.before < window.size for tap in range(window.kernel)
        )
        for i in range(window.output)
    )


def test_an_output_that_reads_padding_only() -> None:
    for size in range(1, 6):
        for kernel in range(1, 4):
            for stride in range(1, 4):
                for pad in range(4):
                    found = windows((1, size + kernel), kernel, stride, 1, pad)[0]
                    assert found.blind == blind(found), found
    for size in range(1, 8):  # taps that straddle the input, where it is shorter than their distance
        wide = Window(size, 2, 1, 5, 4, 4, size + 3)
        assert wide.blind == (size < 5), size
        assert not wide.blind or blind(wide)
    assert not Window(3, 1, 1, 9, 0, 0, 3).blind
    assert Window(2, 1, 3, 1, 0, 2, 2).blind
    assert Window(3, 1, 1, 1, 0, 1, 4).blind
    assert not Window(3, 1, 1, 1, 0, 0, 3).blind


def test_windows_keep_sizes_and_pairs_apart() -> None:
    """A pair and a size of two numbers are equal, and do not mean the same."""
    assert [one.output for one in windows((1, 9, 9), 3, 1, 1, Pair(0, 2))] == [9, 9]
    assert [one.output for one in windows((1, 9, 9), 3, 1, 1, Size((0, 2)))] == [7, 11]
    assert [one.before for one in made("conv", filters=1, kernel=3, pad=Pair(0, 2)).steps((1, 9, 9))] == [0, 0]
    assert [one.before for one in made("conv", filters=1, kernel=3, pad=Size((0, 2))).steps((1, 9, 9))] == [0, 2]


def test_uneven_pads() -> None:
    assert [is_uneven(one) for one in (0, 1, Pair(1, 1), Size((1, 2)))] == [False] * 4
    assert [is_uneven(one) for one in ("same", Pair(0, 1), Size((0, Pair(1, 2))))] == [True] * 3


def test_sizes_are_rounded_down_unless_ceil_is_asked_for() -> None:
    assert Window(7, 2, 2, 1, 0, 0, 3).formula(spaced=True) == "floor((7 - 2 + 2*0)/2) + 1"
    assert Window(7, 2, 2, 1, 0, 0, 4, True).formula(spaced=True) == "ceil((7 - 2 + 2*0)/2) + 1"
    with pytest.raises(LayerError):
        made("conv", filters=1, kernel=6, stride=2).steps((1, 5))
