"""Numbers that stand in a file: of every type, as bytes or in the field of the type, and what is broken of them."""

from __future__ import annotations

import struct
from random import Random

import pytest

from cnncalc.convert.onnx.tensors import TensorProto
from cnncalc.convert.onnx.wire import Corrupt

from .writer import LETTERS, field, tensor, varint

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
        (field(1, 2) + field(2, 7) + field(7, 1), "1 numbers in a tensor of 2"), (field(1, 1) + field(2, 7) + field(7, 1) * 3, "2 numbers in a tensor of 1"),
        (field(1, 1) + field(2, 11) + field(10, bytes(7)), "a number is cut off"), (field(1, -1) + field(2, 1), "a tensor of the shape"),
        (field(1, 1) * 65 + field(2, 1), "a tensor of the shape"),
    ],
)  # fmt: skip
def test_what_is_broken(data: bytes, said: str) -> None:
    with pytest.raises(Corrupt, match=said):
        TensorProto(data).numbers()
