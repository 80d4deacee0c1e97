"""The Assembler: names, interning, order, shared weights, limits; places of all sorts."""

import pytest

from cnncalc.diagnostics import Frame, Source, Span
from cnncalc.layers import LayerError
from cnncalc.layers.result import MAX_SIZE_BITS
from cnncalc.network import UNKNOWN, Context, NamedPlace, Step, assembler
from cnncalc.network.assembler import Assembler, TooManyLayers
from cnncalc.network.model import Names
from cnncalc.values import Pair, ShapeSize, Size


@pytest.fixture
def made():
    """An assembler with an input of 3x8x8, which is tensor 0."""
    assembler = Assembler()
    assembler.add_input("input", (3, 8, 8))
    return assembler


def put(assembler, kind, *inputs, name=None, **arguments):
    applied = assembler.apply(assembler.layer(kind, arguments), inputs, name)
    assert applied.fault is None, applied.fault
    return applied.node


class TestLayers:
    def test_equal_ones_are_one(self, made):
        one = made.layer("conv", {"filters": 4, "kernel": 3})
        assert made.layer("conv", {"kernel": 3, "filters": 4}) is one
        assert made.layer("conv", {"filters": 4, "kernel": 3, "pad": 1}) is not one
        assert made.layer("conv", {"filters": 4, "kernel": 3}, {"pad": 1}) is not one

    def test_a_name_that_fixes_the_rank_makes_another_layer(self, made):
        one = made.layer("conv", {"filters": 4, "kernel": 3}, rank=1)
        assert one is not made.layer("conv", {"filters": 4, "kernel": 3})
        assert made.apply(one, (0,)).fault is not None

    def test_a_pair_is_no_size(self, made):
        """Both are tuples, and equal ones."""
        pair, size, shape = Pair(1, 2), Size((1, 2)), ShapeSize((1, 2))
        assert pair == size == shape
        of_pair, of_size = (made.layer("maxpool", {"kernel": 3, "pad": value}) for value in (pair, size))
        assert of_pair is not of_size
        assert [made.apply(layer, (0,)).fault for layer in (of_pair, of_size)] == [None, None]
        assert [node.output for node in made.nodes[1:]] == [(3, 3, 3), (3, 3, 4)]
        default_pair, default_size = (made.layer("maxpool", {"kernel": 3}, {"pad": value}) for value in (pair, size))
        assert default_pair is not default_size
        assert default_size.pad == size and type(default_size.pad) is Size

    def test_what_is_the_default_anyway_makes_no_other(self, made):
        assert made.layer("maxpool", {"kernel": 2, "pad": 0}) is made.layer("maxpool", {"kernel": 2})
        assert made.layer("maxpool", {"kernel": 2}, {"pad": 0, "ceil": False}) is made.layer("maxpool", {"kernel": 2})

    def test_of_many_that_differ_the_first_are_looked_for(self, made, monkeypatch):
        monkeypatch.setattr(assembler, "MOST_ALIKE", 2)
        pairs = [[made.layer("fc", {"units": units}) for _ in range(2)] for units in (1, 2, 3)]
        assert [one is other for one, other in pairs] == [True, True, False]
        relu, results = made.layer("relu", {}), []
        for size in (1, 2, 3):
            results.append([made.result(relu, ((size, 8, 8),)) for _ in range(2)])
        assert [one is other for one, other in results] == [True, True, False]

    def test_why_one_does_not_fit_is_worked_out_once(self, made):
        layer = made.layer("conv", {"filters": 4, "kernel": 9})
        assert made.apply(layer, (0,)).fault is made.apply(layer, (0,)).fault

    def test_unknown_kinds_and_arguments_raise(self, made):
        with pytest.raises(KeyError):
            made.layer("nonsense", {})
        with pytest.raises(LayerError, match="kernel is at least 1") as caught:
            made.layer("conv", {"filters": 4, "kernel": 0})
        assert caught.value.argument == "kernel"

    def test_what_came_of_one_on_a_shape_is_worked_out_once(self, made):
        first, second = (put(made, "conv", 0, filters=4, kernel=3) for _ in range(2))
        other = put(made, "conv", first, filters=4, kernel=3)
        results = [made.nodes[index].result for index in (first, second, other)]
        assert results[0] is results[1] is not results[2]

    def test_a_layer_that_stands_in_the_place_of_another(self):
        assembler = Assembler(revise=lambda layer: layer.changed(pad=1))
        assembler.add_input("input", (3, 8, 8))
        assert assembler.nodes[put(assembler, "conv", 0, filters=4, kernel=3)].output == (4, 8, 8)


