"""The formatter: whole outputs, and the rules that hold for any spec: blanks only, same meaning, the same again."""

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc import analyze, loads
from cnncalc.diagnostics import Source, SpecError
from cnncalc.interpret import build
from cnncalc.spec import parse
from fuzz.mutator import SEEDS, USED, edited
from helpers import format_text
from oracles.generator import program
from oracles.printer import Printer
from readme import ROOT

EXAMPLES = sorted((ROOT / "examples").rglob("*.txt"))
BLANKS = re.compile(r"[ \t\u00a0\r]+")
PLACES = {"start", "end", "name_at", "line", "indent"}


def without_blanks(text):
    """The text without any blank; blank lines do not count either."""
    return [line for line in (BLANKS.sub("", one) for one in text.removeprefix("\ufeff").split("\n")) if line]


def meaning(node):
    """A part of a syntax tree without its place: what is left must not change."""
    if isinstance(node, str):
        return BLANKS.sub("", node)  # titles and texts "as written" may be spaced otherwise
    names = getattr(node, "_fields", None)
    if names:
        return type(node).__name__, *(meaning(getattr(node, name)) for name in names if name not in PLACES)
    if isinstance(node, tuple | list):
        return tuple(map(meaning, node))
    return node


def parsed(text):
    return parse(Source("spec", text.removeprefix("\ufeff")))


def errors(text):
    return [one for one in parsed(text)[1] if one.severity == "error"]


def check(text):
    """Everything that holds for a spec without syntax errors. Returns what it is formatted to."""
    once = format_text(text)
    assert format_text(once) == once, "not the same again"
    assert without_blanks(once) == without_blanks(text), "more than blanks"
    before, after = parsed(text)[0], parsed(once)[0]
    assert meaning(after.body) == meaning(before.body), "another meaning"
    assert after.allow_file == before.allow_file
    assert [*after.allow_lines.values()] == [*before.allow_lines.values()]
    ends = {line[-1:] == "\r" for line in once.split("\n")[:-1]}
    assert len(ends) < 2, "two sorts of line ends"
    assert not re.search(r"[ \t\u00a0]\r?$", once, re.MULTILINE), "blanks at the end of a line"
    assert not re.search(r"\A\r?\n|\n\r?\n\r?\n|\n\r?\n\Z", once), "blank lines"
    assert once.endswith("\n") or not once.removeprefix("\ufeff")
    return once


# --- the rules, over many specs ---------------------------------------------------------------------


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_are_formatted(path):
    text = path.read_text("utf-8")
    assert check(text) == text


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_formatting_keeps_the_analysis(path):
    """From a badly spaced text back to the example, with every number and every line."""
    text = path.read_text("utf-8")
    messy = jumbled(text, Random(path.stem))
    assert messy != text
    before, after = (analyze(loads(one, folder=path.parent)).to_dict() for one in (messy, format_text(messy)))
    assert placeless(after) == placeless(before)


def placeless(document):
    """The document without its line numbers and columns."""
    if isinstance(document, dict):
        places = ("line", "column", "end_column")
        return {key: placeless(value) for key, value in document.items() if key not in places}
    return [placeless(one) for one in document] if isinstance(document, list) else document


@pytest.mark.parametrize("path", sorted(SEEDS.iterdir()), ids=lambda path: path.name)
def test_seeds(path):
    text = path.read_bytes().decode("utf-8", "replace")
    if not errors(text):
        check(text)


@pytest.mark.parametrize("blank", ["\u00a0", " \u00a0 ", " \r", "\t\r\u00a0"])
def test_a_title_that_would_be_an_assignment(blank):
    """With any blank before its sign it is what it is with a plain one, to which the formatter changes it."""
    found = errors(f"model{blank}= x\n")
    assert [one.message for one in found] == [one.message for one in errors("model = x\n")] != []
    assert errors(f"model{blank}== x\n") == []
    check(f"model{blank}== x\n")


@given(st.integers(0, 10**9))
def test_generated_specs(seed):
    check(Printer(program(seed), {}, Random(seed)).text())


@given(st.integers(0, 10**9))
def test_any_spacing_is_formatted_to_the_same(seed):
    text = format_text(Printer(program(seed), {}, Random(seed)).text())
    assert check(jumbled(text, Random(seed))) == text


