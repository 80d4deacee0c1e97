"""The dense, unshared and shared counts, held to every connection counted one by one, and to mlp.md's figures."""

import random
from fractions import Fraction
from itertools import product
from math import prod

import pytest

import cnncalc
from cnncalc.measure import analyze
from cnncalc.measure.mlp import Equivalents
from helpers import clean, network


def equivalents(text, hidden=None, **options):
    return Equivalents(analyze(network(text), **options), hidden)


def only(text, **options):
    (found,) = equivalents(text, **options).layers.values()
    return found


def axis_connections(size, kernel, stride, dilation, before, output):
    """Pairs of an output and an input that a tap joins, by trying all."""
    return sum(0 <= stride * out + dilation * tap - before < size for out in range(output) for tap in range(kernel))


def random_axis(draw):
    return {
        "size": draw.randint(1, 9),
        "kernel": draw.randint(1, 5),
        "stride": draw.randint(1, 4),
        "dilation": draw.randint(1, 3),
        "before": draw.randint(0, 4),
        "after": draw.randint(0, 4),
    }


def spelled(axes, key):
    return "x".join(str(axis[key]) for axis in axes)


def arguments(axes):
    pads = "x".join(f"{axis['before']}:{axis['after']}" for axis in axes)
    kernel, stride, dilation = (spelled(axes, key) for key in ("kernel", "stride", "dilation"))
    return kernel, f"stride={stride} dilation={dilation} pad={pads}"


@pytest.mark.parametrize("kind", ["conv", "dwconv", "localconv", "upconv"])
def test_connections_counted_one_by_one(kind):
    draw = random.Random(kind)
    checked = 0
    while checked < 150:
        axes = [random_axis(draw) for _ in range(draw.randint(1, 3))]
        channels, filters, groups = 6, 6, draw.choice([1, 2, 3])
        kernel, rest = arguments(axes)
        given = {"conv": f"conv {filters} {kernel} {rest} groups={groups}", "dwconv": f"dwconv {kernel} {rest}",
                 "localconv": f"localconv {filters} {kernel} {rest}",
                 "upconv": f"upconv {filters} {kernel} {rest} groups={groups}"}[kind]  # fmt: skip
        built = network(f"input {channels}@{spelled(axes, 'size')}\n{given}")
        if any(one.severity == "error" for one in built.diagnostics):
            continue
        checked += 1
        (one,) = Equivalents(analyze(built)).layers.values()
        sizes = one.output[1:]
        pairs = channels * filters // groups if kind in ("conv", "upconv") else {"dwconv": 6, "localconv": 36}[kind]
        for axis, output in zip(axes, sizes, strict=True):
            plain = [axis["kernel"], axis["stride"], axis["dilation"], axis["before"]]
            pairs *= (
                axis_connections(output, *plain, axis["size"])
                if kind == "upconv"
                else axis_connections(axis["size"], *plain, output)
            )
        assert one.trio.local.weights == one.trio.local.macs == one.inside == pairs, given
        assert one.trio.dense.weights == prod(one.input) * prod(one.output)
        sparsity, sharing, total = one.trio.sparsity, one.trio.sharing, one.trio.total
        assert sparsity * sharing == total if pairs else sparsity is None


@pytest.mark.parametrize("size", range(1, 8))
@pytest.mark.parametrize("arguments", ["3", "4 stride=2", "2 stride=3", "3 dilation=2 stride=2", "5 stride=4"])
def test_pad_same_of_a_transposed_convolution(size, arguments):
    """It crops what the convolution from its output to its input pads: the matrix is the transposed one."""
    up = only(f"input 1@{size}\nupconv 1 {arguments} pad=same")
    down = only(f"input 1@{up.output[1]}\nconv 1 {arguments} pad=same")
    assert down.output[1] == size
    assert up.trio.local.weights == down.trio.local.weights
    assert up.trio.dense.weights == down.trio.dense.weights


