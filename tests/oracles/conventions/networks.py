"""Eight networks, and a few programs of functions, as PyTorch modules written by hand; each beside its spec."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from itertools import pairwise
from operator import add, mul, sub, truediv
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

Layers = list[nn.Module]


class Program(NamedTuple):
    """A module and what it reads. `spec` is the text, or the name of an example."""

    build: Callable[[], nn.Module]
    shape: tuple[int, ...]
    spec: str


class Run(nn.Module):
    """Modules, and how they are joined."""

    def __init__(self, run: Callable[..., Tensor], **modules: nn.Module) -> None:
        super().__init__()
        self.parts = nn.ModuleDict(modules)
        self.run = run

    def forward(self, x: Tensor) -> Tensor:
        return self.run(x, **self.parts)


class Sum(nn.Module):
    """Paths from one input, added."""

    def __init__(self, *paths: nn.Module) -> None:
        super().__init__()
        self.paths = nn.ModuleList(paths)

    def forward(self, x: Tensor) -> Tensor:
        return reduce(add, [path(x) for path in self.paths])


class Concat(nn.Module):
    """Paths from one input, side by side."""

    def __init__(self, *paths: nn.Module) -> None:
        super().__init__()
        self.paths = nn.ModuleList(paths)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([path(x) for path in self.paths], 1)


def cbr(inputs: int, outputs: int, kernel: int, stride: int = 1, act: type[nn.Module] = nn.ReLU) -> Layers:
    """A convolution that keeps the size, batch normalisation, an activation."""
    return [nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs), act()]


def relus(*layers: nn.Module) -> Layers:
    return [part for layer in layers for part in (layer, nn.ReLU())]


def lenet5() -> nn.Module:
    first = [nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2)]
    return nn.Sequential(
        *first, nn.Conv2d(16, 120, 5), nn.Tanh(), nn.Flatten(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10)
    )


def alexnet() -> nn.Module:
    first = [*relus(nn.Conv2d(3, 64, 11, 4, 2)), nn.MaxPool2d(3, 2), *relus(nn.Conv2d(64, 192, 5, 1, 2))]
    widths = pairwise((192, 384, 256, 256))
    convs = relus(*(nn.Conv2d(a, b, 3, padding=1) for a, b in widths))
    last = [nn.Dropout(), *relus(nn.Linear(9216, 4096)), nn.Dropout(), *relus(nn.Linear(4096, 4096))]
    pools = nn.MaxPool2d(3, 2), nn.MaxPool2d(3, 2), nn.AdaptiveAvgPool2d(6)
    return nn.Sequential(*first, pools[0], *convs, *pools[1:], nn.Flatten(), *last, nn.Linear(4096, 1000))


def vgg16() -> nn.Module:
    layers: Layers = []
    inputs = 3
    for width, count in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(count):
            layers += relus(nn.Conv2d(inputs, width, 3, padding=1))
            inputs = width
        layers.append(nn.MaxPool2d(2))
    first = [*relus(nn.Linear(25088, 4096)), nn.Dropout(), *relus(nn.Linear(4096, 4096)), nn.Dropout()]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(7), nn.Flatten(), *first, nn.Linear(4096, 1000))


def resnet(counts: tuple[int, ...], wide: bool) -> nn.Module:
    layers: Layers = [*cbr(3, 64, 7, 2), nn.MaxPool2d(3, 2, 1)]
    inputs = 64
    for stage, count in enumerate(counts):
        for number in range(count):
            width, stride = 64 * 2**stage, 2 if stage and not number else 1
            outputs = width * 4 if wide else width
            body = [*cbr(inputs, width, 1), *cbr(width, width, 3, stride)] if wide else cbr(inputs, width, 3, stride)
            body += cbr(width, outputs, 1 if wide else 3)[:-1]
            short = cbr(inputs, outputs, 1, stride)[:-1] if inputs != outputs or stride != 1 else [nn.Identity()]
            layers += [Sum(nn.Sequential(*body), nn.Sequential(*short)), nn.ReLU()]
            inputs = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 1000))


def squeezenet() -> nn.Module:
    def fire(inputs: int, squeeze: int, expand: int) -> nn.Module:
        paths = (nn.Sequential(*relus(nn.Conv2d(squeeze, expand, k, padding=k // 2))) for k in (1, 3))
        return nn.Sequential(*relus(nn.Conv2d(inputs, squeeze, 1)), Concat(*paths))

    def pool() -> nn.Module:
        return nn.MaxPool2d(3, 2, ceil_mode=True)

    layers: Layers = [*relus(nn.Conv2d(3, 96, 7, 2)), pool(), fire(96, 16, 64), fire(128, 16, 64), fire(128, 32, 128)]
    layers += [pool(), fire(256, 32, 128), fire(256, 48, 192), fire(384, 48, 192), fire(384, 64, 256)]
    layers += [pool(), fire(512, 64, 256), nn.Dropout(), *relus(nn.Conv2d(512, 1000, 1))]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())


def mobilenet_v2() -> nn.Module:
    layers: Layers = cbr(3, 32, 3, 2, nn.ReLU6)
    inputs = 32
    table = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
    for times, width, count, stride in table:
        for number in range(count):
            middle, step = times * inputs, 1 if number else stride
            body = cbr(inputs, middle, 1, act=nn.ReLU6) if times != 1 else []
            body += [nn.Conv2d(middle, middle, 3, step, 1, groups=middle, bias=False), nn.BatchNorm2d(middle)]
            body += [nn.ReLU6(), *cbr(middle, width, 1)[:-1]]
            same = step == 1 and inputs == width
            layers.append(Sum(nn.Identity(), nn.Sequential(*body)) if same else nn.Sequential(*body))
            inputs = width
    last = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(1280, 1000)]
    return nn.Sequential(*layers, *cbr(320, 1280, 1, act=nn.ReLU6), *last)


def densenet121() -> nn.Module:
    def before(inputs: int, outputs: int, kernel: int) -> Layers:
        conv = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False)
        return [nn.BatchNorm2d(inputs), nn.ReLU(), conv]

    layers: Layers = [*cbr(3, 64, 7, 2), nn.MaxPool2d(3, 2, 1)]
    width = 64
    for count in (6, 12, 24, 16):
        for _ in range(count):
            body = nn.Sequential(*before(width, 128, 1), *before(128, 32, 3))
            layers.append(Concat(nn.Identity(), body))
            width += 32
        if count != 16:
            width //= 2
            layers += [*before(width * 2, width, 1), nn.AvgPool2d(2)]
    last = [nn.BatchNorm2d(width), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, 1000)]
    return nn.Sequential(*layers, *last)


PICTURE = (3, 224, 224)
NETWORKS = {
    "LeNet-5": Program(lenet5, (1, 32, 32), "lenet5"),
    "AlexNet": Program(alexnet, PICTURE, "alexnet"),
    "VGG-16": Program(vgg16, PICTURE, "vgg16"),
    "ResNet-18": Program(lambda: resnet((2, 2, 2, 2), False), PICTURE, "resnet18"),
    "ResNet-50": Program(lambda: resnet((3, 4, 6, 3), True), PICTURE, "resnet50"),
    "SqueezeNet": Program(squeezenet, PICTURE, "squeezenet1_0"),
    "MobileNetV2": Program(mobilenet_v2, PICTURE, "mobilenet_v2"),
    "DenseNet-121": Program(densenet121, PICTURE, "densenet121"),
}


def _attention(channels: int, heads: int, **options: Any) -> nn.Module:
    weights = options.pop("need_weights", True)
    inner = nn.MultiheadAttention(channels, heads, batch_first=True, **options)
    return Run(lambda x, inner: inner(*[x.transpose(1, 2)] * 3, need_weights=weights)[0].transpose(1, 2), inner=inner)


def _several(function: Callable[[Any, Any], Any], count: int) -> Callable[[], nn.Module]:
    return lambda: Run(lambda x: reduce(function, [x] * count))


def _sequence(name: str, units: int, **options: Any) -> nn.Module:
    """A recurrent module over 6 channels, from CxL to CxL."""
    inner = getattr(nn, name)(6, units, batch_first=True, **options)
    return Run(lambda x, inner: inner(x.transpose(1, 2))[0].transpose(1, 2), inner=inner)


def _recurrent() -> dict[str, Program]:
    """lstm, gru and rnn of every make: layers, directions, biases; with the line for each."""
    found = {}
    for name in ("LSTM", "GRU", "RNN"):
        for layers, both, biased, units, length in (
            (1, False, True, 5, 10), (1, False, False, 5, 10), (2, False, True, 5, 10), (1, True, True, 5, 10),
            (3, True, False, 5, 10), (2, True, True, 9, 13),
        ):  # fmt: skip
            options = {"num_layers": layers, "bidirectional": both, "bias": biased}
            line = f"{name.lower()} {units} layers={layers} bidirectional={'yes' if both else 'no'}"
            found[f"{name} of {units} units, {length} steps{options}"] = Program(
                lambda name=name, units=units, options=options: _sequence(name, units, **options), (6, length),
                f"input 6@{length}\n{line} biases={2 if biased else 0}")  # fmt: skip
    return found


def _crossed(keys: int, bias: bool) -> nn.Module:
    """Attention of 10 tokens to the first 7 of them, of which it sees so many channels."""
    inner = nn.MultiheadAttention(8, 2, bias=bias, kdim=keys, vdim=keys, batch_first=True)

    def run(x: Tensor, inner: nn.Module) -> Tensor:
        y = x.transpose(1, 2)
        z = y[:, :7, :keys]
        return inner(y, z, z)[0].transpose(1, 2)  # type: ignore[no-any-return]

    return Run(run, inner=inner)


class Unpool(nn.Module):
    """Max unpooling by indices that are given."""

    def __init__(self, shape: tuple[int, ...], kernel: int) -> None:
        super().__init__()
        channels, *sizes = shape
        _, indices = nn.MaxPool2d(kernel, return_indices=True)(torch.rand(1, channels, *(kernel * n for n in sizes)))
        self.unpool = nn.MaxUnpool2d(kernel)
        self.register_buffer("indices", indices)

    def forward(self, x: Tensor) -> Tensor:
        return self.unpool(x, self.indices)  # type: ignore[no-any-return]


SMALL = (8, 16, 16)
HERE = "input 8x16x16\n"
PROGRAMS = {
    "x + x": Program(_several(add, 2), SMALL, f"{HERE}add @input @input"),
    "x + x + x": Program(_several(add, 3), SMALL, f"{HERE}add @input @input @input"),
    "x * x": Program(_several(mul, 2), SMALL, f"{HERE}mul @input @input"),
    "gate": Program(lambda: Run(lambda x, pool: x * pool(x), pool=nn.AdaptiveAvgPool2d(1)), SMALL,
                    f"{HERE}gate = gavgpool\nmul @input @gate"),
    "concat": Program(lambda: Concat(nn.ReLU(), nn.Identity()), SMALL, f"{HERE}concat:\n  - relu\n  - identity"),
    "global average": Program(lambda: nn.Sequential(nn.AdaptiveAvgPool2d(1)), SMALL, f"{HERE}gavgpool"),
    "global maximum": Program(lambda: nn.Sequential(nn.AdaptiveMaxPool2d(1)), SMALL, f"{HERE}gmaxpool"),
    "a convolution used twice": Program(
        lambda: Run(lambda x, conv: conv(conv(x)), conv=nn.Conv2d(8, 8, 3, padding=1)), SMALL,
        f"{HERE}a = conv 8 3 pad=1\nconv 8 3 pad=1 share=@a"),
    "layers used twice, each": Program(
        lambda: Run(lambda x, norm, act, last: last(act(norm(act(norm(x)))).flatten(1)),
                    norm=nn.BatchNorm2d(8), act=nn.ReLU(), last=nn.Linear(2048, 10)), SMALL,
        f"{HERE}a = bn\nrelu | bn share=@a | relu | flatten | fc 10"),
    **{
        f"attention of {heads} heads, {channels}x{length}{options or ''}": Program(
            lambda channels=channels, heads=heads, options=options: _attention(channels, heads, **options),
            (channels, length),
            f"input {channels}@{length}\nattention {heads} bias={'yes' if options.get('bias', True) else 'no'}")
        for channels, length, heads in ((16, 10, 2), (32, 7, 4), (12, 50, 1))
        for options in ({}, {"bias": False}, {"need_weights": False})
    },
    **_recurrent(),
    **{
        f"attention to {keys} channels, bias={bias}": Program(
            lambda keys=keys, bias=bias: _crossed(keys, bias), (8, 10),
            f"input 8@10\nk = take 0:7 axis=L | take 0:{keys}\n@input | attention 2 bias={'yes' if bias else 'no'} from=@k")
        for keys in (8, 6) for bias in (True, False)
    },
    "x @ x'": Program(lambda: Run(lambda x: x @ x.transpose(-2, -1)), (6, 10), "input 6@10\nmatmul @input @input transposed=yes"),
    "x @ x', of maps": Program(lambda: Run(lambda x: x @ x.transpose(-2, -1)), SMALL, f"{HERE}matmul @input @input transposed=yes"),
    "x - x": Program(_several(sub, 2), SMALL, f"{HERE}sub @input @input"),
    "x / x": Program(_several(truediv, 2), SMALL, f"{HERE}div @input @input"),
    "the maximum": Program(_several(torch.maximum, 2), SMALL, f"{HERE}maximum @input @input"),
    "the minimum": Program(_several(torch.minimum, 2), SMALL, f"{HERE}minimum @input @input"),
    "x * 0.5": Program(lambda: Run(lambda x: x * 0.5), SMALL, f"{HERE}scale by=0.5"),
    "permuted": Program(lambda: Run(lambda x: x.permute(0, 2, 3, 1)), SMALL, f"{HERE}permute HWC"),
    "the mean of a map": Program(lambda: Run(lambda x: x.mean((2, 3), keepdim=True)), SMALL, f"{HERE}mean HW"),
    "the largest of a map": Program(lambda: Run(lambda x: x.amax((2, 3), keepdim=True)), SMALL, f"{HERE}max HW"),
    **{
        f"{name} along {axis}": Program(
            lambda name=name, axis=axis: nn.Sequential(getattr(nn, name)(" CHW".index(axis))), (8, 6, 10),
            f"input 8x6x10\n{name.lower()} axis={axis}")
        for name in ("Softmax", "LogSoftmax") for axis in "CHW"
    },
    **{
        f"LayerNorm over {axes}, {affine}": Program(
            lambda sizes=sizes, affine=affine: nn.Sequential(nn.LayerNorm(sizes, elementwise_affine=affine)), (8, 6, 10),
            f"input 8x6x10\nln axes={axes} affine={'yes' if affine else 'no'}")
        for axes, sizes in (("CHW", [8, 6, 10]), ("HW", [6, 10]), ("W", [10])) for affine in (True, False)
    },
    **{
        name: Program(lambda name=name: nn.Sequential(getattr(nn, name)(1)), SMALL, f"{HERE}{name} 1")
        for name in ("ReflectionPad2d", "ReplicationPad2d", "CircularPad2d")
    },
    "embedding": Program(
        lambda: Run(lambda x, table: table(torch.zeros_like(x, dtype=torch.long)).transpose(1, 2), table=nn.Embedding(100, 16)), (12,),
        "input 12\nembed 100 16"),
    "unpool": Program(lambda: Unpool((8, 3, 5), 2), (8, 3, 5), "input 8x3x5\nunpool 2"),
}  # fmt: skip
