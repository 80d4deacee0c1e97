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


@keras.saving.register_keras_serializable()
class Memory(layers.Layer):
    """A step with two states, of two widths."""

    def __init__(self, units, slow, **kwargs):
        super().__init__(**kwargs)
        self.units, self.slow = units, slow
        self.state_size = [units, slow]
        self.output_size = units

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units), name="kernel")
        self.again = self.add_weight(shape=(self.slow, self.units), name="again")
        self.kept = self.add_weight(shape=(self.units, self.slow), name="kept")

    def call(self, inputs, states):
        fast, slow = states
        made = ops.tanh(ops.matmul(inputs, self.kernel) + ops.matmul(slow, self.again)) + fast
        return made, [made, ops.matmul(made, self.kept)]

    def get_config(self):
        return {"units": self.units, "slow": self.slow}


def memories():
    entry = keras.Input((5, 8))
    return keras.Model(entry, [
        layers.RNN(Memory(7, 4))(entry), layers.RNN(Memory(6, 3), return_sequences=True)(entry),
        layers.Bidirectional(layers.RNN(Memory(4, 2), return_sequences=True), merge_mode="sum")(entry),
        layers.Bidirectional(layers.RNN(Memory(4, 2)))(entry),
        layers.Bidirectional(layers.RNN(Memory(4, 2)), merge_mode="ave")(entry),
    ])  # fmt: skip


def kept_states():
    entry = keras.Input((5, 8))
    x, h, c = layers.LSTM(6, return_sequences=True, return_state=True)(entry)
    y, state = layers.GRU(6, return_state=True)(x, initial_state=h)
    z = layers.LSTM(6)(x, initial_state=[h, c])
    w = layers.Bidirectional(layers.GRU(3, return_sequences=True), merge_mode="mul")(entry)
    return keras.Model(entry, [y, state, z, w])


def attentions():
    entry, other = keras.Input((5, 8), name="query"), keras.Input((7, 6), name="value")
    x = layers.MultiHeadAttention(2, 4)(entry, other)
    x = layers.MultiHeadAttention(num_heads=2, key_dim=3, value_dim=5, output_shape=9)(query=x, value=other, key=other)
    x = layers.MultiHeadAttention(2, 4, use_bias=False)(x, x, use_causal_mask=True)
    return keras.Model([entry, other], x)
