"""Records what Keras makes of its operations where layers stand: KERAS_BACKEND=torch python record_operations.py  (Keras 3, PyTorch)

A line of operations.jsonl is what was written, the description of the model, and the shape of each output, the samples left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
from keras import layers, ops

HERE = Path(__file__).resolve().parent
IMAGE = (6, 8, 4)

#: What is made of a picture of 6x8 with 4 channels.
IMAGES: dict[str, Callable[[Any], Any]] = {
    "mean all": lambda x: ops.mean(x, axis=(1, 2)), "mean keep": lambda x: ops.mean(x, axis=[1, 2], keepdims=True),
    "mean channels": lambda x: ops.mean(x, axis=-1), "mean rows": lambda x: ops.mean(x, axis=1, keepdims=True),
    "max all": lambda x: ops.max(x, axis=(1, 2)), "max last": lambda x: ops.max(x, axis=-1, keepdims=True), "sum": lambda x: ops.sum(x, axis=(-3, -2)),
    "min": lambda x: ops.min(x, axis=(1, 3)), "prod": lambda x: ops.prod(x, axis=3), "var": lambda x: ops.var(x, axis=2), "std": lambda x: ops.std(x, axis=(1, 2, 3)),
    "argmax": lambda x: ops.argmax(x, axis=-1), "index": lambda x: x[:, 0], "index last": lambda x: x[:, -1, 2], "slice": lambda x: x[:, 1:4],
    "slices": lambda x: x[:, ::2, 1:-1:3], "rest": lambda x: x[..., 0], "rest slice": lambda x: x[..., 1:], "new axis": lambda x: x[:, None],
    "new axis last": lambda x: x[..., None], "rest between": lambda x: x[:, 0, ..., 1:3], "back": lambda x: x[:, ::-1], "past the end": lambda x: x[:, 4:99],
    "nothing": lambda x: x[:, 3:3], "transpose": lambda x: ops.transpose(x, (0, 3, 1, 2)), "transpose two": lambda x: ops.transpose(x, (0, 2, 1, 3)),
    "expand": lambda x: ops.expand_dims(x, 1), "expand last": lambda x: ops.expand_dims(x, -1), "expand two": lambda x: ops.expand_dims(x, (1, 3)),
    "squeeze": lambda x: ops.squeeze(ops.mean(x, axis=1, keepdims=True), 1), "squeeze all": lambda x: ops.squeeze(ops.mean(x, axis=-1, keepdims=True), -1),
    "split": lambda x: ops.split(x, 2, axis=-1), "split rows": lambda x: ops.split(x, 3, axis=1), "split one": lambda x: ops.split(x, 4, axis=2)[1],
    "stack": lambda x: ops.stack([x, x, x], axis=1), "stack last": lambda x: ops.stack([x, x], axis=-1), "pad": lambda x: ops.pad(x, ((0, 0), (1, 2), (3, 0), (0, 0))),
    "pad channels": lambda x: ops.pad(x, [[0, 0], [0, 0], [0, 0], [1, 5]]), "relu": ops.relu, "relu6": ops.relu6, "elu": ops.elu, "selu": ops.selu, "gelu": ops.gelu,
    "silu": ops.silu, "sigmoid": ops.sigmoid, "tanh": ops.tanh, "softplus": ops.softplus, "softsign": ops.softsign, "hard sigmoid": ops.hard_sigmoid,
    "hard silu": ops.hard_silu, "leaky": ops.leaky_relu, "log softmax": ops.log_softmax, "softmax": ops.softmax, "exp": ops.exp, "log": ops.log, "sqrt": ops.sqrt,
    "square": ops.square, "abs": ops.absolute, "negative": ops.negative, "clip": lambda x: ops.clip(x, 0, 1), "cast": lambda x: ops.cast(x, "float16"),
    "add": lambda x: x + x, "subtract": lambda x: x - ops.relu(x), "multiply": lambda x: x * x, "divide": lambda x: x / x, "power": lambda x: x**2,
    "number": lambda x: x + 1.0, "scaled": lambda x: 2.0 * x, "maximum": lambda x: ops.maximum(x, -x), "minimum": lambda x: ops.minimum(x, -x), "concatenate": lambda x: ops.concatenate([x, x], axis=-1),
    "concatenate rows": lambda x: ops.concatenate([x, x, x], axis=1), "reshape": lambda x: ops.reshape(x, (-1, 48, 4)), "flat": lambda x: ops.reshape(x, (-1, 192)),
    "matmul": lambda x: ops.matmul(x, ops.transpose(x, (0, 1, 3, 2))), "resize": lambda x: ops.image.resize(x, (3, 5)),
    "gate": lambda x: x * ops.mean(x, axis=(1, 2), keepdims=True), "rows": lambda x: x + ops.mean(x, axis=2, keepdims=True), "normalize": ops.normalize,
    "erf": ops.erf, "sign": ops.sign, "rsqrt": ops.rsqrt, "reciprocal": ops.reciprocal, "layer behind": lambda x: layers.Dense(3)(ops.mean(x, axis=(1, 2))),
    "split at": lambda x: ops.split(x, [2, 4], axis=1), "split at last": lambda x: ops.split(x, [1, 5], axis=2), "take": lambda x: ops.take(x, [0, 2, 2, 1, 5, 5, 0], axis=1),
    "take one": lambda x: ops.take(x, 3, axis=2), "move": lambda x: ops.moveaxis(x, -1, 1), "move two": lambda x: ops.moveaxis(x, (1, 2), (3, 1)),
    "swap": lambda x: ops.swapaxes(x, 1, -1), "repeat": lambda x: ops.repeat(x, 3, axis=2), "ones": ops.ones_like, "zeros": ops.zeros_like,
    "five axes": lambda x: ops.reshape(ops.transpose(ops.reshape(x, (-1, 3, 2, 8, 2, 2)), (0, 1, 3, 5, 2, 4)), (-1, 24, 8)),
    "resize bilinear": lambda x: ops.image.resize(x, (3, 5), interpolation="bilinear"), "adaptive": layers.AdaptiveAveragePooling2D((4, 3)),
    "adaptive one": layers.AdaptiveMaxPooling2D(5),
}  # fmt: skip


def main() -> None:
    lines = []
    for first in (False, True):
        for what, make in IMAGES.items():
            keras.backend.clear_session()
            x = keras.Input((4, 6, 8) if first else IMAGE, name="x")
            start = layers.Conv2D(4, 1, data_format="channels_first", use_bias=False)(x) if first else x
            if first and what not in (
                "mean all",
                "mean keep",
                "max all",
                "index",
                "slices",
                "rest",
                "transpose",
                "split",
                "stack",
                "pad",
                "expand",
                "gate",
                "argmax",
                "matmul",
            ):
                continue
            try:
                made = make(start)
                made = made if isinstance(made, list) else [made]
                model = keras.Model(x, made)
                lines.append(
                    json.dumps(
                        [
                            f"{what}{' first' * first}",
                            json.loads(model.to_json()),
                            [list(one.shape)[1:] for one in made],
                        ],
                        separators=(",", ":"),
                    )
                )
            except Exception as error:
                print(what, type(error).__name__, str(error)[:120].replace("\n", " "))
    (HERE / "operations.jsonl").write_text("\n".join(lines) + "\n")
    print(len(lines), "recorded")


if __name__ == "__main__":
    main()
