"""Before the run: blocks collected, layouts found, everything checked that needs no shapes."""

from __future__ import annotations

from functools import partial

from ..convert.lookup import lookup
from ..spec.nodes import Block, Default, Input, Layout, Let, Program, Stmt
from .builder import Builder
from .faults import Place
from .loading import Unit
from .scope import BlockDef
from .static import StaticCheck


def define(builder: Builder, units: list[Unit]) -> None:
    """Collects the blocks of all files, each with the defaults above it."""
    for unit in units:
        defaults: list[tuple[Default, int]] = []
        for stmt in unit.program.others:
            node = stmt.node
            if isinstance(node, Default):
                defaults.append((node, stmt.line))
            elif isinstance(node, Block):
                _define_block(builder, unit, node, stmt, tuple(defaults))


def _define_block(
    builder: Builder, unit: Unit, node: Block, stmt: Stmt, defaults: tuple[tuple[Default, int], ...]
) -> None:
    place = Place(unit.source, stmt.line, stmt.indent)
    span = place.span(node.name_at, node.name_at + len(node.name))
    found = lookup(node.name)
    if found is not None:
        own = f", {found[0].kind}" if found[0].kind != node.name else ""
        builder.faults.error("set-twice", f"'{node.name}' is a kind of layer{own}, and cannot be a block", span,
                             f"for example '{node.name}_block'")  # fmt: skip
        return
    if node.name in builder.blocks:
        before = builder.blocks[node.name]
        where = f"line {before.line}" + (f" of {before.source.name}" if before.source is not unit.source else "")
        builder.faults.error("set-twice", f"block '{node.name}' is already defined in {where}", span)
        return
    seen: set[str] = set()
    for param in node.params:
        if param.name in seen:
            builder.faults.error(
                "set-twice", f"parameter '{param.name}' stands twice", place.span(param.start, param.end)
            )
        seen.add(param.name)
    builder.blocks[node.name] = BlockDef(node, stmt.body, unit.source, stmt.line, stmt.indent, defaults, {})


def layouts(builder: Builder, units: list[Unit], main: Unit) -> None:
    """Finds the layout of every file."""
    for unit in units:
        input_line: int | None = None
        for stmt in unit.program.others:
            node = stmt.node
            if isinstance(node, Input) and input_line is None:
                input_line = stmt.line
            if not isinstance(node, Layout):
                continue
            span = Place(unit.source, stmt.line, stmt.indent).span(node.start, node.end)
            if input_line is not None:
                builder.faults.error("misplaced", f"'layout' stands before the input of line {input_line}", span)
            elif id(unit.source) in builder.layout_of:
                builder.faults.error("set-twice", "the layout is already set", span)
            builder.layout_of.setdefault(id(unit.source), node.word)
    builder.network.layout = builder.layout_of.get(id(main.source), "chw")


def static_check(builder: Builder, units: list[Unit], main: Unit) -> dict[int, Program]:
    """Static checks of all files; gives the blocks and the top level the names that they declare."""
    programs = {}
    variables = frozenset(
        stmt.node.name for unit in units for stmt in unit.program.others if isinstance(stmt.node, Let)
    )
    for unit in units:
        programs[id(unit.source)] = unit.program
        check = StaticCheck(unit.source, builder.blocks, builder.faults)
        declared = check.names(unit.program.body)
        names = variables | {name for name, variable in declared if variable}
        if unit is main:
            check.top(unit.program.body, names)
            builder.check_rest = partial(check.body, names=names)
        else:
            check.body(unit.program.body, names)
        check.top_names(unit.program.others)
        if unit is main:
            builder.top.declared = declared
            if any(isinstance(stmt.node, Input) and stmt.node.name is None for stmt in unit.program.others[1:]):
                _one_unnamed_input(builder, unit)
        for name, block in builder.blocks.items():
            if block.source is unit.source:
                inner = check.names(block.body)
                check.params_clash(block, inner)
                own = {key for key, variable in inner if variable} | {
                    param.name for param in block.node.params if not param.tensor
                }
                check.body(block.body, names | own)
                builder.blocks[name] = block._replace(declared=inner)
    return programs


def _one_unnamed_input(builder: Builder, unit: Unit) -> None:
    unnamed = [stmt for stmt in unit.program.others if isinstance(stmt.node, Input) and stmt.node.name is None]
    for stmt in unnamed[1:]:
        span = Place(unit.source, stmt.line, stmt.indent).span(0, 5)
        builder.faults.error("set-twice", f"there is already an input in line {unnamed[0].line}", span,
                             "several inputs have names: 'left = input 3x64x64'")  # fmt: skip
