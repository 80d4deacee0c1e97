"""What is given from outside: values of variables, shapes of inputs, and what is probably meant otherwise."""

from fractions import Fraction

import pytest

from cnncalc.diagnostics import INPUT, VARIABLE, Source, SpecError, Wording
from cnncalc.interpret.build import Spec, worded
from cnncalc.interpret.faults import Faults
from cnncalc.interpret.overrides import given_input, misreading, setting, varied
from cnncalc.network.assembler import Assembler
from cnncalc.values import Pair, ShapeSize, Size, Word
from helpers import PICTURE, clean, network, used


def refused(work, *arguments, **named):
    """The one fault that is raised, and what it is of."""
    with pytest.raises(SpecError) as caught:
        work(*arguments, **named)
    (one,) = caught.value.diagnostics
    return one


class TestSettings:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            (" 64 ", 64), ("2*3", 6), ("1/3", Fraction(1, 3)), ("5M", 5_000_000), ("yes", True), ("relu", Word("relu")),
            ("3x5", Size((3, 5))), ("1:2", Pair(1, 2)), ("4@8", ShapeSize((4, 8))),
        ],
    )  # fmt: skip
    def test_the_value_of_a_variable(self, text, value):
        assert setting("width", text) == value
        assert type(setting("width", text)) is type(value)

    @pytest.mark.parametrize(
        ("name", "text", "message", "help"),
        [
            ("wid th", "3", "variable 'wid th' = 3: 'wid th' is no name of a variable", "for example variable 'width' = 64"),
            ("width", "3 4", "variable 'width' = 3 4: an operator is missing before '4'", None),
            ("width", "1/0", "variable 'width' = 1/0: division by zero", None),
            ("width", "C", "variable 'width' = C: no tensor enters here, so C has no value", None),
            ("width", "@x", "variable 'width' = @x: unknown tensor '@x'", None),
            ("width", "2.", "variable 'width' = 2.: an operator is missing before '.'", None),
        ],
    )  # fmt: skip
    def test_what_is_none(self, name, text, message, help):
        one = refused(setting, name, text)
        assert (one.code, one.message, one.help, one.span) == ("option", message, help, None)
        assert (one.override.target, one.override.name, one.override.text) == (VARIABLE, name, text)

    def test_a_name_that_is_no_variable(self, tmp_path):
        used(tmp_path, "a.txt", "let deep = 3\n")
        text = (
            "use a.txt\n"
            + PICTURE
            + "let width = 4\nlet width2 = 5\nblock b:\n    let inner = 3\n    relu\nconv width deep\n"
        )
        assert clean(text, folder=tmp_path, settings={"deep": "5"}).nodes[-1].output == (4, 28, 28)
        one = refused(network, text, folder=tmp_path, settings={"widht": "3"})
        assert (one.message, one.help) == (
            "variable 'widht': no top-level variable is called 'widht'", "did you mean 'width'?",
        )  # fmt: skip
        assert one.override.text is None
        assert (
            refused(network, text, folder=tmp_path, settings={"inner": "3"}).help
            == "its variables: deep, width, width2"
        )
        assert refused(network, "relu", settings={"w": "3"}).help == "this spec has no 'let' at its top level"


