"""Text -> tree: the specs and lines of trees.txt and faults.txt, whole, and what holds for all of them."""

import pytest

from cnncalc.diagnostics import Source
from cnncalc.spec import nodes, parse
from cnncalc.spec.expressions import MAX_TOKENS, argument, condition, constant, value
from cnncalc.spec.headers import read_header
from cnncalc.spec.parser import MAX_LEVELS
from cnncalc.spec.rows import MAX_ERRORS, MAX_LINE, read_content
from cnncalc.spec.words import Fault
from spec.notation import FAULTS, TREES, body, outcome, statement, tree

MODEL = "model.txt"


def faults(text):
    """Place, code and message of every fault."""
    found = parse(Source(MODEL, text))[1]
    return [(one.span.line, one.span.column, one.span.end_column, one.code, one.message) for one in found]


def statements(text):
    program, found = parse(Source(MODEL, text))
    assert found == []
    return program.body


@pytest.mark.parametrize(
    ("title", "spec", "expected"), TREES.cases(), ids=lambda one: None if isinstance(one, list) else ""
)
def test_a_spec_is_read_as_recorded(title, spec, expected):
    assert TREES.outcome(spec) == [line for line in expected if line]


@pytest.mark.parametrize(
    ("title", "spec", "expected"), FAULTS.cases(), ids=lambda one: None if isinstance(one, list) else ""
)
def test_a_line_is_read_as_recorded(title, spec, expected):
    assert FAULTS.outcome(spec) == expected


def test_the_recorded_files_hold_every_statement_and_many_faults():
    said = "\n".join(line for _, _, lines in TREES.cases() for line in lines)
    kinds = [kind.__name__.lower() for kind in nodes.Node.__args__]
    assert [kind for kind in kinds if f" {kind}" not in said] == []
    assert len(FAULTS.cases()) > 250


# --- places -----------------------------------------------------------------------------------------


def expressions(node):
    """All expressions in a node, at any depth."""
    if isinstance(node, nodes.Expr.__args__):
        yield node
    if isinstance(node, tuple):
        for item in node:
            yield from expressions(item)


def contents(body):
    """Every statement, deep."""
    for stmt in body:
        yield stmt
        yield from contents(stmt.body)


def all_statements():
    for _, spec, _ in TREES.cases():
        source = Source(MODEL, spec)
        for stmt in contents(parse(source)[0].body):
            yield stmt, source.line(stmt.line)[stmt.indent :].replace("×", "x").replace("\u00a0", " ")


def test_every_expression_stands_where_its_columns_say():
    """What stands there, read by itself, is the same expression."""
    count = 0
    for stmt, text in all_statements():
        for expr in expressions(stmt.node):
            written = text[expr.start : expr.end]
            grouped = isinstance(stmt.node, nodes.Require) and "," in written
            if isinstance(expr, nodes.Every):
                assert written == "*"
                continue
            again = argument(written, 0) if isinstance(expr, nodes.ListTree) else (
                condition(written, 0, grouped=True) if grouped else value(written, 0, units=True)
            )  # fmt: skip
            assert tree(again) == tree(expr), text
            assert (again.start, again.end) == (0, len(written))
            count += 1
    assert count > 400


def test_every_statement_and_element_stands_where_its_columns_say():
    for stmt, text in all_statements():
        node = stmt.node
        if isinstance(node, nodes.Path):
            assert (text[0], node.start, node.end) == ("-", 0, 1)
            continue
        if isinstance(node, nodes.Broken):
            continue
        code = text[node.start : node.end]
        again = read_header(code, code.split("(")[0].split()[0]) if isinstance(node, HEADERS) else None
        if isinstance(node, nodes.If):
            assert node.start == 0
            continue
        if not isinstance(node, nodes.Model):
            assert statement(again or read_content(code)) == statement(node)
        for element in node.elements if isinstance(node, nodes.Line) else ():
            if element.pasted is None:
                (alone,) = read_content(text[element.start : element.end]).elements
                assert statement(nodes.Line(None, (alone,), None, 0, 1)) == statement(
                    nodes.Line(None, (element,), None, 0, 1)
                )
            else:
                assert text[element.start :].startswith(element.pasted)
        for arg in getattr(node, "args", ()):
            assert text[arg.start : arg.end] == (f"{arg.key}=" if arg.key else "") + arg.text
        for param in getattr(node, "params", ()):
            assert text[param.start : param.end].startswith("@" * param.tensor + param.name)


