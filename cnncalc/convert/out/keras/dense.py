"""Products of matrices, normalisations, attention, and layers that go through a sequence."""

from __future__ import annotations

from typing import Any

from ....layers.axes import axis_index, axis_indices
from ....values import spell
from .call import KerasWriter, last, tuple_text

#: Kinds of which Keras has one bias a gate, and cells with two; PyTorch's number of them.
_TWO_BIASES = {"lstm": "TwoBiasLSTMCell", "rnn": "TwoBiasRNNCell"}
TWO = 2


def fc(writer: KerasWriter) -> str:
    """A fully connected layer, of a vector."""
    tensor = writer.x if writer.is_vector else writer.step(f"layers.Flatten()({writer.x})")
    return writer.applied(writer.call(), tensor)


def norm(writer: KerasWriter) -> str:
    """A normalisation with a factor and a constant a channel, as far as they are learned."""
    layer = writer.layer
    values: dict[str, Any] = {"bias": layer.affine and layer.bias}
    if writer.node.kind == "bn":
        values["scale"] = layer.affine and layer.scale
    return writer.applied(writer.call(**values))


def layer_norm(writer: KerasWriter) -> str:
    """Over axes that stand at the end; others are brought there, and back."""
    layer, rank = writer.layer, len(writer.shape)
    places = [axis or rank for axis in axis_indices(layer.axes, writer.shape, "axes")]
    order = [*(place for place in range(1, rank + 1) if place not in places), *sorted(places)]
    axes = list(range(-len(places), 0))
    made = writer.call(axes=str(axes[0] if len(axes) == 1 else axes), bias=layer.affine and layer.bias)
    if order == sorted(order):
        return writer.applied(made)
    writer.step(f"layers.Permute({tuple_text(order)})({writer.x})")
    writer.step(writer.applied(made, "x"))
    return f"layers.Permute({tuple_text([order.index(place) + 1 for place in range(1, rank + 1)])})(x)"


def attention(writer: KerasWriter) -> str:
    """Multi-head attention, of a tensor to itself or to another."""
    layer = writer.layer
    bias = "" if layer.bias else ", use_bias=False"
    made = f"layers.MultiHeadAttention({layer.heads}, {writer.shape[0] // layer.heads}{bias})"
    return writer.applied(made, writer.x, writer.inputs[-1])


def scale(writer: KerasWriter) -> str:
    """A constant factor, or a learned one a channel."""
    if writer.layer.by is not None:
        return f"layers.Rescaling({spell(writer.layer.by)})({writer.x})"
    bias = "use_bias=True" if writer.layer.bias else ""
    return writer.applied(f"{writer.helper('Scale')}({bias})")


def learned(writer: KerasWriter) -> str:
    """A learned tensor, for as many samples as enter."""
    made = f"{writer.helper('Learned')}({tuple_text(last(writer.output))})"
    return writer.applied(made, writer.source.first_input)


def prelu(writer: KerasWriter) -> str:
    """A slope for all, one a channel, or one an element."""
    axes = range(1, writer.rank + 1 + (writer.layer.shared is True))
    shared = None if writer.layer.each or not axes else str(list(axes))
    return writer.applied(writer.call(shared=shared))


def softmax(writer: KerasWriter) -> str:
    """Softmax, or its logarithm, along an axis."""
    along = axis_index(writer.layer.axis, writer.shape)
    if writer.node.kind == "softmax":
        return f"layers.Softmax({f'axis={along}' if along else ''})({writer.x})"
    return f"ops.log_softmax({writer.x}, axis={along})" if along else f"{writer.call()}({writer.x})"


def recurrent(writer: KerasWriter) -> str:
    """A layer of Keras for each of its layers; all but the last give every step."""
    layer, tensor = writer.layer, writer.x
    for number in range(1, layer.layers + 1):
        end = number == layer.layers
        called = writer.applied(_passing(writer, steps=not (layer.last and end)), tensor)
        if end:
            break
        tensor = writer.step(called)
    return called


def _passing(writer: KerasWriter, steps: bool) -> str:
    """One of its layers, in one direction or both, which gives all steps or the last."""
    layer, kind = writer.layer, writer.node.kind
    if layer.biases == TWO and kind in _TWO_BIASES:
        return _by_cells(writer, steps)
    made = writer.call(biases=None if layer.biases else "False", bidirectional=None, layers=None,
                       last="True" if steps else None)  # fmt: skip
    if kind == "gru" and layer.biases == 1:
        made = f"{made[:-1]}, reset_after=False)"
    return f"layers.Bidirectional({made})" if layer.bidirectional else made


def _by_cells(writer: KerasWriter, steps: bool) -> str:
    """By cells of two biases, which Keras's own have not."""
    cell = f"{writer.helper(_TWO_BIASES[writer.node.kind])}({writer.layer.units})"
    more = ", return_sequences=True" if steps else ""
    made = f"layers.RNN({cell}{more})"
    return f"layers.Bidirectional({made})" if writer.layer.bidirectional else made


def embed(writer: KerasWriter) -> str:
    """A table of vectors."""
    return writer.applied(writer.call())


HANDLERS = {
    "fc": fc, "bn": norm, "in": norm, "gn": norm, "ln": layer_norm, "attention": attention, "scale": scale,
    "learned": learned, "prelu": prelu, "softmax": softmax, "logsoftmax": softmax, "lstm": recurrent,
    "gru": recurrent, "rnn": recurrent, "embed": embed,
}  # fmt: skip
