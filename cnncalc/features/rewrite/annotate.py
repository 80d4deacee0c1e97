"""The shapes of a network, written behind the lines of its spec; every other line keeps its bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from ...diagnostics import ERROR, EXPECTATION_FAILED, Source, SpecError
from ...interpret import DEFAULT_MAX_LAYERS, build
from ...interpret.reading.files import Folder
from ...interpret.specification import specification
from ...records import Record
from ...spec import parse
from ...spec.columns import ARROW_GAP, COMMENT_GAP, WIDEST_CODE, Piece, columns
from ...spec.nodes import Arrow, Hole, Line, Name, Num, Path, SizeTree, Stmt
from ...spec.spacing import BLANKS, comment_cut
from ...spec.words import is_blank
from ...values import Shape, ShapeSize, Size, channels_first, laid_out, times

#: What is written for an answer that is still to be given.
BLANK = "____"

#: A shape with None on the axes where runs of a line differ; None for a line whose runs differ in their axes, empty for
#: one of which a run has no shape that is known.
Pattern = tuple[int | None, ...] | None


class ArrowChoice(Record):
    """What is to become of the arrows: by default the shapes are written, and arrows with expressions stay."""

    remove: bool = False
    blank: bool = False
    #: Arrows with expressions, too.
    all: bool = False


DEFAULT = ArrowChoice()


def annotate(
    source: Source, folder: Folder | None = None, choice: ArrowChoice = DEFAULT, max_layers: int = DEFAULT_MAX_LAYERS
) -> str:
    """The text of `source` with the shape of each of its lines that run behind it.

    Where runs of a line differ there is a ``?``; where they differ in all, or in their number of axes, no arrow. Lines
    that never run, or whose shape is not known, keep what they have. Raises SpecError where the spec has errors other
    than failed expectations.
    """
    shapes: dict[int, Pattern] = {}
    network = build(source, folder=folder, max_layers=max_layers, observer=partial(_observe, shapes, source))
    if any(
        diagnostic.severity == ERROR and diagnostic.code != EXPECTATION_FAILED for diagnostic in network.diagnostics
    ):
        raise SpecError(diagnostic for diagnostic in network.diagnostics if diagnostic.severity == ERROR)
    program = specification(network).program
    lines = layer_lines(program.body if program else ())
    return with_arrows(source, lines, partial(_wanted, shapes, network.layout, choice))


def written_arrows(source: Source) -> int:
    """How many arrows of a sound spec have expressions: annotate writes none, so somebody did."""
    arrows = (line.node.arrow for line in layer_lines(parse(source)[0].body).values())
    return sum(arrow is not None and _is_expression(arrow) for arrow in arrows)


def _observe(shapes: dict[int, Pattern], own: Source, source: Source, stmt: Stmt, shape: Shape | None) -> None:
    """Takes note of what a line of the `own` file ends in, over all of its runs."""
    if source is not own:
        return
    before = shapes.setdefault(stmt.line, shape or ())
    if shape is None:
        shapes[stmt.line] = ()
    elif not before or before == shape:
        return
    elif len(shape) != len(before):
        shapes[stmt.line] = None
    else:
        shapes[stmt.line] = tuple(one if one == other else None for one, other in zip(before, shape, strict=True))


# --- which arrow a line gets ----------------------------------------------------------------------------


def _wanted(shapes: Mapping[int, Pattern], layout: str, choice: ArrowChoice, line: LayerLine) -> str | None:
    """The arrow of a line; empty for none, None for what is there. One that would have a `?` alone says nothing."""
    arrow = line.node.arrow
    if arrow is not None and not choice.all and _is_expression(arrow):
        return None
    gone = None if arrow is None else ""
    if choice.remove:
        return gone
    shape = shapes.get(line.number, ())
    if shape == ():
        return None
    if shape is None or set(shape) == {None}:
        return gone
    if choice.blank:
        return None if arrow is not None and _is_blank(arrow) else f"-> {BLANK}"
    return _arrow(shape, arrow, layout)


def _arrow(shape: tuple[int | None, ...], before: Arrow | None, layout: str) -> str | None:
    """The arrow for `shape`, as channels@size where the one `before` is; None where that says the same."""
    old = _constant(before, layout) if before is not None and before.constant else ()
    if old == shape:
        return None
    at = len(shape) == 2
    if before is not None and len(old) > 1:
        at = isinstance(before.value, SizeTree) and before.value.at
    if at and len(shape) > 1:
        return f"-> {times(shape[:1])}@{times(shape[1:])}"
    return f"-> {times(laid_out(shape, layout))}"


def _is_expression(arrow: Arrow) -> bool:
    return not (arrow.constant or _is_blank(arrow))


def _is_blank(arrow: Arrow) -> bool:
    return isinstance(arrow.value, Name) and is_blank(arrow.value.id)


def _constant(arrow: Arrow, layout: str) -> tuple[object, ...]:
    """The channels-first shape that an arrow without names says; empty where it says none."""
    value = arrow.value
    items = value.items if isinstance(value, SizeTree) else (value,)
    if not all(isinstance(item, Num | Hole) for item in items):
        return ()
    kind = ShapeSize if isinstance(value, SizeTree) and value.at else Size
    return channels_first(kind(item.value if isinstance(item, Num) else None for item in items), layout)


# --- lines ---------------------------------------------------------------------------------------------


class LayerLine(Record):
    """A layer line of a text."""

    number: int
    indent: int
    node: Line
    #: It is nothing but an arrow, and so is all of the body that it stands in, which may not be empty.
    needed: bool

    @property
    def alone(self) -> bool:
        """Whether it is nothing but an arrow."""
        return not self.node.elements


def layer_lines(body: Sequence[Stmt]) -> dict[int, LayerLine]:
    """The layer lines of a program's body, by number."""
    found: dict[int, LayerLine] = {}
    bodies: list[tuple[Sequence[Stmt], bool]] = [(body, False)]
    while bodies:
        body, needs_one = bodies.pop()
        needed = needs_one and all(isinstance(one.node, Line) and not one.node.elements for one in body)
        for stmt in body:
            if isinstance(stmt.node, Line):
                found[stmt.line] = LayerLine(stmt.line, stmt.indent, stmt.node, needed)
            elif stmt.body:
                bodies.append((stmt.body, not isinstance(stmt.node, Path)))
    return found


