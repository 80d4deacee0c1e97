"""Analyses made by hand, with no spec behind them, for the tests of the renderers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod
from types import SimpleNamespace
from typing import Any

from cnncalc.deployment import Dtypes
from cnncalc.document.columns import Selection
from cnncalc.features.shapes.facts import Listing
from cnncalc.features.shapes.page import document
from cnncalc.network import Step
from cnncalc.render import render
from cnncalc.render.text import Screen

#: The name of the row that was made last.
_before: list[str] = []


@dataclass
class Row:
    """What a renderer reads of a layer."""

    name: str
    operation: str
    output: tuple[int, ...] | None
    params: int | None = 0
    macs: int | None = 0
    path: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    kind: str = ""
    line: int = 1
    file: str | None = None
    inputs: Sequence[str] = ()
    filter: tuple[int, ...] | None = None
    formula: str = ""
    kept: Fraction | None = None
    buffers: int | None = 0
    train: bool = False
    behind_unknown: bool = False
    field: tuple[Any, ...] | None = (1, 1)
    jump: tuple[Any, ...] | None = (1, 1)
    start: tuple[Any, ...] | None = (0, 0)
    nominal: bool = False
    coverage: tuple[Any, ...] | None = (Fraction(1, 2), Fraction(1, 2))
    analysis: Any = None

    @property
    def label(self) -> str:
        return self.name

    def __post_init__(self) -> None:
        self.kind = self.kind or self.operation.split()[0]
        self.inputs = self.inputs or tuple(_before)  # rows form a chain in the order in which they are made
        _before[:] = [self.name]

    @property
    def totals(self) -> Totals:
        return self.analysis.totals

    @property
    def flops(self) -> int | None:
        return None if self.macs is None else 2 * self.macs

    @property
    def likeness(self) -> tuple[Any, ...]:
        return (self.operation, self.output, self.params, self.kept)

    @property
    def steps(self) -> tuple[tuple[str, str], ...]:
        return tuple(Step(*one) for one in zip(self.path, self.blocks, strict=True))


@dataclass
class Port:
    name: str
    shape: tuple[int, ...] | None
    train: bool = False


@dataclass
class Totals:
    layers: int
    params: int | None
    buffers: int | None
    macs: int | None
    flops: int | None
    params_train: int | None
    trainable: int | None


def _sum(rows: list[Row], measure: str) -> int | None:
    values = [getattr(row, measure) for row in rows]
    return None if None in values else sum(values)


@dataclass
class Analysis:
    """What a renderer reads of an analysis."""

    layers: list[Row]
    model: str | None = "LeNet-5"
    file: str = "model.txt"
    layout: str = "chw"
    batch: int = 1
    dtypes: Dtypes = field(default_factory=Dtypes)
    execution: Any = field(default_factory=lambda: SimpleNamespace(way="eager"))
    inputs: list[Port] = field(default_factory=lambda: [Port("input", (1, 32, 32))])
    outputs: list[Port] = field(default_factory=lambda: [Port("fc2", (10,))])
    diagnostics: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        for row in self.layers:
            row.analysis = self

    @property
    def totals(self) -> Totals:
        run = [row for row in self.layers if not row.train]
        sums = [_sum(run, measure) for measure in ("params", "buffers", "macs", "flops")]
        return Totals(len(run), *sums, _sum(self.layers, "params"), sums[0])

    @property
    def network(self) -> Any:
        return SimpleNamespace(nodes=[SimpleNamespace(train=row.train, path=row.steps) for row in self.layers])

    @property
    def parameter_bytes(self) -> int | None:
        params = self.totals.params
        return None if params is None else self.dtypes.bytes_of("weights", params)

    @property
    def at_least(self) -> dict[str, int] | None:
        if self.totals.params is not None and self.totals.macs is not None:
            return None
        return {name: sum(getattr(row, name) or 0 for row in self.layers) for name in ("params", "macs")}


def lenet() -> Analysis:
    """LeNet-5: a plain chain."""
    conv1 = Row("conv1", "conv 6 5x5", (6, 28, 28), 156, 117600, filter=(6, 1, 5, 5), field=(5, 5))
    conv1.formula, conv1.kept, conv1.inputs, conv1.line = (
        "(32-5+0)/1+1 = 28",
        Fraction(147, 32),
        ("input",),
        4,
    )
    return Analysis(
        [
            conv1,
            Row("tanh1", "tanh", (6, 28, 28), kept=Fraction(1), inputs=("conv1",), field=(5, 5), line=5),
            Row("avgpool1", "avgpool 2x2", (6, 14, 14), kept=Fraction(1, 4), inputs=("tanh1",), line=6),
            Row("conv2", "conv 16 5x5", (16, 10, 10), 2416, 240000, filter=(16, 6, 5, 5), line=7),
            Row("flatten1", "flatten", (1600,), line=8),
            Row("fc1", "fc 10", (10,), 16010, 16000, filter=(10, 1600), line=9),
        ]
    )


def block(number: int, stage: str, width: int, times: int = 4) -> list[Row]:
    """One residual block of a stage."""
    place = {"path": (stage, f"basic{number}"), "blocks": ("stage", "basic")}
    shape = (width, 56 // width, 56 // width)
    return [
        Row(f"conv{number}", f"conv {width} 3x3", shape, times * width, prod(shape) * 9, **place),  # type: ignore[arg-type]
        Row(f"relu{number}", "relu", shape, **place),  # type: ignore[arg-type]
        Row(f"add{number}", "add", shape, **place),  # type: ignore[arg-type]
    ]


def residual() -> Analysis:
    """A stem, a stage of three alike blocks, one of two that differ, a train head, and a classifier."""
    stem = [Row("conv1", "conv 8 7x7", (8, 28, 28), 400, 30000, ("stem",), ("stage",), buffers=16)]
    first = block(2, "group1", 8) + block(3, "group1", 8) + block(4, "group1", 8)
    second = block(5, "group2", 14, times=9) + block(6, "group2", 14)
    head = [
        Row("gavgpool1", "gavgpool", (14, 1, 1), path=("aux",), blocks=("head",), train=True),
        Row("fc1", "fc 5", (5,), 75, 70, path=("aux",), blocks=("head",), train=True),
    ]
    end = [Row("fc2", "fc 10", (10,), 1_000_000, 1_000_000)]
    outputs = [Port("fc2", (10,)), Port("aux", (5,), train=True)]
    return Analysis(stem + first + second + head + end, model="ResNet-8", outputs=outputs)


def shown(analysis: Any, view: Selection, form: str, screen: Screen | None = None) -> str:
    """What `cnncalc shapes` shows of an analysis."""
    return "".join(render(document(Listing(analysis, view)), form, screen or Screen()))
