"""Charts: round marks in one unit, columns as high as their values, text inside the picture, what is said of them."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnncalc
from cnncalc.measure.footprint import Footprint
from cnncalc.picture import fonts
from cnncalc.picture.chart import WIDTH, Chart, Panel, axis, drawn, plotted
from cnncalc.picture.curves import costs, fields, memory
from helpers import network

EXAMPLES = sorted(Path(cnncalc.__file__).parents[1].glob("examples/*.txt"))
SIZES = {"c-title": 13, "c-heading": 16}


@given(st.integers(0, 10**18), st.sampled_from(["MACs", "bytes", "pixels"]))
def test_marks_are_round_and_reach_the_most(most: int, unit: str) -> None:
    found = axis(most, unit)
    values = [value for value, _ in found.marks]
    assert values[0] == 0 and values[-1] == found.top >= most
    assert 2 <= len(values) <= 8
    assert len({second - first for first, second in pairwise(values)}) == 1
    assert all(re.fullmatch(r"[\d,.]+", text) for _, text in found.marks)
    assert len({text for _, text in found.marks}) == len(values)


@pytest.mark.parametrize(
    ("most", "unit", "named", "texts"),
    [(118_013_952, "MACs", "MACs, in millions", ["0", "50", "100", "150"]),
     (9_633_792, "bytes", "MiB", ["0", "2", "4", "6", "8", "10"]),
     (7, "parameters", "parameters", ["0", "2", "4", "6", "8"]),
     (Fraction(5, 2), "pixels", "pixels", ["0", "1", "2", "3"]),
     (0, "MACs", "MACs", ["0", "1"])],
)  # fmt: skip
def test_axes(most: int, unit: str, named: str, texts: list[str]) -> None:
    found = axis(most, unit)
    assert (found.unit, [text for _, text in found.marks]) == (named, texts)


def test_columns_are_as_high_as_their_values() -> None:
    panel = Panel(Chart("T", "S.", "MACs", [0, 50, 100, 100], list("abcd")))
    path = next(line for line in panel.render() if "c-area" in line)
    tops = [float(one) for one in re.findall(r"V([\d.]+)", path)]
    zero, half, top = panel.y(0), panel.y(50), panel.y(100)
    assert tops == [pytest.approx(one, abs=0.06) for one in (zero, half, top, zero)]


def test_of_many_a_column_is_the_most() -> None:
    values = [1] * 5000
    values[4321] = 9
    panel = Panel(Chart("T", "S.", "bytes", values, ["x"] * 5000, 4321, "x: 9"))
    text = "\n".join(panel.render())
    assert f"V{panel.y(9):.1f}".removesuffix(".0") in text
    assert "5,000 layers, in their order, the most of some 7 in each column" in text
    assert len(text) < 10_000


def charts(one: cnncalc.Network) -> list[Chart]:
    analysis = cnncalc.analyze(one)
    found = [*costs(analysis), memory(Footprint(analysis)), fields(analysis)]
    return [chart for chart in found if chart is not None]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_text_stands_inside(path: Path) -> None:
    found = charts(cnncalc.load(path))
    root = ElementTree.fromstring(plotted(found, "A title"))
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        kind = text.get("class", "")
        wide = fonts.width(text.text or "", SIZES.get(kind, 10.5), kind in ("c-title", "c-note", "c-heading"))
        x, anchor = float(text.get("x", "0")), text.get("text-anchor", "start")
        left = x - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
        assert left >= 0 and left + wide <= WIDTH, text.text
        assert 0 < float(text.get("y", "0")) < float(root.get("height", "0"))


def test_what_there_is_to_see() -> None:
    macs, params, live, seen = charts(cnncalc.load("@alexnet"))
    assert macs.sentence == ("conv2 has most: 224 M MACs, 31.4 % of all. "
                             "Half of all MACs are in the first 7 of 22 layers.")  # fmt: skip
    assert params.sentence.startswith("fc1 has most: 37.8 M parameters, 61.8 % of all.")
    assert live.sentence.startswith("At most 1.48 MiB of activations live at once, while relu1 runs: ")
    assert seen.sentence == ("From flatten1 on a value in the middle sees all of the input; "
                             "at the end the field is 355 pixels, the input 224.")  # fmt: skip


def test_where_nothing_is_known_there_is_no_chart() -> None:
    assert charts(network("input 20\nrelu")) != []
    broken = cnncalc.analyze(network("input 3x8x8\nconv 4 3 groups=2\n"))
    assert costs(broken) == [] and memory(Footprint(broken)) is None and fields(broken) is None


def test_same_bytes_and_ids_of_their_own() -> None:
    found = charts(cnncalc.load("@lenet5"))
    assert plotted(found, "LeNet-5") == plotted(found, "LeNet-5")
    assert 'id="two"' in drawn(found, "two") and 'aria-labelledby="two-title"' in drawn(found, "two")
