"""A block that was run on the same before is copied: the copy is, to the last detail, what running it would make."""

import pytest

from cnncalc.diagnostics import Source
from cnncalc.interpret import build, example_names, read_source
from cnncalc.interpret.repeated import Repeats

SPECS = {
    "names, merges and rounds inside": """
input 8x16x16
block unit(width, act=relu):
    y = conv width 3 pad=1
    add:
        - @y | bn
        - if C != width:
              conv width 1
    repeat 2 as i:
        z = conv (width + i) 1 | act
    add:
        - @z
        - @input | conv (width + 1) 1
repeat 3:
    unit 8
unit 8
unit 8 act=silu
stage late:
    unit 8
a = unit 9
""",
    "blocks in blocks, one without layers": """
input 4x8x8
block nothing(n):
    let m = n
block inner(w):
    conv w 1 | relu
block outer(w):
    inner w
    repeat 2:
        inner w
    nothing 3
repeat 4:
    outer 4
nothing 1
outer 4
""",
    "variables above the use": """
input 4x8x8
let k = 1
block b:
    conv 4 k pad=k//2
b
b
repeat 2 as i:
    let j = i
    conv 4 1
b
""",
    "the running tensor itself, and one that only sizes are read of": """
input 4x8x8
block same:
    identity
block none:
    if C == 3:
        conv 3 1
x = conv 4 1
repeat 3:
    none
    same
    none
concat @x @input
""",
    "shared weights inside": """
input 4x8x8
block twice:
    y = conv 4 1
    z = conv 4 1 share=@y
repeat 3:
    twice
w = twice
twice share=@w
""",
    "train heads and defaults": """
input 4x8x8
default conv bias=no
block b:
    conv 4 1
    default conv bias=yes
    conv 4 1
b
head aux train:
    b
    b
b
""",
    "warnings in a block are told at each way, once": """
input 4x9x9
block b:
    maxpool 2 pad=2
    add:
        - identity
        - identity
b
b
""",
    "an unknown layer in a block": """
input 4x8x8
block b:
    conv 4 1
    nonsense
    conv 4 1
repeat 2:
    b
""",
    "names that look like instances": """
input 4x8x8
block unit:
    conv 4 1
unit2 = conv 4 1
relu61 = relu
repeat 3:
    unit
conv9 = unit
""",
}


def everything(source, folder, **options):
    network = build(source, folder=folder, **options)
    rows = [
        (node.position, node.name, node.kind, node.layer and (node.layer.values, node.layer.shown), node.inputs,
         node.output, node.owner, node.path, node.train, node.source.name, node.line, node.span[1:],
         [(frame.text, frame.span.source.name, frame.span[1:]) for frame in node.frames])
        for node in network.nodes
    ]  # fmt: skip
    ends = [tuple(port) for port in network.outputs], {name: tuple(one) for name, one in network.extents.items()}
    return rows, ends, [one.to_dict() for one in network.diagnostics], (network.reads_sizes, network.reads_channels)


@pytest.mark.parametrize("name", [*SPECS, *example_names()])
def test_copies_are_what_running_would_make(name, monkeypatch):
    source, folder = (Source(name, SPECS[name]), None) if name in SPECS else read_source(f"@{name}")
    copied = everything(source, folder)
    monkeypatch.setattr(Repeats, "key", lambda self, block, scope: None)
    assert copied == everything(source, folder)


def test_the_limit_on_layers_stops_within_a_copy():
    text = "input 1x8x8\nblock b:\n    conv 1 1 | relu | relu\nrepeat 10:\n    b\n"
    network = build(Source("model.txt", text), max_layers=8)
    assert len(network.nodes) == 1 + 8
    assert [one.code for one in network.diagnostics] == ["too-many-layers"]
