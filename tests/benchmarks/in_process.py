"""Networks again and again in one process, when everything is loaded and warm."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from benchmarks import chains, peers
from benchmarks.bench import EXAMPLES, HERE, Bench, Cell, Column, Part, Table, say
from benchmarks.figures import ratios, spread
from benchmarks.networks import QUICK, SEVEN
from benchmarks.timing import Failed, environment
from benchmarks.torch_twins import identifier

NETWORK = "resnet50"
LOOP = "the bare loop, 175 layers"
ANALYZE = "cnncalc.analyze(cnncalc.loads(text))"
DOCUMENT = "cnncalc.analyze(cnncalc.loads(text)).to_dict()"
LOAD = "onnx.shape_inference.infer_shapes(onnx.load(file))"
INFER = "onnx.shape_inference.infer_shapes(model)"
NATIVE = "onnx's C++ alone, bytes to bytes"
COLUMNS = (Column("call"), Column("ms", "ms"), Column("× infer_shapes(model)", "×"))


class Job(NamedTuple):
    """A job of warm.py, and the interpreter that has what it needs."""

    python: str
    name: str
    file: Path

    def run(self, seconds: float) -> float:
        """The median CPU seconds of a call, in a process of its own. Raises Failed."""
        words = [self.python, str(HERE / "warm.py"), self.name, str(self.file), str(seconds)]
        done = subprocess.run(words, env=environment(), check=False, capture_output=True, text=True)
        if done.returncode:
            raise Failed((done.stderr.strip().splitlines() or ["no word"])[-1][:100])
        return float(done.stdout)


Times = dict[str, list[float]]


def turns(jobs: dict[str, Job], rounds: int, seconds: float) -> Times:
    """Every job once a round. Raises Failed."""
    times: Times = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            times[name].append(job.run(seconds))
    return times


def closely(bench: Bench, rounds: int, seconds: float) -> Times:
    """ResNet-50: what cnncalc does, and what onnx does, each in parts."""
    spec, model = EXAMPLES / f"{NETWORK}.txt", bench.folder / f"{NETWORK}.onnx"
    jobs = {
        LOOP: Job(bench.python, "bare", chains.flat(bench.folder, chains.five, 175)),
        ANALYZE: Job(bench.python, "analyze", spec),
        DOCUMENT: Job(bench.python, "document", spec),
    }
    if peers.installed("onnx"):
        calls = ((LOAD, "load"), (INFER, "infer"), (NATIVE, "native"))
        jobs |= {name: Job(sys.executable, job, model) for name, job in calls}
    return turns(jobs, rounds, seconds)


def beside(bench: Bench, rounds: int, seconds: float) -> Table:
    """The seven examples: cnncalc, and every peer that is installed."""
    names = [peer for peer in peers.PACKAGES if peers.installed(peer)]
    columns = [Column("example"), Column("cnncalc ms", "ms")]
    for name in names:
        columns += [Column(f"{name} ms", "ms"), Column(f"{name} × cnncalc", "×")]
    rows = []
    for example in QUICK if bench.quick else SEVEN:
        say(f"  {example}")
        rows.append(_row(bench, example, names, rounds, seconds))
    note = (
        f"As above; rounds: {rounds}. onnx loads and infers. The tools of PyTorch have a module that is built, "
        "and run it on the CPU or the device meta, where they are faster."
    )
    return Table("In process, the seven examples", tuple(columns), rows, note)


def _row(bench: Bench, example: str, names: list[str], rounds: int, seconds: float) -> tuple[Cell, ...]:
    ours = Job(bench.python, "analyze", EXAMPLES / f"{example}.txt")
    row: list[Cell] = [example, spread(turns({"cnncalc": ours}, rounds, seconds)["cnncalc"])]
    for name in names:
        model = bench.folder / f"{example}.onnx", bench.folder / f"{identifier(example)}.py"
        job = (
            Job(sys.executable, "load", model[0])
            if name == "onnx"
            else Job(sys.executable, name.replace(" ", ""), model[1])
        )
        try:
            found, theirs = turns({"cnncalc": ours, name: job}, rounds, seconds).values()
            row += [spread(theirs).median, ratios(theirs, found)]
        except Failed as reason:
            row += [f"fails: {reason}", None]
    return tuple(row)


def run(bench: Bench) -> Part:
    specs = [EXAMPLES / f"{name}.txt" for name in SEVEN]
    if peers.installed("onnx"):
        peers.write_twins("twins", bench.folder, specs)
    if peers.torch_peers():
        peers.write_twins("torch_twins", bench.folder, specs)
    rounds, seconds = bench.some(2 if bench.quick else 7), 0.3 if bench.quick else 1.0
    times = closely(bench, rounds, seconds)
    infer = times.get(INFER)
    rows = [(name, spread(each), ratios(each, infer) if infer else None) for name, each in times.items()]
    note = (
        f"Each call for {seconds:g} s a round in a new process of its own; of a round the median CPU time. Only the first "
        "of onnx's calls starts from what cnncalc starts from, the network as it is stored."
    )
    close = Table(f"In process, ResNet-50, {rounds} rounds", COLUMNS, rows, note)
    return Part([close, beside(bench, 1 if bench.quick else bench.some(3), 0.3)], [])
