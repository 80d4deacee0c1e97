"""Which files `cnncalc check` is about: those that are named, else those of the project's globs, else ./model.txt."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ...cli import paths
from ...cli.paths import Found

if TYPE_CHECKING:
    from ...diagnostics import Diagnostic
    from .project import Project

DEFAULT = "model.txt"


def find(named: Sequence[str], project: Project, specs_only: bool = False) -> tuple[Found, list[Diagnostic]]:
    """The files that paths stand for; without any those of the project, or ./model.txt; and what is doubtful of these.

    With `specs_only` named files that are no specs are left out, as in folders, and there may be none left. Raises
    SpecError, and Refused, where there is nothing otherwise.
    """
    from ...diagnostics import ERROR, Diagnostic, SpecError

    doubts: list[Diagnostic] = []
    wanted = list(named) or list(_of_project(project, doubts))
    left = [path for path in wanted if not specs_only or not os.path.isfile(path) or paths.is_spec(path)]
    found = paths.find(left)
    found = found._replace(skipped=found.skipped + len(wanted) - len(left))
    if found.files or found.skipped:
        return found, doubts
    help = "name files or folders, 'cnncalc check models', or start with one: 'cnncalc new lenet5 -o model.txt'"
    errors = [one._replace(severity=ERROR) for one in doubts]
    raise SpecError(errors or [Diagnostic(ERROR, "no-file", f"there is no {DEFAULT} here", None, help)])


def _of_project(project: Project, doubts: list[Diagnostic]) -> Iterator[str]:
    """The paths that the globs of a project stand for; ./model.txt, if it is there, where it has none. A glob that
    stands for nothing is doubtful.
    """
    from ...diagnostics import WARNING, Diagnostic

    if not project.specs and os.path.exists(DEFAULT):
        yield DEFAULT
    for glob in project.specs:
        try:
            found = project.found(glob)
            message = f"specs in {project.file}: '{glob}' stands for no file"
        except (ValueError, OSError) as error:
            found, message = [], f"specs in {project.file}: {error}"
        if not found:
            doubts.append(Diagnostic(WARNING, "no-specs", message, None, "globs are relative to that file"))
        for path in found:
            yield os.path.relpath(path)
