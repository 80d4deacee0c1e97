"""More architectures in PyTorch to be exported: recurrent, attention, detection necks, super resolution, one and three axes."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from .onnx_models import conv, model


@model(3, 32, 32)
class Inception(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = (
            nn.Conv2d(3, 4, 1),
            nn.Sequential(
                nn.Conv2d(3, 4, 1), nn.Conv2d(4, 6, (1, 7), padding=(0, 3)), nn.Conv2d(6, 6, (7, 1), padding=(3, 0))
            ),
        )
        self.c = nn.Sequential(nn.AvgPool2d(3, 1, 1), nn.Conv2d(3, 2, 1))  # fmt: skip

    def forward(self, x):
        return torch.cat([self.a(x), self.b(x), self.c(x)], 1)


@model(3, 32, 32)
class Fire(nn.Module):
    def __init__(self):
        super().__init__()
        self.squeeze, self.one, self.three = nn.Conv2d(3, 4, 1), nn.Conv2d(4, 8, 1), nn.Conv2d(4, 8, 3, padding=1)
        self.end = nn.Conv2d(16, 10, 1)

    def forward(self, x):
        x = F.relu(self.squeeze(x))
        x = torch.cat([F.relu(self.one(x)), F.relu(self.three(x))], 1)
        return F.adaptive_avg_pool2d(self.end(F.max_pool2d(x, 3, 2, ceil_mode=True)), (1, 1)).flatten(1)


@model(3, 24, 24)
class ResNext(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem, self.body = conv(3, 16), nn.Sequential(conv(16, 16, 1), conv(16, 16, 3, 1, 4), nn.Conv2d(16, 16, 1))

    def forward(self, x):
        x = self.stem(x)
        return F.leaky_relu(x + self.body(x), 0.1)


@model(3, 32, 32)
class Ghost(nn.Module):
    def __init__(self):
        super().__init__()
        self.primary, self.cheap = conv(3, 8, 1), conv(8, 8, 3, 1, 8)

    def forward(self, x):
        x = self.primary(x)
        return torch.cat([x, self.cheap(x)], dim=1)[:, :12]


@model(3, 64, 64)
class Neck(nn.Module):
    """A path aggregation network with the pools of SPPF, three outputs."""

    def __init__(self):
        super().__init__()
        self.c1, self.c2, self.c3 = (
            conv(3, 8, 3, 4, act=nn.SiLU),
            conv(8, 16, 3, 2, act=nn.SiLU),
            conv(16, 32, 3, 2, act=nn.SiLU),
        )
        self.sppf, self.t2, self.t1 = nn.Conv2d(128, 16, 1), nn.Conv2d(32, 8, 1), nn.Conv2d(16, 8, 1)
        self.down1, self.down2 = nn.Conv2d(8, 8, 3, 2, 1), nn.Conv2d(16, 16, 3, 2, 1)  # fmt: skip

    def forward(self, x):
        a = self.c1(x)
        b = self.c2(a)
        c = self.c3(b)
        pools = [c]
        for _ in range(3):
            pools.append(F.max_pool2d(pools[-1], 5, 1, 2))
        c = self.sppf(torch.cat(pools, 1))
        b = self.t2(torch.cat([F.interpolate(c, scale_factor=2), b], 1))
        a = self.t1(torch.cat([F.interpolate(b, scale_factor=2), a], 1))
        b = torch.cat([self.down1(a), b], 1)
        return a, b, torch.cat([self.down2(b), c], 1)


@model(3, 32, 32)
class Ssd(nn.Module):
    """Boxes and classes of two maps, side by side."""

    def __init__(self):
        super().__init__()
        self.a, self.b = conv(3, 8, 3, 4), conv(8, 16, 3, 2)
        self.box, self.kind = nn.ModuleList([nn.Conv2d(8, 16, 3, padding=1), nn.Conv2d(16, 16, 3, padding=1)]), nn.ModuleList(
            [nn.Conv2d(8, 20, 1), nn.Conv2d(16, 20, 1)])  # fmt: skip

    def forward(self, x):
        maps = [self.a(x)]
        maps.append(self.b(maps[0]))
        boxes = [
            head(one).permute(0, 2, 3, 1).flatten(1).view(one.shape[0], -1, 4)
            for head, one in zip(self.box, maps, strict=True)
        ]
        kinds = [
            head(one).permute(0, 2, 3, 1).flatten(1).view(one.shape[0], -1, 5)
            for head, one in zip(self.kind, maps, strict=True)
        ]
        return torch.cat(boxes, 1), torch.softmax(torch.cat(kinds, 1), -1)


@model(3, 16, 16)
class SuperResolution(nn.Module):
    def __init__(self):
        super().__init__()
        self.head, self.body, self.up, self.tail = (
            nn.Conv2d(3, 8, 3, padding=1),
            nn.Conv2d(8, 8, 3, padding=1),
            nn.Conv2d(8, 32, 3, padding=1),
            nn.Conv2d(8, 3, 3, padding=1),
        )

    def forward(self, x):
        y = self.head(x)
        y = y + 0.1 * self.body(F.relu(y))
        return self.tail(F.pixel_shuffle(self.up(y), 2)) + F.interpolate(
            x, scale_factor=2, mode="bilinear", align_corners=False
        )


@model(1, 28, 28)
class Autoencoder(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Conv2d(1, 8, 3, 2, 1), nn.ReLU(), nn.Conv2d(8, 16, 3, 2, 1), nn.ReLU(), nn.ConvTranspose2d(16, 8, 3, 2, 1, output_padding=1), nn.ReLU(),
                         nn.ConvTranspose2d(8, 1, 4, 2, 1), nn.Sigmoid())  # fmt: skip


@model(16)
class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc, self.up = (
            nn.Linear(16, 8 * 4 * 4),
            nn.Sequential(nn.BatchNorm2d(8), nn.ReLU(), nn.ConvTranspose2d(8, 3, 4, 2, 1), nn.Tanh()),
        )

    def forward(self, x):
        return self.up(self.fc(x).view(-1, 8, 4, 4))


@model(3, 32, 32)
class Cbam(nn.Module):
    """Attention by channels and by places."""

    def __init__(self):
        super().__init__()
        self.conv, self.fc, self.place = (
            conv(3, 8),
            nn.Sequential(nn.Linear(8, 2), nn.ReLU(), nn.Linear(2, 8)),
            nn.Conv2d(2, 1, 7, padding=3),
        )

    def forward(self, x):
        x = self.conv(x)
        weights = torch.sigmoid(self.fc(x.mean((2, 3))))
        x = x * weights[:, :, None, None]
        return x * torch.sigmoid(self.place(torch.cat([x.mean(1, keepdim=True), x.amax(1, keepdim=True)], 1)))


@model(3, 32, 32)
class MlpMixer(nn.Module):
    def __init__(self):
        super().__init__()
        self.patch, self.n1, self.n2 = nn.Conv2d(3, 12, 8, 8), nn.LayerNorm(12), nn.LayerNorm(12)
        self.tokens, self.channels, self.head = (
            nn.Sequential(nn.Linear(16, 8), nn.GELU(), nn.Linear(8, 16)),
            nn.Sequential(nn.Linear(12, 24), nn.GELU(), nn.Linear(24, 12)),
            nn.Linear(12, 5),
        )

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = x + self.tokens(self.n1(x).transpose(1, 2)).transpose(1, 2)
        x = x + self.channels(self.n2(x))
        return self.head(x.mean(1))


@model(40, 32)
class Speech(nn.Module):
    """Convolutions along time with gates, and a sum over time."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.end = (
            nn.Conv1d(40, 32, 5, padding=2),
            nn.Conv1d(16, 16, 3, padding=4, dilation=4, groups=4),
            nn.Linear(32, 6),
        )

    def forward(self, x):
        x = F.glu(self.a(x), 1)
        x = F.elu(self.b(x)) + x
        return self.end(torch.cat([x.mean(2), x.amax(2)], 1))


@model(2, 12, 16, 16)
class VNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.down, self.up, self.b = (
            nn.Conv3d(2, 4, 3, padding=1),
            nn.Conv3d(4, 8, 2, 2),
            nn.ConvTranspose3d(8, 4, 2, 2),
            nn.Conv3d(8, 2, 1),
        )
        self.norm = nn.InstanceNorm3d(8, affine=True)

    def forward(self, x):
        a = F.relu(self.a(x))
        return self.b(torch.cat([a, self.up(F.relu(self.norm(self.down(a))))], 1))


@model(3, 32, 32)
class Classifier(nn.Module):
    """Two heads, one of them by the largest values, and their places."""

    def __init__(self):
        super().__init__()
        self.body, self.head = nn.Sequential(conv(3, 8, 3, 2), conv(8, 8, 3, 2)), nn.Linear(8, 20)

    def forward(self, x):
        y = self.head(self.body(x).mean((2, 3)))
        return torch.log_softmax(y, 1), torch.topk(y, 5)[0]