class TestGivenInputs:
    @pytest.mark.parametrize(
        ("text", "layout", "shape"),
        [("3x8x9", "chw", (3, 8, 9)), (" 8x9x3 ", "hwc", (3, 8, 9)), ("3@8x9", "hwc", (3, 8, 9)), ("10", "chw", (10,)),
         ("(1+2, 8, 9)", "chw", (3, 8, 9))],
    )  # fmt: skip
    def test_their_shapes_come_channels_first(self, text, layout, shape):
        faults = Faults()
        assert given_input(None, text, layout, faults) == shape
        assert faults.found == []

    @pytest.mark.parametrize(
        ("text", "message", "help"),
        [
            ("3,8,8", "',' outside parentheses", "write input = 3x8x8"),
            ("3 x 8", "an operator is missing before 'x'", "write input = 3x8"),
            ("[3, 8, 8]", "a value is missing before '['", "write input = 3x8x8"),
            ("3*", "a value is missing at the end", "for example input = 3x224x224"),
            ("3x8x", "'3x8x' is neither a number nor a size", "a size with a variable is written in parentheses: '(3, 8, …)'"),
            ("cat", "an input is a shape, not the word 'cat'", "for example input = 3x224x224"),
            ("3x0x8", "an input has a size of 0; sizes are at least 1", "for example input = 3x224x224"),
            ("3x?x8", "an input has a whole shape, without '?'", None),
            ("28x28", "28x28 would be 28 channels of length 28", "write '1x28x28' for a grey picture, or '28@28' for 28 channels of length 28"),
        ],
    )  # fmt: skip
    def test_what_is_none(self, text, message, help):
        one = refused(given_input, None, text, "chw", Faults())
        assert (one.code, one.message, one.help) == ("option", f"input = {text}: {message}", help)
        assert (one.override.target, one.override.name, one.override.text) == (INPUT, None, text)

    def test_its_name_is_said(self):
        assert refused(given_input, "left", "3,8,8", "chw", Faults()).help == "write input 'left' = 3x8x8"
        assert refused(given_input, "left", "cat", "chw", Faults()).help == "for example input = 3x224x224"

    def test_what_is_probably_meant_otherwise_is_told_and_read(self):
        faults = Faults()
        assert given_input("x", "1x3x224x224", "chw", faults) == (1, 3, 224, 224)
        (one,) = faults.found
        assert (one.severity, one.code) == ("warning", "batch-size")
        assert one.message.startswith("input 'x' = 1x3x224x224: 1x3x224x224 is read as 1 channel of 3x224x224; ")

    def test_names_of_inputs(self):
        two = "a = input 3x8x8\nb = input 3x8x8\nconcat @a @b\n"
        assert clean(two, inputs={"a": "5x8x8"}).nodes[-1].output == (8, 8, 8)
        one = refused(network, two, inputs={None: "5x8x8"})
        assert (one.message, one.help) == ("input: the spec has several inputs", "write input 'a' = SHAPE")
        one = refused(network, two, inputs={"c": "5x8x8"})
        assert (one.message, one.help) == ("input 'c': no input is called 'c'", "its inputs: a, b")
        assert clean(PICTURE + "relu", inputs={"input": "1x8x8"}).nodes[-1].output == (1, 8, 8)
        assert clean("x = " + PICTURE + "relu", inputs={"x": "1x8x8"}).nodes[-1].output == (1, 8, 8)
        assert clean("relu", inputs={"input": "1x8x8"}).nodes[-1].output == (1, 8, 8)
        assert refused(network, "relu", inputs={"x": "1x8x8"}).help == "its inputs: input"

    def test_in_their_order(self):
        two = "a = input 3x8x8\nb = input 3x8x8\nconcat @a @b\n"
        built = clean(two, inputs={0: "5x8x8", 1: "1x8x8"})
        assert built.nodes[-1].output == (6, 8, 8)
        assert built.rebuild(inputs={0: "2x4x4", 1: "2x4x4"}).nodes[-1].output == (4, 4, 4)
        assert varied(built, {0: "2x4x4", 1: "2x4x4"}, {}).nodes[-1].output == (4, 4, 4)
        for some in (1, 3):
            one = refused(network, two, inputs=dict.fromkeys(range(some), "5x8x8"))
            assert one.message == f"input: the spec has 2 inputs (a, b), and {some} shapes are given"
        one = refused(network, PICTURE + "relu", inputs={0: "1x8x8", 1: "1x8x8"})
        assert one.message == "input: the spec has one input (input), and 2 shapes are given"

    def test_shapes_as_such(self):
        assert clean(PICTURE + "relu", inputs={None: (1, 8, 8)}).nodes[-1].output == (1, 8, 8)


