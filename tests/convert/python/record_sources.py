"""Writes what PyTorch gives for each line of sources.txt behind it, and what we say of those that it refuses into
source_faults.txt: python tests/convert/python/record_sources.py. Then read `git diff`.
"""

from __future__ import annotations

import sys
import tempfile
import warnings
from pathlib import Path
from types import ModuleType

import torch

sys.path.insert(0, str(Path(__file__).parents[2]))

import cnncalc
from convert.python.sources import FILE, SourceLine
from convert.python.test_sources import FAULTS_FILE, told
from convert.recorded import read

#: Two numbers of samples: the size that grows with them is theirs.
SAMPLES = (11, 13)


def tensors(made):
    """The tensors of what a network gives, in their order."""
    if isinstance(made, torch.Tensor):
        return [made]
    parts = made.values() if isinstance(made, dict) else made if isinstance(made, list | tuple) else ()
    return [one for part in parts for one in tensors(part)]


def results(line, samples):
    """The shapes and the number of parameters; None where PyTorch raises."""
    module = ModuleType("net")
    torch.manual_seed(0)
    try:
        exec(line.source, vars(module))
        net = module.Net().train(False)
        made = tensors(net(torch.rand(samples, *line.shape)))
    except Exception as error:
        print(f"{line.text}: {type(error).__name__}: {error}")
        return None
    return [tuple(one.shape) for one in made], sum(one.numel() for one in net.parameters())


def recorded(line):
    first, second = (results(line, samples) for samples in SAMPLES)
    if first is None or second is None:
        return "refused"
    shapes = [
        "x".join(str(few) if few == many else "N" for few, many in zip(one, other, strict=True)) or "a scalar"
        for one, other in zip(first[0], second[0], strict=True)
    ]
    return f"{', '.join(shapes)}; {first[1]} parameters"


def main():
    warnings.simplefilter("ignore")
    lines, rows = [], iter(read(FILE, SourceLine))
    for line in FILE.read_text("utf-8").splitlines():
        if line.startswith("    "):
            row = next(rows)
            line = f"    {row.text} -> {recorded(row)}"
        lines.append(line)
    FILE.write_text("\n".join(lines) + "\n", "utf-8")
    record_faults()


def record_faults():
    """Writes what is said of the lines that PyTorch refuses; one that we accept is printed, and left out."""
    lines, shape = FAULTS_FILE.read_text("utf-8").splitlines()[:1], None
    for line in read(FILE, SourceLine):
        if line.made != "refused":
            continue
        said = fault(line)
        if said is None:
            print(f"PyTorch refuses, and we accept: {line.text}")
            continue
        if line.shape != shape:
            shape = line.shape
            lines.append(f"x {'x'.join(map(str, shape))}")
        lines.append(f"    {line.text} -> {said}")
    FAULTS_FILE.write_text("\n".join(lines) + "\n", "utf-8")


def fault(line):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "net.py"
        path.write_text(line.source, "utf-8")
        try:
            cnncalc.load(f"{path}:Net", input="x".join(map(str, line.shape)))
        except cnncalc.SpecError as error:
            return told(error)
    return None


if __name__ == "__main__":
    main()
