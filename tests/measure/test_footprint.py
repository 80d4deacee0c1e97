"""Memory: the figures against a simulation of the graph, tensor by tensor."""

from __future__ import annotations

from math import prod

from hypothesis import given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc.measure.footprint import Footprint


def footprint(text: str, optimizer: str = "adam", **options: object) -> Footprint:
    return Footprint(cnncalc.analyze(cnncalc.loads(text), **options), optimizer)  # type: ignore[arg-type]


def simulated(text: str) -> list[int]:
    """Bytes alive while each layer runs: tensors kept in a dictionary, and thrown away after their last reader."""
    network = cnncalc.loads(text)
    owner: dict[int, int] = {}
    for node in network.nodes:
        view = node.kind in ("flatten", "reshape", "identity", "dropout")
        owner[node.position] = owner[node.inputs[0]] if view else node.position
    layers = [node for node in network.nodes if node.kind != "input"]
    kept = {owner[port.node] for port in network.outputs}
    alive = {node.position for node in network.nodes if node.kind == "input"}
    curve = []
    for step, layer in enumerate(layers):
        alive.add(owner[layer.position])
        curve.append(sum(4 * prod(network.nodes[one].output or ()) for one in alive))
        later = {owner[index] for other in layers[step + 1 :] for index in other.inputs}
        alive = {one for one in alive if one in later or one in kept}
    return curve


@st.composite
def graphs(draw: st.DrawFn) -> str:
    """Chains with names and merges of earlier tensors, all of one spatial size."""
    lines = ["x0 = input 2x6x6"]
    made = ["x0"]
    for number in range(1, draw(st.integers(2, 9))):
        name = f"x{number}"
        layer = draw(st.sampled_from(["conv 3 1", "relu", "identity", "dropout", "bn"]))
        if draw(st.booleans()):
            others = draw(st.lists(st.sampled_from(made), min_size=1, max_size=3, unique=True))
            joined = " ".join(f"@{other}" for other in [*others, draw(st.sampled_from(made))])
            lines.append(f"{name} = concat {joined}")
        else:
            lines.append(f"{name} = @{draw(st.sampled_from(made))} | {layer}")
        made.append(name)
    outputs = draw(st.lists(st.sampled_from(made), min_size=0, max_size=2, unique=True))
    if outputs:
        lines.append("output " + " ".join(f"@{one}" for one in outputs))
    return "\n".join(lines)


@settings(max_examples=200)
@given(text=graphs())
def test_live_bytes_are_those_of_a_simulation(text: str) -> None:
    found = footprint(text)
    assert found.liveness is not None
    curve = simulated(text)
    assert list(found.liveness.live) == curve
    assert found.peak == max(curve, default=0)
    assert sum(one.bytes for one in found.held) == found.peak


def test_the_figures_of_a_small_network() -> None:
    found = footprint(
        "input 1x8x8\na = conv 4 3 | bn\nhead aux train:\n    conv 9 1\n@a | gavgpool | flatten | fc 2", "momentum"
    )
    params, heads, buffers = 4 * 10 + 8 + 10, 45, 8
    assert found.parameters == 4 * params
    assert found.buffers == 4 * buffers
    assert found.activations == 144 + 144 + 4 + 4 + 2
    assert (found.peak, found.peak_layer) == (4 * (144 + 144), "a")
    assert found.memory == 4 * (params + buffers + 288)
    assert found.training is not None
    assert tuple(found.training) == (
        4 * (64 + 144 + 2 * 4 + 144 + 4), 4 * (params + heads), 4 * (params + heads), 4 * (params + heads), 4 * buffers,
    )  # fmt: skip


