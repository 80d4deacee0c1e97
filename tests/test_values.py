"""Values of specs: how they are written and named, and what is done with sizes and shapes."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cnncalc.values import (
    MOST_NUMBERS,
    Listed,
    Pair,
    ShapeSize,
    Size,
    Word,
    channels_first,
    decimal,
    describe,
    divide,
    how_many,
    is_traced,
    laid_out,
    largest,
    less,
    lifted,
    nearest,
    one_or_each,
    pick,
    picture,
    quotient,
    sentence,
    smallest,
    spell,
    times,
)


@pytest.mark.parametrize(
    ("value", "written", "named"),
    [
        (True, "yes", "the flag yes"), (False, "no", "the flag no"), (7, "7", "7"), (-7, "-7", "-7"), (Fraction(5, 2), "2.5", "2.5"),
        (Fraction(-1, 3), "-1/3", "-1/3"), (Fraction(4), "4", "4"), (Word("same"), "same", "the word 'same'"),
        (Pair(1, 2), "1:2", "the pair 1:2"), (Pair(1, None), "1:?", "the pair 1:?"), (Size((3, 5)), "3x5", "the size 3x5"),
        (Size((3, None)), "3x?", "the size 3x?"), (Size((3, -5)), "(3, -5)", "the size (3, -5)"), (Size((Fraction(1, 2), 1)), "(0.5, 1)", "the size (0.5, 1)"),
        (Size((Fraction(1, 3),)), "(1/3)", "the size (1/3)"), (Size((Pair(0, 1), 2)), "0:1x2", "the size 0:1x2"), (ShapeSize((8, 100)), "8x100", "the size 8x100"),
        (Listed((64, 80)), "64,80", "the list 64,80"), (None, "?", "a tensor"), (object, "<class 'object'>", "a tensor"),
    ],
)  # fmt: skip
def test_how_values_are_written_and_named(value, written, named):
    assert (spell(value), describe(value)) == (written, named)


@given(st.fractions())
@example(Fraction(1, 10**6))
@example(Fraction(1, 10**6 + 1))
@example(Fraction(-1, 2**19))
@example(Fraction(1, 2**20))
@example(Fraction(123456789, 1000))
@example(Fraction(-1, 20))
def test_a_fraction_is_written_exactly(value):
    text = decimal(value)
    assert Fraction(text.rstrip(".")) == value
    short = value.denominator <= 10**6 and 10**60 % value.denominator == 0
    assert ("/" not in text) is short


@pytest.mark.parametrize(
    ("sizes", "said"), [((2, 2), 2), ((2,), 2), ((2, 3), Size((2, 3))), ((2, 2, 3), Size((2, 2, 3)))]
)
def test_one_size_for_all_axes_or_one_for_each(sizes, said):
    found = one_or_each(iter(sizes))
    assert (found, type(found)) == (said, type(said))


def test_sizes_are_joined():
    assert times((3, None, Pair(0, 1), "W")) == "3x?x0:1xW"
    assert times((3, 4), "×") == "3×4"
    assert sentence("as it is", "hwc") == "as it is"
    assert sentence(("from ", (3, 4, 5), " to ", (7,)), "chw") == "from 3x4x5 to 7"
    assert sentence(("from ", (3, 4, 5), " to ", (7,)), "hwc") == "from 4x5x3 to 7"


@given(st.lists(st.integers(1, 9), max_size=4).map(tuple), st.sampled_from(["chw", "hwc"]))
def test_channels_stand_where_the_layout_has_them(shape, layout):
    written = laid_out(shape, layout)
    assert channels_first(written, layout) == shape
    assert channels_first(Size(written), layout) == shape
    assert written == (shape if layout == "chw" else (*shape[1:], *shape[:1]))
    assert channels_first(ShapeSize(shape), layout) == shape, "written with an @ they stand first"


def test_the_nearest_name():
    assert nearest("con", ["relu", "conv"], "no idea") == "did you mean 'conv'?"
    assert nearest("xyz", iter(["relu", "conv"]), "no idea") == "no idea"
    assert nearest("con", ["conv2d"], "no idea", 0.9) == "no idea"


@given(st.integers(0, 60), st.lists(st.integers(1, 60), min_size=1, max_size=3))
def test_the_next_numbers_that_divide(number, counts):
    """Of 1, which divides everything, nobody is told below."""
    dividing = [one for one in range(1, 61) if all(count % one == 0 for count in counts)]
    near = [*[one for one in dividing if 1 < one < number][-1:], *[one for one in dividing if one > number][:1]]
    said = f"{' and '.join(map(str, near))} {'do' if len(near) > 1 else 'does'}" if near else None
    assert divide(number, *counts) == said


def test_divisors_are_looked_for_so_far_and_no_further():
    assert divide(5000, 10_007) is None
    assert divide(10_007 - 4096, 10_007) == "10007 does"
    assert divide(10_007 - 4097, 10_007) is None
    assert divide(4097, 2) == "2 does"
    assert divide(4098, 2) is None
    assert divide(Fraction(3), 6) is None
    assert divide(4, Fraction(6)) is None


@given(st.integers(1, 3000))
@example(4 * 1024**2)
@example(1025**2)
def test_a_picture_has_as_few_channels_as_there_can_be(values):
    channels, height, width = picture(values)
    assert channels * height * width == values
    assert height == width <= 1024
    assert not [side for side in range(height + 1, min(1024, values) + 1) if values % side**2 == 0]


@given(st.lists(st.integers(1, 4), min_size=1, max_size=3).flatmap(
    lambda shape: st.tuples(st.just(tuple(shape)), st.tuples(*[st.lists(st.integers(0, size - 1), max_size=3) for size in shape]))
))  # fmt: skip
def test_elements_at_all_combinations(case):
    shape, chosen = case
    places = list(product(*map(range, shape)))
    assert pick(places, shape, chosen) == list(product(*chosen))


def test_no_more_elements_are_looked_at_than_so_many():
    assert pick([7], (1,), [[0] * MOST_NUMBERS]) == [7] * MOST_NUMBERS
    assert pick([7], (1,), [[0] * (MOST_NUMBERS + 1)]) is None
    assert pick([], (0, 3), [[], [0]]) == []


# --- numbers that stand for those of many variants --------------------------------------------------


class Many:
    """A number of many variants, which says what it is asked."""

    traced = True

    def largest_of(self, numbers, largest=True):
        return ("largest" if largest else "smallest", numbers)

    def less_of(self, left, right):
        return ("less", left, right)

    def lift(self, number):
        return ("lifted", number)


def test_plain_numbers_are_compared_as_they_are():
    assert (largest(1, 3, 2), smallest(3, 1, Fraction(1, 2))) == (3, Fraction(1, 2))
    assert (largest(Fraction(7, 2), 3), smallest(2)) == (Fraction(7, 2), 2)
    assert [less(1, 2), less(2, 2), less(3, 2)] == [1, 0, 0]
    assert all(type(one) is int for one in (less(1, 2), less(2, 1)))
    assert (quotient(1, 3), type(quotient(4, 2))) == (Fraction(1, 3), Fraction)
    half = Fraction(1, 2)
    assert lifted(half, 3) is half
    assert not is_traced(3)


def test_those_of_many_variants_are_asked_themselves():
    many = Many()
    assert is_traced(many)
    assert largest(1, many, 3) == ("largest", (1, many, 3))
    assert smallest(Fraction(1, 2), many) == ("smallest", (Fraction(1, 2), many))
    assert less(many, 2) == ("less", many, 2)
    assert less(2, many) == ("less", 2, many)
    assert lifted(Fraction(1, 2), many) == ("lifted", Fraction(1, 2))
    assert lifted(2, many) == 2
    assert divide(many, 6) is None
    assert picture(many) == (many, 1, 1)


@pytest.mark.parametrize(
    ("number", "noun", "said"),
    [
        (1, "axis", "1 axis"), (2, "axis", "2 axes"), (0, "spatial axis", "0 spatial axes"), (3, "entry", "3 entries"),
        (2, "index", "2 indices"), (1, "input channel", "1 input channel"), (1024, "value", "1024 values"),
    ],
)  # fmt: skip
def test_numbers_with_their_nouns(number, noun, said):
    assert how_many(number, noun) == said
    assert how_many(number, noun, ",") == said.replace("1024", "1,024")
