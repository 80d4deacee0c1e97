"""Where a window is no longer exact, and says so; and what asks for the same twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.layers.reach import MOST_RUNS, Runs, joined_runs
from cnncalc.measure.receptive_field import window as window_module
from cnncalc.measure.receptive_field.window import InputWindow, _inside, window
from helpers import network

POSITIONS = st.sets(st.integers(0, 12), min_size=1)


def runs(positions: set[int]) -> Runs:
    return joined_runs((place, place) for place in positions)


@given(boxes=st.lists(st.tuples(POSITIONS, POSITIONS), min_size=2, max_size=2))
def test_a_box_is_inside_another_where_all_its_positions_are(boxes: list[tuple[set[int], set[int]]]) -> None:
    one, other = boxes
    inside = all(mine <= theirs for mine, theirs in zip(one, other, strict=True))
    assert _inside(tuple(map(runs, one)), tuple(map(runs, other))) is inside
    assert _inside(tuple(map(runs, one)), tuple(map(runs, one))) is True


def seen(text: str, *at: int) -> InputWindow:
    built = network(text)
    return window(built, built.nodes[-1], at)


def test_many_boxes_become_one() -> None:
    """Paths shifted along both axes at once: up to 24 boxes are kept apart, then their hull stands for them."""

    def shifted(count: int) -> str:
        paths = [
            f"    - take {place}:{place + 1} axis=H | take {2 * place}:{2 * place + 1} axis=W" for place in range(count)
        ]
        return "\n".join(["input 1x60x60", "concat:", *paths])

    few, many = seen(shifted(24), 0, 0), seen(shifted(25), 0, 0)
    assert (few.exact, many.exact) == (True, False)
    assert few.runs == (((0, 23),), tuple((2 * place, 2 * place) for place in range(24)))
    assert many.hull == ((0, 24), (0, 48))


@pytest.mark.parametrize(("taps", "exact"), [(MOST_RUNS, True), (MOST_RUNS + 1, False)])
def test_many_taps_become_their_hull(taps: int, exact: bool) -> None:
    size = 3 * (taps - 1) + 1
    found = seen(f"input 1@{size}\nconv 1 {taps} dilation=3", 0)
    assert (found.exact, found.hull) == (exact, ((0, size - 1),))
    assert len(found.runs[0]) == (taps if exact else 1)


def test_what_is_not_exact_stays_so() -> None:
    """A first step into too many runs, and all that is behind it."""
    found = seen(f"input 1@{9 * MOST_RUNS}\nrelu\nconv 1 {MOST_RUNS + 1} dilation=3\nconv 1 1 stride=2\nrelu", 1)
    assert not found.exact
    assert found.hull == ((2, 2 + 3 * MOST_RUNS),)


def test_what_the_first_input_has_no_part_in() -> None:
    text = "a = input 1x5x5\nb = input 1x9x9\n@b | conv 1 3"
    found = seen(text, 2, 3)
    assert (found.input, found.blank, found.hull, found.runs, found.exact) == ("a", True, (), (), True)
    found = seen("x = learned 4x5x5\nconv 2 3", 0, 0)
    assert (found.input, found.blank) == ("input", True)


def test_the_name_of_the_input() -> None:
    assert seen("picture = input 1x9x9\nconv 1 3", 2, 3).input == "picture"


def test_a_merge_along_an_axis_asks_each_path_for_its_part() -> None:
    text = "input 1x9x9\nconcat axis=H:\n    - take 0:3 axis=H\n    - take 5:9 axis=H"
    assert seen(text, 2, 0).hull == ((2, 2), (0, 0))
    assert seen(text, 3, 4).hull == ((5, 5), (4, 4))
    assert seen(text + "\nconv 1 2", 2, 4).runs == (((2, 2), (5, 5)), ((4, 5),))


def test_a_stretched_gate_is_read_at_its_one_place() -> None:
    text = "input 1x9x9\nmul:\n    - conv 1 3 pad=1\n    - take 7:8 axis=H | take 0:1 axis=W"
    assert seen(text, 2, 5).runs == (((1, 3), (7, 7)), ((0, 0), (4, 6)))


def test_what_asks_for_the_same_again_is_no_more() -> None:
    """Thirty paths of two windows, one as often as the other, are two boxes."""
    paths = [
        f"    - take {place % 2}:{place % 2 + 1} axis=H | take {2 * (place % 2)}:{2 * (place % 2) + 1} axis=W"
        for place in range(30)
    ]
    found = seen("\n".join(["input 1x60x60", "concat:", *paths]), 0, 0)
    assert (found.exact, found.runs) == (True, (((0, 1),), ((0, 0), (2, 2))))


def test_runs_that_become_many_become_their_hull() -> None:
    """Of 70 pixels far apart each reads 70: 4,900 runs, which are more than are kept."""
    size = 1 + 69 * 300 + 69 * 2
    assert MOST_RUNS < 70 * 70
    found = seen(f"input 1@{size}\nconv 1 70 dilation=2\nconv 1 70 dilation=300", 0)
    assert (found.exact, found.runs) == (False, (((0, size - 1),),))
    few = seen(f"input 1@{size}\nconv 1 50 dilation=2\nconv 1 70 dilation=300", 0)
    assert (few.exact, len(few.runs[0])) == (True, 50 * 70)


def test_products_and_attention_ask_for_rows_and_columns() -> None:
    found = seen("input 1x5x7\nb = @input | take 0:5 axis=W\na = @input | take 0:5 axis=H\nmatmul @b @a", 2, 3)
    assert (found.hull, found.exact, found.blank) == (((0, 4), (0, 4)), True, False)
    query = seen("input 4x3x3\nk = conv 4 1x3 | tokens\nq = @input | conv 4 3 | tokens\nattention 2 from=@k", 0)
    assert (query.hull, query.exact) == (((0, 2), (0, 2)), True)


def test_a_border_alone_is_seen_as_nothing() -> None:
    """The places right behind the end, and further on; one step before them is the last pixel."""
    for place, hull in ((4, ((4, 4),)), (5, ()), (6, ())):
        found = seen("input 1@5\nconv 1 1 pad=0:2", place)
        assert (found.hull, found.blank, found.exact) == (hull, not hull, True)


def test_of_too_many_runs_their_hull_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Output 2 reads 2, 5, 8 and 11 of the layer before, these up to 14 further: with little to spend 2 to 25."""
    text = "input 1@40\nconv 1 3 dilation=7\nconv 1 4 dilation=3"
    exact = seen(text, 2)
    places = {one + more for one in (2, 5, 8, 11) for more in (0, 7, 14)}
    assert (exact.exact, exact.hull, exact.runs) == (True, ((2, 25),), (runs(places),))
    for budget, found in (
        (9, exact),
        (8, exact._replace(runs=(((2, 25),),), exact=False)),
    ):  # 1 is asked for, 4 are read
        monkeypatch.setattr(window_module, "_BUDGET", budget)
        assert seen(text, 2) == found


