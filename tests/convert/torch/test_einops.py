"""The rules of einops: shapes by hand, and by einops itself where it is installed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.convert.torch.call import Call
from cnncalc.convert.torch.rules import RULES
from cnncalc.convert.torch.values import Samples, Tensor, Unknown, spelled
from cnncalc.layers import LayerError

N = Samples(1)


def answer(rule: str, *args: Any, **kwargs: Any) -> Any:
    return RULES[rule](Call(rule, None, 1), *args, **kwargs)  # type: ignore[arg-type]


def shape(rule: str, sizes: tuple[Any, ...], pattern: str, **given: Any) -> str:
    (out,) = answer(rule, Tensor(sizes, "float32"), pattern, given).outs
    return spelled(out.shape)


@pytest.mark.parametrize(
    ("rule", "sizes", "pattern", "given", "expected"),
    [
        ("rearrange", (N, 3, 224, 224), "b c (h p1) (w p2) -> b (h w) (p1 p2 c)", {"p1": 16, "p2": 16}, "Nx196x768"),
        ("rearrange", (N, 64, 768), "b n (h d) -> b h n d", {"h": 12}, "Nx12x64x64"),
        ("rearrange", (N, 12, 64, 32), "b h n d -> b n (h d)", {}, "Nx64x384"),
        ("rearrange", (N, 8, 3, 4), "b f ... -> (b f) ...", {}, "8*Nx3x4"),
        ("rearrange", (N * 8, 5), "(b f) d -> b f d", {"b": N}, "Nx8x5"),
        ("rearrange", (N * 8, 5), "(b f) d -> b f d", {"f": 8}, "Nx8x5"),
        ("rearrange", (N, 4), "b d -> b 1 d", {}, "Nx1x4"),
        ("rearrange", (N, 1, 4), "b 1 d -> b d", {}, "Nx4"),
        ("rearrange", (N, 6), "b (two d) -> two b d", {"two": 2}, "2xNx3"),
        ("rearrange", (4, 5), "i j -> () i j", {}, "1x4x5"),
        ("rearrange", (N, 2, 3, 4, 5), "b ... d -> b (...) d", {}, "Nx24x5"),
        ("einops_repeat", (1, 1, 64), "1 1 d -> b 1 d", {"b": N}, "Nx1x64"),
        ("einops_repeat", (N, 3), "b c -> b c h w", {"h": 2, "w": 5}, "Nx3x2x5"),
        ("einops_reduce", (N, 16, 4, 4), "b c h w -> b c", {}, "Nx16"),
        ("einops_reduce", (N, 16, 4, 6), "b c (h 2) (w 2) -> b c h w", {}, "Nx16x2x3"),
    ],
)
def test_shapes(rule: str, sizes: tuple[Any, ...], pattern: str, given: dict[str, Any], expected: str) -> None:
    assert shape(rule, sizes, pattern, **given) == expected


@pytest.mark.parametrize(
    ("rule", "sizes", "pattern", "given", "said"),
    [
        ("rearrange", (N, 3, 225, 224), "b c (h p) w -> b c h p w", {"p": 16}, "axis (h p): 225 is no multiple of 16"),
        ("rearrange", (N, 3, 4), "b c h w -> b c", {}, "the pattern has 4 axes (b c h w), and the input is Nx3x4"),
        ("rearrange", (N, 3), "b c -> b", {}, "axis c is on one side only: rearrange keeps all values"),
        ("rearrange", (N, 6), "b (x y) -> b x y", {}, "the sizes of x and y in axis (x y) are not given"),
        ("rearrange", (N, 6), "b (x y -> b x y", {}, "a bracket of 'b (x y' is not closed"),
        ("rearrange", (N, 6), "b c", {}, "'b c' is no pattern: axes -> axes"),
        ("einops_repeat", (N, 3), "b c -> b c t", {}, "the size of axis t is not given"),
        ("einops_repeat", (N, 3), "b c -> b", {}, "axis c is on the left only: repeat keeps all values"),
        ("einops_reduce", (N, 3), "b c -> b c d", {}, "axis d is on the right only: reduce makes no axes"),
        ("rearrange", (N, 5), "b 4 -> b 4", {}, "axis 4 is 4, and the input has 5 there"),
    ],
)
def test_what_einops_refuses(rule: str, sizes: Any, pattern: str, given: dict[str, Any], said: str) -> None:
    with pytest.raises(LayerError) as error:
        shape(rule, sizes, pattern, **given)
    assert str(error.value) == said


def test_unknown_patterns_and_sizes() -> None:
    with pytest.raises(Unknown):
        shape("rearrange", (N, 3), None)  # type: ignore[arg-type]
    with pytest.raises(Unknown):
        shape("rearrange", (N, 3), "b (c d) -> b c d", c=Unknown("?"))


def test_packed_tensors_come_back() -> None:
    one, two = Tensor((N, 1, 8)), Tensor((N, 4, 4, 8))
    packed = answer("einops_pack", [one, two], "b * d")
    assert spelled(packed.outs[0].shape) == "Nx17x8"
    _, shapes = packed.pack([Tensor(packed.outs[0].shape)])
    assert shapes == [(1,), (4, 4)]
    back = answer("einops_unpack", Tensor(packed.outs[0].shape), shapes, "b * d")
    assert [spelled(out.shape) for out in back.outs] == ["Nx1x8", "Nx4x4x8"]
    back = answer("einops_unpack", Tensor((N, 9, 8)), [(1,), (-1,)], "b * d")
    assert [spelled(out.shape) for out in back.outs] == ["Nx1x8", "Nx8x8"]


@st.composite
def patterns(draw: st.DrawFn) -> tuple[tuple[int, ...], str, dict[str, int]]:
    """A shape, a pattern that takes it apart and puts it together in another order, and the sizes that it needs."""
    names = list("abcdef")[: draw(st.integers(1, 6))]
    sizes = {name: draw(st.integers(1, 4)) for name in names}

    def grouped(order: list[str]) -> list[list[str]]:
        groups: list[list[str]] = []
        for name in order:
            if groups and draw(st.booleans()):
                groups[-1].append(name)
            else:
                groups.append([name])
        return groups

    left, right = grouped(names), grouped(draw(st.permutations(names)))
    text = " -> ".join(
        " ".join(f"({' '.join(group)})" if len(group) > 1 else group[0] for group in side) for side in (left, right)
    )
    shape = []
    for group in left:
        count = 1
        for name in group:
            count *= sizes[name]
        shape.append(count)
    return tuple(shape), text, {name: sizes[name] for group in left for name in group[1:]}


@given(patterns())
def test_as_einops_itself(drawn: tuple[tuple[int, ...], str, dict[str, int]]) -> None:
    einops, numpy = pytest.importorskip("einops"), pytest.importorskip("numpy")
    sizes, pattern, given_sizes = drawn
    expected = einops.rearrange(numpy.zeros(sizes), pattern, **given_sizes).shape
    assert shape("rearrange", sizes, pattern, **given_sizes) == spelled(expected)
