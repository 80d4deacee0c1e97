"""Keras's source, read and never run: beside what Keras itself says of it (record_keras.py)."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest

import cnncalc

HERE = Path(__file__).resolve().parent
RECORDED = json.loads((HERE / "keras_sources.json").read_text())


def keras_shape(shape):
    """A shape in Keras's order."""
    return list(shape) if len(shape) < 2 else [*shape[1:], shape[0]]


@pytest.mark.parametrize("key", RECORDED)
def test_what_keras_gives(key):
    said = RECORDED[key]
    entering = said["input"] and "x".join(map(str, [said["input"][-1], *said["input"][:-1]]))
    network = cnncalc.load(f"{HERE / 'keras_sources'}/{key}", input=entering)
    assert not [one for one in network.diagnostics if one.severity != "note"]
    assert [keras_shape(network.nodes[port.node].output) for port in network.outputs] == said["outputs"]
    totals = cnncalc.analyze(network).totals
    assert totals.params == said["params"]
    assert totals.params + totals.buffers == said["all"]
    assert_layers(network, said["layers"])


def assert_layers(network, said):
    """Every layer of Keras's has its output and its parameters."""
    found, params = {}, defaultdict(int)
    for node in network.nodes:
        origin = network.origins.get(node.position)
        if origin is not None and node.result is not None:
            name = origin.module.rpartition("/")[2]
            found.setdefault(name, node)
            if node.owner is None:
                params[name] += node.result.params + node.result.buffers
    for kind, name, output, count in said:
        if name not in found:
            continue
        assert params[name] == count, (kind, name)
        last = [node for node in network.nodes if named(network, node) == name][-1]
        assert output is None or keras_shape(last.output) == output, (kind, name)


def named(network, node):
    origin = network.origins.get(node.position)
    return None if origin is None else origin.module.rpartition("/")[2]


def read(folder, text, entry="", **options):
    path = folder / "net.py"
    path.write_text("import keras\nfrom keras import layers\n" + text)
    return cnncalc.load(f"{path}{':' * bool(entry)}{entry}", **options)


def faults(folder, text, entry="", **options):
    with pytest.raises(cnncalc.SpecError) as caught:
        read(folder, text, entry, **options)
    return caught.value.diagnostics


def test_a_merge_that_does_not_fit_is_at_its_call(tmp_path):
    text = """
def make():
    entry = keras.Input((8, 8, 3))
    conv = layers.Conv2D(4, 5)
    add = layers.Add(name="sum")
    a = layers.Conv2D(4, 3)(entry)
    return keras.Model(entry, add([a, conv(entry)]))
"""
    (fault,) = faults(tmp_path, text)
    assert (fault.span.line, fault.span.column) == (9, 31)
    assert fault.message == "Add 'sum': shapes 6x6x4 and 4x4x4 do not go together"
    assert fault.notes == ("the shape came about so: 'conv2d_1' gives 6x6x4, 'conv2d' gives 4x4x4",)
    assert [frame.span.line for frame in fault.frames] == [7]


def test_a_fault_in_a_sequential_is_where_the_layer_is_made(tmp_path):
    text = """
model = keras.Sequential([
    keras.Input((8, 8, 3)),
    layers.Conv2D(4, 3),
    layers.Reshape((12, 13)),
])
"""
    (fault,) = faults(tmp_path, text)
    assert fault.span.line == 7
    assert fault.message.startswith("Reshape 'reshape': ")


@pytest.mark.parametrize(
    ("line", "message", "help"),
    [
        ("layers.Conv2D(8, 3, paddin='same')", "Conv2D: there is no argument 'paddin'", "did you mean 'padding'?"),
        ("layers.Dense(8, activation='rellu')", "Dense: no activation is called 'rellu'", "did you mean 'relu'?"),
        (
            "layers.Conv2D(8)",
            "TypeError: Conv2D.__init__() missing 1 required positional argument: 'kernel_size'",
            None,
        ),
        ("keras.Input(784)", "ValueError: Cannot convert '784' to a shape: a shape is a tuple, (784,)", None),
    ],
)
def test_what_a_constructor_refuses(line, message, help, tmp_path):
    (fault,) = faults(tmp_path, f"model = keras.Sequential([keras.Input((8, 8, 3)), {line}])\n", "model")
    assert (fault.span.line, fault.message, fault.help) == (3, message, help)


def test_a_model_that_hangs_on_another_input(tmp_path):
    text = """
a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
model = keras.Model(a, layers.Add()([a, b]))
"""
    (fault,) = faults(tmp_path, text, "model")
    assert fault.message == "the outputs hang on 'b', which is none of the inputs of the model"
    assert (fault.span.line, fault.help) == (5, "add it to the inputs: a, b")


FREE = """
def make():
    entry = keras.Input((None, None, 3), name="image")
    x = layers.Conv2D(4, 3)(entry)
    x = layers.Dense(x.shape[1])(layers.Flatten()(x))
    return keras.Model(entry, x)
"""


@pytest.mark.parametrize("shape", ["3x12x10", "12x10x3", {"image": "12x10x3"}])
def test_what_the_code_leaves_open_is_given(shape, tmp_path):
    network = read(tmp_path, FREE, input=shape)
    assert [node.output for node in network.nodes] == [(3, 12, 10), (4, 10, 8), (320,), (10,)]


