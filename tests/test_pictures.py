"""The pictures of the documents are what the commands that made them draw today."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from cnncalc.cli import main
from readme import ROOT

PICTURES = ROOT / "docs" / "pictures"


def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_pictures", PICTURES / "make.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MAKER = maker()


@pytest.mark.parametrize("name", MAKER.COMMANDS)
def test_drawn_again_it_is_the_same(name: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, MAKER.words(name, tmp_path / name))
    assert result.exit_code == 0, result.output
    assert (tmp_path / name).read_bytes() == (PICTURES / name).read_bytes(), (
        "python docs/pictures/make.py, and look at it"
    )


def test_every_picture_is_made_and_shown() -> None:
    assert {path.name for path in PICTURES.glob("*.svg")} == MAKER.COMMANDS.keys()
    text = "".join((ROOT / name).read_text("utf-8") for name in ("README.md", "examples/README.md"))
    assert [name for name in MAKER.COMMANDS if f"docs/pictures/{name})" not in text] == []
