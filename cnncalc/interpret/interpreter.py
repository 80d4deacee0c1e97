"""Syntax tree -> network: statements run from top to bottom, blocks, repeats and branches unfolded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..diagnostics import TOO_MANY_LAYERS, Frame, Source
from ..network import UNKNOWN, Step
from ..network.assembler import Assembler
from ..spec import Unresolved, nodes
from ..spec.nodes import Element, Stmt
from ..spec.words import ABSENT
from ..values import Shape, how_many
from .calls import Calls
from .definitions import Definitions
from .elements import Elements
from .environment import Environment
from .expectations import Expectations
from .merges import AbsentPath, Merges
from .overrides import Overrides
from .position import MAX_DEPTH, BlockDef, Halt, Maker, Position
from .reading.loader import Unit
from .reporting import Reporter
from .results import apply_all, misnamed
from .rounds import name_round, round_key, rounds_of
from .specification import Specification
from .statements import STATEMENTS, Statements

#: Is told of every run of a layer line: the file, the line, and the shape that it ends in (None: unknown).
Observer = Callable[[Source, Stmt, Shape | None], None]


class Interpreter:
    """Runs the statements of a file's top level and of the blocks that they use, into an assembler.

    Unless `judged`, expectations are passed over; `observer` is told of every run of a layer line.
    """

    def __init__(
        self, unit: Unit, definitions: Definitions, assembler: Assembler, overrides: Overrides, *,
        judged: bool = True, observer: Observer | None = None,
    ) -> None:  # fmt: skip
        self.unit = unit
        self.assembler = assembler
        self.position = Position(assembler, definitions.declared)
        library = definitions.has_only_blocks
        self.specification = Specification(
            self.position.top.variables, library, definitions.allows, unit.program, bool(overrides)
        )
        self.reporter = Reporter(self.position, definitions.faults)
        self.budget = self.reporter.budget
        self.environment = Environment(definitions, self.reporter)
        self.elements = Elements(self.environment)
        self.statements = Statements(unit, self.elements, overrides, self.specification)
        self.expectations = Expectations(self.environment, self.specification) if judged else None
        self.observer = observer
        freezing = (stmt.node for stmt in unit.program.others if isinstance(stmt.node, nodes.Freeze))
        #: The lines, stages and blocks whose weights are not trained.
        self.frozen = frozenset(name.id for node in freezing for name in node.names)
        self.calls = Calls(self.environment, self.statements.default, self.frozen)
        self.merges = Merges(self.elements)

    def run_file(self, extra_input: Shape | None) -> None:
        """Runs the file's top level; `extra_input` is the shape of an input that it does not declare."""
        try:
            if extra_input is not None:
                self.statements.add_input("input", extra_input)
            self.steps(self.unit.program.body)
        except Halt:
            self.position.run_into(UNKNOWN)
        tensors, parted = self.position.top.tensors, self.position.parted or (0, ())
        results = [tensors.get(name, UNKNOWN) for name in parted[1]]
        self.statements.outputs.settle(self.assembler, self.position.running, results)

    def run(self, body: Iterable[Stmt], **level: Any) -> None:
        """Runs the statements of a body, at a level of its own. Raises Halt."""
        with self.position.inside(**level):
            if self.position.depth > MAX_DEPTH:
                message = f"bodies and blocks are nested deeper than {MAX_DEPTH} levels"
                self.reporter.error("too-deep", message, 0, 1)
                self.position.run_into(UNKNOWN)
            else:
                self.steps(body)

    def steps(self, body: Iterable[Stmt]) -> None:
        """Runs statements one after another. Raises Halt at the limit on layers, or on steps that make none."""
        for stmt in body:
            self.position.at(stmt)
            before = self.assembler.layer_count
            kind = type(stmt.node)
            if kind in _BODIES:
                _BODIES[kind](self, stmt.node, stmt)
            elif kind in STATEMENTS:
                STATEMENTS[kind](self.statements, stmt.node)
            self.budget.step(self.assembler.layer_count - before)
            self.check_budget()

    def check_budget(self) -> None:
        """Raises Halt, reporting, where too many steps have made no layer."""
        if self.budget.left < 0:
            self.reporter.error("too-many-steps", "too many steps that make no layer", 0, 1, "is a repeat too long?")
            raise Halt

    # --- lines --------------------------------------------------------------------------------------

    def line(self, node: nodes.Line, stmt: Stmt) -> None:
        """A line of elements, perhaps named, perhaps with an expectation."""
        if self.frozen and self._is_frozen(node.name, *[name.id for name in node.names]):
            with self.position.inside(frozen=True):
                self.elements_of(node)
        else:
            self.elements_of(node)
        if self.observer is not None:
            running = self.position.running
            shape = None if running is None else self.position.shape_of(running)
            self.observer(self.position.level.source, stmt, shape)

    def elements_of(self, node: nodes.Line) -> None:
        """Applies the elements of a line, and gives what comes of it its names."""
        start = first = len(self.assembler.nodes)
        last = len(node.elements) - 1
        names = tuple([name.id for name in node.names]) if node.names else ()
        results: tuple[int, ...] = ()
        for index, element in enumerate(node.elements):
            first = len(self.assembler.nodes)
            final = index == last
            results = self.element(element, node.name if final else None, index == 0, names if final else ())
            if len(results) != len(names) * final:
                misnamed(self.reporter, element, len(results) or 1, node, final)
                self.position.run_into(UNKNOWN)
                results = (UNKNOWN,) * len(names)
                break
        for name, result in zip(names, results, strict=True):
            self.name(name, start, result)
            self._remember_maker(name, node.elements[last], first)
        if names:
            self.position.part(names)
        elif node.name is not None:
            self.name(node.name, start, self.position.running)
            self._remember_maker(node.name, node.elements[last], first)
        if node.arrow is not None and self.expectations is not None:
            self.expectations.check(node.arrow, start)

    def _is_frozen(self, *names: str | None) -> bool:
        """Whether the weights are not trained of what one of these is the name of, here."""
        return self.position.scope is self.position.top and not self.frozen.isdisjoint(names)

    def element(self, element: Element, name: str | None, first: bool, names: tuple[str, ...]) -> tuple[int, ...]:
        """Applies `element` to the running tensor; `name` is what its output is called, `first` in its line.

        The tensors that it gives where these are several, for which `names` are wanted; else the running tensor is.
        """
        if element.ref:
            try:
                self.position.run_into(self.environment.ref(element.ref))
            except Unresolved:
                self.position.run_into(UNKNOWN)
            return ()
        target = self.environment.target(element)
        if target is None:
            self._no_target(element)
            return (UNKNOWN,) * len(names)
        elif isinstance(target, BlockDef):
            nodes_before = len(self.assembler.nodes)
            share, results = self.calls.call(target, element, self.steps)
            if share is not None:
                self.elements.share_block(share, target.node.name, nodes_before)
            return results
        elif target[0].several:
            return apply_all(self.elements, target[0], target[1], element, names)
        else:
            self.elements.apply(target[0], target[1], element, name, first)
        return ()

    def _no_target(self, element: Element) -> None:
        """What is no layer and no block: a path that is not there, a pasted call, or nothing that is known."""
        if element.name == ABSENT and self.position.level.entering:
            raise AbsentPath
        self.environment.no_target(element)
        if element.pasted is not None:
            self.elements.compare_claims(element)
        self.position.run_into(UNKNOWN)

    def name(self, name: str, first: int, tensor: int | None) -> None:
        """Calls a tensor `name`; its line or body made the nodes from `first` on."""
        index, scope = UNKNOWN if tensor is None else tensor, self.position.scope
        scope.tensors[name] = index
        scope.makers.pop(name, None)
        name_round(self.position, name, index)
        if scope is self.position.top:
            self.assembler.name_part(name, first, index)

    def _remember_maker(self, name: str, element: Element, first: int) -> None:
        """Keeps what made the tensor `name`, for those that share its weights."""
        if element.ref:
            return
        target = self.environment.target(element)
        kind = target.node.name if isinstance(target, BlockDef) else target[0].kind if target else element.name
        maker, makers = Maker(kind, first, len(self.assembler.nodes)), self.position.scope.makers
        makers[name] = maker
        if self.position.level.rounds:
            makers[round_key(name, self.position.level.rounds)] = maker

    # --- bodies -------------------------------------------------------------------------------------

    def merge(self, node: nodes.Merge, stmt: Stmt) -> None:
        """A merge over the paths of its body."""
        start = len(self.assembler.nodes)
        if self._is_frozen(node.name):
            with self.position.inside(frozen=True):
                self.merges.merge(node, stmt, self.run)
        else:
            self.merges.merge(node, stmt, self.run)
        if node.name is not None:
            self.name(node.name, start, self.position.running)

    def repeat(self, node: nodes.Repeat, stmt: Stmt) -> None:
        """A body, N times, or once for each value."""
        found = rounds_of(node, self.environment)
        if found is None or not stmt.body:  # a body that is missing is a fault already
            self.skip(stmt.body)
            return
        (count, values), position, rounds = found, self.position, self.position.level.rounds
        scope, span, first = position.scope, position.span(node.start, node.end), self.assembler.layer_count
        for number, value in enumerate(values, 1):
            if node.variable is not None:
                (scope.loops if scope is position.top else scope.variables)[node.variable] = value
            frame = Frame(f"in round {number} of {count}", span)
            self.run(stmt.body, frame=frame, rounds=(*rounds, number))
            self.budget.spend(1)  # a body of nothing that runs has no step of its own
            if number == 1 and count > self.budget.most(self.assembler.max_layers):
                self._endless(node, stmt, self.assembler.layer_count > first)
            self.check_budget()

    def _endless(self, node: nodes.Repeat, stmt: Stmt, makes_layers: bool) -> None:
        """A repeat whose rounds no limit lets come to their end: it is told at once. Raises Halt."""
        self.position.at(stmt)
        if makes_layers:
            said = f"more than {how_many(self.assembler.max_layers, 'layer', ',')}"
            self.reporter.error(TOO_MANY_LAYERS, said, node.start, node.end)
            raise Halt
        self.budget.exhaust()

    def branches(self, node: nodes.If, stmt: Stmt) -> None:
        """The first branch whose condition holds."""
        for branch in stmt.body:
            self.position.at(branch)
            assert isinstance(branch.node, nodes.Branch)  # the parser saw to it
            condition = branch.node.condition
            holds: bool | None = True if condition is None else self.environment.condition(condition)
            if holds is None:
                self.skip([inner for each in stmt.body for inner in each.body])
                return
            if holds:
                self.run(branch.body)
                return

    def stage(self, node: nodes.Stage, stmt: Stmt) -> None:
        """Lines under one row of the table."""
        first = len(self.assembler.nodes)
        self.run(stmt.body, step=Step(node.name, "stage"), frozen=node.name in self.frozen)
        self.name(node.name, first, self.position.running)

    def head(self, node: nodes.Head, stmt: Stmt) -> None:
        """A side path that ends in an output of the model."""
        first, position = len(self.assembler.nodes), self.position
        before = position.running
        self.run(stmt.body, step=Step(node.name, "head"), train=node.train, frozen=node.name in self.frozen)
        if position.running is None:
            help = "a head starts at the running tensor, or its first line at a name: '@name | …'"
            self.reporter.error("no-tensor", f"no tensor runs into head '{node.name}'", node.start, node.end, help)
        index = UNKNOWN if position.running is None else position.running
        self.statements.outputs.add(node.name, index, position.train or node.train)
        self.name(node.name, first, position.running)
        position.run_into(before)

    def broken(self, node: nodes.Broken, stmt: Stmt) -> None:
        """A line that could not be read."""
        running = self.position.running
        self.skip((stmt,))
        self.position.run_into(UNKNOWN if node.layer else running)

    def skip(self, body: Iterable[Stmt]) -> None:
        """What statements that cannot be run would have made is unknown."""
        self.position.run_into(UNKNOWN)
        self.position.scope.skip(body)


#: What runs a statement, by the type of its node; the others say what is there and run nothing.
_BODIES: dict[type, Callable[[Interpreter, Any, Stmt], None]] = {
    nodes.Line: Interpreter.line,
    nodes.Merge: Interpreter.merge,
    nodes.Repeat: Interpreter.repeat,
    nodes.If: Interpreter.branches,
    nodes.Stage: Interpreter.stage,
    nodes.Head: Interpreter.head,
    nodes.Broken: Interpreter.broken,
}
