"""Texts of every sort that cnncalc reads, made up: specs that mostly fit, requirements, options, projects, baselines."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

from .mutator import KINDS, NAMES, SHAPES, WORDS, edited, expression

#: Sizes of vectors and the shapes that they may be cut into.
VECTORS = {64: ("4x4x4", "1x8x8", "4@16"), 784: ("1x28x28", "16x7x7"), 48: ("3x4x4", "3@16"), 10: ("10x1x1", "10@1")}
MEASURES = (
    "params trainable buffers macs flops activations peak memory arena flash training field layers depth weighted "
    "output"
).split()
CONVENTIONS = "macs flops exact fvcore thop torchinfo ptflops calflops keras nosuch".split()
FORMATS = "table plain json csv markdown".split()
REPORTS = "text concise github junit sarif json".split()


def spec(random: Random) -> str:
    """A spec that mostly fits: an input of no axis to three, some lines, and what is asked of it."""
    axes = random.choice((0, 0, 1, 2, 2, 2, 2, 2, 3))
    lines = ["model " + random.choice(("M", "a *b* _c_", "+1", "@x #1"))] * (random.random() < 0.2)
    if axes == 0:
        vector = random.choice([*VECTORS])
        lines += [f"input {vector}"]
        if random.random() < 0.6:
            shape = random.choice(VECTORS[vector])
            lines += [f"reshape {shape}"]
            axes = 1 if "@" in shape else 2
    else:
        size = random.choice((1, 2, 3, 4, 5, 7, 8, 16, 32))
        sizes = [size, random.choice((size, size, size + 1)), size][:axes]
        channels = random.choice((1, 2, 3, 4, 8))
        lines += [f"input {channels}{'@' if axes == 1 else 'x'}{'x'.join(map(str, sizes))}"]
    for _ in range(random.randint(0, 5)):
        axes = _grow(random, lines, axes)
    if axes and random.random() < 0.6:
        lines += _close(random)
    lines[:0] = [f"dtype {types(random, ' ')}"] if random.random() < 0.15 else []
    lines += [requirement(random) for _ in range(random.choice((0, 0, 1, 2)))]
    return "\n".join(lines) + "\n"


def _grow(random: Random, lines: list[str], axes: int) -> int:
    """Adds some lines; the axes behind them."""
    n, k = random.choice((1, 2, 4, 8)), random.choice((1, 2, 3, 5))
    if not axes:
        lines += random.choice(([f"fc {n}"], ["relu"], ["bn"], [f"x = fc {n}"], ["softmax"], ["add:", "    - relu", "    -"],
                                [f"head h{len(lines)}:", f"    fc {n}"], [f"glu | fc {n}"], ["scale"]))  # fmt: skip
        return 0
    lines += random.choice((
        [f"conv {n} {k} pad=same"], [f"conv {n} {k}"], [f"conv {n} {k} stride={n} dilation={k}"], [f"dwconv {k} pad=same"],
        [f"maxpool {k}"], [f"avgpool {k} stride=1 pad=same"], ["bn | relu"], [f"x{len(lines)} = conv {n} 1"],
        [f"upconv {n} {k} stride={k}"], [f"upconv {n} {k}", f"crop {random.choice((0, 1, 1, 2))}"], ["resize 2"], ["resize 3", "take 0:1 axis=H"],
        ["resize 2 | crop 1"], [f"pad {k}"], ["crop 1"], [f"take 0:1 axis={random.choice('CHWL')}"], ["pixelshuffle 2"], ["pixelunshuffle 2"],
        ["add:", f"    - conv C {k} pad=same", "    -"], ["concat:", "    - relu", f"    - conv {n} 1"],
        [f"repeat {k}:", f"    conv {n} {k} pad=same", "    relu"], [f"stage s{len(lines)}:", f"    conv {n} {k}"],
        [f"head h{len(lines)}{random.choice(('', ' train'))}:", "    gavgpool", f"    fc {n}"], ["mul:", "    - gavgpool | conv C 1", "    -"],
        [f"a{len(lines)}, c{len(lines)} = split {random.choice((2, 2, 3, '1,1', f'{n},{k}', 'C'))}", f"@c{len(lines)} | conv {n} 1"],
        [f"repeat {k}, {n} as k{len(lines)}:", f"    y{len(lines)} = conv {n} k{len(lines)} pad=same", f"concat @y{len(lines)}[*]"],
        ["add:", f"    - conv {n} {k} pad=same", "    - none", f"    - if C == {n}:", "          identity", "      else:", "          none"],
        [f"z{len(lines)} = conv {n} 1", f"freeze z{len(lines)}"],
        [f"block f{len(lines)}(n=2):", "    p = conv n 1", "    q = relu", "    output @p @q", f"l{len(lines)}, r{len(lines)} = f{len(lines)} {n}", f"concat @l{len(lines)} @r{len(lines)}"],
        [f"block b{len(lines)}(n=2):", f"    conv n {k} pad=same", "    relu", f"b{len(lines)} {n}"],
    ))  # fmt: skip
    return axes


def _close(random: Random) -> list[str]:
    """What makes a vector of a map, often of one that was blown up: all positions as one."""
    up = random.choice(
        (
            [],
            ["upconv 4 3"],
            ["upconv 4 5", "crop 1"],
            ["resize 2"],
            ["resize 4", "take 0:1 axis=H"],
            ["upconv 4 3 stride=2 | crop 2"],
        )
    )
    down = random.choice(
        (
            ["flatten"],
            ["gavgpool"],
            ["mean L"],
            ["mean H"],
            ["max W"],
            ["reshape -1"],
            ["reshape (C*H*W, 1, 1)"],
            ["tokens"],
            ["avgpool to=1"],
        )
    )
    return [*up, *down, *random.choice(([], ["fc 10"], ["fc 10 | softmax"], ["conv 3 1"]))]


def types(random: Random, sign: str) -> str:
    """Types of numbers, for all parts or some, joined by `sign`; a wrong one among them now and then."""
    names = ("int8", "fp16", "half", "int4", "int1", "int32", "fp64", "fp8", "torch.uint8", "int9", "")
    parts = ("weights=", "activations=", "biases=", "", "shapes=")
    return sign.join(random.choice(parts) + random.choice(names) for _ in range(random.choice((1, 1, 2, 3))))


def requirement(random: Random) -> str:
    """A `require` line: comparisons of measures, tuples, names that are there and such that are not."""
    return f"require {_condition(random)}" + random.choice(("", "", ' "too much"', " # why"))


def _condition(random: Random, depth: int = 2) -> str:
    if depth and random.random() < 0.2:
        return f"{_condition(random, depth - 1)} {random.choice(('and', 'or'))} {_condition(random, depth - 1)}"
    sign = random.choice(("<", "<=", "==", "!=", ">=", ">"))
    return random.choice((
        f"{_measure(random)} {sign} {_number(random)}",
        f"output {sign} ({', '.join(_item(random) for _ in range(random.randint(1, 4)))})",
        f"field {sign} ({_item(random)}, {_item(random)})",
        f"({_measure(random)}, {_item(random)}) {sign} ({_item(random)}, {_measure(random)})",
        f"({_measure(random)}, {_item(random)})",
        f"{_measure(random)} {sign} {expression(random)}",
        f"not {_measure(random)} {sign} {_item(random)}",
    ))  # fmt: skip


def _measure(random: Random) -> str:
    measure = random.choice(MEASURES)
    return random.choice((measure, measure, f"{measure}({random.choice(('conv1', 'fc1', 'x', 's1', 'nope', *NAMES))})"))


def _item(random: Random) -> str:
    return random.choice(
        (_number(random), _number(random), "?", "_", "C", _measure(random), f"-{_number(random)}", "x", "1/2")
    )


def _number(random: Random) -> str:
    return random.choice(
        ("0", "1", "3", "6", "100", "5M", "64KiB", "1,000", "10**9", "1/3", str(random.randint(0, 10**6)))
    )


# --- options ----------------------------------------------------------------------------------------


def command(random: Random, first: str, second: str) -> list[str]:
    """A command line on one or two specs: every command, every format, every option now and then."""
    name = random.choice(
        (
            "shapes",
            "memory",
            "explain",
            "explain",
            "compare",
            "check",
            "check",
            "diff",
            "fmt",
            "annotate",
            "draw",
            "convert",
            "report",
            "others",
        )
    )
    if name == "others":
        return _other(random)
    if name in _WRITERS:
        return [name, first, *([second] if name == "report" and random.random() < 0.3 else []), *_WRITERS[name](random)]
    if name in ("fmt", "annotate"):
        options = [["--check"], ["--diff"], ["--specs-only"], ["-q"], ["--color"]]
        options += [["--remove"], ["--blank"], ["--all"]] if name == "annotate" else []
        return [name, first, *(["--diff"] if random.random() < 0.7 else []), *_some(random, options)]
    options = [["--batch", _text(random)], ["--dtype", types(random, ",")],
               ["--execution", random.choice(("eager", "inplace", "fused", "fast"))], ["--set", f"{random.choice(NAMES)}={_text(random)}"],
               ["--input", random.choice((*SHAPES, f"x={random.choice(SHAPES)}", _text(random)))], ["--max-layers", random.choice(("1", "5", "0", "-1"))],
               ["--strict"], ["-q"], ["--color"]]  # fmt: skip
    options = [one for one in options if name != "check" or one[0] != "--max-layers"] + _OWN[name](random)
    files = [first, second] if name == "diff" or (name in ("compare", "check") and random.random() < 0.3) else [first]
    if name == "explain" and random.random() < 0.8:
        files.append(
            random.choice(("conv1", "fc1", "relu1", "flatten1", "upconv1", "add1", "reshape1", "x", "s1", "nope"))
        )
        options = [
            ["--at", ",".join(str(random.choice((0, 0, 1, 2, 99))) for _ in range(random.randint(1, 3)))]
        ] * 3 + options
    options = _some(random, options) if random.random() < 0.7 else []
    form = random.choice(REPORTS if name == "check" else FORMATS)
    return [name, *files, *options, *(["--format", form] if random.random() < 0.8 else [])]


def _some(random: Random, options: list[list[str]]) -> list[str]:
    return [
        word for option in random.sample(options, min(len(options), random.choice((0, 1, 1, 2)))) for word in option
    ]


def _text(random: Random) -> str:
    return random.choice(
        (_number(random), random.choice(WORDS), random.choice(NAMES), expression(random), "²", "", "9" * 30)
    )


def _list(random: Random, words: list[str]) -> str:
    return ",".join(random.choice(("", "", "+", "-")) + random.choice(words) for _ in range(random.randint(1, 3)))


_COLUMNS = "layer operation output params macs flops filter formula kept buffers inputs line path kind field field% jump start train nosuch".split()
_OWN = {
    "shapes": lambda random: [["--columns", _list(random, _COLUMNS)], ["--depth", _text(random)], ["--flat"], ["--sort", random.choice(_COLUMNS)],
                              ["--top", _text(random)], ["--layout", "hwc"], ["--count", _list(random, CONVENTIONS)]],
    "memory": lambda random: [["--optimizer", random.choice(("none", "sgd", "momentum", "adam", "x"))], ["--planner", random.choice(("liveness", "greedy"))],
                              ["--train"], ["--fit", random.choice(("24GiB", "1k", _text(random)))]],
    "explain": lambda random: [["--want", random.choice((*SHAPES, "4x6x6", "?x2x2"))], ["--without", random.choice(("padding", "stride", "pooling"))],
                               ["--count", random.choice(CONVENTIONS)], ["--count", random.choice(CONVENTIONS), "--against", random.choice(CONVENTIONS)]],
    "compare": lambda random: [["--mlp"], ["--vary", f"{random.choice(NAMES)}={_text(random)},{_text(random)}"], ["--hidden", _text(random)],
                               ["--layer", random.choice(("conv1", "fc1", "nope"))], ["--count", random.choice(CONVENTIONS)], ["--depth", "1"]],
    "check": lambda random: [[f"--max-{random.choice(MEASURES[:-1])}", _text(random)], ["--expect-output", random.choice((*SHAPES, _text(random)))],
                             ["--specs-only"], ["--config", "pyproject.toml"]],
    "diff": lambda random: [["--fail-above", f"{random.choice(MEASURES)}={random.choice(('2%', '0', '10M', _text(random)))}"], ["--all"]],
}  # fmt: skip


PICTURES = ("text", "svg", "html", "mermaid", "dot", "tikz")
#: Commands that write what is no table: what stands behind the name.
_WRITERS: dict[str, Callable[[Random], list[str]]] = {
    "draw": lambda random: ["--format", random.choice(PICTURES), *_some(random, [
        ["--style", random.choice(("graph", "volumes"))], ["--depth", random.choice(("0", "1", "9", _text(random)))],
        ["--only", random.choice(("s1", "x", "conv1"))], ["--direction", random.choice(("down", "right"))],
        ["--label", random.choice(("params", "macs", "none"))], ["--color", random.choice(("kind", "cost", "none", "x"))]])],
    "convert": lambda random: ["--to", random.choice(("spec", "torch", "keras")), *_some(random, [
        ["--partial"], ["--name", _text(random)], ["--input", random.choice(SHAPES)]])],
    "report": lambda random: _some(random, [["--count", random.choice(CONVENTIONS)], ["--batch", "3"], ["--dtype", types(random, ",")]]),
}  # fmt: skip


def _other(random: Random) -> list[str]:
    form = ["--format", random.choice(FORMATS)]
    return random.choice((["layers", *form], ["layers", random.choice(KINDS), *form], ["conventions", *form[:1], random.choice(("json", "plain", "markdown"))],
                          ["conventions", random.choice(CONVENTIONS)], ["new"], ["new", random.choice(("lenet5", "nosuch", "@unet"))],
                          ["help", random.choice(("language", "devices", "json", "counting", "pyproject", "exit-codes", "nope"))], ["--version"], ["--help"],
                          [random.choice(("shape", "chek", "@lenet5", "-x", ""))], [random.choice(("shapes", "check", "fmt")), "--help"]))  # fmt: skip


# --- projects and baselines -------------------------------------------------------------------------


_GLOBS = ("*.txt", "**/*.txt", "models/**", "[ab]*", "**/**/x", "../*", "[", "a[!b]?*", "spec.txt", "/abs", "")
_LIMITS = ("max-params", "max-macs", "max-field", "max-peak", "max-arena", "max-flash", "max-training", "dtype", "batch",
           "execution", "expect-output", "max-nope")  # fmt: skip


def project(random: Random) -> str:
    """A pyproject.toml, mostly understood."""
    lines = ["[tool.cnncalc]"] + [f"{random.choice(_LIMITS)} = {_toml(random)}" for _ in range(random.randint(0, 2))]
    lines += [f"specs = {json.dumps(random.sample(_GLOBS, 2))}"] * (random.random() < 0.5)
    lines += [f"strict = {random.choice(('true', 'false', '3'))}"] * (random.random() < 0.2)
    tables = (
        "limits",
        "variables",
        "tolerance",
        f'limits."{random.choice(_GLOBS)}"',
        f'variables."{random.choice(_GLOBS)}"',
    )
    for table in random.sample(tables, 2):
        keys = _LIMITS if table.startswith("limits") else (*NAMES, "params", "macs")
        lines += [f"[tool.cnncalc.{table}]"]
        lines += [f"{random.choice(keys)} = {_toml(random)}" for _ in range(random.randint(0, 2))]
    text = "\n".join(lines) + "\n"
    return text if random.random() < 0.6 else mangled(random, text)


def _toml(random: Random) -> str:
    return random.choice(("5", "61_706", '"int8"', '"fused"', '{weights = "int4"}', '"5M"', '"512KiB"', '"2%"', "true", "1.5", "nan", "[1, 2]", '["a=10", "4x6x6"]', "{a = 3}", '"99x35"', "-5",
                          '""', "1979-05-27", "0x" + "f" * random.choice((3, 2000)), "9" * random.choice((3, 5000)), '"' + "9" * 5000 + '"', "[[1]]"))  # fmt: skip


_VALUES = (0, 112, None, True, -1, 1.5, "x", [3, 3], [[4, 6, 6]], [], {}, 10**50, [None])


def baseline(random: Random) -> str:
    """The text of a baseline, mostly understood."""
    entries = {
        name: {random.choice(MEASURES): random.choice(_VALUES) for _ in range(random.randint(0, 3))}
        for name in random.sample(("spec.txt", "b.txt [n=1]", "", "é"), 2)
    }
    version, specs = random.choice((1, 1, 1, 1, 2, True, "1")), random.choice((entries, entries, entries, [], 3))
    text = json.dumps({"version": version, "specs": specs}, indent=random.choice((None, 1)))
    return text if random.random() < 0.5 else mangled(random, text)


# --- changes ----------------------------------------------------------------------------------------


def mangled(random: Random, text: str) -> str:
    """`text` with some tokens or characters exchanged."""
    for _ in range(random.choice((1, 1, 2, 4))):
        text = random.choice((_tokens, _characters))(random, text)
    return text


def _tokens(random: Random, text: str) -> str:
    words = text.split(" ")
    at = random.randrange(len(words))
    words[at : at + random.choice((0, 1, 2))] = [random.choice((*WORDS, *words))] * random.choice((0, 1, 2))
    return " ".join(words)


def _characters(random: Random, text: str) -> str:
    at = random.randint(0, len(text))
    new = random.choice(
        (
            "",
            "\n",
            "\x07",
            "\x1b[31m",
            "\u202e",
            "\u00e9",
            "9",
            "(",
            "[",
            '"',
            "\\",
            "-",
            "0" * 50,
            text[at : at + 20],
            "\t",
            "=",
            ".",
        )
    )
    return text[:at] + new + text[at + random.choice((0, 1, 5)) :]


def changed(random: Random, text: str) -> bytes:
    """A spec as it is, or with lines, tokens or bytes changed."""
    pick = random.random()
    if pick < 0.35:
        return text.encode("utf-8", "replace")
    if pick < 0.75:
        return edited(text, random).encode("utf-8", "replace")
    if pick < 0.9:
        return mangled(random, text).encode("utf-8", "replace")
    data = bytearray(text.encode("utf-8", "replace"))
    for _ in range(random.choice((1, 2, 8))):
        at = random.randint(0, len(data))
        data[at : at + random.choice((0, 1, 1, 30))] = random.randbytes(random.choice((0, 1, 1, 4)))
    return bytes(data)
