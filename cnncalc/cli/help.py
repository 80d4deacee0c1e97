"""`cnncalc help`: the topics, and the help of the commands."""

from __future__ import annotations

import os

import click

from .candidates import completing
from .guard import Refused
from .output import OutputOptions

#: The topics, each a text in topics/, with what it is about.
TOPICS = {
    "language": "how a spec is written: every line, in ten minutes",
    "counting": "what parameters, MACs, FLOPs and the receptive field are here",
    "devices": "memory: types of numbers, execution, arena and flash, training",
    "formats": "what is read as specs are: PyTorch and Keras code, ONNX, ...",
    "json": "the document of --format json, field by field",
    "pyproject": "what 'cnncalc check' reads of a project; the commands for CI",
    "exit-codes": "0, 1, 2 and 130, and where messages go",
}

#: Kinds of layer that are named.
_SAID = 4


@click.command("help")
@click.argument("topic", required=False, shell_complete=completing(lambda ctx, word: _names(ctx)))
@click.pass_context
def command(ctx: click.Context, topic: str | None) -> int:
    """What there is to read: topics, and the help of each command.

    \b
    cnncalc help             the topics and commands
    cnncalc help language    how a spec is written
    cnncalc help shapes      the options of a command
    """
    results = OutputOptions("plain")
    if topic is None:
        text = _overview(ctx)
    elif topic in TOPICS:
        text = _topic(topic)
    else:
        text = _command_help(ctx, topic)
    screen = results.screen()
    text = screen.charset.lines(text)
    results.write(_bold_headings(text) if screen.color else text)
    return 0


def _group(ctx: click.Context) -> click.Group:
    """The group that the command is in."""
    group = ctx.find_root().command
    assert isinstance(group, click.Group)
    return group


def _names(ctx: click.Context) -> list[str]:
    """All that `cnncalc help` can be asked for."""
    return [*TOPICS, *_group(ctx).list_commands(ctx)]


def _overview(ctx: click.Context) -> str:
    """The topics and commands, a line each."""
    lines = ["Topics (cnncalc help TOPIC):"]
    lines += [f"  {name:<13}{about}" for name, about in TOPICS.items()]
    lines += ["", "Commands (cnncalc help COMMAND):"]
    for name in _group(ctx).list_commands(ctx):
        found = _group(ctx).get_command(ctx, name)
        lines.append(f"  {name:<13}{found.get_short_help_str(66) if found else ''}")
    lines += ["", "A kind of layer, with all its arguments: cnncalc layers KIND"]
    return "\n".join(lines) + "\n"


def _topic(name: str) -> str:
    """The text of a topic."""
    path = os.path.join(os.path.dirname(__file__), "topics", f"{name}.md")
    with open(path, encoding="utf-8") as file:
        return file.read()


def _bold_headings(text: str) -> str:
    """A topic with its headings in bold, in place of their number signs."""
    from ..render.text import painted

    lines = text.split("\n")
    return "\n".join(painted(line.lstrip("# "), "bold") if line.startswith("#") else line for line in lines)


def _command_help(ctx: click.Context, name: str) -> str:
    """The help of a command. Raises Refused with what is nearest to an unknown word."""
    root = ctx.find_root()
    found = _group(ctx).get_command(root, name)
    if found is None:
        from difflib import get_close_matches

        from ..convert.lookup import lookup
        from ..layers import KINDS

        if lookup(name) is not None:
            raise Refused(f"no topic '{name}': 'cnncalc layers {name}' says all of that layer")
        kinds = [kind for kind, cls in KINDS.items() if name in cls.keys]
        if kinds and not get_close_matches(name, _names(ctx), 1, 0.8):
            example, *_ = kinds
            own, some = KINDS[example].keys[name], ", ".join(kinds[:_SAID]) + ", …" * (len(kinds) > _SAID)
            hint = f"'cnncalc layers {example}' says what it is"
            raise Refused(f"no topic '{name}': '{own}=' is an argument of {some}: {hint}")
        near = get_close_matches(name, _names(ctx), 1)
        hint = f"did you mean '{near[0]}'?" if near else "'cnncalc help' lists them"
        raise Refused(f"no topic '{name}': {hint}")
    with click.Context(found, info_name=name, parent=root) as inner:
        return found.get_help(inner) + "\n"
