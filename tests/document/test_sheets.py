"""How a value reads, for people and for programs."""

from fractions import Fraction

import pytest

from cnncalc.document.sheets import COUNT, NAME, NUMBER, PLACE, SHAPE, STATUS, TEXT, Column, Row, exactly, texts


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("", ""),
        (True, "yes"),
        (False, ""),
        (0, "0"),
        (10**30, "1" + "0" * 30),
        ((64, 8, 8), "64x8x8"),
        ((Fraction(3, 2), Fraction(4, 1), None), "1.5x4x"),
        (Fraction(8, 4), "2"),
        (Fraction(1, 3), repr(1 / 3)),
        (Fraction(10**400, 3), ""),
        ("a×b", "a×b"),
    ],
)
def test_exactly(value, text):
    assert exactly(value) == text


@pytest.mark.parametrize("sort", [NAME, TEXT, PLACE, SHAPE, NUMBER, COUNT, STATUS])
def test_sorts_of_columns(sort):
    column = Column("a", "A", sort)
    assert column.right == (sort in (PLACE, NUMBER, COUNT))
    assert column.elastic == (sort in (NAME, TEXT))
    assert column.dotted(0) == ("·" if sort == COUNT else "0")
    assert column.dotted(False) == "False"
    assert column.dotted(None) == column.shown(None) == "?"
    assert column.dotted("") == column.shown("") == ""
    assert column.dotted(5) == "5"
    assert column.value(object(), "chw") == ""


def test_a_value_is_shown_as_its_column_does():
    assert Column("a", "a", show=lambda number: f"<{number}>").shown(3) == "<3>"


def test_a_sheet_of_values():
    sheet = texts([Column("a", "a")], [[1], (2,)], headed=False)
    assert list(sheet.rows) == [Row((1,)), Row((2,))]
    assert not sheet.headed
