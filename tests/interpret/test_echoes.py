"""Of a mistake one fault is told: what only follows from it is not."""

import random
import re

import pytest

from cnncalc.diagnostics import ERROR, Source
from cnncalc.interpret import build
from cnncalc.interpret.reading.examples import example_names
from cnncalc.interpret.reading.files import read_source
from helpers import network

INPUT = "input 3x32x32\n"


def errors(text):
    return [one for one in network(text).diagnostics if one.severity == ERROR]


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("block f(c)\n    conv c 3\n    relu\nf 8\nf 16\nf 32\n", 2, "syntax"),
        ("block f\n    conv 8 3\nf\nf\n", 2, "syntax"),
        ("bloc f(c):\n    conv c 3\n    f2 c\nf 8\nf 16\n", 2, "syntax"),
        ("block f(c:\n    conv c 3\nf 8\nf 16\n", 2, "syntax"),
        ("block fc_1c):\n    conv 8 3\nfc_1 8\n", 2, "bad-name"),
        ("block f(c, =3):\n    conv c 3\nf 8\n", 2, "bad-name"),
        ("      block f(c):\n    conv c 3\n    conv c 3\nf 8\n", 2, "indentation"),
        ("stage a:\n    block f(c):\n        conv c 3\nf 8\nf 8\n", 3, "misplaced"),
        ("repeat 3\n    conv 8 3\n    relu\nfc 10\n", 2, "syntax"),
        ("stage a\n    conv 8 3\nfc 10\n", 2, "syntax"),
        ("head a train\n    conv 8 3\n    relu\nfc 10\n", 2, "syntax"),
        ("if C == 3\n    conv 8 3\nelse:\n    relu\nconv 8 1\n", 2, "syntax"),
        ("add\n    - conv 8 3\n    - conv 8 1\n", 2, "missing-argument"),
        ("x = concat\n    - conv 8 3 pad=1\n      relu\n    - conv 8 1\nadd @x\n", 2, "missing-argument"),
        ("concat:\n    - conv 8 1\n  - conv 8 3 pad=1\n  - conv 9 1\n", 4, "indentation"),
        ("letx w = 8\nconv w 3\nconv w 3 | fc w\n", 2, "syntax"),
        (" w = 8\nconv w 3\nconv w 3\n", 2, "syntax"),
        ("default conv pad = 1\nconv 8 3\nrepeat 20:\n    conv 8 3\n", 2, "syntax"),
        ("default convx pad=1\nrepeat 20:\n    conv 8 3\n", 2, "unknown-layer"),
        ("use nowhere.txt\nstem 64\nrepeat 3:\n    unit 64\n    unit w\nclassifier\n", 2, "use"),
        ("\tconv 8 3\n\tconv 8 3\n\tconv 8 3\n", 2, "tab"),
        ("grop 8\ngrop 16\ngrop 32\n", 2, "unknown-layer"),
        ("conv wide 3\nconv wide 3\nfc wide\n", 2, "unknown-name"),
        ("block f(c):\n    conv c 3\nf 8 8\nf 16 16\nf\n", 4, "too-many-arguments"),
        ("block f(c, stide=1):\n    conv c 3 stride=stride\nf 8 stride=2\nf 8 stride=1\n", 4, "unknown-argument"),
        ("repeat 3 as :\n    conv 8*2**i 3\n", 2, "syntax"),
        ("block s(w):\n    w 3 pad=1 | relu\ns 8\ns 16\ns 32\n", 3, "unknown-layer"),
        ("block s(n):\n    repeat n-17:\n        relu\ns 1\ns 2\ns 3\n", 3, "argument"),
    ],
)  # fmt: skip
def test_one_fault(text, line, code):
    found = errors(INPUT + text)
    told = [(one.span.line, one.code) for one in found]
    assert told[0] == (line, code)
    assert len(told) == 1 or (code == "too-many-arguments" and told[1][1] == "missing-argument"), told


def test_it_says_the_other_lines():
    (one,) = errors(INPUT + "grop 8\ngrop 16\nrelu\ngrop 32\n")
    assert one.notes == ("also in lines 3, 5",)
    (one,) = errors(INPUT + "grop 8\nrelu\ngrop 16\n")
    assert one.notes == ("also in line 4",)
    (one,) = errors(INPUT + "grop 8\n" * 30)
    assert one.notes == (f"also in lines {', '.join(map(str, range(3, 13)))}, …",)


def test_it_says_how_many_of_a_line():
    (one,) = errors(INPUT + "block s(w):\n    w 3\ns 8\ns 16\ns 32\n")
    assert one.message.endswith("'w' holds 8, and that is no layer (one of 3 from this line)")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("maxpol 2\nconv 8 3 strid=2\nconv w 3\n", [2, 3, 4]),
        ("conv 8 3 stride = 2\nconv 8 99\nmaxpol 2\n", [2, 4]),  # a layer line: what runs on is not known
        ("@input | conv 8 99\n@input | conv 8 3 stride = 2\n", [2, 3]),
        ("use nowhere.txt\nmaxpol 2\nstem\n", [2, 3]),
        ("require params <\nconv 8 99\n", [2, 3]),
        ("relu\n  require params < 1 < 3\nhead h:\n    \n", [3, 4]),  # nothing hangs on what is asked
        ("relu\nrequire params == 1,00\n\n      conv 8 99\n", [3, 5]),
        ("relu\nrequireé params < 3\nconv 8 99\n", [3]),  # another word: it may have been a layer
        ("repeat 2:\n   conv 8 3\n   relu\n  tanh\nbn\nbn\nbn\n    bn\n", [5, 9]),
    ],
)  # fmt: skip
def test_several_mistakes_are_all_told(text, lines):
    assert [one.span.line for one in errors(INPUT + text)] == lines


def _slip(line, rng):
    """A line with one slip of the pen."""
    words = [match.span() for match in re.finditer(r"\w+", line.split("#")[0])]
    start, end = rng.choice(words)
    kind = rng.randrange(6)
    if kind == 0:
        return line[:start] + line[start : end - 1] + line[end:]
    if kind == 1:
        return line[:end] + rng.choice("xq7") + line[end:]
    if kind == 2:
        return line.replace(":", "", 1)
    if kind == 3:
        return rng.choice(("", "  ", "      ")) + line.lstrip()
    return line.replace("(", "", 1) if kind == 4 else line.replace("|", "", 1)


def test_a_slip_in_an_example_is_told_in_a_fault_or_two():
    """Anywhere in any of them: before, it was up to two dozen."""
    rng = random.Random(7)
    texts = [read_source(f"@{name}")[0].text for name in example_names()]
    worst = {}
    for _ in range(400):
        lines = rng.choice(texts).split("\n")
        at = rng.choice([number for number, line in enumerate(lines) if re.search(r"\w", line.split("#")[0])])
        lines[at] = _slip(lines[at], rng)
        text = "\n".join(lines)
        said = [one for one in build(Source("slip", text)).diagnostics if one.severity == ERROR]
        broken = [one for one in said if one.code != "expectation-failed"]
        worst.setdefault(len(broken), (lines[at], [(one.span.line, one.code, one.message) for one in broken]))
    assert max(worst) <= 2, worst[max(worst)]


def test_a_line_in_the_wrong_body_sets_nothing_twice():
    text = "input 3x8x8\nlet b = 1\nif b == 0:\n    let k = 1\n    let s = 1\nelse:\n      let k = 3\n    let s = 3\nconv 8 3"
    (one,) = [one for one in build(Source("slip", text)).diagnostics if one.severity == ERROR]
    assert one.code == "indentation"
