"""Classes of the code: how they are defined and instantiated; dataclasses, enums, named tuples, `super()`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from .faults import Stop
from .fields import fields_of
from .frames import NameFrame
from .standard.mappings import MORE_KEYWORDS, check_keywords, known_keywords, regardless
from .values import (
    BoundMethod,
    Class,
    ClassMethod,
    CodeFunction,
    Instance,
    Native,
    Partial,
    Property,
    StaticMethod,
    Super,
    UnknownValue,
    Value,
)

if TYPE_CHECKING:
    from .interpreter import Evaluator


def define(interpreter: Evaluator, node: ast.ClassDef, frame: NameFrame) -> Class:
    """The class of a definition. Raises Raised, Stop."""
    from .standard.builtin_classes import CLASSES

    bases: list[Class] = []
    opaque: str | None = None
    for base in node.bases:
        value = interpreter.evaluate(base.value if isinstance(base, ast.Subscript) else base, frame)
        if isinstance(value, Class):
            bases.append(value)
        elif isinstance(value, UnknownValue):
            opaque = value.what
        elif isinstance(value, CodeFunction | Native):
            continue  # a mark of typing
    names: dict[str, Value] = {"__doc__": None, "__module__": frame.module.name}
    cls = Class(node.name, tuple(bases) or (CLASSES["object"],), names, None, node, frame.module)
    if opaque is not None:
        cls.traits["opaque"] = opaque
    words = {word.arg: interpreter.evaluate(word.value, frame) for word in node.keywords if word.arg is not None}
    meta = words.pop("metaclass", None)
    if isinstance(meta, Class) and meta.node is not None:
        cls.traits["metaclass"] = meta.name
    body = NameFrame(frame.module, names, frame if frame.parent is not None or frame.function is not None else None)
    body.cls = cls
    interpreter.calls.append((body, None))
    try:
        interpreter.run(node.body, body)
    finally:
        interpreter.calls.pop()
    _finish(interpreter, cls, words)
    return cls


def _finish(interpreter: Evaluator, cls: Class, words: dict[str, Value]) -> None:
    """Makes of the names of a class what its bases say, of which one may take words of its head."""
    if not isinstance(cls.namespace.get("__init_subclass__"), ClassMethod) and "__init_subclass__" in cls.namespace:
        cls.namespace["__init_subclass__"] = ClassMethod(cls.namespace["__init_subclass__"])
    if "__class_getitem__" in cls.namespace:
        cls.namespace["__class_getitem__"] = ClassMethod(cls.namespace["__class_getitem__"])
    _ = cls.mro
    if cls.trait("is_enum"):
        _enumerate(interpreter, cls)
    if cls.trait("is_tuple") and "is_tuple" not in cls.traits:
        fields = cls.traits["fields"] = fields_of(cls) or cls.trait("fields") or []
        cls.namespace["_fields"] = tuple(field.name for field in fields)
    for base in cls.mro[1:]:
        hook = base.namespace.get("__init_subclass__")
        if isinstance(hook, ClassMethod) and isinstance(hook.function, CodeFunction):
            interpreter.call(hook.function, [cls], words)
            break


def _enumerate(interpreter: Evaluator, cls: Class) -> None:
    """Makes the members of an enum of its plain names."""
    members: dict[str, Value] = {}
    count = 0
    ignored = cls.namespace.get("_ignore_")
    passed = {"_ignore_", *(ignored.replace(",", " ").split() if isinstance(ignored, str) else ())}
    for name, value in list(cls.namespace.items()):
        special = isinstance(value, CodeFunction | Property | StaticMethod | ClassMethod | Native)
        if special or (name[:2] == "__" and name[-2:] == "__") or name in passed:
            continue
        if isinstance(value, Instance) and value.cls.name == "auto":
            value = name.lower() if cls.trait("is_text") else count + 1
        count = value if isinstance(value, int) and not isinstance(value, bool) else count
        alias = next((member for member in members.values() if same(member.data, value)), None)
        if alias is None:
            alias = Instance(cls, value)
            alias.attributes.update(name=name, value=value, _value_=value, _name_=name)
            if isinstance(cls.finds("__init__"), CodeFunction):
                args = value if isinstance(value, tuple) else (value,)
                interpreter.call(interpreter.attribute(alias, "__init__"), list(args))
        members[name] = cls.namespace[name] = alias
    cls.traits["enum"] = members


def same(one: Value, other: Value) -> bool:
    """Whether two plain values, or tuples of them, are equal; of others whether they are one."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_plainly_same, one, other))
    return _plainly_same(one, other)


def _plainly_same(one: Value, other: Value) -> bool:
    plain = (int, str, float)
    return one is other or (isinstance(one, plain) and isinstance(other, plain) and one == other)


