"""What a beginner writes of PyTorch, and what is to be written: of names, calls and arguments."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from ...torch.rules import RULES
from ...torch.values import Tensor
from ..faults import Raised
from ..values import Class, CodeFunction, Instance, Library, Place, Value
from .known import tensor_methods
from .modules import ModuleInstance

if TYPE_CHECKING:
    from ..interpreter import Evaluator

#: How much alike names are of which one may be meant.
_ALIKE = 0.75


def meant(name: str, value: Value) -> str | None:
    """The attribute of a value whose name is like one that it has not; None where there is none."""
    names = [one for one in _names(value) if not one.startswith("_")]
    same = [one for one in names if one.lower() == name.lower()]
    return next(iter(same or get_close_matches(name, names, 1, _ALIKE)), None)


def _names(value: Value) -> Iterable[str]:
    if isinstance(value, Library):
        return value.names
    if isinstance(value, Tensor):
        return {*RULES, *tensor_methods(), "size", "shape", "dtype"}
    if not isinstance(value, Instance):
        return ()
    own = (value.parts, value.parameters, value.buffers) if isinstance(value, ModuleInstance) else ()
    return [name for kept in (*own, value.attributes, *[cls.namespace for cls in value.cls.mro]) for name in kept]


def without_forward(interpreter: Evaluator, module: ModuleInstance) -> Raised:
    """What is said of a module that cannot be called: at the method that may be meant."""
    message = f'Module [{module.cls.name}] is missing the required "forward" function'
    methods = {name: one for cls in module.cls.mro if cls.module is not None for name, one in cls.namespace.items()
               if isinstance(one, CodeFunction)}  # fmt: skip
    near = get_close_matches("forward", methods, 1, _ALIKE)
    if not near:
        return interpreter.exception("NotImplementedError", message)
    function = methods[near[0]]
    place, help = Place(function.module.file, function.node), f"write def forward, not def {near[0]}"
    return interpreter.exception("NotImplementedError", message, place=place, help=help)


def no_tensor(interpreter: Evaluator, name: str, args: Sequence[Value]) -> Raised | None:
    """What is said of a function of tensors that is given a layer, or the class of one; None where it is not."""
    given: Any = args[0] if args else None
    is_class = isinstance(given, Class) and given.trait("network") == "module"
    if not is_class and not isinstance(given, ModuleInstance):
        return None
    what = f"the class {given.name}" if is_class else f"a {given.cls.name}, which is a layer"
    place = interpreter.here()
    node, help = place.node if place is not None else None, None
    if isinstance(node, ast.Call) and node.args:
        first = ast.unparse(node.args[0])
        rest = [ast.unparse(one) for one in (*node.args[1:], *node.keywords)]
        called = f"{first}()(x)" if is_class else f"{first}(x)"
        help = f"write {ast.unparse(node.func)}({', '.join([called, *rest])})"
    return interpreter.exception("TypeError", f"{name}() takes a tensor, and is given {what}", help=help)
