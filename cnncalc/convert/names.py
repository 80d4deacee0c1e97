"""The one table of what the kinds are called elsewhere, with all arguments: PyTorch (torch.nn, and torchvision's
CenterCrop), Keras 1, 2 and 3, ONNX. The notation is that of signatures.py; a line a call.

From it follow the names that can be written for a kind, `cnncalc layers`, the line that is advised for a pasted call,
and the calls that `cnncalc explain` prints. Sources: docs.pytorch.org 2.x, keras.io 3, onnx.ai/onnx/operators.
"""

from __future__ import annotations

from ..records import Record


class Foreign(Record):
    """How one kind is called elsewhere: signatures by framework."""

    torch: str = ""
    keras: str = ""
    onnx: str = ""


_WINDOW = "kernel_shape: kernel, strides: stride=1, pads: pad/ends=0, dilations: dilation=1"
_CENTRED = "axis: -1, momentum=0.99, epsilon=0.001, center: bias=True, scale: affine/scale=True"
#: What a convolution of Keras 1 has behind its kernel.
_KERAS_1 = (
    "init: ~='glorot_uniform', activation: then=None, weights=None, border_mode: pad='valid', subsample: stride=1, "
    "dim_ordering: ~=None, W_regularizer: ~=None, b_regularizer: ~=None, activity_regularizer=None, "
    "W_constraint: ~=None, b_constraint: ~=None, bias=True"
)

#: What a recurrent layer of Keras has behind its biases; the activation of its gates.
_RECURRENT = (
    "kernel_initializer: ~='glorot_uniform', recurrent_initializer: ~='orthogonal', bias_initializer: ~='zeros', "
    "unit_forget_bias: ~=True, kernel_regularizer: ~=None, recurrent_regularizer: ~=None, bias_regularizer: ~=None, "
    "activity_regularizer: ~=None, kernel_constraint: ~=None, recurrent_constraint: ~=None, bias_constraint: ~=None, "
    "dropout: ~=0.0, recurrent_dropout: ~=0.0, seed: ~=None, "
)
_GATES = "recurrent_activation: ~='sigmoid', "

