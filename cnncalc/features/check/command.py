"""`cnncalc check`: expectations, requirements and limits; exit 1 where one is broken."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from ...cli.options import output, paths
from ...cli.output import Output, logged
from ...cli.specs import Reading

if TYPE_CHECKING:
    from ...cli.paths import Found
    from ...diagnostics import Diagnostic
    from .project import Project
    from .verdict import Verdict

FORMATS = ("text", "concise", "github", "junit", "sarif", "json")
_SUFFIXES = {".json": "json", ".sarif": "sarif", ".xml": "junit"}
#: The measures that have a limit here, as analysis.gauge.LIMITED has them, which a command line does not load.
MEASURES = {
    "params": "parameters: 5M", "buffers": "running statistics: 64k", "macs": "multiply-accumulates: 600M",
    "flops": "FLOPs, 2 a MAC: 1.2G", "activations": "elements of all outputs: 10M",
    "peak": "bytes of activations alive at once: 512KiB", "memory": "bytes, parameters + buffers + peak: 8MiB",
    "field": "pixels of receptive field, on every axis: 99", "layers": "layers, more than a million too: 2M",
    "weighted": "layers with weights: 54", "depth": "layers with weights on one path: 50",
}  # fmt: skip


def _limited(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --max-NAME for every measure."""
    for name, what in reversed(MEASURES.items()):
        function = click.option(f"--max-{name}", metavar="N", help=f"At most N {what}.")(function)
    return function


@click.command("check")
@_limited
@click.option("--expect-output", multiple=True, metavar="SHAPE",
              help="What comes out: 1000, 2x388x388; NAME=SHAPE where there are several.")  # fmt: skip
@click.option("--config", type=click.Path(), metavar="FILE", help="Another pyproject.toml than the nearest one.")
@click.option("--update-baseline", is_flag=True, help="Write the specs' figures: cnncalc-baseline.json.")
@click.option("--specs-only", is_flag=True, help="Pass over what is no spec, named files too: for hooks.")
@paths
@output(*FORMATS, otherwise="text")
def command(
    paths: tuple[str, ...], reading: Reading, output: Output, expect_output: tuple[str, ...], config: str | None,
    update_baseline: bool, specs_only: bool, **limits: str | None,
) -> int:  # fmt: skip
    """Whether specs keep their promises: '->', 'require', limits.

    PATH is a spec, - for standard input, or a folder, which stands for its *.txt
    with a line that starts with input, use or block. Left out, it is the globs
    in pyproject.toml, else ./model.txt.

    \b
    cnncalc check                                ./model.txt, or the project's
    cnncalc check models                         a folder, and those in it
    cnncalc check --max-params 5M --max-peak 512KiB --dtype int8 net.txt
    cnncalc check --expect-output 1000 net.txt
    cnncalc check --format github models         for a pull request
    cnncalc help pyproject                       limits and specs of a project

    The report goes to standard output, a fault of the command line to standard
    error. Exit 0: all is well; 1: something is broken, or under --strict a
    warning; 2: a spec or the command line cannot be understood.
    """
    from ...diagnostics import SpecError
    from ...interpret.shared import Shared
    from . import baseline_file as check_baseline
    from . import paths as check_paths
    from .run import Checks, progress, run

    try:
        project = _project(config)
        found, doubts = check_paths.find(paths, project, specs_only)
        _spare(found.files, output)
        given = _limits(limits, expect_output)
        held_to = check_baseline.ratchet(project, reading, update_baseline)
    except SpecError as error:
        return _unread(error.diagnostics, output)
    most = given.get(("max-layers", None))
    if most is not None:  # a budget, that is judged; what is over the usual million must be built for that
        reading = reading._replace(max_layers=max(reading.max_layers, int(most.value)))
    strict = output.strict or project.strict
    kept = update_baseline or held_to.baseline is not None
    checks = Checks(reading, project, given, strict, kept, Shared())
    with progress(len(found.files), not output.quiet) as advance:
        verdicts = list(run(found.files, checks, advance))
    verdicts = held_to.held(verdicts, bool(project.specs) and not paths, output.quiet)
    _write(verdicts, found, doubts, output._replace(strict=strict))
    doubtful = strict and bool(doubts)
    return max([one.code for one in verdicts] + [int(doubtful)])


def _project(config: str | None) -> Project:
    from . import project_file

    return project_file.load(config) if config else project_file.find()


def _limits(given: dict[str, str | None], outputs: Sequence[str]) -> dict[tuple[str, str | None], Any]:
    """The limits of the command line."""
    from . import limits

    words = [(key.replace("_", "-"), text) for key, text in given.items() if text is not None]
    words += [(limits.EXPECT_OUTPUT, text) for text in outputs]
    found = {}
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


# --- what is written --------------------------------------------------------------------------------


def _format(output: Output) -> str:
    """The format asked for, by --format or the name of the file; else text."""
    if output.format:
        return output.format
    suffix = os.path.splitext(str(output.output))[1].lower() if output.to_file else ""
    return _SUFFIXES.get(suffix, "text")


def _spare(files: Sequence[str], output: Output) -> None:
    """Raises Refused where the report would go over one of the specs."""
    path = str(output.output)
    if not output.to_file or not os.path.exists(path):
        return
    for file in files:
        if os.path.exists(file) and os.path.samefile(path, file):
            from ...cli.guard import Refused

            raise Refused(f"--output {path} is one of the specs")


def _write(verdicts: Sequence[Verdict], found: Found, doubts: Sequence[Diagnostic], output: Output) -> None:
    from .text import Screen
    from .text import render as text

    form = _format(output)
    if form == "json":
        from ...render import json
        from . import json as check_json

        output.write(json.render(check_json.document(verdicts, found.skipped, doubts), output.ascii_only()))
        return
    output.report(doubts)
    if output.quiet:  # what made a spec fail stays, under --strict its warnings, too
        verdicts = [one._replace(diagnostics=tuple(one.errors)) for one in verdicts]
    if form == "text":
        screen = Screen(output.charset(), output.colored(), output.width())
        written = text(verdicts, found.remark, screen)
    else:
        written = _rendered(form, verdicts, output)
    if form in ("text", "concise") and not output.to_file:
        written = logged(written)
    output.write(written)
    if form == "text":
        _annotate(verdicts, output)


def _annotate(verdicts: Sequence[Verdict], output: Output) -> None:
    """Under GitHub Actions text is followed by annotations: on standard output, where they are read."""
    if os.environ.get("GITHUB_ACTIONS") == "true":
        output = output._replace(output=None)
        output.write(_rendered("github", verdicts, output))


def _rendered(form: str, verdicts: Sequence[Verdict], output: Output) -> str:
    """The verdicts in one of the formats for other programs."""
    from importlib import import_module

    written: str = import_module(f"cnncalc.features.check.{form}").render(verdicts, output.charset())
    return written


def _unread(diagnostics: Sequence[Diagnostic], output: Output) -> int:
    """Reports that there is nothing to be checked: on standard error, and in the document of a format that has one."""
    form = _format(output)
    if form == "json":
        from ...render import json
        from . import json as check_json

        output.write(json.render(check_json.document((), 0, diagnostics), output.ascii_only()))
        return output.code(diagnostics)
    output.report(diagnostics)
    if form == "concise":
        return output.code(diagnostics)
    from .verdict import Verdict

    file = next((one.span.source.name for one in diagnostics if one.span), "pyproject.toml")
    verdicts = [Verdict(file, {}, None, (), (), tuple(diagnostics))]
    if form == "text":
        _annotate(verdicts, output)
    else:
        output.write(_rendered(form, verdicts, output))
    return output.code(diagnostics)