HEADERS = nodes.Stage | nodes.Head | nodes.Repeat | nodes.Branch | nodes.Block | nodes.Merge


@pytest.mark.parametrize(
    "line",
    [
        "let   width = 3",
        "stage  width:",
        "head\twidth train:",
        "repeat 3 as  width:",
        "block  width(a):",
        "block width:",
    ],
)
def test_a_name_stands_where_its_column_says(line):
    node = parse(Source(MODEL, f"{line}\n    relu\n"))[0].body[0].node
    assert node.name_at == line.index("width")


def test_arguments_and_arrows_stand_where_their_columns_say():
    (stmt,) = statements("conv 64 3 stride=2  ->  64x8x8")
    line = stmt.node
    assert [(arg.start, arg.end, arg.key, arg.text) for arg in line.elements[0].args] == [
        (5, 7, None, "64"), (8, 9, None, "3"), (10, 18, "stride", "2"),
    ]  # fmt: skip
    assert (line.start, line.end, line.elements[0].start, line.elements[0].end) == (0, 30, 0, 18)
    assert (line.arrow.start, line.arrow.end) == (20, 30)


def test_an_element_is_constant_where_all_its_arguments_are():
    for stmt, _ in all_statements():
        for element in stmt.node.elements if isinstance(stmt.node, nodes.Line) else ():
            assert element.constant is all(constant(arg.value) for arg in element.args)
            assert [arg.constant for arg in element.args] == [constant(arg.value) for arg in element.args]


def test_parameters_stand_where_their_columns_say():
    text = "block b( a, bb = 2,@x ):\n    relu"
    params = statements(text)[0].node.params
    assert [text[one.start : one.end] for one in params] == ["a", "bb = 2", "@x"]
    assert [tree(one.default) if one.default else None for one in params] == [None, "2", None]


# --- lines ------------------------------------------------------------------------------------------


def test_equal_lines_share_a_node():
    one, two, three, four = statements("relu\nstage a:\n    relu\nrelu  # said again\nrelu\r\n")
    assert one.node is three.node is four.node is two.body[0].node


def test_a_line_that_cannot_be_read_is_told_of_each_time():
    assert [line for line, *_ in faults("conv 3,\nconv 3,\n")] == [1, 2]


@pytest.mark.parametrize("extra", [0, 1])
def test_the_longest_line(extra):
    text = "relu" + " " * (MAX_LINE - 4 + extra)
    message = "this line has 1,000,001 characters; no more than 1,000,000 are read"
    assert faults(text) == [(1, 1, 2, "too-large", message)] * extra
    assert [statement(stmt.node) for stmt in parse(Source(MODEL, text))[0].body] == [["line relu", "broken"][extra]]


def test_only_the_start_of_a_line_too_long_says_what_it_would_have_made():
    (stmt,) = parse(Source(MODEL, "y = relu" + " " * MAX_LINE))[0].body
    assert ([name.id for name in stmt.node.names], stmt.node.end) == (["y"], 100)


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_reading_stops_after_many_errors(extra):
    found = faults("conv 3,\n" * (MAX_ERRORS + extra))
    assert len(found) == min(MAX_ERRORS + extra, MAX_ERRORS) + (extra >= 0)
    last = (MAX_ERRORS, 7, 8, "too-many-errors", "more than 1000 errors: reading stops here")
    assert (found[-1] == last) is (extra >= 0)
    program = parse(Source(MODEL, "conv 3,\n" * (MAX_ERRORS + extra)))[0]
    assert len(program.body) == (0 if extra >= 0 else MAX_ERRORS - 1)


def test_faults_come_in_the_order_of_the_file():
    found = faults("add:\n    relu\nconv 3,\nstage a:\nconv 1.2.3 x=\n- relu\n")
    assert [place for place, *_ in found] == [2, 3, 4, 5]  # the path may belong to what could not be read
    assert found == sorted(found)


# --- bodies -----------------------------------------------------------------------------------------


def nested(levels, header="if C:"):
    return "".join(f"{' ' * level}{header}\n" for level in range(levels)) + " " * levels + "relu\n"


