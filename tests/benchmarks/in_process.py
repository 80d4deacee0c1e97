"""ResNet-50 again and again in one process, when everything is loaded and warm."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks import chains, peers
from benchmarks.bench import EXAMPLES, HERE, Bench, Column, Part, Table, Target
from benchmarks.figures import ratios, spread
from benchmarks.timing import environment
from benchmarks.torch_twins import identifier

NETWORK = "resnet50"
LOOP = "the bare loop, 175 layers"
ANALYZE = "cnncalc.analyze(cnncalc.loads(text))"
DOCUMENT = "cnncalc.analyze(cnncalc.loads(text)).to_dict()"
LOAD = "onnx.shape_inference.infer_shapes(onnx.load(file))"
INFER = "onnx.shape_inference.infer_shapes(model)"
NATIVE = "onnx's C++ alone, bytes to bytes"
COLUMNS = (Column("call"), Column("ms", "ms"), Column("× infer_shapes(model)", "×"))


def warm(python: str, job: str, file: Path, seconds: float) -> float:
    """The median CPU seconds of a call, in a process of its own."""
    words = [python, str(HERE / "warm.py"), job, str(file), str(seconds)]
    return float(subprocess.run(words, env=environment(), check=True, capture_output=True, text=True).stdout)


def run(bench: Bench) -> Part:
    spec = EXAMPLES / f"{NETWORK}.txt"
    jobs = {
        LOOP: (bench.python, "bare", chains.flat(bench.folder, chains.five, 175)),
        ANALYZE: (bench.python, "analyze", spec),
        DOCUMENT: (bench.python, "document", spec),
    }
    if peers.installed("onnx"):
        peers.write_twins("twins", bench.folder, [spec])
        model = bench.folder / f"{NETWORK}.onnx"
        jobs |= {
            name: (sys.executable, job, model) for name, job in ((LOAD, "load"), (INFER, "infer"), (NATIVE, "native"))
        }
    if peers.torch_peers():
        peers.write_twins("torch_twins", bench.folder, [spec])
        twin = bench.folder / f"{identifier(NETWORK)}.py"
        jobs |= {name: (sys.executable, name.replace(" ", ""), twin) for name in peers.torch_peers()}
    times: dict[str, list[float]] = {name: [] for name in jobs}
    rounds, seconds = bench.some(2 if bench.quick else 7), 0.3 if bench.quick else 1.0
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
        f"Each call for {seconds:g} s a round in a new process of its own; of a round the median CPU time. Only the first "
        "of onnx's calls starts from what cnncalc starts from, the network as it is stored; the tools of PyTorch have a "
        "module that is built, and run it on the CPU or the device meta, where they are faster."
    )
    return Part([Table(f"In process, ResNet-50, {rounds} rounds", COLUMNS, rows, note)], targets)
