"""Products of matrices: with stored ones fully connected layers, else products of tensors."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from ...values import how_many
from .call import Answer, Call, Out, rule, spell_all
from .values import Dim, Dims, Tensor, Unknown, broadcast, joined, number, numbers, spelled


@rule()
def linear(op: Call, input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Answer:
    """A fully connected layer; on a tensor of more than two axes at every position."""
    sizes, (units, joined_size) = input.sizes, weight.counts[-2:] if len(weight.sizes) > 1 else (1, *weight.counts)
    if not sizes:
        op.refuse("linear of a scalar", "input")
    if number(sizes[-1]) != joined_size:
        op.refuse(f"it is made for {how_many(joined_size, 'value', ',')}, and the input {spelled(sizes)} has "
                  f"{number(sizes[-1]):,} on its last axis", "input", f"in_features={number(sizes[-1])}")  # fmt: skip
    given = {"units": units, "bias": bias is not None}
    if len(sizes) == 2 and input.axis == 0:
        return op.kind("fc", given, input, (weight, bias))
    if len(sizes) == 1 and input.place is None:
        return op.kind("fc", given, input, (weight, bias), batched=False)
    rows = prod(input.counts[:-1])
    made = (*sizes[:-1], units) if len(weight.sizes) > 1 else sizes[:-1]
    return Answer([Out(made, input.dtype)], weights=(weight, bias), macs=rows * units * joined_size)


@rule("bilinear")
def bilinear(op: Call, input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Answer:
    """A sum over the products of two vectors, for every unit."""
    units, one, other = weight.counts
    if (number(input1.sizes[-1]), number(input2.sizes[-1])) != (one, other):
        op.refuse(
            f"it is made for {one} and {other} values, and the inputs are {spell_all([input1, input2])}", "input1"
        )
    rows = prod(input1.counts[:-1])
    return Answer([Out((*input1.sizes[:-1], units), input1.dtype)], weights=(weight, bias),
                  macs=rows * units * one * (other + 1))  # fmt: skip


#: The axes that products of certain names take.
_RANKS = {"mm": (2, 2), "bmm": (3, 3), "mv": (2, 1), "dot": (1, 1), "outer": (1, 1), "ger": (1, 1)}


@rule("matmul", "mm", "bmm", "mv", "dot", "__matmul__")
def matmul(op: Call, input: Tensor, other: Tensor) -> Answer:
    """A product over the last two axes."""
    first, second = input.sizes, other.sizes
    if not first or not second:
        op.refuse("a matrix product of a scalar")
    if (len(first), len(second)) != _RANKS.get(op.name, (len(first), len(second))):
        op.refuse(f"{op.name} of {spell_all([input, other])}")
    one, two = (first if len(first) > 1 else (1, *first)), (second if len(second) > 1 else (*second, 1))
    if joined(one[-1], two[-2]) is None:
        op.refuse(
            f"{spell_all([input, other])} do not go together: {how_many(one[-1], 'column')}, {how_many(two[-2], 'row')}"
        )
    outer = broadcast([one[:-2], two[:-2]])
    if outer is None:
        op.refuse(f"{spell_all([input, other])} do not go together on the axes before the last two")
    shape = (*outer, *(one[-2:-1] if len(first) > 1 else ()), *(two[-1:] if len(second) > 1 else ()))
    return _product(op, input, other, shape, number(one[-2]) * number(two[-1]) * prod(numbers(outer)) * number(one[-1]))


def _product(op: Call, input: Tensor, other: Tensor, shape: Dims, macs: int) -> Answer:
    """A product of two tensors: a layer where one is stored, or where the kind says the same."""
    stored = other.fixed and other.storages and not input.fixed and input.axis == 0
    if stored and len(input.sizes) == 2 == len(other.sizes):
        return op.kind("fc", {"units": number(other.sizes[1]), "bias": False}, input, (other,))
    if not input.fixed and not other.fixed and input.axis is not None:
        answer = op.merged("matmul", (input, other), shape, input.dtype)
        if answer.layer is not None:
            return answer
    return Answer([Out(shape, input.dtype)], macs=macs)


@rule()
def addmm(op: Call, input: Tensor, mat1: Tensor, mat2: Tensor, **factors: Any) -> Answer:
    """A product with what is added to it: a fully connected layer, where both are stored."""
    rows, inner, units = (*mat1.sizes, number(mat2.sizes[1])) if len(mat1.sizes) == 2 == len(mat2.sizes) else (0, 0, 0)
    if units and number(mat2.sizes[0]) != number(inner):
        op.refuse(f"it is made for {how_many(number(mat2.sizes[0]), 'value', ',')}, "
                  f"and the input {spelled(mat1.sizes)} has "
                  f"{number(inner):,} on its last axis", "mat1")  # fmt: skip
    if not units:
        op.refuse(f"addmm of {spell_all([mat1, mat2])}")
    stored = mat2.fixed and input.fixed and input.counts == (units,)
    if stored and mat1.axis == 0 and not mat1.fixed:
        return op.kind("fc", {"units": units, "bias": True}, mat1, (mat2, input))
    return Answer([Out((rows, units), mat1.dtype)], macs=number(rows) * number(inner) * units)


@rule("baddbmm", "addbmm")
def baddbmm(op: Call, input: Tensor, batch1: Tensor, batch2: Tensor, **factors: Any) -> Answer:
    """Products of matrices, with what is added to them; addbmm adds them up, too."""
    shape = matmul(op, batch1, batch2).outs[0].shape or ()
    made = shape[1:] if op.name == "addbmm" else shape
    return Answer([Out(made, batch1.dtype)], macs=_macs(batch1, shape))


@rule("outer", "ger")
def outer(op: Call, input: Tensor, vec2: Tensor) -> Answer:
    """Each value by each other."""
    if (len(input.sizes), len(vec2.sizes)) != _RANKS[op.name]:
        op.refuse(f"{op.name} of {spell_all([input, vec2])}: both are vectors")
    return Answer([Out((*input.sizes, *vec2.sizes), input.dtype)], macs=0)


def _macs(first: Tensor, shape: Dims) -> int:
    return prod(numbers(shape)) * number(first.sizes[-1])


@rule()
def einsum(op: Call, equation: str, *operands: Any) -> Answer:
    """Sums of products over indices, as the equation names them."""
    found = operands[0] if len(operands) == 1 and isinstance(operands[0], list | tuple) else operands
    for one in found:
        if isinstance(one, Unknown):
            raise one
    tensors = [one for one in found if isinstance(one, Tensor)]
    left, arrow, right = equation.replace(" ", "").partition("->")
    terms = left.split(",")
    if len(terms) != len(tensors):
        op.refuse(f"the equation {equation} on {how_many(len(tensors), 'tensor')}", "equation")
    terms, rest = _spread(op, terms, tensors)
    sizes = _indices(op, terms, tensors)
    if arrow:
        right = right.replace("...", rest)
    else:
        text = "".join(terms)
        right = rest + "".join(sorted(name for name in sizes if text.count(name) == 1 and name not in rest))
    if any(name not in sizes for name in right) or len(set(right)) < len(right):
        op.refuse(f"the equation {equation} gives an index that it does not read, or one twice", "equation")
    shape = tuple([sizes[name] for name in right])
    return Answer([Out(shape, tensors[0].dtype)], macs=_products(terms, right, sizes))


def _products(terms: Sequence[str], right: str, sizes: dict[str, Dim]) -> int:
    """The MACs of an equation, from left to right: where nothing is summed up, numbers are multiplied one by one."""
    current, macs = terms[0], 0
    for place, term in enumerate(terms[1:], 1):
        later = {*right, *"".join(terms[place + 1 :])}
        summed = [sizes[name] for name in {*current} & {*term} - later]
        current = "".join(name for name in dict.fromkeys(current + term) if name in later)
        if prod(numbers(summed)) > 1:
            macs += prod(numbers([*summed, *(sizes[name] for name in current)]))
    return macs


def _indices(op: Call, terms: Sequence[str], tensors: Sequence[Tensor]) -> dict[str, Dim]:
    """The size of every index. Raises LayerError."""
    sizes: dict[str, Dim] = {}
    for term, tensor in zip(terms, tensors, strict=True):
        if len(term) != len(tensor.sizes):
            op.refuse(f"'{term}' of the equation on {spelled(tensor.sizes)}", "equation")
        for name, size in zip(term, tensor.sizes, strict=True):
            both = joined(sizes.get(name, size), size)
            if both is None and 1 in (size, sizes[name]):
                both = size if sizes[name] == 1 else sizes[name]
            if both is None:
                op.refuse(f"'{name}' of the equation is {sizes[name]} and {size}", "equation")
            sizes[name] = both
    return sizes


def _spread(op: Call, terms: Sequence[str], tensors: Sequence[Tensor]) -> tuple[list[str], str]:
    """The terms with letters in the place of their ellipses, and those of the longest."""
    letters = "".join(chr(0x100 + place) for place in range(64))
    made, most = [], 0
    for term, tensor in zip(terms, tensors, strict=True):
        count = len(tensor.sizes) - len(term.replace("...", ""))
        if "..." in term and 0 <= count <= len(letters):
            most = max(most, count)
            term = term.replace("...", letters[len(letters) - count :])
        made.append(term)
    return made, letters[len(letters) - most :]


@rule("scaled_dot_product_attention", "_scaled_dot_product_flash_attention_for_cpu",
      "_scaled_dot_product_flash_attention", "_scaled_dot_product_efficient_attention",
      "_scaled_dot_product_attention_math")  # fmt: skip
def attention(op: Call, query: Tensor, key: Tensor, value: Tensor, *more: Any, **named: Any) -> Answer:
    """Products of queries and keys, and of these with values."""
    queries, keys, values = query.sizes, key.sizes, value.sizes
    if min(len(queries), len(keys), len(values)) < 2:
        op.refuse(f"attention of {spell_all([query, key, value])}")
    if number(queries[-1]) != number(keys[-1]) or number(keys[-2]) != number(values[-2]):
        op.refuse(f"{spell_all([query, key, value])} do not go together as queries, keys and values")
    shape = (*queries[:-1], values[-1])
    rows = prod(query.counts[:-1]) * number(keys[-2])
    outs = [Out(shape, query.dtype)]
    if op.name[0] == "_":
        outs += [Out(queries[:-1], "float32")] + [Out(None)] * (7 if op.name.endswith("flash_attention") else 0)
    return Answer(outs, macs=rows * (number(queries[-1]) + number(values[-1])))


@rule("cdist", "_cdist_forward")
def cdist(op: Call, x1: Tensor, x2: Tensor, *more: Any, **named: Any) -> Answer:
    """The distances of all pairs of rows."""
    outer = broadcast([x1.sizes[:-2], x2.sizes[:-2]])
    if outer is None:
        op.refuse(f"{spell_all([x1, x2])} do not go together")
    return Answer([Out((*outer, x1.sizes[-2], x2.sizes[-2]), x1.dtype)])
