"""What a merge that fails is answered with: why its tensors do not go together, and what to write."""

from __future__ import annotations

import re

import pytest

from tests.helpers import fault, network

#: Spec, the end of the message, and the help.
MERGES = [
    ("input 64x8x8\nmul:\n    - gavgpool | conv 4 1 | relu | conv C 1 | sigmoid\n    - identity", "path 2 (line 4) gives 64x8x8",
     "C is 4 here, @here.C is 64: write 'conv @here.C 1'"),
    ("input 64x8x8\nconcat axis=H:\n    - conv 4 1 | relu | conv C 1\n    - identity", "gives 64x8x8",
     "C is 4 here, @here.C is 64: write 'conv @here.C 1'"),
    ("input 64x8x8\nx = relu\ngavgpool | conv 4 1 | relu | conv C*2 1 | sigmoid\nmul @x", "@x gives 64x8x8",
     "C is 4 here, @x.C is 64: write 'conv @x.C*2 1'"),
    ("input 64x8x8\nadd:\n    - conv 32 1\n    - conv 32 1\n    - if C != 64:\n          conv 32 1",
     "path 1 gives 32x8x8, path 3 (line 5) is the identity: it gives 64x8x8",
     "in path 3 (line 5), where it is the identity: 'conv 32 1 | bn'"),
    ("input 64x8x8\nadd:\n    - if C != 64:\n          conv 32 1\n    - conv 32 1",
     "path 1 is the identity: it gives 64x8x8, path 2 (line 5) gives 32x8x8",
     "in path 1, where it is the identity: 'conv 32 1 | bn'"),
    ("input 3x36x36\na = conv 8 3 pad=2\n@input | conv 8 3 pad=3\nadd @a", "@a gives 8x38x38",
     "'crop like=@a' or 'resize like=@a' before it makes the sizes equal"),
    ("input 3x36x36\na = conv 8 3 pad=3\n@input | conv 8 3 pad=2\nadd @a", "@a gives 8x40x40", "'resize like=@a' before it makes the sizes equal"),
    ("input 3x36x36\na = conv 8 3 pad=3\nb = @input | conv 8 3\nmul @a @b", "@b gives 8x34x34",
     "in the place of 'mul @a @b' write 'mul:', and below it '- @a | crop like=@b' and '- @b'; "
     "'resize like=@b' does it, too"),
    ("input 3x36x36\nadd:\n    - conv 3 3\n    - conv 3 5", "path 2 (line 4) gives 3x32x32",
     "write 'conv 3 3 pad=1' in line 3 and 'conv 3 5 pad=2' in line 4: then each is 36x36"),
    ("input 3x90x90\na = conv 8 3 pad=1\nconv 8 3 stride=2 pad=1\nresize to=60 | relu\nadd @a", "@a gives 8x90x90",
     "write 'resize like=@a' in the place of 'resize to=60'"),
    ("input 3x90x90\nconcat:\n    - maxpool 2 | resize to=60\n    - identity", "gives 3x90x90", "write 'resize like=@here' in the place of 'resize to=60'"),
    ("input 3x90x90\nx = relu\ncrop 60x50\nadd @x", "@x gives 3x90x90", "write 'crop like=@x' in the place of 'crop 60x50'"),
    ("input 8\nx = relu\nfc 3\nadd @x", "@x gives 8", "'fc 8' before it makes the channels equal"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "figures", "help"), MERGES, ids=[row[0].partition("\n")[2] for row in MERGES])
def test_what_is_said(text: str, figures: str, help: str) -> None:
    found = fault(text)
    assert found.message.endswith(figures)
    assert found.help == help


@pytest.mark.parametrize(
    "text", [row[0] for row in MERGES if "write '" in row[2] and not re.search(" in line |^in the place", row[2])]
)
def test_what_is_advised_holds(text: str) -> None:
    help = fault(text).help or ""
    written = re.search(r"write '([^']*)'(?: in the place of '([^']*)')?", help)
    assert written is not None
    old = written[2] or re.search(r"conv C\S* 1", text)[0]  # type: ignore[index]
    errors = [one for one in network(text.replace(old, written[1])).diagnostics if one.severity == "error"]
    assert not errors or "C*2" in text or "axis=H" in text


@pytest.mark.parametrize(
    ("shape", "help"),
    [
        ("3x224x224", "with the channels first leave 'layout hwc' out, or write 'input 224x224x3'"),
        ("1x28x28", "with the channels first leave 'layout hwc' out, or write 'input 28x28x1'"),
        ("28x28x1", None), ("3x3x512", None), ("1x1x64", None), ("4x8x64", None), ("224x224x3", None),
    ],
)  # fmt: skip
def test_a_picture_with_its_channels_first_in_a_file_that_has_them_last(shape: str, help: str | None) -> None:
    said = network(f"layout hwc\ninput {shape}\nrelu").diagnostics
    assert [(one.code, one.help) for one in said] == ([] if help is None else [("channels-first", help)])


@pytest.mark.parametrize(
    ("line", "help"),
    [
        ("conv (c*alpha) 3", "write 'divisible(c*alpha, 8)', the nearest multiple of 8, or 'round(c*alpha)'"),
        ("conv c*alpha 3", "write 'divisible(c*alpha, 8)', the nearest multiple of 8, or 'round(c*alpha)'"),
        ("flatten | fc c*alpha", "write 'divisible(c*alpha, 8)', the nearest multiple of 8, or 'round(c*alpha)'"),
        ("maxpool 3*alpha", "write 'round(3*alpha)' or 'floor(3*alpha)'"),
        ("conv c/3 3", "for a whole number divide with '//'"),
        ("conv 2.5 3", None),
    ],
)
def test_a_width_that_a_factor_makes_a_fraction(line: str, help: str | None) -> None:
    text = f"let alpha = 1\nlet c = 64\ninput 3x8x8\n{line}"
    assert fault(text, settings={"alpha": "0.35"}).help == help
    if help and help.startswith("write"):
        whole = (
            line.replace("(c*alpha)", "c*alpha")
            .replace("c*alpha", "divisible(c*alpha, 8)")
            .replace("3*alpha", "round(3*alpha)")
        )
        made = network(text.replace(line, whole), settings={"alpha": "0.35"}).nodes[-1]
        assert made.output and made.output[0] in (24, 3)


def test_a_pad_of_same_fills_up_by_itself() -> None:
    found = fault("input 4x8x8\nupconv 4 16 stride=8 pad=same outpad=1")
    assert found.message == "outpad goes with a pad in numbers: pad=same fills up to W*S by itself"
    assert network("input 4x8x8\nupconv 4 16 stride=8 pad=same outpad=0").nodes[-1].output == (4, 64, 64)


def test_tensors_of_rounds_are_told_apart():
    """Each by a name that can be typed."""
    text = "input 3x8x8\nrepeat 2:\n    repeat 1, 3 as k:\n        y = conv 4 k\nadd @y[*]\n@y[1][1] | add @y[2][2]"
    first, second = [one for one in network(text).diagnostics if one.code == "shape"]
    assert "@y[1][1] gives 4x8x8, @y[1][2] gives 4x6x6" in first.message
    assert "gives 4x8x8, @y[2][2] gives 4x" in second.message
