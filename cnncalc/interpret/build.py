"""Source -> network: files and the files they use, static checks, the run, and what is said at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from ..diagnostics import ERROR, WARNING, Diagnostic, Source, Span
from ..layers import Layer
from ..network.model import UNKNOWN, Network, Observer, Port
from ..spec.nodes import Broken, Default, Input, Let, Merge, Output, Program, Stmt, Use
from .builder import Builder
from .faults import Faults
from .files import Files, Folder
from .loading import Loader, Unit
from .overrides import check_given_inputs, check_settings, given_input, setting
from .prepare import define, layouts, static_check
from .requirements import check_names
from .state import Halt

if TYPE_CHECKING:
    from .shared import Shared

DEFAULT_MAX_LAYERS = 1_000_000


def build(  # noqa: PLR0913 -- each is a hook of its own into the one build
    source: Source, *, folder: Folder | Files | None = None, inputs: Mapping[str | None, str] | None = None,
    settings: Mapping[str, str] | None = None, max_layers: int = DEFAULT_MAX_LAYERS,
    revise: Callable[[Layer], Layer] | None = None, checked: bool = True, observer: Observer | None = None,
    shared: Shared | None = None,
) -> Network:  # fmt: skip
    """The network of `source`. Faults never raise: they are its `diagnostics`, and what depends on them is unknown.

    `inputs` are shapes as text, by input name (None: the only one); `settings` are values of top-level variables;
    `revise` gives the layer that is put in the place of each; unless `checked`, expectations are passed over;
    `observer` is told of every run of a layer line; `folder` is where `use` lines start from, on the disk if it does
    not say otherwise; `shared` has layers of other specs, which are not made again.
    Raises SpecError where `inputs` or `settings` themselves cannot be understood.
    """
    network, faults = Network(source), Faults()
    files = folder if isinstance(folder, Files) else Files(folder)
    loader = Loader(faults, files)
    unit = loader.load(source, files.folder, files.own(source))
    builder = Builder(network, faults)
    builder.max_layers = max_layers
    builder.revise, builder.judged, builder.observer = revise, checked, observer
    if shared is not None and revise is None:
        shared.trim()
        builder.families, builder.results = shared.families, shared.results
    define(builder, loader.all)
    layouts(builder, loader.all, unit)
    builder.single_input = sum(isinstance(stmt.node, Input) for stmt in unit.program.others) < 2
    builder.settings = {name: setting(name, text, builder) for name, text in (settings or {}).items()}
    check_settings(builder, loader.all)
    builder.inputs = {name: given_input(name, text, builder) for name, text in (inputs or {}).items()}
    builder.overridden = bool(settings or inputs)
    programs = static_check(builder, loader.all, unit)
    builder.contest()
    _run(builder, unit)
    _finish(builder, unit)
    builder.close()
    check_names(network, faults)
    network.allows = partial(_allowed, programs)
    network.again = partial(build, source, folder=folder, inputs=inputs, settings=settings, max_layers=max_layers)
    network.diagnostics = _kept(faults, loader.all, network.allows)
    return network


# --- the run ----------------------------------------------------------------------------------------


def _run(builder: Builder, unit: Unit) -> None:
    others = unit.program.others
    has_input = any(isinstance(stmt.node, Input) for stmt in others)
    check_given_inputs(builder, others)
    builder.runners[Use] = lambda node, stmt: _take_variables(builder, unit.uses.get(id(stmt)), set())
    try:
        if not has_input and None in builder.inputs:
            builder.add_input("input", builder.inputs[None], Stmt(Default((), (), 0, 1), 1, 0))
        builder.steps(_used_up(unit.program.body))
    except Halt:
        builder.current = UNKNOWN
        builder.check_rest(unit.program.body)


def _used_up(body: list[Stmt]) -> Iterator[Stmt]:
    """The statements one after another, each let go once it has run: a long network needs the room."""
    gone = Stmt(Broken(None, None, False, 0, 1), 1, 0)
    for index, stmt in enumerate(body):
        body[index] = gone
        yield stmt


def _take_variables(builder: Builder, unit: Unit | None, taken: set[int]) -> None:
    """Runs the top-level `let` lines of a used file, and of those that it uses."""
    if unit is None or id(unit) in taken:
        return
    taken.add(id(unit))
    source, builder.source = builder.source, unit.source
    for stmt in unit.program.others:
        if isinstance(stmt.node, Use):
            _take_variables(builder, unit.uses.get(id(stmt)), taken)
        elif isinstance(stmt.node, Let):
            builder.stmt = stmt
            name = stmt.node.name
            known = builder.top.declared.get((name, True))
            if known is not None:
                builder.error("set-twice", f"variable '{name}' is also set in line {known.stmt.line} of {source.name}",
                              stmt.node.name_at, stmt.node.name_at + len(name))  # fmt: skip
            builder.let(stmt.node, stmt)
    builder.source = source


def _finish(builder: Builder, unit: Unit) -> None:
    """The outputs, and what nothing uses."""
    network, nodes = builder.network, builder.nodes
    others = unit.program.others
    network.variables = dict(builder.top.variables)
    network.outputs = list({port.name: port for port in network.outputs}.values())
    named = {ref.name for stmt in others if isinstance(stmt.node, Output) for ref in stmt.node.refs}
    heads = [port for port in network.outputs if port.name not in named]
    mains = [port for port in network.outputs if port.name in named]
    if not mains and builder.current is not None and builder.current >= 0 and len(nodes) > len(network.inputs):
        mains = [Port(nodes[builder.current].name, builder.current, False)]
    if not mains and not heads and len(nodes) > len(network.inputs) and builder.current is None:
        mains = [Port(nodes[-1].name, nodes[-1].position, False)]  # with several inputs, no line ran into the end
    network.outputs = [*mains, *heads]
    layers = len(unit.program.body) > len(others) or any(isinstance(stmt.node, Merge | Input) for stmt in others)
    network.library = not layers and bool(builder.blocks)
    if any(one.severity == ERROR and one.code != "expectation-failed" for one in builder.faults.found):
        return
    if not nodes and not network.library:
        message = "the spec is empty: it has no input and no layer"
        help = "for example 'input 1x28x28', and below it 'conv 6 5'"
        builder.faults.error("empty-spec", message, Span(unit.source, 1, 1, 2), help)
        return
    if nodes and len(nodes) == len(network.inputs):
        message = "there is an input, and no layer"
        builder.faults.add(Diagnostic(WARNING, "no-layers", message, nodes[0].span, "below it for example 'conv 6 5'"))
        return
    _report_unused(builder)


def _report_unused(builder: Builder) -> None:
    nodes = builder.nodes
    used = bytearray(len(nodes))
    for node in nodes:
        for index in node.inputs:
            if index >= 0:
                used[index] = 1
    for index in builder.read:
        if index >= 0:
            used[index] = 1
    for port in builder.network.outputs:
        if port.node >= 0:
            used[port.node] = 1
    position = used.find(0)
    while position >= 0:
        node = nodes[position]
        builder.faults.add(
            Diagnostic(WARNING, "unused-tensor", f"nothing uses the output of '{node.name}'", node.span,
                       "delete it, or name it in 'output'", (), node.frames)
        )  # fmt: skip
        position = used.find(0, position + 1)


def _allowed(programs: dict[int, Program], one: Diagnostic) -> bool:
    """Whether an ``# allow:`` comment in one of `programs`, by the id of their source, silences a diagnostic."""
    if one.severity == ERROR or one.span is None:
        return False
    program = programs.get(id(one.span.source))
    if program is None:
        return False
    return one.code in program.allow_file or one.code in program.allow_lines.get(one.span.line, ())


def _kept(faults: Faults, units: list[Unit], allowed: Callable[[Diagnostic], bool]) -> tuple[Diagnostic, ...]:
    """The diagnostics without those that an ``# allow:`` comment silences, in file order, the main file's first."""
    order = {id(unit.source): number for number, unit in enumerate(reversed(units))}

    def key(one: Diagnostic) -> tuple[int, int, int]:
        return (-1, 0, 0) if one.span is None else (order.get(id(one.span.source), 0), one.span.line, one.span.column)

    return tuple(sorted((one for one in faults.found if not allowed(one)), key=key))
