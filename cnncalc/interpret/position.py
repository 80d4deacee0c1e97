"""Where a run stands: the bodies around the present statement, the names that they set, and the running tensor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ..diagnostics import Frame, Source, Span
from ..network import UNKNOWN, Step
from ..network.assembler import Assembler
from ..records import Record
from ..spec.nodes import Block, Default, Output, Stmt
from ..spec.symbols import Symbols, definitions
from ..values import Shape, laid_out, times

#: What `default` lines set: kind -> argument -> value, converted.
Defaults = Mapping[str, Mapping[str, Any]]

NO_DEFAULTS: Defaults = {}
#: Steps that a spec may make before its first layer.
FREE_STEPS = 30_000
#: And the most that its layers earn it.
MOST_STEPS = 200_000
#: Every layer that is made pays for some steps: those of empty loops run out soon, those of networks never.
STEPS_A_LAYER = 10
#: What a fault costs: more than its layer earns, so that a loop of faults ends.
FAULT_STEPS = 25
#: Calls in calls, bodies in bodies, at one point of the run.
MAX_DEPTH = 60
#: The statement of what stands in none.
NO_STATEMENT = Stmt(Default((), (), 0, 1), 1, 0)
#: The value of a variable whose line failed.
POISON = object()


class Maker(Record):
    """The element that made a named tensor: its kind or block, and its nodes, for ``share=``."""

    name: str
    first: int
    last: int


class BlockDef(Record):
    """A block as defined: where, and under which ``default`` lines."""

    node: Block
    stmt: Stmt
    source: Source
    defaults: tuple[Stmt, ...]
    declared: Symbols

    @property
    def results(self) -> int:
        """How many tensors it gives."""
        last = self.stmt.body[-1].node if self.stmt.body else None
        return len(last.refs) if isinstance(last, Output) else 1


class Scope:
    """The names of one file's top level, or of one run of a block."""

    __slots__ = ("declared", "input", "loops", "makers", "results", "rounds", "tensors", "variables")

    def __init__(self, declared: Symbols, input: int | None) -> None:
        self.declared = declared
        self.input = input
        self.variables: dict[str, Any] = {}
        self.loops: dict[str, Any] = {}
        self.tensors: dict[str, int] = {}
        self.makers: dict[str, Maker] = {}
        #: The rounds in which a name was set; what each set is among the tensors by a name like ``y[2]``.
        self.rounds: dict[str, list[tuple[int, ...]]] = {}
        #: What a block gives by its last line, ``output @a @b``; None where that is what it has run into.
        self.results: tuple[int, ...] | None = None

    def gives(self, results: tuple[int, ...]) -> None:
        """Makes these tensors what the block gives."""
        self.results = results

    def enters(self, tensor: int) -> None:
        """Makes `tensor` the one that ``@input`` means."""
        self.input = tensor

    def skip(self, body: Iterable[Stmt]) -> None:
        """What statements that cannot be run would have set is unknown."""
        for definition in definitions(body):
            if definition.variable:
                self.variables.setdefault(definition.name, POISON)
            else:
                self.tensors.setdefault(definition.name, UNKNOWN)


class Level(Record):
    """What holds for the statements of one body."""

    scope: Scope
    source: Source
    defaults: Defaults = NO_DEFAULTS
    #: The rounds of the repeats around it, outermost first, counted from 1.
    rounds: tuple[int, ...] = ()
    #: Tensors that entered the merges around it, the innermost last.
    entering: tuple[int | None, ...] = ()


class Position:
    """Where the run stands. Others look; they change it by its methods, and :meth:`inside` puts back what was."""

    def __init__(self, assembler: Assembler, declared: Symbols) -> None:
        self.assembler = assembler
        self.top = Scope(declared, None)
        self.level = Level(self.top, assembler.network.source)
        self.statement = NO_STATEMENT
        #: The running tensor: a node's index, UNKNOWN after a fault, None where there is none.
        self.running: int | None = None
        #: The line behind which nothing runs on, since it has several results, and their names.
        self.parted: tuple[int, tuple[str, ...]] | None = None
        self.depth = 0

    @contextmanager
    def inside(
        self, step: Step | None = None, train: bool = False, frame: Frame | None = None, frozen: bool = False,
        **changes: Any,
    ) -> Iterator[None]:  # fmt: skip
        """One level deeper: in a stage, head or block instance, behind a further `frame`, with some `changes`.

        The weights of what is `frozen` are not trained.
        """
        level, statement = self.level, self.statement
        context = self.assembler.enter(step, train, frame, frozen)
        if changes:
            self.level = level._replace(**changes)
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1
            self.level, self.statement = level, statement
            self.assembler.leave(context)

    def at(self, statement: Stmt) -> None:
        """Goes on to a statement of this level."""
        self.statement = statement

    def run_into(self, tensor: int | None) -> None:
        """Makes a tensor the running one."""
        self.running = tensor

    def part(self, names: tuple[str, ...]) -> None:
        """Nothing runs on from the present line: it has several results, which have these names."""
        self.running, self.parted = None, (self.statement.line, names)

    def set_defaults(self, defaults: Defaults) -> None:
        """Changes the defaults to the end of this level."""
        self.level = self.level._replace(defaults=defaults)

    # --- what there is here -------------------------------------------------------------------------

    @property
    def scope(self) -> Scope:
        """The names that are set here."""
        return self.level.scope

    @property
    def frames(self) -> tuple[Frame, ...]:
        """The calls and rounds that led here."""
        return self.assembler.context.frames

    @property
    def train(self) -> bool:
        """Whether only training runs what is here."""
        return self.assembler.context.train

    def variables(self) -> list[str]:
        """The names of all variables that can be seen here."""
        return [*self.scope.variables, *self.scope.loops, *self.top.variables]

    def span(self, start: int, end: int) -> Span:
        """The span of columns `start` to `end` of the present statement's content."""
        return self.statement.span(self.level.source, start, end)

    def spot(self, column: int) -> tuple[int, int, int]:
        """Equal for the same column of the same line of a file, however often that runs."""
        return id(self.level.source), self.statement.line, column

    def full_name(self, name: str) -> str:
        """What the layer is called that the present line names: with its path, in a block or a repeat."""
        level = self.level
        if not level.rounds and level.scope is self.top:
            return name
        rounds = "".join([f"[{number}]" for number in level.rounds])
        return "/".join([*(step.name for step in self.assembler.context.path), name + rounds])

    def shape_of(self, index: int) -> Shape | None:
        """The shape of a tensor; None where it is not known."""
        return None if index < 0 else self.assembler.nodes[index].output

    def spelled(self, shape: tuple[Any, ...]) -> str:
        """`shape`, channels first, as the network's layout writes it."""
        return times(laid_out(shape, self.assembler.network.layout))


class Halt(Exception):
    """A limit was reached: the run stops, its fault is reported."""


class Budget:
    """Steps that may still be made without making a layer."""

    def __init__(self) -> None:
        #: Below zero they are spent.
        self.left = FREE_STEPS

    def exhaust(self) -> None:
        """Takes all off."""
        self.left = -1

    def spend(self, steps: int) -> None:
        """Takes some off."""
        self.left -= steps

    @staticmethod
    def most(layers: int) -> int:
        """The steps of a run that makes so many layers."""
        return FREE_STEPS + STEPS_A_LAYER * layers

    def step(self, layers: int) -> None:
        """Takes one off, for a statement that has made so many layers, and adds what these earn."""
        self.left = min(self.left + STEPS_A_LAYER * layers, MOST_STEPS) - 1
