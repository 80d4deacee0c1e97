"""What the lints say, word for word, and where exactly they begin to."""

from __future__ import annotations

import pytest

from cnncalc.measure import analyze
from cnncalc.measure.lints import LINTS, lints
from helpers import network

PICTURE = "input 3x64x64\n"


def said(text: str) -> list[tuple[str, int, str]]:
    """Code, line and sentence of what is found in the whole network."""
    return [(one.code, one.span.line if one.span else 0, one.message) for one in lints(analyze(network(text)))]


def sentences(text: str, code: str) -> list[str]:
    return [sentence for name, _, sentence in said(text) if name == code]


# --- fields -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        (PICTURE + "conv 8 3 pad=1 | relu | conv 8 3 pad=1", 2,
         "the field of 'conv2' is 5x5 of the 64x64 input: no output sees it whole"),
        (PICTURE + "conv 8 3 pad=1 | relu\nconv 8 3 pad=1 | relu\ngavgpool | fc 10", 3,
         "the field of 'relu2' is 5x5 of the 64x64 input: its positions are then averaged, each by itself"),
        ("input 3x64x4\nconv 8 3 pad=1 | relu | conv 8 3 pad=1", 2,
         "the field of 'conv2' is 5x5 of the 64x4 input: no output sees it whole"),
        ("input 3x9x2\nconv 8 3x1 pad=1:1x0 | relu | conv 8 3x1 pad=1:1x0 | relu | gmaxpool", 2,
         "the field of 'relu2' is 5x1 of the 9x2 input: its positions are then averaged, each by itself"),
        ("input 3x4x2\nconv 8 2x1 | relu | conv 8 2x1 | relu | gmaxpool", 2,
         "the field of 'relu2' is 3x1 of the 4x2 input: its positions are then averaged, each by itself"),
    ],
)  # fmt: skip
def test_of_fields_that_never_cover(text: str, line: int, sentence: str) -> None:
    assert [one for one in said(text) if one[0] == "field-never-covers"] == [("field-never-covers", line, sentence)]


@pytest.mark.parametrize(
    "layers",
    [
        "conv 8 3 pad=1 | relu | gavgpool | fc 10",  # one layer that looks
        "conv 8 3 pad=1 | relu | conv 8 1 | relu | gavgpool",  # another that has one pixel
        "conv 8 1x1 | relu | conv 8 1 | relu | conv 8 3 pad=1",
        "conv 8 3 pad=1 | relu | conv 8 3 pad=1 | relu | mean W",  # a part has seen all
        "conv 8 3 pad=1 | relu | maxpool 3 | relu | gavgpool",  # no weights
        "conv 8 3 pad=1 | relu | conv 8 3 pad=1 | relu | flatten | fc 3",  # weighed
    ],
)
def test_of_fields_that_are_not_looked_at(layers: str) -> None:
    assert sentences(PICTURE + layers, "field-never-covers") == []


@pytest.mark.parametrize("kernel", ["3x1", "1x3"])
def test_a_window_of_one_axis_looks(kernel: str) -> None:
    pad = "1x0" if kernel == "3x1" else "0x1"
    layer = f"conv 8 {kernel} pad={pad}"
    assert len(sentences(PICTURE + f"{layer} | relu | {layer}", "field-never-covers")) == 1


def test_of_fields_that_cover_early() -> None:
    """Two idle layers or more, and a third of those that look."""
    cover = "input 3x8x8\nconv 8 3 stride=2 pad=1 | relu\nconv 8 3 stride=2 pad=1 | relu\n"
    idle = "conv 8 3 pad=1 | relu\n"
    assert sentences(cover + idle * 2, "field-covers-early") == []
    assert sentences(cover + idle * 3, "field-covers-early") == [
        "before 'conv4' the field is 15x15, all of the 8x8 input: it and 1 later of 5 layers with windows see no more of it"
    ]
    assert sentences(cover + idle * 4, "field-covers-early") == [
        "before 'conv4' the field is 15x15, all of the 8x8 input: it and 2 later of 6 layers with windows see no more of it"
    ]


