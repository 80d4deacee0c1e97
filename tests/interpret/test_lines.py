"""Lines and names of the second edition: rounds by value and by number, several results, paths that are not there."""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc.diagnostics import Diagnostic
from cnncalc.network import Network
from tests.helpers import PICTURE, clean, fault, names, network, params, shapes

ROUNDS = PICTURE + "repeat 3 as i:\n    y = conv 4+i 1\n"
HALVES = "input 8x6x6\na, b = split 2\n"


def said(text: str) -> list[tuple[str, str]]:
    """The severity and the code of what is said."""
    return [(one.severity, one.code) for one in network(text).diagnostics]


def inputs_of(built: Network, name: str) -> list[str]:
    """The names of what a layer reads."""
    node = next(node for node in built.nodes if node.name == name)
    return [built.nodes[index].name for index in node.inputs]


def taught(text: str) -> tuple[str, str | None]:
    """The message and the help of the only fault."""
    found: Diagnostic = fault(text)
    return found.message, found.help


class TestRepeatOverValues:
    def test_a_round_for_each_value(self) -> None:
        assert shapes(PICTURE + "repeat 3, 5,7 as k:\n    conv 4 k") == [(4, 30, 30), (4, 26, 26), (4, 20, 20)]

    def test_values_are_sizes_words_and_expressions(self) -> None:
        text = PICTURE + "let w = 2\nrepeat 3x1, (1, w*2) as k:\n    conv 4 k\nrepeat relu, tanh as act:\n    act"
        assert [node.kind for node in clean(text).layers] == ["conv", "conv", "relu", "tanh"]

    def test_without_a_variable_they_are_counted(self) -> None:
        assert names(PICTURE + "repeat 3, 5:\n    relu") == ["relu1", "relu2"]

    def test_in_a_block(self) -> None:
        text = PICTURE + "block f(w):\n    repeat w, 2*w as c:\n        conv c 1\nf 4"
        assert [shape[0] for shape in shapes(text)] == [4, 8]

    def test_a_thousand_is_asked_about(self) -> None:
        (warning,) = network(PICTURE + "repeat 1,000:\n    relu").diagnostics
        assert (warning.severity, warning.code) == ("warning", "grouped-digits")
        assert warning.message == "'1,000' are 2 rounds, over values between commas"
        assert "'repeat 1000:'" in (warning.help or "")
        assert said(PICTURE + "repeat 256,512 as w:\n    conv w 1") == [("warning", "grouped-digits")]
        assert said(PICTURE + "repeat 256, 512 as w:\n    conv w 1") == []
        assert said(PICTURE + "repeat 64,1024 as w:\n    conv w 1") == []
        assert said(PICTURE + "repeat 1,000:  # allow: grouped-digits\n    relu") == []

    @pytest.mark.parametrize(
        "header", ["3, as k", ", 3 as k", "3,,5 as k", "3, 5 7 as k", "3, @input as k", "3, z+1 as k"]
    )
    def test_what_is_no_value_is_a_fault(self, header: str) -> None:
        assert fault(PICTURE + f"repeat {header}:\n    conv 4 k\n")

    def test_a_variable_holds_no_tensor_and_no_second_meaning(self) -> None:
        assert "not a tensor" in fault(PICTURE + "repeat 3, @input as k:\n    relu").message
        assert "cannot stand for" in fault(PICTURE + "repeat tanh, silu as relu:\n    relu").message


