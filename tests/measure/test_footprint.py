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
