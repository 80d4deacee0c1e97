"""Specs with variables, and what is varied in each: branches, repeats, divisibility, faults, fractions, overflow."""

from fractions import Fraction

from cnncalc.values import Word
from cnncalc.variants.space import Axis

RESNET = """
let width = 64
let deep = 2
input 3x64x64
default conv bias=no
block bottleneck(width, stride=1):
    add:
        - conv width 1 | bn | relu
          conv width 3 stride=stride pad=1 | bn | relu
          conv width*4 1 | bn
        - if C != width*4 or stride != 1:
              conv width*4 1 stride=stride | bn
    relu
block group(width, n, stride=2):
    bottleneck width stride=stride
    repeat n-1:
        bottleneck width
stage stem:
    conv width 7 stride=2 pad=3 | bn | relu
    maxpool 3 stride=2 pad=1
stage body:
    group width deep stride=1
    group width*2 deep
gavgpool | fc 10
require params <= 50k
"""

PLAIN = {
    "resnet": (RESNET, {"width": range(1, 80, 3), "deep": range(5), "input": [(3, n, n + 1) for n in range(5, 70, 3)]}),
    "lenet": ("let k = 5\nlet n = 6\ninput 1x32x32\nconv n k | tanh | avgpool 2 | conv n*2 k | tanh | avgpool 2\nflatten | fc 84 | fc 10",
              {"k": range(1, 12), "n": range(0, 9), "input": [(1, n, n) for n in range(3, 40, 2)]}),
    "groups": ("let g = 2\nlet w = 16\ninput 3x16x16\nconv w 3 pad=same stride=2\nconv w 3 groups=g | gn g\nshuffle g\nconv 2*w 1 groups=2*g",
               {"g": range(1, 17), "w": range(4, 64, 4)}),
    "mobile": ("let a = 1\nlet e = 6\ninput 3x32x32\nconv divisible(32*a, 8) 3 stride=2 pad=1 | bn | relu6\n"
               "repeat 3 as i:\n    add:\n        - conv divisible(e*C, 4) 1 | dwconv 3 pad=1 | conv divisible(16*a*(i+1), 8) 1\n"
               "        - if C != divisible(16*a*(i+1), 8):\n              conv divisible(16*a*(i+1), 8) 1\n"
               "conv max(1280, floor(1280*a)) 1 | gavgpool | fc 10",
               {"a": [Fraction(n, 20) for n in range(5, 41)], "e": [1, Fraction(3, 2), 2, 4, 6]}),
    "words": ("let act = relu\nlet n = 8\nlet wide = yes\ninput 3x20x20\nconv n 3 | bn | act\nif wide:\n    conv 2*n 3 pad=same | act\n"
              "else:\n    conv n 3 | act\nif act == glu:\n    conv 7 1\ngavgpool | fc 10",
              {"act": [Word("relu"), Word("glu"), Word("prelu"), Word("wrong")], "n": range(1, 12), "wide": [True, False]}),
    "unet": ("let w = 8\nlet k = 3\ninput 1x60x60\nblock double(w):\n    conv w k pad=k//2 | relu | conv w k pad=1 | relu\n"
             "enc1 = double w\nmaxpool 2\nenc2 = double 2*w\nmaxpool 2\ndouble 4*w\nupconv 2*w 2 stride=2\nconcat:\n    - @enc2 | crop like=@here\n    - identity\n"
             "double 2*w\nupconv w 2 stride=2\nconcat @enc1\nconv 2 1",
             {"w": range(1, 9), "input": [(1, n, n + d) for n in range(4, 64, 3) for d in (0, 4)]}),
    "block k": ("let k = 3\nlet s = 2\nlet p = 1\nlet d = 1\ninput 8x33x29\nconv 16 k stride=s pad=p dilation=d\nmaxpool k s ceil=yes\navgpool 2 stride=1 pad=same\nupconv 4 k stride=s",
                {"k": range(1, 8), "s": range(0, 5), "p": range(0, 4), "d": range(1, 4)}),
    "if": ("let n = 3\nlet m = 5\ninput 2x9x9\nif n < m:\n    conv n 3\nelif n == m:\n    conv 2*m 3 | relu\nelse:\n    conv n-m 1 | bn\n"
           "if C % 2 == 0:\n    maxpool 2\nif H > 3 and W // 2 != n:\n    conv C 3 pad=1\nrepeat min(n, m) as i:\n    conv C+i 1",
           {"n": range(1, 14), "m": range(1, 14)}),
    "fail": ("let n = 3\nlet m = 5\ninput 4x12x12\na = conv n 3\nb = conv m 3 pad=1 stride=2\n@a | add @b",
             {"n": range(1, 9), "m": range(1, 9), "input": [(4, n, 12) for n in range(1, 14)]}),
    "ratio": ("let r = 0.5\nlet n = 10\ninput 3x24x24\nconv n*r 3\nresize r\nresize 2 mode=bilinear\nconv round(n/r) 1\ndropout r\nfc 3/r",
              {"r": [Fraction(n, 12) for n in range(1, 30)], "n": [4, 6, 10, 12, 30]}),
    "attention": ("let d = 64\nlet h = 4\nlet n = 2\ninput 3x32x32\nconv d 8 stride=8\ntokens\nrepeat n:\n    add:\n        - ln | attention h\n        - identity\n"
                  "    add:\n        - ln | conv d*4 1 | gelu | conv d 1\n        - identity\nmean L | flatten | fc 10",
                  {"d": range(8, 80, 4), "h": range(1, 9), "n": range(0, 4)}),
    "huge": ("let n = 3\nlet m = 4\ninput 3x64x64\nconv n 3 | conv n*m 1 | conv m**3 1\nflatten | fc n*m",
             {"n": [3, 10**6, 10**9, 10**15, 2**40, 2**62, 2**63, 10**20, 10**40], "m": [1, 7, 10**5, 2**31, 2**62, 2**63, 10**19]}),
    "split": ("let n = 8\nlet k = 2\ninput 3x10x10\nconv n 3\na, b = split k\n@a | mul @b\ntake 0:C//2\nreshape 2x?",
              {"n": range(1, 40), "k": range(1, 5)}),
    "lstm": ("let n = 8\nlet l = 2\nlet b = no\ninput 12@40\nlstm n layers=l bidirectional=b\nconv n 3 pad=causal dilation=l",
             {"n": range(0, 9), "l": range(1, 4), "b": [True, False]}),
    "divide": ("let n = 8\nlet k = 2\ninput 3x20x20\nlet w = n // k\nlet r = n % k\nconv w+r+3 3\nif r == 0:\n    conv 1+abs(k-n) 1\nrepeat n // 3:\n    conv 2 1\nlet z = 5 / (n - k)\nconv ceil(z)+6 1",
               {"n": range(-3, 12), "k": range(-2, 6)}),
    "mixed rank": ("let n = 4\ninput 3x8x8\nconv n 3 pad=1 | relu | gavgpool", {"n": range(1, 5), "input": [(3, 8, 8), (3, 8), (3, 8, 8, 8), (5,), (3, 2, 2)]}),
    "dense": ("let g = 4\nlet n = 3\ninput 3x16x16\nconv 2*g 3 pad=1\nrepeat n:\n    concat:\n        - identity\n        - bn | relu | conv 4*g 1 | bn | relu | conv g 3 pad=1\nconv C//2 1 | avgpool 2 | gavgpool | fc 7\nrequire depth <= 7\nrequire output == 7",
              {"g": range(1, 30), "n": range(0, 6)}),
    "rounds": ("let n = 3\nlet k = 1\ninput 3x16x16\nrepeat n as i:\n    y = conv 4*(i+1) 3 pad=1\n@y[k] | conv 2 1\ngavgpool", {"n": range(0, 5), "k": range(0, 6)}),
    "train": ("let n = 4\nlet f = 2\ninput 3x16x16\nstem = conv n 3\nfreeze stem\nhead aux train:\n    conv n*n 1 | gavgpool | fc f\nstage tail:\n    conv 2*n 3 stride=f\ngavgpool | fc 5\nrequire params(tail) <= 300",
              {"n": range(1, 20), "f": range(1, 20)}),
    "arrow": ("let n = 4\ninput 3x16x16\nconv n 3 -> 4x14x14\nconv 2*n 3 -> (2*n, 12, 12)\nconv n 3 -> (n, 11, 11)", {"n": range(1, 8)}),
}  # fmt: skip

