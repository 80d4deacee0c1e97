"""Sequences aligned: the shortest script is one, alignments keep the order, and large ones end in time."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.features.diff import align as diff_align
from cnncalc.features.diff.align import Aligner, script, slid
from hang import hang_guard

# Items of three kinds, some of them in two variants: the tens are the kind.
ITEMS = st.lists(st.sampled_from([10, 11, 20, 21, 30]), max_size=12)


def likeness(one, other):
    if one // 10 != other // 10:
        return None
    return 10 if one == other else 4


def aligner(old, new):
    return Aligner(old, new, ([one // 10 for one in old], [one // 10 for one in new]), likeness)


def longest_common(old, new):
    """The textbook's table."""
    table = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for row, one in enumerate(old):
        for column, other in enumerate(new):
            best = max(table[row][column + 1], table[row + 1][column])
            table[row + 1][column + 1] = table[row][column] + 1 if one == other else best
    return table[-1][-1]


def best_sum(old, new):
    """The most that likenesses can sum to, with what a match is worth behind a match, by trying everything."""
    seen = {}

    def best(row, column, behind):
        key = (row, column, behind)
        if key not in seen:
            found = 0
            if row < len(old):
                found = max(found, best(row + 1, column, False))
            if column < len(new):
                found = max(found, best(row, column + 1, False))
            if row < len(old) and column < len(new) and likeness(old[row], new[column]) is not None:
                worth = likeness(old[row], new[column]) + diff_align.IN_A_ROW * behind
                found = max(found, worth + best(row + 1, column + 1, True))
            seen[key] = found
        return seen[key]

    return best(0, 0, False)


def in_order(pairs):
    return all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))


@given(ITEMS, ITEMS)
def test_a_script_keeps_the_longest_common_subsequence(old, new):
    kept, end, _ = script(old, new)
    assert end == (len(old), len(new))
    assert sum(length for _, _, length in kept) == longest_common(old, new)
    assert all(old[a : a + length] == new[b : b + length] for a, b, length in kept)
    assert in_order([(a + step, b + step) for a, b, length in kept for step in range(length)])


@given(ITEMS, ITEMS)
def test_a_table_has_the_best_sum(old, new):
    pairs = sorted(aligner(old, new)._table(0, len(old), 0, len(new)))
    assert in_order(pairs)
    worth = sum(likeness(old[a], new[b]) for a, b in pairs)
    worth += sum(diff_align.IN_A_ROW for (a, b), (c, d) in pairwise(pairs) if (c - a, d - b) == (1, 1))
    assert worth == best_sum(old, new)


@given(ITEMS, ITEMS, st.integers(1, 3), st.sampled_from([1, 4, 10]), st.sampled_from([1, 10, 1000]))
def test_under_tight_limits_an_alignment_still_is_one(old, new, edits, cells, steps):
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"EDITS": edits, "CELLS": cells, "ALL_CELLS": cells, "FEW_CELLS": 4, "STEPS": steps}.items():
            patch.setattr(diff_align, name, value)
        pairs = aligner(old, new).pairs()
    assert in_order(pairs)
    assert all(likeness(old[a], new[b]) is not None for a, b in pairs)


@given(ITEMS)
def test_a_sequence_is_itself(items):
    assert aligner(items, items).pairs() == [(place, place) for place in range(len(items))]


PERIOD = [10, 20, 30] * 33_333
LONG = {
    "equal": (PERIOD, 99_999),
    "every third changed": ([11 if one == 10 else one for one in PERIOD], 99_999),
    "a run inserted": (PERIOD[:30_000] + [20] * 50 + PERIOD[30_000:], 99_999),
    "runs inserted everywhere": (
        [x for at in range(0, 99_999, 30) for x in (11, 20, 30, *PERIOD[at : at + 30])],
        99_999,
    ),
    "reversed": (PERIOD[::-1], 30_000),
    "all of one": ([10] * 100_000, 30_000),
    "nothing in common": ([40] * 100_000, 0),
    "nearly nothing": ([10] * 3, 3),
}


@pytest.mark.parametrize(("new", "least"), LONG.values(), ids=LONG)
def test_long_chains_end_in_time(new, least):
    with hang_guard():  # each with each would take hours
        pairs = aligner(PERIOD, new).pairs()
    assert in_order(pairs)
    assert len(pairs) >= least


