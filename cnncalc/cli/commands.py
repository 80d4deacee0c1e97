"""The command line by click: options in, exit code out.

A command is imported when it is run, and imports what it needs in its body.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import click

from .. import __version__
from .guard import FAULTY, exit_code_of, pipes_told

#: The commands, in the order of `--help`, and the module of each, which holds its `command`.
COMMANDS = {
    "shapes": "features.shapes.command",
    "compare": "features.compare.command",
    "explain": "features.explain.command",
    "memory": "features.memory.command",
    "check": "features.check.command",
    "diff": "features.diff.command",
    "convert": "features.convert.command",
    "draw": "features.draw.command",
    "sweep": "features.sweep.command",
    "report": "features.report.command",
    "annotate": "features.rewrite.annotate_command",
    "fmt": "features.rewrite.fmt_command",
    "layers": "features.layers.command",
    "conventions": "features.conventions.command",
    "new": "features.new.command",
    "completion": "cli.completion",
    "help": "cli.help",
}


#: What other tools call what there is.
_OTHER_WORDS = {
    "summary": "shapes", "show": "shapes", "print": "shapes", "table": "shapes", "info": "shapes", "params": "shapes",
    "macs": "shapes", "flops": "shapes", "count": "shapes", "test": "check", "lint": "check", "verify": "check",
    "validate": "check", "format": "fmt", "list": "new", "examples": "new", "kinds": "layers", "version": "--version",
}  # fmt: skip


class Commands(click.Group):
    """A group that knows its commands by name only, and ends in an exit code whatever happens."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        from importlib import import_module

        command: click.Command = import_module(f"cnncalc.{COMMANDS[cmd_name]}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that `args` start with; an unknown one is answered with the nearest."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            ctx.fail(_unknown(args[0]))
        return super().resolve_command(ctx, args)

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """The context of a run. Closed pipes are told from other faults."""
        with pipes_told():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs a command and returns its exit code. Closed pipes are told from other faults."""
        with pipes_told():
            return super().invoke(ctx)

    def main(self, args: Sequence[str] | None = None, *more: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        """Runs the command line and exits with its code; no fault gets through as a traceback."""
        if "_CNNCALC_COMPLETE" in os.environ:
            from .completion import register

            register()
        run: Callable[[], Any] = partial(super().main, args, *more, standalone_mode=False, **extra)
        if not standalone_mode:
            return run()
        raise SystemExit(exit_code_of(run))


def _version(ctx: click.Context, param: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        click.echo(f"cnncalc {__version__}")
        ctx.exit()


def _unknown(word: str) -> str:
    """What is said of a word that is no command."""
    from difflib import get_close_matches

    instead = None
    if word.startswith("@") or os.path.exists(word) or word.endswith(".txt"):
        instead = f"shapes {word}"
    else:
        from ..convert.lookup import lookup
        from ..interpret.reading.examples import example_names

        if word in example_names():
            instead = f"shapes @{word}"
        elif lookup(word) is not None:
            instead = f"layers {word}"
        instead = instead or _OTHER_WORDS.get(word.lower())
    if instead is not None:
        return f"no command '{word}': did you mean 'cnncalc {instead}'?"
    near = get_close_matches(word, COMMANDS, 1)
    hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(COMMANDS)}"
    return f"no command '{word}': {hint}"


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-V", "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version."
)
@click.pass_context
def main(ctx: click.Context) -> int | None:
    """Shapes, parameters, MACs and FLOPs of convolutional networks, from a text file.

    \b
    cnncalc new lenet5 -o model.txt   start with an example
    cnncalc shapes                    look at ./model.txt
    cnncalc shapes @resnet50          look at a bundled example
    cnncalc help language             learn to write your own in ten minutes
    """
    if ctx.invoked_subcommand is not None:
        return None
    click.echo(ctx.get_help(), err=True)
    return FAULTY
