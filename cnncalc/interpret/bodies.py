"""Bodies of blocks, run where they are called; a body that was run before on the same is copied."""

from __future__ import annotations

from typing import Any

from ..diagnostics import Frame
from ..network.model import UNKNOWN, Context, Node, Step
from ..records import Record, make
from ..spec import EvaluationError, Unresolved
from ..spec.nodes import Stmt
from .scope import BlockDef, Scope
from .state import NO_DEFAULTS, Defaults
from .statements import Statements


class Seen(Record):
    """A call that was run: its nodes, from `first` up to but without `last`, and where it stood."""

    first: int
    last: int
    #: What runs out of it: a node of it, or what ran into it (UNKNOWN).
    result: int
    #: The nodes that something in it reads beside their layers; UNKNOWN is what ran into it.
    read: tuple[int, ...]
    #: How many steps and frames were around its body.
    steps: int
    frames: int


class Bodies(Statements):
    """Runs blocks: with their own defaults, in their own place, with their own names."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.block_defaults: dict[str, Defaults] = {}
        #: Calls by all that their layers depend on; None where a copy would not tell all.
        self.seen: dict[tuple[object, ...], Seen | None] = {}

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
        self.path = (*self.path, self.instance(name))
        self.calling.append(name)
        self.stmt = make(Stmt, (block.node, block.line, block.indent, ()))
        key = self.call_key(block, scope)
        seen = self.seen.get(key) if key else None
        if seen is not None and self.layer_count + seen.last - seen.first <= self.max_layers:
            self.copy(seen)
        elif key is None or key in self.seen:
            self.run_body(block, scope)
        else:
            self.seen[key] = self.watched(block, scope)
        self.calling.pop()
        self.scope, self.path, self.frames, self.rounds, self.source, self.stmt, self.entering, self.defaults = kept

    def run_body(self, block: BlockDef, scope: Scope) -> None:
        """Runs the body, its parameters set."""
        if self.missing_defaults(block, scope):
            self.run(block.body)
        else:
            self.current = UNKNOWN

    def call_key(self, block: BlockDef, scope: Scope) -> tuple[object, ...] | None:
        """All that the layers of a call depend on; None where that are tensors from elsewhere, or somebody watches."""
        current = self.current
        if scope.tensors or current is None or current < 0 or self.observer is not None:
            return None
        values = [(name, type(value), value) for name, value in scope.variables.items()]
        return (block.node.name, self.nodes[current].output, self.train, self.top_lets, *values)

    def watched(self, block: BlockDef, scope: Scope) -> Seen | None:
        """Runs the body; the record by which it can be copied, if nothing was said that depends on where it stands."""
        first, told, steps, entering = len(self.nodes), self.faults.told, self.steps_made, self.current
        read, self.read = self.read, set()
        self.run_body(block, scope)
        mine, self.read = self.read, read
        read |= mine
        nodes = self.nodes[first:]
        inner = {step for node in nodes for step in node.path[len(self.path) :]}
        outside = any(node.owner is not None and node.owner < first for node in nodes)
        current = self.current
        if self.faults.told != told or outside or current is None or current < 0:
            return None
        if len(inner) != self.steps_made - steps:  # a block without layers has a number, and no node that shows it
            return None
        result = UNKNOWN if current == entering else current
        kept = tuple(UNKNOWN if index == entering else index for index in mine)
        return Seen(first, len(self.nodes), result, kept, len(self.path), len(self.frames))

    def copy(self, seen: Seen) -> None:
        """Makes the nodes of a call that was run before on the same once more, here."""
        nodes = self.nodes
        entering = UNKNOWN if self.current is None else self.current
        first, delta = seen.first, len(nodes) - seen.first
        names: dict[Step, Step] = {}
        context = here = None
        prefix = ""
        for index in range(first, seen.last):
            node = nodes[index]
            if node.context is not context:
                context = node.context
                here = self.moved(context, seen, names)
                prefix = "/".join([step.name for step in here.path])
            reads = node.reads
            if isinstance(reads, int):
                reads = reads + delta if reads >= first else entering if reads >= 0 else reads
            else:
                reads = tuple([one + delta if one >= first else entering if one >= 0 else one for one in reads])
            owner = None if node.owner is None else node.owner + delta
            _, inside, tail = node.name.rpartition("/")
            name = f"{prefix}/{tail}" if inside else self.named(node.kind, None)
            nodes.append(
                make(Node, (index + delta, name, node.kind, node.layer, reads, node.output, node.result, owner, here,
                            node.line, node.start, node.end))
            )  # fmt: skip
        if seen.result >= 0:
            self.current = seen.result + delta
        self.read.update([entering if index < 0 else index + delta for index in seen.read])

    def moved(self, context: Context, seen: Seen, names: dict[Step, Step]) -> Context:
        """The context of a copied node: the steps and frames inside the call below those around it here."""
        for step in context.path[seen.steps :]:
            if step not in names:
                names[step] = self.instance(step.what)
        path = (*self.path, *[names[step] for step in context.path[seen.steps :]])
        return Context(path, context.train, context.source, (*self.frames, *context.frames[seen.frames :]))

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
            self.defaults, self.source, self.scope, self.current = NO_DEFAULTS, block.source, self.top, None
            for node, line in block.defaults:
                self.default(node, Stmt(node, line, 0))
            self.block_defaults[name] = self.defaults
            self.defaults, self.source, self.stmt, self.scope, self.current = kept
        return self.block_defaults[name]
