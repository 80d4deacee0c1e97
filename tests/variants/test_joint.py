"""Several settings that keep a limit together, or give a shape: those that looking at every one of them would find."""

from fractions import Fraction
from itertools import product
from math import log

import pytest

from cnncalc.diagnostics import Source
from cnncalc.interpret.build import Spec
from cnncalc.measure.measurements import Measurements
from cnncalc.measure.result import analyze
from cnncalc.variants.joint import giving, together

TEXT = """let w = 16
let k = 3
input 3x32x32
conv w k | relu
conv 2*w 3 stride=2
gavgpool | fc 10
"""
EIGHTHS = (
    Fraction(1, 8),
    Fraction(1, 4),
    Fraction(3, 8),
    Fraction(1, 2),
    Fraction(5, 8),
    Fraction(3, 4),
    Fraction(7, 8),
    1,
)


def network(text=TEXT, **settings):
    return Spec(Source("net.txt", text), None).network(**settings)


def measured(text=TEXT, **asked):
    return Measurements(analyze(network(text), **asked))


def kept(found):
    return None if found is None else (dict(found), found.value)


def best_of_all(text, values, measure, limit):
    """The settings with the most MACs that keep a limit, by building each."""
    best = None
    for chosen in product(*values.values()):
        settings = dict(zip(values, chosen, strict=True))
        inputs = {"input": settings.pop("input")} if "input" in settings else {}
        made = Spec(Source("net.txt", text), None).network(settings=settings, inputs=inputs, checked=False)
        if any(one.severity == "error" for one in made.diagnostics):
            continue
        numbers = Measurements(analyze(made))
        if numbers(measure) <= limit and (best is None or numbers("macs") > best[0]):
            best = numbers("macs"), {**settings, **inputs}, numbers(measure)
    return best


@pytest.mark.parametrize(("measure", "limit"), [
    ("params", 3000), ("params", 5738), ("params", 5737), ("macs", 200_000), ("peak", 30_000), ("depth", 3), ("params", 40), ("params", 9),
])  # fmt: skip
def test_the_most_work_that_keeps_a_limit(measure, limit):
    values = {
        "w": sorted({max(1, int(16 * part)) for part in EIGHTHS}), "k": sorted({max(1, int(3 * part)) for part in EIGHTHS}),
        "input": [(3, 32, 32)],
    }  # fmt: skip
    best = best_of_all(TEXT, values, measure, limit)
    found = together(measured(), measure, limit)
    if best is None:
        assert found is None
        return
    made = network(settings={"w": found["w"], "k": found["k"]}, inputs={"input": (3, 32, 32)}, checked=False)
    assert Measurements(analyze(made))("macs") == best[0]
    assert found.value == Measurements(analyze(made))(measure) <= limit


def test_what_is_tried():
    """Eighths of whole numbers and others, of at most three variables; sizes of the input in steps of 32 where it has such."""
    text = "let a = 3\nlet flag = yes\nlet r = 1.5\nlet one = 1\nlet act = relu\nlet n = 16\nlet z = 99\ninput 3x128x64\nconv n*a 3 | act\nconv ceil(8*r) one\ngavgpool | fc 10"
    assert kept(together(measured(text), "params", 600)) == (
        {"a": 1, "r": Fraction(9, 16), "one": 1, "input": (3, 128, 64)}, 593
    )  # fmt: skip
    found = together(measured(text), "params", 1000)
    assert (dict(found), list(found), len(found)) == (
        {"a": 2, "r": Fraction(3, 16), "one": 1, "input": (3, 128, 64)}, ["a", "r", "one", "input"], 4
    )  # fmt: skip
    assert (found["a"], found.value) == (2, 992)


@pytest.mark.parametrize(("shape", "limit", "size", "wide", "peak"), [
    ("1x128x256", 100_000, (1, 64, 128), 2, 98_304), ("1x128x96", 20_000, (1, 32, 32), 2, 12_288), ("1x24x40", 300, (1, 3, 5), 2, 180),
    ("1x24x40", 700, (1, 6, 10), 1, 480), ("1x24x40", 8000, (1, 18, 30), 2, 6480), ("2@64", 700, (2, 32), 2, 512),
])  # fmt: skip
def test_sizes_of_the_input(shape, limit, size, wide, peak):
    text = f"let n = 1\nlet m = 2\ninput {shape}\nconv m 1 | conv n 1"
    assert kept(together(measured(text), "peak", limit)) == ({"n": 1, "m": wide, "input": size}, peak)


