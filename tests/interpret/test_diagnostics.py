"""What faults are answered with: the message with its figures, the place, what to write instead."""

from __future__ import annotations

import pytest

from tests.helpers import PICTURE, clean, fault, network

LARGE = "input 3x224x224\n"

#: Spec, place (line, column, end column), message, help: whole or their beginning.
ANSWERS = [
    (LARGE + "conv 64", (2, 8, 9), "conv needs a kernel", "write 'conv 64 3' for a 3x3 kernel"),
    (LARGE + "conv", (2, 5, 6), "conv needs filters", "write 'conv 64 3'"),
    (LARGE + "MaxPooling2D", (2, 13, 14), "maxpool needs a kernel", "write 'MaxPooling2D 2' for a 2x2 kernel"),
    ("let size = 8\ninput 3 size size", (2, 9, 18), "a shape is one word", "write 'input (3, size, size)'"),
    ("let size = 8\ninput 3, 2*size, size", (2, 10, 22), "a shape is one word", "write it without blanks"),
    (LARGE + "maxpol 2", (2, 1, 7), "unknown layer 'maxpol'", "did you mean 'maxpool'?"),
    (LARGE + "conv 64 3 stide=2", (2, 11, 18), "conv has no argument 'stide'", "did you mean 'stride'?"),
    (LARGE + "let width = 64\nconv widht 3", (3, 6, 11), "unknown name 'widht'", "did you mean 'width'?"),
    (LARGE + "enc = relu\nconcat @ecn", (3, 8, 12), "unknown tensor '@ecn'", "did you mean 'enc'?"),
    (LARGE + "block up(n):\n    conv n 1\nup m=3", (4, 4, 7), "block 'up' has no parameter 'm'", "its parameters: n"),
    (LARGE + "block up(n, @skip):\n    conv n 1\nup 3", (4, 5, 6), "block 'up' needs a tensor for '@skip'", "write 'up 3 @SKIP'"),
    ("input 8x3x3\nconv 4 5", (2, 8, 9), "the 5x5 window does not fit its 3x3 input: floor((3 - 5 + 2*0)/1) + 1 = -1", "it needs"),
    ("input 8@3\nconv 4 3 dilation=2", (2, 8, 9), "the window of 3 (5 at dilation 2) does not fit its input of 3: floor((3 - 2*(3 - 1) - 1 + 2*0)/1) + 1 = -1", "it needs"),
    (LARGE + "conv 96 11 stride=4 -> 96x55x55", (2, 21, 32), "expected 96x55x55, got 96x54x54: floor((224 - 11 + 2*0)/4) + 1 = 54", "55 with pad=2 or 3, an input of 227..230, or a kernel of 5..8"),
    (LARGE + "conv 64 3 -> 32x222x222", (2, 11, 24), "expected 32x222x222, got 64x222x222", "32 with filters=32"),
    (LARGE + "upconv 4 2 stride=2 -> 4x449x449", (2, 21, 33), "expected 4x449x449, got 4x448x448: (224-1)*2+2-2*0 = 448", "449 with a kernel of 3, dilation=2, or outpad=1"),
    (LARGE + "flatten | fc 10 -> 12", (2, 17, 22), "expected 12, got 10", "12 with units=12"),
    (LARGE + "conv 8 3 -> relu", (2, 13, 17), "the expectation is a shape, not the word 'relu'", "use '|' between layers"),
    (LARGE + "conv 8 3 -> relu | tanh", (2, 18, 19), "unexpected '|'", "use '|' between layers"),
    (LARGE + "nn.Conv2d(3, 10, 3, padding=1)", (2, 1, 31), "this is a call in Python", "write 'conv 10 3 pad=1'"),
    (LARGE + "self.c1 = nn.Conv2d(3, 10, kernel_size=(3, 5))", (2, 11, 47), "this is a call in Python", "write 'c1 = conv 10 3x5'"),
    (LARGE + "x = Conv2D(32, (3, 3), activation='relu')", (2, 5, 42), "this is a call in Python", "write 'x = conv 32 3 | relu'"),
    (LARGE + "nn.ConvTranspose2d(3, 10, 2, stride=2),", (2, 1, 40), "this is a call in Python", "write 'upconv 10 2 stride=2'"),
    (LARGE + "nn.MaxPool2d(kernel_size=2, stride=2)", (2, 1, 38), "this is a call in Python", "write 'maxpool 2 stride=2'"),
    (LARGE + "nn.Linear(4096, 10, bias=False)", (2, 1, 32), "this is a call in Python", "write 'fc 10 bias=no'"),
    (LARGE + "nn.AdaptiveAvgPool2d((7, 7))", (2, 1, 29), "this is a call in Python", "write 'avgpool to=7'"),
    (LARGE + "conv(64, 3)", (2, 1, 12), "this is a call in Python", "write 'conv 64 3'"),
    (LARGE + "conv 64, 3", (2, 8, 9), "arguments are separated by blanks, not commas", "write 'conv 64 3'"),
    (LARGE + "conv 10 3*3", (2, 9, 12), "3*3 is the number 9", "a 3x3 size is written '3' or '3x3'"),
    (LARGE + "conv 10 3 stride = 2", (2, 18, 19), "no blanks around '='", "write 'stride=2'"),
    (LARGE + "let n = sum(1, 2)", (2, 9, 18), "unknown function 'sum'", "functions: min, max, round, floor, ceil, abs, divisible"),
    (LARGE + "conv C - 1 3", (2, 8, 9), "'-' stands alone", "write 'C-1' or '(C - 1)'"),
    (LARGE + "conv -1 3", (2, 6, 8), "filters is at least 1, not -1", ""),
    (LARGE + "conv C/2 3", (2, 6, 9), "filters is a whole number, not 1.5", "for a whole number divide with '//'"),
    (LARGE + "take 2: axis=H", (2, 8, 9), "a value is missing behind ':'", "both ends are said: 'take L-1:L axis=L'"),
    (LARGE + "conv 2k 3", (2, 6, 8), "'2k' is neither a number nor a size", "units stand in 'let' and 'require' only; for a product write '2*k'"),
    (LARGE + "conv 8 3xk", (2, 8, 11), "'3xk' is neither a number nor a size", "a size with a variable is written in parentheses: '(3, k)'"),
    (LARGE + "conv 1e3 3", (2, 6, 9), "'1e3' is neither", "there are no exponents"),
    (LARGE + "width = 64", (2, 9, 11), "'64' is no layer", "for a variable write 'let width = 64'"),
    (LARGE + "conv 64 3 1 1", (2, 11, 12), "conv takes filters and kernel without keys", "further arguments have keys: 'conv 64 3 stride=1 pad=1'"),
    (LARGE + "conv 64 3 k=5", (2, 11, 14), "kernel is given twice: '3' and 'k=5'", ""),
    (LARGE + "conv 64 3 groups=2", (2, 11, 19), "groups=2 does not divide the 3 input channels", ""),
    (LARGE + "conv 64 3 pad=sam", (2, 11, 18), "unknown name 'sam'", "did you mean 'same'?"),
    (LARGE + "resize 2 to=7", (2, 10, 14), "resize has either factor or to, not both", ""),
    ("input 96x27x27\nconv 256 5x5x256", (2, 10, 17), "kernel 5x5x256 has 3 numbers", "a filter spans all 96 input channels: write 'conv 256 5x5'"),
    ("input 96x27x27\nconv 256 96x5x5", (2, 10, 16), "kernel 96x5x5 has 3 numbers", "a filter spans all 96 input channels: write 'conv 256 5x5'"),
    (LARGE + "fc 10", (2, 1, 6), "fc takes a vector or Cx1x1, not 3x224x224", "put 'flatten' before it (150,528 values), or write 'conv 10 1'"),
    (LARGE + "reshape 10x10", (2, 9, 14), "3x224x224 has 150,528 values, which 10x10 (100) cannot hold", ""),
    (LARGE + "flatten\nconv 8 3", (3, 1, 9), "conv needs spatial axes, but its input is the vector 150528", "put the 'flatten' of line 2 behind"),
    (LARGE + "add:\n    - conv 4 1\n    - conv 5 1", (2, 1, 4), "add needs equal shapes: path 1 gives 4x224x224, path 2 (line 4) gives 5x224x224", ""),
    (LARGE + "concat:\n    - conv 4 1\n    - maxpool 2", (2, 1, 7), "concat along C needs equal H, W: path 1 gives 4x224x224, path 2 (line 4) gives 3x112x112", "write 'conv 4 1 stride=2' in line 3"),
    (LARGE + "conv 8 3:", (2, 1, 9), "'conv 8 3' opens no body", "a line that ends in ':' opens a body: concat, add, mul, sub, div, maximum, minimum, matmul, block"),
    (LARGE + "repeet 3:\n    conv 8 3", (2, 1, 9), "'repeet 3' opens no body", "write 'repeat 3:'"),
    (LARGE + "repeat 3\n    conv 8 3", (2, 9, 10), "'repeat' opens a body: its line ends in ':'", "end the line with ':'"),
    (LARGE + "repeat 2.5:\n    relu", (2, 8, 11), "repeat takes a whole number, at least 0, not 2.5", ""),
    (LARGE + "if C:\n    relu", (2, 4, 5), "a condition is yes or no, not 3", "compare it"),
    (LARGE + "if 1 < C < 9:\n    relu", (2, 10, 11), "comparisons do not chain", "write 'a < b and b < c'"),
    (LARGE + "conv L 3", (2, 6, 7), "the tensor 3x224x224 has no axis L: its axes are C, H, W", ""),
    (LARGE + "conv 2**0.5 3", (2, 9, 12), "an exponent is a whole number, not 0.5", ""),
    (LARGE + "conv 9**9**9**9 3", (2, 9, 16), "the number has over 200 bits", ""),
    (LARGE + "conv (8 3", (2, 6, 7), "'(' is never closed", ""),
    (LARGE + "relu | | relu", (2, 6, 7), "a layer is missing beside '|'", ""),
    (LARGE + "relu →", (2, 6, 7), "unexpected character '→' (U+2192)", "write '->'"),
    (LARGE + "\trelu", (2, 1, 2), "a tab in the indentation", "indent with spaces"),
    (LARGE + "relu\n  relu", (3, 3, 7), "this line is indented deeper than the lines before it", "start it in column 1"),
    (LARGE + "default conv bais=no\nrelu", (2, 14, 21), "conv has no argument 'bais'", "did you mean 'bias'?"),
    (LARGE + "relu\nrequire parms <= 5M", (3, 9, 14), "unknown name 'parms'", "did you mean 'params'?"),
    (LARGE + "stage stem:\n    relu\nrequire params(stm) < 5", (4, 16, 19), "no line, stage or head is called 'stm'", "did you mean 'stem'?"),
    ("input 3 x 224 x 224\nrelu", (1, 9, 20), "a shape is one word", "write 'input 3x224x224'"),
    ("input 3, 224, 224\nrelu", (1, 10, 18), "a shape is one word", "write 'input 3x224x224'"),
    ("input 3*224*224\nrelu", (1, 7, 16), "'3*224*224' is no shape", "write 'input 3x224x224'"),
    ("relu", (1, 1, 5), "no input yet", "write 'input 3x224x224'"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "place", "message", "help"), ANSWERS, ids=[row[0].splitlines()[-1].strip() for row in ANSWERS]
)
def test_a_fault_is_answered(text: str, place: tuple[int, int, int], message: str, help: str) -> None:
    found = fault(text)
    assert found.span is not None
    assert (tuple(found.span[1:]), found.message[: len(message)]) == (place, message)
    assert (found.help or "").startswith(help)


