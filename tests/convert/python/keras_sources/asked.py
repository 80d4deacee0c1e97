"""What code asks of layers, models and shapes: their ends, their names, their settings, their layers."""

import keras
from keras import layers, ops


def stem(name="stem"):
    entry = keras.Input((12, 10, 3), name="picture")
    x = layers.Conv2D(6, 3, name="conv")(entry)
    x = layers.BatchNormalization(name="norm")(x)
    x = layers.ReLU(name="act")(x)
    return keras.Model(entry, layers.MaxPooling2D(name="pool")(x), name=name)


def ends():
    base = stem()
    assert base.name == "stem" and base.get_layer("conv").name == "conv" and len(base.layers) == 5
    assert base.input_shape == (None, 12, 10, 3) and base.output_shape == (None, 5, 4, 6)
    assert base.get_layer(index=1).filters == 6
    assert base.inputs[0].shape == base.input.shape and base.outputs[0].shape[1:] == (5, 4, 6)
    assert base.get_layer("conv").output.shape[-1] == 6 and base.get_layer("conv").input.shape[-1] == 3
    x = base.get_layer("norm").output
    tail = [layer.output for layer in base.layers[-2:]]
    y = layers.Dense(base.get_layer("conv").filters * base.output_shape[1])(layers.Flatten()(base.layers[-2].output))
    return keras.Model(inputs=base.inputs, outputs=[x, y, *tail])


def several():
    a, b = keras.Input((4,), name="a"), keras.Input((5,), name="b")
    both = layers.Concatenate()([a, b])
    inner = keras.Model([a, b], [layers.Dense(3)(both), layers.Dense(2)(both)], name="inner")
    assert inner.input_shape == [(None, 4), (None, 5)] and [one[1] for one in inner.output_shape] == [3, 2]
    assert len(inner.input) == len(inner.output) == 2
    c, d = keras.Input((4,)), keras.Input((5,))
    left, right = inner([c, d])
    third = inner([left * 0 + c if left.shape[-1] == 4 else c, d])[1]
    return keras.Model({"c": c, "d": d}, {"left": left, "right": layers.Add()([right, third])})


