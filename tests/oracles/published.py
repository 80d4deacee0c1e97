"""The published networks of examples/ as PyTorch modules, after the papers and torchvision, written by hand.

torchvision itself is no dependency; its parameter counts are asserted in test_published.py, so a slip here
shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional

Layers = list[nn.Module]


def cbr(
    inputs: int,
    outputs: int,
    kernel: int,
    stride: int = 1,
    dilation: int = 1,
    groups: int = 1,
    act: bool = True,
) -> Layers:
    """Convolution that keeps the size at stride 1, batch norm, ReLU."""
    pad = dilation * (kernel // 2)
    conv = nn.Conv2d(inputs, outputs, kernel, stride, pad, dilation, groups, bias=False)
    return [conv, nn.BatchNorm2d(outputs), *[nn.ReLU()] * act]


class Residual(nn.Module):
    def __init__(self, body: Layers, shortcut: Layers, act: bool = True) -> None:
        super().__init__()
        self.body, self.shortcut = nn.Sequential(*body), nn.Sequential(*shortcut)
        self.act = nn.ReLU() if act else nn.Sequential()

    def forward(self, x: Tensor) -> Tensor:
        return self.act(self.body(x) + self.shortcut(x))  # type: ignore[no-any-return]


class Concat(nn.Module):
    def __init__(self, *paths: Iterable[nn.Module]) -> None:
        super().__init__()
        self.paths = nn.ModuleList(nn.Sequential(*path) for path in paths)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([path(x) for path in self.paths], 1)


def basic(inputs: int, width: int, stride: int, dilation: int = 1) -> nn.Module:
    body = [*cbr(inputs, width, 3, stride), *cbr(width, width, 3, act=False)]
    return Residual(body, cbr(inputs, width, 1, stride, act=False) if stride != 1 or inputs != width else [])


def bottleneck(inputs: int, width: int, stride: int, dilation: int = 1) -> nn.Module:
    out = width * 4
    body = [*cbr(inputs, width, 1), *cbr(width, width, 3, stride, dilation), *cbr(width, out, 1, act=False)]
    return Residual(body, cbr(inputs, out, 1, stride, act=False) if stride != 1 or inputs != out else [])


def resnet_stages(
    block: Callable[..., nn.Module], counts: list[int], grow: int, rates: tuple[tuple[int, int], ...] = ()
) -> list[Layers]:
    """The stem and the four stages. `rates`: per stage, the dilation of the first block and of the rest."""
    stages: list[Layers] = [[*cbr(3, 64, 7, 2), nn.MaxPool2d(3, 2, 1)]]
    inputs = 64
    for number, count in enumerate(counts):
        first, rest = rates[number] if rates else (1, 1)
        width, stride = 64 * 2**number, 2 if number and not (rates and number > 1) else 1
        stages.append([block(inputs, width, stride, first)])
        inputs = width * grow
        stages[-1] += [block(inputs, width, 1, rest) for _ in range(count - 1)]
    return stages


def resnet(block: Callable[..., nn.Module], counts: list[int], grow: int) -> nn.Module:
    stages = [layer for stage in resnet_stages(block, counts, grow) for layer in stage]
    return nn.Sequential(*stages, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512 * grow, 1000))


class Segmentation(nn.Module):
    """A dilated ResNet-50 with a head, and the auxiliary one behind the third stage."""

    def __init__(self, head: Layers) -> None:
        super().__init__()
        rates = ((1, 1), (1, 1), (1, 2), (2, 4))
        stages = resnet_stages(bottleneck, [3, 4, 6, 3], 4, rates)
        self.front = nn.Sequential(*[layer for stage in stages[:4] for layer in stage])
        self.back, self.head = nn.Sequential(*stages[4]), nn.Sequential(*head)
        self.aux = nn.Sequential(*fcn_head(1024))

    def forward(self, x: Tensor) -> list[Tensor]:
        middle = self.front(x)
        return [
            functional.interpolate(y, x.shape[2:], mode="bilinear", align_corners=False)
            for y in (self.head(self.back(middle)), self.aux(middle))
        ]


def fcn_head(inputs: int) -> Layers:
    return [*cbr(inputs, inputs // 4, 3), nn.Dropout(0.1), nn.Conv2d(inputs // 4, 21, 1)]


class ImagePooling(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.AdaptiveAvgPool2d(1), *cbr(2048, 256, 1))

    def forward(self, x: Tensor) -> Tensor:
        return functional.interpolate(self.body(x), x.shape[2:], mode="bilinear", align_corners=False)


def deeplab_head() -> Layers:
    atrous = [cbr(2048, 256, 3, dilation=rate) for rate in (12, 24, 36)]
    pyramid = Concat(cbr(2048, 256, 1), *atrous, [ImagePooling()])
    return [pyramid, *cbr(1280, 256, 1), nn.Dropout(), *cbr(256, 256, 3), nn.Conv2d(256, 21, 1)]


def vgg16() -> nn.Module:
    layers: Layers = []
    inputs = 3
    for width, count in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(count):
            layers += [nn.Conv2d(inputs, width, 3, padding=1), nn.ReLU()]
            inputs = width
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(7), *classifier(512 * 49))


def classifier(features: int) -> Layers:
    wide = [
        nn.Linear(features, 4096),
        nn.ReLU(),
        nn.Dropout(),
        nn.Linear(4096, 4096),
        nn.ReLU(),
        nn.Dropout(),
    ]
    return [nn.Flatten(), *wide, nn.Linear(4096, 1000)]


def alexnet() -> nn.Module:
    convs: Layers = [nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2)]
    convs += [nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2)]
    for inputs, width in ((192, 384), (384, 256), (256, 256)):
        convs += [nn.Conv2d(inputs, width, 3, padding=1), nn.ReLU()]
    return nn.Sequential(*convs, nn.MaxPool2d(3, 2), nn.AdaptiveAvgPool2d(6), *classifier(256 * 36))


class GoogLeNet(nn.Module):
    """torchvision's: with batch norm, and 3x3 where the paper has 5x5."""

    def __init__(self) -> None:
        super().__init__()
        pool = nn.MaxPool2d(3, 2, ceil_mode=True)
        stem = [*cbr(3, 64, 7, 2), pool, *cbr(64, 64, 1), *cbr(64, 192, 3), pool]
        three = [inception(192, 64, 96, 128, 16, 32, 32), inception(256, 128, 128, 192, 32, 96, 64), pool]
        self.a = nn.Sequential(*stem, *three, inception(480, 192, 96, 208, 16, 48, 64))
        self.b = nn.Sequential(
            inception(512, 160, 112, 224, 24, 64, 64),
            inception(512, 128, 128, 256, 24, 64, 64),
            inception(512, 112, 144, 288, 32, 64, 64),
        )
        self.c = nn.Sequential(
            inception(528, 256, 160, 320, 32, 128, 128),
            nn.MaxPool2d(2, ceil_mode=True),
            inception(832, 256, 160, 320, 32, 128, 128),
            inception(832, 384, 192, 384, 48, 128, 128),
            *(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(1024, 1000)),
        )
        self.aux1, self.aux2 = nn.Sequential(*auxiliary(512)), nn.Sequential(*auxiliary(528))

    def forward(self, x: Tensor) -> list[Tensor]:
        a = self.a(x)
        b = self.b(a)
        return [self.c(b), self.aux1(a), self.aux2(b)]


