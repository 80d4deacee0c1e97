"""The measures of a network (counting.md), an entry each. `require`, ``--max-NAME``, growth limits, comparisons,
baselines and JSON follow from it, in this order.

It stands on the ground floor, for the interpreter knows these words, too; the numbers come from an analysis that is
handed in (:class:`cnncalc.measure.measurements.Measurements`).
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import TYPE_CHECKING, Any

from .records import Record

if TYPE_CHECKING:
    from .measure.measurements import Measurements
    from .network import Node

#: Floating-point operations of a multiply-accumulate.
FLOPS_PER_MAC = 2

#: What a measure may be in. More is worse in all of them.
BYTES, LAYERS, PIXELS = "bytes", "layers", "pixels"


class Measure(Record):
    """One measure: what it is called, how it is worked out, and what it depends on."""

    name: str
    #: What its row in a table is called.
    heading: str
    #: With an example, for the help of its limit; empty for what cannot be limited by one number.
    about: str = ""
    #: What one layer of the network adds to it, of one sample; None where it is no sum over layers.
    share: Callable[[Node], int] | None = None
    #: Of the whole network (None), or of a name in it; raises Unknown. Without it: the sum, or the total of that name.
    value: Callable[[Measurements, str | None], Any] | None = None
    unit: str = ""
    #: Whether it grows with the batch.
    batched: bool = False
    #: Whether `require` has the word; then no variable is called so.
    word: bool = True
    #: The measure of which it says the same once more.
    follows: str = ""
    #: What its row is called where models stand side by side; empty for what has none there.
    row: str = ""
    #: Whether there are baselines that do not have it yet.
    later: bool = False
    #: What its panel in a chart of models is called; empty for what has none.
    panel: str = ""

    @property
    def spent(self) -> bool:
        """Whether layers spend it, the one more than the other."""
        return self.share is not None and not self.unit


def _stored(what: str) -> Callable[[Node], int]:
    """Elements that a layer stores; those that it shares count for their owner."""
    return lambda node: (getattr(node.result, what) or 0) if node.owner is None else 0


def _trainable(node: Node) -> int:
    return 0 if node.result is None or node.owner is not None or node.frozen else node.result.params


def _macs(node: Node) -> int:
    return 0 if node.result is None else node.result.macs or 0


def _flops(node: Node) -> int:
    return FLOPS_PER_MAC * _macs(node)


def _elements(node: Node) -> int:
    return 0 if node.output is None else prod(node.output)


def _is_layer(node: Node) -> int:
    return not node.further


def _is_weighted(node: Node) -> int:
    return node.layer is not None and node.layer.weighted


MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        Measure("params", "parameters", "parameters: 5M", _stored("params"), row="parameters", panel="Parameters"),
        Measure("trainable", "trainable", "parameters that are trained: 1M", _trainable, follows="params"),
        Measure("params_train", "with train heads", word=False, follows="params"),
        Measure("buffers", "buffers", "running statistics: 64k", _stored("buffers")),
        Measure("macs", "MACs", "multiply-accumulates: 600M", _macs, batched=True, row="MACs",
                panel="Multiply-accumulates"),
        Measure("flops", "FLOPs", "FLOPs, 2 a MAC: 1.2G", _flops, batched=True, follows="macs"),
        Measure("activations", "activations", "elements of all outputs: 10M", _elements, batched=True,
                row="activations"),
        Measure("peak", "peak, bytes", "bytes of activations alive at once: 512KiB", unit=BYTES, batched=True,
                value=lambda of, name: of.peak(name), row="peak of activations", panel="Peak of activations"),
        Measure("memory", "memory, bytes", "bytes, parameters + buffers + peak: 8MiB", unit=BYTES, batched=True,
                value=lambda of, name: of.memory(name), row="memory in all", panel="Memory in all"),
        Measure("arena", "arena, bytes", "bytes of the greedy planner's arena: 256KiB", unit=BYTES, batched=True,
                value=lambda of, name: of.arena(name), row="arena", later=True),
        Measure("flash", "flash, bytes", "bytes of weights and biases: 1MiB", unit=BYTES,
                value=lambda of, name: of.flash(name), row="flash", later=True),
        Measure("training", "training, bytes", "bytes of a training step with adam: 24GiB", unit=BYTES, batched=True,
                value=lambda of, name: of.training(name), row="training", later=True),
        Measure("depth", "depth", "layers with weights on one path: 50", unit=LAYERS,
                value=lambda of, name: of.depth(name), row="depth"),
        Measure("weighted", "weighted layers", "layers with weights: 54", _is_weighted, unit=LAYERS),
        Measure("layers", "layers", "layers, more than a million too: 2M", _is_layer, unit=LAYERS),
        Measure("field", "field", "pixels of receptive field, on every axis: 99", unit=PIXELS,
                value=lambda of, name: of.field(name), row="receptive field"),
        Measure("output", "output", value=lambda of, name: of.output(name)),
    )
}  # fmt: skip

#: The words of `require`.
WORDS = tuple(name for name, measure in MEASURES.items() if measure.word)
#: What has one number, or one an axis, and can be limited from outside.
LIMITED = tuple(name for name, measure in MEASURES.items() if measure.about)
#: What two networks are compared by, and baselines hold: all that is a number, or one an axis.
FIGURES = tuple(name for name in MEASURES if name != "output")
