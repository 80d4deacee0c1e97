"""``nn.TransformerEncoder`` and its like: modules of modules, written here as PyTorch writes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..standard.libraries import copied
from ..standard.numbers import as_index
from ..values import Class, Native, Value
from .layers import CLASSES as LAYERS
from .modules import MODULE, ModuleInstance
from .run import operation

if TYPE_CHECKING:
    from ..interpreter import Evaluator


def _part(interpreter: Evaluator, name: str, /, *args: Value, **kwargs: Value) -> Value:
    return interpreter.call(LAYERS[name], args, kwargs)


def _layer(decoder: bool) -> Callable[..., None]:
    def init(
        interpreter: Evaluator, module: ModuleInstance, /, d_model: int, nhead: int, dim_feedforward: int = 2048,
        dropout: float = 0.1, activation: Value = "relu", layer_norm_eps: float = 1e-5, batch_first: bool = False,
        norm_first: bool = False, bias: bool = True, **_: Value,
    ) -> None:  # fmt: skip
        module.ready = True
        module.attributes.update(activation=activation, norm_first=norm_first)
        attentions = ("self_attn", "multihead_attn") if decoder else ("self_attn",)
        parts = {
            name: _part(interpreter, "MultiheadAttention", d_model, nhead, dropout, bias=bias, batch_first=batch_first)
            for name in attentions
        }
        parts |= {"linear1": _part(interpreter, "Linear", d_model, dim_feedforward, bias),
                  "dropout": _part(interpreter, "Dropout", dropout),
                  "linear2": _part(interpreter, "Linear", dim_feedforward, d_model, bias)}  # fmt: skip
        count = 3 if decoder else 2
        parts |= {
            f"norm{n + 1}": _part(interpreter, "LayerNorm", d_model, layer_norm_eps, True, bias) for n in range(count)
        }
        parts |= {f"dropout{n + 1}": _part(interpreter, "Dropout", dropout) for n in range(count)}
        module.parts.update(parts)

    return init


def _run(interpreter: Evaluator, module: ModuleInstance, name: str, /, *args: Value, **kwargs: Value) -> Value:
    return interpreter.call(module.parts[name], args, kwargs)


def _added(interpreter: Evaluator, one: Value, other: Value) -> Value:
    return operation(interpreter, "add", (one, other), {})


def _attended(
    interpreter: Evaluator, module: ModuleInstance, name: str, dropout: str, x: Value, memory: Value
) -> Value:
    found = _run(interpreter, module, name, x, memory, memory, need_weights=False)[0]
    return _run(interpreter, module, dropout, found)


def _fed(interpreter: Evaluator, module: ModuleInstance, dropout: str, x: Value) -> Value:
    x = _run(interpreter, module, "linear1", x)
    activation = module.attributes["activation"]
    x = (
        operation(interpreter, activation, (x,), {})
        if isinstance(activation, str)
        else interpreter.call(activation, [x])
    )
    x = _run(interpreter, module, "linear2", _run(interpreter, module, "dropout", x))
    return _run(interpreter, module, dropout, x)


def _stage(
    interpreter: Evaluator, module: ModuleInstance, norm: str, x: Value, work: Callable[[Value], Value]
) -> Value:
    """A residual part: normalized before, or behind."""
    if module.attributes["norm_first"]:
        return _added(interpreter, x, work(_run(interpreter, module, norm, x)))
    return _run(interpreter, module, norm, _added(interpreter, x, work(x)))


def _encode(interpreter: Evaluator, module: ModuleInstance, /, src: Value, *_: Value, **__: Value) -> Value:
    x = _stage(
        interpreter, module, "norm1", src, lambda one: _attended(interpreter, module, "self_attn", "dropout1", one, one)
    )
    return _stage(interpreter, module, "norm2", x, lambda one: _fed(interpreter, module, "dropout2", one))


def _decode(
    interpreter: Evaluator, module: ModuleInstance, /, tgt: Value, memory: Value, *_: Value, **__: Value
) -> Value:
    x = _stage(
        interpreter, module, "norm1", tgt, lambda one: _attended(interpreter, module, "self_attn", "dropout1", one, one)
    )
    x = _stage(interpreter, module, "norm2", x,
               lambda one: _attended(interpreter, module, "multihead_attn", "dropout2", one, memory))  # fmt: skip
    return _stage(interpreter, module, "norm3", x, lambda one: _fed(interpreter, module, "dropout3", one))


def _stack(word: str) -> Callable[..., None]:
    """What makes a stack of copies of a layer, which is called `word` there."""

    def init(interpreter: Evaluator, module: ModuleInstance, /, *args: Value, **kwargs: Value) -> None:
        from .containers import MODULE_LIST

        given = dict(zip((word, "num_layers", "norm"), args, strict=False)) | kwargs
        for name in (word, "num_layers"):
            if name not in given:
                raise TypeError(f"{module.cls.name}.__init__() missing 1 required positional argument: '{name}'")
        module.ready = True
        module.attributes["num_layers"] = given["num_layers"]
        count = as_index(interpreter, given["num_layers"])
        layers = [copied(interpreter, given[word], True) for _ in range(count)]
        module.parts["layers"] = interpreter.call(MODULE_LIST, [layers])
        module.parts["norm"] = given.get("norm")

    return init


def _through(interpreter: Evaluator, module: ModuleInstance, /, x: Value, *memory: Value, **named: Value) -> Value:
    memory = memory[:1] if module.cls.trait("decodes") else ()
    if module.cls.trait("decodes") and not memory and "memory" in named:
        memory = (named["memory"],)
    for layer in interpreter.listed(module.parts["layers"]):
        x = interpreter.call(layer, [x, *memory])
    norm = module.parts["norm"]
    return x if norm is None else interpreter.call(norm, [x])


def _both(
    interpreter: Evaluator, module: ModuleInstance, /, d_model: int = 512, nhead: int = 8, num_encoder_layers: int = 6,
    num_decoder_layers: int = 6, dim_feedforward: int = 2048, dropout: float = 0.1, activation: Value = "relu",
    custom_encoder: Value = None, custom_decoder: Value = None, layer_norm_eps: float = 1e-5, batch_first: bool = False,
    norm_first: bool = False, bias: bool = True, **_: Value,
) -> None:  # fmt: skip
    module.ready = True
    module.attributes.update(d_model=d_model, nhead=nhead, batch_first=batch_first)
    args = (d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first, bias)
    for key, count, given in (
        ("Encoder", num_encoder_layers, custom_encoder),
        ("Decoder", num_decoder_layers, custom_decoder),
    ):
        layer = interpreter.call(TRANSFORMERS[f"Transformer{key}Layer"], args)
        norm = _part(interpreter, "LayerNorm", d_model, layer_norm_eps, True, bias)
        made = given if given is not None else interpreter.call(TRANSFORMERS[f"Transformer{key}"], [layer, count, norm])
        module.parts[key.lower()] = made


def _translate(
    interpreter: Evaluator, module: ModuleInstance, /, src: Value, tgt: Value, *_: Value, **__: Value
) -> Value:
    return _run(interpreter, module, "decoder", tgt, _run(interpreter, module, "encoder", src))


def _mask(interpreter: Evaluator, /, *args: Value, **_: Value) -> Value:
    size = args[-1]
    return operation(interpreter, "zeros", (size, size), {})


def _class(name: str, init: Callable[..., None], forward: Callable[..., Value]) -> Class:
    found = Class(name, (MODULE,), {"__init__": Native("__init__", init), "forward": Native("forward", forward)})
    found.traits["decodes"] = "Decoder" in name
    return found


TRANSFORMERS = {
    one.name: one
    for one in (
        _class("TransformerEncoderLayer", _layer(False), _encode),
        _class("TransformerDecoderLayer", _layer(True), _decode),
        _class("TransformerEncoder", _stack("encoder_layer"), _through),
        _class("TransformerDecoder", _stack("decoder_layer"), _through),
        _class("Transformer", _both, _translate),
    )
}
TRANSFORMERS["Transformer"].namespace["generate_square_subsequent_mask"] = Native(
    "generate_square_subsequent_mask", _mask
)
