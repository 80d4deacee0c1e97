"""Modules and lines of PyTorch source give the shapes and parameters that PyTorch gives: sources.txt."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc
from convert.python.sources import FILE, HEAD, SourceLine
from convert.recorded import read

NEWLINE = chr(10)


def spelled(made: str) -> str:
    """A recorded shape without its samples, which the network leaves out."""
    sizes = made.split("x") if made[:1] != "a" else []
    if sizes.count("N") == 1:
        sizes.remove("N")
    return "x".join(sizes)


#: What is said of each line that PyTorch refuses, as `told` has it.
FAULTS_FILE = FILE.with_name("source_faults.txt")
FAULTS = {(line.shape, line.text): line.made for line in read(FAULTS_FILE, SourceLine)}


def told(error: cnncalc.SpecError) -> str:
    """Where a fault is in the network's class, what it is, what to write instead, and what is said besides."""
    found = []
    for fault in error.diagnostics:
        place = f"{fault.span.line - HEAD.count(NEWLINE)}:{fault.span.column}-{fault.span.end_column}"
        more = [*([f"help: {fault.help}"] if fault.help else []), *map(str, fault.notes)]
        more += [f"from {frame.text} in line {frame.span.line - HEAD.count(NEWLINE)}" for frame in fault.frames]
        found.append(" / ".join([f"{fault.code} {place} {fault.message}", *more]))
    return " // ".join(found).replace(NEWLINE, " ")


@pytest.mark.parametrize(
    "line", read(FILE, SourceLine), ids=lambda line: f"{'x'.join(map(str, line.shape))} {line.text}"
)
def test_what_pytorch_gives(tmp_path: Path, line: SourceLine) -> None:
    path = tmp_path / "net.py"
    path.write_text(line.source, "utf-8")
    entry = {"input": "x".join(map(str, line.shape))}
    if line.made == "refused":
        with pytest.raises(cnncalc.SpecError) as error:
            cnncalc.load(f"{path}:Net", **entry)
        assert told(error.value) == FAULTS[line.shape, line.text]
        return
    analysis = cnncalc.analyze(cnncalc.load(f"{path}:Net", **entry))
    shapes, _, params = line.made.rpartition("; ")
    assert ["?" if port.shape is None else "x".join(map(str, port.shape)) for port in analysis.outputs] == [
        spelled(shape) for shape in shapes.split(", ")
    ]
    assert f"{analysis.totals.params} parameters" == params
