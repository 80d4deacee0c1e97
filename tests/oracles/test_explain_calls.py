"""The PyTorch calls that `explain` prints, executed: the shapes and parameters of the layer, and for windows its values."""

from __future__ import annotations

from math import prod
from random import Random

import pytest

torch = pytest.importorskip("torch")
from torch import nn  # noqa: E402

import cnncalc  # noqa: E402
from cnncalc.convert.call import letters  # noqa: E402
from cnncalc.features.explain.layer_facts import LayerFacts  # noqa: E402
from cnncalc.layers import KINDS  # noqa: E402
from cnncalc.measure.result import NetworkAnalysis  # noqa: E402

from .dependence import window  # noqa: E402
from .generator import program  # noqa: E402
from .printer import Printer  # noqa: E402

#: Lines that start without a tensor.
PLAIN = ("add", "mul", "concat", "learned", "sub", "div", "maximum", "minimum", "matmul")
#: Kinds without a call in PyTorch, and arguments without one.
NONE = {"localconv", "op", "split"}  # split: test_split_and_blocks.py
LINES = [
    "conv 8 11 stride=4 pad=2", "conv 8 3x5 stride=2x1 pad=0:1x2:0", "conv 8 3 pad=same stride=2", "conv 8 3 groups=2",
    "conv 8 3 dilation=2 pad=same bias=no", "conv 8 4 pad=same", "dwconv 3 multiplier=2 pad=1:2", "localconv 4 3",
    "upconv 6 3 stride=2 pad=1 outpad=1", "upconv 6 4 stride=2 pad=same", "upconv 6 3 stride=2 pad=0:1", "flatten",
    "upconv 6 2 stride=3 pad=same", "upconv 6 3x2 dilation=2x1 groups=2 bias=no", "maxpool 2", "maxpool 3 stride=2",
    "maxpool 3 stride=2 pad=1 ceil=yes", "maxpool 3 stride=2 pad=0:1", "maxpool 2 stride=1 pad=same", "avgpool 2",
    "maxpool 3 stride=2 pad=2:1 ceil=yes", "maxpool 2 dilation=3 stride=2", "avgpool 3 stride=1 pad=1 countpad=no",
    "avgpool 3 stride=2 pad=0:1", "avgpool 3 stride=2 pad=1 ceil=yes", "avgpool to=3", "maxpool to=2x4", "gavgpool",
    "gmaxpool", "flatten | fc 10", "gavgpool | fc 10 bias=no", "reshape 8x3x?", "tokens", "tokens | attention 2",
    "bn", "bn affine=no", "in", "in affine=no", "gn 2", "ln", "ln affine=no", "ln bias=no", "lrn 3", "relu", "relu6",
    "leakyrelu", "prelu", "prelu shared=yes", "elu", "selu", "gelu", "silu", "mish", "hardswish", "hardsigmoid",
    "sigmoid", "tanh", "softplus", "softmax", "logsoftmax", "glu", "dropout 0.3", "identity", "pad 1", "pad 1:0x2:3",
    "pad 1:-1", "crop 5x6", "crop 5", "resize 2", "resize 2 mode=bilinear", "resize 1.5", "resize to=7x9", "shuffle 2",
    "pixelshuffle 2", "pixelunshuffle 2", "take 1:3", "take 2:5 axis=W", "scale", "scale bias=yes", "mean H", "max C",
    "add @input @other", "mul @input @other", "concat @input @other", "concat @input @other @input axis=H",
    "learned 4x3x3", "gavgpool | flatten | bn | relu | fc 3", "gavgpool | flatten | ln", "maxpool 9 stride=1 pad=4:4",
    "unpool 2", "unpool 3 stride=2 pad=1", "bn scale=no", "ln axes=CHW", "ln axes=W bias=no", "ln axes=CW", "mean HW",
    "max CW", "softmax axis=W", "logsoftmax axis=H", "prelu shared=each", "scale by=0.5", "scale by=-1/3", "permute HWC",
    "permute WCH", "pad 1 mode=reflect", "pad 1:2x0 mode=replicate", "pad 2 mode=circular", "sub @input @other",
    "sub @input @other @input", "div @input @other", "maximum @input @other @input", "minimum @input @other",
    "matmul @input @other transposed=yes", "tokens | lstm 5", "tokens | lstm 5 layers=2 bidirectional=yes biases=0",
    "tokens | lstm 5 bidirectional=yes last=yes", "tokens | gru 5 last=yes", "tokens | rnn 5 bidirectional=yes last=yes",
    "tokens | gru 5 layers=3 biases=1", "flatten | embed 10 6", "tokens | permute LC", "tokens | attention 2 from=@words",
    "tokens | ln axes=CL",
]  # fmt: skip


