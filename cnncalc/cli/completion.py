"""`cnncalc completion`: what a shell completes of a command line, and the script that asks.

A script in shells/ hands over the words up to the cursor, and gets a line for each word that the last may become: how
it is dealt with (plain; open, where more is typed behind it; file, for the shell's own files), the word, and what it
is.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import (
    BashComplete,
    FishComplete,
    ShellComplete,
    ZshComplete,
    _resolve_context,
    _resolve_incomplete,
    add_completion_class,
    split_arg_string,
)

from .guard import Refused
from .output import OutputOptions

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

#: What a word ends in that is not whole yet.
_OPEN = ("=", ":", "/")
#: Breaks that belong to the word behind them, by bash (bashline.c: rl_special_prefixes).
_PREFIXES = "$@"
#: What bash takes for more than a letter of a word.
_SPECIAL = re.compile(r"([^\w@%+=:,./~-])")


class _Shell(ShellComplete):
    """What the shells have in common: words go over whole, whatever the shell takes for a word."""

    source_template = ""
    #: Whether words are inserted as they are.
    quoted = False

    def source(self) -> str:
        return script(self.name)

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one at the cursor, without the command itself, and that one up to the cursor."""
        return os.environ.get("COMP_WORDS", "").split("\n")[1:], os.environ.get("COMP_CURRENT", "")

    def complete(self) -> str:
        """A line for each word; none where anything goes wrong: somebody is typing."""
        try:
            args, current = self.get_completion_args()
            option, sign, _ = current.partition("=")
            before = option + sign if sign and option.startswith("--") else ""
            items = self.get_completions(args, current)
            self.quoted |= any(item.type != "plain" for item in items)  # of files the shell sees to that
            found = [self.line(item, before, current) for item in items]
        except Exception:
            return ""
        return "\n".join(line for line in dict.fromkeys(found) if line)

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[Any]]:
        """The same as click's; but an option that waits for its value does not take the files away from it."""
        read = args[:-1] if args and args[-1].startswith("-") else args
        context = _resolve_context(self.cli, self.ctx_args, self.prog_name, read)
        asked, word = _resolve_incomplete(context, args, incomplete)
        return asked.shell_complete(context, word)

    def line(self, item: CompletionItem[Any], before: str, current: str) -> str:
        """The line of one item; `before` is the option that is joined to the word. Nothing for what nobody types."""
        if item.type != "plain":
            return "\t".join(("file", *self.file(current, before)))
        word, help = f"{before}{item.value}", " ".join((item.help or "").split())
        if not word.isprintable() or not help.isprintable():
            return ""
        return "\t".join(("open" if word.endswith(_OPEN) else "plain", self.inserted(word), help))

    def inserted(self, word: str) -> str:
        """A word as the shell takes it."""
        return word

    def file(self, current: str, before: str) -> tuple[str, ...]:
        """What the script has to know to complete a file."""
        return ()


class _Zsh(_Shell):
    name = "zsh"


class _Fish(_Shell):
    name = "fish"

    def get_completion_args(self) -> tuple[list[str], str]:
        """The same; fish hands the last word over as it is typed, with its quotes."""
        args, current = super().get_completion_args()
        return args, (split_arg_string(current) or [""])[-1]


class _Bash(_Shell):
    """Bash completes from the last sign on that it takes for a break, such as '@', and inserts what it is given."""

    name = "bash"
    kept = 0

    def get_completion_args(self) -> tuple[list[str], str]:
        line, breaks = os.environ.get("COMP_LINE", ""), os.environ.get("COMP_WORDBREAKS", "")
        words, self.kept, self.quoted = bash_words(line, breaks)
        command = os.environ.get("COMP_COMMAND", "")
        first = words.index(command) if command in words[:-1] else 0
        return words[first + 1 : -1], words[-1]

    def inserted(self, word: str) -> str:
        rest = word[self.kept :]
        return rest if self.quoted else _SPECIAL.sub(r"\\\1", rest)

    def line(self, item: CompletionItem[Any], before: str, current: str) -> str:
        return super().line(item, before, current).rpartition("\t")[0]

    def file(self, current: str, before: str) -> tuple[str, ...]:
        """How much of its name is kept as it is, and what there is of it."""
        return str(max(self.kept - len(before), 0)), current[len(before) :], ""


def bash_words(line: str, breaks: str) -> tuple[list[str], int, bool]:
    """The words of a command line up to the cursor, without quotes and backslashes: the last one is being typed.

    And how much of that readline leaves alone: up to the last of the `breaks`, or the quote that is still open, in it;
    and whether there is one.
    """
    words, kept, quote, started = [""], 0, "", False
    signs = iter(line)
    for sign in signs:
        if sign == "\\" and quote != "'":
            words[-1] += next(signs, "")
            started = True
        elif sign == quote or (not quote and sign in "'\""):
            quote, kept, started = "" if quote else sign, len(words[-1]), True
        elif quote or not sign.isspace():
            words[-1] += sign
            started = True
            if not quote and sign in breaks:
                kept = len(words[-1]) - (sign in _PREFIXES)
        elif started:
            words.append("")
            kept, started = 0, False
    return words, kept, bool(quote)


def script(shell: str) -> str:
    """The script of a shell."""
    with open(os.path.join(os.path.dirname(__file__), "shells", f"cnncalc.{shell}"), encoding="utf-8") as file:
        return file.read()


SHELLS = {one.name: one for one in (_Bash, _Zsh, _Fish)}


def register() -> None:
    """Has click ask these classes, not its own; but where click's own script asks, which is in many a start file."""
    for own, clicks in zip(SHELLS.values(), (BashComplete, ZshComplete, FishComplete), strict=True):
        add_completion_class(clicks if "COMP_CWORD" in os.environ else own)


@click.command("completion")
@click.argument("shell", required=False, metavar="bash|zsh|fish", type=click.Choice([*SHELLS]))
def command(shell: str | None) -> int:
    """Print what to put into a shell's start file, for the Tab key.

    With it, Tab completes commands, options, files and @examples, and the names
    of layers, inputs and variables. Without a shell it is the one of $SHELL.

    \b
    cnncalc completion bash >> ~/.bashrc
    cnncalc completion zsh >> ~/.zshrc
    cnncalc completion fish > ~/.config/fish/completions/cnncalc.fish

    \b
    cnncalc shapes @re<Tab>                 a bundled example
    cnncalc explain @alexnet co<Tab>        a layer
    cnncalc shapes net.txt --set w<Tab>     a variable
    cnncalc shapes --count fvcore,th<Tab>   the next of a list
    """
    shell = shell or os.path.basename(os.environ.get("SHELL", ""))
    if shell not in SHELLS:
        raise Refused("which shell?", f"write 'cnncalc completion {'|'.join(SHELLS)}'")
    OutputOptions("plain").write(script(shell))
    return 0
