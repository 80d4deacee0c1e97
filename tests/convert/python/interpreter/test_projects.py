"""What is imported of a project's files is what Python imports of them: the projects of projects.txt, one by one."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from programs import result_of

from cnncalc.convert.python.finding import ModuleFinder
from cnncalc.convert.python.source import PythonFile

TEXT = (Path(__file__).parent / "projects.txt").read_text("utf-8")
PROJECTS = dict(part.split("\n", 1) for part in TEXT.split("=== ")[1:])


def written(root: Path, project: str) -> str:
    """Writes the files of a project; the first is the one that is read, and its path is given."""
    files = dict(part.split("\n", 1) for part in project.split("--- ")[1:])
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return next(iter(files))


def followed(root: Path, name: str) -> str:
    path = root / name
    finder = ModuleFinder(str(root), str(path.parent), [str(root / "site")], {})
    return result_of(finder, PythonFile(name, path.read_text("utf-8"), str(path)))


@contextmanager
def imports_of(root: Path, folder: Path) -> Iterator[None]:
    """Lets Python import from a project, and forget it."""
    path, modules = list(sys.path), set(sys.modules)
    sys.path[:0] = [str(one) for one in (folder, root, root / "src", root / "site")]
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path[:] = path
        for name in set(sys.modules) - modules:
            if str(root) in str(vars(sys.modules[name]).get("__path__", vars(sys.modules[name]).get("__file__"))):
                del sys.modules[name]


def executed(root: Path, name: str) -> str:
    """The same by Python itself: the projects are of these tests."""
    parts = name.removesuffix(".py").split("/")
    packaged = (root / name).parent.joinpath("__init__.py").exists()
    with imports_of(root, root if packaged else (root / name).parent):
        return repr(importlib.import_module(".".join(parts) if packaged else parts[-1]).result)


@pytest.mark.parametrize("name", PROJECTS)
def test_it_imports_as_python_does(name: str, tmp_path: Path) -> None:
    root = tmp_path.resolve()
    file = written(root, PROJECTS[name])
    assert followed(root, file) == executed(root, file)
