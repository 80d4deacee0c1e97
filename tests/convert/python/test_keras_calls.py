"""What code asks of Keras's tensors, layers and models in words of Keras 2 and TensorFlow, and what it may not ask."""

from __future__ import annotations

import pytest

import cnncalc
from convert.python.keras_code import load


def of(expression):
    return f"def make():\n    x = keras.Input((6, 8, 4))\n    return keras.Model(x, {expression})\n"


def faults(folder, text):
    with pytest.raises(cnncalc.SpecError) as caught:
        load(folder, text)
    return caught.value.diagnostics


def summed(network):
    """The outputs, channels first, and the parameters."""
    outputs = [network.nodes[port.node].output for port in network.outputs]
    totals = cnncalc.analyze(network).totals
    return (*outputs, totals.params) if totals.params else tuple(outputs)


#: What a shape, a tensor or the library gives where a number is wanted: the units of a Dense on (None, 6, 8, 4).
ASKED = {
    "len(x.shape)": 4, "x.shape.rank": 4, "x.get_shape().as_list()[-1]": 4, "x.get_shape().dims[2]": 8,
    "x.shape.ndims + x.ndim + x.rank": 12, "sum((x.shape + (5,))[1:])": 23, "sum(([5] + x.shape)[2:])": 18,
    "7 if x.shape else 3": 7, "7 if x.shape == (None, 6, 8, 4) else 3": 7, "7 if x.shape != [None, 6, 8, 4] else 3": 3,
    "7 if x.shape == 4 else 3": 3, "7 if x.shape != (None, 6, 8) else 3": 7, "x.shape.index(8) + x.shape.count(8)": 3,
    "sum(size for size in x.shape if size)": 18, "7 if isinstance(x.shape, tuple) else 3": 7,
    "7 if x.dtype == 'float32' else 3": 7, "len(x.name)": 11, "7 if x == None else 3": 3, "7 if x != None else 3": 7,
    "7 if x is None else 3": 3, "7 if isinstance(x, tf.Tensor) else 3": 7, "7 if K.is_keras_tensor(x) else 3": 7,
    "7 if K.is_keras_tensor(3) else 3": 3, "K.int_shape(x)[-1]": 4, "K.shape(x)[2]": 8, "tf.shape(x)[3]": 4,
    "len(K.image_data_format())": 13, "len(K.image_dim_ordering() + K.backend())": 12, "int(K.epsilon() < 1e-6)": 1,
    "len(K.floatx())": 7, "len(x._keras_history[0].name) + x._keras_history[1] + x._keras_history[2]": 11,
    "x._keras_shape[1]": 6, "ops.maximum(3, 9) + ops.minimum(4, 2)": 11, "ops.multiply(3, 5) - ops.subtract(9, 2)": 8,
    "int(ops.add(1.5, 2.5))": 4, "layers.Conv2D(5, 3).filters": 5, "len(layers.Dense(5, name='abc').name)": 3,
    "layers.Dense(5).get_config()['units']": 5, "layers.Dense.from_config({'units': 9}).units": 9,
    "len(layers.Dense(5, name='abc').get_config()['name'])": 3, "int(layers.Dense(5).built) + 1": 1,
    "len(tf.__version__.split('.'))": 3, "int(keras.__version__.split('.')[0])": 3,
}  # fmt: skip


@pytest.mark.parametrize("asked", ASKED)
def test_numbers_that_code_asks_for(asked, tmp_path):
    assert load(tmp_path, of(f"layers.Dense({asked})(x)")).nodes[-1].output == (ASKED[asked], 6, 8)


