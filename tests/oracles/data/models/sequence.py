import torch
import torch.nn as nn


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(40, 64, 3, padding=1)
        self.norm = nn.BatchNorm1d(64)
        self.lstm = nn.LSTM(64, 128, num_layers=2, batch_first=True, bidirectional=True)
        self.drop = nn.Dropout(0.3)
        self.fc1 = nn.Linear(256, 64)
        self.fc2 = nn.Linear(64, 12)

    def forward(self, x):
        x = torch.relu(self.norm(self.conv(x)))
        x = x.permute(0, 2, 1)
        x, _ = self.lstm(x)
        x = self.drop(x[:, -1, :])
        x = torch.relu(self.fc1(x))
        return self.fc2(x)
