"""Statements of one line: ``input``, ``let``, ``require`` and their like; and arguments: ``64``, ``stride=2``."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from .. import deployment
from ..records import make
from . import expressions
from .nodes import Arg, Default, Dtype, Freeze, Input, Layout, Let, Name, Node, Output, Ref, Require, Use
from .words import RESERVED, Fault, Lexeme, check_name, is_digits, is_name, is_ref, is_sound, shorten, split

_OPERATORS = frozenset(("+", "-", "*", "/", "//", "%", "**", "==", "!=", "<", "<=", ">", ">="))
#: The key of an argument and its `=`.
KEY = r"([A-Za-z_][A-Za-z0-9_]*)=(?!=)"


def read_argument(word: Lexeme, index: int, words: list[Lexeme], kind: str = "…") -> Arg:
    """The argument that word `index` of the words after an element's name says. Raises Fault."""
    text, start = word.text, word.start
    if text == "=":
        left, right = words[index - 1].text, words[index + 1].text if index + 1 < len(words) else "…"
        raise Fault("no blanks around '='", start, word.end, f"write '{left}={right}'" if is_name(left) else None)
    if text[-1] in ",;" and len(text) > 1:
        raise Fault("arguments are separated by blanks, not commas", word.end - 1, word.end,
                    "between arguments stands a blank, between layers '|': 'conv 64 3 stride=2 | relu'")  # fmt: skip
    if text in _OPERATORS:
        left, right = words[index - 1].text if index else "…", words[index + 1].text if index + 1 < len(words) else "…"
        raise Fault(f"'{text}' stands alone: an expression in a layer has no blanks", start, word.end,
                    _joined(left, text, right, kind))  # fmt: skip
    if kind == "op" and index == 0 and len(text) > 1 and text[0] == text[-1] == '"':  # a name, whatever stands in it
        return make(Arg, (None, Name(text, start, word.end), text, False, start, word.end))
    return _argument(text, start)


def _joined(left: str, operator: str, right: str, kind: str) -> str | None:
    """What to write for an expression with blanks round its operator; None where it is none."""
    joined = f"{left}{operator}{right}"
    value = joined if operator[-1] == "=" else joined.rpartition("=")[2]
    if not is_value(value) or re.match(r"\d+[@x]", right):  # a shape is behind an arrow
        return None
    help = f"write '{joined}' or '({left} {operator} {right})'"
    if is_name(right) and len(right) > 1 and operator in ("+", "-", ">"):
        help += f"; between layers stands '|': '{kind} … | {right}'"
    return help


@lru_cache(10_000)
def _argument(text: str, start: int) -> Arg:
    """The argument that a word says; equal ones are one, for of lines that all differ they take half the room."""
    match, end = re.match(KEY, text), start + len(text)
    key, offset = (match.group(1), match.end()) if match else (None, 0)
    if match and len(text) == offset:
        raise Fault(f"'{text}' has no value", end, end + 1, f"write '{text}…' without a blank")
    value = expressions.argument(text[offset:], start + offset)
    return make(Arg, (key, value, text[offset:], expressions.constant(value), start, end))


def rest_of(text: str, at: int, what: str, example: str) -> tuple[str, int]:
    """What follows the statement's first word, and where. Raises Fault, saying `what`, where nothing does."""
    rest = text[at:].lstrip(" \t")
    if not rest:
        raise Fault(f"{what}", len(text), len(text) + 1, f"for example '{example}'")
    return rest, len(text) - len(rest)


def read_input(text: str, at: int, name: str | None = None) -> Input:
    """The input line whose first word ends at `at`. Raises Fault."""
    rest, start = rest_of(text, at, "'input' needs a shape", "input 3x224x224")
    if rest[0] == ":":
        raise Fault("'input' has no ':'", start, start + 1, f"write 'input {rest[1:].strip()}'")
    words = split(rest, start)
    stray = next((word for word in words[1:] if word.text in ("|", "->")), None)
    if stray:
        raise Fault("an input stands alone in its line", stray.start, stray.end, "write what follows on the next line")
    if len(words) > 1:
        raise Fault("a shape is one word", words[1].start, words[-1].end, _shape_among(words))
    sign = "*" if "*" in rest else ","
    if sign in rest and re.fullmatch(r"\d+(?:[*,]\d+)+", rest):
        raise Fault(f"'{rest}' is no shape", start, len(text), _one_shape(rest.replace(sign, "x")))
    return Input(name, expressions.value(rest, start), rest, 0, len(text))