@given(st.sampled_from(sorted(SEEDS.iterdir())), st.integers(0, 10**9))
def test_mutated_specs(path, seed):
    """Broken ones are refused with their errors; those that can be read hold every rule."""
    text = edited(path.read_bytes().decode("utf-8", "replace"), Random(seed))
    text = text.encode("utf-8", "replace").decode()
    found = errors(text)
    if found:
        with pytest.raises(SpecError) as refused:
            format_text(text)
        told = refused.value.diagnostics
        if told[0].code != "not-a-spec":  # that is told alone, whatever else is wrong
            assert [one.message for one in told] == [one.message for one in parsed(text)[1]]
        return
    once = check(text)
    before, after = (build(Source("spec", one), folder=USED, max_layers=300) for one in (text, once))
    assert [node.output for node in after.nodes] == [node.output for node in before.nodes]
    assert [one.code for one in after.diagnostics] == [one.code for one in before.diagnostics]


def jumbled(text, random):
    """A formatted spec with other blanks that mean the same."""
    moved = [0]
    for _ in range(300):
        moved.append(moved[-1] + random.choice((1, 1, 2, 3)))
    lines = []
    for line in text.removesuffix("\n").split("\n"):
        if not line:
            lines.append(random.choice(("", "  ", "\t")))
            continue
        bare = line.lstrip(" ")
        indent = len(line) - len(bare)
        if bare.startswith("#"):
            lines.append(" " * moved[indent] + bare)
            continue
        lead = " " * moved[indent]
        if bare.startswith("- "):
            lead += "-" + " " * (moved[indent + 2] - moved[indent] - 1)
            bare = bare[2:]
        code = re.match(r'(?:"[^"]*"|[^#"])*', bare).group()
        comment = bare[len(code) :]
        code = code.rstrip()
        if not code.startswith(("model ", "use ")):
            code = jumbled_words(code, random)
        lines.append(lead + code + random.choice((" ", "   ", "\t", "")) + comment + random.choice(("", " ", "\t ")))
    start = random.choice(("", "\n", " \n\n"))
    return start + "\n".join(lines) + random.choice(("", "\n", "\n\n \n"))


def jumbled_words(code, random):
    quoted = code.split('"')
    for place in range(0, len(quoted), 2):
        part = quoted[place]
        if random.random() < 0.5:
            part = re.sub(r" *(\||->) *", lambda one: random.choice(("{}", " {}", "{}  ")).format(one.group(1)), part)
        part = re.sub(" +", lambda one: random.choice((" ", " ", "  ", "\t", "\u00a0", " \t ")), part)
        quoted[place] = part
    return '"'.join(quoted)


# --- whole outputs ----------------------------------------------------------------------------------

MESSY = """

# what it is\x20\x20
model My   net	# a title keeps   its blanks
input( 3,8 , 8 )
let width=64
let k = ( width*2 ,3 )
block f (a,b = (1 ,2),@x = @input,c=a==3) :
  conv a 1|relu   ->   (a,8, 8) # hi
  # the end of f
      # still
# above the repeat
repeat(3) as   i :
   @input|conv   64  (3,1 )  pad=1



   -> 64x?x?
add :
  -
    conv 64 1
    # in the path
    relu
  - relu
    repeat 2 :
      relu
      # of the round
    # of the path
  # of the merge
# of nothing
if(C!=64)and width<3 :
  bn
elif C>=4 :
  bn
else :
    relu   ->64x8×10   # c
y=concat
concat @y   @input
require(params)<=5,000 "the   message"
output@y
"""


def test_a_messy_spec():
    messy = MESSY.replace("y=concat\n", "y = conv 8 1\n")
    assert (
        check(messy)
        == """\
# what it is
model My   net                          # a title keeps   its blanks
input (3, 8, 8)
let width = 64
let k = (width*2, 3)
block f(a, b=(1, 2), @x=@input, c=a==3):
    conv a 1 | relu     -> (a, 8, 8)    # hi
    # the end of f
    # still
# above the repeat
repeat (3) as i:
    @input | conv 64 (3, 1) pad=1

    -> 64x?x?
add:
    -
      conv 64 1
      # in the path
      relu
    - relu
      repeat 2:
          relu
          # of the round
      # of the path
    # of the merge
# of nothing
if (C != 64)and width < 3:
    bn
elif C >= 4:
    bn
else:
    relu    -> 64x8×10  # c
y = conv 8 1
concat @y @input
require (params) <= 5,000  "the   message"
output @y
"""
    )


