"""What a PyTorch user runs to see a network's shapes or counts: peer_torch.py TOOL DEVICE TWIN

On the device "meta" tensors have shapes and no elements.
"""

from __future__ import annotations

import importlib
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch


def torchinfo(module: Any, shapes: list[tuple[int, ...]], device: str) -> object:
    from torchinfo import summary

    return str(summary(module, input_size=[(1, *shape) for shape in shapes], device=device, mode="eval", verbose=0))


def fvcore(module: Any, shapes: list[tuple[int, ...]], device: str) -> object:
    from fvcore.nn import FlopCountAnalysis, flop_count_table

    inputs = tuple(torch.zeros(1, *shape) for shape in shapes)
    found = FlopCountAnalysis(module, inputs).unsupported_ops_warnings(False).uncalled_modules_warnings(False)
    return flop_count_table(found.tracer_warnings("none"), max_depth=10)


def flopcounter(module: Any, shapes: list[tuple[int, ...]], device: str) -> object:
    from torch.utils.flop_counter import FlopCounterMode

    with torch.no_grad(), FlopCounterMode(display=False, depth=10) as counter:
        module(*(torch.zeros(1, *shape) for shape in shapes))
    return counter.get_table()


TOOLS = {"torchinfo": torchinfo, "fvcore": fvcore, "flopcounter": flopcounter}


def prepared(tool: str, device: str, twin: Path) -> Callable[[], object]:
    """The call that gives the tool's table, of a module that is built."""
    sys.path.insert(0, str(twin.parent))
    made = importlib.import_module(twin.stem)
    warnings.simplefilter("ignore")
    with torch.device(device):
        module = made.build().eval()

    def call() -> object:
        with torch.device(device):
            return TOOLS[tool](module, made.SHAPES, device)

    return call


def main(tool: str, device: str, twin: str) -> None:
    print(prepared(tool, device, Path(twin))())


if __name__ == "__main__":
    main(*sys.argv[1:])
