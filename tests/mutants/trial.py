"""Runs a package's tests on its mutants, without starting Python or collecting the tests for each of them.

One process collects the tests and learns which of them run which line. A mutant of a function that has not run so far is
a child of it, in which the function's code is replaced; then only the tests that run the mutated line are run, the
quickest first, up to the first that fails. For a mutant of what runs on import the tests are collected anew, in a child of
a process that has loaded pytest and other people's modules, and cnncalc not yet.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterator
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any, NamedTuple

import hypothesis
import pytest

from .catalogue import Mutant
from .children import Task, answer, answers

#: Examples that a test of hypothesis tries of a mutant of what runs on import: there is no case in it that only some meet.
FEW = 5
#: Processor seconds that a mutant has, beside ten times what its tests took.
GRACE = 3
QUIET = ("-q", "-x", "--tb=short", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:cnncalc", "-m", "not slow")

Line = tuple[str, int]


class BrokenTests(Exception):
    """The tests fail without a mutant."""


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


def judge(trial: Trial, mutants: list[Mutant]) -> Iterator[tuple[int, bool | None]]:
    """The index of every mutant, and whether a test failed; None where no test runs its line.

    Raises BrokenTests.
    """
    prepare(trial)
    reading = answer(lambda: _Collected(trial, mutants).run())
    if reading is None or isinstance(reading, str):
        raise BrokenTests(reading or "pytest came to an end before its tests did")
    verdicts, modules, learned = reading
    yield from verdicts
    late = [index for index in range(len(mutants)) if index not in dict(verdicts)]
    if not late:
        return
    for name in modules:
        _loaded(name)
    sys.pycache_prefix, sys.dont_write_bytecode = str(trial.scratch / "pycache"), False  # the tests are compiled once
    if answer(lambda: _fails(trial, learned, None)) is not False:
        raise BrokenTests("the tests fail where they are collected once more")
    limit = 10 * sum(learned.seconds.values()) + 3 * GRACE
    tasks = (Task(index, lambda index=index: _fails(trial, learned, mutants[index]), limit) for index in late)
    for index, failed in answers(tasks, trial.jobs):
        yield index, failed is not False


def prepare(trial: Trial) -> None:
    """This process, so that its children are alike and leave nothing behind but in the scratch folder."""
    sys.path.insert(0, str(trial.root))
    sys.dont_write_bytecode = True
    os.chdir(trial.root)
    folders = ("HYPOTHESIS_STORAGE_DIRECTORY", "PYTEST_DEBUG_TEMPROOT", "TMPDIR")
    os.environ.update({name: str(trial.scratch) for name in folders}, PYTHONDONTWRITEBYTECODE="1")
    os.environ.pop("CI", None)
    steady = hypothesis.settings(
        deadline=None, derandomize=True, database=None,
        phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    hypothesis.settings.register_profile("mutants", steady)
    hypothesis.settings.register_profile("few", steady, max_examples=FEW)


def _somebody_elses(name: str, root: Path) -> bool:
    """Whether a module is neither the checkout's nor made of its folders."""
    file = getattr(sys.modules[name], "__file__", None)
    return file is not None and ("site-packages" in file or not Path(file).is_relative_to(root))


def _loaded(name: str) -> None:
    """Imports a module of somebody else, for children to find it there."""
    try:
        __import__(name)
    except BaseException:  # some end the program that imports them
        sys.modules.pop(name, None)


class _Steady:
    """A plugin: hypothesis tries the same examples every time, and tells the first that fails."""

    def __init__(self, profile: str) -> None:
        self.profile = profile

    def pytest_sessionstart(self) -> None:
        hypothesis.settings.load_profile(self.profile)


