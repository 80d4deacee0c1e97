"""What each finding of `cnncalc check` is about, for those who meet it in another tool: as rules.md has it."""

from __future__ import annotations

import os
import re
from functools import cache

from ..records import Record

_ENTRY = re.compile(r"(?m)^([a-z-]+): (.+)\n((?:    .+\n)+)")
_ANY = "The message says what is wrong, and what to write: `cnncalc help language` has the rest."


class FindingRule(Record):
    """A sort of finding: what is wrong, in a few words, and what to do about it; words between backticks are code."""

    about: str
    help: str


def rule(code: str) -> FindingRule:
    """The rule of a code; of one that rules.md does not know, what its name says."""
    return rules().get(code) or FindingRule(code.replace("-", " ").capitalize(), _ANY)


@cache
def rules() -> dict[str, FindingRule]:
    """All rules, by their codes."""
    with open(os.path.join(os.path.dirname(__file__), "rules.md"), encoding="utf-8") as file:
        text = file.read()
    return {code: FindingRule(about, " ".join(help.split())) for code, about, help in _ENTRY.findall(text)}
