"""The functional API: residuals, branches, several ends, shared layers, models in models."""

import keras
from keras import layers


def conv_bn(x, filters, kernel=3, strides=1, activation="relu", name=None):
    x = layers.Conv2D(filters, kernel, strides=strides, padding="same", use_bias=False, name=name)(x)
    x = layers.BatchNormalization(name=None if name is None else name + "_bn")(x)
    return layers.Activation(activation)(x) if activation else x


def residual_block(x, filters, downsample=False):
    shortcut = x
    strides = 2 if downsample else 1
    x = conv_bn(x, filters, strides=strides)
    x = conv_bn(x, filters, activation=None)
    if downsample or shortcut.shape[-1] != filters:
        shortcut = layers.Conv2D(filters, 1, strides=strides, use_bias=False)(shortcut)
        shortcut = layers.BatchNormalization()(shortcut)
    x = layers.Add()([x, shortcut])
    return layers.ReLU()(x)


def resnet(classes=10, width=16, depths=(2, 2, 2)):
    inputs = keras.Input(shape=(32, 32, 3), name="image")
    x = layers.Rescaling(1.0 / 255)(inputs)
    x = conv_bn(x, width, name="stem")
    for stage, depth in enumerate(depths):
        for block in range(depth):
            x = residual_block(x, width * 2**stage, downsample=stage > 0 and block == 0)
    x = layers.GlobalAveragePooling2D()(x)
    outputs = layers.Dense(classes, activation="softmax", name="head")(x)
    return keras.Model(inputs=inputs, outputs=outputs, name="resnet")


def unet(filters=(8, 16, 32)):
    inputs = keras.Input((64, 48, 3))
    x, skips = inputs, []
    for width in filters[:-1]:
        x = conv_bn(conv_bn(x, width), width)
        skips.append(x)
        x = layers.MaxPooling2D(2)(x)
    x = conv_bn(x, filters[-1])
    for width, skip in zip(reversed(filters[:-1]), reversed(skips), strict=True):
        x = layers.Conv2DTranspose(width, 2, strides=2, padding="same")(x)
        x = layers.concatenate([skip, x], axis=-1)
        x = conv_bn(x, width)
    outputs = layers.Conv2D(1, 1, activation="sigmoid")(x)
    return keras.Model(inputs, outputs)


def inception(x=None):
    def block(x, one, three, five, pool):
        branches = [
            layers.Conv2D(one, (1, 1), padding="same", activation="relu")(x),
            layers.Conv2D(three, (3, 3), padding="same", activation="relu")(layers.Conv2D(8, 1)(x)),
            layers.Conv2D(five, (5, 5), padding="same", activation="relu")(layers.Conv2D(4, 1)(x)),
            layers.Conv2D(pool, 1, padding="same")(layers.MaxPooling2D(3, strides=1, padding="same")(x)),
        ]
        return layers.Concatenate()(branches)

    inputs = keras.Input((28, 28, 3))
    x = block(inputs, 8, 16, 4, 4)
    x = block(x, 16, 16, 8, 8)
    x = layers.AveragePooling2D(2)(x)
    aux = layers.Dense(5, name="aux")(layers.Flatten()(layers.AveragePooling2D(7)(x)))
    main = layers.Dense(5, name="main")(layers.GlobalMaxPooling2D()(x))
    return keras.Model(inputs, [main, aux])


def siamese():
    base = keras.Sequential(
        [keras.Input((20, 20, 1)), layers.Conv2D(4, 5), layers.Flatten(), layers.Dense(8)], name="base"
    )
    left, right = keras.Input((20, 20, 1), name="left"), keras.Input((20, 20, 1), name="right")
    a, b = base(left), base(right)
    distance = layers.Subtract()([a, b])
    return keras.Model([left, right], layers.Dense(1, activation="sigmoid")(distance))


