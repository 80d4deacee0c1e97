import torch
import torch.nn as nn


class Inception(nn.Module):
    def __init__(self):
        super().__init__()
        self.b1 = nn.Conv2d(192, 64, kernel_size=1)
        self.b2a = nn.Conv2d(192, 96, kernel_size=1)
        self.b2b = nn.Conv2d(96, 128, kernel_size=3, padding=1)
        self.b3a = nn.Conv2d(192, 16, kernel_size=1)
        self.b3b = nn.Conv2d(16, 32, kernel_size=5, padding=2)
        self.b4 = nn.Conv2d(192, 32, kernel_size=1)
        self.pool = nn.MaxPool2d(3, stride=1, padding=1)

    def forward(self, x):
        one = self.b1(x)
        two = self.b2b(self.b2a(x))
        three = self.b3b(self.b3a(x))
        four = self.b4(self.pool(x))
        return torch.cat([one, two, three, four], dim=1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 192, 7, 2, 3)
        self.block = Inception()
        self.head = nn.Conv2d(256, 480, 1)
        self.norm = nn.BatchNorm2d(480)
        self.fc = nn.Linear(480, 100)

    def forward(self, x):
        x = self.stem(x)
        x = self.block(x)
        x = self.norm(self.head(x))
        x = x.mean([2, 3])
        return self.fc(x)
