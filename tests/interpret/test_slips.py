"""Slips of those who come from Python, PyTorch and Keras: the first fault says what to write, and that is understood."""

from __future__ import annotations

import re

import pytest

from tests.helpers import fault, network

HEAD = "input 16x32x32\nlet c = 8\nlet k = 3\nlet s = 2\na = conv 16 3 pad=1\nb = conv 16 1\n"

#: A line, what is advised, and whether that is a line by itself, to be put in its place.
LINES = [
    ("conv divisible(32*c, 8) 3 strides=2 use_bias=False | bn", "write 'conv divisible(32*c, 8) 3 stride=2 bias=False | bn'"),
    ("conv (c * 2) 3 padding=same strides=1", "write 'conv (c * 2) 3 pad=same stride=1'"),
    ("concat @a @b dim=1", "write 'concat @a @b'"),
    ("concat [@a, @b]", "write 'concat @a @b'"),
    ("concat (a, b)", "write 'concat @a @b'"),
    ("add [a, b]", "write 'add @a @b'"),
    ("reshape C 32 32", "write 'reshape (C, 32, 32)'"),
    ("reshape -1 32 32", "write 'reshape (?, 32, 32)'"),
    ("conv c k | bn | SiLU()", "write 'conv c k | bn | silu'"),
    ("conv c 3 | nn.BatchNorm2d(8) | F.relu(x)", "write 'conv c 3 | bn | relu'"),
    ("nn.Conv2d(16, 8, 3) | relu", "write 'conv 8 3 | relu'"),
    ("let width: 0.5", "write 'let width = 0.5'"),
    ("let width 64", "write 'let width = 64'"),
    ("output: @a, @b", "write 'output @a @b'"),
    ("output a b", "write 'output @a @b'"),
    ("output [a, b]", "write 'output @a @b'"),
    ("conv 8 3 padding='same'", "write 'conv 8 3 padding=same'"),
    ("conv 8 3 padding=\"same\" activation='relu'", "write 'conv 8 3 padding=same | relu'"),
    ("conv 8 3 padding=1px", "write 'conv 8 3 padding=1'"),
    ("conv 8 3 stride=2x", "write 'conv 8 3 stride=2'"),
    ("conv 8 3 padding=yes", "write 'conv 8 3 pad=same'"),
    ("conv 8 3 nobias", "write 'conv 8 3 bias=no'"),
    ("dropout 0,5", "write 'dropout 0.5'"),
    ("layer 3: conv 8 3", "write 'conv 8 3'"),
    ("step 2) conv 8 3 | relu", "write 'conv 8 3 | relu'"),
    ("conv 8 3 pad=1 -> 8,32,32", "write 'conv 8 3 pad=1 -> 8x32x32'"),
    ("conv 8 3 pad=1 -> [8, 32, 32]", "write 'conv 8 3 pad=1 -> 8x32x32'"),
    ("let d == 8", "write 'let d = 8'"),
    ("let d := 8", "write 'let d = 8'"),
    ("require params <= 1 million", "write 'require params <= 1M'"),
    ("require params <= 1 M", "write 'require params <= 1M'"),
    ("require flops < 1.5 GFLOPs", "write 'require flops < 1.5G'"),
    ("require memory < 512 KiB", "write 'require memory < 512KiB'"),
    ("require params < 1.000.000", "write 'require params < 1000000'"),
    ("require params < 1 000 000", "write 'require params < 1000000'"),
    ("+ b", "write 'add @b'"),
    ("add(b)", "write 'add @b'"),
    ("add([x, b])", "write 'add @b'"),
    ("concat(a, b)", "write 'concat @a @b'"),
]  # fmt: skip

