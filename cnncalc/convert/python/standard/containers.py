"""The methods of lists, dicts, sets and deques that are not simply the host's own."""

from __future__ import annotations

import ast
import collections
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..operators import compare
from ..values import Value
from .bounds import weigh
from .builtin_classes import fill
from .unknown_items import check_items

if TYPE_CHECKING:
    from ..interpreter import Evaluator

#: What is asked of a dict by key, or put into it, though it has other items, too, that are not known.
WITH_UNKNOWN = frozenset(("get", "__getitem__", "__setitem__", "__contains__", "__class__"))
CHANGED = (list, dict, set, collections.deque)
#: Methods after which nothing is known of what is in a container where what they are given is not.
CHANGING = frozenset(
    "add discard extend extendleft insert move_to_end pop popitem remove rotate setdefault sort update "
    "difference_update intersection_update symmetric_difference_update".split()
)


def _extend(at: Evaluator, items: list[Value], values: Value) -> None:
    items.extend(at.listed(values))


def _find(at: Evaluator, items: Any, value: Value, start: Value = 0, stop: Value = None) -> int:
    at.step(len(items) // 16)
    found: range = range(len(items))[slice(start, stop)]
    for index in found:
        if items[index] is value or at.truth(compare(at, ast.Eq, items[index], value)):
            return index
    raise ValueError("the value is not in list")


def _count(at: Evaluator, items: Any, value: Value) -> int:
    at.step(len(items) // 16)
    return sum(item is value or at.truth(compare(at, ast.Eq, item, value)) for item in items)


def _list_remove(at: Evaluator, items: list[Value], value: Value) -> None:
    del items[_find(at, items, value)]


def _sort(at: Evaluator, items: list[Value], key: Value = None, reverse: Value = False) -> None:
    from .ordering import in_order

    items[:] = in_order(at, items, key, reverse)


def _get(at: Evaluator, items: dict[Value, Value], key: Value, default: Value = None) -> Value:
    weigh(at, key)
    if key not in items:
        check_items(items)
    return items.get(key, default)


def _pop(at: Evaluator, items: dict[Value, Value], key: Value, *default: Value) -> Value:
    weigh(at, key)
    return items.pop(key, *default)


def _setdefault(at: Evaluator, items: dict[Value, Value], key: Value, default: Value = None) -> Value:
    weigh(at, key)
    return items.setdefault(key, default)


def _update(at: Evaluator, items: dict[Value, Value], values: Value = None, /, **kwargs: Value) -> None:
    fill(at, items, values, kwargs)


def _move_to_end(at: Evaluator, items: collections.OrderedDict[Value, Value], key: Value, last: bool = True) -> None:
    items.move_to_end(key, last)


def _fromkeys(at: Evaluator, items: Any, keys: Value, value: Value = None) -> Value:
    return dict.fromkeys(at.items(keys), value)


def _set_of(name: str) -> Callable[..., Value]:
    def called(at: Evaluator, items: Any, *others: Value) -> Value:
        found = [frozenset(at.items(other)) for other in others]
        return getattr(items, name)(*found)

    return called


def _set_update(at: Evaluator, items: set[Value], *others: Value) -> None:
    for other in others:
        items.update(at.items(other))


def _extend_left(at: Evaluator, items: collections.deque[Value], values: Value) -> None:
    items.extendleft(at.listed(values))


CONTAINER_METHODS: dict[tuple[type, str], Callable[..., Any]] = {
    (list, "extend"): _extend, (list, "index"): _find, (list, "count"): _count, (list, "remove"): _list_remove,
    (list, "sort"): _sort, (tuple, "index"): _find, (tuple, "count"): _count,
    (collections.deque, "extend"): _extend, (collections.deque, "extendleft"): _extend_left,
    (collections.deque, "count"): _count,
    (dict, "get"): _get, (dict, "pop"): _pop, (dict, "setdefault"): _setdefault, (dict, "update"): _update,
    (dict, "move_to_end"): _move_to_end, (dict, "fromkeys"): _fromkeys, (set, "update"): _set_update,
    **{
        (kind, name): _set_of(name)
        for kind in (set, frozenset)
        for name in "union intersection difference symmetric_difference issubset issuperset isdisjoint".split()
    },
    **{
        (set, name): _set_of(name)
        for name in "difference_update intersection_update symmetric_difference_update".split()
    },
}  # fmt: skip
