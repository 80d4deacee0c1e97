"""Exports of PyTorch, read, beside what PyTorch says of the same graph: every shape, parameters, MACs.

Modules of our own, with what graphs hold, as they are exported and decomposed; and torchvision's architectures, where it
is installed (`pip install --no-deps torchvision==0.28.0`).
"""

import json
import re
import warnings
import zipfile

import pytest

torch = pytest.importorskip("torch")
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402
from torch.utils.flop_counter import FlopCounterMode  # noqa: E402

import cnncalc  # noqa: E402

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]


class Layers(nn.Module):
    """A module that runs a function of its layers."""

    def __init__(self, run, **layers):
        super().__init__()
        self.run = run
        for name, layer in layers.items():
            setattr(self, name, layer)

    def forward(self, *inputs):
        return self.run(self, *inputs)


def windows(m, x):
    """Windows cut, put into the rows, and back: as Swin has them."""
    n, c, h, w = x.shape
    x = x.view(n, c, h // 4, 4, w // 4, 4).permute(0, 2, 4, 3, 5, 1).reshape(-1, 16, c)
    x = m.fc(x).view(n, h // 4, w // 4, 4, 4, -1).permute(0, 5, 1, 3, 2, 4)
    return x.reshape(n, -1, h, w)


def filled(m, x):
    """A tensor of zeros that is filled part by part."""
    y = torch.zeros(x.shape[0], 6, *x.shape[2:])
    y[:, :3] = x
    y[:, 3:] = x * 2
    return m.conv(y)


def gated(m, x):
    x = m.conv(x)
    a, b = x.chunk(2, 1)
    return a * torch.sigmoid(b) + F.adaptive_avg_pool2d(a, 1).expand_as(a) - b.mean((2, 3), keepdim=True)


def attend(m, x):
    t = x.flatten(2).transpose(1, 2)
    q, k, v = m.qkv(t).reshape(t.shape[0], t.shape[1], 3, 2, -1).permute(2, 0, 3, 1, 4).unbind(0)
    s = (q @ k.transpose(-2, -1) * 0.5).softmax(-1)
    return torch.einsum("bhij,bhjd->bihd", s, v).flatten(2) + m.pos


def frames(m, x):
    """Pictures of a film, each by itself, then together."""
    b, t = x.shape[:2]
    y = m.conv(x.reshape(b * t, *x.shape[2:])).relu()
    y = y.mean((-2, -1)).view(b, t, -1)
    y, _ = m.gru(y)
    return m.fc(y[:, -1])


class Attending(Layers):
    def __init__(self):
        super().__init__(attend, qkv=nn.Linear(8, 24))
        self.pos = nn.Parameter(torch.zeros(1, 64, 8))


conv = nn.Conv2d
MODULES = {
    "residual": (lambda: Layers(lambda m, x: F.relu(m.bn(m.c(x)) + x, inplace=True), c=conv(3, 3, 3, padding=1), bn=nn.BatchNorm2d(3)), [(3, 8, 8)]),
    "windows": (lambda: Layers(windows, fc=nn.Linear(3, 5)), [(3, 8, 8)]),
    "filled": (lambda: Layers(filled, conv=conv(6, 2, 1)), [(3, 8, 8)]),
    "gated": (lambda: Layers(gated, conv=conv(3, 8, 3, padding="same", dilation=2)), [(3, 8, 8)]),
    "attention": (Attending, [(8, 8, 8)]),
    "frames": (lambda: Layers(frames, conv=conv(3, 4, 3, 2), gru=nn.GRU(4, 6, batch_first=True), fc=nn.Linear(6, 2)), [(5, 3, 9, 9)]),
    "two inputs": (lambda: Layers(lambda m, a, b: m.f(torch.cat([a.flatten(1), b], 1)), f=nn.Linear(16, 4)), [(3, 2, 2), (4,)]),
    "transformer": (lambda: nn.TransformerEncoder(nn.TransformerEncoderLayer(16, 2, 32, batch_first=True), 2, enable_nested_tensor=False), [(6, 16)]),
    "lstm": (lambda: Layers(lambda m, x: m.l(x)[0], l=nn.LSTM(5, 7, 2, batch_first=True, bidirectional=True)), [(4, 5)]),
    "heads": (lambda: Layers(lambda m, x: m.a(x, x, x, need_weights=False)[0], a=nn.MultiheadAttention(8, 2, batch_first=True)), [(6, 8)]),
    "unet": (lambda: Layers(lambda m, x: m.d(torch.cat([F.interpolate(m.u(m.p(x)), scale_factor=2, mode="bilinear"), x], 1)), p=nn.MaxPool2d(2), u=nn.ConvTranspose2d(3, 4, 3, 1, 1), d=conv(7, 2, 3, padding=1)), [(3, 8, 8)]),
    "norms": (lambda: nn.Sequential(conv(3, 8, 1), nn.GroupNorm(2, 8), nn.InstanceNorm2d(8, affine=True), nn.LayerNorm([8, 6, 6]), nn.LocalResponseNorm(3), nn.PReLU(8)), [(3, 6, 6)]),
    "activations": (lambda: nn.Sequential(*[getattr(nn, name)() for name in "ReLU ReLU6 LeakyReLU ELU SELU GELU SiLU Mish Hardswish Hardsigmoid Sigmoid Tanh Softplus Softsign LogSigmoid CELU Hardtanh Tanhshrink Hardshrink Softshrink".split()]), [(3, 4, 4)]),
    "pools": (lambda: nn.Sequential(nn.MaxPool2d(3, 2, 1, ceil_mode=True), nn.AvgPool2d(2, 1, 1, count_include_pad=False), nn.LPPool2d(2, 2), nn.AdaptiveMaxPool2d((3, 2)), nn.AdaptiveAvgPool2d((2, None))), [(3, 25, 31)]),
    "pads": (lambda: nn.Sequential(nn.ZeroPad2d((1, 2, 3, 4)), nn.ReflectionPad2d((2, 1, 2, 0)), nn.ReplicationPad2d(1), nn.CircularPad2d(1), nn.PixelUnshuffle(2), nn.PixelShuffle(2), nn.Upsample(scale_factor=1.7), nn.ChannelShuffle(2)), [(4, 7, 6)]),
    "one axis": (lambda: nn.Sequential(nn.Conv1d(3, 8, 5, 2, groups=1), nn.BatchNorm1d(8), nn.GLU(1), nn.ConvTranspose1d(4, 6, 4, 2, 1, output_padding=1, groups=2), nn.AdaptiveAvgPool1d(3), nn.Flatten(), nn.Linear(18, 2), nn.LogSoftmax(1)), [(3, 33)]),
    "three axes": (lambda: nn.Sequential(nn.Conv3d(2, 4, (1, 3, 3), (1, 2, 2), (0, 1, 1)), nn.BatchNorm3d(4, affine=False), nn.MaxPool3d(2), nn.ConvTranspose3d(4, 2, 2, 2), nn.AdaptiveAvgPool3d(1), nn.Flatten(), nn.Dropout(), nn.Linear(2, 5)), [(2, 6, 12, 12)]),
    "parts": (lambda: Layers(lambda m, x: torch.stack([x[:, 0], x[:, -1], x.select(1, 1), x.narrow(1, 2, 1).squeeze(1)], 1)[..., 1:-1, ::2].unsqueeze(2).repeat(1, 1, 2, 1, 1).flatten(1, 2).flip(1).roll(1, 2).unfold(3, 2, 1).movedim(-1, 1)), [(4, 6, 9)]),
    "unpool": (lambda: Layers(lambda m, x: m.u(*m.p(x)), p=nn.MaxPool2d(2, return_indices=True), u=nn.MaxUnpool2d(2)), [(3, 8, 8)]),
    "unfold": (lambda: Layers(lambda m, x: F.fold(F.unfold(x, 3, padding=1), (8, 8), 3, padding=1)), [(3, 8, 8)]),
    "reduce": (lambda: Layers(lambda m, x: torch.cat([x.amax((2, 3)), x.sum((2, 3)), x.var((2, 3)), x.flatten(2).norm(dim=2), x.max(3)[0].max(2)[0], x.flatten(2).topk(2, 2)[0].mean(2)], 1)), [(3, 5, 6)]),
    "sampled": (lambda: Layers(lambda m, x: F.grid_sample(x, F.affine_grid(m.f(x.flatten(1)).view(-1, 2, 3), list(x.shape)), align_corners=False), f=nn.Linear(48, 6)), [(3, 4, 4)]),
}  # fmt: skip


def sizes_of(entry):
    """Sizes as the file has them, with one sample where their number is free."""
    made = []
    for one in entry["sizes"]:
        formula = "" if "as_int" in one else one["as_expr"]["expr_str"]
        times = re.fullmatch(r"Mul\(Integer\((\d+)\), Symbol\(.*\)\)", formula)
        made.append(one["as_int"] if not formula else int(times[1]) if times else 1)
    return made


def compared(path, module, inputs):
    """Holds a file to what PyTorch wrote into it, and to its counts."""
    with zipfile.ZipFile(path) as archive:
        document = json.loads(
            archive.read(next(name for name in archive.namelist() if name.endswith("models/model.json")))
        )
    graph = document["graph_module"]["graph"]
    for raw in (True, False):
        network = cnncalc.load(str(path), raw=raw)
        assert not network.diagnostics, [one.message for one in network.diagnostics]
        found = cnncalc.analyze(network).to_dict()
        rows = [row for layer in found["layers"] for row in layer.get("results", [layer])]
        for row in rows:
            if row["tensor"] is not None:
                assert row["full"] == sizes_of(graph["tensor_values"][row["tensor"]]), row
        assert found["totals"]["params"] == sum(one.numel() for one in module.parameters())
        assert found["totals"]["macs"] == macs(module, inputs)


def macs(module, inputs):
    """Half of PyTorch's count, of one sample; of recurrent layers by counting.md, for it does not see all of them."""
    counter = FlopCounterMode(display=False)
    torch.backends.mha.set_fastpath_enabled(False)
    with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH), counter, torch.no_grad():
        module(*[one[:1] for one in inputs])
    counts = {name: sum(kinds.values()) // 2 for name, kinds in counter.get_flop_counts().items()}
    total = counts.get("Global", 0)
    for name, layer in module.named_modules():
        if isinstance(layer, nn.RNNBase):
            steps = {"gru": 5, "l": 4}[name]
            total -= counts.get(f"{type(module).__name__}.{name}", 0)
            total += steps * sum(one.numel() for kind, one in layer.named_parameters() if kind.startswith("weight"))
    return total


def exported(module, inputs, path, decomposed=False, free=True):
    dims = torch.export.ShapesCollection()
    for one in inputs:
        dims[one] = {0: torch.export.Dim.AUTO}
    program = torch.export.export(module, tuple(inputs), dynamic_shapes=dims if free else None)
    torch.export.save(program.run_decompositions() if decomposed else program, path)
    return path


@pytest.mark.parametrize("decomposed", [False, True], ids=["training", "core"])
@pytest.mark.parametrize("name", MODULES)
def test_modules(name, decomposed, tmp_path):
    make, shapes = MODULES[name]
    module = make().eval()
    inputs = [torch.randn(2, *shape) for shape in shapes]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compared(exported(module, inputs, tmp_path / "net.pt2", decomposed), module, inputs)


@pytest.mark.parametrize("name", ["residual", "windows", "attention", "frames"])
def test_a_fixed_number_of_samples(name, tmp_path):
    make, shapes = MODULES[name]
    module = make().eval()
    inputs = [torch.randn(3, *shape) for shape in shapes]
    fixed = cnncalc.load(str(exported(module, inputs, tmp_path / "fixed.pt2", free=False)))
    free = cnncalc.load(str(exported(module, inputs, tmp_path / "free.pt2")))
    assert fixed.file_batch == 3
    first, second = (cnncalc.analyze(network).totals for network in (fixed, free))
    assert (first.params, first.macs) == (second.params, second.macs)


@pytest.mark.parametrize("name", MODULES)
def test_in_memory(name):
    make, shapes = MODULES[name]
    module = make()
    network = cnncalc.from_torch(module, ["x".join(map(str, shape)) for shape in shapes])
    found = cnncalc.analyze(network)
    assert module.training and not network.diagnostics
    module.eval()
    assert found.totals.params == sum(one.numel() for one in module.parameters())
    assert found.totals.macs == macs(module, [torch.randn(1, *shape) for shape in shapes])
    wanted = module(*[torch.randn(1, *shape) for shape in shapes])
    last = network.nodes[network.outputs[0].node]
    assert [1, *(last.output or ())] == list(wanted.shape)


def test_what_cannot_be_exported_is_told():
    with pytest.raises(cnncalc.SpecError, match=r"Layers: torch\.export cannot export it"):
        cnncalc.from_torch(Layers(lambda m, x: x if x.sum() > 0 else -x), "3")


TORCHVISION = "alexnet vgg11_bn resnet18 resnext50_32x4d mobilenet_v2 mobilenet_v3_small efficientnet_b0 densenet121 shufflenet_v2_x0_5 squeezenet1_1 mnasnet0_5 regnet_y_400mf convnext_tiny swin_t vit_b_32".split()  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("decomposed", [False, True], ids=["training", "core"])
@pytest.mark.parametrize("name", TORCHVISION)
def test_torchvision(name, decomposed, tmp_path):
    try:
        import torchvision
    except ImportError:
        pytest.skip("torchvision is not installed")
    module = torchvision.models.get_model(name, weights=None).eval()
    inputs = [torch.randn(2, 3, 224, 224)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compared(exported(module, inputs, tmp_path / "net.pt2", decomposed), module, inputs)
