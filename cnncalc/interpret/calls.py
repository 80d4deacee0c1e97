"""Blocks, called."""

from __future__ import annotations

from typing import Any

from ..convert.lookup import lookup
from ..diagnostics import Frame
from ..layers import KINDS
from ..network.model import UNKNOWN, Step
from ..spec import Unresolved
from ..spec.nodes import Element, Ref
from .binding import ArgumentFault, Bound, bind_block
from .elements import Elements
from .scope import BlockDef, Scope
from .state import stands_for_layer

#: Calls in calls, bodies in bodies, at one point of the build.
MAX_DEPTH = 60


class Calls(Elements):
    """Runs blocks; their bodies are the builder's."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.calling: list[str] = []
        self.depth = 0
        #: The instances of blocks so far.
        self.steps_made = 0
        self.call_frames: dict[tuple[Element, int], Frame] = {}

    def call(self, block: BlockDef, element: Element) -> None:
        """Runs a block on the running tensor."""
        name = block.node.name
        try:
            known: Bound | None = element.bound  # where the name is the block's own, and no variable's
            bound = bind_block(name, block.node.params, element) if known is None else known
        except ArgumentFault as fault:
            self.misread(fault, element)
            self.current = UNKNOWN
            return
        if name in self.calling or self.depth >= MAX_DEPTH:
            message = f"blocks call each other deeper than {MAX_DEPTH} levels"
            if name in self.calling:
                message = (
                    f"block '{name}' uses itself: {' -> '.join([*self.calling[self.calling.index(name) :], name])}"
                )
            self.error("recursive-block", message, element.start, element.end)
            self.current = UNKNOWN
            return
        scope = Scope(block.declared, self.current)
        try:
            self.pass_arguments(block, bound, scope)
        except Unresolved:
            self.current = UNKNOWN
            return
        first = len(self.nodes)
        self.run_block(block, scope, self.frame(element))
        if bound.share is not None:
            self.share_block(bound.share, name, first)

    def pass_arguments(self, block: BlockDef, bound: Bound, scope: Scope) -> None:
        """Sets the parameters of `block` that are given. Raises Unresolved, reporting."""
        for param in block.node.params:
            arg = bound.given.get(param.name)
            if arg is None:
                continue
            if isinstance(arg.value, Ref) and arg.value.letter is None:
                if not param.tensor:
                    self.error("argument", f"'{param.name}' of block '{block.node.name}' is a value, not a tensor",
                               arg.start, arg.end)  # fmt: skip
                    raise Unresolved
                scope.tensors[param.name] = self.ref(arg)
                maker = self.scope.makers.get(arg.value.name)
                if maker is not None:
                    scope.makers[param.name] = maker
            elif param.tensor:
                self.error("argument", f"'@{param.name}' of block '{block.node.name}' is a tensor",
                           arg.start, arg.end, "write '@name'")  # fmt: skip
                raise Unresolved
            else:
                scope.variables[param.name] = self.parameter(param.name, self.value(arg.value), arg.start, arg.end)

    def parameter(self, name: str, value: Any, start: int, end: int) -> Any:
        """`value`, for parameter `name`. Raises Unresolved, reporting, where the name has two meanings then."""
        if self.two_meanings(name, value):
            message = f"parameter '{name}' is also the name of a layer: it cannot stand for '{value}'"
            self.error("ambiguous-name", message, start, end, "rename the parameter")
            raise Unresolved
        return value

    def two_meanings(self, name: str, value: Any) -> bool:
        """Whether a variable `name` that stands for a layer is itself called like a kind or a block."""
        return (lookup(name) is not None or name in self.blocks) and stands_for_layer(value, self.blocks)

    def frame(self, element: Element) -> Frame:
        """The step of the way that a call makes, for faults inside it; one record for all rounds of its line."""
        known = self.call_frames.get((element, self.stmt.line))
        if known is not None:
            return known
        words = " ".join(arg.text if arg.key is None else f"{arg.key}={arg.text}" for arg in element.args)
        call = f"{element.name} {words}".strip()
        frame = Frame(f"in '{call[:60]}', used", self.place().span(element.start, element.end))
        self.call_frames[(element, self.stmt.line)] = frame
        return frame

    def run_block(self, block: BlockDef, scope: Scope, frame: Frame) -> None:
        """Runs the body of `block` in `scope`."""
        raise NotImplementedError

    def instance(self, name: str) -> Step:
        """The next instance of the block `name`, by its own unique name."""
        self.steps_made += 1
        base = f"{name}_" if name.rstrip("0123456789") in KINDS or name[-1].isdigit() else name
        count = self.counts.get(f"block {name}", 0) + 1
        while (f"{base}{count}", False) in self.top.declared:
            count += 1
        self.counts[f"block {name}"] = count
        return Step(f"{base}{count}", name)
