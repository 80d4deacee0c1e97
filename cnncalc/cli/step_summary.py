"""The summary of a step of GitHub Actions: an answer, as Markdown, behind what stands in it already."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from .guard import say

if TYPE_CHECKING:
    from ..document.findings import Report
    from ..document.parts import Document

#: GitHub takes so many bytes of a step (actions/runner, CreateStepSummaryCommand), and drops what is longer.
MOST = 1024 * 1024


def add(answer: Document | Report, form: str = "markdown") -> None:
    """Adds an answer to the file that GITHUB_STEP_SUMMARY names, if it does; nothing where the results go there anyway.

    A summary that cannot be written is told, and changes no exit code.
    """
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not path or _is_output(path):
        return
    from ..render import render
    from ..render.text import Screen

    try:
        size = os.path.getsize(path) if os.path.exists(path) else 0
        text = _fitting("".join(render(answer, form, Screen())), MOST - size)
        with open(path, "a", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
    except OSError as error:
        say(f"cannot write the summary of the step, {path}: {error.strerror or error}", severity="warning")


def _is_output(path: str) -> bool:
    """Whether standard output is that file."""
    try:
        return os.path.samestat(os.stat(path), os.fstat(sys.stdout.fileno()))
    except (AttributeError, OSError, ValueError):
        return False


def _fitting(text: str, room: int) -> str:
    """As many whole lines as fit, and a word on those that do not."""
    text = f"{text}\n"
    if len(text.encode(errors="backslashreplace")) <= room:
        return text
    end = "\n\n… the rest does not fit into the summary of a step\n"
    kept: list[str] = []
    room -= len(end.encode())
    for line in text.splitlines(keepends=True):
        room -= len(line.encode(errors="backslashreplace"))
        if room < 0:
            break
        kept.append(line)
    return "".join(kept) + end if kept else ""
