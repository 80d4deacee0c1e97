"""Text of other tools is answered in one sentence; a spec with a slip never is."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from cnncalc.diagnostics import Source
from cnncalc.interpret import build
from cnncalc.interpret.reading.examples import example_names, example_path
from cnncalc.spec.other_text import recognized
from hang import hang_guard

#: As the tools print them, or people keep them: (what the message says, the line that it shows, text).
TEXTS = [
    ("PyTorch model", 1, """Net(
  (conv1): Conv2d(3, 6, kernel_size=(5, 5), stride=(1, 1))
  (features): Sequential(
    (0): Conv2d(3, 6, kernel_size=(5, 5), stride=(1, 1))
    (1): ReLU()
  )
)
"""),
    ("PyTorch model", 1, "Sequential(\n  (0): Linear(in_features=784, out_features=10, bias=True)\n)\n"),
    ("PyTorch model", 1, "print(model)\nNet(\n  (fc): Linear(in_features=784, out_features=10)\n)\n"),
    ("PyTorch model", 1, ">>> print(net)\n\nNet(\n  (fc): Linear(in_features=784, out_features=10)\n)\n"),
    ("PyTorch model", 1, "In [3]: model\nOut[3]:\nNet(\n  (fc): Linear(in_features=784, out_features=10)\n)\n"),
    ("summary", 1, """Model: "sequential"
_________________________________________________________________
 Layer (type)                Output Shape              Param #
=================================================================
 conv2d (Conv2D)             (None, 26, 26, 32)        320
"""),
    ("summary", 1, """Model: "functional"
┏━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━┓
┃ Layer (type)         ┃ Output Shape      ┃     Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━┩
│ input_layer          │ (None, 28, 28, 1) │           0 │
"""),
    ("summary", 2, """----------------------------------------------------------------
        Layer (type)               Output Shape         Param #
================================================================
            Conv2d-1            [-1, 6, 28, 28]             156
"""),
    ("summary", 2, """==========================================================================================
