"""What a beginner writes, and what is said of it: where it stands, and what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc

from .test_packages import HEAD, net

CONV = "self.conv = nn.Conv2d(3, 16, 3)\nself.pool = nn.MaxPool2d(2)\nself.fc = nn.Linear(3600, 10)"
RNN = "self.rnn = nn.LSTM(8, 4, batch_first=True)\nself.fc = nn.Linear(4, 2)"


def told(folder: Path, body: str, shape: str) -> tuple[str, str | None, int | None]:
    """The first fault: its message, its help and its line."""
    path = folder / "net.py"
    path.write_text(HEAD + body, "utf-8")
    with pytest.raises(cnncalc.SpecError) as error:
        cnncalc.load(f"{path}:Net", input=shape)
    first = error.value.diagnostics[0]
    return first.message, first.help, first.span and first.span.line


@pytest.mark.parametrize(
    ("made", "forward", "shape", "message", "help"),
    [
        (CONV, "return pool(self.conv(x))", "3x32x32", "NameError: name 'pool' is not defined",
         "write self.pool: it is an attribute of the module"),
        (RNN, "return self.fc(self.rnn(x))", "5x8",
         "TypeError: Linear is given a tuple of 2, and takes a tensor: x, *_ = … takes the first", None),
        (CONV, "return self.pool(nn.ReLU(self.conv(x)))", "3x32x32",
         "TypeError: MaxPool2d is given a ReLU, which is a layer: call it, nn.ReLU()(x)", None),
        (CONV, "return self.pool(print(x))", "3x32x32",
         "TypeError: MaxPool2d is given None: a forward before it returns nothing", None),
        ("self.bn = nn.BatchNorm1d(3)", "return self.bn(x)", "3x8x8",
         "ValueError: expected 2D or 3D input (got 4D input): nn.BatchNorm2d is for Nx3x8x8", None),
        ("self.all = nn.ModuleList([nn.ReLU()])", "return self.all(x)", "3x8x8",
         'NotImplementedError: Module [ModuleList] is missing the required "forward" function',
         "call its modules one by one, for layer in …: x = layer(x), or make it an nn.Sequential"),
        ("pass", "x = F.relu(x)", "3x8x8", "forward gives no tensor", "write what it returns: return x"),
        ("pass", "return x.view(32, -1)", "3x5x5",
         "view: Nx3x5x5 has N*75 values, which the 32 of [32, -1] do not divide",
         "x.size(0) in the place of 32 keeps the samples: [N, -1]"),
    ],
)  # fmt: skip
def test_mistakes(tmp_path: Path, made: str, forward: str, shape: str, message: str, help: str | None) -> None:
    found = told(tmp_path, net(made, forward), shape)
    assert found[:2] == (message, help)
    assert found[2] is not None


def test_forward_without_self(tmp_path: Path) -> None:
    body = net(CONV, "return x").replace("forward(self, x)", "forward(x)")
    message, help, line = told(tmp_path, body, "3x32x32")
    assert message == "TypeError: Net.forward() takes 1 positional argument but 2 were given"
    assert help == "write def forward(self, x)"
    assert line == 1 + (HEAD + body)[: (HEAD + body).index("def forward")].count("\n")
