"""Runs every recorded case again in the installed PyTorch and prints what differs from the record.

    python -m tests.oracles.record

With `--write`, the answers replace the record: for a new release of PyTorch, after reading the differences.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import torch
from torch import nn

RECORD = Path(__file__).parent / "data" / "single_layers.json"
ANSWER = ("accepted", "output_shape", "n_params", "n_buffer_elements", "stage")


def answer(recorded: dict[str, Any]) -> dict[str, Any]:
    """What this PyTorch says, in the record's terms; in training mode, as it was recorded."""
    stage = "construct"
    kwargs = {name: tuple(v) if isinstance(v, list) else v for name, v in recorded["kwargs"].items()}
    try:
        module = getattr(nn, recorded["module"])(**kwargs)
        stage = "forward"
        output = module(*[torch.zeros(shape) for shape in recorded["input_shapes"]])
    except Exception as error:  # whatever it raises is the record
        return {"accepted": False, "stage": stage, "error": str(error).split("\n")[0]}
    return {
        "accepted": True,
        "output_shape": list(output.shape),
        "n_params": sum(p.numel() for p in module.parameters()),
        "n_buffer_elements": sum(b.numel() for b in module.buffers()),
    }


def main() -> None:
    document = json.loads(RECORD.read_text())
    warnings.simplefilter("ignore")
    different = 0
    for number, recorded in enumerate(document["cases"]):
        given = {name: recorded[name] for name in ("module", "kwargs", "input_shapes")}
        now = answer(recorded)
        if {name: now.get(name) for name in ANSWER} != {name: recorded.get(name) for name in ANSWER}:
            different += 1
            print(number, recorded, "now", now, sep="\n  ")
            document["cases"][number] = given | now
    print(f"torch {torch.__version__}: {different} of {len(document['cases'])} cases differ")
    if "--write" in sys.argv:
        document["source"] = f"executed under torch {torch.__version__}"
        RECORD.write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
