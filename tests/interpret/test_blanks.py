"""Blanks, ``-> ____``: accepted everywhere, remembered once a line; and who is told of the shapes of a run."""

import pytest

from cnncalc.interpret.specification import specification
from helpers import clean, fault, network, used


def places(built):
    return [(one.source.name, one.line, one.column, one.end_column) for one in specification(built).blanks]


@pytest.mark.parametrize("blank", ["__", "____", "_" * 40])
def test_a_blank_is_two_underscores_or_more(blank):
    built = clean(f"input 3x8x8\nconv 4 3 -> {blank}\nrelu | maxpool 2->{blank}\n-> {blank}  # later\n")
    width = len(blank)
    assert places(built) == [
        ("model.txt", 2, 10, 13 + width),
        ("model.txt", 3, 17, 19 + width),
        ("model.txt", 4, 1, 4 + width),
    ]


@pytest.mark.parametrize("word", ["_", "_x_", "__ __", "____1", "3x__x__"])
def test_anything_else_is_none(word):
    assert fault(f"input 3x8x8\nconv 4 3 -> {word}\n").code in ("shape-value", "syntax", "number")


def test_a_variable_of_that_name_makes_no_answer():
    assert len(specification(clean("input 3x8x8\nlet __ = 4\nconv __ 3 -> __\n")).blanks) == 1


def test_a_blank_that_runs_often_counts_once():
    built = clean(
        "input 3x8x8\nblock b(n):\n    repeat n:\n        conv 3 3 pad=1 -> ____\n    relu -> ____\nb 3\nb 2\n-> ____\n"
    )
    assert [line for _, line, _, _ in places(built)] == [4, 5, 8]


def test_a_blank_that_never_runs_does_not_count():
    assert (
        specification(clean("input 3x8x8\nif C == 4:\n    relu -> ____\nblock b:\n    relu -> ____\nconv 1 1\n")).blanks
        == []
    )


def test_a_hundred_thousand_rounds_of_a_blank_are_no_steps_too_many():
    assert len(specification(clean("input 3x8x8\nrepeat 100000:\n    relu -> ____\n")).blanks) == 1


def test_a_blank_in_a_used_file_has_that_files_name(tmp_path):
    used(tmp_path, "blocks.txt", "block b:\n    conv 4 3 -> ____\n")
    built = network("use blocks.txt\ninput 3x8x8\nb\n", folder=tmp_path)
    assert places(built) == [("blocks.txt", 2, 14, 21)]


def test_the_observer_is_told_of_every_run():
    seen = []
    network(
        "input 3x8x8\nrepeat 2:\n    conv 4 3 pad=1 | maxpool 2\nadd:\n    - relu\n    - identity\n@input | relu\n-> 3x?x?\n",
        observer=lambda source, stmt, shape: seen.append((source.name, stmt.line, shape)),
    )
    assert seen == [
        ("model.txt", 3, (4, 4, 4)),
        ("model.txt", 3, (4, 2, 2)),
        ("model.txt", 5, (4, 2, 2)),
        ("model.txt", 6, (4, 2, 2)),
        ("model.txt", 7, (3, 8, 8)),
        ("model.txt", 8, (3, 8, 8)),
    ]
