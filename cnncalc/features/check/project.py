"""What ``[tool.cnncalc]`` of pyproject.toml says: which specs are checked, by which limits, with which variables.

Limits of the table itself hold for every spec. Over them go those of ``[tool.cnncalc.limits]``, over these the tables
of the globs that match, in the order of the file: of one key the last one counts.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

from ...interpret.reading.files import Folder
from ...records import Record
from ...roots import is_within, root_of

if TYPE_CHECKING:
    from .limits import Limit
    from .verdict import Conditions

#: Limits by key, and of outputs by name.
Limits: TypeAlias = "dict[tuple[str, str | None], Limit]"
Values = dict[str, tuple[str, ...]]

#: The file that holds the figures of the specs, beside pyproject.toml.
BASELINE = "cnncalc-baseline.json"
#: `**/` once or several times in a row.
_ANY_FOLDERS = r"(?<![^/])(?:\*\*/+)+"
#: The wildcards that cross folders, as regular expressions.
_CROSSING = {"**/": "(?:[^/]+/)*?", "**": ".*?"}
#: The wildcards, classes and texts of a glob. Within a name `**/` is `**` and `/`.
_SIGN = r"(?<![^/])\*\*/|\*\*|[*?]|\[!?\]?[^\]]*\]|[^*?\[]+"


class LeadsOut(ValueError):
    """A glob that stands for files outside of the project."""


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
        """The files and folders that a glob stands for, in order. Raises LeadsOut, OSError, ValueError."""
        from pathlib import Path

        folder = Path(self.folder)
        if not Path(glob).parts:  # "." is the folder itself, and no glob of pathlib's
            return [str(folder)]
        root = root_of(str(folder))
        if not is_within(os.path.normpath(folder / glob), root):
            raise LeadsOut(f"'{glob}' leads out of the project")
        found = [str(path) for path in sorted(folder.glob(plain(glob)))]
        if not all(is_within(place, root) for place in set(map(os.path.dirname, found))):
            raise LeadsOut(f"'{glob}' leads out of the project by a link")
        return found

    def covers(self, path: str) -> bool:
        """Whether a spec is one of the project's: all are where its globs name none."""
        if not self.specs:
            return True
        parts = self.relative(path).split("/")
        steps = [".", *("/".join(parts[:count]) for count in range(1, len(parts) + 1))]  # a glob may name a folder
        return parts[0] != ".." and any(matches(glob.rstrip("/"), step) for glob in self.specs for step in steps)

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


def plain(glob: str) -> str:
    """A glob with `**/` once where it stands several times in a row."""
    return re.sub(_ANY_FOLDERS, "**/", glob)


def matches(glob: str, name: str) -> bool:
    """Whether a path matches: `*`, `?` and `[…]` stay in one folder, `**/` is any folders, or none."""
    return _pattern(glob.removeprefix("./")).fullmatch(name) is not None


@lru_cache(1000)
def _pattern(glob: str) -> re.Pattern[str]:
    """A glob as a regular expression that takes no exponential time.

    What follows a wildcard is taken where it comes first, in groups that are not tried again: nothing is lost by that
    to what stands behind the next wildcard of its sort. Only at the end any place may be the right one.
    """
    from fnmatch import translate

    signs = re.compile(_SIGN)
    units = [("", [""])]  # a wildcard that crosses folders, and the texts between the stars behind it
    glob = plain(glob)
    end = glob.rfind("]") + 1  # behind it no class ends
    for token in [*signs.findall(glob, 0, end), *signs.findall(glob.replace("[", "\0"), end)]:
        if token in _CROSSING:
            units.append((_CROSSING[token], [""]))
        elif token == "*":
            units[-1][1].append("")
        elif token == "?":
            units[-1][1][-1] += "[^/]"
        elif token[0] == "[":
            units[-1][1][-1] += f"(?!/){translate(token)[4:-3]}"
        else:
            units[-1][1][-1] += re.escape(token.replace("\0", "["))
    made = [crossing + first + "".join(f"(?>[^/]*?{text})" for text in more) for crossing, (first, *more) in units]
    head, star, tail = made[-1].rpartition("(?>[^/]*?")
    last = f"{head}[^/]*{tail[:-1]}" if star else tail
    return re.compile("".join(f"(?>{text})" for text in made[:-1]) + last, re.DOTALL)
