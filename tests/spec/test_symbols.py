"""The names of a scope, found in the tree alone."""

import pytest

from cnncalc.diagnostics import Source
from cnncalc.spec import parse
from cnncalc.spec.symbols import MAX_RIVALS, declare, definitions, inputs, variables

SPEC = """\
left = input 3x8x8
let width = 8
y = conv width 3
relu
stage  stem:
    inside = relu
    z = add:
        - in_path = relu
        - repeat 3 as  i:
              let half = i
              in_repeat = relu
if width == 8:
    in_branch = relu
else:
    let other = 3
head mask train:
    in_head = relu
block b(c, @d):
    hidden = relu
    let also_hidden = 3
repeat 3:
    relu
w = relu relu=
let v = +
conv 3,
"""


def found(text):
    return list(definitions(parse(Source("model.txt", text))[0].body))


def test_every_name_of_the_scope_is_found_and_what_it_is_of():
    assert [(one.name, one.kind, one.stmt.line) for one in found(SPEC)] == [
        ("left", "input", 1), ("width", "variable", 2), ("y", "tensor", 3), ("stem", "stage", 5), ("inside", "tensor", 6),
        ("z", "tensor", 7), ("in_path", "tensor", 8), ("i", "loop variable", 9), ("half", "variable", 10),
        ("in_repeat", "tensor", 11), ("in_branch", "tensor", 13), ("other", "variable", 15), ("mask", "head", 16),
        ("in_head", "tensor", 17), ("w", "tensor", 23), ("v", "variable", 24),
    ]  # fmt: skip
    assert {one.kind for one in found(SPEC) if one.variable} == {"variable", "loop variable"}


def test_a_name_stands_where_its_columns_say():
    lines = SPEC.split("\n")
    for one in found(SPEC)[:-1]:
        content = lines[one.stmt.line - 1][one.stmt.indent :]
        assert content[one.start : one.end] == one.name


def clashes(text):
    return [(one.name, one.stmt.line, before) for one, before in declare(parse(Source("model.txt", text))[0].body)[1]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = relu\nx = relu\n", [("x", 2, 1)]),
        ("x = relu\nlet x = 3\n", []),
        ("let x = 3\nlet x = 4\nlet x = 5\n", [("x", 2, 1), ("x", 3, 1)]),
        ("x = input 3\nstage x:\n    relu\nhead x:\n    relu\n", [("x", 2, 1), ("x", 4, 1)]),
        ("x = add:\n    - x = relu\n    - relu\n", [("x", 2, 1)]),
        ("block b:\n    x = relu\nblock c:\n    x = relu\nx = relu\n", []),
        ("if a:\n    x = relu\nelse:\n    x = relu\n", []),
        ("if a:\n    x = relu\nelif b:\n    x = relu\nelse:\n    x = relu\n", []),
        ("if a:\n    x = relu\n    x = relu\n", [("x", 3, 2)]),
        ("if a:\n    x = relu\nif a:\n    x = relu\n", [("x", 4, 2)]),
        ("x = relu\nif a:\n    x = relu\nelse:\n    x = relu\n", [("x", 3, 1), ("x", 5, 1)]),
        (
            "if a:\n    if b:\n        x = relu\n    else:\n        x = relu\nelse:\n    x = relu\nx = relu\n",
            [("x", 8, 3)],
        ),
        ("if a:\n    repeat 2:\n        x = relu\nelse:\n    x = relu\n", []),
        ("repeat 2:\n    x = relu\nx = relu\n", [("x", 3, 2)]),
        ("repeat 2 as i:\n    relu\nrepeat 2 as i:\n    relu\n", []),
        ("repeat 2 as i:\n    repeat 2 as i:\n        relu\n", [("i", 2, 1)]),
        ("repeat 2 as i:\n    repeat 2 as j:\n        repeat 2 as i:\n            relu\n", [("i", 3, 1)]),
        ("repeat 2 as i:\n    if a:\n        repeat 2 as i:\n            relu\n", [("i", 3, 1)]),
        ("repeat 2 as i:\n    let i = 3\n", [("i", 2, 1)]),
        ("let i = 3\nrepeat 2 as i:\n    relu\n", [("i", 2, 1)]),
        ("x = relu a=\nx = relu\n", [("x", 2, 1)]),
    ],
)
def test_names_that_come_again(text, expected):
    assert clashes(text) == expected


def test_the_first_definition_of_each_name_is_at_hand():
    symbols, _ = declare(parse(Source("model.txt", "let x = 3\nx = relu\nx = tanh\n"))[0].body)
    assert {key: one.stmt.line for key, one in symbols.items()} == {("x", True): 1, ("x", False): 2}


@pytest.mark.parametrize("extra", [0, 1])
def test_so_many_branches_are_compared_and_no_more(extra):
    branches = "".join(f"{'el' * (n > 0)}if a == {n}:\n    x = relu\n" for n in range(MAX_RIVALS + extra))
    assert clashes(branches) == [("x", 2 * MAX_RIVALS + 2, 2)] * extra


def test_what_may_be_set_from_outside_and_what_comes_in():
    program = parse(Source("model.txt", SPEC + "input 1x1\nlet width = 3\n"))[0]
    assert variables(program) == ["width", "width"]
    assert [(name, stmt.line) for name, stmt in inputs(program)] == [("left", 1), (None, 26)]
