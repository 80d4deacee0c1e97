"""What the tools said, recorded by record.py, against what cnncalc says. Needs neither torch nor the tools."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import Any

import pytest

import cnncalc
from cnncalc.layers import KINDS
from cnncalc.measure.conventions import COUNTED, FREE, UNCOUNTED, UNKNOWN, Tally, find

from ..modules import Case, spec

HERE = Path(__file__).parent
RECORD = json.loads((HERE / "data" / "recorded.json").read_text())
EXAMPLES = HERE.parents[2] / "examples"
TOOLS: list[str] = RECORD["tools"]
#: The tools that install beside PyTorch, of which 300 cases are promised.
SIX = ("torchinfo-1.8.0", "fvcore-0.1.5", "ptflops-0.7.5", "ptflops-0.7.5-aten", "thop-0.1.1", "torch-2.13")

Row = tuple[Case, cnncalc.Analysis, dict[str, int | str]]


def tally(analysis: cnncalc.Analysis, name: str) -> Tally:
    return Tally(analysis, find(name))


def rows() -> Iterator[Row]:
    for module, kwargs, shape, answers in RECORD["layers"]:
        case = Case(module, kwargs, tuple(shape))
        yield case, cnncalc.analyze(cnncalc.loads(spec(case))), dict(zip(TOOLS, answers, strict=True))


ROWS = list(rows())


def state(analysis: cnncalc.Analysis, name: str) -> str:
    """What the convention says of the last layer."""
    said = tally(analysis, name).counts[analysis.layers[-1].name]
    assert said is not None
    return said.state


def test_the_versions_are_those_of_the_names() -> None:
    versions = RECORD["versions"]
    for name in TOOLS:
        convention = find(name)
        package = "torch" if name.startswith("torch-") else convention.tool
        recorded = versions[package].removesuffix("+cpu").replace("-2209072238", ".post2209072238")
        assert recorded == convention.version


@pytest.mark.parametrize("name", TOOLS)
def test_layers(name: str) -> None:
    """Every number is the tool's own, or unknown; and where the tool failed there is none."""
    compared = Counter[str]()
    for case, analysis, answers in ROWS:
        total = tally(analysis, name).total
        if total is not None:
            assert total == answers[name], (name, case)
        compared["same" if total is not None else "unknown"] += 1
    assert compared["same"] >= (900 if name in SIX else 700), compared


#: Module -> how many of its recorded cases have no known number, and why.
QUIRKS = {
    "torchinfo-1.8.0": {"Scale": 14},  # a module of one's own: what it is called decides
    "fvcore-0.1.5": {},
    "ptflops-0.7.5": {"Upsample": 26},  # input elements × the factors, which are no number of elements
    "ptflops-0.7.5-aten": {},
    "thop-0.1.1": {"AdaptiveAvgPool3d": 1},  # doubles that fall short of a whole number, cut off
    "torch-2.13": {},
}


@pytest.mark.parametrize("name", SIX)
def test_quirks_are_unknown(name: str) -> None:
    """A number that was recorded and is no function of the layer is unknown: just so often, nowhere else."""
    found = Counter(case.module for case, analysis, _ in ROWS if state(analysis, name) == UNKNOWN)
    assert dict(found) == QUIRKS[name]


def test_ptflops_quirk() -> None:
    """An input of 9x13 by 1.5 is 13x19; ptflops also adds the input's elements times 2.25, cut off."""
    answers = recorded("Upsample", {"scale_factor": 1.5, "mode": "nearest"}, (6, 9, 13))
    assert answers["ptflops-0.7.5"] == 6 * 13 * 19 + int(6 * 9 * 13 * 2.25) != 2 * 6 * 13 * 19


def test_thop_quirk() -> None:
    """(8/7)³ + 1 times 8·7³ is 6,840 in the numbers and a little less in doubles."""
    answers = recorded("AdaptiveAvgPool3d", {"output_size": 7}, (8, 8, 8, 8))
    assert answers["thop-0.1.1"] == prod((8, 8, 8, 8)) + prod((8, 7, 7, 7)) - 1


def test_calflops_quirk() -> None:
    """The output of a transposed convolution is worked out as that of a plain one, for the bias."""
    assert state(cnncalc.analyze(cnncalc.loads("input 8x16x16\nupconv 12 4 stride=2")), "calflops") == UNKNOWN
    assert state(cnncalc.analyze(cnncalc.loads("input 8x16x16\nupconv 12 4 bias=no")), "calflops") == COUNTED


def recorded(module: str, kwargs: dict[str, Any], shape: tuple[int, ...]) -> dict[str, int | str]:
    return next(answers for case, _, answers in ROWS if case[:3] == (module, kwargs, shape))


@pytest.mark.parametrize("name", TOOLS)
def test_where_a_tool_fails_there_is_no_number(name: str) -> None:
    for case, analysis, answers in ROWS:
        if isinstance(answers[name], str):
            assert state(analysis, name) == UNKNOWN, case


