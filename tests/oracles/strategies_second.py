"""The kinds and keys of the language's second edition as hypothesis draws them: what a spec says, and PyTorch's twin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional

from .modules import flag, shape_text
from .strategies_windows import Draw, shapes

LETTERS = {1: "C", 2: "CL", 3: "CHW", 4: "CDHW"}
Shape = tuple[int, ...]


class Sample(NamedTuple):
    """Inputs `a`, `b`, … of these shapes, the line that reads them, and a module's constructor with what runs it."""

    shapes: tuple[Shape, ...]
    line: str
    build: Callable[[], nn.Module]
    run: Callable[[Any, Sequence[Tensor]], Tensor]
    #: Whether the inputs are numbers of words.
    words: int = 0

    @property
    def spec(self) -> str:
        names = "abcdef"
        inputs = [f"{names[place]} = input {shape_text(shape)}" for place, shape in enumerate(self.shapes)]
        return "\n".join([*inputs, self.line, ""])


def _plain(shapes: Sequence[Shape], line: str, run: Callable[[Sequence[Tensor]], Tensor]) -> Sample:
    """What has no module."""
    return Sample(tuple(shapes), line, nn.Identity, lambda _, tensors: run(tensors))


@st.composite
def recurrent(draw: Draw) -> Sample:
    kind, name = draw(st.sampled_from([("lstm", "LSTM"), ("gru", "GRU"), ("rnn", "RNN")]))
    shape = draw(st.one_of(st.tuples(st.integers(1, 9), st.integers(1, 12)), shapes((0, 2), high=3)))
    units, layers = draw(st.one_of(st.integers(1, 9), st.integers(-1, 12))), draw(st.integers(1, 3))
    both, last, biased = draw(st.booleans()), draw(st.booleans()), draw(st.booleans())
    words = [f"layers={layers}"] * (layers > 1) + [f"bidirectional={flag(both)}", f"last={flag(last)}"]
    line = " ".join([f"@a | {kind}", str(units), *words, f"biases={2 if biased else 0}"])

    def run(module: Any, tensors: Sequence[Tensor]) -> Tensor:
        (x,) = tensors
        if x.dim() != 3:
            raise ValueError("a sequence has a length and channels")
        out, state = module(x.transpose(1, 2))
        if not last:
            return out.transpose(1, 2)
        hidden = state[0] if kind == "lstm" else state
        return hidden[-2:].transpose(0, 1).flatten(1) if both else hidden[-1]

    kwargs = {"num_layers": layers, "bias": biased, "batch_first": True, "bidirectional": both}
    return Sample((shape,), line, lambda: getattr(nn, name)(shape[0], units, **kwargs), run)


@st.composite
def embedding(draw: Draw) -> Sample:
    shape = draw(st.one_of(st.tuples(st.integers(1, 40)), shapes((1,), high=3)))
    words, size = draw(st.one_of(st.integers(1, 60), st.integers(0, 60))), draw(st.integers(0, 20))

    def run(module: Any, tensors: Sequence[Tensor]) -> Tensor:
        if tensors[0].dim() != 2:
            raise ValueError("a vector of numbers")
        return module(tensors[0].long()).transpose(1, 2)  # type: ignore[no-any-return]

    return Sample((shape,), f"@a | embed {words} {size}", lambda: nn.Embedding(words, size), run, words)


@st.composite
def permuted(draw: Draw) -> Sample:
    shape = draw(shapes((0, 1, 2, 3), high=5))
    letters = LETTERS[len(shape)]
    said = draw(st.one_of(st.permutations(letters).map("".join), st.sampled_from(["HW", "CHW", "LC", "CC", "CDHW"])))
    order = [letters.find(letter) + 1 for letter in said]

    def run(tensors: Sequence[Tensor]) -> Tensor:
        if 0 in order:
            raise ValueError("no such axis")
        return tensors[0].permute(0, *order)

    return _plain([shape], f"@a | permute {said}", run)


