"""What stands in a written module beside its classes: for what torch.nn has not."""

from __future__ import annotations

from collections.abc import Sequence

_STUB = '''class NotConverted(nn.Module):
    """Stands for a layer that PyTorch has no call for."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def forward(self, *tensors: Tensor) -> Tensor:
        raise NotImplementedError(self.name)
'''
_ONE_BIAS = '''def one_bias(layer: nn.RNNBase) -> nn.RNNBase:
    """A recurrent layer with one bias a gate: PyTorch's second one stays zero."""
    for name, bias in list(layer.named_parameters()):
        if name.startswith("bias_hh"):
            delattr(layer, name)
            layer.register_buffer(name, torch.zeros_like(bias.data), persistent=False)
            setattr(layer, name, layer.get_buffer(name))
    return layer
'''
#: By name. Calls name them as if they were of torch.nn, so that they make modules as those do.
HELPERS = {"NotConverted": _STUB, "one_bias": _ONE_BIAS}


def with_helpers(classes: Sequence[str]) -> list[str]:
    """The texts of classes, before them those of the helpers that they name."""
    used = [name for name in HELPERS if any(f"nn.{name}(" in text for text in classes)]
    for name in used:
        classes = [text.replace(f"nn.{name}(", f"{name}(") for text in classes]
    return [*(HELPERS[name] for name in used), *classes]