def test_of_too_many_long_runs_the_hull_is_whole() -> None:
    """Each of many taps reads two pixels side by side."""
    found = seen(f"input 1@{3 * MOST_RUNS + 2}\nconv 1 {MOST_RUNS + 1} dilation=3\nconv 1 2", 0)
    assert (found.exact, found.runs) == (False, (((0, 3 * MOST_RUNS + 1),),))


def test_what_puts_all_values_elsewhere_sees_all_of_them() -> None:
    """As many axes or not: a place of a map in another shape stands for no place of the map."""
    for layers in ("reshape 1x7x5", "conv 1 1 | reshape 1x7x5"):
        assert seen(f"input 1x5x7\n{layers}", 6, 4).hull == ((0, 4), (0, 6))
    assert seen("input 1x5x7\nreshape 1x5x7", 4, 6).hull == ((4, 4), (6, 6))  # the shape it has
    assert seen("input 1x5x7\nflatten").hull == ((0, 4), (0, 6))


def test_of_too_many_long_runs_the_hull_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    """2, 5, 8 and 11, two of each, and up to 14 further: with little to spend all from 2 to 26."""
    text = "input 1@40\nconv 1 3 dilation=7\nconv 1 2\nconv 1 4 dilation=3"
    assert seen(text, 2).runs == (
        runs({one + two + more for one in (2, 5, 8, 11) for two in (0, 1) for more in (0, 7, 14)}),
    )
    monkeypatch.setattr(window_module, "_BUDGET", 12)
    assert (seen(text, 2).exact, seen(text, 2).runs) == (False, (((2, 26),),))
