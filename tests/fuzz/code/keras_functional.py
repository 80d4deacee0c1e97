import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


def block(x, filters, stride=1):
    before = x
    x = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization(axis=-1)(x)
    x = layers.Activation("relu")(x)
    x = layers.SeparableConv2D(filters, (3, 3), padding="same")(x)
    if stride != 1 or before.shape[-1] != filters:
        before = layers.Conv2D(filters, 1, strides=stride)(before)
    return layers.ReLU()(layers.add([x, before]))


def make_model(input_shape=(32, 32, 3), classes=10):
    inputs = keras.Input(shape=input_shape)
    x = layers.Rescaling(1.0 / 255)(inputs)
    for index, filters in enumerate([8, 16]):
        x = block(x, filters, stride=1 if index == 0 else 2)
    up = layers.UpSampling2D(2)(layers.MaxPooling2D()(x))
    x = layers.Concatenate(axis=3)([x, up])
    x = tf.nn.relu(x) * 0.5 + 1.0
    s = layers.Reshape((1, 1, -1))(layers.GlobalAveragePooling2D()(x))
    x = layers.multiply([x, layers.Dense(x.shape[-1], activation="sigmoid")(s)])
    x = layers.Lambda(lambda x: x[:, ::2, :, :])(x)
    outputs = layers.Dense(classes, activation="softmax")(layers.Flatten()(x))
    return keras.Model(inputs, outputs, name="net")
