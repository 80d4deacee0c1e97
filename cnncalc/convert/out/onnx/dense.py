"""Products of matrices, normalisations, and attention."""

from __future__ import annotations

from math import prod, sqrt

from ....layers import Shape
from ....layers.axes import axis_indices
from .call import LayerWriter

#: The versions from which on there are a layer norm, and a group norm with a factor a channel.
_LAYER_NORM, _GROUP_NORM = 17, 21


def fc(call: LayerWriter) -> str:
    """A fully connected layer, of a vector."""
    units, entering = call.layer.units, call.shape[0]
    tensor = call.x if call.rank == 0 else call.op("Flatten", [call.x], (prod(call.shape),))
    inputs = [tensor, call.kernel((units, entering))] + ([call.bias(units)] if call.layer.bias else [])
    return call.op("Gemm", inputs, transB=1)


# --- normalisations ---------------------------------------------------------------------------------


def _learned(call: LayerWriter, sizes: Shape) -> tuple[str, str]:
    """Factor and constant, as far as they are learned; else ones and zeros that are no weights."""
    layer = call.layer
    scaled, shifted = layer.affine and getattr(layer, "scale", True), layer.affine and layer.bias
    return (
        call.weight("weight", sizes, "factor") if scaled else call.unlearned(1.0, call.x, 1, sizes),
        call.weight("bias", sizes, "bias") if shifted else call.unlearned(0.0, call.x, 1, sizes),
    )


def bn(call: LayerWriter) -> str:
    """Batch normalisation: mean and variance are stored."""
    channels = (call.shape[0],)
    stored = [call.weight("running_mean", channels, "mean"), call.weight("running_var", channels, "variance")]
    return call.op("BatchNormalization", [call.x, *_learned(call, channels), *stored])


def instance_norm(call: LayerWriter) -> str:
    """Each channel of each sample by itself."""
    return call.op("InstanceNormalization", [call.x, *_learned(call, (call.shape[0],))])


