"""functools, itertools and operator."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from ..operators import BINARY, COMPARED, binary, compare
from ..values import (
    BoundMethod,
    Class,
    CodeFunction,
    Native,
    Partial,
    Property,
    StaticMethod,
    Value,
)
from .numbers import as_index

if TYPE_CHECKING:
    from ..interpreter import Evaluator


def natives(**functions: Callable[..., Any]) -> dict[str, Value]:
    """Functions as values of the code, by name."""
    return {name.rstrip("_"): Native(name.rstrip("_"), function) for name, function in functions.items()}


def _partial(interpreter: Evaluator, function: Value, /, *args: Value, **kwargs: Value) -> Value:
    if isinstance(function, Partial):  # Python has one of a partial one, too
        return Partial(function.function, (*function.args, *args), {**function.kwargs, **kwargs})
    return Partial(function, args, kwargs)


def _reduce(interpreter: Evaluator, function: Value, values: Value, *start: Value) -> Value:
    found = interpreter.listed(values)
    if not found and not start:
        raise TypeError("reduce() of empty iterable with no initial value")
    total = start[0] if start else found.pop(0)
    for one in found:
        total = interpreter.call(function, [total, one])
    return total


def unchanged(interpreter: Evaluator, /, function: Value = None, *_: Value, **__: Value) -> Value:
    """A decorator, with arguments or without, that gives the function back."""
    if isinstance(function, CodeFunction | Class | BoundMethod):
        return function
    return Native("decorator", lambda at, one=None, *_: one)


def _wraps(interpreter: Evaluator, /, wrapped: Value, *_: Value, **__: Value) -> Value:
    def decorate(at: Evaluator, function: Value) -> Value:
        if isinstance(function, CodeFunction) and isinstance(wrapped, CodeFunction):
            name = wrapped.attributes.get("__name__", wrapped.name)
            function.attributes.update(wrapped.attributes, __name__=name, __wrapped__=wrapped)
        return function

    return Native("wraps", decorate)


def _cached_property(interpreter: Evaluator, getter: Value) -> Value:
    return Property(getter, None, once=True)


def _chain(interpreter: Evaluator, *values: Value) -> Iterator[Value]:
    return itertools.chain(*[interpreter.items(value) for value in values])


def _chained(interpreter: Evaluator, values: Value) -> Iterator[Value]:
    return itertools.chain(*[interpreter.items(item) for item in interpreter.items(values)])


def _product(interpreter: Evaluator, *values: Value, repeat: int = 1) -> Iterator[Value]:
    rows = [interpreter.listed(value) for value in values]
    if repeat * len(rows) > 20:
        raise ValueError("so many loops are none of a model's")
    return itertools.product(*rows, repeat=repeat)


def _accumulate(interpreter: Evaluator, iterable: Value, func: Value = None, *, initial: Value = None) -> Value:
    found = interpreter.listed(iterable)
    rows = [initial] if initial is not None else [found.pop(0)] if found else []
    for one in found:
        last = rows[-1]
        both = binary(interpreter, ast.Add, last, one) if func is None else interpreter.call(func, [last, one])
        rows.append(both)
    return iter(rows)


def _islice(interpreter: Evaluator, values: Value, *ends: Value) -> Iterator[Value]:
    return itertools.islice(interpreter.items(values), *ends)


def _repeat(interpreter: Evaluator, object: Value, times: Value = None) -> Iterator[Value]:
    return itertools.repeat(object) if times is None else itertools.repeat(object, as_index(interpreter, times))


def _cycle(interpreter: Evaluator, values: Value) -> Iterator[Value]:
    return itertools.cycle(interpreter.listed(values))


def _pairwise(interpreter: Evaluator, values: Value) -> Iterator[Value]:
    return itertools.pairwise(interpreter.items(values))


def _zip_longest(interpreter: Evaluator, *values: Value, fillvalue: Value = None) -> Iterator[Value]:
    return itertools.zip_longest(*[interpreter.listed(value) for value in values], fillvalue=fillvalue)


def _combinations(interpreter: Evaluator, iterable: Value, r: Value) -> Iterator[Value]:
    return itertools.combinations(interpreter.listed(iterable), as_index(interpreter, r))


def _starmap(interpreter: Evaluator, function: Value, rows: Value) -> Iterator[Value]:
    return iter([interpreter.call(function, interpreter.listed(row)) for row in interpreter.items(rows)])


def _groupby(interpreter: Evaluator, iterable: Value, key: Value = None) -> Iterator[Value]:
    rows: list[tuple[Value, list[Value]]] = []
    for item in interpreter.items(iterable):
        rank = item if key is None else interpreter.call(key, [item])
        if rows and interpreter.truth(compare(interpreter, ast.Eq, rows[-1][0], rank)):
            rows[-1][1].append(item)
        else:
            rows.append((rank, [item]))
    return iter([(rank, iter(group)) for rank, group in rows])


def operator_names() -> dict[str, Value]:
    """The names of operator."""
    found: dict[str, Value] = {}
    for kind, (_, name) in BINARY.items():
        found[f"{name}_" if name in ("and", "or") else name] = Native(name, _binary(kind))
    for kind, (_, name, _) in COMPARED.items():
        found[name] = Native(name, _comparison(kind))
    found |= natives(
        itemgetter=lambda at, *keys: Native("itemgetter", lambda at, value: _items(at, value, keys)),
        attrgetter=lambda at, name: Native("attrgetter", lambda at, value: _walked(at, value, name)),
        getitem=lambda at, value, index: _items(at, value, (index,)),
    )
    return found


def _binary(kind: type) -> Callable[..., Value]:
    return lambda interpreter, one, other: binary(interpreter, kind, one, other)


def _comparison(kind: type) -> Callable[..., Value]:
    return lambda interpreter, one, other: compare(interpreter, kind, one, other)


def _items(interpreter: Evaluator, value: Value, keys: tuple[Value, ...]) -> Value:
    from ..items import item

    found = tuple(item(interpreter, value, key) for key in keys)
    return found[0] if len(found) == 1 else found


def _walked(interpreter: Evaluator, value: Value, name: str) -> Value:
    for part in name.split("."):
        value = interpreter.attribute(value, part)
    return value


def functools_names() -> dict[str, Value]:
    """The names of functools."""
    return natives(
        partial=_partial, reduce=_reduce, wraps=_wraps, lru_cache=unchanged, cache=unchanged, total_ordering=unchanged,
        cached_property=_cached_property, partialmethod=_partial, singledispatch=unchanged,
        update_wrapper=lambda at, one, *_: one,
    )  # fmt: skip


def itertools_names() -> dict[str, Value]:
    """The names of itertools."""
    from .builtin_classes import CLASSES

    chained = {"from_iterable": StaticMethod(Native("from_iterable", _chained))}
    chain = Class("chain", (CLASSES["object"],), chained, lambda at, cls, *values: _chain(at, *values))
    return {"chain": chain} | natives(
        product=_product, accumulate=_accumulate, islice=_islice, repeat=_repeat, cycle=_cycle, pairwise=_pairwise,
        count=lambda at, start=0, step=1: itertools.count(start, step),
        zip_longest=_zip_longest, combinations=_combinations,
        starmap=_starmap, groupby=_groupby,
    )  # fmt: skip
