"""Models of Keras in code: what they ask for, how a shape came about that does not fit, and layers of one's own."""

from __future__ import annotations

import pytest

import cnncalc
from convert.python.keras_code import load


def fault_of(folder, text, **options):
    with pytest.raises(cnncalc.SpecError) as caught:
        load(folder, text, **options)
    (fault,) = caught.value.diagnostics
    return fault


def outputs(network):
    return [network.nodes[port.node].output for port in network.outputs]


def sequential(*lines, before=""):
    inner = "".join(f"        {line},\n" for line in lines)
    return f"def make():\n{before}    return keras.Sequential([\n{inner}    ])\n"


def functional(*lines, enters="(9, 9, 3)"):
    return f"def make():\n    x = entry = keras.Input({enters})\n" + "".join(f"    {line}\n" for line in lines)


ENTRY = "keras.Input((9, 9, 3))"
#: What does not fit: the line, the message, the help, how the shape came about, and where its layer is made.
MISFITS = [
    (sequential(ENTRY, "layers.Conv2D(3, 12, name='big')"), 8,
     "Conv2D 'big': the 12x12 window does not fit its 9x9 input: floor((9 - 12 + 2*0)/1) + 1 = -2",
     "it needs an input of at least 12, or pad=2", "the input 'input_layer' is 9x9x3", []),
    (functional("big = layers.Conv2D(3, 12, name='big')", "return keras.Model(x, big(x))"), 8,
     "Conv2D 'big': the 12x12 window does not fit its 9x9 input: floor((9 - 12 + 2*0)/1) + 1 = -2",
     "it needs an input of at least 12, or pad=2", "the input 'input_layer' is 9x9x3", [7]),
    (sequential(ENTRY, "layers.Conv2D(8, 3)", "layers.MaxPooling2D(2)", "layers.ReLU()", "layers.Flatten()",
                "layers.Dense(7)", "layers.Reshape((5,))"), 13,
     "Reshape 'reshape': 7 has 7 values, and (5,) holds 5", None,
     "'max_pooling2d' gives 3x3x8, 'flatten' gives 72 (8·3·3 = 72), 'dense' gives 7", []),
    (functional("y = layers.Conv2D(4, 3)(layers.ReLU()(layers.BatchNormalization()(x)))",
                "z = layers.Conv2D(4, 3, padding='same')(layers.Conv2D(5, 1)(x))",
                "return keras.Model(x, layers.Concatenate(axis=1)([y, layers.ReLU()(z)]))"), 9,
     "Concatenate 'concatenate': concat along H needs equal C, W", None,
     "'conv2d' gives 7x7x4, 'conv2d_1' gives 9x9x4", []),
    (functional("return keras.Model(x, layers.Add()([x, layers.Flatten()(x)]))"), 7,
     "Add 'add': shapes 9x9x3 and 243 do not go together", None,
     "the input 'input_layer' is 9x9x3, 'flatten' gives 243 (3·9·9 = 243)", []),
    (functional("x = x[:, 2:5, 0]", "return keras.Model(entry, layers.Reshape((4, 4), name='cut')(x))"), 8,
     "Reshape 'cut': 3x3 has 9 values, and (4, 4) holds 16", None,
     "the input 'input_layer' is 9x9x3, 'get_item' gives 3x3", []),
    (sequential("keras.Input((8, 6, 3))", "layers.Reshape((5, 6, 3))"), 8,
     "Reshape 'reshape': 8x6x3 has 144 values, and (5, 6, 3) holds 90", "(-1, 6, 3) holds them",
     "the input 'input_layer' is 8x6x3", []),
    (sequential("keras.Input((8, 6, 3))", "layers.Reshape((5, -1))"), 8,
     "Reshape 'reshape': 8x6x3 has 144 values, and (5, -1) holds a multiple of 5", None,
     "the input 'input_layer' is 8x6x3", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "message", "help", "history", "frames"), MISFITS)
def test_what_does_not_fit(text, line, message, help, history, frames, tmp_path):
    fault = fault_of(tmp_path, text)
    assert (fault.span.line, fault.message) == (line, message)
    assert fault.notes == (f"the shape came about so: {history}",)
    assert [frame.span.line for frame in fault.frames] == frames
    assert help is None or fault.help.startswith(help)


def model(call, init="self.a = layers.Dense(3)"):
    return f"""class make(keras.Model):
    def __init__(self):
        super().__init__()
        {init}

    def call(self, {call}
"""


BOTH = "left, right, training=False): return self.a(left) + right"
#: What a model asks for: its name and an example.
ASKS = [
    (functional("return keras.Model(x, x)", enters="(None, None, 3)"), {}, "input_layer", None, "3x224x224"),
    (functional("return keras.Model(x, x)", enters="(None, 40, 3)"), {}, "input_layer", None, "3x224x40"),
    (functional("return keras.Model(x, x)", enters="(None,)"), {}, "input_layer", None, "224"),
    (functional("b = keras.Input((5, None), name='b')", "return keras.Model([x, b], [x, b])"), {}, "b", "b",
     "224x5"),
    (sequential("layers.Dense(3)"), {}, "input", None, "3x224x224"),
    (sequential("layers.Dense(3)", before="    DATA.build(3)\n"), {}, "input", None, "3x224x224"),
    (model(BOTH), {}, "left", "left", "3x224x224"),
    (model(BOTH), {"left": "4"}, "right", "right", "3x224x224"),
    (model("x=None, mask=None): return self.a(x)"), {}, "x", None, "3x224x224"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "given", "name", "of", "example"), ASKS)
