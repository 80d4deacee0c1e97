"""`cnncalc conventions`: the ways of counting, with their sources."""

from __future__ import annotations

import click

from ...cli import candidates
from ...cli.guard import Refused
from ...cli.options import output
from ...cli.output import OutputOptions
from ...render import formats


@click.command("conventions")
@click.argument("name", required=False, shell_complete=candidates.convention)
@output(*formats(records=False))
def command(name: str | None, output: OutputOptions) -> None:
    """How other tools count MACs and FLOPs; or one tool, in full.

    A convention is the way in which one tool counts: what it adds for each kind
    of layer, and which layers it leaves out.

    \b
    cnncalc conventions              all conventions, and their tools
    cnncalc conventions fvcore       one: what it adds for each kind of layer
    cnncalc shapes --count fvcore    count a network in that way
    """
    from ...measure.conventions import CONVENTIONS, UnknownConvention, find
    from .page import all_conventions, one_convention

    try:
        output.show(one_convention(find(name)) if name else all_conventions(CONVENTIONS.values()), ())
    except UnknownConvention as error:
        raise Refused(str(error)) from None
