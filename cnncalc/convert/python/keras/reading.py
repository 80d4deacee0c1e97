"""A model of Keras in code into a network: its ends, the shapes that are asked for, and its description, read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....diagnostics import ERROR, INPUT, Diagnostic, Override, SpecError, Wording
from ....values import Shape
from ..faults import ReadAgain, Stop
from ..values import CodeFunction, UnknownValue, Value
from .following import build
from .graph import Dims, KerasTensor, description, tensors_in
from .inputs import make_input
from .layer import run_of
from .models import KerasModel, chained, ends_of
from .run import KerasRun
from .sketch import SourceReader

if TYPE_CHECKING:
    from ....network import Network
    from ...readers import ModelFile, Request
    from ..interpreter import Evaluator


def network_of(interpreter: Evaluator, file: ModelFile, request: Request, model: KerasModel, title: str) -> Network:
    """The network of a model. Raises SpecError, Again; Raised, Stop."""
    run = run_of(interpreter)
    if run.says_first and not run.axes.first:
        raise ReadAgain(True, {})
    inputs, outputs = _ends(interpreter, request, model)
    entries = [_dims(run, tensor) for tensor in inputs]
    names = [tensor.use.layer.name for tensor in inputs]
    shapes = _given(run, request, names, entries)
    numbers = [_number(run, tensor) for tensor in inputs]
    wanted = {
        number: shapes[name] for number, name in zip(numbers, names, strict=True) if name in shapes and number >= 0
    }
    if any(run.given.get(number, run.axes.ours(dims[1:])) != wanted[number]
           for number, dims in zip(numbers, entries, strict=True) if number in wanted):  # fmt: skip
        raise ReadAgain(run.axes.first, wanted)
    model_dict = description(model.name, inputs, outputs, model.defined)
    if not model.named:
        model_dict["config"]["name"] = title
    asked = request._replace(inputs=dict(shapes))
    reader = SourceReader(file, asked, run.axes, list(zip(names, map(list, entries), strict=True)))
    network = reader.network(model_dict)
    if not reader.faults and run.sketch.faults[run.before :]:  # of calls whose results no output hangs on
        network.diagnostics = (*network.diagnostics, *run.sketch.faults[run.before :])
    return network


def _number(run: KerasRun, tensor: KerasTensor) -> int:
    return next((number for number, (layer, _) in enumerate(run.entries) if layer is tensor.use.layer), -1)


def _dims(run: KerasRun, tensor: KerasTensor) -> Dims:
    number = _number(run, tensor)
    return run.entries[number][1] if number >= 0 else tensor.shape or (None,)


def _given(run: KerasRun, request: Request, names: list[str], entries: list[Dims]) -> dict[str, Shape]:
    """The shapes that are asked for, channels first. Raises SpecError where one is needed and not there."""
    found = request.shapes(names)
    for name, dims in zip(names, entries, strict=True):
        if name in found:
            found[name] = _turned(run, found[name], dims[1:])
        elif len(dims) < 2 or any(size is None for size in dims[1:]):
            raise _missing(name, dims[1:], len(names) > 1)
    return found


def _turned(run: KerasRun, shape: Shape, said: Dims) -> Shape:
    """A shape that is asked for, its channels first: written as the code has it, they may be last."""
    if run.axes.first or len(shape) < 2:
        return shape
    turned = (shape[-1], *shape[:-1])
    if len(said) == len(shape) and said[-1] is not None:
        return turned if shape[0] != said[-1] == shape[-1] else shape
    few = (1, 3, 4)
    return turned if len(shape) > 2 and shape[-1] in few and shape[0] not in few else shape


def _missing(name: str, said: Dims, several: bool) -> SpecError:
    fault = f"the code does not say the shape of '{name}'"
    sizes = [str(size or 224) for size in (said if len(said) else (224, 224, 3))]
    example = "x".join((sizes[-1], *sizes[:-1]))
    override = Override(INPUT, name if several else None, None, fault, (name if several else None, example), True)
    return SpecError([Wording()(Diagnostic(ERROR, "input", fault, override=override))])


def _ends(interpreter: Evaluator, request: Request, model: KerasModel) -> tuple[list[KerasTensor], list[KerasTensor]]:
    """What enters and leaves: as the code says, else what the model makes of the shapes that are asked for."""
    ends = ends_of(interpreter, model)
    if ends is not None:
        return ends
    run, code = run_of(interpreter), model.cls.finds("call")
    names = ["input"] if model.items is not None else _parameters(code)
    shapes, shown = request.shapes(names), model.attributes.get("_build_shape")
    tensors = []
    for name in names:
        if name in shapes:
            dims: Dims = tuple(run.axes.keras(_turned(run, shapes[name], ())))
        elif shown and len(names) == 1:
            dims = tuple(shown[1:])
        else:
            raise _missing(name, (), len(names) > 1)
        tensors.append(make_input(interpreter, shape=dims, name=name))
    with run.deeper(interpreter):
        if model.items is not None:
            made = chained(interpreter, model, tensors[0])
        else:
            build(interpreter, model, tensors)
            made = interpreter.call(code, [model, *tensors])
    outputs = tensors_in(made)
    if not outputs:
        unknown = f" hangs on {made.what}, which is not known" if isinstance(made, UnknownValue) else " is no tensor"
        raise Stop(f"what the model '{model.name}' gives{unknown}", getattr(made, "place", None))
    return tensors, outputs


def _parameters(code: Value) -> list[str]:
    """The arguments of `call` that are tensors. Raises Stop."""
    if not isinstance(code, CodeFunction):
        raise Stop("the model has no 'call' method, and no inputs and outputs", None, code="python-entry")
    arguments = code.node.args
    names = [one.arg for one in (*arguments.posonlyargs, *arguments.args)][1:]
    needed = names[: max(len(names) - len(code.defaults), 0)] or names[:1] or ["inputs"]
    return [name for name in needed if name not in ("training", "mask")]
