"""Expressions and values: text -> expression tree, by precedence climbing."""

from __future__ import annotations

import re

from .literals import check_length, decimal, entry, integer, parts_of, with_unit
from .nodes import Call, Chain, Expr, Flag, Hole, Name, Num, Pair, Power, Ref, Size, Unary
from .words import Fault, is_digits, is_name, shorten

#: Parentheses and signs in each other.
MAX_NESTING = 60
#: Words and signs of one expression.
MAX_TOKENS = 1_000

_LEVELS = {
    "or": 1, "and": 2, "==": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4,
    "+": 5, "-": 5, "*": 6, "/": 6, "//": 6, "%": 6,
}  # fmt: skip
_NOT, _COMPARE, _SIGN = 3, 4, 7

_TOKEN = r"""(?xa)[ \t]*(?:
    (?P<grouped>\d{1,3}(?:,\d{3})+(?![\w,]))
  | (?P<number>[\d?][\w?]*(?:@[\w?]+)?(?:\.\d\w*)?)
  | (?P<ref>@[A-Za-z_]\w*(?:\.\w*)?)
  | (?P<name>[A-Za-z_]\w*)
  | (?P<op>\*\*|//|==|!=|<=|>=|[-+*/%<>(),:=])
  | (?P<other>\S))"""
_DECIMAL = r"(?a)\d+\.\d+\Z"
_SIZE = r"(?a)(?:\d+|\?)(?:[xX](?:\d+|\?))+\Z"
_SHAPE = r"(?a)(\d+|\?)@((?:\d+|\?)(?:[xX](?:\d+|\?))*)\Z"
_PAIRS = r"(?a)\d+(?::\d+)?(?:[xX]\d+(?::\d+)?)+\Z"
_FLAGS = {"yes": True, "true": True, "no": False, "false": False}


def value(text: str, offset: int, *, units: bool = False) -> Expr:
    """The value that `text`, a whole word or the rest of a line, says. Raises Fault."""
    end = offset + len(text)
    if is_digits(text):
        return Num(integer(text, offset), offset, end)
    if is_name(text):
        return _word(text, offset)
    if ":" in text and re.match(_PAIRS, text) and "x" in text.lower():
        check_length(text.lower().count("x") + 1, offset, end)
        items = tuple(entry(part, start) for part, start in parts_of(text, offset))
        return Size(items, False, offset, end)
    return _Parser(text, offset, units=units).whole(pairs=True)


def condition(text: str, offset: int, *, grouped: bool = False) -> Expr:
    """The expression of an ``if``, ``repeat`` or, with `grouped` digits and units, a ``require``."""
    return _Parser(text, offset, units=grouped, grouped=grouped).whole(pairs=False)


def constant(tree: Expr) -> bool:
    """Whether `tree` is a literal that means the same everywhere (no name that might be a variable)."""
    if isinstance(tree, Num | Flag | Hole):
        return True
    if isinstance(tree, Size):
        return all(constant(item) for item in tree.items)
    return isinstance(tree, Pair) and constant(tree.before) and constant(tree.after)


def _word(text: str, offset: int) -> Expr:
    flag = _FLAGS.get(text) if text in _FLAGS else _FLAGS.get(text.lower())
    end = offset + len(text)
    return Name(text, offset, end) if flag is None else Flag(flag, offset, end)


