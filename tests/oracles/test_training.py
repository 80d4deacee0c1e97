"""What is kept for the way back: against the tensors that PyTorch's autograd saves, each storage once, to the byte.

Single layers and generated networks are executed by the calls that `explain` prints; whole models are torchvision's.
"""

from __future__ import annotations

from math import prod
from random import Random
from typing import Any

import pytest

torch = pytest.importorskip("torch")
from torch import nn  # noqa: E402

import cnncalc  # noqa: E402
from cnncalc.features.explain.layer_facts import LayerFacts  # noqa: E402
from cnncalc.layers import KINDS  # noqa: E402
from cnncalc.measure.footprint import Footprint  # noqa: E402
from cnncalc.measure.result import NetworkAnalysis  # noqa: E402

from .generator import program  # noqa: E402
from .printer import Printer  # noqa: E402
from .test_explain_calls import LINES as CALLS  # noqa: E402
from .torchvision_models import torchvision  # noqa: E402

#: Lines on a map, that a call of PyTorch's makes.
LINES = [line for line in CALLS if "embed" not in line and "@words" not in line]

#: Kinds of which nobody can tell what is kept.
UNKNOWN = {"localconv", "lstm", "gru", "rnn", "permute", "op"}


class Saved:
    """The storages that autograd saves, those of parameters and buffers left out."""

    def __init__(self) -> None:
        self.own: set[int] = set()
        #: What must stay, so that no storage is where one was that has gone.
        self.alive: list[Any] = []
        self.held: dict[int, Any] = {}

    def pack(self, tensor: Any) -> Any:
        """Takes note of a tensor that is saved."""
        place = tensor.untyped_storage().data_ptr()
        if isinstance(tensor, nn.Parameter) or isinstance(tensor._base, nn.Parameter):
            self.own.add(place)
        self.held[place] = tensor
        return tensor

    def leave_out(self, module: nn.Module) -> None:
        """The weights of a module are no part of it."""
        self.alive.append(module)
        for tensor in (*module.parameters(), *module.buffers()):
            self.own.add(tensor.untyped_storage().data_ptr())

    def __enter__(self) -> Saved:
        self.hooks = torch.autograd.graph.saved_tensors_hooks(self.pack, lambda tensor: tensor)
        self.hooks.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self.hooks.__exit__(*error)

    @property
    def bytes(self) -> int:
        """Their sum."""
        return sum(one.untyped_storage().nbytes() for place, one in self.held.items() if place not in self.own)


def kept(network: Any, batch: int, way: str = "eager") -> int | None:
    training = Footprint(cnncalc.analyze(network, batch=batch, execution=way)).training
    return None if training is None else training.kept


def executed(analysis: NetworkAnalysis, batch: int) -> int | None:
    """What autograd saves of a network that is run by its layers' calls; None where one has no call."""
    tensors: list[Any] = []
    with Saved() as saved:
        for node in analysis.network.nodes:
            if node.layer is None:
                tensors.append(torch.randn(batch, *(node.output or ())))
                continue
            code = LayerFacts(analysis, node).torch.code
            if not code or node.kind == "attention":
                return None
            entering = [tensors[index] for index in node.inputs]
            result = eval_in_training(code, entering)
            for module in result[1:]:
                saved.leave_out(module)
            tensors.append(result[0])
            assert tuple(result[0].shape[1:]) == node.output
    return saved.bytes


def eval_in_training(code: str, tensors: list[Any]) -> tuple[Any, ...]:
    """What a call gives in training, and its module where it is one."""
    from cnncalc.convert.call import letters

    names = {"torch": torch, "nn": nn, **dict(zip(letters(len(tensors)), tensors, strict=True))}
    if tensors:
        names["x"] = tensors[0]
        names["indices"] = torch.zeros(tensors[0].shape, dtype=torch.int64)
    made = eval(code, names)
    if isinstance(made, nn.Module):
        return made.train()(tensors[0]), made
    return (made,)


# --- layers -----------------------------------------------------------------------------------------

MORE = ["dropout 0", "dropout 1", "avgpool to=1", "take 1:3 | flatten", "take 1:3 axis=H | flatten", "crop 3 | tokens",
        "conv 4 1 | relu | relu", "leakyrelu | relu | leakyrelu", "tokens | conv 4 3 pad=causal", "resize 1",
        "mul @input @other @third", "mul @other @third @other", "mul @other @input", "pad 0"]  # fmt: skip


