"""A line a finding: ``file:line:col: severity: message [code]``."""

from __future__ import annotations

from ..document.findings import Report, findings
from .text import Screen


def render(report: Report, screen: Screen) -> str:
    """The lines, in the order of the specs; what has no place stands at 1:1 of its file."""
    lines = []
    for finding in findings(report.specs):
        diagnostic = finding.diagnostic
        line, column = (diagnostic.span.line, diagnostic.span.column) if diagnostic.span else (1, 1)
        message = " ".join(finding.message.split())
        lines.append(
            screen.charset(f"{finding.file}:{line}:{column}: {diagnostic.severity}: {message} [{diagnostic.code}]")
            + "\n"
        )
    return "".join(lines)