@st.composite
def product(draw: Draw) -> Sample:
    rank = draw(st.sampled_from([2, 2, 3, 3, 4, 1]))
    outer, stretched = [draw(st.integers(1, 4)) for _ in range(max(rank - 2, 0))], draw(st.booleans())
    rows, inner, columns = (draw(st.integers(1, 7)) for _ in range(3))
    other = inner if draw(st.integers(0, 4)) else draw(st.integers(1, 7))
    transposed = draw(st.booleans())
    first: Shape = (*outer, rows, inner)
    second: Shape = (*outer, columns, other) if transposed else (*outer, other, columns)
    if stretched and outer:
        place = draw(st.integers(0, len(outer) - 1))
        second = (*second[:place], draw(st.sampled_from([1, 1, outer[place] + 1])), *second[place + 1 :])
    if rank == 1:
        first = (inner,)

    def run(tensors: Sequence[Tensor]) -> Tensor:
        a, b = tensors
        if a.dim() != b.dim():
            raise ValueError("the language wants as many axes")
        return a @ (b.transpose(-2, -1) if transposed else b)

    return _plain([first, second], f"matmul @a @b transposed={flag(transposed)}", run)


@st.composite
def merged(draw: Draw) -> Sample:
    kind = draw(st.sampled_from(["sub", "div", "maximum", "minimum"]))
    shape = draw(shapes((0, 1, 2, 3), high=4))
    axis = st.sampled_from([0, 0, 0, 1, 2])
    several = [tuple({0: n, 1: 1, 2: n + 1}[draw(axis)] for n in shape) for _ in range(draw(st.integers(1, 3)))]
    function = {"sub": torch.sub, "div": torch.div, "maximum": torch.maximum, "minimum": torch.minimum}[kind]

    def run(tensors: Sequence[Tensor]) -> Tensor:
        found = tensors[0]
        for one in tensors[1:]:
            found = function(found, one)
        return found

    names = " ".join(f"@{name}" for name, _ in zip("abcdef", [shape, *several], strict=False))
    return _plain([shape, *several], f"{kind} {names}", run)


@st.composite
def normed(draw: Draw) -> Sample:
    shape = draw(shapes((0, 1, 2, 3), high=5))
    letters = LETTERS[len(shape)]
    axes = "".join(sorted(draw(st.sets(st.sampled_from(letters + "W"), min_size=1)), key="CDHWL".index))
    affine, bias = draw(st.booleans()), draw(st.booleans())
    places = [letters.find(letter) for letter in axes]
    sizes = [shape[place] for place in places]

    def build() -> nn.Module:
        if -1 in places:
            raise ValueError("no such axis")
        return nn.LayerNorm(sizes, elementwise_affine=affine, bias=bias)

    def run(module: Any, tensors: Sequence[Tensor]) -> Tensor:
        there, back = [place + 1 for place in places], list(range(-len(places), 0))
        return module(tensors[0].movedim(there, back)).movedim(back, there)  # type: ignore[no-any-return]

    return Sample((shape,), f"@a | ln axes={axes} affine={flag(affine)} bias={flag(bias)}", build, run)


@st.composite
def along(draw: Draw) -> Sample:
    """softmax, mean and max along axes."""
    kind = draw(st.sampled_from(["softmax", "logsoftmax", "mean", "max"]))
    shape = draw(shapes((0, 1, 2, 3), high=5))
    letters = LETTERS[len(shape)]
    wanted = draw(st.permutations(letters)) if kind in ("mean", "max") else [draw(st.sampled_from(letters))]
    said = "".join(wanted[: draw(st.integers(1, len(wanted)))]) if draw(st.integers(0, 6)) else "D"
    places = tuple(letters.find(letter) + 1 for letter in said)

    def run(tensors: Sequence[Tensor]) -> Tensor:
        if 0 in places:
            raise ValueError("no such axis")
        if kind in ("mean", "max"):
            return getattr(tensors[0], {"mean": "mean", "max": "amax"}[kind])(dim=places, keepdim=True)  # type: ignore[no-any-return]
        return getattr(tensors[0], {"softmax": "softmax", "logsoftmax": "log_softmax"}[kind])(dim=places[0])  # type: ignore[no-any-return]

    key = "axis=" if "soft" in kind else ""
    return _plain([shape], f"@a | {kind} {key}{said}", run)


