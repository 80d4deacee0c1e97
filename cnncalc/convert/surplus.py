"""Words of an element that its kind has no place for: what is wrong with them, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import pairwise

from ..layers import Layer
from ..spec.nodes import Arg, Element, Ref
from ..spec.words import AXES, FUNCTIONS, is_digits
from .lookup import lookup


def _text(arg: Arg) -> str:
    return f"{arg.key}={arg.text}" if arg.key else arg.text


def once(element: Element, first: Arg, second: Arg) -> str:
    """What to write where an argument is given twice: the one value, or the other."""
    kept = " ".join([element.name, *(_text(arg) for arg in element.args if arg is not second)])
    instead = [second._replace(key=first.key) if arg is first else arg for arg in element.args if arg is not second]
    other = " ".join([element.name, *map(_text, instead)])
    return f"say it once: '{kept}'" + f" or '{other}'" * (other != kept)


def own_layer(element: Element, arg: Arg) -> str:
    """What to write where an argument is called like a layer: ``fc 4096 dropout=0.5``."""
    words = " ".join([element.name, *(_text(one) for one in element.args if one is not arg)])
    if arg.text.lower() in ("no", "false"):
        return f"'{arg.key}' is a layer of its own; without it write '{words}'"
    value = "" if arg.text.lower() in ("yes", "true") else f" {arg.text}"
    return f"'{arg.key}' is a layer of its own: '{words} | {arg.key}{value}'"


def tensor(cls: type[Layer], element: Element, arg: Arg) -> tuple[str, Arg, str]:
    """What is wrong with the tensor `arg` that stands without a key in a layer that is no merge, where, and what to
    write.
    """
    if isinstance(arg.value, Ref) and arg.value.several:
        return f"'{arg.text}' are the tensors of all rounds", arg, f"only a merge takes them: 'add {arg.text}'"
    keyed = next((name for sort in _TENSORS for name, own in cls.sorts.items() if own == sort), None)
    words = [_text(arg._replace(key=keyed)) if one is arg and keyed else _text(one) for one in element.args]
    if keyed is not None:
        help = f"write '{' '.join([element.name, *words])}'"
        return f"'{arg.text}' is a tensor, which {cls.kind} takes as {keyed}= alone", arg, help
    words.remove(arg.text)
    open_ended = " …" * (not words and any(one.position is not None for one in cls.args))
    help = (
        f"a line starts at the tensor that it works on: '{arg.text} | {' '.join([element.name, *words])}{open_ended}'"
    )
    return f"'{arg.text}' is a tensor, and {cls.kind} takes none as an argument", arg, help


#: The sorts of arguments that are tensors, the likeliest first.
_TENSORS = ("undone", "entering", "tensor", "named")
#: Windows beyond this size are hardly meant: the number is one of channels.
_LARGEST_WINDOW = 16


def surplus(cls: type[Layer], element: Element, arg: Arg, names: Collection[str]) -> tuple[str, Arg, str | None]:
    """What is wrong with `arg`, which has no key and no place, where it stands, and what to write.

    `names` are the variables that are there.
    """
    positions = [argument.name for argument in cls.args if argument.position is not None]
    if not positions:
        return f"{cls.kind} takes no argument without a key", arg, _without_positions(cls, arg)
    for left, right in pairwise(element.args):
        if right.key is None and right.text[0] in "-+" and len(right.text) > 1:
            message = f"'{left.text} {right.text}' are two arguments: an expression in a layer has no blanks"
            return (
                message,
                right,
                f"write '{left.text}{right.text}' or '({left.text} {right.text[0]} {right.text[1:]})'",
            )
    if lookup(arg.text) is not None or arg.text in _LAYERS:
        before = " ".join([element.name, *(_text(one) for one in element.args[: element.args.index(arg)])])
        behind = "".join(f" {_text(one)}" for one in element.args[element.args.index(arg) + 1 :])
        help = f"between layers stands '|': '{before} | {_LAYERS.get(arg.text, arg.text)}{behind}'"
        return f"'{arg.text}' is a layer, not an argument of {cls.kind}", arg, help
    rest = [argument.name for argument in cls.args if argument.position is None]
    takes = f"{' and '.join(positions)} without keys" + (", all else as key=value" if rest else ", and no more")
    return f"{cls.kind} takes {takes}", arg, _further(cls, element, positions, rest, names)


#: Words for layers that are none of their names.
_LAYERS = {"pool": "maxpool 2", "pooling": "maxpool 2", "drop": "dropout", "batchnorm": "bn", "norm": "bn"}


def _without_positions(cls: type[Layer], arg: Arg) -> str:
    """What to write for an element that takes no argument without a key, and has the argument `arg`."""
    fitting = next((argument for argument in cls.args if argument.sort not in ("flag", "axis")), None)
    number = is_digits(arg.text)
    if fitting is not None and re.fullmatch(r"[-+]?\.?\d[\d.]*(?:[*/]\d+)?(?:e-?\d+)?", arg.text):
        return f"arguments have keys: '{cls.kind} {fitting.name}={arg.text}'"
    if number and cls.learns:
        return f"channels are never given: write '{cls.kind}' alone"
    if number and cls.family == "activation":
        return f"write '{cls.kind}' alone; for {arg.text} outputs 'fc {arg.text} | {cls.kind}'"
    return f"write '{cls.kind}' alone"


def _further(
    cls: type[Layer], element: Element, positions: list[str], rest: list[str], names: Collection[str]
) -> str | None:
    """What to write for an element with more words without keys than its kind takes."""
    bare = [arg for arg in element.args if arg.key is None]
    kept, extra = bare[: len(positions)], bare[len(positions) :]
    numbers = [int(arg.text) if is_digits(arg.text) else None for arg in bare]
    channels = "filters" in positions or positions == ["kernel"]
    shifted = numbers[len(positions) - 1] or 0  # in the place of the kernel
    keyed = {cls.keys.get(arg.key) for arg in element.args if arg.key}
    if channels and (shifted > _LARGEST_WINDOW or bare[0].text == "C" or rest[0] in keyed):
        return _torch_order(element, positions, bare)
    rest = [name for name in rest if name not in keyed and cls.sorts[name] != "flag"]
    said = [_text(arg) for arg in element.args if arg.key]
    told = [
        f"{name}={arg.text}" for name, arg in zip(rest, extra, strict=False) if arg.constant or _has_value(arg, names)
    ]
    first = " ".join([element.name, *(arg.text for arg in kept)])
    advice = f"further arguments have keys: '{' '.join([first, *told, *said])}'" if told else None
    if len(extra) == 1 and (told or numbers[-1] is not None) and {"filters", "units"} & set(positions):
        write = " ".join([element.name, *(arg.text for arg in bare[1:]), *said])
        never = f"{'input channels' if 'filters' in positions else 'inputs'} are never given: '{write}'"
        return f"{advice}; {never}" if advice and "filters" in positions else never
    if advice is None and not rest and cls.learns:
        return f"channels are never given: '{' '.join([first, *said])}'"
    if advice is None and rest:
        return f"for example '{first} {rest[0]}=2'"
    return advice


def _has_value(arg: Arg, names: Collection[str]) -> bool:
    """Whether an argument is made of what has a value: variables that are there, sizes of what enters, functions."""
    words = re.findall(r"[A-Za-z_]\w*", arg.text)
    return "@" not in arg.text and all(word in names or word in AXES or word in FUNCTIONS for word in words)


def _torch_order(element: Element, positions: list[str], bare: list[Arg]) -> str:
    """What to write for numbers in the order of PyTorch's call, whose input channels stand first."""
    words = [arg.text for arg in bare[1:]]
    if positions == ["kernel"] and len(words) > 1 and is_digits(words[0]) and int(words[0]) > _LARGEST_WINDOW:
        words = words[1:]
    names = ["stride", "pad", "dilation", "groups"]
    free = {"stride": "1", "pad": "0", "dilation": "1", "groups": "1"}
    keyed = [f"{name}={text}" for name, text in zip(names, words[len(positions) :], strict=False) if text != free[name]]
    line = " ".join([element.name, *words[: len(positions)], *keyed, *(_text(arg) for arg in element.args if arg.key)])
    return f"{'input channels' if 'filters' in positions else 'channels'} are never given: '{line}'"
