"""A fault is data: what its sentences speak of stands in fields, and who knows better words puts them in."""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc.cli.specs import OptionWording
from cnncalc.diagnostics import (
    ERROR,
    INPUT,
    TOO_MANY_LAYERS,
    VARIABLE,
    Diagnostic,
    Override,
    Source,
    Span,
    SpecError,
    Wording,
    exit_code,
)  # fmt: skip
from cnncalc.interpret.build import build, worded
from cnncalc.interpret.specification import of_requirement
from cnncalc.layers import LayerError
from cnncalc.spec import EvaluationError, evaluate
from cnncalc.spec.expressions import value
from cnncalc.values import sentence
from command_line import folder, run  # noqa: F401 -- fixtures
from interpret.test_diagnostics import ANSWERS
from robustness.broken import WRONG
from tests.helpers import PICTURE, fault, network

SPEC = "input 3x32x32\nlet width = 8\nconv width 3\n"
TWO = "a = input 3x32x32\nb = input 3x32x32\nx = @a | conv 3 1\ny = @b | conv 3 1\noutput x y\n"
AT = Span(Source("net.txt", SPEC), 3, 1, 13)


def refused(text: str = SPEC, **options: object) -> Diagnostic:
    """The one fault of what is overridden in `text`."""
    with pytest.raises(SpecError) as caught:
        network(text, **options)
    (diagnostic,) = caught.value.diagnostics
    return diagnostic


class TestShapes:
    """A layer's rule names shapes without knowing how they are spelled."""

    @pytest.mark.parametrize(("layout", "text"), [("chw", "3x224x200 fits"), ("hwc", "224x200x3 fits")])
    def test_a_sentence_is_spelled_in_a_layout(self, layout: str, text: str) -> None:
        assert sentence(((3, 224, 200), " fits"), layout) == text
        assert sentence("3x224x200", layout) == "3x224x200"
        assert sentence(("", (10,)), layout) == "10"

    def test_alone_it_is_channels_first(self) -> None:
        assert str(LayerError(("no vector, but ", (3, 8, 9)))) == "no vector, but 3x8x9"

    @pytest.mark.parametrize(
        ("line", "chw", "hwc"),
        [
            ("fc 10", "fc takes a vector or Cx1x1, not 3x8x9", "fc takes a vector or Cx1x1, not 8x9x3"),
            ("attention 1", "attention takes a sequence CxL, not 3x8x9", "attention takes a sequence CxL, not 8x9x3"),
            ("conv 8 3x3x3 pad=0", "but the input 3x8x9 has 2 spatial axes: a filter spans",
             "but the input 8x9x3 has 2 spatial axes: a filter spans"),
            ("maxpool 2x2x2", "has 3 numbers, but the input 3x8x9 has 2", "has 3 numbers, but the input 8x9x3 has 2"),
            ("conv 8 3 pad=causal", "time; the input 3x8x9 has 2", "time; the input 8x9x3 has 2"),
            ("conv1d 8 3", "fixes 1 spatial axis, but the input 3x8x9 has 2", "but the input 8x9x3 has 2"),
            ("reshape 5x5", "3x8x9 has 216 values, which", "8x9x3 has 216 values, which"),
            ("take 0:2 axis=D", "the input 3x8x9 has no axis D", "the input 8x9x3 has no axis D"),
        ],
    )  # fmt: skip
    def test_a_fault_is_said_in_the_layout_of_its_spec(self, line: str, chw: str, hwc: str) -> None:
        assert chw in fault(f"input 3x8x9\n{line}").message
        assert hwc in fault(f"layout hwc\ninput 8x9x3\n{line}").message


