"""Expressions: a function for each kind of node."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .calls import call
from .faults import Stop
from .frames import NameFrame
from .interpreter import HOST, MAX_ITEMS
from .items import item, put
from .operators import binary, compare, unary
from .standard.bounds import check_format, weigh
from .standard.mappings import keywords, mapped, spread
from .standard.unknown_items import UnknownSlice
from .values import CodeFunction, Opaque, Place, UnknownReached, UnknownValue, Value

if TYPE_CHECKING:
    from .interpreter import Evaluator

Evaluated = Callable[["Evaluator", Any, NameFrame], Value]


def _constant(interpreter: Evaluator, node: ast.Constant, frame: NameFrame) -> Value:
    return node.value


def _name(interpreter: Evaluator, node: ast.Name, frame: NameFrame) -> Value:
    name = node.id
    inner: NameFrame | None = frame
    while inner is not None:
        if name in inner.names:
            value = inner.names[name]
            return value if inner.parent is not None or type(value) is not Lazy else settled(interpreter, value)
        inner = inner.parent
    if name in frame.module.names:
        return settled(interpreter, frame.module.names[name])
    return missing(interpreter, node, frame)


class Lazy:
    """A name of a module whose value is made when it is first looked at: of an import, of a class."""

    __slots__ = ("made", "make", "value")

    def __init__(self, make: Callable[[Evaluator], Value]) -> None:
        self.make, self.made = make, False
        self.value: Value = None


def settled(interpreter: Evaluator, value: Value) -> Value:
    """A value that may be a lazy one. Raises Raised, Stop."""
    if type(value) is not Lazy:
        return value
    if not value.made:
        value.made, value.value = True, Opaque("a name that is being defined", interpreter.here())
        value.value = value.make(interpreter)
    return value.value


def missing(interpreter: Evaluator, node: ast.Name, frame: NameFrame) -> Value:
    """A name of Python itself, or one that was given from outside. Raises Raised."""
    name = node.id
    if name in interpreter.settings:
        return interpreter.settings[name]
    if name in interpreter.builtins:
        return interpreter.builtins[name]
    raise interpreter.exception("NameError", f"name '{name}' is not defined", place=Place(frame.module.file, node))


def _attribute(interpreter: Evaluator, node: ast.Attribute, frame: NameFrame) -> Value:
    value = interpreter.evaluate(node.value, frame)
    try:
        return interpreter.attribute(value, node.attr)
    except UnknownReached as reached:
        return reached.value
    except AttributeError as error:
        raise interpreter.host(error, Place(frame.module.file, node)) from None


def _call(interpreter: Evaluator, node: ast.Call, frame: NameFrame) -> Value:
    function = interpreter.evaluate(node.func, frame)
    args: list[Value] = []
    for arg in node.args:
        if type(arg) is ast.Starred:
            args += interpreter.guarded_items(interpreter.evaluate(arg.value, frame))
        else:
            args.append(interpreter.evaluate(arg, frame))
    kwargs: dict[str, Value] = {}
    for keyword in node.keywords:
        value = interpreter.evaluate(keyword.value, frame)
        if keyword.arg is not None:
            kwargs[keyword.arg] = value
        else:
            kwargs.update(keywords(interpreter, value))
    before, frame.node = frame.node, node
    try:
        return call(interpreter, function, args, kwargs, frame)
    except UnknownReached as reached:
        return reached.value
    except HOST as error:
        raise interpreter.host(error, Place(frame.module.file, node)) from None
    finally:
        frame.node = before


#: Operators of numbers that come out hardly longer.
_EXACT: dict[type, Callable[[int, int], int]] = {ast.Add: operator.add, ast.Sub: operator.sub}


def _binary(interpreter: Evaluator, node: ast.BinOp, frame: NameFrame) -> Value:
    left = interpreter.evaluate(node.left, frame)
    right = interpreter.evaluate(node.right, frame)
    if type(left) is int and type(right) is int and type(node.op) in _EXACT:  # the most frequent, without detours
        return _EXACT[type(node.op)](left, right)
    return operated(interpreter, node, frame, binary, type(node.op), left, right)


def operated(
    interpreter: Evaluator, node: Any, frame: NameFrame, function: Callable[..., Value], *args: Value
) -> Value:
    """What an operation gives that stands at `node`. Raises Raised, Stop."""
    before, frame.node = frame.node, node
    try:
        return function(interpreter, *args)
    except UnknownReached as reached:
        return reached.value
    except HOST as error:
        raise interpreter.host(error, Place(frame.module.file, node)) from None
    finally:
        frame.node = before


def _unary(interpreter: Evaluator, node: ast.UnaryOp, frame: NameFrame) -> Value:
    value = interpreter.evaluate(node.operand, frame)
    return operated(interpreter, node, frame, unary, type(node.op), value)


def _bool(interpreter: Evaluator, node: ast.BoolOp, frame: NameFrame) -> Value:
    stops = type(node.op) is ast.Or
    doubt: UnknownValue | None = None
    value: Value = None
    for one in node.values:
        value = interpreter.evaluate(one, frame)
        if isinstance(value, UnknownValue):
            doubt = value if doubt is None else doubt
            continue
        frame_node, frame.node = frame.node, one
        decided = interpreter.truth(value) is stops
        frame.node = frame_node
        if decided:
            return value if doubt is None or value is stops else doubt
    return value if doubt is None else doubt


def _compare(interpreter: Evaluator, node: ast.Compare, frame: NameFrame) -> Value:
    left = interpreter.evaluate(node.left, frame)
    found: Value = True
    for kind, right_node in zip(node.ops, node.comparators, strict=True):
        right = interpreter.evaluate(right_node, frame)
        found = operated(interpreter, node, frame, compare, type(kind), left, right)
        if len(node.ops) > 1 and (isinstance(found, UnknownValue) or not interpreter.truth(found)):
            return found
        left = right
    return found


def _subscript(interpreter: Evaluator, node: ast.Subscript, frame: NameFrame) -> Value:
    value = interpreter.evaluate(node.value, frame)
    index = interpreter.evaluate(node.slice, frame)
    if type(index) is int and type(value) in (list, tuple) and -len(value) <= index < len(value):
        return value[index]  # an item of which nothing is known is an unknown value, too
    return operated(interpreter, node, frame, item, value, index)


def _slice(interpreter: Evaluator, node: ast.Slice, frame: NameFrame) -> Value:
    parts = [None if one is None else interpreter.evaluate(one, frame) for one in (node.lower, node.upper, node.step)]
    unknown = next((part for part in parts if isinstance(part, UnknownValue)), None)
    return slice(*parts) if unknown is None else UnknownSlice(unknown)


def _elements(interpreter: Evaluator, nodes: list[ast.expr], frame: NameFrame) -> list[Value]:
    found: list[Value] = []
    for node in nodes:
        if type(node) is ast.Starred:
            found += interpreter.guarded_items(interpreter.evaluate(node.value, frame))
        else:
            found.append(interpreter.evaluate(node, frame))
    return found


def _tuple(interpreter: Evaluator, node: ast.Tuple, frame: NameFrame) -> Value:
    return tuple(_elements(interpreter, node.elts, frame))


def _list(interpreter: Evaluator, node: ast.List, frame: NameFrame) -> Value:
    return _elements(interpreter, node.elts, frame)


def _set(interpreter: Evaluator, node: ast.Set, frame: NameFrame) -> Value:
    return interpreter.guarded(lambda: hashed(interpreter, _elements(interpreter, node.elts, frame)))


def hashed(interpreter: Evaluator, values: list[Value]) -> set[Value]:
    """A set of values. Raises TypeError, UnknownReached; Stop."""
    weigh(interpreter, *values)
    return set(values)


def _dict(interpreter: Evaluator, node: ast.Dict, frame: NameFrame) -> Value:
    found: dict[Value, Value] = {}
    for key, one in zip(node.keys, node.values, strict=True):
        value = interpreter.evaluate(one, frame)
        if key is None:
            spread(found, operated(interpreter, one, frame, mapped, value))
        else:
            operated(interpreter, key, frame, put, found, interpreter.evaluate(key, frame), value)
    return found


def _either(interpreter: Evaluator, node: ast.IfExp, frame: NameFrame) -> Value:
    frame.node = node.test
    test = interpreter.evaluate(node.test, frame)
    if isinstance(test, UnknownValue):  # as long as nothing depends on what it gives, it is passed over
        return UnknownValue(test.what, test.place)
    frame.node = node.test
    return interpreter.evaluate(node.body if interpreter.truth(test, "this choice") else node.orelse, frame)


def _lambda(interpreter: Evaluator, node: ast.Lambda, frame: NameFrame) -> Value:
    return function_of(interpreter, "<lambda>", node, frame)


def function_of(
    interpreter: Evaluator, name: str, node: ast.FunctionDef | ast.Lambda | ast.AsyncFunctionDef, frame: NameFrame
) -> CodeFunction:
    """A function of the code, its defaults worked out."""
    arguments = node.args
    defaults = [interpreter.evaluate(default, frame) for default in arguments.defaults]
    named = {
        kwonlyarg.arg: interpreter.evaluate(default, frame)
        for kwonlyarg, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is not None
    }
    in_class = frame.cls is not None and frame.function is None and not frame.comprehension  # no names of it are seen
    around = frame.parent if in_class else frame
    found = CodeFunction(name, node, around, frame.module, defaults, named)
    found.owner = frame.cls
    return found


def _joined(interpreter: Evaluator, node: ast.JoinedStr, frame: NameFrame) -> Value:
    parts = [interpreter.evaluate(value, frame) for value in node.values]
    unknown = next((part for part in parts if isinstance(part, UnknownValue)), None)
    if unknown is not None:
        return unknown
    if sum(map(len, parts)) > MAX_ITEMS:
        raise Stop("this makes a text larger than any model's", Place(frame.module.file, node), code="python-bound")
    return "".join(parts)


def _formatted(interpreter: Evaluator, node: ast.FormattedValue, frame: NameFrame) -> Value:
    from .standard.texts import formatted, shown, told

    value = interpreter.evaluate(node.value, frame)
    if isinstance(value, UnknownValue):
        return value
    form = "" if node.format_spec is None else interpreter.evaluate(node.format_spec, frame)
    if isinstance(form, UnknownValue):
        return form
    check_format(interpreter, form)
    if node.conversion in (114, 97):
        value = told(interpreter, value)
    elif node.conversion == 115:
        value = shown(interpreter, value)
    return operated(interpreter, node, frame, formatted, value, form)


EXPRESSIONS: dict[type, Evaluated] = {
    ast.Constant: _constant, ast.Name: _name, ast.Attribute: _attribute, ast.Call: _call, ast.BinOp: _binary,
    ast.UnaryOp: _unary, ast.BoolOp: _bool, ast.Compare: _compare, ast.Subscript: _subscript, ast.Slice: _slice,
    ast.Tuple: _tuple, ast.List: _list, ast.Set: _set, ast.Dict: _dict, ast.IfExp: _either, ast.Lambda: _lambda,
    ast.JoinedStr: _joined, ast.FormattedValue: _formatted,
}  # fmt: skip
