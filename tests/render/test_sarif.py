"""SARIF, held to the schema that OASIS publishes."""

import json
import re
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace
from urllib.parse import quote, unquote

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc import __version__
from cnncalc.diagnostics import BROKEN, ERROR, NOTE, Diagnostic, Source
from cnncalc.document.findings import findings
from cnncalc.measure.lints import LINTS
from cnncalc.render import sarif
from cnncalc.render.faults import sentences
from cnncalc.render.rules import rule, rules
from readme import ROOT
from render.reports import BUSY, FINE, MANY, SHAPE, TEXT, UNKNOWN, UNUSED, at, report, screen, spec

UTF8 = screen()
SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-schema-2.1.0.json").read_text("utf-8"))
CHECKER = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)


def document(some):
    """The document, which must be what the schema says."""
    found = json.loads(sarif.render(some, UTF8))
    CHECKER.validate(found)
    return found


def run(some):
    (one,) = document(some)["runs"]
    return one


def test_the_schema_can_say_no():
    with pytest.raises(jsonschema.ValidationError):
        CHECKER.validate({"version": "2.1.0", "runs": [{"tool": {}}]})
    with pytest.raises(jsonschema.ValidationError):  # formats are checked, too
        CHECKER.validate({"version": "2.1.0", "runs": [], "$schema": "no uri: a blank"})


def test_whole_output():
    about, what = rule("expectation-failed")
    assert about == "A layer's shape is not the one that its line expects"
    assert document(report(spec(SHAPE), FINE)) == {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "cnncalc",
                        "version": __version__,
                        "rules": [
                            {
                                "id": "expectation-failed",
                                "shortDescription": {"text": about},
                                "fullDescription": {"text": f"{about}. {what}".replace("`", "'")},
                                "help": {
                                    "text": f"{about}. {what}".replace("`", "'"),
                                    "markdown": f"**{about}.**\n\n{what}",
                                },
                            }
                        ],
                    }
                },
                "invocations": [
                    {
                        "executionSuccessful": True,
                        "exitCode": 1,
                        "exitCodeDescription": "an expectation or a requirement is broken",
                    }
                ],
                "results": [
                    {
                        "ruleId": "expectation-failed",
                        "ruleIndex": 0,
                        "level": "error",
                        "message": {
                            "text": "expected 64x56x56, got 64x55x55: floor((112 - 3)/2) + 1 = 55\n56 with pad=1"
                        },
                        "locations": [
                            {
                                "physicalLocation": {
                                    "artifactLocation": {
                                        "uri": "models/edge.txt", "uriBaseId": "%SRCROOT%", "index": 0,
                                    },
                                    "region": {"startLine": 3, "startColumn": 27, "endColumn": 38},
                                }
                            }
                        ],
                        "partialFingerprints": {"cnncalc/v1": "4cb8d5e4eb65b363:1"},
                    }
                ],
                "artifacts": [
                    {
                        "location": {"uri": "models/edge.txt", "uriBaseId": "%SRCROOT%"},
                        "roles": ["analysisTarget"],
                    },
                    {
                        "location": {"uri": "models/small.txt", "uriBaseId": "%SRCROOT%"},
                        "roles": ["analysisTarget"],
                    },
                ],
                "columnKind": "unicodeCodePoints",
            }
        ],
    }  # fmt: skip


def test_a_rule_says_what_it_is_about_and_how_it_is_silenced():
    some = report(
        spec(UNUSED, Diagnostic(NOTE, "unread-input", "no"), Diagnostic(ERROR, "syntax", "no"), file="a.txt"),
    )
    rules = {rule["id"]: rule for rule in run(some)["tool"]["driver"]["rules"]}
    assert list(rules) == sorted(rules)
    assert rules["syntax"]["shortDescription"] == {"text": "A line cannot be read"}
    assert rules["unread-input"]["shortDescription"]["text"].startswith("Rows or columns at the end of an input")
    for code, one in rules.items():
        about = one["shortDescription"]["text"]
        assert one["fullDescription"]["text"].startswith(f"{about}. ")
        assert one["help"]["text"].startswith(f"{about}. ")
        assert one["help"]["markdown"].startswith(f"**{about}.**\n\n")
        assert "`" not in one["help"]["text"]
        silence = f"'# allow: {code}' at the end of the line silences this."
        assert one["help"]["text"].endswith(silence) == (code != "syntax")


def test_every_code_has_a_rule():
    """Those of all findings that stand in the code, and of all lints."""
    known = rules()
    assert set(LINTS) <= set(known)
    assert set(known) >= BROKEN
    calls = re.compile(r'(?:Diagnostic\(\s*\w+, |Remark\("\w+", |faults\.(?:error|warn|note)\(|code=)"([a-z][a-z-]+)"')
    codes = {code for path in (ROOT / "cnncalc").rglob("*.py") for code in calls.findall(path.read_text("utf-8"))}
    assert len(codes) > 20
    assert codes <= set(known)
    for one in known.values():
        assert one.about[0].isupper() and not one.about.endswith(".")
        assert one.help.endswith((".", "?")) and one.help.count("`") % 2 == 0