#: Of (None, 6, 8, 4): what comes out, the channels first.
WORDS = {
    "+x": (4, 6, 8), "tf.split(x, [1, 3], axis=3)[1]": (3, 6, 8), "tf.split(x, 2, 3)[0]": (2, 6, 8),
    "tf.split(3, 2, x)[0]": (2, 6, 8), "tf.split(value=x, num_or_size_splits=4, axis=2)[3]": (4, 6, 2),
    "tf.concat(values=[x, x], axis=-1)": (8, 6, 8), "tf.concat([x, x], 1)": (4, 12, 8),
    "K.concatenate(tensors=[x, x], axis=2)": (4, 6, 16), "tf.stack(values=[x, x], axis=1)": (4, 2, 6, 8),
    "tf.reduce_mean(x, [1, 2], keepdims=True)": (4, 1, 1), "tf.reduce_sum(x, 3)": (8, 6),
    "tf.reduce_max(input_tensor=x, axis=3, keep_dims=True)": (1, 6, 8), "K.mean(x, axis=[1, 2])": (4,),
    "tf.reduce_min(x, axis=1, keepdim=True)": (4, 1, 8), "tf.reduce_prod(x, axis=2)": (4, 6),
    "K.permute_dimensions(x, pattern=(0, 3, 1, 2))": (8, 4, 6), "tf.transpose(x, perm=[0, 2, 1, 3])": (4, 8, 6),
    "tf.reshape(tensor=x, shape=[-1, 48, 4])": (4, 48), "K.reshape(x, target_shape=(-1, 24, 8))": (8, 24),
    "tf.clip_by_value(x, clip_value_min=0, clip_value_max=1)": (4, 6, 8), "tf.nn.relu(features=x)": (4, 6, 8),
    "tf.nn.softmax(logits=x, axis=-1)": (4, 6, 8), "tf.nn.leaky_relu(x, alpha=0.2)": (4, 6, 8),
    "ops.leaky_relu(x, negative_slope=DATA)": (4, 6, 8), "tf.nn.elu(x, name='elu')": (4, 6, 8),
    "tf.pad(x, paddings=[[0, 0], [1, 1], [2, 2], [0, 0]])": (4, 8, 12), "tf.image.resize(x, (12, 16))": (4, 12, 16),
    "tf.image.resize(image=x, size=[3, 4])": (4, 3, 4), "tf.math.add(x, 1.0)": (4, 6, 8),
    "tf.expand_dims(input=x, axis=1)": (4, 1, 6, 8), "tf.expand_dims(x, dim=3)": (4, 6, 8, 1),
    "tf.matmul(a=x, b=tf.transpose(x, [0, 1, 3, 2]))": (8, 6, 8), "K.batch_flatten(x)": (192,),
    "tf.nn.depth_to_space(x, block_size=2)": (1, 12, 16), "tf.nn.space_to_depth(x, 2)": (16, 3, 4),
    "tf.add_n([x, x, x])": (4, 6, 8), "tf.add_n(inputs=[x, x])": (4, 6, 8), "tf.cast(x, tf.float32)": (4, 6, 8),
    "tf.repeat(x, repeats=2, axis=1)": (4, 12, 8), "x[:, tf.newaxis]": (4, 1, 6, 8), "tf.stop_gradient(x)": (4, 6, 8),
    "tf.squeeze(x[:, 1:2], axis=1)": (4, 8), "tf.maximum(0.5, x)": (4, 6, 8), "tf.subtract(x=1.0, y=x)": (4, 6, 8),
    "K.l2_normalize(x, axis=-1)": (4, 6, 8), "ops.broadcast_to(x, (2, 6, 8, 4)[:0] or ops.shape(x))": (4, 6, 8),
    "keras.activations.relu(x)": (4, 6, 8), "layers.add([x, x], name='sum')": (4, 6, 8),
    "layers.dot([x[:, 0], x[:, 1]], axes=2)": (8, 8), "layers.average([x, x])": (4, 6, 8),
    "layers.Lambda(lambda t, mask=None: t[:, 1:])(x)": (4, 5, 8), "layers.Lambda(lambda t: [t, t])(x)[1]": (4, 6, 8),
    "layers.Lambda(lambda t, s: t[:, ::s], arguments={'s': 2})(x, mask=None)": (4, 3, 8),
    "layers.Lambda(K.batch_flatten)(x)": (192,), "layers.Lambda(tf.reduce_mean, arguments={'axis': 3})(x)": (8, 6),
    "keras.models.clone_model(keras.Sequential([layers.Flatten()]))(x)": (192,),
    "tf.keras.Model(input=x, output=layers.Flatten()(x))(x)": (192,), "x[:, 1, ...]": (4, 8), "x[..., ::2]": (2, 6, 8),
}  # fmt: skip


