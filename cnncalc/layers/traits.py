"""What a kind of layer is like, for all that measures networks: declared on its class, and nowhere else.

The defaults are those of a layer of which nothing is known: it may do anything with the channels, position by position.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Self

from ..values import Shape
from .reach import Run, Runs, joined_runs
from .result import Kept

#: What is kept, by the words for it.
KEPT = {"input": Kept((0,)), "output": Kept(output=True), "nothing": Kept()}


class Traits:
    """The traits of a kind, and the questions that it answers by its arguments."""

    #: What stands in its place in another version of a network is of its family: gelu for relu, avgpool for maxpool.
    family: ClassVar[str] = ""
    #: It can have learned weights; it multiplies by them, and so counts for the depth of a network.
    learns: ClassVar[bool] = False
    weighted: ClassVar[bool] = False
    #: It joins several tensors, and which is first matters; it has several results; it starts a line; it passes on its
    #: input's storage; it only moves or names values.
    merges: ClassVar[bool] = False
    ordered: ClassVar[bool] = False
    #: Its sign in formulas and pictures.
    sign: ClassVar[str] = ""
    several: ClassVar[bool] = False
    source: ClassVar[bool] = False
    view: ClassVar[bool] = False
    moves: ClassVar[bool] = False
    #: At inference it is an affine map of its one input. What takes or reorders channels is not meant: that stands
    #: between weighted layers on purpose (ShuffleNet's shuffle, ESPCN's sub-pixel convolution).
    linear: ClassVar[bool] = False
    #: A channel of the output depends on the channel of the input that has its number, and on no other.
    per_channel: ClassVar[bool] = False
    #: Nothing that it gives is below 0, whatever enters; nothing is where nothing below 0 enters.
    nonnegative: ClassVar[bool] = False
    keeps_nonnegative: ClassVar[bool] = False
    #: A position of the output depends on that position of the input only. Follows from the kind's `steps`.
    pointwise: ClassVar[bool] = False
    #: An output reads a window that slides over the input.
    windowed: ClassVar[bool] = False
    #: Every input spreads a kernel over the output.
    transposed: ClassVar[bool] = False
    #: An element-wise function, which is a part of the layer before it where networks are deployed; a factor and a
    #: constant a channel at inference, which the weights before it can take in; what can write over its input.
    activates: ClassVar[bool] = False
    folds: ClassVar[bool] = False
    in_place: ClassVar[bool] = False
    #: What PyTorch keeps of it for the way back: its "input", its "output" or "nothing"; empty where its `kept` says
    #: more, or nothing is known. Written over its input, where it can be, it keeps its output in place of its input.
    keeps: ClassVar[str] = ""
    keeps_written_over: ClassVar[bool] = False
    #: It keeps its input for the gradient of its weights alone: of frozen ones nothing.
    keeps_for_weights: ClassVar[bool] = False
    #: In training its output is a slice of its input's storage.
    slices: ClassVar[bool] = False
    #: What it passes on at inference without touching it is copied all the same by TFLite Micro.
    copied: ClassVar[bool] = False
    #: What a box of its output depends on it says itself, for each input: `boxes`, and `path_steps` along the axes.
    routed: ClassVar[bool] = False
    #: What it does is not known, nor its shape where that is not said.
    opaque: ClassVar[bool] = False
    #: The same tensor twice among its inputs is nothing odd: concat of names, matmul.
    repeats: ClassVar[bool] = False
    #: An output depends on all positions of the input: flatten, fc, attention.
    mixes: ClassVar[bool] = False
    #: Its weights, or those behind it, fit one input size only: flatten, reshape, localconv.
    size_bound: ClassVar[bool] = False

    #: Which of the results of a layer it makes, counted from 0.
    number: int = 0

    @property
    def results(self) -> tuple[Self, ...]:
        """What makes each of its results, one after another, of the same inputs."""
        return (self,)

    def kept(self, inputs: tuple[Shape, ...], output: Shape, needs: tuple[bool, ...]) -> Kept | None:
        """What PyTorch keeps of it for the way back, if a gradient goes through it; `needs`: through which inputs.

        None where that cannot be told.
        """
        return KEPT.get(self.keeps)

    @property
    def passes(self) -> bool:
        """Whether it passes on its input's storage in training, too."""
        return self.view

    @property
    def channel_bias(self) -> bool:
        """Whether the last thing it does is to add a learned constant to every channel."""
        return False

    def mixes_positions(self, shape: Shape, output: Shape) -> bool:
        """Whether an output depends on all positions of an input of `shape`."""
        return self.mixes

    def centres(self, channels: int) -> bool:
        """Whether it subtracts the mean of each of so many channels, and with it what is constant in a channel."""
        return False

    def boxes(self, box: tuple[Runs, ...], shapes: tuple[Shape, ...]) -> list[tuple[Runs, ...]]:
        """What a `box` of the output, channels first, depends on of each input of `shapes`, where it is routed."""
        raise NotImplementedError

    def channel_run(self, run: Run, shape: Shape, output: Shape) -> Iterable[Run]:
        """The channels of an input of `shape` that a run of the output's channels depends on."""
        return (run,) if self.per_channel and shape[0] == output[0] else ((0, shape[0] - 1),)

    def channels_read(self, box: tuple[Runs, ...], shape: Shape, output: Shape) -> tuple[Runs, bool]:
        """The channels of an input of `shape` that a `box` of the output, channels first, depends on.

        False where they may be too many: pixel shuffles tie channels to positions, which a box cannot say.
        """
        return joined_runs(pair for run in box[0] for pair in self.channel_run(run, shape, output)), True
