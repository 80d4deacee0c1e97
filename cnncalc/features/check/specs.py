"""The specs of `cnncalc check`: which ones, and the verdicts on them, one after another."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Sequence

from ...cli import paths
from ...cli.guard import fault
from ...cli.paths import Found
from ...cli.specs import OptionWording, Reading
from ...diagnostics import ERROR, WARNING, Diagnostic, SpecError
from ...records import Record
from ...roots import root_of
from .facts import Terms, check_file, refused
from .limits import merged
from .project import LeadsOut, Limits, Project
from .verdict import Verdict

DEFAULT = "model.txt"
#: After so many specs what cannot be reached any more is let go.
_ROUND = 100


def find(named: Sequence[str], project: Project, specs_only: bool = False) -> tuple[Found, list[Diagnostic]]:
    """The files that paths stand for; without any those of the project's globs, or ./model.txt; and a warning for each
    glob that stands for nothing.

    With `specs_only` named files that are no specs are left out, as in folders, and there may be none left. Raises
    SpecError, and Refused, where there is nothing otherwise.
    """
    warnings: list[Diagnostic] = []
    wanted = list(named) or list(_of_project(project, warnings))
    left = [path for path in wanted if not specs_only or not os.path.isfile(path) or paths.is_spec(path)]
    found = paths.find(left, root=None if named else root_of(str(project.folder) if project.specs else os.curdir))
    found = found._replace(skipped=found.skipped + len(wanted) - len(left))
    if found.files or found.skipped:
        return found, warnings
    help = "name files or folders, 'cnncalc check models', or start with one: 'cnncalc new lenet5 -o model.txt'"
    errors = [one._replace(severity=ERROR) for one in warnings]
    raise SpecError(errors or [Diagnostic(ERROR, "no-file", f"there is no {DEFAULT} here", None, help)])


def _of_project(project: Project, warnings: list[Diagnostic]) -> Iterator[str]:
    """The paths that the globs of a project stand for; ./model.txt, if it is there, where it has none."""
    if not project.specs and os.path.exists(DEFAULT):
        yield DEFAULT
    for glob in project.specs:
        severity, code, message = WARNING, "no-specs", f"'{glob}' stands for no file"
        try:
            found = project.found(glob)
        except LeadsOut as error:
            found, severity, code, message = [], ERROR, "outside", str(error)
        except (ValueError, OSError) as error:
            found, message = [], str(error)
        if not found:
            said = f"specs in {project.file}: {message}"
            warnings.append(Diagnostic(severity, code, said, None, "globs are relative to that file"))
        for path in found:
            yield os.path.relpath(path)


class Checks(Record):
    """How specs are checked: what is overridden in all of them, and what is asked of them."""

    reading: Reading
    project: Project
    #: Limits of the command line, which go over those of the project.
    limits: Limits
    strict: bool
    #: Whether what was found out of a network is kept, for a baseline; it takes a thousand times what is said of it.
    kept: bool

    def of(self, file: str, named: bool = True) -> Iterator[Verdict]:
        """The verdicts on a file: one, or one for each combination of the values to be tried."""
        reading, project = self.reading, self.project
        limits = tuple(merged(project.limits_of(file), self.limits).values())
        terms = Terms(limits, reading.inputs, reading.settings, reading.batch, reading.dtype, reading.max_layers,
                      self.strict, OptionWording())  # fmt: skip
        try:
            yield from check_file(file, terms, lambda variables: project.tried(file, variables), named=named)
        except Exception as error:  # a fault of ours in one spec takes no verdict from the others
            message, help = fault(error)
            yield refused(file, [Diagnostic(ERROR, "bug", f"{file}: {message}", None, help)])


def run(found: Found, checks: Checks, advance: Callable[[], None]) -> Iterator[Verdict]:
    """The verdicts on all files that are found; `advance` is called after each file."""
    collecting, frozen = gc.isenabled(), gc.get_freeze_count()
    gc.disable()  # the collector would walk every network over and over
    try:
        for number, file in enumerate(found.files, 1):
            for verdict in checks.of(file, named=file not in found.outside):
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
