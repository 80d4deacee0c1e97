"""The document of `cnncalc memory`: the curve of live memory, its peak, what holds it up, and what the rest takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...deployment import EAGER, FUSED, GREEDY
from ...document import figures, summary
from ...document.parts import PAGE, PIPE, SCREEN, Curve, Document, Part, Sentences, Title
from ...document.sheets import NAME, NUMBER, PLACE, Column, Row, Sheet, Value, texts

if TYPE_CHECKING:
    from ...measure.footprint import Footprint
    from ...measure.memory import Liveness

#: What training takes besides.
_LEFT_OUT = "not in it: workspaces, the allocator's rounding, gradients on their way"
#: Tensors that are shown of an arena.
_MOST_PLACED = 40
#: Tensors that are shown of those that live at the peak; of their readers, so many.
_MOST, _READERS = 8, 2
_INSET = (SCREEN, PIPE)
_BYTES = Column("bytes", "bytes", NUMBER, show=figures.grouped)


def document(footprint: Footprint, advice: str) -> Document:
    """The document. `advice` says what lists all tensors of the arena."""
    return Document(
        lambda medium: _page(footprint) if medium == PAGE else _screen(footprint, advice), footprint.to_dict,
        lambda: _steps(footprint), footprint.analysis.diagnostics,
    )  # fmt: skip


def _screen(footprint: Footprint, advice: str) -> Iterator[Part]:
    analysis = footprint.analysis
    inputs = summary.inputs(analysis, analysis.layout)
    way = analysis.execution.way if analysis.execution.way != EAGER else ""
    yield Title(summary.title(analysis), "   ".join(filter(None, (inputs, str(analysis.storage), way))))
    live = footprint.liveness
    if live is None:
        yield Sentences(["memory unknown: not every shape could be worked out"])
    elif live.steps:
        names = _names(footprint, live)
        yield Curve(live.live, names, live.peak_step or 0, figures.size(live.peak))
        if footprint.planner != GREEDY:
            yield _peak(footprint)
        elif footprint.arena is not None:
            yield _plan(footprint, advice)
        else:
            yield Sentences([f"the arena is not known: {footprint.arena_unknown}"])
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
    layout = footprint.analysis.layout
    held = [[tensor.name, figures.turned(tensor.shape, layout), tensor.bytes] for tensor in footprint.held]
    yield texts(columns, held)


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
    folded = footprint.analysis.execution.way == FUSED
    entries: list[tuple[str, int | None, str, int]] = [
        ("parameters", footprint.parameters, "", 0),
        ("buffers", footprint.buffers, "", 0),
        ("peak", footprint.peak, "of activations", 0),
        ("memory", footprint.memory, "at inference: the three above", 0),
        ("arena", footprint.arena_bytes, _planned(footprint), 0),
        ("flash", footprint.flash, "weights and biases" + ("" if folded else ", and buffers"), 0),
    ]
    return entries + (_training(footprint) if footprint.trained else [])


def _planned(footprint: Footprint) -> str:
    unknown = footprint.arena_unknown
    if unknown:
        return f"unknown: {unknown}"
    scratch = footprint.arena is not None and any(tensor.scratch for tensor in footprint.arena.tensors)
    return "of activations" + " and scratch buffers" * scratch + ", by the greedy planner"


def _training(footprint: Footprint) -> list[tuple[str, int | None, str, int]]:
    """The same of a training step."""
    training = footprint.training
    if training is None:
        return [("training", None, f"unknown: {footprint.trainer.unknown}", 0)]
    batch = figures.quantity(footprint.analysis.batch, "sample")
    return [
        ("training", training.total, f"a step of {batch} in PyTorch:", 0),
        ("kept", training.kept, "activations, for the way back", 1),
        ("parameters", training.parameters, "", 1),
        ("gradients", training.gradients, "of the parameters", 1),
        ("optimizer", training.optimizer, footprint.optimizer, 1),
        ("buffers", training.buffers, "", 1),
    ]


def _fit(footprint: Footprint) -> str:
    """What batch fits into the budget."""
    budget, trainer = footprint.budget, footprint.trainer
    assert budget is not None
    room, training = figures.size(budget), trainer.step(1)
    if training is None:
        return f"what batch fits into {room} is not known: {trainer.unknown}"
    batch = trainer.largest_batch(budget)
    if batch is None:
        return f"any batch fits into {room}: nothing of a sample is kept"
    if not batch:
        return f"no batch fits into {room}: one sample takes {figures.quantity(training.total, 'byte')}"
    taken = trainer.step(batch)
    return f"{room} has room for a batch of {batch:,}: {figures.quantity(taken.total if taken else None, 'byte')}"


def _sums(footprint: Footprint) -> Sheet:
    """What everything takes, in bytes and in people's units."""
    columns = [Column("name", "", NAME), _BYTES, Column("size", "", PLACE), Column("said", "")]
    rows = [Row((name, count, _people(count), said), level) for name, count, said, level in _entries(footprint)]
    caption = f"bytes in {footprint.analysis.storage}"
    if footprint.activations is not None:
        caption += f"; all activations together have {figures.quantity(footprint.activations, 'element')}"
    notes = [_fit(footprint)] if footprint.budget is not None else []
    notes += [_LEFT_OUT] if footprint.trained and footprint.training else []
    return Sheet(columns, rows, caption=caption, headed=False, inset=_INSET, notes=notes)


def _plan(footprint: Footprint, advice: str) -> Sheet:
    """The tensors in the arena, from its start on."""
    nodes, layout = footprint.analysis.network.nodes, footprint.analysis.layout
    tensors = sorted(
        footprint.arena.tensors if footprint.arena else (), key=lambda tensor: (tensor.offset, tensor.born)
    )
    steps = [node.name for node in nodes if node.layer is not None and not node.train]
    rows = [
        [footprint.called(tensor), () if tensor.scratch else figures.turned(nodes[tensor.node].output, layout),
         tensor.offset, tensor.bytes, f"until {steps[tensor.last - 1]}" if tensor.last else ""]
        for tensor in tensors[:_MOST_PLACED]
    ]  # fmt: skip
    columns = [
        Column("name", "tensor", NAME), Column("shape", "shape", show=figures.shape),
        Column("offset", "offset", NUMBER, show=figures.grouped), _BYTES, Column("lives", "lives"),
    ]  # fmt: skip
    more = len(tensors) - len(rows)
    live = figures.quantity(footprint.arena_bytes, "byte")
    return texts(
        columns, rows, caption=f"the greedy planner's arena, {live}:", inset=_INSET,
        notes=[f"and {more:,} more: {advice}"] if more > 0 else [],
    )  # fmt: skip
