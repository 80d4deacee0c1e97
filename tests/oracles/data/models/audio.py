import torch.nn as nn


class Audio(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv1d(1, 32, 80, stride=4),
            nn.BatchNorm1d(32),
            nn.ReLU(),
            nn.MaxPool1d(4),
            nn.Conv1d(32, 64, 3),
            nn.BatchNorm1d(64),
            nn.ReLU(),
            nn.MaxPool1d(4),
            nn.Conv1d(64, 128, 3),
            nn.BatchNorm1d(128),
            nn.ReLU(),
            nn.AdaptiveAvgPool1d(4),
        )
        self.flatten = nn.Flatten()
        self.fc1 = nn.Linear(512, 64)
        self.fc2 = nn.Linear(64, 35)

    def forward(self, x):
        x = self.net(x)
        x = self.flatten(x)
        x = self.fc1(x)
        return self.fc2(x)