class TestWords:
    @pytest.mark.parametrize("text", ["2 * widht", "(widht, 3)", "not widht", "widht < 3", "widht == 3"])
    def test_an_unknown_word_is_a_field(self, text: str) -> None:
        class Words:
            def variable(self, node):
                from cnncalc.values import Word

                return Word(node.id)

            def check_word(self, node):
                """Every word may stay one."""

        tree = value(f"({text})" if text[0] != "(" else text, 0)
        with pytest.raises(EvaluationError) as caught:
            evaluate(tree, Words())
        assert caught.value.word == "widht"

    def test_a_fault_without_one_has_none(self) -> None:
        assert EvaluationError("division by zero", value("1", 0)).word is None

    @pytest.mark.parametrize(
        "line", ["let n = 2*widht", "conv (2*widht) 3", "if widht == 3:\n    relu", "repeat widht:\n    relu"]
    )
    def test_the_nearest_variable_is_suggested(self, line: str) -> None:
        assert fault(f"{PICTURE}let width = 64\n{line}").help == "did you mean 'width'?"

    @pytest.mark.parametrize(
        ("written", "help"),
        [
            ("7/2", "write 'conv 7 3 stride=2'"),  # a kernel and its stride, as papers write them
            ("half/1", "for a whole number divide with '//'"),
            ("half", "write 'divisible(half, 8)', the nearest multiple of 8, or 'round(half)'"),
        ],
    )
    def test_floor_division_is_advised_where_something_is_divided(self, written: str, help: str | None) -> None:
        assert fault(f"{PICTURE}let half = 7/2\nconv {written} 3").help == help


