"""What a kind is like stands on its class: here it is written once more, by hand."""

from __future__ import annotations

import pytest

from cnncalc.layers import KINDS

TRAITS = {
    "learns": "conv dwconv upconv localconv fc bn in gn ln prelu scale learned attention lstm gru rnn embed op",
    "weighted": "conv dwconv upconv localconv fc attention lstm gru rnn",
    "merges": "add mul concat sub div maximum minimum matmul op",
    "opaque": "op",
    "source": "learned",
    "view": "flatten reshape dropout identity",
    "moves": "flatten reshape dropout identity concat pad crop pixelshuffle pixelunshuffle shuffle take split learned tokens "
    "permute embed unpool",
    "linear": "conv dwconv upconv localconv fc bn scale identity dropout avgpool gavgpool pad crop resize flatten "
    "reshape tokens mean",
    "per_channel": "maxpool avgpool gavgpool gmaxpool bn in gn relu relu6 leakyrelu prelu elu selu gelu silu mish "
    "hardswish hardsigmoid sigmoid tanh softplus dropout identity pad crop resize scale mean max "
    "unpool",
    "nonnegative": "relu relu6 sigmoid hardsigmoid softplus softmax",
    "keeps_nonnegative": "maxpool avgpool relu relu6 leakyrelu prelu elu selu gelu silu mish hardswish hardsigmoid sigmoid "
    "tanh softplus softmax glu dropout identity add mul div maximum minimum concat",
    "pointwise": "bn in gn ln lrn relu relu6 leakyrelu prelu elu selu gelu silu mish hardswish hardsigmoid sigmoid "
    "tanh softplus glu dropout identity shuffle scale",
    "windowed": "conv dwconv localconv maxpool avgpool",
    "routed": "matmul permute attention",
    "repeats": "concat matmul op",
    "mixes": "fc flatten reshape tokens attention permute",
    "size_bound": "flatten reshape localconv prelu ln",  # prelu and ln: with some arguments
}
FAMILIES = {
    "convolution": "conv dwconv upconv localconv", "pool": "maxpool avgpool gavgpool gmaxpool unpool",
    "dense": "fc attention scale learned", "normalisation": "bn in gn ln lrn", "merge": "add mul concat sub div maximum minimum matmul",
    "operator": "op",
    "recurrent": "lstm gru rnn embed",
    "activation": "relu relu6 leakyrelu prelu elu selu gelu silu mish hardswish hardsigmoid sigmoid tanh softplus "
    "softmax logsoftmax glu dropout identity",
    "resampling": "pad crop resize pixelshuffle pixelunshuffle",
    "reshaping": "flatten reshape shuffle take split tokens mean max permute",
}  # fmt: skip


@pytest.mark.parametrize("trait", TRAITS)
def test_the_kinds_that_have_a_trait(trait: str) -> None:
    assert {kind for kind, cls in KINDS.items() if getattr(cls, trait)} == set(TRAITS[trait].split())


def test_every_kind_has_a_family() -> None:
    found: dict[str, set[str]] = {}
    for kind, cls in KINDS.items():
        found.setdefault(cls.family, set()).add(kind)
    assert found == {family: set(kinds.split()) for family, kinds in FAMILIES.items()}


@pytest.mark.parametrize(
    ("kind", "arguments", "biased"),
    [
        ("conv", {"filters": 4, "kernel": 3}, True), ("conv", {"filters": 4, "kernel": 3, "bias": False}, False),
        ("dwconv", {"kernel": 3}, True), ("upconv", {"filters": 4, "kernel": 3}, True), ("fc", {"units": 4}, True),
        ("fc", {"units": 4, "bias": False}, False), ("localconv", {"filters": 4, "kernel": 3}, False),
        ("attention", {"heads": 2}, False),
    ],
)  # fmt: skip
def test_what_adds_a_constant_to_every_channel(kind: str, arguments: dict[str, object], biased: bool) -> None:
    assert KINDS[kind].create(arguments).channel_bias is biased


def test_what_subtracts_the_mean_of_a_channel() -> None:
    centring = [(kind, groups) for kind in ("bn", "in", "gn", "ln") for groups in (2, 4)
                if KINDS[kind].create({"groups": groups} if kind == "gn" else {}).centres(4)]  # fmt: skip
    assert centring == [("bn", 2), ("bn", 4), ("in", 2), ("in", 4), ("gn", 4)]


def test_what_gives_a_part_of_its_input() -> None:
    assert {kind for kind, cls in KINDS.items() if cls.slices} == {"crop", "split", "take"}
