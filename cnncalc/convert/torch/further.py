"""Operations that networks seldom have: losses, Fourier transforms, linear algebra, and what only names a tensor."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..lookup import activations, dropped
from .call import RULES, Answer, Call, Out, Rule, rule
from .elementwise import FUNCTIONS, combined, same
from .parts import tensor_split
from .values import Dims, Tensor, Unknown, broadcast, number, spelled

RULES |= same(
    "arccosh arctanh angle logit conj_physical inverse cholesky matrix_exp pinverse i0 polygamma matrix_power "
    "linalg_inv bitwise_not __invert__ real imag as_strided_scatter index_reduce put fill_diagonal byte short char "
    "fft_fftshift fft_ifftshift"
)
RULES |= dict.fromkeys(("gcd", "lcm", "igamma"), RULES["mul"])


@rule("lerp", "addcmul", "addcdiv")
def three(op: Call, input: Tensor, tensor1: Any, tensor2: Any, *more: Any, **named: Any) -> Answer:
    """Arithmetic of three tensors."""
    return combined(op, input, tensor1, tensor2)


@rule()
def where(op: Call, condition: Any, input: Any = None, other: Any = None) -> Answer:
    """Of two tensors the one or the other, element by element; of one alone, where it is not 0."""
    if input is None and other is None:
        raise Unknown("how many are not 0 is not known")
    return combined(op, condition, input, other)


@rule("equal", "allclose")
def equal(op: Call, *args: Any, **named: Any) -> Any:
    """Whether two tensors are equal, which only running tells."""
    return Unknown(f"what {op.name} says is not known")


@rule()
def isclose(op: Call, input: Tensor, other: Tensor, *more: Any, **named: Any) -> Answer:
    """Whether two tensors are the same but for rounding, number by number."""
    shape = broadcast([input.sizes, other.sizes])
    if shape is None:
        op.refuse(f"{spelled(input.sizes)} and {spelled(other.sizes)} do not go together")
    return Answer([Out(shape, "bool")])


@rule(
    "dropout", "dropout1d", "dropout2d", "dropout3d", "feature_dropout", "alpha_dropout", "feature_alpha_dropout"
)  # fmt: skip
def dropout(op: Call, input: Tensor, p: Any = 0.5, *more: Any, **named: Any) -> Answer:
    """At inference the tensor itself; the share that training zeroes, where it is known."""
    known = isinstance(p, int | float) and 0 <= p <= 1
    return op.same(input, "dropout", {"rate": Fraction(str(p))} if known and not isinstance(p, bool) else None)


def _dropped(op: Call, input: Tensor, p: Any = 0.5, *more: Any, **named: Any) -> Answer:
    """At inference the tensor itself; the share that training zeroes is kept."""
    return op.same(input, "dropout", dropped(p))


RULES |= {FUNCTIONS[name]: _dropped for name, kind in activations("torch").items() if kind == "dropout"}


@rule("native_dropout")
def native_dropout(op: Call, input: Tensor, p: Any = 0.5, *more: Any) -> Answer:
    """The same with its mask."""
    answer = dropout(op, input, p)
    return answer._replace(outs=[answer.outs[0], Out(input.shape, "bool")])


def _flag(value: bool) -> Rule:
    def flag(op: Call, input: Tensor, *more: Any, **named: Any) -> bool:
        return value

    return flag


RULES |= dict.fromkeys("is_cuda is_sparse is_quantized is_nested is_mkldnn is_mps is_xpu is_meta".split(), _flag(False))
RULES |= dict.fromkeys("is_contiguous sym_is_contiguous is_cpu is_leaf".split(), _flag(True))


@rule("is_floating_point", "is_complex")
def is_floating_point(op: Call, input: Tensor) -> Any:
    """Of which sort its numbers are."""
    if input.dtype is None:
        return Unknown("its type is not known")
    return input.dtype.startswith("complex") if op.name == "is_complex" else "float" in input.dtype


@rule(
    "cross_entropy", "nll_loss", "nll_loss2d", "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "kl_div",
    "binary_cross_entropy", "binary_cross_entropy_with_logits", "soft_margin_loss", "multilabel_margin_loss",
)  # fmt: skip
def loss(op: Call, input: Tensor, target: Tensor, *more: Any, reduction: Any = "mean", **named: Any) -> Answer:
    """A number of all, or one an element."""
    if reduction in ("none", 0) and "entropy" not in op.name and "nll" not in op.name:
        return combined(op, input, target)
    if reduction in ("none", 0):
        return Answer([Out(target.sizes, input.dtype)])
    return Answer([Out((), input.dtype)])


# --- Fourier transforms -----------------------------------------------------------------------------


@rule("_fft_c2c", "fft_fft", "fft_ifft", "fft_fft2", "fft_ifft2", "fft_fftn", "fft_ifftn")
def fft(op: Call, input: Tensor, *more: Any, **named: Any) -> Answer:
    """As many frequencies as there are values."""
    return Answer([Out(input.sizes, "complex64")])


def _halved(op: Call, x: Tensor, axis: int, size: int | None, dtype: str) -> Answer:
    sizes = x.sizes
    made = number(sizes[axis]) // 2 + 1 if size is None else size
    return Answer([Out((*sizes[:axis], made, *sizes[axis + 1 :]), dtype)])


@rule("_fft_r2c")
def fft_r2c(op: Call, input: Tensor, dim: Any, normalization: Any = 0, onesided: Any = True) -> Answer:
    """Of real values half of the frequencies along the last axis that is named."""
    axis = op.axis(dim[-1], len(input.sizes))
    return _halved(op, input, axis, None if onesided else number(input.sizes[axis]), "complex64")


@rule("_fft_c2r")
def fft_c2r(op: Call, input: Tensor, dim: Any, normalization: Any, last_dim_size: Any) -> Answer:
    """Back to real values, so many along the last axis that is named."""
    return _halved(op, input, op.axis(dim[-1], len(input.sizes)), number(last_dim_size), "float32")


@rule("fft_rfft", "fft_rfft2", "fft_rfftn")
def rfft(op: Call, input: Tensor, s: Any = None, dim: Any = None, norm: Any = None, *, n: Any = None) -> Answer:
    """Of real values half of the frequencies along the last axis."""
    if s is not None or n is not None:
        raise Unknown("transforms of other sizes")
    axis = dim[-1] if isinstance(dim, list | tuple) else -1 if dim is None else dim
    return _halved(op, input, op.axis(axis, len(input.sizes)), None, "complex64")


@rule("fft_irfft", "fft_irfft2", "fft_irfftn")
def irfft(op: Call, input: Tensor, s: Any = None, dim: Any = None, norm: Any = None, *, n: Any = None) -> Answer:
    """Back to real values: so many as are said, `s`, or `n` of one axis; or twice as many but two."""
    s = n if s is None else s
    axis = op.axis(dim[-1] if isinstance(dim, list | tuple) else -1 if dim is None else dim, len(input.sizes))
    wanted = s[-1] if isinstance(s, list | tuple) else s
    size = 2 * (number(input.sizes[axis]) - 1) if wanted is None else number(wanted)
    if isinstance(s, list | tuple) and len(s) > 1 and isinstance(dim, list | tuple):
        sizes: Dims = input.sizes
        for one, place in zip(s[:-1], dim[:-1], strict=False):
            at = op.axis(place, len(sizes))
            sizes = (*sizes[:at], sizes[at] if number(one) == number(sizes[at]) else one, *sizes[at + 1 :])
        input = Tensor(sizes, input.dtype)
    return _halved(op, input, axis, size, "float32")


# --- matrices ---------------------------------------------------------------------------------------


@rule("diag_embed")
def diag_embed(op: Call, input: Tensor, offset: Any = 0, dim1: Any = -2, dim2: Any = -1) -> Answer:
    """A matrix for each row, with that on its diagonal."""
    size = number(input.sizes[-1]) + abs(offset)
    if (dim1, dim2) != (-2, -1):
        raise Unknown("a diagonal of other axes")
    return Answer([Out((*input.sizes[:-1], size, size), input.dtype)])


@rule("hsplit", "vsplit", "dsplit")
def hsplit(op: Call, input: Tensor, indices_or_sections: Any) -> Answer:
    """Pieces along an axis that the name says."""
    axis = {"hsplit": 0 if len(input.sizes) == 1 else 1, "vsplit": 0, "dsplit": 2}[op.name]
    if isinstance(indices_or_sections, int) and number(input.sizes[axis]) % indices_or_sections:
        op.refuse(
            f"{indices_or_sections} equal pieces of the {input.sizes[axis]} on axis {axis} of {spelled(input.sizes)}"
        )
    return tensor_split(op, input, indices_or_sections, axis)


@rule("aminmax")
def aminmax(op: Call, input: Tensor, dim: Any = None, keepdim: Any = False) -> Answer:
    """The smallest and the largest value."""
    axes = op.axes(dim, len(input.sizes))
    made = tuple([1 if axis in axes else size for axis, size in enumerate(input.sizes) if keepdim or axis not in axes])
    return Answer([Out(made, input.dtype)] * 2)


@rule("rot90")
def rot90(op: Call, input: Tensor, k: Any = 1, dims: Any = (0, 1)) -> Answer:
    """Turned: two axes change places each time."""
    sizes = list(input.sizes)
    if k % 2:
        one, other = (op.axis(axis, len(sizes), "dims") for axis in dims)
        sizes[one], sizes[other] = sizes[other], sizes[one]
    return Answer([Out(tuple(sizes), input.dtype)])
