"""What `cnncalc check` does, once its options are understood. Nothing here needs click."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...cli.guard import echo
from ...cli.output import OUTPUT, OutputOptions
from ...cli.paths import repository, shown
from ...cli.specs import Reading
from ...records import Record
from ...render import REPORTS, by_suffix
from .verdict import AS_IT_IS, Conditions

if TYPE_CHECKING:
    from ...cli.paths import Found
    from ...diagnostics import Diagnostic
    from ...document.findings import Report
    from .baseline_comparison import BaselineComparison, Update
    from .project import Limits, Project
    from .verdict import Verdict


class CheckRequest(Record):
    """What is asked besides which specs are read, and how: limits, the conditions that options say, the project's file,
    whether the baseline is written, and whether files that are no specs are passed over.
    """

    limits: Limits
    conditions: Conditions = AS_IT_IS
    config: str | None = None
    update: bool = False
    specs_only: bool = False


def answer(paths: Sequence[str], reading: Reading, output: OutputOptions, asked: CheckRequest) -> int:
    """Judges the specs at `paths`, or the project's, and writes what came of it; the exit code. Raises Refused."""
    from ...cli.progress import progress
    from ...cli.specs import OptionWording
    from ...diagnostics import SpecError
    from ...interpret.reading.files import entered
    from . import project_file, specs
    from .facts import Terms

    output = _chosen(output)
    try:
        project = project_file.load(asked.config) if asked.config else project_file.find()
        found, warnings = specs.find(paths, project, asked.specs_only)
        comparison = _comparison(project, asked.update)
        if output.to_file:
            from ...cli.writing import spare

            baseline = comparison.baseline.source.name if comparison and comparison.baseline else ""
            read = [entered(file)[0] for file in found.files]
            spare(str(output.output), [*read, project.file or "", baseline], OUTPUT)
    except SpecError as error:
        return _unread(error.diagnostics, output)
    overridden = bool(reading.inputs or reading.settings)
    output = output._replace(strict=output.strict or project.strict)
    # a budget of layers is judged: what is over the usual million is built for that
    most = asked.limits.get(("max-layers", None))
    max_layers = max(reading.max_layers, int(most.value) if most else 0)
    terms = Terms((), reading.inputs, reading.settings, asked.conditions, max_layers=max_layers,
                  strict=output.strict, wording=OptionWording(), how=reading.how)  # fmt: skip
    with progress("specs", len(found.files), not output.quiet) as advance:
        verdicts = list(specs.run(found, project, terms, asked.limits, comparison is not None, advance))
    if comparison is not None and not overridden:
        verdicts = _held(verdicts, comparison, bool(project.specs) and not paths, asked.update, output)
    _write(verdicts, found, warnings, output)
    return max([verdict.code for verdict in verdicts] + [output.code(warnings)])


def _comparison(project: Project, update: bool) -> BaselineComparison | None:
    """What the specs are held to, or what is to be written; None where there is no baseline. Raises SpecError."""
    if not (update or project.tolerance or os.path.lexists(project.baseline)):
        return None
    from .baseline_comparison import BaselineComparison

    comparison = BaselineComparison.of(project)
    return comparison if update or comparison.baseline is not None else None


# --- the baseline -----------------------------------------------------------------------------------


def _held(
    verdicts: list[Verdict], comparison: BaselineComparison, whole: bool, update: bool, output: OutputOptions
) -> list[Verdict]:
    """The verdicts, drifts in them, or none where the baseline is written. Raises Refused.

    The baseline is the project's: a spec that is not one of its own, but was named, is not held to it. `whole` says
    that the verdicts are on all specs of the project.
    """
    own = [verdict for verdict in verdicts if comparison.project.covers(verdict.file)]
    others = [verdict for verdict in verdicts if not comparison.project.covers(verdict.file)]
    if not update:
        return [*comparison.compared(own, whole=whole), *others]
    from ...cli.writing import locked

    with locked(os.fspath(comparison.project.folder)):
        comparison = comparison.afresh()  # another check may have written it meanwhile
        message = _updated(comparison, comparison.updated(own, whole=whole))
    if not output.quiet:
        echo(f"{message}\n", sys.stderr)
    return [*own, *others]


def _updated(comparison: BaselineComparison, update: Update) -> str:
    """Writes the baseline where it changes; what is said of it."""
    from ...cli.writing import replace

    path = comparison.project.baseline
    entries = f"{update.total:,} entr{'y' if update.total == 1 else 'ies'}"
    if comparison.baseline and comparison.baseline.source.text == update.text:
        return f"{shown(path, 2)} is as it should be: {entries}"
    replace(path, update.text.encode())
    kinds = (("new", update.new), ("changed", update.changed), ("gone", update.gone))
    counts = ", ".join(f"{len(names):,} {kind}" for kind, names in kinds if names)
    return f"wrote {shown(path, 2)}: {entries}{f' ({counts})' if counts else ''}"


# --- what is written --------------------------------------------------------------------------------


def _chosen(output: OutputOptions) -> OutputOptions:
    """The same with the format asked for, by --format or the name of the file; else text."""
    named = by_suffix(str(output.output), REPORTS) if output.to_file else None
    return output._replace(format=output.format or named or "text")


def _write(verdicts: Sequence[Verdict], found: Found, warnings: Sequence[Diagnostic], output: OutputOptions) -> None:
    from ...interpret.reading.files import entered
    from .page import report

    if output.format != "json":
        output.report(warnings)
    said = report(verdicts, remark=found.remark, root=repository(os.getcwd()), quiet=output.quiet,
                  skipped=found.skipped, more=warnings)  # fmt: skip
    output.show(said, [file for verdict in verdicts for file in (entered(verdict.file)[0], *verdict.used)])
    _annotate(said, output)


def _annotate(report: Report, output: OutputOptions) -> None:
    """Under GitHub Actions text is followed by annotations, on standard output, where they are read; and the summary of
    the step gets that of the check.
    """
    from ...cli.step_summary import add
    from ...render import SUMMARY

    add(report, SUMMARY)
    if output.format == "text" and os.environ.get("GITHUB_ACTIONS") == "true":
        output._replace(output=None, format="github").show(report, ())


def _unread(diagnostics: Sequence[Diagnostic], output: OutputOptions) -> int:
    """Reports that there is nothing to be checked: on standard error, and in the document of a format that has one."""
    from .facts import refused
    from .page import report

    root = repository(os.getcwd())
    file = next((diagnostic.file for diagnostic in diagnostics if diagnostic.file), "pyproject.toml")
    if output.format == "json":
        output.show(report((), root=root, more=diagnostics), [file])
        return output.code(diagnostics)
    output.report(diagnostics)
    said = report([refused(file, diagnostics)], root=root)
    if output.format not in ("text", "concise"):
        output.show(said, [file])
    _annotate(said, output)
    return output.code(diagnostics)
