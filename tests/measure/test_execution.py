"""Ways of execution: in place against a simulation over random graphs, fused by hand; what is stored of weights."""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc.deployment import EXECUTIONS
from cnncalc.measure.execution import Execution
from cnncalc.measure.footprint import Footprint
from cnncalc.measure.measurements import Measurements
from cnncalc.measure.result import analyze
from helpers import clean, drawn_graph


def simulated(text: str, over: tuple[str, ...]) -> int:
    """The peak of running the lines one after another, `over` written over an input that nothing else reads."""
    rows = [line.replace("=", " ").replace("|", " ").split() for line in text.splitlines()[1:-1]]
    outputs = [word[1:] for word in text.splitlines()[-1].split()[1:]]
    source: dict[str, str] = {"x0": "x0"}  # whose values a name has
    for name, *words in rows:
        if words[1] in ("identity", "dropout"):
            source[name] = source[words[0][1:]]
        else:
            source[name] = name
    readers: dict[str, list[str]] = {}
    for name, *words in rows:
        if source[name] == name:
            for read in {source[word[1:]] for word in words if word.startswith("@")}:
                readers.setdefault(read, []).append(name)
    for name in outputs:
        readers.setdefault(source[name], []).append("the caller")
    place = {"x0": 0}
    for number, (name, *words) in enumerate(rows, 1):
        reads = [word[1:] for word in words if word.startswith("@")]
        kind = next(word for word in words if not word.startswith("@"))
        free = [read for read in reads if readers.get(source[read]) == [name]]
        if source[name] != name:
            place[name] = place[reads[0]]
        else:
            place[name] = place[free[0]] if kind in over and free else number
    last: dict[int, int] = {0: -1}
    for number, (name, *words) in enumerate(rows):
        for word in (f"@{name}", *words):
            if word.startswith("@"):
                last[place[word[1:]]] = number
    for name in outputs:
        last[place[name]] = len(rows)
    born = {0: -1}
    for number, (name, *_) in enumerate(rows):
        born.setdefault(place[name], number)
    sums = (
        sum(born[one] <= step <= last[one] or (one == 0 and step == 0) for one in born) for step in range(len(rows))
    )
    return max(sums) * 3 * 36


@pytest.mark.parametrize("start", range(0, 500, 100))
def test_peaks_in_place_are_those_of_a_simulation(start: int) -> None:
    for seed in range(start, start + 100):
        text = drawn_graph(seed)
        network = cnncalc.loads(text)
        for way, over in (("eager", ()), ("inplace", ("relu", "tanh", "prelu", "gelu", "bn", "add"))):
            peak = Footprint(analyze(network, dtype="int8", execution=way)).peak
            assert peak == simulated(text, over), (way, text)


def stored(text: str, way: str = "fused") -> tuple[int | None, int | None]:
    totals = analyze(cnncalc.loads(text), execution=way).totals
    return totals.params, totals.buffers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("input 3x8x8\nconv 4 3 bias=no | bn | relu", (4 * 27 + 4, 0)),
        ("input 3x8x8\nconv 4 3 | bn affine=no", (4 * 27 + 4, 0)),
        ("input 3x8x8\ndwconv 3 bias=no | bn | upconv 4 2 bias=no | bn", (27 + 3 + 48 + 4, 0)),
        ("input 9\nfc 4 bias=no | bn | bn | dropout | bn", (36 + 4, 0)),
        ("input 3x8x8\nbn | conv 4 3", (6 + 4 * 28, 6)),
        ("input 3x8x8\nconv 4 3 | relu | bn", (4 * 28 + 8, 8)),
        ("input 3x8x8\na = conv 4 3 | bn\nadd @a @a", (4 * 28, 0)),
        # what else reads the convolution, or gets it, needs it as it is
        ("input 3x8x8\na = conv 4 3\nb = bn\nadd @a @b", (4 * 28 + 8, 8)),
        ("input 3x8x8\na = conv 4 3\nb = bn\noutput @a @b", (4 * 28 + 8, 8)),
        # shared weights cannot take in two different factors
        ("input 3x8x8\na = conv 3 3 pad=1\nb = bn\nconv 3 3 pad=1 share=@a\nbn", (3 * 28 + 12, 12)),
        ("input 2x2x2\nlocalconv 1 1 bias=no | bn", (8 + 4, 0)),
        ("input 3x4x4\nconv 4 3 | flatten | bn", (4 * 28 + 32, 32)),
        # what only training gives keeps nothing from it
        ("input 3x8x8\na = conv 4 3\nhead h train:\n    identity\nb = @a | bn", (4 * 28, 0)),
        ("input 3x8x8\na = conv 4 3\nhead h:\n    identity\nb = @a | bn", (4 * 28 + 8, 8)),
    ],
)
def test_what_is_folded(text: str, expected: tuple[int, int]) -> None:
    assert stored(text) == expected
    assert stored(text, "inplace") == stored(text, "eager")


