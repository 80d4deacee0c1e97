"""The calls that a line stands for, in all uses of its class, as one: what differs is an expression of arguments."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from .columns import Code, Unlike

#: What arguments are where they are left out.
_LEFT_OUT: dict[str, Any] = {
    "stride": 1, "padding": 0, "dilation": 1, "groups": 1, "bias": True, "ceil_mode": False, "output_padding": 0,
}  # fmt: skip
#: Names for values that become arguments, by the keyword; by the place in convolutions and others.
_NAMES = {"stride": "stride", "padding": "padding", "dilation": "dilation", "groups": "groups"}
_PLACES = ("in_channels", "out_channels", "kernel_size")

#: Gives the text of values, one of each call, that would be called so.
Texts = Callable[[Sequence[Any], str], str]


@lru_cache(maxsize=4096)
def parsed(code: str) -> ast.expr:
    """A call as a tree, which nobody changes."""
    return ast.parse(code, mode="eval").body


def unified(codes: Sequence[str], text: Texts, constant: bool = True) -> ast.expr:
    """The tree of calls that differ in values only; of equal ones it is one of them, where it may be `constant`. Raises
    Unlike.
    """
    trees = list(dict.fromkeys(codes))
    if len(trees) == 1 and constant:
        return parsed(trees[0])
    return _unified([parsed(code) for code in codes], text, "size")


def _unified(trees: Sequence[ast.expr], text: Texts, name: str) -> ast.expr:
    values = [_value(tree) for tree in trees]
    if all(value is not None for value in values):
        return parsed(text([value[0] for value in values if value is not None], name))
    first = trees[0]
    if any(type(tree) is not type(first) for tree in trees):
        raise Unlike(name)
    if isinstance(first, ast.Call):
        return _call(trees, text)
    return _parts(trees, text, name)


def _value(tree: ast.expr) -> tuple[Any] | None:
    """The value that a tree is; None for one that is none."""
    try:
        return (ast.literal_eval(tree),)
    except ValueError:
        return None


def _parts(trees: Sequence[ast.expr], text: Texts, name: str) -> ast.expr:
    """Any other expression, part by part."""
    first = trees[0]
    made: dict[str, Any] = {}
    for field, value in ast.iter_fields(first):
        others = [getattr(tree, field) for tree in trees]
        if isinstance(value, ast.expr):
            made[field] = _unified(others, text, name)
        elif isinstance(value, list) and all(isinstance(one, ast.expr) for one in value):
            if len({len(other) for other in others}) > 1:
                raise Unlike(name)
            made[field] = [_unified(row, text, name) for row in zip(*others, strict=True)]
        elif any(_shown(other) != _shown(value) for other in others):
            raise Unlike(name)
        else:
            made[field] = value
    return type(first)(**made)


def _shown(value: Any) -> str:
    return ast.dump(value) if isinstance(value, ast.AST) else repr(value)


def _call(trees: Sequence[Any], text: Texts) -> ast.expr:
    """Calls of one function, or of modules that are made of the same arguments."""
    names = [ast.unparse(tree.func) for tree in trees]
    if len(set(names)) == 1:
        func = trees[0].func if "(" not in names[0] else _unified([tree.func for tree in trees], text, "size")
    elif all(name.startswith("nn.") for name in names) and not any(tree.args or tree.keywords for tree in trees):
        func = parsed(text([Code(name) for name in names], "act"))
    else:
        raise Unlike(names[0])
    if len({len(tree.args) for tree in trees}) > 1:
        raise Unlike(names[0])
    rows = list(zip(*[tree.args for tree in trees], strict=True))
    args = [_unified(row, text, _place_name(names[0], place)) for place, row in enumerate(rows)]
    keys = list(dict.fromkeys(keyword.arg for tree in trees for keyword in tree.keywords))
    found = []
    for key in sorted(keys, key=_order):
        given = [next((keyword.value for keyword in tree.keywords if keyword.arg == key), None) for tree in trees]
        filled = [
            _left_out(key, tree, names[0]) if one is None else one for one, tree in zip(given, trees, strict=True)
        ]
        found.append(ast.keyword(arg=key, value=_unified(filled, text, _NAMES.get(key, key))))
    return ast.Call(func=func, args=args, keywords=found)


def _place_name(func: str, place: int) -> str:
    """What an argument is called that stands at a place of a call."""
    if func.startswith("nn.Conv") and place < len(_PLACES):
        return _PLACES[place]
    if "Pool" in func:
        return "kernel_size"
    return "features" if func.startswith(("nn.BatchNorm", "nn.Linear", "nn.LayerNorm")) else "size"


def _order(key: str) -> int:
    order = ["stride", "padding", "output_padding", "groups", "bias", "dilation"]
    return order.index(key) if key in order else len(order)


def _left_out(key: str, tree: Any, func: str) -> ast.expr:
    """What an argument is that a call leaves out. Raises Unlike."""
    if key == "stride" and "Pool" in func and tree.args:
        return tree.args[0]  # type: ignore[no-any-return]
    if key not in _LEFT_OUT:
        raise Unlike(key)
    return ast.Constant(_LEFT_OUT[key])
