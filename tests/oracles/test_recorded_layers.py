"""Every recorded PyTorch module whose kind the language has: the same shape, parameters and running
statistics.

Needs no PyTorch: data/single_layers.json is what torch 2.13.0 said when it was executed (see README.md).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from math import prod
from pathlib import Path
from typing import Any

import pytest

from .comparing import Expected, disagreement
from .modules import Case, Inexpressible, line

RECORDED = json.loads((Path(__file__).parent / "data" / "single_layers.json").read_text())["cases"]

#: What the language cannot say, and so cannot be held to: module and reason, with the number of cases.
INEXPRESSIBLE = {
    ("AdaptiveAvgPool2d", "an empty input"): 1,
    ("Linear", "an empty input"): 1,
    ("Linear", "fc is on a vector or Cx1x1, not on the last axis of more"): 1,
    ("Flatten", "the batch is no axis"): 1,
    ("GLU", "glu halves the channels only"): 3,
    ("LayerNorm", "ln normalises the channels at each position, nothing else"): 4,
    ("BatchNorm1d", "input channels are never given, so they cannot be wrong"): 1,
    ("Conv1d", "input channels are never given, so they cannot be wrong"): 3,
    ("Conv2d", "input channels are never given, so they cannot be wrong"): 3,
    ("PReLU", "input channels are never given, so they cannot be wrong"): 2,
    ("Conv1d", "pads are of zeros"): 1,
    ("Upsample", "resize knows nearest, and (bi)linear of its input's rank"): 10,
    ("Bilinear", "no such kind"): 1,
    ("RMSNorm", "no such kind"): 7,
    ("LPPool", "no such kind"): 10,
    ("CircularPad", "no such kind"): 7,
    ("ReflectionPad", "no such kind"): 4,
    ("ReplicationPad", "no such kind"): 5,
}
COVERED = 540

CHANNELS_LAST = ("LayerNorm", "TransformerEncoderLayer")


def _case(recorded: dict[str, Any]) -> Case:
    """The module on one sample of its input; modules of the last axis get their channels first."""
    module, shape = recorded["module"], recorded["input_shapes"][0]
    kwargs = recorded["kwargs"]
    if kwargs.get("padding_mode", "zeros") != "zeros" and "Padding size" in recorded.get("error", ""):
        raise Inexpressible("pads are of zeros")
    sample = shape if _unbatched(module, len(shape)) else shape[1:]
    if module in CHANNELS_LAST:
        sample = [sample[-1], *sample[:-1]]
    return Case(module, kwargs, tuple(sample))


def _unbatched(module: str, axes: int) -> bool:
    rank = re.search(r"(\d)d$", module)
    return axes == 1 or (rank is not None and axes == int(rank[1]) + 1)


def _expected(recorded: dict[str, Any]) -> Expected:
    """PyTorch counts the batches seen as a buffer element of a BatchNorm; it is no statistic of a channel."""
    if not recorded["accepted"]:
        return Expected(None, 0, 0, recorded["error"])
    module, shape = recorded["module"], recorded["output_shape"]
    if 0 in shape[1:]:
        return Expected(None, 0, 0, "an empty output")
    if module == "GroupNorm" and prod(shape[1:]) == recorded["kwargs"]["num_groups"]:
        return Expected(None, 0, 0, "one element a group: refused at batch 1, recorded at batch 2")
    sample = shape if _unbatched(module, len(recorded["input_shapes"][0])) else shape[1:]
    if module in CHANNELS_LAST:
        sample = [sample[-1], *sample[:-1]]
    buffers = max(0, recorded["n_buffer_elements"] - 1)
    untracked = recorded["kwargs"].get("track_running_stats") is False
    return Expected(tuple(sample), recorded["n_params"], None if untracked else buffers, None)


def _sorted_out() -> tuple[list[Any], Counter[tuple[str, str]]]:
    covered, left_out = [], Counter[tuple[str, str]]()
    for number, recorded in enumerate(RECORDED):
        try:
            case = _case(recorded)
            line(case)
        except Inexpressible as reason:
            module = recorded["module"]
            left_out[re.sub(r"\dd$", "", module) if str(reason) == "no such kind" else module, str(reason)] += 1
        else:
            covered.append(pytest.param(case, _expected(recorded), id=f"{number}-{case.module}"))
    return covered, left_out


CASES, LEFT_OUT = _sorted_out()


def test_no_case_drops_out_unseen() -> None:
    assert dict(LEFT_OUT) == INEXPRESSIBLE
    assert len(CASES) == COVERED == len(RECORDED) - sum(INEXPRESSIBLE.values())


@pytest.mark.parametrize(("case", "expected"), CASES)
def test_recorded_layer(case: Case, expected: Expected) -> None:
    assert disagreement(case, expected) is None
