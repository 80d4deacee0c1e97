"""What click says of a command line that it cannot read, with what to write instead."""

from __future__ import annotations

import click

#: Options whose value is one word, however many parts it has: what stands behind them, by parameter.
_ONE_WORD = {
    "columns": "what --columns takes is one word: --columns layer,output",
    "inputs": "what --input takes is one word: --input 1x28x28",
    "settings": "what --set takes is one word: --set width=64",
}


def advice(error: click.UsageError) -> str | None:
    """What to write in the place of what was not understood; None where that is not known."""
    context = error.ctx
    if context is None:
        return None
    if isinstance(error, click.NoSuchOption):
        return _behind_command(error, context)
    return _extra(context) if error.message.startswith("Got unexpected extra argument") else None


def _extra(context: click.Context) -> str | None:
    """What to write in the place of a word too many."""
    names = [parameter.name for parameter in context.command.params]
    for name, said in _ONE_WORD.items():
        if name in names and context.params.get(name):
            return said
    if "layer" in names:
        return f"it takes one layer of one file: '{context.command_path} FILE LAYER'"
    if "file" in names:
        return "several are put side by side by 'cnncalc compare', one differs from another by 'cnncalc diff'"
    if "output" in names:
        return f"'{context.command_path} NAME -o FILE' writes it into a file"
    return None


def _behind_command(error: click.NoSuchOption, context: click.Context) -> str | None:
    """Where an option stands that a command has, and that was written before it; or that names a format."""
    group = context.command
    if not isinstance(group, click.Group):
        return None
    command = group.get_command(context, "shapes")
    assert command is not None  # the one that most options are of
    options = [option for one in command.params for option in (*one.opts, *one.secondary_opts)]
    formats = next((one.type for one in command.params if one.name == "format"), None)
    words = [name for name in getattr(formats, "choices", ()) if name[:1] == error.option_name.lstrip("-")[:1]]
    name = error.option_name.lstrip("-")
    if error.option_name in options:
        return f"options stand behind the command: 'cnncalc shapes FILE {error.option_name} …'"
    if name in words or (len(name) == 1 and words):
        return f"options stand behind the command: 'cnncalc shapes FILE --format {words[0]}'"
    return None