class TestOverrides:
    def test_the_core_speaks_of_variables_and_inputs(self) -> None:
        wrong = refused(settings={"width": "3 x"})
        assert wrong.override == Override(VARIABLE, "width", "3 x", "an operator is missing before 'x'")
        assert wrong.message == "variable 'width' = 3 x: an operator is missing before 'x'"
        assert refused(settings={"widht": "3"}).message == "variable 'widht': no top-level variable is called 'widht'"
        assert refused(inputs={None: "3,8,8"}).message == "input = 3,8,8: ',' outside parentheses"
        assert refused(inputs={None: "3,8,8"}).help == "write input = 3x8x8"
        assert refused(TWO, inputs={"a": "3,8,8"}).override[:3] == (INPUT, "a", "3,8,8")

    @pytest.mark.parametrize(
        ("options", "message", "help"),
        [
            ({"settings": {"widht": "3"}}, "--set widht: no top-level variable is called 'widht'", "did you mean 'width'?"),
            ({"settings": {"9": "3"}}, "--set 9=3: '9' is no name of a variable", "for example --set width=64"),
            ({"inputs": {None: "3,8,8"}}, "--input 3,8,8: ',' outside parentheses", "write --input 3x8x8"),
            ({"inputs": {None: "3x?x8"}}, "--input 3x?x8: an input has a whole shape, without '?'", None),
            ({"inputs": {None: "()"}}, "--input (): nothing but samples: a shape in brackets starts with them, "
             "[1,3,224,224], and a spec's has more", "for example --input 3x224x224"),
            ({"inputs": {None: "no"}}, "--input no: an input is a shape of whole numbers", "for example --input 3x224x224"),
            ({"inputs": {"c": "3x8x8"}}, "--input c=…: no input is called 'c'", "its inputs: input"),
        ],
    )  # fmt: skip
    def test_the_command_line_names_its_options(self, options: dict, message: str, help: str | None) -> None:
        with pytest.raises(SpecError) as caught:
            worded(OptionWording(), lambda: build(Source("net.txt", SPEC), **options))
        assert [(one.message, one.help) for one in caught.value.diagnostics] == [(message, help)]

    def test_of_several_inputs_the_one_is_named(self) -> None:
        wording = OptionWording()
        several = wording(refused(TWO, inputs={None: "3x8x8"}))
        assert (several.message, several.help) == ("--input: the spec has several inputs", "write --input a=SHAPE")
        assert wording(refused(TWO, inputs={"b": "3,8,8"})).help == "write --input b=3x8x8"

    def test_what_is_varied_is_named_so(self) -> None:
        wording = OptionWording(varied={"widht"})
        assert wording(refused(settings={"widht": "3"})).message.startswith("--vary widht: ")
        assert wording(refused(settings={"size": "3"})).message.startswith("--set size: ")

    @pytest.mark.parametrize(
        ("options", "message", "help"),
        [
            ({"settings": {"width": "3x"}}, "settings={'width': '3x'}: ", ""),
            ({"settings": {"widht": 3}}, "settings={'widht': …}: no top-level", "did you mean 'width'?"),
            ({"input": "3,8,8"}, "input='3,8,8': ',' outside", "write input='3x8x8'"),
            ({"input": {"c": "3x8x8"}}, "input={'c': …}: no input is called 'c'", "its inputs: input"),
        ],
    )  # fmt: skip
    def test_python_names_its_arguments(self, options: dict, message: str, help: str) -> None:
        with pytest.raises(SpecError) as caught:
            cnncalc.loads(SPEC, **options)
        (diagnostic,) = caught.value.diagnostics
        assert diagnostic.message.startswith(message)
        assert (diagnostic.help or "").startswith(help)
        assert str(caught.value).splitlines() == [
            diagnostic.message,
            *([f"  {diagnostic.help}"] if diagnostic.help else []),
        ]

    def test_a_warning_of_an_input_is_worded_too(self) -> None:
        (warning,) = cnncalc.loads(SPEC, input="32x32x3").diagnostics
        assert warning.message == "input='32x32x3': 32x32x3 is read as 32 channels of 32x3"
        (warning,) = worded(
            OptionWording(), lambda: build(Source("net.txt", SPEC), inputs={None: "32x32x3"})
        ).diagnostics
        assert warning.message == "--input 32x32x3: 32x32x3 is read as 32 channels of 32x3"

    def test_the_limit_of_layers(self) -> None:
        text = PICTURE + "repeat 3:\n    relu"
        assert [(one.code, one.help) for one in network(text, max_layers=2).diagnostics] == [(TOO_MANY_LAYERS, None)]
        source = Source("net.txt", text)
        assert (
            worded(OptionWording(), lambda: build(source, max_layers=2)).diagnostics[0].help
            == "--max-layers raises the limit"
        )
        with pytest.raises(SpecError) as caught:
            cnncalc.loads(text, max_layers=2)
        assert caught.value.diagnostics[0].help == "max_layers= raises the limit"

    def test_wording_leaves_other_faults_alone(self) -> None:
        other = Diagnostic(ERROR, "shape", "it does not fit", AT, "make it fit")
        assert Wording()(other) is other
        assert OptionWording()(other) is other

    def test_a_long_value_is_cut(self) -> None:
        assert len(refused(settings={"width": "9+" * 500}).message) < 200

    @pytest.mark.usefixtures("folder")
    @pytest.mark.parametrize("command", ["shapes", "explain", "memory", "compare", "diff", "check"])
    def test_every_command_says_what_was_given(self, run, folder, command: str) -> None:  # noqa: F811
        (folder / "net.txt").write_text(SPEC)
        files = ["net.txt"] * (1 + (command == "diff"))
        result = run(command, *files, "--set", "widht=3")
        assert result.exit_code == 2
        said = result.stdout + result.stderr
        assert "error: --set widht: no top-level variable is called 'widht'\n      = did you mean 'width'?" in said

    def test_the_values_that_a_project_tries(self) -> None:
        from cnncalc.features.check.facts import Terms, check_source

        (verdict,) = check_source(Source("net.txt", SPEC), None, Terms(), lambda _: [{"width": "3 x"}])
        said = "net.txt, tried with width=3 x: an operator is missing before 'x'"
        assert [one.message for one in verdict.diagnostics] == [said]


class TestRequirements:
    @pytest.mark.parametrize("line", ["require params <=", "require(3", "require é", "require", "require foo < 3"])
    def test_a_requirement_that_cannot_be_read_leaves_the_network(self, line: str) -> None:
        (one,) = network(f"{PICTURE}{line}\nrelu").diagnostics
        assert of_requirement(one)

    @pytest.mark.parametrize("line", ["require: conv 3 3", "require = conv 3 3", "let n = ", "conv", "required 3"])
    def test_anything_else_may_have_been_a_layer(self, line: str) -> None:
        assert not all(of_requirement(one) for one in network(f"{PICTURE}{line}\nrelu").diagnostics)

    def test_behind_a_dash_there_should_be_a_path(self) -> None:
        found = network(f"{PICTURE}add:\n    - require 3 <\n    - relu\n    - relu").diagnostics
        assert not all(map(of_requirement, found))


