"""Findings: each once, where they belong, and counted."""

from cnncalc.diagnostics import NamedPlace, Source
from cnncalc.document.findings import Finding, Promise, Report, SpecFindings, findings
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


def test_a_file_is_named_from_the_root(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "@net").write_text("")
    report = Report((), root=str(tmp_path))
    assert report.path("models/a.txt") == "models/a.txt"
    assert report.path(str(tmp_path / "b.txt")) == "b.txt"
    assert report.path("../c.txt") == str(tmp_path.parent / "c.txt")
    assert (report.path("<stdin>"), report.path("@alexnet"), report.path("@net")) == ("<stdin>", "@alexnet", "@net")
    assert Report((), root=str(tmp_path / "models")).path("@net") == str(tmp_path / "@net")
    assert Report(()).path("a.txt") == str(tmp_path / "a.txt")


def test_what_is_not_understood_comes_first():
    broken = SHAPE._replace(code="requirement-failed")
    ranks = [
        Finding(one, "a.txt", ()).rank
        for one in (SHAPE._replace(code="syntax"), broken, UNUSED, UNUSED._replace(severity="note"))
    ]
    assert ranks == [0, 1, 2, 3]


def test_how_a_promise_went():
    broken, wrong = SHAPE._replace(code="requirement-failed"), SHAPE._replace(code="syntax")
    assert Promise("kept").outcome == Promise("kept", remarks=(wrong,)).outcome == ""
    assert Promise("a", (broken,)).outcome == Promise("b", reason="over").outcome == "failure"
    assert Promise("c", (broken, wrong)).outcome == "error"


def test_what_several_specs_share_is_there_once():
    shared = [spec(SHAPE, file=name) for name in ("a.txt", "b.txt")]
    (one,) = findings(shared)
    assert one.settings == ()
    other = SHAPE._replace(help="other")
    assert [each.diagnostic for each in findings([spec(SHAPE, other), spec(other, SHAPE)])] == [SHAPE, other]
    twice = [spec(UNUSED, UNUSED, settings="size=1"), spec(settings="size=2")]
    assert [each.settings for each in findings(twice)] == [("size=1",)]
    assert findings(twice)[0].message == f"{UNUSED.message} (with size=1)"


def test_a_spec_is_labelled_by_what_was_tried():
    assert spec(file="a.txt").label == "a.txt"
    assert spec(file="a.txt", settings="size=1, width=2").label == "a.txt [size=1, width=2]"


def test_a_finding_says_where_in_a_file_without_lines_it_is():
    spot = NamedPlace(Source("net.onnx", ""), "node 'conv1' (Conv)")
    (one,) = findings([spec(UNUSED._replace(span=None, spot=spot), file="net.onnx")])
    assert one.message == "node 'conv1' (Conv): nothing reads '@x'"
    assert one._replace(settings=("size=1", "size=2")).message == (
        "node 'conv1' (Conv): nothing reads '@x' (with size=1; with size=2)"
    )
    two = UNUSED._replace(span=None, spot=spot._replace(name="node 'conv2' (Conv)"))
    assert len(findings([spec(one.diagnostic, two, file="net.onnx")])) == 2