#: Bundled examples, and what is varied in each.
BUNDLED = {
    "resnet50": {"input": [(3, n, n) for n in range(1, 300, 7)]},
    "mobilenet_v1": {"width": [Fraction(n, 20) for n in range(1, 41)], "input": [(3, n, n) for n in range(32, 257, 16)]},
    "mobilenet_v2": {"input": [(3, n, m) for n in range(1, 230, 9) for m in (n, 64)]},
    "googlenet": {"input": [(3, n, n) for n in range(1, 300, 5)]},
    "densenet121": {"growth": range(1, 49), "input": [(3, n, n) for n in range(20, 260, 11)]},
    "unet": {"input": [(1, n, n) for n in range(60, 600, 4)]},
    "efficientnet": {"b": range(8), "input": [(3, n, n) for n in (32, 224, 240, 260, 300, 380, 456, 528, 600)]},
    "resnext50": {"groups": range(1, 65), "base": range(1, 9)},
    "repvgg_a0": {"deploy": [True, False], "input": [(3, n, n) for n in range(16, 240, 16)]},
    "alexnet": {"input": [(c, n, n) for c in (1, 3, 4) for n in range(40, 300, 9)]},
}  # fmt: skip


def axes(varied):
    """The axes of a space, of values by name."""
    return [Axis(name, tuple(values), name == "input") for name, values in varied.items()]
