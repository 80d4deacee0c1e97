"""How long a person waits for a small answer, beside the imports that no command line can do without."""

from __future__ import annotations

from benchmarks import chains
from benchmarks.bench import EXAMPLES, Bench, Column, Part, Table, Target
from benchmarks.figures import ratios, spread
from benchmarks.timing import cpus, interleave, walls

FLOOR, CLICK, RICH = (f'python -c "{code}"' for code in (
    "pass", "import click", "import click, rich.console, rich.table"))  # fmt: skip
LOOP = "the bare loop, 175 layers"
VERSION = "cnncalc --version"
PIPED = "cnncalc shapes resnet50.txt, piped"
JSON = "cnncalc shapes resnet50.txt --format json"
TERMINAL = "cnncalc shapes resnet50.txt, terminal"
COLUMNS = (
    Column("command"), Column("ms", "ms"), Column("CPU ms", "ms"), Column("× interpreter", "×"),
    Column("× import click", "×"), Column("peak MiB", "MiB"),
)  # fmt: skip


def run(bench: Bench) -> Part:
    file = EXAMPLES / "resnet50.txt"
    commands = {
        FLOOR: bench.code("pass"),
        CLICK: bench.code("import click"),
        RICH: bench.code("import click, rich.console, rich.table"),
        LOOP: bench.bare(chains.flat(bench.folder, chains.five, 175)),
        VERSION: bench.shapes(file)._replace(argv=(bench.cnncalc, "--version")),
        PIPED: bench.shapes(file),
        JSON: bench.shapes(file, "--format", "json"),
        TERMINAL: bench.shapes(file, terminal=True),
    }
    runs = interleave(commands, bench.rounds)
    wall = {name: walls(each) for name, each in runs.items()}
    rows = [
        (
            name, spread(wall[name]), spread(cpus(each)), ratios(wall[name], wall[FLOOR]),
            ratios(wall[name], wall[CLICK]), max(one.peak for one in each),
        )
        for name, each in runs.items()
    ]  # fmt: skip
    promises = [(VERSION, CLICK, 1.15), (PIPED, CLICK, 1.4), (JSON, CLICK, 1.5), (TERMINAL, RICH, 1.4)]
    targets = []
    for name, beside, bound in promises:
        work = ratios(cpus(runs[name]), cpus(runs[beside])).median
        found = ratios(wall[name], wall[beside])
        targets.append(Target(f"`{name}` ÷ `{beside}`", found, bound, remark=f"of CPU time {work:.2f} ×"))
    note = "Every command once a round. Output goes into a pipe that is read, but for the one on a terminal."
    return Part([Table(f"Start-up, {bench.rounds} rounds", COLUMNS, rows, note)], targets)
