"""Modules: which there are, where their files lie, and their names. A module is read when one of its names is used.

What is read lies under the root of the project, or belongs to an installed package.
"""

from __future__ import annotations

import ast
import os
from typing import TYPE_CHECKING

from ...diagnostics import SpecError
from .expressions import Lazy, settled
from .finding import ModuleFinder, networks_of_keras
from .frames import Module, NameFrame
from .top_level import _top
from .values import Library, Opaque, UnknownValue, Value

if TYPE_CHECKING:
    from .interpreter import Evaluator


class Imports:
    """Runs import statements, and the bodies of modules that are asked for a name."""

    def __init__(self, finder: ModuleFinder) -> None:
        self.finder = finder
        self._done: set[int] = set()

    def run(self, interpreter: Evaluator, node: ast.Import | ast.ImportFrom, frame: NameFrame) -> None:
        """Runs an import statement: the names get values that are made when they are looked at. Raises Raised."""
        if isinstance(node, ast.ImportFrom):
            self._from(interpreter, node, frame)
            return
        for alias in node.names:
            top = alias.name.partition(".")[0]
            if alias.asname:
                value = self._checked(interpreter, alias.name, frame.module)
                frame.store(alias.asname, value)
                continue
            value = self._checked(interpreter, top, frame.module)
            if alias.name != top:
                self._checked(interpreter, alias.name, frame.module)
            frame.store(top, value)

    def _checked(self, interpreter: Evaluator, name: str, module: Module) -> Value:
        """A module; what is not there is unknown, unless somebody waits for that."""
        try:
            return self.finder.find(interpreter, name, module)
        except SpecError:
            return Opaque(name, interpreter.here())

    def _from(self, interpreter: Evaluator, node: ast.ImportFrom, frame: NameFrame) -> None:
        if node.module == "__future__":
            return
        if node.level:
            source = self.finder.relative(interpreter, node.module or "", node.level, frame.module)
        else:
            source = self._checked(interpreter, node.module or "", frame.module)
        if source is frame.module:  # a package that takes its own modules: its name is not there yet
            for alias in node.names:
                frame.store(alias.asname or alias.name, self._own_module(source, alias.name))
            return
        eager = frame.parent is not None or frame.function is not None or frame.cls is not None
        for alias in node.names:
            if alias.name == "*":
                for name, value in self._all(interpreter, source).items():
                    frame.store(name, value)
                continue
            if eager or (interpreter.catching_imports and not isinstance(source, UnknownValue)):
                frame.store(alias.asname or alias.name, self.name_of(interpreter, source, alias.name))
            else:
                frame.store(alias.asname or alias.name, _lazy_name(self, source, alias.name))

    def _own_module(self, package: Module, name: str) -> Value:
        """A module of a package, as the package itself takes it."""
        module = self.finder.below(f"{package.name}.{name}", os.path.dirname(package.path), name, package.library)
        return module if module is not None else package.names.get(name, Opaque(name))

    def _all(self, interpreter: Evaluator, source: Value) -> dict[str, Value]:
        """The names that ``from source import *`` brings."""
        if not isinstance(source, Module):
            names = source.names if isinstance(source, Library) else {}
            return {name: value for name, value in names.items() if name[:1] != "_"}
        self.ready(interpreter, source)
        listed = settled(interpreter, source.names["__all__"]) if "__all__" in source.names else None
        if isinstance(listed, list | tuple):
            found = {}
            for name in listed:
                if isinstance(name, str):
                    found[name] = (
                        source.names[name] if name in source.names else self.name_of(interpreter, source, name)
                    )
            return found
        return {name: value for name, value in source.names.items() if name[:1] != "_"}

    def name_of(self, interpreter: Evaluator, source: Value, name: str) -> Value:
        """What ``from source import name`` gives. Raises Raised."""
        try:
            return interpreter.attribute(source, name)
        except AttributeError:
            place = source.name if isinstance(source, Module | Library) else "it"
            raise interpreter.exception("ImportError", f"cannot import name '{name}' from '{place}'") from None

    # --- names of modules ---------------------------------------------------------------------------

    def of_library(self, interpreter: Evaluator, library: Library, name: str) -> Value:
        """A name of a module with rules here: a module below it, or what is passed over."""
        found = self.finder.library(f"{library.name}.{name}")
        if found is not None:
            return found
        full = f"{library.name}.{name}"
        if networks_of_keras(full) is not None:
            return self.finder.find(interpreter, full, interpreter.calls[-1][0].module)
        if any(one.lower() == name.lower() for one in library.names):
            raise AttributeError(f"module '{library.name}' has no attribute '{name}'", name=name, obj=library)
        return Opaque(full, interpreter.here())

    def submodule(self, interpreter: Evaluator, module: Module, name: str) -> Value:
        """A name of a module of files that it has not made yet: its own, or a module below it.

        Raises AttributeError; Raised, Stop.
        """
        if id(module) not in self._done:
            self.ready(interpreter, module)
            if name in module.names:
                return settled(interpreter, module.names[name])
        getter = module.names.get("__getattr__")
        if module.is_package:
            found = self.finder.below(f"{module.name}.{name}", os.path.dirname(module.path), name, module.library)
            if found is not None:
                return found
        if getter is not None:
            return interpreter.call(getter, [name])
        raise AttributeError(f"module '{module.name}' has no attribute '{name}'")

    def ready(self, interpreter: Evaluator, module: Module) -> None:
        """Runs the body of a module, once. A statement that cannot be followed leaves its names unknown."""
        if id(module) in self._done:
            return
        self._done.add(id(module))
        frame = NameFrame(module, module.names)
        interpreter.calls.append((frame, None))
        before, interpreter.catching_imports = interpreter.catching_imports, 0
        try:
            for statement in module.file.tree.body:
                _top(interpreter, statement, frame)
        finally:
            interpreter.calls.pop()
            interpreter.catching_imports = before


def _lazy_name(imports: Imports, source: Value, name: str) -> Value:
    if isinstance(source, Library) and name in source.names:
        return source.names[name]
    return Lazy(lambda interpreter: imports.name_of(interpreter, source, name))
