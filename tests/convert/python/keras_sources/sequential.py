"""Sequential models, in the ways in which they are written."""

import keras
from keras import layers
from keras.layers import Conv2D, Dense, Dropout, Flatten, MaxPool2D
from keras.models import Sequential


def mnist():
    return keras.Sequential(
        [
            keras.Input(shape=(28, 28, 1)),
            layers.Conv2D(32, kernel_size=(3, 3), activation="relu"),
            layers.MaxPooling2D(pool_size=(2, 2)),
            layers.Conv2D(64, kernel_size=(3, 3), activation="relu"),
            layers.MaxPooling2D(pool_size=(2, 2)),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ]
    )


def vgg(classes=10, widths=(16, 32), repeats=2):
    model = Sequential(name="vgg")
    model.add(keras.Input((32, 32, 3)))
    for index, width in enumerate(widths):
        for round_ in range(repeats):
            model.add(Conv2D(width, (3, 3), padding="same", activation="relu", name=f"block{index}_conv{round_}"))
        model.add(MaxPool2D((2, 2), strides=(2, 2)))
    model.add(Flatten())
    for units in (64, 32):
        model.add(Dense(units, activation="relu"))
        model.add(Dropout(0.5))
    model.add(Dense(classes, activation="softmax"))
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def mlp():
    model = Sequential([keras.Input((784,)), Dense(64, "relu"), Dense(10)])
    model.summary()
    return model


def encoder():
    inner = keras.Sequential(
        [keras.Input((16, 16, 3)), layers.Conv2D(8, 3, 2, "same"), layers.BatchNormalization(), layers.ReLU()],
        name="stem",
    )
    return keras.Sequential([inner, layers.GlobalMaxPool2D(), layers.Dense(4, use_bias=False)])


def decoder():
    model = keras.Sequential(name="generator")
    model.add(keras.Input(shape=(100,)))
    model.add(layers.Dense(7 * 7 * 32, use_bias=False))
    model.add(layers.BatchNormalization())
    model.add(layers.LeakyReLU())
    model.add(layers.Reshape((7, 7, 32)))
    assert model.output_shape == (None, 7, 7, 32)
    model.add(layers.Conv2DTranspose(16, (5, 5), strides=(2, 2), padding="same", use_bias=False))
    model.add(layers.BatchNormalization())
    model.add(layers.LeakyReLU(0.2))
    model.add(layers.Conv2DTranspose(1, (5, 5), strides=(2, 2), padding="same", activation="tanh"))
    return model


def signal():
    return Sequential([
        keras.Input((64, 2)), layers.Conv1D(8, 5, dilation_rate=2, padding="causal", activation="relu"),
        layers.AveragePooling1D(2), layers.SeparableConv1D(12, 3), layers.ZeroPadding1D(2), layers.Cropping1D(1),
        layers.UpSampling1D(2), layers.GlobalAveragePooling1D(), layers.Dense(3),
    ])  # fmt: skip


def volume():
    return Sequential([
        keras.Input((8, 16, 16, 1)), layers.Conv3D(4, 3, padding="same"), layers.MaxPooling3D((1, 2, 2)),
        layers.Conv3D(8, (3, 3, 3), activation="relu"), layers.GlobalAveragePooling3D(), layers.Dense(2),
    ])  # fmt: skip


model = mnist()

if __name__ == "__main__":
    model.fit(None, None)
