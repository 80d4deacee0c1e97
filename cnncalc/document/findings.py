"""What a check comes to, as data: findings with their places, spec by spec, and the promises that were kept or not."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..diagnostics import BROKEN, ERROR, NOTE, WARNING, Diagnostic
from ..interpret.reading.files import entered
from ..records import Record
from .figures import grouped, quantity

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
        return 0 if not_understood(self.diagnostic) else 1 + RANKS.index(self.diagnostic.severity)

    @property
    def message(self) -> str:
        """What is wrong, and under which settings, where not under all."""
        tried = f" (with {'; with '.join(self.settings)})" if self.settings else ""
        spot = f"{self.diagnostic.spot.name}: " if self.diagnostic.spot else ""
        return spot + self.diagnostic.message + tried


class Promise(Record):
    """Something that a spec is held to: that it is understood, an expectation, a requirement, a limit."""

    #: ``line 5: require params <= 5M``.
    name: str
    #: What says that it is broken, and what is remarked besides.
    faults: tuple[Diagnostic, ...] = ()
    remarks: tuple[Diagnostic, ...] = ()
    #: Why it is broken, where no diagnostic says so.
    reason: str = ""

    @property
    def outcome(self) -> str:
        """How it went: "error" where something is not understood, "failure" where it is broken, "" where it is kept."""
        if any(map(not_understood, self.faults)):
            return "error"
        return "failure" if self.faults or self.reason else ""


class SpecFindings(Record):
    """What is found of one spec, with one choice of the values of its variables."""

    file: str
    diagnostics: tuple[Diagnostic, ...] = ()
    promises: tuple[Promise, ...] = ()
    #: The exit code that it comes to: 0 where nothing is to be complained of.
    code: int = 0
    #: ``size=192, width=2``; empty for the spec's own values.
    settings: str = ""
    #: False for what is told of another file of the project, its baseline.
    is_spec: bool = True
    #: How far it is, where it is a worksheet: `9 of 12 answered, 8 right`.
    score: str = ""

    @property
    def source(self) -> str:
        """The file that it is read from: ``net.py`` of ``net.py:Net``."""
        return entered(self.file)[0]

    @property
    def label(self) -> str:
        """``model.txt``, or ``model.txt [size=192]`` where a variable was tried."""
        return f"{self.file} [{self.settings}]" if self.settings else self.file


class Report(Record):
    """All that is found of some specs."""

    specs: tuple[SpecFindings, ...]
    #: What is said of files that were not looked at.
    remark: str = ""
    #: The absolute path of the folder that files are named from where others than the user read their names.
    root: str = ""
    #: What JSON has.
    data: Callable[[], Mapping[str, Any]] = dict

    @property
    def code(self) -> int:
        """The highest of the exit codes."""
        return max((spec.code for spec in self.specs), default=0)

    @property
    def by_file(self) -> dict[str, list[SpecFindings]]:
        """The findings of each file, in the order of the files."""
        groups: dict[str, list[SpecFindings]] = {}
        for spec in self.specs:
            groups.setdefault(spec.file, []).append(spec)
        return groups

    @property
    def summary(self) -> list[tuple[str, str]]:
        """`12 specs`, `11 pass`, `1 fails`, …, each with the severity of what it counts, empty for none."""
        files = [group for group in self.by_file.values() if group[0].is_spec]
        checks = sum(map(len, files))
        passed = sum(all(spec.code == 0 for spec in group) for group in files)
        failed = len(files) - passed
        others = sum(len(spec.diagnostics) for spec in self.specs if not spec.is_spec)
        warnings = sum(finding.diagnostic.severity == WARNING for finding in findings(self.specs))
        tried = f" in {quantity(checks, 'check')}" if checks > len(files) else ""
        counts = (
            (passed, f"{grouped(passed)} pass{'es' if passed == 1 else ''}", ""),
            (failed, f"{grouped(failed)} fail{'s' if failed == 1 else ''}", ERROR),
            (others, f"{quantity(others, 'error')} in the baseline", ERROR),
            (warnings, quantity(warnings, "warning"), WARNING),
        )
        return [(quantity(len(files), "spec") + tried, ""), *((text, what) for count, text, what in counts if count)]

    def path(self, name: str) -> str:
        """A file from the root, with `/`; an absolute path where it lies outside; what is no file as it is."""
        if name[:1] in ("<", "@") and not os.path.exists(name):
            return name
        path = os.path.abspath(name)
        try:
            inside = os.path.commonpath([path, self.root]) == self.root
        except ValueError:  # another drive
            inside = False
        return (os.path.relpath(path, self.root) if inside else path).replace(os.sep, "/")


def not_understood(diagnostic: Diagnostic) -> bool:
    """Whether it is an error that takes numbers away, and not one of a sound spec that breaks its promise."""
    return diagnostic.severity == ERROR and diagnostic.code not in BROKEN


def findings(specs: Iterable[SpecFindings]) -> list[Finding]:
    """Every diagnostic of the specs in their order; one that several checks of a file share is there once."""
    tried: dict[str, list[str]] = {}
    found: dict[tuple[object, ...], tuple[Diagnostic, str, dict[str, list[str]]]] = {}
    for spec in specs:
        tried.setdefault(spec.file, []).append(spec.settings)
        for diagnostic in spec.diagnostics:
            file = diagnostic.file or spec.source
            at = (diagnostic.span or diagnostic.spot or ())[1:]
            key = (diagnostic[:3], diagnostic.help, diagnostic.notes, file, at)
            where = found.setdefault(key, (diagnostic, file, {}))[2].setdefault(spec.file, [])
            if spec.settings not in where:
                where.append(spec.settings)
    return [Finding(diagnostic, file, _only(where, tried)) for diagnostic, file, where in found.values()]


def _only(where: dict[str, list[str]], tried: dict[str, list[str]]) -> tuple[str, ...]:
    """The settings under which something is found, unless it is under all that were `tried` of each file."""
    if all(set(settings) == set(tried[file]) for file, settings in where.items()):
        return ()
    return tuple(dict.fromkeys(label or "its own values" for settings in where.values() for label in settings))
