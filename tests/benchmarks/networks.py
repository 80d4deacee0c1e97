"""Every example, as whole processes, beside onnx and the tools of PyTorch."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import NamedTuple

from benchmarks import peers
from benchmarks.bench import EXAMPLES, Bench, Cell, Column, Part, Table, Target, say
from benchmarks.figures import Spread, ratios, spread
from benchmarks.timing import Failed, interleave, walls
from benchmarks.torch_twins import identifier
from cnncalc import load

SEVEN = ("alexnet", "vgg16", "googlenet", "resnet18", "resnet50", "mobilenet_v2", "unet")
QUICK = ("resnet18",)
OURS = "cnncalc"
#: Of one run of a PyTorch peer.
LIMIT = 120.0
ONNX_BOUND, TORCH_BOUND = 2.5, 25.0


class Beside(NamedTuple):
    """A peer on one example: its time, how many times that of cnncalc in the same rounds, or why there is none."""

    time: Spread | None
    ratio: Spread | None
    remark: str = ""


#: Of an example, by the peer.
Rows = dict[str, dict[str, Beside]]


def examples(bench: Bench) -> list[Path]:
    """The examples that are networks, the seven first."""
    found = [file for file in sorted(EXAMPLES.glob("*.txt")) if load(file).nodes]
    found.sort(key=lambda file: SEVEN.index(file.stem) if file.stem in SEVEN else len(SEVEN))
    return [file for file in found if file.stem in QUICK] if bench.quick else found


def _onnx(bench: Bench, file: Path, rounds: int) -> Beside:
    if not (bench.folder / f"{file.stem}.onnx").exists():
        return Beside(None, None, "no twin")
    commands = {OURS: bench.shapes(file), "onnx": peers.onnx(bench.folder / f"{file.stem}.onnx")}
    ours, theirs = (walls(each) for each in interleave(commands, rounds).values())
    return Beside(spread(theirs), ratios(theirs, ours))


def _torch(bench: Bench, file: Path, rounds: int) -> dict[str, Beside]:
    """All peers of PyTorch that are installed, each on the device that is faster."""
    twin = bench.folder / f"{identifier(file.stem)}.py"
    if not twin.exists():
        return {peer: Beside(None, None, "no twin") for peer in peers.torch_peers()}
    chosen: dict[str, peers.Choice] = {}
    found: dict[str, Beside] = {}
    for peer in peers.torch_peers():
        try:
            chosen[peer] = peers.choose(peer, twin, LIMIT)
        except Failed as reason:
            found[peer] = Beside(None, None, f"fails: {reason}")
    commands = {OURS: bench.shapes(file), **{peer: one.command for peer, one in chosen.items()}}
    runs = {name: walls(each) for name, each in interleave(commands, rounds, first=False).items()}
    for peer, one in chosen.items():
        found[peer] = Beside(spread(runs[peer]), ratios(runs[peer], runs[OURS]), f"on {one.device}")
    return found


def _row(bench: Bench, file: Path) -> tuple[dict[str, Beside], Spread]:
    """The peers on one example, and the time of cnncalc."""
    say(f"  {file.stem}")
    ours = spread(walls(interleave({OURS: bench.shapes(file)}, bench.some(7))[OURS]))
    found: dict[str, Beside] = {}
    if peers.installed("onnx"):
        found["onnx"] = _onnx(bench, file, bench.some(11))
    if peers.torch_peers():
        rounds = 1 if bench.quick else bench.some(3 if file.stem in SEVEN else 2)
        found |= _torch(bench, file, rounds)
    return found, ours


def _least(rows: Rows, names: list[str]) -> tuple[Spread | None, str]:
    """The smallest ratio of these peers, and of which on what."""
    every = [
        (one.ratio, f"least: {peer} on {example}")
        for example, row in rows.items()
        for peer, one in row.items()
        if peer in names and one.ratio
    ]
    return min(every, key=lambda pair: pair[0].median, default=(None, ""))


def _targets(rows: Rows) -> list[Target]:
    promises = [
        ("onnx, load + shape inference without weights", ["onnx"], ONNX_BOUND),
        ("every peer of PyTorch", peers.torch_peers(), TORCH_BOUND),
    ]
    found = []
    for what, tools, bound in promises:
        least, where = _least(rows, tools)
        found.append(Target(f"every example: {what} ÷ `cnncalc shapes`", least, bound, least=True, remark=where))
    return found


def _devices(rows: Rows) -> str:
    """Where the peers of PyTorch ran, and on how many examples."""
    every = Counter(f"{peer} {one.remark}" for row in rows.values() for peer, one in row.items() if one.time)
    return ", ".join(f"{words} {count} times" for words, count in sorted(every.items()) if " on " in words)


def _table(rows: Rows, ours: dict[str, Spread]) -> Table:
    names = [peer for peer in peers.PACKAGES if peers.installed(peer)]
    columns = [Column("example"), Column("cnncalc ms", "ms")]
    for name in names:
        columns += [Column(f"{name} ms", "ms"), Column(f"{name} × cnncalc", "×")]
    cells = []
    for example, row in rows.items():
        each: list[Cell] = [example, ours[example]]
        for name in names:
            one = row[name]
            each += [one.time.median if one.time else one.remark, one.ratio]
        cells.append(tuple(each))
    note = (
        "Whole processes, output piped. onnx loads a twin without weights, infers and prints nothing; the peers of "
        "PyTorch build the module and print their table, on the device that is faster: "
        f"{_devices(rows) or 'none is installed'}."
    )
    return Table("The examples", tuple(columns), cells, note)


def run(bench: Bench) -> Part:
    files = examples(bench)
    if peers.installed("onnx"):
        peers.write_twins("twins", bench.folder, files)
    if peers.torch_peers():
        peers.write_twins("torch_twins", bench.folder, files)
    rows: Rows = {}
    ours: dict[str, Spread] = {}
    for file in files:
        rows[file.stem], ours[file.stem] = _row(bench, file)
    return Part([_table(rows, ours)], _targets(rows))
