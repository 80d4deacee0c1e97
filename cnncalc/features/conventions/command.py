"""`cnncalc conventions`: the ways of counting, with their sources."""

from __future__ import annotations

import click

from ...cli.count_option import complete
from ...cli.guard import Refused
from ...cli.options import output
from ...cli.output import Output

FORMATS = ("table", "plain", "json", "markdown")


@click.command("conventions")
@click.argument("name", required=False, shell_complete=complete)
@output(*FORMATS)
def command(name: str | None, output: Output) -> int:
    """The ways of counting, or one of them in full.

    \b
    cnncalc conventions              all, with the tools they are of
    cnncalc conventions fvcore       one: its number for every kind of layer
    cnncalc shapes --count fvcore    count so
    """
    from ...measure.conventions import CONVENTIONS, UnknownConvention, find
    from ...render import conventions

    try:
        one = find(name) if name else None
    except UnknownConvention as error:
        raise Refused(str(error)) from None
    form, charset = output.chosen(), output.charset()
    if form == "json":
        text = conventions.as_json([one] if one else CONVENTIONS.values(), output.ascii_only())
    elif form == "markdown":
        text = conventions.as_markdown(
            conventions.rows(one) if one else conventions.overview(CONVENTIONS.values()), charset
        )
    elif one:
        text = conventions.detail(one, charset, output.width())
    elif form == "table":
        text = conventions.wrapped(conventions.overview(CONVENTIONS.values()), charset, output.width())
    else:
        text = conventions.plain(conventions.overview(CONVENTIONS.values()), charset)
    output.write(text)
    return 0
