"""Layers that go through a sequence step by step, and the table of vectors that often stands before them."""

from __future__ import annotations

from math import prod
from typing import ClassVar

from ..values import Sentence, Shape, how_many
from .arguments import Count, LayerError, RankError, YesNo
from .base import Layer
from .reach import Past, Reach, Whole
from .result import Kept, Quantities, named


class Recurrent(Layer):
    """What lstm, gru and rnn share: at each step every gate looks at the input and at the state of the step before.

    Weights as in PyTorch: of each layer and direction (gates·units) x inputs and (gates·units) x units, and `biases`
    vectors of gates·units. A further layer reads what the one before gives, of both directions.
    """

    family = "recurrent"
    rule = "units x L, twice the units with bidirectional; with last=yes a vector"
    positions = ("units",)
    learns = weighted = True
    #: The products with the state, and with the input, that each unit has.
    gates: ClassVar[int]

    units = Count("size of the state, and of what each step gives", synonyms=("hidden", "out"), hint="64")
    layers = Count("layers one behind the other", 1)
    bidirectional = YesNo("a second one that goes from the end to the start, its outputs beside", False)
    last = YesNo("only what the last step gives, as a vector", False)
    biases = Count("bias vectors of a gate: 2 in PyTorch and Keras's GRU, 1 in Keras's LSTM, or 0", 2, least=0)

    def check(self) -> None:
        if self.biases > 2:
            raise LayerError(f"biases is 0, 1 or 2, not {self.biases}", "biases", code="argument")

    @property
    def directions(self) -> int:
        """How many times it goes through the sequence."""
        return 2 if self.bidirectional else 1

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        shape = inputs[0]
        if len(shape) != 2:
            help: Sentence = ("put 'reshape ", (1, shape[0]), "' before it: steps of one value")
            if len(shape) > 1:
                steps = (prod(shape[:-1]), shape[-1])
                help = ("put 'reshape ", steps, "' before it where columns are the steps, or 'tokens' where pixels are")
            raise RankError((f"{self.kind} takes a sequence CxL, not ", shape), help=help)
        width = self.units * self.directions
        return (width,) if self.last else (width, shape[1])

    def arithmetic(self, inputs: tuple[Shape, ...], output: Shape, axis: int) -> str:
        return f"{self.units}*2 = {output[0]}" if axis == 0 and self.bidirectional else ""

    def _widths(self, inputs: int) -> list[int]:
        """What enters each layer."""
        return [inputs] + [self.units * self.directions] * (self.layers - 1)

    def weights(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[str, Shape], ...]:
        rows, found = self.directions * self.gates * self.units, list[tuple[str, Shape]]()
        for layer, width in enumerate(self._widths(inputs[0][0])):
            number = f" {layer + 1}" if layer else ""
            found.append((f"weight{number}", (rows, width + self.units)))
            if self.biases:
                found.append((f"bias{number}", (self.biases, rows)))
        return tuple(found)

    def _cells(self, length: int) -> int:
        """The units of all layers and directions, at all steps."""
        return self.units * self.layers * self.directions * length

    def macs(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        width, length = inputs[0]
        read = sum(one + self.units for one in self._widths(width))
        return self.directions * self.gates * self.units * read * length

    def own_quantities(self, inputs: tuple[Shape, ...], output: Shape) -> Quantities:
        cells = self._cells(inputs[0][1])
        values = {"products": self.macs(inputs, output), "cells": cells,
                  "B": self.gates * cells if self.biases else 0}  # fmt: skip
        return Quantities(values, named(bias=self.biases > 0, unlike=self.biases == 1))

    def steps(self, shape: Shape) -> tuple[Reach, ...]:
        return tuple(Whole(size) if self.bidirectional else Past(size) for size in shape[1:])


class LSTM(Recurrent):
    kind = "lstm"
    summary = "Long short-term memory: a state and a memory carried along the sequence, by four gates."
    example = "lstm 128 bidirectional=yes"
    gates = 4
    remarks = ("MACs: 4*units*(inputs + units) a step, layer and direction.",)


class GRU(Recurrent):
    kind = "gru"
    summary = "Gated recurrent unit: a state carried along the sequence, by three gates."
    example = "gru 128"
    gates = 3
    remarks = ("MACs: 3*units*(inputs + units) a step, layer and direction.",)


class RNN(Recurrent):
    kind = "rnn"
    summary = "Plain recurrent layer: each step's state from the input and the state before."
    example = "rnn 128"
    gates = 1
    remarks = ("MACs: units*(inputs + units) a step, layer and direction. Keras's SimpleRNN has biases=1.",)


class Embedding(Layer):
    kind = "embed"
    aliases = ("embedding",)
    family = "recurrent"
    summary = "A learned vector for each of so many words, looked up by their numbers."
    rule = "size x L, of a vector of L numbers"
    example = "embed 10000 64"
    positions = ("words", "size")
    learns = moves = True
    remarks = ("Nothing is multiplied: no MACs.",)

    words = Count("how many different numbers there are", hint="10000")
    size = Count("channels of each vector", synonyms=("channels",), hint="64")

    def output(self, inputs: tuple[Shape, ...]) -> Shape:
        shape = inputs[0]
        if len(shape) != 1:
            help = f"'flatten' makes a vector of its {how_many(prod(shape), 'value', ',')}"
            raise LayerError(("embed takes a vector of numbers, one a word, not ", shape), help=help)
        return (self.size, shape[0])

    def weights(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[str, Shape], ...]:
        return (("weight", (self.words, self.size)),)

    def kept(self, inputs: tuple[Shape, ...], output: Shape, needs: tuple[bool, ...]) -> Kept:
        """The numbers of the words, 64 bits each."""
        return Kept(indices=inputs[0][0])

    def steps(self, shape: Shape) -> None:
        """A vector has no spatial axes to read along."""
        return


KINDS: tuple[type[Layer], ...] = (LSTM, GRU, RNN, Embedding)
