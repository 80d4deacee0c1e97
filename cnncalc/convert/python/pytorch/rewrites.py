"""Functions of torch that change modules, or run others."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import TYPE_CHECKING, Any

from ...torch.values import Storage, Tensor
from ..faults import Stop
from ..standard.builtin_classes import CLASSES
from ..values import (
    Class,
    ClassMethod,
    CodeFunction,
    Instance,
    Native,
    Value,
)
from .containers import CONTAINERS
from .modules import MODULE, ModuleInstance, parameter

if TYPE_CHECKING:
    from ..interpreter import Evaluator


def nothing(interpreter: Evaluator, /, *_: Value, **__: Value) -> None:
    """A function that changes no shape and gives nothing that is used."""


def first(interpreter: Evaluator, /, *args: Value, **kwargs: Value) -> Value:
    """A function, or a decorator with or without arguments, that gives back what it is given."""
    if args and not isinstance(args[0], str):
        return args[0]
    return Native("decorator", lambda at, one=None, *_: one)


def said(value: Value) -> Callable[..., Value]:
    """A function that gives the same every time."""
    return lambda interpreter, /, *_, **__: value


_GUARD = Class("no_grad", (CLASSES["object"],), {"__call__": Native("__call__", lambda at, own, one=None, *_: one)})


def _guard(interpreter: Evaluator, /, *args: Value, **_: Value) -> Value:
    """``torch.no_grad()``: something to be entered, or a decorator."""
    return args[0] if args and isinstance(args[0], CodeFunction) else Instance(_GUARD)


def _checkpoint(interpreter: Evaluator, /, function: Value, *args: Value, **kwargs: Value) -> Value:
    kwargs.pop("use_reentrant", None)
    kwargs.pop("preserve_rng_state", None)
    return interpreter.call(function, args, kwargs)


def _checkpoint_sequential(
    interpreter: Evaluator, /, functions: Value, segments: Value, value: Value, **_: Value
) -> Value:
    for item in interpreter.items(functions):
        value = interpreter.call(item, [value])
    return value


def _apply(interpreter: Evaluator, cls: Class, /, *args: Value, **kwargs: Value) -> Value:
    """``Function.apply``: its `forward`, with a context."""
    context = Instance(CLASSES["object"])
    for name in ("save_for_backward", "mark_dirty", "set_materialize_grads", "mark_non_differentiable"):
        context.attributes[name] = Native(name, nothing)
    return interpreter.call(interpreter.attribute(cls, "forward"), [context, *args], kwargs)


_FUNCTION = Class("Function", (CLASSES["object"],), {"apply": ClassMethod(Native("apply", _apply))})


def _weight_norm(interpreter: Evaluator, module: ModuleInstance, name: str = "weight", dim: Value = 0) -> Value:
    """A weight as a length for each of the axis `dim`, and a direction: both are parameters."""
    weight = module.parameters.pop(name, None)
    if not isinstance(weight, Tensor) or weight.shape is None:
        return module
    shape = weight.counts
    lengths = tuple(size if dim is not None and axis == dim % len(shape) else 1 for axis, size in enumerate(shape))
    module.parameters[f"{name}_g"], module.parameters[f"{name}_v"] = parameter(lengths), parameter(shape)
    both = [storage for key in (f"{name}_g", f"{name}_v") for storage in module.parameters[key].storages]
    module.attributes[name] = Tensor(shape, weight.dtype, fixed=True, storages=tuple(both))
    return module


def _spectral_norm(
    interpreter: Evaluator, /, module: ModuleInstance, name: str = "weight", *_: Value, **__: Value
) -> Value:
    """A weight divided by its largest singular value, which is found by two vectors that are buffers."""
    weight = module.parameters.pop(name, None)
    if not isinstance(weight, Tensor) or weight.shape is None:
        return module
    shape = weight.counts
    module.parameters[f"{name}_orig"] = parameter(shape)
    rows = shape[1] if "Transpose" in module.cls.name else shape[0]
    for key, size in (("u", rows), ("v", prod(shape) // max(rows, 1))):
        stored = (Storage("", (size,), "buffer"),)
        module.buffers[f"{name}_{key}"] = Tensor((size,), "float32", fixed=True, storages=stored)
    module.attributes[name] = Tensor(
        shape, weight.dtype, fixed=True, storages=module.parameters[f"{name}_orig"].storages
    )
    return module


def _downloaded(interpreter: Evaluator, /, *_: Value, **__: Value) -> Value:
    raise Stop(
        "torch.hub.load(…) fetches code from elsewhere: it is not read", interpreter.here(),
        "give the file in which the network is written", "python-not-read",
    )  # fmt: skip


def _clones(interpreter: Evaluator, module: Value, count: int) -> Value:
    from ..standard.libraries import copied

    return interpreter.call(CONTAINERS["ModuleList"], [[copied(interpreter, module, True) for _ in range(count)]])


_WRAPPED: Class = Class("DataParallel", (MODULE,), {
    "__init__": Native("__init__", lambda at, own, /, module, *_, **__: _wrap(own, module)),
    "forward": Native("forward", lambda at, own, /, *args, **kwargs: at.call(own.parts["module"], args, kwargs)),
})  # fmt: skip


def _wrap(own: ModuleInstance, module: Any) -> None:
    own.ready = True
    own.parts["module"] = module
