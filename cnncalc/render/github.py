"""Findings as annotations of a pull request: workflow commands that GitHub's runner reads.

Escaped as actions/toolkit does (packages/core/src/command.ts). Of each step GitHub shows ten errors, ten warnings and
ten notices, of each job fifty, and drops the others in silence (actions/toolkit, docs/problem-matchers.md). So
there are never more than ten here: the worst, and where there are more, a last one that sums up the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..diagnostics import ERROR, NOTE, WARNING
from ..document.figures import listed, quantity
from ..document.findings import RANKS, Finding, Report, findings
from .faults import sentences
from .text import Charset, Screen

MOST = 10
_COMMANDS = {ERROR: "error", WARNING: "warning", NOTE: "notice"}

#: Where the runner looks for a command: at the start of a line behind blanks, or, as older ones are written, anywhere.
_START, _ANYWHERE = re.compile(r"^([\s\u200c\u200d]*):(?=:)", re.MULTILINE), "##["


def render(report: Report, screen: Screen) -> str:
    """At most ten commands, a line each, the worst first; nothing where there is nothing to say."""
    worst_first = sorted(findings(report.specs), key=lambda finding: finding.rank)
    shown = worst_first if len(worst_first) <= MOST else worst_first[: MOST - 1]
    lines = [_annotation(finding, report, screen.charset) for finding in shown]
    if len(shown) < len(worst_first):
        lines.append(_rest(worst_first[len(shown) :], report, screen))
    return "".join(line + "\n" for line in lines)


def _annotation(finding: Finding, report: Report, charset: Charset) -> str:
    diagnostic = finding.diagnostic
    properties: dict[str, object] = {"file": charset(report.path(finding.file))}
    if diagnostic.span:
        properties |= {"line": diagnostic.span.line, "endLine": diagnostic.span.line}
        properties |= {
            "col": diagnostic.span.column,
            "endColumn": max(diagnostic.span.end_column, diagnostic.span.column),
        }
    properties["title"] = f"cnncalc: {charset(diagnostic.code)}"
    return _command(diagnostic.severity, properties, [charset(line) for line in sentences(finding)])


def _rest(left: Sequence[Finding], report: Report, screen: Screen) -> str:
    """What there is besides: how many of each, and of which files."""
    counts = [(name, sum(one.diagnostic.severity == name for one in left)) for name in RANKS]
    text = f"and {listed([quantity(count, f'more {name}') for name, count in counts if count])}, in:"
    files: dict[str, int] = {}
    for finding in left:
        files[finding.file] = files.get(finding.file, 0) + 1
    lines = [f"{report.path(file)} ({count:,})" for file, count in files.items()]
    if len(lines) > MOST:
        lines[MOST - 1 :] = [f"{len(lines) - MOST + 1:,} more files"]
    closing = f"GitHub shows ten a step; 'cnncalc check {screen.format_option} concise' lists them all"
    lines = [screen.charset(line) for line in (text, *lines, closing)]
    return _command(left[0].diagnostic.severity, {"title": "cnncalc"}, lines)


def _command(severity: str, properties: dict[str, object], lines: Sequence[str]) -> str:
    words = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{_COMMANDS[severity]} {words}::{_data(chr(10).join(lines))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


#: How the first colon of a line and "##[" are written where they must order nothing: in JSON and XML as the same text.
_JSON, _XML, _TEXT = (":", r"##\u005b"), ("&#58;", "##&#91;"), (": ", "# [")
_HARMLESS = {"json": _JSON, "sarif": _JSON, "junit": _XML, "svg": _XML, "html": _XML}


def disarmed(text: str, form: str = "plain") -> str:
    """`text` without a command for the runner, whatever a spec, a file's name or a message says: ``: :error::``.

    Carets stay under what they are about. Of `form`, a format for programs, it is the same document as before.
    """
    if form == "github" or ("::" not in text and _ANYWHERE not in text):
        return text
    colon, anywhere = _HARMLESS.get(form, _TEXT)
    return _START.sub(rf"\1{colon}", text).replace(_ANYWHERE, anywhere)