def test_all_syntax_errors_come_at_once() -> None:
    built = network("input 3x8x8\nconv 4 (3\nrelu | \nwidth = 3\nblock f(:\n    relu\nconv 4 3 stide=2\n")
    assert [one.span.line for one in built.diagnostics if one.span] == [2, 3, 4, 5, 7]


def test_a_shape_error_stops_only_what_depends_on_it() -> None:
    built = network(PICTURE + "a = conv 4 99\nb = relu\n@input | conv 2 3\nmaxpool 99\n")
    assert [one.span.line for one in built.diagnostics if one.span] == [2, 5]
    assert [node.output for node in built.layers] == [None, None, (2, 30, 30), None]


def test_unknown_words_in_unused_blocks_and_branches_are_reported() -> None:
    built = network(PICTURE + "block never:\n    convv 3 3\nif C == 9:\n    relu slope=3\nrelu")
    assert [one.code for one in built.diagnostics] == ["unknown-layer", "unknown-argument"]


def test_a_fault_in_a_block_names_the_calls_and_rounds() -> None:
    found = fault(
        PICTURE + "block f(w):\n    g w\nblock g(w):\n    conv w 40\nrepeat 3 as i:\n    if i == 1:\n        f 8"
    )
    assert [frame.text for frame in found.frames] == ["in round 2 of 3", "in 'f 8', used", "in 'g w', used"]
    assert [frame.span.line for frame in found.frames] == [6, 8, 3]


