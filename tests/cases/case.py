"""A case: a spec, commands on it, and exactly what each prints."""

import shlex
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

FOLDER = Path(__file__).parent


class Step(NamedTuple):
    """A command line and what it prints, `[exit N]` below it where N is not 0."""

    command: str
    output: str


class Case(NamedTuple):
    """The files of a case, the first one model.txt, and the steps."""

    path: Path
    files: dict[str, str]
    steps: list[Step]

    def run(self) -> list[Step]:
        """The steps with what they print today, in the working folder, which is empty."""
        for name, text in self.files.items():
            Path(name).write_text(text, encoding="utf-8")
        return [Step(step.command, output(step.command)) for step in self.steps]

    def record(self, steps: list[Step]) -> None:
        """Writes the case with these steps."""
        files = [text if name == "model.txt" else f"--- {name}\n{text}" for name, text in self.files.items()]
        self.path.write_text("".join(files) + "".join(f"$ {one.command}\n{one.output}" for one in steps), "utf-8")


def read(path: Path) -> Case:
    """The case in a file: a spec; `--- NAME` before other files; `$ COMMAND` before what it prints."""
    files, steps = {"model.txt": ""}, []
    name = "model.txt"
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.startswith("$ "):
            steps.append(Step(line[2:].strip(), ""))
        elif steps:
            steps[-1] = Step(steps[-1].command, steps[-1].output + line)
        elif line.startswith("--- "):
            name = line[4:].strip()
            files[name] = ""
        else:
            files[name] += line
    return Case(path, files, steps)


def output(command: str) -> str:
    """What a command prints, an empty line behind it: `cnncalc …`, or `cat FILE`."""
    from cnncalc.cli import main

    program, *arguments = shlex.split(command)
    if program == "cat":
        return Path(arguments[0]).read_text(encoding="utf-8") + "\n"
    result = CliRunner().invoke(main, arguments, prog_name=program)
    lines = result.stdout + result.stderr
    return lines + (f"[exit {result.exit_code}]\n" if result.exit_code else "") + "\n"


def cases(folder: Path = FOLDER) -> list[Case]:
    """All cases of a folder, by name."""
    return [read(path) for path in sorted(folder.glob("*.txt"))]
