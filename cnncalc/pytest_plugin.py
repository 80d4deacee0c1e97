"""`pytest --cnncalc`: specs are tests, each checked as `cnncalc check` does, by the same pyproject.toml.

pytest loads this module in every run where cnncalc is installed: nothing of cnncalc is imported without the option.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from .diagnostics import Diagnostic
    from .features.check.baseline_comparison import BaselineComparison
    from .features.check.project import Project
    from .features.check.verdict import Verdict


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option."""
    group = parser.getgroup("cnncalc")
    group.addoption("--cnncalc", action="store_true", help="Collect specs of networks (*.txt, *.onnx, …) as tests.")


def pytest_configure(config: pytest.Config) -> None:
    """Reads the project; where `testpaths` chooses the folders, its specs are collected wherever they are."""
    if not config.getoption("--cnncalc"):
        return
    from .diagnostics import SpecError

    try:
        rules = Rules.of(config.rootpath)
    except SpecError as error:
        raise pytest.UsageError(str(error)) from None
    config.stash[_RULES] = rules
    if config.args_source == pytest.Config.ArgsSource.TESTPATHS:
        try:
            specs = rules.specs()
        except (OSError, ValueError) as error:
            raise pytest.UsageError(f"specs in {rules.project.file}: {error}") from None
        folders = [Path(config.rootpath, argument).resolve() for argument in config.args]
        config.args += [str(path) for path in specs if not any(map(path.is_relative_to, folders))]


@pytest.hookimpl(hookwrapper=True)  # not 'wrapper', which older releases of pluggy refuse
def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Generator[None, Any, None]:
    """A collector for a spec, and no other: pytest itself takes a text file that is named for doctests."""
    outcome = yield
    if not parent.config.getoption("--cnncalc"):
        return
    from .convert.readers import SUFFIXES

    rules = parent.config.stash[_RULES]
    if file_path.suffix == ".py":
        entries = rules.entries(file_path)
        if entries:  # pytest itself imports any file that it is given: one that is no module of tests is only read
            tests = any(fnmatch(file_path.name, pattern) for pattern in parent.config.getini("python_files"))
            others = outcome.get_result() if tests else []
            file = SpecFile.from_parent(parent, path=file_path)
            file.entries = entries
            outcome.force_result([*others, file])
        return
    if file_path.suffix != ".txt" and file_path.suffix.lower() not in SUFFIXES:
        return
    if parent.session.isinitpath(file_path) or rules.is_spec(file_path):
        outcome.force_result([SpecFile.from_parent(parent, path=file_path)])


class Rules(NamedTuple):
    """What the specs of a project are held to."""

    project: Project
    comparison: BaselineComparison

    @classmethod
    def of(cls, folder: Path) -> Rules:
        """Those of the project that a folder is in. Raises SpecError."""
        from .features.check.baseline_comparison import BaselineComparison
        from .features.check.project_file import find

        project = find(folder)
        return cls(project, BaselineComparison.of(project))

    def specs(self) -> list[Path]:
        """The files that the globs of the project stand for, those in folders too. Raises OSError, ValueError."""
        from .cli.globs import LeadsOut
        from .cli.paths import files_in
        from .interpret.reading.files import entered
        from .roots import is_within, root_of

        found = {Path(entered(path)[0]) for glob in self.project.specs for path in self.project.found(glob)}
        inside = [Path(text) for path in found if path.is_dir() for text, _ in files_in(str(path))]
        files = [path for path in (*found, *inside) if path.is_file()]
        root = root_of(os.fspath(self.project.folder))
        for path in files:
            if not is_within(str(path), root):
                raise LeadsOut(f"'{self.project.relative(str(path))}' leads out of the project")
        return sorted({path.resolve() for path in files if self.entries(path) or self.is_spec(path)})

    def entries(self, path: Path) -> tuple[str, ...]:
        """What of a file of code the globs of the project mean: ``Net`` of ``models/net.py:Net``."""
        from .cli.globs import matches

        name = self.project.relative(str(path))
        parts = [glob.partition(".py:") for glob in self.project.specs]
        return tuple(dict.fromkeys(entry for stem, sign, entry in parts if sign and matches(f"{stem}.py", name)))

    def is_spec(self, path: Path) -> bool:
        """Whether a file is a spec: one of the globs stands for it; where one stands for a folder, by its lines."""
        from .cli.globs import matches
        from .cli.paths import is_spec
        from .roots import is_within, root_of

        globs = self.project.specs
        name = self.project.relative(str(path))
        if any(matches(glob, name) for glob in globs):
            return True
        above = [str(folder) for folder in PurePosixPath(name).parents]
        if globs and not any(matches(glob.rstrip("/") or ".", folder) for glob in globs for folder in above):
            return False
        outside = not is_within(str(path), root_of(str(path.parent)))
        return not path.name.startswith(".") and (outside or is_spec(str(path)))

    def verdicts(self, file: str, name: str, named: bool) -> Iterator[Verdict]:
        """The verdicts on a spec or a network of code, called `name`: one, or one for each of the values to be tried.

        Unless it was `named` by the user it is not read where it leads out of its project.
        """
        from .features.check.facts import Terms, check_file

        project = self.project
        terms = Terms(
            tuple(project.limits_of(file).values()), project=project.conditions_of(file), strict=project.strict
        )
        verdicts = check_file(file, terms, lambda variables: project.tried(file, variables), name, named)
        return (self.comparison.held(verdict, file) for verdict in verdicts)


