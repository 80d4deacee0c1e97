"""Specs that are right, and edits that break them."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from fuzz.mutator import SEEDS
from oracles.generator import program
from oracles.printer import Printer

RIGHT = [path.read_text("utf-8") for path in sorted(SEEDS.iterdir()) if not path.name.startswith("wrong")]
WRONG = [path.read_text("utf-8") for path in sorted(SEEDS.glob("wrong*"))]

INSERTED = st.sampled_from(
    [*" \t\n\r#\"'()[]@|-=:,.?xX×*/+<>!%$_019aCé中", "\u2028", "\u00a0", "\0", "- ", "->", "**", "    "]
)
LINES = st.sampled_from([line for text in (*RIGHT, *WRONG) for line in text.split("\n")])
PLACE = st.floats(0, 1, exclude_max=True)
EDIT = st.one_of(
    st.tuples(st.just("delete"), PLACE, st.integers(1, 3)),
    st.tuples(st.just("insert"), PLACE, INSERTED),
    st.tuples(st.just("double"), PLACE, st.integers(1, 30)),
    st.tuples(st.just("swap"), PLACE, PLACE),
    st.tuples(st.just("no line"), PLACE, st.none()),
    st.tuples(st.just("two lines"), PLACE, st.none()),
    st.tuples(st.just("new line"), PLACE, LINES),
    st.tuples(st.just("swap lines"), PLACE, PLACE),
    st.tuples(st.just("indent"), PLACE, st.sampled_from([-8, -4, -2, -1, 1, 2, 4, 8])),
    st.tuples(st.just("cut"), PLACE, st.none()),
)


def generated(seed: int) -> str:
    """A network of the generator that the oracles use, in one of its spellings."""
    return Printer(program(seed), {}, Random(seed)).text()


SPECS = st.one_of(st.sampled_from(RIGHT), st.integers(0, 10**6).map(generated))


def edited(text: str, edit: tuple[str, float, object]) -> str:
    """`text` after one edit; places are shares of its characters or lines."""
    what, place, more = edit
    lines = text.split("\n")
    at, row = int(place * (len(text) + 1)), int(place * len(lines))
    if what == "delete":
        return text[:at] + text[at + int(str(more)) :]
    if what == "insert":
        return text[:at] + str(more) + text[at:]
    if what == "double":
        return text[: at + int(str(more))] + text[at:]
    if what == "swap":
        other = int(float(str(more)) * (len(text) + 1))
        one, two = sorted((at, other))
        return text[:one] + text[two : two + 1] + text[one + 1 : two] + text[one : one + 1] + text[two + 1 :]
    if what == "cut":
        return text[:at]
    if what == "no line":
        del lines[row]
    elif what == "two lines":
        lines.insert(row, lines[row])
    elif what == "new line":
        lines.insert(row, str(more))
    elif what == "swap lines":
        other = int(float(str(more)) * len(lines))
        lines[row], lines[other] = lines[other], lines[row]
    else:
        by = int(str(more))
        lines[row] = (
            " " * by + lines[row] if by > 0 else lines[row][min(-by, len(lines[row]) - len(lines[row].lstrip())) :]
        )
    return "\n".join(lines)
