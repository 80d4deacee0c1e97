"""The layers of a net as one list, whichever of Caffe's three ways of writing them the file has, and of one phase."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...diagnostics import ERROR, Diagnostic, Span, SpecError
from ...records import Record
from .text import Message

#: V1's types that are not V2's name in capitals, and V0's (util/upgrade_proto.cpp).
_V1 = {
    "absval": "AbsVal", "bnll": "BNLL", "relu": "ReLU", "tanh": "TanH", "lrn": "LRN", "mvn": "MVN", "prelu": "PReLU",
    "hdf5data": "HDF5Data", "hdf5output": "HDF5Output", "softmaxloss": "SoftmaxWithLoss", "argmax": "ArgMax",
}  # fmt: skip
_V0 = {
    "conv": "Convolution", "pool": "Pooling", "innerproduct": "InnerProduct", "images": "ImageData", "bnll": "BNLL",
    "relu": "ReLU", "tanh": "TanH", "lrn": "LRN", "hdf5_data": "HDF5Data", "hdf5_output": "HDF5Output",
    "softmax_loss": "SoftmaxWithLoss", "padding": "Padding",
}  # fmt: skip
_V0_FIELDS = {
    "biasterm": "bias_term", "kernelsize": "kernel_size", "cropsize": "crop_size", "batchsize": "batch_size",
    "concat_dim": "axis",
}  # fmt: skip
#: Types whose parameters are called otherwise than they are.
_PARAMETERS = {
    "ReLU": "relu_param", "PReLU": "prelu_param", "Deconvolution": "convolution_param",
    "SoftmaxWithLoss": "softmax_param", "BN": "bn_param",
    "DepthwiseConvolution": "convolution_param", "ConvolutionDepthwise": "convolution_param",
}  # fmt: skip


class LayerParameter(Record):
    """One layer: its name, its type in V2's words, the blobs that it reads and makes, and its parameters."""

    name: str
    type: str
    bottoms: list[str]
    tops: list[str]
    given: Message
    message: Message
    #: The names under which its weights are shared; empty ones are its own.
    shared: list[str]

    @property
    def span(self) -> Span:
        """Where the layer begins."""
        return self.message.place("name")


def described(net: Message, phase: str) -> Iterator[LayerParameter]:
    """The layers that run in `phase`. Raises SpecError for one without a type."""
    for message in [*net.messages.get("layer", ()), *net.messages.get("layers", ())]:
        if not _runs(message, phase.upper()):
            continue
        old = message.messages.get("layer")
        inner = _upgraded(old[-1]) if old else message
        kind = inner.text("type")
        if not kind:
            raise SpecError([Diagnostic(ERROR, "syntax", "the layer has no type", inner.span)])
        type = _type(kind, bool(old))
        parameters = inner if old else message.message(_PARAMETERS.get(type, f"{_snake(type)}_param"))
        yield LayerParameter(inner.text("name") or type.lower(), type, message.texts("bottom"), message.texts("top"),
                        parameters, inner, _shared(message))  # fmt: skip


def _type(kind: str, oldest: bool) -> str:
    if oldest:
        return _V0.get(kind, "".join(part.capitalize() for part in kind.split("_")))
    if not kind.isupper():
        return kind
    return _V1.get(kind.lower().replace("_", ""), "".join(part.capitalize() for part in kind.split("_")))


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _upgraded(message: Message) -> Message:
    """V0's fields by V1's names."""
    return message._replace(values={_V0_FIELDS.get(name, name): values for name, values in message.values.items()})


def _shared(message: Message) -> list[str]:
    params = [inner.text("name") for inner in message.messages.get("param", ())]
    return params or message.texts("param")


def _runs(message: Message, phase: str) -> bool:
    """Net::FilterNet: of several rules to include one must hold; where there is none, no rule to exclude may."""
    include = message.messages.get("include")
    if include:
        return any(_holds(rule, phase) for rule in include)
    return not any(_holds(rule, phase) for rule in message.messages.get("exclude", ()))


def _holds(rule: Message, phase: str) -> bool:
    """Net::StateMeetsRule for level 0 and no stage."""
    return (
        rule.text("phase", phase) in (phase, str(("TRAIN", "TEST").index(phase)))
        and rule.number("min_level", 0) <= 0 <= rule.number("max_level", 0)
        and not rule.texts("stage")
    )
