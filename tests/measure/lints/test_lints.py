"""Every lint: where it speaks, where it is silent, and that a comment silences it."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc
from cnncalc.diagnostics import Diagnostic
from cnncalc.interpret import build, read_source
from cnncalc.interpret.reading.examples import example_names, example_path
from cnncalc.measure import analyze
from cnncalc.measure.lints import LINTS, lints
from helpers import network

PICTURE = "input 3x64x64\n"


def found(text: str) -> list[Diagnostic]:
    """What is found of the lints' names, by the build or later."""
    analysis = analyze(network(text))
    return [one for one in (*analysis.diagnostics, *lints(analysis)) if one.code in LINTS]


def codes(text: str) -> list[str]:
    return [one.code for one in found(text)]


SPEAKS = {
    "unread-input": "input 1@10\nconv 1 3 stride=2",
    "channels-last": "input 64x64x3\nconv 8 3",
    "channels-first": "layout hwc\ninput 3x64x64\nconv 8 3",
    "field-covers-early": "input 3x16x16\nrepeat 4:\n    conv 8 3 pad=1 | relu | maxpool 2\nrepeat 3:\n    conv 8 3 pad=1 | relu",
    "field-never-covers": PICTURE + "conv 8 3 pad=1 | relu | conv 8 3 pad=1 | relu | gavgpool | fc 10",
    "bias-before-norm": PICTURE + "conv 8 64 | bn | relu",
    "linear-pair": PICTURE + "conv 8 64 | conv 8 1",
    "odd-skip": "input 3x50x50\na = conv 8 3 pad=1 | relu | maxpool 2\nmaxpool 2 | upconv 8 2 stride=2\nconcat @a",
    "misaligned-merge": PICTURE + "add:\n    - conv 8 3 pad=0:2\n    - conv 8 1\nconv 8 64",
}  # fmt: skip


@pytest.mark.parametrize("name", LINTS)
def test_it_speaks(name: str) -> None:
    assert name in codes(SPEAKS[name])


@pytest.mark.parametrize("name", LINTS)
def test_a_comment_at_the_top_silences_it(name: str) -> None:
    assert name not in codes(f"# allow: {name}\n{SPEAKS[name]}")


@pytest.mark.parametrize("name", LINTS)
def test_a_comment_in_its_line_silences_it(name: str) -> None:
    one = next(one for one in found(SPEAKS[name]) if one.code == name)
    assert one.span is not None
    lines = SPEAKS[name].split("\n")
    lines[one.span.line - 1] += f"  # allow: {name}"
    assert name not in codes("\n".join(lines))


@pytest.mark.parametrize("name", LINTS)
def test_it_is_one_sentence_with_figures(name: str) -> None:
    one = next(one for one in found(SPEAKS[name]) if one.code == name)
    assert "\n" not in one.message
    assert any(char.isdigit() for char in one.message)
    assert one.severity in ("warning", "note")


def test_the_help_names_them_all() -> None:
    topic = (Path(cnncalc.__file__).parent / "cli" / "topics" / "language.md").read_text("utf-8")
    assert [name for name in LINTS if f"\n    {name} " not in topic] == []


def test_a_lint_is_a_whole_record() -> None:
    for name, lint in LINTS.items():
        assert lint.name == name
        assert lint.about
        assert lint.severity in ("warning", "note")
        assert (lint.find is None) == (name in ("unread-input", "channels-last", "channels-first"))