def test_a_fault_repeated_in_every_call_is_said_once() -> None:
    assert fault(PICTURE + "block f:\n    @input | conv 4 40\nrepeat 9:\n    @input | conv 3 1\n    f").span


class TestWarnings:
    def codes(self, text: str) -> list[str]:
        return [one.code for one in network(text).diagnostics]

    def test_a_tensor_that_nothing_uses(self) -> None:
        assert self.codes(PICTURE + "a = conv 4 3\nb = @input | conv 4 3\nrelu") == ["unused-tensor"]

    def test_pooling_that_pytorch_refuses(self) -> None:
        assert self.codes(PICTURE + "maxpool 2 pad=1") == []
        assert self.codes(PICTURE + "maxpool 3 stride=1 pad=2") == ["pytorch-refuses"]
        assert self.codes(PICTURE + "maxpool 3 stride=1 pad=2 dilation=4") == ["pytorch-refuses"]

    def test_output_padding_that_pytorch_refuses(self) -> None:
        assert self.codes(PICTURE + "upconv 4 3 stride=2 outpad=1") == []
        assert self.codes(PICTURE + "upconv 4 3 stride=2 outpad=2") == ["pytorch-refuses"]
        assert self.codes(PICTURE + "upconv 4 3 stride=2 outpad=2 dilation=3") == []

    def test_an_unusually_large_kernel(self) -> None:
        assert self.codes("input 3x224x224\nConv2d 3 64") == ["large-kernel"]
        assert self.codes("input 1@16000\nconv 32 80 stride=4") == []

    def test_trailing_pixels_that_nothing_reads(self) -> None:
        notes = network("input 1x10x10\nmaxpool 3 stride=2").diagnostics
        assert [(one.severity, one.code) for one in notes] == [("note", "unread-input")]
        assert "row 9 and column 9 are never read" in notes[0].message
        assert self.codes("input 3x224x224\nconv 64 7 stride=2 pad=3") == []  # only padding is left over
        assert self.codes("input 8x56x56\nconv 16 1 stride=2") == []  # a regular gap, as after every window

    def test_allow_silences_a_line_or_the_file(self) -> None:
        line = "maxpool 3 stride=1 pad=2"
        assert self.codes(PICTURE + line + "  # allow: pytorch-refuses, unread-input") == []
        assert self.codes("# allow: pytorch-refuses\n" + PICTURE + line) == []
        assert self.codes(PICTURE + "# allow: pytorch-refuses\n" + line) == ["pytorch-refuses"]