def chain():
    model = keras.Sequential(
        [keras.Input((12, 10, 3)), layers.Conv2D(6, 3, name="conv"), layers.Flatten()], name="chain"
    )
    assert model.input_shape == (None, 12, 10, 3) and model.output_shape[1] == 480
    assert [layer.name for layer in model.layers] == ["conv", "flatten"]
    assert keras.Model(model.inputs, model.get_layer("conv").output).output_shape == (None, 10, 8, 6)
    top = keras.Sequential([layers.Dense(4)])
    for layer in [layers.ReLU(), layers.Dense(model.output_shape[-1] // 60)]:
        top.add(layer)
    entry = keras.Input((12, 10, 3))
    return keras.Model(entry, [top(model(entry))])


def first_of_another():
    inner = keras.Sequential([keras.Input((9, 9, 2)), layers.Conv2D(3, 2)], name="inner")
    deeper = keras.Sequential([inner, layers.Conv2D(4, 2)], name="deeper")
    return keras.Sequential([deeper, layers.Flatten(), layers.Dense(3)])


def first_of_a_model():
    return keras.Sequential([stem(), layers.GlobalAveragePooling2D(), layers.Dense(3, name="head")])


def built():
    model = keras.Sequential()
    model.add(layers.Conv2D(4, 3, strides=2))
    model.add(layers.GlobalMaxPooling2D())
    model.add(layers.Dense(2))
    model.build((None, 15, 13, 3))
    return model


def shaped_by_its_first():
    return keras.Sequential([layers.Conv2D(4, 3, input_shape=(10, 8, 3)), layers.Flatten(), layers.Dense(2)])


def backbone():
    base = shaped_by_its_first()
    model = keras.Model(base.inputs, layers.Dense(5)(base.layers[-2].output))
    entry = keras.Input(batch_shape=(None, 10, 8, 3), name="again")
    return keras.Model(entry, model(entry))


def activations():
    entry = keras.Input((6,))
    x = layers.Dense(5, activation=ops.relu)(entry)
    x = layers.Dense(5, activation=layers.LeakyReLU(0.1))(x)
    x = layers.Dense(5, activation=layers.ReLU(max_value=6.0))(x)
    x = layers.Dense(5, activation=keras.activations.gelu)(x)
    x = layers.Dense(5, activation=None)(x)
    x = layers.Activation(keras.activations.tanh)(x)
    x = layers.Activation(activation=lambda t: t * 2)(x)
    x = keras.activations.softmax(keras.activations.swish(x))
    x = layers.Reshape((1, 5))(x)
    x = layers.LSTM(4, activation="tanh", recurrent_activation="hard_sigmoid", return_sequences=True)(x)
    return keras.Model(entry, layers.GRU(3, recurrent_activation=keras.activations.sigmoid)(x))


def numbers():
    entry = keras.Input((8, 8, 4))
    width = int(ops.maximum(3, entry.shape[-1])) + int(ops.minimum(2, 5)) + int(ops.add(1, 2))
    x = layers.Conv2D(width, 1)(entry)
    x = layers.Conv2D(int(ops.multiply(2, 3)) - int(ops.subtract(7, 5)), 1)(x)
    scaled = ops.add(1.5, ops.multiply(x, 2.0))
    assert keras.backend.image_data_format() == "channels_last" and keras.backend.epsilon() < 1e-6
    assert keras.backend.floatx() == "float32" and ops.shape(x)[1:] == (8, 8, 4)
    return keras.Model(entry, [scaled, ops.subtract(1, scaled), ops.matmul(x, ops.swapaxes(x, 2, 3))])


def words():
    entry = keras.Input((6, 8, 4))
    return keras.Model(entry, [
        ops.mean(x=entry, axis=-1, keepdims=True), ops.concatenate(xs=[entry, entry], axis=2), ops.relu(x=entry),
        ops.reshape(x=entry, newshape=(-1, 24, 8)), ops.transpose(x=entry, axes=(0, 2, 1, 3)),
        ops.clip(x=entry, x_min=-1, x_max=1), ops.multiply(x1=entry, x2=2.0), ops.matmul(x1=entry[:, :, :4], x2=entry[:, :, :4]),
        ops.expand_dims(x=entry, axis=0 + 2), ops.stack(x=[entry, entry], axis=-1), ops.repeat(x=entry, repeats=2, axis=-1),
        ops.split(x=entry, indices_or_sections=2, axis=-1)[1], ops.broadcast_to(entry[:1] if False else entry, ops.shape(entry)),
        ops.image.resize(entry, (12, 5)), ops.image.resize(images=entry, size=(3, 4), interpolation="nearest"),
        ops.nn.softmax(x=entry, axis=1), ops.nn.leaky_relu(entry, negative_slope=0.1), ops.argmax(x=entry, axis=3),
    ])  # fmt: skip


def settings():
    """Settings as Keras keeps them, whatever of them the code gives."""
    conv, deep = layers.Conv2D(6, 3), layers.Conv3D(4, [1, 2, 3], strides=2, use_bias=False, padding="SAME")
    assert conv.use_bias and conv.padding == "valid" and conv.groups == 1 and not deep.use_bias
    assert conv.kernel_size == (3, 3) and conv.strides == conv.dilation_rate == (1, 1)
    assert deep.kernel_size == (1, 2, 3) and deep.strides == (2, 2, 2) and deep.padding == "same"
    pools = layers.MaxPooling2D(), layers.AveragePooling1D(3), layers.MaxPooling2D((2, 3), strides=1)
    assert [pool.pool_size for pool in pools] == [(2, 2), (3,), (2, 3)]
    assert [pool.strides for pool in pools] == [(2, 2), (3,), (1, 1)]
    assert (
        layers.UpSampling1D(3).size == 3
        and layers.UpSampling2D().size == (2, 2)
        and layers.Conv1D(4, 5).kernel_size == (5,)
    )
    assert layers.Reshape((3, 4)).target_shape == (3, 4) and layers.Permute((2, 1)).dims == (2, 1)
    assert layers.Concatenate().axis == layers.LayerNormalization().axis == -1 and layers.Dense(3).use_bias
    assert not layers.LSTM(3).return_sequences and layers.GRU(3, return_state=True).return_state
    assert not hasattr(conv, "units") and not hasattr(layers.ReLU(), "kernel_size")
    x = entry = keras.Input((9, 9, conv.kernel_size[0]))
    for _ in range(conv.kernel_size[-1]):
        x = layers.Conv2D(conv.filters, conv.kernel_size, strides=conv.strides, use_bias=conv.use_bias)(x)
    return keras.Model(entry, x)


def shared_by_models():
    """A layer of two models, and of a model and what stands around it, learns once."""
    base = stem()
    low = keras.Model(base.input, base.get_layer("norm").output, name="low")
    entry = keras.Input((12, 10, 3))
    again = base.get_layer("conv")(entry)
    whole, part, twice = base(entry), low(entry), base(layers.Dense(3)(entry))
    chained = keras.Sequential([low, base.get_layer("act"), layers.Dense(2)], name="chained")
    return keras.Model(entry, [again, whole, part, twice, chained(entry)])
