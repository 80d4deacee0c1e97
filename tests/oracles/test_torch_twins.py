"""The twins that the benchmark gives to PyTorch's tools are the same networks: parameters, buffers and outputs."""

from __future__ import annotations

import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

torch = pytest.importorskip("torch")

import cnncalc  # noqa: E402
from benchmarks import chains  # noqa: E402
from benchmarks.torch_twins import chain_source, source  # noqa: E402
from cnncalc.interpret.specification import specification  # noqa: E402
from cnncalc.network import Network  # noqa: E402
from readme import ROOT  # noqa: E402

#: SegNet's pools give indices as well, which a printed line does not: test_second_edition.py has what unpool makes.
EXAMPLES = [path for path in sorted((ROOT / "examples").rglob("*.txt")) if path.stem != "segnet"]
LINES = ("attention 2", "ln", "conv 6 3 pad=0:1", "learned 4x9", "scale", "gn 2", "glu", "take 1:3", "mean L", "pad 1")


def run(text: str) -> Any:
    """Execute a twin on the meta device: the module and, without the batch, the shapes of its outputs."""
    made: dict[str, Any] = {}
    exec(compile(text, "twin", "exec"), made)
    with torch.device("meta"), torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = made["build"]().eval()
        outputs = module(*(torch.zeros(1, *shape) for shape in made["SHAPES"]))
    several = outputs if isinstance(outputs, tuple) else (outputs,)
    return SimpleNamespace(
        shapes=[tuple(one.shape[1:]) for one in several],
        params=sum(one.numel() for one in module.parameters()),
        buffers=sum(one.numel() for name, one in module.named_buffers() if "num_batches" not in name),
    )


def check(network: Network, text: str) -> None:
    found, totals = run(text), cnncalc.analyze(network).totals
    heads = sum(node.result.buffers for node in network.layers if node.train and node.result)
    ends = dict.fromkeys(port.node for port in network.outputs)
    assert found.shapes == [network.nodes[end].output for end in ends]
    assert (found.params, found.buffers) == (totals.params_train, (totals.buffers or 0) + heads)


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_every_example(file: Path) -> None:
    network = cnncalc.load(file)
    if not specification(network).library:
        check(network, source(network))


@pytest.mark.parametrize("line", LINES)
def test_layers_that_are_more_than_a_module(line: str) -> None:
    network = cnncalc.loads(f"input 4@9\n{line}\n")
    check(network, source(network))


def test_shared_weights() -> None:
    network = cnncalc.loads("input 4x8x8\na = conv 4 3 pad=1\nconv 4 3 pad=1 share=@a")
    check(network, source(network))


@pytest.mark.parametrize("layers", [10, 23])
def test_the_chain(layers: int) -> None:
    network = cnncalc.loads("\n".join([chains.INPUT, *chains.five(layers), ""]))
    check(network, chain_source(layers))
