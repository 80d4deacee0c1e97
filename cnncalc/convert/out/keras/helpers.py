"""What Keras has no layer for, as source that is written where a network has it."""

from __future__ import annotations

#: By name, in the order in which they are written.
HELPERS = {
    "Learned": '''
class Learned(layers.Layer):
    """A learned tensor, the same for every sample of its input."""

    def __init__(self, shape, **kwargs):
        super().__init__(**kwargs)
        self.shape = tuple(shape)

    def build(self, input_shape):
        self.value = self.add_weight(shape=self.shape, initializer="random_normal")

    def call(self, x):
        return ops.broadcast_to(self.value, (ops.shape(x)[0], *self.shape))
''',
    "Scale": '''
class Scale(layers.Layer):
    """A learned factor for every channel, and a constant where there is a bias."""

    def __init__(self, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.use_bias = use_bias

    def build(self, input_shape):
        self.factor = self.add_weight(shape=(input_shape[-1],), initializer="ones")
        if self.use_bias:
            self.bias = self.add_weight(shape=(input_shape[-1],), initializer="zeros")

    def call(self, x):
        return x * self.factor + self.bias if self.use_bias else x * self.factor
''',
    "TwoBiasLSTMCell": '''
@keras.saving.register_keras_serializable()
class TwoBiasLSTMCell(layers.Layer):
    """A step of an LSTM with two biases a gate, of the input and of the state."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = self.output_size = units
        self.state_size = [units, units]

    def build(self, input_shape):
        size = 4 * self.units
        self.kernel = self.add_weight(shape=(input_shape[-1], size))
        self.state_kernel = self.add_weight(shape=(self.units, size))
        self.bias = self.add_weight(shape=(size,), initializer="zeros")
        self.state_bias = self.add_weight(shape=(size,), initializer="zeros")

    def call(self, inputs, states):
        state, memory = states
        gates = ops.matmul(inputs, self.kernel) + self.bias
        gates += ops.matmul(state, self.state_kernel) + self.state_bias
        keep, forget, new, out = ops.split(gates, 4, axis=-1)
        memory = ops.sigmoid(forget) * memory + ops.sigmoid(keep) * ops.tanh(new)
        state = ops.sigmoid(out) * ops.tanh(memory)
        return state, [state, memory]

    def get_config(self):
        return {**super().get_config(), "units": self.units}
''',
    "TwoBiasRNNCell": '''
@keras.saving.register_keras_serializable()
class TwoBiasRNNCell(layers.Layer):
    """A step of a recurrent layer with two biases, of the input and of the state."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = self.output_size = units
        self.state_size = units

    def build(self, input_shape):
        size = self.units
        self.kernel = self.add_weight(shape=(input_shape[-1], size))
        self.state_kernel = self.add_weight(shape=(size, size))
        self.bias = self.add_weight(shape=(size,), initializer="zeros")
        self.state_bias = self.add_weight(shape=(size,), initializer="zeros")

    def call(self, inputs, states):
        state = ops.matmul(inputs, self.kernel) + self.bias
        state += ops.matmul(states[0], self.state_kernel) + self.state_bias
        state = ops.tanh(state)
        return state, [state]

    def get_config(self):
        return {**super().get_config(), "units": self.units}
''',
    "average_inside": '''
def average_inside(x, pool, border):
    """The means over the windows of `pool`, for which a border of x does not count."""
    border = ((0, 0), *border, (0, 0))
    count = pool(ops.pad(ops.ones_like(x), border))
    return pool(ops.pad(x, border)) / count
''',
    "local_response_norm": '''
def local_response_norm(x, size, alpha=1e-4, beta=0.75, k=1.0):
    """Each value by the squares of the `size` channels around it (AlexNet)."""
    channels, spatial = x.shape[-1], len(x.shape) - 2
    border = [(0, 0)] * (spatial + 1) + [(size // 2, (size - 1) // 2)]
    squares = ops.pad(ops.square(x), border)
    total = sum(squares[..., i : i + channels] for i in range(size))
    return x / (k + alpha / size * total) ** beta
''',
    "resize_nearest": '''
def resize_nearest(x, size):
    """The nearest pixels at another size."""
    for axis, new in enumerate(size, 1):
        old = x.shape[axis]
        x = ops.take(x, [i * old // new for i in range(new)], axis=axis)
    return x
''',
    "resize_linear": '''
def resize_linear(x, size):
    """Linear interpolation between the pixels, at another size."""
    before, after = 1, 1
    for old in x.shape[1:]:
        after *= old
    for axis, new in enumerate(size, 1):
        sizes = list(x.shape[1:])
        after //= sizes[axis - 1]
        x = ops.reshape(x, (-1, before, sizes[axis - 1], after))
        x = ops.image.resize(x, (before, new), interpolation="bilinear")
        sizes[axis - 1] = new
        x = ops.reshape(x, (-1, *sizes))
        before *= new
    return x
''',
    "pixel_shuffle": '''
def pixel_shuffle(x, factor):
    """Channels to pixels: factor * factor channels become a patch."""
    height, width, channels = x.shape[1:]
    channels //= factor**2
    x = ops.reshape(x, (-1, height, width, channels, factor, factor))
    x = ops.transpose(x, (0, 1, 4, 2, 5, 3))
    return ops.reshape(x, (-1, height * factor, width * factor, channels))
''',
    "pixel_unshuffle": '''
def pixel_unshuffle(x, factor):
    """Pixels to channels: every patch becomes factor * factor channels."""
    height, width, channels = x.shape[1:]
    height, width = height // factor, width // factor
    x = ops.reshape(x, (-1, height, factor, width, factor, channels))
    x = ops.transpose(x, (0, 1, 3, 5, 2, 4))
    return ops.reshape(x, (-1, height, width, channels * factor**2))
''',
    "channel_shuffle": '''
def channel_shuffle(x, groups):
    """The channels of the groups, interleaved (ShuffleNet)."""
    *sizes, channels = x.shape[1:]
    x = ops.reshape(x, (-1, *sizes, groups, channels // groups))
    return ops.reshape(ops.swapaxes(x, -1, -2), (-1, *sizes, channels))
''',
    "max_unpool": '''
def max_unpool(x, pooled, before, upsample):
    """Each value of `x` back where `pooled` found its largest in `before`."""
    x, pooled = upsample(x), upsample(pooled)
    missing = [a - b for a, b in zip(before.shape[1:-1], x.shape[1:-1])]
    border = [(0, 0), *((0, one) for one in missing), (0, 0)]
    x, pooled = ops.pad(x, border), ops.pad(pooled, border)
    return x * ops.cast(ops.equal(before, pooled), x.dtype)
''',
    "Stub": '''
class Stub(layers.Layer):
    """Stands for what cannot be said here: its shape alone is known."""

    def __init__(self, what, shape, **kwargs):
        super().__init__(**kwargs)
        self.what, self.shape = what, tuple(shape)

    def compute_output_shape(self, *input_shape):
        return (None, *self.shape)

    def call(self, *inputs):
        raise NotImplementedError(self.what)
''',
}
