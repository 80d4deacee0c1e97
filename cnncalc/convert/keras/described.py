"""A layer as it is described, and what stands in its description."""

from __future__ import annotations

from typing import Any

from ...layers import LayerError
from ...records import Record
from ...values import one_or_each
from .graph import LayerCall


class DescribedLayer(Record):
    """A layer as it is described, and one call of it."""

    name: str
    type: str
    config: dict[str, Any]
    call: LayerCall

    def number(self, key: str, default: int) -> int:
        """A whole number of the configuration."""
        value = self.config.get(key)
        return value if type(value) is int else default

    def needed(self, key: str) -> int:
        """A whole number that must be there. Raises LayerError."""
        value = self.config.get(key)
        if type(value) is not int:
            raise LayerError(
                f"'{key}' is missing" if value is None else f"{key} is a whole number, not {str(value)[:40]}"
            )
        return value

    def flag(self, key: str, default: bool) -> bool:
        """A flag of the configuration."""
        value = self.config.get(key)
        return value if isinstance(value, bool) else default

    def sizes(self, key: str, rank: int, default: Any = 1) -> Any:
        """Sizes of the spatial axes: one number where they are equal. Raises LayerError for what are none."""
        value = self.config.get(key)
        value = default if value is None else value
        items = list(value) if isinstance(value, list | tuple) else [value] * rank
        if len(items) != rank or not all(type(item) is int for item in items):
            raise LayerError(f"{key} is {rank} whole numbers, not {str(value)[:40]}")
        return one_or_each(items)


def class_of(layer: dict[str, Any]) -> str:
    """The name of the class of a layer, without the package that it is registered in."""
    return str(layer.get("class_name")).rpartition(">")[2]


def config_of(layer: dict[str, Any]) -> dict[str, Any]:
    """The configuration of a layer or a model."""
    config = layer.get("config")
    return config if isinstance(config, dict) else {}


def layers_of(model: dict[str, Any]) -> list[dict[str, Any]]:
    """The layers of a model; of a Sequential of Keras 1 and early 2 they are the whole configuration."""
    config = model.get("config")
    layers = config.get("layers") if isinstance(config, dict) else config
    return [layer for layer in layers if isinstance(layer, dict)] if isinstance(layers, list) else []


def name_of(layer: dict[str, Any]) -> str:
    """What a layer is called."""
    name = layer.get("name") or config_of(layer).get("name") or str(layer.get("class_name")).lower()
    return str(name)


def batch_shape_of(config: dict[str, Any]) -> list[Any] | None:
    """The shape that an input, or the first layer of a Sequential, is given, the sample first."""
    shape = config.get("batch_shape") or config.get("batch_input_shape")
    if isinstance(shape, list) and shape and isinstance(shape[0], list):
        shape = shape[0]
    return shape if isinstance(shape, list) else None