@pytest.mark.parametrize("written", WORDS)
def test_what_functions_give_in_other_words(written, tmp_path):
    assert summed(load(tmp_path, of(written))) == (WORDS[written],)


#: Sequentials by the words in which their first layer says what enters, with their parameters.
FIRST = [
    ("layers.Dense(3, input_dim=7), layers.Dense(2)", 32),
    ("layers.Dense(3, input_shape=(7,)), layers.Dense(2)", 32),
    ("layers.Dense(3, batch_input_shape=(None, 7)), layers.Dense(2)", 32),
    ("layers.InputLayer(input_shape=(7,)), layers.Dense(3)", 24),
    ("layers.InputLayer(shape=(7,), name='in'), layers.Dense(3)", 24),
    ("layers.InputLayer(batch_shape=(None, 7)), layers.Dense(3)", 24),
    ("layers.InputLayer((5, 7)), layers.Dense(3), layers.Flatten(), layers.Dense(2)", 56),
    ("keras.Input(batch_shape=(2, 7)), layers.Dense(3)", 24),
    ("layers.Embedding(30, 3, input_length=7), layers.Flatten(), layers.Dense(2)", 134),
    ("keras.Sequential([layers.Dense(3, input_dim=7)]), layers.Dense(2)", 32),
    ("keras.Input(tensor=keras.Input((7,))), layers.Dense(3)", 24),
]


@pytest.mark.parametrize(("written", "params"), FIRST)
def test_what_enters_a_sequential(written, params, tmp_path):
    text = f"def make():\n    model = keras.Sequential([{written}])\n"
    assert summed(load(tmp_path, text + "    return model\n"))[-1] == params
    text += "    return keras.Model(model.input, layers.Dense(model.output_shape[-1])(model.output))\n"
    width = summed(load(tmp_path, text))[0][0]
    assert summed(load(tmp_path, text))[-1] == params + width * width + width


