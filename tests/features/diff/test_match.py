"""Which layers have moved, which stand for another, and which tensors are the same: the rules of the matching."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.diagnostics import WARNING, Source
from cnncalc.features.diff import match
from cnncalc.features.diff.layers import Profile, likeness
from cnncalc.features.diff.match import Matching, Wiring, paired_inputs, runs
from cnncalc.interpret import build


def network(*lines):
    built = build(Source("model.txt", "\n".join(["input 8x16x16", *lines])))
    assert all(one.severity == WARNING for one in built.diagnostics)
    return built


def matching(old, new):
    return Matching(network(*old), network(*new))


def moved(old, new):
    """The layers that have moved, by their numbers."""
    return matching(old, new).moved


#: Layers that are told apart by what they are.
STEPS = [f"conv 8 {size} pad={size // 2}" for size in range(1, 20, 2)]


@pytest.mark.parametrize("steps", range(1, 8))
@pytest.mark.parametrize("back", [False, True])
def test_what_says_little_has_moved_past_three_at_most(steps, back):
    old, new = ["tanh", *STEPS], [*STEPS[:steps], "tanh", *STEPS[steps:]]
    found = moved(new, old) if back else moved(old, new)
    if steps == 1:  # it may as well be the other that has moved
        assert len(found) == 1
    else:
        assert found == ({} if steps > match.NEAR else {steps: 0} if back else {0: steps})


@pytest.mark.parametrize("steps", [3, 6, 9])
def test_what_has_weights_or_a_name_has_moved_any_way(steps):
    for line in ("a = tanh", "localconv 8 1"):
        old, new = [line, *STEPS], [*STEPS[:steps], line, *STEPS[steps:]]
        assert moved(old, new) == {0: steps}
        assert moved(new, old) == {steps: 0}


def test_a_part_of_what_has_come_is_not_what_went():
    """One activation that says little is the one of before where it stands alone on both sides, and not else."""
    assert moved(["tanh", *STEPS], [*STEPS[:2], "tanh", *STEPS[2:]]) == {0: 2}
    assert moved(["tanh", *STEPS], [*STEPS[:2], "tanh", "gelu", *STEPS[2:]]) == {}
    assert moved(["tanh", "gelu", *STEPS], [*STEPS[:2], "tanh", *STEPS[2:]]) == {}
    assert moved(["tanh", "gelu", *STEPS], [*STEPS[:3], "tanh", "gelu", *STEPS[3:]]) == {0: 3, 1: 4}


def test_the_longest_run_has_moved_and_of_two_the_nearest():
    run = ["dwconv 3 pad=1", "sigmoid", "dwconv 5 pad=2"]
    longest = [*STEPS[:3], *run[:1], *STEPS[3:6], *run, *STEPS[6:]]
    assert moved([*run, *STEPS], longest) == {0: 7, 1: 8, 2: 9}
    twice = [*STEPS[:4], *run, *STEPS[4:6], *run, *STEPS[6:]]
    assert moved([*run, *STEPS], twice) == {0: 4, 1: 5, 2: 6}
    assert moved([*STEPS, *run], twice) == {10: 9, 11: 10, 12: 11}


def test_nothing_has_moved_to_two_places_nor_two_to_one():
    run = ["dwconv 3 pad=1", "dwconv 5 pad=2"]
    found = moved([*run, *STEPS[:3], *run, *STEPS[3:]], [*STEPS[:6], *run, *STEPS[6:]])
    assert len(found) == 2
    assert set(found.values()) == {6, 7}
    twice = moved([*run, *run, *STEPS], [*STEPS[:6], *run, *run, *STEPS[6:]])
    assert twice == {0: 6, 1: 7, 2: 8, 3: 9}


def test_where_too_much_was_compared_nothing_more_has_moved(monkeypatch):
    old, new = ["dwconv 3 pad=1", *STEPS], [*STEPS, "dwconv 3 pad=1"]
    assert moved(old, new) == {0: 10}
    monkeypatch.setattr(match, "STEPS", 0)
    assert moved(old, new) == {}


@pytest.mark.parametrize(("places", "expected"), [(1, {4: 5}), (20, {4: 5})])
def test_of_many_places_the_nearest_are_looked_at(monkeypatch, places, expected):
    monkeypatch.setattr(match, "PLACES", places)
    line = "dwconv 3 pad=1"
    new = [line, *STEPS[:2], line, *STEPS[2:3], line, *STEPS[3:6], line, *STEPS[6:8], line, *STEPS[8:]]
    assert moved([*STEPS[:4], line, *STEPS[4:]], new) == expected


LINES = st.sampled_from(
    [*STEPS[:4], "relu", "tanh", "bn", "a = gelu", "b = relu", "dwconv 3 pad=1", "maxpool 3 stride=1 pad=1"]
)


def once(lines):
    return [line for at, line in enumerate(lines) if " = " not in line or line not in lines[:at]]


SIDES = st.lists(LINES, max_size=9).map(once)


@given(SIDES, SIDES)
@settings(max_examples=80, deadline=None)
def test_of_any_two(old, new):
    """Pairs rise and are of one kind or family; what has moved is the same and stands elsewhere; nothing is twice."""
    found = matching(old, new)
    pairs = sorted(found.pairs.items())
    assert all(one < other and to < onto for (one, to), (other, onto) in pairwise(pairs))
    olds, news = [*found.pairs, *found.moved], [*found.pairs.values(), *found.moved.values()]
    assert len(olds) == len({*olds})
    assert len(news) == len({*news})
    for one, to in pairs:
        layers = (found.layers[0][one].layer, found.layers[1][to].layer)
        assert layers[0].kind == layers[1].kind or layers[0].family == layers[1].family
    for one, to in found.moved.items():
        assert found.layers[0][one].layer.values == found.layers[1][to].layer.values
        assert any((one < other) != (to < onto) for other, onto in pairs)


@given(SIDES, st.integers(0, 9), st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_a_layer_with_weights_that_is_put_elsewhere_has_moved(lines, one, other):
    one, other = min(one, len(lines)), min(other, len(lines))
    mark = "localconv 8 3 pad=1"
    found = matching([*lines[:one], mark, *lines[one:]], [*lines[:other], mark, *lines[other:]])
    assert (found.pairs | found.moved).get(one) == other


@given(st.sets(st.integers(0, 12)), st.integers(0, 12))
def test_runs_are_what_is_left(matched, size):
    matched = {one for one in matched if one < size}
    found = runs(size, matched)
    assert [at for start, end in found for at in range(start, end)] == [at for at in range(size) if at not in matched]
    assert all(start < end for start, end in found)
    assert all(end < start for (_, end), (start, _) in pairwise(found))


def inputs(*names):
    return build(Source("model.txt", "".join(f"{name} = input 4x8x8\n" for name in names) + f"@{names[0]} | relu\n"))


def test_inputs_are_paired_by_name_then_in_order():
    assert paired_inputs(inputs("a", "b", "c"), inputs("x", "a", "y")) == {0: 1, 1: 0, 2: 2}
    assert paired_inputs(inputs("a", "b"), inputs("c")) == {0: 0}
    assert paired_inputs(inputs("a"), inputs("c", "a")) == {0: 1}


def wiring(old, new):
    sides = (network(*old), network(*new))
    names = [{node.name: node.position for node in side.nodes} for side in sides]
    found = Wiring(Matching(*sides))
    return lambda one, other: found.same(names[0][one], names[1][other]), found, names


def test_a_tensor_is_the_same_through_what_was_put_between():
    same, found, names = wiring(
        ["a = conv 8 3 pad=1", "b = maxpool 2"], ["a = conv 8 3 pad=1", "c = bn", "d = relu", "b = maxpool 2"]
    )
    assert same("a", "a")
    assert same("a", "c")
    assert same("a", "d")
    assert not same("b", "d")
    assert not same("b", "a")
    assert not same("input", "a")
    assert found.same(-1, -1)
    assert not found.same(-1, 0)
    assert not found.same(0, -1)
    assert found.partner(names[0]["b"]) == names[1]["b"]
    assert found.keys(0, -1) == found.keys(1, -1) == frozenset((-1,))
    assert found.keys(0, names[0]["a"]) == found.keys(1, names[1]["d"])


def test_a_tensor_that_a_new_merge_makes_is_any_of_those_that_it_joins():
    old = ["a = conv 8 3 pad=1", "b = conv 8 5 pad=2", "c = maxpool 2"]
    same, *_ = wiring(old, [*old[:2], "m = add @a @b", old[2]])
    assert same("b", "m")
    assert same("a", "m")
    assert not same("input", "m")
    back, *_ = wiring([*old[:2], "m = add @a @b", old[2]], old)
    assert back("m", "b")
    assert back("m", "a")
    assert not back("m", "c")


def test_what_is_gone_has_no_partner():
    _, found, names = wiring(["a = conv 8 3 pad=1", "b = tanh", "c = bn"], ["c = bn", "a = conv 8 3 pad=1"])
    assert found.partner(names[0]["b"]) is None
    assert {name: found.partner(names[0][name]) for name in ("a", "c")} == {"a": names[1]["a"], "c": names[1]["c"]}


def test_only_so_many_tensors_stand_for_one():
    many = ["h = conv 8 1", *(f"a{at} = @h | conv 8 3 pad=1 stride=1 dilation=1" for at in range(12))]
    names = " ".join(f"@a{at}" for at in range(12))
    _, found, names = wiring([*many, "c = @a11 | tanh"], [*many, f"m = add {names}", "c = tanh"])
    assert len(found.keys(1, names[1]["m"])) == match.TENSORS


ARGUMENTS = (("filters", 8), ("kernel", 3), ("pad", 1))
PLAIN = Profile("conv", ARGUMENTS, None, (), False, False)
BLOCK, STAGED = (("cell", None),), (("stage", "s"),)


@pytest.mark.parametrize(
    ("one", "other", "worth"),
    [
        (
            {},
            {},
            16,
        ),  # all alike: 4 for the kind, 1 for when it runs, 6 for its arguments, 3 for its place, 2 for all of it
        ({}, {"kind": "upconv"}, None),
        ({}, {"shared": True}, 14),
        ({}, {"train": True}, 13),
        ({}, {"arguments": (*ARGUMENTS[:2], ("pad", 0))}, 10),  # of the arguments a share of 3
        ({}, {"arguments": (("filters", 4), ("kernel", 5), ("pad", 1))}, 9),
        ({}, {"arguments": (("filters", 4), ("kernel", 5), ("pad", 2))}, 8),
        ({"arguments": None}, {"arguments": None}, 16),
        ({}, {"arguments": None}, 8),
        ({"arguments": ()}, {"arguments": ()}, 16),
        ({"name": "a"}, {"name": "a"}, 24),  # a name of the user's says most
        ({"name": "a"}, {"name": "b"}, 13),
        ({"name": "a"}, {}, 13),
        ({}, {"name": "a"}, 13),
        ({"place": BLOCK}, {"place": BLOCK}, 16),
        ({"place": BLOCK}, {}, 11),
        ({"place": STAGED}, {"place": STAGED}, 19),  # one stage
        ({"place": STAGED}, {"place": STAGED + BLOCK}, 14),
        ({"place": STAGED}, {"place": (("stage", "t"),)}, 11),
        ({"place": STAGED}, {}, 11),
    ],
)
def test_how_much_speaks_for_two_layers_being_one(
    one: dict[str, object], other: dict[str, object], worth: int | None
) -> None:
    first, second = PLAIN._replace(**one), PLAIN._replace(**other)
    assert likeness(first, second, ()) == worth
    assert likeness(second, first, ()) == worth


def test_a_layer_of_a_stage_that_both_have_is_none_of_another():
    here, there, out = (PLAIN._replace(place=place) for place in (STAGED, (("stage", "t"),), ()))
    assert likeness(here, here, ("s",)) == 19
    assert likeness(here, there, ("u",)) == 11
    for stages in (("s",), ("t",), ("s", "t")):
        assert likeness(here, there, stages) is None
        assert likeness(there, here, stages) is None
    assert likeness(here, out, ("s",)) is likeness(out, here, ("s",)) is None
    assert likeness(there, out, ("s",)) == 11
