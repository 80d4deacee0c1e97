"""Calls: what is called, and how its arguments find their names."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .faults import Stop, Undecided
from .frames import NameFrame
from .interpreter import MAX_DEPTH
from .standard.mappings import MORE_KEYWORDS, check_keywords, known_keywords
from .standard.unknown_items import forget_items
from .values import (
    BoundMethod,
    Class,
    ClassMethod,
    CodeFunction,
    Instance,
    Native,
    Partial,
    StaticMethod,
    UnknownReached,
    UnknownValue,
    Value,
)

if TYPE_CHECKING:
    from .interpreter import Evaluator


def call(
    interpreter: Evaluator, function: Value, args: list[Value], kwargs: dict[str, Value], frame: NameFrame | None = None
) -> Value:
    """What a call gives. Raises what the host raises, UnknownReached; Raised, Stop."""
    kind = type(function)
    if kind is BoundMethod:
        inner = function.function
        if type(inner) is CodeFunction:
            return run(interpreter, inner, [function.instance, *args], kwargs)
        return _native(interpreter, inner, [function.instance, *args], kwargs)
    if kind is Native:
        check_keywords(kwargs)
        return function.function(interpreter, *args, **kwargs)
    if kind is CodeFunction:
        return run(interpreter, function, args, kwargs)
    if isinstance(function, Class):
        return _instance(interpreter, function, args, kwargs, frame)
    if kind is Partial:
        return call(interpreter, function.function, [*function.args, *args], {**function.kwargs, **kwargs})
    if isinstance(function, Instance):
        return _called(interpreter, function, args, kwargs)
    if kind in (StaticMethod, ClassMethod):
        return call(interpreter, function.function, args, kwargs)
    if isinstance(function, UnknownValue):
        return UnknownValue(
            f"{function.what.removesuffix('(…)')}(…)", function.place or interpreter.here(), function.name
        )
    error = TypeError(f"'{type(function).__name__}' object is not callable")
    node = frame.node if frame is not None else None
    if isinstance(function, tuple | list) and isinstance(node, ast.Call) and node.args:
        error.add_note(f"write {ast.unparse(node.func)}[{', '.join(map(ast.unparse, node.args))}]")
    raise error


def _native(interpreter: Evaluator, method: Native, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """What a method gives that a rule stands for. An `__init__` gives nothing, and is not passed over where that is not
    known: what it makes would have nothing.
    """
    try:
        return method.function(interpreter, *args, **known_keywords(method.function, kwargs))
    except UnknownReached as reached:
        if method.name == "__init__":
            raise Undecided("what is made here", reached.value, interpreter.here()) from None
        raise


def _instance(
    interpreter: Evaluator, cls: Class, args: list[Value], kwargs: dict[str, Value], frame: NameFrame | None
) -> Value:
    from .classes import instantiate

    if cls.name == "super" and not args and frame is not None:
        from .classes import own_super

        return own_super(frame)
    return instantiate(interpreter, cls, args, kwargs)


def _called(interpreter: Evaluator, instance: Instance, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """What an instance gives where it is called: a module its forward, within its own rules."""
    method = instance.cls.finds("__call__")
    if method is None:
        raise TypeError(f"'{instance.cls.name}' object is not callable")
    return call(interpreter, interpreter.attribute(instance, "__call__"), args, kwargs)


def run(interpreter: Evaluator, function: CodeFunction, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """What a function of the code gives. Raises TypeError where the arguments are others; Raised, Stop."""
    if len(interpreter.calls) >= MAX_DEPTH:
        raise Stop(f"calls in calls, more than {MAX_DEPTH} deep", interpreter.here(), code="python-bound")
    interpreter.step()
    node = function.node
    frame = NameFrame(function.module, bound(function, args, kwargs), function.frame, function)
    if args:
        frame.self = args[0]
    elif kwargs and node.args.args:
        frame.self = frame.names.get(node.args.args[0].arg)
    interpreter.calls.append((frame, None))
    try:
        if isinstance(node, ast.Lambda):
            frame.node = node.body
            return interpreter.evaluate(node.body, frame)
        if function.is_generator:
            frame.yielded = []
            interpreter.run(node.body, frame)
            return iter(frame.yielded)
        if isinstance(node, ast.AsyncFunctionDef):
            return interpreter.unknown(f"what {function.name} gives")
        interpreter.run(node.body, frame)
        return frame.result
    finally:
        interpreter.calls.pop()


def bound(function: CodeFunction, args: list[Value], kwargs: dict[str, Value]) -> dict[str, Value]:
    """The names of a function's arguments with their values. Raises TypeError as Python does."""
    node = function.node.args
    plain = (
        [posonlyarg.arg for posonlyarg in node.posonlyargs] + [arg.arg for arg in node.args]
        if node.posonlyargs
        else [arg.arg for arg in node.args]
    )
    names: dict[str, Value] = dict(zip(plain, args, strict=False))
    if len(args) > len(plain):
        if node.vararg is None:
            raise TypeError(_surplus(function, plain, args))
        names[node.vararg.arg] = tuple(args[len(plain) :])
    elif node.vararg is not None:
        names[node.vararg.arg] = ()
    rest: dict[str, Value] = {}
    more = kwargs.get(MORE_KEYWORDS)
    if more is not None:
        forget_items(rest, more)
        kwargs = {name: value for name, value in kwargs.items() if name != MORE_KEYWORDS}
    if kwargs:
        takes = {*plain[len(node.posonlyargs) :], *[kwonlyarg.arg for kwonlyarg in node.kwonlyargs]}
        for name, value in kwargs.items():
            if name not in takes:
                if node.kwarg is None:
                    raise TypeError(f"{_name(function)}() got an unexpected keyword argument '{name}'")
                rest[name] = value
            elif name in names and name in plain[: len(args)]:
                raise TypeError(f"{_name(function)}() got multiple values for argument '{name}'")
            else:
                names[name] = value
    if node.kwarg is not None:
        names[node.kwarg.arg] = rest
    _fill(function, plain, names if more is None else _unknown_arguments(node, names, more))
    return names


