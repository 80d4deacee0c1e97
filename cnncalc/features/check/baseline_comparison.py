"""Verdicts held to a project's baseline, and the baseline that they make.

An entry is named by the path of its spec from the project's folder, and the settings it was tried with:
``models/edge.txt [size=192]``. What is no file (standard input, a bundled example) and files of blocks have none.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from ...cli.guard import Refused
from ...diagnostics import ERROR, Diagnostic, Span, SpecError
from ...interpret.reading.files import entered, fail
from ...records import Record
from .baseline import Baseline, dump, figures, load
from .drift import ACCEPT, CODE, drift, tolerances
from .project import Project
from .verdict import Verdict


class Update(Record):
    """A new baseline: its text, how many entries it has, and the names of those that are new, changed and gone."""

    text: str
    total: int
    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]


class BaselineComparison(Record):
    """What verdicts are held to."""

    project: Project
    #: None where it has none.
    baseline: Baseline | None
    tolerance: Mapping[str, int | Fraction] = {}

    @classmethod
    def of(cls, project: Project) -> BaselineComparison:
        """That of a project. Raises SpecError."""
        try:
            allowed = tolerances(project.tolerance)
        except ValueError as error:
            raise fail(project.file or "", f"[tool.cnncalc.tolerance]: {error}", code="config") from None
        return cls(project, load(project), allowed)

    def afresh(self) -> BaselineComparison:
        """The same with the baseline as it is now. Raises Refused where that cannot be read any more."""
        try:
            return self._replace(baseline=load(self.project))
        except SpecError as error:
            raise Refused(str(error)) from None

    def entry_name(self, verdict: Verdict) -> str | None:
        """What the entry of a verdict is called; None where it has none."""
        if (verdict.file[:1] in ("<", "@") and not os.path.exists(verdict.file)) or verdict.is_library:
            return None
        path = self.project.relative(verdict.file)
        return f"{path} [{verdict.tried}]" if verdict.settings else path

    def held(self, verdict: Verdict, file: str) -> Verdict:
        """The verdict on `file`, with an error where the figures are not those of the baseline."""
        name = self.entry_name(verdict._replace(file=file))
        if self.baseline is None or name is None or verdict.analysis is None:
            return verdict
        drifts = drift(verdict.analysis, self.baseline.entries.get(name), self.tolerance, verdict.project)
        return verdict._replace(diagnostics=(*drifts, *verdict.diagnostics))

    def compared(self, verdicts: Sequence[Verdict], *, whole: bool) -> list[Verdict]:
        """The verdicts, held to the baseline, and a verdict on the baseline itself where it has entries too many.

        Those are entries for other settings of these specs, and if the verdicts are on all specs of the project
        (`whole`) those of other specs.
        """
        compared = [self.held(verdict, verdict.file) for verdict in verdicts]
        left = self._left(verdicts)
        if whole and self.baseline is not None:
            left |= self.baseline.entries.keys() - {self.entry_name(verdict) for verdict in verdicts}
        if left and self.baseline is not None:
            diagnostics = tuple(_too_many(self.baseline, left, self.project))
            compared.append(Verdict(self.baseline.source.name, {}, None, (), (), diagnostics, spec=False))
        return compared

    def _left(self, verdicts: Sequence[Verdict]) -> set[str]:
        """The entries of the specs that the verdicts are on, for settings that they are not tried with."""
        names = {self.entry_name(verdict) for verdict in verdicts}
        files = {self.entry_name(verdict._replace(settings={})) for verdict in verdicts}
        entries = self.baseline.entries if self.baseline else {}
        return {name for name in entries if name not in names and _file_of(name) in files}

    def updated(self, verdicts: Sequence[Verdict], *, whole: bool) -> Update:
        """The baseline that the verdicts make.

        What could not be understood keeps the entry that it has. So do specs that the verdicts are not on and that are
        still there, unless those are on all of the project (`whole`).
        """
        before = self.baseline.entries if self.baseline else {}
        left = self._left(verdicts)
        kept = {} if whole else before
        now = {name: entry for name, entry in kept.items() if name not in left and _there(name, self.project)}
        for verdict in verdicts:
            name = self.entry_name(verdict)
            if name is None:
                continue
            if verdict.analysis is not None and not verdict.analysis.broken:
                now[name] = figures(verdict.analysis, verdict.project)
            elif name in before:
                now[name] = before[name]
        return Update(
            dump(now), len(now),
            tuple(name for name in now if name not in before),
            tuple(name for name in now if name in before and before[name] != now[name]),
            tuple(name for name in before if name not in now),
        )  # fmt: skip


def _file_of(name: str) -> str:
    """The path in the name of an entry."""
    return name.rpartition(" [")[0] if name.endswith("]") and " [" in name else name


def _there(name: str, project: Project) -> bool:
    """Whether the spec of an entry is still there."""
    return any(os.path.exists(os.path.join(project.folder, entered(path)[0])) for path in (name, _file_of(name)))


def _too_many(baseline: Baseline, names: Iterable[str], project: Project) -> Iterable[Diagnostic]:
    """An error for each of the entries, at its line."""
    from json import dumps

    for name in sorted(names):
        starts = (f"{dumps(name, ensure_ascii=False)}:", f"{dumps(name)}:")
        lines = enumerate(baseline.source.lines, 1)
        number, text = next((line for line in lines if line[1].lstrip().startswith(starts)), (1, ""))
        column = len(text) - len(text.lstrip()) + 1
        span = Span(baseline.source, number, column, max(column + 1, len(text.rstrip(" {")) + 1))
        message = (
            f"'{name}' is checked no more" if _there(name, project) else f"there is no such spec any more: '{name}'"
        )
        yield Diagnostic(ERROR, CODE, message, span, ACCEPT)
