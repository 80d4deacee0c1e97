"""The modules of torch by their dotted names. To add a name that is no operation is a line here, or in names.py."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import TYPE_CHECKING

from ...torch.values import Tensor
from ..standard.builtin_classes import CLASSES
from ..standard.tools import natives
from ..values import (
    Class,
    Native,
    Opaque,
    Value,
)
from . import einops
from .arrays import numpy_names, random_names
from .modules import MODULE
from .rewrites import (
    _FUNCTION,
    _WRAPPED,
    _checkpoint,
    _checkpoint_sequential,
    _downloaded,
    _guard,
    _spectral_norm,
    _weight_norm,
    first,
    nothing,
    said,
)
from .tensors import PARAMETER
from .timm import registry_names

if TYPE_CHECKING:
    from ..interpreter import Evaluator
from .names import functional_names, module_names, nn_names, operation_names, torch_names, transform_names


def _init() -> dict[str, Value]:
    names = (
        "kaiming_normal kaiming_uniform xavier_normal xavier_uniform normal uniform constant ones zeros trunc_normal "
        "orthogonal eye dirac sparse"
    ).split()
    found: dict[str, Value] = {}
    for name in names:
        found[name] = found[f"{name}_"] = Native(name, lambda at, /, tensor=None, *_, **__: tensor)
    gain: dict[str, Value] = natives(calculate_gain=said(1.0))
    gain["_calculate_fan_in_and_fan_out"] = Native("_calculate_fan_in_and_fan_out", _fans)
    gain["_calculate_correct_fan"] = Native("_calculate_correct_fan", said(1))
    return {**found, **gain}


def _fans(interpreter: Evaluator, tensor: Value) -> Value:
    if not isinstance(tensor, Tensor) or tensor.shape is None or len(tensor.shape) < 2:
        return interpreter.unknown("fans"), interpreter.unknown("fans")
    units, channels, *kernel = tensor.counts
    return channels * prod(kernel), units * prod(kernel)


def _jit() -> dict[str, Value]:
    return {
        **natives(
            script=first,
            ignore=first,
            export=first,
            unused=first,
            is_scripting=said(False),
            is_tracing=said(False),
            script_if_tracing=first,
            interface=first,
            trace=first,
            script_method=first,
            annotate=lambda at, kind, value: value,
            _script_if_tracing=first,
        ),
        "Final": Class("Final", (CLASSES["object"],)),
        "ScriptModule": MODULE,
    }


def _utils() -> dict[str, Value]:
    return natives(
        weight_norm=_weight_norm,
        spectral_norm=_spectral_norm,
        remove_weight_norm=first,
        clip_grad_norm_=nothing,
        remove_spectral_norm=first,
    )


def _cuda() -> dict[str, Value]:
    return natives(is_available=said(False), device_count=said(0), manual_seed=nothing, manual_seed_all=nothing,
                   synchronize=nothing, empty_cache=nothing, set_device=nothing, current_device=said(0),
                   is_bf16_supported=said(False))  # fmt: skip


LIBRARIES: dict[str, Callable[[], dict[str, Value]]] = {
    "torch": torch_names,
    "torch.nn": nn_names,
    "torch.nn.functional": functional_names,
    "torch.nn.init": _init,
    "torch.nn.modules": module_names,
    **{
        f"torch.nn.modules.{name}": nn_names
        for name in (
            "conv",
            "batchnorm",
            "utils",
            "module",
            "linear",
            "activation",
            "pooling",
            "container",
            "normalization",
            "dropout",
            "transformer",
            "loss",
            "padding",
            "sparse",
            "rnn",
            "upsampling",
            "flatten",
            "instancenorm",
        )
    },
    "torch.nn.modules.utils": lambda: natives(
        _single=_spread(1),
        _pair=_spread(2),
        _triple=_spread(3),
        _quadruple=_spread(4),
        _ntuple=lambda at, count: Native("_ntuple", _spread(count)),
    ),
    "torch.nn.parameter": lambda: {"Parameter": PARAMETER},
    "torch.nn.utils": _utils,
    "torch.nn.utils.weight_norm": _utils,
    "torch.nn.utils.spectral_norm": _utils,
    "torch.nn.utils.parametrizations": _utils,
    "torch.nn.common_types": dict,
    "torch.nn.parallel": lambda: {"DataParallel": _WRAPPED, "DistributedDataParallel": _WRAPPED},
    "torch.utils": dict,
    "torch.utils.checkpoint": lambda: natives(checkpoint=_checkpoint, checkpoint_sequential=_checkpoint_sequential),
    "torch.jit": _jit,
    "torch.jit.annotations": dict,
    "torch.fx": lambda: natives(wrap=first),
    "torch.autograd": lambda: {"Function": _FUNCTION, "Variable": Native("Variable", first)},
    "torch.autograd.function": lambda: {"Function": _FUNCTION},
    "torch.cuda": _cuda,
    "torch.cuda.amp": lambda: {"autocast": Native("autocast", _guard), **natives(custom_fwd=first, custom_bwd=first)},
    "torch.amp": lambda: {"autocast": Native("autocast", _guard), **natives(custom_fwd=first, custom_bwd=first)},
    "torch.hub": lambda: natives(load=_downloaded, load_state_dict_from_url=said(Opaque("downloaded weights"))),
    "torch.utils.model_zoo": lambda: natives(load_url=said(Opaque("downloaded weights"))),
    "torch.backends": dict,
    "torch.backends.cudnn": dict,
    "torch.distributed": lambda: natives(
        is_available=said(False), is_initialized=said(False), get_world_size=said(1), get_rank=said(0)
    ),
    "torch.onnx": lambda: natives(is_in_onnx_export=said(False)),
    "torch._jit_internal": lambda: natives(boolean_dispatch=nothing, weak_module=first, weak_script_method=first),
    "torch.special": operation_names,
    "torch.linalg": operation_names,
    "torch.fft": transform_names,
    "torch.compiler": lambda: natives(disable=first, is_compiling=said(False), allow_in_graph=first),
    "torch.ao.nn.quantized": dict,
    "torch.version": lambda: {"cuda": None, "__version__": "2.13.0"},
    "torch._C": lambda: natives(_log_api_usage_once=nothing),
    "torch.types": dict,
    "numpy": numpy_names,
    "numpy.random": random_names,
    "einops": einops.functions,
    "einops.layers.torch": einops.layers,
    **dict.fromkeys(("timm.models.registry", "timm.models._registry"), registry_names),
}


def _spread(count: int) -> Callable[..., Value]:
    """``_pair(3)``: a number for each axis, or what there is."""

    def spread(interpreter: Evaluator, value: Value, *_: Value) -> Value:
        if isinstance(value, str | int | float) or not isinstance(value, list | tuple):
            return (value,) * count
        return tuple(value)

    return spread
