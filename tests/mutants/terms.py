"""What the two ways of trying a mutant share: what is asked, what was learned, and how pytest is run."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NamedTuple

import hypothesis
import pytest

from .catalogue import Mutant

#: Examples that a test of hypothesis tries of a mutant of what runs on import: there is no case in it that only some meet.
FEW = 5
#: Processor seconds that a mutant has, beside ten times what its tests took.
GRACE = 3
QUIET = ("-q", "-x", "--tb=short", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:cnncalc", "-m", "not slow")


Line = tuple[str, int]


class Trial(NamedTuple):
    """What is asked of the tests: the files that mutants are made of, the tests' folders, a folder for what is left."""

    root: Path
    tests: list[str]
    files: frozenset[str]
    scratch: Path
    jobs: int = 1

    def words(self) -> list[str]:
        """The command line of pytest."""
        return [*QUIET, f"--rootdir={self.root}", *self.tests]


class Learned(NamedTuple):
    """What the tests do where nothing is wrong."""

    #: The lines that run on import; the tests that run each line; the processor seconds of each test.
    imported: set[Line]
    readers: dict[Line, set[str]]
    seconds: dict[str, float]

    def tests(self, mutant: Mutant) -> list[str]:
        """The tests that run the mutated line, the quickest first."""
        found: set[str] = set()
        for line in mutant.place.lines:
            found |= self.readers.get((mutant.module.path, line), set())
        return sorted(found, key=lambda test: (self.seconds[test], test))

    def on_import(self, mutant: Mutant) -> bool:
        """Whether the mutated line, or the function that it is in, runs when modules are imported."""
        path = mutant.module.path
        return mutant.place.function is None or any((path, line) in self.imported for line in mutant.place.body)


class Steady:
    """A plugin: hypothesis tries the same examples every time, and tells the first that fails."""

    def __init__(self, profile: str) -> None:
        self.profile = profile

    def pytest_sessionstart(self) -> None:
        hypothesis.settings.load_profile(self.profile)


class Failures:
    """A plugin that remembers whether something failed."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.found.append(f"{report.nodeid}\n{report.longreprtext}")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.found.append(f"{report.nodeid}\n{report.longreprtext}")


def silence() -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)


def somebody_elses(name: str, root: Path) -> bool:
    """Whether a module is neither the checkout's nor made of its folders."""
    file = getattr(sys.modules[name], "__file__", None)
    return file is not None and ("site-packages" in file or not Path(file).is_relative_to(root))
