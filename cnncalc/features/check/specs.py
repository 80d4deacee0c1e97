"""The specs of `cnncalc check`: which ones, and the verdicts on them, one after another."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from ...cli import paths
from ...cli.globs import LeadsOut
from ...cli.guard import fault
from ...cli.paths import Found
from ...cli.specs import DEFAULT
from ...diagnostics import ERROR, WARNING, Diagnostic, SpecError
from ...interpret.reading.files import entered
from ...roots import root_of
from .facts import Terms, check_file, refused
from .project import Limits, Project
from .verdict import Verdict


def find(named: Sequence[str], project: Project, specs_only: bool = False) -> tuple[Found, list[Diagnostic]]:
    """The files that paths stand for; without any those of the project's globs, or ./model.txt; and a warning for each
    glob that stands for nothing.

    With `specs_only` named files that are no specs are left out, as in folders, and there may be none left. Raises
    SpecError, and Refused, where there is nothing otherwise.
    """
    warnings: list[Diagnostic] = []
    wanted = list(named) or list(_of_project(project, warnings))
    left = [path for path in wanted if not specs_only or not os.path.isfile(path) or paths.is_spec(path)]
    found = paths.find(left, root=None if named else root_of(os.fspath(project.folder) if project.specs else os.curdir))
    found = found._replace(skipped=found.skipped + len(wanted) - len(left))
    if found.files or found.skipped:
        return found, warnings
    help = "name files or folders, 'cnncalc check models', or start with one: 'cnncalc new lenet5 -o model.txt'"
    errors = [warning._replace(severity=ERROR) for warning in warnings]
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


def run(
    found: Found, project: Project, terms: Terms, given: Limits, kept: bool, advance: Callable[[], None]
) -> Iterator[Verdict]:
    """The verdicts on all files, by the terms and the limits of the project, over which those `given` go; `advance`
    is called after each file. Unless `kept`, networks are let go: one takes a thousand times what is said of it.
    """
    for file in found.files:
        limits = {**project.limits_of(file), **given}
        mine = terms._replace(limits=tuple(limits.values()), project=project.conditions_of(file))
        broken = None
        try:
            verdicts = check_file(file, mine, partial(project.tried, file), named=file not in found.outside)
            if entered(file)[1]:  # of a file of code: which network of it
                verdicts = (verdict._replace(file=file) for verdict in verdicts)
            if len(found.files) > 1:
                verdicts = (_among_files(verdict) for verdict in verdicts)
            yield from verdicts if kept else (verdict._replace(analysis=None) for verdict in verdicts)
        except Exception as error:  # a fault of ours in one spec takes no verdict from the others
            broken = fault(error)
        if broken is not None:
            yield refused(file, [Diagnostic(ERROR, "bug", f"{file}: {broken[0]}", None, broken[1])])
        advance()


def _among_files(verdict: Verdict) -> Verdict:
    """The verdict, what has no place in it with the name of its file: those of a report follow one another unnamed."""
    return verdict._replace(diagnostics=tuple(one.among_files(verdict.file) for one in verdict.diagnostics))
