"""Statements: a function for each kind of node. What it gives is a signal that ends the body around it, or None."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .expressions import Lazy, function_of, operated
from .faults import Undecided
from .frames import NameFrame
from .interpreter import HOST
from .items import remove, store
from .standard.in_place import augmented
from .standard.unknown_items import unknown_items
from .values import Place, UnknownReached, UnknownValue, Value

if TYPE_CHECKING:
    from .interpreter import Evaluator

BREAK, CONTINUE, RETURN = "break", "continue", "return"
Run = Callable[["Evaluator", Any, NameFrame], "str | None"]


def _expression(interpreter: Evaluator, node: ast.Expr, frame: NameFrame) -> None:
    interpreter.evaluate(node.value, frame)


def _assign(interpreter: Evaluator, node: ast.Assign, frame: NameFrame) -> None:
    value = interpreter.evaluate(node.value, frame)
    for target in node.targets:
        assign(interpreter, target, value, frame)


def assign(interpreter: Evaluator, target: ast.expr, value: Value, frame: NameFrame) -> None:
    """Gives what stands on the left of a sign of equality a value. Raises Raised, Stop."""
    if type(target) is ast.Name:
        if frame.declared is None:
            frame.names[target.id] = value
        else:
            frame.store(target.id, value)
    elif isinstance(target, ast.Tuple | ast.List):
        _unpack(interpreter, target, value, frame)
    elif isinstance(target, ast.Attribute):
        from .attributes import set_attribute

        owner = interpreter.evaluate(target.value, frame)
        operated(interpreter, target, frame, set_attribute, owner, target.attr, value)
    elif isinstance(target, ast.Subscript):
        owner, index = interpreter.evaluate(target.value, frame), interpreter.evaluate(target.slice, frame)
        operated(interpreter, target, frame, store, owner, index, value)
    elif isinstance(target, ast.Starred):
        assign(interpreter, target.value, value, frame)


def _unpack(interpreter: Evaluator, target: ast.Tuple | ast.List, value: Value, frame: NameFrame) -> None:
    targets = target.elts
    rest = value if isinstance(value, UnknownValue) else unknown_items(value)
    if rest is not None:
        for one in targets:
            assign(interpreter, one, rest, frame)
        return
    before, frame.node = frame.node, target
    values = interpreter.guarded_items(value)
    frame.node = before
    starred = next((at for at, one in enumerate(targets) if isinstance(one, ast.Starred)), None)
    place = Place(frame.module.file, target)
    if starred is None:
        if len(values) != len(targets):
            many = "too many values" if len(values) > len(targets) else "not enough values"
            got = "" if len(values) > len(targets) else f", got {len(values)}"
            raise interpreter.exception("ValueError", f"{many} to unpack (expected {len(targets)}{got})", place=place)
    else:
        behind = len(targets) - starred - 1
        if len(values) < len(targets) - 1:
            message = f"not enough values to unpack (expected at least {len(targets) - 1}, got {len(values)})"
            raise interpreter.exception("ValueError", message, place=place)
        middle = values[starred : len(values) - behind]
        values = [*values[:starred], middle, *values[len(values) - behind :]]
    for one, item in zip(targets, values, strict=True):
        assign(interpreter, one, item, frame)


def _augmented(interpreter: Evaluator, node: ast.AugAssign, frame: NameFrame) -> None:
    target = node.target
    value = interpreter.evaluate(target, frame)
    other = interpreter.evaluate(node.value, frame)
    found = operated(interpreter, node, frame, augmented, type(node.op), value, other)
    assign(interpreter, target, found, frame)


def _annotated(interpreter: Evaluator, node: ast.AnnAssign, frame: NameFrame) -> None:
    if isinstance(node.target, ast.Name) and frame.cls is not None and frame.function is None:
        frame.names.setdefault("__annotations__", {})[node.target.id] = ast.unparse(node.annotation)
    if node.value is not None:
        assign(interpreter, node.target, interpreter.evaluate(node.value, frame), frame)


def _if(interpreter: Evaluator, node: ast.If, frame: NameFrame) -> str | None:
    frame.node = node.test
    test = interpreter.evaluate(node.test, frame)
    frame.node = node.test
    if isinstance(test, UnknownValue):
        if _harmless(node.body) and _harmless(node.orelse):
            return None
        raise Undecided("whether this runs", test, Place(frame.module.file, node.test))
    signal = interpreter.run(node.body if interpreter.truth(test, "whether this runs") else node.orelse, frame)
    return signal


def _harmless(body: list[ast.stmt]) -> bool:
    """Whether statements only print, pass or raise: it makes no difference which of them run."""
    return all(
        isinstance(one, ast.Pass | ast.Raise | ast.Assert)
        or (
            isinstance(one, ast.Expr)
            and (
                isinstance(one.value, ast.Constant)
                or (
                    isinstance(one.value, ast.Call)
                    and _root(one.value.func) in ("print", "warnings", "logger", "logging")
                )
            )
        )
        for one in body
    )


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _for(interpreter: Evaluator, node: ast.For, frame: NameFrame) -> str | None:
    frame.node = node.iter
    value = interpreter.evaluate(node.iter, frame)
    frame.node = node.iter
    try:
        rounds = interpreter.items(value)
        for one in rounds:
            assign(interpreter, node.target, one, frame)
            signal = interpreter.run(node.body, frame)
            if signal is BREAK:
                return None
            if signal is RETURN:
                return RETURN
    except UnknownReached as reached:
        raise Undecided("how often this runs", reached.value, Place(frame.module.file, node.iter)) from None
    except HOST as error:
        raise interpreter.host(error, Place(frame.module.file, node.iter)) from None
    last = interpreter.run(node.orelse, frame)
    return last


def _while(interpreter: Evaluator, node: ast.While, frame: NameFrame) -> str | None:
    while True:
        interpreter.step()
        frame.node = node.test
        test = interpreter.evaluate(node.test, frame)
        frame.node = node.test
        if not interpreter.truth(test, "how often this runs"):
            signal = interpreter.run(node.orelse, frame)
            return signal
        signal = interpreter.run(node.body, frame)
        if signal is BREAK:
            return None
        if signal is RETURN:
            return RETURN


def _return(interpreter: Evaluator, node: ast.Return, frame: NameFrame) -> str:
    frame.result = None if node.value is None else interpreter.evaluate(node.value, frame)
    return RETURN


def _function(interpreter: Evaluator, node: ast.FunctionDef | ast.AsyncFunctionDef, frame: NameFrame) -> None:
    if node.decorator_list and frame.module.library and frame.parent is None and frame.cls is None:
        frame.names[node.name] = Lazy(lambda at: _decorated(at, node, frame))
    else:
        frame.store(node.name, _decorated(interpreter, node, frame))


def _decorated(
    interpreter: Evaluator, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, frame: NameFrame
) -> Value:
    if isinstance(node, ast.ClassDef):
        from .classes import define

        value: Value = define(interpreter, node, frame)
    else:
        value = function_of(interpreter, node.name, node, frame)
    for decorator in reversed(node.decorator_list):
        frame.node = decorator
        wrapping = interpreter.evaluate(decorator, frame)
        if isinstance(wrapping, UnknownValue):
            continue  # of a library without rules: it is taken for one that gives the function back
        found = interpreter.guarded(interpreter.call, wrapping, [value])
        value = value if isinstance(found, UnknownValue) else found
    return value


def _class(interpreter: Evaluator, node: ast.ClassDef, frame: NameFrame) -> None:
    top = frame.parent is None and frame.cls is None and frame.function is None
    if top and not node.decorator_list and not node.keywords and not frame.module.tells_subclasses:
        frame.names[node.name] = Lazy(lambda at: _decorated(at, node, frame))
    else:
        frame.store(node.name, _decorated(interpreter, node, frame))


def _delete(interpreter: Evaluator, node: ast.Delete, frame: NameFrame) -> None:
    for target in node.targets:
        if isinstance(target, ast.Name):
            frame.names.pop(target.id, None)
        elif isinstance(target, ast.Attribute):
            from .attributes import delete_attribute

            operated(
                interpreter, target, frame, delete_attribute, interpreter.evaluate(target.value, frame), target.attr
            )
        elif isinstance(target, ast.Subscript):
            owner, index = interpreter.evaluate(target.value, frame), interpreter.evaluate(target.slice, frame)
            operated(interpreter, target, frame, remove, owner, index)


def _global(interpreter: Evaluator, node: ast.Global, frame: NameFrame) -> None:
    frame.declared = (frame.declared or {}) | dict.fromkeys(node.names, frame.module.names)
    for name in node.names:
        frame.names.pop(name, None)


def _nonlocal(interpreter: Evaluator, node: ast.Nonlocal, frame: NameFrame) -> None:
    frame.declared = dict(frame.declared or {})
    for name in node.names:
        inner = frame.parent
        while inner is not None and name not in inner.names:
            inner = inner.parent
        if inner is not None:
            frame.declared[name] = inner.names


def _import(interpreter: Evaluator, node: ast.Import | ast.ImportFrom, frame: NameFrame) -> None:
    interpreter.imports.run(interpreter, node, frame)


def _match(interpreter: Evaluator, node: ast.Match, frame: NameFrame) -> str | None:
    from .patterns import matches

    value = interpreter.evaluate(node.subject, frame)
    for case in node.cases:
        frame.node = case.pattern
        if matches(interpreter, case.pattern, value, frame) and (
            case.guard is None or interpreter.truth(interpreter.evaluate(case.guard, frame))
        ):
            signal = interpreter.run(case.body, frame)
            return signal
    return None


def _nothing(interpreter: Evaluator, node: ast.stmt, frame: NameFrame) -> None:
    return None


STATEMENTS: dict[type, Run] = {
    ast.Expr: _expression, ast.Assign: _assign, ast.AugAssign: _augmented, ast.AnnAssign: _annotated, ast.If: _if,
    ast.For: _for, ast.AsyncFor: _for, ast.While: _while, ast.Return: _return, ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function, ast.ClassDef: _class, ast.Delete: _delete,
    ast.Global: _global, ast.Nonlocal: _nonlocal,
    ast.Import: _import, ast.ImportFrom: _import, ast.Match: _match, ast.Pass: _nothing,
    ast.Break: lambda *_: BREAK, ast.Continue: lambda *_: CONTINUE,
}  # fmt: skip
if hasattr(ast, "TypeAlias"):
    STATEMENTS[ast.TypeAlias] = _nothing
