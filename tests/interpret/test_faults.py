"""How faults are collected, and what is suggested."""

import pytest

from cnncalc.diagnostics import Diagnostic, Frame, Source, Span
from cnncalc.interpret.faults import LONGEST_WORD, MAX_KEPT, MAX_SUGGESTED, Faults, did_you_mean, evaluation_fault
from cnncalc.spec import EvaluationError
from cnncalc.spec.nodes import Name
from helpers import PICTURE, network

SOURCE = Source("model.txt", "")
SPAN = Span(SOURCE, 2, 1, 5)


class TestCollected:
    def test_each_place_and_message_once(self):
        faults = Faults()
        for code, message, span in (
            ("a", "x", SPAN), ("a", "x", SPAN), ("b", "x", SPAN), ("a", "y", SPAN), ("a", "x", SPAN._replace(line=3)), ("a", "x", None),
        ):  # fmt: skip
            faults.add(Diagnostic("error", code, message, span))
        assert len(faults.found) == 5

    def test_how_many_there_are_of_a_line_that_runs_again(self):
        """An error that says the same is the same; a warning of each round counts."""
        faults, frames = Faults(), (Frame("in round 1", SPAN),)
        for message in ("x", "y", "x", "z"):
            faults.add(Diagnostic("error", "a", message, SPAN, frames=frames))
            faults.add(Diagnostic("warning", "b", message, SPAN, frames=frames))
        assert [one.message for one in faults.found] == ["x (one of 3 from this line)", "x (one of 4 from this line)"]

    def test_the_first_way_is_kept(self):
        faults, frames = Faults(), (Frame("in 'b', used", SPAN),)
        faults.add(Diagnostic("error", "a", "x", SPAN, frames=frames))
        faults.add(Diagnostic("error", "a", "x", SPAN))
        assert [one.frames for one in faults.found] == [frames]

    def test_an_error(self):
        faults = Faults()
        faults.error("a", "x", SPAN, "help")
        assert faults.found == [Diagnostic("error", "a", "x", SPAN, "help")]

    def test_so_many_of_each_sort(self):
        faults = Faults()
        for severity, code in (("error", "a"), ("error", "expectation-failed"), ("warning", "b"), ("note", "c")):
            for number in range(MAX_KEPT + 1):
                faults.add(Diagnostic(severity, code, f"{number}"))
            assert sum((one.severity, one.code) == (severity, code) for one in faults.found) == MAX_KEPT
        faults.add(Diagnostic("note", "expectation-failed", "of the same sort as the errors"))
        assert len(faults.found) == 4 * MAX_KEPT

    def test_when_there_are_many(self):
        faults = Faults()
        for number in range(MAX_SUGGESTED + 1):
            assert not faults.many
            faults.error("a", f"{number}", SPAN)
        assert faults.many


class TestSuggestions:
    @pytest.mark.parametrize(
        ("word", "names", "meant"),
        [
            ("maxpol", ["maxpool", "avgpool"], "maxpool"), ("RELU", ["relu", "tanh"], "relu"), ("Widht", ["WIDTH"], "WIDTH"),
            ("zzz", ["maxpool"], None), ("relu", ["relu"], None), ("relu", ["relu", "relu6"], "relu6"), ("x", [], None),
            ("RELU", ["Relu", "relu"], "Relu"), ("abcde", ["abxyz"], None), ("abcde", ["abcyz"], "abcyz"),
        ],
    )  # fmt: skip
    def test_the_nearest_name(self, word, names, meant):
        assert did_you_mean(word, iter(names)) == (f"did you mean '{meant}'?" if meant else None)

    @pytest.mark.parametrize("extra", [0, 1])
    def test_a_long_word_is_no_slip_of_the_pen(self, extra):
        word = "x" * (LONGEST_WORD + extra)
        assert (did_you_mean(word, [word + "y"]) is None) is bool(extra)

    def test_of_an_expression(self):
        node = Name("widht", 3, 8)
        plain = evaluation_fault(EvaluationError("…", node, "advice"), SPAN, ["width"])
        assert (plain.code, plain.message, plain.span, plain.help) == ("expression", "…", SPAN, "advice")
        meant = EvaluationError("…", node, "advice", word="widht")
        assert evaluation_fault(meant, SPAN, ["width"]).help == "did you mean 'width'?"
        assert evaluation_fault(meant, SPAN, ["zzz"]).help == "advice"
        frame = Frame("in 'b', used", SPAN)
        assert evaluation_fault(meant, SPAN, [], (frame,)).frames == (frame,)

    def test_they_are_looked_for_once_a_place(self):
        built = network(PICTURE + "let width = 4\nrepeat 2 as i:\n    conv widht+i 1\n    add @imput\n")
        assert [(one.span.line, one.help) for one in built.diagnostics] == [
            (4, "did you mean 'width'?"), (5, "did you mean 'input'?"),
        ]  # fmt: skip

    def test_and_not_where_there_are_many_faults(self):
        lines = "".join(f"conv widht{number}+1 1\n" for number in range(MAX_SUGGESTED + 10))
        helps = [one.help for one in network(PICTURE + "let width = 4\n" + lines).diagnostics]
        assert helps.count("did you mean 'width'?") == MAX_SUGGESTED + 1
        assert len(helps) == MAX_SUGGESTED + 10


def test_a_name_in_a_requirement_explains_no_body_that_is_missing() -> None:
    text = "input 8x7x8\nconv 4 2\nrequire field > (x, 2)\nadd:\nrequire params > 2\n"
    assert [one.code for one in network(text).diagnostics] == ["unknown-measure", "indentation"]


def test_a_line_of_nothing_but_a_foreign_blank_before_a_deeper_one():
    """U+2028 is no line's end and no blank of the language, but Python splits at it."""
    codes = [one.code for one in network("input 3x8x8\nrelu\n\u2028\n    - relu\n").diagnostics]
    assert codes == ["syntax"]


@pytest.mark.parametrize("kind", ["identity", "relu"])
def test_a_layer_that_is_written_as_a_tensor(kind: str) -> None:
    (one,) = network(f"input 3x8x8\nadd:\n    - conv 3 3 pad=1\n    - @{kind}\n").diagnostics
    assert one.message == f"unknown tensor '@{kind}'" and one.help == f"'{kind}' is a layer: write it without '@'"
