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
from torch.utils.flop_counter import FlopCounterMode  # noqa: E402

import cnncalc  # noqa: E402
from cnncalc import SpecError  # noqa: E402
from cnncalc.interpret.specification import specification  # noqa: E402
from cnncalc.network import Network  # noqa: E402
from cnncalc.values import times  # noqa: E402
from convert.out.written.records import HEAD, of_networks, of_sources  # noqa: E402
from convert.out.written.records import network as recorded  # noqa: E402
from readme import ROOT  # noqa: E402

from .generator import program  # noqa: E402
from .printer import Printer  # noqa: E402
from .test_explain_calls import LINES, PLAIN  # noqa: E402

EXAMPLES = sorted((ROOT / "examples").glob("*.txt"))
#: Padding that PyTorch's average pool in three dimensions does not take.
REFUSED = "smaller than kernel size"
#: What PyTorch has no call for: it is refused.
REFUSED_LINES = {"localconv 4 3", "unpool 2", "unpool 3 stride=2 pad=1"}
#: Kinds whose MACs PyTorch counts as convolutions; kinds that it multiplies matrices for, beside fc.
CONVOLUTIONS, MATRICES = ("conv", "dwconv", "upconv"), ("attention", "matmul", "lstm", "gru", "rnn", "op")


def run(text: str, network: Network) -> Any:
    """The module of a text, on the meta device: its outputs without the batch, and what it owns."""
    made: dict[str, Any] = {"__name__": "made"}
    exec(compile(text, "made", "exec"), made)
    module = [one for one in made.values() if isinstance(one, type) and one.__module__ == "made"][-1]
    embedded = {node.inputs[0] for node in network.nodes if node.kind == "embed"}
    counter = FlopCounterMode(display=False)
    with torch.device("meta"), torch.no_grad(), counter, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = module().eval().requires_grad_(False)
        given = [torch.zeros(1, *(node.output or ()), dtype=torch.long if node.position in embedded else None)
                 for node in network.inputs]  # fmt: skip
        outputs = module(*given)
    several = outputs if isinstance(outputs, tuple) else (outputs,)
    return SimpleNamespace(
        shapes=[tuple(one.shape[1:]) for one in several],
        params=sum(one.numel() for one in module.parameters()),
        buffers=sum(one.numel() for name, one in module.named_buffers()
                    if name in module.state_dict() and "num_batches" not in name),
        flops=counter.get_flop_counts().get("Global", {}),
    )  # fmt: skip


def check(network: Network) -> str:
    text = network.to_torch_source()
    found, totals = run(text, network), cnncalc.analyze(network).totals
    ends = dict.fromkeys(port.node for port in network.outputs if not port.train)
    ends = ends or {network.inputs[-1].position: None}  # without a layer what enters leaves
    assert found.shapes == [network.nodes[end].output for end in ends]
    assert (found.params, found.buffers) == (totals.params, totals.buffers - network.spare_buffers)
    check_macs(found.flops, network)
    return text


def check_macs(flops: dict[Any, int], network: Network) -> None:
    """The multiplications that PyTorch counts: of convolutions, and of dense layers where no other uses matrices."""
    nodes = [node for node in network.layers if not node.train]

    def macs(*kinds: str) -> int:
        return sum(node.result.macs or 0 for node in nodes if node.kind in kinds and node.result)

    counted = {str(op): count for op, count in flops.items()}
    convolutions = sum(count for op, count in counted.items() if "convolution" in op)
    assert convolutions == 2 * macs(*CONVOLUTIONS)
    if not any(node.kind in MATRICES for node in nodes):
        assert sum(counted.values()) - convolutions == 2 * macs("fc")


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
    shape = "8" if "embed" in line else "8x12x12"
    other = "other = @input | identity\n" if "@other" in line else ""
    words = "words = @input | conv 6 1 | tokens\n" if "@words" in line else ""
    start = "" if line.startswith(PLAIN) else "@input | "
    text = line.removeprefix("flatten | ") if "embed" in line else line
    network = cnncalc.loads(f"input {shape}\n{other}{words}{start}{text}\n")
    if line not in REFUSED_LINES:
        check(network)
        return
    with pytest.raises(SpecError) as caught:
        network.to_torch_source()
    assert [one.code for one in caught.value.diagnostics] == ["not-convertible"]
    assert caught.value.diagnostics[0].span is not None


