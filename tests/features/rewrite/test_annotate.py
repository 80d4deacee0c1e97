"""Shapes written behind lines: what is written is true, everything else stays, and once is enough."""

import re
from collections import defaultdict
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc import analyze
from cnncalc.diagnostics import EXPECTATION_FAILED, Source, SpecError
from cnncalc.features.rewrite.annotate import ArrowChoice, annotate
from cnncalc.interpret import build
from cnncalc.interpret.specification import specification
from cnncalc.spec import parse
from cnncalc.spec.nodes import Line
from fuzz.mutator import SEEDS, USED, edited
from helpers import format_text, used
from oracles.generator import program
from oracles.printer import Printer
from readme import ROOT

EXAMPLES = sorted((ROOT / "examples").rglob("*.txt"))
ARROW = re.compile(r"[ \t\u00a0]*->[^#]*")


def written(text, folder=None, **choice):
    return annotate(Source("model.txt", text), folder, ArrowChoice(**choice), 2000)


def stripped(text):
    """The text without arrows, and without the blanks before them and before comments."""
    return [re.sub(r"[ \t\u00a0]+(?=#|\Z)", "", ARROW.sub("", line)) for line in text.split("\n")]


def document(text, folder):
    network = build(Source("model.txt", text), folder=folder, max_layers=2000)
    return {
        **analyze(network).to_dict(),
        "diagnostics": [
            (one.severity, one.code, one.message, one.span.line)
            for one in network.diagnostics
            if one.code != EXPECTATION_FAILED
        ],
    }


def runs_of_lines(text, folder):
    """Every shape that a line of elements ends in, worked out from the unfolded nodes, not from the observer.

    A node tells its line, and its frames the way to it; the last node that a line makes on one way is its end. So this
    knows lines that make a node (or call no block) only: others are left out.
    """
    source = Source("model.txt", text)
    network = build(source, folder=folder, max_layers=2000)
    found = defaultdict(set)
    for node in network.layers:
        if node.source is source:
            found[node.line, node.span.end_column - 1].add(node.output)
    return found


def elements(text):
    """Line number -> its Line node and where that starts, of all layer lines."""
    found, todo = {}, [parse(Source("model.txt", text))[0].body]
    while todo:
        for stmt in todo.pop():
            if isinstance(stmt.node, Line):
                found[stmt.line] = stmt.node, stmt.indent
            todo.append(stmt.body)
    return found


def check(text, folder=None):
    """Everything that holds for annotating a sound spec. Returns the annotated text."""
    once = written(text, folder)
    assert written(once, folder) == once, "not the same again"
    assert stripped(once) == stripped(text), "more than arrows"
    assert document(once, folder) == document(text, folder), "another analysis"
    network = build(Source("model.txt", once), folder=folder, max_layers=2000)
    assert EXPECTATION_FAILED not in {one.code for one in network.diagnostics}, "an arrow that is not true"

    gone = written(once, folder, remove=True)
    assert written(gone, folder, remove=True) == gone
    blank = written(once, folder, blank=True)
    assert written(blank, folder, blank=True) == blank
    filled = written(blank, folder)
    assert stripped(filled) == stripped(text)
    assert "->" in gone or re.sub(" +", " ", filled) == re.sub(" +", " ", written(gone, folder))
    for old, new in zip(text.split("\n"), once.split("\n"), strict=True):
        if "->" not in new:
            assert old == new or "->" in old, "a line without an arrow was touched"
    return once


def differs(shapes):
    """Whether shapes differ in every size, or in their number of sizes: an arrow would say nothing."""
    return len({len(shape) for shape in shapes}) > 1 or (
        len(shapes) > 1 and all(len(set(sizes)) > 1 for sizes in zip(*shapes, strict=True))
    )


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples(path):
    text = path.read_text("utf-8")
    once = check(text, path.parent)
    gone = written(once, path.parent, remove=True)
    assert "->" not in re.sub("#.*", "", gone)
    assert stripped(gone) == stripped(text)
    assert format_text(gone) == format_text(written(text, path.parent, remove=True)) == gone
    untouched = [line for line in once.split("\n") if "->" not in line]
    assert [line for line in gone.split("\n") if line in untouched] == untouched


def test_the_examples_get_arrows():
    """All lines that end in a layer, but for what differs in every size, get one; blocks that nothing runs, none."""
    for path in EXAMPLES:
        text = written(path.read_text("utf-8"), path.parent)
        runs = runs_of_lines(text, path.parent)
        once = {
            number: line for number, line in elements(text).items()
            if (ends := runs.get((number, line[1] + line[0].elements[-1].end))) and not differs(ends)
        }  # fmt: skip
        if path.stem in ("dilated_resnet", "blocks"):
            assert not any(line.arrow for line, _ in once.values())
        else:
            assert all(line.arrow for line, _ in once.values()), path


