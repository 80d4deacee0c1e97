"""Operations, operators, slices and shapes in Keras source."""

import keras
from keras import layers, ops


def operators():
    entry = keras.Input((6, 8, 4))
    x = layers.Conv2D(4, 3, padding="same")(entry)
    made = [x + entry, x - 1.0, 2.0 * x, x / 2, x // 2, x % 2, x**2, 1 - x, -x, abs(x), 3 / x, 2**x]
    return keras.Model(entry, [*made, x @ layers.Permute((1, 3, 2))(x), x > 0.5, x <= entry])


def slices():
    entry = keras.Input((6, 8, 4))
    return keras.Model(entry, [
        entry[:, 0], entry[:, 1:4], entry[:, ::2, -3:], entry[..., 0], entry[..., 1:3], entry[:, :, 2], entry[:, -1],
        entry[:, None], entry[:, 2:, 1:-1, ::3], entry[:, 0, 0, 0],
    ])  # fmt: skip


def reductions():
    entry = keras.Input((6, 8, 4))
    return keras.Model(entry, [
        ops.mean(entry, axis=1), ops.max(entry, axis=(1, 2)), ops.min(entry, axis=-1, keepdims=True),
        ops.sum(entry, axis=[2, 3]), ops.prod(entry, axis=1), ops.var(entry, axis=(1, 2), keepdims=True),
        ops.std(entry, axis=3), ops.argmax(entry, axis=-1), ops.argmin(entry, axis=2), ops.softmax(entry, axis=-1),
        ops.log_softmax(entry), ops.normalize(entry, axis=-1), ops.mean(entry, axis=(1, 2, 3)),
    ])  # fmt: skip


def functions():
    entry = keras.Input((6, 8, 4))
    made = [one(entry) for one in (
        ops.relu, ops.relu6, ops.elu, ops.selu, ops.gelu, ops.silu, ops.sigmoid, ops.hard_sigmoid, ops.tanh,
        ops.softplus, ops.exp, ops.log, ops.sqrt, ops.rsqrt, ops.square, ops.absolute, ops.negative, ops.sin, ops.cos,
        ops.erf, ops.sign, ops.ones_like, ops.zeros_like, ops.leaky_relu,
    )]  # fmt: skip
    return keras.Model(entry, [*made, ops.clip(entry, 0, 1), ops.cast(entry, "float32"), ops.maximum(entry, 0.0),
                               ops.minimum(entry, made[0]), ops.power(entry, 2), ops.add(entry, made[1]),
                               ops.subtract(entry, 1), ops.multiply(2, entry), ops.divide(entry, made[10]),
                               ops.equal(entry, 0)])  # fmt: skip


def rearranged():
    entry = keras.Input((6, 8, 4))
    first, second = ops.split(entry, 2, axis=2)
    low, middle, high = ops.split(entry, [1, 3], axis=1)
    return keras.Model(entry, [
        ops.reshape(entry, (-1, 48, 4)), ops.transpose(entry, (0, 3, 1, 2)), ops.moveaxis(entry, 1, 3),
        ops.swapaxes(entry, 1, 2), ops.expand_dims(entry, 1), ops.expand_dims(entry, axis=-1),
        ops.squeeze(ops.expand_dims(entry, 2), axis=2), ops.concatenate([entry, entry], axis=1),
        ops.concatenate([first, second], axis=-1), ops.stack([entry, entry], axis=1), low, middle, high,
        ops.repeat(entry, 3, axis=2), ops.pad(entry, ((0, 0), (1, 2), (0, 0), (3, 0))),
        ops.matmul(entry, ops.transpose(entry, (0, 1, 3, 2))), ops.take(entry, [0, 2], axis=1),
    ])  # fmt: skip


def sizes():
    entry = keras.Input((6, 8, 4))
    x = layers.Conv2D(5, 3)(entry)
    height, width, channels = x.shape[1:]
    x = layers.Reshape((height * width, channels))(x)
    x = layers.Dense(x.shape[-1] * 2 + len(x.shape))(x)
    assert x.shape[0] is None and x.ndim == 3 and entry.shape[1:] == (6, 8, 4)
    assert tuple(entry.shape) != (None, 6, 8, 5) and list(x.shape)[1] == 24
    for size in entry.shape[1:3]:
        x = layers.Dense(size)(x)
    return keras.Model(entry, layers.Dense(sum(entry.shape[1:]) + max(entry.shape[1:]))(x))


def settings():
    entry = keras.Input((9, 10, 4), name="picture")
    x = layers.Conv2D(8, (3, 5), strides=(2, 1), padding="same", use_bias=False, activation="relu", name="stem")(entry)
    x = layers.Conv2D(8, 3, dilation_rate=2, groups=2)(x)
    x = layers.SeparableConv2D(6, 3, depth_multiplier=2, padding="same")(x)
    x = layers.DepthwiseConv2D((1, 3), depth_multiplier=2)(x)
    y = layers.Conv2DTranspose(4, 3, strides=2, padding="same", output_padding=1)(x)
    z = layers.UpSampling2D((2, 3), interpolation="bilinear")(x)
    a = layers.ZeroPadding2D(((1, 0), (2, 3)))(x)
    b = layers.Cropping2D(((0, 0), (1, 1)))(a)
    c = layers.MaxPooling2D(2, strides=1, padding="same")(a)
    d = layers.AveragePooling2D((1, 2))(a)
    return keras.Model(inputs=entry, outputs=[y, z, b, c, d], name="settings")


def norms():
    entry = keras.Input((6, 8, 4))
    x = layers.BatchNormalization(scale=False)(entry)
    x = layers.BatchNormalization(center=False, axis=-1)(x)
    x = layers.LayerNormalization(axis=[2, 3])(x)
    x = layers.GroupNormalization(2)(x)
    x = layers.UnitNormalization()(x)
    x = layers.PReLU(shared_axes=[1, 2])(x)
    x = layers.LeakyReLU()(x)
    x = layers.Activation("swish")(x)
    x = layers.SpatialDropout2D(0.2)(x)
    x = layers.GaussianNoise(0.1)(x)
    return keras.Model(entry, layers.Softmax(axis=-1)(x))


def merges():
    one, two = keras.Input((6, 4)), keras.Input((6, 4))
    made = [layers.Add()([one, two]), layers.Subtract()([one, two]), layers.Multiply()([one, two]),
            layers.Average()([one, two]), layers.Maximum()([one, two]), layers.Minimum()([one, two]),
            layers.Concatenate(axis=1)([one, two]), layers.Dot(axes=2)([one, two]), layers.add([one, two]),
            layers.concatenate([one, two]), layers.RepeatVector(3)(layers.Flatten()(one))]  # fmt: skip
    return keras.Model([one, two], made)


def lambdas():
    entry = keras.Input((6, 8, 4))
    x = layers.Lambda(lambda t: t * 2 + 1)(entry)
    x = layers.Lambda(lambda t: ops.mean(t, axis=1), name="averaged")(x)
    double = keras.Sequential([layers.Dense(5, activation=keras.activations.relu), layers.Dropout(0.5)], name="double")
    shared = layers.Dense(5)
    return keras.Model(entry, shared(shared(double(x))))
