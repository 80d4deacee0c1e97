"""A spec and the files that it uses: each read and parsed once, in no circle."""

from __future__ import annotations

import os

from ...diagnostics import Source, SpecError
from ...records import Record
from ...spec import parse
from ...spec.nodes import Program, Stmt, Use
from ..faults import Faults
from .files import Bundled, Files, bundled, decode, fail

#: Files that use files that use files.
MAX_DEPTH = 50


class Unit(Record):
    """A parsed file, where its `use` lines start from, and the files that they (by id) bring."""

    source: Source
    program: Program
    folder: str
    files: Files
    uses: dict[int, Unit]


class Loader:
    """Reads a file and what it uses: each file once, no cycles."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.units: dict[str, Unit] = {}
        #: The files being loaded, outermost first, by path: their names.
        self.loading: dict[str, str] = {}
        self.all: list[Unit] = []

    def load(self, source: Source, files: Files, folder: str, path: str) -> Unit:
        """The unit of `source`, a file at `path`, its uses loaded from among `files`."""
        program, diagnostics = parse(source)
        for diagnostic in diagnostics:
            self.faults.add(diagnostic)
        unit = Unit(source, program, folder, files, {})
        self.loading[path] = source.name
        for stmt in program.others:
            if isinstance(stmt.node, Use):
                used = self.use(stmt.node, stmt, unit)
                if used is not None:
                    unit.uses[id(stmt)] = used
        del self.loading[path]
        self.all.append(unit)
        return unit

    def use(self, node: Use, stmt: Stmt, unit: Unit) -> Unit | None:
        """The unit of a `use` line; None, reporting, where it cannot be had."""
        message = help = None
        if node.path.startswith(("/", "~")) or node.path[1:2] == ":":
            message, help = "a used file is named relative to this one", "for example 'use blocks.txt'"
        elif "\\" in node.path:
            message, help = "folders are separated by '/'", f"write 'use {node.path.replace(chr(92), '/')}'"
        elif len(self.loading) > MAX_DEPTH:
            message = f"files use each other deeper than {MAX_DEPTH} levels"
        else:
            try:
                return self.used(node.path, unit)
            except SpecError as error:
                message, help = error.diagnostics[0].message, error.diagnostics[0].help
            except (OSError, RuntimeError, ValueError) as error:
                message = f"{node.path}: {error}"
        span = stmt.span(unit.source, node.start + 4, node.end)
        self.faults.error("use", message, span, help)
        return None

    def used(self, written: str, unit: Unit) -> Unit:
        """The unit of the file that `unit` calls `written`. Raises SpecError, OSError, RuntimeError, ValueError."""
        files = unit.files
        if written[:1] == "@":
            files, path = Bundled(), bundled(written)
        else:
            path = os.path.join(unit.folder, written)
        name = files.name(written, unit.source.name)
        key = files.key(path)
        if key in self.loading:
            names = list(self.loading.values())[list(self.loading).index(key) :]
            raise fail(name, f"these files use each other in a circle: {' -> '.join([*names, name])}")
        if key not in self.units:
            source = decode(name, files.read(path, name))
            self.units[key] = self.load(source, files, os.path.dirname(path), key)
        return self.units[key]