@pytest.mark.parametrize(
    ("line", "formatted"),
    [
        ("x=2", None),
        ("let x=2", "let x = 2"),
        ("let x = a==b", "let x = a == b"),
        ("let x = min( a,b )*-1", "let x = min(a, b)*-1"),
        ("let x = a   +  b", "let x = a + b"),
        ("let x = ((1,2) ,)", "let x = ((1, 2),)"),
        ("require params<=5M", "require params <= 5M"),
        ("require params==61,100,840", "require params == 61,100,840"),
        ("require output(x)!=(1,100)", "require output(x) != (1, 100)"),
        ('require params < 5 "a # b"# c', 'require params < 5  "a # b"     # c'),
        ("model   \u00a0A  B \u00a0", "model A  B"),
        ('model "  A "', 'model "  A "'),
        ("model x#y", "model x     #y"),
        ("use  a  b.txt", "use a  b.txt"),
        ('use"a  b.txt"', 'use "a  b.txt"'),
        ("layout\thwc", "layout hwc"),
        ("x  =  input 8@10", "x = input 8@10"),
        ("input\t8@10", "input 8@10"),
        ("default  conv\tdwconv   bias=no", "default conv dwconv bias=no"),
        ("y =conv 3 3", None),
        ("y  = conv  3   3|relu->3x?x?", "y = conv 3 3 | relu     -> 3x?x?"),
        ("conv (a *b) ( 3,1 )  pad=( 0 ,1)", "conv (a *b) (3, 1) pad=(0, 1)"),
        ("take 0:C//2   axis=C", "take 0:C//2 axis=C"),
        ("->  3x?x?", "-> 3x?x?"),
        ("relu -> ____", "relu    -> ____"),
        ("torch.nn.Conv2d( 3,64 ,  3 )", "torch.nn.Conv2d( 3,64 ,  3 )"),
        ("conv 3×3\u00a02", "conv 3×3 2"),
        ("#!x", "#!x"),
        ("\t#  x", "#  x"),
    ],
)
def test_one_line(line, formatted):
    if formatted is None:
        with pytest.raises(SpecError):
            format_text(line)
    else:
        assert check(line) == formatted + "\n"


@pytest.mark.parametrize(
    ("header", "formatted"),
    [
        ("repeat n  -1 as   i :", "repeat n -1 as i:"),
        ("if not( C==3 )or yes:", "if not(C == 3)or yes:"),
        ("stage   conv2 :", "stage conv2:"),
        ("head  aux   train:", "head aux train:"),
        ("block f:", "block f:"),
        ("block f ( ):", "block f():"),
        ("block f( a = b>=2 , @x):", "block f(a=b>=2, @x):"),
        ("y  =  concat   axis=L :", None),
    ],
)
def test_one_header(header, formatted):
    if formatted is None:
        assert check(f"{header}\n - relu\n") == "y = concat axis=L:\n    - relu\n"
    else:
        assert check(f"{header}\n relu\n") == f"{formatted}\n    relu\n"


@pytest.mark.parametrize("column", [0, 1, 2, 9])
def test_a_comment_stands_where_the_line_below_it_starts(column):
    comment = " " * column + "# on bn"
    assert check(f"block b:\n  relu\n{comment}\n  bn\n") == "block b:\n    relu\n    # on bn\n    bn\n"
    assert check(f"block b:\n{comment}\n  bn\n") == "block b:\n    # on bn\n    bn\n"


def test_line_ends_are_those_of_the_first_line():
    assert format_text("input 3x8x8\r\n\r\nrelu\nrelu\r\n") == "input 3x8x8\r\n\r\nrelu\r\nrelu\r\n"
    assert format_text("input 3x8x8\nrelu\r\nrelu") == "input 3x8x8\nrelu\nrelu\n"


