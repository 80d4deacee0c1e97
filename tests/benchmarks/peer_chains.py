"""How the peers grow, on the chain of five lines."""

from __future__ import annotations

from typing import NamedTuple

from benchmarks import chains, peers
from benchmarks.bench import Bench, Cell, Column, Part, Table, say
from benchmarks.figures import exponent, ratios, spread
from benchmarks.timing import Command, Failed, interleave, walls

SIZES = (100, 1_000, 10_000, 100_000)
QUICK_SIZES = (100, 1_000)
OURS = "cnncalc"
#: Of one run; and of one after which a peer is not asked for ten times as many layers.
LIMIT, ENOUGH = 60.0, 12.0
COLUMNS = (
    Column("layers", "n"), Column("tool"), Column("s", "s"), Column("× cnncalc", "×"), Column("peak MiB", "MiB"),
)  # fmt: skip
GROWTH = (Column("tool"), Column("largest chain, layers", "n"), Column("growth exponent", "e"),
          Column("B a layer", "n"))  # fmt: skip


class Point(NamedTuple):
    """A tool on a chain."""

    layers: int
    seconds: float
    peak: int


def _commands(bench: Bench, layers: int, racing: list[str]) -> tuple[dict[str, Command], dict[str, str]]:
    """Those still in the race, on a chain; and the words of those that cannot."""
    found = {OURS: bench.shapes(chains.flat(bench.folder, chains.five, layers))}
    failed = {}
    if "onnx" in racing:
        peers.write_twins("twins", bench.folder, [bench.folder / f"five-{layers}.txt"])
        found["onnx"] = peers.onnx(bench.folder / f"five-{layers}.onnx")
    torch = [peer for peer in racing if peer != "onnx"]
    if torch:
        peers.write_twins("torch_twins", bench.folder, [layers])
    for peer in torch:
        try:
            found[peer] = peers.choose(peer, bench.folder / f"chain_{layers}.py", LIMIT).command
        except Failed as reason:
            failed[peer] = str(reason)
    return found, failed


def _named(name: str, one: Command) -> str:
    return f"{name}, {one.argv[3]}" if name not in (OURS, "onnx") else name


def run(bench: Bench) -> Part:
    racing = [peer for peer in peers.PACKAGES if peers.installed(peer)]
    rows: list[tuple[Cell, ...]] = []
    points: dict[str, list[Point]] = {name: [] for name in (OURS, *racing)}
    for layers in QUICK_SIZES if bench.quick else SIZES:
        say(f"  {layers:,} layers: {', '.join(racing)}")
        commands, failed = _commands(bench, layers, racing)
        runs = interleave(commands, 1 if bench.quick else bench.some(3), first=False)
        ours = walls(runs[OURS])
        for name, each in runs.items():
            point = Point(layers, spread(walls(each)).median, max(one.peak for one in each))
            points[name].append(point)
            rows.append(
                (layers, _named(name, commands[name]), spread(walls(each)), ratios(walls(each), ours), point.peak)
            )
        rows += [(layers, f"{name}: {reason}", None, None, None) for name, reason in failed.items()]
        racing = [name for name in racing if name in runs and points[name][-1].seconds < ENOUGH]
    note = (
        f"A tool that took over {ENOUGH:g} s is not asked for ten times as many layers, and a run ends after {LIMIT:g} s. "
        "The peers of PyTorch run on the device that is faster there."
    )
    tables = [Table("The peers on the chain of five lines", COLUMNS, rows, note)]
    grown = [(name, each[-1].layers, *_growth(each)) for name, each in points.items() if len(each) > 2]
    if grown:
        words = (
            "Of the time above that of the shortest chain, over the others; memory of the longest above the shortest."
        )
        tables.append(Table("How they grow", GROWTH, grown, words))
    return Part(tables, [])


def _growth(points: list[Point]) -> tuple[float | None, int]:
    first, last = points[0], points[-1]
    above = [(one.layers, one.seconds - first.seconds) for one in points if one.seconds > first.seconds]
    slope = exponent(*zip(*above, strict=True)) if len(above) > 1 else None
    return slope, round((last.peak - first.peak) / (last.layers - first.layers))
