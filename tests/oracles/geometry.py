"""When a module that PyTorch refuses is geometrically sound, so that language.md wants a warning and no
error.

Written from language.md's formulas alone: neither cnncalc nor torch is asked. What is not listed here is
judged unsound, and an error is wanted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .modules import Case


def sound(case: Case) -> bool:
    """Whether every size comes out at one or more from arguments that mean something."""
    family = re.sub(r"[123]d$", "", case.module)
    if family in ("MaxPool", "AvgPool"):
        return _rank(case) and all(_pool_axis(case, **axis) >= 1 for axis in _axes(case))
    if family == "ConvTranspose":
        return _rank(case) and _grouped(case) and all(_transposed_axis(**axis) >= 1 for axis in _axes(case))
    if family in ("Conv", "Depthwise"):
        return case.kwargs.get("padding") == "same" and _grouped(case) and _positive_same(case)
    return family == "InstanceNorm" or (family == "GroupNorm" and _group_of_one(case))


DEFAULTS = {"stride": 1, "padding": 0, "dilation": 1, "output_padding": 0}


def _axes(case: Case) -> Iterator[dict[str, int]]:
    """The window's figures axis by axis; a pool's stride is its kernel where it is left out."""
    given = {name: value for name, value in case.kwargs.items() if value is not None}
    if "Pool" in case.module:
        given = {"stride": given["kernel_size"], **given}
    for axis, length in enumerate(case.shape[1:]):
        figures = {name: _at(given.get(name, default), axis) for name, default in DEFAULTS.items()}
        yield {"length": length, "kernel_size": _at(given["kernel_size"], axis), **figures}


def _at(value: Any, axis: int) -> Any:
    return value[axis] if isinstance(value, (list, tuple)) else value


def _rank(case: Case) -> bool:
    """The name's rank is the input's, and no figure is below what it can be."""
    if f"{len(case.shape) - 1}d" != case.module[-2:]:
        return False
    least = {"kernel_size": 1, "stride": 1, "padding": 0, "dilation": 1, "output_padding": 0}
    return all(v >= low for name, low in least.items() for v in _values(case, name))


def _grouped(case: Case) -> bool:
    groups, channels = case.kwargs.get("groups", 1), case.shape[0]
    out = case.kwargs.get("out_channels", channels)
    return groups >= 1 and out >= 1 and channels % groups == 0 and out % groups == 0


def _pool_axis(case: Case, length: int, kernel_size: int, stride: int, padding: int, dilation: int, **_: int) -> int:
    room = length + 2 * padding - dilation * (kernel_size - 1) - 1
    if not case.kwargs.get("ceil_mode"):
        return room // stride + 1
    out = -(-room // stride) + 1
    return out - 1 if (out - 1) * stride >= length + padding else out


def _transposed_axis(
    length: int, kernel_size: int, stride: int, padding: int, dilation: int, output_padding: int
) -> int:
    return (length - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + 1 + output_padding


def _positive_same(case: Case) -> bool:
    return all(v >= 1 for name in ("kernel_size", "stride", "dilation") for v in _values(case, name))


def _values(case: Case, name: str) -> list[int]:
    value = case.kwargs.get(name)
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _group_of_one(case: Case) -> bool:
    groups = case.kwargs["num_groups"]
    return groups >= 1 and case.shape[0] % groups == 0
