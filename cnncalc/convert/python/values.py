"""What Python code computes with, where it is not a plain number, text or container of the host's own.

Numbers, texts, None, lists, dicts, tuples, sets, slices and ranges of the code are the same of the host. All else is a
class here, and none of it can run anything.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .frames import Module, NameFrame
    from .interpreter import Evaluator
    from .source import PythonFile

#: A value of the code: one of the host's plain ones, or one of the classes here.
Value = Any


#: Classes that a class is of.
MOST_BASES = 100


class Place:
    """Where something stands: a file and the node of its syntax tree."""

    __slots__ = ("file", "node")

    def __init__(self, file: PythonFile, node: Any) -> None:
        self.file, self.node = file, node


class UnknownReached(Exception):
    """Something of the host looked into an unknown value."""

    def __init__(self, value: UnknownValue) -> None:
        super().__init__()
        self.value = value


class UnknownValue:
    """A value that cannot be told from the code alone: what it is, for people, and where it arose."""

    __slots__ = ("cause", "name", "place", "what")

    def __init__(
        self, what: str, place: Place | None = None, name: str | None = None, cause: Exception | None = None
    ) -> None:
        self.what, self.place = what, place
        #: What ended the statement that would have given it.
        self.cause = cause
        #: The name of the main file that would be it, if somebody said what it is.
        self.name = name

    def _reached(self, *_: Any) -> Any:
        raise UnknownReached(self)

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __len__ = __iter__ = _reached
    __hash__ = __index__ = __int__ = __float__ = __str__ = __format__ = _reached
    __contains__ = __getitem__ = _reached

    def __repr__(self) -> str:
        return f"<unknown: {self.what}>"


class Opaque(UnknownValue):
    """The same for a thing of a library of which no rule is here: passed over as long as nothing depends on it."""

    __slots__ = ()


class Native:
    """A function of Python or of a library that a rule here stands for: ``function(interpreter, *args, **kwargs)``."""

    __slots__ = ("function", "name")

    def __init__(self, name: str, function: Callable[..., Value]) -> None:
        self.name, self.function = name, function

    def __repr__(self) -> str:
        return f"<built-in function {self.name}>"


class CodeFunction:
    """A function of the code, with what it closes over."""

    __slots__ = ("_yields", "attributes", "defaults", "frame", "keyword_defaults", "module", "name", "node", "owner")

    def __init__(
        self, name: str, node: ast.FunctionDef | ast.Lambda | ast.AsyncFunctionDef, frame: NameFrame | None,
        module: Module, defaults: list[Value], keyword_defaults: dict[str, Value],
    ) -> None:  # fmt: skip
        self.name, self.node, self.frame, self.module = name, node, frame, module
        self.defaults, self.keyword_defaults = defaults, keyword_defaults
        self.attributes: dict[str, Value] = {}
        #: The class in whose body it stands, for `super()`.
        self.owner: Class | None = None
        self._yields: bool | None = None

    @property
    def is_generator(self) -> bool:
        """Whether a call of it gives what it yields."""
        if self._yields is None:
            self._yields = not isinstance(self.node, ast.Lambda) and yields(self.node)
        return self._yields

    def __repr__(self) -> str:
        return f"<function {self.name}>"


class BoundMethod:
    """A function with the instance, or the class, that it is called on."""

    __slots__ = ("function", "instance")

    def __init__(self, function: CodeFunction | Native, instance: Value) -> None:
        self.function, self.instance = function, instance

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BoundMethod) and other.function is self.function and other.instance is self.instance

    def __hash__(self) -> int:
        return hash((id(self.function), id(self.instance)))

    def __repr__(self) -> str:
        return f"<bound method {self.function.name}>"


class Partial:
    """``functools.partial``."""

    __slots__ = ("args", "function", "kwargs")

    def __init__(self, function: Value, args: tuple[Value, ...], kwargs: dict[str, Value]) -> None:
        self.function, self.args, self.kwargs = function, args, kwargs


class Property:
    """A property of a class, with what gets and sets it."""

    __slots__ = ("getter", "once", "setter")

    def __init__(self, getter: Value, setter: Value = None, once: bool = False) -> None:
        self.getter, self.setter, self.once = getter, setter, once


class StaticMethod:
    """A function of a class that is given nothing."""

    __slots__ = ("function",)

    def __init__(self, function: Value) -> None:
        self.function = function


class ClassMethod:
    """A function of a class that is given the class."""

    __slots__ = ("function",)

    def __init__(self, function: Value) -> None:
        self.function = function


class Class:
    """A class: of the code, or of Python or a library with rules here (`native`)."""

    __slots__ = ("_mro", "bases", "make", "module", "name", "namespace", "node", "traits")

    def __init__(
        self, name: str, bases: tuple[Class, ...] = (), namespace: dict[str, Value] | None = None,
        make: Callable[..., Value] | None = None, node: ast.ClassDef | None = None, module: Module | None = None,
    ) -> None:  # fmt: skip
        self.name, self.bases, self.namespace = name, bases, {} if namespace is None else namespace
        #: Of a class with rules here: ``make(interpreter, cls, *args, **kwargs)`` gives an instance.
        self.make = make
        self.node, self.module = node, module
        #: What is known of it besides: "enum", "dataclass", …
        self.traits: dict[str, Any] = {}
        self._mro: tuple[Class, ...] | None = None

    @property
    def mro(self) -> tuple[Class, ...]:
        """The classes in which its attributes are looked for. Raises TypeError where there is no such order."""
        if self._mro is None:
            if sum(len(base.mro) for base in self.bases) > MOST_BASES:
                raise TypeError(f"a class of more than {MOST_BASES} others")
            self._mro = (self, *merged([list(base.mro) for base in self.bases] + [list(self.bases)]))
        return self._mro

    def find(self, name: str) -> Value:
        """What the first class in its order calls `name`. Raises KeyError."""
        for cls in self.mro:
            if name in cls.namespace:
                return cls.namespace[name]
        raise KeyError(name)

    def finds(self, name: str) -> Value | None:
        """The same; None where there is none."""
        for cls in self.mro:
            if name in cls.namespace:
                return cls.namespace[name]
        return None

    def trait(self, name: str) -> Any:
        """The first that is said of it or of a class that it is of; None where nothing is."""
        return next((cls.traits[name] for cls in self.mro if name in cls.traits), None)

    def is_a(self, other: Class) -> bool:
        """Whether it is `other`, or one of it."""
        return other in self.mro

    def __repr__(self) -> str:
        return f"<class '{self.name}'>"


def merged(rows: list[list[Class]]) -> Iterator[Class]:
    """The C3 order of classes, as Python has it. Raises TypeError."""
    rows = [row for row in rows if row]
    while rows:
        for row in rows:
            head = row[0]
            if not any(head in other[1:] for other in rows):
                break
        else:
            raise TypeError("Cannot create a consistent method resolution order (MRO) for bases")
        yield head
        rows = [rest for row in rows if (rest := row[1:] if row[0] is head else row)]


class Instance:
    """An instance of a class: its attributes, and what its native base keeps (a list's items, an enum's value)."""

    __slots__ = ("attributes", "cls", "data")

    def __init__(self, cls: Class, data: Any = None) -> None:
        self.cls, self.data = cls, data
        self.attributes: dict[str, Value] = {}

    def own(self, name: str) -> tuple[Value] | None:
        """What it keeps under a name besides its attributes: of a module its parts."""
        return None

    def put(self, interpreter: Evaluator, name: str, value: Value) -> None:
        """Gives an attribute a value."""
        self.attributes[name] = value

    def drop(self, name: str) -> None:
        """Takes an attribute away. Raises AttributeError."""
        if name not in self.attributes:
            raise AttributeError(name)
        del self.attributes[name]

    def copied(self, part: Callable[[Value], Value], known: dict[int, Value]) -> Instance:
        """A copy, of which every part is what `part` gives."""
        found = known[id(self)] = Instance(self.cls)
        found.data = part(self.data)
        for name, value in self.attributes.items():
            found.attributes[name] = part(value)
        return found

    def __repr__(self) -> str:
        return f"<{self.cls.name} object>"


class Super:
    """``super()``: an instance or class, looked at from behind one class of its order."""

    __slots__ = ("instance", "order")

    def __init__(self, instance: Value, order: tuple[Class, ...]) -> None:
        self.instance, self.order = instance, order


class Library:
    """A module of Python or of a library with rules here, or some of its names."""

    __slots__ = ("name", "names")

    def __init__(self, name: str, names: dict[str, Value]) -> None:
        self.name, self.names = name, names

    def __repr__(self) -> str:
        return f"<module '{self.name}'>"


def yields(node: ast.AST) -> bool:
    """Whether a function is a generator: whether there is a yield in its own body."""
    work: list[ast.AST] = list(ast.iter_child_nodes(node))
    while work:
        inner = work.pop()
        if isinstance(inner, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(inner, ast.FunctionDef | ast.Lambda | ast.ClassDef | ast.AsyncFunctionDef):
            work += ast.iter_child_nodes(inner)
    return False
