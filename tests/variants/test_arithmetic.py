"""What is calculated with numbers of many variants at once is, for each, what Python's own numbers give."""

import ast
import random
from fractions import Fraction
from math import ceil, floor, prod, trunc

import numpy as np
import pytest

from cnncalc.values import is_traced, largest, less, lifted, quotient, smallest
from cnncalc.variants.arrays import Arrays
from cnncalc.variants.chunks import box_of, chunks
from cnncalc.variants.groups import Box, Groups
from cnncalc.variants.numbers import exact
from cnncalc.variants.space import Axis, Space
from cnncalc.variants.texts import filled
from cnncalc.variants.trace import DecisionTrace
from cnncalc.variants.tracing import CandidateAnswer, SweepQuestion, Tracer, traced_values

NAMES = {
    "abs": abs, "ceil": ceil, "floor": floor, "trunc": trunc, "round": round, "divmod": divmod, "pow": pow, "int": int,
    "float": float, "bool": bool, "hash": hash, "str": str, "format": format, "isinstance": isinstance, "sum": sum,
    "largest": largest, "smallest": smallest, "less": less, "quotient": quotient, "lifted": lifted, "F": Fraction,
    "range": range, "Fraction": Fraction, "prod": prod, "list": list,
}  # fmt: skip

WHOLE = {"a": range(-4, 6), "b": range(-3, 5), "c": range(1, 8)}
PARTS = {
    "a": range(-3, 4),
    "p": [
        -2,
        Fraction(-3, 2),
        Fraction(-2, 3),
        Fraction(-1, 6),
        0,
        Fraction(1, 3),
        Fraction(1, 2),
        1,
        Fraction(7, 6),
        2,
    ],
    "q": [Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), 1, Fraction(5, 4), Fraction(3, 2), 2],
}
HUGE = {"a": [-(10**25), -(2**63), -(2**62), -1, 0, 3, 2**31, 2**62 - 1, 2**62, 2**63, 10**20],
        "b": [-(2**62), -7, -1, 1, 2, 2**40, 2**61, 10**19], "c": [1, 2, 4, 3 * 2**40]}  # fmt: skip
MANY = {"a": range(1, 28), "b": range(2, 20), "c": range(0, 11)}

