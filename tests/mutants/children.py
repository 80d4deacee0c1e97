"""Work in children of this process: each has its limits, and its answer, or None if it came to its end without one."""

from __future__ import annotations

import contextlib
import os
import pickle
import resource
import select
import signal
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

#: What a child may take of memory, and how much longer than its processor time it may wait.
MEMORY = 4 << 30
PATIENCE = 30


class Task(NamedTuple):
    """What a child is to do, and how many seconds of processor time it has for it (0: any)."""

    key: Any
    work: Callable[[], Any]
    seconds: float = 0


class Fault(NamedTuple):
    """The answer of a child that could not do its work."""

    traceback: str


class Child(NamedTuple):
    """A child at work."""

    key: Any
    pid: int
    pipe: int
    until: float


def answers(tasks: Iterable[Task], jobs: int = 1) -> Iterator[tuple[Any, Any]]:
    """The key and the answer of every task, at most `jobs` of them at a time."""
    running: list[Child] = []
    for task in tasks:
        if len(running) >= jobs:
            yield _next(running)
        running.append(_start(task))
    while running:
        yield _next(running)


def answer(work: Callable[[], Any]) -> Any:
    """The answer of one child, without limits. Raises RuntimeError where it could not do its work."""
    found = next(answers([Task(None, work)]))[1]
    if isinstance(found, Fault):
        raise RuntimeError(found.traceback)
    return found


def _start(task: Task) -> Child:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        _work(task, writing)
    os.close(writing)
    return Child(task.key, pid, reading, time.monotonic() + PATIENCE * task.seconds if task.seconds else float("inf"))


def _work(task: Task, writing: int) -> None:
    """In the child: does the work and ends, whatever happens."""
    try:
        os.setpgid(0, 0)
        if task.seconds:
            seconds = int(task.seconds) + 1
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        try:
            found = pickle.dumps(task.work())
        except BaseException:
            found = pickle.dumps(Fault(traceback.format_exc()))
        while found:
            found = found[os.write(writing, found) :]
    finally:
        os._exit(0)


def _next(running: list[Child]) -> tuple[Any, Any]:
    """The answer of the child that ends first; one whose time is over is ended."""
    while True:
        wait = max(0, min(child.until for child in running) - time.monotonic())
        ready, _, _ = select.select([child.pipe for child in running], [], [], None if wait == float("inf") else wait)
        for child in running:
            if child.pipe in ready or time.monotonic() > child.until:
                running.remove(child)
                return child.key, _ended(child, child.pipe in ready)


def _ended(child: Child, ready: bool) -> Any:
    """What the child has said; whatever it has started ends with it."""
    found = b""
    if ready:
        with os.fdopen(child.pipe, "rb") as pipe:
            found = pipe.read()
    else:
        os.close(child.pipe)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    os.waitpid(child.pid, 0)
    return pickle.loads(found) if found else None
