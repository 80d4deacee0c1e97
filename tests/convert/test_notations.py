"""Lines in the notation of papers, tables and other languages are answered with the line to write."""

from __future__ import annotations

import re

import pytest

from cnncalc.convert.notations import advice
from tests.helpers import PICTURE, network

#: The line, and what it is answered with.
LINES = [
    ("conv 96 11×11 stride 4 pad 2", "write 'conv 96 11x11 stride=4 pad=2'"),
    ("conv 256 5×5 pad 2 groups 2", "write 'conv 256 5x5 pad=2 groups=2'"),
    ("conv 64 7×7 s2 p3", "write 'conv 64 7x7 stride=2 pad=3'"),
    ("conv 64 7x7 s2 p3 | relu", "write 'conv 64 7x7 stride=2 pad=3 | relu'"),
    ("x = conv 64 3 pad 1 -> 64x32x32 # as before", "write 'x = conv 64 3 pad=1 -> 64x32x32  # as before'"),
    ("maxpool 3 2 ceil", "write 'maxpool 3 2 ceil=yes'"),
    ("maxpool 3 stride 2", "write 'maxpool 3 stride=2'"),
    ("avgpool 2 pad 1", "write 'avgpool 2 pad=1'"),
    ("conv 64 3 no bias", "write 'conv 64 3 bias=no'"),
    ("conv 64 3 same", "write 'conv 64 3 pad=same'"),
    ("conv 64 3, stride 2", "write 'conv 64 3 stride=2'"),
    ("conv kernel 3 filters 8", "write 'conv kernel=3 filters=8'"),
    ("conv pad 2 64 3", "write 'conv 64 3 pad=2'"),
    ("resize 2 bilinear", "write 'resize 2 mode=bilinear'"),
    ("bn affine no", "write 'bn affine=no'"),
    ("conv in_channels=3 out_channels=64", "input channels are never given: write 'conv filters=64'"),
    ("conv in_channels=3 out_channels=64 kernel_size=3 padding=1", "input channels are never given: write 'conv filters=64 kernel=3 pad=1'"),
    ("linear in_features=192 out_features=10", "input channels are never given: write 'linear units=10'"),
    ("bn num_features=3", "input channels are never given: write 'bn'"),
    ("conv 8 3 use_bias=no", "write 'conv 8 3 bias=no'"),
    ("conv3-64", "write 'conv 64 3'"),
    ("conv1-256", "write 'conv 256 1'"),
    ("FC-4096", "write 'fc 4096'"),
    ("fc-1000", "write 'fc 1000'"),
    ("3x3 conv, 64", "write 'conv 64 3'"),
    ("3×3 conv, 64, /2", "write 'conv 64 3 stride=2'"),
    ("7x7, 64, stride 2", "write 'conv 64 7 stride=2'"),
    ("7x7 conv, 64, stride 2, pad 3", "write 'conv 64 7 stride=2 pad=3'"),
    ("conv 3x3 64", "write 'conv 64 3'"),
    ("conv 1x7 64", "write 'conv 64 1x7'"),
    ("conv 8@5x5", "write 'conv 8 5'"),
    ("3x3 max pool, stride 2", "write 'maxpool 3 stride=2'"),
    ("max pool 3x3", "write 'maxpool 3'"),
    ("maxpool 2x2 /2", "write 'maxpool 2 stride=2'"),
    ("2x2 average pool", "write 'avgpool 2'"),
    ("fully connected, 4096", "write 'fc 4096'"),
    ("64 filters of 3x3", "write 'conv 64 3'"),
    ("relu // comment", "'#' starts a comment: 'relu  # comment'"),
    ("// the first stage", "'#' starts a comment: '# the first stage'"),
    ("-- the first stage", "'#' starts a comment: '# the first stage'"),
    ("conv 8 3 /* wide */", "'#' starts a comment: 'conv 8 3  # wide'"),
    ("conv 8 ３", "write '3'"),
    ("conv 8 3\u3000pad=1", "write a blank"),
    ("conv 8 3\u200bpad=1", "delete it"),
    ("x = x.view(-1, 16*5*5)", "write 'flatten -> 400'"),
    ("x = x.view(x.size(0), -1)", "write 'flatten'"),
    ("x = x.view(-1, 16, 5, 5)", "write 'reshape 16x5x5'"),
    ("x = F.relu(x)", "write 'relu'"),
    ("y = F.relu(x)", "write 'y = relu'"),
    ("x = F.max_pool2d(F.relu(self.conv1(x)), 2)", "write 'relu | maxpool 2' behind the line of 'conv1'"),
    ("F.relu(self.bn1(self.conv1(x)))", "write 'relu' behind the line of 'bn1'"),
    ("x = F.relu(self.bn(x)).view(-1, 400)", "write 'relu | flatten -> 400' behind the line of 'bn'"),
    ("x = F.relu(F.max_pool2d(x, 2))", "write 'maxpool 2 | relu'"),
    ("nn.Conv2d(16, 16*2, 3)", "write 'conv 32 3'"),
    ("deformconv 8 3", "there is no 'deformconv' in this language; 'op deformconv shape=64x28x28' stands for one whose output you know"),
    ("convlstm 8 3", "there is no 'convlstm' in this language; 'op convlstm shape=64x28x28' stands for one whose output you know"),
    ("hswish", "write 'hardswish'"),
    ("SeparableConv2D 64 3", "write 'dwconv 3 bias=no | conv 64 1'"),
    ("SeparableConv2D 64 5 strides=2", "write 'dwconv 5 stride=2 bias=no | conv 64 1'"),
    ("sepconv 64 5", "write 'dwconv 5 bias=no | conv 64 1'"),
    ("se 16", "'mul:' of the tensor and a path says it: 'gavgpool | conv C//16 1 | relu | conv @here.C 1 | sigmoid'"),
    ("lstm 256 return_sequences=True", "write 'lstm 256 last=no'"),
    ("gru 256 return_sequences=False", "write 'gru 256 last=yes'"),
    ("lstm 8 batch_first=True", "write 'lstm 8'"),
    ("conv1 7x7, 64, stride 2", "write 'conv 64 7 stride=2'"),
    ("average pool, 1000-d fc, softmax", "write 'gavgpool | fc 1000 | softmax'"),
    ("conv2_x 3x3 max pool, stride 2", "write 'maxpool 3 stride=2'"),
    ("conv 3x3, 64, relu", "write 'conv 64 3 | relu'"),
    ("fc 4096, relu", "write 'fc 4096 | relu'"),
    ("conv 3x3x64", "write 'conv 64 3'"),
    ("maxpool 3/2", "write 'maxpool 3 stride=2'"),
    ("maxpool 3x3/2", "write 'maxpool 3 stride=2'"),
    ("Conv 7x7/2", "write 'Conv 64 7 stride=2'"),
    ("conv 64 7/2", "write 'conv 64 7 stride=2'"),
    ("dwconv 3x3/2", "write 'dwconv 3 stride=2'"),
    ("conv 64 3 stride:2", "write 'conv 64 3 stride=2'"),
    ("conv 64 3 x3", "write 'conv 64 3x3'"),
    ("drop 0.5", "write 'dropout 0.5'"),
    ("conv 64 3 => 64x30x30", "write 'conv 64 3 -> 64x30x30'"),
    ("fullyconnected 10", "write 'fc 10'"),
    ("bilstm 256", "write 'lstm 256 bidirectional=yes'"),
    ("average 2", "write 'avgpool 2'"),
    ("LeNet-5", "write 'model LeNet-5' if it is the title"),
    ("model: LeNet", "write 'model LeNet'"),
    ("conv1: 6 filters 5x5, stride 1", "write 'conv 6 5 stride=1'"),
    ("pool1: 2x2 avg pooling", "write 'avgpool 2'"),
    ("skip: conv 64 3", "write 'skip = conv 64 3'"),
    ("fc: 120", "write 'fc 120'"),
    ("1. conv 6 5", "write 'conv 6 5'"),
    ("max pool 3 2", "write 'maxpool 3 2'"),
    ("max-pool", "write 'maxpool 2'"),
    ("soft-max", "write 'softmax'"),
    ("global average pooling", "write 'gavgpool'"),
    ("up 2", "write 'resize 2'"),
    ("reshape -1x25", "write 'reshape ?x25'"),
    ("reshape 25 1024", "write 'reshape 25x1024'"),
    ("permute W C H", "write 'permute WCH'"),
    ("conv 64 [3,3]", "write 'conv 64 3x3'"),
    ("conv 64 3,3", "write 'conv 64 3'"),
    ("dropout 50%", "write 'dropout 0.5'"),
    ("conv 8 3 pad=half", "write 'conv 8 3 pad=same'"),
]  # fmt: skip
#: Lines that are answered with a line that names a tensor or a number, or with more than one.
NAMED = [
    ("x1 + x2", "write 'add @x1 @x2'"),
    ("add x", "write 'add @x'"),
    ("shortcut @x", "write 'add @x'"),
    ("conv $w 3", "write 'conv w 3'"),
    ("conv2_x [3x3, 64; 3x3, 64] x2", "write 'repeat 2:' and, indented below it, 'conv 64 3 pad=1 | conv 64 3 pad=1'"),
    ("3x conv 64 3", "write 'repeat 3:' and, indented below it, 'conv 64 3'"),
    ("conv 64 3x3 pool", "between layers stands '|': 'conv 64 3x3 | maxpool 2'"),
    ("bn 16", "channels are never given: write 'bn' alone"),
    ("softmax 10", "write 'softmax' alone; for 10 outputs 'fc 10 | softmax'"),
    ("dwconv 64 3", "channels are never given: 'dwconv 3'"),
    ("conv 3 64 3 1 1", "input channels are never given: 'conv 64 3 pad=1'"),
    ("conv 3 64 7 2 3", "input channels are never given: 'conv 64 7 stride=2 pad=3'"),
    ("conv 8 3 s", "for example 'conv 8 3 stride=2'"),
    ("fc 4096 dropout=0.5", "'dropout' is a layer of its own: 'fc 4096 | dropout 0.5'"),
    ("conv 8 3 bn=yes", "'bn' is a layer of its own: 'conv 8 3 | bn'"),
    ("conv 8 3 bn=no", "'bn' is a layer of its own; without it write 'conv 8 3'"),
    ("conv 64 3 filters=32", "say it once: 'conv 64 3' or 'conv 32 3'"),
    ("x = torch.cat([x, enc1], dim=1)", "write 'concat @enc1'"),
    ("out = torch.cat([x, enc1], dim=1)", "write 'out = concat @enc1'"),
    ("y = torch.cat([enc1, enc2], 1)", "write 'y = concat @enc1 @enc2'"),
    ("x = x + identity", "write 'add @identity'"),
    ("x += identity", "write 'add @identity'"),
    ("y = x1 + x2", "write 'y = add @x1 @x2'"),
    ("linear(400, 120)", "write 'fc 120'"),
    ("Conv2d(6, 5)", "write 'conv 6 5'"),
    ("nn.Conv2d(6, 5)", "Conv2d needs kernel_size"),
    ("print(model)", "'cnncalc shapes' prints the network: leave this line out"),
    ("conv 8,3", "write 'conv 8 3'"), ("conv 8x3x3", "write 'conv 8 3'"), ("upsample 2x", "write 'upsample 2'"),
    ("conv 8 3²", "names and numbers are written in ASCII"), ("dropout 50", "write 'dropout 0.50'"),
    ("activation relu", "the activation itself is a layer: 'relu'"), ("depthwise conv 3", "write 'dwconv 3'"),
    ("residual block", "a name for the line where it leaves, 'x = conv 64 3', and 'add @x' where it comes back"),
    ("layer norm", "write 'ln'"), ("batch normalization", "write 'bn'"), ("pointwise 8", "write 'conv 8 1'"),
    ("adaptive_avg_pool 1", "did you mean 'AdaptiveAvgPool2d'?"),
    ("stride 2", "'stride' is an argument, and stands in the line of its layer: 'conv 64 3 stride=2'"),
    ("adamw", "'adamw' is of the training: leave the line out; a spec has the layers alone"),
    ("loss = nn.CrossEntropyLoss()", "'CrossEntropyLoss' is of the training: leave the line out; a spec has the layers "
     "alone"),
    ("separable 64 5", "write 'dwconv 5 bias=no | conv 64 1'"),
    ("residual", "a name for the line where it leaves, 'x = conv 64 3', and 'add @x' where it comes back"),
    ("crop_and_concat enc1", "two paths say it: 'concat:', below it '- @name | crop like=@here' and '- identity'"),
    ("y = relu\ny", "a tensor that has a name is '@y'"),
    ("def res(w, s):", "write 'block res(w, s):'"),
    ("for i in range(3):", "write 'repeat 3 as i:'"),
    ("else: conv 64 3", "write 'else:' and below it, indented, 'conv 64 3'"),
    ("split 1,2 foo", ""),
    ("conv 8 3 groups=2", "groups divides the channels that enter and those that leave; groups=1 always does"),
    ("input 28 28", "write 'input 1x28x28' for a grey picture, or 'input 28@28' for 28 channels of length 28"),
    ("output 10", "for a layer of 10 outputs write 'fc 10'"),
]  # fmt: skip
#: Lines with faults that are no other notation: what was said of them stays.
OTHERS = [
    ("conv C // 2 3", "write 'C//2' or '(C // 2)'"),
    ("conv 64 3 stide=2", "did you mean 'stride'?"),
    ("conv 64 3 1 1", "further arguments have keys: 'conv 64 3 stride=1 pad=1'"),
    ("cnov 8 3", "did you mean 'conv'?"),
    ("conv 64, 3", "write 'conv 64 3'"),
    ('conv 6 5 padding="same"', "write 'conv 6 5 padding=same'"),
    ("conv 6 5 pad=sam", "did you mean 'same'?"),
]  # fmt: skip