#: Expressions in a, b and c, which are whole.
OF_WHOLE = """
a+b | a-b | a*b | -a | +a | 3-a | 3*a | a-3 | a+True | b*0 | a-a | a*2-a-a+5
a//c | a//3 | a//-3 | a%c | a%3 | a%-3 | -a//4 | (6*a+4)//2 | (6*a+5)//4 | (4*a+6*b+3)//8 | (4*a+5)//8 | (a*c+c)//c
(a*b*c)//(b*c) if b else 1 | (6*a*c+4*b*c)//(2*c) | (6*a*c+3*b*c)//(2*c) | (a*c+1)//c | 7//c | 17%c | -17%c | divmod(a, c) | divmod(17, c)
a//b | 5%b | a%b | divmod(a, b) | (a+c)//(b+c)
largest(a, b) | smallest(a, b) | largest(a, 2, c) | smallest(a, 2, c) | largest(a, a+1, a-c) | smallest(a, a+1, c+9) | largest(2*a, 3*a)
largest(a, F(1, 2)) | smallest(F(5, 2), a) | smallest(c, 9) | largest(c, 0) | largest(a, b, c, a+b-c, a*b) - smallest(a, b, c, a+b-c, a*b)
abs(a) | abs(c) | abs(-c) | abs(a*b-c) | less(a, b) | less(2, c) | less(c, 2) | less(0, c) | less(c, 0) | less(c, F(3, 2)) | less(F(3, 2), a)
(a-b).bit_length() if isinstance(a-b, int) else 0 | c.bit_length() | (c*1000).bit_length()
a**2 | a**0 | c**3-a**2 | 2**c | (a+b)**3 | (a-c)**2*(b+1)**2
a<b | a<=b | a>b | a>=b | a==b | a!=b | a<2 | 2<a | 2>=a | a==2 | a!=2 | 2==a | a=="two" | a!=None | a<F(1, 2) | a==F(1, 2) | a>=F(7, 3)
1 if a else 2 | 1 if a-b else 2 | 1 if c else 2 | 1 if a*b-6 else 2 | 1 if -a<0 else 2 | 3 if a-b==0 else 4 if b-a<0 else 5
5 if a+b<c else 6 if a-b==c else 7 | a if a<b else b if b<c else c | (1 if a==b else 2)+(10 if b==a else 20)
int(a)+b | range(c)[-1] | sum(range(c)) | [10, 20, 30, 40, 50, 60, 70][c-1] | float(c)/2 | round(a) | ceil(a) | floor(a) | trunc(a) | round(c, 2)
a.numerator | a.denominator | a.as_integer_ratio() | c/2 | c/4*2 | 6*c/3 | a/c | (a*c)/c | 6/c | quotient(a, c) | quotient(6, c) | quotient(6*c, 3) | a/b | 6/b | 0/c
a+F(1, 2) | lifted(F(1, 2), a)+a | a-F(1, 2) | lifted(F(7, 2), a)-a | a*F(3, 4) | lifted(F(3, 4), a)*a | a//F(3, 2) | lifted(F(7, 2), c)//c | lifted(F(7, 2), c)%c | a%F(3, 2) | a/F(3, 2) | F(3, 2)/c | lifted(F(3, 2), b)/b
f"{a}" | f"{c:,}" | f"{a*1000:,} and {b}" | f"{c:05d}" | str(a*b) | format(a-b, ",")
a*b*c+a*b-b*c+7*a-c+3 | (a+b+c)*(a-b+c)*(a+b-c) | (a+1)*(b+1)*(c+1)*(a+b) | prod([a+b, b+c, c+a, a-7])
(a+b*c)**2//c - largest(a, b)*smallest(b, c) + abs(a-b)%c | (largest(a, b)+c)//2*(smallest(a, b)-c)
""".replace("\n", " | ").strip(" |").split(" | ")  # fmt: skip

#: Expressions in a, which is whole, and in p and q, which need not be.
OF_PARTS = """
p+q | p-q | p*q | p/q | p//q | p%q | -p | +p | abs(p) | p+a | a+p | p-a | a-p | p*a | a*p | p/2 | p*12 | p*6-3 | q+q+q+q | 2/q | a/q | p/a | q//a | a//q | a%q | 3//q | 3%q
lifted(F(1, 3), p)+p | p-F(1, 3) | lifted(F(1, 3), p)-p | p*F(6, 5) | p/F(2, 3) | F(2, 3)/q | p//F(2, 3) | lifted(F(2, 3), q)//q | p/-2 | 2/-q | a/-q
p<q | p<=q | p>q | p>=q | p==q | p!=q | p<1 | p==1 | 1<p | p>=F(1, 2) | p==F(1, 2) | a<p | a==p | p==a | p=="half" | p!=None | p==True
floor(p) | ceil(p) | trunc(p) | floor(p*q) | ceil(p*q-a) | int(p) | round(q*4) | float(q) | 1 if p else 2 | 1 if p-q else 2
isinstance(p, int) | p.numerator | p.denominator | q.numerator+q.denominator | (p*q).numerator | (q/3).denominator | prod(q.as_integer_ratio()) if 0 else 1
largest(p, a) | smallest(p, q, 1) | less(p, q) | less(p, 1) | less(1, q) | p**2 | q**3 | q**-1 | q**0 | divmod(p, q) | divmod(3, q)
str(p) | f"{q:,}" if isinstance(q, int) else f"{q}" | f"{q}" | f"{p*6}" | list(range(5))[q] if isinstance(q, int) and q<5 else 9 | p if isinstance(p, int) else q | (p+q)*12 | (p+q)*12//5 | p+q-p | p*q/q
""".replace("\n", " | ").strip(" |").split(" | ")  # fmt: skip


