"""Writes what PyTorch gives for each call of calls.txt behind it, and what we say of those that it refuses into
refusals.txt: python tests/convert/torch/record_calls.py. Then read `git diff`.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import torch
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

sys.path.insert(0, str(Path(__file__).parents[2]))

from convert.recorded import RecordedLine, read
from convert.torch.calls import FILE, evaluated, flat
from convert.torch.test_calls_of_pytorch import REFUSALS, refusal

#: Two numbers of samples: a size that grows with them is a multiple of N.
SAMPLES = (11, 13)


def results(shape, text, samples):
    """Types and shapes, and the MACs of a sample where PyTorch counts some; None where it raises."""
    torch.manual_seed(0)
    x, ids = torch.rand(samples, *shape), torch.randint(0, 5, (samples, 6))
    names = {"torch": torch, "F": functional, "x": x, "ids": ids, "N": samples, "w": torch.rand, "aten": torch.ops.aten}
    try:
        with FlopCounterMode(display=False) as counter:
            made = flat(evaluated(text, names))
    except (RuntimeError, ValueError, IndexError, TypeError, AssertionError, AttributeError, ArithmeticError) as error:
        print(f"{text}: {error}")
        return None
    macs = counter.get_total_flops() // 2
    return [one if not isinstance(one, torch.Tensor) else (str(one.dtype)[6:], tuple(one.shape)) for one in made], macs


def spelled(few, many):
    """A size, or a number, as a multiple of N where it grows."""
    if few == many:
        return str(few)
    each, rest = divmod(many - few, SAMPLES[1] - SAMPLES[0])
    assert not rest and each * SAMPLES[0] == few, (few, many)
    return "N" if each == 1 else f"{each}*N"


def recorded(shape, text):
    first, second = (results(shape, text, samples) for samples in SAMPLES)
    if first is None or second is None:
        return "refused"
    words = []
    for one, other in zip(first[0], second[0], strict=True):
        if isinstance(one, tuple):
            sizes = [spelled(few, many) for few, many in zip(one[1], other[1], strict=True)]
            words.append(f"{one[0]} {'x'.join(sizes) or 'a scalar'}")
        else:
            words.append(spelled(one, other) if isinstance(one, int) and not isinstance(one, bool) else str(one))
    macs = first[1] // SAMPLES[0]
    every = [macs * samples for samples in SAMPLES] == [first[1], second[1]]
    return ", ".join(words) + (f"; {macs} MACs" if macs and every else "")


def main():
    warnings.simplefilter("ignore")
    lines, shape = [], ()
    for line in FILE.read_text("utf-8").splitlines():
        if line.startswith("x "):
            shape = tuple(int(size) for size in line[2:].split("x"))
        elif line.startswith("    "):
            text = line.strip().partition(" -> ")[0]
            line = f"    {text} -> {recorded(shape, text)}"
        lines.append(line)
    FILE.write_text("\n".join(lines) + "\n", "utf-8")
    record_refusals()


def record_refusals():
    """Writes what is said of the calls that PyTorch refuses; one that we accept is printed, and left out."""
    lines, shape = REFUSALS.read_text("utf-8").splitlines()[:1], None
    for call in read(FILE, RecordedLine):
        if call.made != "refused":
            continue
        said = refusal(call)
        if said is None:
            print(f"PyTorch refuses, and we accept: {call.text}")
            continue
        if call.shape != shape:
            shape = call.shape
            lines.append(f"x {'x'.join(map(str, shape))}")
        lines.append(f"    {call.text} -> {said}")
    REFUSALS.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