@pytest.mark.parametrize("line", [*LINES, *MORE])
@pytest.mark.parametrize("batch", [1, 3])
def test_single_layers(line: str, batch: int) -> None:
    """Behind a convolution, before another: what is kept there depends on what the layer passes on."""
    start = "" if line.startswith(("add", "mul", "concat", "learned")) else "@other | "
    text = f"input 4x8x12\nother = @input | conv 4 1\nthird = @input | conv 4 3 pad=1\n{start}{line}"
    analysis = cnncalc.analyze(cnncalc.loads(text))
    if any(node.kind == "bn" and node.output and prod(node.output[1:]) * batch == 1 for node in analysis.network.nodes):
        return  # PyTorch refuses statistics of one value
    if any(node.kind in UNKNOWN for node in analysis.network.nodes):
        assert kept(analysis.network, batch) is None
        return
    expected, found = executed(analysis, batch), kept(analysis.network, batch)
    open_question = any(word in line for word in ("dilation", "shared=each"))
    assert expected is None or found == expected or (found is None and open_question)


@pytest.mark.parametrize("start", range(0, 100, 20))
def test_drawn_networks(start: int) -> None:
    compared = 0
    for seed in range(start, start + 20):
        try:
            network = cnncalc.loads(Printer(program(seed), {}, Random(seed)).text())
        except cnncalc.SpecError:
            continue
        analysis = cnncalc.analyze(network)
        if any(node.owner is not None or prod(node.output or (1,)) > 10**6 for node in network.nodes):
            continue
        try:
            expected = executed(analysis, 2)
        except (ValueError, RuntimeError):
            continue  # refused in training
        found = kept(network, 2)
        if expected is not None and found is not None:
            assert found == expected, network.source.text
            compared += 1
    assert compared > 5


@pytest.mark.parametrize("name", ["relu", "relu6", "leakyrelu", "elu", "selu", "silu", "mish", "hardswish"])
def test_activations_that_write_over_their_input(name: str) -> None:
    module = {"relu": nn.ReLU, "relu6": nn.ReLU6, "leakyrelu": nn.LeakyReLU, "elu": nn.ELU, "selu": nn.SELU,
              "silu": nn.SiLU, "mish": nn.Mish, "hardswish": nn.Hardswish}[name](inplace=True)  # fmt: skip
    model = nn.Sequential(nn.Conv2d(3, 4, 3), module, nn.Conv2d(4, 5, 3))
    with Saved() as saved:
        saved.leave_out(model)
        result = model(torch.randn(2, 3, 8, 8))
    assert result.shape
    assert kept(cnncalc.loads(f"input 3x8x8\nconv 4 3 | {name} | conv 5 3"), 2, "inplace") == saved.bytes


def test_of_every_kind_it_is_known_what_is_kept() -> None:
    kinds: set[str] = set()
    for line in LINES:
        start = "" if line.startswith(("add", "mul", "concat", "learned")) else "@other | "
        network = cnncalc.loads(f"input 4x8x12\nother = @input | conv 4 1\n{start}{line}")
        if kept(network, 2) is not None:
            kinds.update(node.kind for node in network.layers)
    kinds.update(("embed", "split"))
    assert set(KINDS) - UNKNOWN <= kinds


def test_embedding() -> None:
    module, words = nn.Embedding(10, 4), torch.randint(0, 10, (3, 7))
    with Saved() as saved:
        saved.leave_out(module)
        assert module(words).shape == (3, 7, 4)
    assert kept(cnncalc.loads("input 7\nembed 10 4"), 3) == saved.bytes == 3 * 7 * 8


@pytest.mark.parametrize("bias", [True, False])
def test_attention(bias: bool) -> None:
    """By the fused kernel, on tokens as the layers before it leave them: an embedding of each after the other."""
    module = nn.MultiheadAttention(8, 2, bias=bias, batch_first=True)
    norms = nn.LayerNorm(8), nn.LayerNorm(8)
    tokens = torch.randn(3, 17, 8, requires_grad=True)
    with Saved() as saved:
        for one in (module, *norms):
            saved.leave_out(one)
        saved.own.add(tokens.untyped_storage().data_ptr())
        x = norms[0](tokens)
        assert norms[1](module(x, x, x, need_weights=False)[0]).shape == tokens.shape
    text = f"input 8@17\nidentity | scale | ln | attention 2 bias={'yes' if bias else 'no'} | ln"
    scaled = 2 * 3 * 17 * 8 * 4  # what scale keeps, and what it gives, which ln keeps: neither is in PyTorch's figure
    assert kept(cnncalc.loads(text), 3) == saved.bytes + scaled


