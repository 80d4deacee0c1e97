"""What an exported program says: its calls in their order, what enters it and leaves it, and what each tensor is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...records import Record
from .calls import ProgramCall, call_of
from .fields import TensorMeta, meta_of, names_of, object_of, one_of, ref_of, text_of
from .stream import CorruptExport, JsonStream

#: The versions of the schema that are read: since 2.2 of PyTorch.
_SCHEMAS = range(1, 9)


class ProgramEntry(Record):
    """What enters: its name in the graph, what it is ("input", "parameter", "buffer", "constant"), and its own name."""

    name: str
    what: str
    path: str


class ExportedProgram(Record):
    """An exported program."""

    nodes: Sequence[ProgramCall]
    entries: Sequence[ProgramEntry]
    outputs: Sequence[str]
    tensors: Mapping[str, TensorMeta]
    #: Where each weight is stored, by its name.
    storages: Mapping[str, str] = {}


def read(stream: JsonStream) -> ExportedProgram:
    """The program of a graph's text. Raises CorruptExport."""
    reader = _ProgramReader()
    for key in stream.members():
        if key == "graph_module" and stream.begins == "{":
            reader.module(stream)
        else:
            reader.head(key, stream.value())
    return reader.program()


class _ProgramReader:
    def __init__(self) -> None:
        self._nodes: list[ProgramCall] | None = None
        self._inputs: list[str] = []
        self._outputs: list[str] = []
        self._tensors: dict[str, TensorMeta] = {}
        self._entries: list[ProgramEntry] | None = None

    def head(self, key: str, value: Any) -> None:
        """What stands beside the graph: the version has to be one of those that are read."""
        if key == "schema_version":
            major = value.get("major") if isinstance(value, dict) else value
            if not isinstance(major, int) or major not in _SCHEMAS:
                raise CorruptExport(f"version {str(major)[:20]} of the schema: 1 to {_SCHEMAS[-1]} are read")

    def module(self, stream: JsonStream) -> None:
        """The graph, and its signature."""
        for key in stream.members():
            if key == "graph" and stream.begins == "{":
                self._graph(stream)
            elif key == "signature" and stream.begins == "{":
                self._signature(stream)
            elif stream.begins == "[":
                for _ in stream.items():
                    stream.value()
            else:
                stream.value()

    def _graph(self, stream: JsonStream) -> None:
        for key in stream.members():
            if key == "nodes" and stream.begins == "[":
                self._nodes = [call_of(stream.value()) for _ in stream.items()]
            elif key in ("inputs", "outputs") and stream.begins == "[":
                found = [name for _ in stream.items() for name in names_of(stream.value())]
                names = [name for name in found if name is not None]
                self._inputs, self._outputs = (names, self._outputs) if key == "inputs" else (self._inputs, names)
            elif key == "tensor_values" and stream.begins == "{":
                self._tensors = {name: meta_of(stream.value()) for name in stream.members()}
            elif stream.begins == "{":
                for _ in stream.members():
                    stream.value()
            else:
                stream.value()

    def _signature(self, stream: JsonStream) -> None:
        for key in stream.members():
            if key == "input_specs" and stream.begins == "[":
                self._entries = [entry for _ in stream.items() if (entry := _entry(stream.value())) is not None]
            elif key == "output_specs" and stream.begins == "[":
                wanted = [_user_output(stream.value()) for _ in stream.items()]
                self._outputs = [name for names in wanted for name in names] or self._outputs
            else:
                stream.value()

    def program(self) -> ExportedProgram:
        """All of it. Raises CorruptExport where the graph is not there."""
        if self._nodes is None:
            raise CorruptExport("the archive's graph has no nodes")
        entries = self._entries
        if entries is None:
            entries = [ProgramEntry(name, "input", name) for name in self._inputs]
        return ExportedProgram(self._nodes, entries, self._outputs, self._tensors)


def _entry(value: Any) -> ProgramEntry | None:
    """What enters the graph, by its part of the signature; None for what is no tensor of it."""
    what, found = one_of(value, "a part of the signature")
    found = object_of(found, "a part of the signature")
    if what == "user_input":
        names = [name for name in names_of(found.get("arg")) if name is not None]
        return ProgramEntry(names[0], "input", names[0]) if names else None
    kind = {"parameter": "parameter", "buffer": "buffer", "tensor_constant": "constant"}.get(what)
    if kind is None:
        return None
    path = found.get("parameter_name", found.get("buffer_name", found.get("tensor_constant_name")))
    return ProgramEntry(ref_of(found.get("arg")), kind, text_of(path, "the name of a weight"))


def _user_output(value: Any) -> Iterator[str]:
    """The names of what an output is; nothing for what is written back into buffers."""
    what, found = one_of(value, "a part of the signature")
    if what in ("user_output", "loss_output"):
        arg = object_of(found, "a part of the signature").get("arg")
        names = [ref_of(arg)] if what == "loss_output" else names_of(arg)
        yield from [name for name in names if name is not None]
