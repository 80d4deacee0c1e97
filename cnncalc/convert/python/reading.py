"""A file of PyTorch or Keras source into a network: what is meant, its inputs, its run, and what is said of it."""

from __future__ import annotations

import os
import site as site_packages
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...diagnostics import ERROR, INPUT, Diagnostic, Override, SpecError, Wording
from ...network.assembler import Assembler
from ...roots import root_of
from ...values import Shape
from ..readers import again
from ..torch.trace import Trace
from ..torch.values import Samples, Tensor
from .entries import model_of
from .faults import Raised, ReadAgain, Stop
from .finding import ModuleFinder
from .imports import Imports
from .interpreter import Evaluator
from .keras.libraries import LIBRARIES as KERAS
from .pytorch.libraries import LIBRARIES
from .pytorch.modules import ModuleInstance
from .pytorch.run import ModelRun, given_tensors
from .pytorch.tensors import copy_tensor
from .pytorch.unused import add_unused, spare_buffers
from .reports import as_diagnostic
from .source import PythonFile
from .values import CodeFunction, Place, Value

if TYPE_CHECKING:
    from ...network import Network
    from ...network.read_from import SourceModule
    from ..readers import ModelFile, Request

#: Calls of the host for one of the code: what is nested in it is bounded besides.
_HOST_DEPTH = 9_000
#: Readings of Keras's code: as it stands, with other shapes, with the channels first.
_READINGS = 4


def read(file: ModelFile, request: Request) -> Network:
    """The network of a class or factory of a file. Raises SpecError where it cannot be told."""
    depth = sys.getrecursionlimit()
    sys.setrecursionlimit(max(depth, _HOST_DEPTH))
    try:
        return _read(file, request)
    finally:
        sys.setrecursionlimit(depth)


def _read(file: ModelFile, request: Request) -> Network:
    """The network of a file: of Keras's code in a second reading, where the shapes that are asked for are others."""
    first, given = False, dict[int, Shape]()
    for _ in range(_READINGS):
        try:
            reading = _SourceReading(file, request, first, given)
            network = reading.network()
            network.files = reading.interpreter.imports.finder.read
            return network
        except ReadAgain as again:
            first, given = again.first, again.given
    raise SpecError(
        [Diagnostic(ERROR, "python-bound", f"{file.name}: the inputs of the model hang on their own shapes")]
    )


class _SourceReading:
    """One reading of a file."""

    def __init__(self, file: ModelFile, request: Request, first: bool, given: dict[int, Shape]) -> None:
        self.file, self.request = file, request
        path = file.how.path or (file.name if os.path.isfile(file.name) else "")
        self.source = PythonFile(file.name, file.text, path, file)
        folder = os.path.dirname(os.path.abspath(path)) if path else None
        finder = ModuleFinder(
            root_of(folder) if folder else None, folder, sites(file.how.site), {**LIBRARIES, **KERAS}, file.how.files
        )
        settings = {name: _setting(text) for name, text in request.settings.items()}
        self.interpreter = Evaluator(Imports(finder), settings)
        self.assembler = Assembler(file, max_layers=request.max_layers, revise=request.revise)
        self.run = ModelRun(self.interpreter)
        self.run.trace = Trace(file, self.assembler, raw=file.how.raw, refused=self.run.refused)
        self.interpreter.kept.update(run=self.run, copy=copy_tensor, reading=(file, first, given))

    def network(self) -> Network:
        """The network. Raises SpecError where there is none to be told of."""
        faults: list[Diagnostic] = []
        module = self.interpreter.imports.finder.main(self.source)
        try:
            self.interpreter.imports.ready(self.interpreter, module)
            if "keras" in self.interpreter.kept:
                self.interpreter.kept["keras"].forget_names()
            model, title = self.interpreter.decided(model_of, self.interpreter, module, self.file.how.entry)
            if not isinstance(model, ModuleInstance):
                from .keras.reading import network_of

                made: Network = self.interpreter.decided(
                    network_of, self.interpreter, self.file, self.request, model, title
                )
                return made
            self.assembler.set_title(title)
            self.run.forget((0, 0, 0))
            self.run.name(model)
            self.run.training = False
            self.interpreter.decided(_evaluating, self.interpreter, model)
            inputs = self._inputs(model)
            entering = [_as_it_enters(tensor) for tensor in inputs]
            self.run.forward = True
        except (Raised, Stop, RecursionError) as error:
            keras = self.interpreter.kept.get("keras")
            if keras is not None and keras.sketch.faults:  # what ends the code follows from what did not fit
                raise SpecError(keras.sketch.faults) from None
            raise SpecError([as_diagnostic(self.interpreter, self.source, error)]) from None
        try:
            self._outputs(self._given(model, inputs))
        except (Raised, Stop, RecursionError) as error:
            if isinstance(error, Stop) and error.code == "python-bound":
                raise SpecError([as_diagnostic(self.interpreter, self.source, error)]) from None
            if not self.run.faults:
                faults.append(self._told_at_forward(model, error))
        return self._network(model, entering, [*self.run.faults, *faults])

    def _network(self, model: ModuleInstance, inputs: Sequence[Tensor], faults: list[Diagnostic]) -> Network:
        """The network of what was run, of which there are `faults`."""
        notes, training = self.run.warnings(), None
        if self.run.asked and not faults:
            from .pytorch.training import follow_training

            training = follow_training(
                self.run,
                lambda: self._given(model, inputs),
                lambda error: as_diagnostic(self.interpreter, self.source, error),
            )
            notes += training.warnings
        notes += self.run.trace.finish()
        if not faults:
            unused = add_unused(self.run, model, training)
            notes += [unused] if unused is not None else []
            self.assembler.set_source(lambda: _modules(model), spare_buffers(model, self.run.trace.counted))
        return self.assembler.finish([*faults, *notes], again(self.file, self.request))

    # --- inputs and outputs -------------------------------------------------------------------------

    def _inputs(self, model: ModuleInstance) -> list[Tensor]:
        forward = model.cls.finds("forward")
        names, optional = _parameters(forward)
        order = [*names, *optional]
        given = self.request.inputs
        names += [name for name in optional if name in given]
        if all(isinstance(key, int) for key in given) and len(given) > len(names):
            names += [name for name in optional if name not in names][: len(given) - len(names)]
        names = names or optional[:1] or ["x"]
        shapes = self.request.shapes(names)
        missing = [name for name in names if name not in shapes]
        if missing:
            raise _without_shape(missing, len(names) > 1, _example(model))
        place = (
            self.source.span(forward.node)
            if isinstance(forward, CodeFunction) and forward.module.file is self.source
            else None
        )
        self.looked = place
        #: The inputs behind an argument that keeps its default: they are given by their names.
        placed = next((at for at, pair in enumerate(zip(names, order, strict=False)) if len({*pair}) > 1), len(names))
        self.named = names[placed:]
        return [self.run.trace.input(name, _whole(shapes[name]), place) for name in names]

    def _told_at_forward(self, model: ModuleInstance, error: Exception) -> Diagnostic:
        """What ended the run; of no place, such as other arguments than forward takes, at the definition of that."""
        forward = model.cls.finds("forward")
        if getattr(error, "place", self) is not None or self.looked is None or not isinstance(forward, CodeFunction):
            return as_diagnostic(self.interpreter, self.source, error)
        error.place = Place(self.source, forward.node)  # type: ignore[attr-defined]
        fault = as_diagnostic(self.interpreter, self.source, error)
        names = [one.arg for one in (*forward.node.args.posonlyargs, *forward.node.args.args)]
        if names[:1] == ["self"] or forward.node.args.vararg is not None:
            return fault
        return fault._replace(help=f"write def forward({', '.join(['self', *names])})")

    def _given(self, model: ModuleInstance, inputs: Sequence[Tensor]) -> list[tuple[str, Tensor]]:
        """The tensors that the model gives. Raises Raised, Stop."""
        placed = len(inputs) - len(self.named)
        named = dict(zip(self.named, inputs[placed:], strict=True))
        value = self.interpreter.decided(self.interpreter.call, model, inputs[:placed], named)
        return given_tensors(self.run, value)

    def _outputs(self, found: Sequence[tuple[str, Tensor]]) -> None:
        if not found:
            raise Stop("forward gives no tensor", None, "write what it returns: return x", "python")
        for name, tensor in found:
            self.run.trace.output(name, tensor)


