"""`cnncalc sweep`: candidates a second, beside one by one and beside bare NumPy of the same formulas, and its growth.

    python tests/benchmarks/run.py --only sweeps

All is measured in children, by the processor time that they count themselves, tracing included. Bare NumPy works out
the terms of the formulas as they stand, candidate by candidate of each group, for arrays that are there already.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from benchmarks.bench import Bench, Column, Part, Table, Target
from benchmarks.figures import spread

#: The spaces: a spec, and what is varied in it.
SPACES = {
    "ResNet-50": ("resnet", {"width": "16..256", "n3": "1..8", "n4": "1..12", "input": "3x64x64..3x320x320"}),
    "MobileNetV2": ("mobilenet", {"width": "0.1..1.4..0.005", "t": "1..8..0.1", "size": "32..320"}),
}
QUICK = {
    "ResNet-50": {"width": "16..256..8", "n3": "2..4", "n4": "4..6", "input": "3x64x64..3x320x320..8"},
    "MobileNetV2": {"width": "0.25..1.4..0.05", "t": "2..8", "size": "32..320..8"},
}
GROWTH = [10**power for power in range(4, 9)]
CODE = r"""
import json, re, resource, sys, time
from pathlib import Path
import numpy as np
from cnncalc.diagnostics import Source
from cnncalc.interpret.build import Spec
from cnncalc.interpret.reading.examples import example_path
from cnncalc.measure.measurements import Measurements
from cnncalc.measure.result import analyze
from cnncalc.variants import chunks
from cnncalc.variants.asking import Asking, SweepRequest
from cnncalc.variants.polynomials import COLUMN, MAXIMUM, QUOTIENT
from cnncalc.variants.running import SweepRun, Workers

def text(name):
    if name == "mobilenet":
        return Path(example_path("mobilenet_mcu")).read_text("utf-8")
    found = Path(example_path("resnet50")).read_text("utf-8")
    found = found.replace("group 128 4", "group 2*width n3").replace("group 256 6", "group 4*width n4")
    found = found.replace("group 64 3", "group width 3").replace("group 512 3", "group 8*width 3").replace("conv 64 7", "conv width 7")
    return "let width = 64\nlet n3 = 4\nlet n4 = 6\n" + found

def asked(name, vary):
    request = SweepRequest(vary, where="params <= 20M and peak <= 8MiB", minimize="macs", required=False)
    return Asking(Source("net.txt", text(name)), None, request, {}, {}, 10**6, "net.txt")

def swept(name, vary):
    prepared = asked(name, vary)()
    started = time.process_time()
    found = SweepRun(prepared.task)(Workers())
    first = time.process_time()
    SweepRun(prepared.task)(Workers())  # all is traced by now
    return found.candidates, first - started, time.process_time() - first

