from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

import torch
from torch import nn


@dataclass
class Config:
    depths: list = field(default_factory=lambda: [1, 2])
    width: int = 8
    norm: str = "bn"


NORMS = {"bn": nn.BatchNorm2d, "gn": partial(nn.GroupNorm, 4)}


class Block(nn.Module):
    expansion = 2

    def __init__(self, before: int, width: int, stride: int = 1, norm=nn.BatchNorm2d) -> None:
        super().__init__()
        after = width * self.expansion
        layers = [nn.Conv2d(before, width, 1, bias=False), norm(width), nn.ReLU(inplace=True)]
        layers += [nn.Conv2d(width, after, 3, stride, 1, groups=2), norm(after)]
        self.body = nn.Sequential(*layers)
        if stride != 1 or before != after:
            self.skip = nn.Conv2d(before, after, 1, stride)
        else:
            self.skip = nn.Identity()

    def forward(self, x):
        return torch.relu(self.body(x) + self.skip(x))


class Net(nn.Module):
    def __init__(self, config: Config | None = None):
        super().__init__()
        config = config or Config()
        self.stem = nn.Conv2d(3, config.width, 3, padding=1)
        stages, before = [], config.width
        for index, depth in enumerate(config.depths):
            for number in range(depth):
                stride = 2 if number == 0 and index > 0 else 1
                stages.append(Block(before, config.width * 2**index, stride, NORMS[config.norm]))
                before = config.width * 2**index * Block.expansion
        self.stages = nn.ModuleList(stages)
        self.heads = nn.ModuleDict({"a": nn.Linear(before, 5), "b": nn.Linear(before, 3)})

    def forward(self, x):
        x = self.stem(x)
        features = []
        for stage in self.stages:
            x = stage(x)
            features.append(x)
        assert x.shape[1] == features[-1].shape[1], f"{x.shape} is odd"
        x = x.mean([2, 3])
        return {name: head(x) for name, head in self.heads.items()}
