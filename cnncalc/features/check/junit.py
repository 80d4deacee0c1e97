"""The verdicts of `cnncalc check` as JUnit XML, which GitLab, Jenkins and most others read: a suite a spec.

The attributes are those that all published schemas agree on; Jenkins's own (jenkinsci/xunit-plugin, junit-10.xsd) has
neither `file` nor `line` for a test case. So the class of a case, which GitLab shows as its suite, is the spec, its
name has the line, and what failed starts with file, line and column. A case's name is unique in its class: GitLab drops
the second of two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from ...diagnostics import BROKEN, ERROR, EXPECTATION_FAILED, NOTE, WARNING, Diagnostic
from ...records import Record
from ...render import faults
from ...render.text import Charset
from .verdict import Expected, Judged, Verdict

UNDERSTOOD = "the spec is understood"
_FAILED = "requirement-failed"
_NAMES = {
    "baseline-drift": "the figures are those of the baseline",
    EXPECTATION_FAILED: "the expectations of used files hold",
    _FAILED: "the requirements hold",
}
#: Not printable, but let through by a Charset; XML 1.0 has them not.
_NONCHARACTERS = {0xFFFE: "\ufffd", 0xFFFF: "\ufffd"}


class Case(Record):
    """A test case: what makes it fail, what is remarked besides, and a sentence where it fails without a diagnostic."""

    name: str
    faults: tuple[Diagnostic, ...] = ()
    remarks: tuple[Diagnostic, ...] = ()
    failed: str = ""

    @property
    def outcome(self) -> str:
        """The element that says how it went: "error", "failure", or "" where it passed."""
        if any(one.severity == ERROR and one.code not in BROKEN for one in self.faults):
            return "error"
        return "failure" if self.faults or self.failed else ""


def render(verdicts: Sequence[Verdict], charset: Charset) -> str:
    """The XML document. Beyond ASCII it has references where the encoding is not Unicode's."""
    writer = _Writer(charset)
    suites = [(verdict.label, _unique(_cases(verdict))) for verdict in verdicts]
    counts = writer.counts([case for _, cases in suites for case in cases])
    lines = ['<?xml version="1.0" encoding="utf-8"?>', f'<testsuites name="cnncalc check"{counts} time="0">']
    for label, cases in suites:
        lines.append(f'  <testsuite name="{writer.quoted(label)}"{writer.counts(cases)} skipped="0" time="0">')
        for case in cases:
            lines += writer.case(case, label)
        lines.append("  </testsuite>")
    lines.append("</testsuites>\n")
    return "\n".join(lines)


def _cases(verdict: Verdict) -> Iterator[Case]:
    """That a spec is understood, each expectation, each requirement, and whatever else there is to fail."""
    left = [one for one in verdict.diagnostics if one.severity == ERROR]
    expectations = [_expected(one, verdict, left) for one in verdict.expectations]
    requirements = [_judged(one, verdict, left) for one in verdict.requirements]
    others = [_of_code(code, left) for code in dict.fromkeys(one.code for one in left) if code in BROKEN]
    remarks = tuple(one for one in verdict.diagnostics if one.severity in (WARNING, NOTE))
    if verdict.spec:
        yield Case(UNDERSTOOD, tuple(left), remarks)
    yield from (*expectations, *requirements, *others)
    if verdict.strict:
        yield Case("no warnings (--strict)", tuple(one for one in remarks if one.severity == WARNING))


def _of_code(code: str, left: list[Diagnostic]) -> Case:
    """What no expectation or requirement of the spec accounts for: a baseline, expectations in used files."""
    return Case(_NAMES.get(code, code), _taken(left, lambda one: one.code == code))


