"""Charts of `cnncalc compare` for a slide, drawn with matplotlib, which is loaded here only (`cnncalc[plot]`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import log10
from typing import TYPE_CHECKING, Any

from ...document import figures, summary
from ...measures import BYTES, MEASURES
from ...records import Record
from ...render.text import clip
from .sheets import layers
from .words import labels, ratio, ratio_of, short, units, versus

if TYPE_CHECKING:
    from .model import ComparedModel

#: Okabe and Ito's colours, which are told apart without red and green; light and dark enough for print, too.
BLUE, ORANGE, GREEN, GREY, DARK = "#0072B2", "#E69F00", "#009E73", "#999999", "#222222"
#: Inches: the 16:9 of a slide. Taller only where there are many bars.
_WIDTH, _HEIGHT, _BAR = 12.8, 7.2, 0.3
#: What a kind of file says of when or by what it was drawn: nothing, so that the same models give the same bytes.
_STAMPS = {"svg": "Date", "png": "Software", "pdf": "CreationDate"}
#: Powers of two from one mark of a binary axis to the next.
_STEPS = (1, 2, 4, 5, 10, 20)
#: Powers of ten that are written out; bits of the largest number that still is one of a common unit.
_PLAIN, _LONG = 3, 24
#: More bars than this are folded to stages and blocks, and cut where that is not enough.
_MOST = 24
_STYLE: dict[Any, Any] = {
    "font.family": "sans-serif", "font.size": 14, "axes.titlesize": 15, "axes.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False, "axes.spines.left": False, "ytick.left": False, "text.color": DARK,
    "axes.edgecolor": GREY, "text.parse_math": False, "svg.fonttype": "path", "svg.hashsalt": "cnncalc",
}  # fmt: skip


class Stroke(Record):
    """One bar of a panel: its label, where its parts end, in tens, what is written behind it, and its colour."""

    label: str
    tens: tuple[float, float]
    text: str
    color: str = BLUE


def draw(models: Sequence[ComparedModel], mlp: bool, kind: str, layer: str | None = None) -> bytes:
    """The chart as the bytes of a file of `kind`, "svg", "png" or "pdf": one model and its MLPs, several side by side,
    or their convolution called `layer`, unrolled.

    Every model's totals are known, and every one has the layer. The same models give the same bytes.
    """
    import logging
    import warnings
    from io import BytesIO

    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    import matplotlib as mpl

    out = BytesIO()
    with mpl.rc_context(_STYLE), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # characters that the font lacks
        if layer is not None:
            figure = _one_layer(models, layer)
        else:
            figure = _alone(models[0]) if len(models) == 1 else _several(models, mlp)
        metadata: dict[str, Any] = {_STAMPS[kind]: None}
        figure.savefig(out, format=kind, dpi=150, metadata=metadata, facecolor="white")
    return out.getvalue()


# --- one model ----------------------------------------------------------------------------------------


def _alone(model: ComparedModel) -> Any:
    """The factors of every convolution beside the parameters of the whole network; only these where it has none."""
    from matplotlib.figure import Figure

    factors = _factors(model)
    height = max(_HEIGHT, len(factors) * _BAR + 2.6)
    figure = Figure(figsize=(_WIDTH, height), layout="constrained")
    _head(figure, _title(model))
    if factors:
        left, right = figure.subplots(1, 2, width_ratios=(1.15, 1))
        _draw_factors(left, factors)
    else:
        right = figure.subplots()
    actual = model.mlp.actual
    assert actual is not None  # only known models are drawn
    strokes = [_whole("as it is", actual.params, GREEN)]
    if model.mlp.convolutions and model.mlp.unshared and model.mlp.unrolled:
        strokes.append(_whole("weights\nnot shared", model.mlp.unshared.params, GREY))
        strokes.append(_whole("fully\nconnected", model.mlp.unrolled.params, BLUE))
    for perceptron in model.mlp.same_macs or ():
        if perceptron.fits:
            strokes.append(_whole(f"MLP, same MACs\n{units(perceptron.hidden, ' + ')} hidden", perceptron.params, GREY))
    if model.mlp.custom:
        custom = model.mlp.custom
        strokes.append(_whole(f"MLP\n{units(custom.hidden, ' + ')} hidden", custom.params, ORANGE))
    _draw_numbers(right, strokes, "Parameters of the whole network", "parameters")
    return figure


def _head(figure: Any, text: str) -> None:
    """The title, the answer in a sentence, and air at the edges."""
    from textwrap import fill

    figure.get_layout_engine().set(w_pad=0.15, h_pad=0.15)
    figure.suptitle(fill(text, 80), x=0.015, ha="left", fontsize=17, fontweight="bold")


def _title(model: ComparedModel) -> str:
    name = clip(summary.title(model.analysis), 60)
    found = model.mlp
    if not found.convolutions or not found.unrolled or not found.actual:
        return f"{name}: no convolution to unroll"
    times = ratio_of(found.unrolled.params, found.actual.params)
    return f"{name}, fully connected: {times} the parameters"


def _whole(label: str, params: int, color: str) -> Stroke:
    return Stroke(label, _tens(params), short(params), color)


def _tens(value: int) -> tuple[float, float]:
    return log10(value) if value else 0.0, 0.0


def _factors(model: ComparedModel) -> list[Stroke]:
    """The factors of each row, at most _MOST of them: the first ones, and all together."""
    sheet = None
    for folded, depth in ((False, None), (True, 1)):
        sheet = layers(model, folded, depth)
        if sheet is None or sum(bar is not None for bar in sheet.bars) <= _MOST:
            break
    if sheet is None:
        return []
    strokes = [
        Stroke(clip(row.cells[0], 28), (max(0.0, bar.first), max(0.0, bar.first + bar.second)), row.cells[-1])
        for row, bar in zip(sheet.rows, sheet.bars, strict=True) if bar
    ]  # fmt: skip
    if len(strokes) <= _MOST:
        return strokes
    return [*strokes[: _MOST - 2], Stroke(f"… {len(strokes) - _MOST + 1} more", (0.0, 0.0), ""), strokes[-1]]


# --- panels -------------------------------------------------------------------------------------------


def _draw_factors(axes: Any, strokes: Sequence[Stroke]) -> None:
    """Stacked bars of logarithms: the lengths add as the factors multiply."""
    first, ends = [stroke.tens[0] for stroke in strokes], [stroke.tens[1] for stroke in strokes]
    second = [end - start for start, end in zip(first, ends, strict=True)]
    places = range(len(strokes))
    axes.barh(places, first, color=BLUE, label="sparse interaction", edgecolor="white")
    axes.barh(places, second, left=first, color=ORANGE, hatch="//", label="parameter sharing", edgecolor="white")
    axes.set_title("Weights saved, layer by layer", loc="left")
    axes.set_xlabel("dense weights for each weight of the convolution, log scale")
    marks = [(tens, f"{text}×") for tens, text in _powers(0, ends, 6)]
    _label(axes, strokes, ends, 1.32, marks)
    axes.legend(loc="upper center", bbox_to_anchor=(0.45, -0.13), ncols=2, frameon=False)


def _draw_numbers(axes: Any, strokes: Sequence[Stroke], title: str, unit: str) -> None:
    """Bars of numbers of any size, on a log scale from 1, or a power of ten below them all; of bytes a power of two."""
    least = min(stroke.tens[0] for stroke in strokes)
    bits = max(0, int(least / log10(2)) - 3) if unit == BYTES else 0
    lowest = bits * log10(2) if unit == BYTES else max(0, int(least) - 1)
    ends = [max(0.0, stroke.tens[0] - lowest) for stroke in strokes]
    axes.barh(range(len(strokes)), ends, color=[stroke.color for stroke in strokes], edgecolor="white")
    axes.set_title(title, loc="left")
    axes.set_xlabel(f"{unit}, log scale")
    marks = _binary(ends, bits) if unit == BYTES else _powers(int(lowest), ends, 5)
    _label(axes, strokes, ends, 1.55, marks)


def _decades(ends: Sequence[float], most: int) -> Iterator[int]:
    """At most so many powers of ten along bars of such ends."""
    longest = max(*ends, 0.3)
    yield from range(0, int(longest) + 1, max(1, -(-int(longest + 1) // most)))


def _powers(lowest: int, ends: Sequence[float], most: int) -> list[tuple[float, str]]:
    """At most so many powers of ten along bars that start at 10 to the power of `lowest`, all written alike."""
    tens = list(_decades(ends, most))
    plain = lowest + tens[-1] <= _PLAIN
    return [
        (ten, f"{10 ** (lowest + ten):,}" if plain or lowest + ten == 0 else f"10{_raised(lowest + ten)}")
        for ten in tens
    ]


def _binary(ends: Sequence[float], bits: int) -> list[tuple[float, str]]:
    """Powers of two along bars that start at so many bits, in one unit where there is one for all: `16 KiB`,
    `4,096 KiB`.
    """
    last = int(max(*ends, 0.3) / log10(2))
    step = next((step for step in _STEPS if last // step < 5), last // 4 + 1)
    powers = range(-bits % step, last + 1, step)
    unit = (bits + powers[0]) // 10 * 10
    alone = bits + powers[-1] - unit < _LONG
    texts = [_in_unit(bits + power, unit) if alone else figures.size(2 ** (bits + power)) for power in powers]
    return [(power * log10(2), text) for power, text in zip(powers, texts, strict=True)]


def _in_unit(power: int, unit: int) -> str:
    """A power of two bytes in a unit, 2 to the power of that: `4,096 KiB`."""
    return f"{2 ** (power - unit):,} {figures.size(2**unit).split()[1]}".replace("byte", "bytes" if power else "byte")


def _label(
    axes: Any, strokes: Sequence[Stroke], ends: Sequence[float], room: float, marks: Sequence[tuple[float, str]]
) -> None:
    """The words of horizontal bars, the first one at the top, `room` for those behind them; the marks of the axis."""
    longest = max(*ends, 0.3)
    for place, (stroke, end) in enumerate(zip(strokes, ends, strict=True)):
        axes.text(end + longest * 0.015, place, stroke.text, va="center", fontsize=12)
    axes.set_yticks(range(len(strokes)), [one.label for one in strokes])
    axes.set_xlim(0, longest * room)
    axes.set_xticks([place for place, _ in marks], [text for _, text in marks])
    axes.grid(axis="x", color=GREY, alpha=0.3)
    axes.set_axisbelow(True)
    axes.invert_yaxis()


def _raised(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


# --- one layer ----------------------------------------------------------------------------------------


def _one_layer(models: Sequence[ComparedModel], name: str) -> Any:
    """The weights and the multiply-accumulates of a convolution, of its unshared and of its fully connected form."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDTH, max(_HEIGHT, 3.2 * len(models))), layout="constrained")
    found = [model.mlp.layers[name] for model in models]
    (first, *_), names = found, [clip(label, 40) for label in labels(models)]
    saved = f": {ratio(first.trio.total)} the weights, fully connected" if len(found) == 1 and first.trio.total else ""
    _head(figure, f"{clip(name, 40)} of {figures.listed(names)}{saved}")
    panels = figure.subplots(len(models), 2, squeeze=False)
    for (left, right), unrolled, label in zip(panels, found, names, strict=True):
        conv, local, dense = unrolled.trio
        forms = (("as it is", conv, GREEN), ("weights\nnot shared", local, GREY), ("fully\nconnected", dense, BLUE))
        of = f": {label}" if len(models) > 1 else ""
        weights = [Stroke(form, _tens(cost.weights), short(cost.weights), color) for form, cost, color in forms]
        _draw_numbers(left, weights, f"Weights{of}", "weights")
        macs = [Stroke(form, _tens(cost.macs), short(cost.macs), color) for form, cost, color in forms]
        _draw_numbers(right, macs, f"Multiply-accumulates{of}", "MACs")
    return figure