def execute(code: str, tensors: list[torch.Tensor]) -> tuple[torch.Tensor, nn.Module | None]:
    """The result of a call, and its module where it is one."""
    names = {"torch": torch, "nn": nn, **dict(zip(letters(len(tensors)), tensors, strict=True))}
    if tensors:
        names["x"] = tensors[0]
        names["indices"] = torch.zeros_like(tensors[0], dtype=torch.long)
    result = eval(code, names)
    if isinstance(result, nn.Module):
        return result.eval()(tensors[0]), result
    return result, None


def check(analysis: NetworkAnalysis, kinds: set[str]) -> int:
    """Executes the calls of all layers; how many."""
    done = 0
    for node in analysis.network.layers:
        facts = LayerFacts(analysis, node)
        shapes = [shape for _, shape in facts.inputs]
        if node.output is None or prod(node.output) > 200_000:
            continue
        if not facts.torch.code:
            assert facts.torch.remark, node.name
            continue
        tensors = [torch.rand(2, *(shape or ())) for shape in shapes]
        if node.kind == "embed":
            tensors = [one.long() for one in tensors]
        result, module = execute(facts.torch.code, tensors)
        got = tuple(result.shape[1:])
        assert got == node.output, (facts.torch.code, facts.row.operation, got, node.output)
        if module is not None and node.result is not None and not facts.torch.remark:
            assert sum(one.numel() for one in module.parameters()) == node.result.params, facts.torch.code
        kinds.add(node.kind)
        done += 1
    return done


@pytest.mark.parametrize("line", LINES)
def test_shapes_and_parameters(line: str) -> None:
    for size in ("8x12", "9x10"):
        if line.startswith("pixelunshuffle") and size == "9x10":
            continue
        analysis = cnncalc.analyze(cnncalc.loads(f"input 4x{size}\nother = @input | conv 4 1\nwords = tokens | take 0:9 axis=L | conv 3 1\n@input | {line}"
                                                 if not line.startswith(PLAIN)
                                                 else f"input 4x{size}\nother = @input | conv 4 1\nwords = tokens | take 0:9 axis=L | conv 3 1\n{line}"))  # fmt: skip
        assert check(analysis, set()) >= 1


@pytest.mark.parametrize("rank", [1, 3])
def test_other_ranks(rank: int) -> None:
    kinds: set[str] = set()
    sizes = "9" if rank == 1 else "x".join("678")
    lines = ["conv 6 3 stride=2 pad=0:1", "dwconv 3 pad=1", "maxpool 2", "avgpool 2", "upconv 4 2 stride=2", "bn", "in",
             "avgpool to=2", "gavgpool", "gmaxpool", "pad 1", "crop 3", "resize 2 mode=bilinear", "scale"]  # fmt: skip
    if rank == 1:
        lines += ["conv 6 3 pad=causal dilation=2", "attention 2"]
    for line in lines:
        assert check(cnncalc.analyze(cnncalc.loads(f"input 4@{sizes}\n{line}")), kinds) == 1


def test_every_kind_has_a_call_or_a_reason() -> None:
    kinds: set[str] = set()
    for line in LINES:
        plain = line.startswith(PLAIN)
        start = "" if plain else "@input | "
        check(
            cnncalc.analyze(
                cnncalc.loads(
                    f"input 4x8x12\nother = @input | conv 4 1\nwords = tokens | take 0:9 axis=L | conv 3 1\n{start}{line}"
                )
            ),
            kinds,
        )
    assert kinds == set(KINDS) - NONE


