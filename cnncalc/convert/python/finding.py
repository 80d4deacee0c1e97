"""Where modules lie: of the project below its root, of an installed package, or in a table here."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from ...roots import is_within
from .faults import Stop
from .frames import Module
from .source import CodeFiles, PythonFile, packages_of, text_of
from .standard.libraries import LIBRARIES
from .values import Library, Opaque, Place, Value

if TYPE_CHECKING:
    from .interpreter import Evaluator

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


#: Parts of packages that define no layers, and import much.
_CLOSED_PARTS = ("torchvision.transforms", "torchvision.datasets", "torchvision.io")


def networks_of_keras(name: str) -> str | None:
    """The module of an installed Keras that defines networks, by whatever name it is imported; None for others."""
    below = "." + name.removeprefix("tensorflow.")
    if not below.startswith((".keras.applications", ".keras.src.applications", ".keras_applications")):
        return None
    return below[1:].replace("keras_applications", "keras.applications", 1)


class ModuleFinder:
    """Finds modules by their names, and keeps what it has found."""

    def __init__(
        self, root: str | None, folder: str | None, sites: Sequence[str], libraries: Tables,
        files: CodeFiles | None = None,
    ) -> None:  # fmt: skip
        self.files = files or CodeFiles()
        self.root, self.folder, self.sites = root, folder, sites
        self._libraries = {**LIBRARIES, **libraries}
        self._tables: dict[str, Library] = {}
        self._modules: dict[str, Module] = {}
        #: Packages that were looked for in the project and among the installed ones, and are in neither.
        self.missing: set[str] = set()

    # --- finding ------------------------------------------------------------------------------------

    def library(self, name: str) -> Library | None:
        """The module `name` that has rules here; None where there is none."""
        if name not in self._tables and name in self._libraries:
            self._tables[name] = Library(name, self._libraries[name]())
        return self._tables.get(name)

    def module(self, name: str, bases: Sequence[str], library: bool = False) -> Module | None:
        """The module `name` below one of the folders `bases`; None where none has it. Raises Stop."""
        for base in bases:
            path = os.path.join(base, *name.split("."))
            found = self._of_path(name, path, library)
            if found is None and not library and self.files.is_package(path):
                found = self._namespace(name, path)
            if found is not None:
                return found
        return None

    def _of_path(self, name: str, path: str, library: bool) -> Module | None:
        """The package of a folder, or else the file of this name; None where there is neither. Raises Stop."""
        for file, package in ((os.path.join(path, "__init__.py"), True), (f"{path}.py", False)):
            if self.files.is_file(file):
                return self._opened(name, file, package, library)
        return None

    @property
    def read(self) -> tuple[str, ...]:
        """The real paths of the files that were read."""
        return tuple(self._modules)

    def opened(self, below: str) -> list[Module]:
        """The modules that have been read whose dotted names begin so."""
        return [module for module in self._modules.values() if module.name.startswith(below)]

    def _opened(self, name: str, path: str, package: bool, library: bool) -> Module | None:
        real = os.path.realpath(path)
        if real in self._modules:
            return self._modules[real]
        if not library and (self.root is None or not is_within(real, self.root)):
            return None
        if len(self._modules) >= MAX_FILES:
            raise Stop(f"this imports more than {MAX_FILES} files", None, code="python-bound")
        text = text_of(self.files, path)
        inside = path.replace(os.sep, "/").split("/")[-name.count(".") - 1 - package :]
        shown = "/".join(inside) if library else self.files.shown(path)
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

    def _of_folders(self, name: str, module: Module) -> Module | None:
        """A folder of the project that has no code itself, only folders of code; None where there is none."""
        paths = [os.path.join(base, *name.split(".")) for base in self._bases(module)]
        return next((self._namespace(name, path) for path in paths if self.files.is_folder(path)), None)

    def main(self, file: PythonFile) -> Module:
        """The module of the file that is read itself."""
        stem = os.path.splitext(os.path.basename(file.path or file.name))[0]
        package = stem == "__init__"
        module = Module(stem, file, file.path, package)
        module.is_main = True
        if file.path:
            real = os.path.realpath(file.path)
            module.library = any(is_within(real, os.path.realpath(site)) for site in self.sites)
            packages = packages_of(self.files, os.path.dirname(os.path.abspath(file.path)))
            module.name = ".".join(packages if package else [*packages, stem])
            module.names["__name__"] = module.name
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
            if self.files.is_folder(os.path.join(here, "src")):
                yield os.path.join(here, "src")
            if os.path.realpath(here) == self.root:
                return
            here = os.path.dirname(here)

    def find(self, interpreter: Evaluator, name: str, module: Module) -> Value:
        """What an absolute import gives: a Library, a Module, or an Opaque. Raises Raised where there is none."""
        table = self.library(name)
        if table is not None:
            return table
        if name.startswith(_CLOSED_PARTS):
            return Opaque(name, interpreter.here())
        top = name.partition(".")[0]
        networks = networks_of_keras(name)
        if networks is not None:
            found = self.module(networks, self.sites, library=True)
            if found is None:
                self.missing.add(top)
            return found if found is not None else Opaque(name, interpreter.here())
        if top not in self._libraries and top not in sys.stdlib_module_names:
            found = self.module(name, list(self._bases(module)))
            if found is None and top not in _CLOSED:
                found = self.module(name, self.sites, library=True) or self._of_folders(name, module)
            if found is not None:
                return found
            if interpreter.catching_imports and not self._is_installed(top):
                raise interpreter.exception("ImportError", f"No module named '{name}'")
            if top not in _CLOSED and not self._lies_in_a_site(top):
                self.missing.add(top)
        return Opaque(name, interpreter.here())

    def _is_installed(self, top: str) -> bool:
        return top in ("torch", "torchvision", "numpy") or self._lies_in_a_site(top)

    def _lies_in_a_site(self, top: str) -> bool:
        return any(os.path.isdir(os.path.join(site, top)) for site in self.sites)

    def where_to_find(self, place: Place | None) -> str | None:
        """What to say of an import of which a package is missing; None where none is."""
        node = place.node if place is not None else None
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
        absent = [top for top in (name.partition(".")[0] for name in names) if top in self.missing]
        if not absent:
            return None
        return (
            f"{absent[0]} is not in the project, and not installed beside cnncalc: 'cnncalc help formats' tells how to "
            "say where it lies"
        )

    def relative(self, interpreter: Evaluator, name: str, level: int, module: Module) -> Value:
        """What a relative import gives. Raises Raised."""
        folder = os.path.dirname(os.path.abspath(module.path)) if module.path else self.folder
        if folder is None:
            return Opaque(f"{'.' * level}{name}", interpreter.here())
        for _ in range(level - 1):
            folder = os.path.dirname(folder)
        parts = module.package.split(".") if module.package else []
        package = ".".join(parts[: len(parts) - level + 1])
        full = f"{package}.{name}".strip(".")
        if module.library and full.startswith(_CLOSED_PARTS):
            return Opaque(full, interpreter.here())
        table = self.library(full) if module.library else None
        if table is not None:
            return table
        if name:
            found = self.below(full, folder, name, module.library)
        else:
            init = os.path.join(folder, "__init__.py")
            found = (
                self._opened(package, init, True, module.library)
                if self.files.is_file(init)
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

    def below(self, full: str, folder: str, name: str, library: bool) -> Module | None:
        """The module `name` in a folder; None where it has none. Raises Stop."""
        path = os.path.join(folder, *name.split("."))
        found = self._of_path(full, path, library)
        if found is None and not library and self.files.is_folder(path):
            return self._namespace(full, path)
        return found
