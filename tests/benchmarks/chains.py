"""Flat chains of any length, in words that the bare loop reads, too: conv, bn, and what keeps its input's shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path

INPUT = "input 3x64x64"
FIVE = ("conv 16 3 pad=1", "bn", "relu", "conv 32 1", "conv 16 5 pad=2")
#: Odd kernels up to the widest that cnncalc does not wonder about.
KERNELS = range(1, 32, 2)
BLOCK = ("conv 16 3 pad=1", "bn", "relu", "conv 16 1")


def five(layers: int) -> Iterator[str]:
    """Five distinct lines, again and again."""
    return islice(cycle(FIVE), layers)


def distinct(layers: int) -> Iterator[str]:
    """No two lines alike, and no two layers: each a convolution of its own filters and kernel, which keeps the size."""
    for number in range(layers):
        filters, choice = divmod(number, len(KERNELS))
        kernel = KERNELS[choice]
        yield f"conv {filters + 1} {kernel} pad={kernel // 2}"


def block(layers: int) -> Iterator[str]:
    """What :func:`repeated` stands for, written out."""
    return islice(cycle(BLOCK), layers)


Chain = Callable[[int], Iterator[str]]


def flat(folder: Path, chain: Chain, layers: int) -> Path:
    """The file of a chain, a layer a line."""
    file = folder / f"{chain.__name__}-{layers}.txt"
    if not file.exists():
        with file.open("w", encoding="utf-8") as out:
            out.write(f"{INPUT}\n")
            out.writelines(f"{line}\n" for line in chain(layers))
    return file


def repeated(folder: Path, rounds: int) -> Path:
    """The file of a block that is repeated."""
    file = folder / f"repeat-{rounds}.txt"
    body = "".join(f"    {line}\n" for line in BLOCK)
    file.write_text(f"{INPUT}\nrepeat {rounds}:\n{body}", "utf-8")
    return file
