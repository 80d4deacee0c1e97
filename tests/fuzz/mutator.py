"""Changes to specs that keep much of their sense: lines moved, copied, nested and made up, words exchanged."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from random import Random

SEEDS = Path(__file__).parent / "seeds"
#: The folder that `use` lines start from.
USED = SEEDS.with_name("used")

KINDS = (
    "conv dwconv upconv localconv maxpool avgpool gavgpool gmaxpool fc flatten reshape bn in gn ln lrn relu prelu "
    "softmax glu dropout identity add mul concat pad crop resize pixelshuffle pixelunshuffle shuffle take split none scale "
    "learned tokens attention mean max deconv gap dense depthwise Conv2d conv1d MaxPool2d AdaptiveAvgPool2d Linear "
    "lstm gru rnn embed unpool permute matmul sub div maximum minimum op transpose maxunpool embedding LSTM GRU "
    "BatchNorm2d ZeroPad2d Upsample Conv3d LeakyReLU MaxPooling2D PReLU b1 b2 act nothing"
).split()
KEYS = (
    "filters kernel stride pad dilation groups bias outpad multiplier ceil countpad to affine shared rate axis like "
    "mode factor share heads amount size shape range units layers bidirectional last biases words from axes by params macs "
    "transposed scale parts out k s p d g K F S P padding a b n x width"
).split()
NAMES = "x y z a b n i w skip here input stem enc1 b1 b2 act C H W D L width".split()
NUMBERS = (
    "0 1 2 3 4 5 7 8 11 16 31 32 64 100 227 1000 65536 10**9 10**12 2**199 1/3 0.5 -1 00 99999999999999999999".split()
)
SHAPES = (
    "1x28x28 3x224x224 8@1000 784 3x16x112x112 1x1x1 64x?x? ? 28x28 1x3x8x8 8x8x3 3@8x8 (3, 8, n) (C, H, W) 4x4".split(
        " "
    )
)
WORDS = (
    '| -> - : # , ( ) @ = == != < <= > >= + - * / // % ** ? " and or not yes no true same valid causal nearest bilinear '
    "as train none freeze @x[1] @y[*] @x[i+1].C @x[ [ ] ] 64,80 a, , 0:1 1:0x0:1 3x5 (k, 1) ( ) min( max( divisible( floor( abs( round( 5M 64KiB 61,100,840 params macs field "
    "output(x) params(stem) @x @here @input @here.C @x.L @x.Q × \u00a0 \u2028 \ufeff \t \r 1e3 2k - - -"
).split(" ")
HEADERS = (
    (
        "add: mul: concat: concat\\ axis=L: x\\ =\\ add: repeat\\ 3: repeat\\ n\\ as\\ i: repeat\\ 0: repeat\\ 3,5: repeat\\ 1,000: repeat\\ 1,\\ n,\\ relu\\ as\\ a: a,\\ b\\ =\\ add: "
        "if\\ C\\ ==\\ 3: if\\ n\\ <\\ 2\\ and\\ C\\ !=\\ 4: elif\\ yes: else: stage\\ s: head\\ h: head\\ h\\ train: block\\ b1: "
        "block\\ b1(a,\\ n=2,\\ @x): block\\ b2(act=relu,\\ @y=@input):"
    )
    .replace("\\ ", "\0")
    .split(" ")
)

Lines = list[str]
_pool: Lines = []


def pool() -> Lines:
    """The lines of all seeds."""
    if not _pool:
        for path in sorted(SEEDS.iterdir()):
            _pool.extend(path.read_text("utf-8", "replace").split("\n"))
    return _pool


def number(random: Random) -> str:
    return random.choice(NUMBERS) if random.random() < 0.4 else str(random.randint(1, 12))


def expression(random: Random, depth: int = 2) -> str:
    pick = random.random()
    if depth == 0 or pick < 0.35:
        return number(random)
    if pick < 0.5:
        return random.choice(NAMES)
    if pick < 0.6:
        return f"@{random.choice(NAMES)}.{random.choice('CHWLD')}"
    one, other = expression(random, depth - 1), expression(random, depth - 1)
    if pick < 0.7:
        return f"({one}, {other})"
    if pick < 0.8:
        return f"{random.choice(('min', 'max', 'divisible', 'round', 'floor', 'abs', 'f'))}({one}, {other})"
    if pick < 0.85:
        return f"({random.choice(('-', 'not '))}{one})"
    sign = random.choice(("+", "-", "*", "/", "//", "%", "**", "==", "<", ":", " and ", " or ", "x"))
    return f"({one}{sign}{other})" if random.random() < 0.6 else f"{one}{sign}{other}".replace(" ", "")


def value(random: Random) -> str:
    pick = random.random()
    if pick < 0.5:
        return number(random)
    if pick < 0.6:
        return random.choice(SHAPES)
    if pick < 0.7:
        return random.choice(("same", "valid", "causal", "yes", "no", "0:1", "1x2", "3x5", "bilinear", "C", "H", "L"))
    if pick < 0.8:
        return f"@{random.choice(NAMES)}{random.choice(('', '', '[1]', '[2].C', '[*]', '[i+1]', f'[{number(random)}][1]'))}"
    if pick < 0.85:
        return f"{number(random)},{expression(random)}"
    return expression(random)


def element(random: Random) -> str:
    words = [random.choice(KINDS), *(value(random) for _ in range(random.choice((0, 1, 1, 2, 2, 3))))]
    words += [f"{random.choice(KEYS)}={value(random)}" for _ in range(random.choice((0, 0, 0, 1, 1, 2)))]
    return " ".join(words)


def line(random: Random) -> str:
    """A line of the language, or nearly."""
    pick, name = random.random(), random.choice(NAMES)
    if pick < 0.3:
        return element(random)
    if pick < 0.4:
        return " | ".join(element(random) for _ in range(3))
    if pick < 0.5:
        return f"{name} = {element(random)}"
    if pick < 0.55:
        return f"{element(random)} -> {random.choice(SHAPES)}"
    if pick < 0.6:
        return f"@{name} | {element(random)}"
    if pick < 0.65:
        return f"{random.choice(('add', 'mul', 'concat'))} @{name} @{random.choice(NAMES)}"
    if pick < 0.75:
        return f"let {name} = {expression(random, 3)}"
    if pick < 0.8:
        return f"default {random.choice(KINDS)} {random.choice(KINDS)} {random.choice(KEYS)}={value(random)}"
    if pick < 0.85:
        return f"require {random.choice(('params', 'output(x)', 'field(stem)', 'macs'))} <= {expression(random)}"
    return random.choice(
        (f"input {random.choice(SHAPES)}", f"{name} = input {random.choice(SHAPES)}", f"output @{name}", "layout hwc", "dtype int8", "dtype weights=int4 biases=half",
         "use blocks.txt", "use loop.txt", "use more/deep.txt", "model M", f"-> {random.choice(SHAPES)}", "-", "- identity", "- none", "none", "use @blocks", "use @nothing",
         f"freeze {name} {random.choice(NAMES)}", f"{name}, {random.choice(NAMES)} = {element(random)}", f"a, b = split {value(random)}",
         f"output @{name} @{random.choice(NAMES)}", f"add @{name}[*]", f"@{name}[{expression(random)}] | relu",
         "conv 8 3 share=@x", f"b1 {value(random)} {value(random)}", f"x{name} = b2 @{name} share=@x", "# allow: unused-tensor")
    )  # fmt: skip


_SET = re.compile(r"(?:let|block|as|stage|head) +(\w+)|(\w+) *= *\w|[(,] *@?(\w+) *(?=[,=)])")


def names(lines: Lines) -> list[str]:
    """The names that some of `lines` set."""
    found = [word for text in lines for match in _SET.findall(text) for word in match if word]
    return found or ["x"]


def sound(random: Random, known: list[str]) -> str:
    """A line that fits after most lines of most specs, with a word now and then that need not."""
    name, count = random.choice(known), random.choice((1, 2, 3, 4, 8))
    new = f"{random.choice('pqrstuv')}{random.randint(0, 99)}"
    text = random.choice(
        (f"conv {count} 1", f"conv {count} 3 pad=same", "relu", "bn", f"let {new} = {random.choice((name, count, 'relu', 'conv', 'C', '(1, 1)'))}",
         f"{name}", f"{name} {count}", f"{name} {count} 1", f"conv {name} 1", f"{new} = conv C 1", f"@{name} | relu", f"concat @{name}",
         f"add @{name}", f"mul @{name}", "add @input", f"conv C 1 share=@{name}", f"resize like=@{name}", f"conv @{name}.C 1",
         f"repeat {count} as {new}:\0relu",
         f"repeat {count}, {name} as {new}:\0relu", f"repeat 2:\0{new} = conv C 1", f"repeat 2:\0{new} = conv C 1\0concat @{new}[*]", f"concat @{name}[*]", f"@{name}[1] | relu",
         f"{new}, {new}b = split 2", f"{new}, {new}b = {name} {count}", f"block {new}(a=2):\0p = conv a 1\0q = relu\0output @p @q", f"freeze {name}",
         "add:\0- relu\0- none\0-", f"concat:\0- none\0- @{name}[1]", f"@{new} | relu", f"if C == {count}:\0{new} = relu", "stage s1:\0bn", "head h1 train:\0gavgpool", f"repeat {name}:\0bn",
         f"default conv {random.choice(('bias=no', 'pad=same', f'stride={name}'))}", f"block {new}(a={name}, @b=@input):\0conv a 1\0concat @b",
         f"block {new}(a=relu):\0a", f"{new} = {name} share=@{name}", f"output @{name}", f"require params({name}) < 5M", f"-> ?x{count}x{count}", "-> ?x?x?",
         f"dwconv 3 pad=same multiplier={count}", "avgpool to=2", "flatten", *reshaping(random, count), "scale", f"take 0:{name}", "tokens", f"let {new} = {name}*2", f"let {new} = @{name}.C",
         f"{random.choice(('upconv 4 3', 'resize 2', 'upconv 4 5'))}\0{random.choice(('crop 1', 'take 0:1 axis=H'))}\0{random.choice(('flatten', 'mean L', 'reshape -1'))}",
         f"require output == (params({name}), {count}, 6)", f"require (params({name}), {count})", f"require field({name}) <= ({count}, {count})",
         "concat:\0- relu\0- identity", f"{new} = mul:\0- gavgpool\0-", f"add:\0- conv C 1\0-\0  @{name}", f"if {name} == 1 or C < 9:\0relu\0else:\0bn")
    )  # fmt: skip
    return text if random.random() < 0.9 else text.replace(name, random.choice(known))


def reshaping(random: Random, count: int) -> tuple[str, ...]:
    """Lines that make maps larger, leave little of them, and take as one what is left."""
    return (
        f"upconv {count} {random.choice((2, 3, 5, 49))}", f"upconv {count} 4 stride={random.choice((2, 3))} pad=1",
        f"resize {random.choice((2, 3, '1/2'))} mode={random.choice(('nearest', 'bilinear'))}", f"crop {count}", "pad -1",
        f"take {count - 1}:{count} axis={random.choice('HWL')}", f"mean {random.choice('HWL')}", f"avgpool to={count}", "gavgpool",
    )  # fmt: skip


# --- edits: each changes `lines` in place -----------------------------------------------------------


def _at(random: Random, lines: Lines) -> int:
    return random.randrange(len(lines))


def _indent(text: str) -> str:
    return text[: len(text) - len(text.lstrip(" "))]


def insert(random: Random, lines: Lines) -> None:
    at = _at(random, lines)
    lines.insert(at, _indent(lines[at]) + line(random))


def add(random: Random, lines: Lines) -> None:
    """A line, or a header with its body, that may well fit."""
    at = _at(random, lines)
    indent = _indent(lines[at])
    header, *body = sound(random, names(lines[:at])).split("\0")
    some = [indent + header, *(indent + ("" if text == "else:" else "    ") + text for text in body)]
    to = random.choice((at, at + 1))
    lines[to:to] = some


def rename(random: Random, lines: Lines) -> None:
    """A name that is set where another word stands."""
    at = _at(random, lines)
    words = list(re.finditer(r"\w+", lines[at]))
    if words:
        word = random.choice(words)
        lines[at] = lines[at][: word.start()] + random.choice(names(lines)) + lines[at][word.end() :]


def borrow(random: Random, lines: Lines) -> None:
    """Some lines of a seed."""
    from_ = _at(random, pool())
    some = pool()[from_ : from_ + random.choice((1, 1, 2, 4, 8))]
    at = _at(random, lines)
    lines[at:at] = some


def delete(random: Random, lines: Lines) -> None:
    at = _at(random, lines)
    del lines[at : at + random.choice((1, 1, 1, 2, 4))]


def copy(random: Random, lines: Lines) -> None:
    at, count = _at(random, lines), random.choice((1, 1, 2, 4))
    some = lines[at : at + count] * random.choice((1, 1, 1, 3, 20))
    to = _at(random, lines)
    lines[to:to] = some


def move(random: Random, lines: Lines) -> None:
    one, other = _at(random, lines), _at(random, lines)
    lines[one], lines[other] = lines[other], lines[one]


def shift(random: Random, lines: Lines) -> None:
    """Indents or outdents some lines."""
    at, by = _at(random, lines), random.choice((-4, -2, -1, 1, 2, 4))
    for index in range(at, min(len(lines), at + random.choice((1, 1, 2, 5)))):
        lines[index] = " " * by + lines[index] if by > 0 else lines[index][min(-by, len(_indent(lines[index]))) :]


def wrap(random: Random, lines: Lines) -> None:
    """Puts some lines below a header, as a path of a merge perhaps."""
    at, count = _at(random, lines), random.choice((1, 1, 2, 3, 6))
    header = random.choice(HEADERS).replace("\0", " ")
    outer = _indent(lines[at])
    inner = [f"    {text}" for text in lines[at : at + count]]
    if "add" in header or "mul" in header or "concat" in header:
        inner = [f"{outer}    -", *(f"  {text}" for text in inner), f"{outer}    - {line(random)}"]
    lines[at : at + count] = [outer + header, *inner]


def reword(random: Random, lines: Lines) -> None:
    """Replaces, inserts, deletes or doubles a word."""
    at = _at(random, lines)
    words = lines[at].split(" ")
    place = random.randrange(len(words))
    new = random.choice((value, expression, element, lambda r: r.choice(WORDS), lambda r: r.choice(KINDS)))(random)
    words[place : place + random.choice((0, 1, 1))] = random.choice(([new], [new], [], [words[place]] * 2))
    lines[at] = " ".join(words)


def renumber(random: Random, lines: Lines) -> None:
    """Another number where one stands."""
    at = _at(random, lines)
    text = lines[at]
    digits = [index for index, char in enumerate(text) if char.isdigit()]
    if digits:
        start = end = random.choice(digits)
        while end < len(text) and text[end].isdigit():
            end += 1
        lines[at] = text[:start] + number(random) + text[end:]


def character(random: Random, lines: Lines) -> None:
    at = _at(random, lines)
    place = random.randint(0, len(lines[at]))
    new = random.choice("\t \r\0#\"'()@|-=:,.×?xX\u00a0\u2028é中\ud800\U0001f600" + "09azAZ_/*+<>!%")
    lines[at] = lines[at][:place] + random.choice((new, "", new * 2)) + lines[at][place + random.choice((0, 1)) :]


EDITS: tuple[Callable[[Random, Lines], None], ...] = (
    insert, add, add, add, add, add, add, rename, rename, borrow, borrow, delete, copy, move, shift, wrap, wrap, reword, reword, reword, renumber,
    renumber, character,
)  # fmt: skip


def edited(text: str, random: Random) -> str:
    """`text` after one to four edits."""
    lines = text.split("\n")
    for _ in range(random.choice((1, 1, 1, 1, 2, 4))):
        random.choice(EDITS)(random, lines)
        if not lines:
            lines = ["input 3x8x8"]
    return "\n".join(lines)


def crossed(one: str, other: str, random: Random) -> str:
    """The start of one text and the end of another."""
    first, second = one.split("\n"), other.split("\n")
    return "\n".join(first[: random.randint(0, len(first))] + second[random.randint(0, len(second)) :])