def test_dtype_and_batch() -> None:
    text = "input 1x8x8\nconv 4 3"
    one, many = footprint(text, "sgd"), footprint(text, "sgd", batch=3, dtype="fp16")
    assert one.peak is not None
    assert one.parameters is not None
    assert (many.peak, many.parameters) == (one.peak * 3 // 2, one.parameters // 2)
    assert many.training is not None
    assert (many.training.kept, many.training.optimizer) == (2 * 3 * 64, 0)


def test_a_faulty_network_has_no_figures() -> None:
    from cnncalc.diagnostics import Source
    from cnncalc.interpret import build

    found = Footprint(cnncalc.Analysis(build(Source("x", "input 1x8x8\nconv 4 99\nrelu"))))
    assert (found.peak, found.memory, found.activations, found.training) == (None,) * 4
    assert found.to_dict()["peak"] is None


def test_the_document() -> None:
    """By hand: maps of 192, 288, 288 and 288 elements and a vector of 5; a bias a filter, two factors a channel of the norm."""
    text = (
        "model M\ninput 3x8x8\nstage s:\n    a = conv 8 3 | bn\nhead h train:\n    gavgpool | fc 7\nb = flatten | fc 5"
    )
    found = Footprint(cnncalc.analyze(cnncalc.loads(text, name="m.txt"), batch=2), "sgd")
    a, bn, head, b = 8 * 28, 16, 8 * 7 + 7, 288 * 5 + 5
    document = found.to_dict()
    training = document.pop("training")
    kept = 4 * 2 * (192 + 288 + 288 + 8) + 4 * 16  # what each weighted layer reads; the norm's means and factors
    assert training == {"kept": kept, "parameters": 4 * (a + bn + head + b), "gradients": 4 * (a + bn + head + b), "optimizer": 0,
                        "buffers": 4 * 16, "total": kept + 8 * (a + bn + head + b) + 64}  # fmt: skip
    assert document == {
        "version": 1, "command": "memory", "file": "m.txt", "model": "M", "batch": 2, "dtype": "fp32", "execution": "eager",
        "dtypes": dict.fromkeys(("weights", "activations", "biases"), "fp32"), "format": "spec",
        "optimizer": "sgd", "parameters": 4 * (a + bn + b), "buffers": 64, "activations": 2 * (288 + 288 + 288 + 5),
        "peak": 8 * (288 + 288), "peak_layer": "a", "memory": 8 * 576 + 4 * (a + bn + b) + 64,
        "held": [{"name": "conv1", "shape": [8, 6, 6], "bytes": 8 * 288, "readers": ["a"]},
                 {"name": "a", "shape": [8, 6, 6], "bytes": 8 * 288, "readers": ["flatten1", "b"]}],
        "planner": "liveness",
        "arena": {"bytes": 2 * 8 * 288, "tensors": [
            {"name": "input", "offset": 8 * 288, "bytes": 8 * 192}, {"name": "conv1", "offset": 0, "bytes": 8 * 288},
            {"name": "a", "offset": 8 * 288, "bytes": 8 * 288}, {"name": "flatten1", "offset": 0, "bytes": 8 * 288},
            {"name": "b", "offset": 8 * 288, "bytes": 48}]},
        "flash": 4 * (a + bn + b) + 64, "fit": None,
        "layers": [{"name": "conv1", "live": 8 * 480}, {"name": "a", "live": 8 * 576}, {"name": "flatten1", "live": 8 * 288},
                   {"name": "b", "live": 8 * 293}],
        "diagnostics": [],
    }  # fmt: skip


def test_the_document_of_what_is_not_known() -> None:
    from cnncalc.diagnostics import Source
    from cnncalc.interpret import build

    found = Footprint(cnncalc.Analysis(build(Source("x", "input 1x8x8\nconv 4 99\nrelu"))))
    found.budget = 1000
    document = found.to_dict()
    unknown = ("parameters", "buffers", "activations", "peak", "peak_layer", "memory", "arena", "flash", "training")
    assert {name: document[name] for name in unknown} == dict.fromkeys(unknown)
    assert (document["held"], document["layers"], document["fit"]) == ([], [], {"budget": 1000, "batch": None})
    assert (found.arena_bytes, found.arena_top) == (None, None)
    assert [one["severity"] for one in document["diagnostics"]] == ["error"]


def test_what_fits_into_a_budget() -> None:
    found = footprint("input 1x8x8\nconv 4 3", "sgd")
    found.budget = 8 * 40 + 5 * 256 + 255
    assert found.fit == {"budget": found.budget, "batch": 5}


def test_folded_there_are_no_statistics_to_store() -> None:
    text = "input 3x8x8\nconv 8 3 bias=no | bn\nmaxpool 2 | bn"
    eager, fused = (footprint(text, execution=way) for way in ("eager", "fused"))
    assert (eager.parameters, eager.buffers, eager.flash) == (4 * (216 + 32), 4 * 32, 4 * (216 + 64))
    assert (fused.parameters, fused.buffers, fused.flash) == (4 * (216 + 8 + 16), 4 * 16, 4 * (216 + 8 + 16))


def test_the_readers_of_what_is_held_are_those_that_still_run() -> None:
    """The layer that runs among them, those before it not; by the storage, so that a view's readers are its source's."""
    found = footprint(
        "x = input 2x8x8\na = relu\nb = identity\nc = tanh\nd = add @b @x\nhead h train:\n    @a | bn\nadd @d @a"
    )
    assert found.peak_layer == "c"
    assert {one.name: set(one.readers) for one in found.held} == {"x": {"d"}, "a": {"c", "d", "add1"}, "c": set()}
