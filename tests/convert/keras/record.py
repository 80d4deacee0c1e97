"""Records models of Keras and what Keras says of them: KERAS_BACKEND=torch python record.py  (Keras 3)

recorded.json has of each model its description (to_json), the output of each layer, and its parameters. With `--all`
the applications of Keras are compared at once, and nothing is written.
"""

from __future__ import annotations

import inspect
import json
import sys
from math import prod
from pathlib import Path

import keras
from keras import layers

HERE = Path(__file__).resolve().parent


def images() -> keras.Model:
    entry = keras.Input((32, 30, 3), name="image")
    x = layers.Rescaling(1 / 255)(entry)
    x = layers.ZeroPadding2D(((1, 2), (0, 1)))(x)
    x = layers.Conv2D(8, (3, 5), strides=2, padding="same", activation="relu", name="first")(x)
    x = layers.BatchNormalization(scale=False)(x)
    skip = x
    x = layers.DepthwiseConv2D(3, padding="same", depth_multiplier=2, use_bias=False)(x)
    x = layers.BatchNormalization(center=False)(x)
    x = layers.ReLU(6.0)(x)
    x = layers.SeparableConv2D(8, 3, padding="same", activation="swish")(x)
    x = layers.Add()([skip, x])
    x = layers.Concatenate()([x, skip])
    x = layers.GroupNormalization(4)(x)
    x = layers.LeakyReLU()(x)
    gate = layers.GlobalAveragePooling2D(keepdims=True)(x)
    gate = layers.Dense(4, activation="relu")(gate)
    gate = layers.Dense(16, activation="sigmoid")(gate)
    x = layers.Multiply()([x, gate])
    x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
    x = layers.PReLU(shared_axes=[1, 2])(x)
    x = layers.PReLU()(x)
    x = layers.Conv2DTranspose(6, 3, strides=2, padding="same")(x)
    x = layers.Conv2DTranspose(6, 2, strides=3, activation="softsign")(x)
    x = layers.Conv2DTranspose(5, 3, strides=2, padding="same", output_padding=1)(x)
    x = layers.UpSampling2D((1, 2), interpolation="bilinear")(x)
    x = layers.Cropping2D(((1, 0), (2, 3)))(x)
    x = layers.AveragePooling2D(4)(x)
    x = layers.LayerNormalization()(x)
    x = layers.LayerNormalization(axis=[1, 2, 3])(x)
    x = layers.SpatialDropout2D(0.1)(x)
    x = layers.Reshape((-1, 5))(x)
    x = layers.MultiHeadAttention(2, 3)(x, x)
    x = layers.Flatten()(x)
    x = layers.Dropout(0.5)(x)
    return keras.Model(entry, [layers.Dense(10, activation="softmax", name="classes")(x), gate], name="images")


def shared() -> keras.Model:
    """Two inputs through one nested model, and a layer that is called twice."""
    tower = keras.Sequential([layers.Conv2D(4, 3), layers.Activation("relu"), layers.Flatten()], name="tower")
    left, right = keras.Input((8, 8, 1), name="left"), keras.Input((8, 8, 1), name="right")
    a, b = tower(left), tower(right)
    dense = layers.Dense(6, name="twice")
    x = layers.Subtract()([dense(a), dense(b)])
    x = layers.Average()([x, dense(a)])
    x = layers.Maximum()([x, dense(b)])
    return keras.Model([left, right], layers.Dot(axes=1)([x, dense(a)]), name="siamese")


def sequences() -> keras.Model:
    words = keras.Input((12,), name="words", dtype="int32")
    x = layers.Embedding(50, 8)(words)
    x = layers.Conv1D(6, 3, padding="causal", dilation_rate=2)(x)
    x = layers.Bidirectional(layers.LSTM(5, return_sequences=True))(x)
    x = layers.GRU(4, return_sequences=True)(x)
    x = layers.GRU(4, return_sequences=True, reset_after=False, use_bias=False)(x)
    x = layers.TimeDistributed(layers.Dense(3))(x)
    x = layers.Permute((2, 1))(x)
    x = layers.MaxPooling1D(2)(x)
    x = layers.SimpleRNN(7)(x)
    x = layers.RepeatVector(3)(x)
    x = layers.Softmax()(x)
    return keras.Model(words, layers.GlobalMaxPooling1D()(x), name="sequences")


def first() -> keras.Model:
    """The channels first."""
    entry = keras.Input((3, 16, 16), name="image", batch_size=4)
    x = layers.Conv2D(8, 3, data_format="channels_first")(entry)
    x = layers.BatchNormalization(axis=1)(x)
    x = layers.MaxPooling2D(2, data_format="channels_first")(x)
    x = layers.Dense(5)(x)
    x = layers.Concatenate(axis=1)([x, x])
    x = layers.GlobalAveragePooling2D(data_format="channels_first")(x)
    return keras.Model(entry, layers.Dense(2)(x), name="first")


def volumes() -> keras.Model:
    model = keras.Sequential([keras.Input((8, 10, 12, 2)), layers.Conv3D(4, 3, groups=2), layers.MaxPooling3D(2, name="halves"),
                              layers.TimeDistributed(layers.Conv2D(3, 2)), layers.GlobalAveragePooling3D()], name="volumes")  # fmt: skip
    model.layers[0].trainable = False
    return model


MODELS = (images, shared, sequences, first, volumes)


def told(model: keras.Model) -> dict[str, object]:
    rows = []
    for layer in model.layers:
        try:
            shape = list(layer.output.shape)[1:]
        except (AttributeError, ValueError):  # several results, or several calls
            shape = None
        rows.append([layer.name, shape, int(layer.count_params())])
    trainable = sum(prod(weight.shape) for weight in model.trainable_weights)
    return {"layers": rows, "params": int(model.count_params()), "trainable": int(trainable),
            "outputs": [list(one.shape)[1:] for one in model.outputs]}  # fmt: skip


def main() -> int:
    if sys.argv[1:] == ["--all"]:
        return compare()
    recorded = {one.__name__: {"model": json.loads(one().to_json()), **told(one())} for one in MODELS}
    (HERE / "recorded.json").write_text(
        json.dumps(recorded, indent=None, separators=(",", ":")).replace('{"module', '\n{"module') + "\n"
    )
    return 0


def compare() -> int:
    import tempfile

    import cnncalc

    wrong = 0
    for name, make in inspect.getmembers(keras.applications, inspect.isfunction):
        model = make(weights=None)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "model.json")
            path.write_text(model.to_json())
            totals = cnncalc.analyze(cnncalc.load(path)).totals
        truth = told(model)
        same = totals.params is not None and totals.params + totals.buffers == truth["params"]
        wrong += not same
        print("equal" if same else "WRONG", name, totals.params, totals.buffers, truth["params"], totals.macs)
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
