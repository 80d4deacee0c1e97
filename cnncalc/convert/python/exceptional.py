"""Statements about what may go wrong: assert, raise, try, with."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .faults import Raised, Stop
from .frames import NameFrame
from .values import Class, Instance, Place, UnknownValue, Value

if TYPE_CHECKING:
    from .interpreter import Evaluator
from .statements import Run, assign


def _assert(interpreter: Evaluator, node: ast.Assert, frame: NameFrame) -> None:
    frame.node = node.test
    test = interpreter.evaluate(node.test, frame)
    frame.node = node.test
    if isinstance(test, UnknownValue):
        return  # what the code claims of what is not known is taken as said
    if interpreter.truth(test, "whether this holds"):
        return
    args = () if node.msg is None else (interpreter.evaluate(node.msg, frame),)
    raise interpreter.exception("AssertionError", *args, place=Place(frame.module.file, node))


def _raise(interpreter: Evaluator, node: ast.Raise, frame: NameFrame) -> None:
    place = Place(frame.module.file, node)
    if node.exc is None:
        inner: NameFrame | None = frame
        while inner is not None and inner.handled is None:
            inner = inner.parent
        if inner is not None:
            raise inner.handled
        raise interpreter.exception("RuntimeError", "No active exception to reraise", place=place)
    value = interpreter.evaluate(node.exc, frame)
    if isinstance(value, Class):
        value = interpreter.call(value)
    if isinstance(value, Instance):
        raise Raised(value, place)
    raise interpreter.exception("Exception", "an error that the code raises", place=place)


def _try(interpreter: Evaluator, node: ast.Try, frame: NameFrame) -> str | None:
    imports = _catches_imports(node)
    try:
        interpreter.catching_imports += imports
        try:
            signal = interpreter.run(node.body, frame)
        finally:
            interpreter.catching_imports -= imports
        if signal is None:
            signal = interpreter.run(node.orelse, frame)
    except Raised as raised:
        try:
            signal = _handled(interpreter, node, frame, raised)
        except Stop:
            raise
        except Raised:
            if node.finalbody:
                interpreter.run(node.finalbody, frame)
            raise
    last = interpreter.run(node.finalbody, frame)
    return last or signal


def _catches_imports(node: ast.Try) -> bool:
    names = "ImportError ModuleNotFoundError Exception BaseException".split()
    return any(
        handler.type is None or any(getattr(one, "id", None) in names for one in ast.walk(handler.type))
        for handler in node.handlers
    )


def _handled(interpreter: Evaluator, node: ast.Try, frame: NameFrame, raised: Raised) -> str | None:
    """Runs the handler of an exception. Raises it again where there is none."""
    for handler in node.handlers:
        if handler.type is not None:
            kinds = interpreter.evaluate(handler.type, frame)
            kinds = kinds if isinstance(kinds, tuple) else (kinds,)
            if not any(isinstance(kind, Class) and raised.value.cls.is_a(kind) for kind in kinds):
                continue
        if handler.name:
            frame.store(handler.name, raised.value)
        before, frame.handled = frame.handled, raised
        signal = interpreter.run(handler.body, frame)
        frame.handled = before
        return signal
    raise raised


def _with(interpreter: Evaluator, node: ast.With | ast.AsyncWith, frame: NameFrame) -> str | None:
    entered: list[Instance] = []
    for item in node.items:
        value = interpreter.evaluate(item.context_expr, frame)
        found: Value = value
        if isinstance(value, Instance) and value.cls.finds("__enter__") is not None:
            found = interpreter.call(interpreter.attribute(value, "__enter__"))
            entered.append(value)
        if item.optional_vars is not None:
            assign(interpreter, item.optional_vars, found, frame)
    try:
        signal = interpreter.run(node.body, frame)
    except Raised as raised:
        if not _left(interpreter, entered, raised):
            raise
        return None
    _left(interpreter, entered, None)
    return signal


def _left(interpreter: Evaluator, entered: list[Instance], raised: Raised | None) -> bool:
    """Leaves what was entered; whether one of them takes what was raised upon itself."""
    for value in reversed(entered):
        if value.cls.finds("__exit__") is not None:
            told = [None, None, None] if raised is None else [raised.value.cls, raised.value, None]
            if interpreter.truth(interpreter.call(interpreter.attribute(value, "__exit__"), told)):
                raised = None
    return raised is None


EXCEPTIONAL: dict[type, Run] = {
    ast.Assert: _assert, ast.Raise: _raise, ast.Try: _try, ast.With: _with, ast.AsyncWith: _with,
}  # fmt: skip
if hasattr(ast, "TryStar"):
    EXCEPTIONAL[ast.TryStar] = _try
