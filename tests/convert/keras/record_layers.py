"""Records what Keras makes of single layers: KERAS_BACKEND=torch python record_layers.py  (Keras 3, PyTorch)

A line of layers.jsonl is the class and configuration of each layer of a chain, the shapes that enter, and Keras's answer:
the output's shape, its parameters and statistics, and the products that PyTorch counts while it runs (null where it
counts none of them, or not as layers multiply: recurrent ones).
"""

from __future__ import annotations

import json
from itertools import product
from math import prod
from pathlib import Path
from random import Random
from typing import Any

import keras
import torch
from keras import layers
from torch.utils.flop_counter import FlopCounterMode

HERE = Path(__file__).resolve().parent
CHANCE = Random(7)
#: What is left out of a configuration: nothing in it changes a shape or a count.
ASIDE = (
    "dtype",
    "trainable",
    "name",
    "seed",
    "epsilon",
    "momentum",
    "synchronized",
    "quantization_config",
    "ragged",
    "sparse",
)
FIRST, LAST = "channels_first", "channels_last"

Case = tuple[list[tuple[int, ...]], list[Any]]


def picked(*some: Any) -> Any:
    return CHANCE.choice(some)


def each(rank: int, low: int, high: int) -> Any:
    """One number for all axes, or one an axis."""
    return CHANCE.randint(low, high) if CHANCE.random() < 0.4 else tuple(CHANCE.randint(low, high) for _ in range(rank))


def map_of(rank: int, channels: int, form: str, low: int = 6, high: int = 11) -> tuple[int, ...]:
    sizes = tuple(CHANCE.randint(low, high) for _ in range(rank))
    return (channels, *sizes) if form == FIRST else (*sizes, channels)


def window(rank: int, form: str) -> dict[str, Any]:
    """What all convolutions take: strides or dilations."""
    stretched = CHANCE.random() < 0.3
    return {
        "kernel_size": each(rank, 1, 3), "strides": 1 if stretched else each(rank, 1, 3),
        "dilation_rate": each(rank, 1, 2) if stretched else 1, "use_bias": picked(True, True, False),
        "padding": picked("valid", "same"), "data_format": form,
        "activation": picked(None, "relu", "softsign", "gelu", "hard_sigmoid", "relu6"),
    }  # fmt: skip


def convolutions(rank: int) -> Case:
    groups, form = picked(1, 1, 2, 3), picked(FIRST, LAST)
    given = window(rank, form) | {"filters": groups * CHANCE.randint(1, 3), "groups": groups}
    if rank == 1 and form == LAST and CHANCE.random() < 0.4:
        given["padding"] = "causal"
    return [map_of(rank, 6, form)], [getattr(layers, f"Conv{rank}D")(**given)]


def depthwise(rank: int) -> Case:
    form = picked(FIRST, LAST)
    given = window(rank, form) | {"strides": CHANCE.randint(1, 2), "dilation_rate": 1}
    given["depth_multiplier"] = CHANCE.randint(1, 3)
    return [map_of(rank, 3, form)], [getattr(layers, f"DepthwiseConv{rank}D")(**given)]


def separable(rank: int) -> Case:
    shapes, (plain,) = depthwise(rank)
    given = {name: value for name, value in plain.get_config().items() if name in window(rank, LAST)}
    made = getattr(layers, f"SeparableConv{rank}D")
    return shapes, [made(**given, depth_multiplier=plain.depth_multiplier, filters=CHANCE.randint(2, 5))]


def transposed(rank: int) -> Case:
    form = picked(FIRST, LAST)
    given = window(rank, form) | {"filters": CHANCE.randint(1, 4)}
    if CHANCE.random() < 0.3 and given["strides"] != 1:
        given["output_padding"] = 0
    return [map_of(rank, 4, form, 3, 6)], [getattr(layers, f"Conv{rank}DTranspose")(**given)]


def pools(rank: int) -> Case:
    form, name = picked(FIRST, LAST), picked("MaxPooling", "AveragePooling")
    given = {
        "pool_size": each(rank, 2, 3),
        "strides": picked(None, each(rank, 1, 3)),
        "padding": picked("valid", "same"),
    }
    return [map_of(rank, 3, form)], [getattr(layers, f"{name}{rank}D")(**given, data_format=form)]


def global_pools(rank: int) -> Case:
    form, name = picked(FIRST, LAST), picked("GlobalMaxPooling", "GlobalAveragePooling")
    return [map_of(rank, 3, form)], [getattr(layers, f"{name}{rank}D")(data_format=form, keepdims=picked(True, False))]


def borders(rank: int) -> Case:
    form, name = picked(FIRST, LAST), picked("ZeroPadding", "Cropping")
    pairs = tuple((CHANCE.randint(0, 2), CHANCE.randint(0, 2)) for _ in range(rank))
    amount = picked(1, pairs[0] if rank == 1 else pairs, pairs[0] if rank == 1 else tuple(pair[0] for pair in pairs))
    format = {} if rank == 1 else {"data_format": form}
    word = "padding" if name == "ZeroPadding" else "cropping"
    return [map_of(rank, 3, form if rank > 1 else LAST)], [
        getattr(layers, f"{name}{rank}D")(**{word: amount}, **format)
    ]


