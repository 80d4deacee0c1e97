import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self, classes=10, widths=(6, 16)):
        super().__init__()
        self.conv1 = nn.Conv2d(3, widths[0], 5)
        self.conv2 = nn.Conv2d(widths[0], widths[-1], kernel_size=5)
        self.fc1 = nn.Linear(widths[-1] * 5 * 5, 120)
        self.fc2 = nn.Linear(120, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), (2, 2))
        x = x.view(x.size(0), -1)
        x = F.dropout(F.relu(self.fc1(x)), training=self.training)
        return torch.log_softmax(self.fc2(x), dim=1)
