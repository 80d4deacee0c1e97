"""How each tool is asked: its own documented call, batch 1, evaluation mode."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import logging
import os
import re
import sys
import tempfile
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import nn

Shapes = tuple[int, ...]


def torchinfo(module: nn.Module, shape: Shapes) -> int:
    from torchinfo import summary

    return int(summary(module, input_size=(1, *shape), verbose=0, mode="eval", device="cpu").total_mult_adds)


def fvcore(module: nn.Module, shape: Shapes) -> int:
    return int(_fvcore(module, shape).total())


def _fvcore(module: nn.Module, shape: Shapes) -> Any:
    from fvcore.nn import FlopCountAnalysis

    found = FlopCountAnalysis(module, torch.zeros(1, *shape))
    return found.unsupported_ops_warnings(False).uncalled_modules_warnings(False).tracer_warnings("none")


def unsupported(module: nn.Module, shape: Shapes) -> list[str]:
    """The operators that fvcore says it left out."""
    found = _fvcore(module, shape)
    found.total()
    return sorted(found.unsupported_ops())


def _ptflops(backend: str, module: nn.Module, shape: Shapes) -> int:
    from ptflops import get_model_complexity_info

    count, _ = get_model_complexity_info(
        module, shape, as_strings=False, print_per_layer_stat=False, verbose=False, backend=backend
    )
    if count is None:
        raise RuntimeError("ptflops gave up")
    return int(count)


def ptflops(module: nn.Module, shape: Shapes) -> int:
    return _ptflops("pytorch", module, shape)


def ptflops_aten(module: nn.Module, shape: Shapes) -> int:
    return _ptflops("aten", module, shape)


def thop(module: nn.Module, shape: Shapes) -> int:
    from thop import profile

    count = profile(module, inputs=(torch.zeros(1, *shape),), verbose=False)[0]
    if count != int(count):
        raise RuntimeError(f"no whole number: {count}")
    return int(count)


def torch_counter(module: nn.Module, shape: Shapes) -> int:
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as counter:
        module(torch.zeros(1, *shape))
    return int(counter.get_total_flops())


class Carrier(nn.Module):
    """A module with a parameter beside it: calflops asks the first parameter for the device."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner
        self.unused = nn.Parameter(torch.zeros(1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.inner(x)  # type: ignore[no-any-return]


def _calflops(module: nn.Module, shape: Shapes) -> tuple[int, int]:
    if "calflops" not in sys.modules:
        # Its package imports a tokenizer and a model hub, which no convolutional network needs.
        package = types.ModuleType("calflops")
        spec = importlib.util.find_spec("calflops")
        package.__path__ = list(spec.submodule_search_locations or ()) if spec else []
        sys.modules["calflops"] = package
    from calflops.flops_counter import calculate_flops

    flops, macs, _ = calculate_flops(
        Carrier(module), input_shape=(1, *shape), output_as_string=False, print_results=False, print_detailed=False
    )
    return int(flops), int(macs)


def calflops(module: nn.Module, shape: Shapes) -> int:
    return _calflops(module, shape)[0]


def calflops_macs(module: nn.Module, shape: Shapes) -> int:
    return _calflops(module, shape)[1]


def torchprofile(module: nn.Module, shape: Shapes) -> int:
    from torchprofile import profile_macs

    return int(profile_macs(module, torch.zeros(1, *shape)))


def torchprofile_warned(module: nn.Module, shape: Shapes) -> list[str]:
    """The operators of which torchprofile warns that it has no handler."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        torchprofile(module, shape)
    return sorted({name for one in caught for name in re.findall(r"aten::\w+", str(one.message))})


def onnx_tool(module: nn.Module, shape: Shapes) -> int:
    import onnx_tool as tool

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.onnx")
        # PRESERVE: otherwise the export folds batch normalisations into convolutions, and they are not there.
        mode = torch.onnx.TrainingMode.PRESERVE
        torch.onnx.export(module, (torch.zeros(1, *shape),), path, dynamo=False, opset_version=17, training=mode)
        model = tool.Model(path, mcfg={"verbose": False})
        model.graph.shape_infer(None)
        model.graph.profile()
        return int(sum(model.graph.macs))


#: By the names of the conventions.
COUNTERS: dict[str, Callable[[nn.Module, Shapes], int]] = {
    "torchinfo-1.8.0": torchinfo, "fvcore-0.1.5": fvcore, "ptflops-0.7.5": ptflops,
    "ptflops-0.7.5-aten": ptflops_aten, "thop-0.1.1": thop, "torch-2.13": torch_counter,
    "calflops-0.3.2": calflops, "calflops-0.3.2-macs": calflops_macs, "torchprofile-0.1.0": torchprofile,
    "onnx-tool-1.0.1": onnx_tool,
}  # fmt: skip


@contextlib.contextmanager
def restored() -> Iterator[None]:
    """Puts back what a tool patched and, failing, left so."""
    places = (nn.functional, torch, torch.Tensor)
    before = [dict(vars(place)) for place in places]
    try:
        yield
    finally:
        for place, names in zip(places, before, strict=True):
            for name, value in names.items():
                if vars(place).get(name) is not value:
                    setattr(place, name, value)


def ask(tool: str, build: Callable[[], nn.Module], shape: Shapes) -> int | str:
    """What the tool says of a module built anew for it; its words where it fails."""
    logging.disable(logging.CRITICAL)
    quiet = io.StringIO()
    with warnings.catch_warnings(), contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
        warnings.simplefilter("ignore")
        try:
            with restored():
                return COUNTERS[tool](build().eval(), shape)
        except Exception as error:  # whatever it raises is its answer
            return f"{type(error).__name__}: {error}".split("\n")[0][:60]