def instantiate(interpreter: Evaluator, cls: Class, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """What a class gives where it is called. Raises what the host raises; Raised, Stop."""
    members = cls.trait("enum")
    if members is not None:
        return _member(interpreter, cls, members, args)
    if cls.trait("metaclass") is not None:
        raise Stop(
            f"{cls.name} is made by a metaclass of its own, {cls.trait('metaclass')}, which is not followed",
            interpreter.here(), code="python-not-read",
        )  # fmt: skip
    new = cls.finds("__new__")
    given = kwargs
    if MORE_KEYWORDS in kwargs and isinstance(cls.finds("__init__"), CodeFunction):  # which is told that there are more
        given = {name: value for name, value in kwargs.items() if name != MORE_KEYWORDS}
    if isinstance(new, CodeFunction | StaticMethod):
        function = new.function if isinstance(new, StaticMethod) else new
        made = interpreter.call(function, [cls, *args], given if isinstance(function, Native) else kwargs)
        if not (isinstance(made, Instance) and made.cls.is_a(cls)):
            return made
    else:
        made = _made(interpreter, cls, args, given)
        if not isinstance(made, Instance):
            return made
    init = made.cls.finds("__init__")
    if isinstance(init, CodeFunction):
        interpreter.call(init, [made, *args], kwargs)
    elif isinstance(init, Native) and init.function is not plain_init:
        init.function(interpreter, made, *args, **known_keywords(init.function, kwargs))
    elif cls.trait("opaque") is None and (args or kwargs) and not _takes(cls):
        raise TypeError(f"{cls.name}() takes no arguments")
    return made


def _takes(cls: Class) -> bool:
    """Whether a class without an `__init__` takes arguments: by a `__new__`, or by rules here."""
    return any(one.make is not None or (one.name != "object" and "__new__" in one.namespace) for one in cls.mro)


def _made(interpreter: Evaluator, cls: Class, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """A new instance, before its `__init__`; of a class with rules here, what they give."""
    for one in cls.mro:
        if one.make is not None:
            check_keywords(kwargs)
            return one.make(interpreter, cls, *args, **kwargs)
    return Instance(cls)


def _member(interpreter: Evaluator, cls: Class, members: dict[str, Value], args: list[Value]) -> Value:
    value = args[0] if args else None
    for member in members.values():
        if member is value or same(member.data, value):
            return member
    missing = cls.finds("_missing_")
    if missing is not None:
        found = interpreter.call(interpreter.attribute(cls, "_missing_"), [value])
        if found is not None:
            return found
    raise ValueError(f"{value!r} is not a valid {cls.name}")


# --- dataclasses and named tuples -------------------------------------------------------------------


# --- super, properties, methods ---------------------------------------------------------------------


def own_super(frame: NameFrame) -> Super:
    """``super()`` in a method. Raises RuntimeError's message where there is no class around."""
    inner: NameFrame | None = frame
    while inner is not None and (inner.function is None or inner.cls is None):
        inner = inner.parent
    if inner is None or inner.cls is None:
        raise TypeError("super(): no class around")
    return make_super(None, inner.cls, inner.self)


def make_super(interpreter: Evaluator | None, cls: Value = None, instance: Value = None) -> Super:
    """``super(cls, instance)``. Raises TypeError."""
    if not isinstance(cls, Class):
        raise TypeError("super() argument 1 must be a type")
    order = instance.mro if isinstance(instance, Class) else instance.cls.mro if isinstance(instance, Instance) else ()
    if cls not in order:
        raise TypeError("super(type, obj): obj must be an instance or subtype of type")
    return Super(instance, order[order.index(cls) + 1 :])


def property_part(before: Property, name: str, function: Value) -> Property:
    """A property with another getter, setter or deleter."""
    if name == "setter":
        return Property(before.getter, function)
    return Property(function, before.setter) if name == "getter" else before


@regardless
def plain_init(interpreter: Evaluator, /, *args: Value, **kwargs: Value) -> None:
    """What ``object.__init__`` does."""


def plain_set(interpreter: Evaluator, instance: Value, name: str, value: Value) -> None:
    """What ``object.__setattr__`` does."""
    if isinstance(instance, Instance):
        instance.put(interpreter, name, value)


def class_of(value: Value) -> Class:
    """The class of a value."""
    from .operators import FOREIGN
    from .standard.builtin_classes import CLASSES, HOST_CLASSES

    if isinstance(value, Instance):
        return value.cls
    if type(value) in FOREIGN:
        return FOREIGN[type(value)].cls(value)
    if isinstance(value, Class):
        return CLASSES["type"]
    if isinstance(value, CodeFunction | Native | BoundMethod):
        return CLASSES["function"]
    return HOST_CLASSES.get(type(value), CLASSES["object"])


def is_instance(interpreter: Evaluator, value: Value, kinds: Any) -> bool:
    """``isinstance``. Raises TypeError, UnknownReached."""
    from .values import UnknownReached

    kinds = kinds if isinstance(kinds, tuple) else (kinds,)
    if isinstance(value, UnknownValue):
        raise UnknownReached(value)
    cls = class_of(value)
    for kind in kinds:
        if isinstance(kind, tuple):
            if is_instance(interpreter, value, kind):
                return True
        elif isinstance(kind, Native) and kind.name == "partial":
            if isinstance(value, Partial):
                return True
        elif isinstance(kind, Class):
            accepts = kind.traits.get("accepts")
            if cls.is_a(kind) or (accepts is not None and accepts(value)):
                return True
            if (
                cls.trait("opaque") is not None
                and kind.node is None
                and kind.name not in ("int", "str", "tuple", "list", "dict", "float", "bool")
            ):
                raise UnknownReached(UnknownValue(f"whether {cls.name} is a {kind.name}", interpreter.here()))
        elif not isinstance(kind, UnknownValue | type(None) | Native):
            raise TypeError("isinstance() arg 2 must be a type, a tuple of types, or a union")
    return False
