"""What a run keeps: the tape of what is called, the modules that it is in, and the places of all that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ....diagnostics import ERROR, NOTE, UNKNOWN_OPERATOR, WARNING, Diagnostic, Frame, Span
from ....layers import LayerError, Remark
from ...torch import values
from ...torch.trace import Where
from ...torch.values import Samples, Storage, Tensor
from ..faults import Stop, Undecided
from ..standard.unknown_items import unknown_items
from ..values import Class, Instance, Place, UnknownValue, Value

if TYPE_CHECKING:
    from ...torch.trace import Trace
    from ..interpreter import Evaluator
    from .modules import ModuleInstance


#: In how many containers in each other the outputs of a model are looked for.
_DEEPEST = 4
#: Operations of one run: the deepest networks that are published have some thousands.
MAX_OPERATIONS = 20_000


class ModelRun:
    """A run of a model: which modules are being run, and what they are called."""

    def __init__(self, interpreter: Evaluator) -> None:
        self.interpreter = interpreter
        self.trace: Trace
        self.stack: list[ModuleInstance] = []
        #: The paths of the modules of the model, and those that have run: held, so that no other takes their place.
        self.paths: dict[ModuleInstance, str] = {}
        self.ran: set[ModuleInstance] = set()
        self.root: ModuleInstance
        #: Whether the network runs: what is run while it is made is no part of it.
        self.forward = False
        #: What modules say of themselves: they are made in training, and run out of it.
        self.training = True
        #: Whether the network asks for it where it runs.
        self.asked = False
        self.faults: list[Diagnostic] = []
        #: By the name of a row: where its module is defined.
        self.defined: dict[str, Place] = {}

    def name(self, root: ModuleInstance) -> None:
        """Takes note of what the modules of the model are called, and what they store."""
        self.root = root
        for path, module in root.named():
            self.paths[module] = path
            for kept in (module.parameters, module.buffers):
                for name, tensor in kept.items():
                    if isinstance(tensor, Tensor):
                        for storage in tensor.storages:
                            storage.name = storage.name or f"{path}.{name}".lstrip(".")

    def asked_training(self) -> bool:
        """Whether it is training, for a module that asks."""
        self.asked = self.asked or self.forward
        return self.training

    def mark(self) -> tuple[int, int, int]:
        """How much is taken down so far."""
        return len(self.trace.steps), len(self.trace.remarks), len(self.faults)

    def forget(self, mark: tuple[int, int, int]) -> None:
        """Forgets what was taken down since: it is of no run of the model."""
        for kept, count in zip((self.trace.steps, self.trace.remarks, self.faults), mark, strict=True):
            del kept[count:]  # type: ignore[attr-defined]

    def enter(self, module: ModuleInstance) -> None:
        """Goes into a module."""
        if self.forward and module not in self.paths:
            self._unregistered(module)
        self.stack.append(module)
        self.ran.add(module)

    def _unregistered(self, module: ModuleInstance) -> None:
        """Takes note of a module that no other has as a part, as those of a plain list: PyTorch does not know its
        parameters. One that is made and assigned while the network runs is known from then on.
        """
        if module in self.ran or not any(module.stored()):
            return
        self.interpreter.step(len(self.paths) // 8)
        self.name(self.root)
        if module in self.paths:
            return
        known = set().union(*_storages(self.root))  # a part of the model may be in another one that is made here
        stored, inner = (found - known for found in _storages(module))
        self.ran.update(part for _, part in module.named())
        for storage in stored | inner:
            storage.kind = "unregistered"
        if stored:
            where = self.where(module.cls.name)
            self.trace.remarks.append((where, _of_no_module(module, sum(one.elements for one in stored))))

    def leave(self) -> None:
        """Goes out of it again."""
        self.stack.pop()

    def where(self, name: str) -> Where:
        """What a call of the function `name` is called here, and where it stands."""
        module = self.stack[-1] if self.stack else None
        path = self.paths.get(module, "") if module is not None else ""
        place = self.interpreter.here()
        span = place.file.span(place.node) if place is not None else None
        if module is not None and module.cls.trait("leaf") is not None:
            made = module.defined
            defined = made.file.span(made.node) if made is not None else None
            return Where(
                path or module.cls.name.lower(), span, module.cls.name, path or None, None, defined, self.forward
            )
        return Where(f"{path}.{name}" if path else name, span, name, path or None)

    def refused(self, where: Where, error: LayerError, tensors: Sequence[Tensor]) -> None:
        """Takes note of a call that PyTorch would not run."""
        from .advice import history, instead

        if not self.forward:  # what fails while the model is made leaves none
            raise Stop(f"{where.type}: {error}", self.interpreter.here(), error.help, error.code)
        module = self.stack[-1] if self.stack else None
        span = where.place if isinstance(where.place, Span) else None
        frames: tuple[Frame, ...] = ()
        help = error.help
        what = where.type
        if module is not None and where.defined is not None:
            help = instead(module, tensors) or help
            what = f"{what} '{where.module}'" if where.module else what
            if span is None:  # a network that the file makes itself is called by no line of it
                span = where.defined
            else:
                frames = (Frame(f"{where.module or where.type} is defined", where.defined, True, shown=True),)
        found = Diagnostic(
            ERROR, error.code, f"{what}: {error}", span, help, history(tensors), frames, layers=(where.name,)
        )
        self.faults.append(found)

    def warnings(self) -> list[Diagnostic]:
        """What calls remark that PyTorch runs all the same."""
        found: dict[object, Diagnostic] = {}
        for where, remark in self.trace.remarks:
            span = where.place if isinstance(where.place, Span) else None
            diagnostic = Diagnostic(
                remark.severity, remark.code, remark.message, span, remark.help, layers=(where.name,)
            )
            found.setdefault((span and (span.source.name, span.line, span.column), remark.message), diagnostic)
        return list(found.values())


def _storages(module: ModuleInstance) -> tuple[set[Storage], set[Storage]]:
    """What a module and its parts store: parameters, and what is in their buffers."""
    learned = {one for _, tensor in module.stored() for one in tensor.storages if one.kind == "parameter"}
    kept = (tensor for _, part in module.named() for tensor in part.buffers.values())
    return learned, {one for tensor in kept if isinstance(tensor, Tensor) for one in tensor.storages}


def _of_no_module(module: ModuleInstance, count: int) -> Remark:
    return Remark(
        WARNING,
        "python-unregistered",
        f"this {module.cls.name} is an attribute of no module, as in a plain list: its {count:,} parameters are not in "
        "parameters(), are not trained, and are not counted",
        None,
        "put it into an nn.ModuleList, or an nn.ModuleDict",
    )


def operation(interpreter: Evaluator, name: str, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
    """What an operation gives, taken down where something hangs on an input. Raises UnknownReached, Stop."""
    run: ModelRun = interpreter.kept["run"]
    interpreter.progress()
    interpreter.step()
    if len(run.trace.steps) > MAX_OPERATIONS:
        raise Stop(f"this runs more than {MAX_OPERATIONS:,} operations", interpreter.here(), code="python-bound")
    if args and isinstance(args[0], Instance | Class):
        from .mistakes import no_tensor

        mistake = no_tensor(interpreter, name, args)
        if mistake is not None:
            raise mistake
    values_in = [argument(interpreter, arg) for arg in args]
    named = {key: argument(interpreter, one) for key, one in kwargs.items()}
    count = len(run.faults)
    try:
        made = run.trace.call(name, values_in, named, run.where(name))
    except values.Unknown as unknown:
        return interpreter.unknown(str(unknown))
    if len(run.faults) > count and isinstance(made, Tensor) and run.stack:
        from .advice import presumed

        made.shape = presumed(run, name, values_in, named)
    return made


def argument(interpreter: Evaluator, value: Value) -> Any:
    """A value as the rules take it."""
    kind = type(value)
    if kind in (int, float, str, bool, type(None), Samples) or isinstance(value, Tensor):
        return value
    if isinstance(value, UnknownValue):
        return values.Unknown(value.what)
    rest = unknown_items(value)
    if rest is not None:
        return values.Unknown(rest.what)
    if isinstance(value, tuple | list):
        return (
            type(value)([argument(interpreter, one) for one in value])
            if kind in (tuple, list)
            else [argument(interpreter, one) for one in value]
        )
    if isinstance(value, slice):
        return slice(*[argument(interpreter, one) for one in (value.start, value.stop, value.step)])
    if isinstance(value, dict):
        return {key: argument(interpreter, one) for key, one in value.items()}
    if isinstance(value, Instance):
        return argument(interpreter, value.data) if value.data is not None else values.Unknown(repr(value))
    if isinstance(value, range):
        return list(value)
    if hasattr(value, "__next__"):
        return [argument(interpreter, item) for item in interpreter.items(value)]
    return value


def given_tensors(run: ModelRun, value: Value) -> list[tuple[str, Tensor]]:
    """The tensors in what `forward` gives, by the names of outputs; a part that is not known is remarked upon. Raises
    Undecided where all of it is not known.
    """
    found, unknown = list[tuple[str, Tensor]](), list[tuple[str, UnknownValue]]()
    for name, leaf in _leaves(value, "output"):
        if isinstance(leaf, Tensor):
            found.append((name, leaf))
        else:
            unknown.append((name, leaf))
    if unknown and not found:
        raise Undecided("what forward gives", unknown[0][1], None)
    for name, part in unknown:
        place = part.place.file.span(part.place.node) if part.place is not None else None
        message = f"'{name}' of what forward gives is left out: {part.what} is not known"
        run.trace.remarks.append((run.where(name)._replace(place=place), Remark(NOTE, UNKNOWN_OPERATOR, message)))
    return found


def _leaves(value: Value, name: str, depth: int = 0) -> Iterator[tuple[str, Tensor | UnknownValue]]:
    if isinstance(value, Tensor | UnknownValue):
        yield name, value
        return
    rest = unknown_items(value)
    if rest is not None:
        yield name, rest
    elif depth > _DEEPEST:
        return
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, str(key) if not depth else f"{name}_{key}", depth + 1)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _leaves(item, f"{name}_{index}" if len(value) > 1 else name, depth + 1)
    elif isinstance(value, Instance):
        if isinstance(value.data, dict | list):  # a class of one's own of dicts or lists
            yield from _leaves(value.data, name, depth)
        for key, attribute in value.attributes.items():
            yield from _leaves(attribute, key if not depth else f"{name}_{key}", depth + 1)
