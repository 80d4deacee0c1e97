"""A module in memory, exported by PyTorch itself: its graph is read as that of a file is, and nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from ...diagnostics import ERROR, Diagnostic, SpecError
from ..readers import How, ModelFile, by_name
from .calls import ProgramCall, own_line
from .fields import FreeSize, GraphName, TensorMeta
from .program import ExportedProgram, ProgramEntry

#: The samples of the examples: more than 1, so that what is made for one alone shows.
_SAMPLES = 2


def exported(module: Any, inputs: Mapping[str, Any] | Sequence[Any], name: str) -> ModelFile:
    """What is read in the place of a file: the graph of a `torch.nn.Module`, in evaluation mode.

    `inputs` are the arguments of its forward, by name or in order: shapes of a sample, or tensors, samples first.
    Raises SpecError where PyTorch cannot export it.
    """
    torch = import_module("torch")
    with _quiet(), _evaluating(module), torch.no_grad():
        try:
            program = _exported(torch, module, inputs)
        except Exception as error:  # whatever the module's own code raises
            raise _cannot(name, error) from None
    return ModelFile(name, "", _program(program), by_name("pt2"), How())


def _cannot(name: str, error: Exception) -> SpecError:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    message = f"{name}: torch.export cannot export it: {lines[0][:300]}"
    return SpecError([Diagnostic(ERROR, "export", message, help="cnncalc reads its source, too: net.py:Net")])


@contextmanager
def _quiet() -> Iterator[None]:
    """What PyTorch says of attempts that it gives up is not what the user asked."""
    import logging
    import warnings
    from contextlib import redirect_stderr, redirect_stdout
    from io import StringIO

    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings(), redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)


@contextmanager
def _evaluating(module: Any) -> Iterator[None]:
    """The module in evaluation mode; afterwards each part as it was."""
    before = [(part, part.training) for part in module.modules()]
    module.eval()
    try:
        yield
    finally:
        for part, training in before:
            part.training = training


def _exported(torch: Any, module: Any, inputs: Mapping[str, Any] | Sequence[Any]) -> Any:
    """The program, with the number of samples free where the module is made for any, else for one."""
    free = torch.export.Dim.AUTO
    try:
        return _export(torch, module, inputs, _SAMPLES, free)
    except Exception:
        try:
            return _export(torch, module, inputs, 1, None)
        except Exception:
            return _export(torch, module, inputs, _SAMPLES, None)


def _export(torch: Any, module: Any, inputs: Mapping[str, Any] | Sequence[Any], samples: int, free: Any) -> Any:
    weight = next((parameter for parameter in module.parameters() if parameter.is_floating_point()), None)
    how = {} if weight is None else {"dtype": weight.dtype, "device": weight.device}

    def example(given: Any) -> Any:
        return torch.zeros((samples, *given), **how) if isinstance(given, tuple) else given

    named = {key: example(given) for key, given in inputs.items()} if isinstance(inputs, Mapping) else {}
    listed = () if isinstance(inputs, Mapping) else tuple([example(given) for given in inputs])
    dims = None if free is None else torch.export.ShapesCollection()
    if dims is not None:
        for one in (*listed, *named.values()):
            if getattr(one, "ndim", 0):
                dims[one] = {0: free}
    return torch.export.export(module, listed, named, dynamic_shapes=dims, strict=False)


# --- the graph as records ---------------------------------------------------------------------------


def _program(program: Any) -> ExportedProgram:
    """PyTorch's own program as that of a file is."""
    entries, tensors, outputs = list[ProgramEntry](), dict[str, TensorMeta](), list[str]()
    kinds = {"USER_INPUT": "input", "PARAMETER": "parameter", "BUFFER": "buffer", "CONSTANT_TENSOR": "constant"}
    for spec in program.graph_signature.input_specs:
        what, name = kinds.get(spec.kind.name), getattr(spec.arg, "name", None)
        if what is not None and name is not None:
            entries.append(ProgramEntry(name, what, name if what == "input" else spec.target))
    for spec in program.graph_signature.output_specs:
        if spec.kind.name in ("USER_OUTPUT", "LOSS_OUTPUT") and getattr(spec.arg, "name", None):
            outputs.append(spec.arg.name)
    calls = []
    for node in program.graph.nodes:
        meta = _meta(node.meta.get("val"))
        if meta is not None:
            tensors[node.name] = meta
        if node.op == "call_function":
            calls.append(_call(node))
    held = {**program.state_dict, **program.constants}
    storages = {path: f"{id(one)}" for path, one in held.items()}
    return ExportedProgram(calls, entries, outputs, tensors, storages)


def _call(node: Any) -> ProgramCall:
    target = str(node.target)
    if not hasattr(node.target, "namespace"):
        target = f"_operator.{getattr(node.target, '__name__', target)}"
    elif hasattr(node.target, "_overloadname") or not target.startswith("torch.ops."):
        target = f"torch.ops.{node.target.namespace}.{target.removeprefix(node.target.namespace + '.')}"
    stack = node.meta.get("nn_module_stack") or {}
    modules = [(path, kind if isinstance(kind, str) else f"{kind.__module__}.{kind.__qualname__}", key)
               for key, (path, kind) in stack.items()]  # fmt: skip
    args = [_argument(arg) for arg in node.args]
    kwargs = {key: _argument(one) for key, one in node.kwargs.items()}
    return ProgramCall(target, args, kwargs, [node.name], modules, own_line(node.meta.get("stack_trace")), packed=True)


def _argument(one: Any) -> Any:
    """An argument as that of a file is: names in the place of nodes, no devices."""
    if isinstance(one, list | tuple):
        return [_argument(item) for item in one]
    if isinstance(one, bool | int | float | str) or one is None:
        return one
    if hasattr(one, "op") and hasattr(one, "users"):
        return GraphName(one.name)
    text = str(one)
    return text.removeprefix("torch.") if type(one).__name__ == "dtype" else None


def _meta(value: Any) -> TensorMeta | None:
    if not hasattr(value, "shape") or not hasattr(value, "dtype"):
        return None
    return TensorMeta([_size(size) for size in value.shape], str(value.dtype).removeprefix("torch."))


def _size(size: Any) -> int | FreeSize:
    return size if isinstance(size, int) else FreeSize(str(size), getattr(size.node, "hint", None))
