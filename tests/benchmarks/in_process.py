"""ResNet-50 again and again in one process, when everything is loaded and warm."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks import peers
from benchmarks.bench import EXAMPLES, HERE, Bench, Column, Part, Table, Target
from benchmarks.figures import ratios, spread
from benchmarks.timing import environment

NETWORK = "resnet50"
ANALYZE = "cnncalc.analyze(cnncalc.loads(text))"
DOCUMENT = "cnncalc.analyze(cnncalc.loads(text)).to_dict()"
LOAD = "onnx.shape_inference.infer_shapes(onnx.load(file))"
INFER = "onnx.shape_inference.infer_shapes(model)"
NATIVE = "onnx's C++ alone, bytes to bytes"
COLUMNS = (Column("call"), Column("ms", "ms"), Column("× infer_shapes(model)", "×"))


def warm(python: str, job: str, file: Path, seconds: float) -> float:
    """The median seconds of a call, in a process of its own."""
    words = [python, str(HERE / "warm.py"), job, str(file), str(seconds)]
    return float(subprocess.run(words, env=environment(), check=True, capture_output=True, text=True).stdout)


def run(bench: Bench) -> Part:
    spec = EXAMPLES / f"{NETWORK}.txt"
    jobs = {ANALYZE: (bench.python, "analyze", spec), DOCUMENT: (bench.python, "document", spec)}
    if peers.installed("onnx"):
        peers.write_twins("twins", bench.folder, [spec])
        model = bench.folder / f"{NETWORK}.onnx"
        jobs |= {
            name: (sys.executable, job, model) for name, job in ((LOAD, "load"), (INFER, "infer"), (NATIVE, "native"))
        }
    times: dict[str, list[float]] = {name: [] for name in jobs}
    rounds, seconds = bench.some(7), 0.3 if bench.quick else 1.0
    for _ in range(rounds):
        for name, job in jobs.items():
            times[name].append(warm(*job, seconds))
    infer = times.get(INFER)
    rows = [(name, spread(each), ratios(each, infer) if infer else None) for name, each in times.items()]
    targets = [
        Target(
            f"`{ANALYZE}` of ResNet-50, warm ÷ `{name}`", ratios(times[ANALYZE], times[name]) if infer else None, 2.0
        )
        for name in (LOAD, INFER)
    ]
    note = (
        f"Each call for {seconds:g} s a round in a new process of its own; of a round the median call. Only the first "
        "of onnx's calls starts from what cnncalc starts from, the network as it is stored."
    )
    return Part([Table(f"In process, ResNet-50, {rounds} rounds", COLUMNS, rows, note)], targets)
