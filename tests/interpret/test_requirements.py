"""Names in ``require`` lines, and what a spec says besides its network."""

import pytest

from cnncalc.diagnostics import Diagnostic, Source, Span
from cnncalc.interpret.specification import Requirement, of_requirement, specification
from cnncalc.measures import WORDS
from cnncalc.network.assembler import Assembler
from helpers import PICTURE, clean, fault, network

MEASURES = f"measures: {', '.join(WORDS)}"


@pytest.mark.parametrize(
    ("condition", "columns", "message", "help"),
    [
        ("parms < 5", (9, 14), "unknown name 'parms'", "did you mean 'params'?"),
        ("widht < 5", (9, 14), "unknown name 'widht'", "did you mean 'width'?"),
        ("params < zzz", (18, 21), "unknown name 'zzz'", MEASURES),
        ("not (params < 5 and zzz > 3)", (29, 32), "unknown name 'zzz'", MEASURES),
        ("params < -zzz ** 2", (19, 22), "unknown name 'zzz'", MEASURES),
        ("output == (4, zzz)", (23, 26), "unknown name 'zzz'", MEASURES),
        ("max(params, zzz) < 5", (21, 24), "unknown name 'zzz'", MEASURES),
        ("parms(stem) < 5", (9, 20), "unknown measure 'parms'", "did you mean 'params'?"),
        ("zzz(stem) < 5", (9, 18), "unknown measure 'zzz'", MEASURES),
        ("maxx(1, 2) < 5", (9, 19), "unknown measure 'maxx'", "did you mean 'max'?"),
        ("params(3) < 5", (9, 18), "'params(…)' takes one name of a line or a stage", None),
        ("params(stem, y) < 5", (9, 24), "'params(…)' takes one name of a line or a stage", None),
        ("params(stm) < 5", (16, 19), "no line, stage or head is called 'stm'", "did you mean 'stem'?"),
        ("params(zzz) < 5", (16, 19), "no line, stage or head is called 'zzz'", None),
        ("output == @y", (19, 21), "a requirement names tensors without '@'", "write 'output(y)'"),
    ],
)
def test_a_name_that_means_nothing(condition, columns, message, help):
    found = fault(
        f"{PICTURE}let width = 4\nstage stem:\n    conv width 3\ny = relu\n  require {condition}\n".replace(
            "  req", "req"
        )
    )
    assert (found.code, found.message, found.help) == ("unknown-measure", message, help)
    assert found.span[1:] == (6, *columns)
    assert of_requirement(found)


def test_names_that_mean_something():
    text = PICTURE + "let width = 4\nstage stem:\n    conv width 3\ny = relu\nhead aux:\n    conv 1 1\n"
    text += (
        "require params < 5M * width and macs(stem) < 9M and max(params(y), layers(aux)) >= 0 and output == 4x?x30\n"
    )
    (requirement,) = specification(clean(text)).requirements
    assert requirement.span[1:] == (8, 1, 1 + len(text.splitlines()[-1]))


def test_every_wrong_name_is_told():
    built = network(PICTURE + "relu\nrequire aaa < bbb\nrequire ccc == 3\n")
    assert [one.message[-5:] for one in built.diagnostics] == ["'aaa'", "'bbb'", "'ccc'"]


def test_where_a_part_stands():
    (requirement,) = specification(
        network(PICTURE + 'if C == 3:\n    relu\nrequire params < 5  "small"\n')
    ).requirements
    assert requirement.place(requirement.node.condition)[1:] == (4, 9, 19)
    source = Source("x", "")
    bare = Requirement(requirement.node, Span(source, 7, 5, 30))
    assert bare.place(requirement.node.condition) == Span(source, 7, 13, 23)
    hidden = requirement.node.condition._replace(start=3, end=3)
    assert bare.place(hidden) == Span(source, 7, 8, 9)


