"""The field of the first output, forwards, is the window of that output, backwards, where nothing is padded."""

from __future__ import annotations

from random import Random

import pytest

import cnncalc
from cnncalc.measure import analyze
from cnncalc.measure.receptive_field.window import window
from helpers import network

#: What joins named maps of equal size. Of a product the rows and columns move apart: a field has no two steps an axis.
JOINED = (
    "add @a @b", "mul @a @b", "concat @a @b", "concat axis=H @a @b", "concat axis=W @a @b", "add @a @g", "mul @g @b", "add @row @b", "mul @a @column", "add @a @l",
)  # fmt: skip
SINGLE = ("conv 4 3", "conv 4 1x3", "dwconv 2", "maxpool 2", "avgpool 3 stride=2", "relu", "conv 4 2 dilation=2", "softmax",
          "take 0:4 axis=H", "take 1:5 axis=W", "gavgpool", "mean H", "tokens", "flatten")  # fmt: skip


def drawn(seed: int) -> str:
    chance = Random(seed)
    lines = ["input 4x24x24"] if chance.random() < 0.8 else ["l0 = learned 4x9x9", "input 4x24x24"]
    lines += [f"start = @input | {chance.choice(['identity', 'conv 4 3 stride=2', 'conv 4 3', 'maxpool 2'])}"]
    lines += [
        "a = @start | conv 4 3",
        f"b = @start | {chance.choice(['conv 4 1x3 | conv 4 3x1', 'maxpool 3 stride=1', 'conv 4 3'])}",
    ]
    lines += ["g = @b | gavgpool", "row = @a | mean H | conv 4 1", "column = @a | mean W", f"l = learned {'4x1x1'}"]
    lines.append(f"end = {chance.choice(JOINED)}")
    for _ in range(chance.randint(0, 2)):
        lines.append(chance.choice(SINGLE[:-4]))
    if chance.random() < 0.3:
        lines.append(chance.choice(SINGLE[-4:]))
    return "\n".join(lines)


def test_fields_are_windows() -> None:
    compared = 0
    for seed in range(120):
        text = drawn(seed)
        built = network(text)
        if any(one.severity == "error" for one in built.diagnostics):
            continue
        fields = analyze(built).fields
        for node in built.nodes:
            found, shape = fields[node.position], node.output
            assert shape is not None
            seen = window(built, node, (0,) * (len(shape) - 1))
            if found is None:
                assert seen.blank, (text, node.name)
                continue
            hull = [(axis.start, axis.start + axis.size - 1) for axis in found]
            assert seen.exact, text
            assert list(seen.hull) == hull, (text, node.name)
            compared += 1
    assert compared > 500


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        ("matmul @input @input", (9, 9)), ("matmul @input @input transposed=yes", (9, 9)),
        ("a = conv 4 3\nb = @input | conv 4 3\nmatmul @a @b", (9, 9)), ("a = conv 4 1x3 pad=0x1\nb = @input\nmatmul @a @b", (9, 11)),
        ("a = take 0:1 axis=H\nb = @input | take 8:9 axis=H\nadd @a @b", (9, 1)),
        ("q = conv 4 1 | tokens\nk = @input | conv 4 3 | tokens\nattention 2 from=@k", (9, 9)),
    ],
)  # fmt: skip
def test_layers_that_read_several_tensors(lines: str, field: tuple[int, ...]) -> None:
    """A product reads rows of one tensor and columns of the other, attention all keys: together all that either reads."""
    built = network(f"input 4x9x9\n{lines}")
    assert [one.message for one in built.diagnostics if one.severity == "error"] == []
    assert analyze(built).layers[-1].field == field


def test_a_learned_tensor_before_the_input() -> None:
    rows = {
        row.name: row
        for row in cnncalc.analyze(cnncalc.loads("l = learned 4x9x9\nx = input 4x9x9\nadd @x @l\nconv 2 3")).layers
    }
    assert (rows["l"].field, rows["add1"].field, rows["conv1"].field) == (None, (1, 1), (3, 3))
