"""A network once more is what its reader makes of it, or says that only that could tell."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.diagnostics import Source
from cnncalc.features.explain.without import WITHOUT, without
from cnncalc.interpret import build, read_source
from cnncalc.interpret.examples import example_names
from cnncalc.layers import KINDS, LayerError
from cnncalc.measure import analyze
from cnncalc.network.assembler import Assembler
from cnncalc.network.replay import Propagation, ReplayError, replay
from network.networks import PAIRS, resnet18

EXAMPLES = {name: build(read_source(f"@{name}")[0], folder=read_source(f"@{name}")[1]) for name in example_names()}


def rows(network, names=True):
    """All that a network says of its nodes."""
    return [
        (node.name if names else "", node.kind, node.layer and node.layer.values, node.inputs, node.output,
         node.result and (node.result.params, node.result.macs), node.owner, node.path, node.train)
        for node in network.nodes
    ]  # fmt: skip


def ends(network):
    parts = {name: tuple(part) for name, part in network.extents.items()}
    return [tuple(port) for port in network.outputs], parts, network.title, network.layout


def alone(network):
    """The same network, as if nothing could read it once more."""
    shell = Assembler(network.source, network.layout)
    made = shell.finish(network.diagnostics, None, network.notes)
    made.nodes, made.outputs, made.extents, made.title = network.nodes, network.outputs, network.extents, network.title
    made.reads_sizes, made.reads_channels = network.reads_sizes, network.reads_channels
    return made


def faulty(network):
    return any(one.severity == "error" and one.code != "expectation-failed" for one in network.diagnostics)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_same_again(name):
    network = EXAMPLES[name]
    again = replay(alone(network))
    assert rows(again) == rows(network)
    assert ends(again) == ends(network)
    assert all(one.location is other.location for one, other in zip(again.nodes, network.nodes, strict=True))


@pytest.mark.parametrize("name", [name for name in EXAMPLES if EXAMPLES[name].inputs])
@settings(max_examples=12)
@given(sizes=st.lists(st.integers(1, 300), min_size=3, max_size=3), channels=st.sampled_from([0, 0, 1, 5]))
def test_with_other_inputs_as_its_reader_would_make_it(name, sizes, channels):
    network = EXAMPLES[name]
    first = network.inputs[0]
    shape = (channels or first.output[0], *sizes[: len(first.output) - 1])
    expected = network.rebuild(inputs={first.name: shape}, checked=False)
    try:
        made = replay(alone(network), inputs={first.name: shape})
    except ReplayError:
        assert network.reads_sizes or network.reads_channels
        made = replay(network, inputs={first.name: shape})
        assert [one.to_dict() for one in made.diagnostics] == [one.to_dict() for one in expected.diagnostics]
    assert faulty(made) == faulty(expected)
    assert rows(made) == rows(expected)
    assert ends(made) == ends(expected)


@pytest.mark.parametrize("what", WITHOUT)
@pytest.mark.parametrize("name", EXAMPLES)
def test_with_other_layers_as_its_reader_would_make_it(name, what, monkeypatch):
    network = EXAMPLES[name]
    revisions = []
    monkeypatch.setattr("cnncalc.features.explain.without.replay", lambda of, revise: revisions.append(revise) or of)
    without(analyze(network), what)
    expected = network.rebuild(revise=revisions[0], checked=False)
    try:
        made = replay(alone(network), revise=revisions[0])
    except ReplayError:
        assert network.reads_sizes or network.reads_channels
        made = replay(network, revise=revisions[0])
    assert faulty(made) == faulty(expected)
    assert rows(made, names=what != "pooling") == rows(expected, names=what != "pooling")


@pytest.mark.parametrize("name", [name for name in EXAMPLES if not EXAMPLES[name].reads_sizes])
@given(size=st.integers(1, 300))
@settings(max_examples=10)
def test_shapes_alone_are_those_of_the_network(name, size):
    network = EXAMPLES[name]
    entering = {node.position: (node.output[0], *(size for _ in node.output[1:])) for node in network.inputs}
    shapes = Propagation(network.nodes)(entering)
    made = network.rebuild(inputs={network.nodes[one].name: shape for one, shape in entering.items()}, checked=False)
    assert (shapes is None) == faulty(made)
    if shapes is not None:
        assert [shapes[node.position] for node in made.nodes] == [node.output for node in made.nodes]


class TestArguments:
    def test_of_a_layer_by_name(self):
        network = build(Source("m", "input 3x8x8\nx = conv 4 3\nrelu\nconv 4 3\n"))
        made = replay(network, arguments={"x": {"pad": 1, "filters": 6}})
        assert [node.output for node in made.nodes] == [(3, 8, 8), (6, 8, 8), (6, 8, 8), (4, 6, 6)]
        assert made.nodes[1].layer.describe(2) == "conv 6 3x3 pad=1"

    @pytest.mark.parametrize(("values", "message"), [({"kernel": 0}, "at least 1"), ({"pad": True}, "pad is")])
    def test_that_cannot_be_raise(self, values, message):
        with pytest.raises(LayerError, match=message):
            replay(build(Source("m", "input 3x8x8\nx = conv 4 3\n")), arguments={"x": values})

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"arguments": {"y": {}}}, "no layer is called 'y'"),
            ({"arguments": {"input": {}}}, "no layer is called 'input'"),
            ({"arguments": {"x": {"colour": 3}}}, "conv has no argument 'colour'"),
            ({"inputs": {"left": (3, 8, 8)}}, "no input is called 'left'"),
        ],
    )
    def test_that_are_not_there_are_errors(self, given, message):
        with pytest.raises(ReplayError, match=message):
            replay(build(Source("m", "input 3x8x8\nx = conv 4 3\n")), **given)

    def test_where_an_expression_would_see_it_is_an_error(self):
        network = build(Source("m", "input 3x8x8\nx = conv 4 3\nconv (2*C) 3\n"))
        assert replay(network, arguments={"x": {"pad": 1}}).nodes[2].output == (8, 6, 6)
        with pytest.raises(ReplayError, match="'x' would have other channels, and expressions look at them"):
            replay(network, arguments={"x": {"filters": 5}})
        network = build(Source("m", "input 3x8x8\nx = conv 4 3\nif H > 5:\n    relu\n"))
        with pytest.raises(ReplayError, match="'x' would have another shape, and expressions look at sizes"):
            replay(network, arguments={"x": {"pad": 1}})


class TestFaults:
    def test_a_layer_that_fits_no_more_is_a_fault_at_its_place(self):
        network = build(Source("m", "input 3x8x8\nconv 4 3\nx = conv 4 5\nrelu\n"))
        made = replay(alone(network), inputs={"input": (3, 4, 4)})
        (fault,) = made.diagnostics
        assert (fault.code, fault.span.line, fault.span.column) == ("window-too-large", 3, 5)
        assert fault.message.startswith("'x': ")
        assert [node.output for node in made.nodes] == [(3, 4, 4), (4, 2, 2), None, None]

    def test_a_merge_names_what_does_not_go_together(self):
        made = replay(resnet18(), revise=lambda layer: layer.changed(pad=0) if layer.kind == "conv" else layer)
        errors = [one for one in made.diagnostics if one.severity == "error"]
        assert errors[0].message == "'add1': add needs equal shapes: 'bn3' gives 64x51x51, 'maxpool1' gives 64x55x55"
        assert errors[0].span is None

    def test_weights_that_fit_no_more(self):
        network = PAIRS["siamese"][1]()
        made = replay(network, inputs={"right": (2, 105, 105)})
        assert [one.message for one in made.diagnostics] == [
            "'conv1': the weights differ in shape: 64x2x10x10, 64 here, 64x1x10x10, 64 in 'a'"
        ]
        made = replay(network, revise=lambda layer: KINDS["identity"].create({}) if layer.kind == "fc" else layer)
        assert not faulty(made)

    def test_what_its_reader_has_said_stays(self):
        network = resnet18()
        broken = Assembler(network.source)
        broken.add_input("input", (3, 8, 8))
        broken.add_unknown("odd", (0,))
        first = build(Source("m", "input 3x8x8\nodd\n")).diagnostics
        made = replay(broken.finish(first))
        assert made.diagnostics == first
        assert [node.kind for node in made.nodes] == ["input", "odd"]
