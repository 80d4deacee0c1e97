"""Speed without a clock: how often rules are asked, and how many calls a layer costs. A slip shows on any machine."""

import sys
from collections import Counter

import pytest

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


def calls(text, report):
    """The calls of Python functions from the text to the last line of the report."""
    counted = Counter()

    def watch(frame, event, argument):
        if event == "call":
            counted["calls"] += 1

    source = Source("model.txt", text)
    sys.setprofile(watch)
    try:
        report(analyze(build(source)))
    finally:
        sys.setprofile(None)
    return counted["calls"]


@pytest.mark.parametrize(
    ("chain", "report", "most"),
    [
        (five, plainly, 103.5),
        (five, as_csv, 65.5),
        (distinct, plainly, 228.5),
        (rounds, plainly, 70),
        (five, as_json, 152),
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
    """From text to row, of cnncalc's own functions. No other test has these numbers: nothing of it is known already."""

    def called(text):
        found = Counter()

        def watch(frame, event, argument):
            if event == "call" and "cnncalc" in frame.f_code.co_filename:
                found[frame.f_code.co_filename] += 1

        sys.setprofile(watch)
        try:
            plainly(analyze(build(Source("model.txt", text))))
        finally:
            sys.setprofile(None)
        return found

    start = "input 3x229x229\nconv 32 3 pad=1\n"
    called(start)  # what is looked up once, is
    before, after = called(start), called(f"{start}conv 67 13 stride=7 pad=11\n")
    more = after - before
    assert more.total() <= 268, more  # 507 when this was first counted, 251 before rounds, frozen weights and unknowns
    assert len(more) <= 37, sorted(more)


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
