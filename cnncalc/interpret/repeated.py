"""A block that is called on the same once more: the layers of its first call are copied, not worked out again.

It is a second way to do what running the body does, for networks of repeated blocks, which are most: without it
PLACEHOLDER. tests/interpret/test_repeated_work.py runs both ways over generated specs.
"""

from __future__ import annotations

from ..network import UNKNOWN, Context, Step
from ..records import Record
from .faults import Faults
from .position import Position
from .scope import BlockDef, Scope


class Call(Record):
    """A call that was run: its nodes, from `first` up to but without `last`, and where it stood."""

    first: int
    last: int
    #: What runs out of it: a node of it, or what ran into it (UNKNOWN).
    result: int
    #: The nodes that something in it uses beside its layers; UNKNOWN is what ran into it.
    uses: tuple[int, ...]
    #: How many steps and frames were around its body.
    steps: int
    frames: int


class Repeats:
    """Remembers calls of blocks, and copies those that come again."""

    def __init__(self, position: Position, faults: Faults) -> None:
        self.position = position
        self.assembler = position.assembler
        self.faults = faults
        #: Calls by all that their layers depend on; None where a copy would not tell all.
        self._calls: dict[tuple[object, ...], Call | None] = {}

    def key(self, block: BlockDef, scope: Scope) -> tuple[object, ...] | None:
        """All that the layers of a call depend on; None where that are tensors from elsewhere."""
        running = self.position.running
        if scope.tensors or running is None or running < 0:
            return None
        values = [(name, type(value), value) for name, value in scope.variables.items()]
        shape = self.position.shape_of(running)
        return (block.node.name, shape, self.position.train, self.position.top.changes, *values)

    def copied(self, key: tuple[object, ...]) -> bool:
        """Whether a call like this was run before, and its layers are now here once more."""
        call = self._calls.get(key)
        assembler = self.assembler
        if call is None or assembler.layer_count + call.last - call.first > assembler.max_layers:
            return False
        self._copy(call)
        return True

    def first(self, key: tuple[object, ...]) -> bool:
        """Whether no call like this was run before."""
        return key not in self._calls

    # --- the first call -----------------------------------------------------------------------------

    def mark(self) -> tuple[int, ...]:
        """Where things stand before a call is run."""
        assembler, running = self.assembler, self.position.running
        entering = UNKNOWN if running is None else running
        return len(assembler.nodes), self.faults.told, assembler.instances, len(assembler.uses), entering

    def keep(self, key: tuple[object, ...], mark: tuple[int, ...]) -> None:
        """Remembers the call that was run since `mark`, if nothing was said that depends on where it stands."""
        first, told, instances, uses, entering = mark
        assembler, running = self.assembler, self.position.running
        nodes = assembler.nodes[first:]
        depth = len(assembler.context.path)
        inner = {step for node in nodes for step in node.path[depth:]}
        outside = any(node.owner is not None and node.owner < first for node in nodes)
        self._calls[key] = None
        if self.faults.told != told or outside or running is None or running < 0:
            return
        if len(inner) != assembler.instances - instances:  # one without layers has a number, and no node that shows it
            return
        result = UNKNOWN if running == entering else running
        used = tuple(UNKNOWN if index == entering else index for index in assembler.uses[uses:])
        frames = len(assembler.context.frames)
        self._calls[key] = Call(first, len(assembler.nodes), result, used, depth, frames)

    # --- the others ---------------------------------------------------------------------------------

    def _copy(self, call: Call) -> None:
        """Makes the nodes of a call that was run before on the same once more, here."""
        assembler, nodes = self.assembler, self.assembler.nodes
        running = self.position.running
        entering = UNKNOWN if running is None else running
        first, delta = call.first, len(nodes) - call.first
        names: dict[Step, Step] = {}
        here = assembler.context
        context: Context | None = None
        prefix = ""
        for index in range(first, call.last):
            node = nodes[index]
            if node.context is not context:
                context = node.context
                assembler.leave(self._moved(context, call, here, names))
                prefix = "/".join([step.name for step in assembler.context.path])
            inputs = tuple([read + delta if read >= first else entering if read >= 0 else read for read in node.inputs])
            owner = None if node.owner is None else node.owner + delta
            _, inside, tail = node.name.rpartition("/")
            assembler.add_copy(node, inputs, owner, f"{prefix}/{tail}" if inside else None)
        assembler.leave(here)
        if call.result >= 0:
            self.position.run_into(call.result + delta)
        for index in call.uses:
            assembler.use(entering if index < 0 else index + delta)

    def _moved(self, context: Context, call: Call, here: Context, names: dict[Step, Step]) -> Context:
        """The context of a copied node: the steps and frames inside the call below those around it here."""
        inner = context.path[call.steps :]
        for step in inner:
            if step not in names:
                names[step] = self.assembler.instance(step.what)
        path = (*here.path, *[names[step] for step in inner])
        return Context(path, context.train, (*here.frames, *context.frames[call.frames :]))
