"""Lines of Python as ruff has them: a call in one line, else its arguments in one, else each in its own."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from ....records import Record
from .columns import ClassScope, spelled

#: Columns of a line.
_WIDEST = 88
_BRACKETS = {"(": ")", "[": "]"}


class CodePiece(Record):
    """An expression: a text in one line, or what stands before a bracket and the parts in it."""

    text: str
    parts: tuple[CodePiece, ...] | None = None
    bracket: str = "("
    #: Of what is made in each of some rounds: ``for _ in range(3)``.
    each: str = ""

    @property
    def flat(self) -> str:
        """It in one line."""
        if self.parts is None:
            return self.text
        inside = ", ".join(part.flat for part in self.parts) + f" {self.each}" * bool(self.each)
        return f"{self.text}{self.bracket}{inside}{_BRACKETS[self.bracket]}"

    def renamed(self, names: Mapping[str, str]) -> CodePiece:
        """It with other names of attributes."""
        text = self.text
        for old, new in names.items() if "attr_" in text else ():
            text = text.replace(old, new)
        parts = None if self.parts is None else tuple([part.renamed(names) for part in self.parts])
        return CodePiece(text, parts, self.bracket, self.each)


def call(func: str, parts: Sequence[CodePiece | str]) -> CodePiece:
    """A call."""
    return CodePiece(func, tuple([CodePiece(part) if isinstance(part, str) else part for part in parts]))


def listed(parts: Sequence[CodePiece | str]) -> CodePiece:
    """A list."""
    return call("", parts)._replace(bracket="[")


def signature(scope: ClassScope) -> CodePiece:
    """The arguments of a constructor, with their types."""
    required = [f"{argument.name}: {argument.hint}" for argument in scope.arguments if argument.default is None]
    others = [
        f"{argument.name}: {argument.hint} = {spelled(argument.default)}"
        for argument in scope.arguments
        if argument.default is not None
    ]
    return call("", ["self", *required, *others])


def attribute_lines(name: str, piece: CodePiece) -> list[str]:
    """The lines of a constructor that make an attribute; a buffer is registered under its name."""
    before, _, given = piece.flat.partition("(")
    if before == "nn.Buffer":
        return lines(call("self.register_buffer", [f'"{name}"', given.removesuffix(")")]), 8)
    return lines(piece, 8, f"self.{name} = ")


def lines(piece: CodePiece, indent: int, before: str = "", behind: str = "") -> list[str]:
    """The lines of an expression, `before` and `behind` which something stands."""
    lead, whole = " " * indent, f"{before}{piece.flat}{behind}"
    if indent + len(whole) <= _WIDEST:
        return [lead + whole]
    opened = piece if piece.parts is not None else _opened(piece.text)
    if opened.each:
        body = [line for code_piece in opened.parts or () for line in lines(code_piece, indent + 4)]
        return [f"{lead}{before}{opened.text}(", *body, f"{lead}    {opened.each}", f"{lead}){behind}"]
    if opened.text == "(":  # a sum
        return [
            f"{lead}{before}(",
            *[f"{lead}    {code_piece.text}" for code_piece in opened.parts or ()],
            f"{lead}){behind}",
        ]
    if opened.parts is None or not opened.parts:
        return [lead + whole]
    inside = ", ".join(code_piece.flat for code_piece in opened.parts)
    made = [f"{lead}{before}{opened.text}{opened.bracket}"]
    if indent + 4 + len(inside) <= _WIDEST:
        made.append(f"{lead}    {inside}")
    else:
        for part in opened.parts:
            made += lines(part, indent + 4, behind=",")
    return [*made, f"{lead}{_BRACKETS[opened.bracket]}{behind}"]


def _opened(text: str) -> CodePiece:
    """A text as a call with its arguments, if it is one."""
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError:
        return CodePiece(text)
    if isinstance(tree, ast.BinOp):
        return CodePiece("(", tuple(map(CodePiece, _terms(tree))))
    if not isinstance(tree, ast.Call):
        return CodePiece(text)
    keywords = [f"{keyword.arg}={shown(keyword.value)}" for keyword in tree.keywords]
    return call(shown(tree.func), [*map(shown, tree.args), *keywords])


def shown(tree: ast.AST) -> str:
    """A tree as a text, with double quotes."""
    return ast.unparse(tree).replace("'", '"')


_SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


def _terms(tree: ast.expr) -> list[str]:
    """The terms of a sum or product, each but the first with its sign."""
    found: list[str] = []
    kind = type(tree.op) if isinstance(tree, ast.BinOp) else None
    while isinstance(tree, ast.BinOp) and type(tree.op) is kind:
        found.append(f"{_SIGNS.get(type(tree.op), '@')} {shown(tree.right)}")
        tree = tree.left
    return [shown(tree), *reversed(found)]
