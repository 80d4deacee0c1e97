"""Verdicts as findings and promises: nothing that is said is lost, and each fault belongs to what it breaks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.diagnostics import ERROR, Diagnostic, Source
from cnncalc.features.check.page import report
from cnncalc.features.check.verdict import Expected, Judged, Verdict
from render import reports
from render.reports import BUDGET, OUTSIDE, SHAPE, UNKNOWN, UNUSED, at


def verdict(*diagnostics, file="models/edge.txt", requirements=(), expectations=(), **more):
    return Verdict(file, more.pop("settings", {}), None, requirements, expectations, diagnostics, **more)


def outcomes(*verdicts):
    """For every promise its name, how it went, and the messages of its faults and remarks."""
    promises = [promise for spec in report(verdicts).specs for promise in spec.promises]
    return [(one.name, one.outcome, [said.message for said in one.faults + one.remarks]) for one in promises]


def test_a_spec_with_one_of_everything():
    requirements = (Judged("params <= 5M", 5, 5288548, 5000000, False, BUDGET),
                    Judged("max-macs 600M", None, 1, 2, False, OUTSIDE))  # fmt: skip
    expectations = (Expected("64x112x112", 2, (64, 112, 112), True), Expected("64x56x56", 3, (64, 55, 55), False))
    busy = verdict(SHAPE, UNUSED, BUDGET, OUTSIDE, requirements=requirements, expectations=expectations)
    assert report([busy, verdict(file="models/small.txt")]).specs == (reports.BUSY, reports.FINE)


def test_a_requirement_without_a_number_is_no_pass():
    """Where the spec is not understood its requirements are not known to hold."""
    unknown = verdict(UNKNOWN, requirements=(Judged("params <= 5M", 5, None, 5000000, False),))
    assert outcomes(unknown) == [
        ("the spec is understood", "error", ["unknown layer 'maxpol'"]),
        ("line 5: require params <= 5M", "failure", []),
    ]
    assert report([unknown]).specs[0].promises[1].reason == "params <= 5M: it is not known whether it holds"


@pytest.mark.parametrize(
    ("value", "reason"), [(3, "params <= 2: it does not hold: it is 3"), (None, "params <= 2: it is not known whether it holds")]
)  # fmt: skip
def test_a_requirement_that_nothing_is_said_of_has_a_reason(value, reason):
    (_, promise) = report([verdict(requirements=(Judged("params <= 2", None, value, 2, False),))]).specs[0].promises
    assert (promise.name, promise.outcome, promise.reason) == ("params <= 2", "failure", reason)


def test_an_expectation_that_nothing_is_said_of_has_a_reason():
    expectations = (Expected("8x8", 3, (4, 4), False), Expected("9x9", 1, None, False, file="blocks.txt"))
    (_, first, second) = report([verdict(expectations=expectations)]).specs[0].promises
    assert (first.name, first.reason) == ("line 3: -> 8x8", "expected 8x8: the shape is 4x4")
    assert (second.name, second.reason) == ("blocks.txt, line 1: -> 9x9", "expected 9x9: the shape is not known")


def test_what_breaks_no_requirement_breaks_a_promise_of_its_own():
    drift = Diagnostic(ERROR, "baseline-drift", "params 2, the baseline says 1")
    used = Diagnostic(
        ERROR, "expectation-failed", "expected 2, got 1", at(1, source=Source("blocks.txt", "block b:\n"))
    )
    assert outcomes(verdict(drift, used, BUDGET)) == [
        ("the spec is understood", "", []),
        ("the figures are those of the baseline", "failure", [drift.message]),
        ("the expectations of used files hold", "failure", [used.message]),
        ("the requirements hold", "failure", [BUDGET.message]),
    ]
    assert outcomes(verdict(drift, file="cnncalc-baseline.json", spec=False)) == [
        ("the figures are those of the baseline", "failure", [drift.message])
    ]


def test_strict_counts_warnings():
    assert outcomes(verdict(UNUSED, strict=True)) == [
        ("the spec is understood", "", [UNUSED.message]),
        ("no warnings (--strict)", "failure", [UNUSED.message]),
    ]
    assert outcomes(verdict(strict=True))[-1] == ("no warnings (--strict)", "", [])


def test_a_limit_from_outside_has_its_own_fault():
    """Its place is the layer that spends most, in whose line something else may be wrong; the order is that of lines."""
    text = "params 2 is over 1 by 1 (100 %): max-params 1 in pyproject.toml"
    params = Diagnostic(ERROR, "requirement-failed", text, at(3))
    macs = params._replace(message="macs 9 is over 1 by 8 (800 %): --max-macs 1")
    expected = Expected("64x56x56", 3, (64, 55, 55), False)
    judged = (Judged("max-macs 1", None, 9, 1, False, macs), Judged("max-params 1", None, 2, 1, False, params))
    found = verdict(params, SHAPE, macs, expectations=(expected,), requirements=judged)
    assert outcomes(found) == [
        ("the spec is understood", "", []),
        ("line 3: -> 64x56x56", "failure", [SHAPE.message]),
        ("max-macs 1", "failure", [macs.message]),
        ("max-params 1", "failure", [params.message]),
    ]


def test_quiet_keeps_what_made_it_fail():
    tried = verdict(SHAPE, UNUSED, settings={"size": "192", "width": "2"})
    assert report([tried], quiet=True).specs[0][:2] == ("models/edge.txt", (SHAPE,))
    (strict,) = report([tried._replace(strict=True)], quiet=True).specs
    assert (strict.diagnostics, strict.code, strict.settings) == ((SHAPE, UNUSED), 1, "size=192, width=2")


@st.composite
def verdicts(draw):
    spec = draw(reports.specs())
    lines, values = st.integers(1, 5), st.none() | st.integers(0, 10**30)
    faults = st.none() | st.sampled_from([*spec.diagnostics, None])
    judged = st.builds(Judged, reports.WORDS, st.none() | lines, values, values, st.booleans(), faults)
    expected = st.builds(Expected, reports.WORDS, lines, st.none(), st.booleans(), st.booleans())
    some = [tuple(draw(st.lists(each, max_size=3))) for each in (judged, expected)]
    return Verdict(spec.file, {}, None, *some, spec.diagnostics, draw(st.booleans()))


@settings(max_examples=60)
@given(verdicts())
def test_every_error_breaks_a_promise_and_nothing_else_does(one):
    (spec,) = report([one]).specs
    faults = [fault for promise in spec.promises if "strict" not in promise.name for fault in promise.faults]
    errors = [said for said in one.diagnostics if said.severity == ERROR]
    assert sorted(faults, key=repr) == sorted(errors, key=repr)
    assert spec.promises[0].remarks == tuple(said for said in one.diagnostics if said.severity != ERROR)
    assert len(spec.promises) >= 1 + len(one.expectations) + len(one.requirements)
    worst = max((("", "failure", "error").index(promise.outcome) for promise in spec.promises), default=0)
    broken = any(not part.ok for part in (*one.requirements, *one.expectations))
    assert worst == max(one.code, int(broken))
