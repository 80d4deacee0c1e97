"""Documents whose whole text in every format stands in whole.txt: python tests/render/whole.py writes it anew.

Then read `git diff`, as somebody would who has to use what is shown. Escapes are written as ␛.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parent)]

from cnncalc.diagnostics import ERROR, NOTE, WARNING, Diagnostic, Frame, Source, Span  # noqa: E402
from cnncalc.document import sheets  # noqa: E402
from cnncalc.document.figures import grouped, shape  # noqa: E402
from cnncalc.document.parts import Curve, Document, Fact, Facts, Part, Sentences, Sums, Title, Verbatim  # noqa: E402
from cnncalc.document.sheets import Bar, Column, Row, Sheet, texts  # noqa: E402
from cnncalc.render import render  # noqa: E402
from cnncalc.render.text import Charset, Screen  # noqa: E402

FILE = HERE / "whole.txt"


def thousands(number: int) -> str:
    return f"{number // 1000}k"


NAME, COUNT, NUMBER, PLACE, STATUS = sheets.NAME, sheets.COUNT, sheets.NUMBER, sheets.PLACE, sheets.STATUS
LAYERS = Sheet(
    [
        Column("layer", "layer", NAME),
        Column("operation", "operation", brief=lambda text: text.replace(" stride=", " s=")),
        Column("output", "output", sheets.SHAPE, show=shape),
        Column("params", "params", COUNT, show=grouped),
        Column("kept", "kept", NUMBER, show=grouped),
        Column("inputs", "inputs"),
        Column("line", "line", PLACE),
    ],
    [
        Row(("stage of the first layers", "", "", "", "", "", ""), group=True),
        Row(("conv1", "conv 64 7x7 stride=2", (64, 112, 112), 9_408, 5, "image", "3"), 1),
        Row(("画像認識", "bn momentum=0.1", (64, 112, 112), 128, 1, "conv1", "4"), 1),
        Row(("up", "upconv 64 2x2 stride=2", None, None, None, "画像認識 conv1", "5"), 2),
        Row(("relu1", "relu", (64, 112, 112), 0, 1, "up", "lib.txt:6"), 1, sheets.FAINT),
        Row(("group2 ×3", "a rather long list of what stands in it, of which no more than the start is promised",
             (128, 56, 56), 938, 2, "relu1", "7"), 0, group=True),
        Row(("fc1", "fc 10", (10,), 937, 3, "group2", "8"), 0, sheets.ALARM),
    ],
    heading="layers", caption="What each layer does.", notes=["the first 7 rows"], totals={"params": 9_380},
    summary="the layers",
)  # fmt: skip
FACTORS = Sheet(
    [
        Column("layer", "layer", NAME),
        *(Column(name, name, NUMBER, show=grouped, brief=thousands) for name in ("inputs M", "outputs N", "dense")),
        Column("sparsity", "sparsity", PLACE),
        Column("total", "total", PLACE),
    ],
    [
        Row(("conv1", 150_528, 802_816, 120_846_286_848, "1.02×", "81.6×"), 0),
        Row(("stage", "", "", "", "", ""), 0, group=True),
        Row(("conv2", 12_544, 0, 5, "10×", "1,000×"), 1),
        Row(("together", 163_072, 802_816, 120_846_286_853, "2×", "90×"), 0, sheets.STRONG),
    ],
    caption="sparsity = dense / unshared", narrow=sheets.DROP, spare=(2, 1), last=(4,), notes=["a note"],
    bars=[Bar(1.2, 2.5), None, Bar(2, 0), Bar(0.26, 0)], legend="bars: {} sparsity, {} sharing", notes_inset=False,
)  # fmt: skip
SIDES = texts(
    [
        Column("measure", "", NAME),
        *(Column(name, name, NUMBER, show=grouped) for name in ("alexnet", "its MLP", "resnet50", "resnet50 of the year")),
        Column("least", "least"),
    ],
    [["parameters", 61_100_840, 58_631_144, 25_557_032, 25_557_033, "resnet50"], ["layers", 8, 3, None, 53, "MLP"]],
    narrow=sheets.SPLIT, together=2, least=frozenset({(0, 3), (1, 2)}), notes=["* is the least of a row"],
)  # fmt: skip
ARGUMENTS = texts(
    [Column("argument", "argument"), Column("default", "default"), Column("meaning", "meaning")],
    [
        ["filters", "required", "how many channels come out, each with weights of its own, and a bias where it has one"],
        ["stride", "1", "pixels"],
    ],
    narrow=sheets.WRAP, inset=("screen", "pipe"),
)  # fmt: skip
STEPS = texts(
    [Column("step", "step"), Column("weights", "weights"), Column("how", "how"), Column("why", "why")],
    [
        ["as it is", "23,296", "(11*11*3 + 1) * 64", "each filter is used at every place"],
        ["unshared", "70,276,800", "(11*11*3 + 1) * 64 * 55 * 55", "each place has filters of its own"],
        ["dense", "29,141,401,600", "", ""],
    ],
    narrow=sheets.BELOW,
)  # fmt: skip
CHANGES = Sheet(
    [
        Column("status", "", STATUS), Column("layer", "layer", NAME), Column("change", "change"),
        Column("output", "output", sheets.SHAPE, show=shape), Column("params", "params", NUMBER, show=grouped),
        Column("macs", "MACs", NUMBER, show=grouped),
    ],
    [
        Row(("+", "conv1", "conv 64 3x3 pad=1", (64, 8, 8), 1_792, 110_592), tone=sheets.ADDED),
        Row(("-", "a_name_that_is_long", "fc 10", (10,), -40, 0), tone=sheets.REMOVED),
        Row(("~", "fc2", "reads conv1, and no more relu1; 1000 units, not 10", "", 0, 0), tone=sheets.CHANGED),
        Row((">", "relu3", "relu", (64, 8, 8), 0, 0), tone=sheets.MOVED),
        Row(("+", "volume", "conv3d", (1_024, 1_024, 1_024, 64), 0, 10**17), tone=sheets.ADDED),
        Row(("", "all", "", "", 1_752, 110_592), tone=sheets.STRONG),
    ],
    narrow=sheets.STACK,
)  # fmt: skip
KINDS = texts(
    [Column("kind", "kind"), Column("arguments", "arguments"), Column("also", "also"), Column("meaning", "meaning")],
    [
        ["conv", "FILTERS KERNEL stride=1 pad=0 dilation=1 groups=1 bias=yes", "convolution", "A weighted sum of a window."],
        ["relu", "", "", "Zero for what is negative."],
    ],
    narrow=sheets.BELOW,
)  # fmt: skip
TOTALS = texts(
    [Column("measure", "", NAME), Column("old", "old", NUMBER, show=grouped), Column("new", "new", NUMBER, show=grouped)],
    [["parameters", 61_100_840, 25_557_032], ["MACs", 714_188_480, 4_089_184_256]],
    narrow=sheets.SAY, sentences=["parameters fall from 61,100,840 to 25,557,032", "MACs rise to 4,089,184,256"],
    headed=False, caption="in short",
)  # fmt: skip
SHEETS = {
    "layers": LAYERS, "factors": FACTORS, "factors alone": FACTORS._replace(bars=[None] * 4),
    "factors of one": FACTORS._replace(bars=[Bar(0, 0), None, Bar(0), None]), "kinds": KINDS,
    "sides": SIDES,
    "arguments": ARGUMENTS, "steps": STEPS, "changes": CHANGES, "totals": TOTALS,
    "sunk": ARGUMENTS._replace(narrow=sheets.SINK, caption="its arguments", notes=["a note"]),
    "sunk in the middle": STEPS._replace(narrow=sheets.SINK, summary="how it comes about", heading="steps"),
}  # fmt: skip
TEXT = Source(
    "net.txt", "input 3x8x8\nconv 64 11 stride=4  -> 64x54x54  # the first of three, and the largest of them all\n"
)
FAULTS = [
    Diagnostic(ERROR, "expectation-failed", "expected 64x54x54, got 64x55x55: (224 + 2*2 - 11)//4 + 1 = 55",
               Span(TEXT, 2, 26, 34), "holds with pad=1", ("a note on it",), (Frame("in round 2 of 3", Span(TEXT, 1, 1, 6)),),
               figures="(224 + 2*2 - 11)//4 + 1 = 55"),
    Diagnostic(WARNING, "linear-pair", "two weighted layers in a row without an activation", Span(TEXT, 2, 1, 5)),
    Diagnostic(NOTE, "unread-input", "nothing reads it", None, "take it out"),
]  # fmt: skip
PARTS: list[Part] = [
    Title("a *model*", "input 3×8×8", lead=["What it is, in a sentence or two that do not fit a line of thirty columns."]),
    Title("A heading", "and words about it", heading=True),
    Sentences(["It sees 5×5 pixels of the image, as a stack of two would.", "And more."], apart=True, answer=True),
    Sentences(["one point", "another point"], sheets.FAINT, listed=True, inset=True),
    Facts([Fact("sees", ["5×5 pixels of the first input, none of the others", "one step is 4"]),
           Fact("PyTorch", ["nn.Conv2d(3, 64, 11, stride=4)"], code=True), Fact("画像", ["wide"])], room=9),
    Facts([Fact("a", ["one", "two"]), Fact("longer", []), Fact("no", ["a sentence that goes on until its line is full"])]),
    Title("A heading alone", heading=True),
    Facts([Fact("note", ["a sentence that goes on and on until its line is full"])], hanging=False),
    LAYERS._replace(rows=LAYERS.rows[1:3], notes=["a note | on *it*"], least=frozenset({(0, 3), (1, 4)})),
    Sums(["1 parameter (4 bytes)", "12,345,678 MACs", "24,691,356 FLOPs"], ["besides, 5 in a head"], ["fvcore: 7 MACs"]),
    Curve([5, 40, 0, 1, 39, 20], ["conv1", "relu1", "画像認識", "pool", "fc1", "softmax"], 1, "40 KiB"),
    Curve(list(range(0, 3000, 10)), [f"conv{number}" for number in range(300)], 299, "2.9 KiB"),
    Curve([7, 0], ["one", "two"], 0, "7 bytes"),
    Curve([0, 0, 0], ["a", "b", "c"], 0, "0"),
    Curve([], [], 0, "0"),
    Verbatim([Title("conv1", "worked <out>"), Sentences(["as it stands"], inset=True), ARGUMENTS]),
]  # fmt: skip


def document(*parts: Part, width: int = 0) -> Document:
    return Document(
        lambda medium: parts, lambda: {"version": 1, "rows": [{"n": "×"}, {}], "empty": []}, lambda: LAYERS,
        FAULTS if len(parts) > 1 else (), width,
    )  # fmt: skip


def drawn(form: str, *parts: Part, room: int = 0, color: bool = False, encoding: str = "utf-8", width: int = 0) -> str:
    return "".join(render(document(*parts, width=width), form, Screen(room, color, Charset(encoding))))


def answers() -> Iterator[tuple[str, Callable[[], str]]]:
    """What each text is of, and what draws it."""
    for name, sheet in SHEETS.items():
        for room in (0, 120, 84, 60, 44, 30):
            yield f"{name}, on a terminal of {room}", partial(drawn, "table", sheet, room=room)
        yield f"{name}, in colour", partial(drawn, "table", sheet, color=True)
        for form in ("plain", "markdown", "html"):
            yield f"{name}, {form}", partial(drawn, form, sheet)
        yield f"{name}, plain in 50 columns", partial(drawn, "plain", sheet, width=50)
        yield f"{name}, in ASCII", partial(drawn, "table", sheet, encoding="ascii")
    for part in PARTS:
        name = f"{type(part).__name__} {PARTS.index(part)}"
        for form in ("table", "plain", "markdown", "html"):
            yield f"{name}, {form}", partial(drawn, form, part)
        for room in (60, 30):
            yield f"{name}, on a terminal of {room}", partial(drawn, "table", part, room=room)
        yield f"{name}, in colour", partial(drawn, "table", part, color=True)
        yield f"{name}, plain in 40 columns", partial(drawn, "plain", part, width=40)
        yield f"{name}, in ASCII", partial(drawn, "table", part, encoding="ascii")
    for form in ("table", "plain", "markdown", "html", "json", "csv"):
        yield f"all parts, {form}", partial(drawn, form, *PARTS[:3])
    yield "JSON in ASCII", partial(drawn, "json", encoding="ascii")
    yield "CSV in ASCII", partial(drawn, "csv", encoding="ascii")


def written() -> str:
    shown = ((name, draw()) for name, draw in answers())
    texts = (f"=== {name}\n{text}" + "\n" * (text[-1:] != "\n") for name, text in shown)
    return "".join(texts).replace("\x1b", "␛")


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
