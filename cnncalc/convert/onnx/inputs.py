"""What enters a graph: its inputs at their sizes, which axis has the samples, and what is free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...diagnostics import ERROR, INPUT, Diagnostic, NamedPlace, Override, SpecError, Wording
from ...records import Record
from ...values import Shape, how_many
from ..readers import ModelFile
from .proto import GraphProto, ValueInfo
from .steps import shown

#: For an example: a size that pictures have.
_USUAL = 224


class SizedInput(Record):
    """An input at its size: its whole shape, and the axis of the samples."""

    name: str
    shape: Shape
    axis: int | None


class Inputs(Record):
    """All of them; the samples that stand in the file (None where it is free), and the sizes of named axes."""

    entering: Sequence[SizedInput]
    batch: int | None
    symbols: Mapping[str, int]
    #: Whether they are at the file's own sizes: then what it says of shapes holds.
    own: bool


def sized(file: ModelFile, graph: GraphProto, given: Mapping[str, Shape]) -> Inputs:
    """The inputs of a graph, those at other shapes that are `given`. Raises SpecError where a size is nowhere said."""
    infos = free_inputs(graph)
    leads = {info.shape[0] for info in infos if info.shape}
    numbers = {lead for lead in leads if isinstance(lead, int)}
    samples = bool(leads) and (len(numbers) == len(leads) == 1 or not numbers)
    batch = numbers.pop() if samples and numbers else None
    symbols: dict[str, int] = {}
    if samples and batch is None:
        symbols.update((lead, 1) for lead in leads if isinstance(lead, str))
    own = True
    known: dict[str, Shape] = {}
    for info in infos:
        shape = given.get(shown(info.name))
        if shape is not None:
            whole = _whole(file, info, shape, batch or 1, samples)
            known[info.name] = whole
            own = own and _same(info, whole)
            symbols |= _named(info, whole)
    entering = []
    for info in infos:
        shape = known.get(info.name) or _resolved(file, info, symbols, samples, batch or 1, len(infos))
        entering.append(SizedInput(info.name, shape, 0 if samples and shape else None))
    return Inputs(entering, batch, symbols, own)


def free_inputs(graph: GraphProto) -> list[ValueInfo]:
    """The inputs of a graph that it has no values for itself."""
    return [info for info in graph.inputs if info.name not in graph.tensors]


def _whole(file: ModelFile, info: ValueInfo, shape: Shape, batch: int, samples: bool) -> Shape:
    """A given shape with its samples. Raises SpecError where it has another number of axes than the input."""
    rank = None if info.shape is None else len(info.shape)
    whole = (batch, *shape) if samples or rank is None else shape
    if rank not in (None, len(whole)) and rank == len(shape):
        whole = shape
    if rank not in (None, len(whole)):
        fault = f"the input has {how_many(rank - samples, 'axis')}{', without the samples' if samples else ''}"
        raise _wrong(file, info, fault, "x".join(map(str, shape)), None)
    return whole


def _same(info: ValueInfo, whole: Shape) -> bool:
    return info.shape is not None and all(
        not isinstance(size, int) or size == made for size, made in zip(info.shape, whole, strict=True)
    )


def _named(info: ValueInfo, whole: Shape) -> dict[str, int]:
    pairs = zip(info.shape or (), whole, strict=False)
    return {name: size for name, size in pairs if isinstance(name, str)}


def _resolved(
    file: ModelFile, info: ValueInfo, symbols: Mapping[str, int], samples: bool, batch: int, count: int
) -> Shape:
    """The shape of an input, its free axes at the sizes that others have. Raises SpecError where one is not known."""
    if info.shape is None:
        raise _free(file, info, "the file says no shape of it", "3x224x224", count)
    sizes: list[int | None] = [symbols.get(size) if isinstance(size, str) else size for size in info.shape]
    if samples and sizes and sizes[0] is None:
        sizes[0] = batch
    if None not in sizes:
        return tuple(sizes)  # type: ignore[arg-type]
    own = info.shape[1:] if samples else info.shape
    found = sizes[1:] if samples else sizes
    text = "x".join(str(size) if size is not None else shown(str(name or "?"))
                    for size, name in zip(found, own, strict=True))  # fmt: skip
    instead = "x".join(str(size if size is not None else _USUAL) for size in found)
    raise _free(file, info, f"it is {text} in the file: sizes are free", instead, count)


def _free(file: ModelFile, info: ValueInfo, fault: str, instead: str, count: int) -> SpecError:
    return _wrong(file, info, fault, None, (shown(info.name) if count > 1 else None, instead))


def _wrong(
    file: ModelFile, info: ValueInfo, fault: str, text: str | None, instead: tuple[str | None, str] | None
) -> SpecError:
    name = shown(info.name)
    override = Override(INPUT, name, text, fault, instead, example=True)
    spot = NamedPlace(file, f"input '{name}'")
    return SpecError([Wording()(Diagnostic(ERROR, "free-input", fault, override=override, spot=spot))])
