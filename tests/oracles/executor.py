"""Runs an abstract program in PyTorch: builds each module when its input is there, and runs it on the CPU.

What the language rules beyond PyTorch is here too: `add` wants equal shapes (PyTorch would stretch), `mul`
one rank, and a dense layer a vector or Cx1x1.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from . import programs as p
from .torch_side import ChannelsLast, GlobalPool, Reduce, Scale, SelfAttention, Take

Shape = tuple[int, ...]
POINTWISE = {"relu": nn.ReLU, "silu": nn.SiLU, "gelu": nn.GELU, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh,
             "relu6": nn.ReLU6, "hardswish": nn.Hardswish, "identity": nn.Identity}  # fmt: skip


#: What an element built: its kind or block, and the shapes of the weights of its layers.
Weights = tuple[str, list[list[torch.Size]]]


class TooLarge(Exception):
    """Channels doubled in a repeat, say: this program is not run, and not compared."""


MOST_CHANNELS = 1_000


class Entry(NamedTuple):
    """One layer that ran; `train` where it stands in a head that inference does not run."""

    kind: str
    shape: Shape
    params: int
    buffers: int
    train: bool


@dataclass
class Frame:
    """What a block sees: its variables and names. `here` is the tensor that entered the innermost merge."""

    variables: dict[str, Any]
    tensors: dict[str, Tensor]
    made: dict[str, Weights] = field(default_factory=dict)


class Executor:
    """One run. `after` keeps the shape behind each top-level statement, for the printer's arrows."""

    def __init__(self, program: p.Program) -> None:
        self.program = program
        self.log: list[Entry] = []
        self.outputs: dict[str, Shape] = {}
        self.after: dict[int, Shape] = {}
        self.train = False
        self.built: list[list[torch.Size]] = []

    def run(self) -> None:
        """Raises whatever PyTorch raises."""
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")
            x = torch.zeros(1, *self.program.shape)
            frame = Frame({}, dict.fromkeys(self.program.inputs, x))
            for name, expr in self.program.lets.items():
                frame.variables[name] = p.value(expr, self._scope(x, frame))
            for statement in self.program.body:
                x = self._statement(statement, x, frame)
                self.after[id(statement)] = tuple(x.shape[1:])
        for name in self.program.outputs or [""]:
            self.outputs[name] = tuple((frame.tensors[name] if name else x).shape[1:])

    def total(self, column: str, train: bool = False) -> int:
        return sum(getattr(entry, column) for entry in self.log if train or not entry.train)

    def _scope(self, x: Tensor, frame: Frame) -> p.Scope:
        shapes = {name: tuple(tensor.shape[1:]) for name, tensor in frame.tensors.items()}
        return p.Scope(frame.variables, tuple(x.shape[1:]), shapes)

    def _body(self, body: list[Any], x: Tensor, frame: Frame) -> Tensor:
        for statement in body:
            x = self._statement(statement, x, frame)
        return x

    def _statement(self, statement: Any, x: Tensor, frame: Frame) -> Tensor:
        return getattr(self, f"_{type(statement).__name__.lower()}")(statement, x, frame)  # type: ignore[no-any-return]

    def _line(self, line: p.Line, x: Tensor, frame: Frame) -> Tensor:
        for element in line.elements:
            logged, built = len(self.log), len(self.built)
            x = self._statement(element, x, frame)
            made = (_label(element), self.built[built:])
            if getattr(element, "share", None):
                self._share(element.share, made, logged, frame)
        if line.name:
            frame.tensors[line.name] = x
            frame.made[line.name] = made
        return x

    def _share(self, name: str, made: Weights, logged: int, frame: Frame) -> None:
        """The element's weights are those of the one that made `name`: of one kind and shape, counted once."""
        if made != frame.made[name]:
            raise RuntimeError(f"{made} cannot share the weights of {frame.made[name]}")
        self.log[logged:] = [entry._replace(params=0, buffers=0) for entry in self.log[logged:]]

    def _merge(self, merge: p.Merge, x: Tensor, frame: Frame) -> Tensor:
        outer = frame.tensors.get("here")
        results = []
        for path in merge.paths:
            frame.tensors["here"] = x
            results.append(self._body(path, x, frame))
        if outer is None:
            del frame.tensors["here"]
        else:
            frame.tensors["here"] = outer
        return self._named(merge.name, self._combine(merge.op, results), frame)

    def _named(self, name: str | None, x: Tensor, frame: Frame) -> Tensor:
        if name:
            frame.tensors[name] = x
        return x

    def _combine(self, op: str, xs: list[Tensor]) -> Tensor:
        if len({x.dim() for x in xs}) > 1 or (op == "add" and len({x.shape for x in xs}) > 1):
            raise RuntimeError(f"{op} of {[tuple(x.shape) for x in xs]}")
        if op == "concat":
            result = torch.cat(xs, dim=1)
        else:
            result = xs[0]
            for other in xs[1:]:
                result = result + other if op == "add" else result * other
        self.log.append(Entry(op, tuple(result.shape[1:]), 0, 0, self.train))
        return result

    def _repeat(self, repeat: p.Repeat, x: Tensor, frame: Frame) -> Tensor:
        for i in range(p.value(repeat.count, self._scope(x, frame))):
            if repeat.variable:
                frame.variables[repeat.variable] = i
            x = self._body(repeat.body, x, frame)
        if repeat.variable:
            frame.variables.pop(repeat.variable, None)
        return x

    def _if(self, choice: p.If, x: Tensor, frame: Frame) -> Tensor:
        for condition, body in choice.branches:
            if p.value(condition, self._scope(x, frame)):
                return self._body(body, x, frame)
        return self._body(choice.otherwise, x, frame)

    def _stage(self, stage: p.Stage, x: Tensor, frame: Frame) -> Tensor:
        return self._named(stage.name, self._body(stage.body, x, frame), frame)

    def _head(self, head: p.Head, x: Tensor, frame: Frame) -> Tensor:
        outer, self.train = self.train, head.train
        result = self._body(head.body, x, frame)
        self.train = outer
        self.outputs[head.name] = tuple(result.shape[1:])
        return x

    def _start(self, start: p.Start, _: Tensor, frame: Frame) -> Tensor:
        return frame.tensors[start.name]

    def _join(self, join: p.Join, x: Tensor, frame: Frame) -> Tensor:
        xs = [frame.tensors[name] for name in join.names]
        return self._combine(join.op, [x, *xs] if len(xs) == 1 else xs)

    def _call(self, call: p.Call, x: Tensor, frame: Frame) -> Tensor:
        block = self.program.blocks[call.block]
        outer = self._scope(x, frame)
        lets = {name: frame.variables[name] for name in self.program.lets if name in frame.variables}
        inner = Frame(lets, {"input": x})
        for name, default in block.params.items():
            if name.startswith("@"):
                inner.tensors[name[1:]] = frame.tensors[call.args[name][1:]]
            elif name in call.args:
                inner.variables[name] = p.value(call.args[name], outer)
            else:
                inner.variables[name] = p.value(default, self._scope(x, inner))
        return self._body(block.body, x, inner)

    def _layer(self, layer: p.Layer, x: Tensor, frame: Frame) -> Tensor:
        if x.shape[1] > MOST_CHANNELS:
            raise TooLarge
        scope = self._scope(x, frame)
        kind = p.value(layer.kind, scope)
        args = {name: p.value(arg, scope) for name, arg in layer.args.items()}
        if kind == "crop":
            result, counted = _crop(x, frame.tensors[args["like"][1:]]), (0, 0)
        elif kind == "resize" and "like" in args:
            size = tuple(frame.tensors[args["like"][1:]].shape[2:])
            result, counted = nn.Upsample(size=size)(x), (0, 0)
        else:
            module = build(kind, args, x).eval()
            self.built.append([w.shape for w in module.parameters()])
            counted = (
                sum(w.numel() for w in module.parameters()),
                sum(b.numel() for n, b in module.named_buffers() if not n.endswith("num_batches_tracked")),
            )
            result = module(x)
        self.log.append(Entry(kind, tuple(result.shape[1:]), *counted, self.train))
        return result  # type: ignore[no-any-return]


