"""Layers of other files that are not made again: what becomes of a spec is the same whatever was read before it."""

from itertools import permutations

import pytest

from cnncalc.diagnostics import Source
from cnncalc.interpret import build, example_names, read_source
from cnncalc.interpret.shared import Shared
from cnncalc.measure import analyze

#: Each pair has a line in common that means something else in the other.
SPECS = [
    "input 3x32x32\nblock b(width):\n    conv width 3\nb 8\nrelu",
    "input 3x32x32\nblock b(kernel):\n    conv 4 kernel\nb 8\nrelu",
    "input 3x32x32\nb 8\nrelu",
    "input 3x32x32\ndefault conv bias=no pad=1\nconv 8 3\nreshape 4x64x30",
    "layout hwc\ninput 32x32x3\nconv 8 3\nreshape 60x30x4",
    "input 3x32x32\nconv 8 3\nreshape 60x30x4\nadd:\n    - conv 8 1\n    - conv 8 3 pad=1",
    "input 3x32x32\nlet n = 4\nconv n 3\nadd:\n    - conv n 1\n    - identity\ny = conv 8 3 -> 8x28x28",
    "input 3x32x32\nlet n = 5\nconv n 3\nconcat:\n    - conv n 1\n    - identity\ny = conv 8 3 -> 8x27x27",
    "input 3x32x32  # allow: unread-input\nconv 8 3 stride=2  # allow: unread-input\nconv 8",
    "input 3x32x32\nconv 8 3 stride=2\nconv 8\n\tconv 4 3",
    "input 3x32x32\nnn.Conv2d(3, 8, 3)\nconv 8 3 | relu\n@y | relu",
]


def built(source, folder=None, run=None):
    network = build(source, folder=folder, shared=run)
    return analyze(network).to_dict()


@pytest.mark.parametrize("order", list(permutations(range(len(SPECS)), 2)))
def test_one_spec_leaves_nothing_for_another(order):
    run = Shared()
    for number in order:
        source = Source("model.txt", SPECS[number])
        assert built(source, run=run) == built(source)


def test_the_examples_one_after_another_and_once_more():
    run = Shared()
    for name in [*example_names(), *example_names()]:
        source, folder = read_source(f"@{name}")
        assert built(source, folder, run) == built(source, folder)


def test_layers_are_made_once_for_all_specs_and_no_more_than_agreed(monkeypatch):
    run = Shared()
    for width in (4, 8):
        build(
            Source(
                "model.txt", f"input 3x32x32\nconv 8 3\nconv {width} 1\nadd:\n    - conv 4 1\n    - conv 4 1 bias=no"
            ),
            shared=run,
        )
    (known,) = [
        one for kind, one in run.families.items() if kind[0].kind == "conv" and kind[2] == {"filters", "kernel"}
    ]
    assert sorted(arguments[:2] for arguments in known) == [(4, 1), (8, 1), (8, 3)]
    monkeypatch.setattr("cnncalc.interpret.shared.MOST_KEPT", 1)
    build(Source("model.txt", "input 3x32x32\nrelu\n"), shared=run)
    assert sum(map(len, run.families.values())) == 1
