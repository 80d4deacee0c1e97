"""Where names are: modules, and the frames of functions, classes and comprehensions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .values import Value

if TYPE_CHECKING:
    from .source import PythonFile
    from .values import Class, CodeFunction


class Module:
    """A module that is read: its file, its dotted name, the folder that its package is, and its names."""

    __slots__ = ("file", "folder", "is_main", "is_package", "library", "name", "names", "path")

    def __init__(self, name: str, file: PythonFile, path: str, is_package: bool, library: bool = False) -> None:
        self.name, self.file, self.path, self.is_package = name, file, path, is_package
        #: Whether it is of an installed package, not of the project.
        self.library = library
        #: Whether it is the file that was asked for.
        self.is_main = False
        self.names: dict[str, Value] = {"__name__": name, "__file__": path, "__doc__": None}

    @property
    def tells_subclasses(self) -> bool:
        """Whether a class of it may be told of the classes that are made of it, and keep them."""
        return "__init_subclass__" in self.file.text

    @property
    def package(self) -> str:
        """The dotted name of the package that relative imports start from."""
        return self.name if self.is_package else self.name.rpartition(".")[0]

    def __repr__(self) -> str:
        return f"<module '{self.name}'>"


class NameFrame:
    """The names of one run of a body, and the frame of the function around it."""

    __slots__ = (
        "cls",
        "comprehension",
        "declared",
        "function",
        "handled",
        "module",
        "names",
        "node",
        "parent",
        "result",
        "self",
        "yielded",
    )

    def __init__(
        self, module: Module, names: dict[str, Value], parent: NameFrame | None = None,
        function: CodeFunction | None = None,
    ) -> None:  # fmt: skip
        self.module, self.names, self.parent, self.function = module, names, parent, function
        #: Where `global` and `nonlocal` put names.
        self.declared: dict[str, dict[str, Value]] | None = None
        #: The first argument, and the class in whose body the function stands, for `super()`.
        self.self: Value = None
        self.cls: Class | None = function.owner if function is not None else None
        self.result: Value = None
        #: What a generator has yielded so far.
        self.yielded: list[Value] | None = None
        #: The exception that is being handled.
        self.handled: Value = None
        self.comprehension = False
        #: What is run now.
        self.node: ast.AST | None = None

    def store(self, name: str, value: Value) -> None:
        """Gives a name a value, where it belongs."""
        if self.declared is not None and name in self.declared:
            self.declared[name][name] = value
        else:
            self.names[name] = value
