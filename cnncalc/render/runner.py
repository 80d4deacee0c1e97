"""Text in the log of a GitHub Actions job: the runner reads every line there, and obeys those that are commands."""

from __future__ import annotations

import re

#: Where the runner looks for a command: at the start of a line behind blanks, or, as older ones are written, anywhere.
_START, _ANYWHERE = re.compile(r"^([\s\u200c\u200d]*):(?=:)", re.MULTILINE), "##["


def disarmed(text: str) -> str:
    """`text` with no command in it, whatever a spec, a file's name or a message says: ``: :error::`` and ``# [error]``.

    Carets stay under what they are about.
    """
    if "::" not in text and _ANYWHERE not in text:
        return text
    return _START.sub(r"\1: ", text).replace(_ANYWHERE, "# [")
