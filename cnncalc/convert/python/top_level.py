"""The statements of a module: what they define, whatever else they do."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...diagnostics import SpecError
from .expressions import Lazy
from .faults import Raised, Stop
from .frames import NameFrame
from .values import Place, UnknownValue, Value

if TYPE_CHECKING:
    from .interpreter import Evaluator


#: Steps of a loop or a call at the top level of a module: what takes longer is a script's work, not a definition.
_TOP_STEPS = 20_000


def _top(interpreter: Evaluator, statement: ast.stmt, frame: NameFrame) -> None:
    """Runs a statement of a module. What it would define is unknown where it cannot be followed."""
    run = interpreter.kept.get("run")
    mark = run.mark() if run is not None else None
    idle, depth = interpreter.idle, len(interpreter.calls)
    most, allowed = interpreter.most, interpreter.allowed
    if interpreter.steps + _TOP_STEPS < most:
        interpreter.most, interpreter.allowed = interpreter.steps + _TOP_STEPS, _TOP_STEPS
    try:
        interpreter.run([statement], frame)
    except (Raised, Stop, SpecError) as error:
        del interpreter.calls[depth:]
        target = statement.targets[0] if isinstance(statement, ast.Assign) and len(statement.targets) == 1 else None
        if isinstance(error, Stop) and error.code == "python-bound" and isinstance(target, ast.Name):
            value = statement.value  # type: ignore[attr-defined]
            frame.names[target.id] = Lazy(lambda at: _later(at, value, frame))
            return
        for name in _bound_names(statement):
            frame.names[name] = UnknownValue(f"'{name}'", _place_of(error), name, error)
        interpreter.kept.setdefault("skipped", []).append(error)
    finally:
        interpreter.idle, interpreter.most, interpreter.allowed = idle, most, allowed
        if run is not None:
            run.forget(mark)
        for name in interpreter.settings.keys() & frame.names.keys() if frame.module.is_main else ():
            frame.names[name] = interpreter.settings[name]


def _later(interpreter: Evaluator, node: ast.expr, frame: NameFrame) -> Value:
    """The value of an assignment at the top level of a module, when somebody asks for it."""
    depth = len(interpreter.calls)
    interpreter.calls.append((frame, None))
    try:
        frame.node = node
        return interpreter.evaluate(node, frame)
    except (Raised, Stop, SpecError) as error:
        return UnknownValue(f"what '{ast.unparse(node)[:60]}' gives", _place_of(error))
    finally:
        del interpreter.calls[depth:]


def _place_of(error: Exception) -> Place | None:
    place = getattr(error, "place", None)
    return place if isinstance(place, Place) else None


def _bound_names(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement gives values, but for those in functions and classes in it."""
    work: list[ast.AST] = [statement]
    while work:
        node = work.pop()
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.alias):
            yield node.asname or node.name.partition(".")[0]
        elif not isinstance(node, ast.Lambda):
            work += ast.iter_child_nodes(node)
