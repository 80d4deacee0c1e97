"""What a layer makes of its input shapes: its output, counts and remarks; and its quantities, facts with no opinion,
from which every counting convention makes its numbers.

By the names of counting.md: I and O elements in and out; W weight elements; b biases; k kernel volume; K = C_in/g · k;
Pin and Pout positions in and out; B = O if biased, else 0; rows = I over the normalised axis; M products of a dense
layer. A name with a dot is a product, which is a quantity of its own, so that a count is a sum of coefficient times
quantity.
For a convolution W·Pout is O·K, for a transposed one too.
"""

from __future__ import annotations

from collections.abc import Collection

from ..records import Record
from ..values import Shape
from .arguments import LayerError

#: Sizes beyond any tensor's.
MAX_SIZE_BITS = 200
_LIMIT = 1 << MAX_SIZE_BITS

#: What each quantity is, for `cnncalc conventions`.
QUANTITIES = {
    "I": "elements in, of all inputs",
    "O": "elements out",
    "B": "elements out of a layer with biases, else 0",
    "W·Pout": "weights × positions out (= O·K, K = C_in/groups × kernel volume)",
    "W·Pin": "weights × positions in",
    "O·C_in·k": "elements out × channels in × kernel volume, whatever the groups",
    "O·C_out/g·k": "elements out × channels out of a group × kernel volume",
    "M": "products of a dense layer",
    "products": "multiply-accumulates of attention, of recurrent layers, or of connections without shared weights",
    "dots": "the sums that these products go into",
    "C·L²": "channels × tokens²: the products of the scores, and of the values",
    "heads·L²": "the scores of attention",
    "params": "learned weights and biases",
    "rows": "elements in over the size of the (first) normalised axis",
    "O·k": "elements read by all windows, padding with them",
    "O·(n−1)": "elements out × (inputs − 1)",
    "cells": "the units of a recurrent layer, at every step, in all its layers and directions",
    "padded": "elements of the input with the channels that its normalisation pads",
}

#: What a rule of a convention may ask of a layer.
TRAITS = {
    "same": "pad=same and stride 1",
    "uneven": "pads that PyTorch's module does not take: sides that differ, or a word",
    "bias": "it has biases",
    "groups": "more than one group",
    "equal": "as many channels out as in",
    "affine": "it learns a factor a channel",
    "constant": "its factor is a constant",
    "apart": "keys and values of other channels than the queries",
    "adaptive": "an adaptive pool",
    "single": "every spatial axis becomes 1",
    "even": "every window of the adaptive pool is as large",
    "inexact": "in doubles, size in / size out × elements out falls short of the whole number that it is",
    "nearest": "nearest neighbour",
    "bilinear": "linear interpolation",
    "whole": "elements in × the factors are the elements out, and factors an axis are whole",
    "factors": "a factor an axis",
    "stretched": "three inputs or more, of different shapes",
    "blind": "an output may see padding only",
    "1-D": "one spatial axis",
    "2-D": "two spatial axes",
    "3-D": "three spatial axes",
}


#: A layer that PyTorch has no module for: its tools cannot be asked of it; one that only moves or names values, though
#: its kind may do more.
UNLIKE, MOVING = "unlike", "moving"


class Quantities(Record):
    """The quantities of a layer on one sample, by name, and its traits. One that is not there does not apply."""

    values: dict[str, int]
    traits: Collection[str] = ()


def named(**traits: object) -> tuple[str, ...]:
    """The names of the traits that hold."""
    return tuple(name for name, holds in traits.items() if holds)


class Kept(Record):
    """What PyTorch keeps of a layer for the way back, parameters and buffers aside."""

    #: Which of its inputs, and whether its output.
    inputs: tuple[int, ...] = ()
    output: bool = False
    #: Other elements, of one sample; those of them that are 64-bit indices; elements for the whole batch.
    more: int = 0
    indices: int = 0
    once: int = 0
    #: Inputs that its weights' gradients need, which are copied where there are several samples.
    copied: tuple[int, ...] = ()
    #: The input, a pool, whose indices it keeps.
    indexed: int | None = None

    def storages(self, batch: int) -> tuple[int, ...]:
        """The inputs that are kept as they are, of so many samples."""
        return self.inputs if batch > 1 else (*self.inputs, *self.copied)

    def copies(self, batch: int) -> tuple[int, ...]:
        """Those of which a copy is kept."""
        return self.copied if batch > 1 else ()


class Remark(Record):
    """Something true about a layer that a user should hear: a warning or a note."""

    severity: str
    code: str
    message: str
    argument: str | None = None
    help: str | None = None


class Result:
    """What a layer makes of its input shapes: the output's shape, elements stored and learned, and its work.

    Of an operator without a kind parameters and MACs may be None: then no total has a number.
    """

    __slots__ = ("buffers", "macs", "output", "params", "remarks")

    def __init__(self, output: Shape, params: int, buffers: int, macs: int, remarks: tuple[Remark, ...]) -> None:
        self.output = output
        self.params = params
        self.buffers = buffers
        self.macs = macs
        self.remarks = remarks


def within_limits(result: Result) -> Result:
    """`result`, if its sizes can be those of a tensor. Raises LayerError."""
    for size in result.output:
        if size >= _LIMIT:
            raise LayerError(f"the output has a size of over {MAX_SIZE_BITS} bits", code="too-large")
        if size < 0:
            raise LayerError(f"the output has a size of {size}")
    return result
