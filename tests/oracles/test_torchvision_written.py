"""torchvision's networks, read from their source and written as PyTorch again, at once and by way of a spec: the
parameters and buffers are those of the original, in the same order.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from cnncalc import analyze, load, loads  # noqa: E402
from cnncalc.convert.out import spec_text  # noqa: E402
from cnncalc.convert.readers import How  # noqa: E402
from cnncalc.interpret import build, read_source  # noqa: E402
from cnncalc.network import Network  # noqa: E402
from readme import ROOT  # noqa: E402

from .test_written_torch import check  # noqa: E402
from .torchvision_models import torchvision  # noqa: E402

NETWORKS = (
    "resnet:resnet18", "resnet:resnet50", "vgg:vgg16_bn", "mobilenetv2:mobilenet_v2", "densenet:densenet121",
    "googlenet:googlenet", "squeezenet:squeezenet1_1", "shufflenetv2:shufflenet_v2_x1_0", "inception:inception_v3",
    "efficientnet:efficientnet_b0", "mobilenetv3:mobilenet_v3_small", "regnet:regnet_y_400mf", "alexnet:alexnet",
    "convnext:convnext_tiny", "vision_transformer:vit_b_16", "mnasnet:mnasnet1_0",
)  # fmt: skip
#: Heads that only training runs, which no format has.
HEADS = ("aux", "AuxLogits")
#: Whose own parameters stand before those of its modules, wherever they are used: a spec has the order of the run.
OWN_FIRST = ("convnext_tiny",)
#: Whose modules are not kept: lists of features that grow; a norm that is code around one of PyTorch's.
OTHER_NAMES = ("densenet121", "convnext_tiny")
#: What a spec says by `op` lines, of which no call is told: a class token, positions, attention of tokens.
NOT_BY_SPEC = ("vit_b_16",)


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
    exec(compile(network.to_torch_source(), "made", "exec"), made)
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
    if name in NOT_BY_SPEC:
        return
    by_spec = list(state(loads(spec_text(source, read=build))).values())
    assert sorted(by_spec) == sorted(wanted.values())
    assert by_spec == list(wanted.values()) or name in OWN_FIRST


#: Lines of the spec and of the PyTorch source that an export comes to at most; by its name, one and a half times the
#: lines of the bundled example.
LIMITS = {"resnet50": (60, 90), "mobilenet_v2": ("mobilenet_v2", 90), "densenet121": ("densenet121", 120),
          "googlenet": ("googlenet", 120), "resnet18": (60, 90), "vgg11": (30, 60), "squeezenet1_1": (40, 90),
          "efficientnet_b0": ("efficientnet", 140), "inception_v3": ("inception_v3", 240),
          "shufflenet_v2_x1_0": (120, 220), "mnasnet1_0": (60, 120), "mobilenet_v3_small": (90, 200),
          "vit_b_16": (120, None), "convnext_tiny": (120, None)}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", LIMITS)
def test_exports(name: str, tmp_path: Path) -> None:
    """Exports to ONNX as specs: the same numbers, in few lines; as PyTorch source they run."""
    pytest.importorskip("onnx")
    drawn = {"aux_logits": False, "init_weights": False} if name in ("googlenet", "inception_v3") else {}
    model = torchvision().models.get_model_builder(name)(**drawn).eval()
    side = 299 if name == "inception_v3" else 224
    file = tmp_path / "net.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(model, torch.zeros(1, 3, side, side), str(file), dynamo=False, opset_version=17)
    network = load(file)
    text = spec_text(network, read=build)
    found = loads(text)
    assert totals(found) == totals(network)
    lines, source = LIMITS[name]
    if isinstance(lines, str):
        lines = 1.5 * len((ROOT / "examples" / f"{lines}.txt").read_text("utf-8").splitlines())
    assert len(text.splitlines()) <= lines
    if source is not None:
        assert len(check(network).splitlines()) <= source


def totals(network: Network) -> tuple[Any, ...]:
    """What is counted, and the shapes of the outputs."""
    made = analyze(network).totals
    return made.params, made.buffers, made.macs, [network.nodes[port.node].output for port in network.outputs]
