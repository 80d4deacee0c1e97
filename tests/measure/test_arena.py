"""The greedy planner: by hand, against a plan with no shortcut, and within bounds."""

from __future__ import annotations

from random import Random

import pytest

import cnncalc
from cnncalc.diagnostics import Source
from cnncalc.measure import arena
from cnncalc.measure.arena import Placed, plan
from cnncalc.measure.footprint import Footprint
from cnncalc.measure.measurements import Measurements, UnknownMeasure
from cnncalc.measure.result import NetworkAnalysis, analyze
from cnncalc.network.assembler import Assembler
from cnncalc.network.read_from import Allocations, Buffer
from helpers import DETECTOR, drawn_graph, network


def of(text: str, **conditions: object) -> NetworkAnalysis:
    return analyze(cnncalc.loads(text), **{"dtype": "int8", "execution": "fused", **conditions})


def test_what_tflite_micro_needs_for_its_person_detection():
    """Its examples: 55,296 bytes of one channel, 73,728 of three (visual wake words); tests/oracles asks it itself."""
    assert Footprint(of(DETECTOR)).arena_bytes == 55_296
    three = Footprint(of(DETECTOR.replace("channels = 1", "channels = 3")))
    assert (three.peak, three.arena_bytes) == (55_296, 73_728)


def test_places_by_hand():
    """64, 256 and 128 bytes: the largest at the start, then what lives beside it."""
    found = plan(of("input 1x8x8\nconv 4 3 pad=1 | relu | conv 2 1 | flatten | fc 3"))
    assert found is not None
    names = ["input", "conv1", "conv2", "flatten1", "fc1"]
    places = [(one.offset, one.bytes) for one in found.tensors]
    assert dict(zip(names, places, strict=True)) == {
        "input": (256, 64), "conv1": (0, 256), "conv2": (256, 128), "flatten1": (0, 128), "fc1": (128, 16),
    }  # fmt: skip


def without_shortcuts(wanted: list[Placed]) -> list[int]:
    """The offsets, every tensor held against every one that has its place."""
    placed: dict[int, int] = {}
    for place in sorted(range(len(wanted)), key=lambda place: (-wanted[place].bytes, -place)):
        one = wanted[place]
        others = sorted((placed[k], wanted[k].bytes) for k in placed
                        if wanted[k].born <= one.last and one.born <= wanted[k].last)  # fmt: skip
        offset = 0
        for start, size in others:
            if start - offset >= one.bytes:
                break
            offset = max(offset, start + size)
        placed[place] = offset
    return [placed[place] for place in range(len(wanted))]


@pytest.mark.parametrize("start", range(0, 300, 100))
def test_plans_of_random_lives(start: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(start, start + 100):
        chance = Random(seed)
        wanted = []
        for node in range(chance.randint(1, 40)):
            born = chance.randint(0, 30)
            wanted.append(Placed(node, 0, 16 * chance.randint(1, 6), born, born + chance.randint(0, 12)))
        monkeypatch.setattr(arena, "_wanted", lambda analysis, wanted=wanted: wanted)
        found = plan(of("input 1\nfc 1"))
        assert found is not None
        assert [one.offset for one in found.tensors] == without_shortcuts(wanted)
        for one in found.tensors:
            for other in found.tensors:
                together = one.born <= other.last and other.born <= one.last
                assert one is other or not together or one.end <= other.offset or other.end <= one.offset


def test_too_many_that_live_together_are_not_planned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arena, "_MOST_LOOKS", 30)
    analysis = of("input 3x8x8\nrepeat 20:\n    conv 3 1")
    assert Footprint(analysis).to_dict()["arena"] is None
    with pytest.raises(UnknownMeasure, match="too many tensors live together"):
        Measurements(analysis)("arena")


def test_constants_and_train_heads_have_no_place():
    for head in ("", "head aux train:\n    @x | conv 4 1\n"):
        found = Footprint(of(f"x = input 8@4\na = learned 8x4\n{head}add @x @a")).arena
        assert found is not None
        assert [one.bytes for one in found.tensors] == [32, 32]


def test_what_lives_where_the_arena_reaches_furthest():
    """The layer, and the tensors of its step, the largest first."""
    found = Footprint(of("x = input 1x8x8\na = conv 4 3 pad=1 | relu\nb = conv 2 1 | flatten\nc = fc 3"))
    assert found.arena_bytes == 256 + 128
    assert found.arena_top is not None
    node, sizes = found.arena_top
    assert (node.name, sizes) == ("conv2", [("conv1", 256), ("conv2", 128)])
    alone = Footprint(of("input 1x8x8")).arena_top
    assert alone is not None
    assert (alone[0].kind, alone[1]) == ("input", [("input", 64)])
    assert Footprint(analyze(network("input 1x8x8\nconv 4 99"))).arena_top is None


