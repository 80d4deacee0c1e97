"""Methods of a tensor that stand for a layer, ``x.view(-1, 400)``, ``x.permute(0, 2, 1)``; and Keras's ``Input``."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from string import ascii_lowercase
from typing import TypeAlias

from ..layers import KINDS
from ..values import times
from .advice import CLAIMED_AXES, CLAIMED_VALUES, AdvisedLayer, Claim
from .arguments import Arguments
from .python_values import NotSaid, Variable, literal, owner
from .signatures import Parameter

#: What is read of a call: the elements of its line, and what they say of the tensor that enters.
Read: TypeAlias = tuple[list[AdvisedLayer], list[Claim]]


def _reshaped(name: str, sizes: Sequence[ast.expr]) -> Read:
    """``x.view(-1, 400)``: the batch, and the shape of a sample. Raises NotSaid."""
    if len(sizes) == 1 and isinstance(sizes[0], ast.Tuple | ast.List):
        sizes = sizes[0].elts
    if len(sizes) < 2:
        raise NotSaid(f"a line says the shape of a sample; this {name} is of the whole batch")
    values = tuple(literal(size) for size in sizes[1:])
    if len(values) == 1:
        if not isinstance(values[0], int) or values[0] < 1:
            return [AdvisedLayer(KINDS["flatten"], {})], []
        return [AdvisedLayer(KINDS["flatten"], {}, (), f" -> {values[0]}")], [Claim(name, CLAIMED_VALUES, values[0])]
    shape = Arguments(name, {"reshape": KINDS["reshape"]}, {}, None)
    shape.take(Parameter("shape", "shape"), values, True)
    return [AdvisedLayer(KINDS["reshape"], shape.of("reshape"))], []


def _reordered(name: str, order: Sequence[ast.expr]) -> Read:
    """``x.permute(0, 2, 3, 1)``: the axes of the batch and of a sample. Raises NotSaid."""
    if len(order) == 1 and isinstance(order[0], ast.Tuple | ast.List):
        order = order[0].elts
    arguments = Arguments(name, {"permute": KINDS["permute"]}, {}, None)
    arguments.take(Parameter("dims", "axes", "batched"), tuple(literal(one) for one in order), True)
    return [AdvisedLayer(KINDS["permute"], arguments.of("permute"))], arguments.claims


def _exchanged(name: str, axes: Sequence[ast.expr]) -> Read:
    """``x.transpose(1, 2)``, whose axes have letters only where it is known how many there are. Raises NotSaid."""
    raise NotSaid("which axes change places depends on the tensor: of CxL 'permute LC', of CxHxW 'permute HCW'")


def _averaged(name: str, axes: Sequence[ast.expr]) -> Read:
    """``x.mean([2, 3])``: both axes of a picture, which are gone behind it. Raises NotSaid."""
    given = [tuple(value) if isinstance(value := literal(axis), list) else value for axis in axes]
    if given[:1] not in ([(2, 3)], [(-2, -1)], [(-1, -2)]):
        raise NotSaid("over all places it is 'gavgpool', over other axes, by their letters, 'mean HW'")
    pool = AdvisedLayer(KINDS["gavgpool"], {})
    return [pool, *([] if given[1:] == [True] else [AdvisedLayer(KINDS["flatten"], {})])], [
        Claim(name, CLAIMED_AXES, 2)
    ]


def _summed(name: str, axes: Sequence[ast.expr]) -> Read:
    """``x.sum(1)``, which is no 'add': that joins tensors. Raises NotSaid."""
    raise NotSaid(f"no layer sums over an axis; 'op {name} shape=64x28x28' stands for one whose output you know")


def _in_parts(name: str, arguments: Sequence[ast.expr]) -> Read:
    """``x.chunk(3, dim=1)``, ``x.split([1, 3], 1)``: results that need names. Raises NotSaid, with the line in it."""
    parts, axis = (*(literal(one) for one in arguments), 0, 0)[:2]
    if axis != 1:
        raise NotSaid(f"the channels are dim=1, not {axis}; another axis has a letter: 'a, b = split 2 axis=W'")
    listed = isinstance(parts, tuple)
    sizes = parts if listed else (parts,)
    sizable = all(isinstance(one, Variable) or (isinstance(one, int) and one > 0) for one in sizes)
    several = len(sizes) if listed else parts if name == "chunk" and isinstance(parts, int) else 0
    if not sizable or not 2 <= several <= len(ascii_lowercase):
        raise NotSaid("'split' says how many equal parts there are, or the sizes of all: 'a, b = split 64,80'")
    raise NotSaid(f"write '{', '.join(ascii_lowercase[:several])} = split {','.join(map(str, sizes))}'")


#: Methods of a tensor that no function of their name stands for.
METHODS = {
    "view": _reshaped, "reshape": _reshaped, "permute": _reordered, "transpose": _exchanged, "mean": _averaged,
    "sum": _summed, "chunk": _in_parts, "split": _in_parts,
}  # fmt: skip
#: What those are called with, in order, that torch has as functions, too.
_PARAMETERS = {
    "mean": ("dim", "keepdim"), "sum": ("dim", "keepdim"), "chunk": ("chunks", "dim"), "split": ("split_size", "dim"),
}  # fmt: skip


def method(path: Sequence[str], call: ast.Call) -> tuple[ast.expr | None, Read] | None:
    """The tensor that a method is called of, and what it says; of ``torch.mean(x, 1)`` likewise; else None.

    Raises NotSaid.
    """
    name, parameters = path[-1], _PARAMETERS.get(path[-1], ())
    function = parameters and path[:-1] == ("torch",) and call.args
    if name not in METHODS or len(path) < 2 or not (function or not {"layers", "torch", "tf", "np"} & set(path)):
        return None
    tensor, arguments = (call.args[0], call.args[1:]) if function else (owner(call), call.args)
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    arguments = [*arguments, *(keywords[one] for one in parameters[len(arguments) :] if one in keywords)]
    return tensor, METHODS[name](name, arguments)


def read_input(call: ast.Call) -> str:
    """What to write for Keras's ``Input``, whose shape has the channels last. Raises NotSaid."""
    shape = next(
        (keyword.value for keyword in call.keywords if keyword.arg in ("shape", "input_shape")), (*call.args, None)[0]
    )
    sizes = literal(shape) if shape is not None else ()
    if not isinstance(sizes, tuple) or not sizes or not all(isinstance(size, int) and size > 0 for size in sizes):
        raise NotSaid("'input' has all sizes of a sample, channels first: 'input 3x224x224'")
    return f"input {times((*sizes[-1:], *sizes[:-1]))}"
