"""`op`: an operator that there is no rule for. What is not said of it is unknown, never 0."""

from __future__ import annotations

import json

import pytest

import cnncalc
from cnncalc.measure.conventions import Tally, find
from helpers import clean, fault, network, shapes

IN = "input 3x8x8\na = conv 4 3 pad=1\n"


def totals(text: str) -> tuple[int | None, int | None]:
    found = cnncalc.analyze(network(text)).totals
    return found.params, found.macs


def test_what_is_said_counts() -> None:
    text = f"{IN}op Mine shape=2x8x8 params=10 macs=1000\nconv 1 1"
    assert shapes(text)[-2:] == [(2, 8, 8), (1, 8, 8)]
    assert totals(text) == (112 + 10 + 3, 4 * 27 * 64 + 1000 + 128)


@pytest.mark.parametrize(
    ("said", "params", "macs"),
    [("shape=4x8x8", None, None), ("shape=4x8x8 params=5", 117, None), ("shape=4x8x8 macs=5", None, 6917),
     ("shape=4x8x8 params=0 macs=0", 112, 6912), ("params=0 macs=0", None, None)],
)  # fmt: skip
def test_what_is_not_said_is_unknown_and_so_are_the_totals(said: str, params: int | None, macs: int | None) -> None:
    assert totals(f"{IN}op Mine {said}\nrelu") == (params, macs)


def test_behind_an_unknown_shape_nothing_is_known() -> None:
    built = network(f"{IN}op Mine\nrelu\nconv 8 3")
    assert [node.output for node in built.layers] == [(4, 8, 8), None, None, None]
    assert not [one for one in built.diagnostics if one.severity == "error"]


def test_a_shape_that_is_said_is_known_again() -> None:
    built = network(f"{IN}op Mine\nop Other shape=2x5x5 params=1 macs=2\nconv 3 1")
    assert [node.output for node in built.layers][1:] == [None, (2, 5, 5), (3, 5, 5)]


def test_its_inputs() -> None:
    text = f"{IN}b = op One shape=4x8x8 params=0 macs=0\nop Two @a shape=4x8x8 params=0 macs=0\n"
    built = network(f"{text}op Three @a @b @a shape=1x1x1 params=0 macs=0")
    assert [[built.nodes[index].name for index in node.inputs] for node in built.layers][1:] == [
        ["a"], ["b", "a"], ["a", "b", "a"]]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "name", "printed"),
    [("relu", "relu", "relu"), ("width", "width", "width"), ('"com.microsoft::X"', "com.microsoft::X", '"com.microsoft::X"'),
     ('"a | b # c -> d"', "a | b # c -> d", '"a | b # c -> d"'), ('"plain"', "plain", "plain")],
)  # fmt: skip
def test_its_name_is_never_a_variable_and_in_quotes_anything(written: str, name: str, printed: str) -> None:
    built = clean(f"let width = 4\n{IN}op {written} shape=4x8x8 params=0 macs=0")
    row = cnncalc.analyze(built).layers[-1]
    assert dict(built.nodes[-1].layer.values)["name"] == name
    assert row.operation == f"op {printed} shape=4x8x8 params=0 macs=0"
    again = clean(f"{IN}{row.operation}")
    assert again.nodes[-1].layer.likeness() == built.nodes[-1].layer.likeness()


@pytest.mark.parametrize(
    ("line", "message"),
    [("op", "op needs a name"), ('op ""', "op needs the operator's name"), ("op X shape=3x?", "whole shape"),
     ("op X params=-1", "params is at least 0"), ("op X Y", "'Y' is no tensor"), ("op X @b", "unknown tensor"),
     ("op X size=3", "op has no argument 'size'")],
)  # fmt: skip
def test_wrong_uses(line: str, message: str) -> None:
    assert message in fault(f"{IN}{line}").message


def test_conventions_do_not_guess() -> None:
    moved = cnncalc.analyze(clean(f"{IN}op X shape=4x8x8 params=0 macs=0"))
    assert Tally(moved, find("fvcore")).total == 6912
    done = cnncalc.analyze(clean(f"{IN}op X shape=4x8x8 params=0 macs=9"))
    assert (Tally(done, find("fvcore")).total, Tally(done, find("macs")).total) == (None, 6921)
    json.dumps(done.to_dict())


def test_its_field_is_not_known() -> None:
    analysis = cnncalc.analyze(clean(f"{IN}op X shape=4x8x8 params=0 macs=0\nconv 4 3"))
    assert [row.field for row in analysis.layers] == [(3, 3), None, None]
