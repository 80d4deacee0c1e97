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
]  # fmt: skip


@pytest.mark.parametrize(("text", "help", "mended"), OFFERS, ids=[row[1] for row in OFFERS])
def test_what_is_offered_holds(text: str, help: str, mended: str) -> None:
    assert fault(text).help == help
    assert not [one for one in network(mended).diagnostics if one.severity == "error"]


def test_what_no_pad_or_stride_mends_is_not_offered() -> None:
    text = "input 3x36x36\na = conv 8 3 pad=2\n@input | conv 8 3 pad=3\nadd @a"
    assert "pad" not in (fault(text).help or "")