@st.composite
def bordered(draw: Draw) -> Sample:
    shape = draw(shapes((1, 2, 3), high=6))
    mode = draw(st.sampled_from(["reflect", "replicate", "circular"]))
    sides = st.one_of(st.integers(0, 3), st.integers(0, 7), st.integers(-2, 4))
    pairs = [(draw(sides), draw(sides)) for _ in shape[1:]]
    amount = "(" + ", ".join(f"{a}:{b}" for a, b in pairs) + ")" if len(pairs) > 1 else f"{pairs[0][0]}:{pairs[0][1]}"
    flat = [side for pair in reversed(pairs) for side in pair]
    return _plain(
        [shape], f"@a | pad {amount} mode={mode}", lambda tensors: functional.pad(tensors[0], flat, mode=mode)
    )


@st.composite
def crossed(draw: Draw) -> Sample:
    heads = draw(st.integers(1, 4))
    channels = heads * draw(st.integers(1, 5)) + (draw(st.integers(0, 5)) == 0)
    first, second = (channels, draw(st.integers(1, 9))), (draw(st.integers(1, 9)), draw(st.integers(1, 9)))
    if draw(st.booleans()):
        second = (channels, second[1])
    bias = draw(st.booleans())

    def build() -> nn.Module:
        return nn.MultiheadAttention(channels, heads, bias=bias, kdim=second[0], vdim=second[0], batch_first=True)

    def run(module: Any, tensors: Sequence[Tensor]) -> Tensor:
        a, b = (one.transpose(1, 2) for one in tensors)
        return module(a, b, b, need_weights=False)[0].transpose(1, 2)  # type: ignore[no-any-return]

    return Sample((first, second), f"@a | attention {heads} bias={flag(bias)} from=@b", build, run)


@st.composite
def scaled(draw: Draw) -> Sample:
    shape = draw(shapes((0, 1, 2, 3), high=5))
    by = draw(st.sampled_from(["2", "0.5", "-3", "1/3", "0"]))
    return _plain([shape], f"@a | scale by={by}", lambda tensors: tensors[0] * 0.5)


@st.composite
def unpooled(draw: Draw) -> Sample:
    """By a kernel, with a size or without; or what a pool was, of its own output or another."""
    shape = draw(shapes((1, 2, 3), high=6))
    rank = len(shape) - 1
    kernel, stride = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    pad = draw(st.integers(0, kernel // 2))
    words = f"{kernel} stride={stride} pad={pad}"
    if draw(st.booleans()):
        wrong = draw(st.integers(0, 4)) == 0
        line = f"p = maxpool {words}\n{'@a' if wrong else '@p'} | unpool from=@p"

        def undo(module: Any, tensors: Sequence[Tensor]) -> Tensor:
            (a,) = tensors
            made, indices = module[0](a)
            return module[1](a if wrong else made, indices, output_size=a.shape)  # type: ignore[no-any-return]

        def both() -> nn.Module:
            pool = getattr(nn, f"MaxPool{rank}d")(kernel, stride, pad, return_indices=True)
            return nn.Sequential(pool, getattr(nn, f"MaxUnpool{rank}d")(kernel, stride, pad))

        return Sample((shape,), f"@a | identity\n{line}", both, undo)
    usual = [(size - 1) * stride + kernel - 2 * pad for size in shape[1:]]
    like = [max(size + draw(st.integers(-3, 3)), 1) for size in usual] if draw(st.booleans()) else None

    def run(module: Any, tensors: Sequence[Tensor]) -> Tensor:
        indices = torch.zeros(tensors[0].shape, dtype=torch.long)
        return module(tensors[0], indices, output_size=like)  # type: ignore[no-any-return]

    def build() -> nn.Module:
        return getattr(nn, f"MaxUnpool{rank}d")(kernel, stride, pad)  # type: ignore[no-any-return]

    several = (shape,) if like is None else (shape, (1, *like))
    return Sample(several, f"@a | unpool {words}" + " like=@b" * (like is not None), build, run)


#: The families, each with how many examples are drawn.
FAMILIES: dict[str, tuple[st.SearchStrategy[Sample], int]] = {
    "recurrent": (recurrent(), 500), "embedding": (embedding(), 120), "permuted": (permuted(), 200),
    "product": (product(), 300), "merged": (merged(), 250), "normed": (normed(), 200), "along": (along(), 200),
    "bordered": (bordered(), 250), "crossed": (crossed(), 150), "scaled": (scaled(), 30), "unpooled": (unpooled(), 250),
}  # fmt: skip
