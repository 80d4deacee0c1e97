"""Specs and the networks that come of them, as recorded in runs.txt."""

import pytest

from interpret.runs import RUNS


@pytest.mark.parametrize(
    ("title", "spec", "expected"), RUNS.cases(), ids=lambda one: None if isinstance(one, list) else ""
)
def test_a_spec_runs_as_recorded(title, spec, expected):
    assert [line for line in RUNS.outcome(spec) if line] == [line for line in expected if line]
