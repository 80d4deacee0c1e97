"""The modules of a model, as the network keeps them: their classes, in the order in which they are defined."""

from __future__ import annotations

from typing import Any

from ....network.read_from import SourceModule
from ...torch.values import Tensor
from ..values import Class, CodeFunction
from .layers import EMPTY, ConstructorSignature
from .modules import ModuleInstance
from .table import TABLE

#: Arguments that change nothing that is written.
_LEFT_OUT = frozenset(("inplace", "device", "dtype", "_weight", "init"))
#: Optional arguments that people give without their names.
_PLAIN = {"p": ("Dropout", "Dropout1d", "Dropout2d", "Dropout3d"), "negative_slope": ("LeakyReLU",)}


def source_modules(model: ModuleInstance) -> dict[str, SourceModule]:
    """All modules by path, the model itself as ""."""
    found = {}
    for path, module in model.named():
        own = [(name, parameter.counts) for name, parameter in module.parameters.items()
               if isinstance(parameter, Tensor) and parameter.shape is not None]  # fmt: skip
        runs = _runs(module.cls)
        found[path] = SourceModule(module.cls.name, runs, tuple(own), _made(module, runs))
    return found


def _runs(cls: Class) -> str:
    """The class of torch.nn whose `forward` it has, or that it is a list of; "" where that is code."""
    if isinstance(cls.finds("forward"), CodeFunction):
        return ""
    for one in cls.mro:
        if one.name in ("ModuleList", "ModuleDict") or "forward" in one.namespace:
            return one.name
    return ""


def _made(module: ModuleInstance, runs: str) -> str:
    """The call that makes a module of torch.nn, of the arguments that its code gives; "" where these are not told, or
    where it has been changed since.
    """
    given, row = module.attributes.get("_given"), TABLE.get(runs)
    if not isinstance(given, dict) or row is None:
        return ""
    if row.owns is not None:
        whole = {**ConstructorSignature(row.signature).defaults, **given}
        owned = {name: shape for name, shape in row.owns(whole)[0].items() if shape is not None}
        there = {
            name: parameter.counts
            for name, parameter in module.parameters.items()
            if isinstance(parameter, Tensor) and parameter.shape
        }
        if owned != there:
            return ""
    positional, keyed = [], []
    for name, default in ConstructorSignature(row.signature).defaults.items():
        required = default is EMPTY
        value = given.get(name, default)
        if name in _LEFT_OUT or (not required and value == default and type(value) is type(default)):
            continue
        kept = module.attributes.get(name, value)
        if not _literal(value) or (kept != value and kept not in _spread(value)):
            return ""
        shown = repr(tuple(value) if isinstance(value, list) else value).replace("'", '"')
        if required or runs in _PLAIN.get(name, ()):
            positional.append(shown)
        else:
            keyed.append(f"{name}={shown}")
    return f"{runs}({', '.join(positional + keyed)})"


def _literal(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(map(_literal, value))
    return value is None or type(value) in (bool, int, float, str)


def _spread(value: Any) -> list[Any]:
    """The forms in which PyTorch keeps a value for each axis."""
    if isinstance(value, list):
        return [tuple(value)]
    return [(value,) * count for count in (1, 2, 3, 4, 6)]