@pytest.mark.parametrize("name", ["a transformer with a class token", "a mean over axes of equal sizes"])
def test_the_numbers_of_the_source(name: str, tmp_path: Path) -> None:
    """With the weights of the module that was read, what is written gives the same values, of several samples too."""
    text = of_sources()[name]
    made: list[Any] = []
    for source in (HEAD + text, recorded(text, tmp_path).to_torch_source()):
        space: dict[str, Any] = {"__name__": "made"}
        exec(compile(source, "made", "exec"), space)
        made.append(space["Net"]().eval())
    original, written = made
    generator = torch.Generator().manual_seed(3)
    weights = {key: torch.rand(one.shape, generator=generator) - 0.5 for key, one in original.state_dict().items()}
    shape = tuple(map(int, text.partition("\n")[0].removeprefix("# input ").split("x")))
    x = torch.rand(3, *shape, generator=generator)
    with torch.no_grad():
        outputs = []
        for module in made:
            module.load_state_dict(weights)
            outputs.append(module(x))
    assert torch.allclose(*outputs, atol=1e-5)
    assert list(written.state_dict()) == list(original.state_dict())


RECORDED = of_networks() | of_sources()


@pytest.mark.parametrize("name", [name for name in RECORDED if name != "what is over 64 bits"])
def test_what_is_recorded(name: str, tmp_path: Path) -> None:
    """The networks of tests/convert/out/written, but for those that PyTorch has no calls for."""
    found = recorded(RECORDED[name], tmp_path)
    try:
        found.to_torch_source()
    except SpecError:
        return
    check(found)


def test_what_pytorch_has_no_call_for() -> None:
    network = cnncalc.loads("input 4x8x8\nconv 4 3\nop Odd shape=4x6x6\nrelu\n")
    with pytest.raises(SpecError, match="no call for the operator 'Odd'"):
        network.to_torch_source()
    text = network.to_torch_source(partial=True)
    assert "class NotConverted(nn.Module)" in text
    with pytest.raises(NotImplementedError, match="Odd"):
        run(text, network)


def test_a_pool_that_is_undone() -> None:
    check(cnncalc.loads("input 2x8x8\np = maxpool 2\nconv 2 1\nunpool from=@p\nconv 3 1\n"))


@pytest.mark.parametrize(
    "lines",
    [
        "lstm 5 biases=1",
        "gru 5 layers=2 biases=1",
        "rnn 5 bidirectional=yes biases=1",
        "bn scale=no",
        "bn scale=no | relu",
    ],
)
def test_parameters_that_torch_nn_has_otherwise(lines: str) -> None:
    """Where torch.nn has other parameters than the spec, the written module still has those of the spec, and trains."""
    network = cnncalc.loads(f"input 8@20\n{lines}\n")
    text = check(network)
    made: dict[str, Any] = {"__name__": "made"}
    exec(compile(text, "made", "exec"), made)
    module = made["Net"]().double()
    module(torch.rand(3, 8, 20, dtype=torch.float64)).square().sum().backward()
    assert all(one.grad is not None for one in module.parameters())
    assert not any("bias_hh" in name for name in module.state_dict())


@pytest.mark.parametrize("start", range(0, 60, 20))
def test_generated_twice(start: int, tmp_path: Path) -> None:
    """What is written, read as code and written again has the same modules, by their names, in the same order."""
    done = 0
    for seed in range(start, start + 20):
        try:
            network = cnncalc.loads(Printer(program(seed), {}, Random(seed)).text())
            text = network.to_torch_source()
            (tmp_path / "net.py").write_text(text)
            name = text.rpartition("\nclass ")[2].partition("(")[0]
            shapes = {node.name: times(node.output or (), "@" if len(node.output or ()) == 2 else "x")
                      for node in network.inputs}  # fmt: skip
            given = shapes if len(shapes) > 1 else next(iter(shapes.values()))
            made = check(cnncalc.load(f"{tmp_path}/net.py:{name}", input=given))
        except SpecError:
            continue
        assert state(made) == state(text)
        done += 1
    assert done > 15


def state(text: str) -> list[tuple[str, tuple[int, ...]]]:
    """The state of the module of a text, in its order."""
    made: dict[str, Any] = {"__name__": "made"}
    exec(compile(text, "made", "exec"), made)
    module = [one for one in made.values() if isinstance(one, type) and one.__module__ == "made"][-1]
    with torch.device("meta"):
        return [(key, tuple(value.shape)) for key, value in module().state_dict().items()]


HOSTILE = """model class
input 4x12x12
stage lambda:
    None_ = conv 8 3 pad=1 | relu
    print = conv 8 1 | bn
    add @None_ @print
self = @input | conv 8 1
stage torch:
    forward = conv 8 3 pad=1
    add @forward @self
    x = conv 4 1
    nn = gavgpool
    mul @x @nn
head training:
    @x | conv 2 1
head train_:
    @nn | flatten | fc 3
type = conv 4 1
output @type
"""


def test_names_that_python_or_torch_has() -> None:
    check(cnncalc.loads(HOSTILE))
    check(cnncalc.loads(HOSTILE.replace("input 4x12x12", "given = input 4x12x12").replace("@input", "@given")))