def larger(rank: int) -> Case:
    form = picked(FIRST, LAST) if rank > 1 else LAST
    more: dict[str, Any] = {} if rank == 1 else {"data_format": form}
    if rank == 2 and CHANCE.random() < 0.5:
        more["interpolation"] = "bilinear"
    size = CHANCE.randint(1, 3) if rank == 1 else each(rank, 1, 3)
    return [map_of(rank, 3, form, 3, 5)], [getattr(layers, f"UpSampling{rank}D")(size, **more)]


def after(form: str, rank: int) -> list[Any]:
    """What says that the channels come first, where the layer itself does not."""
    return [layers.ZeroPadding2D(0, data_format=FIRST)] if form == FIRST and rank == 2 else []


def normalizations(rank: int) -> Case:
    form = picked(FIRST, LAST) if rank == 2 else LAST
    scale, center = picked(True, True, False), picked(True, True, False)
    axis = picked(1, -1) if rank else -1
    made = picked(
        lambda: layers.BatchNormalization(axis=axis, scale=scale, center=center),
        lambda: layers.LayerNormalization(
            axis=picked(-1, list(range(1, rank + 2)), list(range(rank or 1, rank + 2))), scale=scale, center=center
        ),
        lambda: layers.GroupNormalization(picked(2, -1, 1), axis=axis, scale=scale, center=center),
        lambda: layers.PReLU(shared_axes=picked(None, list(range(1, rank + 1)) or None, [1], list(range(1, rank + 2)))),
        layers.Normalization,
    )()
    return [map_of(rank, 4, form, 4, 8)], [*after(form, rank), made]


def dense(rank: int) -> Case:
    form = picked(FIRST, LAST) if rank == 2 else LAST
    made = layers.Dense(CHANCE.randint(1, 5), use_bias=picked(True, False), activation=picked(None, "softmax", "silu"))
    return [map_of(rank, 4, form, 3, 6)], [*after(form, rank), made]


def recurrent(rank: int) -> Case:
    many = {"return_sequences": picked(True, False), "use_bias": picked(True, False)}
    kind = picked(layers.LSTM, layers.GRU, layers.SimpleRNN)
    if kind is layers.GRU:
        many["reset_after"] = picked(True, False)
    made = kind(CHANCE.randint(1, 5), **many)
    if CHANCE.random() < 0.4:
        made = layers.Bidirectional(made, merge_mode=picked("concat", "sum", "ave", "mul"))
    return [map_of(1, 4, LAST)], [made]


def stepped(rank: int) -> Case:
    if CHANCE.random() < 0.4:
        return [map_of(1, 4, LAST)], [layers.TimeDistributed(layers.Dense(3, use_bias=picked(True, False)))]
    form = LAST
    _, (inner,) = picked(convolutions, pools, larger, borders)(2)
    given = inner.get_config() | {"data_format": form}
    return [(CHANCE.randint(2, 4), *map_of(2, 6, form))], [layers.TimeDistributed(type(inner).from_config(given))]


def attention(rank: int) -> Case:
    others = CHANCE.random() < 0.5
    # With a dropout Keras multiplies in two steps, which PyTorch counts, but for a size of 1; its own attention it does not.
    more = {
        "dropout": 0.1,
        "value_dim": picked(None, 2, 5),
        "use_bias": picked(True, False),
        "output_shape": picked(None, 7),
    }
    shapes = [(5, 6), (7, 3), (7, 4)][: picked(2, 3)] if others else [(5, 6), (5, 6)]
    return shapes, [layers.MultiHeadAttention(CHANCE.randint(1, 3), CHANCE.randint(2, 4), **more)]


def merges(rank: int) -> Case:
    shape = map_of(rank, 4, LAST, 3, 5)
    name = picked("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot")
    count = 2 if name in ("Subtract", "Dot") else CHANCE.randint(2, 3)
    if name == "Concatenate":
        axis = CHANCE.randint(1, rank + 1)
        several = [tuple(CHANCE.randint(1, 4) if place == axis - 1 else size for place, size in enumerate(shape))
                   for _ in range(count)]  # fmt: skip
        return several, [layers.Concatenate(axis=picked(axis, axis - rank - 2))]
    if name == "Dot":
        one, other = (CHANCE.randint(1, 4) for _ in "12")
        return picked(([(one, 3), (other, 3)], [layers.Dot(axes=picked(2, -1))]), ([(3, one), (other, 3)], [layers.Dot(axes=(1, 2))]),
                      ([(3,), (3,)], [layers.Dot(axes=1)]))  # fmt: skip
    spread = tuple(picked(1, size) for size in shape)
    return [shape, *picked([shape] * (count - 1), [spread] * (count - 1))], [getattr(layers, name)()]


