"""`cnncalc check`: expectations, requirements and limits; exit 1 where one is broken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from ...cli.options import output, paths
from ...cli.output import OutputOptions
from ...cli.specs import Reading
from ...measures import LIMITED, MEASURES
from ...render import REPORTS

if TYPE_CHECKING:
    from .project import Limits
    from .verdict import Conditions


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
    from .answer import CheckRequest, answer

    if update_baseline and (reading.inputs or reading.settings):
        raise click.UsageError(
            "--update-baseline writes the figures of the specs as they are: not with --input or --set"
        )
    asked = CheckRequest(_limits(limits, expect_output), _conditions(reading), config, update_baseline, specs_only)
    return answer(paths, reading, output, asked)


def _conditions(reading: Reading) -> Conditions:
    """What the options say: what they leave as it is, the project may say."""
    from click.core import ParameterSource

    from .verdict import Conditions

    context = click.get_current_context()
    said = {name: context.get_parameter_source(name) != ParameterSource.DEFAULT for name in ("batch", "execution")}
    batch = reading.batch if said["batch"] or reading.batch != 1 else None  # a shape in brackets says it, too
    return Conditions(batch, reading.dtype, reading.execution if said["execution"] else None)


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
