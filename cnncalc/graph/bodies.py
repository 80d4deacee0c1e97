"""Bodies of blocks, run where they are called."""

from __future__ import annotations

from typing import Any

from ..diagnostics import Frame
from ..spec import EvaluationError, Unresolved
from ..spec.nodes import Stmt
from .model import UNKNOWN
from .scope import BlockDef, Scope
from .state import Defaults
from .statements import Statements


class Bodies(Statements):
    """Runs blocks: with their own defaults, in their own place, with their own names."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.block_defaults: dict[str, Defaults] = {}

    def run(self, body: tuple[Stmt, ...]) -> None:
        """Runs the statements of a body."""
        raise NotImplementedError

    def run_block(self, block: BlockDef, scope: Scope, frame: Frame) -> None:
        """Runs the body of `block` in `scope`: with its own defaults, its own place, its own names."""
        kept = (self.scope, self.path, self.frames, self.rounds, self.source, self.stmt, self.entering, self.defaults)
        name = block.node.name
        self.defaults = self.defaults_of(block)
        self.frames = (*self.frames, frame)
        self.scope, self.rounds, self.source, self.entering = scope, (), block.source, []
        self.path = (*self.path, self.instance(block))
        self.calling.append(name)
        self.stmt = Stmt(block.node, block.line, block.indent)
        if self.missing_defaults(block, scope):
            self.run(block.body)
        else:
            self.current = UNKNOWN
        self.calling.pop()
        self.scope, self.path, self.frames, self.rounds, self.source, self.stmt, self.entering, self.defaults = kept

    def missing_defaults(self, block: BlockDef, scope: Scope) -> bool:
        """Works out the parameters that were not given, at the block's start; False, reporting, where one has none."""
        self.steps_left -= len(block.node.params)
        for param in block.node.params:
            if param.default is None or param.name in scope.variables or param.name in scope.tensors:
                continue
            try:
                if param.tensor:
                    scope.tensors[param.name] = self.find(param.default.name, 0, 0, param.default)  # type: ignore[union-attr]
                else:
                    default = param.default
                    value = self.parameter(param.name, self.value(default), default.start, default.end)
                    scope.variables[param.name] = value
            except EvaluationError as error:
                self.unresolved(error)
                return False
            except Unresolved:
                return False
        return True

    def defaults_of(self, block: BlockDef) -> Defaults:
        """The defaults above the definition of `block`, in its file; worked out at its first use."""
        name = block.node.name
        if name not in self.block_defaults:
            self.steps_left -= len(block.defaults)
            kept = (self.defaults, self.source, self.stmt, self.scope, self.current)
            self.defaults, self.source, self.scope, self.current = {}, block.source, self.top, None
            for node, line in block.defaults:
                self.default(node, Stmt(node, line, 0))
            self.block_defaults[name] = self.defaults
            self.defaults, self.source, self.stmt, self.scope, self.current = kept
        return self.block_defaults[name]
