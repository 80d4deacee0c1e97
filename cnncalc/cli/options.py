"""Options and arguments that mean the same in every command, by the same names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from ..records import Record
from .output import Output
from .specs import MAX_LAYERS, Reading

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Function = Callable[..., Any]


def whole(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """A whole number over 0; its digits may be grouped."""
    if value is None:
        return None
    digits = value.replace(",", "").replace("_", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 100 and int(digits)):
        raise click.BadParameter(f"'{value}' is not a whole number over 0", ctx, param)
    return int(digits)


def _complete_spec(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The examples after an @, files otherwise."""
    from click.shell_completion import CompletionItem

    if not incomplete.startswith("@"):
        return [CompletionItem(incomplete, type="file")]
    from ..interpret.examples import example_names

    names = [f"@{name}" for name in example_names()]
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


def _pairs(ctx: click.Context, param: click.Parameter, words: Sequence[str]) -> dict[str, str]:
    """`NAME=VALUE` words as a mapping."""
    found = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not (sign and name.strip() and value.strip()):
            raise click.BadParameter(f"'{word}' is not NAME=VALUE: write --set width=64", ctx, param)
        found[name.strip()] = value.strip()
    return found


def _shapes(ctx: click.Context, param: click.Parameter, words: Sequence[str]) -> dict[str | None, str]:
    """`SHAPE` or `NAME=SHAPE` words as a mapping; the name of a lone shape is None."""
    found: dict[str | None, str] = {}
    for word in words:
        name, sign, shape = word.rpartition("=")
        if (sign and not name.strip()) or not shape.strip():
            raise click.BadParameter(f"'{word}' is no shape: write --input 3x224x224", ctx, param)
        found[name.strip() or None] = shape.strip()
    if len(words) > 1 and (None in found or len(found) < len(words)):
        raise click.BadParameter("several inputs need their names: --input NAME=SHAPE", ctx, param)
    return found


_READING = (
    click.argument("file", required=False, shell_complete=_complete_spec),
    click.option("--input", "inputs", metavar="SHAPE", multiple=True, callback=_shapes,
                 help="Another input: 3x224x224; NAME=SHAPE where there are several."),
    click.option("--set", "settings", metavar="NAME=VALUE", multiple=True, callback=_pairs,
                 help="Another value for a variable of the spec (its 'let')."),
    click.option("--batch", callback=whole, default="1", metavar="N",
                 help="Count for N samples; parameters and shapes stay."),
    click.option("--dtype", type=click.Choice(["fp32", "fp16", "bf16", "int8"]), default="fp32",
                 help="What a number is stored in: fp32, fp16, bf16 or int8.", metavar="TYPE"),
    click.option("--max-layers", callback=whole, default=str(MAX_LAYERS), metavar="N",
                 help="Stop at so many layers (a million)."),
)  # fmt: skip


class Choice(Record):
    """Which specs are read, and what of them is overridden: as given, an input or variable may have several values."""

    files: tuple[str, ...]
    inputs: tuple[str, ...]
    settings: dict[str, str]
    batch: int
    dtype: str
    max_layers: int


_CHOICE = (
    click.argument("files", nargs=-1, shell_complete=_complete_spec, metavar="[FILE]..."),
    click.option("--input", "inputs", metavar="SHAPE", multiple=True,
                 help="Another input; given again, another column. NAME=SHAPE where there are several."),
    *_READING[2:],
)  # fmt: skip


def choice(function: Function) -> Function:
    """Adds FILE… and the options about reading them; the function gets them as one `Choice`."""

    @wraps(function)
    def wrapper(**given: Any) -> Any:
        return function(choice=Choice(*(given.pop(name) for name in Choice._fields)), **given)

    return _with(wrapper, _CHOICE)


def reading(function: Function) -> Function:
    """Adds FILE and the options about reading it; the function gets them as one `Reading`."""

    @wraps(function)
    def wrapper(**given: Any) -> Any:
        return function(reading=Reading(*(given.pop(name) for name in Reading._fields)), **given)

    return _with(wrapper, _READING)


def paths(function: Function) -> Function:
    """Adds PATH… and the options about reading specs, but --max-layers; the function gets the paths, and a `Reading` of
    no file.
    """

    @wraps(function)
    def wrapper(**given: Any) -> Any:
        inputs, settings, batch, dtype = map(given.pop, ("inputs", "settings", "batch", "dtype"))
        return function(reading=Reading(None, inputs, settings, batch, dtype, MAX_LAYERS), **given)

    every = click.argument("paths", nargs=-1, shell_complete=_complete_spec, metavar="[PATH]...")
    return _with(wrapper, (every, *_READING[1:-1]))


_PAIR = (
    click.argument("old", shell_complete=_complete_spec, metavar="OLD"),
    click.argument("new", required=False, shell_complete=_complete_spec, metavar="[NEW]"),
    *_READING[1:],
)


def pair(function: Function) -> Function:
    """Adds OLD, NEW and the options about reading both; the function gets each as a `Reading`."""

    @wraps(function)
    def wrapper(**given: Any) -> Any:
        old, new = given.pop("old"), given.pop("new")
        options = [given.pop(name) for name in Reading._fields[1:]]
        return function(old=Reading(old, *options), new=Reading(new, *options), **given)

    return _with(wrapper, _PAIR)


def output(*formats: str, otherwise: str = "a table on a terminal, plain in a pipe") -> Callable[[Function], Function]:
    """Adds the options about results; the function gets them as one `Output`. `otherwise` says what is the default."""
    options = (
        click.option("--format", type=click.Choice(formats), metavar="FORMAT",
                     help=f"{', '.join(formats[:-1])} or {formats[-1]}; else {otherwise}."),
        click.option("-o", "--output", metavar="FILE", type=click.Path(),
                     help="Write to FILE, whole or not at all."),
        click.option("--color/--no-color", default=None, help="With colour, or without (so does NO_COLOR)."),
        click.option("-q", "--quiet", is_flag=True, help="No warnings, no notes."),
        click.option("--strict", is_flag=True, help="Exit 1 on any warning, or anything uncounted."),
    )  # fmt: skip

    def decorate(function: Function) -> Function:
        @wraps(function)
        def wrapper(**given: Any) -> Any:
            return function(output=Output(*(given.pop(name) for name in Output._fields)), **given)

        return _with(wrapper, options)

    return decorate


def _with(function: Function, options: Sequence[Callable[[Function], Function]]) -> Function:
    for option in reversed(options):
        function = option(function)
    return function
