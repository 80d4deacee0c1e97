import torch
import torch.nn as nn


class Siamese(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 7)
        self.conv2 = nn.Conv2d(32, 64, 5)
        self.pool = nn.MaxPool2d(2, 2)
        self.embed = nn.Linear(3136, 128)
        self.norm = nn.LayerNorm(128)
        self.fc1 = nn.Linear(256, 64)
        self.fc2 = nn.Linear(64, 1)

    def once(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        x = self.pool(torch.relu(self.conv2(x)))
        x = x.view(x.size()[0], -1)
        return self.norm(self.embed(x))

    def forward(self, one, two):
        one = self.once(one)
        two = self.once(two)
        both = torch.cat((one, two), 1)
        both = torch.relu(self.fc1(both))
        return self.fc2(both)
