"""Pasted calls, by the table of names: the line to write instead, or the reason why there is none."""

from __future__ import annotations

import pytest

from cnncalc.convert.pasted import Advice, translate
from helpers import network

#: A call, and the line; behind a "!" the reason why there is none; nothing for what is no call of a layer.
ADVICE = [
    ('nn.Conv2d(3, 64, (3, 5), 2, 1, 1, 1, False)', 'conv 64 3x5 stride=2 pad=1 bias=no'),
    ('nn.Conv2d(in_channels=3, out_channels=64, kernel_size=[3, 3], dilation=(2, 1), groups=1)', 'conv 64 3 dilation=2x1'),
    ("nn.Conv2d(3, 64, kernel_size=3, stride=(2, 2), padding='same')", 'dwconv 3 stride=2 pad=same'),
    ("nn.Conv2d(3, 64, 3, padding='valid', bias=0)", 'conv 64 3 bias=no'),
    ('nn.Conv1d(3, 64, (3,), padding=(1,))', 'conv 64 3 pad=1'),
    ('nn.Conv2d(16, 16*2, 3)', 'conv 32 3'),
    ('nn.Conv2d(16, 64 - 2, 15//2, 1 + 2)', 'conv 62 7 stride=3'),
    ('nn.Conv2d(16, 64 // 0, 3)', "!'64 // 0' is no number that stands in the call"),
    ('nn.Conv2d(c, d, k)', 'conv d k'),
    ("nn.Conv2d(3, 64, 3, padding_mode='reflect')", "!no line says Conv2d with padding_mode='reflect'"),
    ('nn.Conv2d(3, 64)', '!Conv2d needs kernel_size'),
    ("nn.Conv2d(3, 64, 3, 1, 1, 1, 1, True, 'zeros', None, None, 5)", '!Conv2d takes 9 arguments at most, not 12'),
    ('nn.Conv2d(3, 64, 3, kernel_size=5)', '!Conv2d is given kernel_size twice'),
    ('nn.Conv2d(3, 64, 3, weight=5)', "!'weight' is no argument of Conv2d that is known here"),
    ('nn.Conv2d(3, 64, (3, 3, 3))', '!Conv2d has 2 axes, not 3'),
    ('nn.Conv2d(3, 2*n, 3)', "!'2 * n' is no number that stands in the call"),
    ('nn.Conv2d(*sizes)', "!what stands behind a '*' in Conv2d is not known"),
    ('nn.Conv2d(3, 64, 3, **options)', "!what stands behind a '*' in Conv2d is not known"),
    ("nn.Conv2d(3, 64, 3, device='cpu')", 'conv 64 3'),
    ('conv2d(3, 64, 3)', 'conv 64 3'),
    ('self.add(nn.Conv2d(3, 64, 3))', 'conv 64 3'),
    ('nn.ConvTranspose2d(3, 10, 2, stride=2, output_padding=1)', 'upconv 10 2 stride=2 outpad=1'),
    ('nn.ConvTranspose2d(3, 10, 2, 2, 0, 0, 1, False, 2)', 'upconv 10 2 stride=2 dilation=2 bias=no'),
    ('nn.MaxPool2d(3, 2, 1)', 'maxpool 3 stride=2 pad=1'),
    ('nn.MaxPool2d((3, 3), (2, 2), 1, 1, False, True)', 'maxpool 3 stride=2 pad=1 ceil=yes'),
    ('nn.MaxPool2d(2, return_indices=True)', '!no line says MaxPool2d with return_indices=True'),
    ('nn.AvgPool2d(3, 1, 1, False, False)', 'avgpool 3 stride=1 pad=1 countpad=no'),
    ('nn.AvgPool2d(3, divisor_override=4)', '!no line says AvgPool2d with divisor_override=4'),
    ('nn.AdaptiveAvgPool2d(output_size=(7, 7))', 'avgpool to=7'),
    ('nn.AdaptiveAvgPool2d((None, 7))', '!AdaptiveAvgPool2d has a size here that is no number an axis'),
    ('nn.AdaptiveMaxPool2d((5, 7))', 'maxpool to=5x7'),
    ('nn.Linear(in_features=10, out_features=20)', 'fc 20'),
    ('nn.Linear(10, 20, bias=False)', 'fc 20 bias=no'),
    ('nn.Linear(10)', '!Linear needs out_features'),
    ('nn.BatchNorm2d(64)', 'bn'),
    ('nn.BatchNorm2d(64, affine=False)', 'bn affine=no'),
    ('nn.BatchNorm2d(64, track_running_stats=False)', '!no line says BatchNorm2d with track_running_stats=False'),
    ('nn.InstanceNorm2d(16)', 'in affine=no'),
    ('nn.InstanceNorm2d(16, affine=True)', 'in'),
    ('nn.InstanceNorm2d(16, affine=True, bias=False)', 'in bias=no'),
    ('nn.InstanceNorm2d(16, track_running_stats=True)', '!no line says InstanceNorm2d with track_running_stats=True'),
    ('nn.GroupNorm(num_groups=8, num_channels=64)', 'gn 8'),
    ('nn.GroupNorm(8, 64, affine=False)', 'gn 8 affine=no'),
    ('nn.LayerNorm(96)', 'ln'),
    ('nn.LayerNorm([96], elementwise_affine=False)', 'ln affine=no'),
    ('nn.LayerNorm(96, bias=False)', 'ln bias=no'),
    ('nn.LayerNorm([96, 56, 56])', "!LayerNorm over 3 axes has a factor and a constant for every element; 'ln' has them for every channel"),
    ('nn.LocalResponseNorm(5, alpha=1e-4)', 'lrn 5'),
    ('nn.PReLU()', 'prelu shared=yes'),
    ('nn.PReLU(64)', 'prelu'),
    ('nn.PReLU(num_parameters=1)', 'prelu shared=yes'),
    ('nn.Softmax(dim=1)', 'softmax'),
    ('nn.Softmax(-1)', 'softmax'),
    ('nn.Softmax()', 'softmax'),
    ('nn.LogSoftmax(dim=2)', '!logsoftmax goes over the channels, which dim=2 are not'),
    ('nn.GLU()', 'glu'),
    ('nn.GLU(dim=-3)', 'glu'),
    ('nn.LeakyReLU(0.2, inplace=True)', 'leakyrelu'),
    ('nn.Dropout()', 'dropout'),
    ('nn.Dropout(0.25)', 'dropout 0.25'),
    ('nn.Dropout2d(p=0.1)', 'dropout 0.1'),
    ('nn.Identity()', 'identity'),
    ('nn.Flatten()', 'flatten'),
    ('nn.Flatten(0)', '!no line says Flatten with start_dim=0'),
    ('nn.Flatten(start_dim=1, end_dim=2)', '!no line says Flatten with end_dim=2'),
    ('nn.Unflatten(1, (64, 7, 7))', 'reshape 64x7x7'),
    ('nn.Unflatten(1, (64, -1))', 'reshape 64x?'),
    ('nn.ZeroPad2d((0, 1, 2, 3))', 'pad 2:3x0:1'),
    ('nn.ZeroPad2d(2)', 'pad 2'),
    ('nn.ZeroPad1d((1, 2))', 'pad 1:2'),
    ('nn.ConstantPad3d((1, 2, 0, 0, 3, 3), 4.5)', 'pad 3x0x1:2'),
    ('nn.ZeroPad2d((0, 1, 2))', '!ZeroPad2d wants two sides an axis'),
    ("nn.Upsample(scale_factor=2, mode='bilinear')", 'resize 2 mode=bilinear'),
    ('nn.Upsample(size=7)', 'resize to=7'),
    ('nn.Upsample(size=(56, 56))', 'resize to=56'),
    ("nn.Upsample((20, 30), mode='nearest')", 'resize to=20x30'),
    ("nn.Upsample(scale_factor=(1.5, 2), mode='bicubic')", "!unknown name 'bicubic': mode is nearest or bilinear"),
    ('nn.Upsample(scale_factor=(1.5, 2))', 'resize (1.5, 2)'),
    ('nn.Upsample(None, 2.0)', 'resize 2'),
    ('nn.Upsample()', '!resize needs factor= or to= or like='),
    ('nn.UpsamplingBilinear2d(scale_factor=2)', 'resize 2 mode=bilinear'),
    ('nn.PixelShuffle(3)', 'pixelshuffle 3'),
    ('nn.ChannelShuffle(4)', 'shuffle 4'),
    ('nn.MultiheadAttention(512, 8)', 'attention 8'),
    ('nn.MultiheadAttention(512, 8, bias=False, kdim=4)', '!no line says MultiheadAttention with kdim=4'),
    ('nn.Parameter(torch.zeros(1))', "!the tensor's shape is written out: 'learned 192x1'"),
    ('CenterCrop(5)', 'crop 5'),
    ('transforms.CenterCrop((5, 6))', 'crop 5x6'),
    ('nn.LSTM(3, 4)', ''),
    ('nn.Sequential(nn.ReLU())', ''),
    ('F.relu(x)', 'relu'),
    ('torch.relu(x)', 'relu'),
    ('relu(x)', 'relu'),
    ('F.relu(x, inplace=True)', 'relu'),
    ('torch.nn.functional.leaky_relu(x, 0.2)', 'leakyrelu'),
    ('F.max_pool2d(x, 3, 2, 1, 1, True)', 'maxpool 3 stride=2 pad=1 ceil=yes'),
    ('F.max_pool2d(F.relu(self.conv1(x)), 2)', 'relu | maxpool 2'),
    ('F.max_pool2d(x, kernel_size=2, return_indices=True)', '!no line says max_pool2d with return_indices=True'),
    ('F.avg_pool2d(x, 2)', 'avgpool 2'),
    ('F.adaptive_avg_pool2d(x, (1, 1))', 'avgpool to=1'),
    ('F.log_softmax(x, dim=1)', 'logsoftmax'),
    ('F.softmax(F.dropout(x, p=0.2, training=self.training), 1)', 'dropout 0.2 | softmax'),
    ("F.interpolate(x, scale_factor=2, mode='bilinear', align_corners=True)", 'resize 2 mode=bilinear'),
    ('F.interpolate(x, size=y.shape[2:])', "!'y.shape[2:]' is no number that stands in the call"),
    ('F.interpolate(x, (10, 20))', 'resize to=10x20'),
    ('F.pad(x, (1, 2))', 'pad 1:2'),
    ('F.pad(x, (1, 2, 0, 0), value=3)', 'pad 0x1:2'),
    ("F.pad(x, (1, 2), mode='reflect')", "!no line says pad with mode='reflect'"),
    ('F.conv2d(x, w, stride=2)', "!what conv2d does is in its tensor 'weight', which the call does not tell"),
    ('F.linear(x, w)', "!what linear does is in its tensor 'weight', which the call does not tell"),
    ('F.prelu(x, w)', "!what prelu does is in its tensor 'weight', which the call does not tell"),
    ('F.batch_norm(x, m, v)', "!what batch_norm does is in its tensor 'running_mean', which the call does not tell"),
    ('F.instance_norm(x)', 'in affine=no'),
    ('F.group_norm(x, 4)', 'gn 4 affine=no'),
    ('F.group_norm(x, 4, w, b)', "!group_norm is given its tensor 'weight', of which the call does not tell more"),
    ('F.layer_norm(x, (96,))', 'ln affine=no'),
    ('F.glu(x)', 'glu'),
    ('torch.flatten(x, 1)', 'flatten'),
    ('torch.flatten(x)', '!no line says flatten with start_dim=0'),
    ('torch.cat([a, b], dim=1)', 'concat @a @b'),
    ('torch.cat((a, self.skip), 1)', 'concat @a @skip'),
    ('torch.cat([a, b])', '!concat goes over the channels, which dim=0 are not'),
    ('x.view(-1, 16*5*5)', 'flatten -> 400'),
    ('F.relu(x.view(-1, 400))', 'flatten | relu'),
    ('x.view(x.size(0), -1)', 'flatten'),
    ('x.reshape(-1, 64, 7, 7)', 'reshape 64x7x7'),
    ('x.reshape((-1, 64, -1))', 'reshape 64x?'),
    ('x.view(-1)', '!a line says the shape of a sample; this view is of the whole batch'),
    ('layers.Conv2D(filters=32, kernel_size=3, use_bias=False)(x)', 'conv 32 3 bias=no'),
    ("model.add(layers.Conv2D(32, 3, padding='same', activation='relu'))", 'conv 32 3 pad=same | relu'),
    ('layers.Conv2D(32, 3, padding="SAME", activation=tf.nn.relu)(x)', 'conv 32 3 pad=same | relu'),
    ("layers.Conv2D(32, 3, activation='linear', input_shape=(28, 28, 1), kernel_initializer='he_normal')", 'conv 32 3'),
    ('layers.Conv2D(32, 3, activation=layers.LeakyReLU(0.1))', 'conv 32 3 | leakyrelu'),
    ("layers.Conv2D(32, 3, activation='exotic')", "!no activation is called 'exotic'"),
    ("layers.Conv2D(32, 3, data_format='channels_first', dilation_rate=(2, 2))", 'conv 32 3 dilation=2'),
    ("layers.Conv1D(32, 3, padding='causal')", 'conv 32 3 pad=causal'),
    ('layers.DepthwiseConv2D(3, depth_multiplier=2)', 'dwconv 3 multiplier=2'),
    ('layers.SeparableConv2D(64, 3)', 'dwconv 3 bias=no | conv 64 1'),
    ("layers.SeparableConv2D(64, (3, 5), padding='same', strides=2, use_bias=False, activation='relu')", 'dwconv 3x5 stride=2 pad=same bias=no | conv 64 1 bias=no | relu'),
    ('layers.Conv2DTranspose(8, 2, strides=2)', 'upconv 8 2 stride=2'),
    ('layers.Conv2DTranspose(8, 2, strides=3)', 'upconv 8 2 stride=3 outpad=1'),
    ("layers.Conv2DTranspose(8, 3, strides=2, padding='same')", 'upconv 8 3 stride=2 pad=same'),
    ("layers.Conv2DTranspose(8, (3, 4), strides=2, padding='same', output_padding=1)", 'upconv 8 3x4 stride=2 pad=1x2 outpad=1'),
    ('layers.Conv2DTranspose(8, k, strides=2)', '!what Conv2DTranspose adds to its output depends on numbers that do not stand in the call'),
    ('layers.LocallyConnected2D(8, 3)', 'localconv 8 3'),
    ('Convolution2D(8, 4, 4)', 'conv 8 4x4'),
    ("Convolution2D(8, 3, 5, border_mode='same', subsample=(2, 2), activation='relu', bias=False)", 'conv 8 3x5 stride=2 pad=same bias=no | relu'),
    ('Convolution2D(8, (4, 3), strides=2)', 'conv 8 4x3 stride=2'),
    ('Convolution1D(8, 4, subsample=2)', 'conv 8 4 stride=2'),
    ('Convolution3D(8, 2, 3, 4)', 'conv 8 2x3x4'),
    ('layers.MaxPooling2D()', 'maxpool 2'),
    ("layers.MaxPooling2D((3, 2), strides=2, padding='same')", 'maxpool 3x2 stride=2 pad=same'),
    ('MaxPooling1D(pool_length=3, stride=2)', 'maxpool 3 stride=2'),
    ('layers.AveragePooling2D(pool_size=3, strides=1)', 'avgpool 3 stride=1'),
    ('layers.GlobalAveragePooling2D()', 'gavgpool | flatten'),
    ('layers.GlobalMaxPooling1D(keepdims=True)', 'gmaxpool'),
    ("layers.Dense(10, activation='softmax')", 'fc 10 | softmax'),
    ('layers.Dense(10, use_bias=False)', 'fc 10 bias=no'),
    ("Dense(output_dim=10, init='uniform')", 'fc 10'),
    ('layers.Flatten()(layers.Conv2D(8, 3)(x))', 'conv 8 3 | flatten'),
    ('layers.Reshape((7, 7, 64))', 'reshape 64x7x7'),
    ('layers.Reshape((-1, 64))', 'reshape 64x?'),
    ('layers.Reshape((49,))', 'reshape 49'),
    ('layers.BatchNormalization()', 'bn'),
    ('layers.BatchNormalization(scale=False)', "!a BatchNormalization that learns a constant and no factor cannot be said: 'affine=no' leaves out both"),
    ('layers.BatchNormalization(scale=False, center=False)', 'bn affine=no'),
    ('layers.BatchNormalization(center=False, axis=-1)', 'bn bias=no'),
    ('layers.BatchNormalization(axis=1)', '!no line says BatchNormalization with axis=1'),
    ('layers.GroupNormalization()', 'gn 32'),
    ('layers.GroupNormalization(groups=4, scale=False, center=False)', 'gn 4 affine=no'),
    ('layers.LayerNormalization(epsilon=1e-6)', 'ln'),
    ('layers.LayerNormalization(axis=[1, 2])', '!no line says LayerNormalization with axis=(1, 2)'),
    ('layers.ReLU()', 'relu'),
    ('layers.ReLU(max_value=6)', 'relu6'),
    ('layers.ReLU(6.)', 'relu6'),
    ('layers.ReLU(max_value=3)', '!no line says ReLU with max_value=3'),
    ('layers.ReLU(negative_slope=0.1)', 'leakyrelu'),
    ('layers.LeakyReLU(alpha=0.3)', 'leakyrelu'),
    ('layers.PReLU()', "!Keras's PReLU has a slope an element, or shares some axes; 'prelu' has one a channel"),
    ('layers.PReLU(shared_axes=[1, 2])', 'prelu'),
    ('layers.PReLU(shared_axes=[2])', "!Keras's PReLU has a slope an element, or shares some axes; 'prelu' has one a channel"),
    ('layers.Softmax()', 'softmax'),
    ("layers.Activation('swish')", 'silu'),
    ("layers.Activation('hard_sigmoid')", 'hardsigmoid'),
    ("layers.Activation('exotic')", "!no line says Activation with activation='exotic'"),
    ('layers.Dropout(0.3)', 'dropout 0.3'),
    ('layers.SpatialDropout2D(rate=0.3)', 'dropout 0.3'),
    ('Dropout(p=0.3)', 'dropout 0.3'),
    ('layers.ZeroPadding2D()', 'pad 1'),
    ('layers.ZeroPadding2D((1, 2))', 'pad 1x2'),
    ('layers.ZeroPadding2D(((1, 2), (3, 4)))', 'pad 1:2x3:4'),
    ('layers.ZeroPadding1D((1, 2))', 'pad 1:2'),
    ('layers.ZeroPadding3D((1, 2))', '!ZeroPadding3D has 3 axes, not 2'),
    ('layers.Cropping2D(((1, 2), (3, 3)))', 'pad (-1:-2, -3)'),
    ('layers.Cropping1D()', 'pad -1'),
    ('layers.Cropping2D()', 'pad 0'),
    ('layers.CenterCrop(10, 12)', 'crop 10x12'),
    ('layers.UpSampling2D()', 'resize 2'),
    ("layers.UpSampling2D((2, 3), interpolation='bilinear')", 'resize 2x3 mode=bilinear'),
    ("layers.UpSampling2D(2, interpolation='lanczos3')", "!unknown name 'lanczos3': mode is nearest or bilinear"),
    ('layers.UpSampling1D(3)', 'resize 3'),
    ('layers.Resizing(10, 20)', 'resize to=10x20 mode=bilinear'),
    ("layers.Resizing(10, 20, interpolation='nearest')", 'resize to=10x20'),
    ('layers.Resizing(width=3)', '!Resizing needs height'),
    ('layers.MultiHeadAttention(num_heads=8, key_dim=64)', 'attention 8'),
    ('layers.MultiHeadAttention(8, 64, value_dim=32)', '!no line says MultiHeadAttention with value_dim=32'),
    ('layers.Concatenate()([a, b])', 'concat @a @b'),
    ('layers.Concatenate(axis=1)([a, b])', '!the channels are axis -1, not 1'),
    ('layers.Add()([a, b, c])', 'add @a @b @c'),
    ('layers.Identity()', 'identity'),
    ('Input(shape=(28, 28, 1))', 'input 1x28x28'),
    ('keras.Input((100, 8))', 'input 8x100'),
    ('layers.Input(shape=(None, None, 3))', "!'input' has all sizes of a sample, channels first: 'input 3x224x224'"),
    ('conv(64, kernel_size=3, padding=1)', 'conv 64 3 pad=1'),
    ('maxpool(3, s=2)', 'maxpool 3 stride=2'),
    ('dropout(0.2)', 'dropout 0.2'),
    ('conv(64, 3, foo=2)', "!'foo' is no argument of conv that is known here"),
    ('maxpool2d(2)', 'maxpool 2'),
    ('(3)', ''),
    ('nothing(4)', ''),
    ('x', ''),
]  # fmt: skip


