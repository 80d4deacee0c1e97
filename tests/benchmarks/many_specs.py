"""A folder of specs, checked: what `cnncalc check` costs a spec, over `analyze(loads(text))` in a process of its own.

    python tests/benchmarks/run.py --only specs        measured, as a part of the benchmark
    python tests/benchmarks/many_specs.py              where the time of a check goes

The specs are the examples, over and over, each with a title and a requirement of its own. Both sides read the same
files in the same order. What is measured is processor time, so that whatever else the machine does does not count; the
sides take turns. Each imports what it needs before the clock starts; a column has the whole process, start-up and all.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import re
import subprocess
import sys
import tempfile
from pathlib import Path

if __name__ == "__main__":
    TESTS = Path(__file__).resolve().parents[1]
    sys.path[:1] = [str(TESTS), str(TESTS.parent)]

from benchmarks.bench import EXAMPLES, Bench, Column, Part, Table, Target
from benchmarks.figures import ratios, spread

LIMIT = 1.2
SPECS, QUICK_SPECS, ROUNDS = 1000, 200, 7
COLUMNS = (
    Column("a spec"), Column("CPU ms", "ms"), Column("× in process", "×"), Column("ms of the whole process", "ms"),
    Column("× in process", "×"),
)  # fmt: skip
LOOP = """
import sys, time
from pathlib import Path
from cnncalc import analyze, loads
texts = [(path.read_text("utf-8"), path) for path in sorted(Path(sys.argv[1]).rglob("*.txt"))]
started = time.process_time()
for text, path in texts:
    analyze(loads(text, name=str(path), folder=path.parent))
print(time.process_time() - started)
"""
CHECK = """
import sys, time
from click.testing import CliRunner
from cnncalc.cli import main
CliRunner().invoke(main, ["check", sys.argv[2]])
started = time.process_time()
result = CliRunner().invoke(main, ["check", sys.argv[1]])
print(time.process_time() - started)
assert result.exit_code == 0, result.output[-500:]
"""


def generate(folder: Path, count: int) -> None:
    """Writes the specs: copies of the examples that build without other files, each a little different."""
    texts = {path.stem: path.read_text("utf-8") for path in sorted(EXAMPLES.rglob("*.txt"))}
    texts = {name: text for name, text in texts.items() if re.search(r"^(\w+ *= *)?input ", text, re.MULTILINE)}
    texts = {name: text for name, text in texts.items() if not re.search(r"^use ", text, re.MULTILINE)}
    names = list(texts)
    for number in range(count):
        name = names[number % len(names)]
        text = re.sub(r"^model (.*)", rf"model \1, number {number}", texts[name], count=1, flags=re.MULTILINE)
        place = folder / f"{number // 100:02}"
        place.mkdir(exist_ok=True)
        (place / f"{name}-{number:04}.txt").write_text(f"{text}\nrequire params <= 1G\n", "utf-8")


def timed(python: str, code: str, folder: Path) -> tuple[float, float]:
    """The seconds of the processor that a child counts itself, and those of its whole process. Ends where it fails."""
    before = os.times()
    first = min(folder.rglob("*.txt"))
    done = subprocess.run([python, "-c", code, str(folder), str(first)], capture_output=True, text=True, check=False)
    after = os.times()
    whole = after.children_user + after.children_system - before.children_user - before.children_system
    if done.returncode:
        sys.exit(done.stderr)
    return float(done.stdout.split()[-1]), whole


def run(bench: Bench) -> Part:
    count = QUICK_SPECS if bench.quick else SPECS
    folder = bench.folder / "specs"
    folder.mkdir()
    generate(folder, count)
    rounds = [
        (*timed(bench.python, LOOP, folder), *timed(bench.python, CHECK, folder)) for _ in range(bench.some(ROUNDS))
    ]
    loop, loop_whole, check, check_whole = (
        [seconds / count for seconds in column] for column in zip(*rounds, strict=True)
    )
    beside, whole = ratios(check, loop), ratios(check_whole, loop)
    rows = [
        ("`analyze(loads(text))`", spread(loop), 1.0, spread(loop_whole), ratios(loop_whole, loop)),
        ("`cnncalc check FOLDER`", spread(check), beside, spread(check_whole), whole),
    ]
    note = "Requirements, expectations and lints of specs that pass; one process, without a terminal."
    promise = f"`cnncalc check` of {count:,} specs ÷ `analyze(loads(text))`"
    target = Target(promise, beside, LIMIT, remark=f"start-up and all {whole.median:.2f} ×")
    return Part([Table(f"{count:,} specs, {len(rounds)} rounds", COLUMNS, rows, note)], [target])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--specs", type=int, default=SPECS)
    options = parser.parse_args()
    from click.testing import CliRunner

    from cnncalc.cli import main

    with tempfile.TemporaryDirectory() as name:
        generate(Path(name), options.specs)
        profiler = cProfile.Profile(builtins=False)
        profiler.enable()
        CliRunner().invoke(main, ["check", name])
        profiler.disable()
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(45)


if __name__ == "__main__":
    main()
