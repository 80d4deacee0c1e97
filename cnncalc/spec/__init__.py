"""Text -> syntax tree. Knows the grammar, and no layer.

A *line* of the file has a *content*: the line without its indentation, the dash of a path and its comment. A content is
cut into *words* (:mod:`words`), the text of an expression into *tokens* (:mod:`expressions`). Words make *arguments*,
these *elements*, and all of them the *node* of a content (:mod:`rows`: statements, headers, elements). A node on its
line is a *row* (:mod:`rows`); with its *body*, the rows below that belong to it, it is a *statement* (:mod:`parser`).
The names in statements are *symbols* (:mod:`symbols`). What an expression comes to, given its names, is its *value*
(:mod:`evaluation`); how a content is best spaced, :mod:`spacing` says.
"""

from .evaluation import EvaluationError, Namespace, Unresolved, evaluate, flag, number
from .parser import parse

__all__ = ["EvaluationError", "Namespace", "Unresolved", "evaluate", "flag", "number", "parse"]