class _Exact(ast.NodeTransformer):
    """Quotients are exact, as in specs."""

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if isinstance(node.op, ast.Div):
            return ast.Call(ast.Name("quotient", ast.Load()), [node.left, node.right], [])
        return node


class Calculation(Tracer):
    """Works out an expression in place of a network."""

    def __init__(self, text, varied):
        super().__init__(
            None, Space([Axis(name, tuple(values)) for name, values in varied.items()]), SweepQuestion((), ())
        )
        tree = ast.fix_missing_locations(_Exact().visit(ast.parse(text, text, "eval")))
        self.code = compile(tree, text, "eval")

    def value(self, values):
        try:
            return eval(self.code, {**NAMES, **values})
        except ZeroDivisionError:
            return "divided by zero"

    def __call__(self, words, places):
        self.count += 1
        trace = DecisionTrace(self.expressions)
        value = self.value(traced_values(self.space, trace, places))
        return trace.decided, CandidateAnswer((value,), True)


def values_in(group):
    """The values of an answer, one a candidate."""
    (value,) = group.answer.values
    if is_traced(value):
        return exact(group, value)
    if isinstance(value, str):
        return [filled(value, group, place) for place in range(len(group.indices))]
    if type(value) in (bool, float):
        return [value] * len(group.indices)
    return exact(group, value)


def worked_out(calculation, groups):
    found = {}
    for group in groups:
        found.update(zip(group.indices.tolist(), values_in(group), strict=True))
    return found


def plainly(calculation):
    space = calculation.space
    return {index: calculation.value(space.settings(index)) for index in range(space.size)}


def everything(space):
    return Box(tuple(np.arange(size) for size in space.shape))


