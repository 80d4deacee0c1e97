"""Reports of findings made by hand and by hypothesis, for the tests of their formats."""

from __future__ import annotations

import os

from hypothesis import strategies as st

from cnncalc.diagnostics import BROKEN, ERROR, NOTE, WARNING, Diagnostic, Frame, Source, Span, exit_code
from cnncalc.document.findings import Promise, Report, SpecFindings
from cnncalc.render.text import Charset, Screen

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


def spec(*diagnostics: Diagnostic, file: str = "models/edge.txt", **more: object) -> SpecFindings:
    return SpecFindings(file, diagnostics, **{"code": exit_code(diagnostics), **more})  # type: ignore[arg-type]


def report(*specs: SpecFindings, remark: str = "", root: str | None = None) -> Report:
    """A report on some specs, named from the current folder."""
    return Report(specs, remark, os.getcwd() if root is None else root)


def screen(encoding: str = "utf-8", width: int = 0) -> Screen:
    return Screen(width, False, Charset(encoding), "--format")


#: A spec with one of everything, and one that is fine.
BUDGET = Diagnostic(ERROR, "requirement-failed", "params 5,288,548 is over 5,000,000 by 288,548 (5.8 %)",
                    at(5, 1, 23), None, ("most is in fc1 (1,281,000), stage6 and stage7",))  # fmt: skip
SHAPE = Diagnostic(ERROR, "expectation-failed", "expected 64x56x56, got 64x55x55: floor((112 - 3)/2) + 1 = 55",
                   at(3, 27, 38), "56 with pad=1")  # fmt: skip
UNUSED = Diagnostic(WARNING, "unused-tensor", "nothing reads '@x'", at(2, 1, 5))
UNKNOWN = Diagnostic(ERROR, "unknown-layer", "unknown layer 'maxpol'", at(3, 1, 8), "did you mean 'maxpool'?", (),
                     (Frame("in 'up 7', used", at(4), use=True),))  # fmt: skip
OUTSIDE = Diagnostic(
    ERROR,
    "requirement-failed",
    "macs 700,000,000 is over 600,000,000 by 100,000,000 (16.7 %): --max-macs 600M",
)
UNDERSTOOD = "the spec is understood"
BUSY = spec(
    SHAPE, UNUSED, BUDGET, OUTSIDE,
    promises=(Promise(UNDERSTOOD, remarks=(UNUSED,)), Promise("line 2: -> 64x112x112"),
              Promise("line 3: -> 64x56x56", (SHAPE,)), Promise("line 5: require params <= 5M", (BUDGET,)),
              Promise("max-macs 600M", (OUTSIDE,))),
)  # fmt: skip
FINE = spec(file="models/small.txt", promises=(Promise(UNDERSTOOD),))

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
def promises(draw: st.DrawFn, left: list[Diagnostic]) -> Promise:
    """A promise that some of the diagnostics belong to, which are taken away."""
    taken = [left.pop() for _ in range(draw(st.integers(0, len(left))))]
    faults = tuple(one for one in taken if one.severity == ERROR)
    return Promise(draw(WORDS), faults, tuple(one for one in taken if one.severity != ERROR), draw(WORDS))


@st.composite
def specs(draw: st.DrawFn) -> SpecFindings:
    name = draw(st.sampled_from(["a.txt", "models/b c.txt", "modèle%.txt", "<stdin>"]) | NAMES)
    own = Source(name, draw(st.text(LETTERS, max_size=60)))
    used = Source("blocks.txt", "block b:\n    relu\n")
    said = draw(st.lists(diagnostics([own, used]), max_size=5))
    left = list(said)
    kept = [draw(promises(left)) for _ in range(draw(st.integers(0, 3)))]
    rest = Promise(UNDERSTOOD, tuple(one for one in left if one.severity == ERROR))
    return spec(*said, file=name, promises=(rest, *kept), settings=draw(st.just("") | WORDS))


MANY = st.lists(specs(), max_size=4).map(lambda some: report(*some))
