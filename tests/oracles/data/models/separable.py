import torch.nn as nn


def separable(inside, outside, stride):
    return nn.Sequential(
        nn.Conv2d(inside, inside, 3, stride, 1, groups=inside, bias=False),
        nn.BatchNorm2d(inside),
        nn.ReLU6(inplace=True),
        nn.Conv2d(inside, outside, 1, bias=False),
        nn.BatchNorm2d(outside),
        nn.ReLU6(inplace=True),
    )


class MobileSmall(nn.Module):
    def __init__(self, classes=20):
        super().__init__()
        self.stem = nn.Conv2d(3, 32, 3, 2, 1, bias=False)
        self.bn = nn.BatchNorm2d(32)
        self.body = nn.Sequential(separable(32, 64, 1), separable(64, 128, 2), separable(128, 256, 2))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.last = nn.Conv2d(256, 512, 1)
        self.fc = nn.Linear(512, classes)

    def forward(self, x):
        x = self.bn(self.stem(x))
        x = self.body(x)
        x = self.last(x)
        x = self.pool(x)
        x = x.flatten(1)
        return self.fc(x)
