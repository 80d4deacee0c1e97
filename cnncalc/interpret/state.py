"""The state of a build, and what names mean in it (the environment of expressions)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ..convert.lookup import lookup
from ..diagnostics import Frame, Source
from ..layers import KINDS
from ..layers.reshape import axis_letters
from ..network.model import Context, Network, Step
from ..spec import EvaluationError, Unresolved, evaluate
from ..spec.nodes import Default, Expr, Name, Ref, Stmt
from ..spec.words import AXES
from ..values import Shape, Size, Word, laid_out, spell, times
from .faults import Faults, Place, did_you_mean, evaluation_fault
from .scope import POISON, BlockDef, Scope

#: What `default` lines set: kind -> argument -> value, converted.
Defaults = Mapping[str, Mapping[str, Any]]

NO_DEFAULTS: Defaults = {}


#: Steps that a spec may make before its first layer.
FREE_STEPS = 30_000
#: And the most that its layers earn it.
MOST_STEPS = 200_000
#: What a fault costs: more than its layer earns, so that a loop of faults ends.
FAULT_STEPS = 25


#: Words that arguments take.
OWN_WORDS = ("same", "valid", "causal", "nearest", "bilinear")


class Halt(Exception):
    """A limit was reached: the build stops, its fault is reported."""


class State:
    """Where a build stands: the running tensor, the scope, the way to here."""

    def __init__(self, network: Network, faults: Faults) -> None:
        self.network = network
        self.nodes = network.nodes
        self.faults = faults
        self.blocks: dict[str, BlockDef] = {}
        self.top = Scope({}, None)
        self.scope = self.top
        #: The running tensor: a node's index, UNKNOWN after a fault, None where there is none.
        self.current: int | None = None
        #: Tensors that entered the merges around here, the innermost last.
        self.entering: list[int | None] = []
        self.path: tuple[Step, ...] = ()
        self.frames: tuple[Frame, ...] = ()
        self.rounds: tuple[int, ...] = ()
        self.defaults: Defaults = NO_DEFAULTS
        self.train = False
        self.context = Context((), False, network.source, ())
        self.input_count = 0
        #: Steps that may still be made without making a layer.
        self.steps_left = FREE_STEPS
        self.source: Source = network.source
        self.stmt = Stmt(Default((), (), 0, 1), 1, 0)
        self.layout_of: dict[int, str] = {}
        self.suggested: set[tuple[int, int, int]] = set()
        self.failed_arrows: set[tuple[int, int, int]] = set()
        #: Nodes that something reads.
        self.read: set[int] = set()

    def here(self) -> Context:
        """What the layers that are made here have in common: one record until something of it changes."""
        context = self.context
        path, train, source, frames = context
        if path is self.path and train is self.train and source is self.source and frames is self.frames:
            return context
        self.context = context = Context(self.path, self.train, self.source, self.frames)
        return context

    # --- places and faults --------------------------------------------------------------------------

    def place(self, stmt: Stmt | None = None) -> Place:
        """Where `stmt`, by default the present one, stands."""
        stmt = stmt or self.stmt
        return Place(self.source, stmt.line, stmt.indent)

    def error(self, code: str, message: str, start: int, end: int, help: str | None = None) -> None:
        """Reports an error of the present statement, at columns `start` to `end` of its content."""
        self.faults.error(code, message, self.place().span(start, end), help, self.frames)

    def variables(self) -> list[str]:
        """The names of all variables that can be seen here."""
        return [*self.scope.variables, *self.scope.loops, *self.top.variables]

    def value(self, node: Expr) -> Any:
        """The value of an expression. Raises Unresolved where it has none; then that is reported."""
        self.steps_left -= (node.end - node.start) >> 5  # long expressions take their time
        try:
            return evaluate(node, self)
        except EvaluationError as error:
            self.unresolved(error)
            raise Unresolved from None

    def first_failure(self, start: int) -> bool:
        """Whether the arrow at `start` in the present line fails for the first time; later ones are said in short."""
        key = (id(self.source), self.stmt.line, start)
        self.steps_left -= 10
        if key in self.failed_arrows:
            return False
        self.failed_arrows.add(key)
        return True

    def blank(self, start: int, end: int) -> None:
        """Takes note of a blank at columns `start` to `end` of the present line: once, however often that runs."""
        key = (id(self.source), self.stmt.line, start)
        if key not in self.failed_arrows:
            self.failed_arrows.add(key)
            self.network.blanks.append(self.place().span(start, end))

    def unresolved(self, error: EvaluationError) -> None:
        """Reports an expression that has no value; suggestions are looked for once a place."""
        self.steps_left -= FAULT_STEPS
        names = self.variables() if self.first_fault(error.node) else ()
        self.faults.add(evaluation_fault(error, self.place(), names, self.frames))

    def first_fault(self, node: Expr) -> bool:
        """Whether nothing has been suggested yet for `node` of the present line."""
        key = (id(self.source), self.stmt.line, node.start)
        if key in self.suggested or self.faults.many:
            return False
        self.suggested.add(key)
        return True

    # --- the environment of expressions -------------------------------------------------------------

    def variable(self, node: Name) -> Any:
        """The value of a name: an axis's size, a variable's value, else the word itself."""
        name = node.id
        if name in AXES:
            return self.dimension(node)
        scope = self.scope
        # A name that a block sets itself, if only in a branch that was not taken, is never the top level's.
        outer = {} if (name, True) in scope.declared else self.top.variables
        for names in (scope.variables, scope.loops, outer):
            if name in names:
                if names[name] is POISON:
                    raise Unresolved
                return names[name]
        declared = scope.declared.get((name, True))
        if declared is not None:
            raise EvaluationError(f"'{name}' has no value here: {self._when(declared.stmt.line)}", node)
        return Word(name)

    def check_word(self, node: Name) -> None:
        """Raises EvaluationError for a word in a comparison that is no kind, block or argument's own word."""
        if lookup(node.id) is None and node.id not in self.blocks and node.id not in OWN_WORDS:
            known = [*self.variables(), *KINDS, *self.blocks, *OWN_WORDS]
            raise EvaluationError(f"unknown name '{node.id}'", node, did_you_mean(node.id, known))

    def _when(self, line: int) -> str:
        if line > self.stmt.line:
            return f"it is set below, in line {line}"
        return f"the branch or repeat that sets it, in line {line}, was not run"

    def dimension(self, node: Ref | Name) -> int:
        """The size along the axis that ``C`` or ``@x.C`` names."""
        if isinstance(node, Ref):
            letter = node.letter or ""
            index: int | None = self.find(node.name, node.start, node.end, node)
        else:
            letter, index = node.id, self.current
        if letter != "C":
            self.network.sized = True
        if index is None:
            raise EvaluationError(f"no tensor enters here, so {letter} has no value", node)
        shape = self.shape_of(index)
        if shape is None:
            raise Unresolved
        letters = axis_letters(shape)
        if len(shape) == 1:
            self.network.sized = True
        if letter not in letters:
            wrong = f"the tensor {self.spelled(shape)} has no axis {letter}: its axes are {', '.join(letters)}"
            raise EvaluationError(wrong, node)
        return shape[letters.index(letter)]

    def tensor(self, node: Ref) -> Shape:
        """The shape of ``@x`` as an argument."""
        self.network.sized = True
        shape = self.shape_of(self.find(node.name, node.start, node.end, node))
        if shape is None:
            raise Unresolved
        return shape

    # --- tensors ------------------------------------------------------------------------------------

    def shape_of(self, index: int) -> Shape | None:
        """The shape of a tensor; None where it is not known."""
        return None if index < 0 else self.nodes[index].output

    def find(self, name: str, start: int, end: int, node: Expr) -> int:
        """The index of the tensor ``@name``. Raises EvaluationError where there is none."""
        if name == "here":
            if not self.entering:
                raise EvaluationError("'@here' is the tensor that entered a merge, and there is none around", node)
            return self._present(self.entering[-1], "no tensor entered this merge", node)
        scope = self.scope
        if name in scope.tensors:
            index = scope.tensors[name]
            if index >= 0 and self.nodes[index].train and not self.train:
                raise EvaluationError(f"'@{name}' is in a head that only training runs", node,
                                      "delete 'train', or take the tensor before the head")  # fmt: skip
            self.read.add(index)
            return index
        if name == "input":
            if scope is self.top and len(self.network.inputs) > 1:
                names = ", ".join(f"@{one.name}" for one in self.network.inputs)
                raise EvaluationError("there are several inputs", node, f"name one of them: {names}")
            return self._present(scope.input, "there is no input here", node)
        declared = scope.declared.get((name, False))
        if declared is not None:
            advice = "names refer upwards only" if declared.stmt.line > self.stmt.line else None
            raise EvaluationError(f"'@{name}' is not made here: {self._when(declared.stmt.line)}", node, advice)
        help = None if (id(self.source), self.stmt.line, node.start) in self.suggested else self._tensor_help(name)
        raise EvaluationError(f"unknown tensor '@{name}'", node, help)

    def _tensor_help(self, name: str) -> str | None:
        if self.scope is not self.top and (name, False) in self.top.declared:
            return f"a block sees its own tensors only: pass it as a parameter, '@{name}'"
        if self.faults.many:
            return None
        if any(node.name == name for node in self.nodes):
            return f"'{name}' is only what the table calls it: give it a name of yours, 'x = …', and write '@x'"
        if name in self.variables():
            return f"'{name}' is a variable: write it without '@'"
        return did_you_mean(name, [*self.scope.tensors, "input", "here"])

    def _present(self, index: int | None, message: str, node: Expr) -> int:
        if index is None:
            raise EvaluationError(message, node)
        self.read.add(index)
        return index

    # --- shapes -------------------------------------------------------------------------------------

    @property
    def layout(self) -> str:
        """The layout in which the present file writes its shapes."""
        return self.layout_of.get(id(self.source), "chw")

    def spelled(self, shape: tuple[Any, ...], sign: str = "x") -> str:
        """`shape`, channels first, as this network's layout writes it."""
        return times(laid_out(shape, self.network.layout), sign)

    def shape(self, value: Any, node: Expr, what: str) -> tuple[int | None, ...]:
        """The channels-first shape that `value` says in the present file's layout. Raises Unresolved, reporting."""
        items = value if isinstance(value, Size) else (value,)
        message = None
        for item in items:
            if isinstance(item, Word):
                message = f"{what} is a shape, not the word '{item}'"
            elif item is not None and (isinstance(item, bool) or not isinstance(item, int)):
                message = f"{what} is a shape of whole numbers"
                if isinstance(item, Fraction):
                    message += f", not {spell(item)}"
            elif item is not None and item < 1:
                message = f"{what} has a size of {item}; sizes are at least 1"
        if message is None and len(items) > 4:
            message = f"a shape has at most 4 numbers, channels and three axes, not {len(items)}"
        if message:
            help = None
            if isinstance(value, Word):
                known = lookup(value) is not None or value in self.blocks
                close = did_you_mean(value, self.variables())
                help = "use '|' between layers; '->' checks a shape" if known and what.startswith("the exp") else close
            self.error("shape-value", message, node.start, node.end, help)
            raise Unresolved
        written_last = self.layout == "hwc" and not (isinstance(value, Size) and value.at)
        if written_last and len(items) > 1:
            return (items[-1], *items[:-1])
        return tuple(items)


def stands_for_layer(value: Any, blocks: Mapping[str, BlockDef]) -> bool:
    """Whether a variable's `value` is the name of a kind or a block."""
    return isinstance(value, Word) and (value in blocks or lookup(value) is not None)
