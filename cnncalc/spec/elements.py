"""Layer lines: ``[NAME =] element | element -> SHAPE``."""

from __future__ import annotations

import re
from itertools import pairwise

from ..records import make
from . import expressions
from .nodes import Arrow, Element, Input, Line, Name
from .statements import KEY, is_value, read_argument, read_input, read_ref
from .words import HEADERS, MERGES, Fault, Lexeme, check_name, is_name, is_sound, shorten, split

#: Names, or what stands in their place, between commas and before a ``=``.
_NAMES = r"([^=|()\"]*)=(?!=)[ \t]*"
_CALL = (
    r"(?:return[ \t]+|[A-Za-z_][\w.]*[ \t]*=[ \t]*)?"
    r"((?:[A-Za-z_]\w*\.)+[A-Za-z_]\w*[ \t]*|[A-Za-z_]\w*)\((.*)\)[ \t]*[,;]?\Z"
)


def read_layers(text: str) -> Line | Input:
    """The layer line (or named input) that `text` says. Raises Fault."""
    pasted = _pasted(text)
    if pasted:
        return Line(None, (pasted,), None, 0, len(text))
    words = split(text)
    name: str | None = None
    names: tuple[Name, ...] = ()
    if "," in words[0].text or (len(words) > 1 and words[1].text[0] == ","):
        names, words = _several_names(text, words)
    if not names:
        _spaced(text, words)
    if len(words) > 1 and words[1].text == "=":
        name, words = _named(text, words)
        if words[0].text == "input":
            return read_input(text, words[0].end, name)
    groups, arrow = _parts(text, words)
    if arrow is not None and names:
        written = shorten(text[arrow.start :])
        raise Fault("a line with several results has no arrow", arrow.start, arrow.end,
                    f"check one on a line of its own: '@{names[0].id} {written}'")  # fmt: skip
    if groups == [[]] and arrow is not None and name is None:
        return Line(None, (), arrow, 0, len(text))
    elements = tuple([read_element(group, words) for group in groups])
    late = next((element for element in elements[1:] if element.ref), None)
    if late:
        raise Fault(f"'@{late.name}' can only start a line", late.start, late.end, "put it on a line of its own")
    return make(Line, (name, elements, arrow, 0, len(text), names))


def _parts(text: str, words: list[Lexeme]) -> tuple[list[list[Lexeme]], Arrow | None]:
    """The words of each element between ``|``, and the arrow behind them."""
    groups: list[list[Lexeme]] = [[]]
    for index, word in enumerate(words):
        if word.text == "|":
            groups.append([])
        elif word.text == "->":
            return groups, _arrow(text, words[index:])
        else:
            groups[-1].append(word)
    return groups, None


def several_names(text: str) -> tuple[list[Lexeme], int] | None:
    """The words between commas before the ``=`` of a line with several results, and where what follows that starts.

    None where the line is no such line.
    """
    match = re.match(_NAMES, text)
    if match is None or "," not in match[1]:
        return None
    found, start = [], 0
    for piece in match[1].split(","):
        bare = piece.strip(" \t")
        at = start + len(piece) - len(piece.lstrip(" \t"))
        found.append(Lexeme(bare, at, at + len(bare)))
        start += len(piece) + 1
    return found, match.end()


def _several_names(text: str, words: list[Lexeme]) -> tuple[tuple[Name, ...], list[Lexeme]]:
    """The names of several results and the words behind their ``=``; all `words` where there are none. Raises Fault."""
    found = several_names(text)
    if found is None:
        return (), words
    pieces, at = found
    names: list[Name] = []
    for piece in pieces:
        if not piece.text:
            raise Fault("a name is missing beside ','", piece.start, piece.end, "write 'a, b = …'", "bad-name")
        names.append(Name(check_name(piece, "a tensor"), piece.start, piece.end))
        if any(name.id == piece.text for name in names[:-1]):
            raise Fault(f"'{piece.text}' stands twice", piece.start, piece.end, "each result has a name of its own")
    rest = split(text[at:], at)
    if not rest:
        raise Fault("nothing after '='", at, at + 1)
    if rest[0].text in ("input", *HEADERS) or rest[0].text.endswith(":"):
        what = "an input" if rest[0].text == "input" else f"a {rest[0].text.rstrip(':')}"
        raise Fault(f"{what} is no line with several results", rest[0].start, rest[0].end, "give it one name, or none")
    return tuple(names), rest


def _spaced(text: str, words: list[Lexeme]) -> None:
    """Raises Fault for a name whose ``=`` has no blank on one side: ``y =conv 64 3``."""
    if len(words) < 2:
        return
    first, second = words[0].text, words[1].text
    before = first[-1] == "=" and is_name(first[:-1])
    joined = before or (first != "=" and second[0] == "=" and second[1:2] not in ("", "="))
    if joined:
        name, _, rest = text[words[0].start :].partition("=")
        write = f"{name.strip()} = {rest.strip()}"
        raise Fault("the '=' of a name stands between blanks", words[0].start, words[1].end,
                    f"write '{shorten(write)}'" if is_sound(read_layers, write) else None)  # fmt: skip