def test_a_code_without_a_rule_says_what_its_name_does():
    assert rule("quite-new").about == "Quite new"
    assert rule("quite-new").help


def test_the_way_to_a_fault_is_related():
    (result,) = run(report(spec(UNKNOWN)))["results"]
    (related,) = result["relatedLocations"]
    assert related["message"] == {"text": "in 'up 7', used"}
    assert related["physicalLocation"]["region"] == {"startLine": 4, "startColumn": 1, "endColumn": 2}


@pytest.mark.parametrize(
    ("some", "code", "successful"), [([FINE], 0, True), ([FINE, BUSY], 1, True), ([BUSY, spec(UNKNOWN)], 2, False)]
)
def test_the_exit_code_is_told(some, code, successful):
    (invocation,) = run(report(*some))["invocations"]
    assert (invocation["exitCode"], invocation["executionSuccessful"]) == (code, successful)


def test_uris_are_encoded_and_relative_to_the_root(tmp_path, monkeypatch):
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    files = ["a b.txt", "50%.txt", "né.txt", "c:d.txt", "<stdin>", "../up.txt", "../../out.txt"]
    found = run(report(*(spec(file=file) for file in files), root=str(tmp_path)))["artifacts"]
    assert [one["location"] for one in found] == [
        *(
            {"uri": uri, "uriBaseId": "%SRCROOT%"}
            for uri in ("sub/a%20b.txt", "sub/50%25.txt", "sub/n%C3%A9.txt", "sub/c%3Ad.txt", "%3Cstdin%3E", "up.txt")
        ),
        {"uri": (tmp_path.parent / "out.txt").as_uri()},
    ]


def test_a_path_with_a_drive_is_a_uri():
    """As `Path.as_uri` writes it on Windows."""
    files = sarif._Files(SimpleNamespace(path=lambda name: name, specs=()))
    assert files.location("C:/nets/a b.txt") == {"uri": "file:///C:/nets/a%20b.txt"}
    assert PureWindowsPath("C:/nets/a b.txt").as_uri() == "file:///C:/nets/a%20b.txt"


def test_a_fingerprint_stays_when_lines_move_and_figures_change():
    moved = Source("models/edge.txt", "# a comment\n\n" + TEXT)
    before = run(report(spec(SHAPE)))["results"]
    after = run(report(spec(SHAPE._replace(message="another figure", span=at(5, 27, 38, moved)))))["results"]
    other = run(report(spec(SHAPE._replace(span=at(2)))))["results"]
    print_of = [result[0]["partialFingerprints"] for result in (before, after, other)]
    assert print_of[0] == print_of[1] != print_of[2]


def test_equal_findings_have_fingerprints_of_their_own():
    some = report(spec(UNUSED, UNUSED._replace(message="another")))
    first, second = (result["partialFingerprints"]["cnncalc/v1"] for result in run(some)["results"])
    assert first.split(":")[0] == second.split(":")[0]
    assert first != second


@settings(max_examples=40)
@given(MANY)
def test_anything_passes_the_schema(some):
    one = run(some)
    rules = [rule["id"] for rule in one["tool"]["driver"]["rules"]]
    found = findings(some.specs)
    assert one["invocations"][0]["exitCode"] == some.code
    assert len(one["results"]) == len(found)
    prints = [result["partialFingerprints"]["cnncalc/v1"] for result in one["results"]]
    assert len(set(prints)) == len(prints)
    for result, finding in zip(one["results"], found, strict=True):
        diagnostic = finding.diagnostic
        assert rules[result["ruleIndex"]] == result["ruleId"] == diagnostic.code
        assert result["level"] == diagnostic.severity
        assert result["message"]["text"] == "\n".join(map(UTF8.charset, sentences(finding)))
        place = result["locations"][0]["physicalLocation"]
        location = one["artifacts"][place["artifactLocation"]["index"]]["location"]
        assert location.items() <= place["artifactLocation"].items()
        if "uriBaseId" in location:
            assert unquote(location["uri"]) == some.path(finding.file).encode("utf-8", "replace").decode()
        if diagnostic.span:
            assert place["region"]["startLine"] == diagnostic.span.line
            assert place["region"]["endColumn"] == diagnostic.span.end_column


@settings(max_examples=40)
@given(MANY)
def test_any_encoding_of_the_output_holds_it(some):
    text = sarif.render(some, screen("cp1252"))
    assert text.isascii()
    assert json.loads(text) == document(some)


@given(st.text())
def test_a_path_is_quoted_as_urllib_does(path):
    assert sarif._quoted(path) == quote(path, errors="replace")
