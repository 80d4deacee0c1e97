"""Verdicts made by hand and by hypothesis, for the tests of the formats of `cnncalc check`."""

from __future__ import annotations

from hypothesis import strategies as st

from cnncalc.diagnostics import BROKEN, ERROR, NOTE, WARNING, Diagnostic, Frame, Source, Span
from cnncalc.features.check.verdict import Expected, Judged, Verdict

TEXT = """\
input 3x224x224
conv 64 7 stride=2 pad=3  -> 64x112x112
maxpool 3 stride=2        -> 64x56x56
fc 1000  # ×, 汉字, 50 %
require params <= 5M  "the mobile budget"
"""
SOURCE = Source("models/edge.txt", TEXT)


def at(line: int, column: int = 1, end: int | None = None, source: Source = SOURCE) -> Span:
    return Span(source, line, column, column + 1 if end is None else end)


def verdict(*diagnostics: Diagnostic, file: str = "models/edge.txt", **more: object) -> Verdict:
    return Verdict(file, more.pop("settings", {}), None, more.pop("requirements", ()),  # type: ignore[arg-type]
                   more.pop("expectations", ()), tuple(diagnostics), **more)  # type: ignore[arg-type]  # fmt: skip


#: A spec with one of everything, and one that is fine.
BUDGET = Diagnostic(ERROR, "requirement-failed", "params 5,288,548 is over 5,000,000 by 288,548 (5.8 %)",
                    at(5, 1, 23), None, ("most is in fc1 (1,281,000), stage6 and stage7",))  # fmt: skip
SHAPE = Diagnostic(ERROR, "expectation-failed", "expected 64x56x56, got 64x55x55:\nfloor((112 - 3)/2) + 1 = 55",
                   at(3, 27, 38), "56 with pad=1")  # fmt: skip
UNUSED = Diagnostic(WARNING, "unused-tensor", "nothing reads '@x'", at(2, 1, 5))
UNKNOWN = Diagnostic(ERROR, "unknown-layer", "unknown layer 'maxpol'", at(3, 1, 8), "did you mean 'maxpool'?", (),
                     (Frame("in 'up 7', used", at(4)),))  # fmt: skip
OUTSIDE = Diagnostic(
    ERROR, "requirement-failed", "macs 700,000,000 is over 600,000,000 by 100,000,000 (16.7 %): --max-macs 600M"
)
BUSY = verdict(
    SHAPE, UNUSED, BUDGET, OUTSIDE,
    requirements=(Judged("params <= 5M", 5, 5288548, 5000000, False), Judged("max-macs 600M", None, 1, 2, False)),
    expectations=(Expected("64x112x112", 2, (64, 112, 112), True), Expected("64x56x56", 3, (64, 55, 55), False)),
)  # fmt: skip
FINE = verdict(file="models/small.txt")

CODES = (*sorted(BROKEN), "syntax", "unknown-layer", "unused-tensor", "no-file")
#: Letters of every kind that formats trip over: their own signs, lines' ends, controls, halves of pairs, wide ones.
LETTERS = st.one_of(
    st.sampled_from("%\n\r,:;=<>&'\"]{}[|#\\/ \t\x00\x07\x1b\x7f\x85\u2028\u202e\ufeff\ufffe\uffff×≤汉😀\udc80\ud800"),
    st.characters(),
)
WORDS = st.one_of(
    st.text(LETTERS, max_size=30),
    st.sampled_from(["]]>", "<![CDATA[", "::error::", "%0A", "%25", "##[error]", "a\r\nb", "[x](1)", "{0}", "-->"]),
)
NAMES = st.text(st.characters(exclude_characters="\0/\\"), min_size=1, max_size=12).filter(
    lambda name: name.strip(".") and name[0] not in "@<"
)


@st.composite
def spans(draw: st.DrawFn, sources: list[Source]) -> Span:
    source = draw(st.sampled_from(sources))
    line = draw(st.integers(1, len(source.lines) + 1))
    column = draw(st.integers(1, len(source.line(line)) + 1))
    return Span(source, line, column, column + draw(st.integers(1, 20)))


@st.composite
def diagnostics(draw: st.DrawFn, sources: list[Source]) -> Diagnostic:
    frames = draw(st.lists(st.builds(Frame, WORDS, spans(sources)), max_size=2))
    return Diagnostic(
        draw(st.sampled_from([ERROR, ERROR, WARNING, NOTE])), draw(st.sampled_from(CODES)), draw(WORDS),
        draw(st.none() | spans(sources)), draw(st.none() | WORDS), tuple(draw(st.lists(WORDS, max_size=2))),
        tuple(frames),
    )  # fmt: skip


@st.composite
def verdicts(draw: st.DrawFn) -> Verdict:
    name = draw(st.sampled_from(["a.txt", "models/b c.txt", "modèle%.txt", "<stdin>"]) | NAMES)
    own = Source(name, draw(st.text(LETTERS, max_size=60)))
    used = Source("blocks.txt", "block b:\n    relu\n")
    lines = st.integers(1, 5)
    values = st.none() | st.integers(0, 10**30)
    return Verdict(
        name,
        draw(st.dictionaries(st.sampled_from(["size", "width"]), WORDS, max_size=1)),
        None,
        tuple(draw(st.lists(st.builds(Judged, WORDS, st.none() | lines, values, values, st.booleans()), max_size=3))),
        tuple(draw(st.lists(st.builds(Expected, WORDS, lines, st.none(), st.booleans(), st.booleans()), max_size=3))),
        tuple(draw(st.lists(diagnostics([own, used]), max_size=5))),
        draw(st.booleans()),
    )


MANY = st.lists(verdicts(), max_size=4)
