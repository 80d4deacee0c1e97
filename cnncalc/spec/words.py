"""Characters and words: what a line is cut into before it means anything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..records import Record, make

if TYPE_CHECKING:
    from collections.abc import Callable

#: Characters of a name.
MAX_NAME = 100

#: Axis letters: sizes of the tensor that enters an element.
AXES = frozenset("CDHWL")

FUNCTIONS = ("min", "max", "round", "floor", "ceil", "abs", "divisible")

HEADERS = ("repeat", "if", "elif", "else", "stage", "head", "block")
MERGES = ("concat", "add", "mul", "sub", "div", "maximum", "minimum", "matmul")
STATEMENTS = ("model", "input", "layout", "use", "output", "let", "default", "require", "freeze", "dtype")
TOP_ONLY = frozenset(("model", "input", "layout", "use", "output", "require", "freeze", "block", "dtype"))

#: The element that says that its path is not there.
ABSENT = "none"

#: Words of the language: never names of tensors or variables.
RESERVED = frozenset(
    (*HEADERS, *STATEMENTS, *FUNCTIONS, *AXES, "as", "and", "or", "not", "yes", "no", "true", "false", "same",
     "valid", "causal", "here", "train", "share", ABSENT)
)  # fmt: skip


def is_name(text: str) -> bool:
    """Whether `text` is made like a name: ASCII letters, digits and ``_``, not a digit first."""
    return text.isascii() and text.isidentifier()


def is_ref(text: str) -> bool:
    """Whether `text` is the name of a tensor: ``@x``, or ``@x[2]`` of one of its rounds, if nothing is wrong in it."""
    name, bracket, _ = text.partition("[")
    return name[:1] == "@" and is_name(name[1:]) and (not bracket or text[-1] == "]")


def is_digits(text: str) -> bool:
    """Whether `text` is a whole number, in ASCII digits."""
    return text.isascii() and text.isdecimal()


class Fault(Exception):
    """A fault of one line, with columns in its content; :mod:`cnncalc.spec.parser` gives it its place."""

    def __init__(self, message: str, start: int, end: int, help: str | None = None, code: str = "syntax") -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = max(end, start + 1)
        self.help = help
        self.code = code
        #: The word of the statement that it is in; :func:`cnncalc.spec.rows.read_content` fills it in.
        self.statement: str | None = None


def is_sound(read: Callable[..., object], *arguments: object, **options: object) -> bool:
    """Whether `read` finds no Fault in what it is given."""
    try:
        read(*arguments, **options)
    except Fault:
        return False
    return True


class Lexeme(Record):
    """A word of a line and where it stands; ``|`` and ``->`` are words of their own."""

    text: str
    start: int
    end: int


_ROUNDS = r"@\w+(?:\[[^]|\"]*\])+"
_PLAIN = rf"->|\||(?:{_ROUNDS}|(?!->)[^ \t|])+"
_STRETCH = rf'->|[|()" \t]|(?:{_ROUNDS}|(?!->)[^|()" \t])+'
_SEPARATORS = frozenset((" ", "\t", "|", "->"))
_QUOTED_OR_HASH = r'"[^"]*"|#'
_ODD = r"[^\x20-\x7e\t]"
_STAND_INS = str.maketrans({"×": "x", "\u00a0": " "})
_MEANT = {"−": "-", "–": "-", "—": "-", "→": "->", "“": '"', "”": '"', "‘": '"', "’": '"', "，": ",", "：": ":",
          "（": "(", "）": ")", "≤": "<=", "≥": ">=", "≠": "==", "·": "*", "＝": "="}  # fmt: skip


def strip_comment(text: str) -> str:
    """`text` without its comment and trailing blanks; a ``#`` between double quotes starts none."""
    cut = text.find("#")
    if cut >= 0 and '"' in text[:cut]:
        cut = next((match.start() for match in re.finditer(_QUOTED_OR_HASH, text) if match[0] == "#"), -1)
    return (text if cut < 0 else text[:cut]).rstrip(" \t\u00a0")


