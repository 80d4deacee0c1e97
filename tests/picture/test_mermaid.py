"""Mermaid itself takes what is written for it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import cnncalc
from chromium import NODE
from cnncalc.interpret.specification import specification
from cnncalc.picture import mermaid
from cnncalc.picture.picture import Picture, PictureOptions
from cnncalc.render.text import Screen

EXAMPLES = sorted(Path(cnncalc.__file__).parents[1].glob("examples/*.txt"))


def flowchart(path: Path, depth: int | None) -> str:
    picture = Picture(cnncalc.analyze(cnncalc.load(path)), PictureOptions(depth=depth))
    return mermaid.render(picture, "mermaid", Screen())


@pytest.mark.parametrize("depth", [None, 9])
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_no_more_edges_than_github_draws(path: Path, depth: int | None) -> None:
    text = flowchart(path, depth)
    assert text.count(" --> ") <= mermaid.MOST_EDGES
    assert "%% folded" not in text or depth == 9 or path.stem == "wavenet"


@pytest.mark.slow
@pytest.mark.skipif(not NODE, reason="CNNCALC_NODE names no folder with mermaid and jsdom")
def test_mermaid_takes_it(tmp_path: Path) -> None:
    count = 0
    for path in EXAMPLES:
        if not specification(cnncalc.load(path)).library:
            (tmp_path / f"{path.stem}.mmd").write_text(flowchart(path, None), "utf-8")
            count += 1
    script = Path(__file__).with_name("mermaid.mjs")
    done = subprocess.run(
        ["node", script, tmp_path, NODE], capture_output=True, timeout=300, encoding="utf-8", check=False
    )
    assert done.stdout.splitlines() == [f"{count} flowcharts"], done.stderr
