"""The picture of a network: what is asked for, what stands in each box, where everything lies. It knows no format."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from ..document import figures, summary
from ..records import Record
from . import fonts
from .layout import LevelLayout, Spacing, measured
from .outline import MOST_BOXES, MOST_ON_A_LEVEL, OutlinePart
from .routes import Route, routes
from .scope import BOX, FRAME, MERGE, PORT, Graph, Thing, frame

if TYPE_CHECKING:
    from ..diagnostics import Diagnostic
    from ..measure import LayerRow, NetworkAnalysis

#: Sizes of text: names, what stands below them, what stands small.
NAME, TEXT, SMALL = 12.0, 11.0, 10.0
#: Heights of a line of these.
LINE, SMALL_LINE = 15.0, 13.0
#: Around the text of a box; the widest text; the lines of an operation; the narrowest box.
_MARGIN, _WIDEST, _LINES, _NARROWEST = 10.0, 200.0, 3, 72.0
#: The widest title.
_WIDEST_TITLE = 600.0
#: The radius of a merge.
RADIUS = 11.0
#: In pixels.
SPACING = Spacing(gap=30.0, side=22.0, lane=16.0, padding=14.0, heading=22.0, channel=15.0)
#: Around the whole picture; the height of its title.
BORDER, TITLE = 16.0, 26.0


class PictureOptions(Record):
    """What of a network is drawn, and how."""

    depth: int | None = None
    only: str | None = None
    right: bool = False
    label: str = "macs"
    color: str = "kind"
    most: int = MOST_BOXES
    #: Boxes of one level that are drawn at most: there is one in the place of more.
    most_on_a_level: int = MOST_ON_A_LEVEL
    #: How who looks at it opens what is folded, where they can.
    advice: str = ""
    #: What to ask for where a picture is too wide for its screen.
    elsewhere: str = ""


class Text(Record):
    """A line of text in a box: its kind is ``name``, ``text`` or ``small``."""

    kind: str
    text: str


class Headed:
    """What stands above a picture of a network."""

    analysis: NetworkAnalysis

    @property
    def title(self) -> str:
        """The network's name, as wide as a title may be."""
        return fonts.fitted(summary.title(self.analysis), NAME, _WIDEST_TITLE, bold=True)

    @property
    def caption(self) -> str:
        """The input of the network, and what it comes to."""
        total = self.analysis.totals
        numbers = (
            f"{short(total.params)} {'parameter' if total.params == 1 else 'parameters'}",
            f"{short(total.macs)} MACs",
        )
        return " · ".join((summary.inputs(self.analysis, self.analysis.layout), *numbers))