class _Parser:
    """One expression. Tokens are cut in advance; each method reads from `self.index` on."""

    def __init__(self, text: str, offset: int, *, units: bool = False, grouped: bool = False) -> None:
        self.offset = offset
        self.end = offset + len(text)
        self.units = units
        self.tokens = self._cut(text, grouped)
        self.index = 0
        self.depth = 0

    def _cut(self, text: str, grouped: bool) -> list[tuple[str, str, int]]:
        tokens: list[tuple[str, str, int]] = []
        token = re.compile(_TOKEN)
        position = depth = 0
        while position < len(text):
            match = token.match(text, position)
            if match is None:  # only blanks are left
                break
            kind = match.lastgroup or "other"
            piece, start = match.group(kind), match.start(kind)
            if kind == "grouped" and not (grouped and depth == 0):
                kind, piece = "number", re.match(r"\d+", piece).group()  # type: ignore[union-attr]
            if len(tokens) >= MAX_TOKENS:
                at = start + self.offset
                raise Fault(f"an expression of over {MAX_TOKENS:,} words and signs", at, at + 1, code="too-large")
            depth += (piece == "(") - (piece == ")")
            tokens.append((kind, piece, start + self.offset))
            position = start + len(piece)
        return tokens

    # --- the stream -----------------------------------------------------------------------------

    @property
    def peek(self) -> str:
        return self.tokens[self.index][1] if self.index < len(self.tokens) else ""

    def take(self) -> tuple[str, str, int]:
        self.index += 1
        return self.tokens[self.index - 1]

    def expect(self, piece: str) -> None:
        if self.peek != piece:
            raise self.surprise(f"'{piece}' is missing")
        self.index += 1

    def surprise(self, wanted: str) -> Fault:
        if self.index >= len(self.tokens):
            return Fault(f"{wanted} at the end", self.end, self.end + 1)
        _, piece, start = self.tokens[self.index]
        advice = "a named value is written 'key=value'; comparison is '=='" if piece == "=" else None
        if piece[0] in "\"'":
            advice = "words have no quotes: 'pad=same'"
        return Fault(f"{wanted} before '{shorten(piece)}'", start, start + len(piece), advice)

    # --- the grammar ----------------------------------------------------------------------------

    def whole(self, *, pairs: bool) -> Expr:
        tree = self.item() if pairs else self.binary(1)
        if self.index < len(self.tokens):
            _, piece, start = self.tokens[self.index]
            if piece == ",":
                raise Fault("',' outside parentheses", start, start + 1, "words are separated by blanks, not commas")
            raise self.surprise("an operator is missing")
        return tree

    def item(self) -> Expr:
        """An expression, or two joined by ``:``."""
        first = self.binary(1)
        if self.peek != ":":
            return first
        self.index += 1
        if self.index >= len(self.tokens):
            advice = "both ends are said: 'take L-1:L axis=L'"
            raise Fault("a value is missing behind ':'", self.end, self.end + 1, advice)
        second = self.binary(1)
        return Pair(first, second, first.start, second.end)

    def binary(self, level: int) -> Expr:
        left = self.prefix(level)
        while (found := _LEVELS.get(self.peek, 0)) >= level:
            rest: list[tuple[str, Expr]] = []
            while _LEVELS.get(self.peek) == found:
                _, op, start = self.take()
                if rest and found == _COMPARE:
                    raise Fault("comparisons do not chain", start, start + len(op), "write 'a < b and b < c'")
                rest.append((op, self.binary(found + 1)))
            left = Chain(left, tuple(rest), left.start, rest[-1][1].end)
        return left

    def prefix(self, level: int) -> Expr:
        self.depth += 1
        if self.depth > MAX_NESTING:
            start = self.tokens[min(self.index, len(self.tokens) - 1)][2]
            raise Fault(f"the expression is nested deeper than {MAX_NESTING} levels", start, start + 1, code="too-deep")
        piece = self.peek
        tree: Expr
        if piece == "not" and level <= _NOT:
            start = self.take()[2]
            operand = self.binary(_NOT)
            tree = Unary("not", operand, start, operand.end)
        elif piece in ("-", "+"):
            start = self.take()[2]
            operand = self.prefix(_SIGN)
            tree = Unary("-", operand, start, operand.end) if piece == "-" else operand
        else:
            tree = self.power()
        self.depth -= 1
        return tree

    def power(self) -> Expr:
        base = self.atom()
        if self.peek != "**":
            return base
        self.index += 1
        exponent = self.prefix(_SIGN)
        return Power(base, exponent, base.start, exponent.end)

    def atom(self) -> Expr:
        if self.index >= len(self.tokens):
            raise self.surprise("a value is missing")
        kind, piece, start = self.tokens[self.index]
        if kind in ("op", "other") and piece != "(":
            raise self.surprise("a value is missing")
        self.index += 1
        if kind == "number":
            return self.number(piece, start)
        if kind == "name":
            return self.name(piece, start)
        if kind == "ref":
            name, dot, letter = piece[1:].partition(".")
            return Ref(name, letter if dot else None, start, start + len(piece))
        if kind == "grouped":
            return Num(integer(piece.replace(",", ""), start), start, start + len(piece))
        return self.group(start)

    def name(self, piece: str, start: int) -> Expr:
        if piece in ("and", "or", "not"):
            self.index -= 1
            raise self.surprise("a value is missing")
        if self.peek != "(":
            return _word(piece, start)
        self.index += 1
        args = self.items(start)
        return Call(piece, args, start, self.tokens[self.index - 1][2] + 1)

    def group(self, start: int) -> Expr:
        items = self.items(start)
        end = self.tokens[self.index - 1][2] + 1
        if len(items) == 1 and self.tokens[self.index - 2][1] != ",":
            return items[0]._replace(start=start, end=end)
        check_length(len(items), start, end)
        return Size(items, False, start, end)

    def items(self, start: int) -> tuple[Expr, ...]:
        """The items up to the closing parenthesis; the opening one is read."""
        items: list[Expr] = []
        while self.peek != ")":
            items.append(self.item())
            if self.peek != ")":
                self.expect(",")
        self.index += 1
        if not items:
            raise Fault("nothing between the parentheses", start, self.tokens[self.index - 1][2] + 1)
        return tuple(items)

    def number(self, piece: str, start: int) -> Expr:
        end = start + len(piece)
        if is_digits(piece):
            return Num(integer(piece, start), start, end)
        if re.match(_DECIMAL, piece):
            return Num(decimal(piece, start), start, end)
        if piece == "?":
            return Hole(start, end)
        if re.match(_SIZE, piece):
            check_length(piece.lower().count("x") + 1, start, end)
            return Size(tuple(entry(part, at) for part, at in parts_of(piece, start)), False, start, end)
        if shape := re.match(_SHAPE, piece):
            check_length(piece.lower().count("x") + 2, start, end)
            entries = [(shape.group(1), start), *parts_of(shape.group(2), start + shape.start(2))]
            return Size(tuple(entry(part, at) for part, at in entries), True, start, end)
        return with_unit(piece, start, self.units)
