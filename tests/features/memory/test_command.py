"""`cnncalc memory` as a user sees it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from cnncalc.cli import main

pytestmark = pytest.mark.usefixtures("folder")

LENET = """  36.8 KiB ┤    ████
           │    ████
           │    ████
           │▇▇▇▇████████
           │████████████
           │████████████▃▃▃▃▆▆▆▆
           │████████████████████▆▆▆▆
           │████████████████████████▄▄▄▄▂▂▂▂▁▁▁▁▂▂▂▂▂▂▂▂▁▁▁▁
         0 └────────────────────────────────────────────────
                ^ tanh1                                  fc2

at the peak, while 'tanh1' runs, 37,632 bytes live:
  conv1  6×28×28  18,816  (18.4 KiB)  read by tanh1
  tanh1  6×28×28  18,816  (18.4 KiB)  read by avgpool1
"""


def run(*words: str) -> str:
    result = CliRunner().invoke(main, ["memory", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_the_curve_and_what_holds_up_its_peak() -> None:
    text = run("@lenet5")
    assert LENET in text
    assert "memory      284,456   (278 KiB)  at inference: the three above" in text


def test_nothing_is_wider_than_the_terminal() -> None:
    for example in ("@resnet50", "@unet", "@googlenet"):
        assert max(map(len, run(example).splitlines())) <= 80


def test_the_document_for_programs() -> None:
    document = json.loads(run("@lenet5", "--format", "json", "--batch", "2", "--optimizer", "sgd"))
    assert (document["version"], document["command"], document["peak_layer"]) == (1, "memory", "tanh1")
    assert (document["peak"], document["parameters"], document["training"]["optimizer"]) == (75264, 246824, 0)
    assert [layer["name"] for layer in document["layers"]][:2] == ["conv1", "tanh1"]
    assert document["layers"][1]["live"] == document["peak"] == sum(one["bytes"] for one in document["held"])


def test_rows_for_a_sheet_and_a_table_for_a_pull_request() -> None:
    assert run("@lenet5", "--format", "csv").splitlines()[:3] == ["layer,live", "conv1,22912", "tanh1,37632"]
    lines = run("@lenet5", "--format", "markdown").splitlines()
    assert "| peak       |  37,632 | (36.8 KiB) of activations                        |" in lines
    assert "| conv1             | 6×28×28 | 18,816 |" in lines


def test_a_file_that_is_not_there_is_no_bug() -> None:
    result = CliRunner().invoke(main, ["memory", "no-such-file.txt"])
    assert result.exit_code == 2
    assert result.stderr == "error: no-such-file.txt: no such file\n"
