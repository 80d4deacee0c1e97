"""What every command costs on ResNet-50, with its options, beside the import of the library that reads them."""

from __future__ import annotations

import shutil

from benchmarks.bench import EXAMPLES, Bench, Column, Part, Table, Target
from benchmarks.figures import ratios, spread
from benchmarks.timing import Command, command, cpus, interleave, walls

CLICK = 'python -c "import click"'
#: Times `import click`: what a person who types a command may have to wait.
LIMIT = 2.0
#: The words of each command; FILE is ResNet-50's spec, OTHER that of ResNet-18.
COMMANDS = (
    "shapes FILE --flat", "shapes FILE --depth 1", "shapes FILE --columns +field", "shapes FILE --batch 8",
    "shapes FILE --input 3x256x256", "shapes FILE --sort params --top 5", "shapes FILE --count fvcore",
    "shapes FILE --format csv", "shapes FILE --format markdown", "compare FILE", "compare FILE OTHER",
    "compare FILE --layer conv1", "explain FILE", "explain FILE conv1", "explain FILE conv5 --at 6,6",
    "explain FILE --without padding", "explain FILE --count macs --against fvcore", "memory FILE",
    "memory FILE --dtype int8", "check FILE", "check FILE --max-params 30M", "check FILE --format sarif",
    "diff OTHER FILE", "diff FILE FILE", "convert FILE --to spec", "annotate --diff FILE", "fmt --check FILE", "layers",
    "layers conv", "conventions", "conventions fvcore", "new", "new resnet50", "help language",
)  # fmt: skip
COLUMNS = (
    Column("command"), Column("ms", "ms"), Column("CPU ms", "ms"), Column("× import click", "×"),
    Column("peak MiB", "MiB"),
)  # fmt: skip


def _commands(bench: Bench) -> dict[str, Command]:
    """Every command on copies of the specs, in a folder where nothing else lies; those that would exit 1 are left out."""
    folder = bench.folder / "commands"
    folder.mkdir(exist_ok=True)
    files = {"FILE": folder / "resnet50.txt", "OTHER": folder / "resnet18.txt"}
    for file in files.values():
        shutil.copy(EXAMPLES / file.name, file)
    return {
        f"cnncalc {words}": command(bench.cnncalc, *(files.get(word, word) for word in words.split()))
        for words in COMMANDS
    }


def run(bench: Bench) -> Part:
    commands = {CLICK: bench.code("import click"), **_commands(bench)}
    runs = interleave(commands, bench.rounds)
    wall = {name: walls(each) for name, each in runs.items()}
    rows = [
        (name.replace("FILE", "resnet50.txt").replace("OTHER", "resnet18.txt"), spread(wall[name]), spread(cpus(each)),
         ratios(wall[name], wall[CLICK]), max(one.peak for one in each))
        for name, each in runs.items()
    ]  # fmt: skip
    slowest = max((row for row in rows if row[0] != CLICK), key=lambda row: row[3].median)
    target = Target(f"every command on ResNet-50, piped ÷ `{CLICK}`", slowest[3], LIMIT, remark=f"most: {slowest[0]}")
    return Part([Table(f"Every command, {bench.rounds} rounds", COLUMNS, rows, "Output goes into a pipe.")], [target])
