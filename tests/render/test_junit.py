"""JUnit XML, held to the schema that Jenkins publishes."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import xmlschema
from hypothesis import given, settings

from cnncalc.document.findings import Promise
from cnncalc.render import junit
from render.reports import BUSY, FINE, MANY, SHAPE, UNDERSTOOD, UNKNOWN, report, screen, spec

UTF8 = screen()
SCHEMA = xmlschema.XMLSchema(Path(__file__).parent / "schemas" / "junit-10.xsd")


def tree(some):
    """The document, which must be what the schema says."""
    text = junit.render(some, UTF8)
    SCHEMA.validate(text)
    return ET.fromstring(text.encode("utf-8"))


def outcomes(some):
    """For every case its name, and what there is in it."""
    return [(case.get("name"), [child.tag for child in case]) for case in tree(some).iter("testcase")]


def shown(text):
    """What XML can hold of a text."""
    lines = "\n".join(map(UTF8.charset, text.split("\n")))
    return lines.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")


def test_the_schema_can_say_no():
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        SCHEMA.validate('<testsuites><testsuite name="a" tests="0"/></testsuites>')


def test_whole_output():
    assert (
        junit.render(report(BUSY, FINE), UTF8)
        == """\
<?xml version="1.0" encoding="utf-8"?>
<testsuites name="cnncalc check" tests="6" failures="3" errors="0" time="0">
  <testsuite name="models/edge.txt" tests="5" failures="3" errors="0" skipped="0" time="0">
    <testcase name="the spec is understood" classname="models/edge.txt" time="0">
      <system-out>models/edge.txt:2:1: warning: nothing reads '@x'
    2 | conv 64 7 stride=2 pad=3  -&gt; 64x112x112
      | ^^^^
      = '# allow: unused-tensor' at the end of the line silences this
</system-out>
    </testcase>
    <testcase name="line 2: -&gt; 64x112x112" classname="models/edge.txt" time="0"/>
    <testcase name="line 3: -&gt; 64x56x56" classname="models/edge.txt" time="0">
      <failure type="expectation-failed" message="expected 64x56x56, got 64x55x55: floor((112 - 3)/2) + 1 = 55">\
models/edge.txt:3:27: error: expected 64x56x56, got 64x55x55: floor((112 - 3)/2) + 1 = 55
    3 | maxpool 3 stride=2        -&gt; 64x56x56
      |                           ^^^^^^^^^^^ 56 with pad=1
</failure>
    </testcase>
    <testcase name="line 5: require params &lt;= 5M" classname="models/edge.txt" time="0">
      <failure type="requirement-failed" message="params 5,288,548 is over 5,000,000 by 288,548 (5.8 %)">\
models/edge.txt:5:1: error: params 5,288,548 is over 5,000,000 by 288,548 (5.8 %)
    5 | require params &lt;= 5M  "the mobile budget"
      | ^^^^^^^^^^^^^^^^^^^^^^
      = most is in fc1 (1,281,000), stage6 and stage7
</failure>
    </testcase>
    <testcase name="max-macs 600M" classname="models/edge.txt" time="0">
      <failure type="requirement-failed" message="macs 700,000,000 is over 600,000,000 by 100,000,000 (16.7 %): --max-macs 600M">\
error: macs 700,000,000 is over 600,000,000 by 100,000,000 (16.7 %): --max-macs 600M
</failure>
    </testcase>
  </testsuite>
  <testsuite name="models/small.txt" tests="1" failures="0" errors="0" skipped="0" time="0">
    <testcase name="the spec is understood" classname="models/small.txt" time="0"/>
  </testsuite>
</testsuites>
"""
    )


@pytest.mark.parametrize(
    ("encoding", "name"), [("utf-8", "汉字 &amp; é.txt"), ("ascii", "&#27721;&#23383; &amp; &#233;.txt")]
)
def test_beyond_ascii_there_are_references_where_the_encoding_lacks_the_character(encoding, name):
    fine = spec(file="汉字 & é.txt", promises=(Promise("a"),))
    assert f'<testcase name="a" classname="{name}" time="0"/>' in junit.render(report(fine), screen(encoding))


def test_what_is_not_understood_is_an_error():
    (case,) = tree(report(spec(UNKNOWN, promises=(Promise(UNDERSTOOD, (UNKNOWN,)),)))).iter("testcase")
    assert case.get("name") == "the spec is understood"
    (error,) = case
    assert (error.tag, error.get("type"), error.get("message")) == (
        "error", "unknown-layer", "unknown layer 'maxpol'",
    )  # fmt: skip
    assert error.text.startswith("models/edge.txt:3:1: error: unknown layer 'maxpol'\n")


def test_what_no_diagnostic_says_is_a_failure_all_the_same():
    (case,) = tree(report(spec(promises=(Promise("max-params 1", reason="not known"),)))).iter("testcase")
    assert [(part.tag, part.get("type"), part.get("message"), part.text) for part in case] == [
        ("failure", "requirement-failed", "not known", "not known\n")
    ]


def test_settings_are_suites_of_their_own():
    kept = (Promise(UNDERSTOOD),)
    root = tree(report(spec(SHAPE, settings="size=192", promises=kept), spec(settings="size=224", promises=kept)))
    names = ["models/edge.txt [size=192]", "models/edge.txt [size=224]"]
    assert [suite.get("name") for suite in root] == names
    assert [suite[0].get("classname") for suite in root] == names


def test_no_name_is_there_twice():
    """GitLab ignores the second of two cases of one class and name."""
    twice = (Promise("line 3: -> 64x56x56"), Promise("line 3: -> 64x56x56"))
    assert outcomes(report(spec(promises=twice))) == [("line 3: -> 64x56x56", []), ("line 3: -> 64x56x56 (2)", [])]
    odd = (Promise("a"), Promise("a (2)"), Promise("a"), Promise("\x1e"), Promise("\x1f"))
    assert [name for name, _ in outcomes(report(spec(promises=odd)))] == ["a", "a (2)", "a (3)", "\ufffd", "\ufffd (2)"]


@settings(max_examples=60)
@given(MANY)
def test_anything_passes_the_schema_and_is_counted(some):
    root = tree(some)
    suites = list(root)
    assert [suite.get("name") for suite in suites] == [shown(one.label) for one in some.specs]
    for suite, one in zip(suites, some.specs, strict=True):
        cases = suite.findall("testcase")
        assert int(suite.get("tests")) == len(cases) == len(one.promises)
        assert int(suite.get("failures")) == len(suite.findall("testcase/failure"))
        assert int(suite.get("errors")) == len(suite.findall("testcase/error"))
        assert len({case.get("name") for case in cases}) == len(cases)
        assert (suite.get("errors") != "0") == (one.code == 2)
        said = [fault.get("message") for fault in suite.iter() if fault.tag in ("failure", "error")]
        text = "".join(suite.itertext())
        for fault in (fault for promise in one.promises for fault in promise.faults + promise.remarks):
            assert shown(fault.message) in said or all(
                line.strip() in text for line in shown(fault.message).split("\n")
            )
    assert int(root.get("tests")) == sum(int(suite.get("tests")) for suite in suites)


@settings(max_examples=60)
@given(MANY)
def test_any_encoding_of_the_output_holds_it(some):
    text = junit.render(some, screen("cp1252"))
    assert text.isascii()
    SCHEMA.validate(text)
    assert ET.canonicalize(text) == ET.canonicalize(junit.render(some, UTF8))
