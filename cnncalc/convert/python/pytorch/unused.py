"""What a model owns and does not run: it is counted besides, as heads are that only training runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....diagnostics import Diagnostic
from ....network.unused import unused_head
from ...torch.making import all_steps
from ...torch.values import Storage, Tensor

if TYPE_CHECKING:
    from .modules import ModuleInstance
    from .run import ModelRun
    from .training import FollowedTraining


def used(run: ModelRun) -> set[Storage]:
    """What is stored of what the calls read."""
    return {storage for step in all_steps(run.trace) for tensor in step.inputs for storage in tensor.storages}


def spare_buffers(model: ModuleInstance, counted: frozenset[Storage]) -> int:
    """The elements of buffers that are counted with no layer."""
    kept = {storage for _, module in model.named() for tensor in module.buffers.values() if isinstance(tensor, Tensor)
            for storage in tensor.storages if storage.kind == "buffer"}  # fmt: skip
    return sum(storage.elements for storage in kept - counted)


def add_unused(run: ModelRun, model: ModuleInstance, training: FollowedTraining | None) -> Diagnostic | None:
    """Puts the parameters that are never read into a head of their own; the note that names their modules."""
    found: list[tuple[str, str, int]] = []
    known = used(run)
    for path, module in model.named():
        mine = [storage for tensor in module.parameters.values() if isinstance(tensor, Tensor)
                for storage in tensor.storages if storage not in known]  # fmt: skip
        known.update(mine)
        if mine:
            found.append((path or module.cls.name, module.cls.name, sum(storage.elements for storage in mine)))
    if not found:
        return None
    if training is None or training.followed:
        return unused_head(run.trace.assembler, found)
    why = [f"what training runs of it is not told: {training.untold}"] if training.untold else []
    return unused_head(run.trace.assembler, found, "evaluation", why)