def test_a_295_image_stays_295() -> None:
    assert clean("input 1x295x295\nconv 8 3 pad=1 -> 8x295x295").diagnostics == ()
    assert "got 8x295x295" in fault("input 1x295x295\nconv 8 3 pad=1 -> 8x291x291").message


class TestVariablesAsElements:
    """The static check cannot look through variables: the run does."""

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            (
                "block f(act=relu):\n    conv 4 1 | act\nf nonsense",
                "'act' holds the word 'nonsense', and that is no layer",
            ),
            ("let s = 5\ns 3", "'s' holds 5, and that is no layer"),
            ("act\nlet act = relu", "'act' has no value here: it is set below, in line 3"),
            ("if C == 4:\n    let act = relu\nact", "'act' has no value here: the branch or repeat"),
            ("let s = dwconv\ns 4 3", "dwconv takes kernel without keys"),
            ("block g(n):\n    conv n 1\nlet s = g\ns", "block 'g' needs a value for 'n'"),
            ("block f(relu=silu):\n    conv 4 1 | relu\nf", "parameter 'relu' is also the name of a layer"),
            ("let b = relu\nblock b:\n    conv 3 1\nb", "'b' is the name of a layer: it cannot stand for 'relu'"),
            ("block f(@act):\n    act\nf @input", "unknown layer 'act'"),
        ],
    )
    def test_what_holds_no_layer_is_said(self, text: str, message: str) -> None:
        assert fault(PICTURE + text).message.startswith(message)

    def test_one_parenthesised_argument_is_no_python_call(self) -> None:
        built = clean("input 4x9x9\nmaxpool (3, 2)\nreshape (12, 4)\nfc_in = reshape (48)\nfc (C*2)")
        assert [node.output for node in built.layers] == [(4, 3, 4), (12, 4), (48,), (96,)]

    def test_weights_of_a_tensor_parameter_can_be_shared(self) -> None:
        built = clean(PICTURE + "block b(@s):\n    conv 3 1 share=@s\nx = conv 3 1\nb @x")
        assert [node.owner for node in built.nodes] == [None, None, 1]

    def test_one_bad_merge_header_is_one_error(self) -> None:
        for header in ("add: -> 3x8x8", "relu | add:", "Concatenate:"):
            fault(f"input 3x8x8\n{header}\n    - relu\n    - tanh")
        assert fault("input 3x8x8\nadd:\n    -relu\n    - tanh").help == "write '- relu'"


