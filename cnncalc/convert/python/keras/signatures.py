"""The constructors of Keras's layers: a line each, its names and its arguments in their order. To add one is a line.

``MaxPooling1D=MaxPool1D(pool_size, strides)``: the name is that of convert/keras/layers.py, what stands behind ``=`` is
another word for it. An argument with ``!`` must be given. Any layer takes what stands in ``_ANY``, too, as a keyword.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from ....layers import LayerError
from ....values import how_many, nearest
from ..values import Value

_CONV = "padding, data_format, dilation_rate, groups, activation, use_bias"
_RNN = "return_sequences, return_state, go_backwards, stateful, unroll, dropout, recurrent_dropout, seed"
_SEPARABLE = "strides, padding, data_format, dilation_rate, depth_multiplier, activation, use_bias"
_UP = "strides, padding, output_padding, data_format, dilation_rate, activation, use_bias"
_UP_3D = "strides, padding, data_format, output_padding, dilation_rate, activation, use_bias"
_TABLE = f"""
Conv1D=Convolution1D(filters!, kernel_size!, strides, {_CONV})
Conv2D=Convolution2D(filters!, kernel_size!, strides, {_CONV})
Conv3D=Convolution3D(filters!, kernel_size!, strides, {_CONV})
DepthwiseConv1D(kernel_size!, strides, padding, depth_multiplier, data_format, dilation_rate, activation, use_bias)
DepthwiseConv2D(kernel_size!, strides, padding, depth_multiplier, data_format, dilation_rate, activation, use_bias)
SeparableConv1D=SeparableConvolution1D(filters!, kernel_size!, {_SEPARABLE})
SeparableConv2D=SeparableConvolution2D(filters!, kernel_size!, {_SEPARABLE})
Conv1DTranspose=Convolution1DTranspose(filters!, kernel_size!, {_UP})
Conv2DTranspose=Convolution2DTranspose(filters!, kernel_size!, {_UP})
Conv3DTranspose=Convolution3DTranspose(filters!, kernel_size!, {_UP_3D})
MaxPooling1D=MaxPool1D(pool_size, strides, padding, data_format)
MaxPooling2D=MaxPool2D(pool_size, strides, padding, data_format)
MaxPooling3D=MaxPool3D(pool_size, strides, padding, data_format)
AveragePooling1D=AvgPool1D(pool_size, strides, padding, data_format)
AveragePooling2D=AvgPool2D(pool_size, strides, padding, data_format)
AveragePooling3D=AvgPool3D(pool_size, strides, padding, data_format)
GlobalAveragePooling1D=GlobalAvgPool1D(data_format, keepdims)
GlobalAveragePooling2D=GlobalAvgPool2D(data_format, keepdims)
GlobalAveragePooling3D=GlobalAvgPool3D(data_format, keepdims)
GlobalMaxPooling1D=GlobalMaxPool1D(data_format, keepdims)
GlobalMaxPooling2D=GlobalMaxPool2D(data_format, keepdims)
GlobalMaxPooling3D=GlobalMaxPool3D(data_format, keepdims)
AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D(output_size!, data_format)
AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D(output_size!, data_format)
ZeroPadding1D(padding)
ZeroPadding2D ZeroPadding3D(padding, data_format)
Cropping1D(cropping)
Cropping2D Cropping3D(cropping, data_format)
UpSampling1D(size)
UpSampling2D(size, data_format, interpolation)
UpSampling3D(size, data_format)
Dropout AlphaDropout(rate!, noise_shape, seed)
SpatialDropout1D GaussianDropout(rate!, seed)
SpatialDropout2D SpatialDropout3D(rate!, data_format, seed)
GaussianNoise(stddev!, seed)
Dense(units!, activation, use_bias)
Embedding(input_dim!, output_dim!, embeddings_initializer, embeddings_regularizer, embeddings_constraint, mask_zero)
BatchNormalization=SyncBatchNormalization(axis, momentum, epsilon, center, scale)
LayerNormalization(axis, epsilon, center, scale, rms_scaling)
GroupNormalization(groups, axis, epsilon, center, scale)
UnitNormalization(axis)
Normalization(axis, mean, variance, invert)
Activation(activation!)
ReLU(max_value, negative_slope, threshold)
LeakyReLU(negative_slope, alpha)
ELU(alpha)
ThresholdedReLU(theta)
PReLU(alpha_initializer, alpha_regularizer, alpha_constraint, shared_axes)
Softmax(axis)
Add Subtract Multiply Maximum Minimum Average()
Concatenate(axis)
Dot(axes!, normalize)
Flatten(data_format)
Reshape(target_shape!)
Permute(dims!)
RepeatVector(n!)
Resizing(height!, width!, interpolation, crop_to_aspect_ratio)
CenterCrop RandomCrop(height!, width!)
Rescaling(scale!, offset)
RandomFlip(mode, seed)
RandomRotation RandomContrast RandomBrightness(factor!, fill_mode, interpolation, seed, fill_value, value_range)
RandomZoom RandomTranslation(height_factor!, width_factor, fill_mode, interpolation, seed, fill_value)
Identity Masking ActivityRegularization(mask_value, l1, l2)
LSTM=CuDNNLSTM(units!, activation, recurrent_activation, use_bias, unit_forget_bias, {_RNN})
GRU=CuDNNGRU(units!, activation, recurrent_activation, use_bias, reset_after, {_RNN})
SimpleRNN(units!, activation, use_bias, {_RNN})
RNN(cell!, {_RNN})
LSTMCell(units!, activation, recurrent_activation, use_bias, unit_forget_bias, dropout, recurrent_dropout, seed)
GRUCell(units!, activation, recurrent_activation, use_bias, reset_after, dropout, recurrent_dropout, seed)
SimpleRNNCell(units!, activation, use_bias, dropout, recurrent_dropout, seed)
Bidirectional(layer!, merge_mode, weights, backward_layer)
TimeDistributed(layer!)
MultiHeadAttention(num_heads!, key_dim!, value_dim, dropout, use_bias, output_shape, attention_axes)
Lambda(function!, output_shape, mask, arguments)
InputLayer(input_shape, batch_size, dtype, input_tensor)
"""
#: What any layer takes.
_ANY = frozenset(
    "name dtype trainable input_shape batch_input_shape input_dim input_length batch_size weights dynamic autocast "
    "activity_regularizer kernel_initializer bias_initializer kernel_regularizer bias_regularizer kernel_constraint "
    "bias_constraint depthwise_initializer pointwise_initializer depthwise_regularizer pointwise_regularizer "
    "depthwise_constraint pointwise_constraint recurrent_initializer recurrent_regularizer recurrent_constraint "
    "beta_initializer gamma_initializer beta_regularizer gamma_regularizer beta_constraint gamma_constraint "
    "moving_mean_initializer moving_variance_initializer renorm renorm_clipping renorm_momentum synchronized fused "
    "virtual_batch_size implementation lora_rank lora_alpha unit_forget_bias use_cudnn reset_after data_format "
    "alpha_initializer flash_attention sparse ragged batch_shape shape embeddings_initializer time_major seed "
    "antialias pad_to_aspect_ratio fill_mode fill_value adjustment".split()
)
#: The functions that a layer can be told as its activation.
ACTIVATIONS = frozenset(
    "celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu linear "
    "log_sigmoid log_softmax mish relu relu6 selu sigmoid silu soft_shrink softmax softplus softsign sparse_plus "
    "sparse_sigmoid sparsemax squareplus swish tanh tanh_shrink threshold".split()
)


@cache
def signatures() -> dict[str, tuple[str, tuple[str, ...]]]:
    """By every name of a layer the one that its rule has, and its arguments."""
    found = {}
    for line in _TABLE.strip().splitlines():
        head, _, body = line.removesuffix(")").partition("(")
        arguments = tuple([one for one in body.split(", ") if one])
        for names in head.split():
            for name in names.split("="):
                found[name] = (names.partition("=")[0], arguments)
    return found


def bound(name: str, args: Sequence[Value], kwargs: Mapping[str, Value]) -> dict[str, Value]:
    """The arguments of a constructor by name. Raises TypeError as Python does, LayerError for what Keras refuses."""
    arguments = signatures()[name][1]
    names = [argument.rstrip("!") for argument in arguments]
    if len(args) > len(names) + 12:
        raise TypeError(
            f"{name}.__init__() takes at most {how_many(len(names), 'argument')}, and {len(args)} were given"
        )
    given = dict(zip(names, args, strict=False))
    for key, value in kwargs.items():
        if key not in names and key not in _ANY:
            raise LayerError(
                f"there is no argument '{key}'",
                key,
                nearest(key, [*names, "name"], "") or f"it takes {', '.join(names)}",
            )
        if key in given:
            raise TypeError(f"{name}.__init__() got multiple values for argument '{key}'")
        given[key] = value
    missing = [argument[:-1] for argument in arguments if argument[-1] == "!" and argument[:-1] not in given]
    if missing:
        listed = " and ".join(f"'{one}'" for one in missing)
        plural = "s" if len(missing) > 1 else ""
        raise TypeError(f"{name}.__init__() missing {len(missing)} required positional argument{plural}: {listed}")
    return given