class Attending(nn.Module):
    """Tokens behind a relu, and attention to them, or to others with as many channels, or with their own."""

    def __init__(self, channels: int, others: int | None, bias: bool) -> None:
        super().__init__()
        self.before = nn.Linear(8, 8)
        self.others = None if others is None else nn.Linear(others, others)
        keys = None if others == channels else others
        self.attention = nn.MultiheadAttention(channels, 2, bias=bias, kdim=keys, vdim=keys, batch_first=True)

    def forward(self, tokens: Any, other: Any) -> Any:
        x = self.before(tokens).relu()
        y = x if self.others is None else self.others(other).relu()
        return self.attention(x, y, y, need_weights=False)[0]


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("others", "entries"), [(None, 7), (8, 5), (6, 5), (6, 1)])
@pytest.mark.parametrize("batch", [1, 2, 3])
@pytest.mark.parametrize("frozen", [False, True])
def test_attention_keeps_copies_of_what_it_reads(
    bias: bool, others: int | None, entries: int, batch: int, frozen: bool
) -> None:
    module = Attending(8, others, bias)
    module.attention.requires_grad_(not frozen)
    with Saved() as saved:
        saved.leave_out(module)
        assert module(torch.randn(batch, 7, 8), torch.randn(batch, entries, others or 8)).shape == (batch, 7, 8)
    lines = [f"a = input 8@7\nb = input {others or 8}@{entries}", "x = @a | conv 8 1 | relu"]
    lines += [] if others is None else [f"y = @b | conv {others} 1 | relu"]
    lines.append(f"z = @x | attention 2 bias={'yes' if bias else 'no'}{' from=@y' if others else ''}")
    lines += ["freeze z"] if frozen else []
    assert kept(cnncalc.loads("\n".join(lines)), batch) == saved.bytes


@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize("frozen", [False, True])
def test_unpooling_keeps_the_indices_of_its_pool(axes: int, frozen: bool) -> None:
    conv, pool, unpool = (getattr(nn, f"{name}{axes}d") for name in ("Conv", "MaxPool", "MaxUnpool"))
    first, second, last = conv(3, 4, 1), conv(4, 4, 1), conv(4, 2, 1)
    first.requires_grad_(not frozen)
    with Saved() as saved:
        saved.leave_out(nn.ModuleList([first, second, last]))
        pooled, indices = pool(2, return_indices=True)(first(torch.randn(2, 3, *[8] * axes)))
        both = unpool(2)(second(pooled), indices) + unpool(2)(pooled, indices)
        assert last(both).shape
    text = f"input 3@{'x'.join(['8'] * axes)}\nfirst = conv 4 1\np = maxpool 2\na = conv 4 1 | unpool from=@p\n"
    text += "b = @p | unpool from=@p\nadd @a @b\nconv 2 1" + "\nfreeze first" * frozen
    assert kept(cnncalc.loads(text), 2) == saved.bytes


@pytest.mark.parametrize("name", ["fp64", "bf16"])
def test_other_types(name: str) -> None:
    dtype = {"fp64": torch.float64, "bf16": torch.bfloat16}[name]
    model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.GroupNorm(2, 8),
                          nn.Flatten(), nn.Linear(72, 5)).to(dtype)  # fmt: skip
    with Saved() as saved:
        saved.leave_out(model)
        assert model(torch.randn(2, 3, 8, 8, dtype=dtype)).shape
    network = cnncalc.loads("input 3x8x8\nconv 8 3 | bn | relu | maxpool 2 | gn 2 | flatten | fc 5")
    training = Footprint(cnncalc.analyze(network, batch=2, dtype=name)).training
    assert training is not None
    assert training.kept == saved.bytes
    assert training.parameters == sum(one.numel() * one.element_size() for one in model.parameters())


