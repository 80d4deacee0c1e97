"""Layers give the shapes, parameters and running statistics that PyTorch gave when it was executed."""

from __future__ import annotations

import pytest

from cnncalc.layers import LayerError
from layers.making import made
from layers.recorded import CASES, Recorded


def test_no_case_drops_out_unseen() -> None:
    assert len(CASES) == 517
    assert sum(case.output is None for _, case in CASES) == 112


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{number}-{case.name}") for number, case in CASES])
def test_recorded_layer(case: Recorded) -> None:
    """What PyTorch refuses is an error, or a warning where the geometry is sound and only PyTorch cannot do it."""
    try:
        result = made(case.name, **case.given).result((case.entering,))
    except LayerError as fault:
        assert case.output is None, fault
        return
    refusals = [one for one in result.remarks if one.code == "pytorch-refuses"]
    if case.output is None:
        assert refusals or case.given.get("pad") == "same" or case.name == "GroupNorm"
        return
    assert not refusals or case.name == "GroupNorm"
    assert (result.output, result.params) == (case.output, case.params)
    assert case.buffers is None or result.buffers == case.buffers
