"""One layer in code: its rule, its configuration, its name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ...keras.identity import IDENTITY
from ..values import Class, Instance, Place, Value
from .weights import LayerWeight

if TYPE_CHECKING:
    from ..interpreter import Evaluator
    from .graph import LayerUse
    from .run import KerasRun

#: Settings that have a size for each axis.
_SIZES = frozenset(("kernel_size", "strides", "pool_size", "dilation_rate", "size", "target_shape", "dims"))
_DEFAULTS: dict[str, Value] = {
    "use_bias": True, "strides": 1, "dilation_rate": 1, "groups": 1, "padding": "valid", "pool_size": 2, "size": 2,
    "axis": -1, "return_sequences": False, "return_state": False, "depth_multiplier": 1,
}  # fmt: skip


class KerasLayer(Instance):
    """A layer: which rule it has, if one, and its configuration as a model file would have it."""

    __slots__ = ("config", "defined", "kind", "name", "named", "uses", "weights")

    def __init__(self, cls: Class, defined: Place | None = None) -> None:
        super().__init__(cls)
        self.defined = defined
        #: The name of its rule; None of a class of the code.
        self.kind: str | None = None
        self.config: dict[str, Any] = {}
        self.name = ""
        #: Whether the code gives it that name.
        self.named = False
        #: What its calls gave.
        self.uses: list[LayerUse] = []
        self.weights: list[LayerWeight] = []

    def own(self, name: str) -> tuple[Value] | None:
        if name == "name":
            return (self.name,)
        if name in ("output", "input") and self.uses:
            use = self.uses[0]
            tensors = use.outputs if name == "output" else use.inputs
            return (tensors[0] if len(tensors) == 1 else list(tensors),)
        if name in ("output_shape", "input_shape") and self.uses:
            use = self.uses[0]
            tensors = use.outputs if name == "output_shape" else use.inputs
            return (tensors[0].shape if len(tensors) == 1 else [tensor.shape for tensor in tensors],)
        return self._setting(name)

    def _setting(self, name: str) -> tuple[Value] | None:
        """A setting as Keras keeps it: what is not given is its default, and sizes are one for each axis."""
        from .signatures import signatures

        value = self.config.get(name)
        if name == "strides" and value is None and "Pooling" in (self.kind or ""):
            return self._setting("pool_size")
        if name not in self.config and name in signatures().get(self.kind or "", ("", ()))[1]:
            value = _DEFAULTS.get(name)
        if value is None and name not in self.config:
            return None
        rank = re.search(r"(\d)D", self.kind or "") if self.kind != "UpSampling1D" else None
        if type(value) is int and name in _SIZES and rank is not None:
            return ((value,) * int(rank[1]),)
        return (tuple(value) if isinstance(value, list) and name in _SIZES else value,)

    def put(self, interpreter: Evaluator, name: str, value: Value) -> None:
        if name in ("name", "_name") and isinstance(value, str):
            self.name, self.named = value, True
        self.attributes[name] = value

    def described(self) -> dict[str, Any]:
        """The layer as a model file describes it."""
        return {
            "class_name": self.kind or self.cls.name,
            "name": self.name,
            "config": {**self.config, "name": self.name},
            IDENTITY: self,
        }


def run_of(interpreter: Evaluator) -> KerasRun:
    """What this run keeps of Keras: made where the code first uses it."""
    if "keras" not in interpreter.kept:
        from .run import begin

        interpreter.kept["keras"] = begin(*interpreter.kept["reading"])
    run: KerasRun = interpreter.kept["keras"]
    return run


def snake(name: str) -> str:
    """``conv2d``, ``max_pooling2d``: what Keras calls layers of a class."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def name_layer(interpreter: Evaluator, layer: KerasLayer, name: Value) -> None:
    """Gives a layer its name: what the code says, else the next of its class."""
    if isinstance(name, str):
        layer.name, layer.named = name, True
    elif not layer.name:
        layer.name = run_of(interpreter).named(snake(layer.cls.name))