def _shape_among(words: list[Lexeme]) -> str:
    """What to write for a shape with blanks in it, or beside a name, or beside what is said elsewhere."""
    shapes = [word.text.strip(",") for word in words if re.fullmatch(r"\d+(?:[x@]\d+)+,?", word.text)]
    if len(shapes) > 1:
        return f"each input has a line of its own, and a name: 'x = input {shapes[0]}'"
    sizes = re.split(r"(?:[ ,x*]|by)+", " ".join(word.text for word in words).lower().strip(" ,x*"))
    if all(map(is_digits, sizes)):
        return _one_shape("x".join(sizes))
    texts = [word.text.strip(",") for word in words]
    if len(texts) in (3, 4) and is_digits(texts[0]) and all(is_digits(one) or is_name(one) for one in texts):
        return f"write 'input ({', '.join(texts)})'"
    if not shapes:
        return "write it without blanks"
    named = words[0].text if len(words) == 2 and is_name(words[0].text) and words[0].text not in RESERVED else None
    return f"write '{named} = input {shapes[0]}'" if named else f"write 'input {shapes[0]}'"


def _one_shape(shape: str) -> str:
    """The input to write for sizes in other signs; two of them are a grey picture, or channels of some length."""
    first, _, rest = shape.partition("x")
    if rest.isdecimal():
        length = f"'input {first}@{rest}' for {first} channels of length {rest}"
        return f"write 'input 1x{shape}' for a grey picture, or {length}"
    return f"write 'input {shape}'"


def _let(text: str, at: int) -> Let:
    rest, start = rest_of(text, at, "'let' needs a name and a value", "let width = 64")
    match = re.match(r"([^\s=]+)[ \t]*=(?!=)[ \t]*", rest)
    if not match:
        said = re.match(r"(\w+)(?:[ \t]*:[ \t]*|[ \t]+)(\S.*)\Z", rest)
        plain = said is not None and is_name(said[1]) and said[1] not in RESERVED and is_value(said[2])
        help = f"write 'let {said[1]} = {shorten(said[2])}'" if said and plain else "for example 'let width = 64'"
        raise Fault("'let' is written 'let NAME = VALUE'", start, len(text), help)
    name = check_name(Lexeme(match.group(1), start, start + match.end(1)), "a variable")
    if match.end() == len(rest):
        raise Fault("a value is missing", len(text), len(text) + 1)
    value = expressions.value(rest[match.end() :], start + match.end(), units=True)
    return Let(name, value, start, 0, len(text))


def is_value(text: str) -> bool:
    """Whether `text` is what a variable may be set to."""
    return is_sound(expressions.value, text, 0, units=True)


def _default(text: str, at: int) -> Default:
    rest, start = rest_of(text, at, "'default' needs kinds and what to set", "default conv bias=no")
    words = split(rest, start)
    cut = next((index for index, word in enumerate(words) if "=" in word.text), len(words))
    kinds, keyed = words[:cut], words[cut:]
    wrong = next((word for word in kinds if not is_name(word.text)), None)
    if wrong:
        raise Fault(f"'{shorten(wrong.text)}' is no kind of layer", wrong.start, wrong.end,
                    "a default is written with keys: 'default conv pad=1'")  # fmt: skip
    args = tuple(read_argument(word, index, keyed) for index, word in enumerate(keyed))
    bare = next((arg for arg in args if arg.key is None), None)
    if not kinds or not args or bare:
        place = bare or words[-1]
        raise Fault("'default' is written 'default KIND key=value'", place.start, place.end,
                    "for example 'default conv bias=no'")  # fmt: skip
    names = tuple(Name(word.text, word.start, word.end) for word in kinds)
    return Default(names, args, 0, len(text))


def _require(text: str, at: int) -> Require:
    rest, start = rest_of(text, at, "'require' needs a condition", "require params <= 5M")
    message: str | None = None
    quote = rest.find('"')
    if quote >= 0:
        if not rest.endswith('"') or rest.count('"') != 2 or len(rest) == quote + 1:
            raise Fault("a message is one text between double quotes, at the end", start + quote, len(text))
        message = rest[quote + 1 : -1]
        rest = rest[:quote].rstrip(" \t")
    tree = expressions.condition(rest, start, grouped=True)
    return Require(tree, rest, message, 0, len(text))


