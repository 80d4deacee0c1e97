"""Arguments of elements: which argument each word is, for layers and blocks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ..convert.lookup import lookup
from ..layers import Layer
from ..records import Record
from ..spec.nodes import Arg, Element, Param, Ref
from .faults import did_you_mean


class ArgumentFault(Exception):
    """Words that are no arguments of this kind or block."""

    def __init__(self, code: str, message: str, arg: Arg | None, help: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.arg = arg
        self.help = help


class Bound(Record):
    """The words of an element by argument name; `share` apart."""

    given: dict[str, Arg]
    share: Arg | None


def bind_layer(cls: type[Layer], element: Element, body: bool = False) -> Bound:
    """The words of `element` by the arguments of its kind; a merge with a `body` names no tensors.

    Raises ArgumentFault.
    """
    if cls.merges and not body:
        _check_tensors(cls, element)
    positions = [arg.name for arg in cls.args if arg.position is not None]
    share: Arg | None = None
    given: dict[str, Arg] = {}
    count = 0
    for arg in element.args:
        if arg.key == "share":
            if not cls.learns:
                raise ArgumentFault("unknown-argument", f"{cls.kind} has no weights to share", arg)
            share = _once(arg, share)
            continue
        if arg.key is None:
            if cls.merges:
                continue
            if count >= len(positions):
                raise _too_many(cls, element, arg, positions)
            name = positions[count]
            count += 1
        else:
            if arg.key not in cls.keys:
                raise _unknown_key(cls, element, arg)
            name = cls.keys[arg.key]
        if name in given:
            raise ArgumentFault("repeated-argument", _twice(name, given[name], arg), arg)
        given[name] = arg
    return Bound(given, share)


def _check_tensors(cls: type[Layer], element: Element) -> None:
    """Raises ArgumentFault unless the words without keys are tensors, at least one."""
    words = [arg for arg in element.args if arg.key is None]
    write = f"write '{cls.kind} @name', or '{cls.kind}:' with a path a line below: '- …'"
    if not words:
        raise ArgumentFault("missing-argument", f"{cls.kind} needs tensors to join", None, write)
    wrong = next((arg for arg in words if not isinstance(arg.value, Ref) or arg.value.letter), None)
    if wrong:
        raise ArgumentFault("argument", f"{cls.kind} joins tensors, and '{wrong.text}' is none", wrong, write)


def bind_block(name: str, params: Sequence[Param], element: Element) -> Bound:
    """The words of `element` by the parameters of block `name`. Raises ArgumentFault."""
    names = [param.name for param in params]
    given: dict[str, Arg] = {}
    share: Arg | None = None
    count = 0
    for arg in element.args:
        if arg.key == "share":
            share = _once(arg, share)
            continue
        if arg.key is None:
            if count >= len(names):
                takes = f"takes {len(names)} argument{'s' * (len(names) != 1)}" if names else "takes no arguments"
                signature = f"it is defined as '{name}({', '.join('@' * p.tensor + p.name for p in params)})'"
                raise ArgumentFault("too-many-arguments", f"block '{name}' {takes}", arg, signature)
            key = names[count]
            count += 1
        else:
            key = arg.key
            if key not in names:
                close = did_you_mean(key, names) or (f"its parameters: {', '.join(names)}" if names else None)
                raise ArgumentFault("unknown-argument", f"block '{name}' has no parameter '{key}'", arg, close)
        if key in given:
            raise ArgumentFault("repeated-argument", _twice(key, given[key], arg), arg)
        given[key] = arg
    missing = next((param for param in params if param.default is None and param.name not in given), None)
    if missing:
        what = f"a tensor for '@{missing.name}'" if missing.tensor else f"a value for '{missing.name}'"
        text = " ".join([name, *("@" * p.tensor + p.name.upper() for p in params if p.default is None)])
        raise ArgumentFault("missing-argument", f"block '{name}' needs {what}", None, f"write '{text}'")
    return Bound(given, share)


def _once(arg: Arg, before: Arg | None) -> Arg:
    if before is not None:
        raise ArgumentFault("repeated-argument", "share is given twice", arg)
    return arg


def _text(arg: Arg) -> str:
    return f"{arg.key}={arg.text}" if arg.key else arg.text


def _twice(name: str, first: Arg, second: Arg) -> str:
    return f"{name} is given twice: '{_text(first)}' and '{_text(second)}'"


def _unknown_key(cls: type[Layer], element: Element, arg: Arg) -> ArgumentFault:
    if arg.key == "activation":
        words = " ".join([element.name, *(_text(one) for one in element.args if one is not arg)])
        help = f"an activation is a layer of its own: '{words} | {arg.text}'"
        return ArgumentFault("unknown-argument", f"{cls.kind} has no argument 'activation'", arg, help)
    keys = [one.name for one in cls.args]
    close = did_you_mean(arg.key or "", cls.keys)
    if close is None:
        close = f"its arguments: {', '.join(keys)}" if keys else f"write '{cls.kind}' alone"
    return ArgumentFault("unknown-argument", f"{cls.kind} has no argument '{arg.key}'", arg, close)


def _too_many(cls: type[Layer], element: Element, arg: Arg, positions: list[str]) -> ArgumentFault:
    if not positions:
        help = f"write '{cls.kind}' alone"
        keys = [one.name for one in cls.args]
        if keys:
            help = f"arguments have keys: '{cls.kind} {keys[0]}={arg.text}'"
        return ArgumentFault("too-many-arguments", f"{cls.kind} takes no argument without a key", arg, help)
    for left, right in pairwise(element.args):
        if right.key is None and right.text[0] in "-+" and len(right.text) > 1:
            message = f"'{left.text} {right.text}' are two arguments: an expression in a layer has no blanks"
            write = f"write '{left.text}{right.text}' or '({left.text} {right.text[0]} {right.text[1:]})'"
            return ArgumentFault("too-many-arguments", message, right, write)
    following = [one.name for one in cls.args if one.position is None]
    bare = [one for one in element.args if one.key is None]
    kept, extra = bare[: len(positions)], bare[len(positions) :]
    words = " ".join(f"{name}={one.text}" for name, one in zip(following, extra, strict=False))
    takes = " and ".join(positions)
    if lookup(arg.text) is not None:
        before = " ".join([element.name, *(_text(one) for one in element.args[: element.args.index(arg)])])
        return ArgumentFault("too-many-arguments", f"'{arg.text}' is a layer, not an argument of {cls.kind}", arg,
                             f"between layers stands '|': '{before} | {arg.text}'")  # fmt: skip
    first = " ".join(one.text for one in kept)
    advice = f"further arguments have keys: '{element.name} {first} {words}'" if words else None
    if len(extra) == 1 and {"filters", "units"} & set(positions):
        write = f"{element.name} {' '.join(one.text for one in bare[1:])}"
        never = f"{'input channels' if 'filters' in positions else 'inputs'} are never given: '{write}'"
        advice = f"{advice}; {never}" if advice and "filters" in positions else never
    return ArgumentFault("too-many-arguments", f"{cls.kind} takes {takes} without keys", arg, advice)
