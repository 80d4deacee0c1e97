"""The table of names against PyTorch's own signatures: every argument, its place, and its default."""

from __future__ import annotations

import inspect

import pytest

torch = pytest.importorskip("torch")
import torch.nn.functional as F  # noqa: E402
from torch import nn  # noqa: E402

from cnncalc.convert.lookup import calls  # noqa: E402
from cnncalc.convert.names import TABLE  # noqa: E402
from cnncalc.convert.signatures import IGNORED, REQUIRED, Signature  # noqa: E402

#: torchvision's, and one whose own signature says nothing.
APART = {"CenterCrop", "Identity"}
VARIABLE = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
MODULES = sorted({(name, row, index) for row in TABLE for index, call in enumerate(calls(row, "torch"))
                  for name in call.names if name not in APART})  # fmt: skip


def default(parameter: inspect.Parameter) -> object:
    if parameter.default is inspect.Parameter.empty:
        return REQUIRED
    value = parameter.default
    return value[0] if isinstance(value, tuple) and len(set(value)) == 1 else value


def recurrent(name: str) -> list[inspect.Parameter]:
    """Those of a recurrent module, which hands its arguments on to its base; what RNN takes out of them stands in its
    documentation.
    """
    found = list(inspect.signature(nn.RNNBase.__init__).parameters.values())[2:]
    if name == "RNN":
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        found.insert(3, inspect.Parameter("nonlinearity", kind, default="tanh"))
    return [one for one in found if one.name != "proj_size" or name == "LSTM"]


def parameters(name: str) -> list[inspect.Parameter]:
    """Those of a module's constructor, or of a function: many functions have them in their documentation alone."""
    if name in ("LSTM", "GRU", "RNN"):
        return recurrent(name)
    module = getattr(nn, name, None)
    if module is None:
        try:
            return list(inspect.signature(getattr(F, name, None) or getattr(torch, name)).parameters.values())
        except ValueError:
            pytest.skip("written in C")
    method = module.__new__ if name == "Parameter" else module.__init__
    return list(inspect.signature(method).parameters.values())[1:]


@pytest.mark.parametrize(("name", "row", "index"), MODULES)
def test_arguments_and_defaults(name: str, row: str, index: int) -> None:
    call: Signature = calls(row, "torch")[index]
    theirs = [one for one in parameters(name) if one.kind not in VARIABLE]
    if not theirs and name == name.lower():
        pytest.skip("a function that hands its arguments on: tests/oracles/test_pasted_calls.py runs it")
    known = {one.name: one for one in call.parameters}
    for parameter in theirs:
        if parameter.name not in known:
            assert parameter.name in IGNORED or parameter.name[0] == "_" or not call.reads, parameter.name
            continue
        one = known[parameter.name]
        wanted = default(parameter)
        bound = one.always and one.bound and wanted is REQUIRED
        assert bound or one.default == wanted or (one.always and not call.reads), (parameter, one)
    order = [parameter.name for parameter in theirs if parameter.name in known]
    assert order == [one.name for one in call.parameters if one.name in order]
    if call.reads:  # a call may give by position what stands before, so nothing is left out
        placed = [one.name for one in theirs if one.kind is not inspect.Parameter.KEYWORD_ONLY]
        last = max((place for place, word in enumerate(placed) if word in known), default=-1)
        assert placed[: last + 1] == order[: last + 1]
    missing = known.keys() - {parameter.name for parameter in theirs}
    assert missing <= {"divisor_override", "value"}, missing
