"""torchvision, imported beside PyTorch's build for the CPU, and what its factories give on the meta device."""

from __future__ import annotations

import contextlib
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest

#: Of each group of factories: their module, what one sample is, and how they are called beyond weights=None.
GROUPS = {
    "": ((3, 224, 224), {}),
    "segmentation": ((3, 224, 224), {"weights_backbone": None}),
    "video": ((3, 16, 112, 112), {}),
}
_SIZES = {"inception_v3": (3, 299, 299), "mvit_v1_b": (3, 16, 224, 224), "mvit_v2_s": (3, 16, 224, 224),
          "swin3d_t": (3, 16, 224, 224), "swin3d_s": (3, 16, 224, 224), "swin3d_b": (3, 16, 224, 224),
          "s3d": (3, 16, 224, 224), "vit_h_14": (3, 224, 224)}  # fmt: skip
#: Their weights are drawn by SciPy, where they are drawn.
_DRAWN = ("googlenet", "inception_v3")


class Factory(NamedTuple):
    """A factory of torchvision: its name, its file below the package, its call, and one sample of its input."""

    name: str
    file: str
    call: str
    sample: tuple[int, ...]


def torchvision() -> Any:
    """The package; its compiled operators, which no network needs, stand in name only. Skips where it is missing."""
    torch = pytest.importorskip("torch")
    found = find_spec("torchvision")
    if found is None or found.origin is None:
        pytest.skip("torchvision is not installed")
    library = torch.library.Library("torchvision", "FRAGMENT")
    names = {"nms", "qnms"}
    for file in Path(found.origin).parent.glob("**/*.py"):
        names.update(re.findall(r'register_(?:fake|meta)\("(?:torchvision::)?(\w+)"', file.read_text("utf-8")))
    for name in names:
        if not hasattr(torch.ops.torchvision, name):
            with contextlib.suppress(RuntimeError):
                library.define(f"{name}(Tensor x) -> Tensor")
    import torchvision as package

    package._names_of_operators = library  # or they go with it
    return package


def factories() -> list[Factory]:
    """All factories of classifiers, of segmentation and of video, by torchvision's own registry."""
    package = torchvision()
    found = []
    for group, (sample, options) in GROUPS.items():
        module = getattr(package.models, group) if group else package.models
        for name in package.models.list_models(module=module):
            factory = package.models.get_model_builder(name)
            words = {**options, **({"init_weights": False} if name in _DRAWN else {})}
            call = f"{name}({', '.join(f'{key}={value}' for key, value in words.items())})"
            file = f"{factory.__module__.replace('.', '/')}.py"
            found.append(Factory(name, file, call, _SIZES.get(name, sample)))
    return found


def executed(factory: Factory) -> tuple[int, int, int, list[list[int]]]:
    """Parameters, buffers without batch counters, MACs and the shapes of outputs, on the meta device."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    package = torchvision()
    build = package.models.get_model_builder(factory.name)
    options = {"weights_backbone": None} if "weights_backbone" in factory.call else {}
    options |= {"init_weights": False} if "init_weights" in factory.call else {}
    try:
        with torch.device("meta"):
            model = build(**options).eval()
    except NotImplementedError:  # RegNet works its widths out on tensors
        model = build(**options).eval().to("meta")
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        outputs = model(torch.empty(1, *factory.sample, device="meta"))
    values = outputs.values() if isinstance(outputs, dict) else [outputs]
    buffers = sum(one.numel() for name, one in model.named_buffers() if "num_batches_tracked" not in name)
    params = sum(one.numel() for one in model.parameters())
    return params, buffers, counter.get_total_flops() // 2, [list(one.shape) for one in values]
