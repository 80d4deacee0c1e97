"""What Caffe's layers are read as, each alone on 4x12x12."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import SpecError
from convert.caffe.test_caffe import INPUT, loaded

#: The layer, the layers of ours with their outputs, and the outputs of the network; behind a "!" why there are none.
LAYERS = [
    ('type: "Concat" bottom: "data" bottom: "data" top: "t"',
     'l concat 8x12x12; output t'),
    ('type: "Concat" bottom: "data" bottom: "data" top: "t" concat_param { axis: -1 }',
     'l concat axis=W 4x12x24; output t'),
    ('type: "Concat" bottom: "data" bottom: "data" top: "t" concat_param { axis: 2 }',
     'l concat axis=H 4x24x12; output t'),
    ('type: "Concat" bottom: "data" bottom: "data" top: "t" concat_param { concat_dim: 3 }',
     'l concat axis=W 4x12x24; output t'),
    ('type: "Concat" bottom: "data" bottom: "data" top: "t" concat_param { axis: 0 }',
     '! axis 0 is none of the 3 axes of a sample'),
    ('type: "Concat" bottom: "data" bottom: "data" top: "t" concat_param { axis: 4 }',
     '! axis 4 is none of the 3 axes of a sample'),
    ('type: "Slice" bottom: "data" top: "t" top: "u" slice_param { axis: 1 slice_point: 1 }',
     'l/0 take 0:1 1x12x12; l/1 take 1:4 3x12x12; output t; output u'),
    ('type: "Slice" bottom: "data" top: "t" top: "u" top: "v" slice_param { axis: 2 }',
     'l/0 take 0:4 axis=H 4x4x12; l/1 take 4:8 axis=H 4x4x12; l/2 take 8:12 axis=H 4x4x12; output t; output u; output v'),
    ('type: "Slice" bottom: "data" top: "t" top: "u" slice_param { slice_dim: 3 slice_point: 5 }',
     'l/0 take 0:5 axis=W 4x12x5; l/1 take 5:12 axis=W 4x12x7; output t; output u'),
    ('type: "Eltwise" bottom: "data" bottom: "data" top: "t" eltwise_param { operation: PROD }',
     'l mul 4x12x12; output t'),
    ('type: "Eltwise" bottom: "data" bottom: "data" top: "t" eltwise_param { operation: 2 }',
     'l maximum 4x12x12; output t'),
    ('type: "Eltwise" bottom: "data" bottom: "data" top: "t"',
     'l add 4x12x12; output t'),
    ('type: "Scale" bottom: "data" bottom: "data" top: "t"',
     'l mul 4x12x12; output t'),
    ('type: "Scale" bottom: "data" top: "t" scale_param { bias_term: true }',
     'l scale bias=yes 4x12x12; output t'),
    ('type: "Scale" bottom: "data" top: "t" scale_param { axis: 2 }',
     'l op ?; output t'),
    ('type: "Scale" bottom: "data" top: "t" scale_param { num_axes: 2 }',
     'l op ?; output t'),
    ('type: "Bias" bottom: "data" bottom: "data" top: "t"',
     'l add 4x12x12; output t'),
    ('type: "Bias" bottom: "data" top: "t"',
     'l op Bias 4x12x12; output t'),
    ('type: "InnerProduct" bottom: "data" top: "t" inner_product_param { num_output: 3 bias_term: false }',
     'l/flatten flatten 576; l fc 3 bias=no 3; output t'),
    ('type: "InnerProduct" bottom: "data" top: "t" inner_product_param { num_output: 3 axis: 2 }',
     'l op ?; output t'),
    ('type: "InnerProduct" bottom: "data" top: "t" inner_product_param { num_output: 3 axis: -3 }',
     'l/flatten flatten 576; l fc 3 3; output t'),
    ('type: "ReLU" bottom: "data" top: "t" relu_param { negative_slope: 0.1 }',
     'l leakyrelu 4x12x12; output t'),
    ('type: "ReLU" bottom: "data" top: "t" relu_param { negative_slope: 0.0 }',
     'l relu 4x12x12; output t'),
    ('type: "PReLU" bottom: "data" top: "t" prelu_param { channel_shared: true }',
     'l prelu shared=yes 4x12x12; output t'),
    ('type: "PReLU" bottom: "data" top: "t"',
     'l prelu 4x12x12; output t'),
    ('type: "LRN" bottom: "data" top: "t" lrn_param { local_size: 3 }',
     'l lrn 3 4x12x12; output t'),
    ('type: "LRN" bottom: "data" top: "t"',
     'l lrn 5 4x12x12; output t'),
    ('type: "Reshape" bottom: "data" top: "t" reshape_param { shape { dim: 0 dim: 0 dim: -1 } }',
     'l reshape 4x? 4x144; output t'),
    ('type: "Reshape" bottom: "data" top: "t" reshape_param { shape { dim: -1 dim: 2 dim: 288 } }',
     'l reshape 2x288 2x288; output t'),
    ('type: "Reshape" bottom: "data" top: "t" reshape_param { shape { dim: 7 dim: 2 dim: 288 } }',
     'l op ?; output t'),
    ('type: "Reshape" bottom: "data" top: "t" reshape_param { shape { dim: 576 } }',
     'l op ?; output t'),
    ('type: "Crop" bottom: "data" bottom: "data" top: "t"',
     'l crop 12x12 4x12x12; output t'),
    ('type: "Crop" bottom: "data" bottom: "data" top: "t" crop_param { axis: 3 }',
     'l op ?; output t'),
    ('type: "Crop" bottom: "data" top: "t"',
     'l op ?; output t'),
    ('type: "Exp" bottom: "data" top: "t"',
     'l op Exp 4x12x12; output t'),
    ('type: "Nonesuch" bottom: "data" top: "t"',
     'l op ?; output t'),
    ('type: "Deconvolution" bottom: "data" top: "t" convolution_param { num_output: 2 kernel_size: 4 stride: 2 pad: 1 bias_term: false }',
     'l upconv 2 4x4 stride=2 pad=1 bias=no 2x24x24; output t'),
    ('type: "Convolution" bottom: "data" top: "t" convolution_param { num_output: 4 kernel_h: 3 kernel_w: 1 stride_h: 2 stride_w: 1 pad_h: 1 pad_w: 0 group: 2 dilation: 1 }',
     'l conv 4 3x1 stride=2x1 pad=1x0 groups=2 4x6x12; output t'),
    ('type: "Pooling" bottom: "data" top: "t" pooling_param { pool: AVE global_pooling: true }',
     'l gavgpool 4x1x1; output t'),
    ('type: "Pooling" bottom: "data" top: "t" pooling_param { pool: MAX kernel_size: 3 stride: 2 pad: 1 }',
     'l maxpool 3x3 stride=2 pad=1 ceil=yes 4x7x7; output t'),
    ('type: "Pooling" bottom: "data" top: "t" pooling_param { pool: MAX kernel_size: 2 stride: 2 }',
     'l maxpool 2x2 stride=2 4x6x6; output t'),
    ('type: "Pooling" bottom: "data" top: "t" pooling_param { pool: AVE kernel_size: 2 stride: 13 pad: 1 }',  # a second one starts in the border
     'l avgpool 2x2 stride=13 pad=1 4x1x1; output t'),
]  # fmt: skip


def read(layer: str) -> str:
    try:
        network = loaded(f'{INPUT}layer {{ name: "l" {layer} }}\n')
    except SpecError as fault:
        return f"! {fault.diagnostics[0].message}"
    said = []
    for node in network.layers:
        shape = "?" if node.output is None else "x".join(map(str, node.output))
        said.append(f"{node.name} {node.layer.describe(2) if node.layer else node.kind} {shape}")
    return "; ".join([*said, *(f"output {port.name}" for port in network.outputs)])


@pytest.mark.parametrize(("layer", "said"), LAYERS, ids=[row[0] for row in LAYERS])
def test_a_layer(layer: str, said: str) -> None:
    assert read(layer) == said


def test_a_border_of_the_oldest_files() -> None:
    """V0 has it as a layer of its own, before a convolution (caffe/util/upgrade_proto.cpp); without a number it is none."""
    border, without = (
        f'layers {{ layer {{ name: "p" type: "padding" {pad} }} bottom: "data" top: "p" }}\n' for pad in ("pad: 2", "")
    )
    conv = 'layers { layer { name: "c" type: "conv" num_output: 3 kernelsize: 5 } bottom: "p" top: "c" }'
    assert [node.output for node in loaded(INPUT + border + conv).layers] == [(4, 16, 16), (3, 12, 12)]
    assert [node.output for node in loaded(INPUT + without + conv).layers] == [(4, 12, 12), (3, 8, 8)]
