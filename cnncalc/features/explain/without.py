"""The same network without its padding, its strides or its pools, built anew from its spec."""

from __future__ import annotations

from ...diagnostics import ERROR, EXPECTATION_FAILED, Diagnostic
from ...layers import Layer
from ...layers.activation import Identity
from ...layers.pool import Pool
from ...layers.resample import Pad
from ...layers.upconv import TransposedConv
from ...measure.result import NetworkAnalysis
from ...measure.row import LayerRow
from ...network.replay import replay
from ...records import Record

WITHOUT = ("padding", "stride", "pooling")


class Without(Record):
    """The network as it would be, its layers beside the real ones, and why it no longer fits, where it does not."""

    what: str
    analysis: NetworkAnalysis
    #: Each layer as it is, and as it is without.
    layers: tuple[tuple[LayerRow, LayerRow | None], ...]
    faults: tuple[Diagnostic, ...]


def without(analysis: NetworkAnalysis, what: str) -> Without:
    """`analysis` without `what`: padding becomes 0, strides 1 (of pools too), pools the identity; global and adaptive
    pools, which give a fixed size, and crops stay.
    """
    revise = {"padding": _unpadded, "stride": _unstrided, "pooling": _unpooled}[what]
    made = replay(analysis.network, revise=revise)
    other = analysis.like(made)
    # Expressions that look at sizes may make other layers; those of the same name belong together.
    by_name = {row.name: row for row in other.layers}
    renamed = len(by_name) != len(analysis.layers) or any(
        two.kind not in (layer.kind, Identity.kind) for layer, two in zip(analysis.layers, other.layers, strict=False)
    )
    mates = [by_name.get(row.name) for row in analysis.layers] if renamed else other.layers
    faults = tuple(
        diagnostic
        for diagnostic in made.diagnostics
        if diagnostic.severity == ERROR and diagnostic.code != EXPECTATION_FAILED
    )
    return Without(what, other, tuple(zip(analysis.layers, mates, strict=True)), faults)


def _unpadded(layer: Layer) -> Layer:
    if isinstance(layer, Pad):
        return Identity.create({})
    return layer.changed(pad=0) if _slides(layer) and dict(layer.values).get("pad") else layer


def _unstrided(layer: Layer) -> Layer:
    return layer.changed(stride=1) if _slides(layer) and dict(layer.values).get("stride", 1) != 1 else layer


def _slides(layer: Layer) -> bool:
    """Whether its windows slide over the input, where its arguments and not its output say."""
    return not isinstance(layer, TransposedConv) and dict(layer.values).get("to") is None


def _unpooled(layer: Layer) -> Layer:
    return Identity.create({}) if isinstance(layer, Pool) and layer.to is None else layer