def _named(text: str, words: list[Lexeme]) -> tuple[str, list[Lexeme]]:
    """The name before ``=``, and the words after it."""
    name, rest = words[0], words[2:]
    if "." in name.text and "(" in text:  # self.conv1 = nn.Conv2d(…)
        raise Fault(f"'{shorten(name.text)}' is no name", name.start, name.end, "names have no dots", "bad-name")
    if not rest:
        raise Fault("nothing after '='", words[1].end, words[1].end + 1)
    if not re.match(r"[A-Za-z_@]", rest[0].text):
        said = text[rest[0].start :]
        help = f"for a variable write 'let {name.text} = {shorten(said)}'" if is_value(said) else None
        raise Fault(f"'{shorten(rest[0].text)}' is no layer", rest[0].start, rest[0].end, help)
    if rest[0].text.rstrip(":") in HEADERS:
        raise Fault(f"a {rest[0].text.rstrip(':')} cannot be named", name.start, rest[0].end, "name a line inside it")
    return check_name(name, "a tensor"), rest


def _arrow(text: str, words: list[Lexeme]) -> Arrow:
    """The expectation whose ``->`` is the first of `words`."""
    start = words[0].start
    if len(words) == 1:
        raise Fault("nothing after '->'", words[0].end, words[0].end + 1, "write the expected shape: '-> 64x55x55'")
    if len(words) > 2:
        extra = words[2]
        advice = "a shape is one word: '64x55x55', or '(C, 55, 55)' with expressions"
        if is_name(words[1].text) or extra.text == "->":
            advice = "use '|' between layers; '->' checks a shape"
        elif extra.text == "|":
            advice = "'->' ends its line: write what follows on the next"
        raise Fault(f"unexpected '{shorten(extra.text)}' after the expected shape", extra.start, extra.end, advice)
    value = expressions.value(words[1].text, words[1].start)
    return Arrow(value, expressions.constant(value), start, words[1].end)


def read_element(group: list[Lexeme], words: list[Lexeme]) -> Element:
    """The element that the words `group`, of the line's `words`, say. Raises Fault."""
    if not group:
        bar = next((word for word in words if word.text in ("|", "->")), words[-1])
        raise Fault(f"a layer is missing beside '{bar.text}'", bar.start, bar.end)
    first, *rest = group
    if first.text[0] == "@":
        return _start(first, rest)
    if not is_name(first.text):
        raise _no_layer(first)
    if len(rest) > 1 and rest[0].text == "=":
        raise Fault("'=' does not stand here", rest[0].start, rest[0].end, "a name stands first in the line: 'x = …'")
    args = tuple([read_argument(word, index, rest, first.text) for index, word in enumerate(rest)])
    for before, after in pairwise(args):
        if before.key and not after.key:
            keyed = [f"{arg.key}={arg.text}" for arg in args if arg.key]
            write = " ".join([first.text, *(arg.text for arg in args if not arg.key), *keyed])
            raise Fault("an argument without a key follows one with a key", after.start, after.end,
                        f"write '{shorten(write)}', or give '{shorten(after.text)}' a key")  # fmt: skip
    constant = all(arg.constant for arg in args)
    return make(Element, (first.text, args, constant, first.start, group[-1].end, False, None))


def _start(first: Lexeme, rest: list[Lexeme]) -> Element:
    ref = read_ref(first)
    if rest:
        raise Fault(f"'{first.text}' takes no arguments", rest[0].start, rest[-1].end, f"write '{first.text} | …'")
    return Element(ref.name, (), True, first.start, first.end, ref=ref)


def _no_layer(first: Lexeme) -> Fault:
    text = first.text
    if re.match(KEY, text):
        name, _, value = text.partition("=")
        both = f"write '{name} = {value} …' for a named layer, 'let {name} = {value}' for a variable"
        return Fault(f"'{shorten(text)}' is no layer", first.start, first.end, both if is_name(value) else None)
    if text.endswith(":") and text[:-1] in (*MERGES, *HEADERS):
        return Fault(f"'{text}' ends its line", first.start, first.end,
                     "write the body below, indented; '->' after it on a line of its own")  # fmt: skip
    bare = text.rstrip(",;")
    if "(" in text[1:]:
        return Fault(f"'{shorten(text)}' is a call in Python, not a layer", first.start, first.end,
                     "arguments are separated by blanks: 'conv 64 3 stride=2'")  # fmt: skip
    advice = f"write '{bare}' without the '{text[len(bare) :]}'" if is_name(bare) else None
    return Fault(f"a line starts with a layer, not '{shorten(text)}'", first.start, first.end, advice)


def _pasted(text: str) -> Element | None:
    """A call in Python's or Keras's manner, to be answered with the line to write."""
    if "(" not in text:
        return None
    match = re.match(_CALL, text)
    if match is None or match.group(1) in ("if", "repeat", "let"):
        return None
    name = match.group(1).rstrip(" \t").rpartition(".")[2]
    return Element(name, (), True, match.start(1), len(text), pasted=text[match.start(1) :].rstrip(",; \t"))
