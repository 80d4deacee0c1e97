"""What Keras's layers are read as, each alone on a map of 8x9 with 4 channels: what is older, odd or wrong among them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import cnncalc

SLICE = {"class_name": "__slice__", "config": {"start": None, "stop": None, "step": None}}
#: The class, its configuration, and the layers of ours with their outputs; behind a "!" why there are none.
LAYERS: list[tuple[str, dict[str, Any], str]] = [
    # Keras 1 and 2
    ("Convolution2D", {"filters": 2, "kernel_size": [3, 3], "border_mode": "same"}, "l conv 2 3x3 pad=same 2x8x9"),
    ("Convolution2D", {"filters": 2, "kernel_size": 3}, "l conv 2 3x3 2x6x7"),
    ("Dense", {"output_dim": 5}, "l conv 5 1x1 5x8x9"),
    ("Dense", {"units": 5, "use_bias": False, "activation": "relu"}, "l conv 5 1x1 bias=no 5x8x9; l/relu relu 5x8x9"),
    ("MaxPooling2D", {"pool_size": [2, 3], "strides": None}, "l maxpool 2x3 stride=2x3 4x4x3"),
    ("MaxPooling2D", {}, "l maxpool 2x2 stride=2 4x4x4"),
    ("AveragePooling2D", {"pool_size": 3, "strides": 1, "padding": "same"}, "l avgpool 3x3 stride=1 pad=same countpad=no 4x8x9"),
    ("Reshape", {"newshape": [18, 16]}, "l reshape 16x18 16x18"),
    # activations: an object of a class, a name in capitals, one that none of ours is
    ("Activation", {"activation": {"class_name": "ReLU", "config": {"name": "relu"}}}, "l relu 4x8x9"),
    ("Activation", {"activation": {"class_name": "GELU", "config": {}}}, "l gelu 4x8x9"),
    ("Activation", {"activation": {"class_name": "function", "config": "hard_swish"}}, "l hardswish 4x8x9"),
    ("Activation", {"activation": {"class_name": "Mish"}}, "l mish 4x8x9"),
    ("Activation", {"activation": "SELU"}, "l selu 4x8x9"), ("Activation", {"activation": "linear"}, "l identity 4x8x9"),
    ("Activation", {"activation": None}, "l identity 4x8x9"), ("Activation", {"activation": "softsign"}, "l op Activation 4x8x9"),
    ("ReLU", {"max_value": 6}, "l relu6 4x8x9"), ("ReLU", {"alpha": 0.2}, "l leakyrelu 4x8x9"),
    ("ReLU", {"threshold": 0.5}, "l op ReLU 4x8x9"), ("ReLU", {"max_value": 5.0}, "l op ReLU 4x8x9"),
    ("Softmax", {"axis": 2}, "l softmax axis=W 4x8x9"), ("Softmax", {"axis": 1}, "l softmax axis=H 4x8x9"),
    ("Softmax", {"axis": [1, 2]}, "l softmax 4x8x9"), ("Softmax", {"axis": 0}, "l op Softmax 4x8x9"),
    ("Softmax", {"axis": 4}, "l op Softmax 4x8x9"),
    # functions of TensorFlow's where a layer stands
    ("TFOpLambda", {"function": "nn.relu"}, "l relu 4x8x9"), ("TFOpLambda", {"function": "math.softmax"}, "l softmax 4x8x9"),
    ("TFOpLambda", {"function": "math.add"}, "l op TFOpLambda 4x8x9"), ("TFOpLambda", {"function": "math.reduce_sum"}, "l op ?"),
    ("TFOpLambda", {}, "l op ?"),
    # shapes
    ("Reshape", {"target_shape": [-1]}, "l flatten 288"), ("Reshape", {"target_shape": [288]}, "l flatten 288"),
    ("Reshape", {"target_shape": [7]}, "! 8x9x4 has 288 values, and (7,) holds 7"), ("Reshape", {"target_shape": []}, "l op ?"),
    ("Reshape", {"target_shape": [None, 3]}, "l op ?"), ("Reshape", {"target_shape": [4, 8, 9]}, "l reshape 9x4x8 9x4x8"),
    ("Reshape", {"target_shape": [-1, 6]}, "l reshape 6x? 6x48"),
    ("Permute", {"dims": [3, 1, 2]}, "l op Permute 9x4x8"), ("Permute", {"dims": [2, 1]}, "l op ?"), ("Permute", {}, "l op ?"),
    ("Permute", {"dims": [1, 1, 2]}, "l op ?"),
    ("Resizing", {"height": 4, "width": 5}, "l resize to=4x5 4x4x5"), ("CenterCrop", {"height": 4, "width": 5}, "l crop 4x5 4x4x5"),
    ("Cropping2D", {"cropping": [[1, 2], [3, 4]]}, "l crop 5x2 4x5x2"), ("Cropping2D", {"cropping": [4, 0]}, "! nothing is left of the output"),
    ("Cropping2D", {}, "l crop 6x7 4x6x7"),
    ("Cropping1D", {"cropping": [1, 1]}, "! Cropping1D is for 1 spatial axis, and 2 enter"),
    ("ZeroPadding2D", {"padding": [1, 2]}, "l pad 1:1x2:2 4x10x13"), ("ZeroPadding2D", {"padding": 3}, "l pad 3:3 4x14x15"),
    ("ZeroPadding2D", {"padding": [[1, 2], [0, 3]]}, "l pad 1:2x0:3 4x11x12"),
    ("ZeroPadding2D", {"padding": [[1, 2, 3], [0, 3]]}, "! padding is two numbers for each of 2 axes, not [[1, 2, 3], [0, 3]]"),
    ("ZeroPadding2D", {"padding": "1"}, "! padding is two numbers for each of 2 axes, not 1"),
    ("ZeroPadding2D", {"padding": [1, 2, 3]}, "! padding is two numbers for each of 2 axes, not [1, 2, 3]"),
    ("UpSampling2D", {}, "l resize 2 4x16x18"), ("UpSampling2D", {"size": [1, 3], "interpolation": "bilinear"}, "l resize 1x3 mode=bilinear 4x8x27"),
    # windows
    ("Conv2D", {"filters": 2, "kernel_size": [3, 2], "padding": "valid", "strides": [2, 1]}, "l conv 2 3x2 stride=2x1 2x3x8"),
    ("Conv2D", {"filters": 4, "kernel_size": 3, "groups": 2, "dilation_rate": 2}, "l conv 4 3x3 dilation=2 groups=2 4x4x5"),
    ("Conv2D", {"filters": 2, "kernel_size": [3, 2, 1]}, "! kernel_size is 2 whole numbers, not [3, 2, 1]"),
    ("Conv2D", {"filters": 2, "kernel_size": "three"}, "! kernel_size is 2 whole numbers, not three"),
    ("Conv2D", {"filters": 2.5, "kernel_size": 3}, "! filters is a whole number, not 2.5"),
    ("Conv2D", {"kernel_size": 3}, "! 'filters' is missing"), ("Conv2D", {"filters": True, "kernel_size": 3}, "! filters is a whole number, not True"),
    ("Conv2D", {"filters": 2, "kernel_size": 3, "padding": "full"}, "! padding is one of same, valid, causal, not full"),
    ("MaxPooling2D", {"padding": "causal"}, "! padding is one of same, valid, not causal"),
    ("Conv2D", {"filters": 2, "kernel_size": 9}, "! the 9x9 window does not fit its 8x9 input: floor((8 - 9 + 2*0)/1) + 1 = 0"),
    ("DepthwiseConv2D", {"kernel_size": 3, "depth_multiplier": 2, "use_bias": False}, "l dwconv 3x3 bias=no multiplier=2 8x6x7"),
    ("SeparableConv2D", {"kernel_size": 3, "filters": 5, "depth_multiplier": 2, "activation": "relu"},
     "l/depthwise dwconv 3x3 bias=no multiplier=2 8x6x7; l conv 5 1x1 5x6x7; l/relu relu 5x6x7"),
    ("SeparableConv2D", {"kernel_size": 3, "filters": 5, "use_bias": False},
     "l/depthwise dwconv 3x3 bias=no 4x6x7; l conv 5 1x1 bias=no 5x6x7"),
    ("Conv2DTranspose", {"filters": 2, "kernel_size": 3, "strides": 2}, "l upconv 2 3x3 stride=2 2x17x19"),
    ("Conv2DTranspose", {"filters": 2, "kernel_size": 2, "strides": 3}, "l upconv 2 2x2 stride=3 outpad=1 2x24x27"),
    ("Conv2DTranspose", {"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same", "output_padding": [1, 0]},
     "l upconv 2 3x3 stride=2 pad=1 outpad=1x0 2x16x17"),
    ("Conv1DTranspose", {"filters": 2, "kernel_size": 3}, "! Conv1DTranspose is for 1 spatial axis, and 2 enter"),
    # normalizations
    ("BatchNormalization", {"axis": 3}, "l bn 4x8x9"), ("BatchNormalization", {"axis": [3]}, "l bn 4x8x9"),
    ("BatchNormalization", {"axis": 1}, "l op BatchNormalization 4x8x9"), ("BatchNormalization", {"axis": 0}, "! it normalizes along the axis of samples"),
    ("BatchNormalization", {"axis": [1, 2]}, "! it normalizes along the axis of samples"),
    ("BatchNormalization", {"scale": False}, "l bn scale=no 4x8x9"), ("BatchNormalization", {"center": False}, "l bn bias=no 4x8x9"),
    ("BatchNormalization", {"center": False, "scale": False}, "l bn affine=no 4x8x9"),
    ("LayerNormalization", {"rms_scaling": True}, "l ln bias=no 4x8x9"), ("LayerNormalization", {"axis": 0}, "! it normalizes along the axis of samples"),
    ("LayerNormalization", {"axis": [1, 2, 3]}, "l op LayerNormalization 4x8x9"), ("LayerNormalization", {"center": False}, "l ln bias=no 4x8x9"), ("LayerNormalization", {"scale": False}, "l op LayerNormalization 4x8x9"),
    ("GroupNormalization", {"groups": 2}, "l gn 2 4x8x9"), ("GroupNormalization", {"groups": -1}, "l gn 4 4x8x9"),
    ("GroupNormalization", {"groups": 2, "axis": 1}, "l op GroupNormalization 4x8x9"),
    ("GroupNormalization", {}, "! groups=32 does not divide the 4 channels"),
    ("Normalization", {"axis": 0}, "! it normalizes along the axis of samples"), ("Normalization", {"mean": [1.0], "variance": [1.0]}, "l op Normalization 4x8x9"),
    ("LayerScale", {}, "l scale 4x8x9"), ("PReLU", {"shared_axes": [1, 2]}, "l prelu 4x8x9"), ("PReLU", {"shared_axes": [1, 2, 3]}, "l prelu shared=yes 4x8x9"),
    ("PReLU", {}, "l prelu shared=each 4x8x9"), ("PReLU", {"shared_axes": [3]}, "l op PReLU 4x8x9"),
    ("LayerNormalization", {}, "l ln 4x8x9"), ("Normalization", {}, "l op Normalization 4x8x9"),
    # operations of keras.ops, which Keras would have refused, or of which nothing is known
    ("Split", {"indices_or_sections": 3, "axis": 1}, "! 8 values cannot be split into 3 equal parts"), ("Split", {"indices_or_sections": 0, "axis": 1}, "! 8 values cannot be split into 0 equal parts"),
    ("Split", {"indices_or_sections": [3, 4], "axis": 1}, "l op Split 4x3x9; l_2 op Split 4x1x9; l_3 op Split 4x4x9"),
    ("Split", {"indices_or_sections": [3, 9], "axis": 1}, "! 8 values cannot be split at [3, 9]"), ("Split", {"indices_or_sections": 2, "axis": 0}, "l op ?"), ("Split", {"axis": 1}, "l op ?"),
    ("Squeeze", {"axis": 1}, "! only axes of 1 can be left out, and the shape is 8x9x4"), ("Squeeze", {"axis": 0}, "! only axes of 1 can be left out, and the shape is 8x9x4"),
    ("ExpandDims", {"axis": 0}, "l op ?"), ("ExpandDims", {"axis": 5}, "! axis=5 of a tensor with 5 axes"), ("ExpandDims", {"axis": 4}, "l op ExpandDims 1x8x9x4"),
    ("Transpose", {"axes": [1, 0, 2, 3]}, "l op ?"), ("Transpose", {"axes": [0, 1, 2]}, "l op ?"), ("Transpose", {"axes": [0, 1, 1, 2]}, "l op ?"),
    ("Mean", {"axis": 0}, "l op ?"), ("Mean", {}, "l op ?"), ("Mean", {"axis": 4}, "! axis=4 of a tensor with 4 axes"), ("Mean", {"axis": -4}, "l op ?"), ("Mean", {"axis": 3}, "l op Mean 9x8"),
    ("Matmul", {}, "l op ?"), ("Pad", {"pad_width": [[1, 0], [0, 0], [0, 0], [0, 0]]}, "l op ?"), ("Pad", {"pad_width": 1}, "l op ?"), ("Pad", {"pad_width": [[0, 0], [1, 2], [3, 4]]}, "l op ?"),
    ("Pad", {"pad_width": [[0, 0], [1, 2], [3, 4], [0, 5]]}, "l op Pad 9x11x16"), ("Pad", {"pad_width": [[0, 0], [1, "2"], [3, 4], [0, 5]]}, "l op ?"),
    ("Resize", {"size": 3}, "l op ?"), ("Resize", {"size": [3, 5, 1]}, "l op ?"), ("DepthToSpace", {"block_size": 2}, "l pixelshuffle 2 1x16x18"),
    ("SpaceToDepth", {}, "! 'block_size' is missing"), ("Stack", {"axis": 0}, "l op ?"), ("Stack", {"axis": 1}, "l op Stack 4x1x8x9"),
    ("GetItem", {"key": [SLICE, 8]}, "! index 8 of an axis of 8"), ("GetItem", {"key": [SLICE, -9]}, "! index -9 of an axis of 8"), ("GetItem", {"key": [SLICE, -8]}, "l op GetItem 4x9"),
    ("GetItem", {"key": [0]}, "l op ?"), ("GetItem", {"key": [SLICE] * 5}, "! 5 indices of a tensor with 4 axes"), ("GetItem", {"key": [SLICE] * 4}, "l op GetItem 4x8x9"),
    ("GetItem", {"key": [{"class_name": "__slice__", "config": {"start": 1, "stop": None, "step": None}}]}, "l op ?"), ("GetItem", {}, "l op ?"),
    ("GetItem", {"key": [SLICE, {"class_name": "__slice__", "config": {"start": None, "stop": None, "step": 0}}]}, "l op ?"), ("GetItem", {"key": [SLICE, 1.5]}, "l op ?"),
    # one input to what takes several, and what is not known
    ("Add", {}, "l op Add 4x8x9"), ("Concatenate", {}, ""), ("Dot", {"axes": 1}, "l op ?"), ("Average", {}, "l op Average 4x8x9"),
    ("Dropout", {"rate": 0.5}, "l dropout 0.5 4x8x9"), ("keras_cv>DropPath", {}, "l op ?"), ("Custom>ReLU", {}, "l relu 4x8x9"),
    ("GaussianNoise", {}, "l identity 4x8x9"), ("Rescaling", {"scale": 2.0}, "l op Rescaling 4x8x9"), ("Lambda", {}, "l op ?"),
    ("Bidirectional", {}, "l op ?"), ("Bidirectional", {"layer": {"class_name": "Dense", "config": {"units": 3}}}, "l op ?"),
    ("TimeDistributed", {}, "l op ?"), ("TimeDistributed", {"layer": {"class_name": "Nonesuch", "config": {}}}, "l op ?"),
    ("TimeDistributed", {"layer": {"class_name": "Dense", "config": {"units": 3}}}, "l conv 3 1x1 3x8x9"),
    ("TimeDistributed", {"layer": {"class_name": "Conv1D", "config": {"filters": 3, "kernel_size": 2}}}, "l op TimeDistributed 3x8x8"),
    ("MultiHeadAttention", {"num_heads": 2, "key_dim": 3}, "l op ?"),
]  # fmt: skip


def loaded(layers: list[dict[str, Any]], shape: tuple[int, ...], path: Path, **more: Any) -> cnncalc.Network:
    entry = {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [None, *shape]}}
    path.write_text(json.dumps({"class_name": "Sequential", "config": {"name": "s", "layers": [entry, *layers]}}))
    return cnncalc.load(path, **more)


def read(kind: str, config: dict[str, Any], shape: tuple[int, ...], path: Path) -> str:
    try:
        network = loaded([{"class_name": kind, "config": {"name": "l", **config}}], shape, path)
    except cnncalc.SpecError as fault:
        return f"! {fault.diagnostics[0].message}"
    return "; ".join(
        f"{node.name} {node.layer.describe(max(len(shape) - 1, 1)) if node.layer else node.kind} "
        f"{'x'.join(map(str, node.output)) if node.output else '?'}" for node in network.layers
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "config", "said"), LAYERS, ids=[f"{row[0]} {json.dumps(row[1])[:60]}" for row in LAYERS]
)
def test_a_layer(kind: str, config: dict[str, Any], said: str, tmp_path: Path) -> None:
    assert read(kind, config, (8, 9, 4), tmp_path / "model.json") == said


@pytest.mark.parametrize(
    ("kind", "config", "shape", "said"),
    [
        ("LSTM", {"units": 3}, (7, 4), "l lstm 3 last=yes biases=1 3"),
        ("LSTM", {"units": 3, "return_sequences": True, "use_bias": False}, (7, 4), "l lstm 3 biases=0 3x7"),
        ("GRU", {"units": 3, "return_sequences": True}, (7, 4), "l gru 3 3x7"),
        ("GRU", {"units": 3, "reset_after": False}, (7, 4), "l gru 3 last=yes biases=1 3"),
        ("SimpleRNN", {"units": 3}, (7, 4), "l rnn 3 last=yes biases=1 3"),
        ("LSTM", {"units": 3, "return_state": True}, (7, 4), "l lstm 3 last=yes biases=1 3; l/state op LSTM 3"),
        ("Bidirectional", {"layer": {"class_name": "GRU", "config": {"units": 3}}}, (7, 4), "l gru 3 bidirectional=yes last=yes 6"),
        ("Bidirectional", {"layer": {"class_name": "GRU", "config": {"units": 3}}, "merge_mode": "sum"}, (7, 4),
         "l gru 3 bidirectional=yes last=yes 6; l/sum op Bidirectional 3"),
        ("Bidirectional", {"layer": {"class_name": "GRU", "config": {"units": 3}}, "merge_mode": None}, (7, 4), "l op ?"),
        ("Bidirectional", {"layer": {"class_name": "GRU", "config": {"units": 3, "return_state": True}}}, (7, 4), "l op ?"),
        ("RNN", {"cell": {"class_name": "LSTMCell", "config": {"units": 3}}}, (7, 4), "l lstm 3 last=yes biases=1 3"),
        ("RNN", {"cell": {"class_name": "GRUCell", "config": {"units": 3, "reset_after": False}}, "return_sequences": True}, (7, 4), "l gru 3 biases=1 3x7"),
        ("RNN", {"cell": {"class_name": "SimpleRNNCell", "config": {"units": 3, "use_bias": False}}, "return_state": True}, (7, 4),
         "l rnn 3 last=yes biases=0 3; l/state op RNN 3"),
        ("RNN", {"cell": {"class_name": "OwnCell", "config": {"units": 3}}}, (7, 4), "l op ?"), ("RNN", {"cell": {"class_name": "LSTMCell"}}, (7, 4), "l op ?"), ("RNN", {}, (7, 4), "l op ?"),
        ("Bidirectional", {"layer": {"class_name": "RNN", "config": {"cell": {"class_name": "GRUCell", "config": {"units": 3}}, "return_sequences": True}}}, (7, 4),
         "l gru 3 bidirectional=yes 6x7"),
        ("Bidirectional", {"layer": {"class_name": "RNN", "config": {"cell": {"class_name": "OwnCell", "config": {"units": 3}}}}}, (7, 4), "l op ?"),
        ("Dense", {"units": 5}, (4,), "l fc 5 5"), ("RepeatVector", {"n": 3}, (4,), "l op RepeatVector 4x3"),
        ("Embedding", {"input_dim": 9, "output_dim": 2}, (6,), "l embed 9 2 2x6"),
        ("Softmax", {}, (4,), "l softmax 4"), ("MaxPooling1D", {"pool_length": 3}, (9, 4), "l maxpool 3 stride=3 4x3"),
        ("ZeroPadding1D", {"padding": [1, 2]}, (9, 4), "l pad 1:2 4x12"), ("Cropping1D", {"cropping": [1, 2]}, (9, 4), "l crop 6 4x6"),
        ("Conv1D", {"filters": 2, "kernel_size": 3, "padding": "causal", "dilation_rate": 2}, (9, 4), "l conv 2 3 pad=causal dilation=2 2x9"),
        ("GlobalAveragePooling1D", {}, (9, 4), "l gavgpool 4x1; l/flatten flatten 4"), ("GlobalMaxPooling1D", {"keepdims": True}, (9, 4), "l gmaxpool 4x1"),
        ("TimeDistributed", {"layer": {"class_name": "MaxPooling1D", "config": {}}}, (9, 4), "! maxpool needs spatial axes, but its input is the vector 4"),
    ],
)  # fmt: skip
def test_a_layer_on_sequences_and_vectors(
    kind: str, config: dict[str, Any], shape: tuple[int, ...], said: str, tmp_path: Path
) -> None:
    assert read(kind, config, shape, tmp_path / "model.json") == said


#: Parameters and statistics of what none of our layers is, by Keras's own formulas, on the map of 8x9 with 4 channels.
COUNTS: list[tuple[str, dict[str, Any], int, int]] = [
    ("LayerNormalization", {"axis": [1, 2, 3]}, 2 * 288, 0), ("LayerNormalization", {"axis": [1, 2, 3], "center": False}, 288, 0),
    ("LayerNormalization", {"axis": [2, 3]}, 2 * 36, 0), ("LayerNormalization", {"axis": 1, "scale": False}, 8, 0), ("LayerNormalization", {"scale": False, "center": False}, 0, 0),
    ("LayerNormalization", {"axis": [1, 2], "rms_scaling": True}, 72, 0), ("BatchNormalization", {"axis": 1}, 16, 16), ("BatchNormalization", {"axis": 2, "scale": False}, 9, 18),
    ("GroupNormalization", {"groups": 2, "axis": 1}, 16, 0), ("GroupNormalization", {"groups": 2, "scale": False}, 4, 0), ("GroupNormalization", {"groups": 3, "axis": 2, "center": False}, 9, 0),
    ("Normalization", {}, 0, 9), ("Normalization", {"axis": [1, 3]}, 0, 65), ("Normalization", {"axis": None}, 0, 3), ("Normalization", {"mean": 1.0}, 0, 0),
    ("PReLU", {}, 288, 0), ("PReLU", {"shared_axes": [3]}, 72, 0), ("PReLU", {"shared_axes": [1]}, 36, 0), ("PReLU", {"shared_axes": [1, 2]}, 4, 0),
    ("TimeDistributed", {"layer": {"class_name": "Conv1D", "config": {"filters": 3, "kernel_size": 2}}}, 27, 0),
    ("Dense", {"units": 5}, 25, 0), ("Dense", {"units": 5, "use_bias": False}, 20, 0), ("Rescaling", {}, 0, 0), ("Embedding", {"input_dim": 9, "output_dim": 2}, 18, 0),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "config", "params", "buffers"), COUNTS, ids=[f"{row[0]} {json.dumps(row[1])[:60]}" for row in COUNTS]
)
def test_what_a_layer_holds(kind: str, config: dict[str, Any], params: int, buffers: int, tmp_path: Path) -> None:
    shape = (6,) if kind == "Embedding" else (8, 9, 4)
    network = loaded([{"class_name": kind, "config": {"name": "l", **config}}], shape, tmp_path / "model.json")
    totals = cnncalc.analyze(network).totals
    assert (totals.params, totals.buffers) == (params, buffers)


def layer(kind: str, inbound: list[Any], **config: Any) -> dict[str, Any]:
    return {"class_name": kind, "config": config, "name": config["name"], "inbound_nodes": inbound}


def functional(layers: list[dict[str, Any]], inputs: Any, outputs: Any, path: Path) -> cnncalc.Network:
    config = {"name": "m", "layers": layers, "input_layers": inputs, "output_layers": outputs}
    path.write_text(json.dumps({"class_name": "Functional", "config": config}))
    return cnncalc.load(path)


def tensor(name: str, call: int = 0, number: int = 0) -> dict[str, Any]:
    return {"class_name": "__keras_tensor__", "config": {"shape": [None, 3], "keras_history": [name, call, number]}}


def test_calls_in_any_order_of_any_arguments_and_results(tmp_path: Path) -> None:
    """An argument by name, several results, a layer that is called twice and shares its weights; the last is described first."""
    layers = [
        layer("Concatenate", [{"args": [[tensor("d"), tensor("d", 1), tensor("r", 0, 1), tensor("r", 0, 2)]], "kwargs": {"axis": -1}}], name="all"),
        layer("InputLayer", [], name="x", batch_shape=[None, 7, 4]), layer("InputLayer", [], name="y", batch_shape=[None, 3]),
        layer("LSTM", [{"args": [tensor("x")], "kwargs": {}}], name="r", units=3, return_state=True),
        layer("Dense", [{"args": [], "kwargs": {"inputs": tensor("r")}}, {"args": [tensor("y")], "kwargs": {}}], name="d", units=5),
    ]  # fmt: skip
    network = functional(
        layers, [["x", 0, 0], ["y", 0, 0]], {"out": ["all", 0, 0], "state": [["r", 0, 1]]}, tmp_path / "m.json"
    )
    assert [(node.name.partition("_")[0], node.output) for node in network.layers] == [
        ("r", (3,)), ("r/state", (3,)), ("d", (5,)), ("d", (5,)), ("all", (16,)),
    ]  # fmt: skip
    assert cnncalc.analyze(network).totals.params == 4 * (4 * 3 + 3 * 3 + 3) + 5 * 4
    assert [port.name for port in network.outputs] == ["all", "r/state"]


def test_concatenate_finds_its_axis_in_the_call_of_keras_2(tmp_path: Path) -> None:
    layers = [
        layer("InputLayer", [], name="x", batch_input_shape=[[None, 6, 4, 2]]),
        layer("Concatenate", [[["x", 0, 0, {}], ["x", 0, 0, {"axis": 1}]]], name="c"),
        layer("TFOpLambda", [["c", 0, 0, {"y": 2.0, "name": None}]], name="m", function="math.multiply"),
        layer("TFOpLambda", [["m", 0, 0, {"y": ["c", 0, 0]}]], name="s", function="math.subtract"),
        layer("Concatenate", [[["s", 0, 0]]], name="one"),
    ]  # fmt: skip
    network = functional(layers, [["x", 0, 0]], [["one", 0, 0]], tmp_path / "m.json")
    assert [(node.name, node.kind, node.output) for node in network.layers] == [
        ("c", "concat", (2, 12, 4)), ("m", "op", (2, 12, 4)), ("s", "sub", (2, 12, 4)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("function", "kind"), [("math.add", "add"), ("__operators__.add", "add"), ("math.multiply", "mul"), ("math.subtract", "sub")]
)  # fmt: skip
def test_functions_of_two_tensors(function: str, kind: str, tmp_path: Path) -> None:
    layers = [
        layer("InputLayer", [], name="x", batch_input_shape=[None, 6]), layer("InputLayer", [], name="y", batch_input_shape=[None, 6]),
        layer("TFOpLambda", [["x", 0, 0, {"y": ["y", 0, 0], "name": None}]], name="f", function=function),
    ]  # fmt: skip
    network = functional(layers, [["x", 0, 0], ["y", 0, 0]], [["f", 0, 0]], tmp_path / "m.json")
    assert [(node.kind, node.output, node.inputs) for node in network.layers] == [(kind, (6,), (0, 1))]


@pytest.mark.parametrize("kwargs", [None, [], "axis", {}, {"axis": -1}])
@pytest.mark.parametrize("args", [None, "x"])
def test_what_stands_beside_the_tensors_of_a_call(kwargs: Any, args: Any, tmp_path: Path) -> None:
    """Of Keras 3 by name; whatever else stands there says nothing."""
    call = {"args": [[tensor("x"), tensor("y")]], "kwargs": kwargs}
    layers = [
        layer("InputLayer", [], name="x", batch_shape=[None, 6, 4]), layer("InputLayer", [], name="y", batch_shape=[None, 6, 4]),
        layer("Concatenate", [call, args, 3], name="c"),
    ]  # fmt: skip
    network = functional(layers, [["x", 0, 0], ["y", 0, 0]], [["c", 0, 0]], tmp_path / "m.json")
    assert [(node.kind, node.output) for node in network.layers] == [("concat", (8, 6))]


@pytest.mark.parametrize(
    ("shapes", "kind", "config", "said"),
    [
        ([[4, 5], [4, 1]], "Add", {}, (5, 4)), ([[4, 5], [1, 5], [4, 5]], "Add", {}, (5, 4)), ([[4, 5], [5]], "Add", {}, (5, 4)),
        ([[4, 5], [3, 5]], "Add", {}, "shapes 4x5 and 3x5 do not go together"), ([[4, 5], [4]], "Multiply", {}, "shapes 4x5 and 4 do not go together"),
        ([[4, 5], [4, 5]], "Dot", {"axes": 2}, (4, 4)), ([[4, 5], [5, 6]], "Dot", {"axes": [2, 1]}, (6, 4)), ([[4, 5], [4, 3]], "Dot", {"axes": 1}, (3, 5)),
        ([[4, 5], [4, 5]], "Dot", {"axes": -1}, (4, 4)), ([[4, 5], [4, 5]], "Dot", {"axes": 3}, None), ([[5], [5]], "Dot", {"axes": 1}, (1,)),
        ([[4, 5], [4, 2]], "Concatenate", {}, (7, 4)), ([[4, 5], [2, 5]], "Concatenate", {"axis": 1}, (5, 6)),
        ([[4, 5], [4, 5]], "Concatenate", {"axis": 0}, "the tensors are put together along the axis of samples"),
        ([[4, 5], [4, 1]], "Average", {}, (5, 4)), ([[4, 1], [1, 5], [5]], "Average", {}, (5, 4)), ([[4, 1], [1, 5]], "Maximum", {}, (5, 4)),
        ([[4, 5], [4, 2]], "Maximum", {}, "shapes 4x5 and 4x2 do not go together"), ([[4, 5], [4, 5]], "Average", {}, (5, 4)),
    ],
)  # fmt: skip
def test_several_inputs(shapes: list[list[int]], kind: str, config: dict[str, Any], said: Any, tmp_path: Path) -> None:
    names = [f"x{number}" for number in range(len(shapes))]
    layers = [
        layer("InputLayer", [], name=name, batch_shape=[None, *shape])
        for name, shape in zip(names, shapes, strict=True)
    ]
    layers.append(layer(kind, [[[name, 0, 0, {}] for name in names]], name="l", **config))
    ends = [[name, 0, 0] for name in names]
    if isinstance(said, str):
        with pytest.raises(cnncalc.SpecError, match=said):
            functional(layers, ends, [["l", 0, 0]], tmp_path / "m.json")
    else:
        network = functional(layers, ends, [["l", 0, 0]], tmp_path / "m.json")
        assert network.nodes[-1].output == said


def test_what_is_cut_off_is_cut_off_of_another_input(tmp_path: Path) -> None:
    crop = {"class_name": "Cropping2D", "config": {"name": "l", "cropping": [[1, 2], [3, 0]]}}
    for shape, made in (("4x8x9", (4, 5, 6)), ("4x20x10", (4, 17, 7)), ("1x4x4", (1, 1, 1))):
        network = loaded([crop], (8, 9, 4), tmp_path / "model.json", input=shape)
        assert network.nodes[-1].output == made


@pytest.mark.parametrize(
    ("layers", "shape", "faults"),
    [
        ([{"class_name": "Conv2D", "config": {"name": "c", "filters": 2, "kernel_size": 9}}], (8, 8, 1), 1),
        ([{"class_name": "Conv2D", "config": {"name": "c"}}, {"class_name": "Dense", "config": {"name": "d", "units": 3}}], (8, 8, 1), 1),
        ([{"class_name": "Dense", "config": {"name": "d"}}] * 2, (8,), 1),
    ],
)  # fmt: skip
def test_one_fault_is_told_once(
    layers: list[dict[str, Any]], shape: tuple[int, ...], faults: int, tmp_path: Path
) -> None:
    """What stands behind a layer that does not fit is not known, and no fault."""
    with pytest.raises(cnncalc.SpecError) as caught:
        loaded(layers, shape, tmp_path / "model.json")
    assert len(caught.value.diagnostics) == faults


def test_a_class_that_is_known_is_not_meant_for_itself(tmp_path: Path) -> None:
    network = loaded([{"class_name": "Bidirectional", "config": {"name": "l"}}], (7, 4), tmp_path / "model.json")
    assert [(one.message, one.help) for one in network.diagnostics] == [
        ("nothing is known of what 'Bidirectional' gives or costs", None)
    ]
    network = loaded([{"class_name": "Bidirectionel", "config": {"name": "l"}}], (7, 4), tmp_path / "model.json")
    assert [one.help for one in network.diagnostics] == ["did you mean 'Bidirectional'?"]


def test_the_shape_of_a_sequential_stands_in_one_of_four_places(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    dense = {"class_name": "Dense", "config": {"name": "d", "units": 3}}
    models = [
        {"class_name": "Sequential", "config": {"name": "s", "layers": [{"class_name": "Dense", "config": {"name": "d", "units": 3, key: [2, 5]}}]}}
        for key in ("batch_input_shape", "build_input_shape", "batch_shape")
    ]  # fmt: skip
    models += [
        {"class_name": "Sequential", "config": {"name": "s", "layers": [dense], "build_input_shape": [2, 5]}},
        {"class_name": "Sequential", "config": {"name": "s", "layers": [models[0], {"class_name": "Activation", "config": {"activation": "linear"}}]}},
    ]  # fmt: skip
    for model in models:
        path.write_text(json.dumps(model))
        network = cnncalc.load(path)
        assert (network.nodes[0].output, next(network.layers).output, network.file_batch) == ((5,), (3,), 2)
    path.write_text(json.dumps({"class_name": "Sequential", "config": {"name": "s", "layers": [dense]}}))
    with pytest.raises(cnncalc.SpecError, match=r"input 'input' is \?, the channels first: its shape is not all there"):
        cnncalc.load(path)
    assert cnncalc.load(path, input="7").nodes[1].output == (3,)


def test_models_in_models_are_stages_and_end(tmp_path: Path) -> None:
    model: dict[str, Any] = {"class_name": "Dense", "config": {"name": "d", "units": 3, "batch_input_shape": [None, 5]}}
    path = tmp_path / "model.json"
    for depth in range(20):
        model = {"class_name": "Sequential", "config": {"name": f"s{depth}", "layers": [model]}}
        path.write_text(json.dumps(model))
        if depth <= 16:
            network = cnncalc.load(path)
            assert [step.name for step in next(network.layers).path] == [f"s{at}" for at in reversed(range(depth))]
        else:
            with pytest.raises(cnncalc.SpecError, match="models stand more than 16 deep in each other"):
                cnncalc.load(path)


def test_weights_that_do_not_fit_a_second_call(tmp_path: Path) -> None:
    layers = [
        layer("InputLayer", [], name="x", batch_shape=[None, 7]), layer("InputLayer", [], name="y", batch_shape=[None, 4]),
        layer("Dense", [[["x", 0, 0, {}]], [["y", 0, 0, {}]]], name="d", units=5),
        layer("Add", [[["d", 0, 0, {}], ["d", 1, 0, {}]]], name="a"),
    ]  # fmt: skip
    with pytest.raises(cnncalc.SpecError, match="layer 'd' \\(shared\\)"):
        functional(layers, [["x", 0, 0], ["y", 0, 0]], [["a", 0, 0]], tmp_path / "m.json")
