"""Specs broken at random: diagnostics at places that exist, documents that agree with themselves, nothing raised."""

from __future__ import annotations

from random import Random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cnncalc import SpecError, loads
from cnncalc.diagnostics import exit_code
from cnncalc.interpret.reading.files import decode
from cnncalc.interpret.specification import of_requirement
from fuzz.invariants import drawn, examined
from fuzz.mutator import USED, crossed, expression, line
from fuzz.mutator import edited as mutated
from hang import hang_guard

from .broken import EDIT, SPECS, WRONG, edited


def judged(text: str) -> int:
    """The exit code of `text`, all of whose answers are well-formed."""
    with hang_guard():
        analysis = examined(text, USED)
        if len(analysis.layers) < 100:
            drawn(analysis)
    code = exit_code(analysis.diagnostics)
    assert code in (0, 1, 2)
    # A requirement that means nothing leaves the numbers as they are.
    rest = [one for one in analysis.diagnostics if not of_requirement(one)]
    assert analysis.broken is (exit_code(rest) == 2)
    return code


@given(SPECS)
@settings(max_examples=50)
def test_right_specs(text):
    assert judged(text) in (0, 2)  # generated ones may not fit


@given(SPECS, st.lists(EDIT, min_size=1, max_size=4))
@settings(max_examples=120)
def test_edited_specs(text, edits):
    for edit in edits:
        text = edited(text, edit)
    judged(text)


@given(SPECS, SPECS, st.integers(0, 2**32))
@settings(max_examples=80)
def test_mutated_specs(one, other, seed):
    """With the mutator of the fuzzer."""
    random = Random(seed)
    judged(mutated(crossed(one, other, random) if seed % 3 == 0 else one, random))


@given(st.integers(0, 2**32), st.integers(1, 30))
@settings(max_examples=120)
def test_made_up_lines(seed, count):
    random = Random(seed)
    indents = [random.choice((0, 0, 4, 4, 6, 8)) * (index > 0) for index in range(count)]
    judged("input 3x8x8\n" + "\n".join(" " * indent + line(random) for indent in indents))


@given(st.integers(0, 2**32))
@settings(max_examples=200)
def test_made_up_expressions(seed):
    random = Random(seed)
    a, b, c, d, e = (expression(random, random.randint(1, 5)) for _ in range(5))
    judged(f"input 3x8x8\nlet a = {a}\nlet b = {b}\nconv {c} 1 stride={d}\nif {e}:\n    conv a b\nrequire {a} < {b}\n")


@given(st.text(max_size=400))
@example("\x00")
@example("- \x1c- ")
@example("\ud800 = \udfff")
@settings(max_examples=200)
def test_any_text(text):
    judged(text)


@given(
    st.lists(
        st.sampled_from(
            list(' \n-|:=@()#"x1,?.*<>') + ["\n    ", "->", "add:", "conv ", "input ", "let ", "if ", "yes"]
        ),
        max_size=80,
    )
)
@settings(max_examples=200)
def test_any_signs(pieces):
    judged("".join(pieces))


@given(st.one_of(st.binary(max_size=300), st.sampled_from(WRONG).map(lambda text: text.encode("utf-8")[::-1])))
@settings(max_examples=200)
def test_any_bytes(data):
    try:
        text = decode("spec.txt", data).text
    except SpecError as error:
        assert error.diagnostics
        assert exit_code(error.diagnostics) == 2
        assert str(error)
    else:
        judged(text)


@given(SPECS, st.lists(EDIT, min_size=1, max_size=3))
@settings(max_examples=50)
def test_loads_raises_spec_errors_only(text, edits):
    for edit in edits:
        text = edited(text, edit)
    try:
        network = loads(text)
    except SpecError as error:
        assert str(error)
    else:
        assert exit_code(network.diagnostics) < 2


@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=60))
@settings(max_examples=100)
def test_any_overrides(shape, name, value):
    """--input and --set."""
    for options in (
        {"input": shape},
        {"settings": {name or "n": value}},
        {"settings": {"n": value}},
        {"input": {name: shape}},
    ):
        try:
            with hang_guard():
                loads("input 3x8x8\nlet n = 4\nconv n 1", **options)
        except SpecError as error:
            assert str(error) or error.diagnostics
