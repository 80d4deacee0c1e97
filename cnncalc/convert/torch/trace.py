"""What is called, in its order: taken down call by call, and made a network at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ...diagnostics import Diagnostic, Source, Span
from ...layers import LayerError, Remark
from ...network.assembler import Assembler
from ...network.model import Location
from ...records import Record
from .call import Answer, Call, Out, bound, storages
from .call_source import call_source
from .rules import RULES
from .values import Dims, Samples, Storage, Tensor, Unknown, numbers

#: So many views of views are followed to what is written into.
_DEEPEST_VIEW = 64
#: What a rule raises on arguments of other types than it takes: then nothing is known of what it gives.
_ODD = (TypeError, StopIteration, ValueError, AttributeError, IndexError, KeyError, ArithmeticError, RecursionError)


#: Operations whose result is the storage of their input: what is written there is written into that.
_VIEWS = frozenset(
    "view reshape _unsafe_view view_as reshape_as flatten unflatten squeeze unsqueeze permute transpose swapaxes "
    "swapdims t T mT movedim moveaxis expand expand_as slice narrow select getitem __getitem__ diagonal unfold chunk "
    "split split_with_sizes unbind tensor_split alias as_strided".split()
)


class Where(Record):
    """Where something is called: how its row is named, its place, its type, and the path of the module around it."""

    name: str
    place: Location = None
    type: str = ""
    module: str | None = None
    #: What the file calls its result.
    tensor: str | None = None
    #: Where the module that it is is made.
    defined: Span | None = None
    #: Whether it is the call of a module: a row also where it hangs on no input.
    called: bool = False


class TracedCall:
    """A call that is taken down, and what came of it."""

    __slots__ = (
        "answer",
        "cost",
        "failed",
        "implied",
        "index",
        "inputs",
        "merged",
        "op",
        "outs",
        "source",
        "sources",
        "unknown",
        "where",
    )

    def __init__(self, op: str, where: Where, inputs: list[Tensor], answer: Answer, outs: list[Tensor]) -> None:
        self.op = op
        self.where = where
        self.inputs = inputs
        self.answer = answer
        self.outs = outs
        #: What gave each tensor that it reads, by that tensor's identity: another step may write over it later.
        self.sources = {id(tensor): tensor.producer for tensor in (*inputs, *(answer.inputs or ()))}
        #: How many calls it stands for; of several the MACs of a sample together.
        self.merged = 1
        #: Its code, where no kind of layer says it; empty where none is known.
        self.source = ""
        self.cost: int | None = 0
        #: Whether there is no rule for it; whether it does not fit.
        self.unknown = self.failed = False
        #: Whether it is no call, but what another one wrote into: a row where that is read.
        self.implied = False
        self.index = -1


class TrainHead(Record):
    """What only training runs: its name, its calls in their order, and what it gives, where that leaves the network."""

    name: str
    steps: Sequence[TracedCall]
    output: Tensor | None


#: What is told of a call that does not fit: where, why, and the tensors that it was given.
Refused = Callable[[Where, LayerError, Sequence[Tensor]], None]


class Trace:
    """The calls so far. `refused` is told of each that PyTorch would not run: it may raise what it likes."""

    def __init__(
        self, source: Source, assembler: Assembler, *, raw: bool = False, samples: int = 1,
        aten: bool = False, refused: Refused | None = None,
    ) -> None:  # fmt: skip
        self.source = source
        self.assembler = assembler
        self.raw = raw
        self.samples = samples
        self.aten = aten
        self.steps: list[TracedCall] = []
        self.remarks: list[tuple[Where, Remark]] = []
        self.outputs: list[tuple[str, Tensor]] = []
        self.heads: list[TrainHead] = []
        #: What is stored for the layers, once the network is made.
        self.counted: frozenset[Storage] = frozenset()
        self._refused = refused

    # --- what enters --------------------------------------------------------------------------------

    def input(self, name: str, shape: Dims | None, place: Location = None, dtype: str | None = "float32") -> Tensor:
        """An input of the network, its shape whole, with Samples where the samples are."""
        tensor = Tensor(shape, dtype)
        tensor.name = name
        tensor.producer = self.assembler.add_input(name, None if shape is None else tensor.sample, place)
        return tensor

    def stored(
        self, name: str, shape: Sequence[int], kind: str = "parameter", dtype: str = "float32",
        storage: Storage | None = None,
    ) -> Tensor:  # fmt: skip
        """A tensor whose numbers the model stores: a parameter, buffer or constant; in the `storage` of another one."""
        found = storage or Storage(name, shape, kind)
        return Tensor(tuple(shape), dtype, fixed=True, storages=(found,))

    def constant(self, shape: Dims, found: list[Any] | None = None, dtype: str | None = None) -> Tensor:
        """A tensor that code makes: of known numbers, or of any."""
        return Tensor(shape, dtype, found, fixed=True)

    def output(self, name: str, tensor: Tensor) -> None:
        """An output of the network."""
        self.outputs.append((name, tensor))

    # --- calls --------------------------------------------------------------------------------------

    def call(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], where: Where) -> Any:
        """What a call gives: a tensor, several of them, or a number. Unknown where that cannot be told."""
        rule = RULES.get(name) or RULES.get(name.rstrip("_"))
        inputs = list(tensors_in((args, kwargs)))
        if rule is None:
            return self.untold(name, where, inputs, odd=True)
        try:
            answer = rule(
                Call(name, self.assembler, self.samples, aten=self.aten), *args, **bound(rule, name, args, kwargs)
            )
        except LayerError as error:
            return self._failed(name, where, inputs, error)
        except (Unknown, *_ODD) as error:
            return self.untold(name, where, inputs, odd=not isinstance(error, Unknown))
        if (
            self.raw
            and isinstance(answer, Tensor)
            and not answer.fixed
            and any(tensor.producer is answer.producer for tensor in inputs)
        ):
            answer = Answer([Out(answer.shape, answer.dtype, answer.numbers)])
        if where.called and any(
            answer is tensor for tensor in inputs
        ):  # a module that does nothing is called all the same
            answer = Answer([Out(answer.shape, answer.dtype, answer.numbers)], weights=())
        if not isinstance(answer, Answer):
            return answer
        if any(type(size) is not int and type(size) is not Samples for out in answer.outs for size in out.shape or ()):
            return self.untold(name, where, inputs, odd=True)
        made = self.record(name, where, inputs, answer)
        if answer.layer is None and answer.inputs is None and isinstance(made, Tensor) and not self.aten:
            _write(made, call_source(name, args, kwargs, inputs))
        return self._in_storage(name, where, inputs, made)

    def _in_storage(self, name: str, where: Where, inputs: list[Tensor], made: Any) -> Any:
        """What a call gave, where that is in the storage of what it read: a view, or written over it."""
        if name in _VIEWS:
            for one in made if isinstance(made, tuple) else (made,):
                one.base = inputs[0]
        if writes_over(name) and isinstance(made, Tensor):
            return self._written(inputs[0], made, where)
        return made

    def _written(self, target: Tensor, made: Tensor, where: Where) -> Tensor:
        """Takes note that `made` is written over `target`, and into what that is a view of."""
        target.producer, target.numbers, target.fixed = made.producer, made.numbers, made.fixed
        target.storages = made.storages
        written, depth = target, 0
        while written.base is not None and depth < _DEEPEST_VIEW:
            base, depth = written.base, depth + 1
            base.numbers = None
            if written.fixed:
                written = base
                continue
            out = Tensor(base.shape, base.dtype)
            step = TracedCall(
                "copy", where._replace(tensor=None), [base, written], Answer([Out(base.shape)], weights=()), [out]
            )
            step.implied = True
            self._take(step)
            base.producer, base.fixed = out.producer, False
            written = base
        return target

    def record(self, name: str, where: Where, inputs: list[Tensor], answer: Answer) -> Any:
        """Takes a call down that came to an answer; what hangs on no input is no row. Its result."""
        fixed = all(tensor.fixed for tensor in inputs)
        if fixed and (where.called or any(tensor.place is not None for tensor in inputs)):
            answer = self._worked(answer)
            fixed = not (where.called or answer.macs)
        stored = storages(inputs) if fixed else ()
        outs = [Tensor(out.shape, out.dtype, out.numbers, fixed=fixed, storages=stored) for out in answer.outs]
        if not fixed or self.raw:
            self._take(TracedCall(name, where, inputs, answer, outs))
            self.remarks += [(where, remark) for remark in answer.remarks]
        if answer.pack is not None:
            return answer.pack(outs)
        return outs[0] if len(outs) == 1 else tuple(outs)

    def _worked(self, answer: Answer) -> Answer:
        """What a product of fixed tensors costs that have samples, such as the first state of a recurrent layer."""
        macs = answer.macs
        if answer.layer is not None:
            result = self.assembler.result(answer.layer, tuple([tensor.sample for tensor in answer.inputs or ()]))
            macs = None if isinstance(result, LayerError) else result.macs * self.samples
        return answer._replace(layer=None, inputs=(), macs=macs)

    def untold(self, name: str, where: Where, inputs: list[Tensor], *, odd: bool = False) -> Tensor:
        """Takes a call down of which is not known what it gives; `odd`: nor what it is, so that a note is due."""
        made = Tensor(None, fixed=bool(inputs) and all(tensor.fixed for tensor in inputs), storages=storages(inputs))
        step = TracedCall(name, where, inputs, Answer([Out(None)], macs=None), [made])
        step.unknown = odd
        self._take(step)
        return made

    def _failed(self, name: str, where: Where, inputs: list[Tensor], error: LayerError) -> Tensor:
        made = self.untold(name, where, inputs)
        self.steps[-1].failed = True
        if self._refused is not None:
            self._refused(where, error, inputs)
        return made

    def _take(self, step: TracedCall) -> None:
        for number, out in enumerate(step.outs):
            out.producer = step
            out.name = f"{step.where.tensor}" if step.where.tensor and not number else None
        self.steps.append(step)

    # --- the end ------------------------------------------------------------------------------------

    def finish(self) -> list[Diagnostic]:
        """Puts all that was taken down into the network; notes on what nothing is known of. Raises TooManyLayers."""
        from .making import make_network

        return make_network(self)


def _write(made: Tensor, source: str) -> None:
    """Takes note of the code of a call, which gives `made`."""
    if made.fixed:
        made.source = source
    elif made.axis == 0 and isinstance(made.producer, TracedCall):
        made.producer.source = source


def writes_over(name: str) -> bool:
    """Whether an operation writes its result over its first argument: ``relu_``, or an item that is set."""
    return name in ("setitem", "__setitem__") or (name[-1:] == "_" and name[-2:] != "__")


def tensors_in(found: Any) -> Iterator[Tensor]:
    """The tensors among arguments, in lists and dictionaries too; not deeper than arguments are."""
    stack = [(found, 0)]
    while stack:
        one, depth = stack.pop()
        if isinstance(one, Tensor):
            yield one
        elif isinstance(one, Mapping):
            stack += [(value, depth + 1) for value in reversed(list(one.values()))]
        elif isinstance(one, list | tuple) and depth < 5:
            stack += [(value, depth + 1) for value in reversed(one)]


def whole(tensor: Tensor) -> Dims | None:
    """The shape of a tensor in numbers, for as many samples as the file has."""
    return None if tensor.shape is None else numbers(tensor.shape)


__all__ = ["Refused", "Samples", "Trace", "TracedCall", "TrainHead", "Where", "tensors_in", "whole"]
