"""`cnncalc compare --count`: other tools' counts beside the rest."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from cnncalc.cli import main

pytestmark = pytest.mark.usefixtures("folder")


def run(*words: str) -> str:
    result = CliRunner().invoke(main, ["compare", *words], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_a_row_a_convention() -> None:
    (row,) = (
        line.split() for line in run("@lenet5", "@resnet18", "--count", "fvcore").splitlines() if "fvcore" in line
    )
    assert row == ["fvcore-0.1.5", "(MACs)", "416,520", "*", "1,819,065,856", "4,367×"]


def test_sheets_documents_and_lone_models_have_them_too() -> None:
    head, *rows = run("@lenet5", "@resnet18", "--count", "fvcore", "--format", "csv").splitlines()
    assert head.endswith(",fvcore-0.1.5")
    assert rows[1].endswith(",1819065856")
    model = json.loads(run("@resnet18", "--count", "fvcore", "--format", "json"))["models"][0]
    assert model["totals"]["counts"] == {"fvcore-0.1.5": 1819065856}
    assert "fvcore-0.1.5: 416,520 MACs" in run("@lenet5", "--count", "fvcore")


def test_strict_does_not_let_what_is_not_counted_pass() -> None:
    result = CliRunner().invoke(main, ["compare", "@lenet5", "--count", "fvcore", "--strict"])
    assert result.exit_code == 1
    assert "not counted by fvcore-0.1.5: tanh (4 layers)" in result.stderr