@given(st.integers(0, 10**9))
def test_generated_specs(seed):
    text = Printer(program(seed), {}, Random(seed)).text()
    source = Source("model.txt", text)
    if any(one.severity == "error" for one in build(source, max_layers=2000).diagnostics):
        with pytest.raises(SpecError):
            written(text)
        return
    once = check(text)
    exactly(once)


def exactly(text):
    """A ``?`` stands where the runs of a line differ, and nowhere else."""
    runs = runs_of_lines(text, None)
    layout = build(Source("model.txt", text)).layout
    for number, (node, indent) in elements(text).items():
        last = node.elements[-1] if node.elements else None
        shapes = runs.get((number, indent + last.end)) if last is not None else None
        if not shapes:
            continue  # a block, or a name: its line makes no node of its own
        ranks = {len(shape) for shape in shapes}
        if len(ranks) > 1:
            assert node.arrow is None
            continue
        sizes = [axis.pop() if len(axis) == 1 else "?" for axis in map(set, zip(*shapes, strict=True))]
        if layout == "hwc" and len(sizes) > 2:
            sizes = [*sizes[1:], sizes[0]]
        spelled = f"{sizes[0]}@{sizes[1]}" if len(sizes) == 2 else "x".join(map(str, sizes))
        if set(sizes) == {"?"}:
            assert node.arrow is None  # it would say nothing
            continue
        line = text.split("\n")[number - 1]
        assert re.search(r"-> (\S+)", line).group(1) == spelled, line


@given(st.sampled_from(sorted(SEEDS.iterdir())), st.integers(0, 10**9))
def test_mutated_specs(path, seed):
    text = edited(path.read_bytes().decode("utf-8", "replace"), Random(seed))
    text = text.encode("utf-8", "replace").decode()
    diagnostics = build(Source("model.txt", text), folder=USED, max_layers=2000).diagnostics
    if any(one.severity == "error" and one.code != EXPECTATION_FAILED for one in diagnostics):
        with pytest.raises(SpecError):
            written(text, USED)
    elif "->" in text:
        once = written(text, USED)
        assert written(once, USED) == once
    else:
        check(text, USED)


# --- what is written --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "arrow"),
    [
        ("input 3x8x8\nconv 4 3", "4x6x6"),
        ("input 3x8x8\nflatten", "192"),
        ("input 3@8\nconv 4 3", "4@6"),
        ("input 3x4x8x8\nconv 4 3", "4x2x6x6"),
        ("layout hwc\ninput 8x8x3\nconv 4 3", "6x6x4"),
        ("layout hwc\ninput 3@8\nconv 4 3", "4@6"),
        ("layout hwc\ninput 8x8x3\nflatten", "192"),
        ("input 3x8x8\nx = conv 4 3 | relu\n@x", "4x6x6"),
        ("input 3x8x8\nlet n = 3\nrepeat n:\n    conv 4 3", "4x?x?"),
        ("input 3x8x8\nblock b(w):\n    relu | conv w 1\nb 4\nb 8", "8x8x8"),
        ("layout hwc\ninput 8x8x3\nrepeat 2:\n    conv 4 3", "?x?x4"),
        ("input 3@8\nrepeat 2:\n    conv 4 3", "4@?"),
    ],
)
def test_the_last_line_gets(lines, arrow):
    assert written(lines).split("-> ")[-1] == arrow


def test_runs_that_differ():
    assert written(
        "input 3x8x8\n"
        "block b(w):\n"
        "  conv w 1 pad=1\n"
        "  if C == 4:\n"
        "    relu\n"
        "  else:\n"
        "    relu\n"
        "  gavgpool | flatten | fc 5\n"
        "head one:\n"
        "  b 4\n"
        "head two:\n"
        "  maxpool 2\n"
        "  b 4\n"
        "block c:\n"
        "  relu\n"
        "  bn -> 3x8x8\n"
        "head three:\n"
        "  c\n"
        "flatten\n"
        "c\n"
        "block unused:\n"
        "  relu -> 9x9x9\n"
        "  relu\n"
    ) == (
        "input 3x8x8\n"
        "block b(w):\n"
        "  conv w 1 pad=1                -> 4x?x?\n"
        "  if C == 4:\n"
        "    relu                        -> 4x?x?\n"
        "  else:\n"
        "    relu\n"
        "  gavgpool | flatten | fc 5     -> 5\n"
        "head one:\n"
        "  b 4                           -> 5\n"
        "head two:\n"
        "  maxpool 2                     -> 3x4x4\n"
        "  b 4                           -> 5\n"
        "block c:\n"
        "  relu\n"
        "  bn\n"
        "head three:\n"
        "  c                             -> 3x8x8\n"
        "flatten                         -> 192\n"
        "c                               -> 192\n"
        "block unused:\n"
        "  relu -> 9x9x9\n"
        "  relu\n"
    )