#: The same of what is no line by itself.
ANSWERS = [
    ("conv C c k", "input channels are never given: 'conv c k'"),
    ("conv 16 c k stride=s", "input channels are never given: 'conv c k stride=s'"),
    ("conv c k s padding=1", "further arguments have keys: 'conv c k stride=s padding=1'; input channels are never given: "
     "'conv k s padding=1'"),
    ("ConvTranspose2d C c 2 2", "input channels are never given: 'ConvTranspose2d c 2 stride=2'"),
    ("dwconv 16 k stride=s padding=same", "channels are never given: 'dwconv k stride=s padding=same'"),
    ("gn 4 16", "channels are never given: 'gn 4'"),
    ("concat @a @b dim=2", "an axis is said by its letter: 'concat axis=W'"),
    ("conv int(2.5*c) 3", "write 'floor(…)'"),
    ("conv make_divisible(2.5*c, 8) 3", "write 'divisible(…)'"),
    ("conv math.ceil(2.5*c) 3", "write 'ceil(…)'"),
    ("conv 8 3 stride=(2 if c == 8 else 1)", "no expression chooses: 'if …:' and 'else:' do, each on a line of its own"),
    ("let sizes = [1, 2]", "there are no lists: 'repeat 3, 5, 7 as k:' takes one value after another"),
    ("if c == 8 && k == 3:\n    relu", "write 'and'"),
    ("if c == 8 || k == 3:\n    relu", "write 'or'"),
    ("if !c == 8:\n    relu", "write 'not'"),
    ("require params =< 5M", "write '<='"),
    ("require flash <= 512KB", "write '512k' for 512×1,000, '512KiB' for 512×1,024"),
    ("require params <= 5m", "write '5M'"),
    ("require flash <= 2TiB", "units: k, M, G, T, KiB, MiB, GiB"),
    ("for i in range(k*2):\n    relu", "write 'repeat k*2 as i:'"),
    ("for w in [16, 32]:\n    conv w 3", "write 'repeat 16, 32 as w:'"),
    ("for i in range(4): conv 8 3", "write 'repeat 4 as i:'"),
    ("for w, n in [(16, 2), (32, 3)]:\n    conv w 3",
     "a number of rounds, 'repeat 3 as i:', or values, 'repeat 16, 32 as width:'"),
    ("repeat k times:\n    relu", "write 'repeat k:'"),
    ("repeat k times as i:\n    relu", "write 'repeat k as i:'"),
    ("repeat w in 8, 16:\n    conv w 3", "write 'repeat 8, 16 as w:'"),
    ("repeat i in range(k):\n    relu", "write 'repeat k as i:'"),
    ("repeat i = 3:\n    relu", "write 'repeat 3 as i:'"),
    ("for w in 8, 16:\n    conv w 3", "write 'repeat 8, 16 as w:'"),
    ("for _ in range(2):\n    relu", "write 'repeat 2:'"),
    ("repeat (8, 16) as w:\n    conv w 3", "write 'repeat 8, 16 as w:'"),
    ("repeat [8,16]:\n    relu", "write 'repeat 8,16 as k:'"),
    ("repeat over 8, 16:\n    relu",
     "a number of rounds, 'repeat 3 as i:', or values, 'repeat 16, 32 as width:'"),
    ("loop 3:\n    relu", "did you mean 'repeat'?"),
    ("unpool @a", "write 'unpool from=@a'"),
    ("resize @a", "write 'resize like=@a'"),
    ("crop @b", "write 'crop like=@b'"),
    ("attention 4 @a", "write 'attention 4 from=@a'"),
    ("conv 8 @a", "a line starts at the tensor that it works on: '@a | conv 8'"),
    ("relu @a", "a line starts at the tensor that it works on: '@a | relu'"),
    ("maxpool @a", "a line starts at the tensor that it works on: '@a | maxpool …'"),
    ("a | relu", "a tensor that has a name is '@a'"),
    ("y = a", "a tensor that has a name is '@a'"),
    ("conv 8 3 dropout 0.5", "between layers stands '|': 'conv 8 3 | dropout 0.5'"),
    ("conv 8 3 maxpool 2 stride=1", "between layers stands '|': 'conv 8 3 | maxpool 2 stride=1'"),
    ("add:\n    conv 8 1\n    conv 8 3", "write '- ' before the first layer of each path"),
    ("block f:\n    relu\nf()", "write 'f'"),
    ("block f(n, s, d=1):\n    conv n 3 stride=s\nf 8", "write 'f 8 S'"),
    ("block f(n, s):\n    conv n 3 stride=s\nf n=8", "write 'f n=8 s=S'"),
    ("layer1:\n    relu", "for a part with a row of its own write 'stage layer1:'"),
    ("concat:\n    repeat 2:\n        conv 8 1\n    - relu",
     "paths are written one by one; 'concat @y[*]' joins what a line 'y = …' gives in all rounds"),
    ("batch 32", "'batch' is of the training: leave the line out; a spec has the layers alone"),
    ("leaky 0.1", "write 'leakyrelu'"),
    ("scale 0.5", "arguments have keys: 'scale by=0.5'"),
    ("scale -1/2", "arguments have keys: 'scale by=-1/2'"),
    ("convlst 8 3", "there is no 'convlstm' in this language; 'op convlstm shape=64x28x28' stands for one whose output you know"),
    ("globalavgpol", "write 'gavgpool'"),
    ("repeat k: conv 8 3", "write 'repeat k:' and below it, indented, 'conv 8 3'"),
    ("head aux: @a | conv 8 1", "write 'head aux:' and below it, indented, '@a | conv 8 1'"),
    ("def f(c: int, s: int = 1) -> None:\n    conv c 3", "write 'block f(c, s = 1):'"),
    ("block f c, s=1:\n    conv c 3", "write 'block f(c, s=1):'"),
    ("repeat 2.5*k:\n    relu", "write 'round(2.5*k)' or 'floor(2.5*k)'"),
    ("import torch", "leave it out: a spec has layers, and no code around them"),
    ("class Net(nn.Module):\n    relu", "leave it out: a spec has layers, and no code around them"),
    ("add @c1", "tensors with a name here: @a, @b"),
    ("block f(@skip):\n    x = skip | relu\nf @a", "a tensor that has a name is '@skip'"),
    ("conv 48 3 groups=32", "groups divides the channels that enter and those that leave; groups=1 always does; "
     "here 16 does, too"),
    ("tokens | attention 7", "4 and 8 do"),
    ("reshape 16x30x32", "16x32x32 has as many; a '?' in the place of a number is worked out"),
    ("maxpool 2 | reshape 16x32x32", "16x16x16 has as many"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "help"), ANSWERS, ids=[row[0] for row in ANSWERS])
