"""Layers that go through a sequence, tables of vectors, and attention as one layer."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from ...layers import Remark
from ...values import how_many
from .call import RULES, Answer, Call, Out, Rule, rule, spell_all
from .values import Dims, Samples, Tensor, Unknown, number, spelled

_GATES = {"lstm": 4, "gru": 3, "rnn_tanh": 1, "rnn_relu": 1}


@rule()
def embedding(op: Call, *args: Any, **named: Any) -> Answer:
    """A vector for each number: torch has the numbers first, ATen the table."""
    found = list(args[:2]) + [named[name] for name in ("input", "indices", "weight") if name in named]
    table = named.get("weight", found[0] if op.aten else found[1])
    indices = next(one for one in found if one is not table)
    if len(table.sizes) != 2:
        op.refuse(f"a table of {spelled(table.sizes)}: words and their vectors are meant", "weight")
    return Answer([Out((*indices.sizes, table.sizes[1]), table.dtype)], weights=(table,))


@rule("embedding_bag", "_embedding_bag", "_embedding_bag_forward_only")
def embedding_bag(op: Call, *args: Any, **named: Any) -> Answer:
    """The mean of the vectors of a bag of numbers."""
    first, second = args[:2]
    table, indices = (first, second) if op.aten else (second, first)
    if len(indices.sizes) != 2:
        raise Unknown("the number of bags is not known")
    outs = [Out((indices.sizes[0], table.sizes[1]), table.dtype)]
    return Answer(outs + [Out(None)] * (3 if op.aten else 0), weights=(table,))


def _recurrent(gates: int) -> Rule:
    def recurrent(
        op: Call, input: Tensor, hx: Any, params: Any, has_biases: Any = True, num_layers: Any = 1, dropout: Any = 0.0,
        train: Any = False, bidirectional: Any = False, batch_first: Any = False,
    ) -> Answer:  # fmt: skip
        """Steps x samples x inputs, or with `batch_first` samples first, or without samples."""
        weights = [one for one in params if isinstance(one, Tensor)]
        sizes, directions = input.sizes, 2 if bidirectional else 1
        if len(sizes) not in (2, 3):
            op.refuse(f"{op.name} takes steps, samples and inputs, and the input is {spelled(sizes)}", "input")
        rows, width = weights[0].counts
        units = rows // gates
        if number(sizes[-1]) != width:
            op.refuse(
                f"it is made for {how_many(width, 'input')} a step, "
                f"and the input {spelled(sizes)} has {number(sizes[-1])}",
                "input",
            )
        each = 4 if has_biases else 2
        projected = gates == 4 and len(weights) == (each + 1) * num_layers * directions
        made = weights[each].counts[0] if projected else units
        macs = sum(prod(weight.counts) for weight in weights if len(weight.sizes) == 2) * prod(input.counts[:-1])
        whole: Dims = (*sizes[:-1], made * directions)
        samples = () if len(sizes) == 2 else (sizes[0 if batch_first else 1],)
        states = [Out((num_layers * directions, *samples, size), input.dtype)
                  for size in ((made, units) if gates == 4 else (made,))]  # fmt: skip
        _check_states(op, hx, [state.shape or () for state in states])
        outs = [Out(whole, input.dtype), *states]
        remarks = mixing(op, input, batch_first)
        return Answer(outs, weights=weights, macs=macs, pack=None if op.aten else _paired, remarks=remarks)

    return recurrent


def _check_states(op: Call, hx: Any, expected: Sequence[Dims]) -> None:
    """Refuses initial states of other shapes than the layer has. A number in the place of the samples may be theirs."""
    given = hx if isinstance(hx, list | tuple) else [hx]
    for state, shape in zip(given, expected, strict=False):
        if not isinstance(state, Tensor) or state.shape is None:
            continue
        sizes = state.sizes
        if len(sizes) != len(shape) or any(
            one != other and not (isinstance(one, int) and isinstance(other, Samples))
            for one, other in zip(sizes, shape, strict=True)
        ):
            op.refuse(f"its initial state is {spelled(shape)}, and {spelled(sizes)} is given", "hx")


def mixing(op: Call, x: Tensor, batch_first: Any) -> list[Remark]:
    """A warning where steps come first, and the samples stand there: each sample would be a step of one sequence."""
    if batch_first or len(x.sizes) != 3 or x.axis != 0:
        return []
    name, sizes = op.name.replace("_", " "), spelled(x.sizes)
    steps = f"{name} takes the first axis for the steps, and that of {sizes} has the samples"
    help = "batch_first=True has the samples first; x.transpose(0, 1) before it the steps"
    return [Remark("warning", "mixed-samples", f"{steps}: they become one sequence", None, help)]


def _paired(outs: list[Tensor]) -> Any:
    """The output, and the states: two of an LSTM."""
    return (outs[0], tuple(outs[1:])) if len(outs) > 2 else tuple(outs)


RULES |= {name: _recurrent(gates) for name, gates in _GATES.items()}


def _cell(gates: int) -> Rule:
    def cell(
        op: Call, input: Tensor, hx: Any, w_ih: Tensor, w_hh: Tensor, b_ih: Any = None, b_hh: Any = None
    ) -> Answer:
        """A step of a recurrent layer."""
        if number(input.sizes[-1]) != number(w_ih.sizes[1]):
            op.refuse(f"it is made for {how_many(w_ih.sizes[1], 'input')}, and the input {spelled(input.sizes)} has "
                      f"{number(input.sizes[-1])}", "input")  # fmt: skip
        state = Out((*input.sizes[:-1], number(w_hh.sizes[1])), input.dtype)
        _check_states(op, hx, [state.shape or ()] * 2)
        macs = prod(input.counts[:-1]) * (prod(w_ih.counts) + prod(w_hh.counts))
        return Answer([state] * (2 if gates == 4 else 1), weights=(w_ih, w_hh, b_ih, b_hh), macs=macs)

    return cell


RULES |= {f"{name}_cell": _cell(gates) for name, gates in _GATES.items()}


@rule("multi_head_attention")
def multi_head_attention(
    op: Call, query: Tensor, key: Tensor, value: Tensor, heads: Any, weights: Sequence[Any], batch_first: Any = False,
    need_weights: Any = True, average: Any = True, outside: Any = None, widths: Sequence[Any] = (),
) -> Answer:  # fmt: skip
    """Projections of queries, keys and values, products of each query with each key and of these with the values, and a
    last projection: what nn.MultiheadAttention is. Its results are (steps, samples, channels) and the weights; the last
    projection gives `outside` channels where they are not as many as those of the queries. `widths` are the channels
    that it is made for, of queries, keys and values.
    """
    if len(query.sizes) not in (2, 3) or len(key.sizes) != len(query.sizes):
        op.refuse(f"attention of {spell_all([query, key, value])}")
    lead = 0 if batch_first or len(query.sizes) == 2 else 1
    length, entries = (number(tensor.sizes[-2] if lead == 0 else tensor.sizes[0]) for tensor in (query, key))
    width = number(query.sizes[-1])
    _check_attended(op, (query, key, value), widths)
    if heads < 1 or width % heads:
        op.refuse(f"num_heads={heads} does not divide the {how_many(width, 'channel')}", "num_heads")
    samples = () if len(query.sizes) == 2 else (query.sizes[lead],)
    count = number(samples[0]) if samples else 1
    outside = width if outside is None else number(outside)
    projections = width * ((width + outside) * length + (number(key.sizes[-1]) + number(value.sizes[-1])) * entries)
    rows: Dims = (*samples, *(() if average else (heads,)), length, entries)
    outs = [Out((*query.sizes[:-1], outside), query.dtype), Out(rows if need_weights else None, query.dtype)]
    macs = count * (projections + 2 * width * length * entries)
    pack = None if need_weights else lambda made: (made[0], None)
    return Answer(outs, weights=weights, macs=macs, pack=pack, remarks=mixing(op, query, batch_first))


def _check_attended(op: Call, tensors: Sequence[Tensor], widths: Sequence[Any]) -> None:
    """Refuses queries, keys and values of other widths than the projections take, and keys that are not the values'."""
    names = {"query": "queries", "key": "keys", "value": "values"}
    for (name, plural), tensor, width in zip(names.items(), tensors, map(number, widths), strict=False):
        if number(tensor.sizes[-1]) != width:
            op.refuse(f"it is made for {plural} of {how_many(width, 'channel')}, and {spelled(tensor.sizes)} has "
                      f"{number(tensor.sizes[-1])}", name)  # fmt: skip
    _, key, value = tensors
    if key.sizes[:-1] != value.sizes[:-1]:
        op.refuse(f"there is a value for each key, and these are {spell_all([key, value])}", "value")


