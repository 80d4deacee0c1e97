"""What the verdicts of `cnncalc check` have to say, each thing once, for formats that go to other programs."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from ...diagnostics import BROKEN, ERROR, NOTE, WARNING, Diagnostic
from ...records import Record
from ...render.faults import way
from .verdict import Verdict

#: From what cannot be understood to what is only remarked.
RANKS = (ERROR, WARNING, NOTE)


class Finding(Record):
    """A diagnostic, and where it belongs."""

    diagnostic: Diagnostic
    #: As the command line, or a `use` line, named it.
    file: str
    #: The settings under which it is found, ``size=192``; empty where it is found under all that were tried.
    settings: tuple[str, ...]

    @property
    def rank(self) -> int:
        """0 for what cannot be understood, 1 for what is broken, then warnings, then notes."""
        one = self.diagnostic
        return 0 if one.severity == ERROR and one.code not in BROKEN else 1 + RANKS.index(one.severity)

    @property
    def message(self) -> str:
        """What is wrong, and under which settings, where not under all."""
        tried = f" (with {'; with '.join(self.settings)})" if self.settings else ""
        first, *more = self.diagnostic.message.split("\n")
        return "\n".join([first + tried, *more])

    @property
    def lines(self) -> list[str]:
        """All that is to be said about it: the message, what to write instead, notes, the way there."""
        one = self.diagnostic
        texts = (self.message, one.help or "", *one.notes, *way(one))
        return [line for text in texts if text for line in text.split("\n")]


def findings(verdicts: Sequence[Verdict]) -> list[Finding]:
    """Every diagnostic of the verdicts in their order; one that several verdicts share is there once."""
    labels: dict[str, list[str]] = {}
    found: dict[tuple[object, ...], tuple[Diagnostic, str, dict[str, list[str]]]] = {}
    for verdict in verdicts:
        label = ", ".join(f"{name}={value}" for name, value in verdict.settings.items())
        labels.setdefault(verdict.file, []).append(label)
        for one in verdict.diagnostics:
            file = one.span.source.name if one.span else verdict.file
            place = (one.span.line, one.span.column, one.span.end_column) if one.span else None
            key = (one.severity, one.code, one.message, one.help, one.notes, file, place)
            met = found.setdefault(key, (one, file, {}))[2].setdefault(verdict.file, [])
            if label not in met:
                met.append(label)
    return [Finding(one, file, _only(met, labels)) for one, file, met in found.values()]


def _only(met: dict[str, list[str]], labels: dict[str, list[str]]) -> tuple[str, ...]:
    """The settings among `met`, unless each spec has it under all that were tried of it."""
    if all(set(met[file]) == set(labels[file]) for file in met):
        return ()
    return tuple(dict.fromkeys(label or "its own values" for some in met.values() for label in some))


class Paths:
    """Names of files as a repository knows them: from its root, with `/`."""

    def __init__(self, root: str | None = None) -> None:
        self.root = root if root is not None else _repository(os.getcwd())

    def __call__(self, name: str) -> str:
        """`name` from the root; an absolute path where it lies outside; what is no file stays as it is."""
        if name[:1] in ("<", "@") and not os.path.exists(name):
            return name
        path = os.path.abspath(name)
        try:
            inside = os.path.commonpath([path, self.root]) == self.root
        except ValueError:  # another drive
            inside = False
        return (os.path.relpath(path, self.root) if inside else path).replace(os.sep, "/")


def _repository(folder: str) -> str:
    """The root of the git repository that `folder` is in; without one, the folder."""
    at = folder
    while True:
        if os.path.exists(os.path.join(at, ".git")):
            return at
        above = os.path.dirname(at)
        if above == at:
            return folder
        at = above


def exit_code(verdicts: Iterable[Verdict]) -> int:
    """The highest of the verdicts' codes."""
    return max((verdict.code for verdict in verdicts), default=0)
