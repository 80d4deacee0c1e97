"""What differs between two answers, exactly or but for words; equal differences together."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from difflib import unified_diff
from typing import Any

from .sides import Answer, Case

_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\]8;[^\x1b]*\x1b\\")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
#: Differences that are equal but for the spec are equal.
_SPEC = re.compile(r"(?:examples|seeds|faulty|generated|mutated)/[\w./-]+\.txt|@[\w/-]*\w(?=:)")
#: Members of JSON documents that are sentences, or made of some.
_SENTENCES = {"message", "help", "text", "notes", "summary", "about", "remarks", "meaning", "partialFingerprints",
              "exitCodeDescription", "description", "markdown"}  # fmt: skip
#: Groups that are nothing but sentences.
_PROSE = {"help", "--help"}
#: Lines of a difference that are printed.
_LINES = 24
_TOLD = 3


def differs(case: Case, answers: list[Answer], words_too: bool) -> list[str]:
    """The lines in which two answers differ, as a unified difference without its context; none if they are the same."""
    one, two = ({name: answer[name] for name in ("code", "out", "err", "files")} for answer in answers)
    if one == two:
        return []
    if not words_too:
        if one["code"] == two["code"] and case.group in _PROSE:
            return []
        one, two = (_without_words(case, answer) for answer in (one, two))
    found = []
    for name in ("code", "out", "err"):
        found += _lines(name, _text(one[name]), _text(two[name]))
    for name in sorted({*one["files"], *two["files"]}):
        found += _lines(f"file {name}", *(_text(side["files"].get(name, "(none)")) for side in (one, two)))
    return found


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, indent=1, ensure_ascii=False)


def _lines(name: str, one: str, two: str) -> list[str]:
    if one == two:
        return []
    if max(one.count("\n"), two.count("\n")) > 20_000:
        return [f"{name}:", f"-({len(one)} characters)", f"+({len(two)} characters)"]
    diff = list(unified_diff(one.split("\n"), two.split("\n"), n=0, lineterm=""))[2:]
    return [f"{name}:", *(line for line in diff if not line.startswith("@@"))] if diff else [f"{name}: line ends"]


def _without_words(case: Case, answer: dict[str, Any]) -> dict[str, Any]:
    words = [word for step in case.steps if isinstance(step, list) for word in step]
    exact = "csv" in words and case.group not in ("layers",)
    return {
        "code": answer["code"],
        "out": answer["out"] if exact else _reduced(answer["out"]),
        "err": _reduced(answer["err"]),
        "files": {name: _reduced(text) for name, text in answer["files"].items()},
    }


def _reduced(text: str) -> Any:
    """A JSON document without its sentences, the numbers of another text."""
    if text[:1] in "{[":
        try:
            return _numbers_of(json.loads(text))
        except ValueError:
            pass
    return _NUMBER.findall(_ESCAPE.sub("", text))


def _numbers_of(value: Any, sentence: bool = False) -> Any:
    if isinstance(value, dict):
        return {key: [] if key == "partialFingerprints" else _numbers_of(inner, sentence or key in _SENTENCES)
                for key, inner in value.items()}  # fmt: skip
    if isinstance(value, list):
        return [_numbers_of(inner, sentence) for inner in value]
    return _NUMBER.findall(value) if sentence and isinstance(value, str) else value


class Differences:
    """The differences so far, by what they are."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, ...], list[tuple[int, Case]]] = defaultdict(list)
        self.count = 0

    def add(self, number: int, case: Case, lines: list[str]) -> None:
        """One more case that differs in `lines`."""
        self.found[tuple(_SPEC.sub("SPEC", line) for line in lines)].append((number, case))
        self.count += 1

    def report(self, limit: int) -> str:
        """The largest groups of equal differences, each with its cases and their difference."""
        groups = sorted(self.found.items(), key=lambda item: (-len(item[1]), min(item[1], key=lambda one: one[0])[0]))
        lines: list[str] = []
        for diff, cases in groups[:limit]:
            lines.append(f"--- {len(cases)} case{'s' * (len(cases) > 1)}")
            ordered = sorted(cases, key=lambda one: one[0])
            lines += [f"  #{number} {case}" for number, case in ordered[:_TOLD]]
            if len(cases) > _TOLD:
                lines.append(f"  … and {len(cases) - _TOLD} more")
            lines += [f"    {line[:200]}".replace("\x1b", "␛") for line in diff[:_LINES]]
            if len(diff) > _LINES:
                lines.append(f"    … {len(diff) - _LINES} more lines")
        if len(groups) > limit:
            lines.append(f"… and {len(groups) - limit} more kinds of difference (--limit)")
        return "\n".join(lines)