NUMBER = "keras.datasets.mnist.load_data(…), which the code alone does not tell"
UNSAID = "what 'make' is hangs on keras.datasets.mnist.load_data(…), which is not known"
REFUSED = [
    ("layers.Dense(3.5)(x)", "Dense 'dense': units is a whole number, not 3.5"),
    ("layers.Dropout(*range(16))(x)", "TypeError: Dropout.__init__() takes at most 3 arguments, and 16 were given"),
    ("layers.Conv2D(8, 3, filters=4)(x)", "TypeError: Conv2D.__init__() got multiple values for argument 'filters'"),
    ("layers.Conv2D()(x)",
     "TypeError: Conv2D.__init__() missing 2 required positional arguments: 'filters' and 'kernel_size'"),
    ("layers.Dense(4, activation=layers.PReLU())(x)",
     "an activation that learns is followed as a layer of its own only"),
    ("layers.Dense(DATA)(x)", f"units of Dense depends on {NUMBER}"),
    ("layers.Conv2D(3, DATA)(x)", f"kernel_size of Conv2D depends on {NUMBER}"),
    ("layers.Dense(4)(3)", "TypeError: layer 'dense' is called on no tensor"),
    ("layers.Dense(4)()", "TypeError: layer 'dense' is called on no tensor"),
    ("layers.Dense(4)(mask=x)", "TypeError: layer 'dense' is called on no tensor"),
    ("layers.Dense(4)(DATA)", UNSAID),
    ("layers.Add()([x, DATA])", UNSAID),
    ("ops.mean(x, axis=DATA)", UNSAID),
    ("ops.broadcast_to(x, DATA)", UNSAID),
    ("x + DATA", UNSAID),
    ("x[:, DATA]", UNSAID),
    ("ops.maximum(3, DATA)", UNSAID),
    ("[layers.ReLU()(x), DATA]", UNSAID),
    *[(f"layers.Dense(ops.{of_numbers})(x)",
       f"units of Dense depends on what {of_numbers[:3]}(…) gives, which the code alone does not tell")
      for of_numbers in ("max([3, 9])", "max(3, 9)", "abs(-3)", "add(3, y=2)", "add('a', 'b')", "add(1, True)")],
    ("layers.Layer()(x)", "NotImplementedError: layer Layer has no 'call' method"),
    ("layers.Dense(keras.Model(x, x).count_params())(x)",
     "units of Dense depends on what count_params gives, which the code alone does not tell"),
    ("keras.Sequential().output",
     "AttributeError: the model 'sequential' has never been called: it has no inputs or outputs"),
    ("keras.Sequential([keras.Sequential([layers.ReLU()])]).output",
     "AttributeError: the model 'sequential_1' has never been called: it has no inputs or outputs"),
    ("x < 3 and x", "what is done here hangs on the values of a tensor, which only running it gives"),
    ("x + 'a'", "TypeError: unsupported operand type(s) for add: 'KerasTensor' and 'str'"),
    ("x << 2", "TypeError: unsupported operand type(s) for lshift: 'KerasTensor' and 'int'"),
    ("[y for y in x]", "TypeError: iterating over a symbolic KerasTensor is not supported"),
    ("len(x)", "what 'make' is hangs on the number of samples, which is not known"),
    ("float(x)", "what 'make' is hangs on a number in a tensor, which is not known"),
    ("x.node", "what 'make' is hangs on the node of a tensor, which is not known"),
    ("x.foo", "AttributeError: 'KerasTensor' object has no attribute 'foo'"),
    ("x.shape * 2", "TypeError: unsupported operand type for mul: a shape"),
    ("x.shape + 2", "TypeError: unsupported operand type for add: a shape"),
    ("-x.shape", "TypeError: bad operand type for neg: a shape"),
    ("None", "TypeError: a model takes inputs and outputs"),
    ("3", "TypeError: the inputs and outputs of a model are tensors"),
    ("keras.Model(x, layers.ReLU()(x))([x, x])", "ValueError: model 'functional' has 1 input, and is called on 2"),
    ("keras.Sequential([layers.ReLU(name='a'), layers.ReLU(name='a')])(x)",
     "ValueError: all layers added to a Sequential should have unique names: 'a' is already the name of one"),
    ("keras.Sequential([3])(x)", "TypeError: only layers can be added to a Sequential, and this is 'int'"),
    ("keras.Sequential([DATA])(x)",
     "a layer of 'sequential' hangs on keras.datasets.mnist.load_data(…), which is not known"),
    ("keras.Sequential().pop()", "TypeError: there are no layers in the model"),
    ("keras.Model(x, layers.ReLU()(x)).get_layer('rel')",
     "ValueError: No such layer: rel. Existing layers are: input_layer, re_lu"),
    ("keras.Sequential([layers.ReLU()]).output",
     "AttributeError: the model 'sequential' has never been called: it has no inputs or outputs"),
    ("keras.Input((4, 0))",
     "ValueError: Cannot convert '(4, 0)' to a shape: a size is a whole number above 0, or None"),
    ("[layers.ReLU(name='a')(x), layers.ReLU(name='a')(x)]", "two layers of the model are called 'a'"),
    ("layers.Reshape((4, 4))(layers.Flatten()(x))",
     "Reshape 'reshape': 192 has 192 values, and (4, 4) holds 16"),
    ("layers.LSTM(4)(x[:, 0, 0])", "LSTM 'lstm': lstm takes a sequence CxL, not 4"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "message"), REFUSED)
def test_what_cannot_be_asked(written, message, tmp_path):
    (fault,) = faults(tmp_path, of(written))
    assert (fault.span.line, fault.message) == (4 if message == UNSAID else 7, message)


def classed(body, base="layers.Layer"):
    return f"class Own({base}):\n{body}\ndef make():\n    x = keras.Input((4,))\n    return keras.Model(x, Own()(x))\n"