# --- several models -----------------------------------------------------------------------------------


def _several(models: Sequence[ComparedModel], mlp: bool) -> Any:
    """A panel a measure, with a bar for each model; the least is green, and says so."""
    from matplotlib.figure import Figure

    names = [clip(name, 30) for name in labels(models)]
    bars = len(models) * (2 if mlp else 1)
    figure = Figure(figsize=(_WIDTH, max(_HEIGHT, 2 * bars * _BAR + 3)), layout="constrained")
    _head(figure, versus(models, names) or names[0])
    measures = [measure for measure in MEASURES.values() if measure.panel]
    panels = figure.subplots(-(-len(measures) // 2), 2).flat
    for axes, measure in zip(panels, measures, strict=False):
        unit = BYTES if measure.unit == BYTES else measure.heading
        values = [model.figures[measure.name] or 0 for model in models]
        strokes = []
        for model, name, value in zip(models, names, values, strict=True):
            least = value == min(values) and len(set(values)) > 1
            text = _text(value, unit) + "  least" * least
            strokes.append(Stroke(name, _tens(value), text, GREEN if least else BLUE))
            if mlp and measure.spent and model.mlp.unrolled:
                dense = getattr(model.mlp.unrolled, measure.name)
                strokes.append(Stroke("fully connected", _tens(dense), _text(dense, unit), GREY))
        _draw_numbers(axes, strokes, measure.panel, unit)
    return figure


def _text(value: int, unit: str) -> str:
    return figures.size(value) if unit == BYTES else short(value)