@given(ITEMS, st.integers(0, 12), st.integers(1, 4), st.data())
def test_a_run_slides_to_its_cheapest_place_and_stays_the_same_change(items, at, size, data):
    at = min(at, len(items))
    added = data.draw(st.lists(st.sampled_from([10, 20]), min_size=size, max_size=size))
    new = [*items[:at], *added, *items[at:]]
    pairs = {place + size * (place >= at): place for place in range(len(items))}
    costs = data.draw(st.lists(st.integers(0, 3), min_size=len(new) + 1, max_size=len(new) + 1))
    slid(pairs, [(at, at + size)], new, costs.__getitem__)
    gaps = [place for place in range(len(new)) if place not in pairs]
    assert gaps == list(range(gaps[0], gaps[0] + size))
    assert [new[place] for place in sorted(pairs)] == items == [items[pairs[place]] for place in sorted(pairs)]
    assert costs[gaps[0]] + costs[gaps[0] + size] <= costs[at] + costs[at + size]


def test_a_script_costs_what_it_looks_at():
    """An item that is kept costs a step, every diagonal that is gone along another."""
    assert [script(old, new)[2] for old, new in ([[], []], [[1], []], [[], [1]], [[1, 2], [3]])] == [1, 3, 2, 9]
    assert script([7] * 5, [7] * 5) == ([(0, 0, 5)], (5, 5), 6)
    paper = [[*map(ord, text)] for text in ("ABCABBA", "CBABAC")]  # Myers 1986
    assert script(*paper) == ([(2, 0, 1), (3, 2, 2), (6, 4, 1)], (7, 6), 30)


@given(ITEMS, ITEMS, st.integers(0, 4))
def test_a_script_goes_as_far_as_so_many_edits_lead(old, new, edits):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(diff_align, "EDITS", edits)
        whole, part = script(old, new), script(old, new, partly=True)
    needed = len(old) + len(new) - 2 * longest_common(old, new)
    assert (whole[0] is None) == (needed > edits)
    assert whole == part or whole == (None, (0, 0), part[2])
    kept, (end, new_end), _ = part
    assert sum(length for _, _, length in kept) == longest_common(old[:end], new[:new_end])
    assert end + new_end - 2 * longest_common(old[:end], new[:new_end]) == min(needed, edits)
    assert all(old[a : a + length] == new[b : b + length] for a, b, length in kept)


@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 300))
def test_even_cuts_cover_a_stretch_by_tables_that_are_small_enough_together(size, new_size, cells):
    cuts = diff_align._even((3, 3 + size, 5, 5 + new_size, 1), cells)
    ends = [(low, new_low) for low, _, new_low, _, _ in cuts] + [(3 + size, 5 + new_size)]
    assert cuts == [(low, high, new_low, new_high, 1) for (low, new_low), (high, new_high) in pairwise(ends)]
    assert ends[0] == (3, 5)
    lengths = [high - low for low, high, *_ in cuts]
    assert max(lengths) - min(lengths) <= 1
    most, parts = max(size, new_size), len(cuts)
    assert parts == most or (2 <= parts < most and size * new_size < cells * parts)
    assert parts <= 2 or size * new_size >= cells * (parts - 1)


@given(ITEMS, ITEMS)
def test_a_large_stretch_is_split_at_what_the_script_keeps(old, new):
    """With tables too small for anything, and room for the script, all that a shortest script keeps is a pair."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"CELLS": 0, "FEW_CELLS": 0, "ALL_CELLS": 0}.items():
            patch.setattr(diff_align, name, value)
        pairs = Aligner(old, new, (old, new), likeness)._split((0, len(old), 0, len(new), 0), kept := [])
    assert len(kept) == longest_common(old, new)
    assert all(old[one] == new[other] for one, other in kept)
    left = [(low, high, new_low, new_high) for low, high, new_low, new_high, _ in pairs]
    covered = [*kept, *((one, None) for low, high, _, _ in left for one in range(low, high))]
    assert sorted(one for one, _ in covered) == list(range(len(old)))
    assert sorted([other for _, other in kept] + [at for *_, low, high in left for at in range(low, high)]) == list(
        range(len(new))
    )
    assert {tried for *_, tried in pairs} <= {2}


@given(ITEMS, ITEMS, st.integers(1, 3))
def test_where_no_script_is_short_enough_kinds_are_tried_then_a_part(old, new, edits):
    long = len(old) + len(new) - 2 * longest_common(old, new) > edits
    kinds = [[one // 10 for one in side] for side in (old, new)]
    also = len(old) + len(new) - 2 * longest_common(*kinds) > edits
    stretch = (0, len(old), 0, len(new))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(diff_align, "EDITS", edits)
        one = aligner(old, new)
        assert (one._split((*stretch, 0), []) == [(*stretch, 1)]) == long
        assert (one._split((*stretch, 1), found := []) == [(*stretch, 2)]) == also
        assert all(old[a] // 10 == new[b] // 10 for a, b in found)
        assert one._split((*stretch, 2), []) != [(*stretch, 3)]
        assert one.steps == diff_align.STEPS - sum(
            script(*sides, partly=partly)[2]
            for sides, partly in (((old, new), False), (kinds, False), ((old, new), True))
        )
