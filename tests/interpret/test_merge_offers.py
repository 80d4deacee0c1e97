"""What made paths differ that are joined is said, and holds when it is written."""

from __future__ import annotations

import pytest

from tests.helpers import fault, network

#: Spec, what is advised, and the spec with what is advised.
OFFERS = [
    ("input 16x32x32\ny = relu\nconv 16 3\nadd @y", "write 'conv 16 3 pad=1' in line 3: then each is 32x32",
     "input 16x32x32\ny = relu\nconv 16 3 pad=1\nadd @y"),
    ("input 16x32x32\ny = relu\nconv 16 3 dilation=2 pad=0\nadd @y",
     "write 'conv 16 3x3 pad=2 dilation=2' in line 3: then each is 32x32",
     "input 16x32x32\ny = relu\nconv 16 3x3 pad=2 dilation=2\nadd @y"),
    ("input 16@32\nadd:\n  - conv 16 5\n  - identity", "write 'conv 16 5 pad=2' in line 3: then each is 32",
     "input 16@32\nadd:\n  - conv 16 5 pad=2\n  - identity"),
    ("input 19x28x28\nconcat:\n  - conv 64 1\n  - conv 16 1 | conv 32 5x3\n  - maxpool 3 stride=1",
     "write 'conv 32 5x3 pad=2x1' in line 4 and 'maxpool 3 stride=1 pad=1' in line 5: then each is 28x28",
     "input 19x28x28\nconcat:\n  - conv 64 1\n  - conv 16 1 | conv 32 5x3 pad=2x1\n  - maxpool 3 stride=1 pad=1"),
    ("input 16x9x9\nblock res(w):\n  add:\n    - conv w 3 | bn | conv w 3\n    - identity\nres 16\nres 16",
     "write 'conv w 3 pad=1' in line 4: then each is 9x9",
     "input 16x9x9\nblock res(w):\n  add:\n    - conv w 3 pad=1 | bn | conv w 3 pad=1\n    - identity\nres 16\nres 16"),
    ("input 1x64x64\nenc = conv 8 3 pad=1\nmaxpool 2\nconv 16 3 pad=1\nupconv 8 2\nconcat @enc",
     "write 'upconv 8 2 stride=2' in line 5: then each is 64x64",
     "input 1x64x64\nenc = conv 8 3 pad=1\nmaxpool 2\nconv 16 3 pad=1\nupconv 8 2 stride=2\nconcat @enc"),
    ("input 1x64x64\nenc = conv 8 3\nmaxpool 2\nconv 16 3\nupconv 8 2\nconcat @enc",
     "write 'conv 16 3 pad=1' in line 4 and 'upconv 8 2 stride=2' in line 5: then each is 62x62",
     "input 1x64x64\nenc = conv 8 3\nmaxpool 2\nconv 16 3 pad=1\nupconv 8 2 stride=2\nconcat @enc"),
    ("input 16x31x31\nadd:\n  - conv 32 3 stride=2 pad=1 | bn\n  - conv 32 1",
     "write 'conv 32 1 stride=2' in line 4: then each is 16x16",
     "input 16x31x31\nadd:\n  - conv 32 3 stride=2 pad=1 | bn\n  - conv 32 1 stride=2"),
    ("input 16x31x31\nadd:\n  - conv 32 3 stride=2 pad=1 | bn\n  - identity",
     "in path 2 (line 4), for identity: 'conv 32 1 stride=2 | bn'",
     "input 16x31x31\nadd:\n  - conv 32 3 stride=2 pad=1 | bn\n  - conv 32 1 stride=2 | bn"),
    ("input 16x32x32\nadd:\n  - identity\n  - conv 32 3 stride=2 | bn | conv 32 3",
     "write 'conv 32 3 stride=2 pad=1' in line 4 and 'conv 32 3 pad=1' in line 4, "
     "and in path 1, for identity: 'conv 32 1 stride=2 | bn'",
     "input 16x32x32\nadd:\n  - conv 32 1 stride=2 | bn\n  - conv 32 3 stride=2 pad=1 | bn | conv 32 3 pad=1"),
    ("input 16x32x32\nx = relu\nconv 32 3 stride=2 pad=1 | bn\nadd @x",
     "in the place of 'add @x' write 'add:', and below it '- identity' and '- @x | conv 32 1 stride=2 | bn'",
     "input 16x32x32\nx = relu\nconv 32 3 stride=2 pad=1 | bn\nadd:\n  - identity\n  - @x | conv 32 1 stride=2 | bn"),
    ("input 16x32x32\nadd:\n  - conv 32 3 pad=1\n  - conv 16 1",
     "'conv 32 1' at the end of path 2 (line 4) makes the channels equal",
     "input 16x32x32\nadd:\n  - conv 32 3 pad=1\n  - conv 16 1 | conv 32 1"),
    # a name in the place of what ran before has to be made with what it lacks, or the merge is as it was
    ("input 3x36x36\na = conv 8 3 pad=3\nb = @input | conv 8 3\nmul @a @b",
     "in the place of 'mul @a @b' write 'mul:', and below it '- @a | crop like=@b' and '- @b'; "
     "'resize like=@b' does it, too",
     "input 3x36x36\na = conv 8 3 pad=3\nb = @input | conv 8 3\nmul:\n  - @a | crop like=@b\n  - @b"),
    ("input 3x36x36\na = conv 8 1\nb = @input | conv 4 1\nconcat @a @b axis=H",
     "in the place of 'concat @a @b axis=H' write 'concat axis=H:', and below it '- @a' and '- @b | conv 8 1'",
     "input 3x36x36\na = conv 8 1\nb = @input | conv 4 1\nconcat axis=H:\n  - @a\n  - @b | conv 8 1"),
    # pools whose stride was forgotten, a line of several kernels, a block that is used with other tensors, too
    ("input 16x20x20\nx = conv 8 1\np = maxpool 5 pad=2\nq = maxpool 5 pad=2 stride=1\nconcat @x @p @q",
     "write 'maxpool 5 pad=2 stride=1' in line 3: then each is 20x20",
     "input 16x20x20\nx = conv 8 1\np = maxpool 5 pad=2 stride=1\nq = maxpool 5 pad=2 stride=1\nconcat @x @p @q"),
    ("input 16x20x20\nblock cbs(c, k):\n  conv c k | bn\nadd:\n  - cbs 16 1 | cbs 16 3\n  - identity",
     "write 'conv c k pad=k//2' in line 3: then each is 20x20",
     "input 16x20x20\nblock cbs(c, k):\n  conv c k pad=k//2 | bn\nadd:\n  - cbs 16 1 | cbs 16 3\n  - identity"),
    ("input 16x20x20\nblock gate(@skip):\n  conv 2 1\n  mul @skip\nx = conv 16 1\ny = conv 8 1\n@input | gate @x\ngate @y",
     "'conv @skip.C 1' before it makes the channels equal",
     "input 16x20x20\nblock gate(@skip):\n  conv 2 1\n  conv @skip.C 1\n  mul @skip\n"
     "x = conv 16 1\ny = conv 8 1\n@input | gate @x\ngate @y"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "help", "mended"), OFFERS, ids=[row[1] for row in OFFERS])
def test_what_is_offered_holds(text: str, help: str, mended: str) -> None:
    assert next(one for one in network(text).diagnostics if one.severity == "error").help == help
    assert not [one for one in network(mended).diagnostics if one.severity == "error"]


def test_what_no_pad_or_stride_mends_is_not_offered() -> None:
    text = "input 3x36x36\na = conv 8 3 pad=2\n@input | conv 8 3 pad=3\nadd @a"
    assert "pad" not in (fault(text).help or "")


def test_no_stride_is_offered_for_a_row_that_was_halved_away() -> None:
    text = "input 3x222x222\na = conv 8 3 pad=1\nmaxpool 2\nb = conv 8 3 pad=1\nmaxpool 2\nconv 8 3 pad=1\n"
    found = fault(text + "upconv 8 2 stride=2\nconcat @b\nupconv 8 2 stride=2\nconcat @a")
    assert found.help == "'resize like=@b' before it makes the sizes equal"
    assert found.notes == ("the network takes height = width: any multiple of 4 from 4 up",)
