"""Findings as SARIF 2.1.0 (OASIS), the format of code scanning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import __version__
from ..diagnostics import ERROR, NOT_JUDGED, Span
from ..document.findings import Finding, Report, findings
from .faults import sentences
from .json import visible
from .rules import rule
from .text import Charset, Screen

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
_CODES = {
    0: "all that was asked of the specs holds",
    1: "an expectation or a requirement is broken",
    2: "a spec cannot be understood",
}


def render(report: Report, screen: Screen) -> str:
    """The document, indented; all ASCII where the encoding is not Unicode's."""
    from json import dumps

    found = findings(report.specs)
    files = _Files(report)
    codes = sorted({finding.diagnostic.code for finding in found})
    results = _Results(codes, files)
    run = {
        "tool": {
            "driver": {"name": "cnncalc", "version": __version__, "rules": [_rule(name, found) for name in codes]},
        },
        "invocations": [
            {
                "executionSuccessful": report.code < 2,
                "exitCode": report.code,
                "exitCodeDescription": _CODES[report.code],
            },
        ],
        "results": [results.result(finding) for finding in found],
        "artifacts": files.artifacts,
        "columnKind": "unicodeCodePoints",
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    text = dumps(document, ensure_ascii=not screen.charset.unicode, indent=1)
    return "\n".join(map(visible, text.split("\n"))) + "\n"


def _rule(code: str, found: Sequence[Finding]) -> dict[str, Any]:
    """What is wrong, in short; what it means; and what to do, as text and in Markdown."""
    about, help = rule(code)
    full = f"{about}. {help}"
    silenced = any(
        finding.diagnostic.code == code
        and finding.diagnostic.severity != ERROR
        and code != NOT_JUDGED
        and finding.diagnostic.in_spec
        for finding in found
    )
    silence = f"`# allow: {code}` at the end of the line silences this." if silenced else ""
    markdown = "\n\n".join(filter(None, (f"**{about}.**", help, silence)))
    return {
        "id": code, "shortDescription": {"text": about}, "fullDescription": {"text": _plain(full)},
        "help": {"text": _plain(" ".join(filter(None, (f"{about}.", help, silence)))), "markdown": markdown},
    }  # fmt: skip


def _plain(text: str) -> str:
    """A text without the signs of Markdown."""
    return text.replace("`", "'")


class _Files:
    """The files of a run, as artifacts; those that come up later are added."""

    def __init__(self, report: Report) -> None:
        self.path = report.path
        self.artifacts: list[dict[str, Any]] = []
        self.places: dict[str, int] = {}
        for spec in report.specs:
            self.artifacts[self.place(spec.source)]["roles"] = ["analysisTarget"]

    def place(self, file: str) -> int:
        """The index of a file's artifact."""
        if file not in self.places:
            self.places[file] = len(self.artifacts)
            self.artifacts.append({"location": self.location(file)})
        return self.places[file]

    def location(self, file: str) -> dict[str, Any]:
        """Where a file lies: below the root of the repository, or absolutely."""
        path = self.path(file)
        if path.startswith("/"):
            return {"uri": "file://" + _quoted(path)}
        if path[1:3] == ":/":
            return {"uri": f"file:///{path[:2]}{_quoted(path[2:])}"}
        return {"uri": _quoted(path), "uriBaseId": ROOT}

    def physical(self, file: str, span: Span | None) -> dict[str, Any]:
        """A place in a file."""
        index = self.place(file)
        place: dict[str, Any] = {"artifactLocation": {**self.artifacts[index]["location"], "index": index}}
        if span:
            start = max(span.column, 1)
            region = {"startLine": span.line, "startColumn": start, "endColumn": max(span.end_column, start)}
            place["region"] = region
        return {"physicalLocation": place}


class _Results:
    """Makes results; those of one rule, file and line's text are told apart by a number."""

    def __init__(self, codes: Sequence[str], files: _Files) -> None:
        self.codes = codes
        self.files = files
        self.clean = Charset("utf-8")
        self.times: dict[str, int] = {}

    def result(self, finding: Finding) -> dict[str, Any]:
        """One finding."""
        diagnostic = finding.diagnostic
        result: dict[str, Any] = {
            "ruleId": diagnostic.code,
            "ruleIndex": self.codes.index(diagnostic.code),
            "level": diagnostic.severity,
            "message": {"text": "\n".join(map(self.clean, sentences(finding)))},
            "locations": [self.files.physical(finding.file, diagnostic.span)],
            "partialFingerprints": {"cnncalc/v1": self.fingerprint(finding)},
        }
        related = [
            {
                **self.files.physical(frame.span.source.name, frame.span),
                "id": number,
                "message": {"text": self.clean(frame.text)},
            }
            for number, frame in enumerate(diagnostic.frames)
        ]
        return {**result, "relatedLocations": related} if related else result

    def fingerprint(self, finding: Finding) -> str:
        """The same when lines move or figures change: of the rule, the file and the text of the line."""
        from hashlib import sha256

        diagnostic = finding.diagnostic
        line = diagnostic.span.source.line(diagnostic.span.line) if diagnostic.span else ""
        said = "\0".join((diagnostic.code, self.files.path(finding.file), *line.split()))
        name = sha256(said.encode("utf-8", "replace")).hexdigest()[:16]
        number = self.times[name] = self.times.get(name, 0) + 1
        return f"{name}:{number}"


def _quoted(path: str) -> str:
    """A path as part of a URI (RFC 3986, 2.3): as urllib, whose module takes 3 of 82 ms of a `check`."""
    plain = "/-._~"
    return "".join([
        chr(one) if chr(one).isascii() and (chr(one).isalnum() or chr(one) in plain) else f"%{one:02X}"
        for one in path.encode("utf-8", "replace")
    ])  # fmt: skip
