"""Classes of one's own: layers, models, and layers that are functions."""

import keras
from keras import layers


class ConvBlock(layers.Layer):
    def __init__(self, filters, kernel_size=3, **kwargs):
        super().__init__(**kwargs)
        self.conv = layers.Conv2D(filters, kernel_size, padding="same")
        self.norm = layers.BatchNormalization()
        self.relu = layers.ReLU()

    def call(self, x, training=False):
        return self.relu(self.norm(self.conv(x), training=training))


class ResBlock(layers.Layer):
    def __init__(self, filters):
        super().__init__()
        self.blocks = [ConvBlock(filters), ConvBlock(filters)]
        self.project = layers.Conv2D(filters, 1)

    def call(self, inputs):
        x = inputs
        for block in self.blocks:
            x = block(x)
        return x + self.project(inputs)


@keras.saving.register_keras_serializable()
class Scale(layers.Layer):
    """Learns a factor a channel."""

    def build(self, input_shape):
        self.factor = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="factor")

    def call(self, inputs):
        return inputs * self.factor


class Patches(layers.Layer):
    def __init__(self, count, width):
        super().__init__()
        self.projection = layers.Dense(width)
        self.count, self.width = count, width

    def build(self, input_shape):
        self.position = self.add_weight(shape=(1, self.count, self.width), initializer="zeros")
        self.built = True

    def call(self, x):
        return self.projection(x) + self.position


class Net(keras.Model):
    def __init__(self, classes=5, width=8):
        super().__init__()
        self.stem = layers.Conv2D(width, 3, strides=2)
        self.stages = [ResBlock(width), ResBlock(2 * width)]
        self.pool = layers.GlobalAveragePooling2D()
        self.head = keras.Sequential([layers.Dense(16, activation="relu"), layers.Dense(classes)])

    def call(self, inputs, training=None):
        x = self.stem(inputs)
        for stage in self.stages:
            x = stage(x)
        return self.head(self.pool(x))


def with_blocks():
    entry = keras.Input((16, 16, 3))
    x = ConvBlock(4)(entry)
    x = ResBlock(8)(x)
    x = Scale()(x)
    return keras.Model(entry, layers.Dense(2)(layers.Flatten()(x)))


def patches():
    entry = keras.Input((16, 16, 3))
    x = layers.Reshape((64, 12))(entry)
    return keras.Model(entry, Patches(64, 10)(x))


def functions():
    entry = keras.Input((12, 12, 3))
    x = layers.Lambda(lambda x: x / 127.5 - 1.0)(entry)
    x = layers.Lambda(lambda x, axis: keras.ops.mean(x, axis=axis), arguments={"axis": 3})(x)
    return keras.Model(entry, layers.Dense(4)(layers.Flatten()(x)))


class Wide(layers.Conv2D):
    def __init__(self, filters):
        super().__init__(filters, 5, padding="same", activation="relu")


def derived():
    return keras.Sequential([keras.Input((9, 9, 2)), Wide(3), layers.PReLU(shared_axes=[1, 2])])
