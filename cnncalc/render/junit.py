"""Findings as JUnit XML, which GitLab, Jenkins and most others read: a suite a spec, a test case a promise.

The attributes are those that all published schemas agree on; Jenkins's own (jenkinsci/xunit-plugin, junit-10.xsd) has
neither `file` nor `line` for a test case. So the class of a case, which GitLab shows as its suite, is the spec, its
name has the line, and what failed starts with file, line and column. A case's name is unique in its class: GitLab drops
the second of two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..document.findings import Promise, Report
from . import faults
from .text import Charset, Screen

#: What a promise breaks by that no diagnostic tells.
_FAILED = "requirement-failed"
#: Not printable, but let through by a Charset; XML 1.0 has them not.
_NONCHARACTERS = {0xFFFE: "\ufffd", 0xFFFF: "\ufffd"}


def render(report: Report, screen: Screen) -> str:
    """The XML document. Beyond ASCII it has references where the encoding is not Unicode's."""
    writer = _Xml(screen.charset)
    suites = [(spec.label, writer.named(spec.promises)) for spec in report.specs]
    counts = writer.counts([promise for _, promises in suites for promise in promises])
    lines = ['<?xml version="1.0" encoding="utf-8"?>', f'<testsuites name="cnncalc check"{counts} time="0">']
    for label, promises in suites:
        lines.append(f'  <testsuite name="{writer.quoted(label)}"{writer.counts(promises)} skipped="0" time="0">')
        for promise in promises:
            lines += writer.case(promise, label)
        lines.append("  </testsuite>")
    lines.append("</testsuites>\n")
    return "\n".join(lines)


class _Xml:
    """Writes elements in the characters that XML 1.0 and the encoding of the output have."""

    def __init__(self, charset: Charset) -> None:
        self.unicode = charset.unicode
        self.clean = Charset("utf-8")

    def shown(self, text: str) -> str:
        """`text` in the characters that XML has."""
        return "\n".join(map(self.clean, text.split("\n"))).translate(_NONCHARACTERS)

    def text(self, text: str) -> str:
        """`text` between tags."""
        escaped = self.shown(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return escaped if self.unicode else escaped.encode("ascii", "xmlcharrefreplace").decode("ascii")

    def quoted(self, text: str) -> str:
        """`text` as the value of an attribute."""
        return self.text(text).replace('"', "&quot;").replace("\n", "&#10;")

    def named(self, promises: Iterable[Promise]) -> list[Promise]:
        """The promises, by the names that they have in the document: one that is taken gets a number."""
        taken: set[str] = set()
        times: dict[str, int] = {}
        named = []
        for promise in promises:
            plain = name = self.shown(promise.name)
            while name in taken:
                times[plain] = times.get(plain, 1) + 1
                name = f"{plain} ({times[plain]})"
            taken.add(name)
            named.append(promise._replace(name=name))
        return named

    def counts(self, promises: Sequence[Promise]) -> str:
        """How many cases there are, and how they went."""
        outcomes = [promise.outcome for promise in promises]
        failures, errors = outcomes.count("failure"), outcomes.count("error")
        return f' tests="{len(promises)}" failures="{failures}" errors="{errors}"'

    def case(self, promise: Promise, label: str) -> Iterator[str]:
        """The lines of the test case of a promise."""
        start = f'    <testcase name="{self.quoted(promise.name)}" classname="{self.quoted(label)}" time="0"'
        if not promise.outcome and not promise.remarks:
            yield f"{start}/>"
            return
        yield f"{start}>"
        if promise.outcome:
            code = self.quoted(promise.faults[0].code if promise.faults else _FAILED)
            message = self.quoted(promise.faults[0].message if promise.faults else promise.reason)
            body = self.text(faults.render(promise.faults) if promise.faults else promise.reason + "\n")
            yield f'      <{promise.outcome} type="{code}" message="{message}">{body}</{promise.outcome}>'
        if promise.remarks:
            yield f"      <system-out>{self.text(faults.render(promise.remarks))}</system-out>"
        yield "    </testcase>"
