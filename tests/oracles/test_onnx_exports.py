"""Networks exported by torch.onnx, by both exporters: their parameters, MACs and shapes are those of the modules."""

from __future__ import annotations

import warnings
from math import prod
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

import cnncalc  # noqa: E402

from . import onnx_models_second  # noqa: E402, F401 - puts its models to the others
from .onnx_models import MODELS  # noqa: E402


def exported(name: str, path: Any, dynamo: bool) -> Any:
    """A module, and the file that it is exported to."""
    if dynamo:
        pytest.importorskip("onnxscript")
    torch.manual_seed(0)
    kind, shape = MODELS[name]
    module = kind().eval()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.uniform_(0.1, 1)  # none is one or zero
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        options = {"dynamo": True, "external_data": False} if dynamo else {"dynamo": False}
        torch.onnx.export(module, (torch.zeros(1, *shape),), str(path), verbose=False, **options)
    return module, shape


def counted(module: Any, shape: tuple[int, ...]) -> tuple[int, list[tuple[int, ...]], list[tuple[int, ...]]]:
    """The MACs of convolutions, dense and recurrent layers; the shapes that these and pools give; and the outputs."""
    macs, shapes = [0], []

    def hook(layer: Any, given: Any, made: Any) -> None:
        if isinstance(layer, torch.nn.LSTM):
            steps, _, inputs = given[0].shape
            macs[0] += 2 * 4 * layer.hidden_size * (inputs + layer.hidden_size) * steps
            return
        transposed = "Transpose" in type(layer).__name__
        space = prod((given[0] if transposed else made).shape[2:])
        positions = prod(made.shape[:-1]) if isinstance(layer, torch.nn.Linear) else space
        macs[0] += layer.weight.numel() * positions
        shapes.append(tuple(made.shape))

    kinds = (torch.nn.modules.conv._ConvNd, torch.nn.Linear, torch.nn.LSTM)
    for layer in module.modules():
        if isinstance(layer, kinds):
            layer.register_forward_hook(hook)
    with torch.no_grad():
        out = module(torch.zeros(1, *shape))
    outs = out if isinstance(out, tuple) else (out,)
    return macs[0], shapes, [tuple(one.shape) for one in outs]


@pytest.mark.parametrize("dynamo", [False, True], ids=["traced", "dynamo"])
@pytest.mark.parametrize("name", MODELS)
@pytest.mark.filterwarnings("ignore")
def test_it_is_what_torch_says(name, dynamo, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    module, shape = exported(name, tmp_path / "net.onnx", dynamo)
    macs, shapes, outs = counted(module, shape)
    networks = [cnncalc.load("net.onnx", raw=raw) for raw in (False, True)]
    found = [cnncalc.analyze(network) for network in networks]
    assert all(network.diagnostics == () for network in networks)
    extra = 2 * 3 * 17 * 17 * 8 if name == "transformer" else 0  # the products of attention
    params = sum(one.numel() for one in module.parameters())
    folded = 0 if name == "repvgg" else sum(2 * one.num_features for one in module.modules() if _folded(one))
    for one in found:
        assert one.totals.macs == macs + extra
        # a batch norm behind a convolution without biases becomes its biases
        assert params - folded <= one.totals.params <= params
    assert found[0].totals.params == found[1].totals.params
    wholes = [tuple(row["full"]) for row in found[1].to_dict()["layers"]]
    assert [shape for shape in shapes if shape not in wholes] == []
    ports = [networks[1].nodes[port.node] for port in networks[1].outputs]
    named = {row["name"]: tuple(row["full"]) for row in found[1].to_dict()["layers"]}
    assert [named[node.name] for node in ports] == outs


def _folded(module: Any) -> bool:
    return isinstance(module, torch.nn.modules.batchnorm._BatchNorm)
