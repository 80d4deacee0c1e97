"""Normalisations: what they learn is stored, what they keep of the data is a buffer."""

from __future__ import annotations

from contextlib import suppress
from math import prod
from typing import Any

from ...layers import LayerError
from ...values import Word, how_many
from .call import Answer, Call, Out, letter, rule
from .values import Tensor, Unknown, number, numbers, spelled


def _channels(op: Call, x: Tensor, *stored: Tensor | None) -> int:
    """The channels of `x`, for which what is stored is. Raises LayerError."""
    sizes = x.sizes
    if len(sizes) < 2:
        op.refuse(f"{op.name} takes samples and channels, and the input is {spelled(sizes)}", "input")
    channels = number(sizes[1])
    for tensor in stored:
        if tensor is not None and tensor.shape is not None and prod(tensor.counts) != channels:
            op.refuse(
                f"it is made for {how_many(prod(tensor.counts), 'channel')}, "
                f"and the input {spelled(sizes)} has {channels}",
                "input",
            )
    return channels


@rule("batch_norm", "_native_batch_norm_legit_no_training", "native_batch_norm", "_native_batch_norm_legit",
      "cudnn_batch_norm", "_batch_norm_impl_index", "_batch_norm_no_update", "_native_batch_norm_legit_functional",
      "_batch_norm_with_update", "_batch_norm_with_update_functional")  # fmt: skip
def batch_norm(op: Call, input: Tensor, *given: Any, **named: Any) -> Answer:
    """At inference a factor and a constant a channel; mean and variance are buffers."""
    stored = _statistics(op, given, named)
    _channels(op, input, *stored)
    weight, bias, mean, variance = stored
    settings: dict[str, Any] = {"affine": weight is not None}
    if weight is not None and bias is None:
        settings["bias"] = False
    answer = op.kind("bn", settings, input, (weight, bias, mean, variance))
    further = {"batch_norm": 0, "_batch_norm_impl_index": 4, "_native_batch_norm_legit_functional": 4,
               "_batch_norm_no_update": 3, "_batch_norm_with_update": 3,
               "_batch_norm_with_update_functional": 5}.get(op.name, 2)  # fmt: skip
    return answer._replace(outs=[answer.outs[0], *(Out(None) for _ in range(further))])


def _statistics(op: Call, given: Any, named: Any) -> list[Tensor | None]:
    """Weight, bias, running mean and variance: F.batch_norm has the latter first, as ATen has them last."""
    order = ("weight", "bias", "running_mean", "running_var")
    if op.name == "batch_norm" and not op.aten:
        order = ("running_mean", "running_var", "weight", "bias")
    found = {**dict(zip(order, given, strict=False)), **named}
    return [one if isinstance(one, Tensor) else None for one in
            (found.get(name) for name in ("weight", "bias", "running_mean", "running_var"))]  # fmt: skip


@rule("instance_norm")
def instance_norm(op: Call, input: Tensor, *given: Any, **named: Any) -> Answer:
    """A factor and a constant a channel, of each sample's own mean and variance."""
    order = ("weight", "bias", "running_mean", "running_var") if op.aten else (
        "running_mean", "running_var", "weight", "bias")  # fmt: skip
    found = {**dict(zip(order, given, strict=False)), **named}
    stored = [one if isinstance(one, Tensor) else None for one in map(found.get, order)]
    batched = input.place is not None or len(input.sizes) > 3
    if batched:
        _channels(op, input, *stored)
    if not isinstance(found.get("running_mean"), Tensor) and prod(input.counts[2 if batched else 1 :]) == 1:
        op.refuse(f"a channel of {spelled(input.sizes)} has one value, which has no variance", "input")
    factor, constant = found.get("weight"), found.get("bias")
    settings: dict[str, Any] = {"affine": factor is not None}
    if factor is not None and constant is None:
        settings["bias"] = False
    return _or_same(op, "in", settings, input, stored, batched=batched)


def _or_same(
    op: Call, kind: str, given: dict[str, Any], x: Tensor, stored: list[Tensor | None], *, batched: bool = True
) -> Answer:
    """A layer that keeps its shape; where that does not suit it, its weights on the same shape."""
    with suppress(LayerError):
        return op.kind(kind, given, x, stored, batched=batched)
    return Answer([Out(x.shape, x.dtype)], weights=stored)


