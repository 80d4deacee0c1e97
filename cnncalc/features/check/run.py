"""The specs of `cnncalc check`, one after another."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ...cli.specs import Reading
from ...diagnostics import SpecError
from ...interpret import read_source
from ...records import Record
from .checking import Terms, check_source, check_tried, refused
from .limits import merged

if TYPE_CHECKING:
    from ...interpret.shared import Shared
    from .project import Limits, Project
    from .verdict import Verdict

#: After so many specs what cannot be reached any more is let go.
_ROUND = 100
#: What takes less needs no progress bar.
_PATIENCE = 1.0


class Checks(Record):
    """How specs are checked: what is overridden in all of them, and what is asked of them."""

    reading: Reading
    project: Project
    #: Limits of the command line, which go over those of the project.
    limits: Limits
    strict: bool
    #: Whether what was found out of a network is kept, for a baseline; it takes a thousand times what is said of it.
    kept: bool
    #: Lines and layers of the specs that were checked before.
    shared: Shared

    def of(self, file: str) -> Iterator[Verdict]:
        """The verdicts on a file: one, or one for each combination of the values to be tried."""
        reading, project = self.reading, self.project
        try:
            source, folder = read_source(file)
        except SpecError as error:
            yield refused("<stdin>" if file == "-" else file, error.diagnostics, self.strict)
            return
        limits = tuple(merged(project.limits_of(file), self.limits).values())
        terms = Terms(limits, reading.inputs, reading.settings, reading.batch, reading.dtype, reading.max_layers,
                      self.strict, self.shared)  # fmt: skip
        if project.tries(file):
            yield from check_tried(source, folder, lambda known: project.tried(file, known), terms)
        else:
            yield check_source(source, folder, terms)


@contextmanager
def progress(total: int, shown: bool) -> Iterator[Callable[[], None]]:
    """Something to call after each of `total` specs: a bar on standard error, where that is a terminal, the work takes
    over a second, and it is to be `shown`.
    """
    if not shown or sys.stderr is None or not sys.stderr.isatty():
        yield lambda: None
        return
    bar = _Bar(total)
    try:
        yield bar.advance
    finally:
        bar.close()


class _Bar:
    """A progress bar that comes when the work takes long."""

    def __init__(self, total: int) -> None:
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
        task = bar.add_task("specs", total=self.total, completed=self.done)
        bar.start()
        self.update = lambda: bar.update(task, completed=self.done)
        self.close = bar.stop


def run(files: Iterable[str], checks: Checks, advance: Callable[[], None]) -> Iterator[Verdict]:
    """The verdicts on all files."""
    collecting, frozen = gc.isenabled(), gc.get_freeze_count()
    gc.disable()  # the collector would walk every network over and over
    try:
        for number, file in enumerate(files, 1):
            for verdict in checks.of(file):
                yield verdict if checks.kept else verdict.without_analysis
            if number % _ROUND == 0:
                gc.collect()
                if not frozen:
                    gc.freeze()  # what is kept is looked at once
            advance()
    finally:
        if not frozen:
            gc.unfreeze()
        if collecting:
            gc.enable()