class TestMisreadings:
    @pytest.mark.parametrize(
        ("written", "layout", "code", "message", "help"),
        [
            ((28, 30), "chw", "ambiguous-input", "28x30 would be 28 channels of length 30",
             "write '1x28x30' for a grey picture, or '28@30' for 28 channels of length 30"),
            ((28, 30), "hwc", "ambiguous-input", "28x30 would be 30 channels of length 28",
             "write '28x30x1' for a grey picture, or '30@28' for 30 channels of length 28"),
            ((1, 3, 9, 8), "chw", "batch-size",
             "1x3x9x8 is read as 1 channel of 3x9x8; shapes are per sample, without the batch",
             "if the 1 is a batch write 'input 3x9x8'"),
            ((32, 3, 16, 16), "chw", "batch-size",
             "32x3x16x16 is read as 32 channels of 3x16x16; shapes are per sample, without the batch",
             "if the 32 is a batch write 'input 3x16x16', if it is frames 'input 3x32x16x16'"),
            ((32, 4, 16, 16), "chw", "batch-size",
             "32x4x16x16 is read as 32 channels of 4x16x16; shapes are per sample, without the batch",
             "if the 32 is a batch write 'input 4x16x16', if it is frames 'input 4x32x16x16'"),
            ((1, 3, 16, 16), "hwc", "channels-first", "1x3x16x16 is read as 16 channels of 1x3x16",
             "with the channels first leave 'layout hwc' out, or write 'input 16x16x3'"),
            ((3, 8, 16, 16), "hwc", "channels-first", "3x8x16x16 is read as 16 channels of 3x8x16",
             "with the channels first leave 'layout hwc' out, or write 'input 8x16x16x3'"),
            ((8, 3, 16, 16), "hwc", "channels-first", "8x3x16x16 is read as 16 channels of 8x3x16",
             "with the channels first leave 'layout hwc' out, or write 'input 8x16x16x3'"),
            ((1, 9, 8, 1), "hwc", "batch-size",
             "1x9x8x1 is read as 1 channel of 1x9x8; shapes are per sample, without the batch",
             "if the 1 is a batch write 'input 9x8x1'"),
            ((9, 8, 3), "chw", "channels-last", "9x8x3 is read as 9 channels of 8x3",
             "with the channels last write 'layout hwc' above, or 'input 3x9x8'"),
            ((4, 8, 3), "chw", "channels-last", "4x8x3 is read as 4 channels of 8x3",
             "with the channels last write 'layout hwc' above, or 'input 3x4x8'"),
            ((1, 9, 8, 4), "chw", "channels-last", "1x9x8x4 is read as 1 channel of 9x8x4",
             "with the channels last write 'layout hwc' above, or 'input 4x9x8'"),
            ((4, 4, 4, 1), "chw", "channels-last", "4x4x4x1 is read as 4 channels of 4x4x1",
             "with the channels last write 'layout hwc' above, or 'input 1x4x4x4'"),
            ((3, 3, 1), "chw", "channels-last", "3x3x1 is read as 3 channels of 3x1",
             "with the channels last write 'layout hwc' above, or 'input 1x3x3'"),
        ],
    )  # fmt: skip
    def test_what_is_said(self, written, layout, code, message, help):
        one = misreading(Size(written), layout)
        assert (one.code, one.message, one.help, one.span) == (code, message, help, None)
        assert one.severity == ("error" if code == "ambiguous-input" else "warning")

    @pytest.mark.parametrize(
        ("written", "layout"),
        [
            (Size((3, 8, 9)), "chw"), (Size((9, 8, 3)), "hwc"), (ShapeSize((28, 28)), "chw"), (Size((28, None)), "chw"),
            (Size((True, 28)), "chw"), (28, "chw"), (Word("x"), "chw"), (Size((32, 3, 15, 15)), "chw"),
            (Size((32, 3, 16, 17)), "chw"), (Size((3, 3, 16, 16)), "chw"), (Size((32, 2, 16, 16)), "chw"),
            (Size((32, 16, 17, 3)), "hwc"), (Size((32, 16, 16, 3)), "hwc"), (Size((3, 8, 16, 17)), "hwc"),
            (Size((3, 8, 15, 15)), "hwc"), (Size((2, 8, 16, 16)), "hwc"), (Size((3, 8, 3)), "chw"), (Size((512, 4, 4)), "chw"), (Size((2, 8, 3)), "chw"),
            (Size((9, 8, 5)), "chw"), (Size((9, 8, 2)), "chw"), (Size((8,)), "chw"), (Size((3, 2, 2, 2, 2)), "chw"),
        ],
    )  # fmt: skip
    def test_what_is_meant_as_it_stands(self, written, layout):
        assert misreading(written, layout) is None