@rule()
def group_norm(
    op: Call, input: Tensor, num_groups: Any, weight: Any = None, bias: Any = None, *more: Any, **named: Any
) -> Answer:
    """A factor and a constant a channel, of each group's mean and variance."""
    channels = _channels(op, input, weight, bias)
    if not isinstance(num_groups, int) or num_groups < 1 or channels % num_groups:
        op.refuse(f"num_groups={num_groups} does not divide the {how_many(channels, 'channel')}", "num_groups")
    settings: dict[str, Any] = {"groups": num_groups, "affine": weight is not None}
    if weight is not None and bias is None:
        settings["bias"] = False
    return _or_same(op, "gn", settings, input, [weight, bias])


@rule()
def native_group_norm(
    op: Call, input: Tensor, weight: Any, bias: Any, N: Any, C: Any, HxW: Any, group: Any, *more: Any
) -> Answer:
    """The same as core ATen has it."""
    return group_norm(op, input, group, weight, bias)._replace(
        outs=[Out(input.shape, input.dtype), *[Out((input.sizes[0], group), input.dtype)] * 2]
    )


@rule()
def layer_norm(
    op: Call, input: Tensor, normalized_shape: Any, weight: Any = None, bias: Any = None, *more: Any, **named: Any
) -> Answer:
    """Over the last axes: what is stored is one number an element of them."""
    sizes, count = input.sizes, _last_axes(op, input, normalized_shape)
    rank = len(sizes)
    stored = [weight, bias]
    if input.axis == 0 == input.place and count < rank <= 5:
        letters = "".join(letter(axis, rank) for axis in range(rank - count, rank))
        settings: dict[str, Any] = {"affine": weight is not None, "axes": Word(letters)}
        if weight is not None and bias is None:
            settings["bias"] = False
        return _or_same(op, "ln", settings, input, stored)
    return Answer([Out(sizes, input.dtype)], weights=stored)


@rule()
def native_layer_norm(op: Call, input: Tensor, normalized_shape: Any, weight: Any, bias: Any, eps: Any) -> Answer:
    """The same as core ATen has it, with mean and deviation."""
    answer = layer_norm(op, input, normalized_shape, weight, bias)
    count = len(normalized_shape)
    rows = (*input.sizes[: len(input.sizes) - count], *[1] * count)
    return answer._replace(outs=[answer.outs[0], *[Out(rows, input.dtype)] * 2])


def _last_axes(op: Call, input: Tensor, normalized_shape: Any) -> int:
    """How many axes a norm goes over: the last ones, which have these sizes. Raises LayerError, Unknown."""
    sizes, found = input.sizes, normalized_shape if isinstance(normalized_shape, list | tuple) else [normalized_shape]
    if any(isinstance(one, Unknown) for one in found):
        raise Unknown("normalized_shape is not known")
    wanted = numbers(found)
    count = len(wanted)
    if not count:
        op.refuse("normalized_shape names no axis", "normalized_shape")
    if numbers(sizes[-count:]) != wanted:
        last = "its last axes are" if count > 1 else "its last axis is"
        have = spelled(sizes[-count:])
        op.refuse(f"it is made for {'x'.join(map(str, wanted))}, and of the input {spelled(sizes)} {last} {have}",
                  "normalized_shape")  # fmt: skip
    return count


@rule("rms_norm", "_fused_rms_norm")
def rms_norm(op: Call, input: Tensor, normalized_shape: Any, weight: Any = None, eps: Any = None) -> Answer:
    """By the root of the mean of the squares."""
    _last_axes(op, input, normalized_shape)
    outs = [Out(input.sizes, input.dtype)]
    return Answer(outs if op.name[0] == "r" else [*outs, Out(None)], weights=[weight])


@rule("local_response_norm")
def lrn(op: Call, input: Tensor, size: Any, *more: Any, **named: Any) -> Answer:
    """Over neighbouring channels."""
    return _or_same(op, "lrn", {"size": size}, input, [])
