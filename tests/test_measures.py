"""The measures of a network: their names, which are promises, what layers spend, and where each of them is asked for."""

from __future__ import annotations

import pytest

from cnncalc.measures import BYTES, FIGURES, LAYERS, LIMITED, MEASURES, PIXELS, WORDS
from helpers import clean, network

NAMES = (
    "params", "trainable", "params_train", "buffers", "macs", "flops", "activations", "peak", "memory", "arena", "flash",
    "training", "depth", "weighted", "layers", "field", "output",
)  # fmt: skip


def of(**more):
    """The names of the measures that have something."""
    ((name, value),) = more.items()
    return [measure.name for measure in MEASURES.values() if getattr(measure, name) == value]


def test_what_can_be_asked_for():
    assert tuple(MEASURES) == NAMES
    assert tuple(name for name in NAMES if name != "params_train") == WORDS
    assert tuple(name for name in NAMES if name not in ("params_train", "output")) == LIMITED
    assert NAMES[:-1] == FIGURES


def test_what_their_rows_and_the_help_of_their_limits_say():
    assert [(one.heading, one.about) for one in MEASURES.values()] == [
        ("parameters", "parameters: 5M"), ("trainable", "parameters that are trained: 1M"), ("with train heads", ""),
        ("buffers", "running statistics: 64k"), ("MACs", "multiply-accumulates: 600M"), ("FLOPs", "FLOPs, 2 a MAC: 1.2G"),
        ("activations", "elements of all outputs: 10M"), ("peak, bytes", "bytes of activations alive at once: 512KiB"),
        ("memory, bytes", "bytes, parameters + buffers + peak: 8MiB"), ("arena, bytes", "bytes of the greedy planner's arena: 256KiB"),
        ("flash, bytes", "bytes of weights and biases: 1MiB"), ("training, bytes", "bytes of a training step with adam: 24GiB"),
        ("depth", "layers with weights on one path: 50"), ("weighted layers", "layers with weights: 54"),
        ("layers", "layers, more than a million too: 2M"), ("field", "pixels of receptive field, on every axis: 99"), ("output", ""),
    ]  # fmt: skip


def test_what_they_are_in():
    assert of(unit=BYTES) == ["peak", "memory", "arena", "flash", "training"]
    assert of(unit=LAYERS) == ["depth", "weighted", "layers"]
    assert of(unit=PIXELS) == ["field"]


def test_what_grows_with_the_batch():
    assert of(batched=True) == ["macs", "flops", "activations", "peak", "memory", "arena", "training"]


def test_what_says_the_same_once_more_is_no_finding_of_its_own():
    assert {name: one.follows for name, one in MEASURES.items() if one.follows} == {
        "trainable": "params", "params_train": "params", "flops": "macs",
    }  # fmt: skip
    assert of(later=True) == ["arena", "flash", "training"]


def test_what_layers_spend_one_more_than_another():
    assert of(spent=True) == ["params", "trainable", "buffers", "macs", "flops", "activations"]


def test_what_models_are_put_side_by_side_by():
    rows = {name: one.row for name, one in MEASURES.items() if one.row}
    assert rows == {
        "params": "parameters", "macs": "MACs", "activations": "activations", "peak": "peak of activations",
        "memory": "memory in all", "arena": "arena", "flash": "flash", "training": "training", "depth": "depth",
        "field": "receptive field",
    }  # fmt: skip
    assert [name for name, one in MEASURES.items() if one.panel] == ["params", "macs", "peak", "memory"]


#: By line what it spends: parameters, trained ones, buffers, MACs, FLOPs, elements, whether it has weights, layers.
SPENT = [
    ("conv 4 3", (4 * 27 + 4, 112, 0, 4 * 27 * 36, 2 * 4 * 27 * 36, 144, 1, 1)),
    ("conv 4 3 bias=no", (108, 108, 0, 3888, 7776, 144, 1, 1)),
    ("bn", (6, 6, 6, 0, 0, 192, 0, 1)),
    ("relu", (0, 0, 0, 0, 0, 192, 0, 1)),
    ("maxpool 2", (0, 0, 0, 0, 0, 48, 0, 1)),
    ("fc 10", (1930, 1930, 0, 1920, 3840, 10, 1, 1)),
]


@pytest.mark.parametrize(("line", "spent"), SPENT, ids=[line for line, _ in SPENT])
def test_what_a_layer_spends(line, spent):
    (node,) = clean(f"input {192 if line == 'fc 10' else '3x8x8'}\n{line}").layers
    shares = [one.share for one in MEASURES.values() if one.share is not None]
    assert tuple(int(share(node)) for share in shares) == spent


def shares(text, name):
    return [int(MEASURES[name].share(node)) for node in network(text).layers]


def test_shared_weights_are_those_of_their_owner():
    text = "input 3x8x8\nx = conv 3 3 pad=1\nconv 3 3 pad=1 share=@x\nbn\n"
    assert [shares(text, name) for name in ("params", "trainable", "macs", "weighted")] == [
        [84, 0, 6], [84, 0, 6], [5184, 5184, 0], [1, 1, 0],
    ]  # fmt: skip


def test_what_is_frozen_is_not_trained():
    text = "input 3x8x8\nfreeze x\nx = conv 3 3\nbn\n"
    assert (shares(text, "params"), shares(text, "trainable")) == ([84, 6], [0, 6])


def test_what_cannot_be_worked_out_spends_nothing_that_is_known():
    text = "input 3x8x8\nconv 3 9\nfc 10\n"
    for name in ("trainable", "macs", "flops", "activations"):
        assert shares(text, name) == [0, 0], name
    assert (shares(text, "weighted"), shares(text, "layers")) == ([1, 1], [1, 1])
