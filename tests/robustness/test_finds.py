"""What fuzzing, broken specs and reading against the language found, each once."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import ERROR, exit_code
from cnncalc.document.columns import BY_NAME, Selection
from cnncalc.features.shapes.facts import Listing
from cnncalc.features.shapes.page import document
from cnncalc.measure import NetworkAnalysis
from cnncalc.render import render
from cnncalc.render.text import Screen
from fuzz.invariants import examined
from fuzz.mutator import USED
from hang import hang_guard

IN = "input 3x8x8\n"


def looked_at(text: str, folder=None) -> NetworkAnalysis:
    """The analysis of `text`, consistent and soon there."""
    with hang_guard():
        return examined(text, folder or USED)


def errors(text: str, folder=None) -> list[str]:
    return [one.message for one in looked_at(text, folder).diagnostics if one.severity == ERROR]


def shapes(text: str, folder=None) -> list[tuple[int, ...] | None]:
    """The outputs of a spec without errors."""
    analysis = looked_at(text, folder)
    assert [one.message for one in analysis.diagnostics if one.severity == ERROR] == []
    return [row.output for row in analysis.layers]


# --- silence: an answer where an error belongs ------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("block f(act=relu):\n    conv 4 1 | act\nf act=nonsense\n", "'act' holds the word 'nonsense'"),
        ("block f(act=relu):\n    conv 4 1 | act\nf act=3\n", "'act' holds 3"),
        ("let s = 5\ns 3\n", "'s' holds 5"),
        ("repeat 1 as i:\n    i 3\n", "'i' holds 0"),
        ("if C == 4:\n    let act = relu\nact\n", "'act' has no value here"),
        ("act\nlet act = relu\n", "'act' has no value here"),
        ("block g:\n    act\ng\nlet act = relu\n", "'act' has no value here"),
        ("block g(@act):\n    act\ng @input\n", "unknown layer 'act'"),
        ("let s = dwconv\ns 4 3\n", "dwconv takes kernel"),
        ("let s = conv\ns 4 3 kernl=4\n", "no argument 'kernl'"),
        ("let s = add\ns\n", "add needs tensors"),
        ("block g(n):\n    conv n 1\nlet s = g\ns\n", "needs a value for 'n'"),
        ("block g(n):\n    conv n 1\nlet s = g\ns 3 4\n", "takes 1 argument"),
        ("block f(k):\n    k 4 1\nf dwconv\n", "dwconv takes kernel"),
        ("block f(relu=silu):\n    conv 4 1 | relu\nf\n", "'relu' is also the name of a layer"),
        ("conv 4 3 pad=1*2\n", "1*2 is the number 2"),
    ],
)
def test_no_silence(text, said):
    found = errors(IN + text)
    assert len(found) == 1, found
    assert said in found[0]


@pytest.mark.parametrize("above", ["", "let j = 5\n"])
def test_a_name_of_an_untaken_branch_is_not_made(above):
    block = "block b:\n    if C == 99:\n        let j = 6\n    conv j 1\nb\n"
    assert "'j' has no value here" in errors(IN + above + block)[0]


def test_a_head_without_a_tensor():
    assert errors("head h:\n    let u = conv\ninput 3x8x8\nrelu\n")


def test_many_warnings_hide_no_error():
    warned = "".join(f"maxpool 3 1 pad=2 # {number}\n" for number in range(1010))
    assert exit_code(looked_at(f"{IN}{warned}conv 64 0\n").diagnostics) == 2
    assert looked_at(f"{IN}repeat 10**12 as i:\n    conv 3 1 -> (i+4, 8, 8)\n").broken


@pytest.mark.parametrize("char", ["\x07", "\x1b", "\u202e", "\u200b", "\ufeff"])
@pytest.mark.parametrize("line", ["require params < 5", "require output == (4, 6, 6)"])
def test_a_character_in_a_requirement_takes_nothing_from_the_network(line, char):
    """The fault is the requirement's or the line's: with totals there are outputs, and without them none is claimed."""
    for place in range(len(line) + 1):
        for text in (f"{line[:place]}{char}{line[place:]}\n", f"{line[:place]}{char}{line[place:]}\nrelu\n"):
            document = looked_at(f"{IN}conv 4 3\n{text}").to_dict()
            assert document["diagnostics"]
            if document["totals"]["params"] is not None:
                assert [port["shape"] for port in document["outputs"]] == [[4, 6, 6]]


# --- refusals: an error where an answer belongs -----------------------------------------------------


@pytest.mark.parametrize(
    ("line", "shape"),
    [
        ("maxpool (3, 2)", (12, 3, 4)),
        ("reshape (12, 81)", (12, 81)),
        ("reshape (C//2, H*2, W)", (6, 18, 9)),
        ("pad (1, 2)", (12, 11, 13)),
        ("crop (3, 4)", (12, 3, 4)),
        ("resize (2, 1)", (12, 18, 9)),
        ("x = learned (2, 3)", (2, 3)),
        ("conv (C * 2) (3)", (24, 7, 7)),
        ("b (3 + 1)", (4, 9, 9)),
        ("take (0:3)", (3, 9, 9)),
        ("resize (2, 1/3)", (12, 18, 3)),
    ],
)
def test_parentheses_behind_a_blank_are_no_call(line, shape):
    assert shapes(f"block b(n):\n    conv n 1\ninput 12x9x9\n{line} # allow: unused-tensor\n")[-1] == shape


def test_a_call_without_the_blank_is_one():
    assert "Python" in errors(f"{IN}conv(64, 3)\n")[0]


def test_the_weights_of_a_tensor_parameter():
    text = "block b(@s):\n    conv 3 1 share=@s\nx = conv 3 1\nb @x\n"
    shapes(IN + text)
    assert looked_at(IN + text).totals.params == 12


def test_blank_lines_with_tabs():
    assert shapes("input 3x8x8\n\t\nrelu\n \t # comment\nrelu\n") == [(3, 8, 8)] * 2


# --- advice -----------------------------------------------------------------------------------------


def test_two_numbers_with_the_channels_last():
    diagnostic = looked_at("layout hwc\ninput 1000x8\nconv 3 3\n").diagnostics[0]
    assert "8@1000" in (diagnostic.help or "")
    assert "1000x8x1" in (diagnostic.help or "")


@pytest.mark.parametrize("header", ["add: -> 3x8x8", "relu | add:", "Concatenate:", "ad:"])
def test_a_bad_header_is_one_mistake(header):
    assert len(errors(f"{IN}{header}\n    - relu\n    - tanh\n      bn\n    -\nrelu\n")) == 1


def test_circles_through_other_names(tmp_path):
    (tmp_path / "d").mkdir()
    (tmp_path / "x.txt").write_text("use d/../x.txt\nuse ./d/../x.txt\nblock xx:\n    relu\n")
    found = errors(f"use x.txt\n{IN}xx\n", tmp_path)
    assert [message for message in found if "circle" not in message] == []


def test_suggested_files_can_be_used(tmp_path):
    (tmp_path / "blocks.txt").write_text("block xx:\n    relu\n")
    diagnostics = looked_at(f"use block.txt\n{IN}relu\n", tmp_path).diagnostics
    assert diagnostics[0].help == "did you mean 'blocks.txt'?"


def test_no_word_is_suggested_for_itself():
    for line in ("upconv 4 3 pad=causal", "let a = H\ntake 0:1 axis=a"):
        diagnostic = looked_at(f"{IN}{line}\n").diagnostics[0]
        assert "did you mean" not in (diagnostic.help or ""), diagnostic


def test_python_does_not_speak_up(recwarn):
    for call in ("conv(1if 2else 3)", "conv(1 is 1)", 'conv("\\d")'):
        assert len(errors(f"{IN}{call}\n")) == 1
    assert not list(recwarn)


@pytest.mark.parametrize(
    "call", ['conv("\\x00")', 'Dense(3, activation="a\\nb")', "Dropout(1e400)", "conv(0x" + "f" * 900 + ", 3)"]
)
def test_advice_for_calls_can_be_written(call):
    """The line to write is one line, and is read."""
    help = looked_at(f"{IN}gavgpool\n{call}\n").diagnostics[0].help or ""
    line = help.removeprefix("write '").removesuffix("'") if help.startswith("write '") else "relu"
    assert len(line.split("\n")) == 1
    assert [one for one in errors(f"{IN}gavgpool\n{line}\n") if "character" in one or "infinity" in one] == []
    assert len(help) < 300


# --- depth and length: no RecursionError, no text without end ---------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "- " * 2000,
        "".join(f"{' ' * level}relu\n" for level in range(2000)),
        "add:\n" + "".join(f"{' ' * level}-\n" for level in range(1, 2000)),
        "add:\n" + "".join(f"{' ' * 2 * level}- add:\n" for level in range(1, 2000)),
        "".join(" " * level + ("- \n" if level % 2 else "x\n") for level in range(2000)),
        "".join(f"block b{n}:\n    add:\n        - b{n + 1}\n        -\n" for n in range(2000)) + "b0\n",
        "a." * 480 + "relu(1)\n",
    ],
    ids=["a line", "steps", "dashes", "merges", "both", "blocks", "dots"],
)
def test_deep(text):
    found = looked_at(IN + text).diagnostics
    assert found
    assert all(len(one.message) < 1000 and len(one.help or "") < 1000 for one in found)


@pytest.mark.parametrize("zeros", [300, 5000, 200_000])
def test_small_decimals(zeros):
    assert errors(f"{IN}resize 0.{'0' * zeros}1\nlet a = 0.{'0' * zeros}1k\n")


def test_effective_strides_without_end():
    analysis = looked_at(f"{IN}repeat 3000:\n    conv 3 1 stride=1000\n")
    view = Selection(tuple(BY_NAME.values()), default=False)
    "".join(render(document(Listing(analysis, view)), "plain", Screen()))
    assert analysis.layers[0].jump == (1000, 1000)
    assert analysis.layers[-1].jump is None or analysis.layers[-1].jump[0] < 10**100


def test_long_sizes_and_names():
    for line in ("conv 3 " + "x".join("1" * 5000), "pad " + "x".join(["1:1"] * 5000), "x" * 5000 + " = relu"):
        analysis = looked_at(f"{IN}{line}\n")
        assert analysis.broken
        assert all(len(one.message) < 1000 for one in analysis.diagnostics)
        assert all(len(row.name) + len(row.operation) < 1000 for row in analysis.layers)


# --- time: what once took minutes -------------------------------------------------------------------

MANY = 2000


@pytest.mark.parametrize(
    "text",
    [
        f"repeat {10**20} as i:\nrelu\n",
        f"repeat 10**12:\n    conv {'+'.join('1' * 5000)} 1\n",
        "repeat 10**12 as i:\n    conv 3 1 -> (i+4, 8, 8)\n",
        f"repeat 10**12:\n    {' | '.join(['conv 3 3 pad=1'] * 4)} -> 3x9x9\n",
        f"{' | '.join(['conv 3 3 pad=1'] * 500)} -> 3x9x9\n",
        "repeat 10**12:\n    add @x\n",
        "repeat 10**12:\n    let a = 9**9**9\n",
        "".join(f"block b{n}:\n    b{n + 1}\n    b{n + 1}\n" for n in range(50)) + "block b50:\n    if no:\n        relu\nb0\n",
        "".join(f"head h{n}:\n    relu\n" for n in range(MANY)),
        "".join(f"x{n} = relu\n" for n in range(MANY)) + "output " + " ".join(f"@x{n}" for n in range(MANY)) + "\n",
        f"conv {'1 ' * MANY * 3}\n",
        f"block b({', '.join(f'p{n}=1' for n in range(MANY))}):\n    relu\n" + "b\n" * MANY,
        "".join(f"default conv stride={n + 1}\nblock b{n}:\n    relu\n" for n in range(MANY // 2)) + "".join(f"b{n}\n" for n in range(MANY // 2)),
        "if no:\n    relu\n" + "".join(f"elif C == {n}:\n    relu\n" for n in range(MANY * 3)),
        "\n".join(f"foo{n}" for n in range(MANY)) + "\n",
        "".join(f"x{n} = relu\n" for n in range(MANY)) + "".join(f"add @y{n}\n" for n in range(1000)),
        f"repeat 10**12:\n    concat {'@input ' * 200}\n    take 0:3\n",
    ],
    ids=["empty body", "long expression", "arrows", "arrows of chains", "an arrow of a long chain", "unknown name",
         "failing variable", "doubling blocks", "heads", "outputs", "arguments", "defaults of parameters",
         "defaults of kinds", "branches", "unknown layers", "unknown names", "operands"],
)  # fmt: skip
def test_soon(text):
    """The guard against hangs holds on a busy machine; unhindered they take less than a second."""
    looked_at(IN + text)


def test_a_line_that_starts_with_two_signs_ends():
    assert errors(IN + " = =onv 8 1\n") == ["a line starts with a layer, not '='"]


def test_no_advice_has_a_control_character():
    for char in "\x02\x13\x7f":
        analysis = looked_at(f"model +n{char}x\n" + IN + "relu\n")
        assert all(char not in (one.help or "") for one in analysis.diagnostics)
