"""The blanks in a line: one between words, none where none belongs, those in quotes and titles as they are."""

from __future__ import annotations

import re
from collections.abc import Callable

from .elements import several_names
from .nodes import (
    Block,
    Branch,
    Default,
    Dtype,
    Freeze,
    Input,
    Layout,
    Let,
    Line,
    Model,
    Node,
    Output,
    Repeat,
    Require,
    Use,
)  # fmt: skip
from .words import split, strip_comment

BLANKS = " \t\u00a0\r"
_TOKEN = r"(?s)[ \t]+|[(),]|[=!<>]=|[<>]|[^ \t(),=!<>]+|."
_COMPARISONS = frozenset(("==", "!=", "<=", ">=", "<", ">"))
_LET = r"(?s)let[ \t]+([^\s=]+)[ \t]*=[ \t]*(.*)\Z"
_AS = r"(?s)(.*)[ \t]as[ \t]+(\S+)\Z"
_BLOCK = r"(?s)block[ \t]*([^\s(]+)[ \t]*(?:\((.*)\))?\Z"


def comment_cut(text: str) -> tuple[str, str]:
    """A line without its comment, and the comment; neither ends in blanks."""
    code = strip_comment(text)
    return code, text[len(code) :].strip(BLANKS)


def spaced(code: str, node: Node) -> tuple[str, str]:
    """The content of a line, from its first word to before its comment, and apart from it the arrow behind layers.

    `node` is what the line says. Only blanks change.
    """
    if isinstance(node, Model):
        title = code[5:].strip(BLANKS)
        return f"model {title}", ""
    code = _plain_blanks(code)
    if isinstance(node, Line):
        return _layers(code, node)
    header = code.endswith(":")
    body = code[:-1].rstrip(" \t") if header else code
    return _SPACERS.get(type(node), _words)(body) + ":" * header, ""


def _plain_blanks(code: str) -> str:
    """`code` with plain blanks for no-break ones, outside quotes."""
    if "\u00a0" not in code:
        return code
    stretches = code.split('"')  # every second one is quoted
    stretches[::2] = [stretch.replace("\u00a0", " ") for stretch in stretches[::2]]
    return '"'.join(stretches)


def _layers(code: str, node: Line) -> tuple[str, str]:
    if any(element.pasted is not None for element in node.elements):
        return code, ""  # Python, not words of ours
    several = several_names(code) if node.names else None
    named = "" if several is None else f"{', '.join(word.text for word in several[0])} = "
    words = [expression(word.text) for word in split(code if several is None else code[several[1] :])]
    at = words.index("->") if node.elements and node.arrow is not None else len(words)
    return named + " ".join(words[:at]), " ".join(words[at:])


def _words(code: str) -> str:
    return " ".join(expression(word.text) for word in split(code))


def _statement(code: str) -> str:
    """A line whose first word may have the next one joined to it: ``input(3, 8, 8)``."""
    match = re.match(r"\w+", code, re.ASCII)
    end = match.end() if match else 0
    return f"{code[:end]} {_words(code[end:])}" if end < len(code) else code


def _input(code: str) -> str:
    return _statement(code) if re.match(r"input\b(?![ \t]*=)", code, re.ASCII) else _words(code)


def _use(code: str) -> str:
    return "use " + code[3:].strip(" \t")


def _let(code: str) -> str:
    match = re.match(_LET, code)
    return f"let {match.group(1)} = {expression(match.group(2), True)}" if match else code


def _require(code: str) -> str:
    quote = code.find('"')
    end = quote if quote >= 0 else len(code)
    return f"require {expression(code[7:end], True)}" + (f"  {code[quote:]}" if quote >= 0 else "")


def _repeat(code: str) -> str:
    match = re.match(_AS, code)
    over, name = (match[1][6:], f" as {match[2]}") if match else (code[6:], "")
    return f"repeat {_values(expression(over, True))}{name}"


def _values(text: str) -> str:
    """Values with one blank behind each comma, and none before it; what might be one number, 1,000, stays as it is."""
    if "," not in text or re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+", text):
        return text
    values, start, depth = [], 0, 0
    for place, sign in enumerate(text):
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            values.append(text[start:place].strip(BLANKS))
            start = place + 1
    return ", ".join([*values, text[start:].strip(BLANKS)])


def _branch(code: str) -> str:
    word = "elif" if code.startswith("elif") else code[:2]
    return code if code == "else" else f"{word} {expression(code[len(word) :], True)}"


def _block(code: str) -> str:
    match = re.match(_BLOCK, code)
    if not match:
        return code
    name, parameters = match.groups()
    if parameters is None:
        return f"block {name}"
    return f"block {name}" + re.sub(r"(?<![=!<>])[ ]?=[ ]?(?!=)", "=", expression(f"({parameters})"))


_SPACERS: dict[type, Callable[[str], str]] = {
    Input: _input, Output: _statement, Default: _statement, Layout: _statement, Dtype: _statement, Use: _use, Let: _let,
    Require: _require, Repeat: _repeat, Branch: _branch, Block: _block, Freeze: _statement,
}  # fmt: skip


def expression(text: str, comparisons: bool = False) -> str:
    """`text` with one blank where it has some; in parentheses one behind each comma, and none beside the brackets.

    With `comparisons` these signs stand between blanks.
    """
    if "[" in text:
        text = re.sub(r"(?<=\[)[^\[\]|\"]*(?=\])", lambda match: " ".join(match[0].split()), text)
    if not comparisons and "(" not in text:
        return text
    out: list[str] = []
    depth = 0
    blank = False
    for token in re.findall(_TOKEN, text):
        if token[0] in " \t":
            blank = True
            continue
        sign = comparisons and token in _COMPARISONS
        tight = token == ")" or (token == "," and depth > 0)
        if out and out[-1] != "(" and not tight and (blank or sign):
            out.append(" ")
        out.append(token)
        depth += (token == "(") - (token == ")")
        blank = sign or (token == "," and depth > 0)
    return "".join(out)