def with_arrows(source: Source, where: Mapping[int, LayerLine], wanted: Callable[[LayerLine], str | None]) -> str:
    """The text of `source` with the arrows `wanted` of its lines: ``-> 8x5x5``; empty for none, None for as it is.

    A line of nothing but an arrow goes with its arrow, unless its body has nothing else. Arrows and comments of lines
    that change stand in the column of those around them, else where the formatter would have them.
    """
    changes: dict[int, str] = {}
    for line in where.values():
        new = wanted(line)
        if new is not None and (new or not line.needed):
            changes[line.number] = new
    if not changes:
        return source.text
    lines: list[str | None] = [*source.text.split("\n")]
    blank = [number for number, text in enumerate(source.lines, 1) if not text.strip(BLANKS)]
    start = 1
    for end in (*blank, len(lines) + 1):
        if any(number in changes for number in range(start, end)):
            for number, text in _changed(source, range(start, end), where, changes).items():
                carriage = "\r" if str(lines[number - 1]).endswith("\r") else ""
                lines[number - 1] = None if text is None else text + carriage
        start = end + 1
    return "\n".join(text for text in lines if text is not None)


class _LineParts:
    """A line in its parts, as they were: where its arrow and its comment stood, from 0 (-1: there was none)."""

    __slots__ = ("arrow", "arrow_column", "code", "comment", "comment_column")

    def __init__(self, text: str, line: LayerLine | None) -> None:
        self.code, self.comment = comment_cut(text)
        self.comment_column = text.index(self.comment, len(self.code)) if self.comment else -1
        self.arrow_column, self.arrow = -1, ""
        if line is not None and line.node.arrow is not None:
            self.arrow_column = line.indent + line.node.arrow.start
            self.arrow = self.code[self.arrow_column :]
            self.code = self.code[: self.arrow_column]
            if not line.alone:
                self.code = self.code.rstrip(BLANKS)

    def piece(self, arrow: str, alone: bool) -> Piece:
        """The line with `arrow`; an arrow alone is all that the line says."""
        if alone:
            return Piece((self.code + arrow).rstrip(), "", self.comment)
        return Piece(self.code, arrow, self.comment)


def _changed(
    source: Source, numbers: range, where: Mapping[int, LayerLine], changes: Mapping[int, str]
) -> dict[int, str | None]:
    """The lines of a paragraph that change, by number; None for one that goes."""
    cuts = {number: _LineParts(source.line(number), where.get(number)) for number in numbers}
    alone = {number for number in numbers if number in where and where[number].alone}
    pieces = {number: cut.piece(changes.get(number, cut.arrow), number in alone) for number, cut in cuts.items()}
    arrow, comment = columns(pieces.values())
    usual = _usual(
        cut.arrow_column for number, cut in cuts.items() if number not in alone and changes.get(number) != ""
    )
    changed = [cuts[number] for number in changes.keys() & cuts.keys() - alone]
    new = [len(cut.code) for cut in changed if cut.arrow_column < 0]
    if 2 * sum(end < usual for end in new) < len(new):
        usual = -1  # too far left for most
    others = [cut for number, cut in cuts.items() if number not in changes]
    beside = _usual(cut.comment_column for cut in others if 0 < len(cut.code) <= WIDEST_CODE)
    texts = {number: _with_arrow(cuts[number], pieces[number], usual, arrow) for number in changes.keys() & cuts.keys()}
    stay = all(
        cuts[number].comment_column > len(text)
        for number, text in texts.items()
        if changes[number] and cuts[number].comment and number not in alone
    )
    found: dict[int, str | None] = {}
    for number, text in texts.items():
        cut = cuts[number]
        kept = beside if not changes[number] else cut.comment_column if stay or number in alone else -1
        if not text.strip():
            found[number] = " " * where[number].indent + cut.comment if cut.comment else None
        elif cut.comment:
            column = kept if kept > len(text) else max(comment, len(text) + COMMENT_GAP)
            found[number] = text.ljust(column) + cut.comment
        else:
            found[number] = text
    return found


def _usual(places: Iterator[int]) -> int:
    """The most usual of the columns; -1 for none."""
    return max(Counter(place for place in places if place >= 0).items(), key=lambda one: one[1], default=(-1, 0))[0]


def _with_arrow(cut: _LineParts, piece: Piece, usual: int, column: int) -> str:
    """The line without its comment: a new arrow stands where the old one did, else in the `usual` column."""
    if not piece.arrow:
        return piece.code
    place = cut.arrow_column if cut.arrow_column >= 0 else usual
    if place <= len(piece.code):
        place = max(column, len(piece.code) + ARROW_GAP)
    return piece.code.ljust(place) + piece.arrow
