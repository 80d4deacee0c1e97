"""Sequences: recurrent layers, embeddings, attention."""

import keras
from keras import layers, ops


def sentiment():
    return keras.Sequential(
        [
            keras.Input((80,)),
            layers.Embedding(1000, 16),
            layers.Bidirectional(layers.LSTM(8, return_sequences=True)),
            layers.GRU(6),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


def video():
    entry = keras.Input((5, 16, 16, 3))
    x = layers.TimeDistributed(layers.Conv2D(4, 3, activation="relu"))(entry)
    x = layers.TimeDistributed(layers.Flatten())(x)
    x = layers.SimpleRNN(7)(x)
    return keras.Model(entry, layers.Dense(2)(x))


def transformer_block(x, heads, width, hidden):
    y = layers.MultiHeadAttention(num_heads=heads, key_dim=width // heads)(x, x)
    x = layers.LayerNormalization(epsilon=1e-6)(x + y)
    y = layers.Dense(hidden, activation="gelu")(x)
    y = layers.Dense(width)(y)
    return layers.LayerNormalization(epsilon=1e-6)(layers.Add()([x, y]))


def vision_transformer(patch=4, width=16):
    entry = keras.Input((16, 16, 3))
    x = layers.Conv2D(width, patch, strides=patch)(entry)
    x = layers.Reshape((-1, width))(x)
    for _ in range(2):
        x = transformer_block(x, 2, width, 32)
    x = ops.mean(x, axis=1)
    return keras.Model(entry, layers.Dense(4)(x))


def operations():
    entry = keras.Input((8, 12, 6))
    x = ops.relu(entry) * 0.5
    top, rest = x[:, :4], x[:, 4:, ::2, :]
    y = ops.concatenate([ops.mean(top, axis=(1, 2)), ops.max(rest, axis=(1, 2))], axis=-1)
    y = ops.expand_dims(y, axis=1)
    z = ops.transpose(ops.reshape(x, (-1, 96, 6)), (0, 2, 1))
    z = ops.matmul(z, ops.transpose(z, (0, 2, 1)))
    a, b = ops.split(z, 2, axis=1)
    return keras.Model(entry, [ops.squeeze(y, axis=1), ops.softmax(a - b), ops.sum(z, axis=-1)])