class TestRounds:
    def test_a_round_by_its_number(self) -> None:
        built = clean(ROUNDS + "t = @y[1] | relu\nz = concat @y[1] @y[3]\nhead h:\n    @t | relu")
        assert built.nodes[-2].output == (10, 32, 32)
        assert inputs_of(built, "z") == ["y[1]", "y[3]"]

    def test_the_index_is_an_expression_and_this_round_is_i_plus_1(self) -> None:
        text = (
            PICTURE + "repeat 3 as i:\n    y = conv 3 1\n    @y[i + 1] | relu\n    if i > 0:\n        add @y[max(i, 1)]"
        )
        built = clean(text)
        assert inputs_of(built, "relu3") == ["y[3]"]
        assert inputs_of(built, "add2") == ["relu3", "y[2]"]

    def test_it_stands_wherever_a_name_may(self) -> None:
        text = ROUNDS + (
            "block f(@x):\n    conv @x.C 1\n@y[2] | conv @y[1].C 1 | f @y[3]\nupconv 2 2 stride=2 | resize like=@y[1]\n"
            "conv 5 1\nw = conv 5 1\nconv 5 1 share=@w\noutput @y[1] @w"
        )
        built = network(text)
        assert not [one for one in built.diagnostics if one.severity == "error"]
        assert [(port.name, built.nodes[port.node].name) for port in built.outputs] == [("y[1]", "y[1]"), ("w", "w")]

    def test_weights_of_a_round_are_shared(self) -> None:
        text = PICTURE + "repeat 2:\n    y = conv 3 1\nconv 3 1 share=@y[1]"
        built = clean(text)
        assert built.nodes[-1].owner == 1
        assert clean(text.replace("[1]", "")).nodes[-1].owner == 2

    def test_repeats_in_each_other_take_as_many(self) -> None:
        text = PICTURE + "repeat 2:\n    repeat 3:\n        y = conv 3 1\nz = add @y[1][3] @y[2][1]\n"
        assert inputs_of(network(text), "z") == ["y[1][3]", "y[2][1]"]
        assert inputs_of(network(text + "t = concat @y[*] @z"), "t")[:6] == [
            f"y[{i}][{j}]" for i in (1, 2) for j in (1, 2, 3)
        ]
        assert inputs_of(network(text + "t = concat @y[2][*] @z"), "t")[:3] == ["y[2][1]", "y[2][2]", "y[2][3]"]
        assert taught(text + "@y[1] | relu") == (
            "'@y' is set in 2 repeats, one in the other", "an index for each: '@y[2][3]'"
        )  # fmt: skip

    def test_all_rounds_so_far(self) -> None:
        text = (
            PICTURE + "repeat 3 as i:\n    y = conv 3 1\n    s = concat @y[*]\n    if i > 0:\n        @s | conv 3 1\n"
        )
        built = network(text)
        assert [built.nodes[i].output for i in range(len(built.nodes)) if built.nodes[i].kind == "concat"] == [
            (6, 32, 32), (9, 32, 32),
        ]  # fmt: skip

    def test_a_merge_of_rounds_never_joins_what_runs(self) -> None:
        built = network(ROUNDS + "conv 9 1\nz = concat @y[*]")
        assert inputs_of(built, "z") == ["y[1]", "y[2]", "y[3]"]

    def test_one_is_that_tensor_and_none_is_a_fault(self) -> None:
        assert names(PICTURE + "repeat 1:\n    y = conv 3 1\nz = add @y[*]\n@z | relu") == ["y[1]", "relu1"]
        assert "no round has set '@y' yet" in fault(PICTURE + "repeat 0:\n    y = relu\nadd @y[*]").message

    @pytest.mark.parametrize(
        ("line", "message", "help"),
        [
            ("@y[0] | relu", "'@y[0]': rounds are counted from 1", "the first is '@y[1]'"),
            ("@y[4] | relu", "no tensor is '@y[4]': it has been set in rounds 1 to 3 so far", None),
            ("@y[1.5] | relu", "a round is a whole number, not 1.5", "divide with '//'"),
            ("@y[1][1] | relu", "'@y' is set in one repeat", "an index for each: '@y[2]'"),
            ("@y[*] | relu", "'@y[*]' are the tensors of all rounds", "only a merge takes them: 'add @y[*]'"),
            ("conv @y[*].C 1", "'@y[*]' are the tensors of all rounds", "only a merge takes them: 'add @y[*]'"),
            ("resize like=@y[*]", "'@y[*]' are the tensors of all rounds", "only a merge takes them: 'add @y[*]'"),
            ("output @y[*]", "'@y[*]' are the tensors of all rounds", "only a merge takes them: 'add @y[*]'"),
            ("@y[q] | relu", "a number is needed here, not the word 'q'", "no variable is called 'q'"),
            ("@t[1] | relu", "unknown tensor '@t'", None),
            ("u = relu\n@u[1] | tanh", "'@u' is set in no repeat", "write '@u'"),
            ("conv y[1].C 1", "an operator is missing before '['", "the tensor of a round is written '@y[2]'"),
        ],
    )
    def test_wrong_uses_are_taught(self, line: str, message: str, help: str | None) -> None:
        found = fault(ROUNDS + line)
        assert found.message == message
        assert help is None or found.help == help

    def test_a_round_counted_from_0_is_taught(self) -> None:
        text = PICTURE + "repeat 2 as i:\n    y = conv 3 1\n    @y[i] | relu"
        assert taught(text) == ("'@y[0]': rounds are counted from 1", "i counts from 0: this round is '@y[i+1]'")

    def test_a_round_that_set_nothing(self) -> None:
        text = PICTURE + "repeat 3 as i:\n    if i != 1:\n        y = conv 3 1\n"
        assert "no tensor is '@y[2]'" in fault(text + "@y[2] | relu").message
        assert inputs_of(network(text + "z = add @y[*]"), "z") == ["y[1]", "y[3]"]

    @pytest.mark.parametrize(
        "line", ["@y[1", "@y[]", "@y[1]]", "@y[1]+@y[2]", "@y[1].", "@y[1]x", "@[1]", "@y [1]", "@y[1:2]"]
    )
    def test_broken_indices_are_faults(self, line: str) -> None:
        assert fault(ROUNDS + line + " | relu")


