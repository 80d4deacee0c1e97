"""PyTorch source as it is read: names, shapes, parameters, and faults with their places."""

from __future__ import annotations

import pytest

import cnncalc

LENET = """\
import torch.nn as nn
import torch.nn.functional as F

class Net(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = x.view(x.size(0), -1)
        return self.fc2(F.relu(self.fc1(x)))
"""


def read(folder, text, entry="", **options):
    path = folder / "net.py"
    path.write_text(text)
    return cnncalc.load(f"{path}{':' * bool(entry)}{entry}", **options)


def test_a_network_of_a_class(tmp_path):
    model = cnncalc.analyze(read(tmp_path, LENET, "Net(classes=7)", input="3x32x32"))
    assert [layer.name for layer in model.layers][:4] == ["conv1", "relu", "max_pool2d", "conv2"]
    assert model.totals.params == 6 * 76 + 16 * 151 + 400 * 120 + 120 + 120 * 7 + 7
    assert model.layers[-1].output == (7,)


def test_a_shape_that_does_not_fit_is_at_the_call(tmp_path):
    with pytest.raises(cnncalc.SpecError) as caught:
        read(tmp_path, LENET, input="3x28x28")
    (fault,) = caught.value.diagnostics
    assert fault.span.line == 16
    assert fault.help == "write nn.Linear(256, 120)"
    assert fault.frames[0].span.line == 9
