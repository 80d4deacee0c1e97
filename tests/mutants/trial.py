"""Runs a package's tests on its mutants, without starting Python or collecting the tests for each of them.

One process collects the tests and learns which of them run which line. A mutant of a function that has not run so far is
a child of it, in which the function's code is replaced; then only the tests that run the mutated line are run, the
quickest first, up to the first that fails. For a mutant of what runs on import the tests are collected anew, in a child of
a process that has loaded pytest and other people's modules, and cnncalc not yet.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import hypothesis

from .afresh import fails
from .catalogue import Mutant
from .children import Task, answer, answers
from .collected import Collected
from .terms import FEW, GRACE, Trial


class BrokenTests(Exception):
    """The tests fail without a mutant."""


def judge(trial: Trial, mutants: list[Mutant]) -> Iterator[tuple[int, bool | None]]:
    """The index of every mutant, and whether a test failed; None where no test runs its line.

    Raises BrokenTests.
    """
    prepare(trial)
    reading = answer(lambda: Collected(trial, mutants).run())
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
    if answer(lambda: fails(trial, learned, None)) is not False:
        raise BrokenTests("the tests fail where they are collected once more")
    limit = 10 * sum(learned.seconds.values()) + 3 * GRACE
    tasks = (Task(index, lambda index=index: fails(trial, learned, mutants[index]), limit) for index in late)
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


def _loaded(name: str) -> None:
    """Imports a module of somebody else, for children to find it there."""
    try:
        __import__(name)
    except BaseException:  # some end the program that imports them
        sys.modules.pop(name, None)