def test_the_top_of_a_plan_is_a_step_at_which_the_highest_tensor_lives():
    for seed in range(40):
        found = Footprint(analyze(cnncalc.loads(drawn_graph(seed)), dtype="int8"))
        arena, top = found.arena, found.arena_top
        assert arena is not None and top is not None
        running = [node for node in found.analysis.network.nodes if node.layer is not None]
        names = {one.node: found.analysis.network.nodes[one.node].name for one in arena.tensors}
        highest = max(arena.tensors, key=lambda one: one.end)
        lives = {step: sorted((one for one in arena.tensors if one.born <= step <= one.last), key=lambda one: -one.bytes)
                 for step in range(highest.born, highest.last + 1)}  # fmt: skip
        most = max(sum(one.bytes for one in alive) for alive in lives.values())
        step = next(step for step, alive in lives.items() if sum(one.bytes for one in alive) == most)
        assert top == (running[max(step, 1) - 1], [(names[one.node], one.bytes) for one in lives[step]])


def test_measures_of_a_name_and_of_what_is_not_known():
    analysis = of("input 3x8x8\nstage stem:\n    conv 8 3 pad=1 | relu\nstage rest:\n    conv 2 3 stride=2 | relu")
    of_ = Measurements(analysis)
    assert (of_("arena"), of_("arena", "stem"), of_("flash", "stem")) == (704, 704, 8 * 28)
    with pytest.raises(UnknownMeasure, match="training is of the whole model"):
        of_("training", "stem")
    with pytest.raises(UnknownMeasure, match="PyTorch does not train in int8"):
        of_("training")
    with pytest.raises(UnknownMeasure, match="what PyTorch keeps of 'localconv1' depends"):
        Measurements(of("input 3x8x8\nlocalconv 2 3", dtype="fp32"))("training")


def test_the_largest_batch_is_the_largest():
    analysis = of("input 3x8x8\nconv 8 3 | bn | relu | maxpool 2 | flatten | fc 10", dtype="fp16")
    trainer = Footprint(analysis).trainer
    for budget in (10**4, 10**5, 123_456, 10**9):
        batch = trainer.largest_batch(budget)
        assert batch is not None
        taken, more = trainer.step(max(batch, 1)), trainer.step(batch + 1)
        assert taken is not None
        assert more is not None
        assert (taken.total <= budget) is (batch > 0)
        assert more.total > budget
    assert trainer.largest_batch(1) == 0
    assert Footprint(of("input 4\nrelu", dtype="fp32")).trainer.largest_batch(10) is None


def test_what_a_file_asks_for_itself():
    """Its buffers in place of the nodes' tensors: of a tensor by its type, of a kernel's scratch so much a sample and once."""
    built = cnncalc.loads("input 3x8x8\na = conv 4 3\nb = relu\nc = conv 2 3")
    built.allocations = Allocations(
        (Buffer(0, 0, 1), Buffer(1, 1, 3), Buffer(3, 3, 3), Buffer(1, 1, 1, (100, 7)), Buffer(3, 3, 3, (0, 40)))
    )
    found = plan(analyze(built, dtype=None, batch=2))
    assert found is not None
    placed = [(one.node, one.bytes, one.born, one.last, one.scratch) for one in found.tensors]
    assert placed == [
        (0, 4 * 2 * 192, 0, 1, False), (1, 4 * 2 * 144, 1, 3, False), (3, 4 * 2 * 32, 3, 3, False), (1, 208, 1, 1, True), (3, 48, 3, 3, True),
    ]  # fmt: skip
    others = plan(analyze(built, dtype="int8", batch=2))
    assert others is not None
    assert [(one.node, one.bytes) for one in others.tensors] == [(0, 384), (1, 288), (3, 64)]
    assert [one.offset for one in others.tensors] == [0, 384, 0]


def test_an_input_that_nothing_reads_lives_before_the_first_layer():
    found = plan(of("x = input 1x8x8\ny = input 1x8x8\n@x | conv 4 1"))
    assert found is not None
    assert [(one.born, one.last) for one in found.tensors] == [(0, 1), (0, 0), (1, 1)]


def test_an_operator_of_which_only_the_shape_is_known_is_a_step():
    """What it reads lives until it runs, beside what it gives."""
    made = Assembler(Source("net", ""))
    image = made.add_input("image", (1, 8, 8))
    first = made.apply(made.layer("relu", {}), (image,), "first").node
    odd = made.add_unknown("op", (first,), "odd", None, (4, 8, 8))
    last = made.apply(made.layer("add", {}), (odd, odd), "last").node
    made.output("last", last)
    found = plan(analyze(made.finish(), dtype="int8"))
    assert found is not None
    assert [(one.node, one.born, one.last) for one in found.tensors] == [
        (image, 0, 1), (first, 1, 2), (odd, 2, 3), (last, 3, 3),
    ]  # fmt: skip
