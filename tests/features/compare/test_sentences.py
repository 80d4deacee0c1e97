"""What is said of small models, word for word and figure for figure: by hand, as mlp.md counts."""

from __future__ import annotations

import pytest

SPECS = {
    "fc.txt": "input 8\nfc 4\n", "none.txt": "input 8\nrelu\n", "same.txt": "input 4x1x1\nconv 3 1 | flatten | fc 2\n",
    "one.txt": "input 3x8x8\nconv 4 3 pad=1 | flatten | fc 5\n", "two.txt": "input 3x8x8\nconv 8 3 pad=1 | flatten | fc 5\n",
    "op.txt": "input 3x8x8\nop foo shape=4x6x6 | conv 4 3\n", "shapeless.txt": "input 3x8x8\nconv 4 3 | op foo\n",
    "nested.txt": "input 3x8x8\nstage a:\n    conv 4 3\n    stage b:\n        conv 4 3 | relu | conv 4 3\nstage c:\n    relu\nflatten | fc 5\n",
    "apart.txt": "input 3x8x8\nstage a:\n    stage b:\n        relu\n    stage c:\n        conv 4 3\nstage d:\n    conv 2 3\n",
    "macs.txt": "input 3x8x8\nconv 4 3 stride=2 pad=1 | flatten | fc 5\n",
}  # fmt: skip


@pytest.fixture
def said(run, folder):
    for name, text in SPECS.items():
        (folder / name).write_text(text)

    def answer(*words):
        result = run("compare", *words)
        assert result.exit_code == 0, result.stderr
        return [line for line in result.stdout.splitlines() if line]

    return answer


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("fc.txt", "fc.txt has no convolution, so there is nothing to unroll: its 36 parameters would stay as they are.",
         "One hidden unit alone has 8 weights, one for every input; --hidden 4096 puts a layer of your own beside these."),
        ("none.txt", "none.txt has no convolution, so there is nothing to unroll: and it has no parameters.",
         "One hidden unit alone has 8 weights, one for every input; --hidden 4096 puts a layer of your own beside these."),
        ("same.txt", "As a fully connected network same.txt would need as many parameters: 23 parameters.",
         "One hidden unit alone has 4 weights, one for every input; --hidden 4096 puts a layer of your own beside these."),
        ("nested.txt", "As a fully connected network nested.txt would need 38,197 parameters, 77.5× as many.",
         "One hidden unit alone has 192 weights, one for every input; --hidden 4096 puts a layer of your own beside these."),
        ("op.txt", "What op.txt would need as a fully connected network is not known: nothing is known of what 'op1' costs.",
         "One hidden unit alone has 192 weights, one for every input; --hidden 4096 puts a layer of your own beside these."),
        ("shapeless.txt", "What shapeless.txt would need as a fully connected network is not known: nothing is known of what 'op1' gives.",
         "One hidden unit alone has 192 weights, one for every input; --hidden 4096 puts a layer of your own beside these."),
    ],
)  # fmt: skip
def test_what_a_model_would_need(said, name, first, last):
    lines = said(name)
    assert (lines[0], lines[-1]) == (first, last)


