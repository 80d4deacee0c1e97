"""What would satisfy a failed expectation: each offer, put into the spec, holds, and nothing is warned of."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.diagnostics import Diagnostic
from tests.helpers import fault, network

_NUMBER = r"(\d+)"


def failed(text: str) -> list[Diagnostic]:
    return [one for one in network(text).diagnostics if one.code == "expectation-failed"]


def offers(help: str) -> list[str]:
    """What is offered, one by one."""
    if help.startswith("'flatten'"):
        return ["flatten"]
    return re.split(r", or |, | or (?!\d)", help.partition(" with ")[2])


def values(text: str) -> list[str]:
    """The values that are meant: the ends, and what lies between."""
    text = text.replace(" to ", "..")
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    if "up" in text:
        return [str(numbers[0]), str(numbers[0] + 1), str(numbers[0] * 7 + 100)]
    if " or " in text:
        return re.split(" or ", text)
    if ".." not in text:
        return [text]
    first, last = (int(re.match(r"\d+", end)[0]) for end in text.split(".."))  # type: ignore[index]
    rank = text.partition("..")[0].count("x") + 1
    sizes = range(first, last + 1) if last - first < 6 else (first, first + 1, (first + last) // 2, last - 1, last)
    return ["x".join([str(size)] * rank) for size in sizes]


def substituted(lines: list[str], place: int, offer: str) -> list[list[list[str]]]:
    """The spec with an offer put in, for each value that it names, in each layer of line `place` that it may mean."""
    offer, _, where = offer.partition(" in '")
    found = re.fullmatch(r"an input( height| width| depth)? (?:of|from) (.*)", offer)
    if found:
        made = []
        for value in values(found[2]):
            new = list(lines)
            channels, *sizes = re.split("[x@]", lines[0].split()[1])
            size = value.split("x")[0]
            axes = {" depth": [0], " height": [len(sizes) - 2], " width": [len(sizes) - 1], None: range(len(sizes))}
            sizes = [size if axis in axes[found[1]] else old for axis, old in enumerate(sizes)]
            new[0] = f"input {channels}@{'x'.join(sizes)}"
            made.append([new])
        return made
    parts = re.split(r" and | (?=(?:pad|outpad|stride)=)", offer)
    changes = [[]]
    for part in parts:
        key, said = argument(part)
        changes = [[*change, (key, value)] for change in changes for value in values(said)]
    return [put(lines, place, change, where.rstrip("'")) for change in changes]


def argument(part: str) -> tuple[str, str]:
    """The argument that an offer is about, and what is said of its value."""
    for pattern, key in (
        (r"a kernel (?:of )?(.*)", "kernel"), (r"a factor (?:of )?(.*)", "factor"),
        (r"pad (.*)", "amount"), (r"crop (.*)", "size"), (r"reshape (.*)", "shape"),
        (r"(stride|dilation|pad|outpad|to|multiplier|filters|units)[ =](.*)", ""),
    ):  # fmt: skip
        found = re.fullmatch(pattern, part)
        if found:
            return (key or found[1]), found[len(found.groups())]
    raise AssertionError(part)


def put(lines: list[str], place: int, change: list[tuple[str, str]], where: str) -> list[list[str]]:
    """The lines with other arguments of a layer that may be meant: keys take the place of what stands there."""
    before, arrow, shape = lines[place].partition("->")
    elements = [element.strip() for element in before.split("|")]
    made = network("\n".join(lines))
    nodes = [node for node in made.layers if node.span and node.span.line == place + 1]
    results = []
    for at, (element, node) in enumerate(zip(elements, nodes, strict=True)):
        entering = made.nodes[node.inputs[0]].output
        assert node.layer is not None and entering is not None
        if where not in ("", node.layer.describe(len(entering) - 1)):
            continue
        if not {key for key, _ in change} <= {arg.name for arg in node.layer.args}:
            continue
        kind, *words = element.split()
        positional = [arg.name for arg in node.layer.args if arg.position is not None]
        given = dict(zip(positional, [word for word in words if "=" not in word], strict=False))
        given |= dict(tuple(word.split("=", 1)) for word in words if "=" in word)
        given |= dict(change)
        changed = " ".join([kind, *(f"{key}={value}" for key, value in given.items())])
        line = " | ".join([*elements[:at], changed, *elements[at + 1 :]])
        results.append([*lines[:place], f"{line} {arrow}{shape}", *lines[place + 1 :]])
    assert results, (lines, change, where)
    return results


def fault_of(new: list[str], place: int, before: set[str]) -> str:
    """What is said of a spec with an offer put in: that the arrow of line `place` fails, or a warning; else nothing."""
    said = [other for other in network("\n".join(new)).diagnostics if other.severity != "note"]
    failing = [other.message for other in said if other.code == "expectation-failed" and other.span.line == place + 1]
    return "; ".join([*failing, *(other.message for other in said if other.code not in before)])


def check(text: str) -> int:
    """Puts each offer of the failed expectations of a spec into it; the number of values tried."""
    lines = text.split("\n")
    count, before = 0, {other.code for other in network(text).diagnostics}
    for one in failed(text):
        assert one.span is not None
        for offer in offers(one.help or "") if one.help and "channels" not in one.help else []:
            place = one.span.line - 1
            layer_line = place if lines[place].partition("->")[0].strip() else place - 1
            for meant in [] if offer == "flatten" else substituted(lines, layer_line, offer):
                faults = [fault_of(new, place, before) for new in meant]
                assert "" in faults, (offer, meant, faults)
                count += 1
    return count


#: Spec, and the whole help.
ANSWERS = [
    ("input 3x224x224\nconv 96 11 stride=4 -> 96x55x55", "55 with pad=2 or 3, an input of 227..230, or a kernel of 5..8"),
    ("input 3x224x224\nconv 96 11 stride=4 -> 96x54x54\nmaxpool 3 stride=2 -> 96x?x27", "27 with pad=1, an input of 227..234, or a kernel of 2"),
    ("input 1x28x28\nconv 6 5 | maxpool 2 | conv 16 5 | maxpool 2\nflatten -> 400", "400 with an input of 32x32 to 35x35"),
    ("input 1x32x32\nmaxpool 4 | relu\n-> 1x4x4", "4 with an input of 16..19, a kernel of 7 or 8, stride=8 or 9, or dilation=6"),
    ("input 1x8x8\nmaxpool 2 -> 1x8x8", "8 with an input of 16 or 17 or stride=1 pad=0:1"),
    ("input 4x8x8\nupconv 4 3 -> 4x11x11", "11 with an input of 9 or a kernel of 4"),
    ("input 4x8x8\nupconv 4 3 stride=2 -> 4x20x20", "20 with a kernel of 6"),
    ("input 4x8x8\nupconv 4 3 stride=2 -> 4x16x16", "16 with pad=0:1, a kernel of 2, or pad=1 outpad=1"),
    ("input 3x10x10\navgpool 7 stride=2 pad=0 -> ?x1x1", "1 with an input of 7 or 8, a kernel of 9 or 10, or stride from 4 up"),
    ("input 3x32x32\nresize 2 -> 3x96x96", "96 with an input of 48 or a factor of 3"),
    ("input 36x32x32\npixelshuffle 2 -> 4x96x96", "4x96x96 with a factor of 3"),
    ("input 3x32x32\nresize to=60 -> 3x64x64", "64 with to=64x64"),
    ("input 3x32x32\nconv 64 3 -> 32x32x32", "32 with pad=1 and filters=32 or a kernel of 1 and filters=32"),
    ("input 3x32x32\nconv 64 3 -> 32x30x30", "32 with filters=32"),
    ("input 3x32x32\ndwconv 3 pad=1 -> 6x32x32", "6 with multiplier=2"),
    ("input 3x8x8\nreshape 3x64 -> 4x48", "4x48 with reshape 4x48"),
    ("input 16x5x5\nrelu -> 400", "'flatten' gives 16*5*5 = 400"),
    ("input 3x30x40\nconv 8 3 -> 8x30x38", "30 with pad=1x0, an input height of 32, or a kernel of 1x3"),
    ("input 3x30x40\nconv 8 4x3 -> 8x30x40", "8x30x40 with pad=1:2x1 or a kernel of 1"),
    ("input 3x32x32\nconv 8 3 stride=2 -> 8x32x32", "32 with an input of 65 or 66 or stride=1 pad=1"),
    ("input 16x4x4\nflatten | fc 10 -> 12", "12 with units=12"),
    ("input 3x20x20\ncrop 18 -> 3x16x16", "16 with crop 16x16"),
    ("input 8x32x32\ninput_is_kept = relu\nconv 8 3 pad=1 | relu -> 8x16x16", "16 with an input of 16, a kernel of 19, stride=2, or dilation=9"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "help"), ANSWERS, ids=[row[0].splitlines()[-1] for row in ANSWERS])
def test_what_is_offered(text: str, help: str) -> None:
    assert failed(text)[0].help == help
    assert check(text) or help.startswith("'flatten'")


#: Spec, and the arithmetic behind the first size that is wrong.
FIGURES = [
    ("input 16x4x4\nflatten -> 400", "16*4*4 = 256"),
    ("input 16x4x4\nflatten | relu | dropout -> 400", "16*4*4 = 256"),
    ("input 1x32x32\nmaxpool 4 | relu\n-> 1x4x4", "floor((32 - 4 + 2*0)/4) + 1 = 8"),
    ("input 8x6x6\nreshape 8x? -> 8x30", "8*6*6/8 = 36"),
    ("input 8x6x6\nreshape 2x4x? -> 2x4x30", "8*6*6/(2*4) = 36"),
    ("input 8x6x6\nreshape 8x36 -> 9x32", "it is the 8 of reshape 8x36"),
    ("input 8x6x6\nresize 1.5 -> 8x10x10", "floor(6*1.5) = 9"),
    ("input 8x6x6\nresize 2 -> 8x10x10", "6*2 = 12"),
    ("input 8x6x6\nresize to=9 -> 8x10x10", "to=9 gives 9 of any input"),
    ("input 8x6x6\nresize like=@input -> 8x10x10", "like=@… gives 6 of any input"),
    ("input 8x6x6\nmaxpool to=3 -> 8x2x2", "to=3 gives 3 of any input"),
    ("input 8x6x6\ngavgpool -> 8x2x2", "gavgpool gives 1 of any input"),
    ("input 8x6x6\npixelshuffle 2 -> 2x10x10", "6*2 = 12"),
    ("input 8x6x6\npixelshuffle 2 -> 4x12x12", "8/(2*2) = 2"),
    ("input 8x6x6\npixelunshuffle 2 -> 32x6x6", "6/2 = 3"),
    ("input 8x6x6\npixelunshuffle 2 -> 8x3x3", "8*2*2 = 32"),
    ("input 8x6x6\npad 1:2 -> 8x8x8", "6 + 1 + 2 = 9"),
    ("input 8x6x6\npad -1 -> 8x8x8", "6 - 1 - 1 = 4"),
    ("input 8x6x6\ncrop 4 -> 8x3x3", "crop leaves 4"),
    ("input 8x6x6\ntokens -> 8x30", "6*6 = 36"),
    ("input 8x6x6\ntake 2:5 -> 4x6x6", "5 - 2 = 3"),
    ("input 8x6x6\nmean H -> 8x2x6", "mean H gives 1"),
    ("input 8x6x6\nglu -> 8x6x6", "8/2 = 4"),
    ("input 8x6x6\ndwconv 1 multiplier=3 -> 16x6x6", "8*3 = 24"),
    ("input 8x6x6\nconcat:\n    - identity\n    - conv 4 1\n-> 16x6x6", "8 + 4 = 12"),
    ("input 8x6x6\nflatten | fc 10 -> 12", "each of the 10 units gives a value"),
    ("input 8x6x6\nconv 4 3 -> 8x4x4", "each of the 4 filters gives a channel"),
    ("input 8x6x6\nconv 4 3\nadd:\n    - relu\n    - tanh\nrelu\n-> 4x6x6", "floor((6 - 3 + 2*0)/1) + 1 = 4"),
    ("input 8x6x6\nrelu -> 8x5x5", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "figures"), FIGURES, ids=[row[0].partition("\n")[2] for row in FIGURES])
def test_the_arithmetic(text: str, figures: str) -> None:
    message = fault(text).message
    assert message.partition(": ")[2] == figures


def spec(random: Random) -> str:
    """A line of one to three layers on a small input, and below or behind it an arrow that is wrong."""
    rank = random.choice([1, 2, 2, 2, 3])
    sizes = [random.randint(6, 40)] * rank if random.random() < 0.7 else [random.randint(6, 40) for _ in range(rank)]
    lines = [f"input 8@{'x'.join(map(str, sizes))}"]
    elements = [element(random, rank) for _ in range(random.choice([1, 1, 2, 3]))]
    if random.random() < 0.15:
        elements.append("flatten")
    lines.append(" | ".join(elements))
    made = network("\n".join(lines)).nodes[-1].output
    if made is None:
        return "\n".join(lines)
    wrong = list(made)
    axes = [random.randrange(len(wrong))] if random.random() < 0.4 else range(min(1, len(wrong) - 1), len(wrong))
    by = random.choice([1, -1, 2, -2, 3, 7, -5])
    for axis in axes:
        wrong[axis] = max(1, wrong[axis] + by, wrong[axis] * 2 * (by == 7))
    shape = "x".join(map(str, wrong)) if len(wrong) != 2 else f"{wrong[0]}@{wrong[1]}"
    if random.random() < 0.3:
        return "\n".join([*lines, f"-> {shape}"])
    return "\n".join([lines[0], f"{lines[1]} -> {shape}"])


def element(random: Random, rank: int) -> str:
    kernel = random.randint(1, 7)
    more = "".join(f" {word}" for word in (
        f"stride={random.randint(1, 4)}" * (random.random() < 0.5), f"pad={random.randint(0, kernel // 2)}" * (random.random() < 0.5),
    ) if word)  # fmt: skip
    return random.choice([
        f"conv {random.choice([4, 8])} {kernel}{more}", f"maxpool {kernel}{more}", f"avgpool {kernel}{more}",
        f"upconv 4 {kernel}{more}", f"dwconv {kernel}{more}", "relu", f"pad {random.randint(0, 3)}", f"resize {random.randint(1, 3)}",
        "maxpool to=4", f"conv 8 {kernel} dilation={random.randint(1, 3)}{more}", "crop 5", f"maxpool {kernel} ceil=yes{more}",
        "pixelshuffle 2" if rank == 2 else "bn",
    ])  # fmt: skip


@settings(max_examples=150)
@given(st.integers(0, 10**9))
def test_every_offer_holds(seed: int) -> None:
    check(spec(Random(seed)))


PARTED = [
    ("input 1@4003\nconv 8 10 stride=5 | relu\nconv 16 10 stride=5 | relu\nupconv 8 10 stride=5 | relu\nupconv 1 10 stride=5 -> 1@4003",
     "1x4003 with outpad=4 in 'upconv1' (line 4), which gives 795 where 'conv2' was given 799 and "
     "outpad=3 in 'upconv2' (line 5), which gives 4000 where 'conv1' was given 4003", {3: "outpad=4", 4: "outpad=3"}),
    ("input 3x35x35\nconv 8 3 stride=2 pad=1\nconv 8 4 stride=4\nupconv 8 4 stride=4\nupconv 3 3 stride=2 pad=1\nrelu -> 3x35x35",
     "3x35x35 with outpad=2 in 'upconv1' (line 4), which gives 16 where 'conv2' was given 18", {3: "outpad=2"}),
    ("input 3@45x47\nconv 8 3 stride=2 pad=1 | relu\nconv 8 3 stride=2 pad=1\nupconv 8 3 stride=2 pad=1\nupconv 8 3 stride=2 pad=1 -> 8x45x47",
     "8x45x47 with outpad=0x1 in 'upconv1' (line 4), which gives 23 where 'conv2' was given 24", {3: "outpad=0x1"}),
    ("input 3@46x45\nconv 8 3 stride=2 pad=1 | relu\nconv 8 3 stride=2 pad=1\nupconv 8 3 stride=2 pad=1\nrelu\nupconv 8 3 stride=2 pad=1 | tanh\n-> 8x46x45",
     "8x46x45 with outpad=1x0 in 'upconv2' (line 6), which gives 45 where 'conv1' was given 46", {5: "outpad=1x0"}),
    ("input 3@46\nconv 8 3 stride=2 pad=1\nconv 8 3 stride=2 pad=1\nconv 8 3 stride=2 pad=1\nupconv 8 3 stride=2 pad=1\n"
     "upconv 8 3 stride=2 pad=1\nupconv 8 3 stride=2 pad=1\n-> 8x46",
     "8x46 with outpad=1 in 'upconv1' (line 5), which gives 11 where 'conv3' was given 12 and "
     "outpad=1 in 'upconv3' (line 7), which gives 45 where 'conv1' was given 46", {4: "outpad=1", 6: "outpad=1"}),
    ("input 3@46\na = conv 8 3 stride=2 pad=1\nconv 8 4 stride=4\nupconv 8 4 stride=4 outpad=1\nadd:\n    - relu\n    - tanh\n"
     "upconv 3 3 stride=2 pad=1 | relu\n-> 3x46",
     "3x46 with outpad=3 in 'upconv1' (line 4), which gives 21 where 'conv1' was given 23 and "
     "outpad=1 in 'upconv2' (line 8), which gives 45 where 'a' was given 46", {3: "outpad=3", 7: "outpad=1"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "help", "outpads"), PARTED)
def test_the_layer_where_a_decoder_parts_from_its_encoder(text: str, help: str, outpads: dict[int, str]) -> None:
    assert failed(text)[0].help == help
    lines = text.split("\n")
    for place, outpad in outpads.items():
        element, *rest = lines[place].split(" | ")
        before, arrow, shape = element.partition(" ->")
        before = before.partition(" outpad=")[0]
        lines[place] = " | ".join([f"{before} {outpad}{arrow}{shape}", *rest])
    assert [one.code for one in network("\n".join(lines)).diagnostics if one.severity != "note"] == []


@pytest.mark.parametrize("text", [
    "input 1@4002\nconv 8 5 stride=5 | relu\nupconv 1 5 stride=5 -> 1@4002",  # the line's own layer: told as any argument
    "input 3x36x36\nconv 8 3 stride=2\nconv 8 3\nupconv 3 3 stride=2 -> 3x36x36",  # what is lost is no odd pixel
    "input 3@100\nmaxpool 4\nupconv 3 4 stride=4 pad=same | relu\n-> 3x103",  # outpad does not go with pad=same
    "input 3@45x50\nmaxpool 2\nresize 2 | relu\n-> 3x45x50",  # nor with resize
    "input 3@106\nconv 3 8 stride=8 | relu\nupconv 3 4 stride=4 | relu\n-> 3x103",  # more is missing than it makes up
    "input 3@46\nconv 8 3 stride=2 pad=1\nconv 8 3 stride=2 pad=1\nupconv 8 3 stride=2 pad=1\nupconv 8 3 stride=2 pad=1 | relu\n-> 9x46",
])  # fmt: skip
def test_where_they_do_not_part(text: str) -> None:
    assert "was given" not in (failed(text)[0].help or "")
