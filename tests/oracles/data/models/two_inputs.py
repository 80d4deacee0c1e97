import torch
import torch.nn as nn


class Fusion(nn.Module):
    def __init__(self):
        super().__init__()
        self.image = nn.Sequential(nn.Conv2d(3, 16, 3, 2, 1), nn.ReLU(), nn.Conv2d(16, 32, 3, 2, 1), nn.ReLU())
        self.image_fc = nn.Linear(2048, 64)
        self.table_fc1 = nn.Linear(20, 32)
        self.table_fc2 = nn.Linear(32, 16)
        self.merge1 = nn.Linear(80, 32)
        self.merge2 = nn.Linear(32, 2)

    def forward(self, image, table):
        left = torch.flatten(self.image(image), start_dim=1)
        left = torch.relu(self.image_fc(left))
        right = torch.relu(self.table_fc1(table))
        right = torch.relu(self.table_fc2(right))
        both = torch.cat([left, right], dim=1)
        both = torch.relu(self.merge1(both))
        return self.merge2(both)