@pytest.mark.parametrize("text", [*(answer[0] for answer in ANSWERS), *WRONG])
def test_sentences_have_no_control_characters(text: str) -> None:
    for one in (
        build(Source("model.txt", f"layout hwc\n{text}")).diagnostics + build(Source("model.txt", text)).diagnostics
    ):
        for words in (one.message, one.help or "", *one.notes, *(frame.text for frame in one.frames)):
            assert words.isprintable(), words


def test_as_in_json() -> None:
    one = Diagnostic(ERROR, "shape", "it does not fit", AT, "make it fit", ("a note",), (), None, "width")
    assert one.to_dict() == {
        "severity": "error", "code": "shape", "message": "it does not fit", "help": "make it fit", "notes": ["a note"],
        "file": "net.txt", "line": 3, "column": 1, "end_column": 13,
    }  # fmt: skip
    assert set(Diagnostic(ERROR, "x", "y").to_dict()) == set(one.to_dict())


@pytest.mark.parametrize(
    ("severities", "code"),
    [((), 0), (("warning", "note"), 0), (("broken",), 1), (("broken", "error"), 2), (("warning", "error"), 2)],
)
def test_exit_codes(severities: tuple[str, ...], code: int) -> None:
    made = {"broken": Diagnostic(ERROR, "requirement-failed", ""), "error": Diagnostic(ERROR, "shape", "")}
    assert exit_code([made.get(one) or Diagnostic(one, "x", "") for one in severities]) == code


@pytest.mark.parametrize(
    ("text", "columns", "message"),
    [
        ("if C == 3 and and C < 4:\n    relu", (15, 18), "a value is missing before 'and'"),
        ("if and C:\n    relu", (4, 7), "a value is missing before 'and'"),
        ("if C == 3 and:\n    relu", (14, 15), "a value is missing at the end"),
        ("let x = 3 and 4", (9, 10), "a condition is yes or no, not 3"),
    ],
)
def test_a_stray_and_is_where_the_carets_are(text: str, columns: tuple[int, int], message: str) -> None:
    found = fault(f"{PICTURE}{text}")
    assert (found.message, (found.span.column, found.span.end_column)) == (message, columns)


@pytest.mark.parametrize(
    ("layout", "arrow", "got"),
    [("chw", "8x?x31", "8x30x30"), ("chw", "?x31x31", "8x30x30"), ("hwc", "31x?x8", "30x30x8"), ("chw", "4x?x?", "8x30x30")],
)  # fmt: skip
def test_a_failing_arrow_with_sizes_left_open(layout: str, arrow: str, got: str) -> None:
    size = "32x32x3" if layout == "hwc" else "3x32x32"
    found = fault(f"layout {layout}\ninput {size}\nconv 8 3 -> {arrow}")
    assert found.message.startswith(f"expected {arrow}, got {got}: ")
    pad = {"8x?x31": "0x0:1", "?x31x31": "0:1", "31x?x8": "0:1x0", "4x?x?": ""}[arrow]
    offers = f"31 with pad={pad}, an input of 33, or a kernel of 2" if pad else "4 with filters=4"
    assert found.help == offers


def test_relu6_and_hundreds_of_relus_have_names_of_their_own() -> None:
    """The 601st relu is not the first relu6, whose number stands behind an underscore."""
    names = [(node.kind, node.name) for node in network(f"{PICTURE}relu6\nrepeat 620:\n    relu\nrelu6").layers]
    assert len({name for _, name in names}) == len(names)
    assert {("relu", "relu601"), ("relu6", "relu6_1"), ("relu6", "relu6_2")} <= set(names)