def _expected(one: Expected, verdict: Verdict, left: list[Diagnostic]) -> Case:
    found = () if one.ok else _at(one.line, (EXPECTATION_FAILED, "unanswered"), one.file or verdict.file, left)
    got = "is not known" if one.got is None else f"is {'x'.join(map(str, one.got))}"
    failed = "" if one.ok or found else f"expected {one.text}: the shape {got}"
    place = f"{one.file}, line" if one.file else "line"
    return Case(f"{place} {one.line}: -> {one.text}", found, failed=failed)


def _judged(one: Judged, verdict: Verdict, left: list[Diagnostic]) -> Case:
    name = one.text if one.line is None else f"line {one.line}: require {one.text}"
    if one.ok:
        return Case(name)
    found = _of_limit(one.text, left) if one.line is None else _at(one.line, (_FAILED,), verdict.file, left)
    known = "it is not known whether it holds" if one.value is None else f"it does not hold: it is {one.value}"
    return Case(name, found, failed="" if found else f"{one.text}: {known}")


def _at(line: int, codes: Sequence[str], file: str, left: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Takes from `left` what has one of the codes in that line of the file."""

    def there(one: Diagnostic) -> bool:
        place = one.span
        return place is not None and one.code in codes and (place.line, place.source.name) == (line, file)

    return _taken(left, there)


def _of_limit(text: str, left: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Takes from `left` what is said of a limit from outside: its message ends in the limit, and in who set it."""

    def said(one: Diagnostic) -> bool:
        end = one.message.rpartition(": ")[2].removeprefix("--")
        return one.code == _FAILED and (end == text or end.startswith(f"{text} in "))

    return _taken(left, said)


def _taken(left: list[Diagnostic], chosen: Callable[[Diagnostic], bool]) -> tuple[Diagnostic, ...]:
    """Takes from `left` what is chosen."""
    found = tuple(one for one in left if chosen(one))
    left[:] = [one for one in left if not chosen(one)]
    return found


def _unique(cases: Iterable[Case]) -> list[Case]:
    """The cases, those of a name that was there before with a number behind it."""
    seen: dict[str, int] = {}
    named = []
    for case in cases:
        seen[case.name] = seen.get(case.name, 0) + 1
        number = seen[case.name]
        named.append(case if number == 1 else case._replace(name=f"{case.name} ({number})"))
    return named


class _Writer:
    """Writes elements in the characters that XML 1.0 and the encoding of the output have."""

    def __init__(self, charset: Charset) -> None:
        self.unicode = charset.encoding.startswith("utf")
        self.clean = Charset("utf-8")

    def text(self, text: str) -> str:
        """`text` between tags."""
        lines = "\n".join(map(self.clean, text.split("\n"))).translate(_NONCHARACTERS)
        escaped = lines.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return escaped if self.unicode else escaped.encode("ascii", "xmlcharrefreplace").decode("ascii")

    def quoted(self, text: str) -> str:
        """`text` as the value of an attribute."""
        return self.text(text).replace('"', "&quot;").replace("\n", "&#10;")

    def counts(self, cases: Sequence[Case]) -> str:
        """How many cases there are, and how they went."""
        outcomes = [case.outcome for case in cases]
        failures, errors = outcomes.count("failure"), outcomes.count("error")
        return f' tests="{len(cases)}" failures="{failures}" errors="{errors}"'

    def case(self, case: Case, label: str) -> Iterator[str]:
        """The lines of a test case."""
        start = f'    <testcase name="{self.quoted(case.name)}" classname="{self.quoted(label)}" time="0"'
        if not case.outcome and not case.remarks:
            yield f"{start}/>"
            return
        yield f"{start}>"
        if case.outcome:
            code = self.quoted(case.faults[0].code if case.faults else _FAILED)
            message = self.quoted(case.faults[0].message if case.faults else case.failed)
            body = self.text(faults.render(case.faults) if case.faults else case.failed + "\n")
            yield f'      <{case.outcome} type="{code}" message="{message}">{body}</{case.outcome}>'
        if case.remarks:
            yield f"      <system-out>{self.text(faults.render(case.remarks))}</system-out>"
        yield "    </testcase>"
