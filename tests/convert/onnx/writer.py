"""ONNX files for tests, written without the onnx package: messages of a few fields, with no real weights in them."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from math import prod

FLOAT, INT64, INT8 = 1, 7, 3
#: The letters by which `struct` knows the types of numbers; bfloat16 and int4 are written as zeros.
LETTERS = {1: "f", 2: "B", 3: "b", 4: "H", 5: "h", 6: "i", 7: "q", 9: "?", 10: "e", 11: "d", 12: "I", 13: "Q", 16: "H"}


def varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    made = bytearray()
    while value > 127:
        made.append(value & 127 | 128)
        value >>= 7
    return bytes([*made, value])


def field(number: int, value: int | bytes | str) -> bytes:
    """A varint, or a length and so many bytes."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def tensor(name: str, shape: Sequence[int], dtype: int = FLOAT, numbers: Sequence[float] | None = None) -> bytes:
    """A TensorProto; without `numbers` of zeros."""
    letter = LETTERS[dtype]
    data = (
        bytes(prod(shape) * struct.calcsize(letter))
        if numbers is None
        else struct.pack(f"<{len(numbers)}{letter}", *numbers)
    )
    return b"".join(field(1, one) for one in shape) + field(2, dtype) + field(8, name) + field(9, data)


def ints(name: str, *numbers: int) -> bytes:
    """A tensor of whole numbers, one axis."""
    return tensor(name, [len(numbers)], INT64, numbers)


def scalar(name: str, number: float) -> bytes:
    return tensor(name, [], FLOAT, [number])


def value(name: str, *shape: int | str | None, dtype: int = FLOAT) -> bytes:
    """A ValueInfoProto: a number, a name or nothing an axis."""
    axes = b"".join(
        field(1, b"" if size is None else field(1, size) if isinstance(size, int) else field(2, size)) for size in shape
    )
    return field(1, name) + field(2, field(1, field(1, dtype) + field(2, axes)))


class Graph(bytes):
    """The message of a graph, as an attribute."""


class OfFunction(str):
    """The name of an attribute of the function around it, whose value is meant."""

    __slots__ = ()


def attribute(name: str, found: object) -> bytes:
    head = field(1, name)
    if isinstance(found, OfFunction):
        return head + field(21, found) + field(20, 2)
    if isinstance(found, Graph):
        return head + field(6, bytes(found)) + field(20, 5)
    if isinstance(found, bytes):
        return head + field(5, found) + field(20, 4)
    if isinstance(found, str):
        return head + field(4, found) + field(20, 3)
    if isinstance(found, int):
        return head + field(3, found) + field(20, 2)
    if isinstance(found, float):
        return head + varint(2 << 3 | 5) + struct.pack("<f", found) + field(20, 1)
    assert isinstance(found, list)
    if any(isinstance(one, str) for one in found):
        return head + b"".join(field(9, one) for one in found) + field(20, 8)
    if any(isinstance(one, float) for one in found):
        return head + b"".join(varint(7 << 3 | 5) + struct.pack("<f", one) for one in found) + field(20, 6)
    return head + b"".join(field(8, one) for one in found) + field(20, 7)


def node(op: str, inputs: str, outputs: str, name: str = "", domain: str = "", **attributes: object) -> bytes:
    """A NodeProto; names are parted by blanks, and a dash is a name that is not there."""
    names = [(1, one) for one in inputs.split()] + [(2, one) for one in outputs.split()]
    return (
        b"".join(field(number, "" if one == "-" else one) for number, one in names)
        + (field(3, name) if name else b"") + field(4, op)
        + b"".join(field(5, attribute(key, found)) for key, found in attributes.items())
        + (field(7, domain) if domain else b"")
    )  # fmt: skip


def graph(
    nodes: Sequence[bytes], inputs: Sequence[bytes], outputs: Sequence[bytes], tensors: Sequence[bytes] = (),
    between: Sequence[bytes] = (), name: str = "",
) -> Graph:  # fmt: skip
    parts = [(1, nodes), (5, tensors), (11, inputs), (12, outputs), (13, between)]
    named = field(2, name) if name else b""
    return Graph(named + b"".join(field(number, one) for number, some in parts for one in some))


def function(
    name: str, inputs: str, outputs: str, nodes: Sequence[bytes], domain: str = "local", attributes: Sequence[str] = ()
) -> bytes:
    """A FunctionProto."""
    return (
        field(1, name) + b"".join(field(4, one) for one in inputs.split())
        + b"".join(field(5, one) for one in outputs.split()) + b"".join(field(6, one) for one in attributes)
        + b"".join(field(7, one) for one in nodes) + field(9, field(1, "") + field(2, 17)) + field(10, domain)
    )  # fmt: skip


def model(content: bytes, opset: int = 17, functions: Sequence[bytes] = (), **opsets: int) -> bytes:
    """A ModelProto."""
    versions = [("", opset), *((domain.replace("_", "."), version) for domain, version in opsets.items())]
    imported = b"".join(field(8, field(1, domain) + field(2, version)) for domain, version in versions)
    made = b"".join(field(25, one) for one in functions)
    return field(1, 8) + field(2, "tests") + field(7, content) + imported + made


def small(*nodes: bytes, shape: Sequence[int | str | None] = (1, 3, 32, 32), tensors: Sequence[bytes] = (), opset: int = 17,
          output: str = "y", functions: Sequence[bytes] = (), **opsets: int) -> bytes:  # fmt: skip
    """A model with one input, x, and one output."""
    content = graph(nodes, [value("x", *shape)], [value(output)], tensors)
    return model(content, opset, functions, **opsets)


#: A network of every part that networks have: residual, with a pool and a fully connected layer.
TINY = small(
    node("Conv", "x w1 b1", "c1", "/stem/conv/Conv", kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
    node("Relu", "c1", "r1", "/stem/act/Relu"),
    node("Conv", "r1 w2", "c2", "/block/conv/Conv", pads=[1, 1, 1, 1]),
    node("BatchNormalization", "c2 g b m v", "n2", "/block/bn/BatchNormalization"),
    node("Add", "n2 r1", "a", "/block/Add"),
    node("MaxPool", "a", "p", "/pool/MaxPool", kernel_shape=[2, 2], strides=[2, 2]),
    node("Flatten", "p", "f", "/Flatten"),
    node("Gemm", "f w3 b3", "y", "/fc/Gemm", transB=1),
    tensors=[tensor("w1", [8, 3, 3, 3]), tensor("b1", [8]), tensor("w2", [8, 8, 3, 3]),
             *(tensor(name, [8]) for name in "gbmv"), tensor("w3", [10, 2048]), tensor("b3", [10])],
)  # fmt: skip