def test_the_first_fault_says_what_to_write(line: str, help: str) -> None:
    assert fault(HEAD + line).help == help


@pytest.mark.parametrize(("line", "help"), LINES, ids=[row[0] for row in LINES])
def test_the_line_that_is_advised_is_understood(line: str, help: str) -> None:
    said = fault(HEAD + line).help or ""
    written = re.fullmatch(r"write '(.*)'", said)
    assert written, said
    assert said == help
    assert not [one for one in network(HEAD + written[1]).diagnostics if one.severity == "error"]


def test_a_word_of_the_language_is_no_name_but_its_own_statement() -> None:
    assert fault("input = 3x8x8\nconv 8 3").help == "write 'input 3x8x8'"
    assert fault("layout = hwc\ninput 8x8x3\nconv 8 3").help == "write 'layout hwc'"
    assert fault("input 3x8x8\nstage = conv 8 3").help == "for example 'stage_1 = …'"


def test_what_a_block_holds_whose_header_is_not_understood_is_no_part_of_the_network() -> None:
    text = "input 3x8x8\nblock f c:\n    p = conv c 3\np = conv 3 3\nf 3"
    assert [one.span and one.span.line for one in network(text).diagnostics] == [2]


@pytest.mark.parametrize("text", [
    "input 3,8,8\nblock f(c):\n    conv c 3\nstage x:\n    f 3", "input 3x8x\nblock f(c):\n    conv c 3\nrepeat 2:\n    f 3",
    "block f(c):\n    conv c 3\nstage x:\n    f 3", "block f(c):\n    conv c 3 +",
])  # fmt: skip
def test_a_file_that_is_not_understood_is_no_file_of_blocks(text: str) -> None:
    assert fault(text).severity == "error"


def test_a_file_with_blocks_and_stages_alone_is_a_network_on_an_input_that_is_given() -> None:
    text = "block f(c):\n    conv c 3\nstage x:\n    f 3"
    assert len(list(network(text, inputs={None: "3x8x8"}).layers)) == 1


MISSING = [
    ("input 6x16x16\nmaxpool -> 6x8x8", "maxpool 2"), ("input 6x32x32\nmaxpool -> 6x8x8", "maxpool 4"),
    ("input 6x32x32\nMaxPool2d -> ?x10x10", "MaxPool2d 3"), ("input 6x32x32\navgpool | relu -> 6x8x8", "avgpool 4"),
    ("layout hwc\ninput 32x32x6\nmaxpool -> 8x8x6", "maxpool 4"), ("input 6x32x32\nconv 8 -> 8x28x28", "conv 8 5"),
    ("input 6x32x32\nconv 8 | bn | relu -> 8x32x32", "conv 8 3 pad=1"),
    ("input 6x32x32\nconv 8 stride=2 -> 8x16x16", "conv 8 stride=2 kernel=3 pad=1"),
    ("input 6x32x32\ndwconv -> 6x30x30", "dwconv 3"), ("input 6x32x32\nresize -> 6x128x128", "resize 4"),
    ("input 6x32x32\nupconv 8 -> 8x64x64", "upconv 8 2 stride=2"), ("input 16x8x8\npixelshuffle -> 1x32x32", "pixelshuffle 4"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "element"), MISSING, ids=[row[1] for row in MISSING])
def test_a_missing_number_is_the_one_that_gives_what_is_expected(text: str, element: str) -> None:
    assert fault(text).help == f"write '{element}'"
    start = text.rpartition("\n")[2].partition(" |")[0].partition(" ->")[0]
    assert not [one for one in network(text.replace(start, element)).diagnostics if one.severity == "error"]


@pytest.mark.parametrize("text", ["input 6x32x32\nx = maxpool | conv 8 3 -> 8x3x3", "input 6x32x32\nmaxpool -> 7x8x8"])
def test_no_number_is_said_to_give_what_none_gives(text: str) -> None:
    assert "->" not in (fault(text).help or "")


CALLS = [
    ("conv 3x3, 64", "write 'conv 64 3'"), ("conv 1×1, 8, stride=2", "write 'conv 8 1 stride=2'"),
    ("return F.log_softmax(x, dim=1)", "write 'logsoftmax'"), ("x = x.mean([2, 3])", "write 'gavgpool | flatten'"),
    ("x = x.mean((-2, -1), True)", "write 'gavgpool'"),
    ("x.mean(dim=1)", "over all places it is 'gavgpool', over other axes, by their letters, 'mean HW'"),
    ("x = layers.GlobalMaxPool2D()(x)", "write 'gmaxpool | flatten'"),
    ("return self.fc(x)", "put the line of 'fc' here: a spec has each layer where it runs"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "help"), CALLS, ids=[row[0] for row in CALLS])
def test_calls_and_cells_are_answered(line: str, help: str) -> None:
    assert fault("input 16x32x32\n" + line).help == help
