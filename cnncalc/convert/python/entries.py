"""Which class or factory of a file is meant: the one that is named, or the one that no other uses."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from ...values import nearest
from .expressions import settled
from .faults import Raised, Stop
from .frames import Module, NameFrame
from .source import PythonFile
from .values import Class, CodeFunction, Instance, Partial, UnknownValue, Value

if TYPE_CHECKING:
    from .interpreter import Evaluator

#: So many are listed.
_LISTED = 12


def model_of(interpreter: Evaluator, module: Module, entry: str | None) -> tuple[Instance, str]:
    """The model that `entry` says, or the only one of the file, and its title. Raises Raised, Stop, SpecError."""
    if entry is None:
        entry = _only(interpreter, module)
    value = _evaluated(interpreter, module, entry)
    title = entry if len(entry) < 80 else entry[:79] + "…"
    if isinstance(value, Class):
        if value.trait("network") is None:
            raise Stop(
                f"'{entry}' is no nn.Module and no keras.Model", None, _listing(interpreter, module), "python-entry"
            )
        value = _made(interpreter, module, entry, value)
    elif isinstance(value, CodeFunction | Partial):
        value = _made(interpreter, module, entry, value)
    if isinstance(value, UnknownValue):
        if value.cause is not None:
            raise value.cause
        raise Stop(f"what '{entry}' is hangs on {value.what}, which is not known", value.place, code="python-entry")
    if isinstance(value, tuple | list) and value and _is_network(value[0]):
        value = value[0]
    if not _is_network(value):
        raise Stop(
            f"'{entry}' gives no nn.Module and no keras.Model", None, _listing(interpreter, module), "python-entry"
        )
    return value, title


def _is_network(value: Value) -> bool:
    return isinstance(value, Instance) and value.cls.trait("network") in _RUN_BY


#: What a class of networks calls the method that runs it.
_RUN_BY = {"module": "forward", "model": "call"}


def _made(interpreter: Evaluator, module: Module, entry: str, value: Value) -> Value:
    """What a class or factory gives without arguments. Raises Raised, Stop."""
    try:
        return interpreter.call(value)
    except TypeError as error:
        missing = re.findall(r"'(\w+)'", str(error)) if "required" in str(error) else []
        help = f"write {module.file.name}:{entry}({', '.join(f'{name}=…' for name in missing)})" if missing else None
        raise Stop(f"'{entry}' cannot be made without arguments: {error}", None, help, "python-entry") from None


def _evaluated(interpreter: Evaluator, module: Module, entry: str) -> Value:
    """The value of what stands behind the colon of ``net.py:Net(10)``. Raises Raised, Stop, SpecError."""
    text = PythonFile(f"{module.file.name}:{entry}", entry)
    body = text.tree.body
    if len(body) != 1 or not isinstance(body[0], ast.Expr):
        raise Stop(
            f"'{entry}' is neither a class nor a call of one", None, _listing(interpreter, module), "python-entry"
        )
    node = body[0].value
    root = node
    while isinstance(root, ast.Call | ast.Attribute):
        root = root.func if isinstance(root, ast.Call) else root.value
    if isinstance(root, ast.Name) and root.id not in module.names:
        close = nearest(root.id, [name for name in module.names if name[:1] != "_"], "")
        raise Stop(
            f"{module.file.name} defines no '{root.id}'", None, close or _listing(interpreter, module), "python-entry"
        )
    frame = NameFrame(Module(module.name, text, "", False), {}, NameFrame(module, module.names))
    interpreter.calls.append((frame, None))
    try:
        return interpreter.evaluate(node, frame)
    finally:
        interpreter.calls.pop()


def _candidates(interpreter: Evaluator, module: Module) -> list[str]:
    """The classes and factories of a file that no other of it uses."""
    defined: dict[str, ast.stmt] = {}
    used: set[str] = set()
    for node in module.file.tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            defined[node.name] = node
    for name, node in defined.items():
        used |= {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and one.id in defined and one.id != name}
    found = [name for name in defined if name not in used and _is_model(interpreter, module, name)]
    found = found or [name for name in defined if _is_model(interpreter, module, name)]
    return found or [name for name, value in module.names.items() if _is_network(value)]


def _is_model(interpreter: Evaluator, module: Module, name: str) -> bool:
    try:
        value = settled(interpreter, module.names.get(name))
    except (Raised, Stop):
        return False
    if isinstance(value, Class):
        method = _RUN_BY.get(value.trait("network"))
        return method is not None and isinstance(value.finds(method), CodeFunction)
    return isinstance(value, CodeFunction) and _is_factory(value)


def _is_factory(function: CodeFunction) -> bool:
    """Whether a function seems to give a model: it needs no argument, and gives what a call or a name is."""
    arguments = function.node.args
    needed = len(arguments.args) + len(arguments.posonlyargs) - len(arguments.defaults)
    if (
        isinstance(function.node, ast.Lambda)
        or needed
        or function.name[:1] == "_"
        or function.name in ("main", "test", "train")
    ):
        return False
    gives = [one.value for one in ast.walk(function.node) if isinstance(one, ast.Return)]
    return bool(gives) and all(isinstance(one, ast.Call | ast.Name) for one in gives)


def _only(interpreter: Evaluator, module: Module) -> str:
    """The one class or factory of a file that no other uses. Raises Stop where there are others than one."""
    found = _candidates(interpreter, module)
    classes = [name for name in found if isinstance(settled(interpreter, module.names[name]), Class)]
    if len(found) == 1:
        return found[0]
    if len(classes) == 1 and not any(
        _is_factory(settled(interpreter, module.names[name])) for name in found if name not in classes
    ):
        return classes[0]
    name = module.file.name
    if not found:
        places = [value.place for value in module.names.values() if isinstance(value, UnknownValue)]
        missing = next(filter(None, map(interpreter.imports.finder.where_to_find, places)), None)
        raise Stop(
            "no class here is an nn.Module with a forward, or a keras.Model",
            None,
            missing or f"name what is meant: {name}:NAME",
            "python-entry",
        )
    listed = ", ".join(f"{name}:{one}" for one in found[:_LISTED])
    more = f" and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
    raise Stop(
        f"{len(found)} networks are defined here: say which", None, f"write one of {listed}{more}", "python-entry"
    )


def _listing(interpreter: Evaluator, module: Module) -> str | None:
    found = _candidates(interpreter, module)
    if not found:
        return None
    return f"write one of {', '.join(f'{module.file.name}:{one}' for one in found[:_LISTED])}"
