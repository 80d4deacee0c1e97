"""The network of an exported program: its calls, gone through one by one with PyTorch's rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...diagnostics import ERROR, Diagnostic, NamedPlace, SpecError
from ...layers import LayerError
from ...network import Network
from ...network.assembler import Assembler
from ...network.unused import unused_head
from ..readers import ModelFile, Request
from ..torch.trace import Trace, Where
from ..torch.values import Storage, Tensor
from .calls import ProgramCall
from .fields import FreeSize, GraphName
from .inputs import ProgramInputs, sized, stored
from .modules import leaf, merge, where_of
from .numbers import computed
from .program import ExportedProgram
from .program import read as read_program
from .stream import CorruptExport

#: Namespaces whose operators have rules.
_SPACES = ("aten", "torchvision", "prims")
#: Calls that check or mark something, and give nothing.
_NOTHING = (
    "_assert_scalar", "_assert_async", "_assert_tensor_metadata", "sym_constrain_range_for_size",
    "sym_constrain_range", "_enter_autocast", "_exit_autocast", "_set_grad_enabled", "_print",
)  # fmt: skip


def read(file: ModelFile, request: Request) -> Network:
    """The network of a file. Raises SpecError where it is none, or its inputs are not told."""
    from .archive import ExportArchive

    if isinstance(file.data, ExportedProgram):
        return _build(file, request, file.data)
    try:
        archive = ExportArchive(file)
        return _build(file, request, read_program(archive.graph())._replace(storages=archive.storages()))
    except CorruptExport as error:
        raise SpecError([Diagnostic(ERROR, "pt2", f"{file.name}: {error}")]) from None


def _build(file: ModelFile, request: Request, program: ExportedProgram) -> Network:
    """The network of a program. May raise SpecError."""
    names = [entry.path for entry in program.entries if entry.what == "input"]
    inputs = sized(file, program, request.shapes(names))
    passage = ProgramPassage(file, request, program, inputs)
    passage.enter(program.storages)
    passage.go()
    return passage.finish()


class ProgramPassage:
    """Goes through a program, node by node."""

    def __init__(self, file: ModelFile, request: Request, program: ExportedProgram, inputs: ProgramInputs) -> None:
        self.file = file
        self.program = program
        self.inputs = inputs
        self.assembler = Assembler(file, max_layers=request.max_layers, revise=request.revise)
        self.trace = Trace(file, self.assembler, raw=file.how.raw, samples=inputs.batch or 1, aten=True,
                           refused=self._refused)  # fmt: skip
        self.faults: list[Diagnostic] = []
        #: What there is by name: tensors, numbers, lists of these.
        self.values: dict[str, Any] = {}
        #: Of every step of the trace, the module that it stands in.
        self._leaves: list[tuple[str, str, str] | None] = []

    # --- what enters --------------------------------------------------------------------------------

    def enter(self, storages: Mapping[str, str]) -> None:
        """Inputs, and what the model stores: two names of one storage are one."""
        known: dict[str, Storage] = {}
        for entry in self.program.entries:
            meta = self.program.tensors.get(entry.name)
            if entry.what == "input":
                dtype = None if meta is None else meta.dtype
                place = NamedPlace(self.file, f"input '{entry.path}'")
                self.values[entry.name] = self.trace.input(entry.path, self.inputs.shapes[entry.name], place, dtype)
                continue
            if meta is None or any(isinstance(size, FreeSize) for size in meta.sizes):
                raise CorruptExport(f"the archive does not say the shape of '{entry.path[:80]}'")
            sizes = [size for size in meta.sizes if isinstance(size, int)]
            tensor = self.trace.stored(entry.path, sizes, entry.what, meta.dtype or "float32",
                                       known.get(storages.get(entry.path, entry.path)))  # fmt: skip
            known.setdefault(storages.get(entry.path, entry.path), tensor.storages[0])
            self.values[entry.name] = tensor

    # --- calls --------------------------------------------------------------------------------------

    def go(self) -> None:
        """All calls in their order. Raises CorruptExport where one reads what nothing gave."""
        for node in self.program.nodes:
            made = self._call(node)
            module = leaf(node)
            self._leaves += [module] * (len(self.trace.steps) - len(self._leaves))
            self._name(node, made)

    def _call(self, node: ProgramCall) -> Any:
        """What a call gives."""
        space, _, name = node.target.removeprefix("torch.ops.").partition(".")
        name = name.partition(".")[0]
        args = [self._value(arg) for arg in node.args]
        kwargs = {key: self._value(value) for key, value in node.kwargs.items()}
        if not node.target.startswith("torch.ops."):
            return computed(node.target, args)
        if name in _NOTHING:
            return None
        name = name if space in _SPACES else f"{space}::{name}"
        return self.trace.call(name, args, kwargs, self._where(node, name))

    def _where(self, node: ProgramCall, name: str) -> Where:
        plain = name.strip("_") if "::" not in name else name
        where = where_of(node, plain, None)
        line = "" if node.line is None else f", {node.line[0].rpartition('/')[2]}:{node.line[1]}"
        return where._replace(place=NamedPlace(self.file, f"node '{where.name}' ({where.type}{line})"))

    def _value(self, one: Any) -> Any:
        """An argument: names stand for what they name. Raises CorruptExport."""
        if isinstance(one, GraphName):
            if one not in self.values:
                raise CorruptExport(f"'{one[:80]}' is read in the graph, and given by nothing before")
            return self.values[one]
        return [self._value(item) for item in one] if isinstance(one, list) else one

    def _name(self, node: ProgramCall, made: Any) -> None:
        """Gives what a call gave its names."""
        found = list(made) if isinstance(made, list | tuple) and not node.packed else [made]
        if len(node.outputs) > 1 and len(found) == 1 and isinstance(made, Tensor) and made.shape is None:
            found = found[:1] + [Tensor(None, fixed=made.fixed) for _ in node.outputs[1:]]
            for one in found[1:]:
                one.producer = made.producer
            made.producer.outs += found[1:]
        for place, name in enumerate(node.outputs):
            if name is None:
                continue
            value = found[place] if place < len(found) else Tensor(None)
            if isinstance(value, Tensor) and value.shape is None and not value.fixed:
                value = self._as_stored(name, value)
            if isinstance(value, Tensor) and value.name is None:
                value.name = name
            self.values[name] = value

    def _as_stored(self, name: str, value: Tensor) -> Tensor:
        """The shape that the file says of what nothing else is known of, where its inputs have the file's sizes."""
        meta = self.program.tensors.get(name)
        if meta is not None and self.inputs.own and not self.faults:
            value.shape, value.dtype = stored(meta.sizes, self.inputs), meta.dtype
        return value

    def _refused(self, where: Where, error: LayerError, tensors: Sequence[Tensor]) -> None:
        if any(tensor.shape is None for tensor in tensors):
            return
        spot = where.place if isinstance(where.place, NamedPlace) else None
        self.faults.append(Diagnostic(ERROR, error.code, str(error), None, error.help, spot=spot, layers=(where.name,)))

    # --- the end ------------------------------------------------------------------------------------

    def finish(self) -> Network:
        """The network. Raises TooManyLayers."""
        self.assembler.set_file_batch(self.inputs.batch)
        found = [(name, self.values.get(name)) for name in self.program.outputs]
        tensors = [value for _, value in found if isinstance(value, Tensor)]
        if not self.file.how.raw:
            merge(self.trace, self._leaves, tensors)
        for name, value in found:
            if isinstance(value, Tensor):
                self.trace.output(name, value)
        self.assembler.looked_at_sizes()
        notes = self.trace.finish()
        unused = self._unused()
        return self.assembler.finish([*self.faults, *notes, *([unused_head(self.assembler, unused)] if unused else [])])

    def _unused(self) -> list[tuple[str, str, int]]:
        """The modules with parameters that no call reads: path, what they are called, and how many."""
        read = {storage for step in self.trace.steps for tensor in step.inputs for storage in tensor.storages}
        found: dict[str, int] = {}
        for entry in self.program.entries:
            if entry.what == "parameter":
                path = entry.path.rpartition(".")[0] or entry.path
                for storage in self.values[entry.name].storages:  # none, where it was written over
                    if storage not in read:
                        found[path] = found.get(path, 0) + storage.elements
                        read.add(storage)
        return [(path, "unused", count) for path, count in found.items()]