def weighted(weight, given="x * self.w"):
    return classed(f"""
    def build(self, shape):
        self.w = self.add_weight({weight})

    def call(self, x):
        return {given}
""")


HANGS = "what 'make' is hangs on {}, which is not known".format
OWN = [
    (classed("    pass", "keras.Model"), 9, "NotImplementedError: model Own has no 'call' method"),
    (classed("    def call(self, x):\n        return None"), 10, "the call of Own gives no tensor"),
    (classed("    def call(self, x):\n        return Own()(x)"), 7,
     "layers stand more than 16 deep in each other"),
    *[(classed("    def __init__(self):\n        self.a = 3\n\n    def call(self, x):\n        return +x", base), 13,
       "TypeError: call super().__init__() first in __init__ of Own") for base in ("layers.Layer", "keras.Model")],
    (weighted("shape=(3, 'a')"), 8, "TypeError: the shape of a weight is whole numbers, not (3, 'a')"),
    (weighted("(3, 5)", "x @ self.w"), 11, "ValueError: 4 values are multiplied with a weight of 3x5"),
    (weighted("'w', (5,)"), 11, "ValueError: an axis of 4 and one of 5 do not go together"),
    (weighted("(4, -1)"), 8, "TypeError: the shape of a weight is whole numbers, not (4, -1)"),
    (weighted("(2, 4)", "x + self.w"), 11, "ValueError: an axis of None and one of 2 do not go together"),
    *[(weighted("(4, 4)", given), 11, HANGS(what)) for given, what in (
        ("self.w @ self.w", "what Matmul of a weight gives"), ("self.w @ x", "what Matmul of a weight gives"),
        ("ops.concatenate([x, x, self.w])", "what Concatenate of a weight gives"),
        ("ops.broadcast_to(self.w, (2, 4))", "the shape that a weight is stretched to"),
        ("ops.broadcast_to(self.w, (None, DATA))", "the shape that a weight is stretched to"),
        ("ops.broadcast_to(self.w, DATA)", "what broadcast_to(…) of a weight gives"))],
    (weighted("(4,)", "x @ self.w"), 11, HANGS("what Matmul of a weight gives")),
    (weighted("(4,)", "[x, self.w]"), 15, HANGS("a weight that the call of Own gives as it is")),
    (weighted("shape=DATA"), 8, f"the shape of a weight depends on {NUMBER}"),
    (weighted("shape=(3, DATA)"), 8, f"the shape of a weight depends on {NUMBER}"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "message"), OWN)
def test_what_a_layer_of_its_own_cannot_be(text, line, message, tmp_path):
    (fault,) = faults(tmp_path, text)
    assert (fault.span.line, fault.message) == (line, message)


@pytest.mark.parametrize(
    ("weight", "given", "said"),
    [
        ("shape=(4,)", "x * self.w", ((4,), 4, 0)),
        ("shape=4, trainable=False", "x * self.w", ((4,), 0, 4)),
        ("'w', (4,)", "self.w - x", ((4,), 4, 0)),
        ("()", "x / self.w", ((4,), 1, 0)),
        ("shape=[4, 6]", "x @ self.w", ((6,), 24, 0)),
        ("shape=(3, 1)", "x[:, None] * self.w", ((4, 3), 3, 0)),
        ("(3, 4)", "ops.broadcast_to(self.w, ops.shape(x)) + x", ((4,), 12, 0)),
        ("(3, 4)", "ops.broadcast_to(self.w, (ops.shape(x)[0], 2, 3, 4))", ((4, 2, 3), 12, 0)),
        ("(5, 4), trainable=True", "ops.add(x[:, None], self.w) + self.w", ((4, 5), 20, 0)),
    ],
)
def test_what_a_weight_gives(weight, given, said, tmp_path):
    network = load(tmp_path, weighted(weight, given))
    totals = cnncalc.analyze(network).totals
    assert (network.nodes[network.outputs[0].node].output, totals.params, totals.buffers) == said