class TestNodes:
    def test_a_layer_that_does_not_fit_is_unknown_and_so_is_what_follows(self, made):
        applied = made.apply(made.layer("conv", {"filters": 4, "kernel": 9}), (0,))
        assert applied.fault is not None and applied.fault.code == "window-too-large"
        after = made.apply(made.layer("relu", {}), (applied.node,))
        assert after.fault is None
        assert [made.nodes[index].output for index in (applied.node, after.node)] == [None, None]

    def test_remarks_are_given_back(self, made):
        applied = made.apply(made.layer("maxpool", {"kernel": 3, "stride": 2}), (0,))
        assert [remark.code for remark in applied.remarks] == ["unread-input"]

    @pytest.mark.parametrize("read", [1, 7, -2])
    def test_the_order_is_topological(self, made, read):
        with pytest.raises(ValueError, match="reads tensor"):
            made.apply(made.layer("relu", {}), (read,))

    def test_unknown_tensors_may_be_read(self, made):
        index = made.add_unknown("resize", (UNKNOWN,))
        assert made.nodes[index].output is None

    def test_no_more_layers_than_agreed(self):
        assembler = Assembler(max_layers=2)
        assembler.add_input("input", (3, 8, 8))
        put(assembler, "relu", 0)
        assembler.add_unknown("odd", (0,))
        for add in (lambda: put(assembler, "relu", 0), lambda: assembler.add_unknown("odd", (0,))):
            with pytest.raises(TooManyLayers, match="more than 2 layers"):
                add()
        assert assembler.layer_count == 2

    def test_sizes_have_a_limit(self):
        assembler = Assembler()
        assembler.add_input("input", (3, 8, 8))
        layer = assembler.layer("conv", {"filters": 2**MAX_SIZE_BITS, "kernel": 1})
        fault = assembler.apply(layer, (0,)).fault
        assert (fault.code, str(fault)) == ("too-large", f"the output has a size of over {MAX_SIZE_BITS} bits")
        largest = assembler.layer("conv", {"filters": 2**MAX_SIZE_BITS - 1, "kernel": 1})
        assert assembler.apply(largest, (0,)).fault is None


class TestNames:
    def test_they_are_numbered_by_kind(self, made):
        for kind in ("relu", "tanh", "relu"):
            put(made, kind, 0)
        assert [node.name for node in made.nodes] == ["input", "relu1", "tanh1", "relu2"]

    def test_no_two_are_alike(self, made):
        for name in ("relu1", "x", "x", "x", "input"):
            put(made, "relu", 0, name=name)
        put(made, "relu", 0)
        assert [node.name for node in made.nodes] == ["input", "relu1", "x", "x_2", "x_3", "input_2", "relu2"]

    def test_numbered_ones_leave_out_what_is_reserved(self):
        assembler = Assembler(reserved=["relu1", "relu3", "unit1", "x_2"])
        assembler.add_input("input", (3, 8, 8))
        for name in (None, None, "relu1", "x", "x"):
            put(assembler, "relu", 0, name=name)
        assert [node.name for node in assembler.nodes[1:]] == ["relu2", "relu4", "relu1", "x", "x_3"]
        assert [assembler.instance("unit").name for _ in range(2)] == ["unit2", "unit3"]

    def test_a_kind_that_ends_in_a_digit_takes_an_underscore(self, made):
        """The 61st relu is not the first relu6, nor the 6th another relu6."""
        for kind in ["relu"] * 61 + ["relu6"] * 2:
            put(made, kind, 0)
        assert [node.name for node in made.nodes[-3:]] == ["relu61", "relu6_1", "relu6_2"]

    def test_no_number_makes_one_kind_or_block_look_like_another(self):
        """Whatever they are called, and in whatever order they come: no two names in a network are alike."""
        words = ["a", "a1", "a1_", "a_", "a_1", "a11", "relu", "relu6", "relu6_", "relu_6"]
        names = Names(())
        ways = (names.numbered, names.instance, names.unique)
        given = [way(word) for _ in range(120) for way in ways for word in words]
        assert len(set(given)) == len(given)

    def test_a_second_one_of_a_name_may_be_reserved(self):
        assembler = Assembler(reserved=["x", "x_3"])
        for name in ("x", "x", "x"):
            assembler.add_input(name, (3,))
        assert [node.name for node in assembler.nodes] == ["x", "x_2", "x_4"]

    def test_instances_of_blocks_with_digits_in_their_names(self, made):
        assert [made.instance(name).name for name in ("f", "b4x", "b4", "conv2d", "conv2")] == [
            "f1", "b4x1", "b4_1", "conv2d1", "conv2_1",
        ]  # fmt: skip

    def test_instances_are_numbered_apart_from_layers(self, made):
        assert [made.instance(name).name for name in ("unit", "conv", "b4", "unit")] == [
            "unit1", "conv_1", "b4_1", "unit2",
        ]  # fmt: skip


