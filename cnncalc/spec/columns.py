"""Arrows and comments in columns: where they stand behind the lines of a paragraph."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..records import Record

#: Blanks before an arrow and before a comment, at least; both start at a multiple of STOP.
ARROW_GAP = 4
COMMENT_GAP = 2
STOP = 4
#: What ends behind these columns stands apart: it moves no arrow, no comment but its own.
WIDEST_CODE = 64
WIDEST_LINE = 88


class Piece(Record):
    """A line in three parts: what it says, with its indentation, its arrow and its comment, both perhaps empty.

    A comment on a line of its own is all that there is, with its indentation.
    """

    code: str
    arrow: str
    comment: str


def columns(paragraph: Iterable[Piece]) -> tuple[int, int]:
    """The columns, from 0, of the arrows and the comments of lines with nothing blank between them.

    An arrow stands behind the text of its line, with a gap, and of the lines between, without one. Where no line has
    both an arrow and a comment, both share a column.
    """
    pieces = [piece for piece in paragraph if piece.code]
    arrows = [piece for piece in pieces if piece.arrow]
    bare = [len(piece.code) for piece in pieces if piece.comment and not piece.arrow]
    arrow = 0
    if arrows:
        between = pieces[pieces.index(arrows[0]) : -pieces[::-1].index(arrows[-1]) or None]
        others = [len(piece.code) for piece in between if not piece.arrow]
        arrow = max(_stop([len(piece.code) for piece in arrows], ARROW_GAP, WIDEST_CODE), _stop(others, 0, WIDEST_CODE))
    if not any(piece.comment for piece in arrows):
        shared = max(arrow, _stop(bare, COMMENT_GAP, WIDEST_CODE))
        return shared, shared
    ends = [_arrow_at(piece, arrow) + len(piece.arrow) for piece in arrows]
    return arrow, _stop([*ends, *bare], COMMENT_GAP, WIDEST_LINE)


def _stop(ends: Sequence[int], gap: int, widest: int) -> int:
    """The first stop that is `gap` columns behind those of the `ends` that are not too wide; 0 for none."""
    last = max((end for end in ends if end <= widest), default=-gap)
    return -(-(last + gap) // STOP) * STOP


def _arrow_at(piece: Piece, column: int) -> int:
    """Where the arrow of `piece` stands, if it can, in `column`."""
    return max(column, len(piece.code) + ARROW_GAP)


def joined(piece: Piece, arrow: int, comment: int) -> str:
    """The line that `piece` makes, its arrow and its comment in these columns where it leaves room for them."""
    text = piece.code
    if piece.arrow:
        text = text.ljust(_arrow_at(piece, arrow)) + piece.arrow
    if piece.comment:
        text = text.ljust(max(comment, len(text) + COMMENT_GAP) if text else 0) + piece.comment
    return text
