"""Modules: which there are, where their files lie, and their names. A module is read when one of its names is used.

What is read lies under the root of the project, or belongs to an installed package.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from ...diagnostics import SpecError
from ...roots import is_within
from .expressions import Lazy, settled
from .faults import Stop
from .frames import Frame, Module
from .source import PythonFile, packages_of, text_of
from .standard.libraries import LIBRARIES
from .top_level import _top
from .values import Library, Opaque, Unknown, Value

if TYPE_CHECKING:
    from .interpreter import Interpreter

#: What makes the names of a module, by its dotted name.
Tables: TypeAlias = "dict[str, Callable[[], dict[str, Value]]]"
#: Files that are read of a project, and of installed packages.
MAX_FILES = 400
#: Packages of the installed ones that are never looked into: they are large, and define no layers.
_CLOSED = frozenset(
    "numpy scipy pandas matplotlib PIL cv2 sklearn skimage tensorflow jax keras transformers datasets tqdm requests "
    "yaml wandb tensorboard tensorboardX setuptools pip pytest packaging click rich onnx onnxruntime huggingface_hub "
    "safetensors torch".split()
)


class Imports:
    """Finds modules, and keeps what it has found."""

    def __init__(self, root: str | None, folder: str | None, sites: Sequence[str], libraries: Tables) -> None:
        self.root, self.folder, self.sites = root, folder, sites
        self._libraries = {**LIBRARIES, **libraries}
        self._tables: dict[str, Library] = {}
        self._modules: dict[str, Module] = {}
        self._done: set[int] = set()

    # --- finding ------------------------------------------------------------------------------------

    def library(self, name: str) -> Library | None:
        """The module `name` that has rules here; None where there is none."""
        if name not in self._tables and name in self._libraries:
            self._tables[name] = Library(name, self._libraries[name]())
        return self._tables.get(name)

    def module(self, name: str, bases: Sequence[str], library: bool = False) -> Module | None:
        """The module `name` below one of the folders `bases`; None where none has it. Raises Stop."""
        parts = name.split(".")
        for base in bases:
            path = os.path.join(base, *parts)
            for file, package in ((f"{path}.py", False), (os.path.join(path, "__init__.py"), True)):
                if os.path.isfile(file):
                    return self._opened(name, file, package, library)
            if os.path.isdir(path) and not library and any(one.endswith(".py") for one in os.listdir(path)[:500]):
                return self._namespace(name, path)
        return None

    def _opened(self, name: str, path: str, package: bool, library: bool) -> Module | None:
        real = os.path.realpath(path)
        if real in self._modules:
            return self._modules[real]
        if not library and (self.root is None or not is_within(real, self.root)):
            return None
        if len(self._modules) >= MAX_FILES:
            raise Stop(f"this imports more than {MAX_FILES} files", None, code="python-bound")
        text = text_of(path)
        inside = path.replace(os.sep, "/").split("/")[-name.count(".") - 1 - package :]
        shown = "/".join(inside) if library else os.path.relpath(path)
        module = Module(name, PythonFile(shown, text, path), path, package, library)
        self._modules[real] = module
        return module

    def _namespace(self, name: str, path: str) -> Module | None:
        """A package without a file of its own; None outside of the project."""
        key = os.path.realpath(path)
        if not is_within(path, self.root or path):
            return None
        if key not in self._modules:
            module = Module(name, PythonFile(path, "", path), os.path.join(path, "__init__.py"), True)
            self._modules[key] = module
        return self._modules[key]

    def main(self, file: PythonFile) -> Module:
        """The module of the file that is read itself."""
        stem = os.path.splitext(os.path.basename(file.path or file.name))[0]
        package = stem == "__init__"
        module = Module(stem, file, file.path, package)
        if file.path:
            real = os.path.realpath(file.path)
            module.library = any(is_within(real, os.path.realpath(site)) for site in self.sites)
            packages = packages_of(os.path.dirname(os.path.abspath(file.path)))
            module.name = ".".join(packages if package else [*packages, stem])
            self._modules[real] = module
        return module

    def _bases(self, module: Module) -> Iterator[str]:
        """The folders from which absolute imports of a module start."""
        if module.library:
            top = os.path.dirname(os.path.abspath(module.path))
            for _ in range(module.name.count(".") + module.is_package):
                top = os.path.dirname(top)
            yield top
            return
        if self.root is None:
            return
        here = os.path.dirname(os.path.abspath(module.path)) if module.path else self.folder or self.root
        while is_within(here, self.root):
            yield here
            if os.path.isdir(os.path.join(here, "src")):
                yield os.path.join(here, "src")
            if os.path.realpath(here) == self.root:
                return
            here = os.path.dirname(here)

    def find(self, interpreter: Interpreter, name: str, module: Module) -> Value:
        """What an absolute import gives: a Library, a Module, or an Opaque. Raises Raised where there is none."""
        table = self.library(name)
        if table is not None:
            return table
        top = name.partition(".")[0]
        if top not in self._libraries and top not in sys.stdlib_module_names:
            found = self.module(name, list(self._bases(module)))
            if found is None and top not in _CLOSED:
                found = self.module(name, self.sites, library=True)
            if found is not None:
                return found
            if interpreter.catching_imports and not self._is_installed(top):
                raise interpreter.exception("ImportError", f"No module named '{name}'")
        return Opaque(name, interpreter.here())

    def _is_installed(self, top: str) -> bool:
        return top in ("torch", "torchvision", "numpy") or any(
            os.path.isdir(os.path.join(site, top)) for site in self.sites
        )

    def relative(self, interpreter: Interpreter, name: str, level: int, module: Module) -> Value:
        """What a relative import gives. Raises Raised."""
        folder = os.path.dirname(os.path.abspath(module.path)) if module.path else self.folder
        if folder is None:
            return Opaque(f"{'.' * level}{name}", interpreter.here())
        for _ in range(level - 1):
            folder = os.path.dirname(folder)
        parts = module.package.split(".") if module.package else []
        package = ".".join(parts[: len(parts) - level + 1])
        full = f"{package}.{name}".strip(".")
        if name:
            found = self._below(full, folder, name, module.library)
        else:
            init = os.path.join(folder, "__init__.py")
            found = (
                self._opened(package, init, True, module.library)
                if os.path.isfile(init)
                else self._namespace(package, folder)
            )
        if found is None and self._is_outside(folder):
            return Opaque(full, interpreter.here())
        if found is None:
            raise interpreter.exception("ImportError", f"No module named '{full}'")
        return found

    def _is_outside(self, folder: str) -> bool:
        """Whether a folder is no part of the project: what is in it is not read."""
        return self.root is None or not is_within(folder, self.root)

    def _below(self, full: str, folder: str, name: str, library: bool) -> Module | None:
        path = os.path.join(folder, *name.split("."))
        if os.path.isfile(f"{path}.py"):
            return self._opened(full, f"{path}.py", False, library)
        if os.path.isfile(os.path.join(path, "__init__.py")):
            return self._opened(full, os.path.join(path, "__init__.py"), True, library)
        if os.path.isdir(path) and not library:
            return self._namespace(full, path)
        return None

    # --- statements ---------------------------------------------------------------------------------

    def run(self, interpreter: Interpreter, node: ast.Import | ast.ImportFrom, frame: Frame) -> None:
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

    def _checked(self, interpreter: Interpreter, name: str, module: Module) -> Value:
        """A module; what is not there is unknown, unless somebody waits for that."""
        try:
            return self.find(interpreter, name, module)
        except SpecError:
            return Opaque(name, interpreter.here())

    def _from(self, interpreter: Interpreter, node: ast.ImportFrom, frame: Frame) -> None:
        if node.module == "__future__":
            return
        if node.level:
            source = self.relative(interpreter, node.module or "", node.level, frame.module)
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
            if eager or (interpreter.catching_imports and not isinstance(source, Unknown)):
                frame.store(alias.asname or alias.name, self.name_of(interpreter, source, alias.name))
            else:
                frame.store(alias.asname or alias.name, _lazy_name(self, source, alias.name))

    def _own_module(self, package: Module, name: str) -> Value:
        """A module of a package, as the package itself takes it."""
        found = self._below(f"{package.name}.{name}", os.path.dirname(package.path), name, package.library)
        return found if found is not None else package.names.get(name, Opaque(name))

    def _all(self, interpreter: Interpreter, source: Value) -> dict[str, Value]:
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

    def name_of(self, interpreter: Interpreter, source: Value, name: str) -> Value:
        """What ``from source import name`` gives. Raises Raised."""
        try:
            return interpreter.attribute(source, name)
        except AttributeError:
            place = source.name if isinstance(source, Module | Library) else "it"
            raise interpreter.exception("ImportError", f"cannot import name '{name}' from '{place}'") from None

    # --- names of modules ---------------------------------------------------------------------------

    def of_library(self, interpreter: Interpreter, library: Library, name: str) -> Value:
        """A name of a module with rules here: a module below it, or what is passed over."""
        found = self.library(f"{library.name}.{name}")
        if found is not None:
            return found
        return Opaque(f"{library.name}.{name}", interpreter.here())

    def submodule(self, interpreter: Interpreter, module: Module, name: str) -> Value:
        """A name of a module of files that it has not made yet: its own, or a module below it.

        Raises AttributeError; Raised, Stop.
        """
        if id(module) not in self._done:
            self.ready(interpreter, module)
            if name in module.names:
                return settled(interpreter, module.names[name])
        getter = module.names.get("__getattr__")
        if module.is_package:
            found = self._below(f"{module.name}.{name}", os.path.dirname(module.path), name, module.library)
            if found is not None:
                return found
        if getter is not None:
            return interpreter.call(getter, [name])
        raise AttributeError(f"module '{module.name}' has no attribute '{name}'")

    def ready(self, interpreter: Interpreter, module: Module) -> None:
        """Runs the body of a module, once. A statement that cannot be followed leaves its names unknown."""
        if id(module) in self._done:
            return
        self._done.add(id(module))
        frame = Frame(module, module.names)
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
