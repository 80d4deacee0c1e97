"""Where a net's data come from: inputs that it declares, and layers that read a database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...diagnostics import ERROR, Diagnostic, Span, SpecError
from ...network import UNKNOWN
from ...values import Shape
from .description import LayerParameter
from .text import Message

if TYPE_CHECKING:
    from .reading import CaffeReader

#: Layers that read no blob and give data, and behind it labels.
DATA = frozenset({"Input", "Data", "ImageData", "HDF5Data", "MemoryData", "DummyData", "WindowData", "AnnotatedData"})


def inputs(filling: CaffeReader, net: Message, layers: list[LayerParameter]) -> Iterator[tuple[str, Shape, Span]]:
    """The inputs with their shapes a sample. Raises SpecError where one stands neither in the file nor is given."""
    found = [*_declared(net), *(top for layer in layers if layer.type in DATA for top in _tops(filling, layer))]
    given = filling.request.shapes([name for name, _, _ in found])
    for name, dims, span in found:
        if dims and filling.assembler.network.file_batch is None:
            filling.assembler.set_file_batch(dims[0])
        shape = given.get(name) or tuple(dims[1:])
        if not shape or min(shape) < 1:
            raise SpecError([Diagnostic(ERROR, "input", f"the shape of '{name}' does not stand in this file", span,
                                        f"give the shape of a sample, for example {name}=3x227x227")])  # fmt: skip
        yield name, shape, span


def _declared(net: Message) -> Iterator[tuple[str, list[int], Span]]:
    """``input: "data"`` with ``input_dim`` (four each) or ``input_shape``."""
    dims, shapes = net.numbers("input_dim"), net.messages.get("input_shape", [])
    for index, value in enumerate(net.values.get("input", ())):
        shape = shapes[index].numbers("dim") if index < len(shapes) else dims[4 * index : 4 * index + 4]
        yield value.text, shape, value.span


def _tops(filling: CaffeReader, layer: LayerParameter) -> Iterator[tuple[str, list[int], Span]]:
    """What a layer of data gives; labels are no inputs of what is counted."""
    for index, name in enumerate(layer.tops):
        dims = _dims(layer, index)
        if index and not dims:
            filling.blobs[name] = UNKNOWN
        else:
            yield name, dims, layer.span


def _dims(layer: LayerParameter, index: int) -> list[int]:
    given = layer.given
    if layer.type in ("Input", "DummyData"):
        shapes = given.messages.get("shape", [])
        if shapes:
            return shapes[min(index, len(shapes) - 1)].numbers("dim")
        return [
            dims[min(index, len(dims) - 1)]
            for dims in map(given.numbers, ("num", "channels", "height", "width"))
            if dims
        ]
    if layer.type == "MemoryData" and not index:
        return [given.number(name, 0) for name in ("batch_size", "channels", "height", "width")]
    return []
