"""Calls of blocks: parameters passed, defaults of the place of definition, bodies run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..convert.lookup import lookup
from ..diagnostics import Frame
from ..network import UNKNOWN
from ..spec import Unresolved
from ..spec.nodes import Arg, Element, Ref, Stmt
from .binding import ArgumentFault, Bound, bind_block
from .environment import Environment
from .position import MAX_DEPTH, NO_DEFAULTS, BlockDef, Defaults, Level, Scope


class Calls:
    """Runs blocks. `run_default` runs a ``default`` statement; the weights of the `frozen` blocks are not trained."""

    def __init__(
        self, environment: Environment, run_default: Callable[[Any], None], frozen: frozenset[str] = frozenset()
    ) -> None:
        self.frozen = frozen
        self.environment = environment
        self.position = environment.position
        self.reporter = environment.reporter
        self.run_default = run_default
        #: The blocks that are running, outermost first.
        self._running: list[str] = []
        self._defaults: dict[str, Defaults] = {}
        self._frames: dict[tuple[Element, int], Frame] = {}

    def call(
        self, block: BlockDef, element: Element, run: Callable[[Iterable[Stmt]], None]
    ) -> tuple[Arg | None, tuple[int, ...]]:
        """Runs `block` on the running tensor, as `element` says, its body by `run`; reports it where it cannot be.

        The argument that says whose weights its layers share, if it has one; and its results, where it has several.
        """
        try:
            bound = bind_block(block.node.name, block.node.params, element)
            self._check_depth(block.node.name, element)
            scope = self._scope(block, bound)
        except ArgumentFault as fault:
            self.reporter.misread(fault, element)
        except Unresolved:
            pass
        else:
            self._run(block, scope, self._frame(element), run)
            if block.results > 1:
                return bound.share, scope.results or (UNKNOWN,) * block.results
            return bound.share, ()
        self.position.run_into(UNKNOWN)
        return None, (UNKNOWN,) * block.results if block.results > 1 else ()

    def _check_depth(self, name: str, element: Element) -> None:
        """Raises Unresolved, reporting, where block `name` runs already, or too many blocks do."""
        if name not in self._running and self.position.depth < MAX_DEPTH:
            return
        message, help = f"blocks call each other deeper than {MAX_DEPTH} levels", None
        if name in self._running:
            circle = [*self._running[self._running.index(name) :], name]
            message = f"block '{name}' uses itself: {' -> '.join(circle)}"
            if lookup(name) is not None:
                help = f"in it, too, '{name}' is the block and not the kind: give the block another name"
        self.reporter.error("recursive-block", message, element.start, element.end, help)
        raise Unresolved

    def _run(self, block: BlockDef, scope: Scope, frame: Frame, run: Callable[[Iterable[Stmt]], None]) -> None:
        """Runs the body of `block` in `scope`: with its own defaults, its own place, its own names."""
        position, level = self.position, Level(scope, block.source, self._defaults_of(block))
        self._running.append(block.node.name)
        step = position.assembler.instance(block.node.name)
        with position.inside(step, frame=frame, frozen=block.node.name in self.frozen, **level._asdict()):
            position.at(block.stmt)
            if self._fill(block, scope):
                run(block.stmt.body)
            else:
                position.run_into(UNKNOWN)
        self._running.pop()

    def _scope(self, block: BlockDef, bound: Bound) -> Scope:
        """The scope of a call, with the parameters that are given. Raises Unresolved, reporting."""
        scope = Scope(block.declared, self.position.running)
        for param in block.node.params:
            arg = bound.given.get(param.name)
            if arg is None:
                continue
            if isinstance(arg.value, Ref) and arg.value.letter is None:
                if not param.tensor:
                    message = f"'{param.name}' of block '{block.node.name}' is a value, not a tensor"
                    self.reporter.error("argument", message, arg.start, arg.end)
                    raise Unresolved
                scope.tensors[param.name] = self.environment.ref(arg.value)
                maker = self.position.scope.makers.get(self.environment.key(arg.value))
                if maker is not None:
                    scope.makers[param.name] = maker
            elif param.tensor:
                message = f"'@{param.name}' of block '{block.node.name}' is a tensor"
                self.reporter.error("argument", message, arg.start, arg.end, "write '@name'")
                raise Unresolved
            else:
                value = self.environment.value(arg.value)
                scope.variables[param.name] = self._parameter(param.name, value, arg.start, arg.end)
        return scope

    def _fill(self, block: BlockDef, scope: Scope) -> bool:
        """Works out the parameters that were not given, at the block's start; False, reporting, where one has none."""
        self.environment.budget.spend(len(block.node.params))
        for param in block.node.params:
            default = param.default
            if default is None or param.name in scope.variables or param.name in scope.tensors:
                continue
            try:
                if param.tensor:
                    scope.tensors[param.name] = self.environment.ref(default)
                else:
                    value = self.environment.value(default)
                    scope.variables[param.name] = self._parameter(param.name, value, default.start, default.end)
            except Unresolved:
                return False
        return True

    def _parameter(self, name: str, value: Any, start: int, end: int) -> Any:
        """`value`, for parameter `name`. Raises Unresolved, reporting, where the name has two meanings then."""
        if self.environment.two_meanings(name, value):
            message = f"parameter '{name}' is also the name of a layer: it cannot stand for '{value}'"
            self.reporter.error("ambiguous-name", message, start, end, "rename the parameter")
            raise Unresolved
        return value

    def _frame(self, element: Element) -> Frame:
        """The step of the way that a call makes, for faults inside it; one record for all rounds of its line."""
        key = (element, self.position.statement.line)
        frame = self._frames.get(key)
        if frame is None:
            words = " ".join(arg.text if arg.key is None else f"{arg.key}={arg.text}" for arg in element.args)
            call = f"{element.name} {words}".strip()
            frame = Frame(f"in '{call[:60]}', used", self.position.span(element.start, element.end), use=True)
            self._frames[key] = frame
        return frame

    def _defaults_of(self, block: BlockDef) -> Defaults:
        """The defaults above the definition of `block`, in its file; worked out at its first use."""
        name = block.node.name
        if name not in self._defaults:
            position = self.position
            self.environment.budget.spend(len(block.defaults))
            running = position.running
            position.run_into(None)
            with position.inside(scope=position.top, source=block.source, defaults=NO_DEFAULTS):
                for stmt in block.defaults:
                    position.at(stmt)
                    self.run_default(stmt.node)
                self._defaults[name] = position.level.defaults
            position.run_into(running)
        return self._defaults[name]