def test_bodies_are_nested_so_deep_and_no_deeper():
    assert faults(nested(MAX_LEVELS)) == []
    message = "bodies are nested deeper than 60 levels"
    assert faults(nested(MAX_LEVELS + 1)) == [(61, 61, 66, "too-deep", message)]
    assert faults(nested(MAX_LEVELS + 3)) == [(61, 61, 66, "too-deep", message)]
    lines = body(parse(Source(MODEL, nested(MAX_LEVELS + 3) + "tanh\n"))[0].body)
    assert lines[-2:] == ["  " * 120 + "61:61 broken", "65:1 line tanh"]  # an if is a statement, and its branch another


def test_merges_are_nested_so_deep_and_no_deeper():
    def merges(levels):
        return (
            "".join(f"{' ' * (4 * level - 2)}{'- ' * (level > 0)}add:\n" for level in range(levels))
            + " " * (4 * levels - 2)
            + "- relu\n"
        )

    assert faults(merges(MAX_LEVELS)) == []
    assert [code for *_, code, _ in faults(merges(MAX_LEVELS + 1))] == ["too-deep"]


def test_steps_to_the_right_without_headers_are_nested_so_deep_and_no_deeper():
    found = faults("".join(f"{' ' * level}relu\n" for level in range(130)) + "tanh\n")
    assert {code for *_, code, _ in found} == {"indentation", "too-deep"}
    assert [one for one in found if one[3] == "too-deep"] == [
        (121, 121, 125, "too-deep", "indented deeper than 60 levels")
    ]
    assert len(found) == 121
    program = parse(Source(MODEL, "".join(f"{' ' * level}relu\n" for level in range(130)) + "tanh\n"))[0]
    assert statement(program.body[-1].node) == "line tanh"


def test_the_statements_that_are_no_layer_lines_are_at_hand():
    program = parse(Source(MODEL, "input 3x8x8\nrelu\nlet a = 3\ny = relu\nstage a:\n    let b = 3\n"))[0]
    assert [statement(stmt.node) for stmt in program.others] == ["input (x 3 8 8) <3x8x8>", "let a = 3", "stage a"]


# --- limits of expressions --------------------------------------------------------------------------


@pytest.mark.parametrize("extra", [0, 1])
def test_the_longest_expression(extra):
    text = "1" + "+1" * ((MAX_TOKENS - 1) // 2) + "+" + "1" * extra  # the last sign stands alone, or is one too many
    with pytest.raises(Fault) as caught:
        value(text, 5)
    at = MAX_TOKENS + 5
    expected = (
        ("an expression of over 1,000 words and signs", at, at + 1)
        if extra
        else ("a value is missing at the end", at, at + 1)
    )
    assert (caught.value.message, caught.value.start, caught.value.end) == expected


@pytest.mark.parametrize(("open", "close"), [("(", ")"), ("-", ""), ("not ", ""), ("min(", ")"), ("2**", "")])
def test_the_deepest_expression(open, close):
    levels = {"(": 59, "min(": 59, "2**": 59, "-": 59, "not ": 59}[open]
    assert value(open * levels + "1" + close * levels, 0) is not None
    with pytest.raises(Fault, match="nested deeper than 60 levels") as caught:
        value(open * (levels + 1) + "1" + close * (levels + 1), 0)
    assert caught.value.code == "too-deep"


@pytest.mark.parametrize(
    ("text", "count"),
    [("1x1x1x1x1x1x1x1", 8), ("1@1x1x1x1x1x1x1", 8), ("(1,1,1,1,1,1,1,1)", 8), ("1:1x1x1x1x1x1x1x1", 8)],
)
def test_the_longest_size(text, count):
    assert len(value(text, 0).items) == count


def test_a_fault_has_at_least_one_column():
    assert (Fault("…", 3, 3).start, Fault("…", 3, 3).end, Fault("…", 3, 5).end) == (3, 4, 5)


def test_a_spec_is_read_whatever_stands_in_it():
    assert outcome("\ufeff") == outcome("\ufeff")  # what a byte-order mark is, readers of files say


def test_equal_arguments_are_one():
    """Of a hundred thousand lines that all differ, the arguments are most."""
    lines = statements("conv 8 3 pad=1\nconv 9 3 pad=1\nconv 16 3 pad=1")
    first, second, third = (stmt.node.elements[0].args for stmt in lines)
    assert [a is b for a, b in zip(first, second, strict=True)] == [False, True, True]
    assert not any(a is b for a, b in zip(second, third, strict=True))  # one column further on
    assert [a.value for a in second[1:]] != [a.value for a in third[1:]]
