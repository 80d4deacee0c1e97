"""What the first bytes of a file say of its format, beyond doubt."""

from __future__ import annotations

import re

_FIELD = rb"(?:\s|#[^\n]*\n|[;,])*(?:name|input|input_dim|input_shape|layers?|state|force_backward)\s*[:{]"
_EXPORTED = rb"(?:[^/]+/)?(?:data/(?:weights|constants|sample_inputs)/|models/|archive_format|serialized_)"
_LAYERS = rb"(?m)^[ \t]*(?:layers?|input(?:_dim|_shape)?)\s*[:{]"


def is_onnx(head: bytes) -> bool:
    """A protobuf that begins with the version of the format, as all writers do, and then a field of a ModelProto."""
    return len(head) > 2 and head[0] == 8 and 0 < head[1] < 32 and head[2] in b"\x12\x1a\x22\x28\x32\x3a\x42"


def is_pt2(head: bytes) -> bool:
    """Whether it is an archive whose first member is one of torch.export.save."""
    name = head[30 : 30 + int.from_bytes(head[26:28], "little")] if head.startswith(b"PK\x03\x04") else b""
    return (
        re.match(rb"(?:[^/]+/)?(?:data/(?:weights|constants|sample_inputs)/|models/|archive_format|serialized_)", name)
        is not None
    )


def is_darknet(head: bytes) -> bool:
    """Whether the first section is [net]."""
    for line in head.splitlines():
        bare = line.translate(None, b" \t\r")
        if bare and bare[:1] not in (b"#", b";"):
            return bare in (b"[net]", b"[network]")
    return False


def is_caffe(head: bytes) -> bool:
    """Whether it is a text of protobuf that starts as a NetParameter does, and speaks of layers or inputs."""
    return re.match(_FIELD, head) is not None and re.search(_LAYERS, head) is not None


def is_keras(head: bytes) -> bool:
    """Whether it is an archive, an HDF5 file, or a JSON text that describes a model."""
    if head.startswith(b"PK\x03\x04"):
        return b"config.json" in head or b"metadata.json" in head  # of the first members of a .keras archive
    if head.startswith(b"\x89HDF\r\n\x1a\n"):
        return True
    return re.match(rb"\s*\{", head) is not None and b'"class_name"' in head


def is_tflite(head: bytes) -> bool:
    """Whether it is a flatbuffer with the identifier of the format."""
    return head[4:8] == b"TFL3"


def is_python(head: bytes) -> bool:
    """Whether a text imports torch or Keras, or defines a module of them: no other format has such a line. One that
    stands in a block of Markdown is none of its own.
    """
    match = re.search(
        rb"(?m)^\s*(?:(?:import|from) (?:torch|keras|tensorflow)\b|class \w+\((?:torch\.)?nn\.\w+\):)", head
    )
    return match is not None and re.search(rb"(?m)^(?:```|~~~)", head[: match.start()]) is None