class TestLayers:
    def test_the_course_notes_first_layer(self):
        one = only("input 3x227x227\nconv 96 11 stride=4")
        conv, local, dense = one.trio
        assert (conv.params, local.params, dense.params) == (34_944, 105_705_600, 44_892_355_200)
        assert (one.inputs, one.outputs, one.taps) == (154_587, 290_400, 363)
        assert conv.macs == 290_400 * 363

    def test_the_factors_are_exact(self):
        trio = only("input 1x200x200\nconv 1 3 pad=1 bias=no").trio
        assert (trio.conv.weights, trio.local.weights, trio.dense.weights) == (9, 357_604, 1_600_000_000)
        assert (trio.sparsity, trio.sharing) == (Fraction(400_000_000, 89_401), Fraction(357_604, 9))
        assert trio.total == Fraction(1_600_000_000, 9)

    def test_padding_taps_count_in_the_convolution_only(self):
        one = only("input 1x4x4\nconv 1 3 pad=1")
        assert (one.trio.conv.macs, one.inside, one.trio.local.macs) == (144, 100, 100)

    def test_localconv_shares_nothing(self):
        trio = only("input 2x5x5\nlocalconv 3 3").trio
        assert trio.sharing == 1
        assert trio.conv == trio.local

    def test_biases(self):
        with_bias, without = (only(f"input 2x5x5\nconv 3 3 bias={word}").trio for word in ("yes", "no"))
        assert [cost.biases for cost in with_bias] == [3, 27, 27]
        assert [cost.biases for cost in without] == [0, 0, 0]

    def test_taps_of_a_transposed_convolution(self):
        one = only("input 4@5\nupconv 6 3 groups=2")
        assert one.taps == 9
        assert one.trio.conv.macs == one.inputs * one.taps

    def test_no_tap_meets_the_input(self):
        trio = only("input 1@1\nconv 1 2 dilation=3 pad=1:2").trio
        assert trio.local.weights == 0
        assert (trio.sparsity, trio.sharing) == (None, 0)
        assert trio.to_dict()["sparsity"] is None

    def test_the_batch_multiplies_macs_only(self):
        one, four = (only("input 2x5x5\nconv 3 3", batch=batch) for batch in (1, 4))
        for less, more in zip(one.trio, four.trio, strict=True):
            assert (more.weights, more.biases, more.macs) == (less.weights, less.biases, 4 * less.macs)
        assert four.inside == 4 * one.inside


class TestNetworks:
    def test_all_other_layers_keep_their_own(self):
        found = equivalents("input 2x6x6\nconv 4 3 | bn | relu | flatten | fc 5")
        one = found.layers["conv1"]
        assert found.unrolled.params == one.trio.dense.params + 2 * 4 + 5 * 64 + 5
        assert found.unrolled.macs == one.trio.dense.macs + 5 * 64
        assert found.actual.params == one.trio.conv.params + 8 + 325

    def test_unrolled_is_the_sum_of_linear_layers(self):
        found = equivalents(
            "input 1x32x32\nconv 6 5 | avgpool 2 | conv 16 5 | avgpool 2 | conv 120 5 | flatten | fc 84"
        )
        shapes = [(1024, 4704), (1176, 1600), (400, 120), (120, 84)]
        assert found.unrolled.params == sum(one * other + other for one, other in shapes)

    def test_shared_weights_on_equal_inputs_are_one_matrix(self):
        text = "input 2x6x6\na = conv 2 3 pad=1\nb = conv 2 3 pad=1 share=@a"
        found = equivalents(text)
        conv, local, dense = found.sums
        one = found.layers["a"].trio
        assert (conv.weights, local.weights, dense.weights) == tuple(cost.weights for cost in one)
        assert dense.macs == 2 * one.dense.macs
        assert local.macs == 2 * one.local.macs
        assert (conv.biases, local.biases, dense.biases) == (2, one.local.biases, one.dense.biases)
        assert found.layers["b"].owner == "a"
        assert found.layers["b"].trio == one

    def test_shared_weights_on_other_inputs_are_another_matrix(self):
        found = equivalents("input 2x6x6\na = conv 2 3 pad=1\nmaxpool 2\nb = conv 2 3 pad=1 share=@a")
        one, other = (found.layers[name].trio for name in "ab")
        assert found.sums.conv.weights == one.conv.weights == found.actual.params - 2
        assert found.sums.dense.weights == one.dense.weights + other.dense.weights
        assert found.unrolled.params == one.dense.params + other.dense.params

    def test_train_heads_do_not_run(self):
        found = equivalents("input 2x6x6\nconv 2 3\nhead aux train:\n    conv 7 3\nflatten | fc 3")
        assert set(found.layers) == {"conv1", "conv2"}
        assert (found.convolutions, found.sums) == (1, found.layers["conv1"].trio)
        assert found.outputs == 3

    def test_all_inputs_and_all_outputs_of_inference(self):
        text = """
a = input 2x6x6
b = input 3@5
@a | flatten | fc 4
head h:
    fc 2
x = fc 9
z = @b | flatten | fc 7
output @x @z
"""
        found = equivalents(text)
        assert found.inputs == 72 + 15
        assert found.outputs == 9 + 7 + 2

    def test_what_is_not_known(self):
        found = equivalents("input 2x6x6\nconv 2 3\nconv 3 9\nconv 2 3", hidden=(8,))
        assert set(found.layers) == {"conv1"}
        document = found.to_dict()
        assert {document[name] for name in ("unrolled", "unshared", "same_params", "same_macs", "dense")} == {None}
        lost = equivalents("input 2x6x6\nx = conv 2 3\nhead h:\n    conv 9 99\n@x | flatten | fc 3")
        assert (lost.inputs, lost.outputs) == (72, None)
        lost = equivalents("input 2x6x6\nx = conv 2 3\nhead h:\n    nn.Linear(3, 4)\n@x | flatten | fc 3")
        assert (lost.inputs, lost.outputs) == (72, None)

    def test_no_convolution(self):
        found = equivalents("input 8\nfc 4")
        assert (found.convolutions, found.unrolled) == (0, found.actual)
        assert found.to_dict()["sparsity"] is None

    def test_alexnet_in_bytes(self):
        found = Equivalents(cnncalc.analyze(cnncalc.load("@alexnet")), (4096,))
        assert found.custom.first == 616_562_688
        assert round(found.bytes(found.unrolled.params) / 2**30) == 158
        halves = Equivalents(cnncalc.analyze(cnncalc.load("@alexnet"), dtype="fp16"))
        assert 2 * halves.bytes(halves.unrolled.params) == found.bytes(found.unrolled.params)

    def test_a_batch_leaves_the_budget_mlps_alone(self):
        one, many = (equivalents("input 2x6x6\nconv 4 3 | flatten | fc 5", batch=batch) for batch in (1, 8))
        assert one.same_macs == many.same_macs
        assert [entry["macs"] for entry in many.to_dict()["same_macs"]] == [8 * mlp.macs for mlp in one.same_macs]


