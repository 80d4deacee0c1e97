"""Changes to model files: of bytes, and of what is in them. `CHANGES[format](random, seeds)` is a file.

One in three is changed by bytes alone: cut, repeated, set to odd values. The others are read by the grammar of their format,
changed there, and written anew: so that what comes out is a file whose parts do not fit each other.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from random import Random
from typing import Any, TypeAlias

from cnncalc.convert.onnx.wire import Corrupt
from convert.onnx.writer import varint

from . import model_seeds

Change: TypeAlias = Callable[[Random, Sequence[bytes]], bytes]
NUMBERS = (
    0, 1, 2, 3, 4, 5, 7, 8, 16, 31, 64, 255, 256, 1000, 65_535, 65_536, 1 << 20, (1 << 31) - 1, 1 << 31, (1 << 32) - 1, 1 << 40,
    (1 << 62), (1 << 63) - 1, 1 << 63, (1 << 64) - 1, -1, -2, -3, -(1 << 31), -(1 << 63),
)  # fmt: skip
TEXTS = (
    "",
    "x",
    "y",
    "input",
    "a/b",
    "../../etc/passwd",
    "/etc/passwd",
    "\0",
    "\x1b[31m",
    "é\u202e",
    "%s%n",
    "a" * 300,
    "/" * 50,
    "None",
    "__class__",
)


# --- bytes ------------------------------------------------------------------------------------------


def by_bytes(random: Random, seeds: Sequence[bytes]) -> bytes:
    """One to eight changes of bytes, words, or stretches."""
    data = bytearray(random.choice(seeds))
    for _ in range(random.choice((1, 1, 1, 2, 2, 4, 8))):
        if not data:
            break
        random.choice(_BYTES)(random, data, seeds)
    return bytes(data)


def _cut(random: Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    del data[random.randrange(len(data)) :]


def _byte(random: Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    data[random.randrange(len(data))] = random.choice((0, 1, 2, 127, 128, 254, 255, random.randrange(256)))


def _bit(random: Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    data[random.randrange(len(data))] ^= 1 << random.randrange(8)


def _word(random: Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    """A number of 2, 4 or 8 bytes at a place that numbers stand at: an odd one, or that of another place."""
    size = random.choice((2, 4, 4, 4, 8))
    at = random.randrange(0, max(len(data) - size, 1), size if random.random() < 0.8 else 1)
    other = random.randrange(0, max(len(data) - size, 1), size)
    near = int.from_bytes(data[at : at + size], "little") + random.choice((-8, -4, -1, 1, 4, 8))
    number = random.choice((random.choice(NUMBERS), near, random.randrange(len(data))))
    made = (number % (1 << 8 * size)).to_bytes(size, "little")
    data[at : at + size] = data[other : other + size] if random.random() < 0.3 else made


def _delete(random: Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    at = random.randrange(len(data))
    del data[at : at + random.choice((1, 1, 2, 4, 16, 100))]


def _insert(random: Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    at = random.randrange(len(data) + 1)
    data[at:at] = random.choice(
        (random.randbytes(random.randrange(1, 9)), b"\xff" * 12, b"\0" * 64, b"[" * 1000, b"{" * 1000)
    )


def _splice(random: Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    """A stretch of another seed, or of this one, once or often."""
    other = random.choice((data, random.choice(seeds)))
    start = random.randrange(len(other))
    some = bytes(other[start : start + random.choice((1, 4, 16, 64, 400))]) * random.choice((1, 1, 1, 2, 50))
    at = random.randrange(len(data) + 1)
    data[at : at + random.choice((0, len(some)))] = some


_BYTES = (_cut, _byte, _byte, _bit, _bit, _word, _word, _word, _delete, _insert, _splice)


# --- protocol buffers -------------------------------------------------------------------------------

#: Of each message of ONNX the fields that are messages.
_MESSAGES: dict[str, dict[int, str]] = {
    "model": {7: "graph", 8: "opset", 25: "function"}, "graph": {1: "node", 5: "tensor", 11: "info", 12: "info", 13: "info", 15: "sparse"},
    "node": {5: "attribute"}, "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph"}, "info": {2: "type"}, "type": {1: "tensortype", 4: "type"},
    "tensortype": {2: "shape"}, "shape": {1: "dim"}, "function": {7: "node", 9: "opset", 11: "attribute"}, "sparse": {1: "tensor"},
}  # fmt: skip
_KINDS = re.compile(r'call\.(?:attr|numbers)\((?:\d, )?"(\w+)"')


class _Field:
    """A field of a message: its number and wire type, and a number, bytes, or the fields of the message that it is."""

    def __init__(self, number: int, wire: int, value: Any, kind: str = "") -> None:
        self.number, self.wire, self.value, self.kind = number, wire, value, kind

    def written(self) -> bytes:
        head = varint(self.number << 3 | self.wire)
        if self.wire == 0 and isinstance(self.value, int):
            return head + varint(self.value)
        data = _written(self.value) if isinstance(self.value, list) else self.value
        data = varint(data) if isinstance(data, int) else data
        return head + (varint(len(data)) if self.wire == 2 else b"") + data


def _written(fields: list[_Field]) -> bytes:
    return b"".join(field.written() for field in fields)


def _read(data: bytes, kind: str) -> list[_Field]:
    """The fields of a message of the sort `kind`, as deep as is known."""
    from cnncalc.convert.onnx.wire import fields

    made = []
    for number, wire, value in fields(data):
        inner = _MESSAGES.get(kind, {}).get(number, "") if wire == 2 else ""
        made.append(_Field(number, wire, _read(value, inner) if inner else value, inner))
    return made


def _all(fields: list[_Field]) -> list[tuple[list[_Field], int]]:
    """Every field of a message, at any depth: the list that it stands in, and where."""
    found, stack = [], [fields]
    while stack:
        some = stack.pop()
        for at, field in enumerate(some):
            found.append((some, at))
            if isinstance(field.value, list):
                stack.append(field.value)
    return found


def by_message(random: Random, seeds: Sequence[bytes]) -> bytes:
    """An ONNX file of which some fields are others."""
    model = _read(random.choice(seeds), "model")
    for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
        places = _all(model)
        if places:
            random.choice(_MESSAGE)(random, places)
    return _written(model)


def _value(random: Random, places: Any) -> None:
    """Another number, text or packed list where one stands; an operator of another type; a name that another has."""
    some, at = random.choice(places)
    field = some[at]
    if isinstance(field.value, list):
        return
    if field.wire == 0:
        was = field.value if isinstance(field.value, int) else 0  # another change may have made it a text
        field.value = random.choice((*NUMBERS, was + 1, was * 2))
    elif random.random() < 0.3:
        field.value = random.choice(TEXTS).encode()
    elif random.random() < 0.3:
        field.value = b"".join(varint(random.choice(NUMBERS)) for _ in range(random.choice((1, 2, 4, 9))))
    else:
        others = [
            one[where].value
            for one, where in places
            if one[where].wire == field.wire and one[where].number == field.number
        ]
        field.value = random.choice([one for one in others if not isinstance(one, list)] or [b""])


def _operator(random: Random, places: Any) -> None:
    """Another type of operator, or an attribute that others have."""
    from cnncalc.convert.onnx.graph import HANDLERS

    nodes = [some[at] for some, at in places if some[at].kind == "node"]
    if not nodes:
        return
    fields = random.choice(nodes).value
    if random.random() < 0.6:
        for field in fields:
            if field.number == 4:
                field.value = random.choice((*HANDLERS, "If", "Loop", "Scan", "Nothing")).encode()
        return
    name = random.choice(_attributes())
    number = random.choice(((3, 0, random.choice(NUMBERS)), (4, 2, random.choice(TEXTS).encode()), (8, 2, varint(random.choice(NUMBERS)) * 2),
                            (7, 2, random.randbytes(8)), (2, 5, random.randbytes(4))))  # fmt: skip
    fields.append(_Field(5, 2, [_Field(1, 2, name.encode()), _Field(*number)], "attribute"))


def _attributes() -> list[str]:
    from pathlib import Path

    from cnncalc.convert import onnx

    if not _NAMES:
        texts = [path.read_text() for path in sorted(Path(onnx.__file__).parent.glob("*.py"))]
        _NAMES.extend(sorted({name for text in texts for name in _KINDS.findall(text)}))
    return _NAMES


_NAMES: list[str] = []


def _drop(random: Random, places: Any) -> None:
    some, at = random.choice(places)
    del some[at]


def _double(random: Random, places: Any) -> None:
    some, at = random.choice(places)
    some[at:at] = [some[at]] * random.choice((1, 1, 2, 20, 300))


def _graft(random: Random, places: Any) -> None:
    """A part of one kind in the place of another of the same kind, or around what stands there."""
    some, at = random.choice(places)
    alike = [one[where] for one, where in places if one[where].kind == some[at].kind and some[at].kind]
    if alike:
        other = random.choice(alike)
        with suppress(Corrupt, ValueError, TypeError):  # what was changed before may be no message any more
            (field,) = _read(other.written(), "")
            some[at] = _Field(some[at].number, 2, _read(field.value, some[at].kind), some[at].kind)


def _order(random: Random, places: Any) -> None:
    some, _ = random.choice(places)
    random.shuffle(some)


def _wire(random: Random, places: Any) -> None:
    some, at = random.choice(places)
    field = some[at]
    if not isinstance(field.value, list):
        field.number = random.choice((field.number, random.randrange(1, 30), 1 << 28))
        field.wire = random.choice((0, 1, 2, 5))


_MESSAGE = (_value, _value, _value, _value, _operator, _operator, _operator, _drop, _double, _graft, _order, _wire)


# --- JSON -------------------------------------------------------------------------------------------


def by_json(random: Random, seeds: Sequence[bytes]) -> bytes:
    """A JSON text of which some values are others."""
    tree = json.loads(random.choice(seeds))
    for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
        places = _json_places(tree)
        if not places:
            break
        holder, key = random.choice(places)
        _json_change(random, holder, key, places)
    return json.dumps(tree).encode()


def _json_places(tree: Any) -> list[tuple[Any, Any]]:
    found, stack = [], [tree]
    while stack:
        item = stack.pop()
        pairs = item.items() if isinstance(item, dict) else enumerate(item)
        for key, value in pairs:
            found.append((item, key))
            if isinstance(value, dict | list):
                stack.append(value)
    return found


def _json_change(random: Random, holder: Any, key: Any, places: Any) -> None:
    pick = random.random()
    other, name = random.choice(places)
    if pick < 0.1:
        del holder[key]
    elif pick < 0.35:
        holder[key] = json.loads(json.dumps(other[name]))  # a copy: no circles
    elif pick < 0.45 and isinstance(holder, list):
        holder[key:key] = [holder[key]] * random.choice((1, 2, 50))
    elif pick < 0.55:
        alike = [one[where] for one, where in places if where == key]
        holder[key] = json.loads(json.dumps(random.choice(alike)))
    else:
        holder[key] = random.choice((None, True, False, 1.5, -0.0, 1e308, "", *TEXTS, *NUMBERS, 10**30, [], {}, [None], [[[]]], [0, 0], [1, 2, 3], [-1], ["x", 0, 0],
                                     "same", "valid", "channels_first", "relu", "Functional", "Sequential", "Lambda", *_classes()))  # fmt: skip


def _classes() -> list[str]:
    from cnncalc.convert.keras.layers import LAYERS

    return list(LAYERS)


def by_archive(random: Random, seeds: Sequence[bytes]) -> bytes:
    """A description, changed, in an archive, of which some bytes may be changed, too."""
    texts = model_seeds.keras_json()
    text = by_json(random, texts) if random.random() < 0.8 else by_bytes(random, texts)
    made = model_seeds.archive(text, random.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))
    return by_bytes(random, [made]) if random.random() < 0.3 else made


def by_hdf5(random: Random, seeds: Sequence[bytes]) -> bytes:
    text = by_json(random, model_seeds.keras_json())
    made = model_seeds.stored(text)
    return by_bytes(random, [made]) if random.random() < 0.3 else made


def by_program(random: Random, seeds: Sequence[bytes]) -> bytes:
    """A program of torch.export of which some values, or what is called, are others; in an archive, new or old."""
    tree: Any = json.loads(json.dumps(random.choice(model_seeds.pt2_documents())))
    for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
        places = _json_places(tree)
        called = [place for place in places if place[1] == "target"]
        if called and random.random() < 0.4:
            holder, key = random.choice(called)
            holder[key] = (
                f"torch.ops.aten.{random.choice(_targets())}.{random.choice(('default', 'Tensor', 'int', 'dim'))}"
            )
        elif places:
            _json_change(random, *random.choice(places), places)
    text = json.dumps(tree).encode()
    made = model_seeds.pt2_archive(
        text, random.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)), random.random() < 0.2
    )
    return by_bytes(random, [made]) if random.random() < 0.2 else made


def _targets() -> list[str]:
    from cnncalc.convert.torch import rules  # noqa: F401 - it fills the table
    from cnncalc.convert.torch.call import RULES

    return sorted(RULES)


# --- texts ------------------------------------------------------------------------------------------

_WORDS = re.compile(rb"[A-Za-z_]+|-?\d+|[^\sA-Za-z_\d]|\s+")


def by_words(random: Random, seeds: Sequence[bytes]) -> bytes:
    """A text of which some words or lines are others."""
    data = random.choice(seeds)
    for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
        if random.random() < 0.3:
            lines = data.split(b"\n")
            at, other = random.randrange(len(lines)), random.randrange(len(lines))
            count = random.choice((1, 1, 3, 8))
            lines[other:other] = lines[at : at + count] * random.choice((1, 1, 1, 30))
            if random.random() < 0.5:
                del lines[at : at + count]
            data = b"\n".join(lines)
            continue
        words = _WORDS.findall(data)
        if not words:
            break
        at = random.randrange(len(words))
        number = str(random.choice((*NUMBERS, 10**25))).encode()
        alike = [word for word in words if word[:1].isalpha() == words[at][:1].isalpha()]
        words[at] = random.choice((number, number, random.choice(words), random.choice(alike), words[at] * 2, b"", random.choice(TEXTS).encode(),
                                   random.choice((b"{", b"}", b"[", b"]", b"=", b"#", b"\xff", b'"', b"'", b"\n", b"-", b","))))  # fmt: skip
        data = b"".join(words)
    return data


def by_code(random: Random, seeds: Sequence[bytes]) -> bytes:
    """Python of which some names, numbers, signs or lines are others; it mostly still is Python."""
    lines = random.choice(seeds).split(b"\n")
    for _ in range(random.choice((1, 1, 2, 2, 3, 5))):
        at = random.randrange(len(lines))
        words = _WORDS.findall(lines[at])
        if random.random() < 0.3 or not any(word.strip() for word in words):
            indent = len(lines[at]) - len(lines[at].lstrip())
            others = [place for place, one in enumerate(lines) if len(one) - len(one.lstrip()) == indent]
            other = random.choice(others)
            lines[other:other] = [lines[at]] * random.choice((1, 1, 2, 40))
            if random.random() < 0.5:
                del lines[at]
            continue
        place = random.choice([place for place, word in enumerate(words) if word.strip()])
        alike = [word for word in _WORDS.findall(random.choice(seeds)) if _sort(word) == _sort(words[place])]
        number = str(random.choice((*NUMBERS, 10**25))).encode()
        words[place] = random.choice(alike) if alike and random.random() < 0.8 else number
        lines[at] = b"".join(words)
    return b"\n".join(lines)


def _sort(word: bytes) -> tuple[bool, bool]:
    return word[:1].isalpha() or word[:1] == b"_", word[-1:].isdigit()


CHANGES: dict[str, Change] = {
    "onnx": by_message, "keras": by_archive, "json": by_json, "h5": by_hdf5, "tflite": by_bytes, "pt2": by_program, "darknet": by_words, "caffe": by_words,
    "python": by_code,
}  # fmt: skip


def changed(random: Random, form: str, seeds: Sequence[bytes]) -> bytes:
    """A file of a format: one in three by bytes alone."""
    change = by_bytes if random.random() < 0.33 else CHANGES[form]
    return change(random, seeds)
