"""Fields of several parts: at most so many, within bounds, and what stands still."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cnncalc.measure import analyze
from cnncalc.measure.receptive_field.forward import _bounded
from cnncalc.measure.receptive_field.parts import AxisField, Fields, Part, joined, merged
from helpers import network


def last(text: str) -> Fields | None:
    return analyze(network(text)).fields[-1]


def test_parts_of_one_jump_are_one() -> None:
    one, other = Part(3, 1, -1, -1, 9), Part(2, 1, 4, 4, 12, True)
    assert joined([one, other]) == (Part(7, 1, -1, -1, 12, True),)
    assert joined([other, one]) == joined([one, other])
    assert joined([one, Part(5, 2, -2, -2, 9), Part(9, 0, 0, 0, 9)]) == (
        Part(5, 2, -2, -2, 9), one, Part(9, 0, 0, 0, 9)
    )  # fmt: skip


def test_parts_stand_by_falling_jump() -> None:
    slow, fast, still = Part(3, 1, -1, -1, 9), Part(5, 2, -2, -2, 9), Part(9, 0, 0, 0, 9)
    for parts in ([slow, fast], [fast, slow], [still, slow], [slow, still], [still, fast, slow], [slow, still, fast]):
        assert [part.jump for part in joined(parts)] == sorted((part.jump for part in parts), reverse=True)


def test_of_many_jumps_eight_are_kept() -> None:
    """The smallest moving ones become one part, of the larger jump; what stands still is kept."""
    parts = [Part(2, jump, 0, 0, 20) for jump in range(9)]
    kept = joined(parts)
    assert [part.jump for part in kept] == [8, 7, 6, 5, 4, 3, 2, 0]
    assert len(joined(parts[:8])) == 8


def test_a_field_is_the_hull_of_its_parts() -> None:
    field = AxisField((Part(5, 2, -2, -2, 9, True), Part(3, 1, 4, 4, 12), Part(30, 0, -9, -9, 21)))
    assert (field.size, field.jump, field.start, field.nominal, field.local) == (30, 2, -9, True, 9)
    assert AxisField((Part(3, 1, 4, 4, 12),)).local == 3
    assert AxisField((Part(3, 0, 4, 4, 7),)).local == 0
    assert AxisField((Part(3, 0, 4, 4, 7), Part(5, 0, 1, 1, 9))).local == 0
    assert AxisField((Part(3, 2, 4, 4, 7), Part(5, 1, 1, 1, 9), Part(90, 0, 0, 0, 90))).local == 6
    assert field.whole() == AxisField((Part(30, 0, -9, -9, 21, True),))


def test_what_is_held_does_not_move() -> None:
    assert AxisField((Part(5, 2, -2, -2, 9),)).held() == AxisField((Part(5, 0, -2, -2, 3),))


def test_equal_paths_are_one() -> None:
    axis = AxisField((Part(3, 1, -1, -1, 9),))
    assert merged([(axis, axis), (axis, axis)]) is not None
    wide = AxisField((Part(5, 1, -2, -2, 10),))
    assert merged([(axis, axis), (axis, wide)]) == (axis, wide)
    assert merged([(axis, axis), (wide, wide)]) == (wide, wide)


def test_only_an_axis_of_one_position_is_held() -> None:
    """A row that gates all rows stands still along the height and moves along the width."""
    found = last("input 1x9x9\nmul:\n    - conv 1 3 pad=1\n    - take 4:5 axis=H | conv 1 1x3 pad=0x1")
    assert found is not None
    height, width = found
    assert [(part.jump, part.start, part.size) for part in height.parts] == [(1, -1, 3), (0, 4, 1)]
    assert [(part.jump, part.start, part.size) for part in width.parts] == [(1, -1, 3)]


def test_numbers_beyond_all_images_are_given_up() -> None:
    """2^200 is: 10^60 is below it, 10^70 is not."""
    fields = analyze(network("input 1@5\n" + "conv 1 1 stride=10000000000\n" * 7)).fields
    assert [field is None for field in fields] == [False] * 7 + [True]


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize("sign", [1, -1])
def test_where_numbers_are_given_up(place: int, sign: int) -> None:
    """A size, a stride, a place: whole ones of 200 bits are kept, and no larger ones; so are both terms of a fraction."""
    small = AxisField((Part(1, 1, 0, 0, 5),))
    for number, known in (
        (2**200 - 1, True), (2**200, False), (2**200 + 1, False), (Fraction(2**200 - 1, 2), True), (Fraction(2**200 + 1, 2), False),
        (Fraction(1, 2**200 - 1), True), (Fraction(1, 2**200), False),
    ):  # fmt: skip
        part = Part(*[sign * number if at == place else 1 for at in range(5)])
        for fields in ((AxisField((part,)),), (small, AxisField((small.parts[0], part))), (AxisField((part,)), small)):
            assert _bounded(fields) == (fields if known else None)


def test_fractions_beyond_all_images_are_given_up() -> None:
    pair = "upconv 1 3 stride=1000\ntake 0:4 axis=L\n"
    fields = analyze(network("input 1@4\n" + pair * 21)).fields
    assert [field is None for field in fields] == [False] * 41 + [True] * 2
