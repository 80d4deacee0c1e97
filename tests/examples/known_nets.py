"""Networks as papers and tutorials have them, in a spec's words: nothing in them is to be warned of."""

#: By name: the spec.
KNOWN = {
    "EEGNet": """\
input 1x64x128
conv 8 1x64 pad=same bias=no | bn
dwconv 64x1 multiplier=2 bias=no | bn | elu | avgpool 1x4 | dropout 0.25
dwconv 1x16 pad=same bias=no | conv 16 1 bias=no | bn | elu | avgpool 1x8 | dropout 0.25
flatten | fc 4
""",
    "M5": """\
input 1@8000
default conv bias=no
conv 128 80 stride=4 | bn | relu | maxpool 4
conv 128 3 | bn | relu | maxpool 4
conv 256 3 | bn | relu | maxpool 4
conv 512 3 | bn | relu | maxpool 4
gavgpool | flatten | fc 10
""",
    "M5, in PyTorch's names": """\
input 1@8000
Conv1d 128 80 stride=4 bias=False | BatchNorm1d | ReLU | MaxPool1d 4
Conv1d 128 3 bias=False | BatchNorm1d | ReLU | MaxPool1d 4
gavgpool | flatten | Linear 10
""",
    "ViT-B/32": """\
input 3x224x224
conv 768 32 stride=32
tokens
ln | attention 12
gavgpool | flatten | fc 1000
""",
    "RepLKNet's and SLaK's kernels": """\
input 64x56x56
dwconv 31 pad=15 bias=no | bn | relu
add:
    - dwconv 51x5 pad=25x2 bias=no | bn
    - dwconv 5x51 pad=2x25 bias=no | bn
relu | conv 64 1
""",
    "DeepSpeech 2's front": """\
input 1x161x400
conv 32 41x11 stride=2x2 pad=20x5 bias=no | bn | relu
conv 32 21x11 stride=2x1 pad=10x5 bias=no | bn | relu
""",
    "a video in Keras: frames first, channels last": """\
layout hwc
input 16x112x112x3
conv 64 3 pad=same | relu | maxpool 1x2x2
conv 128 3 pad=same | relu | maxpool 2
gavgpool | flatten | fc 101
""",
    "C3D: channels first": """\
input 3x16x112x112
conv 64 3 pad=1 | relu | maxpool 1x2x2
gavgpool | flatten | fc 101
""",
    "MobileNet in TensorFlow: same, with steps": """\
layout hwc
input 224x224x3
conv 32 3 stride=2 pad=same bias=no | bn | relu6
dwconv 3 stride=2 pad=same bias=no | bn | relu6 | conv 64 1 bias=no | bn | relu6
dwconv 3 stride=1 pad=same bias=no | bn | relu6 | conv 128 1 bias=no | bn | relu6
gavgpool | flatten | fc 1000
""",
    "Keras's pools": """\
layout hwc
input 33x33x3
conv 32 3 pad=same | relu | maxpool 3 stride=2 pad=same
conv 64 3 pad=same | relu | maxpool 2 pad=same
avgpool 3 stride=1 pad=same countpad=no
gavgpool | flatten | fc 10
""",
    "Caffe's pools: ceil, and an uneven border": """\
input 3x224x224
conv 64 7 stride=2 pad=3 | relu | maxpool 3 stride=2 ceil=yes
conv 64 3 pad=1 | relu | maxpool 3 stride=2 pad=0:1
conv 64 3 pad=1 | relu | maxpool 3 stride=2 pad=2:1
gavgpool | flatten | fc 10
""",
    "a causal stack": """\
input 64@1000
repeat 6 as i:
    add:
        - conv 64 2 dilation=2**i pad=causal | relu | conv 64 1
        - identity
    relu
conv 256 1
""",
    "a dilated front end": """\
input 3x128x128
conv 16 3 dilation=2 pad=2 | relu
conv 16 3 dilation=4 pad=4 | relu
maxpool 3 stride=1 pad=1
conv 2 1
""",
    "DCGAN's generator": """\
input 100x1x1
upconv 512 4 bias=no | bn | relu
upconv 256 4 stride=2 pad=1 bias=no | bn | relu
upconv 3 4 stride=2 pad=1 | tanh
""",
    "an autoencoder": """\
input 1x28x28
conv 16 3 stride=2 pad=1 | relu
conv 32 3 stride=2 pad=1 | relu
upconv 16 3 stride=2 pad=1 outpad=1 | relu
upconv 1 3 stride=2 pad=1 outpad=1 | sigmoid
""",
    "a U-Net with same": """\
block double(width):
    conv width 3 pad=same | relu | conv width 3 pad=same | relu

input 1x128x128
a = double 16
maxpool 2
b = double 32
maxpool 2
double 64
upconv 32 2 stride=2
concat @b
double 32
upconv 16 2 stride=2
concat @a
double 16
conv 2 1
""",
    "a CIFAR ResNet": """\
default conv bias=no

block basic(width, stride=1):
    add:
        -
            conv width 3 stride=stride pad=1 | bn | relu
            conv width 3 pad=1 | bn
        - if C != width or stride != 1:
              conv width 1 stride=stride | bn
    relu

input 3x32x32
conv 16 3 pad=1 | bn | relu
repeat 3:
    basic 16
basic 32 2
basic 64 2
gavgpool | fc 10
""",
    "Siamese": """\
left = input 1x105x105
right = input 1x105x105

block tower:
    conv 64 10 | relu | maxpool 2
    conv 128 7 | relu | maxpool 2
    flatten | fc 256 | sigmoid

@left
a = tower
@right
tower share=@a
mul @a
fc 1
""",
    "NiN": """\
input 3x32x32
conv 192 5 pad=2 | relu | conv 160 1 | relu | conv 96 1 | relu
maxpool 3 stride=2 pad=1 | dropout
conv 10 1 | relu
gavgpool | flatten
""",
    "TextCNN": """\
input 300@60
concat:
    - conv 100 3 | relu | gmaxpool
    - conv 100 4 | relu | gmaxpool
    - conv 100 5 | relu | gmaxpool
dropout | fc 2
""",
    "GoogLeNet's block": """\
input 192x28x28
concat:
    - conv 64 1 | relu
    - conv 96 1 | relu | conv 128 3 pad=1 | relu
    - conv 16 1 | relu | conv 32 5 pad=2 | relu
    - maxpool 3 stride=1 pad=1 | conv 32 1 | relu
""",
    "Xception's flow": """\
layout hwc
input 71x71x3
conv 32 3 stride=2 bias=no | bn | relu
add:
    - dwconv 3 pad=same bias=no | conv 64 1 bias=no | bn | maxpool 3 stride=2 pad=same
    - conv 64 1 stride=2 pad=same bias=no | bn
relu | gavgpool | flatten | fc 10
""",
    "a spectrogram, 4 mel bands": """\
input 1x4x400
conv 16 3x9 pad=1x4 | relu
gavgpool | flatten | fc 5
""",
    "a small square map": """\
input 512x4x4
conv 64 3 pad=1 | relu
flatten | fc 10
""",
}
