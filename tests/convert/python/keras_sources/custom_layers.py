"""Layers and models of the code's own: build and call, get_config, lists of layers, settings that are passed on."""

import keras
from keras import layers, ops


class Scale(layers.Layer):
    def __init__(self, factor=1.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def build(self, input_shape):
        self.gain = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="gain")
        self.shift = self.add_weight(shape=(input_shape[-1],), initializer="zeros", trainable=True)

    def call(self, inputs):
        return inputs * self.gain * self.factor + self.shift

    def get_config(self):
        return {**super().get_config(), "factor": self.factor}


class Squeeze(layers.Layer):
    def __init__(self, ratio=2, name=None):
        super().__init__(name=name)
        self.ratio = ratio

    def build(self, shape):
        self.pool = layers.GlobalAveragePooling2D(keepdims=True)
        self.down = layers.Dense(shape[-1] // self.ratio, activation="relu")
        self.up = layers.Dense(shape[-1], activation="sigmoid")

    def call(self, x):
        return x * self.up(self.down(self.pool(x)))


class Project(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.units = units

    def build(self, input_shape):
        self.w = self.add_weight(shape=(input_shape[-1], self.units))
        self.b = self.add_weight(shape=(self.units,))

    def call(self, inputs, training=False):
        return ops.matmul(inputs, self.w) + self.b

    def compute_output_shape(self, shape):
        return (*shape[:-1], self.units)


class Stack(keras.Model):
    def __init__(self, widths=(8, 6), classes=3, **kwargs):
        super().__init__(**kwargs)
        self.body = [layers.Dense(width, activation="relu") for width in widths]
        self.drop = layers.Dropout(0.5)
        self.head = layers.Dense(classes)

    def call(self, inputs, training=None):
        x = inputs
        for layer in self.body:
            x = layer(x)
        if training:
            x = self.drop(x, training=training)
        return self.head(x)


def scaled():
    entry = keras.Input((6, 8, 4))
    x = Scale(2.0, name="scaled")(entry)
    x = Squeeze(ratio=2)(x)
    return keras.Model(entry, Project(5)(layers.GlobalMaxPooling2D()(x)))


def copied():
    entry = keras.Input((8,))
    made = layers.Dense(4, use_bias=False, name="first")
    again = layers.Dense.from_config({**made.get_config(), "name": "second", "units": 6})
    return keras.Model(entry, again(made(entry)))


def nested():
    inner = keras.Sequential([keras.Input((8,)), layers.Dense(6), layers.ReLU()], name="inner")
    entry = keras.Input((8,))
    x = inner(entry)
    x = keras.Sequential([layers.Dense(5), layers.Dense(4)])(x)
    return keras.Model(entry, [x, inner(entry)])


def grown():
    model = keras.Sequential(name="grown")
    model.add(keras.Input(shape=(16, 16, 3)))
    for index, filters in enumerate([8, 16]):
        model.add(layers.Conv2D(filters, 3, padding="same", name=f"conv{index}"))
        model.add(layers.BatchNormalization())
        model.add(layers.Activation("relu"))
        model.add(layers.MaxPooling2D())
    model.add(layers.Dropout(0.1))
    model.pop()
    model.add(layers.Flatten())
    model.add(layers.Dense(len(model.layers)))
    model.trainable = False
    return model


def blocks():
    def block(x, filters, stride=1):
        y = layers.Conv2D(filters, 3, strides=stride, padding="same", kernel_initializer="he_normal")(x)
        y = layers.BatchNormalization(axis=3)(y)
        y = layers.Activation(keras.activations.relu)(y)
        if stride != 1 or x.shape[-1] != filters:
            x = layers.Conv2D(filters, 1, strides=stride, name=f"short_{filters}")(x)
        return layers.ReLU()(layers.add([x, y]))

    entry = x = keras.layers.Input(shape=(16, 16, 3))
    for filters, stride in zip((8, 8, 12), [1, 1, 2], strict=True):
        x = block(x, filters, stride=stride)
    model = keras.Model(inputs=[entry], outputs=[layers.Dense(10)(layers.GlobalAveragePooling2D()(x))])
    model.compile(optimizer=keras.optimizers.Adam(0.001), loss="mse", metrics=["accuracy"])
    model.summary(print_fn=lambda *_, **__: None)
    return model