class _Failures:
    """A plugin that remembers whether something failed."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.found.append(f"{report.nodeid}\n{report.longreprtext}")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.found.append(f"{report.nodeid}\n{report.longreprtext}")


# --- mutants of what runs on import -----------------------------------------------------------------


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


def _fails(trial: Trial, learned: Learned, mutant: Mutant | None) -> bool:
    """In a child: whether the tests fail, collected with the mutant in place."""
    _silence()
    if "cnncalc" in sys.modules:
        raise RuntimeError("cnncalc is loaded, and would not be again")
    if mutant is not None:
        sys.meta_path.insert(0, _Mutated(mutant))
    return bool(pytest.main(trial.words(), plugins=[_Steady("few"), _QuickestFirst(learned.seconds)]))


def _silence() -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)


# --- all others -------------------------------------------------------------------------------------


class _Collected:
    """A plugin that stands in for pytest's loop over the tests: it runs them once, then some for every mutant."""

    def __init__(self, trial: Trial, mutants: list[Mutant]) -> None:
        self.trial, self.mutants = trial, mutants
        self.failures = _Failures()
        self.verdicts: list[tuple[int, bool | None]] = []
        self.learned: Learned | None = None
        self.imported: set[Line] = set()

    def run(self) -> tuple[list[tuple[int, bool | None]], list[str], Learned] | str:
        """The verdicts, the modules to load before the rest, and what was learned; a text where tests fail."""
        _silence()
        before = set(sys.modules)
        sys.settrace(_tracer(self.trial.files, self.imported))
        pytest.main(self.trial.words(), plugins=[_Steady("mutants"), self.failures, self])
        if self.learned is None:
            return "\n".join(self.failures.found) or "no tests"
        others = [name for name in sys.modules if name not in before and _somebody_elses(name, self.trial.root)]
        return self.verdicts, others, self.learned

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        sys.settrace(None)
        if session.testsfailed or not session.items:
            return True
        _warmed()
        fault = self._learn(session.items)
        if fault is not None:
            self.failures.found.append(fault)
            return True
        self._try(session.items)
        return True

    def _learn(self, items: list[pytest.Item]) -> str | None:
        """Runs every test in a child of its own, for what one has put into a cache the next would not run again.

        Gives what fails, where one does.
        """
        readers: dict[Line, set[str]] = {}
        seconds: dict[str, float] = {}
        tasks = (Task(item.nodeid, lambda item=item: self._traced(item)) for item in items)
        for test, found in answers(tasks, self.trial.jobs):
            if not isinstance(found, tuple):
                return f"{test}\n{found}"
            lines, seconds[test] = found
            for line in lines:
                readers.setdefault(line, set()).add(test)
        self.learned = Learned(self.imported, readers, seconds)
        return None

    def _traced(self, item: pytest.Item) -> tuple[set[Line], float] | str:
        """In a child: the lines that a test runs, and how long it takes; what fails, where something does."""
        lines: set[Line] = set()
        began = time.process_time()
        sys.settrace(_tracer(self.trial.files, lines))
        item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
        sys.settrace(None)
        return "\n".join(self.failures.found) or (lines, time.process_time() - began)

    def _try(self, items: list[pytest.Item]) -> None:
        """All mutants of functions that have not run so far."""
        learned, named = self.learned, {item.nodeid: item for item in items}
        functions = _functions(self.trial.files)
        tasks = []
        for index, mutant in enumerate(self.mutants):
            if learned.on_import(mutant):
                continue
            tests = learned.tests(mutant)
            live = functions.get((mutant.module.path, *mutant.place.function), [])
            replaced = _replaced(mutant, live) if tests else None
            if not tests:
                self.verdicts.append((index, None))
            elif replaced:
                chosen = [named[test] for test in tests]
                seconds = 10 * sum(learned.seconds[test] for test in tests) + GRACE
                tasks.append(Task(index, lambda new=replaced, chosen=chosen: self._killed(new, chosen), seconds))
        gc.freeze()
        self.verdicts += [(index, failed is not False) for index, failed in answers(tasks, self.trial.jobs)]

    def _killed(self, replaced: Callable[[], None], items: list[pytest.Item]) -> bool:
        """In a child: whether one of the tests fails with the mutant in place."""
        replaced()
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failures.found:
                return True
        return False


def _warmed() -> None:
    """What hypothesis works out once, for all its tests, is worked out before there are children."""

    @hypothesis.settings(max_examples=1)
    @hypothesis.given(hypothesis.strategies.integers())
    def nothing(number: int) -> None:
        pass

    nothing()


def _functions(files: frozenset[str]) -> dict[tuple[str, str, int], list[FunctionType]]:
    """The living functions of the files, by file, name and first line."""
    found: dict[tuple[str, str, int], list[FunctionType]] = {}
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename in files:
            code = one.__code__
            found.setdefault((code.co_filename, code.co_qualname, code.co_firstlineno), []).append(one)
    return found


def _replaced(mutant: Mutant, live: list[FunctionType]) -> Callable[[], None] | None:
    """What puts the mutant's code into the living functions; None where its code does not fit into them."""
    name, line = mutant.place.function
    code = next((one for one in _codes(mutant.code()) if (one.co_qualname, one.co_firstlineno) == (name, line)), None)
    if not live or code is None or any(len(code.co_freevars) != len(one.__code__.co_freevars) for one in live):
        return None

    def replace() -> None:
        for one in live:
            one.__code__ = code

    return replace


def _codes(code: CodeType) -> Iterator[CodeType]:
    """All code in `code`."""
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one
            yield from _codes(one)


def _tracer(files: frozenset[str], lines: set[Line]) -> Callable[[FrameType, str, Any], Any]:
    """A trace function that notes the lines of the files as they run."""

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename not in files:
            return None
        lines.add((frame.f_code.co_filename, frame.f_lineno))
        return trace

    return trace
