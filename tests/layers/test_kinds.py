"""Every kind's declaration is whole, and its shapes, weights and MACs are those of the definition."""

from __future__ import annotations

import pytest

from cnncalc.convert.lookup import all_names, lookup
from cnncalc.layers import KINDS, LayerError
from tests.helpers import clean, network, params, shapes

#: Input, line, output, parameters, MACs: by the formulas of the field, worked out by hand.
TABLE = [
    ("3x32x32", "conv 10 3", (10, 30, 30), 280, 243_000),
    ("3x227x227", "conv 96 11 stride=4", (96, 55, 55), 34_944, 105_415_200),
    ("4x16x16", "conv 8 3 groups=2 pad=same stride=3", (8, 6, 6), 152, 5_184),
    ("4x9x9", "conv 8 (1, 7) pad=0x3 bias=no", (8, 9, 9), 224, 18_144),
    ("2@100", "conv 4 3 dilation=8 pad=causal", (4, 100), 28, 2_400),
    ("3x16x112x112", "conv 64 3 pad=1", (64, 16, 112, 112), 5_248, 1_040_449_536),
    ("8x10x10", "dwconv 3 multiplier=2", (16, 8, 8), 160, 9_216),
    ("8x10x10", "upconv 4 3 stride=2 pad=1 outpad=1", (4, 20, 20), 292, 28_800),
    ("8x10x10", "upconv 4 3 stride=2 pad=same", (4, 20, 20), 292, 28_800),
    ("8x10x10", "upconv 4 2 stride=2 groups=4", (4, 20, 20), 36, 3_200),
    ("2x5x5", "localconv 3 3", (3, 3, 3), 513, 486),
    ("1@4", "localconv 1 3 pad=1 bias=no", (1, 4), 10, 10),
    ("3x10x10", "maxpool 3 stride=2 ceil=yes", (3, 5, 5), 0, 0),
    ("3x10x10", "maxpool 3 2", (3, 4, 4), 0, 0),
    ("3x7x9", "avgpool to=2x3", (3, 2, 3), 0, 0),
    ("3x7x9", "gavgpool", (3, 1, 1), 0, 0),
    ("5x1x1", "fc 10", (10,), 60, 50),
    ("5", "fc 10 bias=no", (10,), 50, 50),
    ("2x3x4", "flatten", (24,), 0, 0),
    ("2x3x4", "reshape 4x?", (4, 6), 0, 0),
    ("6x4x4", "bn", (6, 4, 4), 12, 0),
    ("6x4x4", "bn bias=no", (6, 4, 4), 6, 0),
    ("6x4x4", "gn 3 affine=no", (6, 4, 4), 0, 0),
    ("6x4x4", "ln", (6, 4, 4), 12, 0),
    ("6x4x4", "prelu", (6, 4, 4), 6, 0),
    ("6x4x4", "glu", (3, 4, 4), 0, 0),
    ("6x4x4", "pad 1:2x0", (6, 7, 4), 0, 0),
    ("6x4x4", "crop 2x3", (6, 2, 3), 0, 0),
    ("6x5x5", "resize 1.5", (6, 7, 7), 0, 0),
    ("6x5x5", "resize to=3x9 mode=bilinear", (6, 3, 9), 0, 0),
    ("8x4x4", "pixelshuffle 2", (2, 8, 8), 0, 0),
    ("2x8x8", "pixelunshuffle 2", (8, 4, 4), 0, 0),
    ("6x4x4", "shuffle 3", (6, 4, 4), 0, 0),
    ("6x4x4", "take 2:5", (3, 4, 4), 0, 0),
    ("6@9", "take 8:9 axis=L", (6, 1), 0, 0),
    ("6x4x4", "scale bias=yes", (6, 4, 4), 12, 0),
    ("6x4x5", "tokens", (6, 20), 0, 0),
    ("8@10", "attention 4", (8, 10), 288, 4_160),
    ("8@10", "attention 2 bias=no", (8, 10), 256, 4_160),
    ("6x4x5", "mean H", (6, 1, 5), 0, 0),
    ("6x4x5", "max C", (1, 4, 5), 0, 0),
    ("6x4x5", "mean HW", (6, 1, 1), 0, 0),
    ("6x4x5", "max WC", (1, 4, 1), 0, 0),
    ("6x4x4", "bn scale=no", (6, 4, 4), 6, 0),
    ("6x4x4", "bn scale=no bias=no", (6, 4, 4), 0, 0),
    ("6x4x4", "bn affine=no scale=yes", (6, 4, 4), 0, 0),
    ("6x4x5", "ln axes=CHW", (6, 4, 5), 240, 0),
    ("6x4x5", "ln axes=WH bias=no", (6, 4, 5), 20, 0),
    ("6x4x5", "softmax axis=H", (6, 4, 5), 0, 0),
    ("6x4x5", "prelu shared=each", (6, 4, 5), 120, 0),
    ("6x4x4", "scale by=0.5", (6, 4, 4), 0, 0),
    ("6x4x5", "pad 2x3 mode=reflect", (6, 8, 11), 0, 0),
    ("6x4x5", "ReplicationPad2d 1:0", (6, 5, 6), 0, 0),
    ("6x4x5", "permute WCH", (5, 6, 4), 0, 0),
    ("6@9", "transpose LC", (9, 6), 0, 0),
    ("6@9", "matmul @input transposed=yes", (6, 6), 0, 324),
    ("6x4x9", "matmul @input transposed=yes", (6, 4, 4), 0, 864),
    ("6@9", "lstm 5", (5, 9), 4 * 5 * (6 + 5 + 2), 4 * 5 * 11 * 9),
    ("6@9", "lstm 5 biases=1 last=yes", (5,), 4 * 5 * (6 + 5 + 1), 4 * 5 * 11 * 9),
    ("6@9", "gru 5 bidirectional=yes", (10, 9), 2 * 3 * 5 * 13, 2 * 3 * 5 * 11 * 9),
    ("6@9", "rnn 5 layers=2 biases=0", (5, 9), 5 * 11 + 5 * 10, 5 * (11 + 10) * 9),
    ("6@9", "lstm 5 layers=2 bidirectional=yes", (10, 9), 8 * 5 * (11 + 2 + 15 + 2), 8 * 5 * (11 + 15) * 9),
    ("6x4x5", "unpool 2", (6, 8, 10), 0, 0),
    ("6x4x5", "unpool 3 stride=2 pad=1", (6, 7, 9), 0, 0),
    ("6x8x9", "a = maxpool 3 stride=2 pad=1\n@a | unpool from=@a", (6, 8, 9), 0, 0),
    ("6x4x5", "op X shape=3x9x9 params=7 macs=100", (3, 9, 9), 7, 100),
    ("7", "embed 100 16", (16, 7), 1600, 0),
]  # fmt: skip


