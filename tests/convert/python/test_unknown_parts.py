"""What the code does not tell about the parts of a network is said: none of them is left out in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc

HEAD = """\
import json
import torch
from torch import nn
u = json.load(open("config.json"))
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        conv, numbers, parts = nn.Conv2d(4, 4, 3), nn.Parameter(torch.zeros(3)), {}
"""
PARTS = {
    "self.m = nn.ModuleDict({u: conv})": "what is done here",
    "self.m = nn.ModuleDict(); self.m[u] = conv": "which part this is",
    "self.m = nn.ModuleDict({'a': conv}); self.m.pop(u)": "which part this is",
    "self.m = nn.ModuleList([conv]); self.m[u] = conv": "which part this is",
    "self.m = nn.ModuleList([conv]); del self.m[u]": "which part this is",
    "self.m = nn.ModuleList([conv]); self.m.pop(u)": "which part this is",
    "self.m = nn.ModuleList(); self.m.insert(u, conv)": "which part this is",
    "self.m = nn.ModuleList(); self.m.extend(u)": "what is looped over here",
    "self.m = nn.ModuleList(u)": "what is looped over here",
    "parts['a'] = conv; parts[u] = conv; self.m = nn.ModuleDict(parts)": "what is done here",
    "parts[u] = conv; self.m = nn.Sequential(parts)": "which part this is",
    "self.add_module(u, conv)": "which part this is",
    "self.register_parameter(u, numbers)": "which part this is",
    "self.m = nn.ParameterList(u)": "what is looped over here",
    "self.m = nn.ParameterDict({u: numbers})": "what is done here",
    "setattr(self, u, conv)": "which attribute is set here",
    "delattr(self, u)": "which attribute is deleted here",
}


def read(tmp_path: Path, init: str, forward: str = "return x", **how: object) -> cnncalc.Analysis:
    """A network whose `__init__` ends so."""
    path = tmp_path / "net.py"
    path.write_text(f"{HEAD}        {init}\n    def forward(self, x):\n        {forward}\n", "utf-8")
    return cnncalc.analyze(cnncalc.load(f"{path}:Net", input="4x8x8", **how))


@pytest.mark.parametrize("init", PARTS)
def test_a_part_that_is_not_known(tmp_path: Path, init: str) -> None:
    with pytest.raises(cnncalc.SpecError) as error:
        read(tmp_path, init)
    (fault,) = error.value.diagnostics
    assert fault.message == f"{PARTS[init]} depends on json.load(…), which the code alone does not tell"
    assert fault.span is not None and fault.span.line == 9


@pytest.mark.parametrize(
    "init", ["self.m = nn.Conv2d(4, 4, 3, **u)", "self.m = nn.Linear(**u)", "self.__dict__.update(u); self.n = conv"]
)
def test_arguments_that_are_not_known_are_no_defaults(tmp_path: Path, init: str) -> None:
    with pytest.raises(cnncalc.SpecError) as error:
        read(tmp_path, init, "return self.m(x)")
    assert "depends on json.load(…)" in error.value.diagnostics[0].message


@pytest.mark.parametrize("forward", ["return x.reshape(self.sizes)", "return torch.zeros(self.sizes) + x"])
def test_sizes_that_are_not_known(tmp_path: Path, forward: str) -> None:
    (output,) = read(tmp_path, "self.sizes = [1]; self.sizes.extend(u)", forward).outputs
    assert output.shape is None


@pytest.mark.parametrize(
    ("forward", "name"),
    [
        ("return x, u", "output_1"),
        ("return {'a': x, 'b': [x, u(x)]}", "b_1"),
        ("kept = {}; kept[u] = x; return x, kept", "output_1"),
        ("return x, torch.no_such_function(x)", "output_1"),
    ],
)
def test_an_output_that_is_not_known(tmp_path: Path, forward: str, name: str) -> None:
    network = read(tmp_path, "pass", forward).network
    assert {port.shape for port in cnncalc.analyze(network).outputs} == {(4, 8, 8)}
    (note,) = network.diagnostics
    what = "torch.no_such_function(…)" if "torch" in forward else "json.load(…)"
    assert (note.severity, note.code) == ("note", "unknown-operator")
    assert note.message == f"'{name}' of what forward gives is left out: {what} is not known"
    assert note.span is not None


@pytest.mark.parametrize(
    "made",
    ["class Out(dict): pass\n        made = Out(); made['a'] = x", "class Out(list): pass\n        made = Out([x])"],
)
def test_outputs_in_classes_of_containers(tmp_path: Path, made: str) -> None:
    (output,) = read(tmp_path, "pass", f"{made}\n        return made").outputs
    assert output.shape == (4, 8, 8)
