"""Mutants of functions that have not run on import: their code is replaced where the tests are collected already."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator
from types import CodeType, FrameType, FunctionType
from typing import Any

import hypothesis
import pytest

from .catalogue import Mutant
from .children import Task, answers
from .terms import GRACE, Failures, Learned, Line, Steady, Trial, silence, somebody_elses


class Collected:
    """A plugin that stands in for pytest's loop over the tests: it runs them once, then some for every mutant."""

    def __init__(self, trial: Trial, mutants: list[Mutant]) -> None:
        self.trial, self.mutants = trial, mutants
        self.failures = Failures()
        self.verdicts: list[tuple[int, bool | None]] = []
        self.learned: Learned | None = None
        self.imported: set[Line] = set()

    def run(self) -> tuple[list[tuple[int, bool | None]], list[str], Learned] | str:
        """The verdicts, the modules to load before the rest, and what was learned; a text where tests fail."""
        silence()
        before = set(sys.modules)
        sys.settrace(_tracer(self.trial.files, self.imported))
        pytest.main(self.trial.words(), plugins=[Steady("mutants"), self.failures, self])
        if self.learned is None:
            return "\n".join(self.failures.found) or "no tests"
        others = [name for name in sys.modules if name not in before and somebody_elses(name, self.trial.root)]
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
