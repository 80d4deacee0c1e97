"""Source of Keras as it is written. What Keras makes of it is in tests/oracles/test_keras_written.py."""

from __future__ import annotations

import ast
import shutil
import subprocess
from pathlib import Path

import pytest

import cnncalc
from cnncalc.convert.out.keras.helpers import HELPERS
from cnncalc.convert.out.keras.layout import Identifiers, identifier, laid_out
from cnncalc.interpret.specification import specification
from readme import ROOT

from ..samples import MORE_ROWS, ROWS, specs

ALL = specs(ROWS) | specs(MORE_ROWS)
EXAMPLES = [path for path in sorted((ROOT / "examples").rglob("*.txt"))
            if not specification(cnncalc.load(path)).library]  # fmt: skip
#: What Keras has no words for, by its row.
UNSAID = {
    "8x9x9 | upconv 4 3 stride=2 outpad=3": "Keras wants an output padding below the stride",
    "8x9x9 | upconv 4 3 stride=2 outpad=3 bias=no": "Keras wants an output padding below the stride",
    "8x9x9 | upconv 4 3 stride=2 pad=1:0 groups=2 dilation=2": "with both strides and dilation",
    "8x10x10 | maxpool 3 stride=1 dilation=2": "Keras's pools have no dilation",
    "8x10x10 | avgpool 3 stride=1 dilation=2": "Keras's pools have no dilation",
    "8x10x10 | p = maxpool 3 stride=2 pad=1; unpool from=@p": "no max unpooling of windows that overlap",
}
SAID = {row: text for row, text in ALL.items() if row not in UNSAID}


def lines(text: str) -> list[str]:
    """The statements of the function of a spec's model."""
    source = cnncalc.loads(text).to_keras_source()
    start = source.index("-> keras.Model:\n")
    return [line.strip() for line in source[start:].split("\n")[2:] if line.startswith("    ")][:-1]


def test_a_whole_file() -> None:
    text = "model Net\ninput 3x32x32\nstage stem:\n    conv 16 3 pad=1 | relu\n    maxpool 2\ngavgpool | fc 10\n"
    assert (
        cnncalc.loads(text).to_keras_source()
        == '''\
"""Net, in Keras 3: channels last."""

import keras
from keras import layers


def net() -> keras.Model:
    """The model, its weights random."""
    inputs = keras.Input((32, 32, 3))

    # stem
    x = layers.Conv2D(16, 3, padding="same")(inputs)
    x = layers.ReLU()(x)
    x = layers.MaxPooling2D(2)(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(10)(x)
    return keras.Model(inputs, x, name="net")


if __name__ == "__main__":
    net().summary()
'''
    )


@pytest.mark.parametrize("row", SAID)
def test_every_kind_is_python(row: str) -> None:
    ast.parse(cnncalc.loads(SAID[row]).to_keras_source())


@pytest.mark.parametrize("row", UNSAID)
def test_what_keras_has_not(row: str) -> None:
    network = cnncalc.loads(ALL[row])
    with pytest.raises(cnncalc.SpecError, match=UNSAID[row]):
        network.to_keras_source()
    assert "class Stub(layers.Layer):" in network.to_keras_source(partial=True)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("conv 4 3 pad=1", ["x = layers.Conv2D(4, 3, padding=\"same\")(inputs)"]),
        ("conv 4 3 stride=2 pad=1", ["x = layers.ZeroPadding2D(1)(inputs)", "x = layers.Conv2D(4, 3, strides=2)(x)"]),
        ("conv 4 3 stride=2 pad=same", ["x = layers.Conv2D(4, 3, strides=2, padding=\"same\")(inputs)"]),
        ("dwconv 3 stride=2x1", ["x = layers.Conv2D(8, 3, strides=(2, 1), groups=8)(inputs)"]),
        ("maxpool 3 stride=2 ceil=yes",
         ['x = ops.pad(inputs, ((0, 0), (0, 1), (0, 1), (0, 0)), constant_values=float("-inf"))',
          "x = layers.MaxPooling2D(3, strides=2)(x)"]),
        ("relu | maxpool 3 stride=2 pad=1",
         ["x = layers.ReLU()(inputs)", "x = layers.ZeroPadding2D(1)(x)", "x = layers.MaxPooling2D(3, strides=2)(x)"]),
        ("flatten", ["# channels last: the values come in another order than channels first",
                     "x = layers.Flatten()(inputs)"]),
        ("gmaxpool | dropout | flatten | fc 4",
         ["x = layers.GlobalMaxPooling2D()(inputs)", "x = layers.Dropout(0.5)(x)", "x = layers.Dense(4)(x)"]),
    ],
)  # fmt: skip
def test_idioms(line: str, wanted: list[str]) -> None:
    found = lines(f"input 8x10x10\n{line}\n")
    assert found[1:-1] == wanted


def test_shared_weights_are_one_layer() -> None:
    assert lines(ALL["8x4x5 | c = conv 8 3 pad=1; relu; conv 8 3 pad=1 share=@c"])[1:-1] == [
        'c_layer = layers.Conv2D(8, 3, padding="same")', "x = c_layer(inputs)", "x = layers.ReLU()(x)",
        "x = c_layer(x)",
    ]  # fmt: skip


def test_all_results_of_a_layer_are_made_where_one_is_read() -> None:
    text = cnncalc.loads("input 4@8\na, b = split 1,3\n@b | conv 1 1\n").to_keras_source()
    assert "_, b = ops.split(inputs, [1], axis=-1)" in text


