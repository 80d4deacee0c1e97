"""Commands that rewrite specs (fmt, annotate): which files, --check, --diff, and the writing, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from ...cli.guard import BROKEN, FAULTY, FINE, Refused, echo_bytes, fault, logged, say
from ...cli.options import COLOR, adding, taken
from ...cli.output import OutputOptions
from ...cli.paths import find
from ...cli.specs import DEFAULT
from ...cli.writing import replace
from ...records import Record
from ...roots import root_of

if TYPE_CHECKING:
    from ...diagnostics import Source
    from ...interpret.reading.files import Folder

#: What is made of a text: the new one. Raises SpecError.
Change = Callable[["Source", "Folder | None"], str]

_MARK = "\ufeff"


class Job(Record):
    """What is to be rewritten, and how it is shown."""

    paths: tuple[str, ...]
    check: bool
    diff: bool
    color: bool | None
    quiet: bool
    specs_only: bool


#: Adds PATH… and the options about writing; the function gets them as one `Job`.
options = adding(
    (
        click.argument("paths", nargs=-1, type=click.Path(), metavar="[PATH]..."),
        click.option("--check", is_flag=True, help="Change no file; name those that would change, and exit with 1."),
        click.option("--diff", is_flag=True, help="Change no file; show what would change, as a diff."),
        click.option("--color/--no-color", default=None, help=COLOR),
        click.option(
            "--specs-only", is_flag=True, help="Skip files that are no specs, even if they are named. For commit hooks."
        ),
        click.option("-q", "--quiet", is_flag=True, help="Show errors only. With --check show nothing but errors."),
    ),
    lambda given: {"job": taken(Job, given)},
)


def rewrite(job: Job, change: Change, done: str) -> int:
    """Rewrites the files of `job` by `change`, each whole; what happened to one is called `done` ("formatted").

    A file with errors is left as it is, and reported; the others are written all the same. Returns the exit code.
    """
    found = find(job.paths or _default(), job.specs_only, None if job.paths else root_of(os.curdir), texts_only=True)
    writer = _Rewriter(job, change, done)
    codes = [writer.file(name, name not in found.outside) for name in found.files]
    writer.sum_up(codes.count(FAULTY), found.remark)
    return max(codes, default=FINE)


def _default() -> Sequence[str]:
    if not os.path.exists(DEFAULT):
        raise Refused(f"there is no {DEFAULT} here: name files or folders")
    return (DEFAULT,)


class _Rewriter:
    """Rewrites file after file."""

    def __init__(self, job: Job, change: Change, done: str) -> None:
        self.job = job
        self.change = change
        self.done = done
        self.output = OutputOptions("plain", color=job.color, quiet=job.quiet)
        self.changed = 0
        self.same = 0

    def file(self, name: str, inside: bool) -> int:
        """Rewrites a file, or shows what would become of it; an exit code. Nothing raises but a closed pipe.

        One that is not `inside` of the project is only reported.
        """
        from ...diagnostics import SpecError
        from ...interpret.reading.files import outside

        broken = None
        try:
            if not inside:
                raise outside(name)
            source, folder, mark = _read(name, self.job.check or self.job.diff)
            text = self.change(source, folder)
        except SpecError as error:
            self.output.report(error.diagnostics)
            return FAULTY
        except Exception as error:  # a fault of ours in one file leaves the others to be written
            broken = fault(error)
        if broken is not None:
            say(f"{name}: {broken[0]}", broken[1])
            return FAULTY
        try:
            code = self._deal(name, source, text, mark)
        except Refused as refused:
            say(refused.message, refused.help)
            return FAULTY
        self.changed += text != source.text
        self.same += text == source.text
        return code

    def _deal(self, name: str, source: Source, text: str, mark: str) -> int:
        """Shows or writes the new text of a file. Raises Refused."""
        differs = text != source.text
        if self.job.check or self.job.diff:
            if differs and self.job.diff:
                self.output.write(self._diff(source, text))
            elif differs and not self.job.quiet:
                self.output.write(self.output.screen().charset(f"{source.name}: would be {self.done}") + "\n")
            return BROKEN if differs and self.job.check else FINE
        if name == "-":
            echo_bytes((mark + text).encode())
        elif differs:
            replace(name, (mark + text).encode(), was=(mark + source.text).encode())
            if not self.job.quiet:
                click.echo(logged(self.output.screen().charset(f"{name}: {self.done}")), err=True)
        return FINE

    def _diff(self, source: Source, text: str) -> str:
        """What changes, as a unified diff."""
        from io import StringIO

        from ...render.patch import render
        from .patch import unified

        old, new = (StringIO(one, newline="\n").readlines() for one in (source.text, text))  # a CR alone ends none
        return "".join(render(unified(old, new, (source.name, f"{source.name} ({self.done})")), self.output.screen()))

    def sum_up(self, broken: int, remark: str) -> None:
        """Says how many files there were, where there were several, and what was not looked at."""
        if self.job.quiet:
            return
        if self.changed + self.same + broken > 1:
            would = "would be " if self.job.check or self.job.diff else ""
            parts = [f"{self.changed:,} {'file' if self.changed == 1 else 'files'} {would}{self.done}"]
            parts += [f"{self.same:,} unchanged"] * (self.same > 0)
            parts += [f"{broken:,} with errors, left as {'it is' if broken == 1 else 'they are'}"] * (broken > 0)
            click.echo(", ".join(parts), err=True)
        if remark:
            click.echo(remark, err=True)


def _spec_only(name: str, source: Source) -> None:
    """Raises SpecError for a model in another format: only a spec's text can be rewritten."""
    from ...interpret.reading.files import fail

    title = source.title
    if title is not None:
        raise fail(name, f"this is {title}: only the text of a spec is rewritten", code="no-spec")


def _read(name: str, only: bool) -> tuple[Source, Folder | None, str]:
    """The text of a file, its folder, and its byte-order mark if it has one. Raises SpecError.

    `only`: it is read only; else it must be a file that may be written.
    """
    from ...interpret.reading.files import decode, fail, opened, read_bytes, read_source

    example = name.startswith("@") and not os.path.exists(name)
    if name == "-" or (example and only):
        source, folder = read_source(name)
        _spec_only(name, source)
        return source, folder, ""
    if example:
        help = f"'cnncalc new {name[1:]} -o model.txt' writes a copy; --diff shows what would change"
        raise fail(name, "a bundled example is not written over", help)
    if not name.endswith(".txt"):
        os.close(opened(name, name, regular=True))  # a pipe without a writer is not waited for
        _spec_only(name, read_source(name)[0])
    data = read_bytes(name, name, regular=True)
    return decode(name, data), os.path.dirname(name), _MARK if data.startswith(_MARK.encode()) else ""