def test_what_a_model_asks_for(text, given, name, of, example, tmp_path):
    fault = fault_of(tmp_path, text, input=given)
    assert fault.override.name == of
    assert fault.message.endswith(f"the code does not say the shape of '{name}'")
    assert example in fault.help


#: What a model gives of the shapes that are asked for: as the code has them, or the channels first.
ANSWERS = [
    (functional("return keras.Model(x, layers.Conv2D(2, 3)(x))", enters="(None, None, 3)"), "3x9x8", [(2, 7, 6)]),
    (functional("return keras.Model(x, layers.Conv2D(2, 3)(x))", enters="(None, None, 3)"), "9x8x3", [(2, 7, 6)]),
    (functional("return keras.Model(x, layers.Conv2D(2, 3)(x))", enters="(None, None, 3)"), "3x8x3", [(2, 6, 1)]),
    (functional("return keras.Model(x, layers.LSTM(4)(x))", enters="(None, 7)"), "7x5", [(4,)]),
    (functional("return keras.Model(x, layers.Dense(x.shape[1])(layers.Flatten()(x)))"), "3x6x5", [(6,)]),
    (sequential("layers.Conv2D(2, 3)"), "9x8x1", [(2, 7, 6)]),
    (sequential("layers.Conv2D(2, 3)"), "4x9x8", [(2, 7, 6)]),
    (sequential("layers.Conv2D(2, 3)"), "9x8x4", [(2, 7, 6)]),
    (sequential("layers.Dense(2)"), "9x8", [(2, 8)]),
    (sequential("layers.Dense(2)"), "9", [(2,)]),
    (model(BOTH), {"left": "4", "right": "3"}, [(3,)]),
    (model("x, mask=None): return [self.a(x), x]"), "5", [(3,), (5,)]),
    (model("x): return self.a(x)", "self.a = layers.Dense(3); self.build((None, 7))"), None, [(3,)]),
    (model("x): return self.a(x)", "self.a = layers.Dense(3); self.build((None, 7, 2))"), "5", [(3,)]),
    ("def make():\n    net = keras.Sequential([layers.Dense(4)])\n    net.build((None, 7, 5))\n    return net\n", None,
     [(4, 7)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "given", "said"), ANSWERS)
def test_what_a_model_gives_of_what_it_asks_for(text, given, said, tmp_path):
    assert outputs(load(tmp_path, text, input=given)) == said


def step(call, given="layers.RNN(Step(%s))(x)", size="3", enters="(5, 8)"):
    return f"""class Step(layers.Layer):
    def __init__(self, size):
        super().__init__()
        self.state_size = size

    def call(self, x, states):
        {call}

{functional(f"return keras.Model(x, {given % size})", enters=enters)}"""


HANGS = "what 'make' is hangs on {}, which is not known".format
STEPS = [
    (step("return x, states"), [(8,)], None),
    (step("return x, states", size="[3, 4]"), [(8,)], None),
    (step("return states[1] * 2, states", size="[3, 4]"), [(4,)], None),
    (step("return x, states", "layers.RNN(Step(%s), return_sequences=True)(sequences=x)"), [(8, 5)], None),
    (step("return x, states", "layers.Bidirectional(layers.RNN(Step(%s)))(x)"), [(16,)], None),
    (step("return x, states", "layers.Bidirectional(layers.RNN(Step(%s)), merge_mode='mul')(x)"), [(8,)], None),
    (step("return x, states", size="0"), None, HANGS("the sizes of the states of a cell")),
    (step("return x, states", size="[3, 0]"), None, HANGS("the sizes of the states of a cell")),
    (step("return x, states", size="1.5"), None, HANGS("the sizes of the states of a cell")),
    (step("return 3", enters="(5, 8)"), None, HANGS("what Step(…) gives")),
    (step("return x, states", enters="(8,)"), None, HANGS("what RNN(…) gives")),
    (step("return x, states", "layers.RNN(Step(%s), return_state=True)(x)"), None, HANGS("what RNN(…) gives")),
    (step("return x, states", "layers.Bidirectional(layers.RNN(Step(%s)), merge_mode=None)(x)"), None,
     HANGS("what Bidirectional(…) gives")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said", "message"), STEPS)
def test_steps_of_recurrent_layers(text, said, message, tmp_path):
    if said is None:
        assert fault_of(tmp_path, text).message == message
    else:
        assert outputs(load(tmp_path, text)) == said


TWO = """class Two(layers.Layer):
    def call(self, x, scale=2, more=None):
        if more is not None:
            return x[0] + more["a"] + more["b"][0]
        return {"a": x[0] * scale, "b": (x[1][:, 1:], [x[0][:, 2:]])}

"""
#: Code that holds of Keras's layers: each asserts what it asks, and gives outputs.
CODE = {
    "ends of layers": (functional(
        "d, a = layers.Dense(5), layers.Add()", "y = d(x)", "a([y, y])",
        "assert d.input_shape == (None, 9, 9, 3) and d.output_shape == (None, 9, 9, 5)",
        "assert d.input is x and d.output is y and d.built and not layers.Dense(3).built",
        "assert a.input_shape == [(None, 9, 9, 5)] * 2 and len(a.input) == 2 and a.output.shape == (None, 9, 9, 5)",
        "d.built, d.name = False, 'other'", "assert d.name == 'other' and not d.built",
        "return keras.Model(x, y)"), [(5, 9, 9)]),
    "nested arguments": (TWO + functional(
        "got = Two()([x, x * 2], scale=3)", "assert isinstance(got['b'], tuple) and list(got) == ['a', 'b']",
        "assert Two()([x, x], more={'a': x, 'b': [x]}).shape == x.shape",
        "return keras.Model(x, [got['a'], got['b'][0], got['b'][1][0]])", enters="(6,)"), [(6,), (5,), (4,)]),
    "models of several": (functional(
        "b = keras.Input((4,))", "two = keras.Model([x, b], [layers.Dense(2)(x), layers.Dense(3)(b)], name='two')",
        "assert two.input_shape == [(None, 6), (None, 4)] and two.output_shape == [(None, 2), (None, 3)]",
        "assert two.name == 'two' and len(two.layers) == 4 and two.get_layer(index=2).units == 2",
        "left, right = two([x, b])", "assert two.fit(x) != 3 and two.compile() is None",
        "return keras.Model([x, b], [right, left])", enters="(6,)"), [(3,), (2,)]),
    "sources of tensors": ("from keras.utils.layer_utils import get_source_inputs\n" + functional(
        "b = keras.Input((6,))", "y = layers.Add()([layers.ReLU()(x), x, layers.ReLU()(b)])",
        "assert len(get_source_inputs(y)) == 2 and x in get_source_inputs(y) and get_source_inputs(3) == 3",
        "return keras.Model([x, b], y)", enters="(6,)"), [(6,)]),
    "channels first by a layer": (functional(
        "return keras.Model(x, layers.Conv2D(4, 3, data_format='channels_first')(x))", enters="(3, 9, 8)"),
        [(4, 7, 6)]),
    "channels first by the backend": ("K.set_image_data_format('channels_first')\n" + functional(
        "assert K.image_data_format() == 'channels_first' and K.image_dim_ordering() == 'th'",
        "return keras.Model(x, layers.Conv2D(4, 3)(x))", enters="(3, 9, 8)"), [(4, 7, 6)]),
    "activations of all kinds": (functional(
        "x = layers.Activation(layers.ReLU)(layers.Dense(3, activation=DATA)(x))",
        "x = layers.Dense(3, activation=layers.ELU(0.5))(layers.Dropout(DATA)(x))",
        "x = layers.Normalization(mean=DATA, variance=2.0)(layers.Conv1D(2, 3, padding='SAME')(x))",
        "return keras.Model(entry, keras.activations.mish(keras.activations.linear(x)))", enters="(6, 4)"), [(2, 6)]),
    "functions of TensorFlow": (
        "@tf.function\ndef doubled(t):\n    return t * 2\n\n@tf.function(jit_compile=True)\ndef cut(t):\n    return t[:, 1:]\n\n"
        "@keras.utils.register_keras_serializable\nclass Same(tf.Module):\n    def call(self, t):\n        return t\n\n"
        + functional("with tf.name_scope('scope'):", "    x = Same()(cut(doubled(x)))",
                     "return keras.Model(entry, x)", enters="(6, 4)"), [(4, 5)]),
    "a call of the layer that it is": (
        "class Padded(layers.Conv2D):\n    def call(self, t):\n        return super().call(layers.ZeroPadding2D(1)(t))\n\n"
        + functional("return keras.Model(x, Padded(4, 3)(x))"), [(4, 9, 9)]),
    "a model of one's own in another": (
        "class Head(keras.Model):\n    def __init__(self):\n        super().__init__()\n        self.d = layers.Dense(3)\n\n"
        "    def call(self, t, times=1):\n        for _ in range(times):\n            t = self.d(t)\n        return t, t[:, 1:]\n\n"
        + functional("head = Head()", "return keras.Model(x, [head(x, times=2)[0], head(x, times=2)[1]])", enters="(3,)"),
        [(3,), (2,)]),
    "two names that the code leaves alone": (functional(
        "a, b = layers.Dense(3), layers.Dense(4)", "a.name = 'dense_1'", "b = layers.Dense(4)",
        "return keras.Model(x, [a(x), layers.Dense(5)(x)])", enters="(6,)"), [(3,), (5,)]),
}  # fmt: skip


@pytest.mark.parametrize("what", CODE)
def test_code_of_networks(what, tmp_path):
    text, said = CODE[what]
    network = load(tmp_path, text)
    assert outputs(network) == said
    assert len({node.name for node in network.nodes}) == len(network.nodes)
