"""Findings as the summary of a run, in Markdown: how many specs pass, and a table of what is wrong, the worst first."""

from __future__ import annotations

from ..document.figures import quantity
from ..document.findings import Report, findings
from .markdown import escaped, table
from .text import Charset, Screen

#: Rows that somebody reads.
MOST = 50


def render(report: Report, screen: Screen) -> str:
    """The counts as a heading, and the findings but for notes; nothing in them is markup or calls anybody."""
    charset = screen.charset
    lines = [f"### cnncalc check: {', '.join(text for text, _ in report.summary)}"]
    found = [one for one in findings(report.specs) if one.diagnostic.severity != "note"]
    found.sort(key=lambda finding: finding.rank)
    rows = [["", "where", "what"]]
    for finding in found[:MOST]:
        diagnostic = finding.diagnostic
        place = report.path(finding.file) + (f":{diagnostic.span.line}" if diagnostic.span else "")
        rows.append([diagnostic.severity, *(_cell(text, charset) for text in (place, finding.message))])
    if found:
        lines += ["", *table(rows, [False] * 3)]
    if len(found) > MOST:
        lines += ["", f"and {quantity(len(found) - MOST, 'more finding')}"]
    return "\n".join(lines) + "\n"


def _cell(text: str, charset: Charset) -> str:
    return escaped(charset(" ".join(text.split())))
