"""The window of one output against brute force in two dimensions, clipped at every layer; and its limits."""

from __future__ import annotations

from collections.abc import Iterator
from math import floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc.measure.receptive_field.window import window
from cnncalc.network import Network, Node
from hang import hang_guard

Pixel = tuple[int, int]


def taps(layer: object, place: int, axis: int, before: int, size: int, made: int) -> Iterator[int]:
    """What output `place` reads along one axis, by the definitions in language.md, tap by tap."""
    kind = layer.kind  # type: ignore[attr-defined]
    get = lambda name: value if not isinstance(value := getattr(layer, name), tuple) else value[axis]  # noqa: E731
    if kind in ("conv", "maxpool"):
        for tap in range(get("kernel")):
            yield place * get("stride") + tap * get("dilation") - before
    elif kind == "upconv":  # input i writes i*S + d*t - P
        for position in range(size):
            for tap in range(get("kernel")):
                if position * get("stride") + tap * get("dilation") - before == place:
                    yield position
    elif kind == "avgpool":  # adaptive
        yield from range(place * size // made, -((-(place + 1) * size) // made))
    elif kind == "resize" and layer.mode == "nearest":  # type: ignore[attr-defined]
        yield floor(place * size / made)
    elif kind == "resize":
        doubled = (2 * place + 1) * size - made  # 2*made times the place that it looks at
        at = max(doubled, 0)
        yield at // (2 * made)
        if at % (2 * made) and at // (2 * made) + 1 < size:
            yield at // (2 * made) + 1
    else:
        yield place


def back(network: Network, node: Node, pixel: Pixel) -> set[Pixel]:
    """The input pixels that an output depends on, one by one."""
    if node.kind == "input":
        return {pixel}
    found: set[Pixel] = set()
    for index in node.inputs:
        before = network.nodes[index]
        shape, made = before.output, node.output
        assert shape is not None
        assert made is not None
        if node.kind in ("add", "concat", "mul"):
            found |= back(network, before, tuple(min(a, n - 1) for a, n in zip(pixel, shape[1:], strict=True)))
            continue
        if node.kind == "gavgpool":
            pixels = [(y, x) for y in range(shape[1]) for x in range(shape[2])]
        else:
            pad = getattr(node.layer, "pad", 0)
            pads = pad if isinstance(pad, tuple) else (pad, pad)
            rows, columns = (
                [one for one in taps(node.layer, pixel[axis], axis, pads[axis], shape[axis + 1], made[axis + 1])
                 if 0 <= one < shape[axis + 1]] for axis in (0, 1)
            )  # fmt: skip
            pixels = [(y, x) for y in rows for x in columns]
        for one in set(pixels):
            found |= back(network, before, one)
    return found


WINDOW = st.builds("conv 1 {}x{} stride={} pad={} dilation={}".format, st.integers(1, 3), st.integers(1, 3),
                   st.integers(1, 2), st.integers(0, 2), st.integers(1, 2))  # fmt: skip
UP = st.builds("upconv 1 {} stride={} pad={} dilation={}".format, st.integers(1, 3), st.integers(1, 3),
               st.integers(0, 1), st.integers(1, 2))  # fmt: skip
RESIZE = st.builds("resize {} mode={}".format, st.integers(1, 3), st.sampled_from(["nearest", "bilinear"]))
TO = st.builds("resize to={}x{} mode={}".format, st.integers(2, 9), st.integers(2, 9),
               st.sampled_from(["nearest", "bilinear"]))  # fmt: skip
ADAPTIVE = st.builds("avgpool to={}x{}".format, st.integers(1, 6), st.integers(1, 6))
LAYER = st.one_of(WINDOW, WINDOW, UP, RESIZE, TO, ADAPTIVE, st.just("relu"))
KEEPING = st.sampled_from(["relu", "conv 1 3 pad=1", "conv 1 5 pad=2", "conv 1 3x1 pad=1x0", "conv 1 1x3 pad=0x1",
                           "conv 1 3 pad=2 dilation=2", "gavgpool"])  # fmt: skip


@st.composite
def spec(draw: st.DrawFn) -> str:
    lines = ["input 1x7x8"]
    for _ in range(draw(st.integers(1, 3))):
        if draw(st.integers(0, 2)):
            lines.append(draw(LAYER))
        else:
            lines += ["mul:", f"    - {draw(KEEPING)}", f"    - {draw(KEEPING)}"]
    return "\n".join(lines)


@settings(max_examples=250)
@given(text=spec(), data=st.data())
def test_windows_are_what_brute_force_reaches(text: str, data: st.DataObject) -> None:
    try:
        network = cnncalc.loads(text)
    except cnncalc.SpecError:
        return  # a window that does not fit
    node = network.nodes[-1]
    shape = node.output
    assert shape is not None
    at = tuple(data.draw(st.integers(0, size - 1)) for size in shape[1:])
    reached = back(network, node, at)
    found = window(network, node, at)
    assert found.exact
    assert found.blank == (not reached)
    for axis, runs in enumerate(found.runs):
        assert [one for a, b in runs for one in range(a, b + 1)] == sorted({pixel[axis] for pixel in reached})


def test_a_window_of_alexnet() -> None:
    network = cnncalc.load("@alexnet")
    node = next(node for node in network.nodes if node.name == "conv5")
    assert window(network, node, (6, 6)).hull == ((30, 192), (30, 192))


def test_holes_are_said() -> None:
    network = cnncalc.loads("input 1x30x30\nconv 1 3 dilation=4")
    assert window(network, network.nodes[-1], (2, 0)).runs == (((2, 2), (6, 6), (10, 10)), ((0, 0), (4, 4), (8, 8)))


def test_an_output_on_padding_only_sees_nothing() -> None:
    network = cnncalc.loads("input 1x5x5\nconv 1 2 pad=4")
    found = window(network, network.nodes[-1], (0, 0))
    assert found.blank
    assert found.hull == ()


def test_channels_tell_the_paths_of_a_concat_apart() -> None:
    network = cnncalc.loads("input 1x9x9\nconcat:\n    - conv 2 5 pad=2\n    - conv 2 1\ntake 2:4")
    assert window(network, network.nodes[-1], (4, 4)).hull == ((4, 4), (4, 4))


def test_a_wrong_position_is_refused() -> None:
    network = cnncalc.loads("input 1x5x5\nconv 1 2")
    for at in ((4, 0), (0,), (0, 0, 0), (-1, 0)):
        with pytest.raises(ValueError, match="no output at"):
            window(network, network.nodes[-1], at)


@pytest.mark.parametrize(
    "text",
    [
        f"input 1x{10**40}x{10**40}\nconv 1 3 stride=2 dilation=5\nmaxpool 2\nupconv 1 3 stride=7 dilation=2\nconv 1 5 dilation=11",
        "input 1x100000x100000\n" + "conv 1 3 dilation=2 stride=2\nupconv 1 3 stride=2 dilation=3\n" * 8,
        "input 1x3000x3000\n" + "\n".join(f"conv 1 3 dilation={2 * i + 2} pad=same" for i in range(60)),
        "input 2@1000000\nrepeat 12:\n    add:\n        - conv 2 2 dilation=1000 pad=same\n        - conv 2 3 dilation=777 pad=same",
        f"input 1x{10**30}x5\nresize to={10**29}x5\nconv 1 {10**20}x1",
        "input 1x64x64\nconv 1 3 pad=1\nflatten | fc 10",
    ],
)  # fmt: skip
def test_no_size_makes_it_slow(text: str) -> None:
    network = cnncalc.loads(text)
    node = network.nodes[-1]
    assert node.output is not None
    with hang_guard():
        found = window(network, node, tuple(size // 2 for size in node.output[1:]))
    assert not found.blank


def test_a_long_chain() -> None:
    network = cnncalc.loads("input 4x64x64\nrepeat 20000:\n    conv 4 3 pad=1 | relu")
    found = window(network, network.nodes[-1], (3, 3))
    assert found.hull == ((0, 63), (0, 63))