@pytest.mark.parametrize("size", [7, 9, 11, 13])
@pytest.mark.parametrize("count", range(2, 14))
def test_how_many_layers_are_idle_in_a_chain(size: int, count: int) -> None:
    """Before the n-th window of three the field is 2n - 1: it sees no more from the one on where that is the size."""
    idle = max(count - (size - 1) // 2, 0)
    first = count - idle + 1
    text = f"input 1x{size}x{size}\n" + "conv 2 3 pad=1 | relu\n" * count
    assert sentences(text, "field-covers-early") == [
        f"before 'conv{first}' the field is {size}x{size}, all of the {size}x{size} input: it and {idle - 1} later of {count} "
        "layers with windows see no more of it"
    ] * (idle >= 2 and 3 * idle >= count)


@pytest.mark.parametrize(
    ("layers", "layer", "end"),
    [
        ("gavgpool | gavgpool | fc 10", "relu2", "its positions are then averaged, each by itself"),
        ("gavgpool | conv 5 1 | relu | flatten | fc 10", "relu2", "its positions are then averaged, each by itself"),
        ("avgpool to=1 | dropout | fc 10", "relu2", "its positions are then averaged, each by itself"),
        ("bn | gmaxpool", "bn1", "its positions are then averaged, each by itself"),
        ("bn | sigmoid", "sigmoid1", "no output sees it whole"),
    ],
)
@pytest.mark.parametrize("size", ["64x64", "64x1", "1x64"])
def test_which_layer_is_the_last_with_positions(layers: str, layer: str, end: str, size: str) -> None:
    (sentence,) = sentences(f"input 3x{size}\n" + "conv 8 3 pad=1 | relu\n" * 2 + layers, "field-never-covers")
    assert sentence == f"the field of '{layer}' is 5x5 of the {size} input: {end}"


@pytest.mark.parametrize("layers", ["flatten | fc 10", "conv 8 2 | flatten | fc 10", "reshape 32x1 | fc 3"])
def test_few_positions_are_weighed_too(layers: str) -> None:
    """A map of 2x2, of fields of 43 of 64 pixels: weights for each of its positions see all of it."""
    shrinking = "conv 8 3 stride=4 pad=1 | relu\nconv 8 3 stride=4 pad=1 | relu\nconv 8 3 stride=2 pad=1 | relu\n"
    assert sentences(PICTURE + shrinking + layers, "field-never-covers") == []
    (sentence,) = sentences(PICTURE + shrinking + "gavgpool | fc 10", "field-never-covers")
    assert sentence.startswith("the field of 'relu3' is 43x43 of the 64x64 input")


def test_the_longest_path_is_what_counts() -> None:
    """Behind two layers that look on one path, none on the other."""
    for merge in (
        "add:\n    - conv 3 3 pad=1 | relu | conv 3 3 pad=1\n    - identity",
        "add:\n    - identity\n    - conv 3 3 pad=1 | relu | conv 3 3 pad=1",
    ):
        (sentence,) = sentences(PICTURE + merge, "field-never-covers")
        assert sentence == "the field of 'add1' is 5x5 of the 64x64 input: no output sees it whole"
    assert sentences(PICTURE + "add:\n    - conv 3 3 pad=1 | relu\n    - conv 3 3 pad=1", "field-never-covers") == []


def test_a_row_of_positions_is_weighed_too() -> None:
    text = "input 3x64x1\nconv 8 3x1 stride=4x1 pad=1x0 | relu\nconv 8 3x1 stride=4x1 pad=1x0 | relu\nconv 8 3x1 stride=2x1 pad=1x0 | relu\n"
    assert sentences(text + "flatten | fc 10", "field-never-covers") == []
    assert len(sentences(text + "gavgpool | fc 10", "field-never-covers")) == 1


def test_of_several_outputs_each_has_its_sentence() -> None:
    text = PICTURE + "a = conv 8 3 pad=1 | relu | conv 8 3 pad=1\nb = conv 8 3 pad=1\nc = add @a @b\noutput @a @b @c"
    assert sentences(text, "field-never-covers") == [
        "the field of 'a' is 5x5 of the 64x64 input: no output sees it whole",
        "the field of 'b' is 7x7 of the 64x64 input: no output sees it whole",
        "the field of 'c' is 7x7 of the 64x64 input: no output sees it whole",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "conv 8 3 pad=1\n" * 2
        + "\n"
        + "head aux train:\n    conv 8 3 pad=1 | conv 8 3 pad=1\nflatten | fc 10",  # training only
        "x = conv 8 3 pad=1 | relu | conv 8 3 pad=1\nmul:\n    - identity\n    - gavgpool | conv 8 1",  # a gate saw all
    ],
)
def test_of_outputs_that_need_not_see_it(text: str) -> None:
    assert sentences(PICTURE + text, "field-never-covers") == []


