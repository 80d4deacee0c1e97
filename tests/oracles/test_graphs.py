"""Hundreds of generated networks, each written as a spec and built in PyTorch from the same abstract program.

Merges in merges, blocks with parameters, kinds and tensors as arguments, repeats, conditions, names, heads,
stages: every layer's shape and parameters in file order, every output, every total. And with one layer put in
that may not fit: cnncalc errs where PyTorch raises, and only there.
"""

from __future__ import annotations

import os
from random import Random

import pytest

pytest.importorskip("torch")

from .cnncalc_side import judge
from .executor import Executor, TooLarge
from .generator import program, spoiled
from .printer import Printer
from .programs import Program
from .torch_side import REFUSALS

FACTOR = int(os.environ.get("CNNCALC_ORACLE_FACTOR", "1"))
GRAPHS, CHUNK = 400 * FACTOR, 50
SOUND_AT_LEAST, BROKEN_AT_LEAST = 0.9, 0.3
CHUNKS = range(0, GRAPHS, CHUNK)
SILENT = ("identity",)  # the printer may write an empty path as one


def executed(made: Program) -> tuple[Executor, str | None]:
    """The run, and what PyTorch raised if it did."""
    executor = Executor(made)
    try:
        executor.run()
    except REFUSALS as error:
        return executor, str(error)
    return executor, None


def disagreement(seed: int, made: Program, spelling: int) -> tuple[bool, str | None]:
    """Whether PyTorch runs the program, and what cnncalc says otherwise than PyTorch."""
    try:
        executor, refusal = executed(made)
    except TooLarge:
        return False, None
    text = Printer(made, executor.after if refusal is None else {}, Random(spelling)).text()
    verdict = judge(text)
    if refusal is not None:
        return False, None if verdict.warns else f"seed {seed}: PyTorch refuses ({refusal}):\n{text}"
    if verdict.errors:
        return True, f"seed {seed}: {verdict.errors}\n{text}"
    document = verdict.document
    ran = [(tuple(x["output"]), x["params"], x["buffers"]) for x in document["layers"] if x["kind"] not in SILENT]
    outputs = {x["name"]: tuple(x["shape"]) for x in document["outputs"]}
    if "" in executor.outputs:
        executor.outputs[next(name for name in outputs if not name.startswith("head"))] = executor.outputs.pop("")
    totals = [document["totals"][name] for name in ("params", "buffers")]
    totals.append(document["totals"].get("params_train", totals[0]))
    want = [executor.total("params"), executor.total("buffers"), executor.total("params", train=True)]
    log = [(entry.shape, entry.params, entry.buffers) for entry in executor.log]
    for got, wanted in ((ran, log), (outputs, executor.outputs), (totals, want)):
        if got != wanted:
            return True, f"seed {seed}: cnncalc {got}\nPyTorch {wanted}\n{text}"
    return True, None


@pytest.mark.parametrize("start", CHUNKS)
def test_graphs(start: int) -> None:
    results = [disagreement(seed, program(seed), seed) for seed in range(start, start + CHUNK)]
    assert [fault for _, fault in results if fault] == []
    assert sum(sound for sound, _ in results) >= SOUND_AT_LEAST * CHUNK


@pytest.mark.parametrize("start", CHUNKS)
def test_spoiled_graphs(start: int) -> None:
    results = [disagreement(seed, spoiled(seed), seed) for seed in range(start, start + CHUNK)]
    assert [fault for _, fault in results if fault] == []
    assert sum(not sound for sound, _ in results) >= BROKEN_AT_LEAST * CHUNK


@pytest.mark.parametrize("seed", range(0, 100, 5))
def test_spelling_changes_nothing(seed: int) -> None:
    """One program in four more spellings."""
    for spelling in range(1000, 1004):
        assert disagreement(seed, program(seed), spelling)[1] is None


def test_there_are_enough() -> None:
    assert len(CHUNKS) * CHUNK * SOUND_AT_LEAST >= 300
