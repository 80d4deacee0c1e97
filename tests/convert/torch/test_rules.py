"""Single calls: what they give, what they cost, and what PyTorch refuses, worked out by hand."""

import pytest

import cnncalc
from cnncalc.convert.torch.rules import RULES
from cnncalc.convert.torch.trace import Trace, Where
from cnncalc.convert.torch.values import Samples, Tensor, Unknown, spelled
from cnncalc.diagnostics import Source
from cnncalc.network.assembler import Assembler

N = Samples()


class Tape:
    """A trace with an input of a shape, and the faults that it tells."""

    def __init__(self, *shape, **how):
        self.assembler = Assembler(Source("net.py", ""))
        self.errors = []
        source = self.assembler.network.source
        self.trace = Trace(source, self.assembler, refused=lambda _, error, __: self.errors.append(error), **how)
        self.x = self.trace.input("x", (N, *shape))

    @property
    def faults(self):
        return [str(error) for error in self.errors]

    def call(self, name, *args, **named):
        return self.trace.call(name, args, named, Where(name, None, name))

    def weights(self, *shape):
        return self.trace.stored("weight", shape)

    def totals(self):
        network = self.assembler.finish(self.trace.finish())
        return cnncalc.analyze(network).totals


def shown(made):
    if isinstance(made, tuple):
        return " ".join(map(shown, made))
    return spelled(made.sizes) if isinstance(made, Tensor) else str(made)


CALLS = [
    ((6, 8, 8), lambda t, x: t.call("flatten", x, 1), "Nx384"),
    ((6, 8, 8), lambda t, x: t.call("view", x, t.call("size", x, 0), -1), "Nx384"),
    ((6, 8, 8), lambda t, x: t.call("view", x, t.call("size", x, 0) * 6, 8, 8), "6*Nx8x8"),
    ((6, 8, 8), lambda t, x: t.call("permute", x, 0, 2, 3, 1), "Nx8x8x6"),
    ((6, 8, 8), lambda t, x: t.call("transpose", x, 0, 1), "6xNx8x8"),
    ((6, 8, 8), lambda t, x: t.call("movedim", x, 1, -1), "Nx8x8x6"),
    ((6, 8, 8), lambda t, x: t.call("unflatten", x, 1, (2, -1)), "Nx2x3x8x8"),
    ((1, 8), lambda t, x: t.call("squeeze", x), "Nx8"),
    ((1, 8), lambda t, x: t.call("squeeze", x, 2), "Nx1x8"),
    ((8,), lambda t, x: t.call("unsqueeze", x, -1), "Nx8x1"),
    ((1, 8), lambda t, x: t.call("expand", x, -1, 5, -1), "Nx5x8"),
    ((3, 8), lambda t, x: t.call("repeat", x, 1, 2, 3), "Nx6x24"),
    ((3, 8), lambda t, x: t.call("repeat_interleave", x, 2, 1), "Nx6x8"),
    ((6, 8), lambda t, x: t.call("chunk", x, 4, 1), "Nx2x8 Nx2x8 Nx2x8"),
    ((7, 8), lambda t, x: t.call("split", x, 3, 1), "Nx3x8 Nx3x8 Nx1x8"),
    ((7, 8), lambda t, x: t.call("split", x, [3, 4], dim=1), "Nx3x8 Nx4x8"),
    ((7, 8), lambda t, x: t.call("tensor_split", x, 3, 1), "Nx3x8 Nx2x8 Nx2x8"),
    ((2, 8), lambda t, x: t.call("unbind", x, 1), "Nx8 Nx8"),
    ((7, 8), lambda t, x: t.call("getitem", x, (slice(None), 0)), "Nx8"),
    ((7, 8), lambda t, x: t.call("getitem", x, (Ellipsis, None, slice(1, None, 2))), "Nx7x1x4"),
    ((7, 8), lambda t, x: t.call("getitem", x, 0), "7x8"),
    ((7, 8), lambda t, x: t.call("getitem", x, (slice(None), [0, 2, 2])), "Nx3x8"),
    ((7, 8), lambda t, x: t.call("narrow", x, 1, 2, 3), "Nx3x8"),
    ((7, 8), lambda t, x: t.call("select", x, 1, -1), "Nx8"),
    ((7, 8), lambda t, x: t.call("unfold", x, 2, 4, 2), "Nx7x3x4"),
    ((3, 8, 8), lambda t, x: t.call("im2col", x, 3, padding=1), "Nx27x64"),
    ((7, 8), lambda t, x: t.call("cat", [x, x], dim=-1), "Nx7x16"),
    ((7, 8), lambda t, x: t.call("cat", [x, x]), "2*Nx7x8"),
    ((7, 8), lambda t, x: t.call("stack", [x, x], 1), "Nx2x7x8"),
    ((7, 8), lambda t, x: t.call("matmul", x, t.call("transpose", x, 1, 2)), "Nx7x7"),
    ((7, 8), lambda t, x: t.call("einsum", "nij,nkj->nik", x, x), "Nx7x7"),
    ((7, 8), lambda t, x: t.call("einsum", "...ij,...kj", x, x), "Nx7x7"),
    ((7, 8), lambda t, x: t.call("mean", x, (1, 2), keepdim=True), "Nx1x1"),
    ((7, 8), lambda t, x: t.call("max", x, 1), "Nx8 Nx8"),
    ((7, 8), lambda t, x: t.call("topk", x, 3), "Nx7x3 Nx7x3"),
    ((7, 8), lambda t, x: t.call("norm", x, dim=1), "Nx8"),
    ((3, 8, 8), lambda t, x: t.call("interpolate", x, scale_factor=1.7), "Nx3x13x13"),
    ((3, 8, 8), lambda t, x: t.call("interpolate", x, size=(5, 4), mode="bilinear"), "Nx3x5x4"),
    ((3, 8, 8), lambda t, x: t.call("pad", x, (1, 2, 0, -3)), "Nx3x5x11"),
    ((4, 8, 8), lambda t, x: t.call("pixel_shuffle", x, 2), "Nx1x16x16"),
    ((3, 9, 9), lambda t, x: t.call("max_pool2d", x, 2, ceil_mode=True, return_indices=True), "Nx3x5x5 Nx3x5x5"),
    ((3, 9, 9), lambda t, x: t.call("adaptive_avg_pool2d", x, (None, 2)), "Nx3x9x2"),
    ((3, 9, 9), lambda t, x: t.call("mul", x, t.call("zeros", 3, 1, 1)), "Nx3x9x9"),
    ((3, 9), lambda t, x: t.call("numel", x), "27*N"),
    ((3, 9), lambda t, x: t.call("size", x), "N 3 9"),
    ((3, 9), lambda t, x: t.call("add", x, x, alpha=2), "Nx3x9"),
    ((3, 9), lambda t, x: t.call("meshgrid", t.call("arange", 3), t.call("arange", 4), indexing="xy"), "4x3 4x3"),
    ((3, 9), lambda t, x: t.call("tolist", t.call("view", t.call("arange", 4), 2, 2)), "[[0, 1], [2, 3]]"),
    ((3, 9), lambda t, x: t.call("item", t.call("sum", t.call("arange", 5))), "10"),
    ((3, 9), lambda t, x: t.call("tolist", t.call("mul", t.call("arange", 1, 4), 2)), "[2, 4, 6]"),
]


