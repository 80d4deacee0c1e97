"""What is measured, of the model and of a name in it, by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cnncalc.measure import analyze
from cnncalc.measure.measurements import Measurements, UnknownMeasure, all_figures
from cnncalc.measures import FIGURES
from helpers import network

SMALL = """input 3x8x8
stage stem:
    a = conv 4 3 bias=no
    bn | relu
b = conv 2 3 stride=2
head aux train:
    gavgpool | fc 7
"""


def measured(text: str, batch: int = 1, dtype: str = "fp32") -> Measurements:
    return Measurements(analyze(network(text), batch=batch, dtype=dtype))


def test_the_model() -> None:
    """108 + 8 + 74 parameters; maps of 3x8x8, 4x6x6 and 2x2x2 elements, of which two and a batch of 2 live at a time."""
    of = measured(SMALL, batch=2)
    values = {name: of.figure(name) for name in FIGURES}
    assert values == {
        "params": 190, "params_train": 190 + 21, "trainable": 190, "buffers": 8, "macs": 2 * (108 * 36 + 72 * 4),
        "flops": 4 * (108 * 36 + 72 * 4), "activations": 2 * (3 * 144 + 8), "peak": 4 * 2 * (192 + 144),
        "memory": 4 * (2 * 336 + 190 + 8), "arena": 4 * 2 * 3 * 144, "flash": 4 * 198,
        "training": of.footprint.training.total, "depth": 2, "weighted": 2, "layers": 4, "field": (5, 5),
    }  # fmt: skip
    assert of("output") == (2, 2, 2)
    assert all_figures(of.analysis) == values


def test_a_name_stands_for_its_stage_its_line_or_its_head() -> None:
    of = measured(SMALL)
    assert [of(name, "stem") for name in ("params", "macs", "depth", "layers", "output", "field")] == [
        116, 108 * 36, 1, 3, (4, 6, 6), (3, 3),
    ]  # fmt: skip
    assert [of(name, "b") for name in ("params", "depth", "weighted", "peak")] == [74, 1, 1, 4 * (144 + 8)]
    assert of("memory", "b") == 4 * (144 + 8 + 74)
    assert (of("params", "aux"), of("activations", "aux")) == (21, 4 - 2 + 7)


def test_what_inference_does_not_run_has_no_memory() -> None:
    of = measured(SMALL)
    for measure in ("peak", "memory"):
        with pytest.raises(UnknownMeasure, match="inference does not run it"):
            of(measure, "aux")


def test_a_dtype_takes_its_bytes() -> None:
    assert measured(SMALL, dtype="fp16").figure("peak") == 2 * (192 + 144)
    assert measured(SMALL, dtype="int8").figure("memory") == 336 + 198


def test_who_spends_the_most_comes_first() -> None:
    of = measured(SMALL)
    assert [node.name for node in of.spenders("params")] == ["a", "b", "bn1"]
    assert [node.name for node in of.spenders("macs")] == ["a", "b"]
    assert [node.name for node in of.spenders("buffers", "b")] == []


def test_why_a_measure_has_no_value() -> None:
    with pytest.raises(UnknownMeasure, match="only blocks here"):
        measured("block b(n):\n    conv n 3")("params")
    with pytest.raises(UnknownMeasure, match="the first input is a vector"):
        measured("input 9\nfc 3")("field")
    with pytest.raises(UnknownMeasure, match="it does not depend on the first input"):
        measured("input 3x8x8\nq = learned 4x1\nrelu")("field", "q")
    with pytest.raises(UnknownMeasure, match="no output that inference gives"):
        measured("input 3x8x8")("output")
    assert measured("input 9\nfc 3").figure("field") == ()
    assert measured("input 3x8x8").figure("field") is None


def test_of_a_broken_network_only_its_layers_are_counted() -> None:
    of = measured("input 3x8x8\nconv 4 3\nconv 9 99 | relu")
    assert all_figures(of.analysis) == {**dict.fromkeys(FIGURES), "layers": 3}
    for measure in ("params", "output", "depth", "peak", "macs"):
        with pytest.raises(UnknownMeasure) as caught:
            of(measure)
        assert caught.value.reason == ""
    assert of.figure("params") is None


def test_a_field_may_be_a_fraction() -> None:
    assert measured("input 3x8x8\nupconv 4 4 stride=2 pad=1").figure("field") == (Fraction(5, 2), Fraction(5, 2))


@pytest.mark.parametrize(
    ("operator", "known", "unknown"),
    [
        (
            "op foo shape=4x6x6",
            {"peak", "depth", "activations", "layers"},
            {"params", "macs", "flops", "memory", "flash"},
        ),
        ("op foo shape=4x6x6 params=3", {"params", "flash", "memory", "buffers"}, {"macs", "flops"}),
        ("op foo shape=4x6x6 macs=3", {"macs", "flops", "peak"}, {"params", "flash", "memory", "params_train"}),
        ("op foo", set(), {"params", "macs", "peak", "output", "memory", "depth", "field"}),
    ],
)
def test_of_an_operator_what_is_not_said_is_not_known(operator: str, known: set[str], unknown: set[str]) -> None:
    """Each measure asks for what it is made of, and says which layer keeps it from that."""
    of = measured(f"input 3x8x8\nconv 4 3\n{operator}\n")
    for measure in known:
        assert of(measure) is not None
    for measure in unknown:
        with pytest.raises(
            UnknownMeasure, match=r"nothing is known of what 'op1' (gives|costs)|what an operator looks at"
        ):
            of(measure)


@pytest.mark.parametrize(
    ("said", "reasons"),
    [
        (
            "",
            {
                "params": "gives",
                "macs": "gives",
                "output": "gives",
                "peak": "gives",
                "activations": "gives",
                "memory": "gives",
            },
        ),
        ("shape=4x6x6", {"params": "costs", "macs": "costs", "flops": "costs", "flash": "costs", "buffers": "costs"}),
        ("shape=4x6x6 params=2", {"macs": "costs", "flops": "costs", "params": "", "memory": "", "activations": ""}),
    ],
)
@pytest.mark.parametrize("name", ["s", None])
def test_which_layer_keeps_a_measure_from_its_value(said: str, reasons: dict[str, str], name: str | None) -> None:
    """Of the model and of a stage alike: what it gives, or what it costs, of which nothing is known."""
    of = measured(f"input 3x8x8\nstage s:\n    conv 4 3\n    x = op foo {said}")
    for measure, reason in reasons.items():
        if not reason:
            assert of(measure, name) is not None
            continue
        with pytest.raises(UnknownMeasure) as caught:
            of(measure, name)
        assert caught.value.reason == f"nothing is known of what 'x' {reason}", measure
        if name is None:
            assert of.figure(measure) is None


def test_the_arena_and_the_flash_of_a_name() -> None:
    """Of the arena as far up as tensors go that live while one of its layers runs: by the plan, tensor by tensor."""
    of = measured(
        "input 2x9x9\nstage a:\n    conv 8 3 | relu\nstage b:\n    conv 4 3\n    conv 2 3\nstage c:\n    flatten | fc 7",
        dtype="int8",
    )
    arena = of.footprint.arena
    assert arena is not None
    layers = [node.position for node in of.network.layers]
    for name in "abc":
        extent = of.network.extents[name]
        steps = {layers.index(place) + 1 for place in range(extent.first, extent.last)}
        ends = [one.offset + one.bytes for one in arena.tensors if steps & set(range(one.born, one.last + 1))]
        assert of("arena", name) == max(ends)
    assert of("arena", "c") < of("arena", "b") < of("arena", "a") == of("arena")
    assert (of("flash", "a"), of("flash", "b"), of("flash", "c")) == (8 * 19, 4 * 73 + 2 * 37, 7 * (18 + 1))


def test_sums_that_leave_a_layer_out_of_a_name() -> None:
    """A name that stands for a train head is measured by what stands in it, another without the heads in it."""
    of = measured("input 3x8x8\nstage s:\n    conv 4 3\n    head h train:\n        conv 9 1\n    conv 5 1")
    assert [(of("params", name), of("layers", name), of("weighted", name)) for name in ("s", "h")] == [
        (112 + 25, 2, 2), (45, 1, 1),
    ]  # fmt: skip
    assert of.figure("params_train") == 112 + 25 + 45
    assert of.figure("params") == 112 + 25


def test_what_a_field_is_not_known_of() -> None:
    for text, reason in (
        ("input 3x8x8\nop foo shape=3x8x8 | relu", "what an operator looks at is not known"),
        ("input 3x8x8\nop foo", "nothing is known of what 'op1' gives"),
        ("input 3x8x8\nlearned 3x8x8 | relu", "it does not depend on the first input"),
        ("input 3x8x8\nconv 4 9", ""),
    ):
        with pytest.raises(UnknownMeasure) as caught:
            measured(text)("field")
        assert caught.value.reason == reason, text


def test_why_training_is_not_known() -> None:
    for text, reason in (
        ("input 3x8x8\nop foo shape=3x8x8 macs=1", "nothing is known of what 'op1' costs"),
        ("input 3x8x8\nop foo params=1 macs=1", "nothing is known of what 'op1' gives"),
        ("input 3x8x8\nconv 4 9", ""),
    ):
        with pytest.raises(UnknownMeasure) as caught:
            measured(text)("training")
        assert caught.value.reason == reason


def test_heads_of_training_before_the_end_are_not_the_output() -> None:
    of = measured("input 3x8x8\na = conv 4 3\nhead h train:\n    conv 9 1\nhead g:\n    conv 5 3\nb = @a | conv 2 5")
    assert (of("output"), of("output", "h"), of("output", "g")) == ((2, 2, 2), (9, 6, 6), (5, 4, 4))


def test_what_is_named_and_not_there() -> None:
    """A fault of whoever asks, which is told there."""
    of = measured("input 3x8x8\na = conv 4 3")
    for measure, name in (("params", "b"), ("nonsense", None), ("nonsense", "a"), ("output", "b")):
        with pytest.raises(UnknownMeasure) as caught:
            of(measure, name)
        assert caught.value.reason == ""
