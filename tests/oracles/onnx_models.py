"""Architectures in PyTorch, small, to be exported: of each a module and the shape of its input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

MODELS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {}


def model(*shape: int) -> Any:
    def add(kind: Any) -> Any:
        MODELS[kind.__name__.lower()] = (kind, shape)
        return kind

    return add


def conv(i: int, o: int, k: int = 3, s: int = 1, g: int = 1, act: type[nn.Module] = nn.ReLU) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(i, o, k, s, k // 2, groups=g, bias=False), nn.BatchNorm2d(o), act())


@model(3, 32, 32)
class Vgg(nn.Sequential):
    def __init__(self):
        super().__init__(conv(3, 8), nn.MaxPool2d(2), conv(8, 16), nn.MaxPool2d(2, ceil_mode=True), nn.Flatten(),
                         nn.Linear(16 * 64, 32), nn.ReLU(), nn.Dropout(), nn.Linear(32, 10))  # fmt: skip


class Basic(nn.Module):
    def __init__(self, i, o, s=1):
        super().__init__()
        self.conv1, self.conv2 = (
            conv(i, o, 3, s),
            nn.Sequential(nn.Conv2d(o, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o)),
        )
        self.down = nn.Conv2d(i, o, 1, s) if (i, s) != (o, 1) else nn.Identity()

    def forward(self, x):
        return F.relu(self.conv2(self.conv1(x)) + self.down(x))


@model(3, 33, 47)
class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem, self.pool = conv(3, 16, 7, 2), nn.MaxPool2d(3, 2, 1)
        self.layer1, self.layer2 = (
            nn.Sequential(Basic(16, 16), Basic(16, 16)),
            nn.Sequential(Basic(16, 32, 2), Basic(32, 32)),
        )
        self.head = nn.Linear(32, 10)

    def forward(self, x):
        x = F.adaptive_avg_pool2d(self.layer2(self.layer1(self.pool(self.stem(x)))), 1)
        return self.head(torch.flatten(x, 1))


@model(3, 32, 32)
class DenseNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem, self.layers = (
            nn.Conv2d(3, 8, 3, padding=1),
            nn.ModuleList(
                nn.Sequential(nn.BatchNorm2d(8 + 4 * k), nn.ReLU(), nn.Conv2d(8 + 4 * k, 4, 3, padding=1))
                for k in range(3)
            ),
        )
        self.end = nn.Sequential(nn.AvgPool2d(2), nn.Flatten(), nn.Linear(20 * 256, 5))

    def forward(self, x):
        x = self.stem(x)
        for layer in self.layers:
            x = torch.cat([x, layer(x)], 1)
        return self.end(x)


class Squeeze(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.fc1, self.fc2 = nn.Conv2d(c, c // 4, 1), nn.Conv2d(c // 4, c, 1)

    def forward(self, x):
        return x * torch.sigmoid(self.fc2(F.relu(self.fc1(x.mean((2, 3), keepdim=True)))))


@model(3, 32, 32)
class MobileNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            conv(3, 16, 3, 2, act=nn.Hardswish),
            conv(16, 16, 5, 2, 16, nn.Hardswish),
            Squeeze(16),
            conv(16, 24, 1, act=nn.ReLU6),
            nn.Hardsigmoid(),
        )
        self.head = nn.Linear(24, 10)

    def forward(self, x):
        return self.head(self.features(x).mean([2, 3]))


@model(3, 32, 32)
class ShuffleNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem, self.branch, self.end = (
            conv(3, 16, 3, 2),
            nn.Sequential(conv(8, 8, 1), conv(8, 8, 3, 1, 8)),
            conv(16, 20, 1),
        )

    def forward(self, x):
        a, b = self.stem(x).chunk(2, 1)
        x = torch.cat([a, self.branch(b)], 1)
        n, c, h, w = x.shape
        x = x.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w)
        return self.end(x)


@model(1, 64, 48)
class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.up, self.c = conv(1, 8), conv(8, 16), nn.ConvTranspose2d(16, 8, 2, 2), conv(16, 8)

    def forward(self, x):
        a = self.a(x)
        return self.c(torch.cat([a, self.up(self.b(F.max_pool2d(a, 2)))], 1))


@model(3, 32, 40)
class Pyramid(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.la, self.lb = (
            conv(3, 8, 3, 2),
            conv(8, 16, 3, 2),
            nn.Conv2d(8, 12, 1),
            nn.Conv2d(16, 12, 1),
        )
        self.shared = nn.Conv2d(12, 12, 3, padding=1)

    def forward(self, x):
        a = self.a(x)
        b = self.lb(self.b(a))
        a = self.la(a) + F.interpolate(b, size=a.shape[-2:], mode="nearest")
        return self.shared(a), self.shared(b)


@model(3, 28, 28)
class Aspp(nn.Module):
    def __init__(self):
        super().__init__()
        self.paths = nn.ModuleList(nn.Conv2d(3, 4, 3, padding=d, dilation=d) for d in (1, 2, 4))
        self.pool, self.end = nn.Conv2d(3, 4, 1), nn.Conv2d(16, 2, 1)

    def forward(self, x):
        pooled = F.interpolate(self.pool(F.adaptive_avg_pool2d(x, 1)), size=x.shape[-2:], mode="bilinear")
        return self.end(torch.cat([*(path(x) for path in self.paths), pooled], 1))


@model(3, 32, 32)
class ConvNext(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem, self.dw, self.norm = (
            nn.Conv2d(3, 16, 4, 4),
            nn.Conv2d(16, 16, 7, padding=3, groups=16),
            nn.LayerNorm(16),
        )
        self.up, self.down, self.gamma = nn.Linear(16, 64), nn.Linear(64, 16), nn.Parameter(torch.ones(16))

    def forward(self, x):
        x = self.stem(x)
        y = self.norm(self.dw(x).permute(0, 2, 3, 1))
        return x + (self.gamma * self.down(F.gelu(self.up(y)))).permute(0, 3, 1, 2)


@model(3, 32, 32)
class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.patch, self.position = nn.Conv2d(3, 24, 8, 8), nn.Parameter(torch.zeros(1, 17, 24))
        self.token, self.norm, self.qkv = nn.Parameter(torch.zeros(1, 1, 24)), nn.LayerNorm(24), nn.Linear(24, 72)
        self.out, self.head = nn.Linear(24, 24), nn.Linear(24, 10)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.position
        q, k, v = self.qkv(self.norm(x)).reshape(x.shape[0], 17, 3, 3, 8).permute(2, 0, 3, 1, 4)
        y = torch.softmax(q @ k.transpose(-2, -1) / 8**0.5, -1) @ v
        return self.head((x + self.out(y.transpose(1, 2).reshape(x.shape)))[:, 0])


@model(2, 64)
class Temporal(nn.Sequential):
    def __init__(self):
        super().__init__(nn.ConstantPad1d((4, 0), 0.0), nn.Conv1d(2, 8, 3, dilation=2), nn.PReLU(), nn.InstanceNorm1d(8, affine=True),
                         nn.AvgPool1d(2), nn.Conv1d(8, 4, 3, stride=2), nn.ELU())  # fmt: skip


@model(1, 8, 16, 16)
class Volume(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Conv3d(1, 4, 3, padding=1), nn.BatchNorm3d(4), nn.LeakyReLU(), nn.MaxPool3d(2), nn.GroupNorm(2, 4),
                         nn.ConvTranspose3d(4, 2, 2, 2), nn.Softmax(1))  # fmt: skip


@model(1, 32, 64)
class Crnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.cnn, self.rnn, self.fc = (
            nn.Sequential(conv(1, 8), nn.MaxPool2d((4, 2))),
            nn.LSTM(64, 16, bidirectional=True),
            nn.Linear(32, 11),
        )

    def forward(self, x):
        x = self.cnn(x)
        x = x.reshape(x.shape[0], 64, -1).permute(2, 0, 1)
        return self.fc(self.rnn(x)[0])


@model(3, 20, 20)
class SubPixel(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Conv2d(3, 16, 5, padding=2), nn.Tanh(), nn.Conv2d(16, 12, 3, padding=1), nn.PixelShuffle(2))


@model(3, 32, 32)
class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem, self.down, self.head = (
            conv(12, 16, act=nn.SiLU),
            conv(16, 32, 3, 2, act=nn.Mish),
            nn.Conv2d(32, 18, 1),
        )

    def forward(self, x):
        x = torch.cat([x[..., ::2, ::2], x[..., 1::2, ::2], x[..., ::2, 1::2], x[..., 1::2, 1::2]], 1)
        x = self.head(self.down(self.stem(x)))
        n, _, h, w = x.shape
        return x.view(n, 3, 6, h, w).permute(0, 1, 3, 4, 2).reshape(n, -1, 6).sigmoid()


@model(3, 32, 32)
class RepVgg(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.bn = nn.Conv2d(3, 3, 3, padding=1), nn.Conv2d(3, 3, 1), nn.BatchNorm2d(3)

    def forward(self, x):
        return F.relu(self.a(x) + self.b(x) + self.bn(x))