def test_rows_stages_and_names_are_folded_too() -> None:
    network = clean("input 3x8x8\nstage stem:\n    conv 4 3 bias=no | bn | relu\nfc_ = flatten | fc 2")
    analysis = analyze(network, execution="fused")
    assert [(row.name, row.params, row.buffers) for row in analysis.layers][:2] == [("conv1", 112, 0), ("bn1", 0, 0)]
    assert analysis.stages[0].params == Measurements(analysis)("params", "stem") == 112
    assert analysis.totals.params == sum(row.params or 0 for row in analysis.layers)
    assert Measurements(analysis)("flash") == 4 * (analysis.totals.params or 0)


def test_activations_are_a_part_of_the_layer_before() -> None:
    network = clean("input 1x4x4\nrelu | conv 2 1 | bn | relu6 | softmax")
    execution = Execution(network, "fused")
    assert execution.storages == [0, 1, 2, 2, 2, 5]  # nothing stands before the first, softmax is a layer


def test_less_than_a_byte_is_rounded_up_for_each_tensor() -> None:
    network = clean("input 3x5x5\nconv 3 1 | conv 1 1 bias=no")
    analysis = analyze(network, dtype={"weights": "int4", "activations": "int2", "biases": "int1"})
    assert analysis.parameter_bytes == 5 + 1 + 2  # 9 x 4 bits, 3 x 1 bit, 3 x 4 bits
    assert Footprint(analysis).peak == 19 + 19  # 75 x 2 bits each
    assert analyze(network, dtype="int4").dtypes.bytes_of("activations", 15) == 8


def test_there_are_three_ways() -> None:
    with pytest.raises(ValueError, match="eager, inplace, fused"):
        analyze(clean("input 1\nfc 1"), execution="lazy")
    assert EXECUTIONS == ("eager", "inplace", "fused")


@pytest.mark.parametrize("way", ["eager", "inplace", "fused"])
def test_what_each_node_stores(way: str) -> None:
    """Weights and biases; folded the norm stores nothing, and its convolution biases; what is shared is its owner's."""
    network = cnncalc.loads(
        "input 3x8x8\na = conv 4 3 bias=no\nb = bn | relu\nc = conv 4 3 pad=1\nd = conv 4 3 pad=1 share=@c\ne = bn"
    )
    execution = Execution(network, way)
    folded = way == "fused"
    stored = {node.name: dict(execution.stored(node)) for node in network.nodes}
    assert stored == {
        "input": {}, "a": {"weights": 108, "biases": 4} if folded else {"weights": 108},
        "bn1": {} if folded else {"weights": 4, "biases": 4}, "b": {}, "c": {"weights": 144, "biases": 4}, "d": {},
        "e": {"weights": 4, "biases": 4},
    }  # fmt: skip
    assert {node.name: execution.params(node) for node in network.nodes} == {
        name: sum(found.values()) for name, found in stored.items()
    }
    assert {node.name: execution.buffers(node) for node in network.nodes if execution.buffers(node)} == (
        {"e": 8} if folded else {"bn1": 8, "e": 8}
    )
    assert [name for name, _ in execution.weights(next(node for node in network.nodes if node.name == "bn1"))] == (
        [] if folded else ["weight", "bias"]
    )


def test_a_norm_whose_weights_others_use_is_stored() -> None:
    """Folded where it stands, it is still there for the one that shares it."""
    text = "input 3x8x8\na = conv 4 3\nb = bn\nc = maxpool 2\nd = bn share=@b"
    network = cnncalc.loads(text)
    execution = Execution(network, "fused")
    assert {node.name: execution.params(node) for node in network.layers} == {"a": 112, "b": 8, "c": 0, "d": 0}
    assert sum(execution.buffers(node) for node in network.nodes) == 8
    totals = analyze(network, execution="fused").totals
    assert (totals.params, totals.buffers) == (120, 8)


def test_a_norm_that_is_folded_wherever_it_stands_is_not_stored() -> None:
    execution = Execution(cnncalc.loads("input 3x8x8\na = conv 4 3\nb = bn\nc = conv 4 3\nd = bn share=@b"), "fused")
    assert {node.name: execution.params(node) for node in execution.network.layers} == {
        "a": 112,
        "b": 0,
        "c": 148,
        "d": 0,
    }
    assert [execution.buffers(node) for node in execution.network.nodes] == [0] * 5
