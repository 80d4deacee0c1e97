"""A progress bar on standard error, for what takes long."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: Seconds. What takes less needs no bar.
_PATIENCE = 1.0


@contextmanager
def progress(what: str, total: int, shown: bool) -> Iterator[Callable[[], None]]:
    """Something to call after each of `total` things: a bar on standard error, where that is a terminal, the work takes
    over a second, and it is to be `shown`.
    """
    if not shown or sys.stderr is None or not sys.stderr.isatty():
        yield lambda: None
        return
    bar = _Bar(what, total)
    try:
        yield bar.advance
    finally:
        bar.close()


class _Bar:
    """A progress bar that comes when the work takes long."""

    def __init__(self, what: str, total: int) -> None:
        self.what = what
        self.total = total
        self.done = 0
        self.start = time.monotonic()
        self.close: Callable[[], None] = lambda: None
        self.update: Callable[[], None] | None = None

    def advance(self) -> None:
        """One more is done."""
        self.done += 1
        if self.update is not None:
            self.update()
        elif time.monotonic() - self.start > _PATIENCE and self.done < self.total:
            self._show()

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        bar = Progress(*columns, console=Console(stderr=True), transient=True)
        task = bar.add_task(self.what, total=self.total, completed=self.done)
        bar.start()
        self.update = lambda: bar.update(task, completed=self.done)
        self.close = bar.stop


@contextmanager
def counted(what: str, total: int, shown: bool) -> Iterator[Callable[[int], None]]:
    """Something to call with how many of `total` things are done, as they are: a bar with their rate a second on
    standard error, where that is a terminal, the work takes over a second, and it is to be `shown`.
    """
    if not shown or sys.stderr is None or not sys.stderr.isatty():
        yield lambda done: None
        return
    bar = _RateBar(what, total)
    try:
        yield bar.tell
    finally:
        bar.close()


class _RateBar(_Bar):
    """The same, which is told how many are done."""

    def __init__(self, what: str, total: int) -> None:
        super().__init__(what, total)
        self.before: int | None = None

    def tell(self, done: int) -> None:
        """So many are done; what is done when it is first told was done before."""
        if self.before is None:
            self.before = done
        self.done = done - 1
        self.advance()

    def rate(self) -> str:
        """``1,234,567 a second``."""
        seconds = max(time.monotonic() - self.start, 1e-6)
        return f"{int((self.done - (self.before or 0)) / seconds):,} a second"

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,} of {task.total:,}"),
            TextColumn("{task.fields[rate]}"), TimeRemainingColumn(),
        )  # fmt: skip
        bar = Progress(*columns, console=Console(stderr=True), transient=True)
        task = bar.add_task(self.what, total=self.total, completed=self.done, rate=self.rate())
        bar.start()
        self.update = lambda: bar.update(task, completed=self.done, rate=self.rate())
        self.close = bar.stop
