"""Lines with one slip of the pen: whatever is advised to be written is understood, and is not refused again so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

import pytest

from cnncalc.diagnostics import Diagnostic, Source
from cnncalc.spec import parser
from tests.helpers import fault, network

#: All that a spec has, so that any of its lines may slip.
SPEC = """model Residual-9
layout chw
input 16x32x32
let width = 16
let act = silu
default conv dwconv bias=no
block cbr(c, k=3, s=1):
    conv c k stride=s pad=k//2 | bn | act
block res(c, @skip):
    add:
        - cbr c | cbr c 1
        - @skip | conv c 1 stride=2
        - if C != c:
              conv c 1 | bn
          else:
              identity
    relu
stage stem:
    first = conv width*2 7 stride=2 pad=3 | bn | relu    -> 32x16x16
    maxpool 3 stride=2 pad=1                             -> 32x8x8
repeat 3, 5 as k:
    y = cbr (width * 2) k
x = res 32 @first | avgpool 8
pool5 = maxpool 2 stride=1 pad=0:1 | dropout 0.2
left, right = split 2
gate = @left | conv 16 1 | sigmoid
mul @gate @right
concat:
    - conv width 1 | take 0:8
    - upconv 8 3 pad=1
    - dwconv 3 pad=1 multiplier=2 | resize like=@here mode=nearest
if width > 8 and not (width == 64):
    conv divisible(width*1.5, 8) 1
elif width == 4:
    conv 8 1
head aux train:
    gavgpool | flatten | fc 10
