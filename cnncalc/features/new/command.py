"""`cnncalc new`: the bundled examples, listed or written out."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from ...cli import candidates
from ...cli.guard import Refused
from ...cli.output import OutputOptions
from ...replacing import create
from ...values import nearest

if TYPE_CHECKING:
    from ...document.parts import Document


@click.command("new")
@click.argument("name", required=False, shell_complete=candidates.example)
@click.option("-o", "--output", metavar="FILE", type=click.Path(), help="Write it into FILE, which must not exist yet.")
def command(name: str | None, output: str | None) -> None:
    """List the bundled examples, or write one to start from.

    \b
    cnncalc new                        the list
    cnncalc new lenet5                 print one
    cnncalc new lenet5 -o model.txt    write it, never over an existing file
    """
    results = OutputOptions()
    if name is None:
        if output is not None:
            raise click.UsageError("which example? 'cnncalc new' lists them")
        results.show(_listed(), ())
        return
    text = _text(name.removeprefix("@"))
    if output is None or output == "-":
        results.write(results.screen().charset.lines(text))
        return
    _create(output, text)
    click.echo(f"wrote {output}: 'cnncalc shapes {output}' shows it", err=True)
    for used in _missing(text, output):
        example = used.removesuffix(".txt")
        click.echo(f"it uses {used}: 'cnncalc new {example} -o {used}' writes that, too", err=True)


def _listed() -> Document:
    """A row an example: its name and its title."""
    from ...document.parts import Document
    from ...document.sheets import Column, texts
    from ...interpret.reading.examples import examples

    columns = [Column("example", "example"), Column("title", "what it is")]
    sheet = texts(columns, [[example.name, example.title] for example in examples()], inset=())
    return Document(lambda medium: [sheet], dict)


def _missing(text: str, output: str) -> list[str]:
    """The files that the example uses and that are not beside it."""
    folder = os.path.dirname(output)
    names = [line.split(maxsplit=1)[1].strip() for line in text.splitlines() if line.startswith("use ")]
    return [name for name in names if not os.path.exists(os.path.join(folder, name))]


def _text(name: str) -> str:
    """The example of that name. Raises Refused with the nearest ones."""
    from ...interpret.reading.examples import example_names, example_path

    path = example_path(name)
    if path is not None:
        with open(path, encoding="utf-8") as file:
            return file.read()
    hint = nearest(name, example_names(), "'cnncalc new' lists them")
    raise Refused(f"no example '{name}': {hint}")


def _create(path: str, text: str) -> None:
    """Writes a new file. Raises Refused where there is one already, or it cannot be written."""
    try:
        create(path, text.encode())
    except FileExistsError:
        raise Refused(f"{path} exists already, and is left as it is: name another file") from None
    except OSError as error:
        raise Refused(f"cannot write {path}: {error.strerror or error}") from None
