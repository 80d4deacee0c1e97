"""What a PyTorch user runs to see a network's shapes or counts: peer_torch.py TOOL DEVICE FOLDER TWIN

On the device "meta" tensors have shapes and no elements.
"""

from __future__ import annotations

import importlib
import sys
import warnings
from typing import Any

import torch


def torchinfo(module: Any, shapes: list[tuple[int, ...]], device: str) -> object:
    from torchinfo import summary

    return summary(module, input_size=[(1, *shape) for shape in shapes], device=device, mode="eval", verbose=0)


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


def main(tool: str, device: str, folder: str, twin: str) -> None:
    sys.path.insert(0, folder)
    made = importlib.import_module(twin)
    warnings.simplefilter("ignore")
    with torch.device(device):
        print(TOOLS[tool](made.build().eval(), made.SHAPES, device))


if __name__ == "__main__":
    main(*sys.argv[1:])
