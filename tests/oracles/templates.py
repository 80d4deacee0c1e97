"""What generated networks are made of: residual, inception, dense, squeeze-excite and U-Net shapes, nested.

They keep channels a multiple of 8 and windows inside their input, so that most programs are sound.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from .programs import (
    Block,
    Call,
    Dim,
    If,
    Join,
    Layer,
    Line,
    Merge,
    Op,
    Repeat,
    Start,
    Var,
)

C = Dim()
Body = list[Any]


class Maker:
    """Draws statements. `widths` are the expressions that stand for channels where the statement will be."""

    def __init__(self, random: Random, rank: int) -> None:
        self.random, self.rank = random, rank
        self.names = 0
        self.widths: list[Any] = [8, 16, 24]
        self.act: Any = "relu"
        self.bias: Any = None
        self.blocks: dict[str, Block] = {}

    def one(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def name(self) -> str:
        self.names += 1
        return f"{self.one('x', 'skip', 'y')}{self.names}"

    def conv(self, filters: Any = None, stride: Any = 1, kernel: int | None = None) -> Layer:
        """A convolution that keeps the size, or divides it by its stride, on any input."""
        kernel, dilation = kernel or self.one(1, 1, 3, 3, 5), self.one(1, 1, 1, 2)
        args: dict[str, Any] = {
            "filters": self.one(*self.widths) if filters is None else filters,
            "kernel": kernel,
        }
        if stride != 1:
            args["stride"] = stride
        if kernel > 1:
            args["pad"] = dilation * (kernel // 2)
            if dilation > 1:
                args["dilation"] = dilation
        if filters is None and self.one(0, 0, 1):
            args["groups"] = self.one(1, 2, 4)
        bias = self.one(None, True, False, self.bias)
        return Layer("conv", args if bias is None else {**args, "bias": bias})

    def after(self) -> Body:
        """A norm and an activation, or less."""
        norm = self.one([], [Layer("bn")], [Layer("bn")], [Layer("gn", {"groups": self.one(1, 2, 4)})], [Layer("ln")])
        prelu = Layer("prelu", self.one({}, {"shared": True}))
        other = Layer(self.one("silu", "gelu", "sigmoid", "tanh", "hardswish"))
        act = self.one([], [Layer(self.act)], [Layer("relu")], [prelu], [other])
        return [*norm, *act]

    def keeping(self) -> Line:
        """Channels and size stay."""
        last = self.one(self.conv(C), Layer("dwconv", {"kernel": 3, "pad": 1}), Layer("shuffle", {"groups": 4}))
        return Line([last, *self.after()])

    def chain(self) -> Body:
        return [Line([self.conv(stride=self.one(1, 1, 2)), *self.after()])]

    def separable(self) -> Body:
        depth = Layer("dwconv", {"kernel": 3, "pad": 1, "multiplier": self.one(1, 2), "bias": self.one(True, False)})
        return [Line([depth, Layer("bn"), Layer("relu6"), self.conv(kernel=1), *self.after()])]

    def shrink(self) -> Body:
        kind = self.one("maxpool", "avgpool")
        args = {"kernel": 3, "stride": 2, "pad": 1}
        return [Line([Layer(kind, {**args, "ceil": True} if self.one(0, 1) else args)])]

    def gated(self) -> Body:
        return [Line([Layer("glu"), self.conv()])]

    def pixels(self) -> Body:
        if self.rank != 2:
            return self.chain()
        return [Line([Layer("pixelshuffle", {"factor": 2}), self.conv(), Layer("maxpool", {"kernel": 2})])]

    def residual(self) -> Body:
        """Both ways end in the same width; the short one is the identity where it may be."""
        fixed = [width for width in self.widths if isinstance(width, (int, Var))]  # C is another one on each way
        width, stride = self.one(*fixed), self.one(1, 1, 2)
        long = [
            Line([self.conv(Op("//", C, 2), kernel=1), *self.after()]),
            Line([self.conv(width, stride, 3)]),
        ]
        needed = Op("or", Op("!=", C, width), stride != 1)
        short: Body = [If([(needed, [Line([self.conv(width, stride, 1), Layer("bn")])])], [])]
        paths = [long, short]
        self.random.shuffle(paths)
        return [Merge("add", paths, self.one(None, self.name())), Line([Layer(self.act)])]

    def inception(self, depth: int = 1) -> Body:
        paths: list[Body] = [[Line([self.conv(), *self.after()])] for _ in range(self.one(1, 2))]
        paths.append([Line([Layer("maxpool", {"kernel": 3, "stride": 1, "pad": 1}), self.conv(8)])])
        if depth:
            paths.append(self.one(self.inception, self.residual_keeping)(depth - 1))
        if self.one(0, 1):
            paths.append([])
        self.random.shuffle(paths)
        return [Merge("concat", paths)]

    def residual_keeping(self, _: int = 0) -> Body:
        return [Merge("add", [[], [self.keeping() for _ in range(self.one(1, 2))]])]

    def dense(self) -> Body:
        growth = Line([Layer("bn"), Layer("relu"), self.conv(8, kernel=3)])
        return [
            Repeat(self.one(1, 2, 3), [Merge("concat", [[], [growth]])]),
            Line([self.conv(self.one(*self.widths), kernel=1)]),
        ]

    def squeeze(self) -> Body:
        gate = [Line([Layer("gavgpool"), self.conv(Op("//", C, 4), kernel=1), Layer("relu")])]
        gate.append(Line([Layer("conv", {"filters": Dim(of="here"), "kernel": 1}), Layer("sigmoid")]))
        return [Merge("mul", self.one([[], gate], [gate, []]))]

    def joined(self) -> Body:
        """A named line that comes back in a short merge."""
        name = self.name()
        op = self.one("add", "mul", "concat")
        return [Line(self.keeping().elements, name), self.keeping(), Line([Join(op, (name,))])]

    def forked(self) -> Body:
        """Two named lines from one start, merged by their names; the start is a name too."""
        a, b, c = self.name(), self.name(), self.name()
        fork = [Line([Start(a), self.conv(), *self.after()], b), Line([Start(a), self.conv()], c)]
        return [Line(self.chain()[0].elements, a), *fork, Line([Join("concat", self.one((b, c), (a, b, c)))])]

    def unet(self) -> Body:
        """Down, up again and one larger perhaps, cut to the skip and joined with it."""
        name = self.name()
        up = self.one(Layer("upconv", {"filters": self.one(*self.widths), "kernel": 2, "stride": 2}),
                      Layer("resize", {"factor": 2}))  # fmt: skip
        fit = self.one(Layer("crop", {"like": f"@{name}"}), Layer("resize", {"like": f"@{name}"}))
        return [
            Line(self.keeping().elements, name),
            *self.shrink(),
            Line([up, fit]),
            Line([Join("concat", (name,))]),
        ]

    def shared(self) -> Body:
        name, conv = self.name(), self.conv(C)
        again = Layer("conv", conv.args, share=name)
        return [Line([conv], name), Line([*self.after(), again])]

    def split(self) -> Body:
        """Halves of the channels, each its way, as in ShuffleNet."""
        half = Op("//", C, 2)
        first, last = Layer("take", {"from": 0, "to": half}), Layer("take", {"from": half, "to": C})
        return [
            Merge("concat", [[Line([first])], [Line([last, self.conv(C)])]]),
            Line([Layer("shuffle", {"groups": 2})]),
        ]

    def attended(self) -> Body:
        """A gate for each position, from the channels; or a learned scale."""
        if self.one(0, 0, 1):
            return [Line([Layer("scale")])]
        reduced = Line([Layer(self.one("mean", "max"), {"axis": "C"}), self.conv(1, kernel=3), Layer("sigmoid")])
        return [Merge("mul", [[], [reduced]])]

    def twice(self) -> Body:
        """A block, and once more on another tensor with the same weights."""
        calls = [line for line in self.called() if line.name or isinstance(line.elements[0], Call)]
        call = calls[-1].elements[0]
        start, once = self.name(), self.name()
        again = Line([Start(start), Call(call.block, call.args, share=once)])
        return [*calls[:-1], Line(self.keeping().elements, start), Line([call], once), again]

    def repeated(self, depth: int) -> Body:
        if self.one(0, 1):
            return [Repeat(self.one(0, 1, 2, 3), self.body(depth - 1, 1))]
        width = self.one(Op("*", 8, Op("+", Var("i"), 1)), Op("*", 8, Op("**", 2, Var("i"))))
        body = [Line([self.conv(width), *self.after()])]
        if self.one(0, 1):
            body += [If([(Op("<", Var("i"), 1), [self.keeping()])], [])]
        return [Repeat(self.one(1, 2, 3), body, "i")]

    def chosen(self, depth: int) -> Body:
        width = self.one(*self.widths)
        conditions = [
            Op("==", C, width),
            Op("!=", C, 16),
            Op("<", C, 20),
            Op("and", Op(">=", C, 16), Op("<", C, 30)),
        ]
        branches = [(self.one(*conditions), self.body(depth - 1, 1)) for _ in range(self.one(1, 1, 2))]
        return [If(branches, self.one([], [self.keeping()]))]

    def called(self) -> Body:
        """A use of a block, with some of the arguments left to their defaults."""
        block = self.blocks[self.random.choice(sorted(self.blocks))]
        args, before = {}, []
        for name, default in block.params.items():
            if name.startswith("@"):
                before.append(Line(self.keeping().elements, self.name()))
                args[name] = f"@{before[-1].name}"
            elif default is None or self.one(0, 1):
                args[name] = self.argument(name)
        return [*before, Line([Call(block.name, args), *self.one([], self.after())])]

    def argument(self, name: str) -> Any:
        choices: dict[str, list[Any]] = {
            "width": [w for w in self.widths if w is not C],
            "stride": [1, 2],
            "n": [0, 1, 2],
            "act": ["relu", "silu", "tanh", self.act],
            "biased": [True, False],
        }
        return self.random.choice(choices[name])

    def body(self, depth: int, length: int) -> Body:
        makers: list[Callable[[], Body]] = [
            self.chain, self.chain, self.separable, self.shrink, self.gated, self.pixels, self.residual,
            self.inception, self.residual_keeping, self.dense, self.squeeze, self.joined, self.forked,
            self.unet, self.shared, self.split, self.attended,
        ]  # fmt: skip
        if depth > 0:
            makers += [lambda: self.repeated(depth), lambda: self.chosen(depth)] * 2
        if self.blocks:
            makers += [self.called, self.called, self.called, self.twice]
        return [statement for _ in range(length) for statement in self.random.choice(makers)()]

    def block(self, name: str) -> Block:
        """A definition; its body sees its parameters, and the blocks drawn before it."""
        params: dict[str, Any] = {"width": None}
        params |= self.one({}, {"n": self.one(None, 1, 2)})
        params |= {"stride": self.one(1, 2), "act": "relu", "biased": self.one(True, False)}
        outer = self.widths, self.act, self.bias
        self.widths = [Var("width"), Op("*", Var("width"), 2), 16]
        self.act, self.bias = Var("act"), Var("biased")
        body: Body = [Line([self.conv(Var("width"), Var("stride"), 3), *self.after()]), *self.body(1, 1)]
        if "n" in params:
            body.append(Repeat(self.one(Var("n"), Op("+", Var("n"), 1)), self.body(0, 1)))
        if self.one(0, 0, 1):
            params = {"width": params.pop("width"), "@skip": None, **params}
            body.append(Merge("concat", [[], [Line([Start("skip"), Layer("resize", {"like": "@here"})])]]))
        if self.one(0, 0, 1):
            body.append(Merge("add", [[Line([self.conv(Dim(of="input"))])], [Line([self.conv(Dim(of="input"))])]]))
        self.widths, self.act, self.bias = outer
        return Block(name, params, body)
