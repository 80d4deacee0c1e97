"""A network once more is what its reader makes of it, or says that only that could tell."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.diagnostics import Frame, Source, Span
from cnncalc.features.explain.without import WITHOUT, without
from cnncalc.interpret import build, read_source
from cnncalc.interpret.reading.examples import example_names
from cnncalc.layers import KINDS, LayerError
from cnncalc.measure import analyze
from cnncalc.network import NamedPlace
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
    shapes = Propagation(network.nodes, range(len(network.nodes)), {})(entering)
    made = network.rebuild(inputs={network.nodes[one].name: shape for one, shape in entering.items()}, checked=False)
    assert (shapes is None) == faulty(made)
    if shapes is not None:
        assert shapes == [node.output for node in made.nodes]


def test_shapes_alone_of_a_layer_whose_name_fixes_the_rank():
    network = build(Source("m", "input 3@9\nConv1d 4 3\n"))
    propagation = Propagation(network.nodes, (0, 1), {})
    assert propagation({0: (3, 9)}) == [(3, 9), (4, 7)]
    assert propagation({0: (3, 9, 9)}) is None


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


class TestWhatStays:
    def network(self):
        assembler = Assembler(Source("net.onnx", ""), "hwc")
        span, name = Span(assembler.network.source, 3, 1, 5), NamedPlace(assembler.network.source, "x")
        assembler.set_title("T")
        x = assembler.add_input("in", (3, 8, 8), span)
        with assembler.stage("stem"):
            first = assembler.apply(assembler.layer("conv", {"filters": 4, "kernel": 3}), (x,), "a", span).node
            before = assembler.enter(frame=Frame("in round 1 of 2", span))
            assembler.apply(assembler.layer("conv", {"filters": 4, "kernel": 3}), (x,), None, name)
            assembler.leave(before)
        assembler.share(range(2, 3), range(1, 2))
        assembler.add_unknown("odd", (first,), "u", span)
        with assembler.stage("aux", "head", train=True):
            assembler.apply(assembler.layer("maxpool", {"kernel": 3, "stride": 2}), (x,), "p", span)
        assembler.output("main", 2)
        assembler.output("aux", 4, True)
        return assembler

    @pytest.mark.parametrize("looks", ["looked_at_channels", "looked_at_sizes", ""])
    def test_all_that_it_is(self, looks):
        assembler = self.network()
        if looks:
            getattr(assembler, looks)()
        network = assembler.finish(notes="notes")
        made = replay(network)
        assert [node[:5] for node in made.nodes] == [node[:5] for node in network.nodes]
        assert [node[5:] for node in made.nodes if node.result is None] == [
            node[5:] for node in network.nodes if node.result is None
        ]
        same = [(node.output, node.owner, node.context, node.location) for node in network.nodes]
        assert [(node.output, node.owner, node.context, node.location) for node in made.nodes] == same
        for what in (
            "source",
            "layout",
            "title",
            "outputs",
            "extents",
            "rebuild",
            "notes",
            "reads_channels",
            "reads_sizes",
        ):
            assert getattr(made, what) == getattr(network, what), what

    def test_what_layers_remark(self):
        (note,) = replay(self.network().finish()).diagnostics
        assert (note.severity, note.code, note.span.line, note.frames) == ("note", "unread-input", 3, ())
        assert note.message.startswith("'p': row 7 and column 7 are never read")

    def test_a_fault_has_the_way_there_and_its_shapes_in_the_layout(self):
        made = replay(self.network().finish(), inputs={"in": (3, 2, 9)})
        errors = [one for one in made.diagnostics if one.severity == "error"]
        assert [(one.message[:4], one.code, one.span is None, len(one.frames)) for one in errors] == [
            ("'a':", "window-too-large", False, 0), ("'con", "window-too-large", True, 1), ("'p':", "window-too-large", False, 0),
        ]  # fmt: skip
        assert errors[0].message == "'a': the 3x3 window does not fit its 2x9 input: floor((2 - 3 + 2*0)/1) + 1 = 0"
        assert errors[0].help

    def test_weights_that_another_argument_makes_unfit(self):
        network = self.network().finish()
        made = replay(network, arguments={"a": {"filters": 5}})
        assert [one.message for one in made.diagnostics if one.code == "share"] == [
            "'conv1': the weights differ in shape: 4x3x3x3, 4 here, 5x3x3x3, 5 in 'a'"
        ]

    def test_weights_of_a_layer_of_another_kind(self):
        assembler = Assembler()
        x = assembler.add_input("in", (4, 8, 8))
        first = assembler.apply(assembler.layer("conv", {"filters": 4, "kernel": 3}), (x,), "a").node
        padded = assembler.layer("conv", {"filters": 4, "kernel": 3, "pad": 1})
        second = assembler.apply(padded, (first,), "b").node
        assert assembler.share(range(second, second + 1), range(first, first + 1)) == []
        network = assembler.finish()
        other = {"b": KINDS["bn"].create({})}
        made = replay(network, revise=lambda layer: other["b"] if layer is padded else layer)
        (fault,) = made.diagnostics
        assert (fault.severity, fault.code, fault.message, fault.help) == (
            "error", "share", "'b': the weights of 'a' do not fit 'conv'", None,
        )  # fmt: skip
        made = replay(network, inputs={"in": (4, 2, 2)}, revise=lambda layer: other["b"] if layer is padded else layer)
        assert [one.code for one in made.diagnostics] == ["window-too-large"]  # of what is unknown nothing is said

    def test_a_layer_is_revised_once(self):
        seen = []
        replay(self.network().finish(), revise=lambda layer: seen.append(layer) or layer)
        assert [layer.kind for layer in seen] == ["conv", "maxpool"]

    def test_arguments_come_before_the_revision(self):
        network = self.network().finish()
        made = replay(
            network,
            arguments={"a": {"pad": 1}},
            revise=lambda layer: layer.changed(stride=2) if layer.kind == "conv" else layer,
        )
        assert [node.output for node in made.nodes[1:3]] == [(4, 4, 4), (4, 3, 3)]

    def test_its_reader_is_asked_where_only_that_can_tell(self):
        asked = []

        def rebuild(**options):
            asked.append(options)
            return "read again"

        def network(change=lambda assembler: None):
            assembler = self.network()
            change(assembler)
            return assembler.finish(rebuild=rebuild)

        assert replay(network(), inputs={"in": (3, 9, 9)}) != "read again"
        assert replay(network(lambda one: one.looked_at_channels()), inputs={"in": (3, 9, 9)}) != "read again"
        assert asked == []
        assert replay(network(lambda one: one.looked_at_sizes())) == "read again"
        assert replay(network(lambda one: one.looked_at_channels()), inputs={"in": (4, 9, 9)}) == "read again"
        assert replay(network(), inputs={"in": (3, 2, 2)}) == "read again"  # it says best what does not fit
        assert asked == [
            {"inputs": None, "revise": None, "checked": False}, {"inputs": {"in": (4, 9, 9)}, "revise": None, "checked": False},
            {"inputs": {"in": (3, 2, 2)}, "revise": None, "checked": False},
        ]  # fmt: skip
        with pytest.raises(ReplayError, match="'in' would have other channels"):
            replay(network(lambda one: one.looked_at_channels()), inputs={"in": (4, 9, 9)}, arguments={"a": {"pad": 1}})
        assert replay(network(), inputs={"in": (3, 2, 2)}, arguments={"a": {"pad": 1}}) != "read again"
