"""A line a finding of `cnncalc check`: ``file:line:col: severity: message [code]``."""

from __future__ import annotations

from collections.abc import Sequence

from ...render.text import Charset
from .findings import findings
from .verdict import Verdict


def render(verdicts: Sequence[Verdict], charset: Charset) -> str:
    """The lines, in the order of the verdicts; what has no place stands at 1:1 of its file."""
    lines = []
    for finding in findings(verdicts):
        one = finding.diagnostic
        line, column = (one.span.line, one.span.column) if one.span else (1, 1)
        message = " ".join(finding.message.split())
        lines.append(charset(f"{finding.file}:{line}:{column}: {one.severity}: {message} [{one.code}]") + "\n")
    return "".join(lines)
