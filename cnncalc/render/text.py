"""Text that fits where it goes: characters that the encoding has, widths as a terminal counts them, lines, colours."""

from __future__ import annotations

import codecs
from functools import cache

from ..records import Record

#: What is written where an encoding lacks the character.
STAND_INS = {
    "×": "x",
    "·": ".",
    "−": "-",
    "–": "-",
    "—": "-",
    "…": "...",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "→": "->",
    "≈": "~",
    "²": "^2",
    "│": "|",
    "─": "-",
    "┼": "+",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "█": "#",
    "\u2003": " ",
    "\ufffd": "?",
}

#: Joiners that some scripts cannot be written without; every other invisible character is shown as �.
_JOINERS = "\u200c\u200d"
_TAB = "    "
#: By style, in rich's words, the parameters of the escape code that sets it (ECMA-48, 8.3.117).
_CODES = {"bold": "1", "red": "31", "green": "32", "cyan": "36", "bold red": "1;31", "bold yellow": "1;33"}
MARGIN = "  "
GAP = "  "
#: No sentence is wrapped to less.
_LEAST = 20


class Charset:
    """The characters of one output encoding. Called with a line of text, it returns what can be shown of it.

    Control characters, bidirectional overrides and lone surrogates never get through: a spec may hold
    anything, and a terminal obeys what it is sent.
    """

    def __init__(self, encoding: str | None = "utf-8") -> None:
        self.encoding = _known(encoding)
        self._table = {ord(char): text for char, text in STAND_INS.items() if not _has(char, self.encoding)}
        self._complete = not self._table and self.unicode

    def __call__(self, text: str) -> str:
        """`text`, on one line, with stand-ins for what cannot be shown."""
        if text.isprintable():
            if self._complete or text.isascii():
                return text
        else:
            text = "".join(char if char.isprintable() else _shown(char) for char in text)
        if self._complete:
            return text
        return text.translate(self._table).encode(self.encoding, "replace").decode(self.encoding)

    def lines(self, text: str) -> str:
        """The same of a text of several lines."""
        return "\n".join(map(self, text.split("\n")))

    @property
    def unicode(self) -> bool:
        """Whether the encoding has all characters."""
        return self.encoding.startswith("utf")


def _known(encoding: str | None) -> str:
    try:
        return codecs.lookup(encoding or "ascii").name
    except LookupError:
        return "ascii"


def _has(char: str, encoding: str) -> bool:
    try:
        return char.encode(encoding).decode(encoding) == char
    except UnicodeError:
        return False


def _shown(char: str) -> str:
    """What stands for a character that is not printable."""
    from unicodedata import category

    if char == "\t":
        return _TAB
    if char == "\u2003" or char in _JOINERS:
        return char
    kind = category(char)
    if kind == "Zs":
        return " "
    return char if kind in ("Cn", "Co") else "\ufffd"


def width(text: str) -> int:
    """How many columns of a terminal `text` takes."""
    if text.isascii() or text.replace("×", "x").isascii():  # what numbers and shapes are written in
        return len(text)
    return sum(map(char_width, text))


#: What is known to be narrow, from and below: Latin letters, dashes and dots, arrows and mathematics, lines and blocks.
_NARROW = (("", "\u0300"), ("\u2010", "\u2028"), ("\u2190", "\u2300"), ("\u2500", "\u25a0"))


@cache
def char_width(char: str) -> int:
    """0 for combining marks and joiners, 2 for wide (CJK, emoji), else 1."""
    for first, end in _NARROW:
        if first <= char < end:
            return 1
    from unicodedata import category, east_asian_width

    if category(char) in ("Mn", "Me") or char in _JOINERS:
        return 0
    return 2 if east_asian_width(char) in "WF" else 1


def start_of(text: str, room: int) -> str:
    """As much of the start of `text` as fits `room` columns."""
    used = 0
    for place, char in enumerate(text):
        used += char_width(char)
        if used > room:
            return text[:place]
    return text


def clip(text: str, limit: int, ellipsis: str = "…") -> str:
    """`text` in at most `limit` columns, its end cut off where it is longer."""
    if width(text) <= limit:
        return text
    return start_of(text, limit - len(ellipsis)).rstrip() + ellipsis[:limit]


def pad(text: str, columns: int, right: bool = False) -> str:
    """`text` filled up with blanks to `columns` columns."""
    blanks = " " * (columns - width(text))
    return blanks + text if right else text + blanks


def wrapped(
    text: str, room: int, first: str = "", later: str | None = None, *, whole: bool = True, least: int = _LEAST,
) -> list[str]:  # fmt: skip
    """The lines of a sentence, at most `room` columns wide (0: no limit), set in by `first`, all but it by `later`.

    `whole`: no word is broken, however long; `least` is what none is wrapped below.
    """
    if not room:
        return [first + text]
    from textwrap import wrap

    return wrap(
        text, max(room, least), initial_indent=first, subsequent_indent=first if later is None else later,
        break_long_words=not whole, break_on_hyphens=False,
    ) or [""]  # fmt: skip


def painted(text: str, style: str) -> str:
    """`text` in a style; as it is for none. Rich is not loaded for what is drawn before anybody would wait for it."""
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if style else text


class Screen(Record):
    """Where a text goes: columns (0: no limit), colour, characters, and how its reader asks for another format."""

    width: int = 0
    color: bool = False
    charset: Charset = Charset()
    #: Such as ``--format``; empty where nobody can ask.
    format_option: str = ""