def moved(rank: int) -> Case:
    form = picked(FIRST, LAST) if rank == 2 else LAST
    shape = map_of(rank, 4, form, 3, 5)
    order = list(range(1, rank + 2))
    CHANCE.shuffle(order)
    half = (2, prod(shape) // 2) if prod(shape) % 2 == 0 else (prod(shape), 1)
    made = picked(
        lambda: layers.Permute(tuple(order)), lambda: layers.Reshape(picked((-1,), (prod(shape),), (*shape[::-1],), half, (1, -1))),
        layers.Flatten, lambda: layers.Softmax(axis=picked(-1, 1)),
        lambda: layers.ReLU(*picked((), (6.0,), (3.0,), (None, 0.1), (None, 0.0, 1.0))), layers.LeakyReLU,
        lambda: layers.Activation(picked("relu", "linear", "softplus", "swish", "log_softmax", "exponential", "tanh")),
        lambda: layers.Dropout(0.1), lambda: layers.Rescaling(2), layers.Identity, lambda: layers.GaussianNoise(0.1),
    )()  # fmt: skip
    return [shape], [*after(form, rank), made]


def others(rank: int) -> Case:
    return picked(
        lambda: ([(CHANCE.randint(1, 9),)], [layers.Embedding(CHANCE.randint(2, 9), CHANCE.randint(1, 5))]),
        lambda: ([(CHANCE.randint(1, 9),)], [layers.RepeatVector(CHANCE.randint(1, 4))]),
        lambda: ([(7, 9, 3)], [layers.Resizing(5, 4)]), lambda: ([(7, 9, 3)], [layers.CenterCrop(5, 4)]),
    )()  # fmt: skip


#: How many of each, for each number of axes.
MAKERS = ((convolutions, 14, (1, 2, 3)), (depthwise, 10, (1, 2)), (separable, 8, (1, 2)), (transposed, 14, (1, 2, 3)),
          (pools, 8, (1, 2, 3)), (global_pools, 3, (1, 2, 3)), (borders, 8, (1, 2, 3)), (larger, 4, (1, 2, 3)),
          (normalizations, 24, (0, 1, 2, 3)), (dense, 5, (0, 1, 2)), (recurrent, 30, (1,)), (stepped, 16, (1,)),
          (attention, 16, (1,)), (merges, 24, (0, 1, 2)), (moved, 24, (0, 1, 2)), (others, 12, (1,)))  # fmt: skip


def counted(model: keras.Model, shapes: list[tuple[int, ...]]) -> int:
    """The products of one sample."""
    given = [torch.zeros((1, *shape)) for shape in shapes]
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(given if len(given) > 1 else given[0])
    return int(counter.get_total_flops()) // 2


def described(layer: Any) -> list[Any]:
    config = {name: value for name, value in layer.get_config().items() if name not in ASIDE and value is not None
              and not name.endswith(("initializer", "regularizer", "constraint"))}  # fmt: skip
    if isinstance(config.get("layer"), dict):
        inner = getattr(layer, "forward_layer", None) or layer.layer
        config["layer"] = {"class_name": type(inner).__name__, "config": described(inner)[1]}
    config.pop("backward_layer", None)
    return [type(layer).__name__, config]


def answer(shapes: list[tuple[int, ...]], chain: list[Any]) -> list[Any]:
    """The line of one case. Raises what Keras raises."""
    entries = [
        keras.Input(shape, dtype="int32" if isinstance(chain[-1], layers.Embedding) else "float32") for shape in shapes
    ]
    last = chain[-1]
    result: Any = entries if len(entries) > 1 else entries[0]
    for layer in chain:
        result = layer(*result) if isinstance(layer, layers.MultiHeadAttention) else layer(result)
    model = keras.Model(entries, result)
    inner = last.layer if isinstance(last, layers.TimeDistributed) else last
    multiplies = not isinstance(inner, layers.RNN | layers.Bidirectional | layers.Embedding)
    learned = sum(prod(weight.shape) for weight in model.trainable_weights)
    return [[list(shape) for shape in shapes], [described(layer) for layer in chain], list(result.shape)[1:], learned,
            model.count_params() - learned, counted(model, shapes) if multiplies else None]  # fmt: skip


def main() -> None:
    lines, refused = [], 0
    for make, count, ranks in MAKERS:
        for rank, _ in product(ranks, range(count)):
            try:
                lines.append(json.dumps(answer(*make(rank)), separators=(",", ":")))
            except Exception as error:  # whatever Keras does not take: it is then no case
                refused += 1
                print(make.__name__, rank, type(error).__name__, str(error)[:150].replace("\n", " "))
    lines = list(dict.fromkeys(lines))
    (HERE / "layers.jsonl").write_text("\n".join(lines) + "\n")
    print(len(lines), "recorded,", refused, "refused")


if __name__ == "__main__":
    main()
