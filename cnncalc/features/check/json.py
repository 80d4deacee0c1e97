"""The JSON document of `cnncalc check`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...diagnostics import Diagnostic
from .verdict import Verdict


def document(verdicts: Sequence[Verdict], skipped: int, more: Sequence[Diagnostic]) -> dict[str, Any]:
    """The document: an entry a verdict, and all diagnostics, `more` first; `skipped` are `*.txt` that are no specs."""
    said = [one.to_dict() for one in more]
    for verdict in verdicts:
        for one in verdict.diagnostics:
            entry = one.to_dict()
            entry["file"] = entry["file"] or verdict.file
            said.append(entry | ({"settings": verdict.settings} if verdict.settings else {}))
    return {
        "version": 1, "command": "check", "files": [_entry(one) for one in verdicts if one.spec], "skipped": skipped,
        "diagnostics": said,
    }  # fmt: skip


def _entry(verdict: Verdict) -> dict[str, Any]:
    entry: dict[str, Any] = {"file": verdict.file, "passed": verdict.passed, "code": verdict.code}
    if verdict.settings:
        entry["settings"] = verdict.settings
    entry["requirements"] = [one._asdict() for one in verdict.requirements]
    entry["expectations"] = [
        {"text": one.text, "line": one.line, "got": None if one.got is None else list(one.got), "ok": one.ok}
        | ({"blank": True} if one.blank else {})
        | ({"file": one.file} if one.file is not None else {})
        for one in verdict.expectations
    ]
    return entry