@pytest.mark.parametrize(
    ("code", "statement", "holds"),
    [
        ("unknown-measure", None, True),
        ("syntax", "require", True),
        ("syntax", "let", False),
        ("shape", "require", False),
    ],
)
def test_faults_that_leave_the_network_as_it_is(code, statement, holds):
    assert of_requirement(Diagnostic("error", code, "…", statement=statement)) is holds


def test_a_requirement_that_cannot_be_read_leaves_the_network():
    found = fault(PICTURE + "conv 4 3\nrequire params <\n")
    assert (found.statement, of_requirement(found)) == ("require", True)


class TestWhatASpecSays:
    def test_its_variables(self):
        said = specification(
            clean("let a = 3\nlet b = a*2\n" + PICTURE + "conv b a\nblock f:\n    let c = 1\n    relu\nf\n")
        )
        assert said.variables == {"a": 3, "b": 6}
        assert not said.library

    @pytest.mark.parametrize(
        ("text", "library"),
        [
            ("block f:\n    relu\n", True), ("let w = 3\nblock f:\n    relu\n", True), ("", False), ("let w = 3\n", False),
            ("block f:\n    relu\nf\n", False), (PICTURE + "block f:\n    relu\n", False),
            ("block f:\n    relu\nadd:\n    - f\n    - f\n", False),
        ],
    )  # fmt: skip
    def test_whether_it_is_blocks_only(self, text, library):
        built = network(text)
        assert specification(built).library is library
        assert ("empty-spec" in [one.code for one in built.diagnostics]) is (text in ("", "let w = 3\n"))

    def test_its_expectations(self):
        text = "let w = 4\n" + PICTURE + "repeat 3 as i:\n    conv w+i 1 -> 5x32x32\nrelu -> (w+2, ?, ?)\n"
        said = specification(network(text))
        outcomes = {one.span.line: one for one in said.expectations.values()}
        assert [(line, one.got, one.ok, one.constant) for line, one in outcomes.items()] == [
            (4, (4, 32, 32), False, True), (5, (6, 32, 32), True, False),
        ]  # fmt: skip
        assert outcomes[4].span[1:] == (4, 16, 26)

    def test_an_expectation_that_cannot_be_told(self):
        said = specification(network(PICTURE + "conv 4 99 -> 4x3x3\n-> (zzz, 3)\n"))
        assert [(one.got, one.ok) for one in said.expectations.values()] == [(None, False), (None, False)]

    def test_of_a_network_without_a_spec_it_is_nothing(self):
        said = specification(Assembler(Source("x", "")).finish())
        assert (said.variables, said.requirements, said.blanks, said.expectations, said.library) == (
            {},
            [],
            [],
            {},
            False,
        )
        assert said.allows(Diagnostic("warning", "x", "…")) is False


class TestAllow:
    LINE = "maxpool 3 stride=1 pad=2"

    def test_which_faults_are_silenced(self):
        source = Source("model.txt", f"{PICTURE}{self.LINE}  # allow: some-code\n")
        said = specification(network(source.text))
        built = network(f"# allow: whole-file\n{PICTURE}{self.LINE}  # allow: some-code, pytorch-refuses\n")
        allows = specification(built).allows
        span = Span(built.source, 3, 1, 2)
        assert built.diagnostics == ()
        assert allows(Diagnostic("warning", "some-code", "…", span))
        assert allows(Diagnostic("note", "some-code", "…", span))
        assert allows(Diagnostic("note", "whole-file", "…", span._replace(line=2)))
        assert not allows(Diagnostic("error", "some-code", "…", span))
        assert not allows(Diagnostic("warning", "some-code", "…", span._replace(line=2)))
        assert not allows(Diagnostic("warning", "some-code", "…", span._replace(source=Source("other.txt", ""))))
        assert not allows(Diagnostic("warning", "some-code", "…"))
        assert not said.allows(Diagnostic("warning", "pytorch-refuses", "…", span))