@pytest.mark.parametrize(("rank", "groups"), list(product((1, 2, 3), (1, 2))))
def test_one_position_is_a_dense_layer(rank, groups):
    """A convolution as large as its input is fully connected: nothing is saved but by groups."""
    size = "x".join(["3"] * rank)
    trio = only(f"input 4@{size}\nconv 6 {size} groups={groups}").trio
    assert (trio.sparsity, trio.sharing) == (groups, 1)


def test_many_layers_are_no_matter():
    built = clean("input 2@8\nrepeat 3000:\n    conv 2 3 pad=1")
    found = Equivalents(analyze(built))
    assert found.convolutions == 3000
    assert found.sums.dense.weights == 3000 * 256


def test_the_document():
    """A 3x3 convolution of 2 filters over 1x4x4 has 18 weights, 2x4 outputs and 72 connections; dense it has 16·8."""
    found = equivalents("input 1x4x4\nconv 2 3\nflatten | fc 3", (5,), batch=2, dtype="fp16").to_dict()
    conv, local, dense = 18 + 2, 72 + 8, 128 + 8
    assert found == {
        "inputs": 16, "outputs": 3, "convolutions": 1,
        "unrolled": {"params": dense + 27, "macs": 2 * (128 + 24), "bytes": 2 * (dense + 27),
                     "params_ratio": (dense + 27) / (conv + 27), "macs_ratio": (128 + 24) / (72 + 24)},
        "unshared": {"params": local + 27, "macs": 2 * (72 + 24), "bytes": 2 * (local + 27),
                     "params_ratio": (local + 27) / (conv + 27), "macs_ratio": 1.0},
        "same_params": [
            {"hidden": [2], "params": 43, "macs": 2 * 38, "first": 32, "fits": True},
            {"hidden": [1, 1], "params": 25, "macs": 2 * 20, "first": 16, "fits": True},
        ],
        "same_macs": [
            {"hidden": [5], "params": 103, "macs": 2 * 95, "first": 80, "fits": True},
            {"hidden": [4, 4], "params": 103, "macs": 2 * 92, "first": 64, "fits": True},
        ],
        "conv": {"weights": 18, "biases": 2, "macs": 2 * 72}, "local": {"weights": 72, "biases": 8, "macs": 2 * 72},
        "dense": {"weights": 128, "biases": 8, "macs": 2 * 128}, "sparsity": 128 / 72, "sharing": 4.0, "total": 128 / 18,
        "custom": {"hidden": [5], "params": 103, "macs": 2 * 95, "first": 80, "bytes": 206},
    }  # fmt: skip


def test_the_document_of_what_is_not_known():
    found = equivalents("input 1x4x4\nconv 2 9\nfc 3").to_dict()
    assert {name: value for name, value in found.items() if value is not None} == {"inputs": 16, "convolutions": 0}
    assert {"unrolled", "unshared", "same_params", "same_macs", "conv", "local", "dense", "total"} < set(found)


def test_only_costs_are_added_to_costs():
    trio = only("input 2x5x5\nconv 3 3").trio
    for one, other in ((trio, 1), (trio.conv, 1), (trio, trio.conv), (trio.conv, trio)):
        with pytest.raises(TypeError, match="unsupported operand"):
            one + other
    assert trio + trio == trio.__class__(*(cost + cost for cost in trio))
    assert tuple(trio.conv + trio.dense) == tuple(map(sum, zip(trio.conv, trio.dense, strict=True)))


def test_an_input_may_be_an_output():
    found = equivalents("x = input 2x6x6\nb = conv 3 3\noutput @x @b @x")
    assert (found.inputs, found.outputs) == (72, 72 + 48)


def test_folded_the_network_is_set_against_as_it_is_written():
    """Layer by layer nothing is folded: all but the bytes is the same."""
    text = "input 3x8x8\nconv 4 3 bias=no | bn | relu | flatten | fc 5"
    eager, fused = (equivalents(text, (7,), execution=way, batch=2) for way in ("eager", "fused"))
    assert fused.to_dict() == eager.to_dict()
    assert fused.actual == (108 + 8 + 144 * 5 + 5, 2 * (108 * 36 + 720))
