import torch
import torch.nn as nn


class Upscale(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Conv2d(3, 64, 5, padding=2)
        self.body = nn.ModuleList([nn.Conv2d(64, 64, 3, padding=1) for _ in range(3)])
        self.tail = nn.Conv2d(64, 27, 3, padding=1)
        self.shuffle = nn.PixelShuffle(3)
        self.refine = nn.Conv2d(3, 3, 3, padding=1)

    def forward(self, x):
        x = head = torch.relu(self.head(x))
        for conv in self.body:
            x = torch.relu(conv(x))
        x = self.tail(x + head)
        x = self.shuffle(x)
        return self.refine(x)
