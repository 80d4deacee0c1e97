"""A chart: a number for each layer, in their order, as columns over an axis; what it shows as data, and its SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from ..document import figures
from ..records import Record
from . import fonts
from .palette import charted
from .svg import escaped, number

#: In pixels: the whole of a panel, and the plot in it.
WIDTH, HEIGHT = 760.0, 250.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 64.0, 16.0, 44.0, 48.0
#: Of a picture of its own: its heading, and the sentences below a panel.
_HEAD, _FOOT = 34.0, 36.0
#: Marks of the axis of values, about.
_MARKS = 5
#: The size of text.
_TEXT = 10.5
_SCALES = ("", "thousands", "millions", "billions", "trillions")


class ChartLevel(Record):
    """A line across, with what it is: the size of the input."""

    value: int
    text: str


class Chart(Record):
    """Numbers of layers, one after another: `unit` is theirs (``MACs``, ``bytes``, ``pixels``)."""

    title: str
    #: What there is to see.
    sentence: str
    unit: str
    values: Sequence[int | Fraction]
    names: Sequence[str]
    #: The number of the column that is pointed out, and what is written there.
    peak: int | None = None
    peak_text: str = ""
    level: ChartLevel | None = None
    #: Stages: their names, and where each begins; the last ends where the layers do.
    stages: Sequence[tuple[str, int]] = ()


class ChartAxis(Record):
    """Marks of an axis from 0, all in one unit: their values and texts, and the unit as the axis names it."""

    marks: Sequence[tuple[Fraction, str]]
    top: int | Fraction
    unit: str


def axis(most: int | Fraction, unit: str) -> ChartAxis:
    """The axis up to `most`, in marks of 1, 2 or 5 times a power of ten; of bytes in KiB, MiB and so on."""
    scale, name = _scale(most, unit)
    step = Fraction(most or 1, _MARKS * scale)
    power = Fraction(10) ** (len(str(int(1 / step))) * -1 if step < 1 else len(str(int(step))) - 1)
    nice = next(power * times for times in (1, 2, 5, 10, 20) if power * times >= step)
    if scale == 1:
        nice = max(nice, Fraction(1))
    count = int(Fraction(most, scale) / nice) + (Fraction(most, scale) % nice > 0)
    marks = [(place * nice * scale, figures.three_figures(place * nice)) for place in range(max(count, 1) + 1)]
    return ChartAxis(marks, Fraction(max(count, 1)) * nice * scale, name)


def _scale(most: int | Fraction, unit: str) -> tuple[int, str]:
    """What values are divided by, and the unit with it: `MACs, in millions`."""
    if unit == "bytes":
        power = min(max((int(most).bit_length() - 1) // 10, 0), 5)
        return 1024**power, ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB")[power]
    power = min(max((len(str(int(most))) - 1) // 3, 0), len(_SCALES) - 1)
    if power == 1 and most < 10_000:
        power = 0
    return 1000**power, f"{unit}, in {_SCALES[power]}" if power else unit


class Panel:
    """A chart in SVG, without the element around it: its plot begins at `top`."""

    def __init__(self, chart: Chart, top: float = 0.0) -> None:
        self.chart, self.top = chart, top
        most = max((*chart.values, chart.level.value if chart.level else 0), default=0)
        self.axis = axis(most, chart.unit)
        self.wide, self.high = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM
        self.count = max(len(chart.values), 1)

    def x(self, place: float) -> float:
        """Where a column begins."""
        return _LEFT + self.wide * place / self.count

    def y(self, value: int | Fraction) -> float:
        """Where a value lies."""
        return self.top + _TOP + self.high * (1 - float(Fraction(value) / self.axis.top))

    def render(self) -> Iterator[str]:
        """The elements, grid first."""
        chart = self.chart
        yield _text(_LEFT, self.top + 16, chart.title, "c-title")
        yield _text(_LEFT, self.top + 33, self.axis.unit, "c-unit")
        for value, text in self.axis.marks:
            y = self.y(value)
            yield f'<path class="c-grid" d="M{number(_LEFT)} {number(y)}H{number(WIDTH - _RIGHT)}"/>'
            yield _text(_LEFT - 7, y + 3.5, text, "c-mark", "end")
        yield from self._stages()
        yield f'<path class="c-area" d="{self._area()}"><title>{escaped(chart.sentence)}</title></path>'
        yield from self._level()
        yield from self._peak()
        yield _text(WIDTH - _RIGHT, self.top + HEIGHT - 6, self._below(), "c-unit", "end")

    def _below(self) -> str:
        """What the axis of layers says."""
        share = len(self.chart.values) / self.wide
        each = f", the most of some {share:.0f} in each column" if share >= 2 else ""
        return f"{figures.quantity(len(self.chart.values), 'layer')}, in their order{each} →"

    def _area(self) -> str:
        """The columns as one outline."""
        values = list(self.chart.values)
        room = int(self.wide)
        if len(values) > room:
            bounds = [place * len(values) // room for place in range(room + 1)]
            values = [max(values[start:end]) for start, end in pairwise(bounds)]
        wide = self.wide / max(len(values), 1)
        path = [f"M{number(_LEFT)} {number(self.y(0))}"]
        for place, value in enumerate(values):
            if place == 0 or value != values[place - 1]:
                path.append(f"V{number(self.y(value))}")
            if place + 1 == len(values) or value != values[place + 1]:
                path.append(f"H{number(_LEFT + wide * (place + 1))}")
        return "".join([*path, f"V{number(self.y(0))}Z"])

    def _stages(self) -> Iterator[str]:
        """The names of stages below the axis, as far as there is room, and marks where they begin."""
        y = self.y(0)
        ends = [start for _, start in self.chart.stages[1:]] + [self.count]
        free = 0.0
        for (name, start), end in zip(self.chart.stages, ends, strict=False):
            left, right = self.x(start), self.x(end)
            yield f'<path class="c-tick" d="M{number(left)} {number(y)}v6"/>'
            middle, half = (left + right) / 2, fonts.width(name, _TEXT) / 2
            if name and half * 2 + 6 <= right - left and middle - half > free:
                yield _text(middle, y + 16, name, "c-mark", "middle")
                free = middle + half + 4

    def _level(self) -> Iterator[str]:
        level = self.chart.level
        if level is None:
            return
        y = self.y(level.value)
        yield f'<path class="c-level" d="M{number(_LEFT)} {number(y)}H{number(WIDTH - _RIGHT)}"/>'
        yield _text(_LEFT + 6, y - 5, level.text, "c-note")

    def _peak(self) -> Iterator[str]:
        chart = self.chart
        if chart.peak is None or not chart.values:
            return
        x, y = self.x(chart.peak + 0.5), self.y(chart.values[chart.peak])
        yield f'<circle class="c-peak" cx="{number(x)}" cy="{number(y)}" r="3.5"/>'
        half = fonts.width(chart.peak_text, _TEXT, True)
        side = "start" if x + half + 12 <= WIDTH - _RIGHT else "end"
        above = 5 if chart.level is None else 9
        yield _text(x + (8 if side == "start" else -8), max(y - above, self.top + 42), chart.peak_text, "c-note", side)


def _text(x: float, y: float, text: str, kind: str, anchor: str = "") -> str:
    side = f' text-anchor="{anchor}"' if anchor not in ("", "start") else ""
    return f'<text class="{kind}" x="{number(x)}" y="{number(y)}"{side}>{escaped(text)}</text>'


def drawn(charts: Sequence[Chart], scope: str) -> str:
    """Charts below each other, as one SVG with the id `scope`; its style, and the sentences, are those of a page."""
    return "\n".join([_opened(charts, scope, HEIGHT * len(charts)), *_panels(charts, 0.0, HEIGHT), "</svg>"]) + "\n"


def plotted(charts: Sequence[Chart], heading: str, scope: str = "cnncalc") -> str:
    """The same as a picture of its own, under a heading, each with its sentence below it."""
    height, each = _HEAD + (HEIGHT + _FOOT) * len(charts), HEIGHT + _FOOT
    lines = [
        _opened(charts, scope, height),
        f"<style>{charted(f'#{scope} ')}#{scope} .c-heading{{font-size:16px;font-weight:700}}</style>",
        f'<rect class="c-page" width="{number(WIDTH)}" height="{number(height)}"/>',
        _text(16, 25, fonts.fitted(heading, 16, WIDTH - 32, True), "c-heading"), *_panels(charts, _HEAD, each),
    ]  # fmt: skip
    for place, chart in enumerate(charts):
        said = fonts.wrapped(chart.sentence, _TEXT, WIDTH - _LEFT - _RIGHT, 2)
        y = _HEAD + each * place + HEIGHT + 10
        lines += [_text(_LEFT, y + 14 * line, text, "c-said") for line, text in enumerate(said)]
    return "\n".join([*lines, "</svg>"]) + "\n"


def _opened(charts: Sequence[Chart], scope: str, height: float) -> str:
    """The start of the element, with what it says to those who do not see it."""
    title = "; ".join(f"{chart.title}. {chart.sentence}" for chart in charts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" id="{scope}" class="chart" width="{number(WIDTH)}" '
        f'height="{number(height)}" viewBox="0 0 {number(WIDTH)} {number(height)}" role="img" '
        f'aria-labelledby="{scope}-title">\n<title id="{scope}-title">{escaped(title)}</title>'
    )


def _panels(charts: Sequence[Chart], top: float, each: float) -> Iterator[str]:
    for place, chart in enumerate(charts):
        yield from Panel(chart, top + each * place).render()
