"""Records what PyTorch keeps for the way back: python record_kept.py  (with torch; tests/oracles/test_training.py asks it itself)

A line of kept.jsonl is a spec, the way of its execution, and the bytes of the storages that autograd saves of a batch of 2.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from random import Random

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1])]

import torch  # noqa: E402
from torch import nn  # noqa: E402

import cnncalc  # noqa: E402
from oracles.test_training import LINES, MORE, UNKNOWN, Saved, executed  # noqa: E402

IN_PLACE = {"relu": nn.ReLU, "relu6": nn.ReLU6, "leakyrelu": nn.LeakyReLU, "elu": nn.ELU, "selu": nn.SELU, "silu": nn.SiLU,
            "mish": nn.Mish, "hardswish": nn.Hardswish}  # fmt: skip
HEAD = "input 4x8x12\nother = @input | conv 4 1\nthird = @input | conv 4 3 pad=1\n"


def specs() -> list[str]:
    """Every line behind a convolution, and chains and branches of some."""
    chance = Random(3)
    lines = [*LINES, *MORE]
    made = [
        HEAD + ("" if line.startswith(("add", "mul", "concat", "learned")) else "@other | ") + line for line in lines
    ]
    plain = [line for line in lines if "@" not in line and "learned" not in line]
    for _ in range(400):
        chain = " | ".join(chance.sample(plain, chance.randint(2, 5)))
        start = chance.choice(["@input", "@other", "@third"])
        joined = chance.choice(
            ["", "", "\nadd @x @x", "\nmul @x @other", "\nadd @other @x @third", "\nconcat @x @input"]
        )
        made.append(f"{HEAD}x = {start} | {chain}{joined}")
    return made


def frozen(places: tuple[int, ...]) -> list[object]:
    model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 4, 1), nn.ReLU(),
                          nn.Flatten(), nn.Linear(36, 5), nn.Tanh(), nn.Linear(5, 2))  # fmt: skip
    for place in places:
        model[place].requires_grad_(False)
    with Saved() as saved:
        saved.leave_out(model)
        assert model(torch.randn(2, 3, 8, 8)).shape
    lines = "conv 8 3|bn|relu|maxpool 2|conv 4 1|relu|flatten|fc 5|tanh|fc 2".split("|")
    named = [f"a{place} = {line}" for place, line in enumerate(lines)]
    return ["\n".join(["input 3x8x8", *named, *(f"freeze a{place}" for place in places)]), "eager", saved.bytes]


def in_place(name: str, reader: str) -> list[object]:
    model = nn.Sequential(
        nn.Conv2d(3, 4, 3), IN_PLACE[name](inplace=True), nn.Conv2d(4, 5, 3) if reader else nn.Identity()
    )
    with Saved() as saved:
        saved.leave_out(model)
        result = model(torch.randn(2, 3, 8, 8))
    assert result.shape
    return [f"input 3x8x8\nconv 4 3 | {name}{reader}", "inplace", saved.bytes]


def main() -> None:
    found: list[list[object]] = []
    for text in specs():
        try:
            network = cnncalc.loads(text)
            if any(node.kind in UNKNOWN or node.owner is not None for node in network.nodes):
                continue
            bytes = executed(cnncalc.analyze(network), 2)
        except (cnncalc.SpecError, ValueError, RuntimeError, AssertionError):
            continue
        if bytes is not None:
            found.append([text, "eager", bytes])
    found += [frozen(places) for places in ((), (0,), (0, 1), (4,), (0, 1, 4), (0, 1, 4, 7), (1,), (7, 9))]
    found += [in_place(name, reader) for name in IN_PLACE for reader in (" | conv 5 3", "")]
    lines = dict.fromkeys(json.dumps(one, separators=(",", ":")) for one in found)
    (HERE / "kept.jsonl").write_text("\n".join(lines) + "\n")
    print(len(lines), "recorded")


if __name__ == "__main__":
    main()