def test_where_nothing_can_be_turned_together():
    assert together(measured("input 3x32x32\nconv 8 3"), "params", 3) is None
    assert together(measured("let w = 8\ninput 3x1x1\nconv w 1"), "params", 3) is None
    assert (
        together(measured("let w = 8\na = input 3x8x8\nb = input 3x8x8\n@a | add @b | conv w 3"), "params", 3) is None
    )
    assert together(
        measured("let w = 8\nlet n = 8\na = input 3x8x8\nb = input 3x8x8\n@a | add @b | conv w*n 3"), "params", 1800
    )


def test_too_many_networks():
    text = "let a = 64\nlet b = 64\nlet c = 64\ninput 1x8x8\n" + "\n".join(
        f"repeat {name}:\n    relu\nconv {name} 1" for name in "abc"
    )
    assert together(measured(text), "params", 300) is None


@pytest.mark.parametrize(("asked", "wide", "peak"), [
    ({}, 12, 86_400), ({"batch": 4}, 2, 77_952), ({"dtype": "float64"}, 6, 86_400), ({"execution": "inplace"}, 16, 82_688),
])  # fmt: skip
def test_numbers_are_of_the_batch_and_the_type_asked_for(asked, wide, peak):
    found = together(measured(**asked), "peak", 100_000)
    assert kept(found) == ({"w": wide, "k": 3}, peak)


# --- a wanted shape ---------------------------------------------------------------------------------


def far(value, own):
    if value == own:
        return 0
    one, other = (value[-1], own[-1]) if isinstance(value, tuple) else (value, own)
    return 1 + abs(log(one / other))


SHAPES = "let w = 4\nlet k = 3\nlet z = 9\nlet flag = yes\ninput 3x12x12\na = conv w k\nb = conv 2*w 3 stride=2\nflatten | fc z"
OWN = {"w": 4, "k": 3, "input": (3, 12, 12)}


def nearest(node, wanted):
    """The settings nearest to those of SHAPES that give a shape, by building each."""
    best = None
    for w, k, size in product(range(1, 17), range(1, 13), range(1, 49)):
        rows = size - k + 1
        shape = {"a": (w, rows, rows), "b": (2 * w, (rows - 3) // 2 + 1, (rows - 3) // 2 + 1)}[node]
        if rows >= 3 and all(want in (None, one) for one, want in zip(shape, wanted, strict=True)):
            settings = {"w": w, "k": k, "input": (3, size, size)}
            distance = sum(far(value, OWN[name]) for name, value in settings.items())
            best = min(best or (distance, w, k, size), (distance, w, k, size))
    return best and {
        name: value
        for name, value in {"w": best[1], "k": best[2], "input": (3, best[3], best[3])}.items()
        if value != OWN[name]
    }


@pytest.mark.parametrize(("node", "wanted"), [
    ("a", (7, None, None)), ("a", (None, 8, 8)), ("a", (7, 9, 9)), ("a", (7, 30, None)), ("b", (6, None, None)), ("b", (7, None, None)),
    ("b", (6, 7, 7)), ("b", (None, 1, 1)), ("b", (32, 4, 4)), ("b", (34, 4, 4)), ("a", (4, 48, 48)), ("a", (4, 49, 49)), ("a", (None, 3, 4)),
])  # fmt: skip
def test_the_nearest_settings_that_give_a_shape(node, wanted):
    assert giving(network(SHAPES), node, wanted) == nearest(node, wanted)


def test_what_gives_no_shape():
    assert giving(network(SHAPES), "b", (4,)) is None
    assert giving(network(SHAPES), "nothing", (4, 4, 4)) is None
    assert giving(network("input 3x8x12\nconv 4 3"), "conv1", (5, 6, 10)) is None
    assert giving(network("let w = 1\ninput 3x8x12\nconv w 3"), "conv1", (5, 6, 10)) is None
    assert giving(network("let w = 4\ninput 3x8x12\nconv w 3"), "conv1", (5, 6, 10)) == {"w": 5}
    assert (
        giving(network("let w = 4\na = input 3x8x8\nb = input 3x8x8\n@a | add @b | conv w 3"), "conv1", (5, 6, 6))
        is None
    )
    assert giving(network("input 3x8x8\nconv 4 3"), "conv1", (4, 9, 9)) == {"input": (3, 11, 11)}
    text = "let w = 64\ninput 1x8x8\nrepeat w:\n    relu\nconv w 1"
    assert giving(network(text), "conv1", (65, 8, 8)) is None, "too many networks would have to be built"
    assert giving(network("let w = 600\ninput 1x4x4\nconv w 1"), "conv1", (1024, 4, 4)) == {"w": 1024}
    assert giving(network("let w = 600\ninput 1x4x4\nconv w 1"), "conv1", (1025, 4, 4)) is None
