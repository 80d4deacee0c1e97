"""Expressions are worked out exactly: beside Python's own fractions, and by tables."""

import math
import operator
import re
from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from cnncalc.spec import EvaluationError, Unresolved, evaluate, flag, number
from cnncalc.spec.evaluation import divisible
from cnncalc.spec.expressions import condition, constant, value
from cnncalc.values import Pair, ShapeSize, Size, Word, spell
from spec.notation import tree

VARIABLES = {
    "a": 3, "b": -2, "c": Fraction(1, 3), "zero": 0, "big": 2**199, "bigger": 2**200 - 1, "third": Fraction(-7, 3),
    "on": True, "off": False, "word": Word("relu"), "size": Size((3, 5)), "shape": ShapeSize((3, 8)),
    "pair": Pair(1, 2),
}  # fmt: skip
TENSORS = {"x": "the tensor x"}


class Names:
    """What names mean here: the variables above, other names are words, and C, H and W are 8, 16 and 24."""

    def variable(self, node):
        if node.id == "failed":
            raise Unresolved
        return VARIABLES.get(node.id, {"C": 8, "H": 16, "W": 24}.get(node.id, Word(node.id)))

    def check_word(self, node):
        if node.id == "nonsense":
            raise EvaluationError("this word means nothing", node)

    def dimension(self, node):
        return {"C": 4, "H": 6}[node.letter]

    def tensor(self, node):
        return TENSORS[node.name]

    def call(self, node):
        if node.function == "twice":
            return 2 * len(node.args)
        raise EvaluationError("no such function here", node)


def worked_out(text):
    return evaluate(value(text, 0, units=True), Names())


# --- beside Python ----------------------------------------------------------------------------------

OPERATORS = ["+", "-", "*", "/", "//", "%"]
COMPARISONS = ["==", "!=", "<", "<=", ">", ">="]
blank = st.sampled_from(["", " "])
literals = st.one_of(
    st.integers(0, 40).map(str),
    st.integers(0, 3).map(str),
    st.sampled_from(["2.5", "0.125", "10.0", *"abc", "third", "zero"]),
)


def joined(operands, operators):
    return st.tuples(operands, blank, st.sampled_from(operators), blank, operands).map("".join)


def grown(numbers):
    """Numbers made of numbers. What binds tighter is left to the readers."""
    grouped = numbers.map("({})".format)
    return st.one_of(
        joined(numbers, OPERATORS),
        joined(numbers, OPERATORS),
        grouped,
        numbers.map("-{}".format),
        st.tuples(literals | grouped, st.sampled_from(["**2", "**-1", " ** 3", "**-2", "**0", "**(1+1)"])).map("".join),
        st.tuples(st.sampled_from(["floor", "ceil", "round", "abs"]), grouped).map("".join),
        st.tuples(st.sampled_from(["min", "max"]), st.lists(numbers, min_size=1, max_size=3).map(", ".join)).map(
            "{0[0]}({0[1]})".format
        ),
        st.tuples(numbers, st.integers(1, 9)).map("divisible({0[0]}, {0[1]})".format),
    )


numbers = st.recursive(literals, grown, max_leaves=8)
comparisons = joined(numbers, COMPARISONS)


def combined(flags):
    grouped = flags.map("({})".format)
    return st.one_of(
        joined(flags, [" and ", " or "]), joined(flags, [" and ", " or "]), flags.map("not {}".format), grouped,
        joined(grouped, ["==", "!="]),
    )  # fmt: skip


flags = st.recursive(comparisons | st.sampled_from(["on", "off"]), combined, max_leaves=5)


def nearest(x, divisor):
    """MobileNet's rule, by trying multiples."""
    below = math.floor(x / divisor) * divisor
    candidates = [m for m in (below, below + divisor) if m >= divisor] or [divisor]
    best = min(candidates, key=lambda m: (abs(m - x), -m))
    return best if best >= Fraction(9, 10) * x else best + divisor


def by_python(text):
    """The value by Python's own parser, with fractions for its numbers."""
    exact = re.sub(r"(?<![\w.])\d+(\.\d+)?", lambda found: f"F('{found[0]}')", text)
    names = {name: Fraction(v) if type(v) in (int, Fraction) else v for name, v in VARIABLES.items()}
    functions = {
        "F": Fraction, "floor": math.floor, "ceil": math.ceil, "abs": abs, "min": lambda *xs: min(xs), "max": lambda *xs: max(xs),
        "round": lambda x: math.floor(x + Fraction(1, 2)), "divisible": nearest,
    }  # fmt: skip
    return eval(exact, {"__builtins__": {}}, {**names, **functions})


def compare(text):
    try:
        expected = by_python(text)
    except ZeroDivisionError:
        expected = "division by zero"
    try:
        got = worked_out(f"({text})")
    except EvaluationError as error:
        assume("bits" not in error.message and "too long" not in error.message)
        got = error.message
    assert got == expected, text
    assert not isinstance(got, float)
    assert not (isinstance(got, Fraction) and got.denominator == 1)


