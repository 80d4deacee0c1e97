"""Keras's layers as classes of the code: the built-in ones have rules, others are code that is followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....layers import LayerError
from ..faults import Stop
from ..standard.builtin_classes import CLASSES
from ..standard.mappings import regardless
from ..values import Class, ClassMethod, Native, Property, Value
from .constructing import configured
from .following import call_layer, ruled
from .layer import KerasLayer, name_layer, run_of
from .signatures import bound, signatures
from .weights import add_weight

if TYPE_CHECKING:
    from ..interpreter import Evaluator


def make_layer(interpreter: Evaluator, cls: Class, /, *_: Value, **__: Value) -> KerasLayer:
    """A layer before its `__init__`."""
    interpreter.progress()
    interpreter.step()
    return KerasLayer(cls, interpreter.here())


@regardless
def init_base(interpreter: Evaluator, layer: KerasLayer, /, *args: Value, **kwargs: Value) -> None:
    """``Layer.__init__``."""
    name_layer(interpreter, layer, kwargs.get("name"))


def _init(kind: str, word: str) -> Native:
    """The constructor of a layer with a rule."""

    def init(interpreter: Evaluator, layer: KerasLayer, /, *args: Value, **kwargs: Value) -> None:
        try:
            given = bound(word, args, kwargs)
            config = {key: configured(interpreter, word, key, value) for key, value in given.items()}
        except LayerError as error:
            raise Stop(f"{word}: {error}", interpreter.here(), error.help, error.code) from None
        if config.get("data_format") == "channels_first":
            run_of(interpreter).says_first = True
        layer.kind, layer.config = kind, config
        layer.attributes.update(
            {key: given[key] for key in ("layer", "cell") if isinstance(given.get(key), KerasLayer)}
        )
        name_layer(interpreter, layer, given.get("name"))
        config.pop("name", None)

    return Native("__init__", init)


# --- classes ----------------------------------------------------------------------------------------


def nothing(interpreter: Evaluator, /, *_: Value, **__: Value) -> None:
    """A method that changes no shape."""


def _config(interpreter: Evaluator, layer: KerasLayer) -> Value:
    return {**layer.config, "name": layer.name}


def _from_config(interpreter: Evaluator, cls: Class, config: Value, *_: Value) -> Value:
    return interpreter.call(cls, [], dict(config) if isinstance(config, dict) else {})


def _add_weight(interpreter: Evaluator, layer: KerasLayer, /, *args: Value, **kwargs: Value) -> Value:
    return add_weight(interpreter, layer, args, kwargs)


LAYER = Class(
    "Layer", (CLASSES["object"],),
    {
        "__init__": Native("__init__", init_base), "__call__": Native("__call__", call_layer),
        "build": Native("build", nothing), "get_config": Native("get_config", _config),
        "from_config": ClassMethod(Native("from_config", _from_config)),
        "add_weight": Native("add_weight", _add_weight),
        **{name: Native(name, nothing) for name in (
            "add_loss", "add_metric", "set_weights", "load_weights", "add_update", "compute_mask")},
        "built": Property(
            Native("built", lambda at, one: one.attributes.get("built", bool(one.uses))),
            Native("built", lambda at, one, value: one.attributes.update(built=value)),
        ),
    },
    make_layer,
)  # fmt: skip
LAYER.traits["network"] = "layer"


def _call(interpreter: Evaluator, layer: KerasLayer, /, *args: Value, **kwargs: Value) -> Value:
    """``super().call(x)`` of a class that is built on one with a rule."""
    return ruled(interpreter, layer, args, kwargs)


def _init_lambda(interpreter: Evaluator, layer: KerasLayer, /, *args: Value, **kwargs: Value) -> None:
    given = bound("Lambda", args, kwargs)
    layer.kind = "Lambda"
    layer.attributes.update(function=given["function"], arguments=given.get("arguments"))
    name_layer(interpreter, layer, given.get("name"))


def _classes() -> dict[str, Class]:
    found: dict[str, Class] = {"Layer": LAYER}
    for name, (kind, _) in signatures().items():
        if kind == name:
            cls = Class(name, (LAYER,), {"__init__": _init(kind, name), "call": Native("call", _call)})
            found[name] = cls
    for name, (kind, _) in signatures().items():
        found[name] = found[kind]
    found["Lambda"].namespace["__init__"] = Native("__init__", _init_lambda)
    return found


KERAS_LAYERS = _classes()