def outputs(text: str) -> list[tuple[int, ...] | None]:
    """The shape of every tensor but the input."""
    return [node.output for node in clean(text).nodes[1:]]


class TestSeveralResults:
    def test_split_into_equal_parts(self) -> None:
        built = clean(HALVES + "@a | relu\nadd @b")
        assert [(node.name, node.output) for node in built.nodes] == [
            ("input", (8, 6, 6)), ("a", (4, 6, 6)), ("b", (4, 6, 6)), ("relu1", (4, 6, 6)), ("add1", (4, 6, 6)),
        ]  # fmt: skip
        assert inputs_of(built, "add1") == ["relu1", "b"]

    def test_sizes_are_listed(self) -> None:
        assert outputs("input 8x6x6\na, b, c = conv 9 1 | split 2,3,4\nconcat @c @b @a")[1:4] == [
            (2, 6, 6), (3, 6, 6), (4, 6, 6),
        ]  # fmt: skip
        assert outputs("input 8x6x9\na, b = split 4,5 axis=W\nconcat @b @a axis=W")[:2] == [(8, 6, 4), (8, 6, 5)]
        assert outputs("input 8x6x6\nlet n = 3\na, b = split n,C-n\nconcat @b @a")[:2] == [(3, 6, 6), (5, 6, 6)]
        assert outputs("input 8x6x6\nblock f(p):\n    a, b = split p\n    output @a @b\nm, n = f 3,5\nconcat @m @n")[
            :2
        ] == [
            (3, 6, 6),
            (5, 6, 6),
        ]

    def test_it_is_one_layer_with_results(self) -> None:
        made = cnncalc.analyze(clean("input 8x6x6\na, b = split 2,6\n@b | relu\nconcat @a"))
        document = made.to_dict()
        assert document["totals"]["layers"] == len(document["layers"]) == 3
        first = document["layers"][0]
        assert (first["name"], first["operation"], first["output"]) == ("a", "split 2,6", [2, 6, 6])
        assert first["results"] == [{"name": "a", "output": [2, 6, 6]}, {"name": "b", "output": [6, 6, 6]}]
        assert [entry["inputs"] for entry in document["layers"]] == [["input"], ["b"], ["relu1", "a"]]
        assert "results" not in document["layers"][1]

    def test_one_that_does_not_fit_is_still_one_layer(self) -> None:
        made = cnncalc.analyze(network("input 8x6x6\nconv 4 9\na, b = split 2\n@a | relu"))
        assert made.totals.layers == len(made.layers) == 3

    def test_a_block_gives_several(self) -> None:
        text = (
            PICTURE
            + "block f(w):\n    p = conv w 1\n    @p | relu\n    q = conv 2*w 1\n    output @p @q\nx, y = tanh | f 4\n"
        )
        built = clean(text + "z = concat @y @x")
        assert inputs_of(built, "z") == ["f1/q", "f1/p"]
        assert built.nodes[-1].output == (12, 32, 32)
        assert params(text + "x2, y2 = @x | conv 3 1 | f 4 share=@x\nconcat @x2 @y2 @y") == 16 + 40 + 15

    def test_a_block_gives_one_that_is_not_its_last(self) -> None:
        text = PICTURE + "block f:\n    p = conv 4 1\n    head = conv 7 1  # allow: unused-tensor\n    output @p\n"
        assert clean(text.replace("head =", "h =") + "f\nrelu").nodes[-1].output == (4, 32, 32)

    def test_the_last_line_has_several_outputs(self) -> None:
        built = clean(HALVES)
        assert [(port.name, built.nodes[port.node].name) for port in built.outputs] == [("a", "a"), ("b", "b")]

    def test_names_in_rounds_and_blocks(self) -> None:
        text = "input 8x6x6\nrepeat 2:\n    a, b = split 2\n    z = concat @b @a\nconcat @a[1] @b[2] @z"
        assert names(text) == ["a[1]", "z[1]", "a[2]", "z[2]", "concat1"]

    @pytest.mark.parametrize(
        ("text", "message", "help"),
        [
            ("a, b = split 2\nrelu", "nothing runs on from line 2, which has several results", "start at one of them"),
            ("split 2\nrelu", "'split' gives 2 results, and the line has no name", "write 'a, b = …'"),
            ("x = split 2\nrelu", "'split' gives 2 results, and the line has 1 name", "write 'x, a = …'"),
            ("a, b = split 4", "'split' gives 4 results, and the line has 2 names", "write 'a, b, c, d = …'"),
            ("split 2 | relu", "'split' gives 2 results", "it ends its line, and each result has a name: 'a, b = …'"),
            ("a, b = conv 4 1", "'conv' gives 1 result, and the line has 2 names", "write 'a = …'"),
            ("x = relu\na, b = @x", "'x' gives 1 result, and the line has 2 names", "write 'a = …'"),
            ("a, b = split 2 | relu", "'split' gives 2 results", "it ends its line"),
            ("a, b, c = split 3", "axis C has 8, which 3 equal parts do not divide",
             "list their sizes: 'split 3,3,2'"),
            ("a, b = split 3,4", "the parts are 3 + 4 = 7, and axis C has 8", "write 'split 3,5'"),
            ("a, b = split 9,4", "the parts are 9 + 4 = 13, and axis C has 8", None),
            ("unpool from=@input", "'@input' is made by no layer: only a max pool with a kernel is undone",
             "name the pool, 'down = maxpool 2': 'unpool from=@down'"),
            ("concat @input none", "concat joins tensors, and 'none' is none",
             "a path that is not there is left out; below 'concat:' it is '- none'"),
            ("x = relu\nfreeze y", "no line, stage or block is called 'y'", "names here: x"),
            ("relu\ndtype int8, int4", "types are separated by blanks, not commas", "'dtype int8' is for all parts"),
            ("relu\ndtype weights=int8, biases=int4", "types are separated by blanks, not commas",
             "write 'dtype weights=int8 biases=int4'"),
            ("repeat 2:\n    y = relu\nadd @y[]", "a round is missing before ']'", "'@y[1]' is of the first round"),
            ("repeat 2:\n    repeat 2:\n        y = relu\nadd @y[1,2]", "']' is missing before ','",
             "nested repeats take an index each: '@y[1][2]'"),
            ("repeat 2:\n    y = relu\nrelu @y[*]", "'@y[*]' are the tensors of all rounds",
             "only a merge takes them: 'add @y[*]'"),
            ("a, b = split 1", "parts is two or more, not 1", "one part is the tensor itself"),
            ("a, b = split 0", "parts is at least 1, not 0", None),
            ("a, b = split 2 -> 4x6x6", "a line with several results has no arrow",
             "check one on a line of its own: '@a -> 4x6x6'"),
            ("a, = split 2", "a name is missing beside ','", "write 'a, b = …'"),
            ("a, a = split 2", "'a' stands twice", "each result has a name of its own"),
            ("a, C = split 2", "'C' is a word of the language and cannot name a tensor", "for example 'C_1'"),
            ("a, b = input 3x8x8", "an input is no line with several results", "give it one name, or none"),
            ("a, b = concat:\n    - relu\n    - tanh", "a merge has one result", "give it one name: 'a = …:'"),
            ("conv 8 3,3", "',' outside parentheses", "write 'conv 8 3'"),
            ("default conv kernel=3,3", "kernel is a whole number, or one an axis, not the list 3,3", None),
        ],
    )  # fmt: skip
    def test_wrong_uses_are_taught(self, text: str, message: str, help: str | None) -> None:
        found = fault("input 8x6x6\n" + text)
        assert found.message == message
        assert help is None or (found.help or "").startswith(help)

    def test_output_is_the_last_line_of_a_block(self) -> None:
        assert "last line" in fault(PICTURE + "block f:\n    a = relu\n    output @a\n    tanh\nf").message
        assert "top level" in fault(PICTURE + "block f:\n    a = relu\n    if C == 3:\n        output @a\nf").message
        assert "unknown tensor" in fault(PICTURE + "block f:\n    relu\n    output @z\nf").message

    def test_a_stage_or_path_that_ends_in_several_results_gives_none(self) -> None:
        assert "nothing runs on" in fault("input 8x6x6\nadd:\n    - a, b = split 2\n    - relu").message
        assert "nothing runs on" in fault(HALVES.replace("a, b", "stage s:\n    a, b") + "relu").message


