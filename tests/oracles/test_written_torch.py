"""Networks written as PyTorch source, executed: the shapes, parameters and buffers that they have as specs."""

from __future__ import annotations

import shutil
import subprocess
import warnings
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

torch = pytest.importorskip("torch")

import cnncalc  # noqa: E402
from cnncalc import SpecError  # noqa: E402
from cnncalc.convert.out import torch_source  # noqa: E402
from cnncalc.interpret.specification import specification  # noqa: E402
from cnncalc.network import Network  # noqa: E402
from readme import ROOT  # noqa: E402

from .generator import program  # noqa: E402
from .printer import Printer  # noqa: E402
from .test_explain_calls import LINES, PLAIN  # noqa: E402

EXAMPLES = sorted((ROOT / "examples").glob("*.txt"))
#: Padding that PyTorch's average pool in three dimensions does not take.
REFUSED = "smaller than kernel size"
#: What PyTorch has no call for, or has more parameters of.
OTHERWISE = ("localconv", "bn scale=no", "biases=1", "unpool")


def run(text: str, network: Network) -> Any:
    """The module of a text, on the meta device: its outputs without the batch, and what it owns."""
    made: dict[str, Any] = {"__name__": "made"}
    exec(compile(text, "made", "exec"), made)
    module = [one for one in made.values() if isinstance(one, type) and one.__module__ == "made"][-1]
    embedded = {node.inputs[0] for node in network.nodes if node.kind == "embed"}
    with torch.device("meta"), torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = module().eval()
        given = [torch.zeros(1, *(node.output or ()), dtype=torch.long if node.position in embedded else None)
                 for node in network.inputs]  # fmt: skip
        outputs = module(*given)
    several = outputs if isinstance(outputs, tuple) else (outputs,)
    return SimpleNamespace(
        shapes=[tuple(one.shape[1:]) for one in several],
        params=sum(one.numel() for one in module.parameters()),
        buffers=sum(one.numel() for name, one in module.named_buffers() if "num_batches" not in name),
    )


def check(network: Network) -> str:
    text = torch_source(network)
    found, totals = run(text, network), cnncalc.analyze(network).totals
    ends = dict.fromkeys(port.node for port in network.outputs if not port.train)
    assert found.shapes == [network.nodes[end].output for end in ends]
    assert (found.params, found.buffers) == (totals.params, totals.buffers)
    return text


def is_ruffs(text: str) -> bool:
    """Whether ruff would change nothing, and has no complaint."""
    for words in (("format", "--check"), ("check", "--select", "E,F,I,N,UP,B,SIM", "--ignore", "E501")):
        done = subprocess.run(["ruff", *words, "--isolated", "-q", "--stdin-filename", "net.py", "-"], input=text,
                              text=True, capture_output=True, check=False)  # fmt: skip
        if done.returncode:
            return False
    return True


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_every_example(file: Path) -> None:
    network = cnncalc.load(file)
    if specification(network).library:
        return
    text = check(network)
    if shutil.which("ruff"):
        assert is_ruffs(text), text


@pytest.mark.parametrize("start", range(0, 300, 50))
def test_generated(start: int) -> None:
    done = 0
    for seed in range(start, start + 50):
        try:
            network = cnncalc.loads(Printer(program(seed), {}, Random(seed)).text())
        except SpecError:
            continue
        try:
            check(network)
        except RuntimeError as error:
            assert REFUSED in str(error)
        done += 1
    assert done > 40


@pytest.mark.parametrize("line", LINES)
def test_every_kind_of_layer(line: str) -> None:
    if any(words in line for words in OTHERWISE):
        return
    shape = "8" if "embed" in line else "8x12x12"
    other = "other = @input | identity\n" if "@other" in line else ""
    words = "words = @input | conv 6 1 | tokens\n" if "@words" in line else ""
    start = "" if line.startswith(PLAIN) else "@input | "
    text = line.removeprefix("flatten | ") if "embed" in line else line
    check(cnncalc.loads(f"input {shape}\n{other}{words}{start}{text}\n"))


def test_what_pytorch_has_no_call_for() -> None:
    network = cnncalc.loads("input 4x8x8\nconv 4 3\nop Odd shape=4x6x6\nrelu\n")
    with pytest.raises(SpecError, match="no call for the operator 'Odd'"):
        torch_source(network)
    text = torch_source(network, partial=True)
    assert "class NotConverted(nn.Module)" in text
    with pytest.raises(NotImplementedError, match="Odd"):
        run(text, network)


def test_a_pool_that_is_undone() -> None:
    check(cnncalc.loads("input 2x8x8\np = maxpool 2\nconv 2 1\nunpool from=@p\nconv 3 1\n"))
