"""What is printed can be typed: every operation that a table shows is the layer that it stands for."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.case import cases
from cnncalc import analyze
from cnncalc.document.columns import BY_NAME
from cnncalc.interpret import build, read_source
from cnncalc.layers import KINDS
from cnncalc.network import Network, Node
from cnncalc.values import laid_out, times
from fuzz.mutator import SEEDS
from oracles.generator import program
from oracles.printer import Printer
from readme import ROOT
from tests.helpers import network

FILES = sorted([*(ROOT / "examples").rglob("*.txt"), *SEEDS.iterdir()])
CASES = cases()


#: Operations on shapes that have been typed back by some test.
SEEN: set[tuple[object, ...]] = set()


def spelled(shape: tuple[int, ...], layout: str) -> str:
    """A shape as an input line takes it: `8@100` of two numbers, which could be height x width."""
    return f"{shape[0]}@{shape[1]}" if len(shape) == 2 else times(laid_out(shape, layout))


def typed(
    kind: str, operation: str, shapes: list[tuple[int, ...]], layout: str = "chw", above: str = "", results: int = 1
) -> Network:
    """The network of one line, which says `operation`, below `above`, on inputs of `shapes`; it has so many `results`."""
    lines = [f"x{place} = input {spelled(shape, layout)}" for place, shape in enumerate(shapes)]
    words = operation.split()
    if kind == "op":  # it reads what goes on, too
        words[2:2] = [f"@x{place}" for place in range(1, len(shapes))]
    elif KINDS[kind].merges:
        words[1:1] = [f"@x{place}" for place in range(len(shapes))]
    if shapes and (kind == "op" or not KINDS[kind].merges):
        words.insert(0, "@x0 |")
    if results > 1:
        words.insert(0, ", ".join(f"y{number}" for number in range(results)) + " =")
    return network("\n".join([f"layout {layout}", *(lines or ["input 1x1x1"]), above, " ".join(words)]))


def meaning(made: Network, node: Node) -> tuple[object, ...]:
    """All that a layer comes to on its inputs."""
    assert node.layer is not None and node.output is not None and node.result is not None
    entering = tuple(made.nodes[index].output or () for index in node.inputs)
    steps = node.layer.steps(entering[0]) if entering and not node.layer.merges else None
    result = (node.output, node.result.params, node.result.buffers, node.result.macs)
    return node.kind, result, node.layer.quantities(entering, node.output), steps


def check(made: Network) -> None:
    """Types every operation of a network back, as it stands in wide and in narrow tables."""
    for row, node in zip(analyze(made).layers, made.layers, strict=True):
        shapes = [made.nodes[index].output or () for index in node.inputs]
        if node.result is None or node.layer is None or len(shapes) > 99 or "from=@" in row.operation:
            continue  # the last names a line of its own network
        count = len(made.results(node))
        for operation in {row.operation, BY_NAME["operation"].brief(row.operation)}:
            if (operation, made.layout, *shapes) not in SEEN:
                SEEN.add((operation, made.layout, *shapes))
                back = typed(node.kind, operation, shapes, made.layout, results=count)
                assert [one.message for one in back.diagnostics if one.severity == "error"] == [], operation
                assert meaning(back, back.nodes[-count]) == meaning(made, node), operation


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_of_every_file(path):
    source, folder = read_source(str(path))
    check(build(source, folder=folder))


@pytest.mark.parametrize("case", CASES, ids=[case.path.stem for case in CASES])
def test_of_every_case(case):
    check(network(case.files["model.txt"], max_layers=2000))


@settings(max_examples=100)
@given(st.integers(0, 10**7))
def test_of_generated_networks(seed):
    check(network(Printer(program(seed), {}, Random(seed)).text()))


ELEMENTS = [
    "pad -1", "pad -1:2", "pad (-1:0, 0:1)", "conv 4 3 pad=(0:1, 2)", "resize 1/3", "resize (1/3, 2)",
    "resize (2, 1.5) mode=bilinear", "resize 2x1", "resize to=5", "crop like=@input", "resize like=@input mode=bilinear",
    "reshape 3x?", "reshape 6x16x30", "dropout 1/3", "dropout", "AdaptiveAvgPool2d 7", "AdaptiveMaxPool2d (7, 5)", "take 0:2 axis=H",
    "maxpool 3x2 stride=2x1 ceil=yes", "avgpool 2 countpad=no", "Conv2d 8 3 padding=same", "conv 8 3 stride=1 bias=yes",
    "dwconv 3 multiplier=2 pad=1", "upconv 8 2 stride=2 bias=no", "mean H", "prelu shared=yes", "bn affine=no", "LRN 5",
]  # fmt: skip


@pytest.mark.parametrize("element", ELEMENTS)
@pytest.mark.parametrize("layout", ["chw", "hwc"])
def test_of_single_elements(element, layout):
    made = network(f"layout {layout}\ninput {spelled((3, 32, 30), layout)}\n{element}")
    if layout == "chw" or not element.startswith("reshape"):
        assert made.nodes[-1].result is not None
    check(made)


def test_below_a_default_line_too():
    above = "default conv bias=no pad=1\ndefault maxpool stride=1 ceil=yes"
    for line in ("conv 8 3", "conv 8 3 bias=yes", "conv 8 3 pad=0", "maxpool 3", "maxpool 3 stride=3 ceil=no",
                 "maxpool to=2", "conv 8 3 bias=no"):  # fmt: skip
        made = network(f"input 3x8x8\n{above}\n{line}")
        operation, node = analyze(made).layers[-1].operation, made.nodes[-1]
        for lines in (above, ""):
            back = typed(node.kind, operation, [(3, 8, 8)], above=lines)
            assert meaning(back, back.nodes[-1]) == meaning(made, node), operation
