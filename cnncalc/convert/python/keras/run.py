"""What a run keeps of Keras: names that layers get, inputs and their shapes, and what every call gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ....layers import LayerError
from ....network.assembler import TooManyLayers
from ....values import Shape
from ...keras.axes import DataFormat
from ...keras.graph import LayerCall
from ..faults import Stop
from ..values import Place, UnknownReached, UnknownValue, Value
from .graph import Dims, KerasTensor, LayerUse, tensors_in
from .sketch import SourceReader
from .weights import LayerWeight, owned

if TYPE_CHECKING:
    from ...readers import ModelFile
    from ..interpreter import Evaluator
    from .layer import KerasLayer

#: The size that an axis has while code is followed whose input nobody has said: no answer hangs on it.
STAND_IN = 224
#: Layers of one run, and calls in calls of layers that are code.
_MOST_LAYERS, _DEEPEST = 20_000, 16
#: Arguments of calls that are no tensors to compute with.
_PASSED_OVER = frozenset("mask attention_mask training initial_state query_mask value_mask key_mask constants".split())


class KerasRun:
    """One run of a file: what its layers are called, and what enters. `given` are the shapes of inputs by number."""

    def __init__(self, sketch: SourceReader, axes: DataFormat, given: dict[int, Shape]) -> None:
        self.sketch, self.axes, self.given = sketch, axes, given
        #: Whether a layer says that its channels are first.
        self.says_first = False
        #: The faults of what a script made before.
        self.before = 0
        #: By the input layer: its number, and the shape that the code says.
        self.entries: list[tuple[KerasLayer, Dims]] = []
        #: Where the next call stands that no line of the code is: that of a layer of a Sequential, where it is made.
        self.place: Place | None = None
        self._names: dict[str, int] = {}
        #: The tensors that enter what is followed, the innermost last.
        self.entering: list[Sequence[KerasTensor]] = []
        self._uses = 0

    def named(self, word: str) -> str:
        """The name that Keras gives the next layer of a class: ``conv2d_1``."""
        count = self._names[word] = self._names.get(word, 0) + 1
        return word if count == 1 else f"{word}_{count - 1}"

    def forget_names(self) -> None:
        """The next layer of a class is the first of it again: what a script made before is another model."""
        self._names.clear()
        self.before = len(self.sketch.faults)

    def enter(self, layer: KerasLayer, dims: Dims) -> KerasTensor:
        """A tensor that enters: of the shape that the code says, or that was asked for in its place."""
        number = len(self.entries)
        self.entries.append((layer, dims))
        sizes: Sequence[int | None] = dims[1:]
        if number in self.given:
            sizes = self.axes.keras(self.given[number])
        known = [STAND_IN if size is None else size for size in sizes]
        node = self.sketch.assembler.add_input(layer.name, self.axes.ours(known))
        use = LayerUse(self._next(), layer, [], [], {}, layer.defined)
        layer.uses.append(use)
        return self._tensor(use, 0, node)

    def within(self, tensor: KerasTensor, layer: KerasLayer) -> KerasTensor:
        """The same tensor, as it enters a layer that is code."""
        return self._tensor(LayerUse(self._next(), layer, [], [], {}, None), 0, tensor.node)

    def aside(self, layer: KerasLayer, size: int) -> KerasTensor:
        """A vector of its own, of which a part of a layer is tried: no input of the model."""
        node = self.sketch.assembler.add_input(f"{layer.name}_step", (size,))
        return self._tensor(LayerUse(self._next(), layer, [], [], {}, None), 0, node)

    def _next(self) -> int:
        self._uses += 1
        return self._uses

    def _tensor(self, use: LayerUse, number: int, node: int) -> KerasTensor:
        shape = self.sketch.shape(node)
        dims = None if shape is None else (None, *self.axes.keras(shape))
        tensor = KerasTensor(use, number, node, dims)
        use.outputs.append(tensor)
        return tensor

    @contextmanager
    def deeper(self, interpreter: Evaluator, entering: Sequence[KerasTensor] = ()) -> Iterator[None]:
        """Goes into a layer that is code, which these tensors enter. Raises Stop where it is in itself."""
        if len(self.entering) >= _DEEPEST:
            raise Stop(f"layers stand more than {_DEEPEST} deep in each other", interpreter.here(), code="python-bound")
        self.entering.append(entering)
        try:
            yield
        finally:
            self.entering.pop()

    def use(
        self, interpreter: Evaluator, layer: KerasLayer, args: Sequence[Value], kwargs: dict[str, Value]
    ) -> LayerUse:
        """A call of a layer, before it gives anything. Raises UnknownReached, TypeError."""
        interpreter.progress()
        interpreter.step(8)
        if self._uses > _MOST_LAYERS:
            raise Stop(f"over {_MOST_LAYERS:,} calls of layers", interpreter.here(), code="python-bound")
        kept = {key: value for key, value in kwargs.items() if key not in _PASSED_OVER}
        tensors = tensors_in([list(args), kept])
        try:
            weights = owned(interpreter, layer.kind or "", tensors)
        except LayerError as error:
            raise ValueError(str(error)) from None
        inputs = [tensor for tensor in tensors if not isinstance(tensor, LayerWeight)]
        if not inputs:
            for value in (*args, *kept.values()):
                if isinstance(value, UnknownValue):
                    raise UnknownReached(value)
            raise TypeError(f"layer '{layer.name}' is called on no tensor")
        for value in (*args, *kept.values()):
            if isinstance(value, list | tuple):
                unknown = next((one for one in value if isinstance(one, UnknownValue)), None)
                if unknown is not None:
                    raise UnknownReached(unknown)
        plain = {key: value for key, value in kept.items() if not tensors_in(value)}
        place, self.place = self.place or interpreter.here(), None
        use = LayerUse(self._next(), layer, inputs, list(args), plain, place)
        use.weights = weights
        return use

    def sketched(self, interpreter: Evaluator, use: LayerUse, described: dict[str, Any]) -> list[KerasTensor]:
        """What a call of a described layer gives, by its rule. Raises Stop."""
        span = use.place.file.span(use.place.node) if use.place is not None else None
        call = LayerCall([], use.kwargs, use.args, span, weights=use.weights)
        try:
            nodes = self.sketch.judged(described, call, [tensor.node for tensor in use.inputs])
        except TooManyLayers as error:
            raise Stop(str(error), interpreter.here(), code="python-bound") from None
        return [self._tensor(use, number, node) for number, node in enumerate(nodes)]

    def passed_on(self, use: LayerUse, inner: Sequence[KerasTensor]) -> list[KerasTensor]:
        """What a call of a layer gives whose code has run: what that gave."""
        return [self._tensor(use, number, tensor.node) for number, tensor in enumerate(inner)]


def begin(file: ModelFile, first: bool, given: dict[int, Shape]) -> KerasRun:
    """What a reading of a file keeps of Keras, with the channels `first`, and shapes of inputs by number."""
    from ...readers import Request
    from .tensors import know_tensors

    know_tensors()
    axes = DataFormat(first)
    return KerasRun(SourceReader(file, Request(), axes, []), axes, given)