def _layout(text: str, at: int) -> Layout:
    rest, start = rest_of(text, at, "'layout' is chw or hwc", "layout hwc")
    if rest not in ("chw", "hwc"):
        raise Fault(f"unknown layout '{shorten(rest)}'", start, len(text), "write 'layout chw' or 'layout hwc'")
    return Layout(rest, 0, len(text))


def _dtype(text: str, at: int) -> Dtype:
    rest, start = rest_of(text, at, "'dtype' needs a type", "dtype int8")
    words = split(rest, start)
    comma = next((word for word in words if "," in word.text), None)
    if comma:
        place = comma.start + comma.text.index(",")
        raise Fault("types are separated by blanks, not commas", place, place + 1, _uncommaed(rest))
    try:
        given = deployment.read(word.text for word in words)
    except deployment.DtypeError as error:
        wrong = words[error.word]
        raise Fault(error.message, wrong.start, wrong.end, error.help, "dtype") from None
    return Dtype(tuple(given.items()), 0, len(text))


def _uncommaed(types: str) -> str:
    """What to write for types between commas."""
    words = types.replace(",", " ").split()
    try:
        deployment.read(words)
    except deployment.DtypeError:
        return "'dtype int8' is for all parts, 'dtype weights=int8 biases=int32' for some"
    return f"write 'dtype {' '.join(words)}'"


def _use(text: str, at: int) -> Use:
    rest, _ = rest_of(text, at, "'use' needs a file", "use blocks.txt")
    if len(rest) > 1 and rest[0] == rest[-1] == '"':
        rest = rest[1:-1]
    return Use(rest, 0, len(text))


def _output(text: str, at: int) -> Output:
    rest, start = rest_of(text, at, "'output' needs names", "output @mask @edges")
    names = [name.removeprefix("@") for name in re.split(r"[ \t,]+", rest.strip(":[]() \t")) if name]
    help = f"write 'output {' '.join(f'@{name}' for name in names)}'" if names and all(map(is_name, names)) else None
    if help is not None and rest[0] in ":[(":
        raise Fault(f"'{rest[0]}' is no name of a tensor", start, start + 1, help, "bad-name")
    if help is not None and "," in rest:
        comma = start + rest.index(",")
        raise Fault("tensors are separated by blanks, not commas", comma, comma + 1, help)
    try:
        return Output(tuple(map(read_ref, split(rest, start))), 0, len(text))
    except Fault as fault:
        fault.help = help or fault.help
        raise


def read_ref(word: Lexeme) -> Ref:
    """The tensor that a word names: ``@x``, ``@x[2]``. Raises Fault."""
    ref = expressions.value(word.text, word.start) if is_ref(word.text) else None
    if not isinstance(ref, Ref):
        help = f"write '@{word.text}'" if is_name(word.text) else None
        if is_digits(word.text):
            help = f"for a layer of {word.text} outputs write 'fc {word.text}'"
        if "[" in word.text:
            help = f"the tensor of round 2 is '{word.text.partition('[')[0]}[2]'"
        raise Fault(f"'{shorten(word.text)}' is no name of a tensor", word.start, word.end, help, "bad-name")
    return ref


def _freeze(text: str, at: int) -> Freeze:
    rest, start = rest_of(text, at, "'freeze' needs names", "freeze stem conv2_x")
    words = split(rest, start)
    bare = [word.text.strip("@,") for word in words]
    wrong = next((word for word in words if not is_name(word.text)), None)
    if wrong is not None:
        help = f"write 'freeze {' '.join(bare)}'" if all(map(is_name, bare)) else "for example 'freeze stem conv2_x'"
        raise Fault(f"'freeze' takes names of lines, stages and blocks, not '{shorten(wrong.text)}'", wrong.start,
                    wrong.end, help, "bad-name")  # fmt: skip
    return Freeze(tuple(Name(*word) for word in words), 0, len(text))


STATEMENT_READERS: dict[str, Callable[[str, int], Node]] = {
    "input": read_input, "let": _let, "default": _default, "require": _require, "layout": _layout, "use": _use,
    "output": _output, "freeze": _freeze, "dtype": _dtype,
}  # fmt: skip
