"""Words and signs that other languages have in an expression, and what says it here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .words import FUNCTIONS, shorten

if TYPE_CHECKING:
    from .expressions import Token

_EQUALS = "a named value is written 'key=value'; comparison is '=='"
_CHOICE = "no expression chooses: 'if …:' and 'else:' do, each on a line of its own"
_SIGNS = {
    "&": "write 'and'", "||": "write 'or'", "!": "write 'not'", "^": "a power is written '2**3'", "if": _CHOICE,
    "else": _CHOICE,
}  # fmt: skip
#: Those that stand before a value.
_BEFORE = ("!", "if")
#: The same between the brackets of a round, by what is missing and the sign that stands in its place.
ROUNDS = {
    "']' is missing,": "nested repeats take an index each: '@y[1][2]'",
    "a round is missing]": "'@y[1]' is of the first round, '@y[*]' of all",
}


def meant(token: Token, before: Token | None, after: str) -> str | None:
    """What to write where `token` does not fit, between the one `before` and the text `after`; None where untold."""
    if token.text == "=":
        return f"write '{after}='" if after in ("<", ">") else _EQUALS
    if token.text[0] in "\"'":
        return "words have no quotes: 'pad=same'"
    if token.kind == "dot" and after == "(":  # math.ceil(…)
        return f"write '{token.text[1:]}(…)'" if token.text[1:] in FUNCTIONS else None
    if token.text != "[":
        sign = token.text + after * (token.text == "|")
        return _SIGNS.get(sign) if before is not None or sign in _BEFORE else None
    if before is not None and before.kind == "name" and before.end == token.start:
        return f"the tensor of a round is written '@{shorten(before.text)}[2]'"
    return "there are no lists: 'repeat 3, 5, 7 as k:' takes one value after another"