def alone(name, vary, count):
    made = asked(name, vary)
    space, spec = made().task.space, Spec(Source("net.txt", text(name)))
    settings = [space.settings(index * space.size // count) for index in range(count)]
    started = time.process_time()
    for one in settings:
        inputs = {key: one.pop(key) for key in list(one) if key == "input"}
        measured = Measurements(analyze(spec.network(inputs=inputs, settings=one, checked=False)))
        for measure in ("params", "macs", "peak"):
            try:
                measured(measure)
            except Exception:
                pass
    return count, time.process_time() - started, 0

def bare(name, vary):
    task = asked(name, vary)().task
    worker, space = task.worker(), task.space
    spent = count = 0
    for part in list(task.parts()):
        groups = list(worker.groups.of(space.words(part[0]), chunks.box_of(space, part)))
        for group in groups:
            if group.answer.fault is not None:
                continue
            count += len(group.indices)
            atoms = {}
            for one in group.answer.values:
                spent += formula(group, one.polynomial, atoms)
    return count, spent, 0

def formula(group, one, atoms):
    arrays, expressions = group.arrays, group.arrays.expressions
    for monomial in one.terms:
        for number in monomial:
            if number not in atoms:
                atoms[number] = arrays._atom(number)
    terms = [(value, [atoms[number] for number in monomial]) for monomial, value in one.terms.items()]
    shape = group.shape
    started = time.process_time()
    total = np.zeros(shape, dtype=np.int64)
    for value, factors in terms:
        product = value
        for factor in factors:
            product = product * factor
        total += product
    return time.process_time() - started

what, *rest = json.loads(sys.argv[1])
print(json.dumps([*{"swept": swept, "alone": alone, "bare": bare}[what](*rest),
                  resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
COLUMNS = (
    Column("space"), Column("candidates", "n"), Column("a second", "n"), Column("one by one, a second", "n"),
    Column("÷ one by one", "×"), Column("once traced, a second", "n"),
    Column("bare NumPy, a second", "n"), Column("bare ÷ that", "×"),
)  # fmt: skip
GROWN = (Column("candidates", "n"), Column("s", "s"), Column("a second", "n"), Column("peak MiB", "MiB"))


def child(python: str, *words: Any) -> tuple[int, float, float, float]:
    """Candidates, seconds, those of a sweep once all is traced, and the most MiB of one child. Ends where it fails."""
    done = subprocess.run([python, "-c", CODE, json.dumps(words)], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    count, seconds, again, peak = json.loads(done.stdout.splitlines()[-1])
    return count, seconds, again, peak


def speeds(bench: Bench) -> tuple[Table, list[Target]]:
    rows, targets = [], []
    for title, (name, vary) in SPACES.items():
        vary = QUICK[title] if bench.quick else vary
        found = [child(bench.python, "swept", name, vary) for _ in range(bench.some(3))]
        rate = spread([count / seconds for count, seconds, _, _ in found])
        steady = spread([count / again for count, _, again, _ in found])
        count, seconds, *_ = child(bench.python, "alone", name, vary, 10 if bench.quick else 40)
        alone = count / seconds
        worked, spent, *_ = child(bench.python, "bare", name, vary)
        bare = worked / max(spent, 1e-9)
        rows.append(
            (
                title,
                found[0][0],
                int(rate.median),
                int(alone),
                rate.median / alone,
                int(steady.median),
                int(bare),
                bare / steady.median,
            )
        )
        if title == "ResNet-50":
            targets.append(Target("a sweep of ResNet-50 ÷ one by one", rate.median / alone, 1000, least=True))
        else:
            targets.append(
                Target("candidates a second of MobileNetV2, in millions", rate.median / 1e6, 1, "", least=True)
            )
        targets.append(Target(f"bare NumPy ÷ a sweep of {title}", bare / steady.median, 5, remark="once traced"))
    note = "Width, resolution, two depths or the expansion; conditions on parameters and peak, the least MACs first."
    return Table("Sweeps", COLUMNS, rows, note), targets


def growth(bench: Bench) -> tuple[Table, list[Target]]:
    rows = []
    for count in GROWTH[:3] if bench.quick else GROWTH:
        vary = {"width": f"1..{count // 1000}", "n3": "4", "n4": "6", "input": "3x32x32..3x1031x1031"}
        done, seconds, _, peak = child(bench.python, "swept", "resnet", vary)
        rows.append((done, seconds, int(done / seconds), peak * 2**20))
    steady = rows[len(rows) // 2]
    targets = [
        Target("a candidate of the largest space ÷ of a middle one", steady[2] / rows[-1][2], 1.5),
        Target(
            "memory of the largest space ÷ of a middle one",
            rows[-1][3] / steady[3],
            2,
            remark="a chunk has at most 524,288 candidates",
        ),
    ]
    return Table("Growth of a sweep", GROWN, rows), targets


def run(bench: Bench) -> Part:
    first, met = speeds(bench)
    second, grown = growth(bench)
    return Part([first, second], [*met, *grown])