class Picture(Headed):
    """A network, drawn: `things` and `frames` with their places, `routes`, `width` and `height` in pixels."""

    def __init__(self, analysis: NetworkAnalysis, asked: PictureOptions) -> None:
        self.analysis, self.asked = analysis, asked
        self.graph = Graph(analysis)
        outline = self.graph.outline
        self.part = outline.asked(asked.only)
        outline.open(None if asked.depth is None else asked.depth + self.part.depth, asked.most)
        self.hidden = outline.shortened(asked.most_on_a_level)
        self.root = frame(self.graph, self.part, outer=True)
        self.faults = faults_of(analysis)

    # --- what is said ---------------------------------------------------------------------------------

    def texts(self, thing: Thing) -> list[Text]:
        """The lines in a box, an input or an output."""
        if thing.part is None:
            return [Text("name", thing.name), Text("small", self.shape(thing.tensor))]
        part, outline = thing.part, self.graph.outline
        lines = [Text("name", one) for one in fonts.wrapped(part.label, NAME, _WIDEST, 2, bold=True)]
        if part.what != "rest":
            lines += [Text("text", one) for one in fonts.wrapped(outline.content(part), TEXT, _WIDEST, _LINES)]
        share = self.share(part) if self.asked.color == "cost" else None
        cost = "" if share is None else figures.share(share)
        lines.append(Text("small", " · ".join(filter(None, (self.shape(self.last(thing)), self.label(part), cost)))))
        fault = self.fault(part)
        if fault is not None:
            lines += [Text("fault", one) for one in fonts.wrapped(fault.message, SMALL, _WIDEST, 4)]
        return lines

    def label(self, part: OutlinePart) -> str:
        """What stands small in a box of its parameters or MACs."""
        name = self.asked.label
        if name == "none":
            return ""
        total = self.graph.outline.total(part, lambda row: getattr(row, name))
        unit = {"params": "params", "macs": "MACs"}[name]
        return "" if total == 0 else f"{short(total)} {unit}"

    def shape(self, tensor: int) -> str:
        """The shape of a tensor in the order of the layout."""
        return figures.spelled(self.graph.nodes[tensor].output, self.analysis.layout)

    def last(self, thing: Thing) -> int:
        """The tensor that a part ends in."""
        assert thing.part is not None
        return self.graph.tensors[thing.part.end - 1]

    def rows(self, part: OutlinePart) -> list[LayerRow]:
        """The layers of a part."""
        return self.graph.rows[part.start : part.end]

    def sign(self, thing: Thing) -> str:
        """What is written in the circle of a merge."""
        assert thing.part is not None
        node = self.graph.nodes[self.graph.tensors[thing.part.start]]
        return (node.layer.sign if node.layer is not None else "") or node.kind

    def fault(self, part: OutlinePart) -> Diagnostic | None:
        """Why a layer of a part does not fit."""
        return next((self.faults[row.name] for row in self.rows(part) if row.name in self.faults), None)

    def share(self, part: OutlinePart) -> Fraction | None:
        """The part's share of the network's parameters or MACs, as its label has them."""
        name = "params" if self.asked.label == "params" else "macs"
        total = self.graph.outline.total(part, lambda row: getattr(row, name))
        whole = getattr(self.analysis.totals, name)
        return Fraction(total, whole) if total is not None and whole else None

    def sums(self, part: OutlinePart) -> str:
        """What a frame comes to: its parameters and MACs."""
        outline = self.graph.outline
        params, macs = (outline.total(part, lambda row, name=name: getattr(row, name)) for name in ("params", "macs"))  # type: ignore[misc]
        return f"{short(params)} params · {short(macs)} MACs"

    def changes(self, thing: Thing) -> bool:
        """Whether a part gives another shape than it reads first."""
        assert thing.part is not None
        nodes = self.graph.nodes
        reads = [nodes[one].output for one in self.graph.reads[thing.part.start] if one >= 0]
        return not reads or reads[0] != nodes[self.last(thing)].output

    @property
    def notes(self) -> list[str]:
        """What the picture does not show."""
        folded = sum(1 for part in self._closed() if part.what not in ("", "rest"))
        notes = []
        if folded:
            boxes = figures.quantity(folded, "box", "boxes")
            notes.append(": ".join(filter(None, (f"{boxes} of several layers", self.asked.advice))))
        if self.hidden:
            notes.append(f"{self.hidden:,} layers in the middle stand in one box")
        return notes

    def _closed(self) -> Iterator[OutlinePart]:
        for thing in self.everything():
            if thing.part is not None and thing.sort != FRAME:
                yield thing.part

    # --- where things are -----------------------------------------------------------------------------

    def place(self) -> None:
        """Measures everything from the inside out, and places it from the outside in."""
        for thing in self.everything():
            self._measure(thing)
        measured(self.root, self.spacing)
        root = self.root
        root.x, root.y = root.left, -root.top
        if isinstance(root.layout, LevelLayout) and root.layout.shape is not None:
            root.layout.shape.place(root.x, 0.0)
        self.routes: list[Route] = list(routes(root, self.spacing))

    @property
    def spacing(self) -> Spacing:
        """The room between things: flowing right, headings stand across the flow."""
        return SPACING._replace(lead=SPACING.heading - SPACING.padding + 4) if self.asked.right else SPACING

    def _measure(self, thing: Thing) -> None:
        right = self.asked.right
        if thing.sort == PORT:
            thing.left = thing.right = 7.0
        elif thing.sort == FRAME:
            self._measure_heading(thing)
        elif thing.sort == MERGE:
            name = fonts.width(thing.part.label, SMALL) if thing.part else 0.0
            thing.length = 2 * RADIUS
            thing.left, thing.right = RADIUS, RADIUS + (0.0 if right else 6 + name)
        else:
            wide, high = self.size(thing)
            across, along = (high, wide) if right else (wide, high)
            thing.left = thing.right = across / 2
            thing.length = along
        if thing.sort in (BOX, MERGE) and self.changes(thing):
            label = fonts.width(self.shape(self.last(thing)), SMALL)
            thing.after = label - SPACING.gap + 20 if right else 4.0
            thing.after = max(thing.after, 0.0)
            if not right:
                thing.right = max(thing.right, 8 + label)

    def _measure_heading(self, thing: Thing) -> None:
        assert thing.part is not None
        if self.asked.right:
            return
        thing.left = max(0.0, fonts.width(thing.part.label, NAME, bold=True) - 4)
        thing.right = max(0.0, fonts.width(self.sums(thing.part), SMALL) - 4)

    def size(self, thing: Thing) -> tuple[float, float]:
        """Width and height of a box."""
        lines = self.texts(thing)
        wide = max(line_width(line) for line in lines)
        high = sum(line_height(line) for line in lines)
        return max(wide + 2 * _MARGIN, _NARROWEST), high + 12

    def everything(self) -> Iterator[Thing]:
        """All things but the outermost frame, frames before what stands in them."""
        work = [iter(self.root.things)]
        while work:
            thing = next(work[-1], None)
            if thing is None:
                work.pop()
                continue
            yield thing
            if thing.sort == FRAME:
                work.append(iter(thing.things))


def line_width(line: Text) -> float:
    """The width of a line."""
    size = {"name": NAME, "text": TEXT}.get(line.kind, SMALL)
    return fonts.width(line.text, size, line.kind == "name")


def line_height(line: Text) -> float:
    """The height of a line."""
    return LINE if line.kind in ("name", "text") else SMALL_LINE


def short(number: int | None) -> str:
    """A number to three figures: ``11.2 M``."""
    if number is None:
        return figures.UNKNOWN
    if number < 10_000:
        return f"{number:,}"
    power = min((len(str(number)) - 1) // 3, 6)
    value = Fraction(number, 1000**power)
    text = figures.three_figures(value)
    return f"{text} {' kMGTPE'[power]}"


def faults_of(analysis: NetworkAnalysis) -> dict[str, Diagnostic]:
    """The errors of layers whose output is not known, by name."""
    errors = [diagnostic for diagnostic in analysis.diagnostics if diagnostic.severity == "error"]
    found = {}
    for row, node in zip(analysis.layers, analysis.network.layers, strict=True):
        if row.output is None and not row.behind_unknown:
            own = [
                error
                for error in errors
                if row.name in error.layers or (error.span is not None and error.span.line == node.line)
            ]
            if own or errors:
                found[row.name] = (own or errors)[0]
    return found