def _modules(model: ModuleInstance) -> dict[str, SourceModule]:
    from .pytorch.recorded import source_modules

    return source_modules(model)


def _evaluating(interpreter: Evaluator, model: ModuleInstance) -> None:
    """What ``model.eval()`` does in classes with a `train` of their own, which make or drop attributes there."""
    for _, module in model.named():
        if isinstance(module.cls.finds("train"), CodeFunction):
            interpreter.call(interpreter.attribute(module, "train"), [False])


def _as_it_enters(tensor: Tensor) -> Tensor:
    """An input as it is before anything is written over it."""
    found = Tensor(tensor.shape, tensor.dtype)
    found.name, found.producer = tensor.name, tensor.producer
    return found


def _setting(text: str) -> Value:
    """The value that a text says: a literal of Python, else the text itself."""
    import ast

    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text


def _whole(shape: Shape) -> tuple[Samples | int, ...]:
    return (Samples(1), *shape)


def _parameters(forward: Value) -> tuple[list[str], list[str]]:
    """The arguments of `forward` that it needs, and the others."""
    if not isinstance(forward, CodeFunction):
        return ["input"], []
    arguments = forward.node.args
    names = [one.arg for one in (*arguments.posonlyargs, *arguments.args)][1:]
    needed = names[: max(len(names) - len(forward.defaults), 0)]
    if not names and arguments.vararg is not None:
        needed = [arguments.vararg.arg]
    return needed, [name for name in names if name not in needed]


def _example(model: ModuleInstance) -> str:
    """A shape that may be meant, by the first layer that says what enters it."""
    for _, module in model.named():
        leaf, own = module.cls.trait("leaf"), module.attributes
        channels = own.get("in_channels")
        if isinstance(channels, int) and leaf in ("Conv1d", "Conv2d", "Conv3d"):
            sizes = {"1": ("100",), "2": ("224", "224"), "3": ("16", "112", "112")}[leaf[4]]
            return "x".join((str(channels), *sizes))
        if leaf == "Linear" and isinstance(own.get("in_features"), int):
            return str(own["in_features"])
    return "3x224x224"


def _without_shape(names: Sequence[str], several: bool, example: str) -> SpecError:
    fault = f"the code does not say the shape of '{names[0]}'"
    override = Override(
        INPUT, names[0] if several else None, None, fault, (names[0] if several else None, example), True
    )
    return SpecError([Wording()(Diagnostic(ERROR, "input", fault, override=override))])


def sites(folder: str | None) -> list[str]:
    """The folders of installed packages: of `folder`, or of the Python that runs this."""
    if folder is not None:
        return [folder]
    found = [
        *site_packages.getsitepackages(),
        *([site_packages.getusersitepackages()] if site_packages.ENABLE_USER_SITE else []),
    ]
    return [one for one in dict.fromkeys(found) if os.path.isdir(one)]
