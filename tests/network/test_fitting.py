"""What a network that does not fit its input says of the sizes that it takes: exactly those with which it can be made."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.interpret import build, read_source
from cnncalc.interpret.interpreter import Interpreter
from cnncalc.network import accepted, trials
from helpers import fault, network

SIZE_FAULTS = ("shape", "window-too-large")


def takes(text: str) -> str:
    """What is said of the inputs that a network takes; empty where nothing is."""
    notes = [note for one in network(text).diagnostics for note in one.notes]
    return next((note.removeprefix("the network takes ") for note in notes if note.startswith("the network takes")), "")


def named(said: str, size: int) -> bool:
    """Whether a size is one of those that are named."""
    said = said.partition(" only")[0]
    for part in re.split(" or ", said):
        if found := re.fullmatch(r"any from (\d+) up", part):
            right = size >= int(found[1])
        elif found := re.fullmatch(r"any multiple of (\d+) from (\d+) up", part):
            right = size >= int(found[2]) and size % int(found[1]) == 0
        elif found := re.fullmatch(r"(\d+), \d+, … every (\d+)", part):
            right = size >= int(found[1]) and (size - int(found[1])) % int(found[2]) == 0
        else:
            first, _, last = part.partition("..")
            right = int(first) <= size <= int(last or first)
        if right:
            return True
    return False


def works(text: str, size: int, rank: int) -> bool:
    shape = "x".join([str(size)] * rank)
    made = network(re.sub(r"(input \d+)@\S+", rf"\1@{shape}", text, count=1), checked=False)
    return not any(one.severity == "error" for one in made.diagnostics)


ANSWERS = [
    ("input 3@222x222\na = conv 4 3 pad=1\nmaxpool 2\nb = conv 4 3 pad=1\nmaxpool 2 | upconv 4 2 stride=2\nconcat @b\nupconv 4 2 stride=2\nconcat @a", "height = width: any multiple of 4 from 4 up"),
    ("input 3@222x231\na = relu\nmaxpool 4 | upconv 3 4 stride=4\nadd @a", "height and width: any multiple of 4 from 4 up"),
    ("input 3@8x9\na = relu\nmaxpool 4 | upconv 3 4 stride=4\nadd @a", "height and width: any multiple of 4 from 4 up"),
    ("input 1@4000\nconv 8 80 stride=4 | maxpool 4 | conv 8 3 | maxpool 4 | conv 8 3 | maxpool 4 | conv 8 3 | maxpool 4 | avgpool 4", "length: any from 4844 up"),
    ("input 3@33x33\na = relu\nconv 4 3 stride=2 pad=same | upconv 3 3 stride=2 pad=same\nadd @a", "height = width: any multiple of 2 from 2 up"),
    ("input 3@32x32\na = relu\nconv 3 3 stride=2 pad=1 | upconv 3 3 stride=2 pad=1\nadd @a", "height = width: 1, 3, … every 2"),
    ("input 3@30x30\nconv 4 16 stride=16 | reshape 4x196", "height = width: 224..239 only (of 1 to 256)"),
    ("input 3@9x9\nconv 6 5 | maxpool 2 | conv 16 5", "height = width: any from 14 up"),
    ("input 3@9x9\nconv 6 5\ncrop 12", "height = width: any from 16 up"),
    ("input 3@9x9\na = conv 6 5\nif H > 12:\n    conv 6 11\nelse:\n    conv 6 11", "height = width: any from 15 up"),
    ("block b(w):\n    if C != w:\n        conv w 1\n    relu\ninput 3@30x30\na = conv 8 3 pad=1\nmaxpool 4 | resize 4\nadd @a\nb 16", "height = width: any multiple of 4 from 4 up"),
    ("input 3@9x9\nadd:\n    - conv 4 1\n    - conv 5 1", ""),
    ("input 3@9x9\nconv 8 3 bais=no\nconv 8 11", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), ANSWERS, ids=[row[0].splitlines()[-1] + row[0][:12] for row in ANSWERS])
def test_what_is_said(text: str, said: str) -> None:
    assert takes(text) == said
    if said and " and " not in said:
        rank = re.search(r"@(\S+)", text)[1].count("x") + 1
        for size in range(1, 300):
            assert named(said.partition(": ")[2], size) == works(text, size, rank), size


def test_each_axis_is_said_with_the_other_at_a_size_that_fits() -> None:
    text = "input 3@222x231\na = relu\nmaxpool 4 | upconv 3 4 stride=4\nadd @a"
    for height in range(1, 20):
        for width in range(1, 20):
            made = network(text.replace("222x231", f"{height}x{width}"))
            whole = not any(one.severity == "error" for one in made.diagnostics)
            assert whole == (height % 4 == 0 and width % 4 == 0)


@pytest.mark.parametrize(("shape", "said"), [
    ("3x192x144", "height: 189..192 only (of 168 to 216); width: 157..160 only (of 136 to 184)"),
    ("3x200x200", "height = width: 157..160 or 189..192 or 221..224 only (of 143 to 240)"),
])  # fmt: skip
def test_a_network_whose_layers_behind_the_fault_could_not_be_made(shape: str, said: str) -> None:
    """HRNet-W18: its last blocks ask for channels that the failing add does not give."""
    source, folder = read_source("@hrnet_w18")
    made = build(source, folder=folder, inputs={None: shape})
    (note,) = [note for one in made.diagnostics if one.severity == "error" for note in one.notes]
    assert note == f"the network takes {said}"


def test_it_stands_with_the_first_fault() -> None:
    made = network("input 3@222x222\na = relu\nmaxpool 4 | upconv 3 4 stride=4\nadd @a\n@a | conv 4 999")
    assert [bool(one.notes) for one in made.diagnostics if one.severity == "error"] == [True, False]


def test_a_size_from_outside_is_answered_too() -> None:
    text = "input 3x64x64\na = relu\nmaxpool 4 | upconv 3 4 stride=4\nadd @a"
    assert fault(text, inputs={None: "3x222x222"}).notes == (
        "the network takes height = width: any multiple of 4 from 4 up",
    )


def spec(random: Random) -> tuple[str, int]:
    """A network that takes some sizes only, and the rank of its input; it may or may not fit that."""
    rank = random.choice([1, 2, 2, 3])
    size = random.randint(5, 90)
    depth = random.randint(1, 3)
    lines = [f"input 3@{'x'.join([str(size)] * rank)}"]
    down = random.choice(["maxpool 2", "conv 4 3 stride=2 pad=1", "conv 4 2 stride=2", "conv 4 3 stride=2 pad=same",
                          "maxpool 3 stride=2 pad=1", "maxpool 3 stride=3", "avgpool 2 ceil=yes"])  # fmt: skip
    factor = 3 if "stride=3" in down else 2
    up = random.choice([f"upconv 4 {factor} stride={factor}", f"resize {factor}", f"upconv 4 3 stride={factor} pad=same",
                        f"upconv 4 3 stride={factor} pad=1 outpad=1"])  # fmt: skip
    block = random.choice(
        ["conv 4 3 pad=1", "conv 4 3", "conv 4 3 | relu | conv 4 3 pad=2", "conv 4 1", "conv 4 3 pad=same"]
    )
    for level in range(depth):
        lines += [f"x{level} = {block} | relu", down]
    lines.append(block)
    if random.random() < 0.6:
        for level in reversed(range(depth)):
            lines += [up, f"{random.choice(['concat', 'concat', 'add'])} @x{level}", "conv 4 3 pad=1"]
    else:
        lines += [random.choice(["flatten | fc 10", "conv 4 7", "avgpool 6", "gavgpool", "reshape 64", "crop 5", "take 2:9 axis=" + (
            "L" if rank == 1 else "W")])]  # fmt: skip
    return "\n".join(lines), rank


@settings(max_examples=60)
@given(st.integers(0, 10**9))
def test_the_sizes_are_exactly_those_that_work(seed: int) -> None:
    text, rank = spec(Random(seed))
    errors = [one.code for one in network(text).diagnostics if one.severity == "error"]
    if not errors or not set(errors) <= set(SIZE_FAULTS):
        return
    said = takes(text).partition(": ")[2]
    for size in range(1, 130):
        assert (bool(said) and named(said, size)) == works(text, size, rank), (text, said, size)


def test_the_reader_is_asked_as_often_as_reading_is_cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A layer that fits nothing (an upconv on values without places) leaves only reading to tell: far fewer times."""
    read = []
    run = Interpreter.run_file
    monkeypatch.setattr(Interpreter, "run_file", lambda self, *given: read.append(1) or run(self, *given))
    text = """
input 4x1x2
repeat 3, 4 as k2:
    y2 = conv 4 k2 pad=same
concat @y2[*]
upconv 16 2 stride=2 outpad=1 | prelu | localconv 4 3 | ln affine=no | lrn 5
maxpool 3 2 pad=1 ceil=yes | avgpool 2 countpad=no
pad 1:2x0:1 | crop 6 | resize 2 mode=bilinear | upsample to=8x9
conv 16 1 | pixelshuffle 2 | pixelunshuffle 2 | shuffle 4 | glu
take 0:C//2 | take 1:3 axis=H | scale | hardsigmoid
mean H | max W | softplus
avgpool to=1 | gavgpool | gmaxpool | flatten
upconv 4 3
"""
    assert any("window" in one.message for one in network(text).diagnostics)
    layers = 30
    assert 1 < len(read) * layers <= accepted._BUILT // accepted._IN_A_FAULT


def test_of_a_small_network_not_every_size_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not fit any size near or below its own: a trial costs more than its few layers."""
    tried = []
    resized = trials.resized
    monkeypatch.setattr(trials, "resized", lambda *given: tried.append(1) or resized(*given))
    assert fault("input 4x4x4x65536\nconv 64 3\nreshape 64x222x222")
    assert 1000 < len(tried) < 20_000


def test_the_sizes_that_are_said_are_those_near_the_one_that_was_asked_for() -> None:
    """Of a long network only some sizes can be tried: those around, where it takes none without end."""
    lines = [
        "input 3x600x600",
        "repeat 3:",
        "    conv 4 3 stride=2 pad=1",
        "a = relu",
        "repeat 2:",
        "    conv 4 3 stride=2 pad=1",
    ]
    lines += ["repeat 70:", "    bn | relu | identity", "repeat 2:", "    resize 2 | relu", "add @a"]
    assert "569..576 or 601..608 or 633..640 or" in takes("\n".join(lines))
