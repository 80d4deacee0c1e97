"""Verdicts held to a project's baseline, and the baseline that they make.

An entry is named by the path of its spec from the project's folder, and the settings it was tried with:
``models/edge.txt [size=192]``. What is no file (standard input, a bundled example) and files of blocks have none.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from ...diagnostics import ERROR, Diagnostic, Source, Span
from ...interpret.files import fail, read_bytes
from ...records import Record
from .baseline import ACCEPT, CODE, NAME, Figures, drift, dump, figures, read
from .verdict import Verdict


class Baseline(Record):
    """A baseline file and what it says."""

    source: Source
    entries: dict[str, Figures]


def load(folder: Path) -> Baseline | None:
    """The baseline of a project; None where it has none. Raises SpecError for one that cannot be read."""
    path = folder / NAME
    if not os.path.lexists(path):
        return None
    name = shown(path)
    data = read_bytes(path, name, regular=True)
    try:
        return Baseline(Source(name, data.decode("utf-8", "replace")), read(data))
    except ValueError as error:
        help = "'cnncalc check --update-baseline' writes it anew, once this one is deleted"
        raise fail(name, f"no baseline: {error}", help, code="baseline") from None


def shown(path: Path) -> str:
    """A path as it is shown: from the current folder, where it lies below."""
    try:
        shown = os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)
    return str(path) if shown.startswith(os.pardir + os.sep + os.pardir) else shown


def entry_name(verdict: Verdict, folder: Path) -> str | None:
    """What the entry of a verdict is called; None where it has none."""
    if (verdict.file[:1] in ("<", "@") and not os.path.exists(verdict.file)) or _is_library(verdict):
        return None
    try:
        path = os.path.relpath(verdict.file, folder).replace(os.sep, "/")
    except ValueError:  # another drive
        path = verdict.file
    return verdict._replace(file=path).label


def _is_library(verdict: Verdict) -> bool:
    return verdict.analysis is not None and verdict.analysis.network.library


def compared(
    verdicts: Sequence[Verdict], baseline: Baseline, folder: Path, tolerance: Mapping[str, int | Fraction], *,
    whole: bool,
) -> list[Verdict]:  # fmt: skip
    """The verdicts, with an error where the figures are not those of the baseline.

    Entries for other settings of these specs are errors, too, and if the verdicts are on all specs of the project
    (`whole`) those of others: a verdict on the baseline.
    """
    found = []
    for verdict in verdicts:
        name = entry_name(verdict, folder)
        said = drift(verdict.analysis, baseline.entries.get(name), tolerance) if name and verdict.analysis else []
        found.append(verdict._replace(diagnostics=(*said, *verdict.diagnostics)))
    left = _unmet(baseline.entries, verdicts, folder)
    if whole:
        left |= baseline.entries.keys() - {entry_name(verdict, folder) for verdict in verdicts}
    if left:
        found.append(Verdict(baseline.source.name, {}, None, (), (), _left(baseline, left, folder), spec=False))
    return found


def _unmet(entries: Mapping[str, Figures], verdicts: Sequence[Verdict], folder: Path) -> set[str]:
    """The entries of the specs that the verdicts are on, for settings that they are not tried with."""
    names = {entry_name(verdict, folder) for verdict in verdicts}
    files = {entry_name(verdict._replace(settings={}), folder) for verdict in verdicts}
    return {name for name in entries if name not in names and _file_of(name) in files}


def _file_of(name: str) -> str:
    """The path in the name of an entry."""
    return name.rpartition(" [")[0] if name.endswith("]") and " [" in name else name


def _left(baseline: Baseline, names: Iterable[str], folder: Path) -> tuple[Diagnostic, ...]:
    """An error for each of the entries, at its line."""
    from json import dumps

    found = []
    for name in sorted(names):
        starts = (f"{dumps(name, ensure_ascii=False)}:", f"{dumps(name)}:")
        lines = enumerate(baseline.source.lines, 1)
        number, text = next((one for one in lines if one[1].lstrip().startswith(starts)), (1, ""))
        column = len(text) - len(text.lstrip()) + 1
        span = Span(baseline.source, number, column, max(column + 1, len(text.rstrip(" {")) + 1))
        said = f"'{name}' is checked no more" if _there(name, folder) else f"there is no such spec any more: '{name}'"
        found.append(Diagnostic(ERROR, CODE, said, span, ACCEPT))
    return tuple(found)


class Update(Record):
    """A new baseline: its text, how many entries it has, and the names of those that are new, changed and gone."""

    text: str
    total: int
    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]


def updated(verdicts: Sequence[Verdict], baseline: Baseline | None, folder: Path, *, whole: bool) -> Update:
    """The baseline that the verdicts make.

    What could not be understood keeps the entry that it has. So do specs that the verdicts are not on and that are
    still there, unless those are on all of the project (`whole`).
    """
    before = baseline.entries if baseline else {}
    unmet = _unmet(before, verdicts, folder)
    now = {} if whole else {name: entry for name, entry in before.items() if name not in unmet and _there(name, folder)}
    for verdict in verdicts:
        name = entry_name(verdict, folder)
        if name is None:
            continue
        if verdict.analysis is not None and not verdict.analysis.broken:
            now[name] = figures(verdict.analysis)
        elif name in before:
            now[name] = before[name]
    return Update(
        dump(now), len(now),
        tuple(name for name in now if name not in before),
        tuple(name for name in now if name in before and before[name] != now[name]),
        tuple(name for name in before if name not in now),
    )  # fmt: skip


def _there(name: str, folder: Path) -> bool:
    """Whether the spec of an entry is still there."""
    return (folder / name).exists() or (folder / _file_of(name)).exists()
