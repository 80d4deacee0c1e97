"""Arguments that are tensors: one whose sizes are taken, one that enters a layer beside the running one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..records import Record
from ..values import Pair, Shape, Size, Word
from .arguments import Argument, LayerError

if TYPE_CHECKING:
    from .base import Layer
    from .window import Window


class Like(Argument[Any]):
    """``@name``: a tensor whose spatial sizes are taken."""

    sort = "tensor"

    def convert(self, value: Any, kind: str) -> Any:
        if not isinstance(value, tuple) or isinstance(value, Size | Pair):
            raise self.wrong(value, "a tensor: '@name'")
        return value


class Entering(Argument[Any]):
    """``@name``: another tensor that enters the layer, behind the running one. The layer knows what it is called."""

    sort = "entering"

    def convert(self, value: Any, kind: str) -> Any:
        if not isinstance(value, str) or isinstance(value, Word) or value[:1] != "@":
            raise LayerError(f"{self.name} is a tensor: '@name', not '{value}'", self.name, code="argument")
        return value


class Made(Record):
    """A tensor by its name: its shape, the layer that made it, and the shape of what that read."""

    name: str
    output: Shape
    layer: Layer | None
    shape: Shape


class NamedShape(Record):
    """A tensor's name, and its shape."""

    name: str
    shape: Shape

    def __str__(self) -> str:
        return self.name


class LikeNamed(Argument[Any]):
    """``@name``: a tensor whose spatial sizes are taken; the layer knows what it is called."""

    sort = "named"

    def convert(self, value: Any, kind: str) -> Any:
        if isinstance(value, NamedShape):
            return value
        if not isinstance(value, Made):
            raise LayerError(f"{self.name} is a tensor: '@name', not '{value}'", self.name, code="argument")
        return NamedShape(value.name, value.output)


class UndonePool(Record):
    """A max pool that is undone: the name of its output, its windows, and the sizes of what it read."""

    name: str
    windows: tuple[Window, ...]
    sizes: Shape

    def __str__(self) -> str:
        return self.name


class Undone(Argument[Any]):
    """``@name``: a max pool's output, which enters the layer behind the running tensor, with its indices."""

    sort = "undone"

    def convert(self, value: Any, kind: str) -> Any:
        if isinstance(value, UndonePool):
            return value
        if not isinstance(value, Made):
            raise LayerError(f"{self.name} is a max pool's output: '@name', not '{value}'", self.name, code="argument")
        layer = value.layer
        windows = () if layer is None or layer.kind != "maxpool" else layer.windows(value.shape)
        if not windows:
            made = "no layer" if layer is None else f"'{layer.kind}'"
            raise LayerError(f"'{value.name}' is made by {made}: only a max pool with a kernel is undone", self.name,
                             "name the pool, 'down = maxpool 2': 'unpool from=@down'", code="argument")  # fmt: skip
        return UndonePool(value.name, windows, value.shape[1:])