def answer(text: str) -> str:
    faults = [one for one in network(text).diagnostics if one.severity == "error"]
    return faults[0].help or ""


@pytest.mark.parametrize(("line", "said"), LINES, ids=[row[0] for row in LINES])
def test_a_line_in_another_notation(line: str, said: str) -> None:
    assert answer(PICTURE + line) == said


@pytest.mark.parametrize(("line", "said"), NAMED, ids=[row[0] for row in NAMED])
def test_a_line_that_is_answered_with_names(line: str, said: str) -> None:
    assert answer(PICTURE + line).startswith(said)


@pytest.mark.parametrize(
    "line", ["conv , ,", ", ;", "[ , ] x 2", "1. , ;", "fc: ;", "conv 8 3 => relu reshape", "1. =>", "- ", "- , x"]
)
def test_signs_without_words_are_faults(line: str) -> None:
    errors = [one for one in network(PICTURE + line).diagnostics if one.severity == "error"]
    assert errors and not any((one.help or "").startswith("write 'conv 8 3 ->") for one in errors)


def test_a_block_keeps_its_name() -> None:
    assert answer(PICTURE + "block up(n, @skip):\n    conv n 3\nup 2") == "write 'up 2 @SKIP'"


@pytest.mark.parametrize(("line", "said"), [row for row in LINES if row[1].count("'") == 2 and "never" not in row[1]])
def test_what_is_advised_can_be_read(line: str, said: str) -> None:
    advised = re.search(r"'(.*)'", said)[1]  # type: ignore[index]
    errors = network(f"input 64x32x32\n{advised}").diagnostics
    assert (
        not [one for one in errors if one.code in ("syntax", "unknown-layer", "too-many-arguments")] or advised == "3"
    )


