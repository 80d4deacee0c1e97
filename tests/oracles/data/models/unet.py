import torch
import torch.nn as nn


def double(inside, outside):
    return nn.Sequential(
        nn.Conv2d(inside, outside, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(outside, outside, 3, padding=1),
        nn.ReLU(),
    )


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down1 = double(3, 32)
        self.down2 = double(32, 64)
        self.down3 = double(64, 128)
        self.pool = nn.MaxPool2d(2)
        self.up2 = nn.ConvTranspose2d(128, 64, 2, stride=2)
        self.conv2 = double(128, 64)
        self.up1 = nn.ConvTranspose2d(64, 32, 2, stride=2)
        self.conv1 = double(64, 32)
        self.last = nn.Conv2d(32, 2, 1)

    def forward(self, x):
        one = self.down1(x)
        two = self.down2(self.pool(one))
        three = self.down3(self.pool(two))
        x = self.up2(three)
        x = torch.cat([two, x], 1)
        x = self.conv2(x)
        x = self.up1(x)
        x = torch.cat([one, x], 1)
        x = self.conv1(x)
        return self.last(x)