@pytest.mark.parametrize(("shape", "call", "made"), CALLS, ids=range(len(CALLS)))
def test_calls(shape, call, made):
    tape = Tape(*shape)
    assert shown(call(tape, tape.x)) == made
    assert not tape.faults


REFUSED = [
    (
        (1, 8, 8),
        lambda t, x: t.call("conv2d", x, t.weights(8, 3, 3, 3)),
        "it is made for 3 channels, and the input Nx1x8x8 has 1",
    ),
    ((3, 2, 2), lambda t, x: t.call("conv2d", x, t.weights(8, 3, 3, 3)), "the 3x3 window does not fit"),
    (
        (400,),
        lambda t, x: t.call("linear", x, t.weights(10, 256)),
        "it is made for 256 values, and the input Nx400 has 400 on its last axis",
    ),
    (
        (8, 4, 4),
        lambda t, x: t.call("batch_norm", x, t.weights(6), t.weights(6)),
        "it is made for 6 channels, and the input Nx8x4x4 has 8",
    ),
    ((7, 8), lambda t, x: t.call("view", x, -1, 9), "Nx7x8 has N*56 values, which the 9 of [-1, 9] do not divide"),
    ((7, 8), lambda t, x: t.call("view", x, 1, 7, 9), "Nx7x8 has N*56 values, and [1, 7, 9] has 63"),
    ((7, 8), lambda t, x: t.call("cat", [x, t.call("unsqueeze", x, 1)]), "as many axes of each"),
    (
        (7, 8),
        lambda t, x: t.call("cat", [x, t.call("narrow", x, 2, 0, 5)], 1),
        "do not go together along axis 1: 8 and 5 on axis 2",
    ),
    ((7, 8), lambda t, x: t.call("add", x, t.call("zeros", 7, 5)), "do not go together: 8 and 5 on axis 2"),
    ((7, 8), lambda t, x: t.call("matmul", x, x), "8 columns, 7 rows"),
    ((7, 8), lambda t, x: t.call("permute", x, 0, 1), "each is named once"),
    ((7, 8), lambda t, x: t.call("transpose", x, 1, 3), "dim1=3 of a tensor with 3 axes"),
    ((7, 8), lambda t, x: t.call("getitem", x, (0, 7)), "index 7 of the 7 on axis 1"),
    ((7, 8), lambda t, x: t.call("max_pool2d", x, 2, padding=2), "padding=2 is more than half of kernel_size=2"),
    ((7, 8), lambda t, x: t.call("layer_norm", x, (7,)), "it is made for 7, and of the input Nx7x8 its last axis is 8"),
    ((7, 8), lambda t, x: t.call("group_norm", x, 3), "num_groups=3 does not divide the 7 channels"),
    ((7, 8), lambda t, x: t.call("expand", x, -1, 7, 9), "8 is no 9"),
    (
        (7, 8),
        lambda t, x: t.call("relu", x, 1, nonsense=2) and t.call("flatten", x, 2, 1),
        "start_dim=2 is behind end_dim=1",
    ),
    ((7, 8), lambda t, x: t.call("flatten", x, begin=1), "flatten() takes no argument begin"),
    ((7, 8), lambda t, x: t.call("flatten", x, 1, 2, 3), "flatten() takes 3 arguments, and 4 are given"),
    ((7, 8), lambda t, x: t.call("transpose", x, 1), "transpose() is called without dim1"),
]