@rule("multi_head_attention_forward")
def multi_head_attention_forward(
    op: Call, query: Tensor, key: Tensor, value: Tensor, embed_dim_to_check: Any, num_heads: Any,
    in_proj_weight: Any, in_proj_bias: Any, bias_k: Any, bias_v: Any, add_zero_attn: Any, dropout_p: Any,
    out_proj_weight: Any, out_proj_bias: Any, training: Any = True, key_padding_mask: Any = None,
    need_weights: Any = True, attn_mask: Any = None, use_separate_proj_weight: Any = False, q_proj_weight: Any = None,
    k_proj_weight: Any = None, v_proj_weight: Any = None, static_k: Any = None, static_v: Any = None,
    average_attn_weights: Any = True, is_causal: Any = False,
) -> Answer:  # fmt: skip
    """The same with weights that the caller keeps: ``F.multi_head_attention_forward``, which has the steps first."""
    if add_zero_attn or any(one is not None for one in (bias_k, bias_v, static_k, static_v)):
        raise Unknown("attention with keys of its own")
    weights = [in_proj_weight, in_proj_bias, q_proj_weight, k_proj_weight, v_proj_weight,
               out_proj_weight, out_proj_bias]  # fmt: skip
    kept = [weight for weight in weights if isinstance(weight, Tensor)]
    outside = out_proj_weight.sizes[0]
    apart = [weight.sizes[1] for weight in (k_proj_weight, v_proj_weight) if isinstance(weight, Tensor)]
    widths = (embed_dim_to_check, *(apart if len(apart) == 2 else [embed_dim_to_check] * 2))
    return multi_head_attention(
        op, query, key, value, num_heads, kept, False, need_weights, average_attn_weights, outside, widths
    )
