"""Arguments of elements: which argument each word is, for layers and blocks; and values that must be shapes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..convert.lookup import lookup
from ..layers import Layer
from ..records import Record, make
from ..spec import Unresolved
from ..spec.nodes import Arg, Element, Expr, ListTree, Param, Ref
from ..values import Size, Word, channels_first, spell
from .faults import did_you_mean

if TYPE_CHECKING:
    from .environment import Environment


class ArgumentFault(Exception):
    """Words that are no arguments of this kind or block."""

    def __init__(self, code: str, message: str, arg: Arg | None, help: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.arg = arg
        self.help = help

    def columns(self, element: Element) -> tuple[int, int]:
        """Where it is to be shown: at the argument, or behind `element`, where one is missing."""
        return (self.arg.start, self.arg.end) if self.arg else (element.end, element.end + 1)


class Bound(Record):
    """The words of an element by argument name; `share` apart."""

    given: dict[str, Arg]
    share: Arg | None


def bind_layer(cls: type[Layer], element: Element, body: bool = False, names: Collection[str] = frozenset()) -> Bound:
    """The words of `element` by the arguments of its kind; a merge with a `body` names no tensors.

    `names` are the variables that what is advised may be made of. Raises ArgumentFault.
    """
    if cls.merges and not body:
        _check_tensors(cls, element)
    args: Sequence[Arg] = element.args
    if cls.merges:  # only an operator's name stands among its tensors
        args = [arg for arg in element.args if arg.key or (cls.opaque and not _is_tensor(arg))]
    positions = [arg.name for arg in cls.args if arg.position is not None]
    keys = {**cls.keys, "share": "share"} if cls.learns else cls.keys

    def nameless(arg: Arg) -> ArgumentFault:
        if arg.key:
            return _unknown_key(cls, element, arg)
        return _bare_tensor(cls, element, arg) if _is_tensor(arg) else _too_many(cls, element, arg, names)

    bound = _bind(element, args, positions, keys, nameless)
    for name, arg in bound.given.items():
        if arg.key is None and isinstance(arg.value, Ref) and not arg.value.letter:
            raise _bare_tensor(cls, element, arg)
        if isinstance(arg.value, ListTree) and cls.sorts[name] != "parts":
            comma = arg.value.items[0].end
            place = arg._replace(start=comma, end=comma + 1)
            raise ArgumentFault("syntax", "',' outside parentheses", place, "words are separated by blanks, not commas")
    return bound


def _bare_tensor(cls: type[Layer], element: Element, arg: Arg) -> ArgumentFault:
    """A tensor in the place of a number."""
    from ..convert.surplus import tensor

    return ArgumentFault("argument", *tensor(cls, element, arg))


def bind_block(name: str, params: Sequence[Param], element: Element) -> Bound:
    """The words of `element` by the parameters of block `name`. Raises ArgumentFault."""
    names = [param.name for param in params]

    def nameless(arg: Arg) -> ArgumentFault:
        if arg.key:
            help = did_you_mean(arg.key, names) or (f"its parameters: {', '.join(names)}" if names else None)
            return ArgumentFault("unknown-argument", f"block '{name}' has no parameter '{arg.key}'", arg, help)
        takes = f"takes {len(names)} argument{'s' * (len(names) != 1)}" if names else "takes no arguments"
        signature = f"it is defined as '{name}({', '.join('@' * p.tensor + p.name for p in params)})'"
        return ArgumentFault("too-many-arguments", f"block '{name}' {takes}", arg, signature)

    bound = _bind(element, element.args, names, {name: name for name in (*names, "share")}, nameless)
    missing = next((param for param in params if param.default is None and param.name not in bound.given), None)
    if missing:
        what = f"a tensor for '@{missing.name}'" if missing.tensor else f"a value for '{missing.name}'"
        open_ended = [p for p in params if p.default is None and p.name not in bound.given]
        said = [_text(arg) for arg in element.args]
        keyed = any(arg.key for arg in element.args)
        text = " ".join([name, *said, *(f"{p.name}=" * keyed + "@" * p.tensor + p.name.upper() for p in open_ended)])
        raise ArgumentFault("missing-argument", f"block '{name}' needs {what}", None, f"write '{text}'")
    return bound


def _bind(
    element: Element, args: Iterable[Arg], positions: Sequence[str], keys: Mapping[str, str],
    nameless: Callable[[Arg], ArgumentFault],
) -> Bound:  # fmt: skip
    """The arguments `args` of `element` by name: `positions` are those of words without keys, `keys` those of the
    others; `nameless` is the fault of a word that has none.
    """
    given: dict[str, Arg] = {}
    bare = iter(positions)
    for arg in args:
        name = next(bare, None) if arg.key is None else keys.get(arg.key)
        if name is None:
            raise nameless(arg)
        if name in given:
            from ..convert.surplus import once

            message = f"{name} is given twice: '{_text(given[name])}' and '{_text(arg)}'"
            raise ArgumentFault("repeated-argument", message, arg, once(element, given[name], arg))
        given[name] = arg
    return make(Bound, (given, given.pop("share", None)))


def _check_tensors(cls: type[Layer], element: Element) -> None:
    """Raises ArgumentFault unless the words without keys are tensors, at least one."""
    words = [arg for arg in element.args if arg.key is None]
    if cls.opaque:
        late = next((arg for arg in words[1:] if not _is_tensor(arg)), None)
        if late:
            message = f"'{late.text}' is no tensor: behind an operator's name stand those that it reads"
            raise ArgumentFault(
                "argument", message, late, f"'{cls.kind} NAME @a @b', a name of several words in quotes"
            )
        return
    write = f"write '{cls.kind} @name', or '{cls.kind}:' with a path a line below: '- …'"
    if not words:
        raise ArgumentFault("missing-argument", f"{cls.kind} needs tensors to join", None, write)
    wrong = next((arg for arg in words if not _is_tensor(arg)), None)
    if wrong:
        write = (
            f"a path that is not there is left out; below '{cls.kind}:' it is '- none'"
            if wrong.text == "none"
            else write
        )
        raise ArgumentFault("argument", f"{cls.kind} joins tensors, and '{wrong.text}' is none", wrong, write)


def _is_tensor(arg: Arg) -> bool:
    return isinstance(arg.value, Ref) and not arg.value.letter


def _text(arg: Arg) -> str:
    return f"{arg.key}={arg.text}" if arg.key else arg.text


def _unknown_key(cls: type[Layer], element: Element, arg: Arg) -> ArgumentFault:
    if arg.key == "share":
        return ArgumentFault("unknown-argument", f"{cls.kind} has no weights to share", arg)
    if arg.key == "activation":
        words = " ".join([element.name, *(_text(one) for one in element.args if one is not arg)])
        help = f"an activation is a layer of its own: '{words} | {arg.text}'"
        return ArgumentFault("unknown-argument", f"{cls.kind} has no argument 'activation'", arg, help)
    other = lookup(arg.key or "")
    if other is not None and not other[0].merges:
        from ..convert.surplus import own_layer

        return ArgumentFault(
            "unknown-argument", f"{cls.kind} has no argument '{arg.key}'", arg, own_layer(element, arg)
        )
    keys = [argument.name for argument in cls.args]
    close = did_you_mean(arg.key or "", cls.keys)
    if arg.key in ("dim", "dims") and "axis" in cls.keys:
        close = f"an axis is said by its letter: '{cls.kind} axis=W'"
    if close is None:
        close = f"its arguments: {', '.join(keys)}" if keys else f"write '{cls.kind}' alone"
    return ArgumentFault("unknown-argument", f"{cls.kind} has no argument '{arg.key}'", arg, close)


def _too_many(cls: type[Layer], element: Element, arg: Arg, names: Collection[str]) -> ArgumentFault:
    from ..convert.surplus import surplus

    message, place, help = surplus(cls, element, arg, names)
    return ArgumentFault("too-many-arguments", message, place, help)


def said_shape(
    environment: Environment, value: Any, node: Expr, what: str, layer_help: str | None = None
) -> tuple[int | None, ...]:
    """The channels-first shape that `value` says in the present file's layout; `layer_help` is for one that is the
    name of a layer. Raises Unresolved, reporting.
    """
    items = value if isinstance(value, Size) else (value,)
    message = None
    for item in items:
        if isinstance(item, Word):
            message = f"{what} is a shape, not the word '{item}'"
        elif item is not None and (isinstance(item, bool) or not isinstance(item, int)):
            message = f"{what} is a shape of whole numbers"
            if isinstance(item, Fraction):
                message += f", not {spell(item)}"
        elif item is not None and item < 1:
            message = f"{what} has a size of {item}; sizes are at least 1"
    if message is None and len(items) > 4:
        message = f"a shape has at most 4 numbers, channels and three axes, not {len(items)}"
    if message:
        help = None
        if isinstance(value, Word):
            layer = lookup(value) is not None or value in environment.definitions.blocks
            close = did_you_mean(value, environment.position.variables())
            help = layer_help if layer and layer_help else close
        environment.reporter.error("shape-value", message, node.start, node.end, help)
        raise Unresolved
    return channels_first(items, environment.layout)