@pytest.mark.parametrize(("entering", "line", "output", "weights", "macs"), TABLE, ids=[row[1] for row in TABLE])
def test_a_layer_by_its_definition(entering: str, line: str, output: tuple[int, ...], weights: int, macs: int) -> None:
    text = f"input {entering}\n{line}"
    assert shapes(text)[-1] == output
    assert params(text) == weights
    assert sum(node.result.macs for node in clean(text).layers if node.result) == macs


@pytest.mark.parametrize("kind", KINDS)
def test_a_declaration_is_whole(kind: str) -> None:
    cls = KINDS[kind]
    assert cls.kind == kind
    assert cls.summary.endswith(".")
    assert cls.rule
    words = cls.example.rpartition("= ")[2].split()
    assert words[0] in (kind, *cls.aliases)
    assert all(arg.about for arg in cls.args)
    assert all(name in cls.keys for name in cls.positions)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"learned"}))
def test_its_example_works(kind: str) -> None:
    """On one of a few inputs: enough channels for every group, and a rank that fits."""
    line = KINDS[kind].example
    inputs = ["192x224x224", "192@64", "192", "3136"]
    tried = [network(f"input {size}\nenc1 = identity\ngate = identity\n{_two(line)}") for size in inputs]
    assert any(not [one for one in built.diagnostics if one.severity == "error"] for built in tried), line


def _two(line: str) -> str:
    """Merges in the examples join two different tensors; a body's `@here` becomes a name."""
    return line.replace("@input", "@enc1").replace("@here", "@enc1")


def test_every_kind_of_the_language_is_there() -> None:
    assert len(KINDS) == 64


@pytest.mark.parametrize("name", all_names())
def test_every_name_is_found_whatever_its_case_if_foreign(name: str) -> None:
    found = lookup(name)
    assert found is not None
    if name not in (found[0].kind, *found[0].aliases):
        assert lookup(name.upper()) == lookup(f"{name[:1]}_{name[1:]}".lower()) == found


def test_a_faulty_layer_says_which_argument() -> None:
    with pytest.raises(LayerError) as caught:
        KINDS["conv"].create({"filters": 8, "kernel": 3, "groups": 3}).result(((4, 8, 8),))
    assert (caught.value.argument, caught.value.message) == ("groups", "groups=3 does not divide the 4 input channels")


def test_no_kind_has_a_size_or_a_pair_for_a_default():
    """Layers are told apart by the types of what is given: what is not given says nothing of types."""
    for cls in KINDS.values():
        assert not [arg.name for arg in cls.args if isinstance(arg.default, tuple)], cls.kind
