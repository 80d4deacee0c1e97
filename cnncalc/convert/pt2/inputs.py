"""What enters a program: its inputs at their sizes, which axis has the samples, and what is free."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ...diagnostics import ERROR, INPUT, Diagnostic, NamedPlace, Override, SpecError, Wording
from ...records import Record
from ...values import Shape, how_many
from ..readers import ModelFile
from ..torch.values import Dim, Dims, Samples
from .fields import FreeSize, TensorMeta
from .program import ExportedProgram, ProgramEntry

_SYMBOL = re.compile(r"Symbol\('(\w{1,100})'[^()]{0,100}\)")
_TIMES = re.compile(r"Mul\(Integer\((\d{1,18})\), Symbol\('(\w{1,100})'[^()]{0,100}\)\)")


class ProgramInputs(Record):
    """The shapes of all inputs by their names in the graph; the samples in the file (None where they are free), and
    the name of the free size that is theirs; whether all sizes are the file's own.
    """

    shapes: Mapping[str, Dims | None]
    batch: int | None
    symbol: str | None
    own: bool


def symbol(size: FreeSize) -> str:
    """The name of a free size, or the formula that it is."""
    match = _SYMBOL.fullmatch(size.formula)
    return match[1] if match else size.formula


def sized(file: ModelFile, program: ExportedProgram, given: Mapping[str, Shape]) -> ProgramInputs:
    """The inputs, those at other shapes that are `given`. Raises SpecError where a size is nowhere said."""
    entries = [entry for entry in program.entries if entry.what == "input"]
    metas = {entry.name: program.tensors.get(entry.name) for entry in entries}
    leads = {meta.sizes[0] if isinstance(meta.sizes[0], int) else symbol(meta.sizes[0])
             for meta in metas.values() if meta is not None and meta.sizes}  # fmt: skip
    lead = next(iter(leads)) if len(leads) == 1 else None
    samples = lead is not None or (bool(leads) and not any(isinstance(one, int) for one in leads))
    batch = lead if isinstance(lead, int) else None
    samples = samples and batch != 0
    sizes: dict[str, int] = {}
    for entry in entries:
        if entry.path in given:
            sizes |= _named(metas[entry.name], given[entry.path], samples)
    shapes: dict[str, Dims | None] = {}
    own = True
    for entry in entries:
        meta = metas[entry.name]
        if entry.path in given:
            shapes[entry.name] = _whole(file, entry, meta, given[entry.path], batch, samples)
            own = False
        else:
            shapes[entry.name] = (
                None if meta is None else _resolved(file, entry, meta, sizes, batch, samples, len(entries))
            )
    return ProgramInputs(shapes, batch if samples else None, lead if isinstance(lead, str) else None, own)


def _named(meta: TensorMeta | None, shape: Shape, samples: bool) -> dict[str, int]:
    """The free sizes of an input by name, as a shape says them."""
    own = meta.sizes[1 if samples and meta.sizes else 0 :] if meta is not None else ()
    return {symbol(size): number for size, number in zip(own, shape, strict=False) if isinstance(size, FreeSize)}


def _whole(
    file: ModelFile, entry: ProgramEntry, meta: TensorMeta | None, shape: Shape, batch: int | None, samples: bool
) -> Dims:
    """A given shape with its samples. Raises SpecError where it has another number of axes than the input."""
    lead: Dims = (Samples(batch or 1),) if samples and (meta is None or meta.sizes) else ()
    rank = None if meta is None else len(meta.sizes)
    if rank == len(shape) and lead and shape[0] == (batch or 1):
        return (*lead, *shape[1:])
    if rank not in (None, len(lead) + len(shape)):
        fault = f"the input has {how_many((rank or 0) - len(lead), 'axis')}{', without the samples' if lead else ''}"
        raise _wrong(file, entry, fault, "x".join(map(str, shape)), None)
    return (*lead, *shape)


def _resolved(
    file: ModelFile,
    entry: ProgramEntry,
    meta: TensorMeta,
    sizes: Mapping[str, int],
    batch: int | None,
    samples: bool,
    count: int,
) -> Dims:
    """The shape of an input; free axes at the sizes that others have. Raises SpecError where one is not known."""
    made: list[Dim | None] = [size if isinstance(size, int) else sizes.get(symbol(size)) for size in meta.sizes]
    if samples and made:
        made[0] = Samples(batch or 1)
    first = 1 if samples and made else 0
    found = made[first:]
    if None not in found:
        return tuple([one for one in made if one is not None])
    text = "x".join(str(size if size is not None else symbol(own)) if isinstance(own, FreeSize) else str(own)
                    for size, own in zip(found, meta.sizes[first:], strict=True))  # fmt: skip
    instead = "x".join(str(size if size is not None else _hint(own))
                       for size, own in zip(found, meta.sizes[first:], strict=True))  # fmt: skip
    fault = f"it is {text} in the file: sizes are free"
    raise _wrong(file, entry, fault, None, (entry.path if count > 1 else None, instead))


def _hint(size: int | FreeSize) -> int:
    """The size that an example has: that of the export."""
    return size if isinstance(size, int) else size.hint or 224


def _wrong(
    file: ModelFile, entry: ProgramEntry, fault: str, text: str | None, instead: tuple[str | None, str] | None
) -> SpecError:
    override = Override(INPUT, entry.path, text, fault, instead, example=True)
    spot = NamedPlace(file, f"input '{entry.path}'")
    return SpecError([Wording()(Diagnostic(ERROR, "free-input", fault, override=override, spot=spot))])


def stored(sizes: Sequence[int | FreeSize], inputs: ProgramInputs) -> Dims | None:
    """A shape that the file says, with the samples where they are the number that is free, or that leads."""
    made: list[Dim] = []
    for place, size in enumerate(sizes):
        if isinstance(size, int):
            made.append(Samples(inputs.batch) if place == 0 and size == inputs.batch else size)
            continue
        times = _TIMES.fullmatch(size.formula)
        name, factor = (times[2], int(times[1])) if times else (symbol(size), 1)
        if inputs.symbol is None or name != inputs.symbol or factor < 1:
            return None
        made.append(Samples(1, 1, factor))
    return tuple(made)
