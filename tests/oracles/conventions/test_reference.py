"""The recorded cases of the project's reference (data/reference.json): layers and networks as ten counters count them.

Each case is compared, or stands in LEFT_OUT with the reason.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import cnncalc
from cnncalc.measure.conventions import Tally, find

RECORD = json.loads((Path(__file__).parent / "data" / "reference.json").read_text())
EXAMPLES = Path(__file__).parents[3] / "examples"

#: The record's names of the tools; of two numbers in one entry, the name of the second.
TOOLS = {
    "torchprofile 0.1.0": ("torchprofile-0.1.0",),
    "torchinfo 1.8.0": ("torchinfo-1.8.0",),
    "fvcore 0.1.5.post20221221": ("fvcore-0.1.5",),
    "ptflops 0.7.5 (pytorch backend)": ("ptflops-0.7.5",),
    "ptflops 0.7.5 (aten backend)": ("ptflops-0.7.5-aten",),
    "thop 0.1.1.post2209072238": ("thop-0.1.1",),
    "calflops 0.3.2 [flops, macs]": ("calflops-0.3.2", "calflops-0.3.2-macs"),
    "torch 2.13.0 torch.utils.flop_counter": ("torch-2.13",),
    "torchscan 0.2.0": (),  # no convention of counting.md
    "onnx-tool 1.0.1": ("onnx-tool-1.0.1",),
}
HERE = "input 8x16x16\n"
SPECS = {
    "conv3x3 nobias 8->12 p1 (out 16x16)": HERE + "conv 12 3 pad=1 bias=no",
    "conv3x3 bias": HERE + "conv 12 3 pad=1",
    "conv s2 (out 8x8)": HERE + "conv 12 3 pad=1 stride=2",
    "conv groups4 bias": HERE + "conv 12 3 pad=1 groups=4",
    "depthwise g8 bias": HERE + "dwconv 3 pad=1",
    "conv dil2 p2 bias": HERE + "conv 12 3 pad=2 dilation=2",
    "conv k4 same bias": HERE + "conv 12 4 pad=same",
    "conv1d 8->12 k3 L16 bias": "input 8@16\nconv 12 3 pad=1",
    "conv3d 8->12 k3 8^3 bias": "input 8x8x8x8\nconv 12 3 pad=1",
    "convT k4s2p1 8->12 nobias (out32)": HERE + "upconv 12 4 stride=2 pad=1 bias=no",
    "convT k4s2p1 8->12 bias": HERE + "upconv 12 4 stride=2 pad=1",
    "convT g4 8->12 bias": HERE + "upconv 12 4 stride=2 pad=1 groups=4",
    "linear 64->10 nobias": "input 64\nfc 10 bias=no",
    "linear 64->10 bias": "input 64\nfc 10",
    "bn2d eval": HERE + "bn",
    "bn2d eval noaffine": HERE + "bn affine=no",
    # 128 rows of 16: the same measures as 16 channels at 8x16 positions, but for 16 channels' parameters.
    "layernorm(16) on 8x16x16": "input 16x8x16\nln",
    "groupnorm(4,8)": HERE + "gn 4",
    "instancenorm affine": HERE + "in",
    **{name: HERE + name for name in "relu relu6 leakyrelu sigmoid tanh gelu silu hardswish".split()},
    "prelu": HERE + "prelu shared=yes",
    "softmax dim1": HERE + "softmax",
    "maxpool k2s2": HERE + "maxpool 2",
    "maxpool k3s2p1": HERE + "maxpool 3 stride=2 pad=1",
    "avgpool k2s2": HERE + "avgpool 2",
    "avgpool k3s2p1": HERE + "avgpool 3 stride=2 pad=1",
    "adapavg 1": HERE + "gavgpool",
    "adapavg 4": HERE + "avgpool to=4",
    "adapavg 7 from16": HERE + "avgpool to=7",
    "adapmax 4": HERE + "maxpool to=4",
    "upsample nearest x2": HERE + "resize 2",
    "upsample bilinear x2": HERE + "resize 2 mode=bilinear",
    "add x+y": "a = input 8x16x16\nb = input 8x16x16\nadd @a @b",
    "mul x*y": "a = input 8x16x16\nb = input 8x16x16\nmul @a @b",
    "mul bcast SE (1,8,1,1)": "a = input 8x16x16\nb = input 8x1x1\nmul @a @b",
    "concat": "a = input 8x16x16\nb = input 8x16x16\nconcat @a @b",
    "flatten": HERE + "flatten",
    "dropout": HERE + "dropout",
    "pixelshuffle2": HERE + "pixelshuffle 2",
    "mha 1x10x16 2h": "input 16@10\nattention 2",
    "maxpool1d k2": "input 8@16\nmaxpool 2",
    "maxpool3d k2 8^3": "input 8x8x8x8\nmaxpool 2",
    "avgpool1d k2": "input 8@16\navgpool 2",
}
LEFT_OUT = {
    "conv3x3 bias batch4": "not batch 1: ptflops divides by the batch",
    "linear bias batch4": "not batch 1: ptflops divides by the batch",
    "conv unbatched": "not batch 1: without a batch, tools take the channels for it",
    "bn2d train-mode": "not evaluation mode",
    "linear bias (1,5,64)": "the language has no dense layer on an inner axis",
    "interp size=32 nearest": "a functional form",
    "torch.add": "a functional form",
    "bias vec add (8,16,16)+(16,)": "a functional form, and no such kind",
    "matmul (2,5,7)@(2,7,3)": "no such kind",
    "matmul (5,7)@(2,7,3) bcast": "no such kind",
    "sdpa 1x2h x10x16": "no such kind",
    "embedding 100x16, 5 tok": "no such kind",
    "lstm 16->32 T5": "no such kind",
}
#: Where counting.md says unknown: a number was recorded, but no rule of the layer gives it, or none is known to us.
UNKNOWN = {
    ("conv k4 same bias", "calflops-0.3.2"), ("conv k4 same bias", "calflops-0.3.2-macs"),
    ("convT k4s2p1 8->12 bias", "calflops-0.3.2"), ("convT g4 8->12 bias", "calflops-0.3.2"),
    ("convT g4 8->12 bias", "calflops-0.3.2-macs"), ("upsample nearest x2", "calflops-0.3.2"),
    ("upsample bilinear x2", "calflops-0.3.2"), ("maxpool3d k2 8^3", "onnx-tool-1.0.1"),
    # These two also count the average over the heads where its result is used: see test_recorded.
    ("mha 1x10x16 2h", "torchprofile-0.1.0"), ("mha 1x10x16 2h", "onnx-tool-1.0.1"),
}  # fmt: skip
#: The tool gave no number at all: onnx-tool's export refuses windows that do not divide.
REFUSED = {("adapavg 7 from16", "onnx-tool-1.0.1")}
#: The record has null: ptflops was called with one tensor, and attention takes three. test_recorded has its number.
NOT_RECORDED = {("mha 1x10x16 2h", "ptflops-0.7.5"), ("mha 1x10x16 2h", "ptflops-0.7.5-aten")}

LENET = (
    "input 1x28x28\nconv 6 5 pad=2 | tanh | avgpool 2\nconv 16 5 | tanh | avgpool 2\nflatten\n"
    "fc 120 | tanh\nfc 84 | tanh\nfc 10"
)
NETWORKS = {"lenet5 (1,28,28)": None, "alexnet 224": "alexnet", "vgg16 224": "vgg16", "resnet18 224": "resnet18"}


def counts(recorded: dict[str, Any]) -> dict[str, int | None]:
    """The record's numbers by the names of the conventions."""
    found: dict[str, int | None] = {}
    for tool, value in recorded["counts"].items():
        values = value if isinstance(value, list) else [value]
        found.update(zip(TOOLS[tool], values, strict=False))
    return found


