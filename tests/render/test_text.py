"""Characters, widths and figures."""

from fractions import Fraction

import pytest

from cnncalc.document import figures
from cnncalc.render.text import Charset, clip, pad, width, wrapped

HOSTILE = "a\x1b[31mb\u202ec\ud800d\te\u00a0f\x00"


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", "6×28 ≤ … → ·"),
        ("ascii", "6x28 <= ... -> ."),
        ("cp1252", "6×28 <= … -> ·"),
        ("cp949", "6×28 ≤ … → ·"),
        ("latin-1", "6×28 <= ... -> ·"),
        ("no-such-encoding", "6x28 <= ... -> ."),
        (None, "6x28 <= ... -> ."),
    ],
)
def test_stand_ins(encoding, shown):
    assert Charset(encoding)("6×28 ≤ … → ·") == shown


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252", "cp949", "utf-16", "shift-jis"])
def test_nothing_hostile_gets_through(encoding):
    shown = Charset(encoding)(HOSTILE + "한글 🎉")
    assert shown.encode(encoding)
    assert not set(shown) & set("\x1b\u202e\ud800\t\x00")


def test_what_is_invisible_is_shown():
    assert Charset()(HOSTILE) == "a�[31mb�c�d    e f�"


def test_joiners_stay():
    assert Charset()("نمی\u200cخواهم") == "نمی\u200cخواهم"


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("conv", 4),
        ("6×28", 4),
        ("한글", 4),
        ("e\u0301", 1),
        ("🎉", 2),
        ("\u200d", 0),
        ("a\u20dd", 1),
        ("Ａ", 2),
    ],
)
def test_width(text, columns):
    assert width(text) == columns


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("conv 64", 7, "conv 64"),
        ("conv 64 3", 8, "conv 64…"),
        ("conv 64 3", 6, "conv…"),
        ("한글한글", 6, "한글…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
        ("e\u0301e\u0301e\u0301", 3, "e\u0301e\u0301e\u0301"),
    ],
)
def test_clip(text, limit, cut):
    assert clip(text, limit) == cut
    assert width(clip(text, limit)) <= limit


def test_clip_with_the_stand_in():
    assert clip("conv 64 11", 8, "...") == "conv..."
    assert clip("conv 64 11", 2, "...") == ".."


def test_words_with_hyphens_stay_whole():
    assert wrapped("a layer of self-attention is one", 20) == ["a layer of", "self-attention is", "one"]


def test_pad():
    assert pad("한", 4) == "한  "
    assert pad("12", 4, right=True) == "  12"


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1,023 bytes"),
        (1024, "1 KiB"),
        (246824, "241 KiB"),
        (1024**2 - 1, "1,024 KiB"),
        (102228128, "97.5 MiB"),
        (1024**7, "1,024 EiB"),
        (10**30, "867,361,737,988 EiB"),
    ],
)
def test_size(count, text):
    assert figures.size(count) == text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(1), "1"),
        (Fraction(1, 4), "0.25"),
        (Fraction(147, 32), "4.59"),
        (Fraction(1, 300), "0.00333"),
        (Fraction(1, 30), "0.0333"),
        (Fraction(1, 1000), "0.001"),
        (Fraction(1, 3_000), "0.000333"),
        (Fraction(123456, 10**10), "0.0000123"),
        (Fraction(9996, 10000), "1"),
        (Fraction(99960, 1000), "100"),
        (Fraction(100), "100"),
        (Fraction(1, 10), "0.1"),
        (Fraction(101, 1000), "0.101"),
        (Fraction(2469, 2), "1,235"),
        (Fraction(-5, 2), "-2.5"),
    ],
)
def test_three_figures(ratio, text):
    assert figures.three_figures(ratio) == text


def test_axes_that_agree_are_one_number():
    assert figures.axes((5, 5)) == "5"
    assert figures.axes((3, 7)) == "3×7"
    assert figures.axes((Fraction(5, 2), Fraction(5, 2))) == "~2.5"
    assert figures.axes((-3, -3)) == "-3"
    assert figures.axes(figures.Nominal((5, Fraction(7, 2)))) == "~5×~3.5"
    assert figures.axes(figures.Nominal((5, 5))) == "~5"
    assert figures.percents((Fraction(1, 2), Fraction(1, 2))) == "50 %"
    assert figures.percents((Fraction(7, 8), Fraction(3, 2))) == "87.5 %×150 %"


def test_nominal_numbers_are_no_others():
    nominal = figures.Nominal((5, 5))
    assert nominal == figures.Nominal((5, 5))
    assert nominal != (5, 5)
    assert hash(nominal) != hash((5, 5))


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Fraction(0), "0.0 %"), (Fraction(1), "100.0 %"), (Fraction(1, 3), "33.3 %"), (Fraction(1, 2000), "0.1 %"),
        (Fraction(1, 2001), "<0.1 %"), (Fraction(2785, 10000), "27.9 %"),
    ],
)  # fmt: skip
def test_shares(share, text):
    assert figures.share(share) == text


def test_quantities():
    assert figures.quantity(1, "parameter") == "1 parameter"
    assert figures.quantity(61706, "parameter") == "61,706 parameters"
    assert figures.quantity(None, "MAC") == "MACs unknown"
    assert figures.listed(["a"]) == "a"
    assert figures.listed(["a", "b", "c"]) == "a, b and c"
