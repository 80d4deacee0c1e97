"""Works out a task, here or by any executor of :mod:`concurrent.futures`, and joins what comes of its parts in order.

The result is the same, byte for byte, whoever works at it. What is done can be kept in a file, and gone on from there.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from itertools import islice
from typing import Any

from ..records import Record
from ..replacing import replace
from .chunks import Wanted
from .summary import Summary, joined, read, written
from .task import Task, work

#: Parts that are on their way for each worker.
_AHEAD = 3
#: Seconds between two looks at the file of what is done.
_KEEP_EVERY = 5.0


class ResumeError(Exception):
    """A file to go on from that is of another sweep, or none, or cannot be written."""


class EngineError(Exception):
    """An engine that is not there, or does not work: what is wrong, and what to do."""

    def __init__(self, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.help = help


class Workers(Record):
    """Who does the work: an executor, and how many there are in it; None for this process alone."""

    executor: Executor | None = None
    size: int = 1


@contextmanager
def workers(jobs: int, engine: str | None) -> Iterator[Workers]:
    """So many processes, or the cluster that an engine names, ``dask:ADDRESS``. Raises EngineError."""
    if engine is not None:
        with _cluster(engine) as found:
            yield found
    elif jobs > 1:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
            yield Workers(pool, jobs)
    else:
        yield Workers()


@contextmanager
def _cluster(engine: str) -> Iterator[Workers]:
    name, sign, address = engine.partition(":")
    if name != "dask" or not sign or not address:
        raise EngineError(
            f"'{engine}' is no engine", "write 'dask:tcp://host:8786', or leave it out and say how many jobs"
        )
    try:
        from distributed import Client
    except ImportError:
        raise EngineError("a cluster of Dask needs the package distributed", "pip install 'cnncalc[dask]'") from None
    try:
        connect: Any = Client  # whose types are there where it is installed
        client = connect(address, timeout="10s", set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise EngineError(f"no scheduler of Dask answers at {address}", str(error)[:200] or None) from None
    try:
        _check_versions(client)
        size = max(1, sum(client.nthreads().values()))
        yield Workers(client.get_executor(pure=False, retries=3), size)
    finally:
        client.close()


def _check_versions(client: Any) -> None:
    """Raises EngineError where a worker has another version of cnncalc, or none."""
    from .. import __version__

    found = client.run(_version)
    wrong = {str(one) for one in found.values() if one != __version__}
    if wrong:
        has = " and ".join(sorted(wrong))
        raise EngineError(f"workers have cnncalc {has}, and this is {__version__}", "install the same version there")


def _version() -> str:
    from .. import __version__

    return __version__


# --- the run ----------------------------------------------------------------------------------------


class SweepRun:
    """One run of a task. `told` is called with the number of candidates that are done."""

    def __init__(self, task: Task, told: Callable[[int], None] | None = None, resume: str | None = None) -> None:
        self.task = task
        self.key = task.key
        self.told = told or (lambda count: None)
        self.resume = resume
        self.done = 0
        self._found: list[Summary] = []
        self._kept_at = time.monotonic()

    def __call__(self, by: Workers) -> Summary:
        """The summary of the whole space. Raises ResumeError; what is done is kept, also where it is interrupted."""
        return self.recounted(self.best(by), by)

    def recounted(self, found: Summary, by: Workers) -> Summary:
        """The same with how many candidates each network of the rows is, where not all that are equal were counted:
        of those with the last rank some may have been left out, and of a rank that is no measure, others have another.
        """
        wanted = self.task.wanted
        rows = found.rows[: wanted.most]
        if found.cut is None or not rows or (wanted.goals and wanted.goals[0].axis < 0 and rows[-1].rank < found.cut):
            return found._replace(cut=None, rows=rows)
        again = self.task._replace(wanted=Wanted(None, equal=rows))
        parts, many = again.parts(), Counter[str]()
        for summary in self._here(again, parts) if by.executor is None else _dealt(again, self.key, parts, by):
            many.update({row.digest: row.many for row in summary.rows})
        return found._replace(cut=None, rows=tuple([row._replace(many=many[row.digest]) for row in rows]))

    def best(self, by: Workers) -> Summary:
        """The same but for how many candidates the networks of the last rank are."""
        if self.resume is not None and os.path.exists(self.resume):
            self._go_on()
        parts = islice(self.task.parts(), self.done, None)
        total = sum(one.candidates for one in self._found)
        self.told(total)
        try:
            for summary in (
                self._here(self.task, parts) if by.executor is None else _dealt(self.task, self.key, parts, by)
            ):
                total += summary.candidates
                self._take(summary)
                self.told(total)
        finally:
            self._keep()
        return self._total()

    def _here(self, task: Task, parts: Iterator[Any]) -> Iterator[Summary]:
        for part in parts:
            yield work(task, self.key, [part])

    def _take(self, summary: Summary) -> None:
        self.done += 1
        self._found.append(summary)
        rows = [len(one.rows) for one in self._found]
        if len(self._found) > 64 and (self.task.wanted.most is not None or sum(rows[1:]) > rows[0]):
            self._total()
        if self.resume is not None and time.monotonic() - self._kept_at > _KEEP_EVERY:
            self._keep()

    def _total(self) -> Summary:
        wanted = self.task.wanted
        self._found = [joined(self._found or [Summary()], wanted.held, wanted.front)]
        return self._found[0]

    # --- what is kept -------------------------------------------------------------------------------

    def _keep(self) -> None:
        if self.resume is None:
            return
        data = {"cnncalc": self.task.version, "task": self.key, "done": self.done, "summary": written(self._total())}
        data["sum"] = _sum(data)
        try:
            replace(self.resume, json.dumps(data).encode())
        except OSError as error:
            raise ResumeError(f"cannot write {self.resume}: {error.strerror or error}") from None
        self._kept_at = time.monotonic()

    def _go_on(self) -> None:
        assert self.resume is not None
        try:
            with open(self.resume, encoding="utf-8") as file:
                data = json.load(file)
            task, whole = data["task"], data.pop("sum", None) == _sum(data)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            why = f": {error.strerror}" if isinstance(error, OSError) and error.strerror else ""
            raise ResumeError(f"{self.resume} is no file that a sweep goes on from{why}") from None
        if task != self.key:
            raise ResumeError(f"{self.resume} is of another sweep: another spec, space, question or version of cnncalc")
        if not whole:
            raise ResumeError(f"{self.resume} is not as a sweep wrote it: delete it, and begin anew")
        self.done, self._found = data["done"], [read(data["summary"])]


def _sum(data: Mapping[str, Any]) -> str:
    """What tells whether a file of what is done is as it was written."""
    import hashlib

    return hashlib.sha256(json.dumps(data).encode()).hexdigest()


def _dealt(task: Task, key: str, parts: Iterator[Any], by: Workers) -> Iterator[Summary]:
    """The summaries of the parts, in order, from an executor, a few of them ahead."""
    executor, pending = by.executor, list[Future[Summary]]()
    assert executor is not None
    try:
        for part in parts:
            pending.append(executor.submit(work, task, key, [part]))
            if len(pending) > _AHEAD * by.size:
                yield pending.pop(0).result()
        while pending:
            yield pending.pop(0).result()
    finally:
        for future in pending:
            future.cancel()
