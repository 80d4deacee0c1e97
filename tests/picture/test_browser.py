"""Pictures as a browser lays them out: no box on another, no text outside its box or hard to read, every name there."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random

import pytest

import cnncalc
from chromium import CHROMIUM, faults
from cnncalc.interpret.specification import specification
from cnncalc.picture.picture import Picture, PictureOptions
from cnncalc.picture.scope import BOX, MERGE
from cnncalc.picture.svg import drawn
from cnncalc.picture.volumes import Volumes
from fuzz import generator
from helpers import network

EXAMPLES = sorted(Path(cnncalc.__file__).parents[1].glob("examples/*.txt"))
#: Networks that are made up.
GENERATED = 200
#: A window has 500 pixels at least, a page may have less.
STYLE = "body{margin:0;width:WIDTHpx}svg{display:block;max-width:100%;height:auto}"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium"),
]  # fmt: skip


def networks() -> Iterator[tuple[str, cnncalc.Analysis]]:
    for path in EXAMPLES:
        one = cnncalc.load(path)
        if not specification(one).library:
            yield path.stem.replace("_", "-"), cnncalc.analyze(one)
    random, made = Random(16), 0
    while made < GENERATED:
        one = network(generator.spec(random))
        if 0 < len(list(one.layers)) <= 80:
            made += 1
            yield f"made{made}", cnncalc.analyze(one)


def pictures() -> Iterator[tuple[str, Picture | Volumes, list[str]]]:
    for name, analysis in networks():
        for right in (False, True):
            picture = Picture(analysis, PictureOptions(right=right, color="cost" if right else "kind"))
            shown = [thing.part.label for thing in picture.everything() if thing.part and thing.sort in (BOX, MERGE)]
            yield f"{name}-{'right' if right else 'down'}", picture, [one for one in shown if len(one) < 20]
        if len(analysis.layers) < 200:
            picture = Picture(analysis, PictureOptions(depth=99))
            shown = [thing.part.label for thing in picture.everything() if thing.part and thing.sort in (BOX, MERGE)]
            yield f"{name}-open", picture, [one for one in shown if len(one) < 20]
        if not name.startswith("made"):
            yield f"{name}-volumes", Volumes(analysis, PictureOptions()), []


@cache
def page() -> str:
    shown = [f'<div data-names="{html.escape(json.dumps(names), quote=True)}">{drawn(picture, name)}</div>'
             for name, picture, names in pictures()]  # fmt: skip
    script = Path(__file__).with_name("measured.js").read_text("utf-8")
    return (f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style><body>{"".join(shown)}'
            f'<pre id="faults"></pre><script>{script}</script>')  # fmt: skip


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [400, 1200, 2400])
def test_every_picture(tmp_path: Path, width: int, dark: bool) -> None:
    count, *found = faults(tmp_path, page().replace("WIDTH", str(width), 1), width, dark)
    assert int(count.split()[0]) > 3 * GENERATED and f"page {width}" in count
    assert found == []