class TestStages:
    def test_what_is_in_one(self, made):
        with made.stage("stem"):
            put(made, "relu", 0)
            with made.stage("aux", "head", train=True):
                put(made, "tanh", 1)
        put(made, "relu", 1)
        paths = [[tuple(step) for step in node.path] for node in made.nodes[1:]]
        assert paths == [[("stem", "stage")], [("stem", "stage"), ("aux", "head")], []]
        assert [node.train for node in made.nodes[1:]] == [False, True, False]
        assert {name: tuple(part) for name, part in made.network.extents.items()} == {
            "aux": (2, 3, 2),
            "stem": (1, 3, 2),
        }

    def test_what_frames_lead_to_it(self, made):
        first, second = (Frame(text, Span(FILE, 1, 1, 2)) for text in ("in round 1 of 2", "in 'b', used"))
        before = made.enter(frame=first)
        inner = made.enter(Step("b1", "b"), True, second)
        put(made, "relu", 0)
        made.leave(inner)
        put(made, "relu", 0)
        made.leave(before)
        put(made, "relu", 0)
        assert [node.frames for node in made.nodes[1:]] == [(first, second), (first,), ()]
        assert [node.path for node in made.nodes[1:]] == [(Step("b1", "b"),), (), ()]
        assert [node.train for node in made.nodes[1:]] == [True, False, False]

    def test_a_name_for_some_of_them(self, made):
        for _ in range(3):
            put(made, "relu", 0)
        made.name_part("some", 1, 2, 3)
        made.name_part("rest", 2, 3)
        assert made.network.extents == {"some": (1, 3, 2), "rest": (2, 4, 3)}

    def test_a_context_is_put_back(self, made):
        before = made.enter(Step("a", "block"))
        inner = made.enter()
        assert inner.path == (Step("a", "block"),)
        made.leave(before)
        assert made.context == Context()


class TestSharing:
    def test_the_owner_of_an_owner_owns(self, made):
        first, second, third = (put(made, "conv", 0, filters=4, kernel=3) for _ in range(3))
        assert made.share(range(second, second + 1), range(first, first + 1)) == []
        assert made.share(range(third, third + 1), range(second, second + 1)) == []
        assert [node.owner for node in made.nodes[1:]] == [None, first, first]

    def test_weights_of_another_shape_do_not_fit(self, made):
        first = put(made, "conv", 0, filters=4, kernel=3)
        second = put(made, "conv", first, filters=4, kernel=3)
        (fault,) = made.share(range(second, second + 1), range(first, first + 1))
        assert fault.message == "the weights differ in shape: 4x4x3x3, 4 here, 4x3x3x3, 4 in 'conv1'"
        assert fault.argument == "share"
        assert made.nodes[second].owner is None

    def test_the_main_network_takes_none_of_a_train_head(self, made):
        with made.stage("aux", "head", train=True):
            first = put(made, "conv", 0, filters=4, kernel=3)
        second = put(made, "conv", 0, filters=4, kernel=3)
        (fault,) = made.share(range(second, second + 1), range(first, first + 1))
        assert "only training runs" in fault.message

    def test_within_train_heads_they_may(self, made):
        with made.stage("aux", "head", train=True):
            first, second = (put(made, "conv", 0, filters=4, kernel=3) for _ in range(2))
        assert made.share(range(second, second + 1), range(first, first + 1)) == []
        assert made.nodes[second].owner == first

    def test_what_is_unknown_owns_nothing_and_takes_nothing(self, made):
        wrong = made.apply(made.layer("conv", {"filters": 4, "kernel": 9}), (0,)).node
        right = put(made, "conv", 0, filters=4, kernel=3)
        assert made.share(range(right, right + 1), range(wrong, wrong + 1)) == []
        assert made.share(range(wrong, wrong + 1), range(right, right + 1)) == []
        assert [node.owner for node in made.nodes] == [None, None, None]

    def test_who_has_an_owner_keeps_it(self, made):
        first, second, third = (put(made, "conv", 0, filters=4, kernel=3) for _ in range(3))
        made.share(range(second, second + 1), range(first, first + 1))
        assert made.share(range(second, second + 1), range(third, third + 1)) == []
        assert made.nodes[second].owner == first

    def test_several_are_shared_one_by_one_and_kinds_must_agree(self, made):
        for _ in range(2):
            for kind, arguments in (("conv", {"filters": 4, "kernel": 3}), ("relu", {}), ("bn", {})):
                put(made, kind, len(made.nodes) - 1, **arguments)
        faults = made.share(range(4, 7), range(1, 4))  # the convolutions read other channels
        assert len(faults) == 1
        assert [node.owner for node in made.nodes[4:]] == [None, None, 3]
        with pytest.raises(ValueError, match="same kinds"):
            made.share(range(6, 7), range(1, 2))


