"""torchvision's networks, read from their source and written as PyTorch again, at once and by way of a spec: the
parameters and buffers are those of the original, in the same order.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from cnncalc import loads  # noqa: E402
from cnncalc.convert.out import spec_text, torch_source  # noqa: E402
from cnncalc.convert.readers import How  # noqa: E402
from cnncalc.interpret import build, read_source  # noqa: E402
from cnncalc.network import Network  # noqa: E402

from .test_written_torch import check  # noqa: E402
from .torchvision_models import torchvision  # noqa: E402

NETWORKS = (
    "resnet:resnet18", "resnet:resnet50", "vgg:vgg16_bn", "mobilenetv2:mobilenet_v2", "densenet:densenet121",
    "googlenet:googlenet", "squeezenet:squeezenet1_1", "shufflenetv2:shufflenet_v2_x1_0", "inception:inception_v3",
    "efficientnet:efficientnet_b0", "mobilenetv3:mobilenet_v3_small", "regnet:regnet_y_400mf", "alexnet:alexnet",
    "convnext:convnext_tiny",
)  # fmt: skip
#: Heads that only training runs, which no format has.
HEADS = ("aux", "AuxLogits")
#: Whose own parameters stand before those of its modules, wherever they are used: a spec has the order of the run.
OWN_FIRST = ("convnext_tiny",)
#: Whose modules are not kept: lists of features that grow; a norm that is code around one of PyTorch's.
OTHER_NAMES = ("densenet121", "convnext_tiny")


def original(name: str) -> dict[str, Any]:
    """The state of torchvision's own module."""
    package = torchvision()
    options = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
    state = package.models.get_model_builder(name)(**options).state_dict()
    return {key: tuple(value.shape) for key, value in state.items() if not key.startswith(HEADS)}


def read(module: str, name: str) -> Network:
    site = Path(torchvision().__file__).parent.parent
    file = site / "torchvision" / "models" / f"{module}.py"
    source, folder = read_source(f"{file}:{name}", how=How("python", site=str(site)))
    return build(source, folder=folder, inputs={None: "3x299x299" if name == "inception_v3" else "3x224x224"})


def state(network: Network) -> dict[str, Any]:
    """The state of the module that is written."""
    made: dict[str, Any] = {"__name__": "made"}
    exec(compile(torch_source(network), "made", "exec"), made)
    module = [one for one in made.values() if isinstance(one, type) and one.__module__ == "made"][-1]
    with torch.device("meta"):
        return {key: tuple(value.shape) for key, value in module().state_dict().items()}


@pytest.mark.slow
@pytest.mark.parametrize("network", NETWORKS)
def test_states(network: str) -> None:
    module, name = network.split(":")
    wanted, source = original(name), read(module, name)
    found = state(source)
    assert list(found.values()) == list(wanted.values())
    assert list(found) == list(wanted) or name in OTHER_NAMES
    check(source)
    by_spec = list(state(loads(spec_text(source, read=build))).values())
    assert sorted(by_spec) == sorted(wanted.values())
    assert by_spec == list(wanted.values()) or name in OWN_FIRST
