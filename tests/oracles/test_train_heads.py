"""What only training runs, beside PyTorch in training: the modules that it calls there and not in evaluation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import cnncalc
from cnncalc.convert.readers import How
from cnncalc.interpret import build, read_source

torch = pytest.importorskip("torch")

from . import training_nets as nets  # noqa: E402
from .torchvision_models import torchvision  # noqa: E402

#: A call of a module: its path, and the shape that it gives.
Calls = list[tuple[str, tuple[int, ...]]]

NETS = ["Returned", "Named", "OneLayer", "Shared", "Kept", "Inside", "Added", "Resized", "Noise", "Softened", "InPlace"]


def called(model: Any, sample: tuple[int, ...], *, train: bool) -> tuple[Calls, list[tuple[int, ...]]]:
    """The calls of modules without parts, with the shapes of a sample, and the shapes that the model gives."""
    found: Calls = []
    hooks = [
        module.register_forward_hook(lambda _, __, out, path=path: found.append((path, tuple(out.shape[1:]))))
        for path, module in model.named_modules()
        if not [*module.children()] and not isinstance(module, nets.DropPath)
    ]
    with torch.no_grad():
        given = model.train(train)(torch.zeros(2, *sample, device=next(model.parameters()).device))
    for hook in hooks:
        hook.remove()
    flat = torch.utils._pytree.tree_leaves(given)
    return found, [tuple(one.shape[1:]) for one in flat if one is not None]


def differs(model: Any, document: dict[str, Any], sample: tuple[int, ...]) -> list[object]:
    """Where a document says something else than PyTorch does."""
    evaluated, outputs = called(model, sample, train=False)
    trained, train_outputs = called(model, sample, train=True)
    for one in evaluated:
        trained.remove(one)
    left = [one for one in train_outputs if one not in outputs or outputs.remove(one)]  # type: ignore[func-returns-value]
    layers = [one for one in document["layers"] if one.get("train") and one["module"] and one["path"][0] != "unused"]
    owned = sum(one.numel() for one in model.parameters())
    ours = [
        sorted((one["module"], tuple(one["output"])) for one in layers if one["type"] != one["type"].lower()),
        sorted(tuple(one["shape"]) for one in document["outputs"] if one.get("train")), document["totals"]["params_train"],
    ]  # fmt: skip
    theirs = [sorted(trained), sorted(left), owned]
    return [(found, wanted) for found, wanted in zip(ours, theirs, strict=True) if found != wanted]


@pytest.mark.parametrize("name", NETS)
def test_networks(name: str) -> None:
    torch.manual_seed(0)
    document = cnncalc.analyze(cnncalc.load(f"{nets.__file__}:{name}", input="3x32x32")).to_dict()
    wrong = differs(getattr(nets, name)(), document, (3, 32, 32))
    kept = {"Kept": [(1, 32, 32)], "Added": [(8, 32, 32)]}.get(name)  # what the model does not give ends a head, too
    assert wrong == ([(kept, [])] if kept else [])


@pytest.mark.parametrize(
    ("factory", "file", "size"), [("googlenet", "googlenet", 224), ("inception_v3", "inception", 299)]
)
def test_torchvision(factory: str, file: str, size: int) -> None:
    package = torchvision()
    site = Path(package.__file__).parent.parent
    path = f"{site}/torchvision/models/{file}.py:{factory}(init_weights=False)"
    source, folder = read_source(path, how=How("python", site=str(site)))
    document = cnncalc.analyze(build(source, folder=folder, inputs={None: f"3x{size}x{size}"})).to_dict()
    with torch.device("meta"):
        model = getattr(package.models, factory)(weights=None, init_weights=False)
    assert not differs(model, document, (3, size, size))
