"""Faulty and odd specs that stand in no test as a text: a code of a fault each, and what learners write."""

from __future__ import annotations

P = "input 3x32x32\n"

_LINES = [
    "conv 6 5, relu", "conv 6 5 relu", "conv 6 5 activation=relu", "conv 3 6 5", "conv 3 3\nadd @conv1",
    'conv 6 5 padding="same"', "repeat 3:\n    conv 6 5 pad=2\n  relu", "conv 0 3", "conv 4 0", "conv 4 3 stride=0",
    "conv 4 3 dilation=0", "conv 4 3 pad=-1", "conv 4 3 pad=valid -> 4x30x30", "conv 4 3x3x3", "Conv1d 4 3", "Conv3d 4 3",
    "conv 4 3 pad=causal", "localconv 4 3 pad=1", "upconv 4 2 stride=2 outpad=2", "maxpool", "maxpool 40", "avgpool to=0",
    "avgpool to=7x7x7", "fc", "flatten | fc 0", "flatten | flatten", "reshape 3x?x?", "reshape ?x5", "bn affine=maybe",
    "gn 2", "gn 0", "lrn 5", "prelu shared=yes", "dropout 1.5", "dropout x", "glu", "conv 4 1 | glu", "pixelshuffle 2",
    "conv 12 3 | pixelshuffle 2", "pixelunshuffle 5", "pixelunshuffle 2", "shuffle 2", "take 0:2", "take 0:9", "take 2:1",
    "take 0:2 axis=Q", "crop 5", "crop 50", "crop like=@nothing", "resize", "resize 2 mode=cubic", "resize 0", "pad 1:2",
    "pad 1:2x3:4", "tokens | attention 2", "tokens | attention 3", "attention 2", "scale bias=yes", "learned 3x32x32",
    "relu | learned 3x3", "mean H", "mean Q", "max C", "mean", "softmax 3", "model a\nmodel b", "input 3x3x3", "output @x",
    "output relu", "layout hcw", "layout hwc", "use nothing.txt", "use ../x.txt", "use loop.txt\nrelu", "use m000.txt",
    "let a = b\nlet b = a", "let a = 1/0\nconv a 1", "let a = 5 % 0\nconv a 1", "let a = (1, 2)\nconv a 1", "let a =",
    "let a = (1, 2)\nconv 4 a", "let a = no\nif a:\n    relu\nelse:\n    tanh", "let a = relu\na", "if yes:", "else:\n    relu",
    "elif yes:\n    relu", "if C == 3:\n    relu\nelif C == 4:\n    tanh\nelse:\n    silu", "repeat 0:\n    relu", "repeat -1:\n    relu",
    "repeat 3 as i:\n    conv i+1 1", "repeat C as 3:\n    relu", "block b:\n    b\nb", "block a:\n    b\nblock b:\n    a\na",
    "block b(n):\n    conv n 1\nb", "block b(n):\n    conv n 1\nb 1 2", "block b(n, n):\n    conv n 1\nb 1 2",
    "block b(@x):\n    add @x\nb", "block b(@x):\n    add @x\nb @input", "block b:\n    relu\nblock b:\n    tanh\nb",
    "block conv:\n    relu", "stage s:\n    relu\nstage s:\n    tanh", "stage s:", "head h:\n    gavgpool | fc 3\nconv 4 3",
    "head h train:\n    gavgpool | fc 3\nconv 4 3\nrequire params(h) == 12", "add", "add @input", "add @input @input", "mul:",
    "add:\n    - relu", "concat:\n    - relu\n    - maxpool 2", "concat axis=H:\n    - conv 4 1\n    - relu", "concat @input axis=W",
    "concat:\n    relu\n    tanh", "add:\n    - relu\n    tanh", "x = conv 3 1\nconv 3 1 share=@x", "x = conv 3 1\nconv 4 1 share=@x",
    "x = conv 3 1\nrelu share=@x", "conv 3 1 share=@y", "x = relu\nx = relu", "3x = relu", "x y = relu", "x = ", "= relu", "@x",
    "@input", "@input.C", "x = @input | relu", "conv @input.C 1", "conv @input.Q 1", "-> 3x32x32", "-> 3x32", "-> ?", "->", "-> -> 3",
    "conv 4 3 ->", "conv 4 3 -> 4x(H-2)x30", "conv 4 3 -> (4, H, W)", "conv 4 3 -> 30x30x4", "conv 4 3 -> 1x4x30x30", "conv 4 3 -> 4",
    "require", "require params", "require params < 5k", "require params <= 1", "require params <= 1 \"too many\"", "require macs == 2",
    "require peak <= 1KiB", "require memory <= 1MiB", "require field == 1", "require output == 3x32x32", "require output == 4",
    "require field(x) == 1", "require params(x) == 1", "require depth >= 1", "require layers == 0", "require weighted <= 0",
    "require activations < 5M", "require flops == 2 * macs", "require params > 0 and macs > 0", "require params / 0 == 1",
    "require params <= 5Q", "require 1 < 2", "require not yes", "require buffers == 1", "conv 4 3\nrequire field == 3x3",
    "default conv bias=no\nconv 4 3", "default conv", "default foo bias=no", "default conv filters=3\nconv 4 3", "default relu slope=1",
    "conv 4 3 bias=no bias=yes", "conv 4 3 bias=2", "conv K=4 F=3 S=1 P=0", "conv 4 3 K=4", "conv k=3", "conv out=4 k=3 p=same",
    "conv2d(3, 4, 3)", "x = self.conv1(x)", "x = F.relu(x)", "nn.Sequential(", "nn.ReLU(inplace=True)", "Conv2D(32, 3)", "Flatten()",
    "nn.BatchNorm2d(3)", "nn.Dropout(0.5)", "nn.Conv2d(3, 6, 5, padding_mode='circular')", "conv 4 3 # allow: unread-input",
    "conv 64 31", "conv 64 32 | relu", "conv 4 3 stride=5", "maxpool 2 stride=3", "conv 4 1 stride=2", "conv 4 3 pad=5", "((((", "))))",
    "conv (4 3", "conv 4) 3", "\"", "conv \"4\" 3", "relu ; relu", "relu & relu", "relu\\", "  relu", "    relu", "\trelu", "relu  \t",
    "conv 4 3\n\n\n\n  # end\n", "- relu", "-", "|", "relu |", "| relu", "relu || relu", "conv 1,000 3", "conv 1_000 3", "conv 0x10 3",
    "conv 4.0 3", "conv 8/2 3", "conv 8//2 3", "conv 2**3 3", "conv -(-4) 3", "conv min(4, 9) 3", "conv max(4) 3", "conv foo(4) 3",
    "conv divisible(37, 8) 3", "conv round(4.5) 3", "conv floor(4.5) 3", "conv abs(-4) 3", "conv (4 if yes else 3) 3", "conv yes 3",
    "conv 4 relu", "conv 4 @input", "conv 4 3 4=3", "conv 4 3 =3", "conv 4 3 stride=", "conv 4 3 stride==2", "conv ÷ 3", "cönv 4 3",
    "conv 4 ３", "conv 4 3 -> ____", "conv 4 3 | relu -> ____\n-> __", "conv 4 3 -> ___x__x__", "transformer 8", "lstm 5", "conv4d 3 3",
    "conv 10**9 3", "conv 10**30 3", "conv 2**199 1", "resize 10**9", "repeat 10**7:\n    relu", "conv 4 10**12 pad=10**12",
    "flatten\nfc 10**12 | fc 10**12", "conv 4 3 pad=10**40", "pad 10**9", "conv " + "(" * 300 + "4" + ")" * 300 + " 3",
    "\n".join(f"c{n} = conv 4 99" for n in range(30)), "\n".join(f"conv {n} (" for n in range(150)), "conv 4 3 | bn\nconv 4 1 | conv 5 1",
    "a = conv 3 3 pad=1 | relu | maxpool 2\nmaxpool 2 | upconv 8 2 stride=2\nconcat @a", "add:\n    - conv 8 3 pad=0:2\n    - conv 8 1",
]  # fmt: skip