# --- biases -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layers", "sentence"),
    [
        ("conv 8 64 | bn", "the 8 biases of 'conv1' change nothing: 'bn1' behind it subtracts each channel's mean, and the bias "
                           "with it"),
        ("conv 8 64 | identity | identity | in", "the 8 biases of 'conv1' change nothing: 'in1' behind it subtracts each "
                                                 "channel's mean, and the bias with it"),
        ("conv 2 64 | relu | upconv 1200 8 | gn 1200", "the 1,200 biases of 'upconv1' change nothing: 'gn1' behind it "
                                                       "subtracts each channel's mean, and the bias with it"),
        ("x = conv 8 3\ny = @x | bn\nz = @x | in\nadd @y @z", "the 8 biases of 'x' change nothing: 'y' behind it subtracts "
                                                             "each channel's mean, and the bias with it"),
        ("flatten | fc 6 | bn", "the 6 biases of 'fc1' change nothing: 'bn1' behind it subtracts each channel's mean, and the "
                                "bias with it"),
    ],
)  # fmt: skip
def test_of_a_bias_that_is_subtracted(layers: str, sentence: str) -> None:
    assert sentences(PICTURE + layers, "bias-before-norm") == [sentence]


@pytest.mark.parametrize(
    "layers",
    [
        "conv 8 3 | gn 4", "conv 8 3 | scale", "localconv 2 3 | bn", "conv 8 3 | maxpool 2 | bn", "conv 8 3 | dropout | bn",
        "x = conv 8 3\nbn\noutput @x", "x = conv 3 3 pad=1\nrelu\nconv 3 3 pad=1 share=@x | bn",
        "x = conv 8 3\nbn\n@x | identity\n", "x = conv 8 3 | identity\ny = @x | bn\nz = @x | relu\nadd @y @z",
    ],
)  # fmt: skip
def test_of_a_bias_that_counts(layers: str) -> None:
    assert sentences(PICTURE + layers, "bias-before-norm") == []


def test_what_to_do_about_a_bias() -> None:
    (one,) = [one for one in lints(analyze(network(PICTURE + "dwconv 64 | bn"))) if one.code == "bias-before-norm"]
    assert one.help == "'bias=no' here, or 'default dwconv bias=no' above"


@pytest.mark.parametrize(
    ("layers", "sentence"),
    [
        ("conv 8 3 | conv 16 3", "'conv1' and 'conv2' are together one linear map: 1,392 parameters that one layer could stand for"),
        ("conv 8 3 | bn | avgpool 2 | conv 16 3", "'conv1' and 'conv2' are together one linear map, with only bn1 and avgpool1 "
                                                  "between them: 1,392 parameters that one layer could stand for"),
        ("flatten | fc 12 bias=no | fc 10", "'fc1' and 'fc2' are together one linear map: 147,586 parameters that one layer could "
                                           "stand for"),
        ("localconv 3 60 | upconv 4 1 | conv 5 1", "'upconv1' and 'conv1' are together one linear map: 41 parameters that one layer "
                                                   "could stand for"),
    ],
)  # fmt: skip
def test_of_a_pair_that_is_one_map(layers: str, sentence: str) -> None:
    assert sentences(PICTURE + layers, "linear-pair") == [sentence]


