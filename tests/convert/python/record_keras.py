"""Records what Keras says of the sources in keras_sources/:  KERAS_BACKEND=torch python record_keras.py

keras_sources.json has of each network its outputs, its parameters, and in their order the layers that Keras has,
each with its class, the shape of its output, and its parameters.
"""

from __future__ import annotations

import importlib.util
import inspect
import json
from math import prod
from pathlib import Path
from types import ModuleType
from typing import Any

import keras

HERE = Path(__file__).resolve().parent
#: Networks that have no shape of their own: the samples are left out.
SHAPES = {"custom.py:Net": (33, 30, 3), "custom_layers.py:Stack": (7,)}


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def entries() -> list[tuple[str, Any]]:
    """The networks of all files: factories without arguments, and classes of models."""
    found = []
    for path in sorted((HERE / "keras_sources").glob("*.py")):
        module = loaded(path)
        for name, value in vars(module).items():
            own = getattr(value, "__module__", None) == path.stem
            factory = inspect.isfunction(value) and not any(
                one.default is one.empty for one in inspect.signature(value).parameters.values()
            )
            if own and (factory or (inspect.isclass(value) and issubclass(value, keras.Model))):
                found.append((f"{path.name}:{name}", value))
    return found


def layers_of(model: Any) -> list[Any]:
    """The layers of a model, those of models in it too, each with what Keras made for it."""
    found: list[Any] = []
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            found += layers_of(layer)
        elif not isinstance(layer, keras.layers.InputLayer):
            found.append(layer)
    return found


def recorded(key: str, make: Any) -> dict[str, Any]:
    keras.utils.clear_session()
    model = make()
    if key in SHAPES:
        entry = keras.Input(SHAPES[key])
        outputs = model(entry)
    else:
        outputs = model.outputs
    outputs = outputs if isinstance(outputs, list) else [outputs]
    weights = {id(one): one for layer in layers_of(model) for one in layer.weights}.values()
    trainable = sum(prod(one.shape) for one in weights if "moving_" not in one.path)
    layers = [
        [
            type(layer).__name__,
            layer.name,
            list(layer.output.shape[1:]) if one_output(layer) else None,
            layer.count_params(),
        ]
        for layer in layers_of(model)
    ]
    return {
        "input": list(SHAPES[key]) if key in SHAPES else None, "outputs": [list(one.shape[1:]) for one in outputs],
        "params": int(trainable), "all": model.count_params(), "layers": layers,
    }  # fmt: skip


def one_output(layer: Any) -> bool:
    try:
        return hasattr(layer.output, "shape")
    except (AttributeError, ValueError):
        return False


def main() -> None:
    found = {key: recorded(key, make) for key, make in entries()}
    (HERE / "keras_sources.json").write_text(json.dumps(found, indent=0, separators=(",", ":")) + "\n")
    print(len(found), "networks")


if __name__ == "__main__":
    main()