class TestNetworksOnceMore:
    SPEC = "let w = 4\n" + PICTURE + "conv w 3 -> 4x30x30\n"

    def test_of_a_spec(self):
        built = clean(self.SPEC)
        assert varied(built, {}, {}) is built
        made = varied(built, {None: "3x16x16"}, {"w": "5"})
        assert made.nodes[-1].output == (5, 14, 14)
        assert [one.severity for one in made.diagnostics] == ["note"]
        assert varied(made, {}, {"w": "6"}).nodes[-1].output == (6, 14, 14)  # its own stays
        assert varied(made, {None: "3x8x8"}, {}).nodes[-1].output == (5, 6, 6)

    def reader(self, *names):
        """A network that no spec stands behind."""
        assembler = Assembler(Source("net.onnx", ""))
        tensors = [assembler.add_input(name, (3, 8, 8)) for name in names]
        for tensor in tensors:
            assembler.apply(assembler.layer("conv", {"filters": 4, "kernel": 3}), (tensor,))
        return assembler.finish()

    def test_of_another_reader(self):
        assert varied(self.reader("x"), {None: "3x16x16"}, {}).nodes[-1].output == (4, 14, 14)
        assert varied(self.reader("x"), {"x": "3x16x16"}, {}).nodes[-1].output == (4, 14, 14)
        two = self.reader("x", "y")
        assert [node.output for node in varied(two, {"y": "3x16x16"}, {}).layers] == [(4, 6, 6), (4, 14, 14)]

    def test_what_nobody_could_tell(self):
        one = refused(varied, self.reader("x"), {}, {"w": "3"})
        assert (one.code, one.message) == ("replay", "net.onnx has no variables that could be set")
        one = refused(varied, self.reader("x", "y"), {None: "3x9x9"}, {})
        assert one.message == "net.onnx has several inputs: x, y"
        assert refused(varied, self.reader("x"), {"z": "3x9x9"}, {}).message == "net.onnx: no input is called 'z'"


class TestWording:
    class Loud(Wording):
        more_layers = "ask for more"

        def named(self, target, name, text):
            return f"{target}!"

    def test_what_is_overridden_is_said_in_the_words_of_whoever_asks(self):
        spec = Spec(Source("model.txt", "input 3x8x8\nrelu\n"))
        made = worded(self.Loud(), lambda: spec.network(inputs={None: "1x3x8x8"}))
        assert made.diagnostics[0].message.startswith("input!: 1x3x8x8 is read as")
        assert refused(worded, self.Loud(), lambda: spec.network(settings={"w": "3"})).message.startswith(
            "variable!: no"
        )

    def test_what_helps_at_the_limit(self):
        spec = Spec(Source("model.txt", "input 3x8x8\nrelu | relu\n"), max_layers=1)
        (one,) = worded(self.Loud(), spec.network).diagnostics
        assert (one.code, one.help) == ("too-many-layers", "ask for more")