@pytest.mark.parametrize(
    ("enters", "middle", "leaves"), [(8, 3, 9), (8, 7, 9), (8, 8, 9), (8, 9, 9), (8, 9, 3), (3, 5, 9), (9, 8, 9)]
)
def test_a_pair_through_a_narrow_middle_saves_weights(enters: int, middle: int, leaves: int) -> None:
    """Of channels between maps, of values before a vector."""
    narrow = middle < min(enters, leaves)
    for text in (f"input {enters}x5x5\nconv {middle} 1 | conv {leaves} 1", f"input {enters}\nfc {middle} | bn | fc {leaves}",
                 f"input {enters}@1\nconv {middle} 1 | flatten | fc {leaves}"):  # fmt: skip
        assert len(sentences(text, "linear-pair")) == (not narrow), text


# --- odd sizes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "sentence", "help"),
    [
        ("50x48", "'maxpool1' makes 12 of a height of 25, 'upconv1' makes 24 of that: 'concat1' in line 4 cannot join that "
                  "with the 25 of the skip", "an input that 4 divides, such as 52x48; or "),
        ("48x50", "'maxpool1' makes 12 of a width of 25, 'upconv1' makes 24 of that: 'concat1' in line 4 cannot join that "
                  "with the 25 of the skip", "an input that 4 divides, such as 48x52; or "),
        ("48x50x48", "'maxpool1' makes 12 of a height of 25, 'upconv1' makes 24 of that: 'concat1' in line 4 cannot join "
                     "that with the 25 of the skip", "an input that 4 divides, such as 48x52x48; or "),
    ],
)  # fmt: skip
def test_of_a_size_that_was_rounded_down(size: str, sentence: str, help: str) -> None:
    text = f"input 3x{size}\na = conv 8 3 pad=1 | relu | maxpool 2\nmaxpool 2 | upconv 8 2 stride=2\nconcat @a"
    (one,) = [one for one in lints(analyze(network(text))) if one.code == "odd-skip"]
    assert one.message == sentence
    assert one.help == help + "'crop like=@…' or 'resize like=@…' makes the sizes equal"


def test_of_axes_that_are_halved_apart() -> None:
    text = "input 3x48x50\na = conv 8 3 pad=1 | relu | maxpool 1x2\nmaxpool 1x2 | upconv 8 1x2 stride=1x2\nconcat @a"
    (one,) = [one for one in lints(analyze(network(text))) if one.code == "odd-skip"]
    assert one.help is not None
    assert one.help.startswith("an input that 4 divides, such as 48x52; or ")


def test_the_size_that_helps_is_a_multiple_of_the_largest_whole_stride() -> None:
    """Strides of 2 and 6 pixels, and of 50/7, which no size is a multiple of."""
    text = "input 3x50x50\na = avgpool to=7\nx = @input | maxpool 2\n@x | maxpool 3 | upconv 3 3 stride=3\nadd @x"
    (one,) = [one for one in lints(analyze(network(text))) if one.code == "odd-skip"]
    assert one.message == (
        "'maxpool1' makes 8 of a height of 25, 'upconv1' makes 24 of that: 'add1' in line 5 cannot join that with the 25 of "
        "the skip"
    )
    assert (one.help or "").startswith("an input that 6 divides, such as 54x54; or ")


def test_channels_that_the_first_layer_takes_in_groups_are_no_matter() -> None:
    text = "input 3x50x50\na = conv 9 3 pad=1 groups=3 | maxpool 2\nmaxpool 2 | upconv 9 2 stride=2\nadd @a"
    (one,) = [one for one in lints(analyze(network(text))) if one.code == "odd-skip"]
    assert (one.help or "").startswith("an input that 4 divides, such as 52x52; or ")


def test_of_one_axis() -> None:
    text = "input 3@50\na = conv 8 3 pad=1 | relu | maxpool 2\nmaxpool 2 | upconv 8 2 stride=2\nconcat @a"
    (sentence,) = sentences(text, "odd-skip")
    assert sentence.startswith("'maxpool1' makes 12 of a length of 25")


@pytest.mark.parametrize(
    "layers",
    [
        "a = maxpool 2\nmaxpool 2 | upconv 3 2 stride=2 outpad=1x3\nconcat @a",  # larger on one side, smaller on the other
        "a = relu\nconv 8 3 | crop 20\nconcat @a",  # nothing grew again
        "a = relu\nmaxpool 50 | upconv 8 40\nconcat @a",  # 1 divides
    ],
)
def test_of_sizes_that_differ_for_another_reason(layers: str) -> None:
    assert sentences("input 3x50x50\n" + layers, "odd-skip") == []


