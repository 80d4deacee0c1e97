"""Expressions and values: text -> expression tree, by precedence climbing."""

from __future__ import annotations

import re

from ..records import Record, make
from .literals import check_length, integer, literal, pairs
from .nodes import (
    Chain,
    Every,
    Expr,
    FlagTree,
    FunctionCall,
    Hole,
    ListTree,
    Name,
    Num,
    PairTree,
    Power,
    Ref,
    SizeTree,
    Unary,
)  # fmt: skip
from .words import Fault, is_digits, is_name, shorten

#: Parentheses and signs in each other; words and signs of one expression.
MAX_NESTING, MAX_TOKENS = 60, 1_000

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
  | (?P<dot>\.[A-Za-z_]\w*)
  | (?P<op>\*\*|//|==|!=|<=|>=|[-+*/%<>(),:=[\]])
  | (?P<other>\S))"""
_COMMAS = "in parentheses write the digits of a number without commas, or a blank behind each comma"
_FLAGS = {"yes": True, "true": True, "no": False, "false": False}


def value(text: str, offset: int, *, units: bool = False) -> Expr:
    """The value that `text`, a whole word or the rest of a line, says. Raises Fault."""
    end = offset + len(text)
    if is_digits(text):
        return make(Num, (integer(text, offset), offset, end))
    if is_name(text):
        return _word(text, offset)
    return pairs(text, offset) or _Parser(text, offset, units=units).whole(pairs=True)


def argument(text: str, offset: int) -> Expr:
    """The value of an argument, which may be a list: ``64,80``. Raises Fault."""
    return value(text, offset) if "," not in text else _Parser(text, offset).listed()


def values(text: str, offset: int) -> tuple[Expr, ...]:
    """The values between the commas of `text`. Raises Fault."""
    return _Parser(text, offset).several()


def condition(text: str, offset: int, *, grouped: bool = False) -> Expr:
    """The expression of an ``if``, ``repeat`` or, with `grouped` digits and units, a ``require``."""
    return _Parser(text, offset, units=grouped, grouped=grouped).whole(pairs=False)


def constant(tree: Expr) -> bool:
    """Whether `tree` is a literal that means the same everywhere (no name that might be a variable)."""
    if isinstance(tree, Num | FlagTree | Hole):
        return True
    if isinstance(tree, SizeTree):
        return all(constant(item) for item in tree.items)
    return isinstance(tree, PairTree) and constant(tree.before) and constant(tree.after)


def _word(text: str, offset: int) -> Expr:
    flag = _FLAGS.get(text.lower())
    end = offset + len(text)
    return Name(text, offset, end) if flag is None else FlagTree(flag, offset, end)


class Token(Record):
    """What an expression is cut into: a word or a sign, and where it starts. `kind` is a group of the pattern."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """The column behind it."""
        return self.start + len(self.text)


class _Parser:
    """One expression. Tokens are cut in advance; each method reads from `self.index` on."""

    def __init__(self, text: str, offset: int, *, units: bool = False, grouped: bool = False) -> None:
        self.end = offset + len(text)
        self.units = units
        self.tokens = _cut(text, offset, grouped)
        self.index = 0
        self.depth = 0

    # --- the stream -----------------------------------------------------------------------------

    @property
    def peek(self) -> str:
        return self.tokens[self.index].text if self.index < len(self.tokens) else ""

    def take(self) -> Token:
        self.index += 1
        return self.tokens[self.index - 1]

    def expect(self, sign: str) -> None:
        if self.peek != sign:
            raise self.surprise(f"'{sign}' is missing")
        self.index += 1

    def surprise(self, wanted: str) -> Fault:
        if self.index >= len(self.tokens):
            return Fault(f"{wanted} at the end", self.end, self.end + 1)
        token = self.tokens[self.index]
        before = self.tokens[self.index - 1] if self.index else None
        after = self.tokens[self.index + 1].text if self.index + 1 < len(self.tokens) else ""
        from .elsewhere import ROUNDS, meant

        message = f"{wanted} before '{shorten(token.text)}'"
        return Fault(message, token.start, token.end, meant(token, before, after) or ROUNDS.get(wanted + token.text))

    # --- the grammar ----------------------------------------------------------------------------

    def whole(self, *, pairs: bool) -> Expr:
        tree = self.item() if pairs else self.binary(1)
        if self.index < len(self.tokens):
            token = self.tokens[self.index]
            if token.text == ",":
                advice = "words are separated by blanks, not commas"
                raise Fault("',' outside parentheses", token.start, token.end, advice)
            raise self.surprise("an operator is missing")
        return tree

    def listed(self) -> Expr:
        """A value, or several between commas."""
        items = self.several()
        return items[0] if len(items) == 1 else ListTree(items, items[0].start, items[-1].end)

    def several(self) -> tuple[Expr, ...]:
        """The values between commas, to the end."""
        items = [self.item()]
        while self.peek == ",":
            self.index += 1
            items.append(self.item())
        if self.index < len(self.tokens):
            raise self.surprise("an operator is missing")
        return tuple(items)

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
        return PairTree(first, second, first.start, second.end)

    def binary(self, least: int) -> Expr:
        """Operands joined by operators of the `least` precedence or a higher one."""
        left = self.prefix(least)
        while (level := _LEVELS.get(self.peek, 0)) >= least:
            rest: list[tuple[str, Expr]] = []
            while _LEVELS.get(self.peek) == level:
                sign = self.take()
                if rest and level == _COMPARE:
                    raise Fault("comparisons do not chain", sign.start, sign.end, "write 'a < b and b < c'")
                rest.append((sign.text, self.binary(level + 1)))
            left = Chain(left, tuple(rest), left.start, rest[-1][1].end)
        return left

    def prefix(self, level: int) -> Expr:
        self.depth += 1
        if self.depth > MAX_NESTING:
            start = self.tokens[min(self.index, len(self.tokens) - 1)].start
            raise Fault(f"the expression is nested deeper than {MAX_NESTING} levels", start, start + 1, code="too-deep")
        sign = self.peek
        tree: Expr
        if sign == "not" and level <= _NOT:
            start = self.take().start
            operand = self.binary(_NOT)
            tree = Unary("not", operand, start, operand.end)
        elif sign in ("-", "+"):
            start = self.take().start
            operand = self.prefix(_SIGN)
            tree = Unary("-", operand, start, operand.end) if sign == "-" else operand
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
        token = self.tokens[self.index] if self.index < len(self.tokens) else None
        signs = token is None or (token.kind in ("op", "other") and token.text != "(")
        if token is None or signs or token.text in ("and", "or", "not"):
            raise self.surprise("a value is missing")
        self.index += 1
        if token.kind == "number":
            return literal(token.text, token.start, self.units)
        if token.kind == "name":
            return self.name(token)
        if token.kind == "ref":
            return self.ref(token)
        if token.kind == "grouped":
            return Num(integer(token.text.replace(",", ""), token.start), token.start, token.end)
        return self.group(token.start)

    def ref(self, token: Token) -> Expr:
        """``@name``, ``@name.C``, ``@name[2]`` or ``@name[2].C``, behind its first token."""
        name, dot, letter = token.text[1:].partition(".")
        end, index = token.end, []
        while self.peek == "[" and not dot:
            self.index += 1
            index.append(self.round())
            self.expect("]")
            end = self.tokens[self.index - 1].end
        if index and self.index < len(self.tokens) and self.tokens[self.index].kind == "dot":
            dot, letter, end = ".", self.peek[1:], self.take().end
        return Ref(name, letter if dot else None, token.start, end, tuple(index))

    def round(self) -> Expr:
        """What stands between the brackets of a round: an expression, or ``*``."""
        if self.peek == "]":
            raise self.surprise("a round is missing")
        if self.peek != "*":
            return self.binary(1)
        star = self.take()
        return Every(star.start, star.end)

    def name(self, token: Token) -> Expr:
        if self.peek != "(":
            return _word(token.text, token.start)
        self.index += 1
        args = self.items(token.start)
        return FunctionCall(token.text, args, token.start, self.tokens[self.index - 1].end)

    def group(self, start: int) -> Expr:
        items = self.items(start)
        end = self.tokens[self.index - 1].end
        if len(items) == 1 and self.tokens[self.index - 2].text != ",":
            return items[0]._replace(start=start, end=end)
        check_length(len(items), start, end)
        return SizeTree(items, False, start, end)

    def items(self, start: int) -> tuple[Expr, ...]:
        """The items up to the closing parenthesis; the opening one is read."""
        items: list[Expr] = []
        while self.peek != ")":
            items.append(self.item())
            if self.peek != ")":
                self.expect(",")
        self.index += 1
        if not items:
            raise Fault("nothing between the parentheses", start, self.tokens[self.index - 1].end)
        return tuple(items)


def _cut(text: str, offset: int, grouped: bool) -> list[Token]:
    """The tokens of an expression; digits are `grouped` outside parentheses, where at all. Raises Fault."""
    tokens: list[Token] = []
    pattern = re.compile(_TOKEN)
    position = depth = 0
    while match := pattern.match(text, position):  # else only blanks are left
        kind = match.lastgroup or "other"
        word, start = match[kind], match.start(kind) + offset
        if kind == "grouped" and not (grouped and depth == 0):
            kind, word = "number", word.partition(",")[0]
        if depth and re.match(r"0\d\d\Z", word) and re.search(r"\d,\Z", text[: start - offset]):
            raise Fault(f"'{word}' behind a comma is a number of its own", start, start + 3, _COMMAS)
        if len(tokens) >= MAX_TOKENS:
            raise Fault(f"an expression of over {MAX_TOKENS:,} words and signs", start, start + 1, code="too-large")
        depth += (word == "(") - (word == ")")
        tokens.append(Token(kind, word, start))
        position = start - offset + len(word)
    return tokens
