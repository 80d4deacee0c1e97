"""What would fit where a device is too small."""

from __future__ import annotations

import pytest

import cnncalc

SPEC = """\
let width = 24
let part = 0.5
input 3x128x128
default conv bias=no
conv width 3 stride=2 pad=1 | bn | relu
conv width*2 3 stride=2 pad=1 | bn | relu
conv floor(width*4*part) 3 stride=2 pad=1 | bn | relu
gavgpool | flatten
fc 10
"""


def notes(limits, text=SPEC, **more):
    verdict = cnncalc.check(cnncalc.loads(text), limits=limits, dtype="int8", execution="fused", **more)
    return [note for one in verdict.errors for note in one.notes if "fits" in note], verdict


def test_an_input_and_a_width_that_fit_and_the_next_larger_do_not():
    said, verdict = notes({"arena": "96KiB"})
    assert said == ["an input of 3x104x104 fits: arena 97,344 bytes", "width=12 fits: arena 98,304 bytes"]
    (fault,) = verdict.errors
    assert fault.span.line == 5
    assert fault.notes[0] == "while 'conv1' runs, there are conv1 (98,304), input (49,152)"
    for change, fits in (({"input": "3x104x104"}, True), ({"input": "3x105x105"}, False),
                         ({"settings": {"width": 12}}, True), ({"settings": {"width": 13}}, False)):  # fmt: skip
        network = cnncalc.loads(SPEC, **change)
        assert cnncalc.check(network, limits={"arena": "96KiB"}, dtype="int8", execution="fused").passed is fits


def test_flash_is_of_the_variables():
    said, verdict = notes({"flash": "20k"})
    assert [one.split(" fits")[0] for one in said] == ["width=18", "part=0.2"]
    assert verdict.errors[0].span.line == 7


def test_a_requirement_says_it_too_and_nothing_is_said_of_what_holds():
    said, _ = notes({}, SPEC + "require arena < 98,304\n")
    assert [one.split(" fits")[0] for one in said] == ["an input of 3x104x104", "width=11"]
    assert notes({"arena": "1MiB"})[0] == []


def test_where_nothing_fits_nothing_is_said():
    assert notes({"arena": "1"})[0] == []
    assert notes({"arena": "100"}, "input 500\nfc 500\n")[0] == []


@pytest.mark.parametrize("input", ["3x100x60", "1@4000"])
def test_every_axis_by_itself(input):
    said, _ = notes({"arena": 4000}, f"input {input}\nconv 4 3 stride=2\n")
    assert all(one.startswith("an input of ") for one in said)
    for one in said:
        shape = one.split()[3]
        network = cnncalc.loads(
            f"input {input}\nconv 4 3 stride=2\n", input=shape.replace("x", "@", 1) if "@" in input else shape
        )
        assert cnncalc.check(network, limits={"arena": 4000}, dtype="int8", execution="fused").passed


def test_layouts_and_train():
    said, _ = notes({"arena": 4000}, "layout hwc\ninput 64x64x3\nconv 4 3 stride=2\n")
    assert said[0].startswith("an input of 32x32x3 ")
    verdict = cnncalc.check(cnncalc.loads(SPEC), limits={"training": 1000})
    assert verdict.errors[0].notes[0].startswith("most is in kept (")


TWO = "let w = 100_000\ninput 1x64x64\nconv 16 3 pad=1\ngavgpool\nconv w 1\n".replace("_", "")


def test_where_no_single_change_does_several_are_said():
    """The picture and the vector are as large each: a smaller one of them does not keep the limit."""
    verdict = cnncalc.check(cnncalc.loads(TWO), limits={"arena": "100KiB"})
    said = [note for one in verdict.diagnostics for note in one.notes if "fits" in note]
    assert said == ["w=25000 with an input of 1x32x32 fits: arena 100,064 bytes"]
    again = cnncalc.loads(TWO, input="1x32x32", settings={"w": 25000})
    assert cnncalc.check(again, limits={"arena": "100KiB"}).passed
    assert not cnncalc.check(cnncalc.loads(TWO, input="1x32x32"), limits={"arena": "100KiB"}).passed
