"""What only training runs: `forward` is followed once more as in training, and what is new there are train heads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, TypeAlias

from ....diagnostics import WARNING, Diagnostic
from ....records import Record
from ...torch.trace import TracedCall, TrainHead
from ...torch.values import Dims, Tensor
from ..faults import Raised, ReadAgain, Stop

if TYPE_CHECKING:
    from .run import ModelRun

#: Tensors with the names that outputs have.
Named: TypeAlias = Sequence[tuple[str, Tensor]]


class FollowedTraining(Record):
    """What came of following `forward` as in training: whether it was told, what does not fit, and what ended it."""

    followed: bool = True
    warnings: Sequence[Diagnostic] = ()
    untold: str = ""


def follow_training(
    run: ModelRun, forward: Callable[[], Named], told: Callable[[Exception], Diagnostic]
) -> FollowedTraining:
    """Gives the trace its train heads, by what `forward` gives as in training. What ended that is `told`."""
    trace, evaluated, mark = run.trace, run.trace.steps, run.mark()
    ran = {run.paths.get(one, "") for one in run.ran}
    trace.steps, run.training = [], True
    try:
        given = forward()
        faults = [_in_training(diagnostic) for diagnostic in run.faults[mark[2] :]]
        if not faults:
            trace.heads = _TrainingRun(evaluated, trace.steps, ran).heads(trace.outputs, given)
        return FollowedTraining(not faults, faults)
    except (Raised, Stop, ReadAgain, RecursionError) as error:
        fault = told(error)
        where = f" ({fault.span.source.name}:{fault.span.line})" if fault.span is not None else ""
        return FollowedTraining(False, (), f"{fault.message}{where}")
    finally:
        trace.steps, run.training = evaluated, False
        del trace.remarks[mark[1] :], run.faults[mark[2] :]


def _in_training(fault: Diagnostic) -> Diagnostic:
    """A fault of what evaluation does not run."""
    return fault._replace(severity=WARNING, message=f"in training: {fault.message}")


class _TrainingRun:
    """The calls of a run as in training beside those of evaluation, whose twins are what both make.

    A call has a twin where that is the same call of the same tensors. What training alone works into the middle, such
    as noise, or a drop of whole paths, makes other tensors of all behind it: there the twin is the call that stands at
    the same place, as often as there were such before it.
    """

    def __init__(self, evaluated: Sequence[TracedCall], steps: Sequence[TracedCall], ran: set[str]) -> None:
        self.steps = steps
        #: The paths of the modules that evaluation runs.
        self.ran = ran
        self._new = {id(step) for step in steps}
        self._twins: dict[int, TracedCall] = {}
        self._alike: dict[object, TracedCall] = {}
        self._placed: dict[object, list[TracedCall]] = {}
        for step in evaluated:
            self._alike.setdefault(self._key(step), step)
            self._placed.setdefault(_place(step), []).append(step)
        self._match()

    # --- twins --------------------------------------------------------------------------------------

    def _match(self) -> None:
        for step in self.steps:
            self._take(step, self._alike.get(self._key(step)))
        paired, counts = {id(twin) for twin in self._twins.values()}, Counter[object]()
        for step in self.steps:
            place = _place(step)
            before, counts[place] = counts[place], counts[place] + 1
            if id(step) in self._twins:
                continue
            self._take(step, self._alike.get(self._key(step)))
            placed = self._placed.get(place, ())
            if id(step) not in self._twins and before < len(placed) and id(placed[before]) not in paired:
                self._take(step, placed[before] if self._disturbed(step, placed[before]) else None)

    def _take(self, step: TracedCall, twin: TracedCall | None) -> None:
        if twin is not None:
            self._twins[id(step)] = twin

    def _disturbed(self, step: TracedCall, other: TracedCall) -> bool:
        """Whether a call reads what training works into what both run, and is else like the `other`."""
        return _shapes(step) == _shapes(other) and any(
            isinstance(source, TracedCall) and id(source) not in self._twins and _place(source) not in self._placed
            and (source.where.module or "") in self.ran for source in step.sources.values()
        )  # fmt: skip

    def _key(self, step: TracedCall) -> object:
        return (*_place(step), _shapes(step), tuple([self._entry(step, tensor) for tensor in step.inputs]))

    def _entry(self, step: TracedCall, tensor: Tensor) -> object:
        """A tensor that a call reads, the same in both runs."""
        source = step.sources.get(id(tensor))
        if isinstance(source, TracedCall):
            return id(self._twins.get(id(source), source)), _number(source, tensor)
        return tensor.storages if source is None else source

    # --- heads --------------------------------------------------------------------------------------

    def heads(self, evaluated: Named, given: Named) -> list[TrainHead]:
        """What training gives beside the outputs of evaluation; then what it runs and does not give."""
        taken: set[int] = set()
        found = []
        for name, tensor in self._further(evaluated, given):
            steps = self._leading(tensor.producer, taken)
            found.append(TrainHead(self._name(steps) or name, steps, tensor))
        left: dict[str, list[TracedCall]] = {}
        for step in self.steps:
            module = step.where.module or ""
            if step.where.called and module not in self.ran and id(step) not in self._twins:
                left.setdefault(module.partition(".")[0], []).extend(self._leading(step, taken))
        found += [TrainHead(name, steps, None) for name, steps in left.items() if steps]
        order = {id(step): place for place, step in enumerate(self.steps)}
        return sorted(found, key=lambda head: min([order[id(step)] for step in head.steps], default=len(order)))

    def _further(self, evaluated: Named, given: Named) -> Iterator[tuple[str, Tensor]]:
        """The outputs that are none of evaluation: of one that is only worked out otherwise there is as much there."""
        paired = {id(self._twins.get(id(one.producer), one.producer)) for _, one in given}
        instead = Counter(one.shape for _, one in evaluated if id(one.producer) not in paired)
        for name, tensor in given:
            if id(tensor.producer) in self._new and id(tensor.producer) not in self._twins:
                instead[tensor.shape] -= 1
                if instead[tensor.shape] < 0:
                    yield name, tensor

    def _leading(self, step: TracedCall, taken: set[int]) -> list[TracedCall]:
        """The calls that lead to one and that evaluation does not make, in their order; they are `taken` then."""
        work, found = [step], set[int]()
        while work:
            call = work.pop()
            if id(call) in self._new and id(call) not in self._twins and id(call) not in taken:
                taken.add(id(call))
                found.add(id(call))
                work += [source for source in call.sources.values() if isinstance(source, TracedCall)]
        steps = [traced_call for traced_call in self.steps if id(traced_call) in found]
        for call in steps:
            self._read_evaluated(call)
        return steps

    def _read_evaluated(self, step: TracedCall) -> None:
        """Has a call read what evaluation gives, in the place of the same that training gives."""
        answer = step.answer
        step.inputs = [self._evaluated(step, tensor) for tensor in step.inputs]
        if answer.inputs is not None:
            step.answer = answer._replace(inputs=[self._evaluated(step, tensor) for tensor in answer.inputs])

    def _evaluated(self, step: TracedCall, tensor: Tensor) -> Tensor:
        source = step.sources.get(id(tensor))
        twin = self._twins.get(id(source))
        if twin is None or source is None:
            return tensor
        found = twin.outs[_number(source, tensor)]
        step.sources[id(found)] = twin
        return found

    def _name(self, steps: Sequence[TracedCall]) -> str | None:
        """The module that all of its modules are in, where evaluation runs nothing of that, and it is no layer."""
        modules = [step.where.module.split(".") for step in steps if step.where.called and step.where.module]
        alike = [parts[0] for parts in takewhile(lambda parts: len({*parts}) == 1, zip(*modules, strict=False))]
        name = ".".join(alike)
        return None if alike in modules or name in self.ran else name or None


def _place(step: TracedCall) -> tuple[object, ...]:
    """What is called, by whom and where."""
    return step.op, step.where.name, step.where.place


def _shapes(step: TracedCall) -> tuple[Dims | None, ...]:
    return tuple([out.shape for out in step.outs])


def _number(step: TracedCall, tensor: Tensor) -> int:
    """Which of the results of a call a tensor is."""
    return next((number for number, out in enumerate(step.outs) if out is tensor), 0)