def _label(element: Any) -> str:
    return str(getattr(element, "kind", getattr(element, "block", "")))


def _crop(x: Tensor, like: Tensor) -> Tensor:
    """Cut from the middle; PyTorch raises where the model is the larger one."""
    for axis in range(2, x.dim()):
        x = x.narrow(axis, (x.shape[axis] - like.shape[axis]) // 2, like.shape[axis])
    return x


def build(kind: str, args: dict[str, Any], x: Tensor) -> nn.Module:
    """The PyTorch module of a layer, for the tensor that enters it."""
    channels, rank = x.shape[1], x.dim() - 2
    if kind in POINTWISE:
        return POINTWISE[kind]()
    if rank == 0 and kind in SPATIAL:
        raise RuntimeError(f"{kind} of a vector")
    if kind in ("conv", "dwconv", "upconv"):
        return _convolution(kind, args, channels, rank)
    if kind in ("maxpool", "avgpool"):
        return _pool(kind, args, rank)
    if kind == "fc":
        flat = nn.Flatten() if x.shape[2:].numel() == 1 else nn.Flatten(0)
        return nn.Sequential(flat, nn.Linear(channels, args["units"], bias=args.get("bias", True)))
    return OTHERS[kind](args, channels, rank)


def _convolution(kind: str, args: dict[str, Any], channels: int, rank: int) -> nn.Module:
    groups = channels if kind == "dwconv" else args.get("groups", 1)
    filters = channels * args.get("multiplier", 1) if kind == "dwconv" else args["filters"]
    theirs = {"stride": "stride", "pad": "padding", "dilation": "dilation"}
    kwargs = {theirs[name]: arg for name, arg in args.items() if name in theirs}
    module = getattr(nn, f"{'ConvTranspose' if kind == 'upconv' else 'Conv'}{rank}d")
    return module(  # type: ignore[no-any-return]
        channels, filters, args["kernel"], groups=groups, bias=args.get("bias", True), **kwargs
    )


def _pool(kind: str, args: dict[str, Any], rank: int) -> nn.Module:
    name = "Max" if kind == "maxpool" else "Avg"
    if "to" in args:
        return getattr(nn, f"Adaptive{name}Pool{rank}d")(args["to"])  # type: ignore[no-any-return]
    module = getattr(nn, f"{name}Pool{rank}d")
    ceil = args.get("ceil", False)
    return module(args["kernel"], args.get("stride"), args.get("pad", 0), ceil_mode=ceil)  # type: ignore[no-any-return]


SPATIAL = (
    "conv",
    "dwconv",
    "upconv",
    "maxpool",
    "avgpool",
    "gavgpool",
    "gmaxpool",
    "tokens",
    "resize",
    "attention",
)
OTHERS: dict[str, Any] = {
    "bn": lambda args, channels, rank: getattr(nn, f"BatchNorm{max(1, rank)}d")(channels),
    "gn": lambda args, channels, rank: nn.GroupNorm(args["groups"], channels),
    "ln": lambda args, channels, rank: ChannelsLast(nn.LayerNorm(channels)),
    "prelu": lambda args, channels, rank: nn.PReLU(1 if args.get("shared") else channels),
    "glu": lambda args, channels, rank: nn.GLU(1),
    "dropout": lambda args, channels, rank: nn.Dropout(),
    "gavgpool": lambda args, channels, rank: GlobalPool("mean"),
    "gmaxpool": lambda args, channels, rank: GlobalPool("amax"),
    "flatten": lambda args, channels, rank: nn.Flatten(),
    "tokens": lambda args, channels, rank: nn.Flatten(2),
    "shuffle": lambda args, channels, rank: nn.ChannelShuffle(args["groups"]),
    "pixelshuffle": lambda args, channels, rank: nn.PixelShuffle(args["factor"]),
    "take": lambda args, channels, rank: Take(args["from"], args["to"], "C"),
    "mean": lambda args, channels, rank: Reduce("mean", args["axis"]),
    "max": lambda args, channels, rank: Reduce("amax", args["axis"]),
    "scale": lambda args, channels, rank: Scale(channels, False),
    "resize": lambda args, channels, rank: nn.Upsample(scale_factor=args["factor"]),
    "attention": lambda args, channels, rank: SelfAttention(channels, args["heads"], True),
}