gavgpool | flatten | fc 1000 bias=yes
freeze stem
dtype weights=int8 biases=int32
output @x
require params <= 5M  "the budget"
require output == 1000
"""
SIGNS = ",;:=()|.@-+*/'\""
WORDS = (
    "nn.Conv2d",
    "Conv2D",
    "pool",
    "64",
    "3x3",
    "True",
    "self.x",
    "relu",
    "=",
    "==",
    "->",
    "|",
    "2.5",
    "for",
    "let",
    "to",
)


def slipped(line: str, chance: Random) -> str:
    """`line`, with a letter, a sign, a word or a blank missing, added, turned or changed."""
    start, end = chance.choice([match.span() for match in re.finditer(r"\w+", line)])
    at = chance.randrange(len(line))
    blank = chance.choice([match.start() for match in re.finditer(" ", line)] or [0])
    return chance.choice((
        line[: end - 1] + line[end:],
        line[:end] + chance.choice("xq7,;:)") + line[end:],
        line[:start] + line[end:],
        line[:start] + "(" + line[start:] + ")",
        line[:start] + chance.choice(WORDS) + line[end:],
        line[:start] + chance.choice(WORDS) + " " + line[start:],
        line[:start] + line[start:end].upper() + line[end:],
        line[:blank] + " " + line[start:end] + line[blank:],
        line[:blank] + chance.choice(("_", "-", ",", "=", "", " , ")) + line[blank + 1 :],
        line[:at] + line[at + 1 :],
        line[:at] + chance.choice(SIGNS) + line[at:],
        line[:at] + line[at + 1 : at + 2] + line[at : at + 1] + line[at + 2 :],
        line.replace(":", "", 1), line.replace("=", " ", 1), line.replace(" ", ", ", 1),
    ))  # fmt: skip


def advised(diagnostic: Diagnostic) -> list[str]:
    """The pieces that a diagnostic says to write, as far as they are said whole."""
    quoted = r"'((?:[^']|(?<=\w)'(?=\w))+)'(?=$|[ ,;:])"
    found = re.findall(rf"write {quoted}(?: or {quoted})?", diagnostic.help or "")
    return [piece for pieces in found for piece in pieces if piece and "…" not in piece]


def rewritten(line: str, diagnostic: Diagnostic, piece: str) -> Iterator[str]:
    """What somebody may make of a line with advice: it stands in the place of the line, or of what is marked in it."""
    indent = len(line) - len(line.lstrip(" "))
    dash = "- " * line.startswith("-", indent)
    yield line[:indent] + piece
    yield line[:indent] + dash + piece
    span = diagnostic.span
    assert span is not None
    start, end = span.column - 1, span.end_column - 1
    yield line[:start] + piece + line[end:]
    before, after = (
        re.search(r"\S+\s*\Z", line[:start]),
        re.match(r"\s*[^\s|]+", line[end:]),
    )  # a sign between two words
    yield line[: before.start() if before else start] + piece + line[end + (after.end() if after else 0) :]
    words = re.split(r" \| |(?<=\S)\s+->", line[indent + len(dash) :])  # an element between others
    for element in words:
        yield line.replace(element, piece, 1)


def errors(text: str) -> list[Diagnostic]:
    return [one for one in network(text).diagnostics if one.severity == "error"]


@pytest.mark.parametrize("seed", range(4))
def test_what_is_advised_is_understood(seed: int) -> None:
    chance, lines = Random(seed), SPEC.splitlines()
    for _ in range(70):
        at = chance.randrange(len(lines))
        content = lines[at].lstrip(" ")
        line = lines[at].removesuffix(content) + slipped(content, chance).strip()
        text = "\n".join([*lines[:at], line, *lines[at + 1 :]])
        for one in errors(text):
            if one.span is None or one.span.line != at + 1:
                continue
            for piece in advised(one):
                assert any(_cures(made, line, at, one) for made in rewritten(line, one, piece)), (
                    line,
                    one.message,
                    one.help,
                )


def _cures(made: str, line: str, at: int, before: Diagnostic) -> bool:
    """Whether `made` in the place of a line is read, and not refused with the same words."""
    if made == line:
        return False
    lines = SPEC.splitlines()
    text = "\n".join([*lines[:at], made, *lines[at + 1 :]])
    said = [one.span and one.span.line for one in parser.parse(Source("model.txt", text))[1]]
    return at + 1 not in said and not any(one.message == before.message for one in errors(text))


LINES = [
    ("fc7 = 4096 1 | relu", "fc7 = conv 4096 1 | relu"), ("pool1 =  2 -> 8x16x16", "pool1 = maxpool 2 -> 8x16x16"),
    ("y = (conv 64 3 | relu)", "y = conv 64 3 | relu"), ("64 3 pad=1", "conv 64 3 pad=1"), ("conv64 3", "conv 64 3"),
    ("requir output == 10", "require output == 10"), ("le depth = 1.8", "let depth = 1.8"),
    ("model, DCGAN generator", "model DCGAN generator"), ("params <= 5M", "require params <= 5M"),
    ("assert params < 5M", "require params < 5M"), ("Require params < 5M", "require params < 5M"),
    ("letwidth = 64", "let width = 64"), ("int k = 3", "let k = 3"), ("k == 3", "let k = 3"), ("for y = relu", "y = relu"),
    ("y := relu", "y = relu"), ("y <- relu", "y = relu"), ("y relu", "y = relu"), ("x let k = 3", "let k = 3"), ("conv 8 3pad=1", "conv 8 3 pad=1"),
    ("conv 8 3 => 8x30x30", "conv 8 3 -> 8x30x30"), ("conv 8 3 --> 8x30x30", "conv 8 3 -> 8x30x30"),
    ("conv 8 3 - 8x30x30", "conv 8 3 -> 8x30x30"), ("conv 8 3 pad=1 3", "conv 8 3 3 pad=1"), ("conv=8 3", "conv 8 3"),
    ("conv 8 3)", "conv 8 3"), ("conv 8 (3", "conv 8 (3)"), ("conv[8, 3]", "conv 8 3"), ("`relu`", "relu"),
    ("| relu", "relu"), ("relu | | tanh", "relu | tanh"), ("relu & tanh", "relu | tanh"), ("relu / tanh", "relu | tanh"),
    ("outpt @x", "output @x"), ("defaultconv bias=no", "default conv bias=no"), ("conv 8 3 bias=none", "bias=no"),
    ("stgae s1:", "stage s1:"), ("sta,ge s1:", "stage s1:"), ("sta=ge s1:", "stage s1:"), ("Repeat 3:", "repeat 3:"), ("stage stage s1:", "stage s1:"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "meant"), LINES, ids=[row[0] for row in LINES])
def test_the_line_that_is_meant_is_advised(line: str, meant: str) -> None:
    said = fault("input 8x32x32\nx = relu\n" + line + "\n    relu" * line.endswith(":")).help or ""
    assert said.startswith(f"write '{meant}'")


def test_blocks_and_tensors_of_the_file_are_meant_first() -> None:
    block = "input 8x32x32\nblock cbr(c, s=1):\n    conv c 3\ns3 = relu\n"
    assert fault(block + "crb 3").help == "did you mean 'cbr'?"
    assert fault(block + "cbr 256, 1").help == "write 'cbr 256 1'"
    assert fault(block + "s3 | relu").help == "a tensor that has a name is '@s3'"


def test_a_block_that_is_called_like_a_statement_is_no_slip_of_it() -> None:
    assert fault("input 8x32x32\nblock stages(n):\n    conv n 3\nstages 3 = 4").help != "write 'stage s 3 = 4'"


def test_the_spec_is_sound() -> None:
    assert errors(SPEC) == []