# --- models -----------------------------------------------------------------------------------------


def saved_of(model: nn.Module, shape: tuple[int, ...]) -> int:
    with Saved() as saved:
        saved.leave_out(model)
        output = model.train()(torch.randn(shape))
    assert output is not None
    return saved.bytes


@pytest.mark.parametrize("name", ["resnet18", "resnet50", "vgg16", "mobilenet_v2", "densenet121"])
@pytest.mark.parametrize("batch", [1, 2])
def test_models(name: str, batch: int) -> None:
    network = cnncalc.load(f"@{name}", input="3x96x96")
    expected = saved_of(getattr(torchvision().models, name)(), (batch, 3, 96, 96))
    assert kept(network, batch) == kept(network, batch, "inplace") == expected


def test_resnet_18_as_it_is_trained() -> None:
    """The number was taken with PyTorch 2.13, at 224x224 and a batch of 2."""
    assert kept(cnncalc.load("@resnet18"), 2) == 44_398_080


class Double(nn.Sequential):
    """Two convolutions of a U-Net."""

    def __init__(self, entering: int, width: int) -> None:
        super().__init__(nn.Conv2d(entering, width, 3), nn.ReLU(), nn.Conv2d(width, width, 3), nn.ReLU())


class UNet(nn.Module):
    """The U-Net of the paper, of valid convolutions and crops, with dropout on its two lowest levels."""

    def __init__(self, entering: int, classes: int, width: int, levels: int) -> None:
        super().__init__()
        widths = [width * 2**level for level in range(levels)]
        self.down = nn.ModuleList(Double(a, b) for a, b in zip([entering, *widths[:-1]], widths, strict=True))
        self.ups = nn.ModuleList(nn.ConvTranspose2d(2 * one, one, 2, 2) for one in reversed(widths[:-1]))
        self.back = nn.ModuleList(Double(2 * one, one) for one in reversed(widths[:-1]))
        self.last = nn.Conv2d(width, classes, 1)

    def forward(self, x: Any) -> Any:
        skips = []
        for place, down in enumerate(self.down):
            x = down(x if place == 0 else nn.functional.max_pool2d(x, 2))
            x = nn.functional.dropout(x) if place >= len(self.down) - 2 else x
            skips.append(x)
        for up, back, skip in zip(self.ups, self.back, reversed(skips[:-1]), strict=True):
            x = up(x)
            off = [(skip.shape[axis] - x.shape[axis]) // 2 for axis in (2, 3)]
            cut = skip[:, :, off[0] : off[0] + x.shape[2], off[1] : off[1] + x.shape[3]]
            x = back(torch.cat([cut, x], 1))
        return self.last(x)


def test_u_net() -> None:
    network = cnncalc.load("@unet", input="1x188x188")
    width = next(node.output[0] for node in network.layers if node.output)
    classes = network.nodes[network.outputs[0].node].output[0]
    assert kept(network, 2) == saved_of(UNet(1, classes, width, 5), (2, 1, 188, 188))


@pytest.mark.parametrize("frozen", [(), (0,), (0, 1), (4,), (0, 1, 4), (0, 1, 4, 7)])
def test_frozen_weights(frozen: tuple[int, ...]) -> None:
    model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 4, 1),
                          nn.ReLU(), nn.Flatten(), nn.Linear(36, 5), nn.Tanh(), nn.Linear(5, 2))  # fmt: skip
    for place in frozen:
        model[place].requires_grad_(False)
    with Saved() as saved:
        saved.leave_out(model)
        assert model(torch.randn(2, 3, 8, 8)).shape
    lines = ["a0 = conv 8 3", "a1 = bn", "a2 = relu", "a3 = maxpool 2", "a4 = conv 4 1", "a5 = relu", "a6 = flatten",
             "a7 = fc 5", "a8 = tanh", "a9 = fc 2"]  # fmt: skip
    text = "\n".join(["input 3x8x8", *lines, *(f"freeze a{place}" for place in frozen)])
    training = Footprint(cnncalc.analyze(cnncalc.loads(text), batch=2)).training
    assert training is not None
    assert training.kept == saved.bytes
    trained = sum(one.numel() * one.element_size() for one in model.parameters() if one.requires_grad)
    assert (training.gradients, training.optimizer) == (trained, 2 * trained)
