"""The language, rule by rule, as `cnncalc help language` states it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.interpret.specification import specification
from tests.helpers import PICTURE, clean, fault, names, network, params, shapes, used


class TestLines:
    def test_crlf_byte_order_mark_comments_and_blank_lines_mean_nothing(self) -> None:
        assert shapes("input 3x8x8  # the picture\r\n\r\n  # nothing\r\nconv 4 3 # 4 filters\r\n") == [(4, 6, 6)]

    def test_a_pipe_puts_layers_on_one_line(self) -> None:
        assert names(PICTURE + "conv 6 5 | tanh | avgpool 2") == ["conv1", "tanh1", "avgpool1"]

    def test_a_hash_in_a_message_starts_no_comment(self) -> None:
        built = clean(PICTURE + 'conv 4 3\nrequire params <= 1k "rule #1"  # a comment')
        assert specification(built).requirements[0].node.message == "rule #1"

    def test_a_title_may_end_in_a_colon_and_hold_anything(self) -> None:
        assert clean('model Größe: 3×3 "net":\n' + PICTURE + "relu").title == 'Größe: 3×3 "net":'

    def test_times_sign_and_capital_x(self) -> None:
        assert shapes("input 3×8X9\nconv 4 3x2") == [(4, 6, 8)]

    def test_no_break_spaces_count_as_blanks(self) -> None:
        assert shapes("input\u00a03x8x8\nconv\u00a04 3") == [(4, 6, 6)]

    def test_an_arrow_alone_checks_the_running_tensor(self) -> None:
        clean(PICTURE + "concat:\n    - conv 4 3\n    - conv 5 3\n-> 9x?x30")
        found = fault(PICTURE + "add:\n    - conv 4 3\n    - conv 4 3\n-> 9x30x30")
        assert found.span is not None
        assert found.span.line == 5


class TestNames:
    def test_unnamed_layers_are_counted_over_the_network(self) -> None:
        text = PICTURE + "conv 4 3 | relu\nmid = conv 4 3\nconv 4 3 | relu\nadd:\n    - identity\n    - relu"
        assert names(text) == ["conv1", "relu1", "mid", "conv2", "relu2", "identity1", "relu3", "add1"]

    def test_a_counted_name_makes_way_for_a_given_one(self) -> None:
        assert names(PICTURE + "conv 4 3\nconv 4 3\nconv2 = conv 4 3\nconv 4 3") == ["conv1", "conv3", "conv2", "conv4"]

    def test_the_first_relu6_is_not_the_61st_relu(self) -> None:
        found = names(PICTURE + "relu6\n" + "relu\n" * 62)
        assert len(set(found)) == len(found)

    def test_names_in_blocks_and_rounds(self) -> None:
        text = (
            PICTURE + "block f:\n    y = conv 4 1\n    repeat 2:\n        z = relu\nf\nf\nrepeat 3:\n    y = conv 4 1"
        )
        assert names(text) == [
            "f1/y", "f1/z[1]", "f1/z[2]", "f2/y", "f2/z[1]", "f2/z[2]", "y[1]", "y[2]", "y[3]",
        ]  # fmt: skip

    def test_a_name_of_a_block_is_its_output(self) -> None:
        text = PICTURE + "block f:\n    conv 4 3 | relu\nx = f\ny = maxpool 2\nz = @x | conv 2 3\noutput @y @z"
        assert shapes(text)[2:] == [(4, 15, 15), (2, 28, 28)]

    def test_a_name_is_set_once(self) -> None:
        assert "already set in line 2" in fault(PICTURE + "x = conv 4 3\nx = conv 4 3").message
        assert "already set in line 2" in fault(PICTURE + "let w = 3\nlet w = 4\nconv w 3").message
        assert "already set" in fault(PICTURE + "stage x:\n    relu\nx = conv 4 3").message

    def test_variables_and_tensors_have_names_apart(self) -> None:
        clean(PICTURE + "let x = 4\nx = conv x 3\n@x | relu")

    def test_branches_may_each_set_a_name(self) -> None:
        text = (
            PICTURE
            + "if C == {}:\n    x = conv 4 3\n    let w = 2\nelse:\n    x = conv 5 3\n    let w = 7\n@x | conv w 1"
        )
        assert shapes(text.format(3)) == [(4, 30, 30), (2, 30, 30)]
        assert shapes(text.format(4)) == [(5, 30, 30), (7, 30, 30)]

    def test_a_name_of_a_branch_not_taken_is_not_made(self) -> None:
        found = fault(PICTURE + "if C == 9:\n    x = relu\nrelu\nadd @x")
        assert "not made here" in found.message
        assert "not run" in found.message

    def test_names_refer_upwards_only(self) -> None:
        found = fault(PICTURE + "conv 4 3\nadd @x\nx = relu")
        assert "set below, in line 4" in found.message

    def test_a_round_sets_anew_and_the_last_stays(self) -> None:
        text = PICTURE + "repeat 3 as i:\n    let w = 4*2**i\n    x = conv w 3\n@x | conv w 1"
        assert shapes(text)[-1] == (16, 26, 26)

    def test_loops_may_reuse_a_letter_but_not_inside_each_other(self) -> None:
        clean(PICTURE + "repeat 2 as i:\n    conv 4+i 1\nrepeat 2 as i:\n    conv 4+i 1")
        assert "already set" in fault(PICTURE + "repeat 2 as i:\n    repeat 2 as i:\n        conv 4 1").message

    def test_a_block_does_not_see_outer_tensors_or_loops(self) -> None:
        found = fault(PICTURE + "block f:\n    add @x\nx = relu\nconv 3 1\nf")
        assert "pass it as a parameter" in (found.help or "")
        assert "unknown name 'i'" in fault(PICTURE + "block f:\n    conv i 1\nrepeat 2 as i:\n    f").message

    def test_a_block_sees_top_level_variables_above_its_use(self) -> None:
        assert shapes(PICTURE + "block f:\n    conv w 1\nlet w = 5\nf") == [(5, 32, 32)]
        assert "unknown name 'w'" in fault(PICTURE + "block f:\n    conv w 1\nf\nlet w = 5").message

    @pytest.mark.parametrize("word", ["repeat", "yes", "No", "same", "here", "C", "L", "input", "max", "share"])
    def test_words_of_the_language_name_nothing(self, word: str) -> None:
        assert fault(PICTURE + f"let {word} = 3\nrelu").code == "reserved-word"


class TestMerges:
    def test_paths_under_the_dash_or_deeper_below_a_bare_one(self) -> None:
        text = (
            PICTURE + "add:\n    - conv 4 3\n      relu\n    -\n        conv 4 3\n        relu\n    - conv 4 3 | relu"
        )
        assert names(text) == ["conv1", "relu1", "conv2", "relu2", "conv3", "relu3", "add1"]

    def test_an_empty_path_is_the_identity(self) -> None:
        assert shapes(PICTURE + "concat:\n    -\n    - relu  # and so on\n    - identity")[-1] == (9, 32, 32)

    def test_a_body_in_a_path_is_deeper_than_its_header(self) -> None:
        text = PICTURE + "add:\n    - if C == 3:\n          conv 4 3\n      else:\n          conv 5 3\n    - conv 4 3"
        assert shapes(text) == [(4, 30, 30), (4, 30, 30), (4, 30, 30)]

    def test_here_is_the_tensor_that_entered(self) -> None:
        text = PICTURE + "conv 4 3\nadd:\n    - maxpool 2\n      upsample like=@here\n    - conv @here.C 1"
        assert shapes(text)[-1] == (4, 30, 30)

    def test_mul_stretches_axes_of_one_and_add_does_not(self) -> None:
        gate = PICTURE + "{}:\n    - identity\n    - gavgpool | conv 3 1 | sigmoid"
        assert shapes(gate.format("mul"))[-1] == (3, 32, 32)
        assert fault(gate.format("add")).message == (
            "add needs equal shapes: path 1 gives 3x32x32, path 2 (line 4) gives 3x1x1"
        )

    def test_short_forms(self) -> None:
        text = "input 3x8x8\na = conv 4 1\nb = conv 5 1\nconcat @a\nc = relu\nconcat @a @b\nadd:\n    - relu\n    - tanh\nconcat @c"
        assert shapes(text)[2] == (9, 8, 8)
        assert shapes(text)[4] == (9, 8, 8)

    def test_concat_along_an_axis(self) -> None:
        assert shapes("input 8@100\nconcat axis=L:\n    - identity\n    - maxpool 2")[-1] == (8, 150)
        assert shapes(PICTURE + "conv 3 1\nconcat @input axis=H")[-1] == (3, 64, 32)

    def test_one_path_is_no_merge(self) -> None:
        assert fault(PICTURE + "add:\n    - conv 4 3").code == "one-path"


class TestHeadsAndStages:
    def test_a_head_is_a_side_path_and_an_output(self) -> None:
        built = clean(PICTURE + "conv 4 3\nhead aux train:\n    gavgpool | fc 10\nhead side:\n    conv 1 1\nconv 8 3")
        assert [(port.name, port.train) for port in built.outputs] == [("conv3", False), ("aux", True), ("side", False)]
        assert built.nodes[-1].inputs == (1,)
        assert [node.train for node in built.nodes] == [False, False, True, True, False, False]

    def test_a_stage_names_its_output(self) -> None:
        built = clean(PICTURE + "stage stem:\n    conv 4 3 | relu\nx = maxpool 2\ny = @stem | conv 4 1\noutput @x @y")
        assert built.nodes[-1].inputs == (2,)
        assert built.extents["stem"] == (1, 3, 2)

    @pytest.mark.parametrize("header", ["repeat 2:", "block f:", "add:\n    -"])
    def test_no_stage_in_a_repeat_a_block_or_a_path(self, header: str) -> None:
        deeper = "        " if "-" in header else "    "
        built = network(f"{PICTURE}{header}\n{deeper}stage x:\n{deeper}    relu\n")
        assert "misplaced" in {one.code for one in built.diagnostics}

    @pytest.mark.parametrize(
        "line",
        [
            "model x",
            "input 3x8x8",
            "layout hwc",
            "use x.txt",
            "output @x",
            "require params < 3",
            "block f:\n        relu",
        ],
    )
    def test_some_lines_stand_at_the_top_level_only(self, line: str) -> None:
        built = network(f"{PICTURE}if C == 3:\n    {line}\nrelu")
        assert "misplaced" in {one.code for one in built.diagnostics}


class TestBlocks:
    def test_parameters_hold_numbers_sizes_flags_words_kinds_and_tensors(self) -> None:
        text = (
            PICTURE
            + "block f(w, k=3x1, b=no, p=same, act=relu, @skip=@input):\n"
            + "    conv w k bias=b pad=p\n    act\n    concat @skip\nf 4\nf 4 1x3 yes act=silu"
        )
        built = clean(text)
        assert [node.kind for node in built.layers] == ["conv", "relu", "concat", "conv", "silu", "concat"]
        assert built.nodes[-1].output == (11, 32, 32)
        assert [node.result.params for node in built.layers if node.result] == [36, 0, 0, 88, 0, 0]

    def test_a_default_is_worked_out_at_the_blocks_start(self) -> None:
        assert shapes(PICTURE + "block f(a, b=a*2+C):\n    conv 9 1\n    conv b 1\nf 4")[-1] == (11, 32, 32)

    def test_input_in_a_block_is_its_own(self) -> None:
        text = PICTURE + "conv 8 3\nblock f:\n    conv C 3 pad=1\n    if @input.C == 8:\n        add @input\nf"
        assert clean(text).nodes[-1].inputs == (2, 1)

    def test_definitions_come_in_any_order(self) -> None:
        assert shapes(PICTURE + "f\nblock f:\n    g\nblock g:\n    conv 4 3") == [(4, 30, 30)]

    def test_a_block_keeps_the_defaults_above_its_definition(self) -> None:
        text = PICTURE + "default conv bias=no\nblock f:\n    conv 4 1\ndefault conv bias=yes\nf\nconv 4 1"
        assert [node.result.params for node in clean(text).layers if node.result] == [12, 20]

    def test_defaults_end_with_their_body_and_reach_one_kind(self) -> None:
        text = PICTURE + "if C == 3:\n    default conv bias=no\n    conv 4 1\nconv 4 1\ndefault conv bias=no\ndwconv 1"
        assert [node.result.params for node in clean(text).layers if node.result] == [12, 20, 8]

    def test_a_default_may_fill_a_missing_argument(self) -> None:
        assert shapes(PICTURE + "default conv kernel=3 pad=1\nconv 4") == [(4, 32, 32)]

    def test_a_block_never_uses_itself(self) -> None:
        assert "f -> g -> f" in fault(PICTURE + "block f:\n    g\nblock g:\n    f\nf").message
        assert "uses itself" in fault(PICTURE + "block f(g):\n    g f\nf f").message

    def test_a_block_may_have_the_name_of_a_kind(self) -> None:
        built = network(PICTURE + "block Linear(n):\n    conv n 1 | relu\nLinear 4\nlet f = Linear\nf 5")
        assert [(node.kind, node.output) for node in built.layers] == [
            ("conv", (4, 32, 32)), ("relu", (4, 32, 32)), ("conv", (5, 32, 32)), ("relu", (5, 32, 32)),
        ]  # fmt: skip
        assert [(one.severity, one.code, one.message) for one in built.diagnostics] == [
            ("note", "kind-name", "'Linear' is also a kind of layer: here it is this block")
        ]

    def test_the_kind_itself_is_out_of_reach_of_a_block_of_its_name(self) -> None:
        found = fault(PICTURE + "block conv(n):\n    conv n\nconv 3")
        assert "uses itself" in found.message
        assert "give the block another name" in (found.help or "")

    def test_a_merge_with_a_body_is_the_kind_whatever_a_block_is_called(self) -> None:
        text = PICTURE + "block add(n):\n    conv n 1\nadd 3\nadd:\n    - relu\n    - tanh"
        assert [node.kind for node in network(text).layers] == ["conv", "relu", "tanh", "add"]

    def test_shared_weights_of_a_block_count_once(self) -> None:
        text = "a = input 1x8x8\nb = input 1x8x8\nblock t:\n    conv 4 3 | bn\nx = @a | t\ny = @b | t share=@x\nconcat @x @y"
        assert params(text) == 48
        assert [node.owner for node in clean(text).nodes] == [None, None, None, None, 2, 3, None]

    def test_shared_weights_must_fit(self) -> None:
        text = PICTURE + "x = conv 4 3\ny = conv {} 3 pad=1 share=@x\nconcat:\n    - @y\n    - @y | relu"
        assert "differ in shape" in fault(text.format(4)).message
        assert "has no weights" in fault(PICTURE + "x = conv 4 3\nrelu share=@x").message


class TestUse:
    def test_blocks_variables_and_their_defaults_travel(self, tmp_path: Path) -> None:
        used(
            tmp_path, "blocks.txt", "default conv bias=no\nlet w = 6\ninput 9x9x9\nblock f:\n    conv w 1\nconv 77 7\n"
        )
        built = clean(PICTURE + "use blocks.txt\nuse blocks.txt\nf\nconv 2 1", folder=tmp_path)
        assert [node.result.params for node in built.layers if node.result] == [18, 14]

    def test_a_used_files_layout_is_its_own(self, tmp_path: Path) -> None:
        used(tmp_path, "blocks.txt", "layout hwc\nblock f:\n    reshape 8x8x48 -> 8x8x48\n")
        assert clean(PICTURE + "use blocks.txt\nf -> 48x8x8", folder=tmp_path).nodes[-1].output == (48, 8, 8)

    def test_a_block_with_the_name_of_a_kind_is_it_where_its_file_is_used(self, tmp_path: Path) -> None:
        used(tmp_path, "deep.txt", "block relu(n):\n    conv n 1\n")
        used(tmp_path, "blocks.txt", "use deep.txt\nblock f:\n    relu 7\n")
        used(tmp_path, "other.txt", "block g:\n    relu\n")
        built = network(PICTURE + "use blocks.txt\nuse other.txt\nf\ng\nrelu 5", folder=tmp_path)
        assert [(node.kind, (node.output or ())[0]) for node in built.layers] == [("conv", 7), ("relu", 7), ("conv", 5)]

    def test_bundled_files_are_used_by_name(self) -> None:
        built = clean(PICTURE + "use @resnet50\nuse @resnet50\nbottleneck 8\nbottleneck 8")
        assert [(node.kind, node.output) for node in built.layers][-1] == ("relu", (32, 32, 32))
        found = fault(PICTURE + "use @resnet5\nrelu")
        assert (found.message, found.help) == ("@resnet5: no such bundled example", "did you mean '@resnet50'?")

    def test_a_bundled_file_uses_what_lies_beside_it(self) -> None:
        clean(PICTURE + "use @fcn_resnet50\nrelu")

    def test_cycles_clashes_and_absent_files_are_said(self, tmp_path: Path) -> None:
        used(tmp_path, "a.txt", "use b.txt\nblock f:\n    relu\n")
        used(tmp_path, "b.txt", "use a.txt\nblock g:\n    relu\n")
        assert "circle" in fault(PICTURE + "use a.txt\nf", folder=tmp_path).message
        used(tmp_path, "c.txt", "let w = 3\nblock h:\n    relu\n")
        assert "also set" in fault(PICTURE + "let w = 4\nuse c.txt\nh", folder=tmp_path).message
        assert "already defined" in fault(PICTURE + "use c.txt\nblock h:\n    tanh\nh", folder=tmp_path).message
        assert "no such file" in fault(PICTURE + "use none.txt\nrelu", folder=tmp_path).message
        assert "relative" in fault(PICTURE + "use /etc/passwd\nrelu", folder=tmp_path).message


class TestLayout:
    def test_shapes_are_read_channels_last(self) -> None:
        text = "layout hwc\ninput 8x9x3\nconv 4 3x2 -> 6x8x4\nreshape 4x12x? -> 4x12x4\nupsample to=3x5 -> 4@3x5"
        assert shapes(text) == [(4, 6, 8), (4, 4, 12), (4, 3, 5)]

    def test_it_stands_before_the_input(self) -> None:
        assert "before the input" in fault("input 3x8x8\nlayout hwc\nrelu").message


class TestInputs:
    def test_several_inputs_have_no_running_tensor(self) -> None:
        assert clean("a = input 3x8x8\nb = input 3x8x8\nconcat @a @b").nodes[-1].output == (6, 8, 8)
        assert "'@a | …' or '@b | …'" in (fault("a = input 3x8x8\nb = input 3x8x8\nrelu\nconcat @a @b").help or "")

    def test_two_numbers_need_the_at_sign(self) -> None:
        assert "1x28x28" in (fault("input 28x28\nconv 6 5").help or "")
        assert shapes("input 8@100\nconv 6 5") == [(6, 96)]
        assert shapes("input 784\nfc 10") == [(10,)]

    @pytest.mark.parametrize(
        ("shape", "code"),
        [("1x3x295x295", "batch-size"), ("1x1x28x28", "batch-size"), ("224X224X3", "channels-last"),
         ("28x28x1", "channels-last"), ("1x224x224x3", "channels-last")],
    )  # fmt: skip
    def test_second_readings_are_warned_of(self, shape: str, code: str) -> None:
        assert [one.code for one in network(f"input {shape}\nrelu").diagnostics] == [code]

    @pytest.mark.parametrize("shape", ["3x224x224", "3x16x112x112", "64x1x1", "512x4x4", "3@224x3", "(1, 28, 28)"])
    def test_ordinary_shapes_are_not(self, shape: str) -> None:
        assert network(f"input {shape}\nrelu").diagnostics == ()

    def test_the_command_line_overrides_and_supplies(self) -> None:
        assert clean("input 3x8x8\nconv 4 3", inputs={None: "1x9x9"}).nodes[-1].output == (4, 7, 7)
        assert clean("conv 4 3", inputs={None: "1x9x9"}).nodes[-1].output == (4, 7, 7)
        built = network("input 3x8x8\nconv 4 3 -> 4x6x6", inputs={None: "1x9x9"})
        assert [(one.severity, one.code) for one in built.diagnostics] == [("note", "not-judged")]

    def test_variables_are_set_from_outside(self) -> None:
        text = PICTURE + "let act = relu\nlet w = 4\nconv w 3 | act"
        built = clean(text, settings={"act": "relu6", "w": "2*3"})
        assert [node.kind for node in built.layers] == ["conv", "relu6"]
        assert built.nodes[-1].output == (6, 30, 30)


class TestArguments:
    def test_letters_and_synonyms(self) -> None:
        same = ["conv 8 5 stride=2 pad=1", "conv K=8 F=5 S=2 P=1", "conv filters=8 k=5 s=2 p=1",
                "conv out=8 size=5 stride=2 padding=1", "Conv2d 8 5 stride=2 padding=1", "CONV_2D channels=8 kernel=5x5 s=2x2 p=1x1"]  # fmt: skip
        assert {(params(PICTURE + line), *shapes(PICTURE + line)[0]) for line in same} == {(608, 8, 15, 15)}  # type: ignore[misc]

    def test_flags_in_any_case(self) -> None:
        lines = ["conv 4 1 bias=no", "conv 4 1 bias=False", "conv 4 1 bias=FALSE", "conv 4 1 bias=No"]
        assert {params(PICTURE + line) for line in lines} == {12}

    def test_expressions_in_arguments(self) -> None:
        text = (
            PICTURE
            + "let w = 4\nconv w*4 (w-1, 1)\nconv (w * 2) 1\nconv C//2 3 pad=(C//4)\ntake 0:C//2\nconv divisible(C*6.5,8) 1"
        )
        assert shapes(text) == [(16, 30, 32), (8, 30, 32), (4, 32, 34), (2, 32, 34), (16, 32, 34)]

    def test_uneven_padding(self) -> None:
        assert shapes(PICTURE + "conv 4 2 pad=0:1\nconv 4 2 pad=0:1x1:0\npad 1:2x3") == [
            (4, 32, 32),
            (4, 32, 32),
            (4, 35, 38),
        ]

    def test_a_kind_of_fixed_rank_checks_it(self) -> None:
        assert "fixes 1 spatial axis" in fault(PICTURE + "Conv1d 8 3").message
        assert "fixes 2 spatial axes" in fault("input 8@100\nMaxPool2d 2").message

    def test_adaptive_pools_of_pytorch_take_the_output_size(self) -> None:
        assert shapes(PICTURE + "AdaptiveAvgPool2d 7") == [(3, 7, 7)]


class TestDefaultsOfExclusiveArguments:
    def test_the_line_wins(self) -> None:
        text = PICTURE + "default maxpool ceil=yes stride=2\ndefault avgpool to=4\nmaxpool to=8\navgpool 2\navgpool"
        assert shapes(text) == [(3, 8, 8), (3, 4, 4), (3, 4, 4)]
        assert shapes(PICTURE + "default resize to=8\nresize 2\nresize") == [(3, 64, 64), (3, 8, 8)]

    def test_a_line_cannot_contradict_itself(self) -> None:
        assert "not both" in fault(PICTURE + "maxpool to=8 stride=2").message


class TestNamesAndSigns:
    @pytest.mark.parametrize("line", ["y =relu", "y= relu"])
    def test_the_sign_of_a_name_stands_between_blanks(self, line: str) -> None:
        assert fault(PICTURE + line).help == "write 'y = relu'"

    @pytest.mark.parametrize("word", ["model", "stage", "repeat", "input", "block"])
    def test_words_of_the_language_name_no_tensor(self, word: str) -> None:
        assert fault(f"{PICTURE}{word} = conv 3 3\nrelu").code == "reserved-word"

    def test_a_head_needs_a_tensor(self) -> None:
        assert "no tensor runs into head" in fault("head h:\n    let u = conv\ninput 3x8x8\nrelu").message

    def test_a_variable_that_could_not_be_read_is_not_missed(self) -> None:
        assert fault(PICTURE + "let n = 1,000\nconv n 3").span is not None

    def test_concat_of_a_tensor_with_itself_is_warned_of(self) -> None:
        assert [one.code for one in network(PICTURE + "y = relu\nconcat @y").diagnostics] == ["same-tensor"]


class TestWordsAndScopes:
    def test_a_name_that_a_block_sets_is_never_the_top_levels(self) -> None:
        text = PICTURE + "let j = 5\nblock b:\n    if C == 99:\n        let j = 6\n    conv j 1\nb"
        assert "was not run" in fault(text).message

    def test_words_in_comparisons_mean_something(self) -> None:
        text = PICTURE + "let act = relu\nif act == {}:\n    conv 4 3\nelse:\n    conv 5 3"
        assert shapes(text.format("relu")) == [(4, 30, 30)]
        assert shapes(text.format("silu")) == [(5, 30, 30)]
        assert fault(text.format("rellu")).help == "did you mean 'relu'?"

    def test_weights_are_those_of_the_last_round(self) -> None:
        text = (
            PICTURE
            + "repeat 2 as i:\n    if i == 0:\n        x = conv 3 1\n    else:\n        x = @input\nconv 3 1 share=@x"
        )
        assert "could be shared" in fault(text).message
