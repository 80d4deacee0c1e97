"""What expressions are made of."""

import pytest

from cnncalc.spec.expressions import value
from cnncalc.spec.trees import operands
from spec.notation import tree


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a + b - 3", ["a", "b", "3"]), ("a or b or c", ["a", "b", "c"]), ("-a", ["a"]), ("(not a)", ["a"]), ("a**b", ["a", "b"]), ("a:b", ["a", "b"]),
     ("max(a, b*2)", ["a", "(b * 2)"]), ("(a, 3)", ["a", "3"]), ("3@5x?", ["3", "5", "?"]), ("a", []), ("3", []), ("yes", []), ("@x.C", []), ("?", [])],
)  # fmt: skip
def test_operands(text, expected):
    assert [
        tree(operand) for operand in operands(value(f"({text})" if " " in text and text[0] != "(" else text, 0))
    ] == expected
