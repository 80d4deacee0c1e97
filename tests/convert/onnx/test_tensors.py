"""Numbers that stand in a file: of every type, as bytes or in the field of the type, and what is broken of them."""

from __future__ import annotations

import struct
from random import Random

import pytest

import cnncalc
from cnncalc.convert.onnx import proto
from cnncalc.convert.onnx.proto import GraphProto, value_info
from cnncalc.convert.onnx.tensors import TensorProto
from cnncalc.convert.onnx.wire import Corrupt

from .writer import INT64, LETTERS, field, graph, node, small, tensor, value, varint

#: The field in which numbers of a type may stand, and how: a float of 4 or of 8 bytes, or a whole number.
FIELDS = {
    1: (4, "f"),
    11: (10, "d"),
    6: (5, "i"),
    7: (7, "i"),
    2: (5, "i"),
    3: (5, "i"),
    9: (5, "i"),
    10: (5, "i"),
    12: (11, "i"),
    13: (11, "i"),
}


def drawn(letter: str, chance: Random, count: int) -> list[float]:
    if letter in "fed":
        return [struct.unpack("<e", struct.pack("<e", chance.uniform(-9, 9)))[0] for _ in range(count)]
    if letter == "?":
        return [chance.random() < 0.5 for _ in range(count)]
    bits = 8 * struct.calcsize(letter) - letter.islower()
    return [chance.randrange(-(2**bits) if letter.islower() else 0, 2**bits) for _ in range(count)]


@pytest.mark.parametrize("dtype", [one for one in LETTERS if one != 16])
@pytest.mark.parametrize("shape", [[], [1], [3], [2, 3], [0], [2, 1, 2]])
def test_bytes(dtype: int, shape: list[int]) -> None:
    count = 1
    for size in shape:
        count *= size
    numbers = drawn(LETTERS[dtype], Random(dtype), count)
    found = TensorProto(tensor("x", shape, dtype, numbers))
    assert (found.name, found.shape, found.dtype, found.external) == ("x", tuple(shape), dtype, False)
    assert found.numbers() == numbers


@pytest.mark.parametrize("dtype", FIELDS)
@pytest.mark.parametrize("packed", [True, False])
def test_fields_of_a_type(dtype: int, packed: bool) -> None:
    number, how = FIELDS[dtype]
    numbers = drawn(LETTERS[dtype], Random(dtype), 5)
    written = [struct.unpack("<H", struct.pack("<e", one))[0] for one in numbers] if dtype == 10 else numbers
    if how == "i":
        data = [varint(int(one)) for one in written]
        stored = field(number, b"".join(data)) if packed else b"".join(varint(number << 3) + one for one in data)
    elif packed or how == "d":
        stored = field(number, struct.pack(f"<5{how}", *numbers))
    else:
        stored = b"".join(varint(number << 3 | 5) + struct.pack("<f", one) for one in numbers)
    found = TensorProto(field(1, 5) + field(2, dtype) + stored)
    assert found.numbers() == numbers


def test_what_has_no_numbers() -> None:
    assert TensorProto(tensor("x", [2], 16)).numbers() is None  # bfloat16
    assert TensorProto(tensor("x", [2]) + field(14, 1)).numbers() is None  # in another file
    assert TensorProto(tensor("x", [2]) + field(14, 0)).numbers() == [0, 0]
    assert TensorProto(field(1, 100_000) + field(2, 1)).numbers() is None  # too large
    assert TensorProto(field(2, 8)).numbers() is None  # texts


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (field(1, 2) + field(2, 1) + field(9, bytes(7)), "7 bytes in a tensor of 2 numbers of 4"),
        (field(1, 2) + field(2, 7) + field(9, bytes(8)), "8 bytes in a tensor of 2 numbers of 8"),
        (field(1, 2) + field(2, 7) + field(7, 1), "1 number in a tensor of 2"), (field(1, 1) + field(2, 7) + field(7, 1) * 3, "2 numbers in a tensor of 1"),
        (field(1, 1) + field(2, 11) + field(10, bytes(7)), "a number is cut off"), (field(1, -1) + field(2, 1), "a tensor of the shape"),
        (field(1, 1) * 65 + field(2, 1), "a tensor of the shape"),
    ],
)  # fmt: skip
def test_what_is_broken(data: bytes, said: str) -> None:
    with pytest.raises(Corrupt, match=said):
        TensorProto(data).numbers()


