"""Headers: lines that open a body."""

from __future__ import annotations

import re
from collections.abc import Callable

from . import expressions
from .elements import read_element, several_names
from .nodes import Block, Branch, Expr, Head, Merge, Node, Param, Ref, Repeat, Stage
from .statements import rest_of
from .words import HEADERS, MERGES, RESERVED, STATEMENTS, Fault, Lexeme, check_name, is_digits, is_name, shorten, split

_ROUNDS = "a number of rounds, 'repeat 3 as i:', or values, 'repeat 16, 32 as width:'"
#: ``for k in …`` and ``k = …``, and values in brackets.
_FOR = (
    r"(?:for[ \t]+)?(?P<name>[A-Za-z_]\w*)[ \t]*(?:\bin\b|=(?!=))[ \t]*"
    r"(?:range[ \t]*\((?P<count>[^,()]+)\)|(?P<values>.+))\Z"
)
_LIST = r"\A[\[(]([^][()]*,[^][()]*)[\])]\Z"
#: Other words for those that open a body.
_MEANT = {"loop": "repeat", "times": "repeat", "module": "block", "section": "stage", "elseif": "elif"}
_NO_CODE = "leave it out: a spec has layers, and no code around them"
#: Words that open a body in Python, and what is said of them; `for` and `def` have their like here.
PYTHON = {
    **dict.fromkeys(("def", "class", "with", "try", "except", "finally", "async"), _NO_CODE),
    **dict.fromkeys(("for", "while"), _ROUNDS),
}
#: How the header of a block is written.
_BLOCK = "block NAME(a, b=2, @x)"


def read_header(text: str, first: str) -> Node:
    """The header whose line, without its ``:``, is `text`."""
    reader = _HEADERS.get(first)
    if reader is not None:
        return reader(text, len(first))
    if first in STATEMENTS:
        raise Fault(f"'{first}' opens no body", len(text), len(text) + 1, "delete the ':'")
    words = split(text)
    name: str | None = None
    several = several_names(text) if "," in text else None
    if several is not None:
        behind = text[several[1] :].split(maxsplit=1)[:1]
        if behind and behind[0] in HEADERS:
            raise Fault(f"a {behind[0]} cannot be named", 0, several[1] + len(behind[0]), "name a line inside it")
        raise Fault("a merge has one result", 0, len(text), f"give it one name: '{several[0][0].text} = …:'")
    if len(words) > 2 and words[1].text == "=":
        if words[2].text in HEADERS:
            raise Fault(f"a {words[2].text} cannot be named", 0, words[2].end, "name a line inside it")
        name, words = check_name(words[0], "a tensor"), words[2:]
    bar = next((word for word in words if word.text in ("|", "->")), None)
    if words and words[0].text in MERGES and bar is None:
        element = read_element(words, words)
        if element.args and element.args[0].key is None:
            raise Fault("a merge with a body takes no tensors on its line", element.args[0].start, element.end,
                        "write '- @name' as a path below")  # fmt: skip
        return Merge(name, element, 0, len(text))
    _python(text)
    import difflib

    meant = _MEANT.get(first)
    close = [meant] if meant else difflib.get_close_matches(first[:60], (*HEADERS, *MERGES), 1, 0.7)
    if bar and words[-1].text in MERGES:
        advice = f"write '{words[-1].text}:' on a line of its own"
    else:
        named = len(words) == 1 and is_name(first) and any(map(str.isdigit, first))
        row = f"for a part with a row of its own write 'stage {first}:'" if named else ""
        words_there = ", ".join((*MERGES, "block", "repeat", "if", "stage", "head"))
        advice = row or f"a line that ends in ':' opens a body: {words_there}"
        advice = f"did you mean '{close[0]}'?" if close else advice
    raise Fault(f"'{shorten(text)}' opens no body", 0, len(text), advice)


def _python(text: str) -> None:
    """Raises Fault for a header of Python's that has its like here."""
    first, _, rest = text.partition(" ")
    help = PYTHON.get(first)
    if first == "for":
        meant = _rounds_of_python(text)
        help = f"write '{meant}'" if meant else _ROUNDS
    elif first == "def" and not re.search(r"\bself\b", rest):
        bare = re.sub(r"[ \t]*:[ \t]*[\w.]+", "", rest.partition("->")[0])  # the types of parameters
        help = f"write 'block {shorten(bare.strip())}:'"
    if help is not None:
        raise Fault("this is a header of Python's", 0, len(text), help)


def _rounds_of_python(text: str) -> str | None:
    """The header that means what ``for k in 3, 5`` does, or ``k in range(3)``, ``k = 3``; None for another text."""
    found = re.match(_FOR, text.strip())
    if found is None:
        return None
    rounds = found["count"] or re.sub(_LIST, r"\1", found["values"])
    if "(" in rounds or not (found["count"] or "," in rounds or is_digits(rounds)):
        return None
    variable = "" if found["name"] == "_" else f" as {found['name']}"
    return f"repeat {shorten(rounds.strip(', '))}{variable}:"


def _named(text: str, what: str, allowed: str = "") -> tuple[Lexeme, bool]:
    """The name behind the word `what`, and whether the word that is `allowed` behind it stands there."""
    name, *rest = split(text[len(what) :], len(what)) or (None,)
    if name is None:
        raise Fault(f"'{what}' needs a name", len(text), len(text) + 1, f"for example '{what} stem:'")
    check_name(name, f"a {what}")
    if rest and [word.text for word in rest] != [allowed]:
        raise Fault(f"unexpected '{shorten(rest[0].text)}' after the {what}'s name", rest[0].start, rest[-1].end,
                    f"only '{allowed}' may stand there" if allowed else None)  # fmt: skip
    return name, bool(rest)


