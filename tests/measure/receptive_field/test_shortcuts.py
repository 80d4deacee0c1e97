"""The short ways of fields and lints against the long ones, which look at every layer and follow every path."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.interpret import build, read_source
from cnncalc.interpret.reading.examples import example_names
from cnncalc.measure import analyze
from cnncalc.measure.lints.layers import _saves, linear_pairs
from cnncalc.measure.receptive_field.forward import _bounded, _joined, _pixels, _through
from helpers import network

MAPS = {"conv", "dwconv", "upconv", "localconv", "fc"}
LINEAR = set("bn scale identity dropout avgpool gavgpool pad crop resize flatten reshape tokens mean".split())
LINES = (
    "conv 4 3", "conv 4 3 pad=1", "conv 6 5 stride=2 pad=2", "conv 4 1x3", "conv 4 3 dilation=2 pad=0:3", "conv 4 1",
    "dwconv 3 pad=same", "upconv 4 2 stride=2", "maxpool 2", "avgpool 3 stride=1", "avgpool 2 to=3x2", "gavgpool",
    "resize 2", "resize 3x5 mode=bilinear", "crop 3", "pad 1:2", "pixelshuffle 2", "tokens", "flatten", "reshape 4x3x3",
    "fc 10", "relu", "bn", "glu", "take 0:2", "identity", "softmax", "attention 2", "mean L", "lrn",
    "add:\n    - conv 4 3 pad=1\n    - conv 4 1", "add:\n    - identity\n    - relu", "mul:\n    - gavgpool\n    - identity",
    "concat:\n    - conv 4 3 pad=0:2 | bn\n    - conv 4 1\n    - avgpool 3 stride=1 pad=1",
    "concat:\n    - maxpool 2 | upconv 4 2 stride=2\n    - conv 4 3 pad=1 | conv 2 3 pad=1",
    "repeat 3:\n    conv 4 3 pad=1 | relu", "repeat 2:\n    conv 4 1 | identity | conv 4 1",
)  # fmt: skip
SPECS = st.builds(
    lambda shape, lines: "\n".join((f"input {shape}", *lines)),
    st.sampled_from(["4x32x32", "4x24x40", "4@60", "16", "4x8x16x16"]),
    st.lists(st.sampled_from(LINES), min_size=1, max_size=10),
)


def fields(network):
    """Every field by its recurrence."""
    found = []
    nodes = network.nodes
    first = next((node.position for node in nodes if node.kind == "input"), None)
    for node in nodes:
        if node.kind == "input":
            found.append(_pixels(node) if node.position == first else None)
        elif node.layer is None or node.output is None or not node.inputs:
            found.append(None)
        else:
            entering, shapes = [found[index] for index in node.inputs], [nodes[index].output for index in node.inputs]
            if node.layer.merges or len(node.inputs) > 1:
                found.append(_joined(node.layer, entering, tuple(shapes), node.output))
            else:
                field = entering[0] and _through(node.layer, entering[0], shapes[0], node.output, {})
                found.append(_bounded(field))
    return found


def pairs(analysis):
    """The names of linear pairs: from each layer back, while all is linear and read once."""
    nodes = analysis.network.nodes
    readers = [sum(place in node.inputs for node in nodes) for place in range(len(nodes))]
    for second in nodes:
        node = second
        while second.kind in MAPS and second.output is not None and len(node.inputs) == 1 and node.inputs[0] >= 0:
            node = nodes[node.inputs[0]]
            if readers[node.position] != 1 or node.output is None:
                break
            if node.kind in MAPS:
                if not _saves(node, second, analysis):
                    yield f"'{node.name}' and '{second.name}' are together one linear map"
                break
            if node.kind not in LINEAR:
                break


def agree(network):
    analysis = analyze(network)
    assert analysis.fields == fields(network)
    said = [one.message for one in linear_pairs(analysis)]
    assert len(said) == len(list(pairs(analysis)))
    assert all(one.startswith(start) for one, start in zip(said, pairs(analysis), strict=True))


@given(SPECS)
@settings(max_examples=300)
def test_generated(text):
    agree(network(text))


@pytest.mark.parametrize("name", example_names())
def test_examples(name):
    source, folder = read_source(f"@{name}")
    agree(build(source, folder=folder))


class Counting(list):
    """A list that counts how often it is asked."""

    asked = 0

    def __getitem__(self, index):
        self.asked += 1
        return super().__getitem__(index)


def test_many_layers_at_the_end_of_one_linear_chain_walk_it_once():
    lines = ["input 4x8x8", "conv 4 1", *["identity"] * 300, "x = identity", *["@x | conv 4 1"] * 300]
    net = network("\n".join(lines))
    net.nodes = Counting(net.nodes)
    analysis = analyze(net)
    assert not list(linear_pairs(analysis))
    assert net.nodes.asked < 3 * len(net.nodes)