def test_a_byte_order_mark_stays():
    assert format_text("\ufeff\n input 3x8x8".replace("\n ", "\n")) == "\ufeffinput 3x8x8\n"


@pytest.mark.parametrize("text", ["", "\n", " \t\n\n", "\u00a0"])
def test_nothing_stays_nothing(text):
    assert format_text(text) == ""


def test_arrows_stand_in_a_column_between_blank_lines():
    assert check(
        "conv 3 3 -> 3x8x8\nstage s:\n  conv 64 3 | bn -> 64x8x8 # here\n"
        "  maxpool 2 stride=2 | relu | bn\nfc 10 -> 10 # there\nrelu # no arrow\n\nrelu -> 10\n"
    ) == (
        "conv 3 3                            -> 3x8x8\n"
        "stage s:\n"
        "    conv 64 3 | bn                  -> 64x8x8   # here\n"
        "    maxpool 2 stride=2 | relu | bn\n"
        "fc 10                               -> 10       # there\n"
        "relu                                            # no arrow\n"
        "\n"
        "relu    -> 10\n"
    )


def test_a_very_long_line_moves_no_arrow_but_its_own():
    long = "conv 64 3 | " + " | ".join(["relu"] * 12)
    assert check(f"relu -> 3x8x8\n{long}->64x8x8\nbn -> 64x8x8\n") == (
        f"relu    -> 3x8x8\n{long}    -> 64x8x8\nbn      -> 64x8x8\n"
    )


def test_a_hundred_thousand_lines():
    text = "input 3x8x8\n" + "".join(
        f"conv {number} 3 pad=1|relu -> {number}x8x8 # {number}\n" for number in range(100_000)
    )
    assert format_text(text).count("\n") == 100_001


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # below a path, from its first line: at its lines, at the dash, at the merge, at the margin
        ("add:\n  - conv 3 1\n    # in\n    relu\n  # next\n  - relu\n# out\nrelu\n",
         "add:\n    - conv 3 1\n      # in\n      relu\n    # next\n    - relu\n# out\nrelu\n"),
        ("add:\n  - conv 3 1\n    # of the path\n  # of the merge\nrelu\n",
         "add:\n    - conv 3 1\n      # of the path\n    # of the merge\nrelu\n"),
        ("stage a:\n  relu\n  # one\n  relu\n# two\nstage b:\n  relu\n  # three\n",
         "stage a:\n    relu\n    # one\n    relu\n# two\nstage b:\n    relu\n    # three\n"),
    ],
)  # fmt: skip
def test_comments_beside_paths(text, wanted):
    assert check(f"input 3x8x8\n{text}") == f"input 3x8x8\n{wanted}"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("repeat 3:\n\tconv 3 3 pad=1\t|\trelu\n\tadd:\n\t\t-\tconv 3 1\n\t\t\trelu\n\t\t- identity\n\tbn\n",
         "repeat 3:\n    conv 3 3 pad=1 | relu\n    add:\n        - conv 3 1\n          relu\n        - identity\n    bn\n"),
        ("repeat 3:\n\trelu\n    bn\n", "repeat 3:\n    relu\n    bn\n"),  # four columns: else it would be no spec
        ("repeat 3:\n        relu\n\tbn\n", "repeat 3:\n    relu\n    bn\n"),  # eight
        ("repeat 3:\n  repeat 2:\n    relu\n\tbn\n# a comment\n\t# another\nrelu\n", None),
        ("repeat 3:\n\t# why\n\trelu # \ttabs of a comment stay\n",
         "repeat 3:\n    # why\n    relu    # \ttabs of a comment stay\n"),
        ("stage a:\r\n\trelu\r\n", "stage a:\n    relu\n"),  # lines end as the first does
    ],
)  # fmt: skip
def test_tabs_become_blanks(text, wanted):
    """Where widths of a tab would make different specs of it, nobody can tell which is meant."""
    source = "input 3x8x8\n" + text
    if wanted is None:
        with pytest.raises(SpecError, match="a tab in the indentation"):
            format_text(source)
        return
    formatted = format_text(source)
    assert formatted == f"input 3x8x8\n{wanted}"
    assert format_text(formatted) == formatted