def test_what_is_there_already():
    """A wrong arrow is renewed, a true one keeps its spelling, an expression stays unless all are meant."""
    text = (
        "input 3x8x8\nlet w = 4\nconv w 3   ->   9x9x9   # wrong\nrelu -> 4@6x6\nrelu -> (4, 6, 6)\n"
        "relu -> 4x?x6\nrelu -> (w, 6, 6)\nrelu -> ____\n-> 1x1x1 # alone\n"
    )
    once = written(text)
    assert once == (
        "input 3x8x8\nlet w = 4\nconv w 3   -> 4x6x6     # wrong\nrelu -> 4@6x6\nrelu -> (4, 6, 6)\n"
        "relu -> 4x6x6\nrelu -> (w, 6, 6)\nrelu -> 4x6x6\n-> 4x6x6 # alone\n"
    )
    assert "(w, 6, 6)" not in written(text, all=True)
    assert "(w, 6, 6)" in written(text, remove=True)
    assert "->" not in written(text, remove=True, all=True)


def test_an_arrow_keeps_its_at_sign():
    assert written("input 3x8x8\nconv 4 3 -> 1@2x2\n") == "input 3x8x8\nconv 4 3 -> 4@6x6\n"
    assert written("input 3@8\nconv 4 3 -> 1x2\n") == "input 3@8\nconv 4 3 -> 4x6\n"


def test_lines_of_an_arrow_alone():
    """They are renewed, and go with their arrow unless their body would be empty."""
    text = (
        "input 3x8x8\nadd:\n    - -> 3x8x8\n    - relu\n      -> 1x1x1\n-> ____  # what now?\n\nrepeat 2:\n"
        "    -> 1x1x1\nrelu\n-> 3x8x8\n"
    )
    assert written(text) == (
        "input 3x8x8\nadd:\n    - -> 3x8x8\n    - relu      -> 3x8x8\n      -> 3x8x8\n-> 3x8x8 # what now?\n\nrepeat 2:\n"
        "    -> 3x8x8\nrelu    -> 3x8x8\n-> 3x8x8\n"
    )
    assert written(text, remove=True) == (
        "input 3x8x8\nadd:\n    -\n    - relu\n# what now?\n\nrepeat 2:\n    -> 1x1x1\nrelu\n"
    )


def test_a_worksheet():
    text = "input 3x8x8\nlet n = 4\nconv 4 3 # one\nrelu -> 4x6x6\nrelu -> (n, 6, 6)\nif C == 5:\n    relu\n"
    blank = written(text, blank=True)
    assert [line.split("->")[-1].strip() for line in blank.split("\n") if "->" in line] == [
        "____         # one",
        "____",
        "(n, 6, 6)",
    ]
    network = build(Source("model.txt", blank))
    assert [one.line for one in specification(network).blanks] == [3, 4]
    assert written(blank) == written(text)


def test_errors_leave_everything(tmp_path):
    with pytest.raises(SpecError) as refused:
        written("input 3x8x8\nconv 4 3 -> 1x1x1\nconv 4 9\n")
    assert [one.line for one in (error.span for error in refused.value.diagnostics)] == [2, 3]


def test_only_the_named_file_and_its_own_blocks(tmp_path):
    """Lines of the used file that have the numbers of ours are not taken for them."""
    used(tmp_path, "blocks.txt", "block theirs:\n    relu\n    relu\n    conv 4 1\n    relu\n    conv 5 3\n")
    text = "use blocks.txt\ninput 3x8x8\nblock ours:\n    relu\ntheirs\nours\n"
    assert re.sub(" +", " ", written(text, tmp_path)) == (
        "use blocks.txt\ninput 3x8x8\nblock ours:\n relu -> 5x6x6\ntheirs -> 5x6x6\nours -> 5x6x6\n"
    )
    assert written("block theirs:\n    conv 4 1\n", tmp_path) == "block theirs:\n    conv 4 1\n"


# --- where it is written ----------------------------------------------------------------------------


def test_a_formatted_text_stays_formatted():
    text = format_text(
        "input 3x8x8\n\nconv 64 3 # a\nrelu\nadd:\n - conv 64 1\n   relu # b\n - relu\nflatten\n\nfc 10\n"
    )
    once = written(text)
    assert once == (
        "input 3x8x8\n"
        "\n"
        "conv 64 3           -> 64x6x6   # a\n"
        "relu                -> 64x6x6\n"
        "add:\n"
        "    - conv 64 1     -> 64x6x6\n"
        "      relu          -> 64x6x6   # b\n"
        "    - relu          -> 64x6x6\n"
        "flatten             -> 2304\n"
        "\n"
        "fc 10       -> 10\n"
    )
    assert format_text(once) == once
    assert written(once, remove=True) == text