SILENT = {
    "bias-before-norm": [
        "conv 8 3 bias=no | bn", "conv 8 3 | relu | bn", "conv 8 3 | ln", "conv 8 3 | gn 2",
        "x = conv 8 3\ny = @x | bn\nadd @x @y",  # the bias is used elsewhere
    ],
    "linear-pair": [
        "conv 8 3 | relu | conv 8 3", "conv 8 3 | maxpool 2 | conv 8 3", "conv 64 1 | relu | conv 16 1 | conv 64 3",
        "dwconv 3 | conv 8 1", "conv 8 1 | dwconv 3", "conv 9 1 groups=3 | conv 8 1", "conv 8 3 | ln | conv 8 3",
        "x = conv 8 1\ny = @x | conv 8 1\nadd @x @y", "conv 8 1 | upconv 8 2 stride=2",
    ],
    "odd-skip": [
        "a = conv 8 3 pad=1 | relu | maxpool 2\nmaxpool 2 | upconv 8 2 stride=2\nconcat @a",
        "a = conv 8 3 | relu\nconv 8 3 | crop 60\nconcat @a",  # fails, but for another reason
    ],
    "misaligned-merge": [
        "add:\n    - conv 8 3 stride=2 pad=1\n    - conv 8 1 stride=2", "add:\n    - conv 3 3 pad=2 dilation=2\n    - identity",
        "mul:\n    - identity\n    - gavgpool | conv 3 1", "x = maxpool 2 | conv 8 3 pad=1\n@input | conv 8 3 pad=1 stride=2\nresize 2\n",
        "a = conv 8 3 pad=1\nmaxpool 2 | conv 8 3 pad=1 | resize 2\nadd @a",
        "a = conv 8 3 pad=1\nmaxpool 2 | conv 8 3 pad=1 | upconv 8 2 stride=2\nadd @a",
        "concat:\n    - conv 8 1\n    - conv 8 5 pad=2\n    - maxpool 3 stride=1 pad=1",
    ],
    "field-never-covers": [
        "conv 8 3 | relu | conv 8 3 | flatten | fc 10", "conv 8 3 pad=1 | relu | gavgpool | fc 10",
        "conv 8 33 pad=16 | relu | conv 8 33 pad=16 | gavgpool", "conv 8 3 pad=1 | relu | conv 8 3 | tokens | attention 2",
    ],
    "field-covers-early": ["conv 8 3 | relu | conv 8 3", "conv 8 64 | relu | conv 8 1 | relu | conv 8 1"],
}  # fmt: skip


@pytest.mark.parametrize(("name", "layers"), [(name, layers) for name, some in SILENT.items() for layers in some])
def test_it_is_silent(name: str, layers: str) -> None:
    assert name not in codes(PICTURE + layers)


def test_causal_residuals_are_aligned_at_their_end() -> None:
    assert codes("input 8@100\nadd:\n    - conv 8 3 pad=causal dilation=4\n    - identity") == []


def test_the_figures_of_a_pair() -> None:
    (one,) = [one for one in found(PICTURE + "conv 8 3 | bn | conv 16 3\nconv 1 60") if "'conv2'" in one.message
              and one.code == "linear-pair" and "conv1" in one.message]  # fmt: skip
    assert one.message == (
        "'conv1' and 'conv2' are together one linear map, with only bn1 between them: 1,392 parameters that one layer "
        "could stand for"
    )


def test_the_odd_size_is_traced_to_the_layer_that_halved_it() -> None:
    (one,) = [one for one in found(SPEAKS["odd-skip"]) if one.code == "odd-skip"]
    assert one.span is not None
    assert one.span.line == 3
    assert one.message.startswith("'maxpool1' makes 12 of a height of 25, 'upconv1' makes 24 of that")
    assert one.help is not None
    assert one.help.startswith("an input that 4 divides, such as 52x52")


def test_what_covers_early_counts_only_what_looks() -> None:
    (one,) = [one for one in found(SPEAKS["field-covers-early"]) if one.code == "field-covers-early"]
    assert "it and 3 later of 7 layers" in one.message


@pytest.mark.parametrize("name", example_names())
def test_the_examples_are_free_of_warnings(name: str) -> None:
    source, folder = read_source(str(example_path(name)))
    analysis = analyze(build(source, folder=folder))
    assert [one.message for one in lints(analysis) if one.severity == "warning"] == []


def test_a_long_network_is_linted_in_linear_time() -> None:
    text = "input 4x64x64\nrepeat 3000:\n    add:\n        - conv 4 3 pad=1 | bn | relu\n        - identity"
    assert codes(text) == ["field-covers-early", "bias-before-norm"]
    assert "(one of 3,000 from this line)" in next(one for one in found(text) if one.code == "bias-before-norm").message


def test_no_input_is_advised_that_fails_too() -> None:
    text = "input 3x90x90\na = maxpool 2\n@input | maxpool 2 | maxpool 2 | resize to=44\nadd @a"
    advice = [one.help or "" for one in found(text) if one.code == "odd-skip"]
    assert advice
    assert not [one for one in advice if "divides" in one]


def test_a_merge_of_what_is_not_there_is_no_odd_skip() -> None:
    """One path was never made: whatever else the network has, it is not that which does not fit."""
    text = "input 3x50x50\na = conv 8 3 pad=1 | relu | maxpool 2\nb = concat @nothing @a\n@a | maxpool 2 | upconv 8 2 stride=2"
    assert "odd-skip" not in codes(text)
