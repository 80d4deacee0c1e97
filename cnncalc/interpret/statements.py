"""Statements of one line that make no layer: variables, defaults, inputs, outputs, requirements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..convert.lookup import lookup
from ..diagnostics import ERROR
from ..layers import LayerError
from ..network import UNKNOWN, Port
from ..network.assembler import Assembler
from ..spec import Unresolved
from ..spec.nodes import Default, Dtype, Input, Let, Model, Output, Require, Use
from ..values import Shape
from .binding import said_shape
from .elements import Elements
from .overrides import Overrides, misreading
from .position import POISON, Defaults
from .reading.loader import Unit
from .specification import Requirement, Specification


class Outputs:
    """The outputs of a network, by name: the main ones, which ``output`` names, and the heads."""

    def __init__(self) -> None:
        self._mains: dict[str, Port] = {}
        self._heads: dict[str, Port] = {}

    def add(self, name: str, node: int, train: bool) -> None:
        """A head, which is an output of the network."""
        self._heads[name] = Port(name, node, train)

    def add_main(self, name: str, node: int) -> None:
        """A main output of the network."""
        self._mains[name] = Port(name, node, False)

    def settle(self, assembler: Assembler, running: int | None, parted: Sequence[int]) -> None:
        """Gives the network its outputs, heads last; where none is the main one, that is what all has run into: the
        running tensor, or those into which it has `parted`.
        """
        heads = [port for port in self._heads.values() if port.name not in self._mains]
        mains = list(self._mains.values())
        if not mains and running is None:
            mains = [Port(assembler.nodes[one].name, one, False) for one in parted if one >= 0]
        if not mains and assembler.layer_count:
            if running is not None and running >= 0:
                mains = [Port(assembler.nodes[running].name, running, False)]
            elif running is None and not heads:  # with several inputs, no line ran into the end
                mains = [Port(assembler.nodes[-1].name, assembler.nodes[-1].position, False)]
        for port in (*mains, *heads):
            assembler.output(*port)


class Statements:
    """Runs statements that set something."""

    def __init__(self, unit: Unit, elements: Elements, overrides: Overrides, specification: Specification) -> None:
        self.unit = unit
        self.position = elements.position
        self.elements = elements
        self.environment = elements.environment
        self.reporter = elements.reporter
        self.assembler = elements.assembler
        self.overrides = overrides
        self.specification = specification
        self.outputs = Outputs()
        self._defaults: dict[Any, Defaults] = {}

    def model(self, node: Model) -> None:
        """The title, once."""
        if self.assembler.network.title is not None:
            self.reporter.error("set-twice", "the model already has a title", 0, node.end)
        self.assembler.set_title(node.title)

    def let(self, node: Let) -> None:
        """A variable."""
        scope = self.position.scope
        if scope is self.position.top and node.name in self.overrides.settings:
            scope.variables[node.name] = self.overrides.settings[node.name]
            return
        try:
            scope.variables[node.name] = self.environment.held(node.name, node.value)
        except Unresolved:
            scope.variables[node.name] = POISON

    def default(self, node: Default) -> None:
        """New defaults of some kinds, to the end of the body."""
        changed = dict(self.position.level.defaults)
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
                if arguments[name].sort in ("entering", "named", "undone"):
                    self.reporter.error("argument", "a tensor is no default", arg.start, arg.end,
                                        f"say it where it enters: '{cls.kind} … {arg.key}={arg.text}'")  # fmt: skip
                    continue
                try:
                    values[name] = arguments[name].convert(self.elements.argument(arg, arguments[name].sort), cls.kind)
                except Unresolved:
                    continue
                except LayerError as error:
                    self.reporter.error("argument", str(error), arg.start, arg.end, error.help)
            changed[cls.kind] = values
        key = tuple((kind, tuple((name, type(v), v) for name, v in values.items())) for kind, values in changed.items())
        self.position.set_defaults(self._defaults.setdefault(key, changed))

    def input(self, node: Input) -> None:
        """An input of the network."""
        name = node.name or "input"
        self.add_input(name, self.overrides.shape(name) or self._shape(node))

    def _shape(self, node: Input) -> Shape | None:
        """The shape of an input line; None, reporting, where it has none."""
        start, end = node.value.start, node.value.end
        try:
            value = self.environment.value(node.value)
            fault = misreading(value, self.environment.layout)
            if fault is not None:
                self.reporter.tell(fault.severity, fault.code, fault.message, start, end, fault.help)
                if fault.severity == ERROR:
                    return None
            shape = said_shape(self.environment, value, node.value, "an input")
        except Unresolved:
            return None
        if None in shape:
            self.reporter.error("shape-value", "an input has a whole shape, without '?'", start, end)
            return None
        return tuple(size for size in shape if size is not None)

    def add_input(self, name: str, shape: Shape | None) -> None:
        """An input, which is the running tensor where it is the only one."""
        index = self.assembler.add_input(name, shape, self.position.span(0, 1))
        self.position.top.tensors[name] = index
        self.position.top.enters(index)
        if self.overrides.single_input:
            self.position.run_into(index)

    def output(self, node: Output) -> None:
        """The main outputs, by name; in a block, what it gives."""
        if self.position.scope is not self.position.top:
            self._results(node)
            return
        for ref in node.refs:
            try:
                tensor = self.environment.ref(ref)
                self.outputs.add_main(self.environment.key(ref), tensor)
            except Unresolved:
                continue

    def _results(self, node: Output) -> None:
        """What the block that runs gives: one tensor runs on, several have names where it is used."""
        results = []
        for ref in node.refs:
            try:
                results.append(self.environment.ref(ref))
            except Unresolved:
                results.append(UNKNOWN)
        self.position.scope.gives(tuple(results))
        self.position.run_into(results[0])

    def dtype(self, node: Dtype) -> None:
        """The types of the file's numbers, once."""
        if self.assembler.network.dtypes:
            self.reporter.error("set-twice", "the types are already set", 0, node.end, "one 'dtype' line says all")
        self.assembler.set_dtypes(dict(node.given))

    def require(self, node: Require) -> None:
        """A requirement, kept for those that judge it."""
        self.specification.requirements.append(Requirement(node, self.position.span(node.start, node.end)))

    def use(self, node: Use) -> None:
        """The variables of a used file."""
        self._take_variables(self.unit.uses.get(id(self.position.statement)), set())

    def _take_variables(self, unit: Unit | None, taken: set[int]) -> None:
        """Runs the top-level `let` lines of a used file, and of those that it uses."""
        if unit is None or id(unit) in taken:
            return
        taken.add(id(unit))
        with self.position.inside(source=unit.source):
            for stmt in unit.program.others:
                if isinstance(stmt.node, Use):
                    self._take_variables(unit.uses.get(id(stmt)), taken)
                elif isinstance(stmt.node, Let):
                    self.position.at(stmt)
                    self._take(stmt.node)

    def _take(self, node: Let) -> None:
        own = self.position.top.declared.get((node.name, True))
        if own is not None:
            message = f"variable '{node.name}' is also set in line {own.stmt.line} of {self.unit.source.name}"
            self.reporter.error("set-twice", message, node.name_at, node.name_at + len(node.name))
        self.let(node)


#: What runs a statement, by the type of its node.
STATEMENTS: dict[type, Callable[[Statements, Any], None]] = {
    Let: Statements.let, Default: Statements.default, Input: Statements.input, Output: Statements.output,
    Require: Statements.require, Model: Statements.model, Dtype: Statements.dtype, Use: Statements.use,
}  # fmt: skip
