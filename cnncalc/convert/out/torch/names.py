"""Names of attributes, variables and classes in Python."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterable, Mapping

from ..names import Labels

#: What a module imports, and what its methods name.
_TAKEN = frozenset(("torch", "nn", "Tensor", "self", "model", "annotations"))
#: What every module has already.
_MODULE = frozenset(
    "double half float train eval type to apply modules children parameters buffers cpu cuda compile bfloat16 forward "
    "training state_dict zero_grad extra_repr xpu mtia named_modules add_module share_memory".split()
)
#: Names of modules by their class.
_ATTRIBUTES = {
    "BatchNorm": "bn", "Linear": "fc", "MaxPool": "pool", "AvgPool": "pool", "AdaptiveAvgPool": "pool", "Conv": "conv",
    "AdaptiveMaxPool": "pool", "ConvTranspose": "up", "Dropout": "dropout", "LayerNorm": "norm", "GroupNorm": "norm",
    "InstanceNorm": "norm", "Upsample": "up", "MultiheadAttention": "attention", "Flatten": "flatten",
    "LocalResponseNorm": "lrn", "Parameter": "weight", "MaxUnpool": "unpool", "ReLU": "relu", "Identity": "identity",
}  # fmt: skip


def attribute(func: str) -> str:
    """What an attribute is called that a module of this class is: ``conv`` of ``nn.Conv2d``."""
    name = func.rpartition(".")[2]
    base = name[:-2] if name[-2:] in ("1d", "2d", "3d") else name
    found = _ATTRIBUTES.get(base)
    return found if found is not None else snake(base)


def snake(name: str) -> str:
    """``InvertedResidual`` as ``inverted_residual``; a word of capitals as one word."""
    made = ""
    for place, sign in enumerate(name):
        before = name[place - 1] if place else "A"
        made += "_" if sign.isupper() and not before.isupper() and before != "_" else ""
        made += sign.lower()
    return variable(made)


def variable(name: str) -> str:
    """A name as one that Python does not have for something else."""
    taken = keyword.iskeyword(name) or name in _TAKEN or hasattr(builtins, name)
    return f"{name}_" if taken else name


def variables(labels: Mapping[int, str]) -> dict[int, str]:
    """The variables of tensors with names: in lower case, each its own."""
    given = Labels(("x", "y", "z", "u", "v", "w", "inputs", "outputs"), kinds=True)
    return {tensor: variable(given.take(snake(name))) for tensor, name in labels.items()}


#: Short names of rows of layers, as classes have them.
_READ = {"cbr": "ConvBNReLU", "cr": "ConvReLU", "cb": "ConvBN", "cbs": "ConvBNSiLU", "cbl": "ConvBNLeakyReLU",
         "cbh": "ConvBNHardswish", "se": "SqueezeExcite"}  # fmt: skip


def camel(name: str) -> str:
    """``dense_layer`` as ``DenseLayer``, ``ResNet-50`` as ``ResNet50``, ``ds_cnn`` as ``DsCnn``."""
    name = _READ.get(name, name)
    words = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in name).split()
    made = "".join(word[:1].upper() + word[1:] for word in words)
    made = made if not made[:1].isdigit() else f"Net{made}"
    return made if made and not keyword.iskeyword(made) else "Net"


class ClassNames:
    """The names of classes: again one has a number behind it."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)

    def take(self, name: str, otherwise: str) -> str:
        """`name` in words, as classes have them, or another that nothing has yet."""
        base = camel(name) or otherwise
        made, count = base, 1
        while made in self._taken:
            count += 1
            made = f"{base}{count}"
        self._taken.add(made)
        return made


class Attributes:
    """The attributes of a class: a name is numbered where several want it."""

    def __init__(self) -> None:
        self._wanted: list[str] = []

    def take(self, wanted: str) -> str:
        """What stands for an attribute that would be called so, until all are known."""
        self._wanted.append(f"{wanted}_block" if wanted in _MODULE else variable(wanted) or "layer")
        return f"attr_{len(self._wanted)}_"

    def names(self, taken: Iterable[str] = ()) -> dict[str, str]:
        """The names, by what stands for them."""
        used = {*taken, "forward", "training"}
        used.update(name for name in self._wanted if self._wanted.count(name) == 1)
        found: dict[str, str] = {}
        last: dict[str, int] = {}
        for number, wanted in enumerate(self._wanted, 1):
            name = wanted
            if self._wanted.count(wanted) > 1 or wanted in taken:
                count = last.get(wanted, 0) + 1
                while f"{wanted}{count}" in used:
                    count += 1
                last[wanted], name = count, f"{wanted}{count}"
                used.add(name)
            found[f"attr_{number}_"] = name
        return found
