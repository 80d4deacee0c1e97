"""What names mean where the run stands: the environment of expressions, and the values that they give."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NoReturn

from ..convert.lookup import all_names, lookup
from ..diagnostics import Source
from ..layers import KINDS, Layer
from ..layers.axes import axis_letters
from ..network.assembler import Assembler
from ..spec import EvaluationError, Unresolved, evaluate, flag, number
from ..spec.nodes import Element, Expr, FunctionCall, Name, Ref
from ..spec.words import AXES, FUNCTIONS
from ..values import Shape, Word, describe
from .definitions import Definitions
from .faults import Faults, did_you_mean
from .position import POISON, BlockDef, Position
from .reporting import OWN_WORDS, Reporter
from .rounds import keys

#: What functions of Python and of published code are called here.
_MEANT = {"int": "floor", "trunc": "floor", "make_divisible": "divisible", "round_filters": "divisible"}
#: Names of tensors that a message lists.
_FEW = 6


class Environment:
    """Looks up variables, tensors and sizes; works out expressions, reporting those that have no value."""

    def __init__(self, definitions: Definitions, reporter: Reporter) -> None:
        self.definitions = definitions
        self.reporter = reporter
        self.position = reporter.position
        self.budget = reporter.budget
        self.assembler = reporter.position.assembler

    # --- what expressions ask -----------------------------------------------------------------------

    def variable(self, node: Name) -> Any:
        """The value of a name: an axis's size, a variable's value, else the word itself."""
        name = node.id
        if name in AXES:
            return self.dimension(node)
        scope = self.position.scope
        # A name that a block sets itself, if only in a branch that was not taken, is never the top level's.
        outer = {} if (name, True) in scope.declared else self.position.top.variables
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
        blocks = self.definitions.blocks
        if lookup(node.id) is None and node.id not in blocks and node.id not in OWN_WORDS:
            names = [*self.position.variables(), *KINDS, *blocks, *OWN_WORDS]
            raise EvaluationError(f"unknown name '{node.id}'", node, did_you_mean(node.id, names), node.id)

    def _when(self, line: int) -> str:
        if line > self.position.statement.line:
            return f"it is set below, in line {line}"
        return f"the branch or repeat that sets it, in line {line}, was not run"

    def dimension(self, node: Ref | Name) -> int:
        """The size along the axis that ``C`` or ``@x.C`` names."""
        if isinstance(node, Ref):
            letter = node.letter or ""
            index: int | None = self.find(node)
        else:
            letter, index = node.id, self.position.running
        if letter != "C":
            self.assembler.looked_at_sizes()
        if index is None:
            raise EvaluationError(f"no tensor enters here, so {letter} has no value", node)
        shape = self.position.shape_of(index)
        if shape is None:
            raise Unresolved
        letters = axis_letters(shape)
        if len(shape) == 1:
            self.assembler.looked_at_sizes()
        self.assembler.looked_at_channels()
        if letter not in letters:
            wrong = f"the tensor {self.position.spelled(shape)} has no axis {letter}: its axes are {', '.join(letters)}"
            raise EvaluationError(wrong, node)
        return shape[letters.index(letter)]

    def tensor(self, node: Ref) -> Shape:
        """The shape of ``@x`` as an argument."""
        self.assembler.looked_at_sizes()
        shape = self.position.shape_of(self.find(node))
        if shape is None:
            raise Unresolved
        return shape

    def call(self, node: FunctionCall) -> NoReturn:
        """A function that there is not."""
        meant = _MEANT.get(node.function.strip("_").lower())
        help = f"write '{meant}(…)'" if meant else did_you_mean(node.function, FUNCTIONS)
        help = help or "functions: " + ", ".join(FUNCTIONS)
        raise EvaluationError(f"unknown function '{node.function}'", node, help)

    # --- tensors ------------------------------------------------------------------------------------

    def find(self, node: Ref) -> int:
        """The index of the tensor ``@name`` or ``@name[2]``, which is used by that.

        Raises EvaluationError where there is none, Unresolved.
        """
        if node.several:
            raise EvaluationError(f"'@{node.name}[*]' are the tensors of all rounds", node,
                                  f"only a merge takes them: 'add @{node.name}[*]'")  # fmt: skip
        return self._found(self.key(node), node)

    def key(self, node: Ref) -> str:
        """What the scope calls the tensor ``@name`` or ``@name[2]``. Raises EvaluationError, Unresolved."""
        return keys(node, self)[0] if node.rounds else node.name

    def all_of(self, node: Ref, text: str) -> list[tuple[str, int]]:
        """The tensors that an argument of a merge, `text`, means: one, or those of ``@name[*]``, each by its round.

        Each is what it is called and its index. Raises Unresolved, reporting.
        """
        try:
            if node.several:
                return [(f"@{key}", self._found(key, node)) for key in keys(node, self)]
            return [(text, self.find(node))]
        except EvaluationError as error:
            self.reporter.unresolved(error)
            raise Unresolved from None

    def _found(self, name: str, node: Ref) -> int:
        """The index of the tensor that the scope knows by `name`, which is used by `node`. Raises EvaluationError."""
        scope = self.position.scope
        if name == "here":
            entering = self.position.level.entering
            if not entering:
                raise EvaluationError("'@here' is the tensor that entered a merge, and there is none around", node)
            return self._present(entering[-1], "no tensor entered this merge", node)
        if name in scope.tensors:
            index = scope.tensors[name]
            if index >= 0 and self.assembler.nodes[index].train and not self.position.train:
                raise EvaluationError(f"'@{name}' is in a head that only training runs", node,
                                      "delete 'train', or take the tensor before the head")  # fmt: skip
            return self._present(index, "", node)
        if name == "input":
            if scope is self.position.top and self.assembler.input_count > 1:
                names = ", ".join(f"@{one.name}" for one in self.assembler.network.inputs)
                raise EvaluationError("there are several inputs", node, f"name one of them: {names}")
            return self._present(scope.input, "there is no input here", node)
        declared = scope.declared.get((name, False))
        if declared is not None:
            advice = "names refer upwards only" if declared.stmt.line > self.position.statement.line else None
            raise EvaluationError(f"'@{name}' is not made here: {self._when(declared.stmt.line)}", node, advice)
        help = None if self.reporter.has_suggested(node) else self._tensor_help(name)
        raise EvaluationError(f"unknown tensor '@{name}'", node, help)

    def _tensor_help(self, name: str) -> str | None:
        position = self.position
        if position.scope is not position.top and (name, False) in position.top.declared:
            return f"a block sees its own tensors only: pass it as a parameter, '@{name}'"
        if self.reporter.faults.many:
            return None
        if any(node.name == name for node in self.assembler.nodes):
            return f"'{name}' is only what the table calls it: give it a name of yours, 'x = …', and write '@x'"
        if name in position.variables():
            return f"'{name}' is a variable: write it without '@'"
        there = [tensor for tensor in position.scope.tensors if "[" not in tensor and tensor != "input"]
        if name in KINDS:
            return f"'{name}' is a layer: write it without '@'"
        close = did_you_mean(name, [*position.scope.tensors, "input", "here"])
        names = ", ".join(f"@{one}" for one in there)
        return close or (f"tensors with a name here: {names}" if 0 < len(there) <= _FEW else None)

    def _present(self, index: int | None, message: str, node: Expr) -> int:
        if index is None:
            raise EvaluationError(message, node)
        self.assembler.use(index)
        return index

    def ref(self, node: Expr) -> int:
        """The index of the tensor ``@x``. Raises Unresolved, reporting."""
        assert isinstance(node, Ref)  # the parser and the binding of arguments saw to it
        try:
            return self.find(node)
        except EvaluationError as error:
            self.reporter.unresolved(error)
            raise Unresolved from None

    # --- layers -------------------------------------------------------------------------------------

    def target(self, element: Element) -> tuple[type[Layer], int | None] | BlockDef | None:
        """The kind or block that an element names, straight or by a variable; None where there is none."""
        name, source = element.name, self.position.level.source
        if element.pasted is not None:
            return None
        target = self.definitions.block(name, source) or lookup(name)
        if target is not None:
            return target
        scope = self.position.scope
        for names in (scope.variables, scope.loops, self.position.top.variables):
            value = names.get(name)
            if isinstance(value, Word):
                return self.definitions.block(value, source) or lookup(value)
        return None

    def no_target(self, element: Element) -> None:
        """Reports a variable as an element that holds no layer; what else is no layer the static check has reported."""
        name, end = element.name, element.start + len(element.name)
        scope, visible = self.position.scope, self.position.variables()
        declared = (name, True) in scope.declared or (name, True) in self.position.top.declared
        if element.pasted is not None or lookup(name) is not None or not (declared or name in visible):
            return
        try:
            value = self.value(Name(name, element.start, end))
        except Unresolved:
            return
        message, help = f"'{name}' holds {describe(value)}, and that is no layer", None
        if isinstance(value, Word):
            help = did_you_mean(value, [*all_names(), *self.definitions.blocks])
        if value == name and name not in visible:
            message, help = f"'{name}' has no value here", "a block sees the top-level variables above its use"
        self.reporter.error("unknown-layer", message, element.start, end, help)

    def two_meanings(self, name: str, value: Any) -> bool:
        """Whether a variable `name` that stands for a kind or a block is itself called like one."""
        words = (value, name) if isinstance(value, Word) else ()
        return bool(words) and all(word in self.definitions.blocks or lookup(word) is not None for word in words)

    # --- values -------------------------------------------------------------------------------------

    def value(self, node: Expr) -> Any:
        """The value of an expression. Raises Unresolved where it has none; then that is reported."""
        return self._work_out(evaluate, node)

    def held(self, name: str, node: Expr) -> Any:
        """The value of an expression, for variable `name`. Raises Unresolved, reporting, where it can hold none."""
        value = self.value(node)
        if type(value) is tuple:
            self.reporter.error("argument", "a variable holds a number, a size or a word, not a tensor", node.start,
                                node.end, "a name for a tensor: 'x = …'")  # fmt: skip
            raise Unresolved
        if self.two_meanings(name, value):
            message = f"'{name}' is the name of a layer: it cannot stand for '{value}'"
            self.reporter.error("ambiguous-name", message, 0, self.position.statement.node.end, "choose another name")
            raise Unresolved
        return value

    def number(self, node: Expr) -> int | Fraction | None:
        """The number that `node` says; None, reporting, where it says none."""
        value: int | Fraction | None = self._or_none(number, node)
        return value

    def condition(self, node: Expr) -> bool | None:
        """Whether the condition `node` holds; None, reporting, where it cannot be told."""
        value: bool | None = self._or_none(flag, node)
        return value

    def _or_none(self, work: Callable[[Expr, Environment], Any], node: Expr) -> Any:
        try:
            return self._work_out(work, node)
        except Unresolved:
            return None

    def _work_out(self, work: Callable[[Expr, Environment], Any], node: Expr) -> Any:
        self.budget.spend((node.end - node.start) >> 5)  # long expressions take their time
        try:
            return work(node, self)
        except EvaluationError as error:
            self.reporter.unresolved(error)
            raise Unresolved from None

    # --- shapes -------------------------------------------------------------------------------------

    @property
    def layout(self) -> str:
        """The layout in which the present file writes its shapes."""
        return self.definitions.layout_of(self.position.level.source)


def blank_environment(source: Source, layout: str = "chw") -> Environment:
    """An environment in which no name means anything, for a value that stands in no spec."""
    faults = Faults()
    return Environment(Definitions((), faults, layout), Reporter(Position(Assembler(source, layout), {}), faults))
