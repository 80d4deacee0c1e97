"""Operations that go element by element: activations, arithmetic with stretching, comparisons."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from fractions import Fraction
from math import prod
from typing import Any

from ...layers import LayerError
from ...values import Word, how_many
from ..lookup import activations
from .call import RULES, Answer, Call, Out, Rule, letter, rule, spell_all, storages
from .types import CASTS, TYPES, Typing, arithmetic, cast, real, retyped
from .values import Dims, Samples, Storage, Tensor, Unknown, broadcast, elementwise, number, numbers, spelled

# --- of one tensor ----------------------------------------------------------------------------------

_NUMBERS: dict[str, Callable[[Any], Any]] = {
    "neg": lambda x: -x, "abs": abs, "floor": math.floor, "ceil": math.ceil, "sqrt": math.sqrt, "exp": math.exp,
    "log": math.log, "log2": math.log2, "reciprocal": lambda x: 1 / x, "logical_not": lambda x: not x, "round": round,
    "sin": math.sin, "cos": math.cos, "square": lambda x: x * x, "rsqrt": lambda x: 1 / math.sqrt(x),
    "sign": lambda x: (x > 0) - (x < 0), "trunc": math.trunc,
}  # fmt: skip


def same(names: str, kind: str | None = None, gives: Typing = lambda dtype: dtype) -> dict[str, Rule]:
    """Rules of functions of one tensor that keep its shape, and its type but where they say what they give; of a kind,
    where it has one. Other arguments are free.
    """

    def keep(op: Call, input: Tensor, *more: Any, **named: Any) -> Answer:
        answer = op.same(input, kind)
        function = _NUMBERS.get(op.name.removeprefix("_").removesuffix("_"))
        found = elementwise(function, [input], input.counts) if function is not None and input.numbers else None
        dtype = gives(input.dtype)
        return answer._replace(outs=[Out(input.shape, dtype, cast(found, dtype))])

    return dict.fromkeys(names.split(), keep)


def kinds(**found: str) -> dict[str, Rule]:
    """Rules of activations, by the names of their kinds: names of functions."""
    return {name: rule for kind, names in found.items() for name, rule in same(names, kind).items()}


RULES |= kinds(sigmoid="special_expit expit", identity="identity")
RULES |= same(
    "abs absolute ceil celu fix floor frac fill hardshrink logsigmoid log_sigmoid masked_fill nan_to_num neg negative "
    "normalize positive renorm round rrelu sgn sign softshrink softsign square tanhshrink threshold tril triu trunc "
    "zero cumprod logcumsumexp fliplr flipud roll rot180 bernoulli clamp_min clamp_max masked_scatter index_fill "
    "scatter scatter_add scatter_reduce index_add copy index_copy index_put _index_put_impl_ slice_scatter "
    "select_scatter diagonal_scatter fake_quantize_per_tensor_affine fake_quantize_per_channel_affine uniform normal "
    "random exponential trunc_normal lift_fresh lift_fresh_copy"
)  # fmt: skip
#: The functions of activations that are kinds, by their classes in torch.nn.
FUNCTIONS = {name: "leaky_relu" if name == "LeakyReLU" else name.lower() for name in activations("torch")}
for _class, _kind in activations("torch").items():
    RULES |= same(FUNCTIONS[_class], _kind)

RULES |= same(
    "acos acosh asin asinh atan atanh arcsin arccos arctan arcsinh cos cosh deg2rad digamma erf erfc erfinv exp exp2 "
    "expm1 lgamma log log10 log1p log2 mvlgamma rad2deg reciprocal rsqrt sin sinc sinh sqrt tan",
    gives=real,
)
RULES |= same("isnan isinf isfinite isneginf isposinf logical_not signbit", gives=lambda _: "bool")


def _passed(op: Call, input: Any, *more: Any, **named: Any) -> Any:
    """The tensor itself."""
    return input


RULES |= dict.fromkeys(
    "contiguous detach clone alias requires_grad cpu cuda lift alias_copy conj resolve_conj "
    "resolve_neg data pin_memory share_memory refine_names".split(),
    _passed,
)


@rule("to", "_to_copy", "to_copy", "type", "type_as", *TYPES)
def to(op: Call, input: Any, *more: Any, dtype: Any = None, other: Any = None, **named: Any) -> Any:
    """The tensor itself; its numbers in another type."""
    if not isinstance(input, Tensor):
        return input
    like = next((one for one in (other, *more) if isinstance(one, Tensor)), None)
    if like is not None:
        return retyped(input, like.dtype)
    found = next((one for one in (dtype, *more) if isinstance(one, str) and one in CASTS), TYPES.get(op.name))
    if input.numbers is None or found is None:
        unsaid = op.name == "type" or any(isinstance(one, Unknown) for one in (dtype, *more))
        return retyped(input, found) if found is not None or (unsaid and input.dtype == "float64") else input
    with suppress(ValueError, OverflowError, TypeError):
        return Tensor(input.shape, found, [CASTS[found](one) for one in input.numbers], fixed=input.fixed,
                      storages=input.storages)  # fmt: skip
    return retyped(input, found)


@rule("hardtanh", "clamp", "clip")
def clamp(op: Call, input: Tensor, min: Any = None, max: Any = None, *more: Any, **named: Any) -> Answer:
    """Held between two numbers: 0..6 is relu6, 0 and above relu."""
    low, high = named.get("min_val", min), named.get("max_val", max)
    if op.name == "hardtanh":
        low, high = (-1.0 if low is None else low), (1.0 if high is None else high)
    if isinstance(low, Tensor) or isinstance(high, Tensor):
        return combined(op, *(one for one in (input, low, high) if isinstance(one, Tensor)))
    kind = "relu6" if (low, high) == (0, 6) else "relu" if (low, high) == (0, None) else None
    answer = op.same(input, kind)
    if input.numbers is not None:
        least, most = (-math.inf if low is None else low), (math.inf if high is None else high)
        found = elementwise(lambda x: type(x)(sorted((least, x, most))[1]), [input], input.counts)
        return answer._replace(outs=[Out(input.shape, input.dtype, found)])
    return answer


@rule()
def prelu(op: Call, input: Tensor, weight: Tensor) -> Answer:
    """A slope for all, or one a channel, which is the second axis."""
    count, sizes = prod(weight.counts), input.sizes
    channels = number(sizes[1]) if len(sizes) > 1 else 1
    if count not in (1, channels):
        op.refuse(
            f"it is made for {how_many(count, 'channel')}, and the input {spelled(sizes)} has {channels}", "input"
        )
    with suppress(LayerError):
        return op.kind("prelu", {"shared": count == 1}, input, (weight,))
    return Answer([Out(input.shape, input.dtype)], weights=(weight,))


@rule()
def glu(op: Call, input: Tensor, dim: Any = -1) -> Answer:
    """One half gates the other."""
    sizes, axis = input.sizes, op.axis(dim, len(input.sizes))
    if number(sizes[axis]) % 2:
        op.refuse(f"dim={dim} has {sizes[axis]}, which is not even", "dim")
    if axis == 1 and input.axis == 0:
        with suppress(LayerError):
            return op.kind("glu", {}, input)
    return Answer([Out((*sizes[:axis], sizes[axis] // 2, *sizes[axis + 1 :]), input.dtype)])


def _softmax(kind: str | None) -> Rule:
    def softmax(op: Call, input: Tensor, dim: Any = None, *more: Any, **named: Any) -> Answer:
        rank = len(input.sizes)
        axis = op.axis((0 if rank in (0, 1, 3) else 1) if dim is None else dim, rank)
        if kind is None or input.axis is None or axis == input.axis or rank > 5 or input.axis:
            return op.same(input)
        return op.same(input, kind, {} if axis == 1 else {"axis": Word(letter(axis, rank))})

    return softmax


RULES |= dict.fromkeys(("softmax", "_softmax"), _softmax("softmax"))
RULES |= dict.fromkeys(("log_softmax", "_log_softmax"), _softmax("logsoftmax"))
RULES |= dict.fromkeys(("softmin", "_safe_softmax", "gumbel_softmax"), _softmax(None))


# --- of several tensors -----------------------------------------------------------------------------


def _power(a: Any, b: Any) -> Any:
    if abs(a) > 1e9 or abs(b) > 64:
        raise ValueError
    return a**b


_BINARY: dict[str, Callable[..., Any]] = {
    "add": lambda a, b, alpha=1: a + alpha * b, "sub": lambda a, b, alpha=1: a - alpha * b,
    "rsub": lambda a, b, alpha=1: b - alpha * a, "mul": lambda a, b: a * b, "div": lambda a, b: a / b,
    "floor_divide": lambda a, b: a // b, "trunc_divide": lambda a, b: math.trunc(a / b),
    "remainder": lambda a, b: a % b, "fmod": math.fmod, "pow": _power,
    "maximum": max, "minimum": min, "eq": lambda a, b: a == b, "ne": lambda a, b: a != b, "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b, "gt": lambda a, b: a > b, "ge": lambda a, b: a >= b,
    "logical_and": lambda a, b: bool(a and b), "logical_or": lambda a, b: bool(a or b),
    "logical_xor": lambda a, b: bool(a) != bool(b), "bitwise_and": lambda a, b: a & b,
    "bitwise_or": lambda a, b: a | b, "bitwise_xor": lambda a, b: a ^ b, "atan2": math.atan2,
    "where": lambda c, a, b: a if c else b,
}  # fmt: skip
_ALIASES = {
    "subtract": "sub", "truediv": "div", "multiply": "mul", "divide": "div", "true_divide": "div",
    "floordiv": "floor_divide",
    "mod": "remainder", "equal_": "eq", "not_equal": "ne", "less": "lt",
    "less_equal": "le", "greater": "gt", "greater_equal": "ge", "__and__": "bitwise_and", "__or__": "bitwise_or",
    "__xor__": "bitwise_xor", "arctan2": "atan2", "max_other": "maximum", "min_other": "minimum", "fmax": "maximum",
    "fmin": "minimum",
}  # fmt: skip
#: Quotients by how they are rounded.
_ROUNDED = {"floor": "floor_divide", "trunc": "trunc_divide"}
_COMPARING = frozenset("eq ne lt le gt ge logical_and logical_or logical_xor".split())
#: The kinds of those that have one.
_MERGES = {"add": "add", "sub": "sub", "mul": "mul", "div": "div", "maximum": "maximum", "minimum": "minimum"}


def stretch(op: Call, tensors: Sequence[Tensor]) -> Dims:
    """The shape that tensors stretch to. Raises LayerError where they do not go together."""
    shape = broadcast([one.sizes for one in tensors])
    if shape is None:
        op.refuse(f"{spell_all(tensors)} do not go together{_clash(tensors)}")
    return shape


def _clash(tensors: Sequence[Tensor]) -> str:
    """Which sizes do not go together: ``: 64 and 32 on axis 1``."""
    rank = max(len(one.sizes) for one in tensors)
    for axis in range(-rank, 0):
        found = [one.sizes[axis] for one in tensors if len(one.sizes) >= -axis and number(one.sizes[axis]) != 1]
        if len({number(size) for size in found}) > 1:
            return f": {' and '.join(map(str, dict.fromkeys(found)))} on axis {axis + rank}"
    return ""


def combined(op: Call, *values: Any, alpha: Any = 1, rounding: str | None = None) -> Answer:
    """Arithmetic and comparisons of tensors and numbers, which stretch to each other; sums with so many times the
    second, quotients rounded.
    """
    name = _ROUNDED[rounding] if rounding is not None else _name(op.name)
    tensors = [one if isinstance(one, Tensor) else _scalar(one) for one in values]
    shape = stretch(op, tensors)
    dtype = "bool" if name in _COMPARING else arithmetic(op.name, name, values, tensors)
    function = _BINARY.get(name)
    fixed = all(one.fixed for one in tensors)
    terms = tensors if alpha == 1 else [*tensors, _scalar(alpha)]
    found = cast(elementwise(function, terms, numbers(shape)), dtype) if function is not None else None
    moving = [one for one in tensors if not one.fixed]
    if fixed or not moving or name not in _MERGES:
        return Answer([Out(shape, dtype, found)])
    if len(moving) == len(tensors):
        answer = op.merged(_MERGES[name], moving, shape, dtype)
        return answer._replace(outs=[Out(shape, dtype, found)])
    return _with_constants(op, name, tensors, moving, Out(shape, dtype, found))


def _name(name: str) -> str:
    """An operation by one of its names: ``__iadd__`` is add."""
    bare = name.strip("_")
    for one in (name, bare, bare[1:] if bare[:1] == "i" else bare):
        found = _ALIASES.get(one, one)
        if found in _BINARY:
            return found
    return name


def _scalar(value: Any) -> Tensor:
    """A number as a tensor without axes."""
    if isinstance(value, Samples | Unknown) or value is None:
        return Tensor((), None, None, fixed=True)
    dtype = "bool" if isinstance(value, bool) else "int64" if isinstance(value, int) else "float32"
    return Tensor((), dtype, [value] if isinstance(value, int | float) else None, fixed=True)


def _with_constants(op: Call, name: str, tensors: Sequence[Tensor], moving: Sequence[Tensor], out: Out) -> Answer:
    """A tensor with numbers of the file: a factor a channel is a layer of its own, and so is one for all."""
    fixed = [one for one in tensors if one.fixed]
    if len(moving) != 1 or name not in ("mul", "div") or moving[0].shape != out.shape or len(fixed) != 1:
        return Answer([out])
    x, factor = moving[0], fixed[0]
    if not x.sample or x.axis not in (0, None) or x.place != x.axis or (name == "div" and tensors[0] is factor):
        return Answer([out])
    if factor.numbers and len(factor.numbers) == 1:
        by = factor.numbers[0]
        if isinstance(by, int | float) and math.isfinite(by) and by:
            by = Fraction(by) if name == "mul" else 1 / Fraction(by)
            return op.same(x, "scale", {"by": by.limit_denominator(10**6), "bias": False})._replace(outs=[out])
    return _channel_factor(op, x, factor, name, out)


def _channel_factor(op: Call, x: Tensor, factor: Tensor, name: str, out: Out) -> Answer:
    """A learned factor for every channel."""
    rank, own = len(x.sizes), factor.counts
    stored: tuple[Storage, ...] = storages([factor])
    sizes = (1,) * (rank - len(own)) + own
    whole = (
        stored and sum(one.elements for one in stored) == prod(own) and all(one.kind == "parameter" for one in stored)
    )
    if name != "mul" or x.axis != 0 or rank < 2 or not whole or prod(own) != sizes[1] or sizes[1] != number(x.sizes[1]):
        return Answer([out])
    return op.kind("scale", {"bias": False}, x, (factor,))._replace(outs=[out])


def _two(op: Call, input: Any, other: Any, *, alpha: Any = 1, rounding_mode: Any = None) -> Answer:
    return combined(op, input, other, alpha=alpha, rounding=rounding_mode)


_BOTH = [*(set(_BINARY) - {"where"}), *_ALIASES, "hypot", "logaddexp", "logaddexp2", "xlogy", "nextafter",
         "bitwise_left_shift", "bitwise_right_shift", "float_power", "copysign", "ldexp", "heaviside"]  # fmt: skip
RULES |= dict.fromkeys(_BOTH, _two)
RULES |= {f"__{prefix}{name}__": _two for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow")
          for prefix in ("", "i", "r")}  # fmt: skip