def _unknown_arguments(node: ast.arguments, names: dict[str, Value], more: Value) -> dict[str, Value]:
    """The same, where any other may be given by name, too."""
    for arg in (*node.args, *node.kwonlyargs):
        names.setdefault(arg.arg, more)
    return names


def _fill(function: CodeFunction, plain: list[str], names: dict[str, Value]) -> None:
    """Gives the arguments that have no value their defaults. Raises TypeError where there is none."""
    first = len(plain) - len(function.defaults)
    missing = []
    for index, name in enumerate(plain):
        if name not in names:
            if index < first:
                missing.append(name)
            else:
                names[name] = function.defaults[index - first]
    if missing:
        raise TypeError(f"{_name(function)}() missing {_listed(missing, 'positional')}")
    for kwonlyarg in function.node.args.kwonlyargs:
        if kwonlyarg.arg not in names:
            if kwonlyarg.arg not in function.keyword_defaults:
                missing.append(kwonlyarg.arg)
            else:
                names[kwonlyarg.arg] = function.keyword_defaults[kwonlyarg.arg]
    if missing:
        raise TypeError(f"{_name(function)}() missing {_listed(missing, 'keyword-only')}")


def _listed(names: list[str], kind: str) -> str:
    """``2 required positional arguments: 'a' and 'b'``."""
    quoted = [f"'{name}'" for name in names]
    listed = " and ".join(filter(None, (", ".join(quoted[:-1]) + "," * (len(quoted) > 2), quoted[-1])))
    return f"{len(names)} required {kind} argument{'s' if len(names) > 1 else ''}: {listed}"


def _name(function: CodeFunction) -> str:
    return f"{function.owner.name}.{function.name}" if function.owner is not None else function.name


def _surplus(function: CodeFunction, plain: list[str], args: list[Value]) -> str:
    least = len(plain) - len(function.defaults)
    takes = f"{len(plain)}" if least == len(plain) else f"from {least} to {len(plain)}"
    plural = "" if takes == "1" else "s"
    verb = "was" if len(args) == 1 else "were"
    return f"{_name(function)}() takes {takes} positional argument{plural} but {len(args)} {verb} given"
