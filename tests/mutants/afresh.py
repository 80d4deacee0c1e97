"""Mutants of what runs on import: the tests are collected with the mutant in place, in a child without cnncalc."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from types import CodeType
from typing import Any

import pytest

from .catalogue import Mutant
from .terms import Learned, Steady, Trial, silence


class _Mutated(MetaPathFinder, SourceFileLoader):
    """Finds one module, and gives it the code of a mutant."""

    def __init__(self, mutant: Mutant) -> None:
        super().__init__(mutant.module.dotted, mutant.module.path)
        self.mutant = mutant

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        return spec_from_file_location(fullname, self.path, loader=self) if fullname == self.name else None

    def get_code(self, fullname: str) -> CodeType:
        return self.mutant.code()


class _QuickestFirst:
    """A plugin: the order in which a failure is found soonest."""

    def __init__(self, seconds: dict[str, float]) -> None:
        self.seconds = seconds

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: (self.seconds.get(item.nodeid, 0), item.nodeid))


def fails(trial: Trial, learned: Learned, mutant: Mutant | None) -> bool:
    """In a child: whether the tests fail, collected with the mutant in place."""
    silence()
    if "cnncalc" in sys.modules:
        raise RuntimeError("cnncalc is loaded, and would not be again")
    if mutant is not None:
        sys.meta_path.insert(0, _Mutated(mutant))
    return bool(pytest.main(trial.words(), plugins=[Steady("few"), _QuickestFirst(learned.seconds)]))
