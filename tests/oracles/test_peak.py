"""Peak memory of a real network: the live tensors that PyTorch itself holds when it runs layer by layer."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from collections.abc import Callable  # noqa: E402
from typing import Any  # noqa: E402

import cnncalc  # noqa: E402
from cnncalc.measure.footprint import Footprint  # noqa: E402
from cnncalc.network import Node  # noqa: E402

F = torch.nn.functional


def operation(node: Node, network: Any) -> Callable[..., Any]:
    """What PyTorch runs for a layer of ResNet-18 or LeNet, with weights of the right shape."""
    values = dict(node.layer.values) if node.layer else {}
    weights = [torch.zeros(shape) for _, shape in network.weights(node)]
    if node.kind == "conv":
        bias = weights[1] if len(weights) > 1 else None
        return lambda x: F.conv2d(x, weights[0], bias, values["stride"], values["pad"])
    if node.kind == "bn":
        mean = torch.zeros(network.nodes[node.position].output[0])
        return lambda x: F.batch_norm(x, mean, mean + 1, weights[0], weights[1])
    if node.kind in ("maxpool", "avgpool"):
        stride = values["stride"] or values["kernel"]
        pool = F.max_pool2d if node.kind == "maxpool" else F.avg_pool2d
        return lambda x: pool(x, values["kernel"], stride, values["pad"])
    if node.kind == "fc":
        return lambda x: F.linear(x, weights[0], weights[1])
    return {
        "relu": torch.relu, "tanh": torch.tanh, "add": torch.add, "flatten": lambda x: x.flatten(1),
        "gavgpool": lambda x: F.adaptive_avg_pool2d(x, 1),
    }[node.kind]  # fmt: skip


def peak_in_torch(network: Any) -> int:
    """The most bytes of live tensors while the layers run in file order, each tensor dropped after its last reader."""
    nodes = network.nodes
    last = {index: node.position for node in nodes for index in node.inputs}
    kept = {port.node for port in network.outputs}
    tensors: dict[int, Any] = {0: torch.zeros(1, *nodes[0].output)}
    peak = 0
    with torch.no_grad():
        for node in nodes[1:]:
            tensors[node.position] = operation(node, network)(*(tensors[index] for index in node.inputs))
            storages = {one.untyped_storage().data_ptr(): one.untyped_storage().nbytes() for one in tensors.values()}
            peak = max(peak, sum(storages.values()))
            for index in [*tensors]:
                if index not in kept and last.get(index, -1) <= node.position and index != node.position:
                    del tensors[index]
    return peak


@pytest.mark.parametrize("example", ["@resnet18", "@lenet5"])
def test_the_peak_is_what_pytorch_holds(example: str) -> None:
    network = cnncalc.load(example)
    assert Footprint(cnncalc.analyze(network)).peak == peak_in_torch(network)