def plain(text: str) -> str:
    """`text` with ``×`` and the no-break blank as their ASCII selves, character for character.

    Raises Fault at any other character outside ASCII, or a control character, that is not quoted.
    """
    if text.isascii() and text.isprintable():
        return text
    stretches = text.split('"')  # every second one is quoted
    start = 0
    for index, stretch in enumerate(stretches):
        if index % 2 == 0:
            stretches[index] = stretch = stretch.translate(_STAND_INS)
            wrong = re.search(_ODD, stretch)
            if wrong:
                raise _odd_character(wrong[0], start + wrong.start())
        start += len(stretch) + 1
    return '"'.join(stretches)


def _odd_character(char: str, position: int) -> Fault:
    code = f"U+{ord(char):04X}"
    if char == "\r":
        return Fault("a lone carriage return stands here", position, position + 1, "end lines with LF, or CR LF")
    from unicodedata import category, normalize

    if not char.isprintable():
        advice = "write a blank" if category(char) == "Zs" else "delete it"
        return Fault(f"a control or invisible character, {code}, stands here", position, position + 1, advice)

    meant = _MEANT.get(char) or normalize("NFKC", char)
    advice = (
        f"write '{meant}'" if meant.isascii() and category(char) != "No" else "names and numbers are written in ASCII"
    )
    return Fault(f"unexpected character '{char}' ({code})", position, position + 1, advice)


def split(text: str, offset: int = 0) -> list[Lexeme]:
    """The words of `text`, cut at blanks outside ``( )``, ``" "`` and the ``[ ]`` of a round.

    Raises Fault at an unbalanced one.
    """
    if "(" not in text and '"' not in text and ")" not in text:
        matches = re.finditer(_PLAIN, text)
        return [make(Lexeme, (match[0], match.start() + offset, match.end() + offset)) for match in matches]
    words: list[Lexeme] = []
    opened: list[tuple[str, int]] = []  # the parentheses, or the quote, around where we are
    start = -1
    for match in re.finditer(_STRETCH, text):
        stretch, at = match[0], match.start()
        if stretch in ("(", ")", '"'):
            _open_or_close(stretch, at + offset, opened)
        if not opened and stretch in _SEPARATORS:
            if start >= 0:
                words.append(Lexeme(text[start:at], start + offset, at + offset))
                start = -1
            if stretch in ("|", "->"):
                words.append(Lexeme(stretch, at + offset, match.end() + offset))
        elif start < 0:
            start = at
    if opened:
        sign, column = opened[-1]
        raise Fault("this quote is never closed" if sign == '"' else "'(' is never closed", column, column + 1)
    if start >= 0:
        words.append(Lexeme(text[start:], start + offset, len(text) + offset))
    return words


def _open_or_close(sign: str, column: int, opened: list[tuple[str, int]]) -> None:
    """Takes note of a parenthesis or a quote among those that are `opened`. Raises Fault at a ')' too many."""
    quoted = bool(opened) and opened[-1][0] == '"'
    if sign == ('"' if quoted else ")"):
        if not opened:
            raise Fault("')' without a '('", column, column + 1)
        opened.pop()
    elif not quoted:
        opened.append((sign, column))


def check_name(word: Lexeme, what: str) -> str:
    """The name that `word` is. Raises Fault where it is none, or a word of the language."""
    text = word.text
    if len(text) > MAX_NAME:
        raise Fault(f"a name of {len(text):,} characters", word.start, word.end, f"at most {MAX_NAME}", "bad-name")
    if not is_name(text):
        raise Fault(
            f"'{shorten(text)}' is no name for {what}", word.start, word.end,
            "a name has letters, digits and '_', and starts with a letter", "bad-name",
        )  # fmt: skip
    if text in RESERVED or text.lower() in ("yes", "no", "true", "false"):
        raise Fault(f"'{text}' is a word of the language and cannot name {what}", word.start, word.end,
                    f"for example '{text}_1'", "reserved-word")  # fmt: skip
    return text


def is_blank(word: str) -> bool:
    """Whether the word behind a ``->`` is a blank, to be filled in: two underscores or more, and nothing else."""
    return word[:2] == "__" and not word.strip("_")


def shorten(text: str, limit: int = 60) -> str:
    """`text`, cut in the middle where it is longer than a message should quote."""
    return text if len(text) <= limit else f"{text[: limit - 12]}…{text[-8:]}"
