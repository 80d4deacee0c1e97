"""`cnncalc sweep`: every combination of the values of some variables, exactly: the best, the front, or all."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from ...cli import candidates
from ...cli.guard import Refused
from ...cli.options import output, reading, whole
from ...cli.output import OutputOptions
from ...cli.plots import plot as plot_option
from ...cli.specs import DEFAULT, Reading, files_of, nothing_here, spec_name, unread
from ...render import formats

if TYPE_CHECKING:
    from ...diagnostics import Diagnostic
    from ...variants.asking import Asking, PreparedSweep
    from ...variants.result import SweepResult
    from ...variants.running import SweepRun

#: More candidates than these are asked about first.
_MANY = 10_000_000


def _varied(ctx: click.Context, param: click.Parameter, words: Sequence[str]) -> dict[str, str]:
    """`NAME=RANGE` words as a mapping."""
    found: dict[str, str] = {}
    for word in words:
        name, sign, text = (part.strip() for part in word.partition("="))
        if not (sign and name and text):
            raise click.BadParameter(f"'{word}' is not NAME=RANGE: write --vary width=16..256..8", ctx, param)
        if name in found:
            raise click.BadParameter(f"'{name}' is varied twice: its values in one list, 16..64..8,96", ctx, param)
        found[name] = text
    return found


def _top(ctx: click.Context, param: click.Parameter, text: str) -> int | None:
    """A number, or `all`."""
    return None if text == "all" else whole(ctx, param, text)


def _text(ctx: click.Context, param: click.Parameter, text: str | None) -> str | None:
    """A text that says something."""
    if text is not None and not text.strip():
        raise click.BadParameter("it is empty", ctx, param)
    return text


def _names(ctx: click.Context, param: click.Parameter, text: str | None) -> tuple[str, ...] | None:
    """Names between commas, each once."""
    if text is None:
        return None
    found = tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))
    if not found:
        raise click.BadParameter(f"'{text}' names nothing", ctx, param)
    return found


@click.command("sweep")
@click.option("--vary", "vary", metavar="NAME=RANGE", multiple=True, callback=_varied, required=True,
              shell_complete=candidates.variable,
              help="What is varied, once for each: width=16..256..8, act=relu,silu, input=3x96x96,3x128x128.",
)  # fmt: skip
@click.option(
    "--where", metavar="CONDITION", callback=_text, help="Keep what meets it: 'params <= 5M and peak <= 512KiB'."
)
@click.option(
    "--minimize", metavar="NAME", callback=_text, help="Show those with the least of it first: macs, params(stem), …"
)
@click.option(
    "--maximize", metavar="NAME", callback=_text, help="Those with the most: width. Says what stops the next one up."
)
@click.option("--pareto", metavar="NAMES", callback=_names, default=None,
              help="Show the front: params,macs,field. Less is better, of field and variables more; or depth:max.",
)  # fmt: skip
@click.option("--columns", metavar="NAMES", callback=_names, help="The measures that are shown: params,macs,peak.")
@click.option("--top", metavar="N", default="20", callback=_top, help="How many are shown (20), or all.")
@click.option("--no-require", "required", flag_value=False, default=True, help="Pass over the file's require lines.")
@plot_option
@click.option("--write", "write", metavar="FILE", type=click.Path(), help="Write the spec with the best values.")
@click.option("--sample", metavar="N", callback=whole, help="Look at N candidates only, drawn at random.")
@click.option("--seed", metavar="S", type=int, default=0, help="With --sample: other ones for another number.")
@click.option("--jobs", metavar="N", callback=whole, default="1", help="Work with so many processes.")
@click.option("--engine", metavar="dask:ADDRESS", help="Work on a cluster of Dask: dask:tcp://host:8786.")
@click.option("--resume", metavar="FILE", type=click.Path(), help="Keep what is done in FILE, and go on from there.")
@click.option("--yes", is_flag=True, help="Do not ask before a long sweep.")
@reading
@output(*formats())
def command(
    reading: Reading, output: OutputOptions, vary: dict[str, str], where: str | None, minimize: str | None,
    maximize: str | None, pareto: tuple[str, ...] | None, columns: tuple[str, ...] | None, top: int | None,
    required: bool, plot: str | None, write: str | None, sample: int | None, seed: int, jobs: int,
    engine: str | None, resume: str | None, yes: bool,
) -> int:  # fmt: skip
    """Every combination of the values of some variables, exactly as 'shapes' would work it out.

    FILE is a spec or a model file: a path, - for standard input, or @alexnet for a bundled example. Without FILE it is
    ./model.txt. What varies are variables of the spec ('let' lines) and its input.

    A range is A..B or A..B..STEP, of whole numbers or decimals, or a list of numbers, words or shapes. Conditions are
    written as in require lines, of measures and of what is varied; the file's own require lines count, too. Of
    candidates that no network comes out of, the causes are told. Equal networks are shown once.

    \b
    cnncalc sweep net.txt --vary width=16..256..8 --maximize width
            --where "peak <= 512KiB"            the widest that fits
    cnncalc sweep net.txt --vary width=0.25..1..0.05 --pareto params,macs
            --vary input=3x96x96..3x224x224..32 --plot front.svg
    cnncalc sweep net.txt --vary act=relu,silu --minimize macs
            --write best.txt                    the best as a spec
    cnncalc sweep net.txt --vary w=1..4096 --vary n=1..64 --jobs 8
            --resume state.json                 go on after a break
    """
    from ...diagnostics import SpecError

    twice = [name for name in vary if name in reading.settings or name in reading.inputs]
    if twice:
        raise Refused(f"'{twice[0]}' is varied, and has one value too", "leave one of the two out")
    asking, prepared = _prepared(
        reading, output, vary=vary, where=where, minimize=minimize, maximize=maximize, pareto=pareto or (),
        columns=columns, top=top, required=required, sample=sample, seed=seed,
    )  # fmt: skip
    if isinstance(prepared, SpecError):
        return unread("sweep", reading, output, prepared, _empty(vary))
    files = {
        "--resume": resume,
        "--output": output.output if output.to_file else None,
        "--plot": plot,
        "--write": write,
    }
    _spare(files, files_of(spec_name(reading), prepared.network))
    _announce(prepared, output, yes)
    summary = _run(prepared, output, jobs, engine, resume)
    from ...variants.result import SweepResult, what_stops

    result = SweepResult(prepared, summary, what_stops(asking, prepared, summary))
    code = _show(asking, result, reading, output)
    if plot is not None:
        _plot(asking, result, plot, reading)
    if write is not None and result.rows:
        _write(asking, result, write)
    return code


def _empty(vary: dict[str, str]) -> dict[str, object]:
    """What a JSON document has where nothing can be worked out."""
    return {
        "variables": list(vary), "columns": [], "space": None, "candidates": None, "possible": None, "kept": None,
        "rows": [], "counts": [], "causes": [], "stopped": None,
    }  # fmt: skip


def _prepared(reading: Reading, output: OutputOptions, **asked: Any) -> tuple[Any, Any]:
    """What is asked, understood; in its place the error of a file that cannot be read. Raises Refused."""
    import os

    from ...diagnostics import SpecError
    from ...interpret import read_source

    try:
        import numpy  # noqa: F401 - of an extra
    except ImportError:
        raise Refused("a sweep needs NumPy", "pip install 'cnncalc[sweep]'") from None
    from ...variants.asking import AskError, Asking, SweepRequest
    from ...variants.ranges import RangeError

    try:
        if reading.file is None and not os.path.exists(DEFAULT):
            raise nothing_here("name a file: 'cnncalc sweep FILE'")
        source, folder = read_source(spec_name(reading), reading.file is not None, reading.how)
        request = SweepRequest(**asked, batch=reading.batch, dtype=reading.dtype, execution=reading.execution)
        asking = Asking(
            source, folder, request, reading.settings, reading.inputs, reading.max_layers, spec_name(reading)
        )
        return asking, asking()
    except SpecError as error:
        return None, error
    except AskError as error:
        raise Refused(f"--{error.about}: {error}", error.help) from None
    except RangeError as error:
        raise Refused(f"--vary: {error}", error.help) from None


def _spare(written: dict[str, str | None], read: Sequence[str]) -> None:
    """Raises Refused, before anything is worked out, where one file is read and written, or written twice."""
    import os

    from ...cli.writing import spare

    options: dict[str, str] = {}
    for option, path in written.items():
        if path is None:
            continue
        spare(path, read, option)
        other = options.setdefault(os.path.realpath(path), option)
        if other != option:
            raise Refused(f"{other} and {option} name one file: {path}")


def _announce(prepared: PreparedSweep, output: OutputOptions, yes: bool) -> None:
    """Says how many candidates there are; of very many it is asked on a terminal whether they are meant."""
    from ...document.figures import quantity

    task = prepared.task
    count = task.space.size if task.sample is None else min(task.sample, task.space.size)
    parts = " × ".join(f"{axis.name} {len(axis.values):,}" for axis in task.axes)
    if not output.quiet and output.chosen() != "json":
        click.echo(f"{quantity(count, 'candidate')}: {parts}", err=True)
    asked = count > _MANY and not yes and sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()
    if asked and click.prompt("this takes a while: go on? (yes/no)", default="no", err=True).strip().lower() != "yes":
        raise Refused("nothing was worked out", "larger steps, --sample 1000000, or --yes")


def _run(prepared: PreparedSweep, output: OutputOptions, jobs: int, engine: str | None, resume: str | None) -> Any:
    """The summary of the sweep. Raises Refused."""
    from ...cli.progress import counted
    from ...variants.running import EngineError, ResumeError, SweepRun, workers
    from ...variants.task import OtherVersion

    task = prepared.task
    total = task.space.size if task.sample is None else min(task.sample, task.space.size)
    try:
        with counted("candidates", total, not output.quiet) as told, workers(jobs, engine) as by:
            run: SweepRun = SweepRun(task, told, resume)
            return run(by)
    except (EngineError, ResumeError, OtherVersion) as error:
        raise Refused(str(error), getattr(error, "help", None)) from None


def _show(asking: Asking, result: SweepResult, reading: Reading, output: OutputOptions) -> int:
    """Shows the result; the exit code: 1 where no candidate is kept, 2 where none is a network."""
    from .facts import SweepFacts
    from .page import document

    network, request = result.prepared.network, asking.request
    front = bool(request.pareto)
    goal = ", ".join(request.pareto) if front else _goal(request.minimize, request.maximize)
    diagnostics = () if result.possible else network.diagnostics
    conditions = "the conditions" if request.where else "the file's own require lines"
    facts = SweepFacts(result, network.source.name, network.title, network.layout, goal, front, conditions, diagnostics)
    output.show(document(facts, "--format json has all"), files_of(spec_name(reading), network))
    if output.chosen() != "json":
        output.report([*diagnostics, *_notes(result, required=request.required)])
    return 2 if not result.possible else int(not result.kept)


def _notes(result: SweepResult, *, required: bool) -> list[Diagnostic]:
    """What to do where the file's own requirements, which count, leave nothing."""
    from ...diagnostics import NOTE, Diagnostic
    from ...interpret.specification import specification

    own = specification(result.prepared.network).requirements
    if result.kept or not result.possible or not required or not own:
        return []
    message = f"the file's own require lines count, too: there {'is' if len(own) == 1 else 'are'} {len(own)}"
    return [Diagnostic(NOTE, "sweep-require", message, own[0].span, "--no-require passes over them")]


def _goal(minimize: str | None, maximize: str | None) -> str:
    """``the least macs``."""
    return f"the least {minimize}" if minimize else f"the most {maximize}" if maximize else ""


def _write(asking: Asking, result: SweepResult, path: str) -> None:
    """Writes the spec with the values of the first row. Raises Refused."""
    from ...cli.writing import replace
    from .chosen import NotWritten, with_values

    row, axes = result.rows[0], result.prepared.task.axes
    settings = {**asking.settings, **{axis.name: row[axis.name] for axis in axes if not axis.is_input}}
    shapes = {axis.name: row[axis.name] for axis in axes if axis.is_input}
    try:
        text = with_values(result.prepared.network, settings, shapes)
    except NotWritten as error:
        raise Refused(f"--write: {error}") from None
    replace(path, text.encode())


def _plot(asking: Asking, result: SweepResult, path: str, reading: Reading) -> None:
    """Draws two measures of all candidates, and the front. Raises Refused."""
    from ...cli.plots import write_plot
    from .plot import picture

    write_plot(path, picture(asking, result), files_of(spec_name(reading), result.prepared.network))
