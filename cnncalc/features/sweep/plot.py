"""Two measures of all candidates against each other, on scales of logarithms: how many there are as shades, the front
as a line with the settings of its points.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, floor, log2
from typing import TYPE_CHECKING, Any

from ...document import figures
from ...picture import fonts
from ...picture.palette import charted
from ...picture.svg import escaped, number
from ...values import spell, times
from ...variants.chunks import Goal
from ...variants.density import CELLS, Density, density
from ...variants.running import SweepRun, Workers

if TYPE_CHECKING:
    from ...variants.asking import Asking
    from ...variants.result import SweepResult

_WIDTH, _HEIGHT = 760.0, 520.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 84.0, 24.0, 48.0, 52.0
#: Size of the labels, and how many there are at most.
_TEXT, _MOST_LABELS = 10.5, 40
_STEPS = (1, 2, 5)
#: Cells along an axis.
_MOST_CELLS = 96


def picture(asking: Asking, result: SweepResult) -> str:
    """The picture, as SVG."""
    task, space = result.prepared.task, result.prepared.task.space
    across, up = _pair(result)
    question = task.question
    places = [question.measures.index(_measure(result, name)) for name in (across, up)]
    worker = task.worker()
    shades = density(worker, list(task.parts()), (places[0], places[1]))
    given = {name.strip(): way.strip() for name, _, way in (word.partition(":") for word in asking.request.pareto)}
    ways = [given.get(name) == "max" or (name == "field" and not given.get(name)) for name in (across, up)]
    goals = tuple([Goal(measure=place, more=more) for place, more in zip(places, ways, strict=True)])
    best = SweepRun(task._replace(wanted=task.wanted._replace(most=None, goals=goals, front=True)))(Workers())
    points = [(row.values[places[0]], row.values[places[1]], space.settings(row.first)) for row in best.rows]
    title = f"{result.prepared.network.title or result.prepared.network.source.name}: {up} against {across}"
    return "\n".join([*_Plot(shades, points, (across, up), title, result.candidates).render(), "</svg>", ""])


def _pair(result: SweepResult) -> tuple[str, str]:
    """The two measures that are drawn: those of the front first."""
    names = [*[name.partition(":")[0].strip() for name in result.prepared.request.pareto], *result.measures, "params",
             "macs"]  # fmt: skip
    found = list(dict.fromkeys(name for name in names if name in result.measures))
    return (found[0], found[1]) if len(found) > 1 else (found[0], found[0])


def _measure(result: SweepResult, name: str) -> tuple[str, str | None]:
    return result.prepared.task.question.measures[result.measures.index(name)]


class _Plot:
    """The picture of some shades and points."""

    def __init__(
        self, shades: Density, points: Sequence[tuple[Any, Any, Any]], names: tuple[str, str], title: str, count: int
    ) -> None:
        self.steps = [_step([cell[axis] for cell in shades]) for axis in (0, 1)]
        self.shades: Density = {}
        for cell, many in shades.items():
            across, up = (place // step for place, step in zip(cell, self.steps, strict=True))
            self.shades[across, up] = self.shades.get((across, up), 0) + many
        self.points = sorted(points, key=lambda point: (_single(point[0]), _single(point[1])))
        self.names = names
        self.title = title
        self.count = count
        cells = list(self.shades) or [(0, 0)]
        #: What is drawn, in cells of :data:`CELLS` an octave: a step more than there is on each side.
        self.low = [(min(cell[axis] for cell in cells) - 1) * self.steps[axis] for axis in (0, 1)]
        self.high = [(max(cell[axis] for cell in cells) + 2) * self.steps[axis] for axis in (0, 1)]

    def x(self, octaves: float) -> float:
        """Where a number lies across, of which this is the logarithm."""
        span = max(self.high[0] - self.low[0], 1)
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (octaves * CELLS - self.low[0]) / span

    def y(self, octaves: float) -> float:
        """The same, up."""
        span = max(self.high[1] - self.low[1], 1)
        return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * (octaves * CELLS - self.low[1]) / span

    def render(self) -> Iterator[str]:
        """The elements, grid first."""
        wide, high = number(_WIDTH), number(_HEIGHT)
        about = f"{self.title}: {self.count:,} candidates, {len(self.points):,} of them on the front"
        yield (f'<svg xmlns="http://www.w3.org/2000/svg" id="sweep" class="chart" width="{wide}" height="{high}" '
               f'viewBox="0 0 {wide} {high}" role="img" aria-labelledby="sweep-title">')  # fmt: skip
        yield f'<title id="sweep-title">{escaped(about)}</title>'
        yield f"<style>{charted('#sweep ')}#sweep .c-front{{stroke-dasharray:none}}</style>"
        yield f'<rect class="c-page" width="{wide}" height="{high}"/>'
        yield _text(_LEFT, 18, self.title, "c-title")
        yield _text(
            _LEFT, 36, f"{self.names[1]}; the stronger the colour, the more of {self.count:,} candidates", "c-unit"
        )
        yield from self._grid()
        yield from self._shades()
        yield from self._front()
        yield _text(_WIDTH - _RIGHT, _HEIGHT - 10, f"{self.names[0]} →", "c-unit", "end")

    def _grid(self) -> Iterator[str]:
        for value in _marks(self.low[0], self.high[0]):
            x = self.x(log2(value))
            yield f'<path class="c-grid" d="M{number(x)} {number(_TOP)}V{number(_HEIGHT - _BOTTOM)}"/>'
            yield _text(x, _HEIGHT - _BOTTOM + 16, _brief(value), "c-mark", "middle")
        for value in _marks(self.low[1], self.high[1]):
            y = self.y(log2(value))
            yield f'<path class="c-grid" d="M{number(_LEFT)} {number(y)}H{number(_WIDTH - _RIGHT)}"/>'
            yield _text(_LEFT - 7, y + 3.5, _brief(value), "c-mark", "end")

    def _shades(self) -> Iterator[str]:
        most = log2(max(self.shades.values(), default=1) + 1)
        for (across, up), count in sorted(self.shades.items()):
            wide, high = (step / CELLS for step in self.steps)
            left, right = self.x(across * wide), self.x((across + 1) * wide)
            top, foot = self.y((up + 1) * high), self.y(up * high)
            share = 0.15 + 0.85 * log2(count + 1) / most
            yield (f'<rect class="c-area" x="{number(left)}" y="{number(top)}" width="{number(right - left)}" '
                   f'height="{number(foot - top)}" fill-opacity="{share:.2f}"/>')  # fmt: skip

    def _front(self) -> Iterator[str]:
        places = [(self.x(_octaves(across)), self.y(_octaves(up))) for across, up, _ in self.points]
        if len(places) > 1:
            path = "L".join(f"{number(x)} {number(y)}" for x, y in places)
            yield f'<path class="c-level c-front" d="M{path}"/>'
        taken: list[tuple[float, float, float, float]] = []
        for (x, y), (across, up, settings) in zip(places, self.points, strict=True):
            text = " ".join(_setting(name, value) for name, value in settings.items())
            told = f"{text}: {self.names[0]} {_exactly(across)}, {self.names[1]} {_exactly(up)}"
            yield (f'<circle class="c-peak" cx="{number(x)}" cy="{number(y)}" r="3">'
                   f"<title>{escaped(told)}</title></circle>")  # fmt: skip
            wide = fonts.width(text, _TEXT, True)
            end = x + 6 + wide > _WIDTH - _RIGHT
            box = (x - 6 - wide if end else x + 6, y - 14, x - 6 if end else x + 6 + wide, y - 2)
            free = box[1] > _TOP and not any(_overlap(box, other) for other in taken)
            if free and len(taken) < _MOST_LABELS:
                taken.append(box)
                yield _text(x - 6 if end else x + 6, y - 5, text, "c-note", "end" if end else "start")


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _single(value: Any) -> Any:
    return min(value, default=0) if isinstance(value, tuple) else value or 0


def _octaves(value: Any) -> float:
    return log2(max(_single(value), 1))


def _exactly(value: Any) -> str:
    return figures.grouped(_single(value))


def _setting(name: str, value: Any) -> str:
    return f"{name}={times(value) if isinstance(value, tuple) else spell(value)}"


def _step(places: Sequence[int]) -> int:
    """How many cells along an axis are drawn as one."""
    step = 1
    while places and (max(places) - min(places)) // step > _MOST_CELLS:
        step *= 2
    return step


def _marks(low: int, high: int) -> list[int]:
    """Numbers 1, 2 and 5 times powers of ten between two cells; every power, or fewer of them, where those are many,
    and where they are few, numbers at equal steps.
    """
    first, last = max(2 ** (low / CELLS), 1), 2 ** (high / CELLS)
    powers = range(floor(log2(first) * 0.30103), int(log2(last) * 0.30103) + 1)
    found = [step * 10**power for power in powers for step in _STEPS if first <= step * 10**power <= last]
    if len(found) < 3:
        step = _even(last - first)
        return list(range(-(-ceil(first) // step) * step, int(last) + 1, step))
    if len(found) > 9:
        found = [value for value in found if str(value)[0] == "1"]
    return found[:: -(-len(found) // 9)]


def _even(span: float) -> int:
    """The smallest 1, 2 or 5 times a power of ten of which at most six go into a span."""
    power: int = 10 ** max(floor(log2(max(span / 6, 1)) * 0.30103), 0)
    return next(step * power for step in (*_STEPS, 10) if step * power * 6 >= span)


def _brief(value: int) -> str:
    """``2M``."""
    for scale, letter in ((10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "k")):
        if value >= scale:
            return f"{value // scale:,}{letter}" if value % scale == 0 else f"{value / scale:.6g}{letter}"
    return str(value)


def _text(x: float, y: float, text: str, kind: str, anchor: str = "") -> str:
    side = f' text-anchor="{anchor}"' if anchor not in ("", "start") else ""
    return f'<text class="{kind}" x="{number(x)}" y="{number(y)}"{side}>{escaped(text)}</text>'
