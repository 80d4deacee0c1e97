"""Comprehensions, and what else is done with frames in an expression: ``:=``, yield, await."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .frames import NameFrame
from .values import Place, UnknownValue, Value

if TYPE_CHECKING:
    from .interpreter import Evaluator
from .expressions import Evaluated, hashed, operated
from .standard.unknown_items import unknown_items


def _comprehension(make: Callable[[Evaluator, list[Value]], Value]) -> Evaluated:
    def evaluated(interpreter: Evaluator, node: Any, frame: NameFrame) -> Value:
        found: list[Value] = []
        inner = NameFrame(frame.module, {}, frame, frame.function)
        inner.cls, inner.self, inner.comprehension = frame.cls, frame.self, True

        def gather() -> None:
            if type(node) is ast.DictComp:
                found.append((interpreter.evaluate(node.key, inner), interpreter.evaluate(node.value, inner)))
            else:
                found.append(interpreter.evaluate(node.elt, inner))

        unknown = _rounds(interpreter, node.generators, 0, inner, gather)
        return operated(interpreter, node, frame, make, found) if unknown is None else unknown

    return evaluated


def _rounds(
    interpreter: Evaluator, generators: list[ast.comprehension], at: int, frame: NameFrame, gather: Callable[[], None]
) -> UnknownValue | None:
    """Runs the rounds of a comprehension; the unknown value that it loops over, if it is one."""
    from .statements import assign

    if at == len(generators):
        gather()
        return None
    generator = generators[at]
    frame.node = generator.iter
    value = interpreter.evaluate(generator.iter, frame)
    rest = value if isinstance(value, UnknownValue) else unknown_items(value)
    if rest is not None:
        return rest
    for item in interpreter.guarded_items(value):
        assign(interpreter, generator.target, item, frame)
        for condition in generator.ifs:
            frame.node = condition
            if not interpreter.truth(interpreter.evaluate(condition, frame), "what is chosen here"):
                break
        else:
            unknown = _rounds(interpreter, generators, at + 1, frame, gather)
            if unknown is not None:
                return unknown
    return None


def _dict_of(interpreter: Evaluator, pairs: list[Value]) -> Value:
    from .standard.bounds import weigh

    weigh(interpreter, *[key for key, _ in pairs])
    return dict(pairs)


def _walrus(interpreter: Evaluator, node: ast.NamedExpr, frame: NameFrame) -> Value:
    value = interpreter.evaluate(node.value, frame)
    outer = frame
    while outer.comprehension and outer.parent is not None:
        outer = outer.parent
    outer.store(node.target.id, value)
    return value


def _await(interpreter: Evaluator, node: ast.Await, frame: NameFrame) -> Value:
    return UnknownValue("what is awaited", Place(frame.module.file, node))


def _yield(interpreter: Evaluator, node: ast.Yield, frame: NameFrame) -> Value:
    value = None if node.value is None else interpreter.evaluate(node.value, frame)
    if frame.yielded is not None:
        frame.yielded.append(value)
    return None


def _yield_from(interpreter: Evaluator, node: ast.YieldFrom, frame: NameFrame) -> Value:
    value = interpreter.evaluate(node.value, frame)
    if frame.yielded is not None:
        frame.yielded += interpreter.guarded_items(value)
    return None


COMPREHENSIONS: dict[type, Evaluated] = {
    ast.ListComp: _comprehension(lambda _, found: found), ast.SetComp: _comprehension(hashed),
    ast.DictComp: _comprehension(_dict_of), ast.GeneratorExp: _comprehension(lambda _, found: iter(found)),
    ast.NamedExpr: _walrus, ast.Await: _await, ast.Yield: _yield, ast.YieldFrom: _yield_from,
}  # fmt: skip
