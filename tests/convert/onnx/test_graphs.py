"""Branches, functions and shared weights: which operators run, and what is known where nobody can tell."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc
from cnncalc.diagnostics import SpecError

from .test_words import read
from .writer import function, graph, model, node, small, tensor, value


def branch(*nodes: bytes, tensors: tuple[bytes, ...] = ()) -> bytes:
    return graph(nodes, [], [value("z")], tensors)


def chosen(then: bytes, other: bytes, **more: object) -> bytes:
    """A choice by a number that enters."""
    nodes = [node("If", "c", "y", "pick", then_branch=then, else_branch=other), node("Relu", "y", "out")]
    content = graph(
        nodes,
        [value("x", 1, 3, 8, 8), value("c", 1, dtype=9)],
        [value("out")],
        [tensor("w", [8, 3, 3, 3]), tensor("v", [8, 3, 1, 1])],
    )
    return model(content, **more)  # type: ignore[arg-type]


WIDE, FLAT = node("Conv", "x w", "z", pads=[1, 1, 1, 1]), node("Conv", "x v", "z")


@pytest.mark.parametrize(
    ("then", "other", "said"),
    [
        # both give one shape: that is known, but not what it costs
        (branch(WIDE), branch(FLAT), "op 1x8x8x8; relu 1x8x8x8 | None None None"),
        (branch(node("Conv", "x w", "z")), branch(FLAT), "op ?; op ? | None None None"),
        # what cannot be at these sizes is not meant
        (branch(node("Conv", "x w", "z", kernel_shape=[2, 2])), branch(FLAT), "conv 8 1x1 bias=no 1x8x8x8; relu 1x8x8x8 | 24 0 1536"),
        (branch(WIDE), branch(node("Reshape", "x w", "z")), "conv 8 3x3 pad=1 bias=no 1x8x8x8; relu 1x8x8x8 | 216 0 13824"),
        (branch(node("Tanh", "x", "t"), node("Conv", "t w", "z", pads=[1, 1, 1, 1])), branch(node("Conv", "x w", "z", kernel_shape=[2, 2])),
         "tanh 1x3x8x8; conv 8 3x3 pad=1 bias=no 1x8x8x8; relu 1x8x8x8 | 216 0 13824"),
    ],
)  # fmt: skip
def test_a_branch_that_nobody_can_tell(then: bytes, other: bytes, said: str, tmp_path: Path) -> None:
    assert read(chosen(then, other), tmp_path / "net.onnx") == said


@pytest.mark.parametrize(("sizes", "kind"), [((1, 3, 8, 8), "relu"), ((1, 4, 8, 8), "tanh")])
def test_a_branch_that_hangs_on_a_size(sizes: tuple[int, ...], kind: str, tmp_path: Path) -> None:
    yes, no = branch(node("Relu", "x", "z")), branch(node("Tanh", "x", "z"))
    nodes = [node("Shape", "x", "s"), node("Gather", "s one", "c", axis=0), node("Less", "c four", "q"),
             node("If", "q", "y", then_branch=yes, else_branch=no)]  # fmt: skip
    tensors = [tensor("one", [], 7, [1]), tensor("four", [], 7, [4])]
    assert (
        read(small(*nodes, tensors=tensors, shape=sizes), tmp_path / "net.onnx")
        == f"{kind} {'x'.join(map(str, sizes))} | 0 0 0"
    )


def test_a_branch_that_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(
        model(
            graph(
                [node("If", "c", "y", then_branch=branch(WIDE))],
                [value("x", 1, 3, 8, 8), value("c", 1, dtype=9)],
                [value("y")],
                [tensor("w", [8, 3, 3, 3])],
            )
        )
    )
    with pytest.raises(SpecError, match="has no else_branch"):
        cnncalc.load(path)


def test_a_function_with_what_it_is_not_given(tmp_path: Path) -> None:
    """An input that is left out, an attribute with a default, one that is handed on."""
    inner = function("Layer", "a w b", "c", [node("Conv", "a w b", "t", pads=[1, 1, 1, 1]), node("Relu", "t", "c")])
    nodes = [node("Layer", "x w", "h", "one", "local"), node("Layer", "h v k", "y", "two", "local")]
    tensors = [tensor("w", [4, 3, 3, 3]), tensor("v", [5, 4, 3, 3]), tensor("k", [5])]
    assert read(small(*nodes, tensors=tensors, functions=[inner], local=1), tmp_path / "net.onnx") == (
        "conv 4 3x3 pad=1 bias=no 1x4x32x32; relu 1x4x32x32; conv 5 3x3 pad=1 1x5x32x32; relu 1x5x32x32 | 293 0 294912"
    )


@pytest.mark.parametrize(
    ("nodes", "tensors", "said"),
    [
        # the same weights in the same place are stored once; in another kind of layer, too, they are no new ones
        ([node("MatMul", "x w", "a"), node("MatMul", "a w", "y")], [tensor("w", [6, 6])], "fc 6 bias=no 1x6; fc 6 bias=no 1x6 | 36 0 72"),
        ([node("Gemm", "x w b", "a"), node("Gemm", "a w b", "y")], [tensor("w", [6, 6]), tensor("b", [6])], "fc 6 1x6; fc 6 1x6 | 42 0 72"),
        ([node("Gemm", "x w b", "a"), node("Gemm", "a w c", "y")], [tensor("w", [6, 6]), tensor("b", [6]), tensor("c", [6])],
         "fc 6 1x6; op Gemm 1x6 | 48 0 72"),
        ([node("MatMul", "x w", "a"), node("Gemm", "a w b", "y")], [tensor("w", [6, 6]), tensor("b", [6])], "fc 6 bias=no 1x6; op Gemm 1x6 | 42 0 72"),
        ([node("MatMul", "x w", "a"), node("Transpose", "w", "t", perm=[1, 0]), node("MatMul", "a t", "y")], [tensor("w", [6, 9])],
         "fc 9 bias=no 1x9; op MatMul 1x6 | 54 0 108"),
        ([node("Gemm", "x w b", "a"), node("Gemm", "a v b", "y")], [tensor("w", [6, 6]), tensor("v", [6, 6]), tensor("b", [6])],
         "fc 6 1x6; fc 6 1x6 | 84 0 72"),
    ],
)  # fmt: skip
def test_weights_that_are_used_twice(nodes: list[bytes], tensors: list[bytes], said: str, tmp_path: Path) -> None:
    assert read(small(*nodes, tensors=tensors, shape=(1, 6)), tmp_path / "net.onnx") == said
