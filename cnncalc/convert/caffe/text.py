"""Protobuf's text format: fields with values, messages in braces; separators and comments as its own reader has them.

https://protobuf.dev/reference/protobuf/textformat-spec
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...diagnostics import ERROR, Diagnostic, Source, Span, SpecError
from ...records import Record, make

_TOKEN = re.compile(
    r"""[ \t\r]*(?:(?P<name>[A-Za-z_][A-Za-z0-9_./]*)|(?P<number>[+-]?[0-9.][0-9A-Za-z_.+-]*)|-\s*(?P<word>[A-Za-z]+)"""
    r"""|(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?P<sign>[{}<>\[\]:;,])|(?:\#.*)?\Z)"""
)
_ENDS = {"{": "}", "<": ">"}
#: How deep messages stand in each other: Caffe's own need four.
_DEEPEST = 32
_LONGEST = 60
#: Words and signs of a file: no net has a tenth of it.
_WORDS = 200_000


class Scalar(Record):
    """A value that is no message: its text without quotes, and where it stands."""

    text: str
    span: Span

    @property
    def number(self) -> int:
        """The whole number that it is. Raises SpecError where it is none."""
        try:
            if len(self.text) <= _LONGEST:
                return int(self.text.rstrip("uU"), 0 if self.text[:2] in ("0x", "0X") else 10)
        except ValueError:
            pass
        raise SpecError([Diagnostic(ERROR, "syntax", "a whole number stands here", self.span)])

    @property
    def flag(self) -> bool:
        """Whether it is true."""
        return self.text in ("true", "True", "t", "1")


class Message(Record):
    """The fields of a message, each with all its values, in order; and where it begins."""

    span: Span
    values: dict[str, list[Scalar]]
    messages: dict[str, list[Message]]

    def value(self, name: str) -> Scalar | None:
        """The last value of a field, which holds where it is given more than once."""
        scalars = self.values.get(name)
        return scalars[-1] if scalars else None

    def number(self, name: str, default: int) -> int:
        """A field as a whole number."""
        scalar = self.value(name)
        return default if scalar is None else scalar.number

    def numbers(self, name: str) -> list[int]:
        """All values of a field as whole numbers."""
        return [value.number for value in self.values.get(name, ())]

    def flag(self, name: str, default: bool) -> bool:
        """A field as true or false."""
        scalar = self.value(name)
        return default if scalar is None else scalar.flag

    def text(self, name: str, default: str = "") -> str:
        """A field as text."""
        scalar = self.value(name)
        return default if scalar is None else scalar.text

    def texts(self, name: str) -> list[str]:
        """All values of a field as texts."""
        return [value.text for value in self.values.get(name, ())]

    def message(self, name: str) -> Message:
        """The message of a field; an empty one where it is not there."""
        messages = self.messages.get(name)
        return messages[-1] if messages else Message(self.span, {}, {})

    def place(self, name: str) -> Span:
        """Where the value of a field stands; where it is not given, the message."""
        scalar = self.value(name)
        return self.span if scalar is None else scalar.span


class _Token(Record):
    sort: str
    text: str
    span: Span


def _tokens(source: Source) -> Iterator[_Token]:
    left = _WORDS
    for number, line in enumerate(source.lines, 1):
        at = 0
        while at < len(line):
            match = _TOKEN.match(line, at)
            if match is None:
                place = len(line) - len(line[at:].lstrip(" \t\r"))
                raise _fault("this is no text of a protobuf message", Span(source, number, place + 1, place + 2))
            sort, end = match.lastgroup, match.end()
            if sort is not None:
                text = match[0].lstrip()
                span = make(Span, (source, number, end - len(text) + 1, end + 1))
                left -= 1
                if not left:
                    raise _fault(f"over {_WORDS:,} words", span)
                yield make(_Token, (sort, text, span))
            at = end


def parse(source: Source) -> Message:
    """The message that a whole file is. Raises SpecError."""
    tokens = _tokens(source)
    whole = Message(Span(source, 1, 1, 2), {}, {})
    stack, ends = [whole], [""]
    token = next(tokens, None)
    while token is not None:
        if token.text == ends[-1] and token.sort == "sign":
            stack.pop()
            ends.pop()
            token = next(tokens, None)
        elif token.text in (";", ",") and token.sort == "sign":
            token = next(tokens, None)
        elif token.sort == "name":
            token = _field(token, tokens, stack, ends)
        else:
            raise _fault(
                f"the name of a field, or '{ends[-1]}', stands here" if ends[-1] else "a field stands here", token.span
            )
    if len(stack) > 1:
        raise _fault(f"'{ends[-1]}' is missing: what begins here does not end", stack[-1].span)
    return whole


def _field(name: _Token, tokens: Iterator[_Token], stack: list[Message], ends: list[str]) -> _Token | None:
    """Reads what follows the name of a field; the token behind it."""
    token = next(tokens, None)
    colon = token is not None and token.text == ":"
    if colon:
        token = next(tokens, None)
    if token is None:
        raise _fault(f"'{name.text}' has no value", name.span)
    if token.sort == "sign" and token.text in _ENDS:
        if len(stack) > _DEEPEST:
            raise _fault(f"messages stand more than {_DEEPEST} deep in each other", token.span)
        inner = make(Message, (name.span, {}, {}))
        stack[-1].messages.setdefault(name.text, []).append(inner)
        stack.append(inner)
        ends.append(_ENDS[token.text])
        return next(tokens, None)
    if not colon:
        raise _fault(f"':' or '{{' stands behind '{name.text}'", token.span)
    values = stack[-1].values.setdefault(name.text, [])
    if token.text == "[" and token.sort == "sign":
        return _list(token, tokens, values)
    return _value(token, tokens, values)


def _list(token: _Token, tokens: Iterator[_Token], values: list[Scalar]) -> _Token | None:
    start, item = token, next(tokens, None)
    while item is not None and item.text != "]":
        item = next(tokens, None) if item.text == "," else _value(item, tokens, values)
    if item is None:
        raise _fault("']' is missing: what begins here does not end", start.span)
    return next(tokens, None)


def _value(token: _Token, tokens: Iterator[_Token], values: list[Scalar]) -> _Token | None:
    """Adds a value; strings side by side are one. The token behind it."""
    if token.sort == "sign":
        raise _fault("a value stands here", token.span)
    text, following = token.text, next(tokens, None)
    if token.sort == "string":
        parts = [text[1:-1]]
        while following is not None and following.sort == "string":
            parts.append(following.text[1:-1])
            following = next(tokens, None)
        text = "".join(parts)
    values.append(make(Scalar, (text, token.span)))
    return following


def _fault(message: str, span: Span) -> SpecError:
    return SpecError([Diagnostic(ERROR, "syntax", message, span)])