class TestPathsThatAreNotThere:
    def test_the_others_are_joined(self) -> None:
        text = PICTURE + "add:\n    - conv 3 1\n    - none\n    - relu"
        assert [len(node.inputs) for node in clean(text).nodes][-1] == 2

    def test_a_branch_leaves_its_path_out(self) -> None:
        text = PICTURE + (
            "block b(w, stride=1):\n    add:\n        - conv w 3 stride=stride pad=1 | bn\n        - conv w 1 stride=stride | bn\n"
            "        - if stride == 1 and C == w:\n              bn\n          else:\n              none\n    relu\nb 3\nb 4\n"
        )
        built = clean(text)
        assert [len(node.inputs) for node in built.nodes if node.kind == "add"] == [3, 2]

    def test_one_that_is_left_is_that_path_with_a_note(self) -> None:
        text = PICTURE + "y = add:\n    - none\n    - conv 4 1\n@y | relu"
        assert names(text) == ["conv1", "relu1"]
        (note,) = network(text).diagnostics
        assert (note.severity, note.code, note.message) == (
            "note", "one-path", "one path of this 'add' is there: it is that path",
        )  # fmt: skip

    def test_none_is_a_fault(self) -> None:
        assert fault(PICTURE + "add:\n    - none\n    - none").message == "no path of this 'add' is there"

    def test_with_variables_before_it(self) -> None:
        assert names(PICTURE + "add:\n    - relu\n    - tanh\n    -\n        let w = 3\n        none") == [
            "relu1", "tanh1", "add1",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        "text",
        ["none", "relu | none", "x = none", "none 3", "stage s:\n    none", "add:\n    - relu | none\n    - tanh",
         "add:\n    - relu\n      none\n    - tanh", "add:\n    - none\n      relu\n    - tanh",
         "add:\n    - relu\n      if C == 3:\n          none\n    - tanh", "if C == 3:\n    none",
         "add:\n    - repeat 2:\n          none\n    - tanh", "block f:\n    none\nadd:\n    - f\n    - relu"],
    )  # fmt: skip
    def test_it_stands_in_no_other_place(self, text: str) -> None:
        found = [one for one in network(PICTURE + text).diagnostics if one.severity == "error"]
        assert [one.code for one in found] == ["misplaced"]


