"""The calls that are written for layers, as calls.txt has them; tests/oracles runs them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.convert.call import CallText, letters, sized
from cnncalc.convert.keras_call import keras_call
from cnncalc.convert.lookup import calls
from cnncalc.convert.names import TABLE
from cnncalc.convert.torch_call import torch_call
from cnncalc.layers import KINDS
from cnncalc.network import Node
from helpers import network

Case = tuple[str, str, str, str]


def cases() -> list[Case]:
    """Input, line (the paths of a merge behind it), and what is said in PyTorch and Keras."""
    found: list[Case] = []
    said: list[str] = []
    shape = line = ""
    for text in Path(__file__).with_name("calls.txt").read_text("utf-8").splitlines()[2:]:
        if text.startswith("input "):
            shape = text.removeprefix("input ")
        elif text.startswith("        "):
            said.append(text.strip().partition(" ")[2])
            if len(said) == 2:
                found.append((shape, line, *said))
                said = []
        else:
            line = text.strip()
    return found


CASES = cases()


def node(shape: str, line: str) -> tuple[Node, list[tuple[int, ...]], tuple[int, ...]]:
    """The last layer, its input shapes and its output."""
    header, *paths = line.split("; ")
    if paths == ["25 x - relu"]:
        paths = ["- relu"] * 25
    built = network("\n".join([f"input {shape}", header, *(f"    {path}" for path in paths)]))
    last = built.nodes[-1]
    assert last.layer is not None
    assert last.output is not None
    return last, [built.nodes[index].output or () for index in last.inputs], last.output


def spelled(call: CallText) -> str:
    return f"{call.code} # {call.remark}" if call.code and call.remark else call.code or f"- {call.remark}"


@pytest.mark.parametrize(
    ("shape", "line", "torch", "keras"), CASES, ids=[f"{shape} {line}" for shape, line, _, _ in CASES]
)
def test_calls(shape: str, line: str, torch: str, keras: str) -> None:
    last, shapes, output = node(shape, line)
    assert last.layer is not None
    assert spelled(torch_call(last.layer, shapes, output)) == torch
    assert spelled(keras_call(last.layer, shapes, output)) == keras


def test_every_kind_is_there() -> None:
    assert {line.split()[0].split(":")[0] for _, line, _, _ in CASES if " = " not in line} >= KINDS.keys() - {
        "learned", "split", "op"
    }  # fmt: skip


def test_there_is_no_call_for_four_axes() -> None:
    layer = KINDS["relu"].create({})
    assert spelled(torch_call(layer, [(3, 2, 2, 2, 2)], (3, 2, 2, 2, 2))) == "- PyTorch has no relu with 4 axes"


def test_sizes_and_letters() -> None:
    assert [sized([3]), sized([3, 3]), sized([3, 4]), sized([3, 3, 4])] == ["3", "3", "(3, 4)", "(3, 3, 4)"]
    assert letters(2) == ["a", "b"]
    assert letters(25)[21:] == ["v", "w", "t24", "t25"]


@pytest.mark.parametrize("row", TABLE)
def test_a_row_is_read_once(row: str) -> None:
    for framework in ("torch", "keras", "onnx"):
        for call in calls(row, framework):
            assert call.names
            assert not set(call.names) & {"read:", "write:"}
