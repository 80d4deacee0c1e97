"""A network written in another format: how it is asked for. Whoever knows the formats, further up, sets `write_as`; the
same of its picture and `draw_as`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..features.draw.shown import NetworkPicture


class Writable:
    """What can be written in other formats. Every way raises SpecError for what a format cannot say of it, with each
    layer in ``.diagnostics``; where `partial`, a stub that raises stands in the place of each.
    """

    __slots__ = ()

    def write_as(self, format: str, **options: Any) -> Any:
        """The network in a format, with its options."""
        raise NotImplementedError

    def draw_as(self, **asked: Any) -> NetworkPicture:
        """Its picture, as it is asked for."""
        raise NotImplementedError

    def draw(
        self, style: str = "graph", *, depth: int | None = None, only: str | None = None, direction: str = "down",
        label: str = "macs", color: str = "kind",
    ) -> NetworkPicture:  # fmt: skip
        """Its picture, as `cnncalc draw` has it: a notebook shows it, ``str()`` is the SVG, ``.save("net.svg")`` writes
        it.

        `style` is "graph" or "volumes"; `depth` levels of stages and blocks are open, `only` a stage is drawn;
        `direction` is "down" or "right", `label` "params", "macs" or "none", `color` "kind", "cost" or "none".
        Raises ValueError for another, and for a stage that there is not.
        """
        return self.draw_as(style=style, depth=depth, only=only, direction=direction, label=label, color=color)

    def to_spec(self, *, name: str | None = None) -> str:
        """The text of a spec, as a person might write it, called `name`, or what the network is called."""
        return str(self.write_as("spec", name=name))

    def to_torch_source(self, *, name: str | None = None, partial: bool = False) -> str:
        """The source of a module of PyTorch, its class called `name`."""
        return str(self.write_as("torch", name=name, partial=partial))

    def to_keras_source(self, *, name: str | None = None, partial: bool = False) -> str:
        """The source of a model of Keras 3, its function called `name`."""
        return str(self.write_as("keras", name=name, partial=partial))

    def to_onnx(
        self, *, name: str | None = None, opset: int | None = None, weights: str = "random", seed: int = 0,
        partial: bool = False,
    ) -> bytes:  # fmt: skip
        """The bytes of an ONNX model, in version `opset` of the operators. `weights` are "random", by the `seed`, or
        "none": their shapes alone, numbers that the runtime makes.

        Raises ValueError for an opset that cannot be written, ImportError without the package ``onnx``.
        """
        options = {} if opset is None else {"opset": opset}
        if weights not in ("random", "none"):
            raise ValueError(f"weights are 'random' or 'none', not {weights!r}")
        made = self.write_as("onnx", name=name, weights=weights == "random", seed=seed, partial=partial, **options)
        return bytes(made)
