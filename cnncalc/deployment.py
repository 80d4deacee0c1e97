"""How a network is stored and executed: the types of its numbers, their bytes, and the ways of execution."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .records import Record

#: The bits of a number of each type.
BITS = {
    "fp64": 64, "fp32": 32, "fp16": 16, "bf16": 16, "fp8": 8,
    "int64": 64, "int32": 32, "int16": 16, "int8": 8, "int4": 4, "int2": 2, "int1": 1,
}  # fmt: skip
#: What frameworks call them; case, and what stands before a point (``torch.half``), do not matter.
_ELSEWHERE = {
    "fp64": "float64 double f64",
    "fp32": "float32 float single f32",
    "fp16": "float16 half f16",
    "bf16": "bfloat16 bfloat brain",
    "fp8": "float8 f8 float8_e4m3fn float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz float8e4m3fn float8e5m2 e4m3 e5m2",
    "int64": "long uint64 i64 u64 s64",
    "int32": "int uint32 i32 u32 s32 qint32",
    "int16": "short uint16 i16 u16 s16 qint16 quint16",
    "int8": "char byte uint8 i8 u8 s8 qint8 quint8",
    "int4": "uint4 i4 u4 s4",
    "int2": "uint2 i2 u2 s2",
    "int1": "uint1 i1 u1 binary",
}
_NAMES = {word: name for name, words in _ELSEWHERE.items() for word in (name, *words.split())}
#: What is stored, each in a type of its own.
PARTS = ("weights", "activations", "biases")
#: How layers are executed: each with a tensor of its own; over their inputs where that harms nobody; as deployed, batch
#: normalisations folded into convolutions, activations a part of the layer before them.
EXECUTIONS = ("eager", "inplace", "fused")
EAGER, INPLACE, FUSED = EXECUTIONS

#: How tensors share memory: each for as long as it lives, wherever; or where TFLite Micro's planner puts it.
PLANNERS = ("liveness", "greedy")
LIVENESS, GREEDY = PLANNERS
#: The numbers that an optimizer keeps for every parameter, and the one that is meant where none is said.
OPTIMIZERS = {"none": 0, "sgd": 0, "momentum": 1, "adam": 2}
OPTIMIZER = "adam"

#: Types of some parts, by part.
Given = Mapping[str, str]


class DtypeError(ValueError):
    """A word that says no type: which one, counted from 0, and what to write."""

    def __init__(self, message: str, word: int, help: str) -> None:
        super().__init__(f"{message}: {help}")
        self.message = message
        self.word = word
        self.help = help


class Dtypes(Record):
    """The type of every part."""

    weights: str = "fp32"
    activations: str = "fp32"
    biases: str = "fp32"

    @property
    def name(self) -> str:
        """Its name where all parts have one type, else ``mixed``."""
        return self.weights if len(set(self)) == 1 else "mixed"

    def __str__(self) -> str:
        """``int8``; ``int8, biases int32``; ``weights int4, activations int8, biases int32``."""
        if len(set(self)) == 1:
            return self.weights
        if self.weights == self.activations:
            return f"{self.weights}, biases {self.biases}"
        return ", ".join(f"{part} {name}" for part, name in self._asdict().items())

    def over(self, *given: Given) -> Dtypes:
        """The same with the types that are `given`, the later over the earlier; what is not said stays."""
        parts = {part: name for one in given for part, name in one.items()}
        return self._replace(**parts) if parts else self

    @property
    def together(self) -> bool:
        """Whether weights and biases are of one type of whole bytes, so that it is enough to know how many both are."""
        return self.weights == self.biases and BITS[self.weights] % 8 == 0

    def bytes_of(self, part: str, elements: int) -> int:
        """The bytes of a tensor of so many elements; less than a byte each is rounded up for the whole of it."""
        return (elements * BITS[getattr(self, part)] + 7) // 8


def read(words: Iterable[str]) -> dict[str, str]:
    """The types that words say: ``int8`` for all parts, ``weights=int8`` for one, which may follow it. Raises
    DtypeError.
    """
    found: dict[str, str] = {}
    said: set[str] = set()
    for place, word in enumerate(words):
        part, sign, text = word.rpartition("=")
        name = _NAMES.get(text.lower().rpartition(".")[2])
        if sign and part not in PARTS:
            raise DtypeError(f"'{part[:40]}' has no type of its own", place, f"parts: {', '.join(PARTS)}")
        if name is None:
            raise DtypeError(f"'{text[:40]}' is no type of numbers" if text else "a type is missing", place,
                             _meant(text))  # fmt: skip
        if part in said:
            raise DtypeError(f"the type of {part or 'all parts'} is there twice", place, "say it once")
        if said and not sign:
            raise DtypeError(f"'{word[:40]}' is for all parts, and stands behind one of them", place, "put it first")
        said.add(part)
        found |= {part: name} if sign else dict.fromkeys(PARTS, name)
    return found


def given(dtype: str | Given | None) -> dict[str, str]:
    """The types that a text says, ``weights=int8,biases=int32``, or a mapping by part. Raises DtypeError."""
    if isinstance(dtype, str):
        return read(word.strip() for word in dtype.split(","))
    return read(f"{part}={name}" for part, name in (dtype or {}).items())


def _meant(text: str) -> str:
    from difflib import get_close_matches

    word = text.lower()[:40]
    near = get_close_matches(word, BITS, 1, 0.7) or get_close_matches(word, _NAMES, 1, 0.75)
    return f"did you mean '{near[0]}'?" if near else f"types: {', '.join(BITS)}"


def head(batch: int, dtypes: Dtypes, execution: str) -> dict[str, Any]:
    """What a JSON document says of it."""
    return {"batch": batch, "dtype": dtypes.name, "dtypes": dtypes._asdict(), "execution": execution}
