"""Syntax tree -> network: statements run from top to bottom, blocks, repeats and branches unfolded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from ..diagnostics import NOTE, Frame, Source
from ..layers import KINDS
from ..network import UNKNOWN, Step
from ..network.assembler import Assembler
from ..spec import Unresolved, nodes
from ..spec.nodes import Element, Ref, Stmt
from ..values import Shape, spell
from .binding import ArgumentFault, bind_layer
from .calls import Calls
from .definitions import Definitions
from .elements import Elements
from .environment import Environment
from .expectations import Expectations
from .overrides import Overrides
from .position import MAX_DEPTH, BlockDef, Halt, Maker, Position
from .reading.loader import Unit
from .reporting import Reporter
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
        self.specification = Specification(self.position.top.variables, library, definitions.allows, unit.program)
        self.reporter = Reporter(self.position, definitions.faults)
        self.budget = self.reporter.budget
        self.environment = Environment(definitions, self.reporter)
        self.elements = Elements(self.environment)
        self.statements = Statements(unit, self.elements, overrides, self.specification)
        self.specification.overridden = bool(overrides)
        self.expectations = Expectations(self.environment, self.specification) if judged else None
        self.observer = observer
        self.calls = Calls(self.environment, self.statements.default)
        #: What the line that is advised for the pasted call before makes, where that is known.
        self._behind_call: Shape | None = None

    def run_file(self, extra_input: Shape | None) -> None:
        """Runs the file's top level; `extra_input` is the shape of an input that it does not declare."""
        try:
            if extra_input is not None:
                self.statements.add_input("input", extra_input)
            self.steps(self.unit.program.body)
        except Halt:
            self.position.run_into(UNKNOWN)
        self.statements.outputs.settle(self.assembler, self.position.running)

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
        start = first = len(self.assembler.nodes)
        last = len(node.elements) - 1
        for index, element in enumerate(node.elements):
            first = len(self.assembler.nodes)
            self.element(element, node.name if index == last else None, index == 0)
        if node.name is not None:
            self.name(node.name, start)
            self._remember_maker(node.name, node.elements[last], first)
        if node.arrow is not None and self.expectations is not None:
            self.expectations.check(node.arrow, start)
        if self.observer is not None:
            running = self.position.running
            shape = None if running is None else self.position.shape_of(running)
            self.observer(self.position.level.source, stmt, shape)

    def element(self, element: Element, name: str | None, first: bool) -> None:
        """Applies `element` to the running tensor; `name` is what its output is called, `first` in its line."""
        if element.ref:
            try:
                self.position.run_into(self.environment.ref(Ref(element.name, None, element.start, element.end)))
            except Unresolved:
                self.position.run_into(UNKNOWN)
            return
        target = self.environment.target(element)
        if target is None:
            self.environment.no_target(element)
            if element.pasted is not None:
                self._compare_claims(element)
            self.position.run_into(UNKNOWN)
        elif isinstance(target, BlockDef):
            nodes_before = len(self.assembler.nodes)
            share = self.calls.call(target, element, self.steps)
            if share is not None:
                self.elements.share_block(share, target.node.name, nodes_before)
        else:
            self.elements.apply(target[0], target[1], element, name, first)

    def _compare_claims(self, element: Element) -> None:
        """Notes where a pasted call is for another tensor than enters; behind it runs what its line would make."""
        from ..convert.pasted import translate

        advice, running = translate(element.pasted or ""), self.position.running
        shape = self._behind_call if running in (None, UNKNOWN) else self.position.shape_of(running)
        self._behind_call = None if shape is None else advice.output(shape)
        for difference in () if shape is None else advice.differences(shape):
            self.reporter.tell(NOTE, "pasted-call", difference, element.start, element.end, None)

    def name(self, name: str, first: int) -> None:
        """Calls the running tensor `name`; its line or body made the nodes from `first` on."""
        running = self.position.running
        index, scope = UNKNOWN if running is None else running, self.position.scope
        scope.tensors[name] = index
        scope.makers.pop(name, None)
        if scope is self.position.top:
            self.assembler.name_part(name, first, index)

    def _remember_maker(self, name: str, element: Element, first: int) -> None:
        """Keeps what made the tensor `name`, for those that share its weights."""
        if element.ref:
            return
        target = self.environment.target(element)
        kind = target.node.name if isinstance(target, BlockDef) else target[0].kind if target else element.name
        self.position.scope.makers[name] = Maker(kind, first, len(self.assembler.nodes))

    # --- bodies -------------------------------------------------------------------------------------

    def merge(self, node: nodes.Merge, stmt: Stmt) -> None:
        """A merge over the paths of its body."""
        start, position = len(self.assembler.nodes), self.position
        running, kind = position.running, node.element.name
        entering = (*position.level.entering, running)
        results: list[int] = []
        for path in stmt.body if len(entering) <= MAX_DEPTH else ():
            position.run_into(running)
            position.at(path)
            self.run(path.body, entering=entering)
            if position.running is None:
                self.reporter.no_tensor(0, 1)
            results.append(UNKNOWN if position.running is None else position.running)
        position.at(stmt)
        cls = KINDS[kind]
        try:
            layer = self.elements.make(cls, None, bind_layer(cls, node.element, body=True), node.element)
        except ArgumentFault:  # the static check reported it
            layer = None
        if layer is None or len(results) < 2:
            position.run_into(UNKNOWN)
        else:
            if not cls.repeats and len(set(results)) < len(results) and UNKNOWN not in results:
                self.reporter.same_tensor(kind, node.element, "two paths give the very same tensor")
            labels = [
                f"path {number}" + f" (line {path.line})" * (number > 1 and path.line != stmt.line)
                + " is the identity: it" * (result == running and _chooses(path))
                for number, (path, result) in enumerate(zip(stmt.body, results, strict=True), 1)
            ]  # fmt: skip
            self.elements.join(layer, tuple(results), node.element, node.name, labels, running)
        if node.name is not None:
            self.name(node.name, start)

    def repeat(self, node: nodes.Repeat, stmt: Stmt) -> None:
        """A body, N times."""
        count = self.environment.number(node.rounds)
        if count is not None and (isinstance(count, Fraction) or count < 0):
            help = "for a whole number divide with '//'" if isinstance(count, Fraction) else None
            self.reporter.error("argument", f"repeat takes a whole number, at least 0, not {spell(count)}",
                                node.rounds.start, node.rounds.end, help)  # fmt: skip
            count = None
        if count is None:
            self.skip(stmt.body)
            return
        position, rounds = self.position, self.position.level.rounds
        scope, span = position.scope, position.span(node.start, node.end)
        for index in range(int(count)):
            if node.variable is not None:
                (scope.loops if scope is position.top else scope.variables)[node.variable] = index
            frame = Frame(f"in round {index + 1} of {count}", span)
            self.run(stmt.body, frame=frame, rounds=(*rounds, index + 1))
            self.budget.spend(1)  # an empty body has no step of its own
            self.check_budget()

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
        self.run(stmt.body, step=Step(node.name, "stage"))
        self.name(node.name, first)

    def head(self, node: nodes.Head, stmt: Stmt) -> None:
        """A side path that ends in an output of the model."""
        first, position = len(self.assembler.nodes), self.position
        before = position.running
        self.run(stmt.body, step=Step(node.name, "head"), train=node.train)
        if position.running is None:
            help = "a head starts at the running tensor, or its first line at a name: '@name | …'"
            self.reporter.error("no-tensor", f"no tensor runs into head '{node.name}'", node.start, node.end, help)
        index = UNKNOWN if position.running is None else position.running
        self.statements.outputs.add(node.name, index, position.train or node.train)
        self.name(node.name, first)
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


def _chooses(path: Stmt) -> bool:
    """Whether what a path has depends on a condition."""
    return any(isinstance(inner.node, nodes.If) for inner in path.body)


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
