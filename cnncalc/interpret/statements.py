"""Statements of one line that make no layer: variables, defaults, inputs, outputs, requirements."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from ..convert.lookup import lookup
from ..diagnostics import ERROR, Diagnostic
from ..layers import LayerError
from ..network.model import Context, Node, Port, Requirement
from ..spec import EvaluationError, Unresolved, flag, number
from ..spec.nodes import Default, Expr, Input, Let, Output, Require, Stmt
from ..values import Pair
from .calls import Calls
from .inputs import doubt
from .scope import POISON
from .state import Defaults


class Statements(Calls):
    """Runs statements that set something."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.interned: dict[Any, Defaults] = {}
        #: What the command line overrides.
        self.inputs: dict[str | None, tuple[int, ...]] = {}
        self.settings: dict[str, Any] = {}
        self.overridden = False
        #: Whether the file has just one input: then layers start at it, and --input needs no name.
        self.single_input = True
        #: How often a top-level variable was set: blocks see them.
        self.top_lets = 0

    def let(self, node: Let, stmt: Stmt) -> None:
        """A variable."""
        self.top_lets += self.scope is self.top
        if self.scope is self.top and node.name in self.settings:
            self.top.variables[node.name] = self.settings[node.name]
            return
        try:
            value = self.value(node.value)
        except Unresolved:
            value = POISON
        if isinstance(value, tuple) and not isinstance(value, Pair) and type(value) is tuple:
            self.error("argument", "a variable holds a number, a size or a word, not a tensor", node.value.start,
                       node.value.end, "a name for a tensor: 'x = …'")  # fmt: skip
            value = POISON
        if self.two_meanings(node.name, value):
            self.error("ambiguous-name", f"'{node.name}' is the name of a layer: it cannot stand for '{value}'",
                       node.start, node.end, "choose another name")  # fmt: skip
            value = POISON
        self.scope.variables[node.name] = value

    def default(self, node: Default, stmt: Stmt) -> None:
        """New defaults of some kinds, to the end of the body."""
        self.stmt = stmt
        changed = dict(self.defaults)
        for kind in node.kinds:
            found = lookup(kind.id)
            if found is None:
                continue
            cls = found[0]
            arguments = {arg.name: arg for arg in cls.args}
            values = dict(changed.get(cls.kind, {}))
            for arg in node.args:
                name = cls.keys.get(arg.key or "")
                if name is None:
                    continue
                try:
                    values[name] = arguments[name].convert(self.argument(arg, arguments[name].sort), cls.kind)
                except Unresolved:
                    continue
                except LayerError as error:
                    self.error("argument", error.message, arg.start, arg.end, error.help)
            changed[cls.kind] = values
        key = tuple((kind, tuple((name, type(v), v) for name, v in values.items())) for kind, values in changed.items())
        self.defaults = self.interned.setdefault(key, changed)

    def input(self, node: Input, stmt: Stmt) -> None:
        """An input of the network."""
        name = node.name or "input"
        given = self.inputs.get(name) or (self.inputs.get(None) if self.single_input else None)
        self.add_input(name, given or self.input_shape(node), stmt)

    def input_shape(self, node: Input) -> tuple[int, ...] | None:
        """The shape of an input line; None, reporting, where it has none."""
        try:
            value = self.value(node.value)
            if not self.sure(node, value):
                return None
            shape = self.shape(value, node.value, "an input")
        except Unresolved:
            return None
        if None in shape:
            self.error("shape-value", "an input has a whole shape, without '?'", node.value.start, node.value.end)
            return None
        return tuple(size for size in shape if size is not None)

    def sure(self, node: Input, value: object) -> bool:
        """Reports a shape that is probably not what was meant; False where it cannot stay so."""
        found = doubt(value, self.layout)
        if found is None:
            return True
        span = self.place().span(node.value.start, node.value.end)
        self.faults.add(Diagnostic(found.severity, found.code, found.message, span, found.help))
        return found.severity != ERROR

    def add_input(self, name: str, shape: tuple[int, ...] | None, stmt: Stmt) -> None:
        """Appends an input, which is the running tensor where it is the only one."""
        index = len(self.nodes)
        context = Context((), False, self.source, ())
        indent = stmt.indent
        self.nodes.append(
            Node(index, name, "input", None, (), shape, None, None, context, stmt.line, indent, indent + 1)
        )
        self.input_count += 1
        self.top.tensors[name] = index
        self.top.input = index
        if self.single_input:
            self.current = index

    def output(self, node: Output, stmt: Stmt) -> None:
        """The main outputs, by name."""
        for ref in node.refs:
            try:
                index = self.find(ref.name, ref.start, ref.end, ref)
            except EvaluationError as error:
                self.unresolved(error)
                continue
            self.network.outputs.append(Port(ref.name, index, False))

    def require(self, node: Require, stmt: Stmt) -> None:
        """A requirement, kept for `cnncalc check`."""
        self.network.requirements.append(Requirement(node, self.place().span(node.start, node.end)))

    # --- values -------------------------------------------------------------------------------------

    def number(self, node: Expr) -> int | Fraction | None:
        """The number that `node` says; None, reporting, where it says none."""
        found: int | Fraction | None = self._try(number, node)
        return found

    def condition(self, node: Expr) -> bool | None:
        """Whether the condition `node` holds; None, reporting, where it cannot be told."""
        found: bool | None = self._try(flag, node)
        return found

    def _try(self, work: Callable[[Expr, Any], Any], node: Expr) -> Any:
        self.steps_left -= (node.end - node.start) >> 5
        try:
            return work(node, self)
        except EvaluationError as error:
            self.unresolved(error)
        except Unresolved:
            pass
        return None
