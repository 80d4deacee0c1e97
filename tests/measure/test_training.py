"""Training: what is kept is what PyTorch's autograd saves (kept.jsonl, made by record_kept.py); the rest by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import cnncalc
from cnncalc.measure.footprint import Footprint
from cnncalc.measure.result import analyze
from cnncalc.measure.training import Trainer
from helpers import network

RECORDED = [json.loads(line) for line in (Path(__file__).parent / "kept.jsonl").read_text().splitlines()]
#: Of these PyTorch may choose among kernels; where that is so nothing is said.
OPEN = ("dilation", "shared=each", "mode=circular")


def training(text: str, batch: int = 1, optimizer: str = "adam", **more: object) -> tuple[int, ...] | None:
    found = Footprint(analyze(cnncalc.loads(text), batch=batch, **more), optimizer).training  # type: ignore[arg-type]
    return None if found is None else tuple(found)


@pytest.mark.parametrize("part", range(3))
def test_what_is_kept_is_what_autograd_saves(part: int) -> None:
    known = 0
    for text, way, saved in RECORDED[part::3]:
        found = training(text, 2, execution=way)
        if found is None and any(word in text for word in OPEN):
            continue
        assert found is not None, text
        assert found[0] == saved, text
        known += 1
    assert known > 50


TEXT = "input 3x8x8\na = conv 8 3\nbn | relu\nhead aux train:\n    gavgpool | fc 7\nb = flatten | fc 5"
OF_A, OF_BN, OF_AUX, OF_B = 8 * 28, 16, 8 * 7 + 7, 288 * 5 + 5


def test_parameters_gradients_and_states() -> None:
    """Of train heads, too; a gradient for each parameter that is trained, and so many numbers of the optimizer."""
    for optimizer, states in (("none", 0), ("sgd", 0), ("momentum", 1), ("adam", 2)):
        for frozen, still in (("", 0), ("\nfreeze a", OF_A), ("\nfreeze a\nfreeze b", OF_A + OF_B)):
            found = training(TEXT + frozen, 3, optimizer)
            assert found is not None
            params = OF_A + OF_BN + OF_AUX + OF_B
            assert found[1:] == (4 * params, 4 * (params - still), states * 4 * (params - still), 4 * 16)


def test_types_have_their_bytes() -> None:
    for name, size in (("fp64", 8), ("fp32", 4), ("fp16", 2), ("bf16", 2)):
        one, found = training(TEXT, 2), training(TEXT, 2, dtype=name)
        assert one is not None and found is not None
        assert [4 * number for number in found] == [size * number for number in one]
    weights = training("input 3x8x8\nconv 8 3", 2, dtype={"weights": "fp64", "biases": "fp16"})
    assert weights is not None
    assert weights[:3] == (2 * 3 * 64 * 4, 8 * 27 * 8 + 8 * 2, 8 * 27 * 8 + 8 * 2)


def test_shared_weights_are_there_once() -> None:
    found = training("input 3x8x8\na = conv 3 3 pad=1\nb = conv 3 3 pad=1 share=@a\nc = conv 3 3 pad=1 share=@a | bn")
    assert found is not None
    assert found[1:] == (4 * (84 + 6), 4 * (84 + 6), 8 * (84 + 6), 4 * 6)


@pytest.mark.parametrize(
    ("text", "options", "reason"),
    [
        ("input 3x8x8\nconv 4 9", {}, "not every shape could be worked out"),
        ("input 3x8x8\nop foo", {}, "not every shape could be worked out"),
        ("input 3x8x8\nconv 4 3", {"dtype": "int8"}, "PyTorch does not train in int8"),
        ("input 3x8x8\nconv 4 3", {"dtype": {"biases": "int32"}}, "PyTorch does not train in int32"),
        ("input 3x8x8\nconv 4 3 | localconv 2 1 | conv 1 1", {}, "what PyTorch keeps of 'localconv1' depends on the device, or on how it is made of operations"),
        ("input 3x8x8\nop foo shape=3x8x8\nconv 1 1", {}, "nothing is known of what 'op1' costs"),
        ("input 3x8x8\nop foo shape=3x8x8 params=0 macs=0\nconv 1 1", {}, ""),  # no gradient goes through it
    ],
)  # fmt: skip
def test_why_it_is_not_known(text: str, options: dict[str, object], reason: str) -> None:
    trainer = Trainer(analyze(network(text), **options))  # type: ignore[arg-type]
    assert trainer.unknown == reason
    assert (trainer.step(2) is None) is bool(reason)
    assert (trainer.largest_batch(10**12) is None) is bool(reason)


def test_the_largest_batch_that_fits_by_trying_all() -> None:
    trainer = Trainer(analyze(cnncalc.loads(TEXT)))
    totals = [sum(step) for step in (trainer.step(batch) for batch in range(1, 30)) if step is not None]
    for budget in range(totals[0] - 2, totals[-1] - 1, 997):
        assert trainer.largest_batch(budget) == sum(total <= budget for total in totals)
    for batch, total in enumerate(totals[:-1], 1):
        assert [trainer.largest_batch(total + more) for more in (-1, 0, 1)] == [batch - 1, batch, batch]
    assert Trainer(analyze(cnncalc.loads("input 3x8x8\nrelu"))).largest_batch(0) is None


def test_a_module_that_nothing_runs_has_parameters_alone(tmp_path: Path) -> None:
    code = "from torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        "
    (tmp_path / "net.py").write_text(
        f"{code}self.fc, self.aux = nn.Linear(4, 2), nn.Linear(4, 3)\n    def forward(self, x):\n        return self.fc(x)\n"
    )
    net = cnncalc.load(f"{tmp_path}/net.py:Net", input="4")
    assert Footprint(analyze(net)).training == (4 * 4, 4 * (10 + 15), 4 * 10, 8 * 10, 0)