Layer (type:depth-idx)                   Output Shape              Param #
==========================================================================================
Sequential                               [1, 6, 4, 4]              --
"""),
    ("summary", 1, "Total params: 1000\n"),
    ("summary", 2, "====\nTrainable params: 61,706\nNon-trainable params: 0\n"),
    ("Python source", 1, "import torch.nn as nn\n\nclass Net(nn.Module):\n    def __init__(self):\n        pass\n"),
    ("Python source", 1, "from tensorflow import keras\nmodel = keras.Sequential()\n"),
    ("Python source", 1, "model = nn.Sequential(\n    nn.Conv2d(3, 6, 5),\n    nn.ReLU(),\n)\n"),
    ("Python source", 1, "nn.Sequential(\n    nn.Conv2d(3, 6, 5),\n)\n"),
    ("Python source", 2, "# Keras\nmodel.add(Conv2D(32, (3, 3)))\nmodel.add(Flatten())\n"),
    ("error message", 1, 'Traceback (most recent call last):\n  File "a.py", line 3, in <module>\n'),
    ("error message", 1, "RuntimeError: mat1 and mat2 shapes cannot be multiplied (64x256 and 400x120)\n"),
    ("JSON", 1, '{"class_name": "Sequential", "config": {"name": "sequential"}}\n'),
    ("JSON", 1, '{\n "cells": [\n  {\n   "cell_type": "markdown"}]}\n'),
    ("JSON", 1, "[[1, 2], [3]]\n"),
    ("YAML", 2, "# YOLOv5\nnc: 80\ndepth_multiple: 0.33\nbackbone:\n  - [-1, 1, Conv, [64, 6, 2, 2]]\n"),
    ("Darknet", 1, "[net]\nwidth=416\n\n[convolutional]\nfilters=32\n"),
    ("prototxt", 2, 'name: "LeNet"\nlayer {\n  name: "data"\n  type: "Input"\n}\n'),
    ("TorchScript", 1, "graph(%self : __torch__.Net,\n      %x : Float(1, 3)):\n  return (%x)\n"),
    ("XML or HTML", 1, "<!DOCTYPE html>\n<html>\n<body>model</body></html>\n"),
    ("XML or HTML", 1, '<?xml version="1.0"?>\n<net name="resnet" version="11">\n'),
    ("TOML", 1, "[tool.cnncalc]\nmax-params = 100\n"),
    ("patch", 1, "diff --git a/x.txt b/x.txt\n--- a/x.txt\n+++ b/x.txt\n@@ -1,2 +1,2 @@\n-conv 6 5\n+conv 8 5\n"),
    ("Git LFS", 1, "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"),
    ("unfinished merge", 2, "input 3x8x8\n<<<<<<< HEAD\nconv 6 5\n=======\nconv 8 5\n>>>>>>> main\n"),
    ("Markdown", 1, "# My network\n\nThis is a small network that I made for a course.\n\n- it has layers\n"),
    ("Markdown", 4, "Usage\n-----\n\n```\ninput 3x8x8\n```\n"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "line", "text"), TEXTS)
def test_one_sentence(name: str, line: int, text: str) -> None:
    (fault,) = build(Source("file", text)).diagnostics
    assert fault.code == "not-a-spec" and name in fault.message and fault.help
    assert fault.span is not None and fault.span.line == line
    assert fault.span.source.line(line)[fault.span.column - 1] != " "


def test_what_cnncalc_prints(run):
    """A table, a CSV and a Markdown table that were kept in a file, and read again."""
    for form in ("plain", "csv", "markdown"):
        text = run("shapes", "@lenet5", "--format", form).stdout
        (fault,) = build(Source("kept.txt", text)).diagnostics
        assert "a table that cnncalc printed" in fault.message, form


@pytest.mark.parametrize("command", ["shapes", "check", "fmt", "explain", "memory", "compare", "annotate"])
def test_every_command_says_it(run, command, tmp_path):
    file = tmp_path / "net.txt"
    file.write_text("import torch\nclass Net(torch.nn.Module):\n    def forward(self, x):\n        return x\n")
    result = run(command, str(file))
    assert result.exit_code == 2
    assert (result.stdout + result.stderr).count("error:") == 1
    assert "this is Python source, not a spec" in result.stdout + result.stderr


MARKDOWN = (
    "# A network\n\nIt is read like this:\n\n```python net.py\nimport torch.nn as nn\nclass Net(nn.Module):\n    pass\n```\n\n"
    "```text\ninput 3x8x8\nconv 4 3    -> ____\nrequire params <= 30k\nrequire macs == ____\n```\n"
)


@pytest.mark.parametrize("name", ["README.md", "kept.txt", "notes"])
def test_markdown_with_code_and_specs_in_it_asks_nothing(run, name, tmp_path):
    """It is no Python for the code in its blocks, and the requirements and blanks in them are not answered."""
    file = tmp_path / name
    file.write_text(MARKDOWN)
    result = run("check", str(file))
    assert result.exit_code == 2
    said = result.stdout + result.stderr
    assert "this is Markdown, not a spec" in said
    assert said.count("error:") + said.count("note:") == 1
    assert "answered" not in said


def test_a_sound_spec_is_never_looked_at() -> None:
    text = "# import torch\nmodel import torch\ninput 3x8x8   # ```\nconv 6 5\n# [net]\n"
    assert build(Source("spec", text)).diagnostics == ()


@pytest.mark.parametrize("name", example_names())
def test_a_spec_with_slips_is_a_spec(name: str) -> None:
    """Whatever word is missing, doubled or misspelt in an example, the fault is told, not the file refused."""
    path = example_path(name)
    assert path is not None
    text, chance = Path(path).read_text(encoding="utf-8"), random.Random(name)
    for _ in range(20):
        words = text.split(" ")
        at = chance.randrange(len(words))
        words[at : at + 1] = chance.choice([[], [words[at]] * 2, [words[at][1:] + words[at][:1]], ["("], ["-", "a:"]])
        assert recognized(Source(name, " ".join(words))) is None


@pytest.mark.parametrize("piece", ["\n", " \n", ">>> x\n", "# a\n", "Net(\n", "print(\n", "a: b\n", "│", " "])
def test_texts_are_known_in_linear_time(piece: str) -> None:
    with hang_guard():  # the square of it takes an hour
        recognized(Source("file", piece * 400_000))