def inception(inputs: int, c1: int, r3: int, c3: int, r5: int, c5: int, p: int) -> nn.Module:
    pool = nn.MaxPool2d(3, 1, 1)
    middle = [*cbr(inputs, r3, 1), *cbr(r3, c3, 3)], [*cbr(inputs, r5, 1), *cbr(r5, c5, 3)]
    return Concat(cbr(inputs, c1, 1), *middle, [pool, *cbr(inputs, p, 1)])


def auxiliary(inputs: int) -> Layers:
    head = [nn.AdaptiveAvgPool2d(4), *cbr(inputs, 128, 1), nn.Flatten(), nn.Linear(2048, 1024), nn.ReLU()]
    return [*head, nn.Dropout(0.7), nn.Linear(1024, 1000)]


def densenet121() -> nn.Module:
    layers: Layers = [*cbr(3, 64, 7, 2), nn.MaxPool2d(3, 2, 1)]
    channels = 64
    for number, count in enumerate((6, 12, 24, 16)):
        if number:
            squeeze = nn.Conv2d(channels, channels // 2, 1, bias=False)
            layers += [nn.BatchNorm2d(channels), nn.ReLU(), squeeze, nn.AvgPool2d(2)]
            channels //= 2
        for _ in range(count):
            grow = [nn.BatchNorm2d(channels), nn.ReLU(), *cbr(channels, 128, 1)]
            layers.append(Concat([], [*grow, nn.Conv2d(128, 32, 3, padding=1, bias=False)]))
            channels += 32
    end = [nn.BatchNorm2d(channels), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    return nn.Sequential(*layers, *end, nn.Linear(channels, 1000))


def squeezenet1_0() -> nn.Module:
    layers: Layers = [nn.Conv2d(3, 96, 7, 2), nn.ReLU()]
    pool = nn.MaxPool2d(3, 2, ceil_mode=True)
    inputs = 96
    for squeeze in (0, 16, 16, 32, 0, 32, 48, 48, 64, 0, 64):
        layers += fire(inputs, squeeze) if squeeze else [pool]
        inputs = squeeze * 8 or inputs
    end = [nn.Dropout(), nn.Conv2d(512, 1000, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    return nn.Sequential(*layers, *end)


def fire(inputs: int, squeeze: int) -> Layers:
    wide = squeeze * 4
    small = [nn.Conv2d(squeeze, wide, 1), nn.ReLU()], [nn.Conv2d(squeeze, wide, 3, padding=1), nn.ReLU()]
    return [nn.Conv2d(inputs, squeeze, 1), nn.ReLU(), Concat(*small)]


def mobilenet_v2() -> nn.Module:
    layers = cbr(3, 32, 3, 2)
    inputs = 32
    for t, width, count, stride in MOBILENET:
        for number in range(count):
            middle, step = inputs * t, 1 if number else stride
            body = [*(cbr(inputs, middle, 1) if t > 1 else []), *cbr(middle, middle, 3, step, groups=middle)]
            body += cbr(middle, width, 1, act=False)
            layers += [Residual(body, [], act=False)] if step == 1 and inputs == width else body
            inputs = width
    end = [*cbr(320, 1280, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(1280, 1000)]
    return nn.Sequential(*layers, *end)


MOBILENET = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)


class UNet(nn.Module):
    """Valid convolutions and crops, as in the paper."""

    def __init__(self) -> None:
        super().__init__()
        widths = (64, 128, 256, 512)
        self.down = nn.ModuleList(double(*pair) for pair in zip((1, *widths), (*widths, 1024), strict=True))
        self.ups = nn.ModuleList(nn.ConvTranspose2d(2 * w, w, 2, 2) for w in widths[::-1])
        self.joins = nn.ModuleList(double(2 * w, w) for w in widths[::-1])
        self.pool, self.last = nn.MaxPool2d(2), nn.Conv2d(64, 2, 1)

    def forward(self, x: Tensor) -> Tensor:
        skips = []
        for number, down in enumerate(self.down):
            x = down(self.pool(x) if number else x)
            skips.append(x)
        for up, join, skip in zip(self.ups, self.joins, skips[-2::-1], strict=True):
            x = up(x)
            cut = (skip.shape[2] - x.shape[2]) // 2
            x = join(torch.cat([functional.pad(skip, [-cut] * 4), x], 1))
        return self.last(x)  # type: ignore[no-any-return]


def double(inputs: int, width: int) -> nn.Module:
    return nn.Sequential(nn.Conv2d(inputs, width, 3), nn.ReLU(), nn.Conv2d(width, width, 3), nn.ReLU())