def shared():
    entry = keras.Input((16, 16, 4))
    conv = layers.Conv2D(4, 3, padding="same", name="shared")
    x = entry
    for _ in range(3):
        x = conv(x)
    return keras.Model(entry, layers.Average()([x, entry]))


def autoencoder():
    entry = keras.Input((28, 28, 1))
    x = layers.Conv2D(4, 3, strides=2, padding="same")(entry)
    encoder = keras.Model(entry, layers.Flatten()(x), name="encoder")
    code = keras.Input((14 * 14 * 4,))
    y = layers.Reshape((14, 14, 4))(code)
    y = layers.UpSampling2D()(y)
    decoder = keras.Model(code, layers.Conv2D(1, 3, padding="same")(y), name="decoder")
    image = keras.Input((28, 28, 1))
    return keras.Model(image, decoder(encoder(image)), name="autoencoder")


def transfer():
    base = resnet(width=8)
    base.trainable = False
    features = base.get_layer("head").input
    outputs = layers.Dense(3)(features)
    return keras.Model(base.input, outputs)


def squeeze_excite():
    entry = keras.Input((16, 16, 8))
    x = conv_bn(entry, 16, activation="swish")
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Reshape((1, 1, x.shape[-1]))(s)
    s = layers.Conv2D(max(1, x.shape[-1] // 4), 1, activation="relu")(s)
    s = layers.Conv2D(x.shape[-1], 1, activation="sigmoid")(s)
    return keras.Model(entry, x * s + 1.0)


def mobile(alpha=0.5):
    def inverted(x, filters, stride, expand):
        before = x
        width = int(x.shape[-1] * expand)
        x = layers.ReLU(6.0)(layers.BatchNormalization()(layers.Conv2D(width, 1, use_bias=False)(x)))
        if stride == 2:
            x = layers.ZeroPadding2D(((0, 1), (0, 1)))(x)
        x = layers.DepthwiseConv2D(3, strides=stride, padding="same" if stride == 1 else "valid", use_bias=False)(x)
        x = layers.ReLU(6.0)(layers.BatchNormalization(epsilon=1e-3, momentum=0.999)(x))
        x = layers.BatchNormalization()(layers.Conv2D(filters, 1, use_bias=False)(x))
        return layers.Add()([before, x]) if stride == 1 and before.shape[-1] == filters else x

    entry = keras.Input((32, 32, 3))
    x = layers.Conv2D(int(32 * alpha), 3, 2, padding="same", use_bias=False)(entry)
    for expand, filters, repeats, stride in [(1, 8, 1, 1), (4, 12, 2, 2), (4, 16, 2, 1)]:
        for index in range(repeats):
            x = inverted(x, filters, stride if index == 0 else 1, expand)
    return keras.Model(entry, layers.Dense(6)(layers.GlobalAveragePooling2D(keepdims=True)(x)))


def dense_net(growth=6):
    entry = keras.Input((24, 24, 3))
    x = layers.Conv2D(2 * growth, 3, padding="same")(entry)
    for _ in range(3):
        y = layers.Conv2D(growth, 3, padding="same")(layers.ReLU()(layers.BatchNormalization()(x)))
        x = layers.Concatenate(axis=3)([x, y])
    return keras.Model(entry, layers.Softmax()(layers.Dense(4)(layers.Flatten()(x))))


def xception():
    entry = keras.Input((32, 32, 3))
    x = entry
    previous = layers.Conv2D(8, 3, strides=2, padding="same")(x)
    x = previous
    for size in [16, 24]:
        x = layers.Activation("relu")(x)
        x = layers.SeparableConv2D(size, 3, padding="same")(x)
        x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
        residual = layers.Conv2D(size, 1, strides=2, padding="same")(previous)
        x = layers.add([x, residual])
        previous = x
    return keras.Model(entry, layers.Dense(1, activation=keras.activations.sigmoid)(layers.GlobalMaxPooling2D()(x)))