_RULES: pytest.StashKey[Rules] = pytest.StashKey()


def named(path: str, entry: str) -> str:
    """``net.py:Net``."""
    return f"{path}:{entry}" if entry else path


class SpecFile(pytest.File):
    """A spec: a test, or several where values of its variables are to be tried; of a file of code one a network."""

    #: Of a file of code, which networks; "" of a spec.
    entries: tuple[str, ...] = ("",)

    def collect(self) -> Iterator[pytest.Item]:
        """The tests. Only where there may be several the spec must be checked to know them."""
        rules = self.config.stash[_RULES]
        for entry in self.entries:
            if not rules.project.tries(named(str(self.path), entry)):
                yield SpecItem.made(self, entry, entry or "spec")
                continue
            for verdict in self.verdicts(entry):
                tried = verdict.tried.replace(", ", ",")
                item = SpecItem.made(self, entry, f"{entry or 'spec'}[{tried}]" if tried else entry or "spec")
                item.verdict = verdict
                yield item

    def verdicts(self, entry: str) -> Iterator[Verdict]:
        """The verdicts on it, or on a network of it."""
        asked = self.session.isinitpath(self.path)
        return self.config.stash[_RULES].verdicts(named(str(self.path), entry), named(self.shown, entry), asked)

    @property
    def shown(self) -> str:
        """The file as it is named in messages: from where pytest was started."""
        start = self.config.invocation_params.dir
        return os.path.relpath(self.path, start) if self.path.is_relative_to(start) else str(self.path)


class SpecItem(pytest.Item):
    """One check of a spec."""

    verdict: Verdict | None = None
    entry = ""

    @classmethod
    def made(cls, parent: SpecFile, entry: str, name: str) -> SpecItem:
        """The check of one network of a file of code, or of a spec."""
        item = cls.from_parent(parent, name=name)
        item.entry = entry
        return item

    def runtest(self) -> None:
        """Checks the spec. Raises Failed."""
        if self.verdict is None:
            assert isinstance(self.parent, SpecFile)
            (self.verdict,) = self.parent.verdicts(self.entry)
        if not self.verdict.passed:
            raise Failed(self.verdict)
        remarks = drawn(self.verdict.diagnostics)
        if remarks:
            self.add_report_section("call", "cnncalc", remarks)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The diagnostics, with their lines and carets, in the place of a traceback."""
        if isinstance(excinfo.value, Failed):
            return FailureReport(excinfo.value.verdict)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The file, its first line that is wrong, if that is known, and what is checked."""
        label = self.name.removeprefix("spec")
        place = next((error.span for error in self.verdict.errors if error.span), None) if self.verdict else None
        return self.path, place.line - 1 if place else 0, f"{self.path.name}{f' {label}' if label else ''}"


class Failed(Exception):
    """A spec does not keep what it promises, or cannot be understood."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.errors[0].message)
        self.verdict = verdict


def drawn(diagnostics: Iterable[Diagnostic], color: bool = False, room: int = 0) -> str:
    """The diagnostics as `cnncalc check` draws them."""
    from .render.faults import render
    from .render.text import Screen

    return render(list(diagnostics), Screen(room, color))


class Crash(NamedTuple):
    """Where it is wrong, and what: for the summary of pytest, and the tools that read it."""

    path: str
    lineno: int
    message: str


class FailureReport:
    """How a failure shows itself: pytest's own protocol of representations."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        worst = verdict.errors[0]
        place = worst.span
        self.reprcrash = Crash(place.source.name if place else verdict.file, place.line if place else 1, worst.message)

    def __str__(self) -> str:
        return drawn(self.verdict.diagnostics).rstrip("\n")

    def toterminal(self, tw: Any) -> None:
        """Writes it, in colour where pytest has colour."""
        tw.write(drawn(self.verdict.diagnostics, tw.hasmarkup, tw.fullwidth if tw.hasmarkup else 0))
