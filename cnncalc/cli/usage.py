"""What click says of a command line that it cannot read, with what to write instead."""

from __future__ import annotations

import click

#: Options whose value is one word, however many parts it has: what stands behind them, by parameter.
_ONE_WORD = {
    "columns": "what --columns takes is one word: --columns layer,output",
    "inputs": "what --input takes is one word: --input 1x28x28",
    "settings": "what --set takes is one word: --set width=64",
}

#: So many commands are named that take an option.
_MOST_COMMANDS = 3


def advice(error: click.UsageError) -> str | None:
    """What to write in the place of what was not understood; None where that is not known."""
    context = error.ctx
    if context is None:
        return None
    if isinstance(error, click.NoSuchOption):
        return _option(error, context)
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
    if "old" in names:
        return f"two are compared at a time: '{context.command_path} OLD NEW'"
    if "output" in names:
        return f"it takes one name; '{context.command_path} NAME -o FILE' writes it into a file"
    return None


def _option(error: click.NoSuchOption, context: click.Context) -> str | None:
    """Where an option stands that was written before its command; how a format is asked for that it is called like."""
    command = context.command
    write = "write '{}'"
    if isinstance(command, click.Group):
        command = command.get_command(context, "shapes") or command  # which most options are of
        write = "options stand behind the command: 'cnncalc shapes FILE {}'"
    name = error.option_name.lstrip("-")
    formats = next((getattr(one.type, "choices", ()) for one in command.params if one.name == "format"), ())
    meant = next((form for form in formats if name in (form, form[0])), None)
    if meant is not None:
        return write.format(f"--format {meant}")
    if error.option_name in _options(command):
        return write.format(f"{error.option_name} …")
    return _of_others(error.option_name, context)


def _options(command: click.Command) -> list[str]:
    return [option for one in command.params for option in (*one.opts, *one.secondary_opts)]


def _of_others(option: str, context: click.Context) -> str | None:
    """The commands that take an option which this one does not; None where none does, or many do."""
    group = context.find_root().command
    if not isinstance(group, click.Group) or not option.startswith("--"):
        return None
    commands = {name: group.get_command(context, name) for name in group.list_commands(context)}
    taking = [f"'cnncalc {name}'" for name, one in commands.items() if one is not None and option in _options(one)]
    if not 1 <= len(taking) <= _MOST_COMMANDS:
        return None
    return f"{option} is an option of {' and '.join(taking)}"
