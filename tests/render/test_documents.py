"""A document with every kind of part, in every format: a part that a format has no way for fails here."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import get_args

import pytest

from cnncalc.document import sheets
from cnncalc.document.figures import grouped, shape
from cnncalc.document.parts import (
    PAGE,
    PIPE,
    SCREEN,
    Curve,
    Document,
    Fact,
    Facts,
    Part,
    Sentences,
    Sums,
    Title,
    Verbatim,
)  # fmt: skip
from cnncalc.document.sheets import Bar, Column, Row, Sheet, texts
from cnncalc.render import FORMATS, formats, render
from cnncalc.render.text import STAND_INS, Charset, Screen, width

HUGE = 10**30 + 7
NAMES = ["conv1", "画像認識", "cafe\u0301", "x" * 30]
COLUMNS = [
    Column("layer", "layer", sheets.NAME),
    Column("operation", "operation", brief=lambda text: text.replace(" stride=", " s=")),
    Column("output", "output", sheets.SHAPE, show=shape),
    Column("params", "params", sheets.COUNT, show=grouped),
    Column("kept", "kept", sheets.NUMBER, show=grouped, brief=lambda number: f"{number:.0e}"),
    Column("line", "line", sheets.PLACE),
]
ROWS = [
    Row(("stage", "", "", "", "", ""), group=True),
    Row((NAMES[0], "conv 64 3x3 stride=2", (64, 8, 8), HUGE, 5, "1"), 1),
    Row((NAMES[1], "relu|a*b <c>", None, None, None, "2"), 1, sheets.FAINT),
    Row((NAMES[2], "fc", (10,), 0, 2, "3"), 2, sheets.ADDED),
    Row((NAMES[3], "and more", "", 1, 3, "4"), 0, sheets.STRONG, True),
]
WAYS = [sheets.CUT, sheets.DROP, sheets.SPLIT, sheets.WRAP, sheets.BELOW, sheets.STACK, sheets.SAY]


def sheet(narrow: str = sheets.CUT, columns: list[Column] = COLUMNS, rows: list[Row] = ROWS) -> Sheet:
    return Sheet(
        columns, rows, heading="layers", caption="What each layer does.", notes=["a note"], narrow=narrow,
        totals={"params": HUGE}, least=frozenset({(1, 4), (3, 4)}),
        bars=[None, Bar(2, 1), Bar(1), Bar(0.5, 0.5), None][: len(rows)], legend="bars: {} and {}", spare=(5, 1), last=(2,),
        sentences=[f"{row.cells[0]} in a sentence" for row in rows], summary="the layers",
    )  # fmt: skip


PARTS: list[Part] = [
    Title("a *model*", "input 3×8×8", lead=["what it is"]),
    Sentences(["the answer", "and more"], apart=True, answer=True),
    Facts([Fact("sees", ["5×5 pixels", "one step is 4"]), Fact("PyTorch", ["nn.Conv2d(3, 64)"], code=True)]),
    sheet(),
    Sums(["1 parameter", f"{HUGE:,} MACs"], ["besides, 5 in a head"], ["fvcore: 7 MACs"]),
    Curve([5, HUGE, 0, 1], NAMES, 1, "1 YiB"),
    Verbatim([Title("conv1", "worked out"), Sentences(["as it stands"], inset=True)]),
]


def document(*parts: Part, width: int = 0) -> Document:
    return Document(lambda medium: parts, lambda: {"version": 1, "rows": [{"n": HUGE}]}, sheet, width=width)


def drawn(form: str, *parts: Part, room: int = 0, color: bool = False, encoding: str = "utf-8", width: int = 0) -> str:
    return "".join(render(document(*parts, width=width), form, Screen(room, color, Charset(encoding))))


def test_every_kind_of_part_is_in_the_document():
    assert {type(part) for part in PARTS} == set(get_args(Part))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("part", PARTS, ids=lambda part: type(part).__name__)
def test_every_part_is_shown_in_every_format(form, part):
    text = drawn(form, part, room=80)
    if form in ("json", "csv"):
        assert text == drawn(form)
        return
    held = {
        Title: ["model", "3×8×8", "what it is"], Sentences: ["the answer", "and more"], Sums: ["1 parameter", "fvcore: 7"],
        Facts: ["sees", "5×5 pixels", "one step is 4", "PyTorch", "nn.Conv2d(3, 64)"], Verbatim: ["worked out", "as it stands"],
        Sheet: ["layers", "What each layer does.", "a note", "conv1", "画像認識", f"{HUGE:,}", "64×8×8", "?"],
        Curve: ["1 YiB", "画像認識"],
    }  # fmt: skip
    for words in held[type(part)]:
        assert words in text.replace("&#x27;", "'"), words


@pytest.mark.parametrize("form", ["table", "plain", "markdown"])
def test_parts_stand_apart(form):
    text = drawn(form, Sentences(["one"]), Sentences([]), Sentences(["two"]), room=80)
    assert text == "one\n\ntwo\n"


@pytest.mark.parametrize("form", FORMATS)
def test_a_document_without_parts(form):
    nothing = Document(lambda medium: (), lambda: {})
    assert "".join(render(nothing, form, Screen())) in ("", "{\n}\n", "<div>\n\n</div>", "<div>\n</div>")


@pytest.mark.parametrize("form", ["table", "plain", "markdown", "csv", "json"])
@pytest.mark.parametrize("encoding", ["ascii", "cp949", "cp1252"])
def test_what_an_encoding_lacks_is_stood_in_for(form, encoding):
    text = drawn(form, *PARTS, room=70, encoding=encoding)
    text.encode(encoding)
    if encoding == "ascii" and form != "json":
        assert "64x8x8" in text
        assert not set(text) & set(STAND_INS)


@pytest.mark.parametrize("narrow", WAYS)
@pytest.mark.parametrize("room", [0, 20, 40, 60, 80, 120, 300])
def test_a_sheet_gives_way(narrow, room):
    """All that a way keeps is there; nothing is wider than the terminal that could be narrower."""
    text = drawn("table", sheet(narrow), room=room)
    assert "conv1" in text
    assert re.search("画像認識|画像", text)
    if room >= 60 and narrow in (sheets.CUT, sheets.SAY):
        assert max(map(width, text.splitlines())) <= room


@pytest.mark.parametrize("narrow", WAYS)
@pytest.mark.parametrize("form", FORMATS)
def test_a_sheet_without_rows(form, narrow):
    empty = sheet(narrow, rows=[])._replace(least=frozenset())
    text = drawn(form, empty, room=40)
    assert form in ("json", "csv") or "layer" in text


def test_columns_are_aligned_by_what_is_seen():
    lines = drawn("plain", sheet()._replace(heading="", caption="", notes=(), bars=(), least=frozenset())).splitlines()
    assert len({width(line) for line in lines if line != "stage"}) == 1
    assert lines[2].startswith("  conv1  ")
    assert lines[4].startswith("    cafe\u0301  ")


def test_the_least_is_marked_in_every_format():
    assert re.search(r"conv1 .* 5 \*", drawn("plain", sheet()))
    assert re.search(r"conv1 .*\*\*5\*\*", drawn("markdown", sheet()))
    assert re.search(r"conv1.*<b>5</b>", drawn("html", sheet()))
    assert re.search("conv1.*\x1b\\[1m *5 \\*\x1b", drawn("table", sheet(), color=True))


def test_colour_is_only_where_it_says_something():
    text = drawn("table", sheet(), color=True, room=120)
    assert "\x1b[31m" not in text.splitlines()[3]
    assert "\x1b[1m" in text.splitlines()[0]
    assert "\x1b" not in drawn("table", *PARTS, room=120)
    assert "\x1b" not in drawn("plain", *PARTS, color=True)


@pytest.mark.parametrize(
    ("value", "style"), [(0, "2"), (1, None), (99, None), (100, "1"), (1000, "1"), (None, "31"), ("", None)]
)
def test_a_count_of_a_tenth_of_the_total_stands_out(value, style):
    """What is none is faint, and what is unknown red."""
    counts = texts([Column("layer", "layer", sheets.NAME), Column("params", "params", sheets.COUNT)], [["a", value]])
    last = drawn("table", counts._replace(totals={"params": 1000}), color=True).splitlines()[-1]
    assert re.findall(r"\x1b\[([1-9]\d*)m", last) == ([style] if style else [])
    assert "\x1b[1m" not in drawn("table", counts._replace(totals={"params": None}), color=True)


def test_the_first_column_is_brief_where_it_has_to_be():
    columns = [
        Column("operation", "operation", brief=lambda text: text.replace(" stride=", " s=")),
        Column("output", "output"),
    ]
    wide = texts(columns, [["conv 64 11x11 stride=4 pad=2", "64×55×55"]])
    assert "conv 64 11x11 stride=4 pad=2  64×55×55" in drawn("table", wide, room=40)
    assert "conv 64 11x11 s=4 pad=2  64×55×55" in drawn("table", wide, room=39)


def test_brief_forms_come_before_text_is_cut():
    columns = COLUMNS[:3]
    rows = [Row((NAMES[0], "conv 64 11 stride=4", (64, 8, 8)))]
    assert "conv 64 11 stride=4" in drawn("table", texts(columns, [row.cells for row in rows]), room=50)
    assert "conv 64 11 s=4  64×8×8" in drawn("table", texts(columns, [row.cells for row in rows]), room=33)


def test_records_are_exact():
    rows = list(csv.reader(io.StringIO(drawn("csv", *PARTS))))
    assert rows[0] == [column.name for column in COLUMNS]
    assert rows[2] == ["conv1", "conv 64 3x3 stride=2", "64x8x8", str(HUGE), "5", "1"]
    assert rows[3][2:5] == ["", "", ""]
    assert json.loads(drawn("json"))["rows"] == [{"n": HUGE}]


def test_without_records_there_is_no_csv():
    nothing = Document(lambda medium: (), lambda: {})
    assert "".join(render(nothing, "csv", Screen())) == ""
    assert "csv" not in formats(records=False)
    assert formats()[:5] == ("table", "plain", "json", "csv", "markdown")
    assert set(formats()) == FORMATS.keys() - {"html"}


def test_a_part_is_made_for_the_medium_that_it_is_read_on():
    records = Sheet([Column("layer", "layer", sheets.NAME)], ())

    def asked(form):
        found = []
        "".join(
            render(Document(lambda medium: found.append(medium) or (), lambda: {}, lambda: records), form, Screen())
        )
        return found

    media = {"table": [SCREEN], "plain": [PIPE], "markdown": [PAGE], "html": [PAGE], "json": [], "csv": []}
    assert {form: asked(form) for form in media} == media
    assert all(len(asked(form)) <= 1 for form in FORMATS)


def test_rows_are_made_when_they_are_asked_for():
    """Records of any number are written as they come."""
    made = []

    class Rows:
        def __iter__(self):
            for number in range(5_000):
                made.append(number)
                yield Row((f"conv{number}", number % 7))

    columns = [Column("layer", "layer", sheets.NAME), Column("params", "params", sheets.COUNT)]
    pieces = render(Document(lambda medium: (), lambda: {}, lambda: Sheet(columns, Rows())), "csv", Screen())
    assert next(pieces).count("\n") == 1001
    assert len(made) == 1_000
    assert sum(piece.count("\n") for piece in pieces) == 4_000


def test_a_set_width_holds_in_a_pipe():
    text = drawn("plain", Sentences(["word " * 60]), Facts([Fact("label", ["word " * 60])]), width=50)
    assert max(map(len, text.splitlines())) <= 50


def test_lines_hang_where_they_are_to():
    facts = Facts([Fact("label", ["word " * 20])], room=8)
    first, second, *_ = drawn("table", facts, room=50).splitlines()
    assert (first[:13], second[:13]) == ("  label     wo", "            ") or first.startswith("  label     word")
    assert second.startswith("              word")
    assert drawn("table", facts._replace(hanging=False), room=50).splitlines()[1].startswith("            word")
