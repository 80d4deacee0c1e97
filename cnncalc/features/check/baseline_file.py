"""The baseline of a project, in `cnncalc check`: compared with, or written."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

import click

from ...cli.output import replace
from ...cli.specs import Reading
from ...records import Record

if TYPE_CHECKING:
    from .baseline_comparison import Baseline, Update
    from .project import Project
    from .verdict import Verdict


class Ratchet(Record):
    """What verdicts are held to; with `update` what they write."""

    project: Project
    baseline: Baseline | None
    tolerance: Mapping[str, int | Fraction]
    update: bool
    #: Figures are those of the specs as they are: with other inputs or variables nothing is compared.
    overridden: bool

    def held(self, verdicts: list[Verdict], whole: bool, quiet: bool) -> list[Verdict]:
        """The verdicts, drifts in them; `whole` says that they are on all specs of the project. Raises Refused.

        The baseline is the project's: a spec that is not one of its own, but was named, is not held to it.
        """
        if self.update or self.baseline is not None:
            own = [one for one in verdicts if self.project.covers(one.file)]
            others = [one for one in verdicts if not self.project.covers(one.file)]
            return [*self._held(own, whole, quiet), *others]
        return verdicts

    def _held(self, verdicts: list[Verdict], whole: bool, quiet: bool) -> list[Verdict]:
        from .baseline_comparison import compared, updated

        if self.update:
            update = updated(verdicts, self.baseline, self.project.folder, whole=whole)
            said = self._written(update)
            if not quiet:
                click.echo(said, err=True)
        elif self.baseline is not None and not self.overridden:
            return compared(verdicts, self.baseline, self.project.folder, self.tolerance, whole=whole)
        return verdicts

    def _written(self, update: Update) -> str:
        """Writes the baseline where it changes; what is said of it."""
        from .baseline import NAME
        from .baseline_comparison import shown

        path = self.project.folder / NAME
        text = self.baseline.source.text if self.baseline else None
        entries = f"{update.total:,} entr{'y' if update.total == 1 else 'ies'}"
        if text == update.text:
            return f"{shown(path)} is as it should be: {entries}"
        replace(str(path), update.text.encode())
        kinds = (("new", update.new), ("changed", update.changed), ("gone", update.gone))
        counts = ", ".join(f"{len(names):,} {kind}" for kind, names in kinds if names)
        return f"wrote {shown(path)}: {entries}{f' ({counts})' if counts else ''}"


def ratchet(project: Project, reading: Reading, update: bool) -> Ratchet:
    """What the specs of a project are held to. Raises SpecError, and click's UsageError."""
    from ...interpret.files import fail
    from .baseline import tolerances
    from .baseline_comparison import load

    overridden = bool(reading.inputs or reading.settings)
    if update and overridden:
        raise click.UsageError(
            "--update-baseline writes the figures of the specs as they are: not with --input or --set"
        )
    try:
        allowed = tolerances(project.tolerance)
    except ValueError as error:
        raise fail(project.file or "", f"[tool.cnncalc.tolerance]: {error}", code="config") from None
    return Ratchet(project, load(project.folder), allowed, update, overridden)