#: By kind; the pools whose name gives the output's size have rows of their own.
TABLE: dict[str, Foreign] = {
    "conv": Foreign(
        "Conv1d Conv2d Conv3d(in_channels: C, out_channels: filters, kernel_size: kernel, stride=1, "
        "padding: pad/unstrided=0, dilation=1, groups=1, bias=True, padding_mode: 'zeros')\n"
        "paste: conv1d conv2d conv3d(input: x, weight: tensor)",
        "Conv1D Conv2D Conv3D(filters, kernel_size: kernel, strides: stride=1, padding: pad='valid', "
        "data_format=None, dilation_rate: dilation=1, groups=1, activation: then=None, use_bias: bias=True)\n"
        f"read: Convolution2D(nb_filter: filters, nb_row: kernel/side, nb_col: kernel/side, {_KERAS_1})\n"
        f"paste: Convolution3D(nb_filter: filters, kernel_dim1: kernel/side, kernel_dim2: kernel/side, "
        f"kernel_dim3: kernel/side, {_KERAS_1})\n"
        "paste: Convolution1D Convolution2D Convolution3D(filters, kernel_size: kernel, strides: stride=1, "
        "padding: pad='valid', data_format=None, dilation_rate: dilation=1, activation: then=None, "
        "use_bias: bias=True)\n"
        f"paste: Convolution1D(nb_filter: filters, filter_length: kernel, {_KERAS_1})",
        f"Conv({_WINDOW}, group: groups=1, auto_pad: 'NOTSET')"),
    "dwconv": Foreign("write: Conv1d Conv2d Conv3d(in_channels: C, out_channels: C_out, kernel_size: kernel, stride=1, "
        "padding: pad=0, dilation=1, groups: C=1, bias=True, padding_mode: 'zeros')",
        "DepthwiseConv1D DepthwiseConv2D(kernel_size: kernel, strides: stride=1, padding: pad='valid', "
        "depth_multiplier: multiplier=1, data_format=None, dilation_rate: dilation=1, activation: then=None, "
        "use_bias: bias=True)",
        f"Conv({_WINDOW}, group: C=1, auto_pad: 'NOTSET')"),
    "upconv": Foreign(
        "ConvTranspose1d ConvTranspose2d ConvTranspose3d(in_channels: C, out_channels: filters, kernel_size: kernel, "
        "stride=1, padding: pad=0, output_padding: outpad=0, groups=1, bias=True, dilation=1, padding_mode: 'zeros')\n"
        "paste: conv_transpose1d conv_transpose2d conv_transpose3d(input: x, weight: tensor)",
        "Conv1DTranspose Conv2DTranspose Conv3DTranspose(filters, kernel_size: kernel, strides: stride=1, "
        "padding: pad/taken='valid', output_padding: outpad/filled=None, data_format=None, dilation_rate: dilation=1, "
        "activation: then=None, use_bias: bias=True)",
        f"ConvTranspose({_WINDOW}, group: groups=1, output_padding: outpad=0, output_shape: None, auto_pad: 'NOTSET')"),
    "localconv": Foreign(
        keras="read: LocallyConnected1D LocallyConnected2D(filters, kernel_size: kernel, strides: stride=1, "
        "padding: pad='valid', data_format=None, activation: then=None, use_bias: bias=True)"),
    "maxpool": Foreign("MaxPool1d MaxPool2d MaxPool3d(kernel_size: kernel, stride=None, padding: pad=0, dilation=1, "
        "return_indices: False, ceil_mode: ceil=False)\n"
        "paste: max_pool1d max_pool2d max_pool3d(input: x, kernel_size: kernel, stride=None, padding: pad=0, "
        "dilation=1, ceil_mode: ceil=False, return_indices: False)",
        "MaxPooling1D MaxPooling2D MaxPooling3D MaxPool1D MaxPool2D MaxPool3D(pool_size!: kernel=2, "
        "strides: stride=None, padding: pad='valid', data_format=None)\n"
        "paste: MaxPooling1D(pool_length: kernel=2, stride=None, border_mode: pad='valid')\n"
        "paste: MaxPooling2D MaxPooling3D(pool_size: kernel=2, strides: stride=None, border_mode: pad='valid', "
        "dim_ordering: ~=None)",
        f"MaxPool({_WINDOW}, ceil_mode: ceil=False, storage_order: 0, auto_pad: 'NOTSET')"),
    "avgpool": Foreign(
        "AvgPool1d AvgPool2d AvgPool3d(kernel_size: kernel, stride=None, padding: pad=0, ceil_mode: ceil=False, "
        "count_include_pad: countpad=True, divisor_override: None)",
        "AveragePooling1D AveragePooling2D AveragePooling3D(pool_size!: kernel=2, strides: stride=None, "
        "padding: pad='valid', data_format=None)\n"
        "paste: AveragePooling1D(pool_length: kernel=2, stride=None, border_mode: pad='valid')\n"
        "paste: AveragePooling2D AveragePooling3D(pool_size: kernel=2, strides: stride=None, border_mode: pad='valid', "
        "dim_ordering: ~=None)",
        "AveragePool(kernel_shape: kernel, strides: stride=1, pads: pad/ends=0, dilations: dilation=1, "
        "ceil_mode: ceil=False, count_include_pad: countpad=False, auto_pad: 'NOTSET')"),
    "unpool": Foreign("MaxUnpool1d MaxUnpool2d MaxUnpool3d(kernel_size: kernel, stride=None, padding: pad=0)\n"
        "paste: max_unpool1d max_unpool2d max_unpool3d(input: x, indices: ~, kernel_size: kernel, stride=None, "
        "padding: pad=0, output_size: None)",
        onnx="MaxUnpool(kernel_shape: kernel, strides: stride=1, pads: pad/ends=0)"),
    "maxpool to": Foreign(
        "AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d(output_size: to, return_indices: False)",
        "write: AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D(output_size: to, data_format=None)"),
    "avgpool to": Foreign("AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d(output_size: to)",
        "write: AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D(output_size: to, "
        "data_format=None)"),
    "gavgpool": Foreign("write: AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d(output_size!: 1)",
        "GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D(data_format=None, "
        "keepdims: kept=False)\npaste: GlobalAvgPool1D GlobalAvgPool2D GlobalAvgPool3D(data_format=None, "
        "keepdims: kept=False)",
        "GlobalAveragePool"),
    "gmaxpool": Foreign(
        "write: AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d(output_size!: 1, return_indices: False)",
        "GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D(data_format=None, keepdims: kept=False)\n"
        "paste: GlobalMaxPool1D GlobalMaxPool2D GlobalMaxPool3D(data_format=None, keepdims: kept=False)",
        "GlobalMaxPool"),
    "fc": Foreign("Linear(in_features: C, out_features: units, bias=True)\n"
        "paste: linear(input: x, weight: tensor)",
        "Dense(units, activation: then=None, use_bias: bias=True)\n"
        "paste: Dense(output_dim: units, init: ~=None, activation: then=None, weights=None, bias=True)",
        "Gemm(alpha: 1.0, beta: 1.0, transA: 0, transB: ~=0)\nMatMul"),
    "flatten": Foreign("Flatten(start_dim: 1, end_dim: -1)\n"
        "paste: flatten(input: x, start_dim: 1=0, end_dim: -1)",
        "Flatten(data_format=None)", "Flatten(axis: 1)"),
    "reshape": Foreign(
        "read: Unflatten(dim!: 1, unflattened_size: shape)", "Reshape(target_shape: shape/last)",
        "Reshape(allowzero: 0)"),
    "bn": Foreign("BatchNorm1d BatchNorm2d BatchNorm3d(num_features: C, eps=1e-05, momentum=0.1, affine=True, "
        "track_running_stats: True, bias=True)\n"
        "paste: batch_norm(input: x, running_mean: tensor)",
        f"BatchNormalization({_CENTRED.replace('affine/scale', 'scale')})",
        "BatchNormalization(epsilon=1e-05, momentum=0.9, training_mode: 0)"),
    "in": Foreign(
        "InstanceNorm1d InstanceNorm2d InstanceNorm3d(num_features: C, eps=1e-05, momentum=0.1, affine=False, "
        "track_running_stats: False, bias=True)\n"
        "paste: instance_norm(input: x, running_mean: tensor=None, running_var: tensor=None, weight: tensor=None, "
        "bias: tensor=None, use_input_stats: True, affine==False)",
        "write: GroupNormalization(groups+: C=32, axis: -1, epsilon=0.001, center: bias=True, "
        "scale: affine/scale=True)",
        "InstanceNormalization(epsilon=1e-05)"),
    "gn": Foreign("GroupNorm(num_groups: groups, num_channels: C, eps=1e-05, affine=True, bias=True)\n"
        "paste: group_norm(input: x, num_groups: groups, weight: tensor=None, bias: tensor=None, affine==False)",
        "GroupNormalization(groups+=32, axis: -1, epsilon=0.001, center: bias=True, scale: affine/scale=True)",
        "GroupNormalization(num_groups: groups, epsilon=1e-05)"),
    "ln": Foreign("LayerNorm(normalized_shape: axes/normed, eps=1e-05, elementwise_affine: affine=True, bias=True)\n"
        "paste: layer_norm(input: x, normalized_shape: axes/normed, weight: tensor=None, bias: tensor=None, "
        "affine==False)",
        "LayerNormalization(axis: axes/several=-1, epsilon=0.001, center: bias=True, scale: affine/scale=True)",
        "LayerNormalization(axis: -1, epsilon=1e-05)"),
    "lrn": Foreign("LocalResponseNorm(size, alpha=0.0001, beta=0.75, k=1.0)",
        onnx="LRN(size, alpha=0.0001, beta=0.75, bias: ~=1.0)"),
    "relu": Foreign("ReLU(inplace=False)", "ReLU(max_value: None, negative_slope: 0.0, threshold: 0.0)\n"
        "write: Activation(activation!: 'relu')", "Relu"),
    "relu6": Foreign("ReLU6(inplace=False)", "write: ReLU(max_value: 6=None, negative_slope: 0.0, threshold: 0.0)\n"
        "write: Activation(activation!: 'relu6')", "Clip"),
    "leakyrelu": Foreign("LeakyReLU(negative_slope: ~=0.01, inplace=False)",
        "LeakyReLU(negative_slope!: ~0.01=0.3)\n"
        "write: Activation(activation!: 'leaky_relu')\n"
        "paste: ReLU(max_value: None, negative_slope: ~, threshold: 0.0)",
        "LeakyRelu(alpha=0.01)"),
    "prelu": Foreign(
        "PReLU(num_parameters!: shared/one=1, init=0.25)\n"
        "paste: prelu(input: x, weight: tensor)", "PReLU(shared_axes: shared/axes=None)", "PRelu"),
    "elu": Foreign("ELU(alpha=1.0, inplace=False)", "ELU(alpha=1.0)\n"
        "write: Activation(activation!: 'elu')", "Elu(alpha=1.0)"),
    "selu": Foreign("SELU(inplace=False)",
        "write: Activation(activation!: 'selu')",
        "Selu(alpha=1.67326, gamma: ~=1.0507)"),
    "gelu": Foreign("GELU(approximate='none')", "write: Activation(activation!: 'gelu')", "Gelu(approximate='none')"),
    "silu": Foreign("SiLU(inplace=False)", "write: Activation(activation!: 'silu')\n"
        "paste: Activation(activation: 'swish')", "Swish(alpha=1.0)"),
    "mish": Foreign("Mish(inplace=False)", "write: Activation(activation!: 'mish')", "Mish"),
    "hardswish": Foreign("Hardswish(inplace=False)", "write: Activation(activation!: 'hard_swish')", "HardSwish"),
    "hardsigmoid": Foreign("Hardsigmoid(inplace=False)",
        "write: Activation(activation!: 'hard_sigmoid')",
        "HardSigmoid(alpha=0.2, beta=0.5)"),
    "sigmoid": Foreign("Sigmoid", "write: Activation(activation!: 'sigmoid')", "Sigmoid"),
    "tanh": Foreign("Tanh", "write: Activation(activation!: 'tanh')", "Tanh"),
    "softplus": Foreign("Softplus(beta=1.0, threshold=20.0)", "write: Activation(activation!: 'softplus')", "Softplus"),
    "softmax": Foreign("Softmax(dim: channels=None)", "Softmax(axis: -1)\n"
        "write: Activation(activation!: 'softmax')", "Softmax(axis: 1=-1)"),
    "logsoftmax": Foreign("LogSoftmax(dim: channels=None)",
        "write: Activation(activation!: 'log_softmax')",
        "LogSoftmax(axis: 1=-1)"),
    "glu": Foreign("GLU(dim: channels=-1)"),
    "dropout": Foreign("Dropout Dropout1d Dropout2d Dropout3d AlphaDropout(p!: rate=0.5, inplace=False)",
        "Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D(rate, noise_shape=None, seed=None)\n"
        "paste: Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D(p: rate)",
        "Dropout(seed=0)"),
    "identity": Foreign("Identity", "write: Identity", "Identity"),
    "add": Foreign("paste: add(input: x, other: joined)", "Add", "Add\nSum"),
    "mul": Foreign("paste: mul multiply(input: x, other: joined)", "Multiply", "Mul"),
    "sub": Foreign("paste: sub subtract(input: x, other: joined)", "Subtract", "Sub"),
    "div": Foreign("paste: div divide true_divide(input: x, other: joined)", onnx="Div"),
    "maximum": Foreign("paste: maximum(input: x, other: joined)", "Maximum", "Max"),
    "minimum": Foreign("paste: minimum(input: x, other: joined)", "Minimum", "Min"),
    "matmul": Foreign("paste: matmul(input: x, other: joined)\npaste: bmm(input: x, mat2: joined)",
        onnx="MatMul"),
    "permute": Foreign("paste: permute(input: x, dims: axes/batched)", "Permute(dims: axes/turned)", "Transpose"),
    "concat": Foreign("paste: cat concat concatenate(tensors: x, dim: channels=0)", "Concatenate(axis/last=-1)",
        "Concat(axis/first)"),
    "pad": Foreign("ZeroPad1d ZeroPad2d ZeroPad3d(padding: amount/flat)\n"
        "ConstantPad1d ConstantPad2d ConstantPad3d(padding: amount/flat, value)\n"
        "ReflectionPad1d ReflectionPad2d ReflectionPad3d(padding: amount/flat, mode=='reflect')\n"
        "ReplicationPad1d ReplicationPad2d ReplicationPad3d(padding: amount/flat, mode=='replicate')\n"
        "CircularPad1d CircularPad2d CircularPad3d(padding: amount/flat, mode=='circular')\n"
        "paste: pad(input: x, pad: amount/flat, mode/border='constant', value=None)",
        "ZeroPadding1D ZeroPadding2D ZeroPadding3D(padding: amount/pairs=1, data_format=None)\n"
        "paste: Cropping1D Cropping3D(cropping: amount/off=1, data_format=None)\n"
        "paste: Cropping2D(cropping: amount/off=0, data_format=None)",
        "Pad(mode/border='constant')"),
    "crop": Foreign("CenterCrop(size)", "CenterCrop(height: size/side, width: size/side)", "Slice"),
    "resize": Foreign("Upsample(size: to=None, scale_factor: factor=None, mode/linear='nearest', align_corners=None, "
        "recompute_scale_factor: None)\n"
        "UpsamplingNearest2d(size: to=None, scale_factor: factor=None, mode=='nearest')\n"
        "UpsamplingBilinear2d(size: to=None, scale_factor: factor=None, mode=='bilinear')\n"
        "paste: interpolate(input: x, size: to=None, scale_factor: factor=None, mode/linear='nearest', "
        "align_corners=None, recompute_scale_factor: None, antialias: ~=False)\n"
        "paste: upsample(input: x, size: to=None, scale_factor: factor=None, mode/linear='nearest', "
        "align_corners=None)",
        "UpSampling1D UpSampling2D UpSampling3D(size!: factor=2, data_format=None, interpolation: mode='nearest')\n"
        "Resizing(height: to/side, width: to/side, interpolation: mode='bilinear', crop_to_aspect_ratio: False, "
        "pad_to_aspect_ratio: False, fill_mode: ~='constant', fill_value: ~=0.0, antialias: ~=False, "
        "data_format=None)",
        "Resize(mode/linear='nearest')"),
    "pixelshuffle": Foreign("PixelShuffle(upscale_factor: factor)",
        onnx="DepthToSpace(blocksize: factor, mode: 'CRD'='DCR')"),
    "pixelunshuffle": Foreign("PixelUnshuffle(downscale_factor: factor)", onnx="SpaceToDepth(blocksize: factor)"),
    "shuffle": Foreign("ChannelShuffle(groups)"),
    "take": Foreign(onnx="Slice"),
    "split": Foreign(onnx="Split"),
    "scale": Foreign(
        "write: Conv1d Conv2d Conv3d(in_channels: C, out_channels: C_out, kernel_size!: 1, groups+: C=1, bias=True)",
        "write: Rescaling(scale: by, offset: ~=0.0)", "Mul"),
    "learned": Foreign("read: Parameter(data: shape/tensor=None, requires_grad: ~=True)"),
    "tokens": Foreign(onnx="Reshape"),
    "attention": Foreign(
        "MultiheadAttention(embed_dim: C, num_heads: heads, dropout: ~=0.0, bias=True, add_bias_kv: False, "
        "add_zero_attn: False, kdim: keys=None, vdim: keys=None, batch_first: ~True=False)",
        "read: MultiHeadAttention(num_heads: heads, key_dim: C/heads, value_dim: None, "
        "dropout: ~=0.0, use_bias: bias=True, "
        "output_shape: None, attention_axes: None)",
        "Attention(q_num_heads: heads, kv_num_heads: heads)"),
    **{
        kind: Foreign(
            f"{name}(input_size: C, hidden_size: units, num_layers: layers=1, {torch}bias: biases/two=True, "
            f"batch_first: ~True=False, dropout: ~=0.0, bidirectional=False{projected})",
            f"{keras}(units, activation: ~='tanh', {gates}use_bias: biases/gate=True, {_RECURRENT}"
            f"return_sequences: last/unless=False, return_state: False, go_backwards: ~=False, stateful: ~=False, "
            f"{reset}unroll: ~=False, use_cudnn: ~='auto')",
            f"{name}(hidden_size: units, direction: bidirectional/direction='forward', layout: ~=0)")
        for kind, name, keras, torch, projected, gates, reset in (
            ("lstm", "LSTM", "LSTM", "", ", proj_size: 0", _GATES, ""),
            ("gru", "GRU", "GRU", "", "", _GATES, "reset_after: ~=True, "),
            ("rnn", "RNN", "SimpleRNN", "nonlinearity: ~='tanh', ", "", "", ""),
        )
    },
    "embed": Foreign(
        "Embedding(num_embeddings: words, embedding_dim: size, padding_idx: ~=None, max_norm: ~=None, "
        "norm_type: ~=2.0, scale_grad_by_freq: ~=False, sparse: ~=False)",
        "Embedding(input_dim: words, output_dim: size, mask_zero: ~=False)", "Gather"),
    "op": Foreign(),
    "mean": Foreign(onnx="ReduceMean(axes: axis/first=None, keepdims: 1)"),
    "max": Foreign(onnx="ReduceMax(axes: axis/first=None, keepdims: 1)"),
}  # fmt: skip

#: By what is composed of several kinds, in their order: calls that are as many elements of a line.
COMPOSED = {
    "dwconv conv": Foreign(
        keras="paste: SeparableConv1D SeparableConv2D SeparableConvolution1D SeparableConvolution2D("
        "filters: conv.filters, kernel_size: dwconv.kernel, strides: dwconv.stride=1, padding: dwconv.pad='valid', "
        "data_format=None, dilation_rate: dwconv.dilation=1, depth_multiplier: dwconv.multiplier=1, "
        "activation: then=None, use_bias: conv.bias=True, dwconv.bias==False, conv.kernel==1)"),
}  # fmt: skip
