"""`explain --at` against PyTorch's autograd: the pixels with a gradient, on hundreds of drawn networks."""

from __future__ import annotations

import os
from random import Random

import pytest

torch = pytest.importorskip("torch")

import cnncalc  # noqa: E402
from cnncalc.measure.receptive_field.window import window  # noqa: E402

from .dependence import outputs, seen  # noqa: E402
from .generator import program  # noqa: E402
from .printer import Printer  # noqa: E402

FACTOR = int(os.environ.get("CNNCALC_ORACLE_FACTOR", "1"))
NETWORKS, CHUNK = 60 * FACTOR, 20

KINDS = """input 4x{size}x{other}
{line}
"""
LINES = [
    "conv 4 3 stride=2 pad=1", "conv 4 3 dilation=2 pad=1:2", "conv 4 2x3 stride=1x3 dilation=3x1 pad=same",
    "maxpool 3 stride=2 pad=1 ceil=yes", "maxpool 2 stride=3 dilation=2", "avgpool 3 stride=2", "avgpool to=3x4",
    "avgpool to=5x7", "maxpool to=2", "upconv 4 3 stride=2 pad=1 outpad=1", "upconv 4 2 stride=3",
    "upconv 4 3 stride=2 dilation=2 pad=0:3", "upconv 4 4 stride=3 pad=same", "upconv 4 2 stride=2 dilation=3",
    "resize 2", "resize 2 mode=bilinear", "resize 3 mode=bilinear", "resize to=5x6", "resize to=4x20 mode=bilinear",
    "resize 1.5", "resize 0.5 mode=bilinear", "resize to=13x9 mode=bilinear", "pixelshuffle 2", "crop 5x6",
    "pad 1:2x0:3", "take 1:6 axis=H", "mean H", "shuffle 2 | take 0:2", "glu", "conv 4 3 pad=1 groups=2", "lrn 3",
    "localconv 3 3 stride=2", "softmax", "gavgpool", "flatten", "tokens | attention 2", "dwconv 3 pad=2 multiplier=2",
    "concat axis=H:\n    - conv 4 3 pad=1\n    - resize 2 | crop 3x{other}\nconv 4 3",
    "add:\n    - conv 4 7x1 pad=3x0\n    - conv 4 1x7 pad=0x3\npad 2 | crop 3",
    "resize 2 mode=bilinear | conv 4 3 stride=2 | upconv 4 3 stride=2 | maxpool 2",
    "concat:\n    - conv 2 5 pad=2\n    - conv 2 1\ntake 2:4 | conv 4 3",
]  # fmt: skip


#: Of the second edition, behind a convolution that tells positions apart; on a map, or on a sequence.
SECOND = [
    "unpool 2", "unpool 3 stride=2 pad=1", "p = maxpool 3 stride=2 pad=1\n@p | unpool from=@p",
    "p = maxpool 2\nconv 4 3 pad=1 | unpool from=@p", "permute HCW", "permute WHC", "permute CWH", "permute HWC | conv 3 3",
    "a, b = conv 6 3 pad=1 | split 2\nsub @a @b", "a, b = split 2 axis=H\n@b | conv 2 3", "div @x", "maximum @x", "minimum @x @input",
    "matmul @x transposed=yes", "mean HW", "mean W", "max HW", "softmax axis=W", "ln axes=CHW", "ln axes=HW",
    "pad 2 mode=reflect | conv 3 3", "pad 3 mode=replicate | conv 3 3", "pad 2 mode=circular | conv 3 3",
    "avgpool 2 stride=1 dilation=2", "scale by=2", "prelu shared=each",
]  # fmt: skip
SEQUENCES = [
    "lstm 5", "gru 3 bidirectional=yes", "rnn 4 last=yes", "lstm 3 layers=2", "permute LC", "softmax axis=L",
    "y = conv 4 3\n@x | attention 2 from=@y", "ln axes=CL", "a, b = split 2,3 axis=L\n@b | conv 2 1",
]  # fmt: skip


def check(text: str, places: int, random: Random, every: int = 1) -> int:
    """Compares the windows of some outputs of some layers; how many."""
    network = cnncalc.loads(text)
    first, tensors = outputs(network)
    compared = 0
    for node, tensor in zip(network.nodes, tensors, strict=True):
        if node.kind == "input" or tensor is None or node.output is None or random.randrange(every):
            continue
        for _ in range(places if len(node.output) > 1 else 1):
            at = tuple(random.randrange(size) for size in node.output[1:])
            found = window(network, node, at)
            wanted = seen(first, tensor, at)
            got = [[place for a, b in runs for place in range(a, b + 1)] for runs in found.runs]
            if found.blank:
                got = [[] for _ in wanted]
            if not found.exact:  # then it may be too large: pixel shuffles after a split of channels
                assert all(set(some) <= set(more) for some, more in zip(wanted, got, strict=True)), (
                    text,
                    node.name,
                    at,
                )
                continue
            assert got == wanted, (text, node.name, at)
            compared += 1
    return compared


@pytest.mark.parametrize("line", LINES)
def test_every_kind(line: str) -> None:
    for seed, (size, other) in enumerate([(9, 12), (11, 8), (8, 8)]):
        text = KINDS.format(size=size, other=other, line=line.format(other=other))
        assert check(text, 25, Random(seed)) >= 1


@pytest.mark.parametrize("line", SECOND)
def test_every_kind_of_the_second_edition(line: str) -> None:
    for seed, (size, other) in enumerate([(8, 12), (8, 8)]):
        check(f"input 4x{size}x{other}\nx = conv 4 3 pad=1\n{line}", 25, Random(seed))


@pytest.mark.parametrize("line", SEQUENCES)
def test_every_kind_on_sequences(line: str) -> None:
    check(f"input 4@5\nx = conv 4 3 pad=1\n{line}", 10, Random(1))


@pytest.mark.parametrize("start", range(0, NETWORKS, CHUNK))
def test_drawn_networks(start: int) -> None:
    compared = 0
    for seed in range(start, start + CHUNK):
        text = Printer(program(seed), {}, Random(seed)).text()
        try:
            cnncalc.loads(text)
        except cnncalc.SpecError:
            continue
        compared += check(text, 2, Random(seed), every=3)
    assert compared > CHUNK * 5
