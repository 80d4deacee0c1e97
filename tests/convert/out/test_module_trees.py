"""Code as PyTorch source again: the modules of the source, by their names, in their order, with their parameters."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc
from cnncalc.network import Network

HEAD = "import torch\nimport torch.nn.functional as F\nfrom torch import nn\nfrom collections import OrderedDict\n"
BLOCK = """
class Block(nn.Module):
    def __init__(self, inp, out, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inp, out, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(out)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(out, out, 3, padding=1, bias=False)
        self.down = None
        if stride != 1 or inp != out:
            self.down = nn.Sequential(nn.Conv2d(inp, out, 1, stride), nn.BatchNorm2d(out))

    def forward(self, x):
        y = self.conv2(self.relu(self.bn1(self.conv1(x))))
        return self.relu(y + (x if self.down is None else self.down(x)))
"""
#: Bodies of Net: what __init__ makes, and what forward gives.
NETS = {
    "functional": (
        "self.conv1 = nn.Conv2d(3, 8, 3)\nself.conv2 = nn.Conv2d(8, 16, 3)\nself.fc = nn.Linear(16, 5)",
        "F.relu(self.conv1(x))\nx = F.max_pool2d(F.relu(self.conv2(x)), 2)\n"
        "return self.fc(torch.flatten(F.adaptive_avg_pool2d(x, 1), 1))",
    ),
    "defined in another order": (
        "self.fc = nn.Linear(8, 5)\nself.bn = nn.BatchNorm2d(8, eps=0.001)\nself.conv = nn.Conv2d(3, 8, (3, 1))",
        "self.bn(self.conv(x))\nreturn self.fc(x.mean((2, 3)))",
    ),
    "blocks": (
        "self.stem = nn.Conv2d(3, 8, 3)\nself.a = nn.Sequential(Block(8, 8), Block(8, 16, 2))\n"
        "self.b = nn.Sequential(*[Block(16, 16) for _ in range(4)])\nself.drop = nn.Dropout(0.2)",
        "self.drop(self.b(self.a(self.stem(x))))\nreturn x",
    ),
    "lists": (
        "self.layers = nn.ModuleList([nn.Conv2d(3, 3, 3, padding=1) for _ in range(5)])\n"
        "self.heads = nn.ModuleList([Block(3, 4), Block(3, 6)])",
        "x\nfor layer in self.layers:\n    x = x + layer(x)\nreturn [head(x) for head in self.heads]",
    ),
    "names in a sequence": (
        "self.net = nn.Sequential(OrderedDict([('first', nn.Conv2d(3, 4, 1)), ('act', nn.GELU())]))\n"
        "self.more = nn.Sequential(OrderedDict([('a', Block(4, 4)), ('skip', nn.Identity())]))",
        "self.more(self.net(x))\nreturn x",
    ),
    "parameters of its own": (
        "self.conv = nn.Conv2d(3, 8, 1)\nself.gamma = nn.Parameter(torch.ones(8, 1, 1))",
        "self.conv(x)\nreturn self.gamma * x",
    ),
    "one layer twice": (
        "self.conv = nn.Conv2d(3, 3, 3, padding=1)\nself.act = nn.SiLU()",
        "self.act(self.conv(x))\nreturn self.act(self.conv(x))",
    ),
    "parts": (
        "self.left = nn.Conv2d(2, 4, 1)\nself.right = nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.ReLU6())",
        "x\na, b = torch.split(x, [2, 1], 1)\nreturn torch.cat([self.left(a), self.right(b)], 1)",
    ),
    "outputs in another order": ("self.conv = nn.Conv2d(3, 4, 1)\nself.fc = nn.Linear(4, 2)", "self.conv(x)\nreturn self.fc(x.mean((2, 3))), x.mean(1)"),
    "what no kind says": (
        "self.lstm = nn.LSTM(12, 7, num_layers=2, batch_first=True)\nself.fc = nn.Linear(7, 2)",
        "torch.exp(x).flatten(1, 2)\nx, state = self.lstm(x)\nreturn self.fc(x)",
    ),
    "attention": (
        "self.attention = nn.MultiheadAttention(12, 4, batch_first=True)\nself.norm = nn.LayerNorm(12)",
        "x.flatten(1, 2)\ny = self.norm(x)\nreturn x + self.attention(y, y, y, need_weights=False)[0]",
    ),
    "a name that a variable has": (
        "self.x = nn.Conv2d(3, 4, 1)\nself.out = Block(4, 8)\nself.y = nn.Linear(8, 2)",
        "self.out(self.x(x))\nreturn self.y(x.mean((2, 3)))",
    ),
}  # fmt: skip
#: What cannot be kept as a tree, and is written as it stands.
OTHERS = {
    "a block twice": ("self.block = Block(3, 3)", "self.block(self.block(x))\nreturn x"),
    "one under two names": ("self.a = nn.Linear(3, 3)\nself.b = self.a", "self.b(self.a(x.mean((2, 3))))\nreturn x"),
    "inside out": (
        "self.a = nn.Sequential(nn.Conv2d(3, 3, 1), nn.ReLU())",
        "self.a[1](self.a[0](x))\nreturn x + self.a[0](x)",
    ),
}  # fmt: skip


def read(folder: Path, made: str, runs: str) -> Network:
    """The network of a class Net, on 3x12x12."""
    lines = [f"        {line}" for line in made.split("\n")]
    body = [f"        {line}" for line in f"x = {runs}".split("\n")]
    text = [HEAD, BLOCK, "class Net(nn.Module):", "    def __init__(self):", "        super().__init__()", *lines,
            "    def forward(self, x):", *body]  # fmt: skip
    (folder / "net.py").write_text("\n".join(text) + "\n")
    return cnncalc.load(f"{folder}/net.py:Net", input="3x12x12")


def again(folder: Path, text: str) -> Network:
    (folder / "again.py").write_text(text)
    return cnncalc.load(f"{folder}/again.py:Net", input="3x12x12")


def state(network: Network) -> list[tuple[str, object]]:
    """The parameters by their names, as PyTorch has them in a state."""
    return [(f"{path}.{name}", shape) for path, module in network.modules.items() for name, shape in module.parameters]


def numbers(network: Network) -> list[object]:
    totals = cnncalc.analyze(network).totals
    return [totals.params, totals.buffers, totals.macs, [network.nodes[port.node].output for port in network.outputs]]


@pytest.mark.parametrize("name", NETS)
def test_names_stay(name: str, tmp_path: Path) -> None:
    network = read(tmp_path, *NETS[name])
    found = again(tmp_path, network.to_torch_source())
    assert state(found) == state(network)
    assert numbers(found) == numbers(network)
    assert found.to_torch_source() == network.to_torch_source()


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_tree(name: str, tmp_path: Path) -> None:
    network = read(tmp_path, *OTHERS[name])
    found = again(tmp_path, network.to_torch_source())
    assert numbers(found) == numbers(network)


def test_a_whole_file(tmp_path: Path) -> None:
    text = read(tmp_path, *NETS["blocks"]).to_torch_source()
    assert text == WHOLE


WHOLE = '''\
"""Net."""

import torch
from torch import Tensor, nn


class Block(nn.Module):
    def __init__(
        self, in_channels: int, out_channels: int, stride: int = 1, down: bool = False
    ) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(
            in_channels, out_channels, 3, stride=stride, padding=1, bias=False
        )
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.relu = nn.ReLU()
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        if down:
            self.down = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride=stride),
                nn.BatchNorm2d(out_channels),
            )
        else:
            self.down = nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        out = self.conv1(x)
        out = self.bn1(out)
        out = self.relu(out)
        out = self.conv2(out)
        x = self.down(x)
        out = out + x
        return self.relu(out)


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3)
        self.a = nn.Sequential(Block(8, 8), Block(8, 16, stride=2, down=True))
        self.b = nn.Sequential(*(Block(16, 16) for _ in range(4)))
        self.drop = nn.Dropout(0.2)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        x = self.a(x)
        x = self.b(x)
        return self.drop(x)


if __name__ == "__main__":
    outputs = Net().eval()(torch.zeros(1, 3, 12, 12))
    print(tuple(outputs.shape))
'''