def test_how_many_axes_and_operators_there_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    assert value_info(value("x", *[1] * 64)).shape == (1,) * 64
    with pytest.raises(Corrupt, match="a tensor of 65 axes"):
        value_info(value("x", *[1] * 65))
    monkeypatch.setattr(proto, "MOST_NODES", 3)
    assert len(GraphProto(graph([node("Relu", "x", "x")] * 3, [], [])).nodes) == 3
    with pytest.raises(Corrupt, match="over 3 operators"):
        GraphProto(graph([node("Relu", "x", "x")] * 4, [], []))
    with pytest.raises(Corrupt, match="an operator without a type"):
        GraphProto(graph([node("", "x", "x")], [], []))


#: Numbers beside a tensor that no operator says to be weights, and how many of them are learned.
BESIDE = {
    "a positional embedding": ([1, 4, 3], [0.013 * (7 * number % 12) - 0.031 for number in range(12)], 12),
    "an untrained one": ([1, 4, 3], [0.0] * 12, 12),
    "a grid": ([1, 4, 3], [number // 3 + 0.5 for number in range(12)], 0),
    "a mask": ([1, 4, 3], [-100.0 if number % 5 else 0.0 for number in range(12)], 0),
    "a mask of no end": ([1, 4, 3], [float("-inf") if number % 5 else 0.0 for number in range(12)], 0),
    "an identity": ([1, 4, 3], [float(number % 4 == 0) for number in range(12)], 0),
    "a ramp": ([1, 3], [-1 + number / 3 for number in range(3)], 0),
    "a number": ([1], [0.3], 0),
    "one a channel": ([4, 1], [1.0, 2.0, 3.0, 4.0], 4),
    "one a feature": ([3], [1.0, 2.0, 3.0], 3),
}


@pytest.mark.parametrize("what", BESIDE)
@pytest.mark.parametrize("raw", [False, True])
def test_what_is_learned_of_numbers_beside_a_tensor(tmp_path, what, raw):
    shape, numbers, learned = BESIDE[what]
    (tmp_path / "net.onnx").write_bytes(
        small(node("Add", "x c", "y"), tensors=[tensor("c", shape, 1, numbers)], shape=(1, 4, 3))
    )
    assert cnncalc.analyze(cnncalc.load(tmp_path / "net.onnx", raw=raw)).totals.params == learned


SETTINGS = {
    "OneHot": ([node("Cast", "x", "i", to=INT64), node("OneHot", "i d v", "y")], [tensor("d", [], INT64, [5]), tensor("v", [2], 1, [0.25, 0.75])]),
    "Resize": ([node("Resize", "x - s", "y", mode="cubic")], [tensor("s", [3], 1, [1.0, 1.3, 1.7])]),
    "Greater": ([node("Greater", "x t", "g"), node("Cast", "g", "y", to=1)], [tensor("t", [1, 4, 3], 1, [0.3, 0.1] * 6)]),
    "Where": ([node("Greater", "x k", "g"), node("Where", "g x m", "y")], [tensor("k", [], 1, [0.3]), tensor("m", [1, 4, 3], 1, [-1e9, 0.0] * 6)]),
    "Range": ([node("Range", "a b c", "r"), node("Unsqueeze", "r z", "u"), node("Add", "x u", "y")],
              [tensor("a", [], 1, [0.0]), tensor("b", [], 1, [3.0]), tensor("c", [], 1, [1.0]), tensor("z", [1], INT64, [0])]),
}  # fmt: skip


@pytest.mark.parametrize("op", SETTINGS)
def test_settings_are_no_parameters(tmp_path, op):
    nodes, tensors = SETTINGS[op]
    (tmp_path / "net.onnx").write_bytes(small(*nodes, tensors=tensors, shape=(1, 4, 3), opset=18))
    for raw in (False, True):
        assert cnncalc.analyze(cnncalc.load(tmp_path / "net.onnx", raw=raw)).totals.params == 0


@pytest.mark.parametrize("raw", [False, True])
def test_the_bias_of_one_unit_is_a_parameter(tmp_path, raw):
    nodes, tensors = (
        [node("MatMul", "x w", "m"), node("Add", "m b", "y")],
        [tensor("w", [4, 1]), tensor("b", [1], 1, [0.3])],
    )
    (tmp_path / "net.onnx").write_bytes(small(*nodes, tensors=tensors, shape=(1, 4)))
    assert cnncalc.analyze(cnncalc.load(tmp_path / "net.onnx", raw=raw)).totals.params == 5