@given(numbers)
@example("-2**2")
@example("2**-1**2")
@example("7//-2%3")
@example("-7 // 2 * 2 - -7 % 2")
@example("a - b - c")
@example("12/2/3*2")
@example("round(2.5) + round(-2.5) + round(0-0.5)")
def test_numbers_are_those_of_python(text):
    compare(text)


@given(flags)
@example("not a == b")
@example("not not on and off or on")
@example("on or 1/0 == 1")
@example("off and 1/0 == 1")
@example("1/0 == 1 or on")
@example("a == 3 and b < 0 or c > 1 and off")
def test_flags_are_those_of_python(text):
    compare(text)


@given(st.fractions(-1000, 1000), st.integers(1, 64))
@example(Fraction(90), 8)
@example(Fraction(3), 8)
@example(Fraction(12), 8)
@example(Fraction(20), 8)
def test_divisible_is_the_rule_of_mobilenet(x, divisor):
    assert divisible(x, divisor) == nearest(x, divisor)


@given(st.fractions(max_denominator=10**6))
def test_a_number_that_is_spelled_is_read_as_the_same(number):
    assert worked_out(spell(number)) == number


numerals = st.integers(0, 999)


@given(
    st.lists(
        st.one_of(numerals, st.none(), st.tuples(numerals, numerals).map(lambda two: Pair(*two))),
        min_size=2,
        max_size=8,
    ).map(Size)
)
def test_a_size_that_is_spelled_is_read_as_the_same(size):
    assume(not (None in size and any(isinstance(item, Pair) for item in size)))
    assert worked_out(spell(size)) == size


@given(st.one_of(numbers, flags))
def test_what_is_printed_with_all_its_parentheses_is_read_as_the_same(text):
    assume("." not in text)  # 2.5 would be a quotient
    once = tree(value(f"({text})", 0))
    assert tree(value(f"({once})", 0)) == once


# --- by tables --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.5M", 1_500_000), ("2k", 2000), ("3G", 3 * 10**9), ("1T", 10**12), ("0.5KiB", 512), ("2MiB", 2 * 1024**2),
        ("1GiB", 1024**3), ("0.0001k", Fraction(1, 10)), ("2.50", Fraction(5, 2)), ("2.0", 2), ("007", 7),
        ("C*H+W", 152), ("@y.C", 4), ("@y.H//4", 1), ("@x", "the tensor x"), ("?", None), ("yes", True), ("NO", False),
        ("relu", Word("relu")), ("3x5", Size((3, 5))), ("(a, ?, b)", Size((3, None, -2))), ("0:1x2", Size((Pair(0, 1), 2))),
        ("a:b", Pair(3, -2)), ("(0:1, 2)", Size((Pair(0, 1), 2))), ("min(3,1,2)", 1), ("max(c)", Fraction(1, 3)),
        ("abs(b)", 2), ("floor(third)", -3), ("ceil(third)", -2), ("round(third)", -2), ("round(2.5)", 3), ("round(2.4)", 2), ("round(0-2.5)", -2), ("divisible(33, 8)", 32),
        ("+a", 3), ("not on", False), ("relu == word", True), ("relu != gelu", True), ("size == 3x5", True),
        ("size != (3, 5)", False), ("pair == pair", True), ("on == (1 < 2)", True), ("on != off", True), ("a == 3.0", True), ("2**199 == big", True),
        ("0**0", 1), ("1**(10**20)", 1), ("b**-1", Fraction(-1, 2)), ("(0-1)**(10**20+1)", -1), ("c**2", Fraction(1, 9)),
        ("2**-3", Fraction(1, 8)), ("c**-2", 9), ("zero**5", 0), ("(1/2)**3", Fraction(1, 8)), ("bigger - big", 2**199 - 1),
    ],
)  # fmt: skip
def test_values(text, expected):
    got = worked_out(text)
    assert (got, type(got)) == (expected, type(expected))


def test_a_shape_with_an_at_says_so():
    assert worked_out("3@8").at is True
    assert worked_out("3x8").at is False