def test_what_the_code_leaves_open_is_asked_for(tmp_path):
    (fault,) = faults(tmp_path, FREE)
    assert fault.message == "--input: the code does not say the shape of 'image'" or "'image'" in fault.message


def test_another_shape_than_the_code_says_is_followed_through_the_code(tmp_path):
    network = read(tmp_path, FREE.replace("None, None", "20, 20"), input="3x12x10")
    assert network.nodes[-1].output == (10,)


def test_a_model_of_a_script_is_found(tmp_path):
    text = """
(train, _), _ = keras.datasets.mnist.load_data()
model = keras.Sequential([layers.Flatten(input_shape=train.shape[1:]), layers.Dense(3)])
model.fit(train)
"""
    assert read(tmp_path, text, input="28x28").nodes[-1].output == (3,)


def test_channels_first(tmp_path):
    text = """
keras.backend.set_image_data_format("channels_first")
axis = 1 if keras.backend.image_data_format() == "channels_first" else -1
entry = keras.Input((3, 9, 8))
x = layers.BatchNormalization(axis=axis)(layers.Conv2D(5, 3)(entry))
model = keras.Model(entry, layers.Concatenate(axis=axis)([x, x]))
"""
    network = read(tmp_path, text, "model")
    assert network.nodes[-1].output == (10, 7, 6)
    assert network.nodes[2].result.params == 10


def test_nothing_runs_and_what_is_not_known_is_said(tmp_path):
    text = """
base = keras.applications.ResNet50(include_top=False)
def make():
    return keras.Sequential([base, layers.Dense(3)])
"""
    (fault,) = faults(tmp_path, text, "make")
    assert "keras.applications.ResNet50(…), which is not known" in fault.message


BRANCHES = """
def make():
    entry = keras.Input((8, 8, 3))
    a = layers.Conv2D(4, 3)(entry)
    dead = layers.Add()([a, entry])
    n = layers.Add()([a, layers.Conv2D(4, 1)(entry)])
    return keras.Model(entry, layers.Dense(n.shape[-1] * 2)(layers.Flatten()(a)))
"""


def test_faults_stand_before_what_follows_from_them(tmp_path):
    found = faults(tmp_path, BRANCHES)
    assert [(fault.span.line, fault.message[:9]) for fault in found] == [(7, "Add 'add'"), (8, "Add 'add_")]


def test_a_fault_that_no_output_hangs_on_is_one_too(tmp_path):
    (fault,) = faults(tmp_path, BRANCHES.replace("    n = ", "    # ").replace("n.shape[-1]", "3"))
    assert fault.span.line == 7


def test_other_sizes_at_which_the_code_fails_are_no_crash(tmp_path):
    from click.testing import CliRunner

    from cnncalc.cli.commands import main

    text = FREE.replace("None, None", "12, 10").replace(
        "    x = layers.Dense", "    assert x.shape[1] > 9\n    x = layers.Dense"
    )
    read(tmp_path, text)
    result = CliRunner().invoke(main, ["explain", str(tmp_path / "net.py:make")])
    assert result.exit_code == 0, result.output


CELL = """
class Cell(layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.state_size = units

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units))
        self.state_kernel = self.add_weight(shape=(self.units, self.units))
        self.bias = self.add_weight(shape=(self.units,))

    def call(self, inputs, states):
        state = keras.ops.tanh(inputs @ self.kernel + states[0] @ self.state_kernel + self.bias)
        return state, [state]

def make():
    entry = keras.Input((5, 8))
    return keras.Model(entry, %s(entry))
"""


@pytest.mark.parametrize(
    ("layer", "output", "params"),
    [
        ("layers.RNN(Cell(7))", (7,), 112),
        ("layers.RNN(Cell(7), return_sequences=True)", (7, 5), 112),
        ("layers.Bidirectional(layers.RNN(Cell(7), return_sequences=True))", (14, 5), 224),
        ("layers.RNN(layers.SimpleRNNCell(7))", (7,), 112),
        ("layers.RNN(layers.LSTMCell(7), return_sequences=True)", (7, 5), 4 * 112),
        ("layers.Bidirectional(layers.RNN(layers.GRUCell(7)))", (14,), 2 * (3 * 112 + 21)),
    ],
)
def test_recurrent_layers_of_a_step(tmp_path, layer, output, params):
    network = read(tmp_path, CELL % layer, "make")
    (port,) = network.outputs
    assert network.nodes[port.node].output == output
    totals = cnncalc.analyze(network).totals
    ways = 2 if "Bidirectional" in layer else 1
    gates = 4 if "LSTM" in layer else 3 if "GRU" in layer else 1
    assert (totals.params, totals.macs) == (params, ways * gates * 5 * (8 * 7 + 7 * 7))


def test_a_weight_that_is_stretched_to_the_samples(tmp_path):
    text = """
class Token(layers.Layer):
    def build(self, input_shape):
        self.value = self.add_weight(shape=(1, 6))

    def call(self, x):
        return keras.ops.broadcast_to(self.value, (keras.ops.shape(x)[0], %s))

def make():
    entry = keras.Input((4, 6))
    return keras.Model(entry, layers.Concatenate(axis=1)([Token()(entry), entry]))
"""
    network = read(tmp_path, text % "1, 6", "make")
    assert network.nodes[-1].output == (6, 5)
    assert cnncalc.analyze(network).totals.params == 6
    assert "cannot be stretched" in faults(tmp_path, text % "1, 7", "make")[0].message
