"""What stands in one module of torch.nn is one layer of it, however many calls it was exported as."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ...layers import LayerError, Result
from ..torch.call import Answer, Out
from ..torch.elementwise import FUNCTIONS
from ..torch.making import per_sample
from ..torch.trace import Trace, TracedCall, Where
from ..torch.values import Tensor, total
from .calls import ProgramCall

_NN = "torch.nn.modules."
#: Modules that hold others.
_HOLDERS = (f"{_NN}container.", f"{_NN}transformer.", f"{_NN}module.")
#: What the calls of a module come to again where they were taken apart.
_WHOLE = {
    **FUNCTIONS, "Identity": "identity", "Dropout": "dropout", "Dropout2d": "dropout", "Softsign": "softsign",
    "Tanhshrink": "tanhshrink", "LogSigmoid": "logsigmoid",
}  # fmt: skip


def leaf(node: ProgramCall) -> tuple[str, str, str] | None:
    """The module of torch.nn that a call stands in, and that holds no other: path, class, and which call of it."""
    for path, kind, key in node.modules:
        if kind.startswith(_NN) and not kind.startswith(_HOLDERS):
            return path, kind.rpartition(".")[2], key
    return None


def where_of(node: ProgramCall, name: str, place: Any) -> Where:
    """How a call's row is named: by its module, or the function in the module around it."""
    module, tensor = leaf(node), node.outputs[0] if node.outputs else None
    if module is not None:
        return Where(module[0] or name, place, module[1], module[0] or None, tensor)
    around = node.modules[-1][0] if node.modules else ""
    return Where(f"{around}.{name}" if around else name, place, name, around or None, tensor)


def merge(trace: Trace, leaves: Sequence[tuple[str, str, str] | None], outputs: Sequence[Tensor]) -> None:
    """Makes one step of those that stand behind each other in one call of a module; `leaves` has that of each."""
    used = _used_last(trace.steps, outputs)
    trace.steps = [step for part in _runs(trace.steps, leaves) for step in _merged(trace, part, used)]


def _runs(
    steps: Sequence[TracedCall], leaves: Sequence[tuple[str, str, str] | None]
) -> Iterator[list[tuple[int, TracedCall]]]:
    """The steps, those together that stand in one call of a module."""
    run: list[tuple[int, TracedCall]] = []
    before = None
    for place, (step, module) in enumerate(zip(steps, leaves, strict=True)):
        if run and (module is None or module != before):
            yield run
            run = []
        run.append((place, step))
        before = module
    if run:
        yield run


def _used_last(steps: Sequence[TracedCall], outputs: Sequence[Tensor]) -> dict[int, int]:
    """By the identity of each tensor, or of what was written over it, the place of the last step that reads it."""
    used: dict[int, int] = {}
    for place, step in enumerate(steps):
        for one in (*step.inputs, *(step.answer.inputs or ())):
            used[id(one)] = place
            source = step.sources.get(id(one))
            if isinstance(source, TracedCall):
                used[id(source)] = max(place, used.get(id(source), -1))
    for tensor in outputs:
        used[id(tensor)] = len(steps)
        used[id(tensor.producer)] = len(steps)
    return used


def _merged(trace: Trace, run: list[tuple[int, TracedCall]], used: dict[int, int]) -> Iterator[TracedCall]:
    steps = [step for _, step in run]
    if len(steps) == 1 or any(step.unknown or step.failed for step in steps):
        yield from steps
        return
    last = run[-1][0]
    outs = [out for step in steps for out in step.outs if used.get(id(out), -1) > last]
    outs = outs or list(steps[-1].outs[:1])
    outs.sort(key=lambda out: -1 if out.shape is None else total(out.shape), reverse=True)
    made = _as_module(trace, steps, outs) or _together(trace, steps, outs)
    made.merged = len(steps)
    made.cost = _sum(trace, steps)
    for out in outs:
        out.producer = made
    for step in steps:
        step.index = -1
    _redirect(trace, steps, made)
    yield made


def _redirect(trace: Trace, steps: Sequence[TracedCall], made: TracedCall) -> None:
    """Has those who read what the steps gave read it from the one that they became."""
    inside = {id(step) for step in steps}
    for step in trace.steps:
        if id(step) not in inside:
            for key, source in step.sources.items():
                if id(source) in inside:
                    step.sources[key] = made


def _entering(steps: Sequence[TracedCall]) -> list[Tensor]:
    """What the steps read of others, each once."""
    inside = {id(out) for step in steps for out in step.outs}
    found = {id(tensor): tensor for step in steps for tensor in step.inputs if id(tensor) not in inside}
    return list(found.values())


def _as_module(trace: Trace, steps: Sequence[TracedCall], outs: Sequence[Tensor]) -> TracedCall | None:
    """The layer that the module is, where that gives the same of the one tensor that enters."""
    name = _WHOLE.get(steps[0].where.type)
    moving = [tensor for tensor in _entering(steps) if not tensor.fixed]
    if name is None or len(moving) != 1 or len(outs) != 1 or moving[0].shape != outs[0].shape:
        return None
    probe = Trace(trace.source, trace.assembler, samples=trace.samples)
    probe.call(name, moving, {}, steps[0].where)
    if len(probe.steps) != 1 or probe.steps[0].answer.layer is None:
        return None
    return _step(steps, outs, _entering(steps), probe.steps[0].answer)


def _together(trace: Trace, steps: Sequence[TracedCall], outs: Sequence[Tensor]) -> TracedCall:
    """All that the steps store and compute as one; the layer of the one that has one, where the others move values."""
    weighted = [step for step in steps if step.answer.layer is not None and step.answer.layer.learns]
    weights = [
        tensor for step in steps for tensor in (step.inputs if step.answer.weights is None else step.answer.weights)
    ]
    entering = _entering(steps)
    if (
        len(weighted) == 1
        and len(outs) == 1
        and outs[0] is weighted[0].outs[0]
        and (not any(step.outs[0] is not outs[0] and step.answer.layer is not None for step in steps))
    ):
        answer = weighted[0].answer._replace(weights=weights)
        if {id(tensor) for tensor in answer.inputs or ()} <= {id(tensor) for tensor in entering}:
            return _step(steps, outs, entering, answer)
    made = [Out(out.shape, out.dtype) for out in outs]
    return _step(steps, outs, entering, Answer(made, weights=[weight for weight in weights if weight is not None]))


def _step(steps: Sequence[TracedCall], outs: Sequence[Tensor], entering: list[Tensor], answer: Answer) -> TracedCall:
    made = TracedCall(
        steps[0].op, steps[0].where._replace(tensor=outs[0].name if outs else None), entering, answer, list(outs)
    )
    for step in steps:
        for key, source in step.sources.items():
            if key in made.sources and not any(source is call for call in steps):
                made.sources[key] = source
    return made


def _sum(trace: Trace, steps: Sequence[TracedCall]) -> int | None:
    """The MACs of one sample, of all steps."""
    count = 0
    for step in steps:
        answer = step.answer
        if answer.layer is not None and answer.inputs is not None:
            result = trace.assembler.result(answer.layer, tuple([tensor.sample for tensor in answer.inputs]))
            macs = result.macs if isinstance(result, Result) else None
        else:
            macs = per_sample(answer.macs, step.inputs, trace.samples)
        if macs is None or isinstance(macs, LayerError):
            return None
        count += macs
    return count
