"""TFLite files with types a tensor, states and kernels that request scratch buffers, drawn by a number."""

from __future__ import annotations

from random import Random

from .writing import FLOAT, INT4, INT8, INT16, INT32, INT64, Writing

_BIAS = {FLOAT: FLOAT, INT8: INT32, INT16: INT64}


class Drawing:
    """A file while it is being drawn: a chain of operators with branches."""

    def __init__(self, seed):
        self.chance, self.file = Random(seed), Writing()
        self.count, self.maps, self.ends = 0, [], []

    def draw(self):
        """The file."""
        kind = self.chance.choice((FLOAT, INT8, INT8, INT16))
        image = self.add(
            (1, self.chance.choice((6, 8)), self.chance.choice((6, 8, 9)), self.chance.randint(1, 6)), kind
        )
        if kind == FLOAT and self.chance.random() < 0.8:
            self.unary("QUANTIZE", image, kind=INT8)
        steps = (self.conv, self.dwconv, self.upconv, self.sum, self.retyped, self.pool, self.mirror, self.halves,
                 self.resize, self.mean, self.greatest)  # fmt: skip
        for _ in range(self.chance.randint(2, 9)):
            self.chance.choice(steps)(self.chance.choice(self.maps[-3:]))
        self.head(self.maps[-1])
        return self.file.bytes([image[0]], [self.ends[-1], *self.chance.sample(self.ends[:-1], len(self.ends) // 3)])

    def add(self, shape, kind, keep=True, **more):
        self.count += 1
        made = (self.file.tensor(f"t{self.count}", shape, kind, **more), shape, kind)
        if keep and len(shape) == 4:
            self.maps.append(made)
        return made

    def constant(self, shape, kind):
        self.count += 1
        return self.file.constant(f"c{self.count}", shape, kind)

    def numbers(self, values):
        self.count += 1
        shape = [len(values), len(values[0])] if isinstance(values[0], tuple) else [len(values)]
        return self.file.tensor(f"n{self.count}", shape, INT32, values)

    def unary(self, name, source, *more, shape=None, kind=None, options=None, keep=True, scale=1.0, zero=0, **values):
        made = self.add(shape or source[1], source[2] if kind is None else kind, keep, scale=scale, zero=zero)
        self.file.operator(name, [source[0], *more], [made[0]], options, **values)
        return made

    def learned(self, source, shape, biases):
        weights = (
            source[2] if source[2] == FLOAT else self.chance.choice((INT8, INT8, INT4)) if source[2] == INT8 else INT8
        )
        return [self.constant(shape, weights), self.constant([biases], _BIAS[source[2]])]

    def conv(self, source):
        one, high, wide, deep = source[1]
        filters = self.chance.randint(1, 9)
        self.unary("CONV_2D", source, *self.learned(source, [filters, 3, 3, deep], filters), shape=(one, high, wide, filters),
                   options="Conv2DOptions", Padding=0, StrideH=1, StrideW=1)  # fmt: skip

    def dwconv(self, source):
        one, high, wide, deep = source[1]
        shape = (one, -(-high // 2), -(-wide // 2), deep)
        self.unary("DEPTHWISE_CONV_2D", source, *self.learned(source, [1, 3, 3, deep], deep), shape=shape,
                   options="DepthwiseConv2DOptions", Padding=0, StrideH=2, StrideW=2, DepthMultiplier=1)  # fmt: skip

    def upconv(self, source):
        one, high, wide, deep = source[1]
        filters = self.chance.randint(1, 4)
        made = self.add((one, 2 * high, 2 * wide, filters), source[2])
        weights = self.constant([filters, 2, 2, deep], FLOAT if source[2] == FLOAT else INT8)
        inputs = [self.numbers(made[1]), weights, source[0]]
        self.file.operator("TRANSPOSE_CONV", inputs, [made[0]], "TransposeConvOptions", Padding=0, StrideH=2, StrideW=2)

    def sum(self, source):
        other = self.chance.choice([one for one in self.maps if one[1:] == source[1:]])
        name, options = self.chance.choice((("ADD", "AddOptions"), ("SUB", "SubOptions"), ("MUL", "MulOptions")))
        self.unary(name, source, other[0], options=options)

    def retyped(self, source):
        if source[2] == FLOAT:
            self.unary("QUANTIZE", source, kind=INT8)
        else:
            self.unary("DEQUANTIZE", source, kind=FLOAT)

    def pool(self, source):
        one, high, wide, deep = source[1]
        if min(high, wide) > 1:
            self.unary("MAX_POOL_2D", source, shape=(one, high // 2, wide // 2, deep), options="Pool2DOptions", Padding=1,
                       StrideH=2, StrideW=2, FilterHeight=2, FilterWidth=2)  # fmt: skip

    def mirror(self, source):
        if source[2] != INT16 and min(source[1][1:3]) > 1:
            one, high, wide, deep = source[1]
            pads = self.numbers([(0, 0), (1, 1), (1, 0), (0, 0)])
            self.unary("MIRROR_PAD", source, pads, shape=(one, high + 2, wide + 1, deep), options="MirrorPadOptions")

    def halves(self, source):
        one, high, wide, deep = source[1]
        if deep % 2 == 0:
            parts = [self.add((one, high, wide, deep // 2), source[2]) for _ in range(2)]
            axis = self.file.tensor(f"axis{self.count}", [], INT32, 3)
            self.file.operator("SPLIT", [axis, source[0]], [one[0] for one in parts], "SplitOptions", NumSplits=2)

    def resize(self, source):
        one, high, wide, deep = source[1]
        if max(high, wide) < 40:
            self.unary("RESIZE_NEAREST_NEIGHBOR", source, self.numbers((2 * high, wide + 1)),
                       shape=(one, 2 * high, wide + 1, deep), options="ResizeNearestNeighborOptions")  # fmt: skip

    def mean(self, source):
        made = self.unary(
            "MEAN", source, self.numbers((1, 2)), shape=(1, source[1][3]), options="ReducerOptions", KeepDims=False
        )
        self.ends.append(made[0])

    def greatest(self, source):
        if source[2] != INT16:
            shape = (1, 1, 1, source[1][3])
            self.unary("REDUCE_MAX", source, self.numbers((1, 2)), shape=shape, options="ReducerOptions", KeepDims=True)

    def head(self, source):
        _, high, wide, deep = source[1]
        flat = self.unary("RESHAPE", source, self.numbers((1, high * wide * deep)), shape=(1, high * wide * deep))
        if source[2] == INT16:
            flat = self.unary("DEQUANTIZE", flat, kind=FLOAT)
        kind, filters = flat[2], self.chance.choice((4, 6, 20))
        if source[2] == FLOAT and self.chance.random() < 0.3:
            flat = self.lstm(source, filters)
        elif self.chance.random() < 0.4:
            state = self.file.tensor("state", [1, 3 * filters], INT16 if kind == INT8 else FLOAT, variable=True)
            learned = [self.constant([filters, flat[1][1]], kind), self.constant([filters, 3], INT16 if kind == INT8 else FLOAT),
                       self.constant([filters // 2], _BIAS[kind]), state]  # fmt: skip
            flat = self.unary("SVDF", flat, *learned, shape=(1, filters // 2), options="SVDFOptions", Rank=2)
        flat = self.unary(
            "FULLY_CONNECTED",
            flat,
            *self.learned(flat, [5, flat[1][1]], 5),
            shape=(1, 5),
            options="FullyConnectedOptions",
        )
        if kind == INT8:
            flat = self.unary("SOFTMAX", flat, options="SoftmaxOptions", Beta=1.0, scale=1 / 256, zero=-128)
            flat = self.unary("DEQUANTIZE", flat, kind=FLOAT) if self.chance.random() < 0.5 else flat
        self.ends.append(flat[0])

    def lstm(self, source, units):
        """Over the rows of a map, then flat."""
        _, steps, wide, deep = source[1]
        size = wide * deep
        rows = self.unary("RESHAPE", source, self.numbers((1, steps, size)), shape=(1, steps, size))
        weights = [self.constant([units, many], FLOAT) for many in [size] * 4 + [units] * 4]
        biases = [self.constant([units], FLOAT) for _ in range(4)]
        states = [self.file.tensor(name, [1, units], FLOAT, variable=True) for name in ("h", "c")]
        none = [-1] * 3
        inputs = [*weights, *none, *biases, -1, -1, *states, *none, -1]
        made = self.unary("UNIDIRECTIONAL_SEQUENCE_LSTM", rows, *inputs, shape=(1, steps, units),
                          options="UnidirectionalSequenceLSTMOptions", FusedActivationFunction=4)  # fmt: skip
        return self.unary("RESHAPE", made, self.numbers((1, steps * units)), shape=(1, steps * units))


def drawn(seed):
    """A file."""
    return Drawing(seed).draw()