def test_what_nothing_reads_is_left_out() -> None:
    from cnncalc.convert.out.formats import FORMATS, WriteOptions

    network = cnncalc.loads("input 3x8x8\na = conv 4 3\nb = @input | conv 5 3\noutput @b\n")
    written = FORMATS["keras"].write(network, WriteOptions())
    assert "Conv2D(4" not in str(written.data)
    assert [one.message for one in written.diagnostics] == [
        "a model of Keras has only what its outputs hang on: left out are 'a'"
    ]


HOSTILE = '''x"""
import os; os.system("ls")
"""'''


@pytest.mark.parametrize("name", [HOSTILE, "1", "класс", "class", "layers", "\\", "a" * 500, "", "x\x00y", "'; 1/0 #"])
def test_hostile_names(name: str) -> None:
    network = cnncalc.loads("model M\ninput 3x8x8\nlambda = conv 4 3\nops = relu\nx = conv 3 1\nadd @lambda @ops\n")
    source = network.to_keras_source(name=name)
    tree = ast.parse(source)
    assert [type(node).__name__ for node in tree.body] == ["Expr", "Import", "ImportFrom", "FunctionDef", "If"]
    assert max(map(len, source.split("\n"))) <= 88


def test_names_of_python() -> None:
    names = Identifiers({"x"})
    found = [names.unique(text, "conv") for text in ("x", "a/b", "a b", "für", "3d", "for", "match", "__", "é")]
    assert found == ["x_2", "a_b", "a_b_2", "f_r", "_3d", "for_", "match_", "conv", "conv_2"]
    assert identifier("a" * 100) == "a" * 28


def test_long_lines_are_broken_as_ruff_does() -> None:
    call = 'layers.Conv2D(2048, (3, 3), strides=2, padding="same, (", dilation_rate=2)'
    assert laid_out(f"first_tensor = {call}(relu32)", 4) == [
        "    first_tensor = layers.Conv2D(", '        2048, (3, 3), strides=2, padding="same, (", dilation_rate=2',
        "    )(relu32)",
    ]  # fmt: skip
    parts = ", ".join(f"inception_branch_{number}" for number in range(5))
    assert laid_out(f"x = layers.Concatenate()([{parts}])", 4) == [
        "    x = layers.Concatenate()(", "        [", *(f"            inception_branch_{number}," for number in range(5)),
        "        ]", "    )",
    ]  # fmt: skip


@pytest.mark.skipif(shutil.which("ruff") is None, reason="there is no ruff")
def test_ruff_has_nothing_to_say(tmp_path: Path) -> None:
    """Neither its linter nor its formatter, of every example and every kind."""
    for number, text in enumerate([*SAID.values(), *ALL.values()]):
        source = cnncalc.loads(text).to_keras_source(partial=True)
        (tmp_path / f"kind_{number}.py").write_text(source, "utf-8")
    for path in EXAMPLES:
        (tmp_path / f"{path.stem.replace('-', '_')}.py").write_text(cnncalc.load(path).to_keras_source(), "utf-8")
    for words in (["check", "--no-cache"], ["format", "--diff", "--no-cache"]):
        found = subprocess.run(["ruff", *words, "--isolated", str(tmp_path)], capture_output=True, encoding="utf-8",
                               timeout=120, check=False)  # fmt: skip
        assert found.returncode == 0, found.stdout[-3000:]


def test_helpers_are_said_to_be_reserved() -> None:
    for name, text in HELPERS.items():
        tree = ast.parse(text)
        assert [node.name for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)] == [name]


BLOCKS = """\
block unit(width):
    add:
        -
            conv width 1 bias=no | bn | relu
            conv 4*width 3 pad=1 bias=no | bn
        -
    relu

input 3x32x32
conv 64 3 pad=1
stage one:
    repeat 3:
        unit 16
conv 128 1
stage two:
    unit 32
gavgpool | fc 10
"""


def test_blocks_are_functions() -> None:
    source = cnncalc.loads(BLOCKS).to_keras_source()
    assert "def unit(inputs, filters):\n    x = layers.Conv2D(filters, 1, use_bias=False)(inputs)\n" in source
    assert '    x = layers.Conv2D(4 * filters, 3, padding="same", use_bias=False)(x)\n' in source
    assert "    x = layers.Add()([x, inputs])\n    return layers.ReLU()(x)\n" in source
    assert "    # one\n    for _ in range(3):\n        x = unit(x, 16)\n" in source
    assert "    # two\n    x = unit(x, 32)\n" in source


def test_parts_that_share_weights_are_no_functions() -> None:
    text = "block b:\n    conv 8 3 pad=1 | relu | conv 8 3 pad=1\n\ninput 8x9x9\na = b\nrelu\nb share=@a\n"
    source = cnncalc.loads(text).to_keras_source()
    assert source.count("def ") == 1
    assert source.count("_layer(") == 4


@pytest.mark.parametrize(("name", "most"), [("resnet50", 85), ("mobilenet_v2", 95), ("googlenet", 110), ("unet", 70)])
def test_lengths(name: str, most: int) -> None:
    assert cnncalc.load(f"@{name}").to_keras_source().count("\n") <= most


@pytest.mark.parametrize(
    ("text", "last"),
    [("input 3x8x8\n", "return keras.Model(inputs, inputs, name=\"model\")"),
     ("a = input 3x8x8\nb = input 4\n", "return keras.Model([a, b], b, name=\"model\")")],
)  # fmt: skip
def test_what_enters_leaves_where_no_layer_runs(text, last):
    """The output is that of the last line; PyTorch's code returns the same."""
    assert last in cnncalc.loads(text).to_keras_source()
    assert f"return {'b' if 'b =' in text else 'x'}" in cnncalc.loads(text).to_torch_source()
