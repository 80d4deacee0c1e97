"""Arrows and comments of a paragraph in columns, as `cnncalc fmt` and the writers of specs put them."""

import pytest

from cnncalc.spec.columns import WIDEST_CODE, WIDEST_LINE, Piece, columns, joined


def set_in_columns(*lines):
    """The lines of a paragraph, of texts as ``conv 8 3 / -> 8x6x6 / # why``, their arrows and comments in columns."""
    pieces = []
    for line in lines:
        parts = line.split(" / ")
        arrow = next((part for part in parts if part.startswith("->")), "")
        comment = next((part for part in parts if part.lstrip().startswith("#")), "")
        code = "" if parts[0] in (arrow, comment) else parts[0]
        pieces.append(Piece(code, arrow, comment))
    places = columns(pieces)
    return [joined(piece, *places) for piece in pieces]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["relu"], ["relu"]),
        (["relu / # a"], ["relu    # a"]),
        (["conv 6 / # two blanks at least"], ["conv 6  # two blanks at least"]),
        (["conv 64 / # a stop further on"], ["conv 64     # a stop further on"]),
        (["relu / -> 8"], ["relu    -> 8"]),
        (["relu6 / -> four blanks at least"], ["relu6       -> four blanks at least"]),
        (["relu / -> 8", "conv 64 3 / -> 64x6x6"], ["relu            -> 8", "conv 64 3       -> 64x6x6"]),
        # the lines between two arrows move them, and need no gap; those before and behind do not
        (
            ["dropout 0.25 keep=a", "relu / -> 8", "maxpool 2 ab", "bn / -> 8", "dropout 0.25 keep=b"],
            ["dropout 0.25 keep=a", "relu        -> 8", "maxpool 2 ab", "bn          -> 8", "dropout 0.25 keep=b"],
        ),
        (["relu / -> 8", "maxpool 2 abc", "bn / -> 8"], ["relu            -> 8", "maxpool 2 abc", "bn              -> 8"]),
        # no line has both: they share a column
        (["relu / -> 8", "bn / # why"], ["relu    -> 8", "bn      # why"]),
        (["bn / -> 8", "conv 64 3 pad=1 / # why"], ["bn                  -> 8", "conv 64 3 pad=1     # why"]),
        # a line has both: the comments stand behind the arrows
        (["relu / -> 8 / # a", "bn / # why"], ["relu    -> 8    # a", "bn              # why"]),
        (
            ["bn / -> 8x224x224 / # a", "conv 64 3 / -> 8", "relu / # b"],
            ["bn              -> 8x224x224    # a", "conv 64 3       -> 8", "relu                            # b"],
        ),
        (["bn / -> 8 / # a", "conv 64 3 pad=1 stride=2 / # b"], ["bn      -> 8                # a", "conv 64 3 pad=1 stride=2    # b"]),
        # a comment alone stays where it is
        (["    # alone", "relu / # a"], ["    # alone", "relu    # a"]),
        (["# alone"], ["# alone"]),
        ([], []),
    ],
)  # fmt: skip
def test_a_paragraph_is_set_in_columns(lines, expected):
    assert set_in_columns(*lines) == expected


@pytest.mark.parametrize("mark", ["->", "#"])
def test_a_line_that_is_too_wide_moves_only_its_own(mark):
    wide, widest = "x" * (WIDEST_CODE + 1), "x" * WIDEST_CODE
    gap = {"->": " " * 4, "#": "  "}[mark]
    assert set_in_columns(f"{wide} / {mark} 8", f"relu / {mark} 8") == [f"{wide}{gap}{mark} 8", f"relu    {mark} 8"]
    assert set_in_columns(f"{widest} / {mark} 8", f"relu / {mark} 8") == [
        f"{text.ljust(WIDEST_CODE + 4)}{mark} 8" for text in (widest, "relu")
    ]


def test_an_arrow_that_ends_too_far_to_the_right_moves_no_comment_but_its_own():
    def lines(length):
        return set_in_columns(f"relu / ->{'x' * (length - 10)} / # a", "bn / -> 8 / # b")

    assert [line.index("#") for line in lines(WIDEST_LINE)] == [WIDEST_LINE + 4] * 2
    assert [line.index("#") for line in lines(WIDEST_LINE + 1)] == [WIDEST_LINE + 3, 16]


def test_a_wide_line_between_two_arrows_moves_neither():
    wide = "x" * (WIDEST_CODE + 1)
    assert set_in_columns("relu / -> 8", wide, "bn / -> 8") == ["relu    -> 8", wide, "bn      -> 8"]
    assert set_in_columns("relu / -> 8", wide[:-1], "bn / -> 8")[0] == "relu".ljust(WIDEST_CODE) + "-> 8"
