"""What ``[tool.cnncalc]`` of pyproject.toml says: which specs are checked, by which limits, with which variables.

Limits of the table itself hold for every spec. Over them go those of ``[tool.cnncalc.limits]``, over these the tables
of the globs that match, in the order of the file: of one key the last one counts.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

from ...cli.globs import covered, expand, matches
from ...interpret.reading.files import Folder
from ...records import Record

if TYPE_CHECKING:
    from .limits import Limit
    from .verdict import Conditions

#: Limits by key, and of outputs by name.
Limits: TypeAlias = "dict[tuple[str, str | None], Limit]"
Values = dict[str, tuple[str, ...]]

#: The file that holds the figures of the specs, beside pyproject.toml.
BASELINE = "cnncalc-baseline.json"


class Project(Record):
    """What a project says. Paths and globs are relative to its `folder`."""

    folder: Folder
    file: str | None = None
    specs: tuple[str, ...] = ()
    strict: bool = False
    #: By glob; "" for every spec.
    limits: tuple[tuple[str, Limits], ...] = ()
    variables: tuple[tuple[str, Values], ...] = ()
    conditions: tuple[tuple[str, Conditions], ...] = ()
    #: By figure: a whole number, or a text like "2%".
    tolerance: Mapping[str, int | str] = {}

    def relative(self, path: str) -> str:
        """The path of a spec from the folder, with `/`; one outside goes up by `..`, what is no file stays as it is."""
        if path[:1] in ("<", "@") and not os.path.exists(path):
            return path
        try:
            return os.path.relpath(path, self.folder).replace(os.sep, "/")
        except ValueError:  # on another drive
            return path

    @property
    def baseline(self) -> str:
        """The path of its baseline, whether it has one or not."""
        return os.path.join(self.folder, BASELINE)

    def found(self, glob: str) -> list[str]:
        """The files and folders that a glob stands for, in order, with what of a file of code is meant, ``net.py:Net``.

        Raises LeadsOut, OSError, ValueError.
        """
        stem, sign, entry = glob.partition(".py:")
        return [f"{path}:{entry}" for path in expand(self.folder, f"{stem}.py")] if sign else expand(self.folder, glob)

    def covers(self, path: str) -> bool:
        """Whether a spec is one of the project's: all are where its globs name none."""
        return not self.specs or covered(self.specs, self.relative(path))

    def limits_of(self, path: str) -> Limits:
        name = self.relative(path) if any(glob for glob, _ in self.limits) else ""
        tables = [limits for glob, limits in self.limits if not glob or matches(glob, name)]
        return {key: limit for limits in tables for key, limit in limits.items()}

    def conditions_of(self, path: str) -> Conditions:
        """Under which conditions a spec is checked: of each the last table that matches and says it counts."""
        from .verdict import Conditions

        name = self.relative(path) if any(glob for glob, _ in self.conditions) else ""
        found = Conditions()
        for glob, conditions in self.conditions:
            if not glob or matches(glob, name):
                found = conditions.over(found)
        return found

    def tried(self, path: str, known: Mapping[str, object]) -> list[dict[str, str]]:
        """The settings that a spec is to be checked with, whose top-level variables are `known`: every combination of
        the values listed; of a glob's variables those, too, that the spec does not have. Empty where there are none.
        """
        name = self.relative(path)
        values: Values = {}
        for glob, found in self.variables:
            if not glob or matches(glob, name):
                values |= {key: listed for key, listed in found.items() if glob or key in known}
        if not values:
            return []
        return [dict(zip(values, chosen, strict=True)) for chosen in product(*values.values())]

    def tries(self, path: str) -> bool:
        """Whether a spec may have variables to be tried."""
        name = self.relative(path) if self.variables else ""
        return any(values and (not glob or matches(glob, name)) for glob, values in self.variables)
