"""Protocol buffers' wire format, by the examples of its specification, and what is no message; the sizes of what enters."""

from __future__ import annotations

import struct
from typing import Any

import pytest

from cnncalc.convert.onnx import wire
from cnncalc.convert.onnx.inputs import sized
from cnncalc.convert.onnx.proto import GraphProto
from cnncalc.convert.onnx.wire import I32, I64, LENGTH, VARINT, Corrupt, fields, floats, integers, signed, text
from cnncalc.convert.readers import How, ModelFile, by_name
from cnncalc.diagnostics import SpecError

from .writer import graph, node, tensor, value, varint

#: https://protobuf.dev/programming-guides/encoding: Test1 with a = 150, Test2 with b = "testing", Test3 with c a Test1, Test5
#: with d = "hello" and e = [1, 2, 3].
SPECIFIED = [
    (bytes.fromhex("08 96 01"), [(1, VARINT, 150)]), (bytes.fromhex("12 07 74 65 73 74 69 6e 67"), [(2, LENGTH, b"testing")]),
    (bytes.fromhex("1a 03 08 96 01"), [(3, LENGTH, b"\x08\x96\x01")]),
    (bytes.fromhex("22 05 68 65 6c 6c 6f 28 01 28 02 28 03"), [(4, LENGTH, b"hello"), (5, VARINT, 1), (5, VARINT, 2), (5, VARINT, 3)]),
    (bytes.fromhex("08 fe ff ff ff ff ff ff ff ff 01"), [(1, VARINT, 2**64 - 2)]), (b"\x0d" + struct.pack("<f", 1.5), [(1, I32, struct.pack("<f", 1.5))]),
    (b"\x09" + struct.pack("<d", 1.5), [(1, I64, struct.pack("<d", 1.5))]), (varint(16 << 3) + b"\x05", [(16, VARINT, 5)]),
    (varint(5000 << 3 | 2) + b"\x02ab" + b"\x08\x01", [(5000, LENGTH, b"ab"), (1, VARINT, 1)]), (b"\x12\x80\x01" + b"x" * 128, [(2, LENGTH, b"x" * 128)]),
    (b"\x12\x7f" + b"x" * 127, [(2, LENGTH, b"x" * 127)]), (b"\x12\x00", [(2, LENGTH, b"")]), (b"", []),
]  # fmt: skip


@pytest.mark.parametrize(("data", "found"), SPECIFIED)
def test_fields(data: bytes, found: list[tuple[int, int, Any]]) -> None:
    assert list(fields(data)) == found
    assert list(fields(memoryview(data))) == found


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x08", "a number has no end"), (b"\x08\x96", "a number has no end"), (b"\x08" + b"\xff" * 10, "a number has no end"), (b"\x88", "a number has no end"),
        (b"\x12\x03ab", "a field of 3 bytes, where 2 are left"), (b"\x12", "a number has no end"), (b"\x12\x80\x01" + b"x" * 127, "a field of 128 bytes, where 127 are left"),
        (b"\x0d\x00\x00\x00", "a number is cut off"), (b"\x09" + b"\0" * 7, "a number is cut off"), (b"\x0b", "a field of wire type 3, which there is none of"),
        (b"\x0c", "wire type 4"), (b"\x0e", "wire type 6"), (b"\x0f", "wire type 7"), (b"\x00\x01", "a field has the number 0"), (b"\x02\x00", "a field has the number 0"),
    ],
)  # fmt: skip
def test_no_message(data: bytes, said: str) -> None:
    with pytest.raises(Corrupt, match=said):
        list(fields(data))
    assert len(list(fields(b"\x08" + b"\xff" * 9 + b"\x01"))) == 1  # ten bytes are the longest number


def test_whole_numbers_are_of_64_bits() -> None:
    assert [signed(one) for one in (0, 2**63 - 1, 2**63, 2**64 - 1)] == [0, 2**63 - 1, -(2**63), -1]
    assert integers(VARINT, 2**64 - 5) == [-5]
    assert integers(LENGTH, bytes.fromhex("03 8e 02 9e a7 05")) == [3, 270, 86942]  # the specification's packed field
    assert integers(LENGTH, b"") == []
    assert integers(LENGTH, varint(-7) + varint(7)) == [-7, 7]
    assert floats(LENGTH, struct.pack("<3f", 1, -2, 0.5)) == [1, -2, 0.5]
    assert floats(I32, struct.pack("<f", 0.25)) == [0.25]
    for stored, value_ in ((I32, b"\0\0\0\0"), (I64, b"\0" * 8)):
        with pytest.raises(Corrupt, match="integers that are stored as something else"):
            integers(stored, value_)
    for stored, odd in ((LENGTH, b"\0" * 6), (I64, b"\0" * 8)):
        with pytest.raises(Corrupt, match="floats that are stored as something else"):
            floats(stored, odd)