def group_norm(call: LayerWriter) -> str:
    """Groups of channels: below version 21 as channels of an instance norm, with factors and constants behind it."""
    groups, shape = call.layer.groups, call.shape
    if call.opset >= _GROUP_NORM:
        return call.op("GroupNormalization", [call.x, *_learned(call, (shape[0],))], num_groups=groups)
    cut = (groups, prod(shape) // groups)
    parts = call.op("Reshape", [call.x, call.ints(0, *cut)], cut)
    ones, zeros = (call.unlearned(value, parts, 1, (groups,)) for value in (1.0, 0.0))
    normed = call.op("InstanceNormalization", [parts, ones, zeros], cut)
    made = call.op("Reshape", [normed, call.ints(0, *shape)])
    return _scaled(call, made, call.layer.affine, call.layer.affine and call.layer.bias)


def _scaled(call: LayerWriter, tensor: str, scaled: bool, shifted: bool) -> str:
    """A learned factor a channel, and a constant."""
    sizes = (call.shape[0], *[1] * call.rank)
    if scaled:
        tensor = call.op("Mul", [tensor, call.weight("weight", sizes, "factor")])
    return call.op("Add", [tensor, call.weight("bias", sizes, "bias")]) if shifted else tensor


def layer_norm(call: LayerWriter) -> str:
    """The axes that are normalised are brought to the end, and back."""
    shape = call.shape
    places = axis_indices(call.layer.axes, shape, "axes")
    rest = tuple(place for place in range(len(shape)) if place not in places)
    order = (*rest, *places)
    turned = tuple(shape[place] for place in order)
    last = order == tuple(range(len(shape)))
    tensor = call.x if last else transposed(call, call.x, shape, order)
    made = _normed(call, tensor, turned, len(rest))
    return made if last else transposed(call, made, turned, [order.index(place) for place in range(len(shape))])


def _normed(call: LayerWriter, tensor: str, shape: Shape, axis: int) -> str:
    """A layer norm over the axes of a sample from `axis` on."""
    layer, sizes = call.layer, shape[axis:]
    factor = call.weight("weight", sizes, "factor") if layer.affine else ""
    constant = call.weight("bias", sizes, "bias") if layer.affine and layer.bias else ""
    if call.opset >= _LAYER_NORM:
        factor = factor or call.unlearned(1.0, tensor, axis + 1, sizes)
        inputs = [tensor, factor, *([constant] if constant else [])]
        return call.op("LayerNormalization", inputs, shape, axis=axis - len(shape))
    axes, means = list(range(axis - len(shape), 0)), (*shape[:axis], *[1] * len(sizes))
    centred = call.op("Sub", [tensor, call.op("ReduceMean", [tensor], means, axes=axes)], shape)
    squares = call.op("Pow", [centred, call.number(2.0)], shape)
    variance = call.op("ReduceMean", [squares], means, axes=axes)
    root = call.op("Sqrt", [call.op("Add", [variance, call.number(1e-5)], means)], means)
    made = call.op("Div", [centred, root], shape)
    made = call.op("Mul", [made, factor], shape) if factor else made
    return call.op("Add", [made, constant], shape) if constant else made


def transposed(call: LayerWriter, tensor: str, shape: Shape, order: tuple[int, ...] | list[int]) -> str:
    """A tensor with the axes of a sample in another order."""
    made = tuple(shape[place] for place in order)
    return call.op("Transpose", [tensor], made, perm=[0, *(place + 1 for place in order)])


# --- attention and factors --------------------------------------------------------------------------


def attention(call: LayerWriter) -> str:
    """Projections as convolutions over single positions, then two products of matrices for every head."""
    heads, (channels, length) = call.layer.heads, call.shape
    keys, entries = call.shapes[-1]
    depth = channels // heads
    query, key, value = (
        _projected(call, name, tensor, width, (channels, size), (heads, depth, size))
        for name, tensor, width, size in (
            ("query", call.x, channels, length),
            ("key", call.inputs[-1], keys, entries),
            ("value", call.inputs[-1], keys, entries),
        )
    )
    rows = transposed(call, query, (heads, depth, length), (0, 2, 1))
    scores = call.op("MatMul", [rows, key], (heads, length, entries))
    scaled = call.op("Mul", [scores, call.number(1 / sqrt(depth))], (heads, length, entries))
    shares = call.op("Softmax", [scaled], (heads, length, entries), axis=-1)
    columns = transposed(call, shares, (heads, length, entries), (0, 2, 1))
    joined = call.op("MatMul", [value, columns], (heads, depth, length))
    together = call.op("Reshape", [joined, call.ints(0, channels, length)], (channels, length))
    return _projection(call, "out", together, channels, (channels, length))


def _projection(call: LayerWriter, name: str, tensor: str, width: int, shape: Shape) -> str:
    """A product with a matrix at every position."""
    weights = [call.kernel((shape[0], width, 1), f"{name}.weight")]
    weights += [call.bias(shape[0], f"{name}.bias")] if call.layer.bias else []
    return call.op("Conv", [tensor, *weights], shape, kernel_shape=[1])


def _projected(call: LayerWriter, name: str, tensor: str, width: int, shape: Shape, parts: Shape) -> str:
    """The same, cut into heads."""
    made = _projection(call, name, tensor, width, shape)
    return call.op("Reshape", [made, call.ints(0, *parts)], parts)


def scale(call: LayerWriter) -> str:
    """A constant factor, or a learned one a channel."""
    if call.layer.by is not None:
        return call.op("Mul", [call.x, call.number(call.layer.by)])
    return _scaled(call, call.x, True, call.layer.bias)


def learned(call: LayerWriter) -> str:
    """A learned tensor, the same for every sample."""
    weight = call.weight("weight", (1, *call.output), "table")
    return call.op("Expand", [weight, call.graph.samples([1] * len(call.output))])


def matmul(call: LayerWriter) -> str:
    """The matrix product of two tensors."""
    first, second = call.inputs
    if call.layer.transposed:
        shape = call.shapes[1]
        order = (*range(len(shape) - 2), len(shape) - 1, len(shape) - 2)
        second = transposed(call, second, shape, order)
    return call.op("MatMul", [first, second])


HANDLERS = {
    "fc": fc, "bn": bn, "in": instance_norm, "gn": group_norm, "ln": layer_norm, "attention": attention,
    "scale": scale, "learned": learned, "matmul": matmul,
}  # fmt: skip
