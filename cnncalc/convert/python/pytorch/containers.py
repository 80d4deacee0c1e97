"""``nn.Sequential``, ``nn.ModuleList``, ``nn.ModuleDict``, ``nn.ParameterList``, ``nn.ParameterDict``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..operators import type_name
from ..standard.builtin_classes import fill
from ..values import Class, Native, UnknownValue, Value
from .modules import MODULE, LearnedTensor, ModuleInstance, check_name

if TYPE_CHECKING:
    from ..interpreter import Evaluator


def _sequential(interpreter: Evaluator, module: ModuleInstance, *parts: Value) -> None:
    module.ready = True
    if len(parts) == 1 and isinstance(parts[0], dict):
        for name, part in parts[0].items():
            _add(interpreter, module, name, part)
        return
    for index, part in enumerate(parts):
        _add(interpreter, module, str(index), part)


def _add(interpreter: Evaluator, module: ModuleInstance, name: Value, part: Value) -> None:
    check_name(interpreter, name)
    if part is None:
        module.parts[str(name)] = None
        return
    if not isinstance(part, ModuleInstance):
        if isinstance(part, UnknownValue):
            module.attributes[str(name)] = part
            module.parts[str(name)] = Missing(part)
            return
        what = f"the class {part.name}: call it" if isinstance(part, Class) else type_name(part)
        raise TypeError(f"{what} is not a Module subclass")
    module.parts[str(name)] = part


class Missing(ModuleInstance):
    """A part of a container of which nothing is known."""

    __slots__ = ("unknown",)

    def __init__(self, unknown: UnknownValue) -> None:
        super().__init__(_MISSING)
        self.unknown = unknown


def _of_missing(interpreter: Evaluator, module: Missing, /, *_: Value, **__: Value) -> Value:
    return module.unknown


_MISSING = Class("Module", (MODULE,), {"forward": Native("forward", _of_missing)})


def _forward(interpreter: Evaluator, module: ModuleInstance, /, *values: Value, **kwargs: Value) -> Value:
    if len(values) != 1 and not kwargs:
        raise TypeError(f"Sequential.forward() takes 2 positional arguments but {len(values) + 1} were given")
    value = values[0] if values else next(iter(kwargs.values()))
    for part in list(module.parts.values()):
        value = interpreter.call(part, [value])
    return value


def _index(module: ModuleInstance, index: Value) -> str:
    names = list(module.parts)
    if not isinstance(index, int):
        raise TypeError(f"'{type_name(index)}' object cannot be interpreted as an integer")
    if not -len(names) <= index < len(names):
        raise IndexError(f"index {index} is out of range")
    return names[index]


def _item(interpreter: Evaluator, module: ModuleInstance, index: Value) -> Value:
    if isinstance(index, UnknownValue):
        return index
    if isinstance(index, slice):
        cls = module.cls if module.cls.node is None or module.cls.finds("__init__") in _INITS else _base(module.cls)
        instance = ModuleInstance(cls, module.defined)
        instance.ready = True
        names = list(module.parts)[index]
        keep = cls.is_a(SEQUENTIAL)
        for number, name in enumerate(names):
            instance.parts[name if keep else str(number)] = module.parts[name]
        return instance
    return module.parts[_index(module, index)]


def _base(cls: Class) -> Class:
    return SEQUENTIAL if cls.is_a(SEQUENTIAL) else MODULE_LIST


def _put(interpreter: Evaluator, module: ModuleInstance, index: Value, part: Value) -> None:
    check_name(interpreter, index)
    module.parts[_index(module, index)] = part


def _delete(interpreter: Evaluator, module: ModuleInstance, index: Value) -> None:
    check_name(interpreter, index)
    names = list(module.parts)
    for name in names[index] if isinstance(index, slice) else (_index(module, index),):
        del module.parts[name]
    left = list(module.parts.values())
    module.parts.clear()
    module.parts.update((str(number), part) for number, part in enumerate(left))


def _length(interpreter: Evaluator, module: ModuleInstance) -> int:
    return len(module.parts)


def _iterate(interpreter: Evaluator, module: ModuleInstance) -> Value:
    return iter(list(module.parts.values()))


def _append(interpreter: Evaluator, module: ModuleInstance, part: Value) -> Value:
    _add(interpreter, module, str(len(module.parts)), part)
    return module


def _extend(interpreter: Evaluator, module: ModuleInstance, parts: Value) -> Value:
    for part in interpreter.guarded_items(parts):
        _append(interpreter, module, part)
    return module


def _insert(interpreter: Evaluator, module: ModuleInstance, index: int, part: Value) -> Value:
    check_name(interpreter, index)
    left = list(module.parts.values())
    left.insert(index, part)
    module.parts.clear()
    module.parts.update((str(number), instance) for number, instance in enumerate(left))
    return module


def _pop(interpreter: Evaluator, module: ModuleInstance, index: Value = -1) -> Value:
    check_name(interpreter, index)
    part = module.parts[_index(module, index)]
    _delete(interpreter, module, index)
    return part


def _joined(interpreter: Evaluator, module: ModuleInstance, other: Value) -> Value:
    instance = ModuleInstance(_base(module.cls), module.defined)
    instance.ready = True
    for number, part in enumerate([*module.parts.values(), *interpreter.items(other)]):
        instance.parts[str(number)] = part
    return instance


def _list_of(interpreter: Evaluator, module: ModuleInstance, parts: Value = None) -> None:
    module.ready = True
    if parts is not None:
        _extend(interpreter, module, parts)


def _dict_of(interpreter: Evaluator, module: ModuleInstance, parts: Value = None) -> None:
    module.ready = True
    if parts is not None:
        _update(interpreter, module, parts)


def _update(interpreter: Evaluator, module: ModuleInstance, parts: Value) -> None:
    found: dict[Value, Value] = {}
    values = parts.parts if isinstance(parts, ModuleInstance) else parts
    interpreter.decided(lambda: fill(interpreter, found, values, {}))
    for name, part in found.items():
        _add(interpreter, module, name, part)


def _key(interpreter: Evaluator, module: ModuleInstance, key: Value) -> Value:
    return key if isinstance(key, UnknownValue) else module.parts[key]


def _put_key(interpreter: Evaluator, module: ModuleInstance, key: str, part: Value) -> None:
    _add(interpreter, module, key, part)


def _drop_key(interpreter: Evaluator, module: ModuleInstance, key: str) -> Value:
    check_name(interpreter, key)
    return module.parts.pop(key)


def _container(name: str, /, **methods: Callable[..., object]) -> Class:
    found = Class(
        name,
        (MODULE,),
        {one.rstrip("_") if one[:2] != "__" else one: Native(one, function) for one, function in methods.items()},
    )
    return found


_SEQUENCE: dict[str, Callable[..., object]] = {
    "__getitem__": _item,
    "__setitem__": _put,
    "__delitem__": _delete,
    "__len__": _length,
    "__iter__": _iterate,
    "append": _append,
    "extend": _extend,
    "insert": _insert,
    "pop": _pop,
    "__add__": _joined,
}
SEQUENTIAL = _container("Sequential", __init__=_sequential, forward=_forward, **_SEQUENCE)
MODULE_LIST = _container("ModuleList", __init__=_list_of, **_SEQUENCE)
MODULE_DICT = _container(
    "ModuleDict", __init__=_dict_of, __getitem__=_key, __setitem__=_put_key, __delitem__=_drop_key, __len__=_length,
    __iter__=lambda at, module: iter(list(module.parts)), __contains__=lambda at, module, key: key in module.parts,
    keys=lambda at, module: list(module.parts), values=lambda at, module: list(module.parts.values()),
    items=lambda at, module: list(module.parts.items()), update=_update, pop=_drop_key,
    get=lambda at, module, key, default=None: module.parts.get(key, default),
    clear=lambda at, module: module.parts.clear(),
)  # fmt: skip
_INITS = (SEQUENTIAL.namespace["__init__"], MODULE_LIST.namespace["__init__"])


def _parameter_list(interpreter: Evaluator, module: ModuleInstance, values: Value = None) -> None:
    module.ready = True
    for number, item in enumerate(interpreter.guarded_items(() if values is None else values)):
        _put_parameter(interpreter, module, number, item)


def _put_parameter(interpreter: Evaluator, module: ModuleInstance, key: Value, value: Value) -> None:
    check_name(interpreter, key)
    target = module.parameters if isinstance(value, LearnedTensor) else module.attributes
    target[str(key)] = value


def _parameter_item(interpreter: Evaluator, module: ModuleInstance, key: Value) -> Value:
    if isinstance(key, int):
        return list(module.parameters.values())[key]
    return module.parameters[key]


def _parameter_dict(interpreter: Evaluator, module: ModuleInstance, values: Value = None) -> None:
    module.ready = True
    found: dict[Value, Value] = {}
    interpreter.decided(lambda: fill(interpreter, found, values, {}))
    for key, value in found.items():
        _put_parameter(interpreter, module, key, value)


def _append_parameter(interpreter: Evaluator, module: ModuleInstance, value: Value) -> Value:
    _put_parameter(interpreter, module, len(module.parameters), value)
    return module


PARAMETER_LIST = _container(
    "ParameterList", __init__=_parameter_list, __getitem__=_parameter_item, __setitem__=_put_parameter,
    append=_append_parameter, __len__=lambda at, module: len(module.parameters),
    __iter__=lambda at, module: iter(list(module.parameters.values())),
)  # fmt: skip
PARAMETER_DICT = _container(
    "ParameterDict", __init__=_parameter_dict, __getitem__=_parameter_item, __setitem__=_put_parameter,
    __len__=lambda at, module: len(module.parameters), __contains__=lambda at, module, key: key in module.parameters,
    keys=lambda at, module: list(module.parameters), values=lambda at, module: list(module.parameters.values()),
    items=lambda at, module: list(module.parameters.items()), __iter__=lambda at, module: iter(list(module.parameters)),
)  # fmt: skip
CONTAINERS = {one.name: one for one in (SEQUENTIAL, MODULE_LIST, MODULE_DICT, PARAMETER_LIST, PARAMETER_DICT)}
