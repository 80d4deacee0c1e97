"""The document of `cnncalc memory`: the curve of live memory, its peak, what holds it up, and what the rest takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...document import figures, summary
from ...document.parts import PAGE, PIPE, SCREEN, Curve, Document, Part, Sentences, Title
from ...document.sheets import NAME, NUMBER, PLACE, Column, Row, Sheet, Value, texts

if TYPE_CHECKING:
    from ...measure.footprint import Footprint
    from ...measure.memory import Liveness

#: Tensors that are shown of those that live at the peak; of their readers, so many.
_MOST, _READERS = 8, 2
_INSET = (SCREEN, PIPE)
_BYTES = Column("bytes", "bytes", NUMBER, show=figures.grouped)


def document(footprint: Footprint) -> Document:
    """The document."""
    return Document(
        lambda medium: _page(footprint) if medium == PAGE else _screen(footprint), footprint.to_dict,
        lambda: _steps(footprint), footprint.analysis.diagnostics,
    )  # fmt: skip


def _screen(footprint: Footprint) -> Iterator[Part]:
    analysis = footprint.analysis
    inputs = summary.inputs(analysis, analysis.layout)
    yield Title(summary.title(analysis), "   ".join(filter(None, (inputs, analysis.dtype))))
    live = footprint.liveness
    if live is None:
        yield Sentences(["memory unknown: not every shape could be worked out"])
    elif live.steps:
        names = _names(footprint, live)
        yield Curve(live.live, names, live.peak_step or 0, figures.size(live.peak))
        yield _peak(footprint)
    yield _sums(footprint)


def _page(footprint: Footprint) -> Iterator[Part]:
    """The sums, and what lives at the peak, as tables for a pull request."""
    yield Title("Memory")
    columns = [Column("memory", "memory", NAME), _BYTES, Column("", "")]
    rows = [
        Row((name, count, " ".join(filter(None, (_people(count), said)))), level)
        for name, count, said, level in _entries(footprint)
    ]
    yield Sheet(columns, rows)
    columns = [Column("name", "alive at the peak"), Column("shape", "shape", show=figures.shape), _BYTES]
    yield texts(columns, [[tensor.name, tensor.shape, tensor.bytes] for tensor in footprint.held])


def _steps(footprint: Footprint) -> Sheet:
    """A row a step: the layer that runs, and the bytes alive."""
    live = footprint.liveness
    steps = zip(_names(footprint, live), live.live, strict=True) if live else ()
    return texts([Column("layer", "layer", NAME), Column("live", "live", NUMBER)], steps)


def _names(footprint: Footprint, live: Liveness) -> list[str]:
    """The layers that run, step by step."""
    nodes = footprint.analysis.network.nodes
    return [nodes[position].name for position in live.steps]


def _people(count: Value) -> str:
    return f"({figures.size(count)})" if count is not None and count >= 1024 else ""


def _peak(footprint: Footprint) -> Sheet:
    """What lives at the peak."""
    layout, rows = footprint.analysis.layout, []
    for tensor in footprint.held[:_MOST]:
        readers = ", ".join(tensor.readers[:_READERS]) + " …" * (len(tensor.readers) > _READERS)
        why = f"read by {readers}" if readers else "written, or kept as an output"
        rows.append([tensor.name, figures.turned(tensor.shape, layout), tensor.bytes, _people(tensor.bytes), why])
    more = len(footprint.held) - len(rows)
    columns = [
        Column("name", ""), Column("shape", "", show=figures.shape), _BYTES, Column("size", "", PLACE),
        Column("why", ""),
    ]  # fmt: skip
    live = figures.quantity(footprint.peak, "byte")
    return texts(
        columns, rows, caption=f"at the peak, while '{footprint.peak_layer}' runs, {live} live:", headed=False,
        inset=_INSET, notes=[f"and {more} smaller"] if more else [],
    )  # fmt: skip


def _entries(footprint: Footprint) -> list[tuple[str, int | None, str, int]]:
    """What takes memory: its name, its bytes, what is to be said of it, and whether it is a part of the one before."""
    entries: list[tuple[str, int | None, str, int]] = [
        ("parameters", footprint.parameters, "", 0),
        ("buffers", footprint.buffers, "", 0),
        ("peak", footprint.peak, "of activations", 0),
        ("memory", footprint.memory, "at inference: the three above", 0),
    ]
    training = footprint.training
    if training is not None:
        entries += [
            ("training", training.total, f"with {footprint.optimizer}, an estimate:", 0),
            ("weights", training.parameters, "with train heads and buffers", 1),
            ("gradients", training.gradients, "", 1),
            ("optimizer", training.optimizer, "", 1),
            ("activations", training.activations, "every tensor, kept", 1),
        ]
    return entries


def _sums(footprint: Footprint) -> Sheet:
    """What everything takes, in bytes and in people's units."""
    columns = [Column("name", "", NAME), _BYTES, Column("size", "", PLACE), Column("said", "")]
    rows = [Row((name, count, _people(count), said), level) for name, count, said, level in _entries(footprint)]
    activations = figures.quantity(footprint.activations, "element")
    caption = f"bytes in {footprint.analysis.dtype}; all activations together have {activations}"
    return Sheet(columns, rows, caption=caption, headed=False, inset=_INSET)
