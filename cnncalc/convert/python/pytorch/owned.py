"""What modules of torch.nn own: parameters and buffers by name, from the constructor's arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from ..values import UnknownValue

#: Shapes by name, of parameters, and those of buffers; None of one that there could be and is not.
Owned: TypeAlias = "tuple[dict[str, tuple[int, ...] | None], dict[str, tuple[int, ...] | None]]"
#: The arguments of a constructor by name.
Given: TypeAlias = Mapping[str, Any]


def whole(given: Given, name: str, least: int = 0) -> int:
    """An argument that is a whole number. Raises TypeError, ValueError; UnknownReached."""
    value = given[name]
    if isinstance(value, UnknownValue):
        value._reached()
    if isinstance(value, bool) or not isinstance(value, int):
        if isinstance(value, float):
            raise TypeError(f"{name}={value} is no whole number: write {name}={int(value)}, or // in place of /")
        raise TypeError(f"{name}={value!r} is no whole number")
    if value < least:
        raise ValueError(f"{name}={value} is less than {least}")
    return value


def sizes(value: Any, count: int, name: str) -> tuple[int, ...]:
    """An argument with a number an axis. Raises TypeError, ValueError."""
    found = tuple(value) if isinstance(value, list | tuple) else (value,) * count
    if len(found) == 1:
        found *= count
    if len(found) != count:
        raise ValueError(f"{name}={value} on {count} spatial axes")
    for one in found:
        whole({name: one}, name)
    return found


def convolution(rank: int) -> Callable[[Given], Owned]:
    """Filters x channels of a group x kernel."""

    def owned(given: Given) -> Owned:
        channels, filters, groups = whole(given, "in_channels"), whole(given, "out_channels"), whole(given, "groups")
        if groups <= 0:
            raise ValueError("groups must be a positive integer")
        if channels % groups:
            raise ValueError(f"in_channels must be divisible by groups: {channels} by {groups}")
        if filters % groups:
            raise ValueError(f"out_channels must be divisible by groups: {filters} by {groups}")
        kernel = sizes(given["kernel_size"], rank, "kernel_size")
        return {"weight": (filters, channels // groups, *kernel), "bias": (filters,) if given["bias"] else None}, {}

    return owned


def transposed(rank: int) -> Callable[[Given], Owned]:
    """Channels x filters of a group x kernel."""

    def owned(given: Given) -> Owned:
        channels, filters, groups = whole(given, "in_channels"), whole(given, "out_channels"), whole(given, "groups", 1)
        if channels % groups or filters % groups:
            raise ValueError(
                f"in_channels and out_channels must be divisible by groups: {channels}, {filters} by {groups}"
            )
        kernel = sizes(given["kernel_size"], rank, "kernel_size")
        return {"weight": (channels, filters // groups, *kernel), "bias": (filters,) if given["bias"] else None}, {}

    return owned


def linear(given: Given) -> Owned:
    """Units x features."""
    units, features = whole(given, "out_features"), whole(given, "in_features")
    return {"weight": (units, features), "bias": (units,) if given["bias"] else None}, {}


def bilinear(given: Given) -> Owned:
    """Units x features x features."""
    units = whole(given, "out_features")
    shape = (units, whole(given, "in1_features"), whole(given, "in2_features"))
    return {"weight": shape, "bias": (units,) if given["bias"] else None}, {}


def batch_norm(given: Given) -> Owned:
    """A scale and a shift for every channel, and running statistics; not PyTorch's counter of batches."""
    shape = (whole(given, "num_features"),)
    learned, kept = (shape if given["affine"] else None), (shape if given["track_running_stats"] else None)
    return {"weight": learned, "bias": learned if given.get("bias", True) else None}, {
        "running_mean": kept,
        "running_var": kept,
    }


def channels(given: Given) -> Owned:
    """A scale and a shift for every channel of a group norm."""
    count, groups = whole(given, "num_channels"), whole(given, "num_groups", 1)
    if count % groups:
        raise ValueError(f"num_channels must be divisible by num_groups: {count} by {groups}")
    shape = (count,) if given["affine"] else None
    return {"weight": shape, "bias": shape if given.get("bias", True) else None}, {}


def normed(given: Given) -> Owned:
    """A scale and a shift for every value of the axes that are normalized."""
    value = given["normalized_shape"]
    shape = tuple(value) if isinstance(value, list | tuple) else (value,)
    for size in shape:
        whole({"normalized_shape": size}, "normalized_shape")
    learned = shape if given["elementwise_affine"] else None
    return {"weight": learned, "bias": learned if given.get("bias") else None}, {}


def prelu(given: Given) -> Owned:
    """A slope for every channel, or one for all."""
    return {"weight": (whole(given, "num_parameters"),)}, {}


def embedding(given: Given) -> Owned:
    """A vector for every word."""
    return {"weight": (whole(given, "num_embeddings"), whole(given, "embedding_dim"))}, {}


def recurrent(gates: int) -> Callable[[Given], Owned]:
    """Weights of inputs and states, and two biases, for each layer and direction."""

    def owned(given: Given) -> Owned:
        units, features = whole(given, "hidden_size", 1), whole(given, "input_size")
        projected = given.get("proj_size") or 0
        state, both = projected or units, 2 if given["bidirectional"] else 1
        found: dict[str, tuple[int, ...] | None] = {}
        for layer in range(whole(given, "num_layers", 1)):
            width = features if layer == 0 else state * both
            for suffix in ("", "_reverse")[:both]:
                name = f"l{layer}{suffix}"
                found |= {f"weight_ih_{name}": (gates * units, width), f"weight_hh_{name}": (gates * units, state)}
                if given["bias"]:
                    found |= {f"bias_ih_{name}": (gates * units,), f"bias_hh_{name}": (gates * units,)}
                if projected:
                    found[f"weight_hr_{name}"] = (projected, units)
        return found, {}

    return owned


def cell(gates: int) -> Callable[[Given], Owned]:
    """The same of a single step."""

    def owned(given: Given) -> Owned:
        rows, features = gates * whole(given, "hidden_size"), whole(given, "input_size")
        bias = (rows,) if given["bias"] else None
        shape = (rows, rows // gates)
        return {"weight_ih": (rows, features), "weight_hh": shape, "bias_ih": bias, "bias_hh": bias}, {}

    return owned


def attention(given: Given) -> Owned:
    """The projections of queries, keys and values; that of the result is a module of its own."""
    width, heads = whole(given, "embed_dim", 1), whole(given, "num_heads", 1)
    if width % heads:
        raise AssertionError("embed_dim must be divisible by num_heads")
    keys, values = given["kdim"] or width, given["vdim"] or width
    found: dict[str, tuple[int, ...] | None]
    if keys == width == values:
        found = {"in_proj_weight": (3 * width, width)}
    else:
        found = {"q_proj_weight": (width, width), "k_proj_weight": (width, keys), "v_proj_weight": (width, values)}
    found["in_proj_bias"] = (3 * width,) if given["bias"] else None
    if given["add_bias_kv"]:
        found |= {"bias_k": (1, 1, width), "bias_v": (1, 1, width)}
    return found, {}
