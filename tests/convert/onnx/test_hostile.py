"""Files that nobody's exporter wrote: a clear error, at once, and nothing else is opened."""

import builtins
import os
import random
import subprocess
import sys

import pytest

import cnncalc
from cnncalc.convert.readers import READERS, How, ModelFile, Request
from cnncalc.diagnostics import SpecError
from cnncalc.network.assembler import TooManyLayers
from hang import hang_guard

from .test_onnx import load  # noqa: F401
from .writer import field, graph, ints, model, node, small, tensor, value, varint

ONNX = READERS[0]
SEED = small(
    node("Conv", "x w b", "c", "/a/Conv", kernel_shape=[3, 3], pads=[1, 1, 1, 1]), node("Relu", "c", "r", "/a/Relu"),
    node("Shape", "r", "s"), node("Slice", "s one two", "t"), node("Concat", "t rest", "to", axis=0),
    node("Reshape", "r to", "f"), node("Gemm", "f v", "y", transB=1),
    tensors=[tensor("w", [2, 1, 3, 3]), tensor("b", [2]), tensor("v", [3, 32]), ints("one", 0), ints("two", 1), ints("rest", -1)],
    shape=(1, 1, 4, 4),
)  # fmt: skip


def outcome(data):
    """How reading ends: whatever the bytes are, with a network or a fault."""
    try:
        ONNX.read(ModelFile("net.onnx", "", data, ONNX, How()), Request(max_layers=10_000))
    except (SpecError, TooManyLayers):
        return "fault"
    return "network"


def test_the_seed_is_a_network():
    assert outcome(SEED) == "network"


def test_cut_anywhere():
    assert {outcome(SEED[:end]) for end in range(len(SEED))} <= {"fault", "network"}


@pytest.mark.parametrize("seed", range(4))
def test_changed_anywhere(seed):
    chance = random.Random(seed)
    for _ in range(400):
        data = bytearray(SEED)
        for _ in range(chance.choice([1, 1, 2, 8])):
            place = chance.randrange(len(data))
            if chance.random() < 0.7:
                data[place] = chance.choice([0, 1, 127, 128, 255, chance.randrange(256)])
            elif chance.random() < 0.5:
                del data[place : place + chance.randrange(1, 9)]
            else:
                data[place:place] = data[: chance.randrange(1, 9)]
        assert outcome(bytes(data)) in ("fault", "network")


def nested(depth):
    inner = graph([node("Relu", "x", "z")], [], [value("z")])
    for _ in range(depth):
        inner = graph([node("If", "q", "z", then_branch=inner, else_branch=inner)], [], [value("z")])
        if len(inner) > 1 << 16:
            break
    return inner


HOSTILE = {
    "a length past the end": field(1, 8) + varint(7 << 3 | 2) + varint(1 << 40) + b"x",
    "a number without an end": field(1, 8) + b"\xff" * 200,
    "no graph": field(1, 8) + field(2, "x"),
    "empty operators": model(graph([b""] * 200_000, [], [])),
    "a hundred thousand operators": model(graph([node("Relu", "x", "x")] * 100_000, [value("x", 1)], [value("x")])),
    "a cycle": small(node("Relu", "b", "a"), node("Relu", "a", "b"), node("Relu", "a", "y")),
    "itself": small(node("Add", "x y", "y")),
    "an enormous tensor": small(node("Conv", "x w", "y"), tensors=[field(1, 1 << 62) * 4 + field(2, 1) + field(8, "w")]),
    "a tensor of many axes": small(node("Add", "x w", "y"), tensors=[field(1, 1) * 100_000 + field(2, 1) + field(8, "w")]),
    "a negative size": small(node("Add", "x w", "y"), tensors=[field(1, -3) + field(2, 1) + field(8, "w")]),
    "many tensors": model(graph([], [], [], [tensor("w", [])] * 250_000)),
    "many attributes": small(node("Relu", "x", "y", **{f"a{k}": k for k in range(5000)})),
    "many numbers": small(node("Conv", "x w", "y", pads=[1] * 2_000_000)),
    "much arithmetic": small(*[node("Add", "n n", f"n{k}") for k in range(20_000)], node("Relu", "x", "y"),
                             tensors=[ints("n", *range(4096))]),
    "a range without an end": small(node("Range", "a b c", "r"), node("Expand", "x r", "y"),
                                    tensors=[ints("a", 0), ints("b", 1 << 60), ints("c", 1)]),
    "branches in branches": small(node("Equal", "n n", "q"), node("If", "p", "y", then_branch=nested(40), else_branch=nested(40)),
                                  tensors=[ints("n", 1), tensor("p", [1], 7, [1])]),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_files_end_at_once(what):
    with hang_guard():
        assert outcome(HOSTILE[what]) in ("fault", "network")


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="only Linux says how much it was")
def test_room_stays_small(tmp_path):
    """64 MiB above the interpreter, for all of them, and for a file of 2 GB that is nearly all weights."""
    for number, data in enumerate(HOSTILE.values()):
        (tmp_path / f"{number}.onnx").write_bytes(data)
    size = 2**31
    weights = field(1, size // 4) + field(2, 1) + field(8, "w") + varint(9 << 3 | 2) + varint(size)
    rest = b"".join(
        field(number, one)
        for number, one in ((1, node("Mul", "x w", "y")), (11, value("x", 1, size // 4)), (12, value("y")))
    )
    head = varint(5 << 3 | 2) + varint(len(weights) + size) + weights
    with open(tmp_path / "large.onnx", "wb") as file:
        file.write(
            field(1, 8)
            + field(8, field(2, 17))
            + varint(7 << 3 | 2)
            + varint(len(rest) + len(head) + size)
            + rest
            + head
        )
        file.truncate(file.tell() + size)
    code = (
        "import glob, cnncalc\n"
        "for path in sorted(glob.glob('*.onnx')):\n"
        "    try: cnncalc.load(path, max_layers=10_000)\n"
        "    except cnncalc.SpecError: pass\n"
        "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < (64 + 24) * 1024, "KiB"


def test_nothing_else_is_opened(load, monkeypatch, folder):  # noqa: F811
    (folder / "net.bin").write_bytes(bytes(100))
    entry = field(1, "location") + field(2, "../../etc/passwd")
    outside = field(1, 3) * 2 + field(2, 1) + field(8, "w") + field(13, entry) + field(14, 1)
    data = small(node("MatMul", "x w", "y"), tensors=[outside], shape=(1, 3))
    load(data)
    opened = []
    real = os.open
    monkeypatch.setattr(os, "open", lambda path, *rest, **more: opened.append(str(path)) or real(path, *rest, **more))
    monkeypatch.setattr(builtins, "open", lambda *given, **more: pytest.fail(f"opened {given}"))
    network = cnncalc.load("net.onnx")
    assert (opened, network.nodes[-1].output) == (["net.onnx"], (3,))
