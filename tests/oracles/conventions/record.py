"""Asks the tools, installed at the versions in their conventions' names, and writes data/recorded.json.

    python -m venv venv && venv/bin/pip install torch==2.13.0
    venv/bin/pip install torchinfo==1.8.0 ptflops==0.7.5 thop==0.1.1.post2209072238 torchprofile==0.1.0 'onnx>=1.17' \
        numpy tqdm tabulate yacs iopath termcolor pillow
    venv/bin/pip install --no-deps fvcore==0.1.5.post20221221 calflops==0.3.2 onnx-tool==1.0.1
    venv/bin/python -m tests.oracles.conventions.record

It takes about a minute. Cases that PyTorch itself refuses are left out, and named on standard error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from torch import nn

from ..modules import Case
from ..torch_side import ask as accepts
from ..torch_side import build
from .cases import cases
from .counters import COUNTERS, ask, restored, torchprofile_warned, unsupported
from .networks import NETWORKS, PROGRAMS, Program

RECORD = Path(__file__).parent / "data" / "recorded.json"
PACKAGES = "torch torchinfo fvcore ptflops thop calflops torchprofile onnx-tool onnx".split()


def answers(make: Callable[[], nn.Module], shape: tuple[int, ...]) -> list[int | str]:
    """What every tool says, in the order of COUNTERS."""
    return [ask(tool, make, shape) for tool in COUNTERS]


def wrapped(case: Case) -> nn.Module:
    """The module in another, as it stands in a network: some tools do not count the outermost."""
    return nn.Sequential(build(case))


def layers() -> list[list[Any]]:
    """A row a case: module, arguments, input shape, answers."""
    rows = []
    for case in cases():
        refusal = accepts(case).refusal
        if refusal:
            print("refused:", case, refusal, file=sys.stderr)
            continue
        rows.append([case.module, case.kwargs, case.shape, answers(lambda case=case: wrapped(case), case.shape)])
    return rows


def left_out() -> dict[str, dict[str, list[str]]]:
    """By module, the operators that fvcore and torchprofile themselves say they have no number for."""
    found: dict[str, dict[str, list[str]]] = {"fvcore-0.1.5": {}, "torchprofile-0.1.0": {}}
    for case in {case.module: case for case in cases() if not accepts(case).refusal}.values():
        for tool, asked in (("fvcore-0.1.5", unsupported), ("torchprofile-0.1.0", torchprofile_warned)):
            with restored():
                operators = asked(wrapped(case).eval(), case.shape)
            if operators:
                found[tool][case.module] = operators
    return found


def programs(table: dict[str, Program]) -> dict[str, dict[str, Any]]:
    """By name, the spec and the answers."""
    return {name: {"spec": one.spec, "counts": answers(one.build, one.shape)} for name, one in table.items()}


def main() -> None:
    torch.set_num_threads(1)
    document = {
        "versions": {name: version(name) for name in PACKAGES},
        "tools": list(COUNTERS),
        "left_out": left_out(),
        "networks": programs(NETWORKS),
        "programs": programs(PROGRAMS),
    }
    rows = ",\n".join(json.dumps(row, separators=(",", ":")) for row in layers())
    head = json.dumps(document, indent=1).removesuffix("\n}")
    RECORD.write_text(f'{head},\n "layers": [\n{rows}\n ]\n}}\n')


if __name__ == "__main__":
    main()