def total(text: str, convention: str) -> int | None:
    return Tally(cnncalc.analyze(cnncalc.loads(text)), find(convention)).total


def test_no_case_drops_out_unseen() -> None:
    recorded = [one["case"] for one in RECORD["layers"]]
    assert sorted([*SPECS, *LEFT_OUT]) == sorted(recorded)
    assert [one["network"] for one in RECORD["networks"]] == list(NETWORKS)
    assert {name for case in (*RECORD["layers"], *RECORD["networks"]) for name in case["counts"]} == set(TOOLS)


@pytest.mark.parametrize("case", SPECS)
def test_layers(case: str) -> None:
    expected = counts(next(one for one in RECORD["layers"] if one["case"] == case))
    assert (len(expected) == 10) != ((case, "onnx-tool-1.0.1") in REFUSED)
    for name, value in expected.items():
        assert (value is None) == ((case, name) in NOT_RECORDED)
        if value is not None:
            assert total(SPECS[case], name) == (None if (case, name) in UNKNOWN else value), name


@pytest.mark.parametrize(("case", "name"), REFUSED)
def test_what_a_tool_refuses_has_no_number(case: str, name: str) -> None:
    assert total(SPECS[case], name) is None


@pytest.mark.parametrize("recorded", RECORD["networks"], ids=lambda one: one["network"])
def test_networks(recorded: dict[str, Any]) -> None:
    example = NETWORKS[recorded["network"]]
    network = cnncalc.load(EXAMPLES / f"{example}.txt") if example else cnncalc.loads(LENET)
    analysis = cnncalc.analyze(network)
    assert analysis.totals.params == recorded["params"]
    expected = counts(recorded)
    assert len(expected) == 10
    assert {name: Tally(analysis, find(name)).total for name in expected} == expected