def check(text, varied):
    calculation = Calculation(text, varied)
    expected = plainly(calculation)
    assert worked_out(calculation, Groups(calculation).of((), everything(calculation.space))) == expected
    some = np.array(random.Random(text).sample(range(len(expected)), len(expected) // 3))
    found = worked_out(calculation, Groups(calculation).of_scattered((), some))
    assert found == {index: expected[index] for index in some.tolist()}
    groups = Groups(calculation)
    plans, columns = groups.plans, groups._columns(everything(calculation.space))
    for one in calculation.expressions.all:
        values = np.broadcast_to(Arrays(plans, columns).value(one), calculation.space.shape)
        assert one.low <= values.min()
        assert values.max() <= one.high
        assert one.axes or one.low == one.high


@pytest.mark.parametrize("text", OF_WHOLE)
def test_whole_numbers(text):
    check(text, WHOLE)


@pytest.mark.parametrize("text", OF_PARTS)
def test_numbers_that_need_not_be_whole(text):
    check(text, PARTS)


@pytest.mark.parametrize(
    "text", [one for one in OF_WHOLE if not any(word in one for word in ("**", "range", "[", "float", ":05"))]
)
def test_numbers_beyond_64_bits(text):
    check(text, HUGE)


#: What is written in two ways, and is one expression in a normal form.
EQUAL = """
(a+b)*(a-b) == a*a-b*b | (6*a+4)//2 == 3*a+2 | (6*a+5)//2 == 3*a+2 | (4*a+5)//8 == (a+1)//2 | (a*c)//c == a | (6*a*c+4*b*c)//(2*c) == 3*a+2*b
(4*a+6*b+3)//8 == (2*a+3*b+1)//4 | (8*a+b)//4 == 2*a+b//4 | (8*a+b+9)//4 == 2*a+(b+1)//4+2 | (a-b)//-2 == (b-a)//2 | (3*a+7)//1 == 3*a+7 | (6*a+6)//4 == (3*a+3)//2
largest(a, a+1) == a+1 | smallest(a, a+1) == a | largest(c, 0) == c | largest(c+9, a) == c+9 | smallest(c+9, a) == a | largest(a, 5) == 5 | largest(a, b) == largest(b, a)
largest(a, b, a+1, b-1) == largest(a+1, b) | smallest(a, b, a+1, b-1) == smallest(a, b-1) | largest(a, a) == a | largest(2*c, c) == 2*c | smallest(2*c, c) == c
abs(c) == c | abs(-c) == c | abs(c-9) == 9-c | less(c, 1) == 0 | less(0, c) == 1 | less(c, 8) == 1 | less(a, b) == less(a-b, 0) | a-a == 0 | a*0 == 0 | (a+b)-b == a | 2*a/2 == a | 6*a/3 == 2*a
(a+1)**2 == a*a+2*a+1 | a%c == a-a//c*c | --a == a | divmod(a, c)[0] == a//c
""".replace("\n", " | ").strip(" |").split(" | ")  # fmt: skip


@pytest.mark.parametrize("text", EQUAL)
def test_expressions_in_a_normal_form(text):
    calculations = [Calculation(side, WHOLE) for side in text.split(" == ")]
    values = traced_values(calculations[0].space, DecisionTrace(calculations[0].expressions), (0, 0, 0))
    left, right = (one.value(values) for one in calculations)
    assert getattr(left, "polynomial", left) == getattr(right, "polynomial", right)


#: How many candidates are built, where the others follow from them.
BUILT = {
    "a*b//c": 1, "largest(a, b)": 1, "a%c": 1, "less(a, b)": 1, "1 if a else 2": 2, "a<b": 2, "a<=b": 2, "a==b": 2, "c>0": 1, "c>1": 2,
    "c<8": 1, "c==0": 1, "c==8": 1, "a<6": 1, "a>-4": 2, "a<-4": 1, "3 if a<b else 4 if a==b else 5": 3, "(a<b)+(b>a)": 2,
    "(a==b)+(b==a)+(a-b==0)+(2*a==2*b)": 2, "int(c)": 7, "int(c)+int(c)": 7, "int(c-c+2)": 1, "a//b": 2, "7%b": 2, "str(a)": 1, "c/2": 1, "isinstance(c/2, int)": 2,
    "(1 if c/2==1 else 2)": 2, "bool(c)": 1, "bool(a)": 2, "c!=0": 1, "abs(c)+abs(-c)": 1, "(a+b).bit_length()": 1, "a-a<0": 1,
}  # fmt: skip


@pytest.mark.parametrize("text", BUILT)
def test_as_few_candidates_are_built_as_decide_otherwise(text):
    calculation = Calculation(text, WHOLE)
    for _ in Groups(calculation).of((), everything(calculation.space)):
        pass
    assert calculation.count == BUILT[text]


@pytest.mark.parametrize("text", [
    "(a+1)*(b+2)*(c+3)*(a+b+c)", "(a+b+c+1)**6", "sum((a+i)*(b+i)*(c+i)//(i+2) for i in range(40))", "a//3*b+c*(a-5)//7", "largest(a*b, 9*c, a+40)", "a*b-c*9 if a*b>c*9 else c",
    "sum(largest(a, b+i) for i in range(9))", "c//5 if a%2==0 and b%3 else a", "(a*c+b)//(c+1)", "smallest(a, b)*2**61",
])  # fmt: skip
def test_many_candidates_in_boxes_and_chunks(text):
    calculation = Calculation(text, MANY)
    expected = plainly(calculation)
    groups = Groups(calculation)
    assert worked_out(calculation, groups.of((), everything(calculation.space))) == expected
    for size in (90, 3000):
        found = {}
        for chunk in chunks(calculation.space, size):
            found |= worked_out(calculation, groups.of((), box_of(calculation.space, chunk)))
        assert found == expected


def test_a_sum_of_very_many_terms():
    calculation = Calculation(
        "sum((a+i)//(2*i+3) * ((b+i)//(i+2)) for i in range(700)) - 3", {"a": range(5), "b": range(4)}
    )
    assert worked_out(calculation, Groups(calculation).of((), everything(calculation.space))) == plainly(calculation)
