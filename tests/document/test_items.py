"""What a row stands for, and what stands in a group."""

import pytest

from cnncalc.document.items import OTHERS, Item, folded, layer_item, others, summary
from document.fakes import Row, block, lenet, residual


def chain(*kinds, **more):
    return [Row(f"{kind}{place}", f"{kind} 1", (1,), **more) for place, kind in enumerate(kinds)]


def test_a_layer():
    layer = lenet().layers[0]
    item = layer_item(layer, 2)
    assert item == Item("conv1", "", "conv 6 5x5", layer.steps, (layer,), 2)
    assert item.end is item.single is layer
    assert item.total("params") == 156
    assert item.path == ()
    assert layer_item(layer).level == 0


def test_a_group_folded_to_one_row():
    layers = block(2, "group1", 8) + block(3, "group1", 8)
    item = folded(layers, 2, level=1, times=2)
    assert (item.label, item.kind, item.operation, item.path, item.level) == (
        "basic2 ×2", "basic", "conv relu add", ("group1",), 1,
    )  # fmt: skip
    assert (item.end, item.single, item.layers) == (layers[-1], None, layers)
    assert item.total("params") == sum(layer.params for layer in layers)
    layers[1].params = None
    assert item.total("params") is None
    assert folded(layers, 1, "a/b").label == "a/b"
    assert folded(layers, 1).operation == "basic ×2"


def test_a_head_says_what_it_is():
    head = residual().layers[-3:-1]
    assert folded(head, 1).operation == "train head: gavgpool fc"
    for layer in head:
        layer.train = False
    assert folded(head, 1).operation == "head: gavgpool fc"


def test_the_others():
    layers = lenet().layers
    item = others(layers, 1_200)
    assert (item.label, item.kind, item.end, item.single) == ("1,200 more", OTHERS, None, None)
    assert item.total("macs") == 373_600


def test_a_heading_has_no_layer():
    heading = Item("stage", "stage", "", (), ())
    assert (heading.end, heading.single, heading.total("params")) == (None, None, 0)


@pytest.mark.parametrize(
    ("kinds", "text"),
    [
        (["conv", "bn", "relu"], "conv bn relu"),
        (["conv", "conv", "relu", "conv"], "conv ×2 relu conv"),
        (["conv"], "conv 1"),
        (["a", "b"] * 6, "a b a b a b a b a b a b"),
        (["a", "b"] * 6 + ["a"], "a b a b a b a b a b a b …"),
    ],
)
def test_what_stands_in_a_group(kinds, text):
    assert summary(chain(*kinds), 0) == text
    assert summary(chain(*kinds, path=("stage",), blocks=("stage",)), 1) == text


def test_a_group_in_a_group_is_looked_into():
    inner = chain("conv", "relu", path=("s", "b"), blocks=("stage", "unit"))
    assert summary(inner, 1) == "conv relu"
    assert summary(inner, 0) == "conv relu"
    other = chain("fc", path=("s", "c"), blocks=("stage", "unit"))
    assert summary(inner + other, 1) == "unit ×2"
    assert summary(inner + other, 0) == "unit ×2"
    assert summary(inner + chain("fc", path=("s",), blocks=("stage",)), 1) == "unit fc"
    assert summary(chain("fc", path=("s",), blocks=("stage",)) + inner, 1) == "fc unit"
    assert summary(chain("fc", path=("s", "c"), blocks=("stage", "unit")), 1) == "fc"


def test_a_block_that_is_met_again_is_counted_again():
    first, second = (chain("conv", path=("s", name), blocks=("stage", "unit")) for name in ("b", "c"))
    plain = chain("relu", path=("s",), blocks=("stage",))
    assert summary(first + plain + second, 1) == "unit relu unit"
    assert summary(first + second + plain, 1) == "unit ×2 relu"