class TestEnds:
    def test_what_nothing_uses(self, made):
        for _ in range(3):
            put(made, "relu", 0)
        made.use(2)
        made.output("out", 3)
        assert [node.name for node in made.unused()] == ["relu1"]

    def test_what_a_layer_reads_is_used(self, made):
        put(made, "relu", put(made, "relu", 0))
        assert [node.name for node in made.unused()] == ["relu2"]

    def test_an_unknown_output_uses_nothing(self, made):
        put(made, "relu", 0)
        made.output("out", UNKNOWN)
        assert [node.name for node in made.unused()] == ["relu1"]

    def test_what_its_reader_says_goes_with_the_network(self, made):
        made.set_title("T")
        made.looked_at_sizes()
        made.output("out", 0, True)
        network = made.finish([], rebuild=len, notes="notes")
        assert network.outputs == [("out", 0, True)]
        assert (network.title, network.reads_sizes, network.reads_channels) == ("T", True, False)
        assert (network.rebuild, network.notes, network.diagnostics) == (len, "notes", ())


FILE = Source("net.onnx", "")


@pytest.mark.parametrize(
    ("location", "source", "span", "line"),
    [
        (Span(FILE, 3, 1, 5), FILE, Span(FILE, 3, 1, 5), 3),
        (NamedPlace(FILE, "Conv_3"), FILE, None, None),
        (None, None, None, None),
    ],
)
def test_a_place_is_in_a_line_or_under_a_name_or_nowhere(made, location, source, span, line):
    node = made.nodes[made.apply(made.layer("relu", {}), (0,), None, location).node]
    assert (node.source, node.span, node.line) == (source, span, line)


class TestNetwork:
    def test_what_a_node_reads(self, made):
        a = put(made, "conv", 0, filters=4, kernel=3)
        wrong = made.apply(made.layer("conv", {"filters": 4, "kernel": 9}), (0,)).node
        odd = made.add_unknown("odd", (UNKNOWN, 0))
        network = made.network
        of = [network.input_shapes(network.nodes[index]) for index in (0, a, odd, made.add_unknown("x", (a, wrong)))]
        assert of == [(), ((3, 8, 8),), None, None]
        assert made.nodes[made.add_unknown("x", (0, a))].inputs == (0, a)
        put(made, "relu", 0)  # the last node is no unknown one
        assert network.input_shapes(network.nodes[odd]) is None

    def test_what_a_node_learns(self, made):
        a = put(made, "conv", 0, filters=4, kernel=3)
        wrong = made.apply(made.layer("conv", {"filters": 4, "kernel": 9}), (0,)).node
        after = made.apply(made.layer("conv", {"filters": 4, "kernel": 3}), (wrong,)).node
        weights = [[shape for _, shape in made.network.weights(made.nodes[index])] for index in (0, a, wrong, after)]
        assert weights == [[], [(4, 3, 3, 3), (4,)], [], []]

    def test_its_inputs_and_layers(self, made):
        put(made, "relu", 0)
        made.add_input("other", None)
        assert [node.name for node in made.network.inputs] == ["input", "other"]
        assert [node.name for node in made.network.layers] == ["relu1"]
        assert made.layer_count == 1
        assert made.nodes[2].output is None

    def test_where_its_text_begins(self):
        assert Assembler().network.start is None
        source = Source("model.txt", "relu\n")
        assert Assembler(source).network.start == Span(source, 1, 1, 2)
        assert (Assembler().network.layout, Assembler(layout="hwc").network.layout) == ("chw", "hwc")
        assert Assembler().network.source.name == "network"


def test_memory_is_missed_while_there_is_still_some(monkeypatch):
    """A network that there is no room for is given up early: without any room Python itself crashes."""
    from cnncalc.network import assembler

    monkeypatch.setattr(assembler, "STEP", 10)
    monkeypatch.setattr(assembler, "LAYER_BYTES", 2**50)
    made = Assembler()
    place = made.add_input("input", (3, 8, 8))
    relu = made.layer("relu", {})
    for _ in range(10):
        place = made.apply(relu, (place,)).node
    with pytest.raises(MemoryError):
        made.apply(relu, (place,))
    assert made.layer_count == 10
