"""The tree that the names of nodes are: ``/model/stem/Conv`` stands in the stage ``stem`` of ``model``."""

from __future__ import annotations

from collections.abc import Sequence

from ..network import Context, Step
from ..network.assembler import Assembler

#: So deep a tree is followed.
_DEEPEST = 24


class Tree:
    """The stages around each node, by their names. One around everything, or around a single node, is none.

    All of them stand `around` in turn, such as in a head.
    """

    def __init__(
        self, names: Sequence[str], modules: Sequence[str | None] = (), around: Context | None = None
    ) -> None:  # fmt: skip
        around = around or Context()
        modules = modules or [None] * len(names)
        sign = "/" if any("/" in name for name in names) and not any(modules) else "."
        split = [
            tuple(module.split("."))[:_DEEPEST] if module else
            tuple(part for part in name.split(sign) if part)[:-1][:_DEEPEST]
            for name, module in zip(names, modules, strict=True)
        ]  # fmt: skip
        counts: dict[tuple[str, ...], int] = {}
        for parts in split:
            for depth in range(1, len(parts) + 1):
                counts[parts[:depth]] = counts.get(parts[:depth], 0) + 1
        self._sign = sign
        self._prefixes = [
            [parts[:depth] for depth in range(1, len(parts) + 1) if 1 < counts[parts[:depth]] < len(names)]
            for parts in split
        ]
        steps: dict[tuple[str, ...], Step] = {}
        contexts: dict[tuple[Step, ...], Context] = {(): around}
        #: Of every node.
        self.paths: list[Context] = []
        for prefixes in self._prefixes:
            path = tuple([steps.setdefault(prefix, Step(prefix[-1], "stage")) for prefix in prefixes])
            self.paths.append(contexts.setdefault(path, around._replace(path=(*around.path, *path))))

    def name_parts(self, assembler: Assembler, indices: Sequence[int]) -> None:
        """Gives the stages their names, where they are in one piece: ``model/stem``."""
        spans: dict[tuple[str, ...], list[int]] = {}
        for prefixes, index in zip(self._prefixes, indices, strict=True):
            for prefix in prefixes:
                span = spans.setdefault(prefix, [index, index, 0])
                span[1], span[2] = index, span[2] + 1
        taken = {node.name for node in assembler.nodes}
        for prefix, (first, last, count) in spans.items():
            name = self._sign.join(prefix)
            if count == last - first + 1 and name not in taken:
                assembler.name_part(name, first, last, last + 1)
