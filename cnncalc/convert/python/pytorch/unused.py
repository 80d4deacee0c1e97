"""What a model owns and does not run: it is counted besides, as heads are that only training runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....diagnostics import NOTE, Diagnostic
from ....layers.op import Op
from ....network.model import Origin, Step
from ....values import Size
from ...torch.values import Storage, Tensor

if TYPE_CHECKING:
    from .modules import ModuleInstance
    from .run import ModelRun

#: The head under which it stands, and how many modules the note names.
_HEAD, _NAMED = "unused", 5


def used(run: ModelRun) -> set[Storage]:
    """What is stored of what the calls read."""
    return {storage for step in run.trace.steps for tensor in step.inputs for storage in tensor.storages}


def spare_buffers(model: ModuleInstance, counted: frozenset[Storage]) -> int:
    """The elements of buffers that are counted with no layer."""
    kept = {storage for _, module in model.named() for tensor in module.buffers.values() if isinstance(tensor, Tensor)
            for storage in tensor.storages if storage.kind == "buffer"}  # fmt: skip
    return sum(storage.elements for storage in kept - counted)


def add_unused(run: ModelRun, model: ModuleInstance, seen: set[Storage]) -> Diagnostic | None:
    """Puts the parameters that are never read into a head of their own; the note that names their modules."""
    found: list[tuple[str, str, int]] = []
    known = set(seen)
    for path, module in model.named():
        mine = [storage for tensor in module.parameters.values() if isinstance(tensor, Tensor)
                for storage in tensor.storages if storage not in known]  # fmt: skip
        known.update(mine)
        if mine:
            found.append((path or module.cls.name, module.cls.name, sum(storage.elements for storage in mine)))
    if not found:
        return None
    assembler = run.trace.assembler
    before = assembler.enter(Step(_HEAD, "head"), train=True)
    for path, name, count in found:
        layer = assembler.layer(Op, {"name": name, "shape": Size((count,)), "params": count, "macs": 0})
        node = assembler.apply(layer, (), path).node
        assembler.network.origins[node] = Origin(name, None, path, 1, None)
    assembler.leave(before)
    assembler.looked_at_sizes()
    total = sum(count for _, _, count in found)
    tops = list(dict.fromkeys(path.partition(".")[0] for path, _, _ in found))
    more = f" and {len(tops) - _NAMED} more" if len(tops) > _NAMED else ""
    message = f"forward never runs {', '.join(tops[:_NAMED])}{more}: {total:,} parameters, counted as of training only"
    return Diagnostic(NOTE, "unused-module", message)