def test_a_model_whole(said):
    """Its input of 192 values; three maps of 4x6x6, 4x4x4 and 4x2x2: 108, 144 and 144 weights of 9 taps a channel."""
    assert said("nested.txt", "--hidden", "7") == [
        "As a fully connected network nested.txt would need 38,197 parameters, 77.5× as many.",
        "In the weights of its 3 convolutions, sparse interaction saves 5.6× and parameter sharing 17.1×: together 95.7×.",
        "Weights, layer by layer: sparsity = dense / unshared, sharing = unshared / conv",
        "layer     inputs M  outputs N  taps K  conv  unshared   dense  sparsity  sharing  total",
        "conv1          192        144      27   108     3,888  27,648     7.11×      36×   256×",
        "conv2          144         64      36   144     2,304   9,216        4×      16×    64×",
        "conv3           64         16      36   144       576   1,024     1.78×       4×  7.11×",
        "together                                396     6,768  37,888      5.6×    17.1×  95.7×",
        "The whole network; an MLP has 192 inputs, its hidden units, 5 outputs",
        "network           hidden  parameters       ×    MACs        ×   in fp32",
        "as it is                         493      1×   6,848       1×  1.93 KiB",
        "unshared weights               7,077   14.4×   6,848       1×  27.6 KiB",
        "fully connected               38,197   77.5×  37,968    5.54×   149 KiB",
        "MLP, same params       2         401  0.813×     394  0.0575×  1.57 KiB",
        "MLP, same params    2, 2         407  0.826×     398  0.0581×  1.59 KiB",
        "MLP, same MACs        34       6,737   13.7×   6,698   0.978×  26.3 KiB",
        "MLP, same MACs    30, 30       6,875   13.9×   6,810   0.994×  26.9 KiB",
        "your MLP               7       1,391   2.82×   1,379   0.201×  5.43 KiB",
        "Its first layer alone, 192 inputs × 7 hidden units, has 1,344 weights, 2.73× the parameters of nested.txt.",
    ]


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        (("nested.txt", "--depth", "1"), ["a                                    396     6,768  37,888      5.6×    17.1×  95.7×"]),
        (("nested.txt", "--depth", "2"),
         ["a", "  conv1        192        144      27   108     3,888  27,648     7.11×      36×   256×",
          "  b                                     288     2,880  10,240     3.56×      10×  35.6×",
          "together                                396     6,768  37,888      5.6×    17.1×  95.7×"]),
        # a stage without a convolution has no heading
        (("apart.txt", "--depth", "3"),
         ["a", "  c", "    conv1       192        144      27   108     3,888  27,648     7.11×      36×   256×", "d",
          "  conv2         144         32      36    72     1,152   4,608        4×      16×    64×",
          "together                                 180     5,040  32,256      6.4×      28×   179×"]),
    ],
)  # fmt: skip
def test_the_tree_of_layers(said, words, rows):
    lines = said(*words)
    start = lines.index("Weights, layer by layer: sparsity = dense / unshared, sharing = unshared / conv") + 2
    end = next((place for place, line in enumerate(lines) if line.startswith("The whole network")), None)
    assert lines[start:end] == rows


@pytest.mark.parametrize(
    ("words", "lead"),
    [
        (("one.txt", "two.txt"), ["two.txt needs 2× the parameters and 2× the MACs of one.txt."]),
        (("two.txt", "one.txt"), ["two.txt needs 2× the parameters and 2× the MACs of one.txt."]),
        (("one.txt", "one.txt"), ["one.txt and one.txt need the same: 1,397 parameters and 8,192 MACs."]),
        (("one.txt", "macs.txt"), ["one.txt needs 3.2× the parameters and 4× the MACs of macs.txt."]),
        (("nested.txt", "one.txt", "--mlp"),
         ["one.txt needs 2.83× the parameters and 1.2× the MACs of nested.txt.",
          "Fully connected, nested.txt 38,197 parameters (77.5×) and one.txt 50,693 parameters (36.3×)."]),
    ],
)  # fmt: skip
def test_what_is_said_of_several(said, words, lead):
    assert said(*words)[: len(lead)] == lead


def test_what_is_known_at_least_stands_in_its_column(said):
    lines = said("two.txt", "one.txt", "op.txt")
    rows = {line[:20].strip(): line[20:].split() for line in lines if line[:1].islower() or line[:1] == "M"}
    assert rows["parameters"] == ["2,789", "1,397", "*", "at", "least", "148"]
    assert rows["MACs"] == ["16,384", "8,192", "*", "at", "least", "2,304"]
    assert rows["activations"] == ["1,029", "517", "208", "*", "4.95×"]
    assert rows["memory in all"][-1] == "?"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("fc.txt", "--layer", "fc1"), "  It is fully connected as it is: its 36 parameters and 32 MACs stay."),
        (("nested.txt", "--layer", "relu1"), "  It has no weights, so nothing changes where the network is unrolled."),
        (("shapeless.txt", "--layer", "op1"), "  Its shape is not known, so there is nothing to work out."),
    ],
)  # fmt: skip
def test_a_layer_that_is_no_convolution(said, words, sentence):
    assert said(*words)[-1] == sentence
