"""Writes an abstract program as a spec, in one of the many spellings that the language allows.

Which spelling is drawn: pipes or lines, dashes with or without their first line, keys or positions, PyTorch's
names or short ones, defaults that turn biases off for a stretch, blocks before or behind their use, arrows
with shapes (the executor's), channels first or last, comments. None of it may change a number.
"""

from __future__ import annotations

from random import Random
from typing import Any

from . import programs as p

Shape = tuple[int, ...]

POSITIONAL = {
    "conv": ("filters", "kernel"),
    "upconv": ("filters", "kernel"),
    "dwconv": ("kernel",),
    "maxpool": ("kernel", "stride"),
    "avgpool": ("kernel", "stride"),
    "fc": ("units",),
    "gn": ("groups",),
    "shuffle": ("groups",),
    "pixelshuffle": ("factor",),
    "resize": ("factor",),
    "attention": ("heads",),
    "mean": ("axis",),
    "max": ("axis",),
}
SYNONYMS = {  # `{}` is the rank
    "conv": ("Conv{}d", "conv{}d"),
    "upconv": ("deconv", "ConvTranspose{}d", "convtranspose"),
    "dwconv": ("depthwise",),
    "maxpool": ("MaxPool{}d",),
    "avgpool": ("AvgPool{}d",),
    "fc": ("Linear", "dense", "linear"),
    "bn": ("BatchNorm{}d",),
    "gn": ("GroupNorm",),
    "gavgpool": ("gap",),
    "relu": ("ReLU",),
    "silu": ("swish", "SiLU"),
    "resize": ("upsample",),
    "flatten": ("Flatten",),
}
KEYS = {"filters": ("out", "channels", "K"), "kernel": ("k", "size", "F"), "stride": ("s", "S"),
        "pad": ("padding", "p", "P"), "dilation": ("d",), "groups": ("g",)}  # fmt: skip
BIASED = ("conv", "dwconv", "upconv", "fc")


