"""Globs of a project: what they stand for, and whether a path matches."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from functools import lru_cache

from ..roots import is_within, root_of

#: `**/` once or several times in a row.
_ANY_FOLDERS = r"(?<![^/])(?:\*\*/+)+"
#: The wildcards that cross folders, as regular expressions.
_CROSSING = {"**/": "(?:[^/]+/)*?", "**": ".*?"}
#: The wildcards, classes and texts of a glob. Within a name `**/` is `**` and `/`.
_SIGN = r"(?<![^/])\*\*/|\*\*|[*?]|\[!?\]?[^\]]*\]|[^*?\[]+"


class LeadsOut(ValueError):
    """A glob that stands for files outside of the project."""


def expand(folder: str | os.PathLike[str], glob: str) -> list[str]:
    """The files and folders that a glob stands for in `folder`, in order. Raises LeadsOut, OSError, ValueError."""
    from pathlib import Path

    folder = Path(folder)
    if not Path(glob).parts:  # "." is the folder itself, and no glob of pathlib's
        return [str(folder)]
    root = root_of(str(folder))
    if not is_within(os.path.normpath(folder / glob), root):
        raise LeadsOut(f"'{glob}' leads out of the project")
    found = [str(path) for path in sorted(folder.glob(plain(glob)))]
    if not all(is_within(place, root) for place in set(map(os.path.dirname, found))):
        raise LeadsOut(f"'{glob}' leads out of the project by a link")
    return found


def covered(globs: Sequence[str], name: str) -> bool:
    """Whether one of the globs matches a path, with `/`, or a folder that it is in; none does one that goes up."""
    parts = name.split("/")
    steps = [".", *("/".join(parts[:count]) for count in range(1, len(parts) + 1))]
    return parts[0] != ".." and any(matches(glob.rstrip("/"), step) for glob in globs for step in steps)


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