# --- merges -----------------------------------------------------------------------------------------

MISALIGNED = "add of paths that look at different places: "


@pytest.mark.parametrize(
    ("layers", "severity", "sentence"),
    [
        ("add:\n    - conv 8 3 pad=0:2\n    - conv 8 1", "warning",
         "along the height the field of 'conv2' is centred 1 pixel of the input before that of 'conv1', where one step is 1"),
        ("add:\n    - conv 8 3 pad=1:1x2:0\n    - conv 8 1", "warning",
         "along the width the field of 'conv2' is centred 1 pixel of the input after that of 'conv1', where one step is 1"),
        ("add:\n    - conv 8 2 stride=2 pad=0\n    - conv 8 1 stride=2", "note",
         "along the height the field of 'conv2' is centred ~0.5 pixels of the input before that of 'conv1', where one step "
         "is 2"),
        ("a = conv 8 3 pad=1 stride=2\nb = @input | conv 8 3 pad=1 | take 0:32 axis=H | take 0:32 axis=W\nadd @a @b", "warning",
         "'a' steps by 2 pixels of the input, 'b' by 1 along the height: they drift apart"),
        ("a = conv 8 3 pad=1\nmaxpool 2 | conv 8 3 pad=0:2 | resize 2\nadd @a", "warning",
         "along the height the field of 'a' is centred 2 pixels of the input before that of 'resize1', where one step is 1"),
    ],
)  # fmt: skip
def test_of_paths_that_look_elsewhere(layers: str, severity: str, sentence: str) -> None:
    found = [one for one in lints(analyze(network(PICTURE + layers))) if one.code == "misaligned-merge"]
    assert [(one.severity, one.message) for one in found] == [(severity, MISALIGNED + sentence)]


@pytest.mark.parametrize(
    "layers",
    [
        "concat axis=H:\n    - conv 8 3 pad=0:2\n    - conv 8 1",  # one below the other
        "a = conv 8 3 pad=1\nmaxpool 2 | conv 8 3 pad=1 | upconv 8 2 stride=2\nadd @a",  # less than a position, upsampled
        "mul:\n    - conv 8 3 pad=0:2\n    - gavgpool | conv 8 1",  # a gate has no place
        "x = learned 3x64x64\nadd @input",
    ],
)
def test_of_paths_that_need_not_look_at_one_place(layers: str) -> None:
    assert sentences(PICTURE + layers, "misaligned-merge") == []


def test_along_time_the_ends_may_meet() -> None:
    """A causal path ends where the other does, in one axis and in depth; along the height it may not."""
    for size, pad in (("8@100", "2:0"), ("8x9x9x9", "2:0x1x1")):
        assert sentences(f"input {size}\nadd:\n    - conv 8 3 pad={pad}\n    - identity", "misaligned-merge") == []
    assert len(sentences("input 8x9x9x9\nadd:\n    - conv 8 3 pad=1x2:0x1\n    - identity", "misaligned-merge")) == 1
    assert len(sentences("input 8@100\nadd:\n    - conv 8 3 pad=0:2\n    - identity", "misaligned-merge")) == 1


def test_what_each_lint_is_about() -> None:
    assert {name: (lint.severity, lint.about.split()[0], len(lint.help) > 0) for name, lint in LINTS.items()} == {
        "unread-input": ("note", "rows", False), "channels-last": ("warning", "an", False), "channels-first": ("warning", "with", False),
        "field-covers-early": ("note", "layers", True), "field-never-covers": ("note", "outputs", True),
        "misaligned-merge": ("warning", "paths", True), "bias-before-norm": ("warning", "a", False), "linear-pair": ("warning", "two", True),
        "odd-skip": ("warning", "an", False),
    }  # fmt: skip
    assert LINTS["linear-pair"].help == "put an activation between them, such as 'relu'"


def test_every_help_is_a_help() -> None:
    assert {name for name, lint in LINTS.items() if not lint.help and lint.find is not None} == {
        "bias-before-norm", "odd-skip",
    }  # fmt: skip