def _stage(text: str, at: int) -> Stage:
    name, _ = _named(text, "stage")
    return Stage(name.text, name.start, 0, len(text))


def _head(text: str, at: int) -> Head:
    name, train = _named(text, "head", "train")
    return Head(name.text, train, name.start, 0, len(text))


def _repeat(text: str, at: int) -> Repeat:
    rest, start = rest_of(text, at, "'repeat' needs a number", "repeat 3:")
    if meant := _rounds_of_python(rest):
        raise Fault("a repeat names its variable last", start, len(text), f"write '{meant}'")
    match = re.search(r"(?:\A|[ \t])as(?:[ \t]+(\S+))?\Z", rest) if "as" in rest else None
    if match is None:
        return _rounds(rest, start, None, 0, len(text))
    rounds, name, place = rest[: match.start()], match.group(1), start + match.start(1)
    if not rounds:
        raise Fault("'repeat' needs a number", start, start + 2, f"for example 'repeat 3 as {name or 'i'}:'")
    if name is None:
        raise Fault("'as' needs a name", len(text), len(text) + 1, f"for example 'repeat {rounds.strip()} as i:'")
    variable = check_name(Lexeme(name, place, place + len(name)), "a variable")
    return _rounds(rounds, start, variable, place, len(text))


def _rounds(text: str, start: int, variable: str | None, name_at: int, end: int) -> Repeat:
    """The header of a repeat over what `text` says: a number of rounds, or values between commas. Raises Fault."""
    try:
        return _read_rounds(text, start, variable, name_at, end)
    except Fault as fault:
        fault.help = fault.help or _ROUNDS
        raise


def _read_rounds(text: str, start: int, variable: str | None, name_at: int, end: int) -> Repeat:
    word = text.rpartition(" ")
    if word[2] in ("times", "x") and word[0].strip():
        raise Fault(f"'{word[2]}' does not stand here", start + len(text) - len(word[2]), start + len(text),
                    f"write 'repeat {shorten(word[0].strip())}{f' as {variable}' if variable else ''}:'")  # fmt: skip
    if re.match(_LIST, text.strip()):
        bare = re.sub(_LIST, r"\1", text.strip())
        raise Fault(
            "values stand without brackets",
            start,
            start + len(text),
            f"write 'repeat {shorten(bare)} as {variable or 'k'}:'",
        )
    values = expressions.values(text, start) if "," in text else ()
    if len(values) > 1:
        return Repeat(None, variable, name_at, 0, end, values)
    return Repeat(values[0] if values else expressions.condition(text, start), variable, name_at, 0, end)


def _if(text: str, at: int) -> Branch:
    rest, start = rest_of(text, at, "a condition is missing", "if C != 64:")
    return Branch(expressions.condition(rest, start), 0, len(text))


def _else(text: str, at: int) -> Branch:
    if len(text) > at:
        raise Fault("'else' takes no condition", at, len(text), "write 'elif …:'")
    return Branch(None, 0, len(text))


def _block(text: str, at: int) -> Block:
    match = re.match(r"[ \t]*([^\s(]+)[ \t]*(\((.*)\))?\Z", text[at:])
    if not match:
        bare = re.match(r"[ \t]*(\w+)[ \t,]+([^()]+)\Z", text[at:])
        parameters = ", ".join(re.split(r"[ \t,]+", bare[2].strip(" \t,"))) if bare else ""
        help = (
            f"write 'block {bare[1]}({shorten(parameters)}):'"
            if bare and is_name(bare[1]) and bare[1] not in RESERVED
            else None
        )
        raise Fault(f"a block is written '{_BLOCK}:'", at, len(text), help)
    name = check_name(Lexeme(match.group(1), at + match.start(1), at + match.end(1)), "a block")
    params: list[Param] = []
    if match.group(3) is not None and match.group(3).strip():
        start = at + match.start(3)
        for written in _commas(match.group(3)):
            params.append(_param(written, start))
            start += len(written) + 1
    return Block(name, tuple(params), at + match.start(1), 0, len(text))


def _commas(text: str) -> list[str]:
    """What stands between the commas outside parentheses."""
    items, depth, start = [], 0, 0
    for position, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            items.append(text[start:position])
            start = position + 1
    return [*items, text[start:]]


def _param(written: str, start: int) -> Param:
    """The parameter that is `written`, blanks around it, from column `start` on. Raises Fault."""
    text = written.strip(" \t")
    start += len(written) - len(written.lstrip(" \t"))
    end = start + len(text)
    name, equals, default = (side.strip(" \t") for side in text.partition("="))
    tensor = name.startswith("@")
    word = Lexeme(name[tensor:], start + tensor, start + max(len(name), 1))
    if not word.text:
        raise Fault("a parameter has no name", word.start, word.end, f"a block is written '{_BLOCK}:'", "bad-name")
    check_name(word, "a parameter")
    value: Expr | None = None
    if equals:
        if not default:
            raise Fault(f"parameter '{name}' has no value after '='", end, end + 1)
        value = expressions.value(default, end - len(default))
        if tensor is not isinstance(value, Ref):
            raise Fault(f"the default of '{name}' is {'no tensor' if tensor else 'a tensor'}", value.start, value.end)
    return Param(word.text, tensor, value, start, end)


_HEADERS: dict[str, Callable[[str, int], Node]] = {
    "stage": _stage, "head": _head, "repeat": _repeat, "if": _if, "elif": _if, "else": _else, "block": _block,
}  # fmt: skip