@pytest.mark.parametrize(("call", "said"), ADVICE)
def test_a_call_is_a_line_or_has_a_reason(call: str, said: str) -> None:
    advice = translate(call)
    assert advice.line == ("" if said.startswith("!") else said)
    assert advice.reason == said.removeprefix("!") * said.startswith("!")


@pytest.mark.parametrize(
    ("call", "claims"),
    [
        ("nn.Conv2d(3, 6, 5)", [("spatial axes", 2), ("input channels", 3)]),
        ("nn.Conv2d(c, 6, 5)", [("spatial axes", 2)]),
        ("nn.Linear(1050, 10)", [("inputs", 1050)]),
        ("nn.BatchNorm1d(8)", [("input channels", 8)]),
        ("nn.BatchNorm3d(8)", [("spatial axes", 3), ("input channels", 8)]),
        ("nn.PReLU(5)", [("input channels", 5)]),
        ("nn.Dropout2d(0.5)", []),
        ("nn.Softmax(dim=-2)", [("spatial axes", 1)]),
        ("nn.LayerNorm((7,))", [("input channels", 7)]),
        ("nn.Upsample(size=3, mode='linear')", [("spatial axes", 1)]),
        ("F.pad(x, (1, 1, 1, 1))", [("spatial axes", 2)]),
        ("layers.MultiHeadAttention(8, 64)", [("input channels", 512)]),
        ("layers.PReLU(shared_axes=[1, 2, 3])", [("spatial axes", 3)]),
        ("x.view(-1, 16*5*5)", [("inputs", 400)]),
        ("F.max_pool2d(F.glu(x, 1), 2)", []),
        ("layers.Dense(10)(layers.GlobalAveragePooling2D()(x))", [("spatial axes", 2)]),
    ],
)
def test_what_a_call_claims_of_what_enters(call: str, claims: list[tuple[str, int]]) -> None:
    assert [(one.what, one.number) for one in translate(call).claims] == claims