class TestFreeze:
    TEXT = PICTURE + (
        "block f(w):\n    conv w 1 bias=no\nstage s:\n    conv 2 1 bias=no\nx = conv 3 1 bias=no | relu\nf 4\n"
        "repeat 2:\n    z = conv 4 1 bias=no\nu, v = split 2\nconcat @u @v\n"
    )
    #: The weights of each: in all, of the stage, of the line, of the block, of both rounds.
    PARAMS = (6 + 6 + 12 + 32, 6, 6, 12, 32)

    @pytest.mark.parametrize(
        ("line", "frozen"),
        [("", 0), ("freeze s", 6), ("freeze x", 6), ("freeze f", 12), ("freeze z", 32), ("freeze s f", 18),
         ("freeze s\nfreeze x s", 12), ("freeze u", 0)],
    )  # fmt: skip
    def test_what_is_trained(self, line: str, frozen: int) -> None:
        totals = cnncalc.analyze(clean(line + "\n" + self.TEXT)).totals
        assert (totals.params, totals.trainable) == (self.PARAMS[0], self.PARAMS[0] - frozen)

    def test_it_may_stand_below(self) -> None:
        assert cnncalc.analyze(clean(self.TEXT + "freeze s")).totals.trainable == self.PARAMS[0] - 6

    def test_shared_weights_are_the_same_weights(self) -> None:
        text = PICTURE + "x = conv 3 1 bias=no\ny = conv 3 1 bias=no share=@x\nfreeze {}"
        assert [cnncalc.analyze(clean(text.format(name))).totals.trainable for name in "xy"] == [0, 0]

    def test_what_is_unknown_is_not_counted(self) -> None:
        assert cnncalc.analyze(network(PICTURE + "x = conv 3 99\nfreeze x")).totals.trainable is None

    @pytest.mark.parametrize(
        ("line", "message", "help"),
        [
            ("freeze", "'freeze' needs names", "for example 'freeze stem conv2_x'"),
            ("freeze @x", "'freeze' takes names of lines, stages and blocks, not '@x'", "write 'freeze x'"),
            ("freeze x, f", "'freeze' takes names of lines, stages and blocks, not 'x,'", "write 'freeze x f'"),
            ("freeze y", "no line, stage or block is called 'y'", None),
            ("freeze conv", "'conv' is a kind of layer, and not the name of one", None),
            ("freeze sx", "no line, stage or block is called 'sx'", "did you mean 'x'?"),
            ("if C > 0:\n    freeze x", "'freeze' stands at the top level only", None),
        ],
    )
    def test_wrong_uses_are_taught(self, line: str, message: str, help: str | None) -> None:
        found = fault(self.TEXT + line)
        assert found.message == message
        assert help is None or found.help == help
        assert "it has no weights" in fault("p = input 3x8x8\n@p | relu\nfreeze p").message
