"""What means the same gives the same: line ends, comments, blanks, pipes or lines, dashes with or without a line."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings

from cnncalc.diagnostics import exit_code
from cnncalc.measure import NetworkAnalysis
from fuzz.invariants import examined
from fuzz.mutator import USED

from .broken import RIGHT, SPECS


def answer(text: str) -> Any:
    """The document without lines and places."""
    return told(examined(text, USED))


def told(analysis: NetworkAnalysis) -> Any:
    document = analysis.to_dict()
    for row in document["layers"]:
        del row["line"]
    said = [(one["severity"], one["code"], one["message"]) for one in document.pop("diagnostics")]
    codes = sorted((severity, code) for severity, code, _ in said)
    return document, codes


def crlf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def comments(text: str) -> str:
    """One behind every line, and one above, at any indentation."""
    lines = text.split("\n")
    return "\n".join(
        f'{"  " * (index % 7)}# - add: "{index}\n{line}   # it\'s | -> 3: "x"' for index, line in enumerate(lines)
    )


def blanks(text: str) -> str:
    """Blank lines and blanks where they mean nothing."""
    return "\n   \n".join(f"{line} " for line in text.split("\n")) + "\n\n \n"


def bare_dashes(text: str) -> str:
    """`- relu` as `-`, and `relu` below it."""
    out = []
    for line in text.split("\n"):
        while match := re.match(r"( *)- +(?=[^ #])", line):
            out.append(f"{match[1]}-")
            line = " " * match.end() + line[match.end() :]
        out.append(line)
    return "\n".join(out)


def no_pipes(text: str) -> str:
    """Elements on lines of their own."""
    out = []
    for line in bare_dashes(text).split("\n"):
        code, _, comment = line.partition("#")
        if "|" not in code or '"' in code or "model" in code or "," in code.partition(" = ")[0]:
            out.append(line)
            continue
        indent = code[: len(code) - len(code.lstrip())]
        name, sign, rest = code.strip().partition(" = ")
        if not sign or not name.isidentifier():
            name, rest = "", code.strip()
        elements = [element.strip() for element in rest.split("|")]
        if name:
            elements[-1] = f"{name} = {elements[-1]}"
        elements[-1] += f"  #{comment}"
        out += [indent + element for element in elements]
    return "\n".join(out)


def wider(text: str) -> str:
    """Twice the indentation; the text behind a dash moves with its further lines."""
    out = []
    for line in bare_dashes(text).split("\n"):
        indent = len(line) - len(line.lstrip(" "))
        out.append(" " * indent + line)
    return "\n".join(out)


def signs(text: str) -> str:
    """No-break blanks between words, tabs before comments, `×` in shapes."""
    lines = []
    for line in text.split("\n"):
        start = len(line) - len(line.lstrip(" "))
        if '"' in line or line.startswith(("model", "use")):
            lines.append(line)
            continue
        code, hash_, rest = line[start:].partition("#")
        if code:
            code = re.sub(r"(?<=\d)x(?=[\d?])", "×", code.replace(" ", "\u00a0"))
        lines.append(line[:start] + code + (f"\t{hash_}{rest}" if hash_ else ""))
    return "\n".join(lines)


def plain_names(text: str) -> str:
    """Own names of kinds in the capitals that PyTorch and Keras like."""
    return re.sub(
        r"(?m)(^ *(?:- )?|\| )(relu|flatten|softmax|dropout|identity)\b(?![ =]*[=(])",
        lambda m: m[1] + m[2].title(),
        text,
    )


CHANGES = (crlf, comments, blanks, bare_dashes, no_pipes, wider, signs, plain_names)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_the_same_said_otherwise(change):
    for text in RIGHT:
        assert answer(change(text)) == answer(text)


@given(SPECS)
@settings(max_examples=25)
def test_generated_ones_said_otherwise(text):
    right = answer(text)
    for change in CHANGES:
        assert answer(change(text)) == right, change.__name__


@given(SPECS)
@settings(max_examples=25)
def test_its_own_shapes_are_as_expected(text):
    """Arrows with the shapes of a run fail nowhere in the next; with other shapes everywhere."""
    analysis = examined(text, USED)
    if exit_code(analysis.diagnostics) or "layout" in text:
        return
    rows = [row for row in analysis.layers if row.file is None and not row.path]
    written = {row.line: row for row in rows}
    once = {
        line: row
        for line, row in written.items()
        if sum(one.line == line and one.kind == row.kind for one in rows) == 1
    }
    lines = text.split("\n")
    for wrong in (0, 1):
        shown, expected = [], 0
        for number, line in enumerate(lines, 1):
            shown.append(line)
            row = once.get(number)
            plain = row and re.match(r"[a-z0-9_]+( =)? (?!.*(:|->|\())", line)
            if plain and row and row.output and row.kind in line.rpartition("|")[2]:
                first, *rest = row.output
                shape = "x".join(map(str, (first + wrong, *rest)))
                shown.append(f"-> {shape}" if len(row.output) != 2 else f"-> {first + wrong}@{rest[0]}")
                expected += wrong
        codes = [one.code for one in examined("\n".join(shown), USED).diagnostics if one.severity == "error"]
        assert codes == ["expectation-failed"] * expected
