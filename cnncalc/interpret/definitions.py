"""Before the run: blocks collected, layouts found, everything checked that needs no shapes."""

from __future__ import annotations

from collections.abc import Sequence

from ..convert.lookup import lookup
from ..diagnostics import ERROR, NOTE, Diagnostic, Source
from ..spec.nodes import Block, Broken, Default, Freeze, Head, If, Input, Layout, Line, Merge, Repeat, Stage, Stmt
from ..spec.symbols import INPUT, Symbols, inputs, variables
from .faults import Faults, did_you_mean
from .position import BlockDef
from .reading.loader import Unit
from .static import StaticCheck

#: The statements that make layers, or hold lines that do; what could not be read may be any.
_MAKING = (Line, Merge, Input, Stage, Head, Repeat, If, Broken)
#: Names that a fault lists; of more none.
_FEW = 6


class Definitions:
    """What files say whatever runs: `blocks` by name, layouts, and the names that the main file sets.

    `units` are the file and those that it uses, the main one last. Faults are reported to `faults`.
    """

    def __init__(self, units: Sequence[Unit], faults: Faults, layout: str = "chw") -> None:
        self.faults = faults
        #: The layout of a file that does not say one.
        self.layout = layout
        self.units = units
        self.blocks: dict[str, BlockDef] = {}
        #: The names that the top level of the main file sets.
        self.declared: Symbols = {}
        self._layouts: dict[int, str] = {}
        #: The files (by id of their source) in which a block with the name of a kind is meant by it, and not the kind.
        self._own: dict[str, set[int]] = {}
        for unit in units:
            self._define(unit)
        for unit in units:
            self._find_layout(unit)

    def layout_of(self, source: Source) -> str:
        """The layout in which a file writes its shapes."""
        return self._layouts.get(id(source), self.layout)

    def block(self, name: str, source: Source) -> BlockDef | None:
        """The block that `name` means in a file; None where it is none, or there means the kind of that name."""
        block_def = self.blocks.get(name)
        return block_def if block_def is None or id(source) in self._own.get(name, (id(source),)) else None

    def names(self, *, variables: bool) -> frozenset[str]:
        """The names of `variables`, or of tensors, at the top level, and those of the parameters of blocks."""
        parameters = (param for block in self.blocks.values() for param in block.node.params)
        own = (name for name, variable in self.declared if variable is variables)
        given = () if variables else ("input", "here")
        return frozenset((*given, *own, *(param.name for param in parameters if param.tensor is not variables)))

    @property
    def has_only_blocks(self) -> bool:
        """Whether the main file defines blocks, and has no line that makes a layer, or might have if it were right."""
        return bool(self.blocks) and not any(isinstance(stmt.node, _MAKING) for stmt in self.units[-1].program.body)

    def allows(self, diagnostic: Diagnostic) -> bool:
        """Whether an ``# allow:`` comment silences a diagnostic."""
        span = diagnostic.span
        if diagnostic.severity == ERROR or span is None:
            return False
        program = next((unit.program for unit in self.units if unit.source is span.source), None)
        if program is None:
            return False
        return diagnostic.code in program.allow_file or diagnostic.code in program.allow_lines.get(span.line, ())

    # --- blocks and layouts -------------------------------------------------------------------------

    def _define(self, unit: Unit) -> None:
        """Collects the blocks of a file, each with the defaults above it."""
        defaults: list[Stmt] = []
        for stmt in unit.program.others:
            if isinstance(stmt.node, Default):
                defaults.append(stmt)
            elif isinstance(stmt.node, Block):
                self._define_block(unit, stmt.node, stmt, tuple(defaults))

    def _define_block(self, unit: Unit, node: Block, stmt: Stmt, defaults: tuple[Stmt, ...]) -> None:
        span = stmt.span(unit.source, node.name_at, node.name_at + len(node.name))
        before = self.blocks.get(node.name)
        if before is not None:
            file = "" if before.source is unit.source else f" of {before.source.name}"
            message = f"block '{node.name}' is already defined in line {before.stmt.line}{file}"
            self.faults.error("set-twice", message, span)
            return
        names: set[str] = set()
        for param in node.params:
            if param.name in names:
                twice = stmt.span(unit.source, param.start, param.end)
                self.faults.error("set-twice", f"parameter '{param.name}' stands twice", twice)
            names.add(param.name)
        self.blocks[node.name] = BlockDef(node, stmt, unit.source, defaults, {})
        if lookup(node.name) is not None:
            self._own[node.name] = _where_used(unit, self.units)
            message = f"'{node.name}' is also a kind of layer: here it is this block"
            self.faults.add(Diagnostic(NOTE, "kind-name", message, span))

    def _find_layout(self, unit: Unit) -> None:
        input_line: int | None = None
        for stmt in unit.program.others:
            node = stmt.node
            if isinstance(node, Input) and input_line is None:
                input_line = stmt.line
            if not isinstance(node, Layout):
                continue
            span = stmt.span(unit.source, node.start, node.end)
            if input_line is not None:
                self.faults.error("misplaced", f"'layout' stands before the input of line {input_line}", span)
            elif id(unit.source) in self._layouts:
                self.faults.error("set-twice", "the layout is already set", span)
            self._layouts.setdefault(id(unit.source), node.word)

    # --- what can be said before anything runs ------------------------------------------------------

    def check(self) -> None:
        """Static checks of all files; the blocks and the top level get the names that they declare."""
        settable = frozenset(name for unit in self.units for name in variables(unit.program))
        for unit in self.units:
            visible = {name: block for name, block in self.blocks.items() if self.block(name, unit.source)}
            check = StaticCheck(unit.source, visible, self.faults)
            declared = check.names(unit.program.body)
            names = settable | {name for name, variable in declared if variable}
            check.body(unit.program.body, names)
            check.top_names(unit.program.others)
            if unit is self.units[-1]:
                self.declared = declared
                self._check_inputs(unit)
                self._check_frozen(unit)
            for name, block in self.blocks.items():
                if block.source is unit.source:
                    self.blocks[name] = self._checked(block, check, names)

    def _checked(self, block: BlockDef, check: StaticCheck, names: frozenset[str]) -> BlockDef:
        """A block whose body has been checked, with the names that it declares."""
        inner = check.names(block.stmt.body)
        check.params_clash(block, inner)
        params = {param.name for param in block.node.params if not param.tensor}
        check.body(block.stmt.body, names | params | {name for name, variable in inner if variable})
        return block._replace(declared=inner)

    def _check_frozen(self, unit: Unit) -> None:
        """Reports names behind `freeze` that no line, stage, head or block has."""
        for stmt in unit.program.others:
            for name in stmt.node.names if isinstance(stmt.node, Freeze) else ():
                definition = self.declared.get((name.id, False))
                if (definition is not None and definition.kind != INPUT) or self.block(
                    name.id, unit.source
                ) is not None:
                    continue
                message, help = f"no line, stage or block is called '{name.id}'", None
                if definition is not None:
                    message = f"'{name.id}' is an input: it has no weights"
                elif lookup(name.id) is not None:
                    message = f"'{name.id}' is a kind of layer, and not the name of one"
                    help = f"name the line, 'x = {name.id} …', or the stage, that is not trained"
                else:
                    there = [*(one for one, variable in self.declared if not variable), *self.blocks]
                    listed = f"names here: {', '.join(there)}" if 0 < len(there) <= _FEW else None
                    help = did_you_mean(name.id, there) or listed
                self.faults.error("unknown-name", message, stmt.span(unit.source, name.start, name.end), help)

    def _check_inputs(self, unit: Unit) -> None:
        """Reports inputs beyond the first that have no name."""
        unnamed = [stmt for name, stmt in inputs(unit.program) if name is None]
        for stmt in unnamed[1:]:
            span = stmt.span(unit.source, 0, 5)
            self.faults.error("set-twice", f"there is already an input in line {unnamed[0].line}", span,
                              "several inputs have names: 'left = input 3x64x64'")  # fmt: skip


def _where_used(unit: Unit, units: Sequence[Unit]) -> set[int]:
    """The sources, by id, of a file and of those of `units` that use it, straight or by others."""
    found = {id(unit)}
    for user in units:  # what a file uses stands before it
        if any(id(used) in found for used in user.uses.values()):
            found.add(id(user))
    return {id(one.source) for one in units if id(one) in found}