@pytest.mark.parametrize("name", RECORD["left_out"])
def test_uncounted_is_what_the_tool_says_it_left_out(name: str) -> None:
    """fvcore lists unsupported operators, torchprofile warns of them. What only moves values is free to us."""
    said = RECORD["left_out"][name]
    for case, analysis, answers in ROWS:
        layer = analysis.layers[-1]
        if KINDS[layer.kind].moves or case.module in ("Upsample", "LayerNorm"):
            continue
        if case.module in said and answers[name] == 0:
            assert state(analysis, name) == UNCOUNTED, case
        elif answers[name] == 0 and case.kwargs.get("padding") != "same":
            assert state(analysis, name) == FREE, case


@pytest.mark.parametrize("network", RECORD["networks"])
def test_networks(network: str) -> None:
    recorded = RECORD["networks"][network]
    analysis = cnncalc.analyze(cnncalc.load(EXAMPLES / f"{recorded['spec']}.txt"))
    assert [tally(analysis, name).total for name in TOOLS] == recorded["counts"]


#: The number of these two also depends on whether the averaged weights of the heads are used.
ATTENTION_UNKNOWN = ("torchprofile-0.1.0", "onnx-tool-1.0.1")


#: Parts of a program's name -> the tools of which no number is known for it, or none that follows from the layer alone.
UNKNOWN_TO = {
    ("attention",): ATTENTION_UNKNOWN,
    ("attention to 6",): ("ptflops-0.7.5",),  # projections that are not of one size take another way there
    ("units",): ("onnx-tool-1.0.1",),
    # whether a bias is part of a product depends on how the tensor before it lies in memory
    ("GRU", "'bias': True"): ("ptflops-0.7.5-aten",), ("RNN", "'bias': True"): ("ptflops-0.7.5-aten",),
    # patched functions see torch.matmul, and not the operator @
    ("x @ x'",): ("ptflops-0.7.5", "calflops-0.3.2", "calflops-0.3.2-macs"),
    ("unpool",): ("fvcore-0.1.5", "torchprofile-0.1.0", "onnx-tool-1.0.1"),  # they fail on it
}  # fmt: skip


@pytest.mark.parametrize("program", [name for name in RECORD["programs"] if "need_weights" not in name])
def test_programs(program: str) -> None:
    """Merges, shared layers (each use counts), and attention called as it is by default."""
    recorded = RECORD["programs"][program]
    analysis = cnncalc.analyze(cnncalc.loads(recorded["spec"]))
    expected = dict(zip(TOOLS, recorded["counts"], strict=True))
    for parts, tools in UNKNOWN_TO.items():
        if all(part in program for part in parts):
            expected |= dict.fromkeys(tools)
    assert {name: tally(analysis, name).total for name in TOOLS} == expected


def test_attention_is_unknown_where_the_network_around_it_decides() -> None:
    """The same module gave the reference another number: there its averaged weights were an output, too."""
    reference = json.loads((HERE / "data" / "reference.json").read_text())["layers"]
    before = next(one["counts"] for one in reference if one["case"] == "mha 1x10x16 2h")
    now = dict(zip(TOOLS, RECORD["programs"]["attention of 2 heads, 16x10"]["counts"], strict=True))
    for tool, name in (("torchprofile 0.1.0", ATTENTION_UNKNOWN[0]), ("onnx-tool 1.0.1", ATTENTION_UNKNOWN[1])):
        assert before[tool] != now[name]


def test_attention_without_its_weights() -> None:
    """With need_weights=False PyTorch runs one fused operator, and most tools lose the products inside it."""
    for program, recorded in RECORD["programs"].items():
        if "need_weights" in program:
            analysis = cnncalc.analyze(cnncalc.loads(recorded["spec"]))
            seen = dict(zip(TOOLS, recorded["counts"], strict=True))
            for name in ("fvcore-0.1.5", "ptflops-0.7.5-aten", "torch-2.13"):
                assert seen[name] < (tally(analysis, name).total or 0)
            assert seen["calflops-0.3.2-macs"] == tally(analysis, "calflops-0.3.2-macs").total


def test_there_are_enough() -> None:
    assert len(RECORD["networks"]) == 8
    for name in SIX:
        assert sum(isinstance(answers[name], int) for _, _, answers in ROWS) >= 300
    assert (HERE / "data" / "recorded.json").stat().st_size < 10**6


@pytest.mark.parametrize("line", ["bn scale=no", "prelu shared=each", "avgpool 2 dilation=2"])
def test_of_what_pytorch_has_no_module_for_no_tool_has_a_number(line: str) -> None:
    analysis = cnncalc.analyze(cnncalc.loads(f"input 8x16x16\n{line}"))
    assert [tally(analysis, name).total for name in TOOLS] == [None] * len(TOOLS)
    assert tally(analysis, "macs").total == 0
    analysis = cnncalc.analyze(cnncalc.loads("input 8@16\nlstm 4 biases=1"))
    assert [tally(analysis, name).total for name in TOOLS] == [None] * len(TOOLS)
