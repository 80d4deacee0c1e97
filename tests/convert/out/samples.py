"""A line of every kind of layer in its several ways, each with an input that it takes."""

from __future__ import annotations

#: A row a network: the shape that enters, and its lines, divided by semicolons.
ROWS = """
3x9x9 | pixelunshuffle 3
1x9x9 | pixelunshuffle 3
8x9x9 | shuffle 4
8x4x9 | bn
8 | bn
8x4x9 | bn affine=no
8x4x9 | bn scale=no
8x4x9 | bn bias=no
8x4x9 | in
8x4x9 | in affine=no
8x4x9 | in bias=no
8x4x9 | gn 4
8x4x9 | gn 4 affine=no
8x4x9 | gn 4 bias=no
8 | gn 4
8@5 | gn 4
8x4x9 | ln
8x4x9 | ln affine=no
8x4x9 | ln bias=no
8x4x9 | ln axes=CHW
8x4x9 | ln axes=HW
8x4x9 | ln axes=CW affine=no
8 | ln
8x4x9 | lrn 5
8x9x9 | conv 4 3 pad=same stride=2
8x9x9 | conv 4 3 pad=1
8x9x9 | conv 4 3 pad=1:0x2 stride=2 groups=2
8x9x9 | conv 4 3x1 stride=2x1 dilation=1x2 bias=no
8x9x9 | conv 4 3 stride=2 dilation=2
8@9 | conv 4 3 pad=causal
8x5x6x7 | conv 4 3 pad=1
8x9x9 | dwconv 3 multiplier=3
8x9x9 | dwconv 3 stride=2x1
1x9x9 | dwconv 3
8@9 | dwconv 3 pad=causal
8x5x6x7 | dwconv 3
8x9x9 | upconv 4 3 stride=2 pad=1 outpad=1
8x9x9 | upconv 4 3 stride=2 pad=same
8x9x9 | upconv 4 2 stride=3 pad=same
8x9x9 | upconv 4 2 stride=3
8x9x9 | upconv 4 3 stride=2 pad=1:0 groups=2
8x9x9 | upconv 4 3 dilation=2
8@9 | upconv 4 4 stride=2 pad=1
8x5x5x5 | upconv 4 2 stride=2
8x10x10 | maxpool 2
8x10x10 | maxpool 3 stride=2 ceil=yes
8x10x11 | maxpool 3 stride=2 ceil=yes pad=1
8x10x10 | maxpool 2 stride=3 ceil=yes pad=1
8x10x10 | maxpool 2 stride=3 ceil=yes
8x10x10 | maxpool 3 stride=2 pad=same
8x10x10 | maxpool 3 pad=3
8x10x10 | relu; maxpool 3 stride=2 pad=1
8x10x10 | avgpool 3 stride=2 pad=1
8x10x10 | avgpool 3 stride=2 pad=same countpad=no
8@10 | avgpool 3 stride=2 pad=1:0
8x6x6x6 | avgpool 2
8x10x10 | avgpool to=5
8x10x10 | avgpool to=3x4
8x10x10 | maxpool to=7
8@10 | maxpool to=4
8x10x10 | avgpool to=1
8x10x10 | gavgpool
8x10x10 | gavgpool; fc 4
8x10x10 | gmaxpool; flatten; fc 4
8x10x10 | p = maxpool 2; unpool from=@p
8x11x10 | p = maxpool 2; unpool from=@p
8@10 | p = maxpool 2; unpool from=@p
8x4x4 | flatten; fc 10
8x1x1 | fc 10
8 | fc 10 bias=no
8x4x4 | reshape 4x8x4
8x4x4 | reshape ?x4
8x4x4 | tokens
8x4x5 | permute HWC
8@5 | permute LC
8x4x5 | mean HW
8x4x5 | mean C
8x4x5 | max H
8x4x5 | softmax
8x4x5 | softmax axis=W
8 | softmax
8x4x5 | logsoftmax
8x4x5 | logsoftmax axis=H
8x4x5 | glu
8 | glu
8x4x5 | prelu
8x4x5 | prelu shared=yes
8x4x5 | prelu shared=each
8 | prelu
8x4x5 | relu6; leakyrelu; elu; selu; gelu; silu; mish; hardswish; hardsigmoid; sigmoid; tanh; softplus; relu
8x4x5 | dropout 0.3; identity; droppath 0.1
8x4x5 | take 2:5
8x4x5 | take 1:3 axis=H
8x9x5 | a, b = split 2; add @a @b
8x9x5 | a, b, c = split 2,3,4 axis=H; concat @a @c axis=H
8x9x5 | scale
8x9x5 | scale bias=yes
8x9x5 | scale by=0.1
8 | scale
8x9x5 | t = learned 8x9x5; add @input @t
8@5 | t = learned 8x1; concat @t @input axis=L; attention 2
8@5 | q = learned 8x7; attention 2 from=@input
8@5 | attention 4
8@5 | attention 4 bias=no
8@5 | m = conv 6 1; @input | attention 2 from=@m
8@5 | lstm 7 biases=1
8@5 | lstm 7 biases=0 bidirectional=yes layers=2
8@5 | gru 7 last=yes
8@5 | gru 7 bidirectional=yes last=yes layers=3
8@5 | gru 7 biases=1
8@5 | rnn 7 biases=0
8@5 | lstm 7 biases=1 bidirectional=yes
9 | embed 100 7
8 | fc 9; embed 100 7
8x4x5 | pad 1
8x4x5 | pad (1:2,-1:0)
8x4x5 | pad 2 mode=reflect
8x4x5 | pad 2 mode=replicate
8x4x5 | pad 2:1x0:3 mode=circular
8x4x5 | pad -1
8x4x5 | pad 0
8x4x5 | crop 2x3
8x4x5 | crop 4x5
8x4x5 | resize 2
8x4x5 | resize 1.5 mode=bilinear
8x4x5 | resize 0.7
8x4x5 | resize to=7x9 mode=bilinear
8@5 | resize 2 mode=bilinear
8@5 | resize to=9
8x3x4x5 | resize 2
8x4x5 | pixelshuffle 2
8x4x5 | a = conv 8 1; mul @a @input
8x4x5 | g = gavgpool; mul @input @g
8x4x5 | a = conv 8 1; sub @a @input
8x4x5 | a = conv 8 1; b = relu; add @a @b @input
8x4x5 | a = conv 8 1; b = sigmoid; div @a @b
8x4x5 | a = conv 8 1; b = relu; maximum @a @b @input
8x4x5 | a = conv 8 1; minimum @a @input
8@5 | a = conv 5 1; matmul @input @a
8@5 | matmul @input @input transposed=yes
2x4x5 | matmul @input @input transposed=yes
8x4x5 | a = conv 3 1; concat @a @input
8x4x5 | c = conv 8 3 pad=1; relu; conv 8 3 pad=1 share=@c
8x4x5 | b = bn; relu; bn share=@b
"""
#: The same of what some formats have not.
MORE_ROWS = """
8@5 | lstm 7
8@5 | gru 7 bidirectional=yes layers=2
8@5 | rnn 7
8x9x9 | upconv 4 3 stride=2 outpad=3
8x9x9 | upconv 4 3 stride=2 outpad=3 bias=no
8x9x9 | upconv 4 3 stride=2 pad=1:0 groups=2 dilation=2
8x10x10 | maxpool 3 stride=1 dilation=2
8x10x10 | avgpool 3 stride=1 dilation=2
8x10x10 | avgpool 3 stride=2 ceil=yes
8x10x10 | avgpool 3 stride=2 ceil=yes pad=1
8x10x10 | avgpool 3 stride=2 ceil=yes pad=1 countpad=no
8x10x10 | avgpool 3 stride=2 pad=1 countpad=no
8x10x10 | p = maxpool 3 stride=2 pad=1; unpool from=@p
8x3x4x5 | resize 2 mode=bilinear
8x3x4x5 | resize to=4x5x6
"""


def specs(rows: str = ROWS) -> dict[str, str]:
    """The texts of specs by their rows."""
    found = {}
    for row in rows.strip().split("\n"):
        shape, _, lines = row.partition(" | ")
        found[row] = "\n".join([f"input {shape}", *lines.split("; ")]) + "\n"
    return found
