"""Parameters of a network that is deployed: those of PyTorch's modules with their batch normalisations folded."""

from __future__ import annotations

from random import Random

import pytest

torch = pytest.importorskip("torch")
from torch import nn  # noqa: E402
from torch.nn.utils.fusion import fuse_conv_bn_eval, fuse_linear_bn_eval  # noqa: E402

import cnncalc  # noqa: E402


def drawn(seed: int) -> tuple[str, list[nn.Module]]:
    """A chain of convolutions, fully connected layers and normalisations: as a spec, and as modules."""
    chance = Random(seed)
    lines, modules, channels = ["input 4x6x6"], [], 4
    for _ in range(chance.randint(2, 8)):
        kind = chance.choice(("conv", "dwconv", "upconv", "bn", "bn", "relu"))
        width, bias, affine = chance.choice((4, 8)), chance.random() < 0.5, chance.random() < 0.7
        said = "yes" if bias else "no"
        if kind == "conv":
            lines.append(f"conv {width} 3 pad=1 bias={said} groups=2")
            modules.append(nn.Conv2d(channels, width, 3, padding=1, bias=bias, groups=2))
            channels = width
        elif kind == "dwconv":
            lines.append(f"dwconv 3 pad=1 bias={said}")
            modules.append(nn.Conv2d(channels, channels, 3, padding=1, bias=bias, groups=channels))
        elif kind == "upconv":
            lines.append(f"upconv {width} 3 pad=1 bias={said}")
            modules.append(nn.ConvTranspose2d(channels, width, 3, padding=1, bias=bias))
            channels = width
        elif kind == "bn":
            lines.append(f"bn affine={'yes' if affine else 'no'}")
            modules.append(nn.BatchNorm2d(channels, affine=affine))
        else:
            lines.append("relu")
            modules.append(nn.ReLU())
    lines.append("gavgpool | flatten | fc 5 bias=no | bn")
    return "\n".join(lines), [*modules, nn.Linear(channels, 5, bias=False), nn.BatchNorm1d(5)]


def folded(modules: list[nn.Module]) -> list[nn.Module]:
    """The modules, each normalisation in the convolution or the linear layer right before it."""
    found: list[nn.Module] = []
    for module in (one.eval() for one in modules):
        before = found[-1] if found else None
        if isinstance(module, nn.BatchNorm1d) and isinstance(before, nn.Linear):
            found[-1] = fuse_linear_bn_eval(before, module)
        elif isinstance(module, nn.BatchNorm2d) and isinstance(before, nn.Conv2d | nn.ConvTranspose2d):
            found[-1] = fuse_conv_bn_eval(before, module, isinstance(before, nn.ConvTranspose2d))
        else:
            found.append(module)
    return found


def sizes(modules: list[nn.Module]) -> tuple[int, int]:
    parameters = sum(one.numel() for module in modules for one in module.parameters())
    buffers = sum(one.numel() for module in modules for one in module.buffers() if one.dim())
    return parameters, buffers


@pytest.mark.parametrize("start", range(0, 200, 50))
def test_chains(start: int) -> None:
    for seed in range(start, start + 50):
        text, modules = drawn(seed)
        totals = cnncalc.analyze(cnncalc.loads(text), execution="fused").totals
        assert (totals.params, totals.buffers) == sizes(folded(modules)), text


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("name", ["resnet18", "resnet50", "mobilenet_v2", "densenet121", "googlenet"])
def test_models(name: str) -> None:
    """By PyTorch's own search for what can be folded."""
    from torch.fx.experimental.optimization import fuse

    from .torchvision_models import torchvision

    more = {"init_weights": False, "aux_logits": False} if name == "googlenet" else {}
    model = fuse(getattr(torchvision().models, name)(**more).eval(), inplace=True)
    totals = cnncalc.analyze(cnncalc.load(f"@{name}"), execution="fused").totals
    assert (totals.params, totals.buffers) == sizes([model])