@pytest.mark.parametrize("start", range(0, 60, 20))
def test_drawn_networks(start: int) -> None:
    for seed in range(start, start + 20):
        text = Printer(program(seed), {}, Random(seed)).text()
        try:
            network = cnncalc.loads(text)
        except cnncalc.SpecError:
            continue
        assert check(cnncalc.analyze(network), set()) > 0


@pytest.mark.parametrize("line", [line for line in LINES if line.split()[0] in ("conv", "dwconv", "avgpool", "maxpool")
                                  and "to=" not in line and "countpad" not in line])  # fmt: skip
def test_values_of_windows(line: str) -> None:
    """Sums over the windows as PyTorch's conv and pad give them; of max pools the largest, by brute force."""
    network = cnncalc.loads(f"input 4x9x12\n{line}")
    facts = LayerFacts(cnncalc.analyze(network), next(network.layers))
    x = torch.rand(1, 4, 9, 12, dtype=torch.float64) - (2 if line.startswith("maxpool") else 0)
    layer = facts.node.layer
    if not facts.torch.code:
        return
    module = eval(facts.torch.code, {"nn": nn, "torch": torch}).double()
    for parameter in module.parameters():
        nn.init.constant_(parameter, 1.0 if parameter.dim() > 1 else 0.0)
    result = module(x)
    if line.startswith("maxpool"):
        windows = layer.windows((4, 9, 12))
        rows, columns = ([[p for t in range(one.kernel) if 0 <= (p := i * one.stride - one.before + t * one.dilation)
                           < one.size] for i in range(one.output)] for one in windows)  # fmt: skip
        wanted = torch.stack([torch.stack([x[0, :, r][:, :, c].amax((1, 2)) if r and c else torch.full((4,), -torch.inf)
                                           for c in columns], 1) for r in rows], 1)  # fmt: skip
        assert torch.equal(result[0], wanted.double())
        return
    groups = 4 if layer.kind in ("dwconv", "avgpool") else layer.groups
    wanted = window(x, layer, facts.node, groups, facts.row.output[0])
    if line.startswith("avgpool"):
        if "ceil" in line:
            return
        wanted = wanted / prod(one.kernel for one in layer.windows((4, 9, 12)))
    assert torch.allclose(result, wanted)


@pytest.mark.parametrize("kernel", [2, 3, 4])
@pytest.mark.parametrize("pad", ["1:0", "0:1", "2:1", "3:0", "1", "2", "2:2", "3:3", "2:1x1", "1x3:1", "3:1x2:0"])
@pytest.mark.parametrize("kind", ["maxpool", "avgpool"])
def test_a_pool_is_warned_of_only_where_pytorch_refuses_it(kind: str, kernel: int, pad: str) -> None:
    """Its modules take one pad for both sides, at most half the kernel; uneven ones are a module of their own, which
    takes any: then what explain prints runs.
    """
    network = cnncalc.loads(f"input 3x9x9\n{kind} {kernel} pad={pad}")
    node = network.nodes[-1]
    warned = [one.code for one in network.diagnostics if one.severity == "warning"]
    sides = [axis.split(":") * (3 - len(axis.split(":"))) for axis in pad.split("x")] * (2 - pad.count("x"))
    x = torch.zeros(1, 3, 9, 9)
    if any(before != after for before, after in sides):
        assert warned == []
    else:
        module = getattr(nn, "MaxPool2d" if kind == "maxpool" else "AvgPool2d")
        try:
            assert (
                tuple(module(kernel, padding=tuple(int(before) for before, _ in sides[:2]))(x).shape[1:]) == node.output
            )
            assert warned == []
        except RuntimeError:
            assert warned == ["pytorch-refuses"]
    if not warned:
        code = LayerFacts(NetworkAnalysis(network), node).torch.code
        assert tuple(execute(code, [x])[0].shape[1:]) == node.output
