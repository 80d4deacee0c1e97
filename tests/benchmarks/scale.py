"""Chains from a hundred to a hundred thousand layers: time and memory beside the bare loop, and how they grow."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks import chains
from benchmarks.bench import Bench, Column, Part, Table, Target
from benchmarks.figures import Spread, exponent, ratios, spread
from benchmarks.timing import Runs, cpus, interleave, walls

SIZES = (100, 1_000, 10_000, 30_000, 100_000)
#: From here on the figures are a promise; below, start-up outweighs the chain.
LARGE = 10_000
#: Of one size, after which no further round begins; there are three at least.
SECONDS, QUICK_SECONDS = 30.0, 2.0
COLUMNS = (
    Column("layers", "n"), Column("bare loop s", "s"), Column("cnncalc s", "s"), Column("× bare loop", "×"),
    Column("µs a layer", "µs"), Column("bare loop MiB", "MiB"), Column("cnncalc MiB", "MiB"),
    Column("B a layer above the interpreter", "n"),
)  # fmt: skip
#: Files of 40,000 lines are nobody's: it is enough that they are linear, and bounded.
BOUNDS = {chains.five: 15.0, chains.distinct: 60.0}
BYTES = 2048.0
NAMES = {chains.five: "five distinct lines repeated", chains.distinct: "every line different"}


class Size:
    """What the runs of one size come to."""

    def __init__(self, layers: int, runs: Runs, interpreter: int) -> None:
        self.layers = layers
        self.bare, self.ours = walls(runs["bare"]), walls(runs["cnncalc"])
        self.bare_peak, self.peak = (max(one.peak for one in runs[name]) for name in ("bare", "cnncalc"))
        self.ratio = ratios(self.ours, self.bare)
        self.bytes = (self.peak - interpreter) / layers
        self.median = spread(self.ours).median
        self.cpu, self.bare_cpu = (spread(cpus(runs[name])).median for name in ("cnncalc", "bare"))

    def row(self) -> tuple[int | float | Spread, ...]:
        each = self.median / self.layers
        return (self.layers, spread(self.bare), spread(self.ours), self.ratio, each, self.bare_peak, self.peak,
                round(self.bytes))  # fmt: skip


def sizes(bench: Bench) -> tuple[int, ...]:
    return SIZES[:3] if bench.quick else SIZES


def seconds(bench: Bench) -> float:
    return QUICK_SECONDS if bench.quick else SECONDS


def measured(bench: Bench, chain: chains.Chain, interpreter: int) -> list[Size]:
    found = []
    for layers in sizes(bench):
        file = chains.flat(bench.folder, chain, layers)
        commands = {"bare": bench.bare(file), "cnncalc": bench.shapes(file)}
        runs = interleave(commands, bench.rounds, seconds(bench), first=layers <= LARGE)
        found.append(Size(layers, runs, interpreter))
        file.unlink()
    return found


def growth(sizes: Sequence[int], times: Sequence[float]) -> float | None:
    """The exponent of the CPU time above that of the shortest chain, which is start-up, over the large sizes."""
    above = [(size, time - times[0]) for size, time in zip(sizes, times, strict=True) if size >= LARGE]
    above = [(size, time) for size, time in above if time > 0]
    return exponent(*zip(*above, strict=True)) if len(above) > 1 else None


def promises(found: list[Size], chain: chains.Chain) -> list[Target]:
    name, large = f"a chain, {NAMES[chain]}", [one for one in found if one.layers >= 100_000]
    grown = growth([one.layers for one in found], [one.cpu for one in found])
    return [
        *(Target(f"{name}, {one.layers:,} layers, piped ÷ the bare loop", one.ratio, BOUNDS[chain]) for one in large),
        Target(f"{name}: growth exponent of CPU time", grown, 1.05, "e"),
        *(Target(f"{name}, {one.layers:,} layers: peak memory above the interpreter's", one.bytes, BYTES, "B")
          for one in large),
    ]  # fmt: skip


def run(bench: Bench) -> Part:
    floor = interleave({"floor": bench.code("pass")}, 3)["floor"]
    interpreter = max(one.peak for one in floor)
    tables, targets = [], []
    for chain in (chains.five, chains.distinct):
        found = measured(bench, chain, interpreter)
        targets += promises(found, chain)
        lengths = [one.layers for one in found]
        ours, bare = growth(lengths, [one.cpu for one in found]), growth(lengths, [one.bare_cpu for one in found])
        note = (
            f"The interpreter's own peak is {interpreter / 2**20:.1f} MiB. Growth exponents of CPU time: cnncalc {_spelled(ours)}, "
            f"the bare loop {_spelled(bare)}."
        )
        tables.append(Table(f"Flat chains, {NAMES[chain]}", COLUMNS, [one.row() for one in found], note))
    return Part(tables, targets)


def _spelled(slope: float | None) -> str:
    return "unknown" if slope is None else f"{slope:.3f}"


def repeat(bench: Bench) -> Part:
    """A block repeated, folded in the output, beside the bare loop on as many lines."""
    rounds = 10_000 if bench.quick else 100_000
    layers = rounds * len(chains.BLOCK)
    written = chains.flat(bench.folder, chains.block, layers)
    spec = chains.repeated(bench.folder, rounds)
    commands = {
        "the bare loop, written out": bench.bare(written),
        "cnncalc shapes --depth 1": bench.shapes(spec, "--depth", "1"),
    }
    runs = interleave(commands, bench.rounds, seconds(bench), first=False)
    bare, ours = (walls(each) for each in runs.values())
    found = ratios(ours, bare)
    rows = [
        (name, spread(walls(each)), ratios(walls(each), bare), max(one.peak for one in each))
        for name, each in runs.items()
    ]
    columns = Column("command"), Column("s", "s"), Column("× bare loop", "×"), Column("peak MiB", "MiB")
    title = f"Repeat {rounds:,}: of a block of {len(chains.BLOCK)} layers"
    target = Target(
        f"`repeat {rounds}:` of {len(chains.BLOCK)} layers, `--depth 1` ÷ the bare loop on {layers:,} lines",
        found,
        BOUNDS[chains.five],
    )
    return Part([Table(title, columns, rows)], [target])
