"""A network as a spec, read again: the same layers."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from cnncalc import SpecError, analyze, load, loads
from cnncalc.convert.out import Unsaid, spec_text
from cnncalc.interpret import build

from ...oracles.generator import program
from ...oracles.printer import Printer
from ..onnx.writer import graph, model, node, value
from .same import assert_same, outputs, read_again, rows

EXAMPLES = sorted(Path(__file__).parents[3].glob("examples/*.txt"))
LIBRARIES = ("blocks", "dilated_resnet")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples(path: Path) -> None:
    network = load(path)
    if path.stem in LIBRARIES:
        with pytest.raises(Unsaid, match="no input"):
            spec_text(network)
        return
    text = spec_text(network)
    made = read_again(text)
    assert rows(made) == rows(network)
    assert outputs(made) == outputs(network)
    assert spec_text(network) == text
    assert_same(read_again(spec_text(made)), network)


@pytest.mark.parametrize("start", range(0, 300, 50))
def test_generated(start: int) -> None:
    sound = 0
    for seed in range(start, start + 50):
        try:
            network = loads(Printer(program(seed), {}, Random(seed)).text())
        except SpecError:
            continue
        sound += 1
        assert_same(read_again(spec_text(network)), network)
    assert sound > 40


KINDS = """model of every odd thing
a = input 4x16x16
b = input 8@20
dtype int8
freeze c1 z
c1 = @a | conv 8 (3, 5) stride=1x2 pad=same bias=no
p = maxpool 2
pad (-1, 2) | pad 0:1x1:0
resize to=8 mode=bilinear
resize (1.5, 2)
lrn 5 | gn 4 | in affine=no | ln axes=CHW | prelu shared=each
z = conv 6 3 dilation=2
@p | unpool from=@p
@p | unpool 2 like=@c1
scale by=-1/3 | dropout 0.3
u, v = split 2
u2, v2, w2 = @v | split 1,1,2
matmul @u @u transposed=yes
concat @u @u
@u | op "com.x::Y" @v shape=3x4 params=5
@b | lstm 4 bidirectional=yes last=yes
t = learned 8@20
add @t @b | attention 2 from=@t
w = conv 8 1 pad=causal
conv 8 1 share=@w
mean L | softmax axis=L | permute LC
head extra train:
    @c1 | gavgpool | fc 3
output @t @z
"""


def test_what_is_seldom_said() -> None:
    network = loads(KINDS)
    text = spec_text(network)
    assert rows(read_again(text)) == rows(network)
    assert "dtype int8\nfreeze c1 z" in text
    assert "head extra train:\n    @c1 | gavgpool\n    fc 3\n" in text
    assert text.endswith("output @t @z\n")


def test_a_head_begins_with_a_merge_of_what_is_outside() -> None:
    network = loads("input 3x8x8\na = conv 4 3 pad=1\nb = conv 4 3 pad=1\nhead h:\n    concat @a @b\n    conv 2 1\n")
    text = spec_text(network)
    assert "head h:\n    concat @a @b" in text
    assert_same(read_again(text), network)


@pytest.mark.parametrize(
    "lines", ["freeze c\nc = conv 4 3 | relu", "a = conv 4 1\nmul @a @a", "a = conv 4 1\nb = relu\nadd @b @b"]
)
def test_what_is_said_is_proved(lines: str) -> None:
    """A name freezes its whole line, and a tensor may be merged with itself."""
    network = loads(f"input 4x8x8\n{lines}\n")
    totals = [analyze(one).document()["totals"] for one in (network, read_again(spec_text(network, read=build)))]
    assert totals[0] == totals[1]


def test_what_the_language_has_no_word_for() -> None:
    network = loads("input 3x8x8\nop Foo shape=4x4x4\nop Bar shape=4x2x2 params=7 macs=9\nop Baz\n")
    text = spec_text(network, name="Odd # one")
    assert text.startswith("model Odd one\n")
    assert rows(read_again(text)) == rows(network)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Plain", "Plain"),
        ('My"Op', "My_Op"),
        ("Ö l", '"_ l"'),
        ("a\nb", "a_b"),
        ("1st", '"1st"'),
        ("com.x::Y", '"com.x::Y"'),
    ],
)
def test_names_of_operators(name: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "net.onnx").write_bytes(
        model(graph([node(name, "x", "y", "n")], [value("x", 1, 3, 8, 8)], [value("y", 1, 3, 8, 8)]), 17)
    )
    text = spec_text(load(tmp_path / "net.onnx"))
    assert text == f"input 3x8x8\n\nop {said}\n"
    assert [node.kind for node in read_again(text).layers] == ["op"]


@pytest.mark.parametrize(
    "name", ["head", "model", "input", "output", "block", "stage", "C", "Yes", "layout", "max", "body"]
)
def test_modules_with_names_of_the_language(name: str, tmp_path: Path) -> None:
    """Source says `self.head = nn.Sequential(…)`, and a stage of a spec cannot be called so."""
    code = ["from torch import nn", "class Net(nn.Module):", "    def __init__(self):", "        super().__init__()"]
    code += [f"        self.{name} = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Conv2d(4, 2, 1))"]
    code += [
        "        self.first = nn.BatchNorm2d(3)",
        "    def forward(self, x):",
        f"        return self.{name}(self.first(x))",
        "",
    ]
    (tmp_path / "net.py").write_text("\n".join(code))
    text = spec_text(load(f"{tmp_path}/net.py:Net", input="3x8x8"), read=build)
    assert f"stage {name if name == 'body' else f'{name}_'}:" in text
    assert f"self.{name} = " in load(f"{tmp_path}/net.py:Net", input="3x8x8").to_torch_source()


RESNET = """input 3x64x64
conv 64 7 stride=2 pad=3 | relu
maxpool 3 stride=2 pad=1
"""
UNIT = "add:\n    - conv {0} 1 | relu\n      conv {0} 3 stride={1} pad=1 | relu\n      conv {2} 1\n    - {3}\nrelu\n"


def test_blocks_repeats_and_what_follows_from_parameters() -> None:
    text = RESNET
    for width, rounds, stride in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
        text += UNIT.format(width, stride, width * 4, f"conv {width * 4} 1 stride={stride}")
        text += UNIT.format(width, 1, width * 4, "") * (rounds - 1)
    made = spec_text(loads(text + "gavgpool | flatten | fc 1000\n"))
    assert rows(read_again(made)) == rows(loads(text + "gavgpool | flatten | fc 1000\n"))
    assert len(made.splitlines()) < 30
    assert "conv width*4 1" in made
    assert "repeat n:" in made


def test_rounds_whose_channels_differ_are_no_rule() -> None:
    text = (
        "input 4x8x8\nrepeat 3:\n    concat:\n        - identity\n        - conv 8 1 | relu | conv 8 3 pad=1 | relu\n"
    )
    assert spec_text(loads(text)) == text.replace("8x8\n", "8x8\n\n", 1)


def test_long_networks_are_written_in_time() -> None:
    made = spec_text(loads("input 8x8x8\nrepeat 5000:\n    conv 8 3 pad=1 | relu\n"))
    assert made == "input 8x8x8\n\nrepeat 5000:\n    conv 8 3 pad=1 | relu\n"