def test_the_network_reads_nothing_in_a_train_head() -> None:
    text = PICTURE + "head aux train:\n    b = relu\n    conv 4 1\n{}tanh\nadd @b @input"
    assert "only training runs" in fault(text.format("")).message
    clean(PICTURE + "head aux:\n    b = relu\n    conv 4 1\ntanh\nadd @b")
    clean(PICTURE + "head aux train:\n    b = relu\n    tanh\n    add @b\nhead two train:\n    @b | conv 4 1\nrelu")


def test_an_error_is_kept_whatever_comes_before_it() -> None:
    many = "\n".join(f"maxpool 3 1 pad=2  # {number}" for number in range(1001))
    assert fault(PICTURE + many + "\nconv 64 0").message.startswith("kernel is at least 1")


class TestLimits:
    """Each of these took long, or much memory, or ended in a traceback, before there was a limit."""

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("- " * 100_000, "syntax"),
            ("resize 0." + "0" * 100_000 + "1", "too-large"),
            ("conv " + "+".join("1" * 5_000) + " 1", "too-large"),
            ("conv 3 " + "x".join("1" * 100_000), "too-large"),
            ("n" * 2_000_000, "too-large"),
            ("repeat 10**12:\n    let a = 9**9**9", "too-many-steps"),
            ("repeat 10**20 as i:\n    let a = i\nrelu", "too-many-steps"),
            ("repeat 10**12 as i:\n    conv 3 1 -> (i+4, 8, 8)", "too-many-layers"),
            ("x" * 200 + " = relu", "bad-name"),
            ("conv " + "1 " * 20_000, "too-many-arguments"),
        ],
        ids=lambda text: text[:20],
    )
    def test_it_is_refused_at_once(self, text: str, code: str) -> None:
        assert code in {one.code for one in network(PICTURE + text, max_layers=10_000).diagnostics}

    def test_doubling_blocks_stop(self) -> None:
        blocks = "\n".join(f"block b{number}:\n    b{number + 1}\n    b{number + 1}" for number in range(55))
        text = f"{PICTURE}{blocks}\nblock b55:\n    if C == 9:\n        relu\nb0"
        assert "too-many-steps" in {one.code for one in network(text).diagnostics}


@pytest.mark.parametrize(
    ("line", "help"),
    [
        ("conv 6 5, relu", "write 'conv 6 5 | relu'"),
        ("conv 6 5 relu", "between layers stands '|': 'conv 6 5 | relu'"),
        ("conv 6 5 activation=relu", "an activation is a layer of its own: 'conv 6 5 | relu'"),
        ("conv 3 6 5", "further arguments have keys: 'conv 3 6 stride=5'; input channels are never given: 'conv 6 5'"),
        ("conv 3 3\nadd @conv1", "'conv1' is only what the table calls it"),
        ('conv 6 5 padding="same"', "write 'conv 6 5 padding=same'"),
        ("repeat 3:\n    conv 6 5 pad=2\n  relu", "start it in column 1 or 5"),
    ],
)
def test_what_a_learner_tries_is_led_on(line: str, help: str) -> None:
    assert (fault(PICTURE + line).help or "").startswith(help)
