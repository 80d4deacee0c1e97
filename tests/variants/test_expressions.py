"""Expressions in what is varied: their bounds, how long they become, and what is decided by bounds alone."""

import pytest

from cnncalc.values import is_traced, largest
from cnncalc.variants.polynomials import COLUMN, SMALL, Expressions, VariedNumber
from cnncalc.variants.trace import DecisionTrace
from cnncalc.variants.tracing import traced_values
from variants.test_arithmetic import HUGE, WHOLE, Calculation


def expression(text, varied=WHOLE):
    """The polynomial of an expression, and what was decided on the way."""
    calculation = Calculation(text, varied)
    trace = DecisionTrace(calculation.expressions)
    value = calculation.value(traced_values(calculation.space, trace, (0,) * len(varied)))
    return (value.polynomial if is_traced(value) else value), trace.decided


@pytest.mark.parametrize(("text", "low", "high"), [
    ("a", -4, 5), ("c", 1, 7), ("-a", -5, 4), ("a+b", -7, 9), ("a-b", -8, 8), ("2*a-3*c", -29, 7), ("a*b", -16, 20), ("c*c", 1, 49), ("a*c", -28, 35), ("a*b*c", -112, 140), ("-c*c", -49, -1),
    ("a//3", -2, 1), ("c//2", 0, 3), ("a//-2", -3, 2), ("(3*a+c)//2", -6, 11), ("a//c", -4, 5), ("a//(c+1)", -2, 2), ("a//-c", -5, 4), ("a//b", -5, 5), ("c//b", -7, 7), ("-c//b", -7, 7),
    ("abs(a)", 0, 5), ("abs(a-2)", 0, 6), ("abs(a-5)", 0, 9), ("abs(b*3)", 0, 12), ("less(a, b)", 0, 1), ("largest(a, b)", -3, 5), ("smallest(a, b)", -4, 4), ("largest(a, 2)", 2, 5), ("smallest(a, c)", -4, 5),
    ("smallest(a, -3)", -4, -3), ("a.bit_length()", 0, 3), ("(a-b).bit_length()", 0, 4), ("(c*100).bit_length()", 0, 10), ("(-c*100).bit_length()", 0, 10),
])  # fmt: skip
def test_bounds_are_as_near_as_corners_tell(text, low, high):
    found, _ = expression(text)
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize(
    ("text", "axes"),
    [
        ("a", 1),
        ("b", 2),
        ("c", 4),
        ("a*c", 5),
        ("a//b", 3),
        ("largest(a, c)", 5),
        ("abs(b)", 2),
        ("less(b, c)", 6),
        ("a+b-a", 2),
    ],
)
def test_what_an_expression_hangs_on(text, axes):
    assert expression(text)[0].axes == axes


@pytest.mark.parametrize(("text", "decided"), [
    ("a < b", [("<0", True)]), ("b > a", [("<0", True)]), ("a <= b", [("<0", False)]), ("a == b", [("=0", False)]), ("1 if a else 2", [("=0", False)]), ("int(a)", [("is", -4)]),
    ("c > 0", []), ("c < 8", []), ("c == 0", []), ("c == 8", []), ("c >= 1", []), ("c > 1", [("<0", False)]), ("c < 1", []), ("c < 7", [("<0", True)]), ("a == 6", []), ("a == 5", [("=0", False)]),
    ("a*a < 0", [("<0", False)]), ("a-a < 0", []), ("int(c-c)", []), ("a//b", [("=0", False)]), ("a//c", []), ("(a == b, b == a, 3*a == 3*b)", [("=0", False)] * 2), ("(a < b, a < b)", [("<0", True)]),
    ("-a < 0", [("<0", False)]), ("a + 4 == 0", [("=0", True)]), ("[int(a), a < b, int(a)]", [("is", -4), ("<0", True)]),
])  # fmt: skip
def test_what_is_decided(text, decided):
    assert [(kind, outcome) for kind, _, outcome in expression(text)[1]] == decided


def sums(many):
    return {chr(ord("a") + number): range(2, 4) for number in range(many)}


def total(first, last):
    return "+".join(chr(ord("a") + number) for number in range(first, last))


@pytest.mark.parametrize(("text", "terms"), [
    (f"({total(0, 8)})*({total(8, 16)})", 64), (f"({total(0, 8)})*({total(8, 17)})", 1), (f"({total(0, 5)})*({total(5, 17)})", 60), (f"({total(0, 17)})*a", 17), (f"a*({total(0, 17)})", 17),
    (f"({total(0, 8)})*({total(0, 8)})", 36), (f"({total(0, 9)})**2 - ({total(0, 9)})**2 + a", 1), (f"({total(0, 17)})*2", 17),
])  # fmt: skip
def test_products_of_long_sums_stay_short(text, terms):
    assert len(expression(text, sums(17))[0].terms) == terms


@pytest.mark.parametrize(("many", "terms"), [(600, 600), (601, 1), (700, 100)])
def test_sums_of_many_terms_are_one(many, terms):
    found = expression(f"sum((a+i)//(1000+i) for i in range({many}))", {"a": range(5000)})[0]
    assert len(found.terms) == terms


@pytest.mark.parametrize(("many", "kept"), [(119, 1), (120, 1), (121, 121)])
def test_alternatives_of_a_maximum_that_never_are_it_are_left_out(many, kept):
    calculation = Calculation(f"largest(*[a+i for i in range({many})])", WHOLE)
    value = calculation.value(traced_values(calculation.space, DecisionTrace(calculation.expressions), (0, 0, 0)))
    (monomial,) = [one for one in value.polynomial.terms if one]
    atom = calculation.expressions.atoms[monomial[0]]
    assert (1 if atom.operation == COLUMN else len(atom.operands)) == kept


@pytest.mark.parametrize(("text", "small"), [
    ("a", False), ("c", True), ("c*2", True), ("c*2**19", True), ("c*2**21", False), ("b", False), ("c-2**62+1", True), ("c-2**62-1", False), ("c+2**62-1", False), ("2**62*c-2**62*c+c", True),
])  # fmt: skip
def test_what_64_bits_do_for(text, small):
    assert expression(text, HUGE)[0].small is small
    assert SMALL == 2**62


def test_equal_expressions_are_one_object():
    made = Expressions([VariedNumber("a", 0, (1, 2, 3)), VariedNumber("b", 1, (4, 5))])
    a, b = made.variables
    assert made.combined(a, b) is made.combined(b, a)
    assert made.product(a, b) is made.product(b, a)
    assert made.quotient(made.product(a, b), b) is a
    assert made.most([a, b]) is b
    assert made.most([a, b], largest=False) is a
    assert made.most([b, b]) is b
    assert made.constant(0).terms == {}
    assert made.constant(3).terms == {(): 3}
    assert made.absolute(made.negative(b)) is b
    assert made.divisor(a, b) is made.divisor(a, b)
    assert (made.divisor(a, b).low, made.divisor(a, b).high) == (0, 5)
    assert largest(3, 5) == 5
