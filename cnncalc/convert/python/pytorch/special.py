"""Modules whose `forward` is more than one call of a function."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...torch.values import Tensor
from ..operators import type_name
from ..values import Class, UnknownReached, UnknownValue, Value
from .modules import ModuleInstance
from .run import operation

if TYPE_CHECKING:
    from ..interpreter import Evaluator


def upsample(interpreter: Evaluator, module: ModuleInstance, x: Value) -> Value:
    """``nn.Upsample``, and the two that are short for it."""
    own = module.attributes
    kwargs = {
        "size": own["size"],
        "scale_factor": own["scale_factor"],
        "mode": own["mode"],
        "align_corners": own["align_corners"],
    }
    return operation(interpreter, "interpolate", (x,), kwargs)


def from_pretrained(
    interpreter: Evaluator, cls: Class, /, embeddings: Value, freeze: Value = True, **options: Value
) -> Value:  # fmt: skip
    """``nn.Embedding.from_pretrained``, and that of EmbeddingBag: a row of weights each. They are parameters, frozen or
    not. Raises TypeError, UnknownReached, and as PyTorch does AssertionError.
    """
    if isinstance(embeddings, UnknownValue):
        raise UnknownReached(embeddings)
    if not isinstance(embeddings, Tensor):
        raise TypeError(f"{cls.name}.from_pretrained() takes a tensor, not {type_name(embeddings)}")
    if embeddings.shape is None:
        raise UnknownReached(interpreter.unknown("the shape of the embeddings"))
    if len(embeddings.shape) != 2:
        raise AssertionError("Embeddings parameter is expected to be 2-dimensional")
    rows, columns = embeddings.shape
    made = interpreter.call(cls, [rows, columns], options)
    if isinstance(made, ModuleInstance):
        weight = made.parameters["weight"]
        weight.dtype = embeddings.dtype
    return made


def embed_bag(interpreter: Evaluator, module: ModuleInstance, x: Value, offsets: Value = None, *_: Value) -> Value:
    """``nn.EmbeddingBag``."""
    return operation(interpreter, "embedding_bag", (x, module.parameters["weight"], offsets), {})


def recur(name: str) -> Callable[..., Any]:
    """A recurrent layer over a whole sequence."""

    def forward(interpreter: Evaluator, module: ModuleInstance, input: Value, hx: Value = None) -> Value:
        own = module.attributes
        weights = [parameter for parameter in module.parameters.values() if isinstance(parameter, Tensor)]
        kwargs = {"has_biases": own["bias"], "num_layers": own["num_layers"], "bidirectional": own["bidirectional"],
                  "batch_first": own["batch_first"]}  # fmt: skip
        return operation(interpreter, name, (input, hx, weights), kwargs)

    return forward


def stepped(name: str) -> Callable[..., Any]:
    """One step of a recurrent layer."""

    def forward(interpreter: Evaluator, module: ModuleInstance, input: Value, hx: Value = None) -> Value:
        kept = module.parameters
        weights = [kept.get(one) for one in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
        return operation(interpreter, name, (input, hx, *weights), {})

    return forward


def attend(
    interpreter: Evaluator, module: ModuleInstance, query: Value, key: Value, value: Value,
    key_padding_mask: Value = None, need_weights: Value = True, attn_mask: Value = None,
    average_attn_weights: Value = True, is_causal: Value = False,
) -> Value:  # fmt: skip
    """``nn.MultiheadAttention``: one row, with its projections."""
    own = module.attributes
    weights = [parameter for parameter in module.parameters.values() if isinstance(parameter, Tensor)]
    inner = module.parts.get("out_proj")
    if inner is not None:
        weights += [parameter for parameter in inner.parameters.values() if isinstance(parameter, Tensor)]
    widths = [own["embed_dim"], own["kdim"] or own["embed_dim"], own["vdim"] or own["embed_dim"]]
    kwargs = {"batch_first": own["batch_first"], "need_weights": need_weights, "average": average_attn_weights,
              "widths": widths}  # fmt: skip
    return operation(interpreter, "multi_head_attention", (query, key, value, own["num_heads"], weights), kwargs)
