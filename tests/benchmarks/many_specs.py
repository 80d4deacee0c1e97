"""A folder of specs, checked: what `cnncalc check` costs a spec, over `analyze(loads(text))` in a process of its own.

    python tests/benchmarks/many_specs.py [--specs 1000] [--profile]

The specs are the examples, over and over, each with a title, a width and a requirement of its own. Both sides read the
same files in the same order. What is measured is processor time, so that whatever else the machine does does not count;
the ratio is the median of several rounds, which take turns.
"""

import argparse
import cProfile
import os
import pstats
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
LIMIT = 1.2
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


def timed(code: str, folder: Path) -> tuple[float, float]:
    """The seconds of the processor that a child counts itself, and those of its whole process."""
    before = os.times()
    done = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=False)
    after = os.times()
    whole = after.children_user + after.children_system - before.children_user - before.children_system
    if done.returncode:
        sys.exit(done.stderr)
    return float(done.stdout.split()[-1]), whole


def profile(folder: Path) -> None:
    """Prints where the time of a check goes."""
    from click.testing import CliRunner

    from cnncalc.cli import main

    profiler = cProfile.Profile()
    profiler.enable()
    CliRunner().invoke(main, ["check", str(folder)])
    profiler.disable()
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(45)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--specs", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(folder, options.specs)
        if options.profile:
            profile(folder)
            return
        rounds = []
        for _ in range(options.rounds):
            loop, _ = timed(LOOP, folder)
            inside, whole = timed(CHECK, folder)
            rounds.append((loop, inside, whole))
    loop, inside, whole = (median(column) for column in zip(*rounds, strict=True))
    count = options.specs
    print(f"{count:,} specs, median of {options.rounds} rounds")
    print(f"  analyze(loads(text))   {1000 * loop / count:7.3f} ms a spec")
    print(f"  cnncalc check FOLDER   {1000 * inside / count:7.3f} ms a spec, {1000 * whole / count:.3f} as a process")
    ratios = median(inside / loop for loop, inside, _ in rounds), median(whole / loop for loop, _, whole in rounds)
    print(f"  ratio                  {ratios[0]:7.2f}, {ratios[1]:.2f} as a process; at most {LIMIT} is asked for")


if __name__ == "__main__":
    main()