@pytest.mark.parametrize(
    ("text", "where", "message", "help"),
    [
        ("1/0", "0", "division by zero", None),
        ("5//zero", "zero", "division by zero", None),
        ("5%(a-3)", "(a-3)", "division by zero", None),
        ("0**-1", "0**-1", "division by zero", None),
        ("2**c", "c", "an exponent is a whole number, not 1/3", None),
        ("2**200", "2**200", "the number has over 200 bits", None),
        ("bigger + 1", "1", "the number has over 200 bits", None),
        ("bigger + c", "c", "the number has over 200 bits", None),
        ("big * 2", "2", "the number has over 200 bits", None),
        ("1/big/2", "2", "the fraction is too long to work with", None),
        ("3**(10**30)", "3**(10**30)", "the number has over 200 bits", None),
        ("2**-200", "2**-200", "the fraction is too long to work with", None),
        ("(1/3)**(10**9)", "(1/3)**(10**9)", "the number has over 200 bits", None),
        ("9**9**9", "9**9**9", "the number has over 200 bits", None),
        ("relu + 1", "relu", "a number is needed here, not the word 'relu'", "no variable is called 'relu'"),
        ("1 + on", "on", "a number is needed here, not the flag yes", None),
        ("-size", "size", "a number is needed here, not the size 3x5", None),
        ("1 + @x", "@x", "a number is needed here, not a tensor", None),
        ("not a", "a", "a condition is yes or no, not 3", "compare it: for example '… != 0'"),
        ("not c", "c", "a condition is yes or no, not 1/3", "compare it: for example '… != 0'"),
        ("on and relu", "relu", "a condition is yes or no, not the word 'relu'", "no variable is called 'relu'"),
        ("size or on", "size", "a condition is yes or no, not the size 3x5", None),
        ("(3, relu)", "relu", "a size is made of numbers, not the word 'relu'", "no variable is called 'relu'"),
        ("(on, 3)", "on", "a size is made of numbers, not the flag yes", None),
        ("(3, size)", "size", "a size is made of numbers, not the size 3x5", None),
        ("on:3", "on", "a number is needed here, not the flag yes", None),
        ("1 == relu", "relu", "unknown name 'relu'", "no variable is called 'relu'"),
        ("relu == 1", "relu", "unknown name 'relu'", "no variable is called 'relu'"),
        ("relu == nonsense", "nonsense", "this word means nothing", None),
        ("nonsense != relu", "nonsense", "this word means nothing", None),
        ("on == 1", "on == 1", "the flag yes and 1 cannot be compared", None),
        ("size == 3", "size == 3", "the size 3x5 and 3 cannot be compared", None),
        ("a < relu", "relu", "'<' compares numbers, not the word 'relu'", "no variable is called 'relu'"),
        ("on >= 1", "on", "'>=' compares numbers, not the flag yes", None),
        ("a > size", "size", "'>' compares numbers, not the size 3x5", None),
        ("pair <= a", "pair", "'<=' compares numbers, not the pair 1:2", None),
        ("1 + sum(1, 2)", "sum(1, 2)", "no such function here", None),
        ("round(1, 2)", "round(1, 2)", "round takes 1 number, not 2", None),
        ("divisible(1)", "divisible(1)", "divisible takes 2 numbers, not 1", None),
        ("divisible(1, 2, 3)", "divisible(1, 2, 3)", "divisible takes 2 numbers, not 3", None),
        ("divisible(5, zero)", "divisible(5, zero)", "divisible needs a divisor over 0", None),
        ("divisible(5, b)", "divisible(5, b)", "divisible needs a divisor over 0", None),
        ("max(1, on)", "on", "a number is needed here, not the flag yes", None),
        ("divisible(bigger, big)", "divisible(bigger, big)", "the number has over 200 bits", None),
    ],
)  # fmt: skip
def test_what_cannot_be_worked_out(text, where, message, help):
    with pytest.raises(EvaluationError) as caught:
        worked_out(text)
    error = caught.value
    assert (error.message, error.help, str(error)) == (message, help, message)
    assert text[error.node.start : error.node.end] == where


def test_functions_of_others_are_asked_for_by_name():
    assert worked_out("1 + twice(nonsense, 2)") == 5


def test_what_failed_before_is_not_told_again():
    for text in ("failed + 1", "(failed, 3)", "max(failed, 1)", "on and failed", "failed:3", "-failed", "failed == 1"):
        with pytest.raises(Unresolved):
            worked_out(text)


def test_what_is_not_reached_is_not_worked_out():
    assert worked_out("on or failed") is True
    assert worked_out("off and failed") is False
    assert worked_out("off or on or failed") is True


@pytest.mark.parametrize("text", ["a", "1", "c"])
def test_a_number_is_asked_for(text):
    assert number(value(text, 0), Names()) == worked_out(text)
    with pytest.raises(EvaluationError):
        flag(value(text, 0), Names())


@pytest.mark.parametrize("text", ["on", "a < 3"])
def test_a_flag_is_asked_for(text):
    assert flag(condition(text, 0), Names()) is worked_out(text)
    with pytest.raises(EvaluationError):
        number(condition(text, 0), Names())


@pytest.mark.parametrize(("sign", "compare"), [("<", operator.lt), ("<=", operator.le), (">", operator.gt), (">=", operator.ge), ("==", operator.eq), ("!=", operator.ne)])  # fmt: skip
@pytest.mark.parametrize("right", [2, 3, 4])
def test_comparisons(sign, compare, right):
    assert worked_out(f"a{sign}{right}") is compare(3, right)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("3", True), ("yes", True), ("?", True), ("3x5", True), ("3x?", True), ("0:1", True), ("(0:1, 2)", True), ("2.5", True),
     ("a", False), ("(3, a)", False), ("a:1", False), ("1:a", False), ("1+1", False), ("-1", False), ("max(1)", False), ("@x", False)],
)  # fmt: skip
def test_a_constant_means_the_same_everywhere(text, expected):
    assert constant(value(text, 0)) is expected