@pytest.mark.parametrize(("shape", "call", "fault"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_refused(shape, call, fault):
    tape = Tape(*shape)
    made = call(tape, tape.x)
    assert made.shape is None
    assert len(tape.faults) == 1 and fault in tape.faults[0], tape.faults
    totals = tape.totals()
    assert totals.macs is None


def test_costs():
    tape = Tape(8, 6, 6)
    tape.call("conv2d", tape.x, tape.weights(4, 8, 3, 3), tape.weights(4))
    rows = tape.call("view", tape.x, tape.call("size", tape.x, 0) * 8, 6, 6)
    tape.call("linear", rows, tape.weights(5, 6))
    totals = tape.totals()
    assert totals.params == 4 * 8 * 9 + 4 + 30 and totals.macs == 16 * 4 * 72 + 8 * 6 * 30


def test_what_is_not_known():
    tape = Tape(8)
    assert tape.call("mine", tape.x).shape is None
    assert isinstance(tape.call("item", tape.x), Unknown)
    assert tape.call("view", tape.x, Unknown("why")).shape is None
    assert tape.call("nonzero", tape.x).shape is None
    assert tape.call("relu", tape.call("mine", tape.x)).shape is None
    assert not tape.faults
    network = tape.assembler.finish(tape.trace.finish())
    (note,) = network.diagnostics
    assert "'mine'" in note.message


def test_rows_of_samples_that_are_split_are_warned_of():
    tape = Tape(1600)
    tape.call("view", tape.x, -1, 400)
    ((where, remark),) = tape.trace.remarks
    assert where.name == "view" and remark.message == "a sample has 1,600 values: 1,600/400 = 4 rows of every sample"


def test_what_is_written_over_is_read():
    tape = Tape(8)
    whole = tape.call("zeros", tape.call("size", tape.x, 0), 8)
    tape.call("copy_", tape.call("getitem", whole, (slice(None), slice(0, 8))), tape.x)
    assert not whole.fixed
    tape.call("linear", whole, tape.weights(3, 8))
    assert tape.totals().macs == 24


def test_the_table_has_functions_that_bind():
    assert len(RULES) > 500
    assert all(rule.__code__.co_argcount for rule in RULES.values())


@pytest.mark.parametrize(
    ("shape", "call", "made"),
    [
        ((7, 8), lambda t, x: t.call("_fft_r2c", x, [1, 2], 0, True), "Nx7x5"),
        ((7, 8), lambda t, x: t.call("fft_rfft2", x, dim=(1, 2)), "Nx7x5"),
        ((7, 5), lambda t, x: t.call("fft_irfft2", x, s=(7, 8), dim=(1, 2)), "Nx7x8"),
        ((7, 5), lambda t, x: t.call("fft_irfft", x), "Nx7x8"),
        ((7, 5), lambda t, x: t.call("diag_embed", x), "Nx7x5x5"),
        ((6, 5), lambda t, x: t.call("hsplit", x, 2), "Nx3x5 Nx3x5"),
        ((6, 5), lambda t, x: t.call("aminmax", x, dim=1), "Nx5 Nx5"),
        ((6, 5), lambda t, x: t.call("rot90", x, 1, (1, 2)), "Nx5x6"),
        ((6, 5), lambda t, x: t.call("mse_loss", x, x), "a scalar"),
        ((6, 5), lambda t, x: t.call("mse_loss", x, x, reduction="none"), "Nx6x5"),
        ((6, 5), lambda t, x: t.call("is_floating_point", x), "True"),
        ((6, 5), lambda t, x: t.call("native_dropout", x, 0.5, True), "Nx6x5 Nx6x5"),
    ],
    ids=range(12),
)  # fmt: skip
def test_seldom_ones(shape, call, made):
    tape = Tape(*shape)
    assert shown(call(tape, tape.x)) == made
    assert not tape.faults


def test_a_product_of_zeros_of_every_sample_is_work():
    tape = Tape(8)
    state = tape.call("zeros", tape.call("size", tape.x, 0), 8)
    made = tape.call("linear", state, tape.weights(3, 8))
    tape.call("add", made, tape.call("linear", tape.x, tape.weights(3, 8)))
    totals = tape.totals()
    assert totals.macs == 48 and totals.params == 48