@given(st.integers(0, 10**9))
def test_arrows_come_and_go(seed):
    """Arrows written into a formatted text without any are in their columns, and taken away leave it as it was."""
    text = Printer(program(seed), {}, Random(seed)).text()
    network = build(Source("model.txt", text), max_layers=2000)
    if any(one.severity == "error" for one in network.diagnostics):
        return
    text = format_text(written(text, remove=True, all=True))
    assert written(written(text), remove=True) == text
    text = format_text(re.sub("#.*", "", text))  # comments behind other lines would have to move, too
    once = written(text)
    assert format_text(once) == once
    assert written(once, remove=True) == text


def test_new_arrows_stand_under_the_old_ones():
    text = "input 3x8x8\nconv 4 3            -> 4x6x6\nrelu      # a comment\nconv 4 3 pad=1 | relu | relu\n"
    assert written(text) == (
        "input 3x8x8\nconv 4 3            -> 4x6x6\nrelu                -> 4x6x6                # a comment\n"
        "conv 4 3 pad=1 | relu | relu    -> 4x6x6\n"
    )


def test_carriage_returns_stay():
    assert written("input 3x8x8\r\nconv 4 3\r\nrelu") == "input 3x8x8\r\nconv 4 3    -> 4x6x6\r\nrelu        -> 4x6x6"
    assert written("input 3x8x8\r\nrelu\r\n-> 1x1x1\r\n", remove=True) == "input 3x8x8\r\nrelu\r\n"


@pytest.mark.parametrize(
    ("text", "choice", "wanted"),
    [
        # a blank that is there stays where it stands
        ("input 3x8x8\nconv 4 3   ->   ____ # yours\n", {"blank": True}, None),
        # whose number says nothing of the layout gets the usual one of two axes; one with several keeps its own
        ("input 8@1000\nconv 4 3    -> 7\n", {}, "input 8@1000\nconv 4 3    -> 4@998\n"),
        ("input 8@1000\nconv 4 3    -> 8x7\n", {}, "input 8@1000\nconv 4 3    -> 4x998\n"),
        ("input 8@1000\nconv 4 3    -> 8@7\n", {}, "input 8@1000\nconv 4 3    -> 4@998\n"),
        ("layout hwc\ninput 9x8x3\nconv 4 3    -> 7x6x4\n", {}, None),
        ("layout hwc\ninput 9x8x3\nconv 4 3    -> 4x7x6\n", {}, "layout hwc\ninput 9x8x3\nconv 4 3    -> 7x6x4\n"),
        ("layout hwc\ninput 8@9\nconv 4 3    -> 4@7\n", {}, None),
        # an arrow stands behind 64 columns of code, not behind 65 of another line
        (f"input 3x8x8\nlet a = {'1+' * 27}11\nconv 4 3\n", {}, f"input 3x8x8\nlet a = {'1+' * 27}11\nconv 4 3    -> 4x6x6\n"),
        (f"input 3x8x8\n{'c' * 54} = relu\nconv 4 3\n", {}, f"input 3x8x8\n{'c' * 54} = relu       -> 3x8x8\nconv 4 3{' ' * 60}-> 4x6x6\n"),
    ],
)  # fmt: skip
def test_where_an_arrow_stands_and_what_it_says(text, choice, wanted):
    assert written(text, **choice) == (text if wanted is None else wanted)


@pytest.mark.parametrize("choice", [{}, {"blank": True}, {"all": True}])
def test_an_arrow_that_would_say_nothing_is_left_out(choice):
    """One that was there goes, what is true of all runs stays."""
    text = "block b(w):\n    conv w 3 pad=1{}\n    relu\n\ninput 3x8x8\nb 4\nmaxpool 2\nb 8\n"
    lines = written(text.format(""), **choice).split("\n")
    assert lines[1] == "    conv w 3 pad=1"
    assert written(text.format("    -> ?x?x?"), **choice).split("\n")[1] == "    conv w 3 pad=1"
    same = "block b(w):\n    conv w 3 pad=1\n\ninput 3x8x8\nb 4\nb 8\n"
    if not choice.get("blank"):
        assert re.fullmatch(r"    conv w 3 pad=1 +-> \?x8x8", written(same).split("\n")[1])
    vector = "block b(w):\n    fc w\n\ninput 9\nb 4\nb 8\n"
    assert written(vector, **choice).split("\n")[1] == "    fc w"


@pytest.mark.parametrize("choice", [{}, {"blank": True}, {"all": True}], ids=str)
def test_where_no_shape_is_known_an_arrow_stays(choice):
    text = "input 3x8x8\nop X -> 8x4x4\nrepeat 2:\n    relu -> ?x4x4\nrelu\n"
    assert written(text, **choice) == text
