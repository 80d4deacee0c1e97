"""Writes trees.txt and faults.txt anew: python tests/spec/record.py, then look at what `git diff` says."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1])]

from spec.notation import FAULTS, TREES  # noqa: E402

if __name__ == "__main__":
    for recorded in (TREES, FAULTS):
        recorded.record()
