"""Files and the files that they use."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ..diagnostics import Source, SpecError
from ..spec import parse
from ..spec.nodes import Program, Stmt, Use
from .faults import Faults, Place
from .files import decode, read_bytes


class Unit(NamedTuple):
    """A parsed file, and the files that its `use` lines (by id) bring."""

    source: Source
    program: Program
    folder: Path | None
    uses: dict[int, Unit]


class Loader:
    """Reads a file and what it uses: each file once, no cycles."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.units: dict[Path, Unit] = {}
        self.loading: list[str] = []
        self.all: list[Unit] = []

    def load(self, source: Source, folder: Path | None) -> Unit:
        """The unit of `source`, its uses loaded."""
        program, found = parse(source)
        for one in found:
            self.faults.add(one)
        unit = Unit(source, program, folder, {})
        self.loading.append(source.name)
        for stmt in program.body:
            if isinstance(stmt.node, Use):
                used = self.use(stmt.node, stmt, unit)
                if used is not None:
                    unit.uses[id(stmt)] = used
        self.loading.pop()
        self.all.append(unit)
        return unit

    def use(self, node: Use, stmt: Stmt, unit: Unit) -> Unit | None:
        """The unit of a `use` line; None, reporting, where it cannot be had."""
        span = Place(unit.source, stmt.line, stmt.indent).span(node.start + 4, node.end)
        message = help = None
        if node.path.startswith(("/", "~")) or node.path[1:2] == ":":
            message, help = "a used file is named relative to this one", "for example 'use blocks.txt'"
        elif "\\" in node.path:
            message, help = "folders are separated by '/'", f"write 'use {node.path.replace(chr(92), '/')}'"
        elif len(self.loading) > 50:
            message = "files use each other deeper than 50 levels"
        if message is None:
            path = (unit.folder or Path()) / node.path
            name = str(Path(unit.source.name).parent / node.path) if unit.source.name[:1] not in "<@" else node.path
            try:
                key = path.resolve()
                if name in self.loading:
                    chain = " -> ".join([*self.loading[self.loading.index(name) :], name])
                    message = f"these files use each other in a circle: {chain}"
                elif key in self.units:
                    return self.units[key]
                else:
                    used = self.load(decode(name, read_bytes(path, name, regular=True)), path.parent)
                    return self.units.setdefault(key, used)
            except SpecError as error:
                first = error.diagnostics[0]
                message, help = first.message, first.help
            except (OSError, RuntimeError, ValueError) as error:
                message = f"{name}: {error}"
        self.faults.error("use", message, span, help)
        return None
