"""Pasted calls, by the table of names: the line to write instead."""

from __future__ import annotations

import pytest

from cnncalc.convert.pasted import translate

ADVICE = [
    ("nn.Conv2d(3, 64, (3, 5), 2, 1, 1, 1, False)", "conv 64 3x5 stride=2 pad=1 bias=no"),
    ("layers.Conv2D(filters=32, kernel_size=3, use_bias=False)(x)", "conv 32 3 bias=no"),
    ("model.add(layers.Conv2D(32, 3, padding='same', activation='relu'))", "conv 32 3 pad=same | relu"),
    ("conv(64, kernel_size=3, padding=1)", "conv 64 3 pad=1"),
    ("nn.ConvTranspose2d(3, 10, 2, stride=2, output_padding=1)", "upconv 10 2 stride=2 outpad=1"),
    ("nn.MaxPool2d(3, 2, 1)", "maxpool 3 stride=2 pad=1"),
    ("nn.AvgPool2d(3, 1, 1, False, False)", "avgpool 3 stride=1 pad=1 countpad=no"),
    ("nn.AdaptiveAvgPool2d(output_size=(7, 7))", "avgpool to=7"),
    ("nn.Linear(in_features=10, out_features=20)", "fc 20"),
    ("nn.GroupNorm(num_groups=8, num_channels=64)", "gn 8"),
    ("nn.Upsample(scale_factor=2, mode='bilinear')", "resize 2 mode=bilinear"),
    ("nn.Upsample(size=7)", "resize to=7"),
    ("layers.UpSampling2D((2, 2))", "resize 2"),
    ("layers.Resizing(10, 20)", "resize to=10x20"),
    ("nn.Unflatten(1, (64, 7, 7))", "reshape 64x7x7"),
    ("nn.PReLU(64)", "prelu"),
    ("nn.MultiheadAttention(512, 8)", "attention 8"),
    ("nn.Softmax(dim=1)", "softmax"),
    ("nn.Conv2d(3, 2*n, 3)", None),
    ("nn.Parameter(torch.zeros(1))", None),
    ("layers.SeparableConv2D(3, 3)", None),
    ("layers.Resizing(width=3)", "resize to=3"),
]


@pytest.mark.parametrize(("call", "line"), ADVICE)
def test_a_call_is_a_line(call: str, line: str | None) -> None:
    assert translate(call) == line
