"""Speed without a clock: how often rules are asked, and how many calls a layer costs. A slip shows on any machine."""

import sys
from collections import Counter
from pathlib import Path

import pytest

import cnncalc
from cnncalc.diagnostics import Source
from cnncalc.document.columns import Selection, choose
from cnncalc.features.shapes.facts import Listing
from cnncalc.features.shapes.page import document
from cnncalc.interpret import build, read_source
from cnncalc.interpret.reading.examples import example_names
from cnncalc.layers import KINDS, Layer
from cnncalc.measure import analyze
from cnncalc.render import json, render
from cnncalc.render.text import Screen

PACKAGE = str(Path(cnncalc.__file__).parent)
FIVE = ["conv 16 3 pad=1", "bn", "relu", "conv 32 1", "conv 16 5 pad=2"]
BLOCK = "block b:\n    conv 16 3 pad=1 | bn | relu\n    conv 16 1\n"
VIEW = Selection(choose(None))


def five(layers):
    return "input 3x64x64\n" + "".join(f"{FIVE[number % 5]}\n" for number in range(layers))


def distinct(layers):
    return "input 3x64x64\n" + "".join(f"conv {number + 1} 3 pad=1\n" for number in range(layers))


def rounds(layers):
    return f"input 3x64x64\n{BLOCK}repeat {layers // 4}:\n    b\n"


def plainly(analysis):
    for _ in render(document(Listing(analysis, VIEW)), "plain", Screen()):
        pass


def as_csv(analysis):
    for _ in render(document(Listing(analysis, VIEW)), "csv", Screen()):
        pass


def as_json(analysis):
    for _ in json.stream(analysis.document()):
        pass


@pytest.fixture(autouse=True)
def nothing_is_known():
    """Whatever other tests of this process have read: what is remembered from one network to the next is forgotten."""
    for module in [module for name, module in sys.modules.items() if name.startswith("cnncalc.")]:
        for remembered in [value for value in vars(module).values() if hasattr(value, "cache_clear")]:
            remembered.cache_clear()


def called(text, report=plainly):
    """The calls of cnncalc's own functions, by file, from the text to the last line of the report."""
    found = Counter()

    def watch(frame, event, argument):
        if event == "call" and frame.f_code.co_filename.startswith(PACKAGE):
            found[frame.f_code.co_filename] += 1

    source = Source("model.txt", text)
    sys.setprofile(watch)
    try:
        report(analyze(build(source)))
    finally:
        sys.setprofile(None)
    return found


def calls(text, report):
    return called(text, report).total()


@pytest.mark.parametrize(
    ("chain", "report", "most"),
    [
        (five, plainly, 92.5),
        (five, as_csv, 58.5),
        (distinct, plainly, 192),
        (rounds, plainly, 58),
        (five, as_json, 106.5),
    ],
    ids=lambda one: getattr(one, "__name__", str(one)),
)
def test_a_layer_more_costs_so_many_calls(chain, report, most):
    calls(chain(100), report)  # what is looked up once, is
    counts = [calls(chain(layers), report) for layers in (1000, 2000, 3000)]
    first, second = counts[1] - counts[0], counts[2] - counts[1]
    assert first <= most * 1000, f"{first / 1000:.1f} calls a layer"
    assert abs(second - first) <= 0.02 * first + 50, f"not linear: {counts}"


def test_one_more_line_takes_so_many_calls_through_so_many_files():
    """From text to row; half of the 507 that it was when this was first counted is 253."""
    start = "input 3x229x229\nconv 32 3 pad=1\n"
    called(start)  # what is looked up once, is
    before, after = called(start), called(f"{start}conv 67 13 stride=7 pad=11\n")
    more = after - before
    assert more.total() <= 242, more
    assert len(more) <= 34, sorted(more)


@pytest.mark.parametrize("name", example_names())
def test_a_rule_is_asked_once_for_a_layer_and_its_inputs(name, monkeypatch):
    asked = Counter()
    rule = Layer.result

    def result(self, inputs):
        asked[self.likeness(), inputs] += 1
        return rule(self, inputs)

    for cls in {Layer, *KINDS.values()}:
        if "result" in vars(cls):
            monkeypatch.setattr(cls, "result", result)
    source, folder = read_source(f"@{name}")
    network = build(source, folder=folder)
    assert max(asked.values(), default=1) == 1
    known = {(node.layer.likeness(), tuple(network.nodes[index].output for index in node.inputs))
             for node in network.layers if node.layer is not None}  # fmt: skip
    assert set(asked) == known


def test_equal_lines_are_read_once(monkeypatch):
    from cnncalc.spec import rows

    read = Counter()
    read_content = rows.read_content

    def reading(text):
        read[text] += 1
        return read_content(text)

    monkeypatch.setattr(rows, "read_content", reading)
    build(Source("model.txt", five(1000)))
    assert read == Counter(set(five(1000).splitlines()))