@pytest.mark.parametrize(("line", "said"), OTHERS, ids=[row[0] for row in OTHERS])
def test_what_is_no_other_notation(line: str, said: str) -> None:
    assert answer(PICTURE + line).startswith(said)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "input (None,32,32,3)",
            "write 'input 3x32x32', or with the channels last 'layout hwc' above and 'input 32x32x3'",
        ),
        ("input (3, 224, 224)", ""),
        ("input [1, 3, 224, 224]", "write 'input 3x224x224'"),
        ("input: 3x32x32", "write 'input 3x32x32'"),
        (
            "Input(shape=(28, 28, 1))",
            "write 'input 1x28x28', or with the channels last 'layout hwc' above and 'input 28x28x1'",
        ),
        (
            "tf.keras.Input((None, 28, 28, 1))",
            "write 'input 1x28x28', or with the channels last 'layout hwc' above and 'input 28x28x1'",
        ),
        ("input 3 x 224 x 224", "write 'input 3x224x224'"),
        (
            "(None,32,32,3)",
            "write 'input 3x32x32', or with the channels last 'layout hwc' above and 'input 32x32x3'",
        ),
        ("(3, 32, 32)", "write 'input 3x32x32'"),
        ("torch.Size([1, 3, 224, 224])", "write 'input 3x224x224'"),
    ],
)
def test_an_input_as_python_writes_it(line: str, said: str) -> None:
    if said:
        assert answer(f"{line}\nrelu") == said
    else:
        assert not [one for one in network(f"{line}\nrelu").diagnostics if one.severity == "error"]


@pytest.mark.parametrize(
    ("line", "comment"),
    [("conv 4 3 -- b", None), ("conv 4 3 // ab", None), ("conv 4 3 // abc", "abc"), ("relu // a b", "a b"),
     ("relu // by 2", None), ("relu // a/b", None), ("relu # a // b", None), ("relu % 2", None), ("; all of it", "all of it")],
)  # fmt: skip
def test_what_is_a_comment_and_what_may_be_a_quotient(line: str, comment: str | None) -> None:
    """One or two letters are a variable's name; figures are reckoned with."""
    found = advice(line, lambda text: True)
    assert (found or "# ").partition("# ")[2].rstrip("'") == (comment or "")
    assert (found is None) == (comment is None)
    assert advice(line, lambda text: False) == (found if line.startswith(";") else None)


def test_an_input_of_two_or_of_five_numbers_is_no_other_notation() -> None:
    found = [
        advice(f"input ({sizes})", lambda text: False)
        for sizes in ("28, 28", "3, 28, 28", "3, 8, 28, 28", "1, 3, 8, 28, 28")
    ]
    assert [one is None for one in found] == [True, False, False, True]
