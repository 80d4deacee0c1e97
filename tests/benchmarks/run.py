"""cnncalc, timed beside the interpreter, the bare loop and what people use today: python tests/benchmarks/run.py

README.md beside this file says how to run it and holds the last result.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:1] = [str(TESTS), str(TESTS.parent)]  # this folder is a package; the checkout's cnncalc writes the twins

from benchmarks import (  # noqa: E402
    commands,
    files,
    in_process,
    machine,
    many_specs,
    networks,
    peer_chains,
    report,
    scale,
    startup,
    sweeps,
    wheel,
)
from benchmarks.bench import HERE, Bench, Runner, here, say  # noqa: E402

PARTS: dict[str, Runner] = {
    "startup": startup.run,
    "commands": commands.run,
    "files": files.run,
    "warm": in_process.run,
    "networks": networks.run,
    "chains": scale.run,
    "repeat": scale.repeat,
    "specs": many_specs.run,
    "sweeps": sweeps.run,
    "peers": peer_chains.run,
}
QUICK_PARTS = [name for name in PARTS if name not in ("commands", "files", "peers", "sweeps")]
ROUNDS, QUICK_ROUNDS = 21, 5


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="in a minute: fewer rounds, fewer and smaller networks")
    parser.add_argument("--only", action="append", choices=PARTS, metavar="NAME", help=f"one part: {', '.join(PARTS)}")
    parser.add_argument("--rounds", type=int, metavar="N", help=f"rounds ({ROUNDS}; {QUICK_ROUNDS} with --quick)")
    parser.add_argument("--wheel", action="store_true", help="time the wheel, built and installed in a new environment")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures for programs, too")
    parser.add_argument("--write", action="store_true", help="put the result into README.md beside this file")
    found = parser.parse_args()
    if found.rounds is not None and found.rounds < 1:
        parser.error("--rounds: at least 1")
    if found.write and (found.quick or found.only):
        parser.error("--write: a result is written whole, so without --quick and --only")
    return found


def main() -> None:
    options = arguments()
    rounds = options.rounds or (QUICK_ROUNDS if options.quick else ROUNDS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        python, cnncalc = wheel.installed(folder) if options.wheel else here()
        bench = Bench(python, cnncalc, folder, rounds, options.quick)
        about = machine.described(bench, options.wheel)
        parts = []
        for part in options.only or (QUICK_PARTS if options.quick else PARTS):
            say(f"{part} …")
            parts.append(PARTS[part](bench))
    text = report.document(parts, about)
    print(text)
    if options.json:
        options.json.write_text(json.dumps(report.plain(parts, about), indent=1, ensure_ascii=False) + "\n", "utf-8")
    if options.write:
        report.write(text, HERE / "README.md")


if __name__ == "__main__":
    main()