def test_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    assert text("größe".encode()) == "größe"
    assert text(b"a\xff") == "a\udcff"
    with pytest.raises(Corrupt, match="a number where a name or a list stands"):
        text(3)
    monkeypatch.setattr(wire, "_LONGEST", 5)
    assert text(b"12345") == "12345"
    for read in (text, lambda data: integers(LENGTH, data)):
        with pytest.raises(Corrupt, match="a name or a list of 6 bytes"):
            read(b"\1\2\3\4\5\6")


# --- what enters ------------------------------------------------------------------------------------


def sized_inputs(shapes: dict[str, tuple[Any, ...]], given: dict[str, tuple[int, ...]]) -> Any:
    """What comes of inputs of these shapes in the file, those `given` at others; a weight is an input, too, as it was once."""
    infos = [value(name, *shape) for name, shape in shapes.items()]
    made = GraphProto(graph([node("Relu", "x", "y")], [*infos, value("w", 2)], [value("y")], [tensor("w", [2])]))
    return sized(ModelFile("net.onnx", "", b"", by_name("onnx"), How()), made, given)


@pytest.mark.parametrize(
    ("shapes", "given", "made", "batch", "symbols", "own"),
    [
        ({"x": (4, 3, 8)}, {}, {"x": ((4, 3, 8), 0)}, 4, {}, True), ({"x": ("N", 3, 8)}, {}, {"x": ((1, 3, 8), 0)}, None, {"N": 1}, True),
        ({"x": (None, 3, 8)}, {}, {"x": ((1, 3, 8), 0)}, None, {}, True), ({"x": (-1, 3)}, {}, {"x": ((1, 3), 0)}, None, {}, True),
        ({"x": ("N", 3, "W")}, {"x": (3, 9)}, {"x": ((1, 3, 9), 0)}, None, {"N": 1, "W": 9}, True), ({"x": (2, 3, 8)}, {"x": (3, 16)}, {"x": ((2, 3, 16), 0)}, 2, {}, False),
        ({"x": (2, 3, 8)}, {"x": (3, 8)}, {"x": ((2, 3, 8), 0)}, 2, {}, True), ({"x": (2, 3, 8)}, {"x": (5, 3, 16)}, {"x": ((5, 3, 16), 0)}, 2, {}, False),
        ({"x": ("N", "W"), "z": ("N", "W")}, {"x": (7,)}, {"x": ((1, 7), 0), "z": ((1, 7), 0)}, None, {"N": 1, "W": 7}, True),
        ({"x": (2, 3), "z": (5, 3)}, {}, {"x": ((2, 3), None), "z": ((5, 3), None)}, None, {}, True),
        ({"x": (2, 3), "z": ("N", 3)}, {"z": (4, 3)}, {"x": ((2, 3), None), "z": ((4, 3), None)}, None, {"N": 4}, True),
        ({"x": (2, 3), "z": ()}, {}, {"x": ((2, 3), 0), "z": ((), None)}, 2, {}, True),
    ],
)  # fmt: skip
def test_sizes_of_what_enters(
    shapes: dict[str, tuple[Any, ...]], given: dict[str, tuple[int, ...]], made: dict[str, Any], batch: int | None, symbols: dict[str, int], own: bool
) -> None:  # fmt: skip
    found = sized_inputs(shapes, given)
    assert {one.name: (one.shape, one.axis) for one in found.entering} == made
    assert (found.batch, dict(found.symbols), found.own) == (batch, symbols, own)


@pytest.mark.parametrize(
    ("shapes", "given", "said"),
    [
        ({"x": ("N", 3, "H", None)}, {}, "it is 3xHx? in the file: sizes are free\n  for example input = 3x224x224"),
        ({"x": ("N", 3, "H"), "z": ("N", 3)}, {}, "for example input 'x' = 3x224"),
        ({"x": (2, 3, 8)}, {"x": (3, 8, 8, 8)}, "the input has 2 axes, without the samples"), ({"x": (2, 3), "z": (5, 3)}, {"x": (3,)}, "the input has 2 axes"),
    ],
)  # fmt: skip
def test_sizes_that_are_not_all_there(
    shapes: dict[str, tuple[Any, ...]], given: dict[str, tuple[int, ...]], said: str
) -> None:
    with pytest.raises(SpecError) as caught:
        sized_inputs(shapes, given)
    assert said in str(caught.value)
