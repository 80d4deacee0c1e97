"""Findings: each once, where they belong, and counted."""

from cnncalc.document.findings import Report, SpecFindings, findings
from render.reports import SHAPE, UNUSED, spec


def test_a_finding_is_in_the_file_of_its_place():
    (one,) = findings([spec(SHAPE, file="other/name.txt")])
    assert one.file == "models/edge.txt"
    (one,) = findings([spec(SHAPE._replace(span=None), file="other/name.txt")])
    assert one.file == "other/name.txt"


def test_settings_are_named_where_not_all_have_it():
    specs = [spec(UNUSED, settings="size=1"), spec(UNUSED), spec(settings="size=3")]
    assert [one.settings for one in findings(specs)] == [("size=1", "its own values")]
    assert [one.settings for one in findings(specs[:2])] == [()]


def test_the_summary_counts_specs_and_checks_apart():
    a, b = SpecFindings("a.txt"), SpecFindings("b.txt", code=1)
    assert Report((a, b)).summary == [("2 specs", ""), ("1 passes", ""), ("1 fails", "error")]
    tried = [a._replace(settings=f"size={size}", code=size) for size in (0, 1)]
    assert Report((*tried, b)).summary == [("2 specs in 3 checks", ""), ("2 fail", "error")]
    baseline = spec(SHAPE, SHAPE._replace(span=None), file="cnncalc-baseline.json", is_spec=False)
    assert Report((a, a._replace(file="c.txt"), baseline, b._replace(diagnostics=(UNUSED,)))).summary == [
        ("3 specs", ""), ("2 pass", ""), ("1 fails", "error"), ("2 errors in the baseline", "error"),
        ("1 warning", "warning"),
    ]  # fmt: skip
    assert Report((a, b)).code == 1
    assert Report(()).code == 0