@pytest.mark.parametrize(
    ("call", "shape", "differences"),
    [
        ("nn.Conv2d(3, 6, 5)", (3, 9, 9), []),
        ("nn.Conv2d(3, 6, 5)", (1, 9, 9), ["Conv2d is for 3 input channels: 1 enters here"]),
        ("nn.Conv2d(1, 6, 5)", (4, 9), ["Conv2d is for 2 spatial axes: 1 enters here", "Conv2d is for 1 input channel: 4 enter here"]),
        ("nn.Linear(1050, 10)", (1568,), ["Linear is for 1,050 inputs: 1,568 enter here"]),
        ("nn.Linear(1, 10)", (3, 2, 2), ["Linear is for 1 input: 12 enter here"]),
        ("nn.Linear(12, 10)", (3, 2, 2), []),
        ("nn.MaxPool1d(2)", (3, 2, 2), ["MaxPool1d is for 1 spatial axis: 2 enter here"]),
    ],
)  # fmt: skip
def test_what_enters_is_compared_with_that(call: str, shape: tuple[int, ...], differences: list[str]) -> None:
    assert translate(call).differences(shape) == differences


def test_what_the_line_makes_is_known_where_it_has_no_variables() -> None:
    assert translate("nn.Conv2d(3, 6, 5)").output((3, 9, 9)) == (6, 5, 5)
    assert translate("layers.SeparableConv2D(6, 5)").output((3, 9, 9)) == (6, 5, 5)
    assert translate("nn.Conv2d(3, 6, 50)").output((3, 9, 9)) is None
    assert translate("nn.Conv2d(3, n, 5)").output((3, 9, 9)) is None
    assert translate("layers.Add()([a, b])").output((3, 9, 9)) is None
    assert Advice().output((3, 9, 9)) is None


