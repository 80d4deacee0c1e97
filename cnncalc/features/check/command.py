"""`cnncalc check`: expectations, requirements and limits; exit 1 where one is broken."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from ...cli.options import output, paths
from ...cli.output import OutputOptions
from ...cli.paths import repository, shown
from ...cli.specs import Reading
from ...measures import LIMITED, MEASURES
from ...render import REPORTS, by_suffix

if TYPE_CHECKING:
    from ...cli.paths import Found
    from ...diagnostics import Diagnostic
    from ...document.findings import Report
    from .baseline_comparison import BaselineComparison, Update
    from .project import Limits, Project
    from .verdict import Conditions, Verdict


def _limited(function: Callable[..., Any]) -> Callable[..., Any]:
    for name in reversed(LIMITED):
        function = click.option(f"--max-{name}", metavar="N", help=f"At most N {MEASURES[name].about}.")(function)
    return function


@click.command("check")
@_limited
@click.option("--expect-output", multiple=True, metavar="SHAPE",
              help="The output must have this shape: 1000, 2x388x388. Several outputs: NAME=SHAPE.")  # fmt: skip
@click.option("--config", type=click.Path(), metavar="FILE", help="Use this pyproject.toml, not the nearest one.")
@click.option(
    "--update-baseline",
    is_flag=True,
    help="Write the figures of the specs into cnncalc-baseline.json. Later checks compare.",
)
@click.option(
    "--specs-only", is_flag=True, help="Skip files that are no specs, even if they are named. For commit hooks."
)
@paths
@output(*REPORTS, otherwise="text")
def command(
    paths: tuple[str, ...], reading: Reading, output: OutputOptions, expect_output: tuple[str, ...], config: str | None,
    update_baseline: bool, specs_only: bool, **limits: str | None,
) -> int:  # fmt: skip
    """Check what specs promise: shapes ('->'), 'require' lines, limits.

    PATH is a spec, a model file, a folder, or - for standard input. A folder
    stands for the specs in it: its .txt files with a line that starts with
    input, use or block. Without PATH, the specs are those that pyproject.toml
    names ('cnncalc help pyproject'), else ./model.txt.

    \b
    cnncalc check                                ./model.txt, or the project's
    cnncalc check models                         a folder, and those in it
    cnncalc check --max-params 5M --max-peak 512KiB --dtype int8 net.txt
    cnncalc check --expect-output 1000 net.txt
    cnncalc check --format github models         for a pull request
    cnncalc help pyproject                       limits and specs of a project

    Exit code 0: all is well. 1: a promise is broken, or there is a warning and
    --strict. 2: a spec or the command line cannot be understood. On GitHub the
    findings are also annotations, and stand in the summary of the run.
    """
    from ...cli.progress import progress
    from ...cli.specs import OptionWording
    from ...diagnostics import SpecError
    from ...interpret.reading.files import entered
    from . import project_file, specs
    from .facts import Terms

    output = _chosen(output)
    try:
        project = project_file.load(config) if config else project_file.find()
        found, warnings = specs.find(paths, project, specs_only)
        given = _limits(limits, expect_output)
        comparison = _comparison(project, update_baseline)
        if output.to_file:
            from ...cli.writing import spare

            baseline = comparison.baseline.source.name if comparison and comparison.baseline else ""
            read = [entered(file)[0] for file in found.files]
            spare(str(output.output), [*read, project.file or "", baseline], "--output")
    except SpecError as error:
        return _unread(error.diagnostics, output)
    overridden = bool(reading.inputs or reading.settings)
    if update_baseline and overridden:
        raise click.UsageError(
            "--update-baseline writes the figures of the specs as they are: not with --input or --set"
        )
    output = output._replace(strict=output.strict or project.strict)
    most = given.get(("max-layers", None))  # a budget, that is judged: what is over the usual million is built for that
    max_layers = max(reading.max_layers, int(most.value) if most else 0)
    terms = Terms((), reading.inputs, reading.settings, _conditions(reading), max_layers=max_layers,
                  strict=output.strict, wording=OptionWording(), how=reading.how)  # fmt: skip
    with progress("specs", len(found.files), not output.quiet) as advance:
        verdicts = list(specs.run(found, project, terms, given, comparison is not None, advance))
    if comparison is not None and not overridden:
        verdicts = _held(verdicts, comparison, bool(project.specs) and not paths, update_baseline, output)
    _write(verdicts, found, warnings, output)
    return max([verdict.code for verdict in verdicts] + [output.code(warnings)])


def _conditions(reading: Reading) -> Conditions:
    """What the options say: what they leave as it is, the project may say."""
    from click.core import ParameterSource

    from .verdict import Conditions

    context = click.get_current_context()
    said = {name: context.get_parameter_source(name) != ParameterSource.DEFAULT for name in ("batch", "execution")}
    batch = reading.batch if said["batch"] or reading.batch != 1 else None  # a shape in brackets says it, too
    return Conditions(batch, reading.dtype, reading.execution if said["execution"] else None)


def _comparison(project: Project, update: bool) -> BaselineComparison | None:
    """What the specs are held to, or what is to be written; None where there is no baseline. Raises SpecError."""
    if not (update or project.tolerance or os.path.lexists(project.baseline)):
        return None
    from .baseline_comparison import BaselineComparison

    comparison = BaselineComparison.of(project)
    return comparison if update or comparison.baseline is not None else None


def _limits(given: dict[str, str | None], outputs: Sequence[str]) -> Limits:
    words = [(key.replace("_", "-"), text) for key, text in given.items() if text is not None]
    words += [("expect-output", text) for text in outputs]
    if not words:
        return {}
    from . import limits

    found: Limits = {}
    for key, text in words:
        try:
            limit = limits.read(key, text, f"--{key} {text}")
        except limits.Wrong as wrong:
            help = f": {wrong.help}" if wrong.help else ""
            raise click.BadParameter(f"{wrong.message}{help}", param_hint=f"'--{key}'") from None
        if (key, limit.output) in found:
            hint = "several outputs need their names: --expect-output NAME=SHAPE"
            raise click.BadParameter(hint, param_hint=f"'--{key}'")
        found[key, limit.output] = limit
    return found


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
        click.echo(message, err=True)
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
