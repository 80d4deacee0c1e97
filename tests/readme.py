"""What stands in the fenced blocks of a Markdown file. As a script: print the Nth set-up command of README.

.ci/run uses the script before anything is installed, so this file needs nothing but Python.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
FENCE = re.compile(r"^ *(`{3,}|~{3,}) *([^`]*)$")
SHELLS = ("console", "sh", "bash", "shell")
SETUP = re.compile(r"-m venv|pip install|-m pytest|git clone|^cd |bin/activate")


class Block(NamedTuple):
    """A fenced block: the words behind its fence (a language, perhaps a file), its lines, its first line."""

    info: list[str]
    lines: list[str]
    line: int

    @property
    def language(self) -> str:
        return self.info[0] if self.info else ""

    @property
    def file(self) -> str:
        """The file that the block is to be written to, if its fence names one."""
        return self.info[1] if len(self.info) == 2 else ""

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for line in self.lines)


class Command(NamedTuple):
    """A command of a console block, and what is shown below it."""

    text: str
    output: list[str]
    line: int

    def without_setup(self) -> str:
        """The parts that neither make an environment nor run tests, without the environment's folder."""
        parts = [part for part in re.split(r" *&& *", self.text) if not SETUP.search(part)]
        return " && ".join(parts).replace(".venv/bin/", "")


def blocks(text: str) -> Iterator[Block]:
    """Every fenced block of a Markdown text."""
    fence, info, lines, start = "", [], [], 0
    for number, line in enumerate(text.splitlines(), 1):
        match = FENCE.match(line)
        if not fence and match:
            fence, info, lines, start = match[1], match[2].split(), [], number + 1
        elif fence and line.strip() == fence:
            yield Block(info, lines, start)
            fence = ""
        elif fence:
            lines.append(line)


def prose(text: str) -> str:
    """The text without its fenced blocks and inline code."""
    for block in blocks(text):
        text = text.replace("\n".join(block.lines), "")
    return re.sub(r"`[^`\n]*`", "", text)


def commands(block: Block) -> list[Command]:
    """The commands of a console block: `$ ` starts one, `> ` right below continues it, the rest is output."""
    found: list[Command] = []
    for number, line in enumerate(block.lines, block.line):
        if line.startswith("$ "):
            found.append(Command(line[2:], [], number))
        elif found and line.startswith("> ") and not found[-1].output:
            found[-1] = found[-1]._replace(text=found[-1].text + "\n" + line[2:])
        elif found:
            found[-1].output.append(line)
    return found


def setup_commands(text: str) -> list[str]:
    """The commands that install the package, in any shell block, in their order."""
    lines = (line for block in blocks(text) if block.language in SHELLS for line in block.lines)
    return [line.removeprefix("$ ") for line in lines if "pip install" in line]


if __name__ == "__main__":
    print(setup_commands((ROOT / "README.md").read_text("utf-8"))[int(sys.argv[1]) - 1])