def notes(*lines: str, shape: str = "1x28x28") -> list[str]:
    return [one.message for one in network("\n".join((f"input {shape}", *lines))).diagnostics if one.severity == "note"]


def test_a_chain_of_pasted_calls_is_compared_all_along() -> None:
    assert notes("nn.Conv2d(3, 6, 5)", "nn.MaxPool2d(2)", "conv2 = nn.Conv2d(6, 16, 5)", "nn.MaxPool2d(2)", "nn.Flatten()",
                 "fc = nn.Linear(1050, 10)", "nn.Linear(10, 2)") == [
        "Conv2d is for 3 input channels: 1 enters here", "Linear is for 1,050 inputs: 256 enter here",
    ]  # fmt: skip


def test_where_something_unknown_enters_nothing_is_said() -> None:
    assert notes("nn.Conv2d(1, n, 5)", "nn.Conv2d(6, 16, 5)") == []
    assert notes("conv 8 99", "nn.Conv2d(6, 16, 5)") == []
    assert notes("nn.Linear(3, 4) | relu", "nn.Linear(6, 7)", shape="3") == []


@pytest.mark.parametrize(
    "text",
    ["f(" * 200 + ")" * 200, "nn.Conv2d(" + "9" * 900 + ", 1, 1)", "nn.Conv2d(3, 8, 10**9)", "nn.Conv2d(3, 8, -3)",
     "nn.Conv2d(3, 8, 1e400)", "nn.Conv2d(3, '8', 3)", "nn.Conv2d(3, 8, {})", "nn.ReLU()()()", "nn.MaxPool2d(())", "x" * 1001,
     "nn.Dropout(2)", "nn.Upsample(scale_factor='2')", "layers.ZeroPadding2D(((1,), (2,)))", "layers.Cropping2D('x')",
     "nn.ZeroPad2d(1.5)", "nn.PReLU('a')", "nn.GLU(dim='x')", "layers.Reshape(3)", "layers.Resizing(1.5, 2)", "F.relu()",
     "layers.PReLU(shared_axes=['a'])", "nn.Upsample(size=3, mode=4)", "Convolution2D(8, 'a', 3)", "x.view()", "x.view(-1, y.z)",
     "nn.Conv2d(3, 8, 9 // 0)", "layers.Conv2DTranspose(8, (3,), strides=(2, 2))", "layers.Input()", "Input(3)", "torch.cat(3, 4)",
     "layers.BatchNormalization(scale=n)", "nn.LayerNorm([a, 3])", "layers.MultiHeadAttention(n, 64)", "layers.Add()(x)"],
)  # fmt: skip
def test_what_makes_no_sense_makes_no_trouble(text: str) -> None:
    advice = translate(text)
    assert not (advice.line and advice.reason)