_WHOLE = [
    "", "\n", "# nothing\n", "\ufeff", "model M\n", "relu\n", "input\n", "input 0x3x3\nrelu", "input 3x0x3\nrelu", "input ?\nrelu",
    "input 28x28\nconv 4 3", "input 28x28x3\nconv 4 3", "input 224x224x3\nconv 64 7 stride=2", "input 1x3x224x224\nconv 4 3",
    "input 8x3x8x8\nconv3d 4 3\nrelu", "input 5\nfc 4\nrelu | fc 3", "input 8@100\nconv 4 3 pad=causal\nmaxpool 2", "input 3@8@8\nrelu",
    "input -3x8x8\nrelu", "input 3x8x8 9\nrelu", "input three\nrelu", "input (3, n, n)\nlet n = 4\nrelu", "let n = 4\ninput (3, n, n)\nrelu",
    "a = input 3x8x8\nb = input 3x8x8\nadd @a @b", "a = input 3x8x8\nb = input 3x4x4\nadd @a @b", "a = input 3x8x8\nb = input 5x8x8\nrelu",
    "a = input 3x8x8\nb = input 5x8x8\nconcat @a @b\nx = conv 4 3\ny = @x | relu\noutput @x @y", "a = input 3x8x8\na = input 3x8x8",
    "layout hwc\ninput 8x8x3\nconv 4 3 -> 6x6x4\nflatten | fc 3", "layout hwc\ninput 8x8x3\nconv 4 3 -> 4x6x6", "layout chw\ninput 3x8x8\nrelu",
    "layout hwc\ninput 16x112x112x3\nconv 4 3\ngavgpool", "layout hwc\ninput 100@8\nconv 4 3", "layout hwc\nlayout hwc\ninput 8x8x3\nrelu",
    "input 3x8x8\r\nconv 4 3\r\nrelu -> 4x6x6\r\n", "input 3x8x8\rrelu", "input 3×8×8\nconv 4 3×3", "model  \ninput 3x8x8\nrelu",
    "\x89PNG\r\n\x1a\n\udcff", "model caf\udce9\ninput 3x8x8\n", "input 3x8x8\nre\x07lu\n", "input 3x8x8\nrelu\x0c\n", "GIF89a\0\0",
    "use blocks.txt\ninput 3x8x8\nb1 4", "use blocks.txt\nuse blocks.txt\ninput 3x8x8\nb1 4", "use loop.txt\ninput 3x8x8\nrelu",
    "use dilated_resnet.txt\ninput 3x64x64\nrelu", "use f000.txt\ninput 3x8x8\nrelu", "block a:\n    relu\n", "block a(n):\n    conv n q\n",
    "input 3x8x8\n" + "relu\n" * 300, "input 3x8x8\n" + "x" * 5000, "input 3x64x64\n" + "conv 8 3 pad=1 | bn | relu\n" * 40 + "fc 10\n",
    "import torch\nimport torch.nn as nn\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n",
    "input 3x8x8\nconv 4 3\nmodel late\nuse blocks.txt\nlayout hwc\n", "input 12@50\ntokens | ln | attention 4\nadd @input\nmean L | fc 3",
]  # fmt: skip

_NAMES = [
    "block f(relu=silu):\n    conv 4 1 | relu\nf",
    "let b = relu\nblock b:\n    conv 3 1\nb",
    "let relu = tanh\nrelu",
]

#: Limits that are reached at once.
_LARGE = [
    "repeat 10**12:\n    let a = 9**9**9", "repeat 10**20 as i:\nrelu", "repeat 10**12 as i:\n    conv 3 1 -> (i+4, 8, 8)",
    "resize 0." + "0" * 3000 + "1", "conv " + "+".join("1" * 1500) + " 1", "conv 3 " + "x".join("1" * 1500), "conv " + "1 " * 1500,
    "n" * 20_000, "- " * 1500, "\n".join(f"maxpol {n}" for n in range(1200)),
    "\n".join(f"block b{n}:\n    b{n + 1}\n    b{n + 1}" for n in range(55)) + "\nblock b55:\n    if C == 9:\n        relu\nb0",
]  # fmt: skip

EXTRA = [*(P + line for line in (*_LINES, *_NAMES, *_LARGE)), *_WHOLE]
