"""What each kind of layer is in ONNX."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

from onnx import helper

from benchmarks.onnx_graph import Graph, NoTwin, Place
from cnncalc.layers.axes import axis_index
from cnncalc.layers.base import per_axis
from cnncalc.layers.window import pad_pairs

Rule = Callable[[Graph, Place], object]


def _same(operator: str, **attributes: Any) -> Rule:
    """An operator on the inputs alone."""
    return lambda graph, at: graph.node(operator, at.inputs, at.name, **attributes)


def _affine(graph: Graph, at: Place, shape: Sequence[int], bias: bool) -> list[str]:
    weights = [graph.learned(f"{at.owner}.weight", shape)]
    return [*weights, graph.learned(f"{at.owner}.bias", (at.output[0],))] if bias else weights


# --- windows ----------------------------------------------------------------------------------------


def _conv(graph: Graph, at: Place) -> None:
    windows = at.layer.windows(at.shape)
    groups = at.shape[0] if at.layer.kind == "dwconv" else at.layer.groups
    weights = _affine(graph, at, at.layer.filter((at.shape,)), at.layer.bias)
    graph.node("Conv", [at.entering, *weights], at.name, group=groups, **_window(windows))


def _window(windows: Sequence[Any]) -> dict[str, list[int]]:
    return {
        "kernel_shape": [one.kernel for one in windows],
        "strides": [one.stride for one in windows],
        "dilations": [one.dilation for one in windows],
        "pads": [one.before for one in windows] + [one.after for one in windows],
    }


def _upconv(graph: Graph, at: Place) -> None:
    """The whole output is (W - 1)*S + d(F - 1) + 1 long; what the pads take off it, or an output padding adds."""
    kernel, stride, dilation = (
        per_axis(getattr(at.layer, name), at.shape, name) for name in ("kernel", "stride", "dilation")
    )
    axes = list(zip(at.shape[1:], at.output[1:], kernel, stride, dilation, strict=True))
    if at.layer.pad == "same":
        before = [max(d * (f - 1) + 1 - s, 0) // 2 for _, _, f, s, d in axes]
    else:
        before = [pair[0] for pair in pad_pairs(at.layer.pad, at.shape)]
    after = [(w - 1) * s + d * (f - 1) + 1 - out - cut for (w, out, f, s, d), cut in zip(axes, before, strict=True)]
    graph.node(
        "ConvTranspose",
        [
            at.entering,
            *_affine(graph, at, (at.shape[0], at.layer.filters // at.layer.groups, *kernel), at.layer.bias),
        ],
        at.name,
        kernel_shape=list(kernel),
        strides=list(stride),
        dilations=list(dilation),
        group=at.layer.groups,
        pads=before + [max(one, 0) for one in after],
        output_padding=[max(-one, 0) for one in after],
    )


def _pool(operator: str) -> Rule:
    def rule(graph: Graph, at: Place) -> None:
        if at.layer.to is not None:
            return _adaptive(operator, graph, at)
        windows = at.layer.windows(at.shape)
        graph.node(operator, [at.entering], at.name, ceil_mode=int(at.layer.ceil), **_window(windows))

    return rule


def _adaptive(operator: str, graph: Graph, at: Place) -> None:
    """ONNX has none: a plain pool of the same output."""
    strides = [size // count for size, count in zip(at.shape[1:], at.output[1:], strict=True)]
    if 0 in strides:
        raise NoTwin(f"{at.layer.kind} to a larger size")
    kernel = [size - (count - 1) * step for size, count, step in zip(at.shape[1:], at.output[1:], strides, strict=True)]
    graph.node(operator, [at.entering], at.name, kernel_shape=kernel, strides=strides)


# --- weights without windows ------------------------------------------------------------------------


def _fc(graph: Graph, at: Place) -> None:
    vector = at.entering
    if len(at.shape) > 1:
        vector = graph.node("Flatten", [vector], at.inner("flat"))
    weights = _affine(graph, at, (at.output[0], at.shape[0]), at.layer.bias)
    graph.node("Gemm", [vector, *weights], at.name, transB=1)


def _norm(operator: str, *more: str) -> Rule:
    def rule(graph: Graph, at: Place) -> None:
        names = [f"{at.owner}.{name}" for name in ("weight", "bias", *more)]
        graph.node(operator, [at.entering, *(graph.learned(name, at.shape[:1]) for name in names)], at.name)

    return rule


def _gn(graph: Graph, at: Place) -> None:
    """onnx infers no shape of its GroupNormalization; PyTorch's exporter, too, writes an instance norm of groups."""
    groups, column = at.layer.groups, (at.shape[0], *(1 for _ in at.shape[1:]))
    apart = graph.numbers(at.inner("apart"), [1, groups, prod(at.shape) // groups])
    split = graph.node("Reshape", [at.entering, apart], at.inner("split"))
    plain = [graph.floats(at.inner(name), [value] * groups) for name, value in (("ones", 1.0), ("zeros", 0.0))]
    normal = graph.node("InstanceNormalization", [split, *plain], at.inner("normal"))
    whole = graph.node("Reshape", [normal, graph.numbers(at.inner("shape"), [1, *at.shape])], at.inner("whole"))
    scaled = graph.node("Mul", [whole, graph.learned(f"{at.owner}.weight", column)], at.inner("scaled"))
    graph.node("Add", [scaled, graph.learned(f"{at.owner}.bias", column)], at.name)


def _ln(graph: Graph, at: Place) -> None:
    """ONNX normalises the last axes, so the channels go there and back."""
    last = [0, *range(2, len(at.shape) + 1), 1]
    moved = graph.node("Transpose", [at.entering], at.inner("moved"), perm=last)
    weights = [graph.learned(f"{at.owner}.{name}", at.shape[:1]) for name in ("weight", "bias")]
    normal = graph.node("LayerNormalization", [moved, *weights], at.inner("normal"), axis=-1)
    graph.node("Transpose", [normal], at.name, perm=[0, len(at.shape), *range(1, len(at.shape))])


def _scale(graph: Graph, at: Place) -> None:
    shape = (at.shape[0], *(1 for _ in at.shape[1:]))
    weight = graph.learned(f"{at.owner}.weight", shape)
    if not at.layer.bias:
        graph.node("Mul", [at.entering, weight], at.name)
        return
    product = graph.node("Mul", [at.entering, weight], at.inner("product"))
    graph.node("Add", [product, graph.learned(f"{at.owner}.bias", shape)], at.name)


def _attention(graph: Graph, at: Place) -> None:
    (channels, length), heads = at.shape, at.layer.heads
    split = graph.numbers(at.inner("split"), [1, length, heads, channels // heads])

    def projected(x: str, name: str) -> str:
        product = graph.node(
            "MatMul", [x, graph.learned(f"{at.owner}.{name}", (channels, channels))], at.inner(f"{name}.dot")
        )
        if not at.layer.bias:
            return product
        return graph.node(
            "Add", [product, graph.learned(f"{at.owner}.{name}.bias", (channels,))], at.inner(f"{name}.sum")
        )

    tokens = graph.node("Transpose", [at.entering], at.inner("tokens"), perm=[0, 2, 1])
    query, key, value = (
        graph.node("Transpose", [graph.node("Reshape", [projected(tokens, name), split], at.inner(f"{name}.heads"))],
                  at.inner(f"{name}.turned"), perm=[0, 2, 3, 1] if name == "k" else [0, 2, 1, 3])
        for name in "qkv"
    )  # fmt: skip
    scores = graph.node("Softmax", [graph.node("MatMul", [query, key], at.inner("scores"))], at.inner("shares"))
    mixed = graph.node("MatMul", [scores, value], at.inner("mixed"))
    back = graph.node("Transpose", [mixed], at.inner("back"), perm=[0, 2, 1, 3])
    whole = graph.numbers(at.inner("whole"), [1, length, channels])
    joined = projected(graph.node("Reshape", [back, whole], at.inner("joined")), "o")
    graph.node("Transpose", [joined], at.name, perm=[0, 2, 1])


def _learned(graph: Graph, at: Place) -> None:
    graph.node("Identity", [graph.learned(f"{at.owner}.weight", (1, *at.output))], at.name)


def _prelu(graph: Graph, at: Place) -> None:
    slopes = 1 if at.layer.shared else at.shape[0]
    slope = graph.learned(f"{at.owner}.weight", (slopes, *(1 for _ in at.shape[1:])))
    graph.node("PRelu", [at.entering, slope], at.name)


# --- no weights -------------------------------------------------------------------------------------


def _relu6(graph: Graph, at: Place) -> None:
    ends = [graph.floats(at.inner(name), value) for name, value in (("least", 0.0), ("most", 6.0))]
    graph.node("Clip", [at.entering, *ends], at.name)


def _silu(graph: Graph, at: Place) -> None:
    gate = graph.node("Sigmoid", [at.entering], at.inner("gate"))
    graph.node("Mul", [at.entering, gate], at.name)


def _glu(graph: Graph, at: Place) -> None:
    half = graph.numbers(at.inner("halves"), [at.output[0]] * 2)
    names = [at.inner("a"), at.inner("b")]
    graph.nodes.append(helper.make_node("Split", [at.entering, half], names, axis=1))
    graph.node("Mul", [names[0], graph.node("Sigmoid", names[1:], at.inner("gate"))], at.name)


def _mul(graph: Graph, at: Place) -> None:
    product, *rest = at.inputs
    for number, other in enumerate(rest):
        product = graph.node("Mul", [product, other], at.name if number == len(rest) - 1 else at.inner(str(number)))


def _concat(graph: Graph, at: Place) -> None:
    graph.node("Concat", at.inputs, at.name, axis=axis_index(at.layer.axis, at.output) + 1)


def _reshape(graph: Graph, at: Place) -> None:
    graph.node("Reshape", [at.entering, graph.numbers(at.inner("shape"), [1, *at.output])], at.name)


def _shuffle(graph: Graph, at: Place) -> None:
    channels, *sizes = at.shape
    groups = at.layer.groups
    apart = graph.numbers(at.inner("apart"), [1, groups, channels // groups, prod(sizes)])
    split = graph.node("Reshape", [at.entering, apart], at.inner("split"))
    turned = graph.node("Transpose", [split], at.inner("turned"), perm=[0, 2, 1, 3])
    graph.node("Reshape", [turned, graph.numbers(at.inner("shape"), [1, *at.output])], at.name)


def _sliced(graph: Graph, at: Place, ranges: dict[int, tuple[int, int]]) -> None:
    """Of each of the axes (0 is the channels) the range from, up to but without to."""
    starts = graph.numbers(at.inner("starts"), [start for start, _ in ranges.values()])
    ends = graph.numbers(at.inner("ends"), [end for _, end in ranges.values()])
    axes = graph.numbers(at.inner("axes"), [axis + 1 for axis in ranges])
    graph.node("Slice", [at.entering, starts, ends, axes], at.name)


def _take(graph: Graph, at: Place) -> None:
    _sliced(graph, at, {axis_index(at.layer.axis, at.shape): tuple(at.layer.range)})


def _crop(graph: Graph, at: Place) -> None:
    pairs = enumerate(zip(at.shape[1:], at.output[1:], strict=True), 1)
    _sliced(graph, at, {axis: ((size - kept) // 2, (size - kept) // 2 + kept) for axis, (size, kept) in pairs})


def _pad(graph: Graph, at: Place) -> None:
    pairs = pad_pairs(at.layer.amount, at.shape)
    amounts = [0, 0, *(before for before, _ in pairs), 0, 0, *(after for _, after in pairs)]
    graph.node("Pad", [at.entering, graph.numbers(at.inner("pads"), amounts)], at.name)


def _resize(graph: Graph, at: Place) -> None:
    sizes = graph.numbers(at.inner("sizes"), [1, *at.output])
    mode = "nearest" if at.layer.mode == "nearest" else "linear"
    graph.node("Resize", [at.entering, "", "", sizes], at.name, mode=mode)


def _reduce(operator: str) -> Rule:
    def rule(graph: Graph, at: Place) -> None:
        axes = graph.numbers(at.inner("axes"), [axis_index(letter, at.shape) + 1 for letter in at.layer.axis])
        graph.node(operator, [at.entering, axes], at.name)

    return rule


RULES: dict[str, Rule] = {
    "conv": _conv, "dwconv": _conv, "upconv": _upconv, "maxpool": _pool("MaxPool"), "avgpool": _pool("AveragePool"),
    "gavgpool": _same("GlobalAveragePool"), "gmaxpool": _same("GlobalMaxPool"), "fc": _fc,
    "bn": _norm("BatchNormalization", "mean", "variance"), "in": _norm("InstanceNormalization"),
    "gn": _gn, "ln": _ln, "scale": _scale, "attention": _attention, "learned": _learned,
    "prelu": _prelu, "relu6": _relu6, "silu": _silu, "glu": _glu, "add": _same("Sum"), "mul": _mul, "concat": _concat,
    "reshape": _reshape, "tokens": _reshape, "shuffle": _shuffle, "take": _take, "crop": _crop, "pad": _pad,
    "resize": _resize, "mean": _reduce("ReduceMean"), "max": _reduce("ReduceMax"), "flatten": _same("Flatten"),
    "lrn": lambda graph, at: graph.node("LRN", at.inputs, at.name, size=at.layer.size),
    "pixelshuffle": lambda graph, at: graph.node(
        "DepthToSpace", at.inputs, at.name, blocksize=at.layer.factor, mode="CRD"),
    "pixelunshuffle": lambda graph, at: graph.node("SpaceToDepth", at.inputs, at.name, blocksize=at.layer.factor),
    "relu": _same("Relu"), "leakyrelu": _same("LeakyRelu"), "elu": _same("Elu"), "selu": _same("Selu"),
    "gelu": _same("Gelu"), "mish": _same("Mish"), "hardswish": _same("HardSwish"), "sigmoid": _same("Sigmoid"),
    "hardsigmoid": _same("HardSigmoid"), "tanh": _same("Tanh"), "softplus": _same("Softplus"),
    "softmax": _same("Softmax", axis=1), "logsoftmax": _same("LogSoftmax", axis=1), "dropout": _same("Dropout"),
    "identity": _same("Identity"),
}  # fmt: skip