class Printer:
    """One spelling, drawn by `random`. `after` has the shapes behind top-level statements, for arrows."""

    def __init__(self, program: p.Program, after: dict[int, Shape], random: Random) -> None:
        self.program, self.after, self.random = program, after, random
        self.no_bias: frozenset[str] = frozenset()
        self.hwc = random.random() < 0.15
        self.rank: int | None = len(program.shape) - 1
        self.plain = random.random() < 0.3

    def text(self) -> str:
        """The whole file."""
        out = ["# drawn by tests/oracles"] if self._chance(0.5) else []
        if self.hwc:
            out.append("layout hwc")
        out.append(f"model drawn: {'x'.join(map(str, self.program.shape))}")
        for name in self.program.inputs:
            label = "" if self.program.inputs == ["input"] else f"{name} = "
            out.append(f"{label}input {self.shape(self.program.shape, at=len(self.program.shape) == 2)}")
        out += [f"let {name} = {p.text(expr)}" for name, expr in self.program.lets.items()]
        out += self._default(0, 0.25)
        blocks_first = self._chance(0.6)
        if blocks_first:
            out += self._blocks()
        out += self._default(0, 0.25)
        for statement in self.program.body:
            out += self._with_arrow(statement)
        if not blocks_first:
            out += self._blocks()
        if self.program.outputs:
            out.append("output " + " ".join(f"@{name}" for name in self.program.outputs))
        return "\n".join(out) + "\n"

    def shape(self, shape: Shape, at: bool = False) -> str:
        """As the file's layout has it; with `@` the channels stand first in either."""
        if at:
            return f"{shape[0]}@{'x'.join(map(str, shape[1:]))}"
        return "x".join(map(str, (*shape[1:], shape[0]) if self.hwc else shape))

    def _chance(self, chance: float) -> bool:
        return not self.plain and self.random.random() < chance

    def _blocks(self) -> list[str]:
        out: list[str] = []
        blocks = list(self.program.blocks.values())
        self.random.shuffle(blocks)
        for block in blocks:
            params = ", ".join(n if d is None else f"{n}={p.text(d)}" for n, d in block.params.items())
            out += [f"block {block.name}({params}):" if params else f"block {block.name}:"]
            out += self._body(block.body, 4)
        return out

    def _default(self, indent: int, chance: float) -> list[str]:
        """Perhaps a line that turns the biases of some kinds off from here on."""
        if not self._chance(chance):
            return []
        kinds = self.random.sample(BIASED, self.random.randint(1, 3))
        self.no_bias |= frozenset(kinds)
        return [" " * indent + f"default {' '.join(kinds)} bias=no"]

    def _body(self, body: list[Any], indent: int) -> list[str]:
        outer = self.no_bias
        out = self._default(indent, 0.05)
        for statement in body:
            out += self.statement(statement, indent)
        self.no_bias = outer
        return out

    def _with_arrow(self, statement: Any) -> list[str]:
        """A top-level statement, perhaps with the shape that PyTorch found behind it."""
        out = self.statement(statement, 0)
        shape = self.after.get(id(statement))
        if shape is None or isinstance(statement, p.Head) or not self._chance(0.3):
            return out
        arrow = f"-> {self.shape(shape)}"
        if isinstance(statement, p.Line) and self._chance(0.5):
            return [*out[:-1], f"{out[-1]}  {arrow}"]
        return [*out, arrow]

    def statement(self, statement: Any, indent: int) -> list[str]:
        lines: list[str] = getattr(self, f"_{type(statement).__name__.lower()}")(statement, indent)
        if self._chance(0.03):
            lines = [" " * indent + "# a word on what follows", *lines]
        return lines

    def _line(self, line: p.Line, indent: int) -> list[str]:
        """Elements in pipes, or on lines of their own; the name goes with the last."""
        groups: list[list[str]] = [[]]
        for element in line.elements:
            if groups[-1] and not isinstance(element, p.Start) and self._chance(0.4):
                groups.append([])
            groups[-1].append(self._element(element))
        out = [" | ".join(group) for group in groups]
        if line.name:
            out[-1] = f"{line.name} = {out[-1]}"
        if self._chance(0.05):
            out[-1] += "   # said"
        return [" " * indent + text for text in out]

    def _merge(self, merge: p.Merge, indent: int) -> list[str]:
        name = f"{merge.name} = " if merge.name else ""
        axis = " axis=C" if merge.op == "concat" and self._chance(0.2) else ""
        out = [f"{' ' * indent}{name}{merge.op}{axis}:"]
        for path in merge.paths:
            out += self._path(path, indent + 4)
        return out

    def _path(self, path: list[Any], indent: int) -> list[str]:
        if not path:
            return [" " * indent + self.random.choice(["-", "- identity"])]
        if self._chance(0.3):
            return [" " * indent + "-", *self._statements(path, indent + 3)]
        out = self._statements(path, indent + 2)
        while out[0].lstrip().startswith("#"):
            out = out[1:]
        return [f"{' ' * indent}- {out[0].lstrip()}", *out[1:]]

    def _statements(self, body: list[Any], indent: int) -> list[str]:
        return [text for statement in body for text in self.statement(statement, indent)]

    def _repeat(self, repeat: p.Repeat, indent: int) -> list[str]:
        variable = f" as {repeat.variable}" if repeat.variable else ""
        header = f"{' ' * indent}repeat {self.expr(repeat.count)}{variable}:"
        return [header, *self._body(repeat.body, indent + 4)]

    def _if(self, choice: p.If, indent: int) -> list[str]:
        out, word = [], "if"
        for condition, body in choice.branches:
            out += [f"{' ' * indent}{word} {p.text(condition)}:", *self._body(body, indent + 4)]
            word = "elif"
        if choice.otherwise:
            out += [f"{' ' * indent}else:", *self._body(choice.otherwise, indent + 4)]
        return out

    def _stage(self, stage: p.Stage, indent: int) -> list[str]:
        return [f"{' ' * indent}stage {stage.name}:", *self._body(stage.body, indent + 4)]

    def _head(self, head: p.Head, indent: int) -> list[str]:
        train = " train" if head.train else ""
        return [f"{' ' * indent}head {head.name}{train}:", *self._body(head.body, indent + 4)]

    def _element(self, element: Any) -> str:
        if isinstance(element, p.Start):
            return f"@{element.name}"
        if isinstance(element, p.Join):
            return " ".join([element.op, *(f"@{name}" for name in element.names)])
        if isinstance(element, p.Call):
            return self._call(element)
        return self._layer(element)

    def _call(self, call: p.Call) -> str:
        """Arguments by position as far as they are all there, the others by key."""
        names = list(self.program.blocks[call.block].params)
        words, positional = [call.block], True
        for name in names:
            if name not in call.args:
                positional = False
                continue
            by_key = not positional or (not name.startswith("@") and self._chance(0.3))
            positional = positional and not by_key
            word = self.expr(call.args[name])
            words.append(f"{name.removeprefix('@')}={word}" if by_key else word)
        return " ".join([*words, *_share(call)])

    def _layer(self, layer: p.Layer) -> str:
        kind = layer.kind if isinstance(layer.kind, str) else layer.kind.name
        if kind == "take":
            return f"take {self.expr(layer.args['from'])}:{self.expr(layer.args['to'])}"
        args, words = dict(layer.args), [self._kind(kind)]
        by_key = self._chance(0.2)
        for name in POSITIONAL.get(kind, ()):
            if name not in args:
                break
            word = self.expr(args.pop(name))
            by_key = by_key or self._chance(0.1)
            words.append(f"{self._key(kind, name)}={word}" if by_key else word)
        if kind in BIASED:
            words += self._bias(kind, args.pop("bias", True))
        keys = [f"{self._key(kind, name)}={self.expr(arg)}" for name, arg in args.items()]
        if not self.plain:
            self.random.shuffle(keys)
        return " ".join([*words, *keys, *_share(layer)])

    def _bias(self, kind: str, bias: Any) -> list[str]:
        """The key where it differs from what stands above, and now and then where it does not."""
        if isinstance(bias, bool) and bias is (kind not in self.no_bias) and not self._chance(0.1):
            return []
        return [f"bias={self.expr(bias)}"]

    def _kind(self, kind: str) -> str:
        if kind not in SYNONYMS or not self._chance(0.25):
            return kind
        return self.random.choice(SYNONYMS[kind]).format(self.rank)

    def _key(self, kind: str, name: str) -> str:
        known = KEYS.get(name, ())
        if not known or kind not in ("conv", "upconv") or not self._chance(0.2):
            return name
        return self.random.choice(known)

    def expr(self, expr: p.Expr) -> str:
        """A word: without blanks, or in parentheses."""
        if isinstance(expr, bool) and self._chance(0.3):
            return str(expr)
        text = p.text(expr)
        if " " not in text:
            return text
        return f"({text})" if self._chance(0.5) or " or " in text else text.replace(" ", "")


def _share(element: p.Layer | p.Call) -> list[str]:
    return [f"share=@{element.share}"] if element.share else []
