"""The page on one layer: the arithmetic of its size, its windows, weights, work, field and memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import prod

from ...document import figures
from ...document.parts import Fact, Facts, Part, Title
from .layer_facts import AxisFacts, LayerFacts
from .truths import truths
from .words import macs, parameters

_PLACES = {"corner": "a corner pixel", "edge": "an edge pixel", "face": "a face pixel", "centre": "a centre pixel",
           "first": "the first", "last": "the last"}  # fmt: skip
_SEES = "sees"


def page(facts: LayerFacts, sees: Iterable[Fact] = (), extra: Iterable[Fact] = ()) -> list[Part]:
    """The parts; among them what one output `sees`, and `extra` facts, as on a wanted shape."""
    row = facts.row
    if row.kind == "input":
        output = figures.spelled(row.output, facts.analysis.layout)
        values = f"{output}: {figures.quantity(prod(row.output or ()), 'value')}"
        found = [Fact("shape", (values,)), Fact("memory", (_memory(facts),))]
        return [Title(row.name, "input", heading=True), Facts(found)]
    found = [*_axes(facts), *_counts(facts), *_calls(facts), *_reading(facts), *sees, *_true(facts)]
    return [Title(row.name, _about(facts), heading=True), Facts([*found, *extra])]


def arithmetic(facts: LayerFacts) -> tuple[str, list[Fact]]:
    """Of a layer what is the same for all that are alike: its operation with its shapes, and all but where it stands
    and what it sees.
    """
    found = [*_axes(facts), *(count for count in _counts(facts) if count.label != _SEES), *_calls(facts), *_true(facts)]
    return _about(facts), found


def _about(facts: LayerFacts) -> str:
    """The operation, and the shapes that go in and come out."""
    layout = facts.analysis.layout
    entering = ", ".join(figures.spelled(shape, layout) for _, shape in facts.inputs)
    arrow = f"{entering} → " if entering else ""
    return f"{facts.row.operation}   {arrow}{figures.spelled(facts.row.output, layout)}"


def _true(facts: LayerFacts) -> Iterator[Fact]:
    notes = truths(facts)
    if notes:
        yield Fact("true of it", notes)


def _reading(facts: LayerFacts) -> Iterator[Fact]:
    row = facts.row
    where = [] if row.line is None else [f"line {row.line}" + (f" of {row.file}" if row.file else "")]
    inside = [f"in {'/'.join(row.path)}"] if row.path else []
    reads = ", ".join(name for name, _ in facts.inputs)
    words = "; ".join(filter(None, (", ".join(where + inside), f"reads {reads}" if reads else "")))
    if words:
        yield Fact("stands in", (words,))
    line = facts.line
    if line is not None:
        rows, params = line.rows, figures.quantity(line.total("params"), "parameter")
        yield Fact("its line", (f"'{row.name}' also names the whole line, {rows[0].name} to {rows[-1].name}: "
                                f"{figures.quantity(len(rows), 'layer')}, {params}",))  # fmt: skip
    if row.output is None:
        yield Fact("output", ("it could not be worked out: see the errors",))


# --- axes -------------------------------------------------------------------------------------------


def _axes(facts: LayerFacts) -> Iterator[Fact]:
    """The axes; equal ones together."""
    alike: dict[AxisFacts, list[AxisFacts]] = {}
    for axis in facts.axes:
        alike.setdefault(axis._replace(name=""), []).append(axis)
    for axes in alike.values():
        yield Fact(", ".join(axis.name for axis in axes), tuple(_sentences(axes[0], facts)))
    if facts.reads:
        yield Fact("written" if facts.transposed else "read", (_read(facts),))


def _sentences(axis: AxisFacts, facts: LayerFacts) -> Iterator[str]:
    if axis.formula:
        yield formula(axis)
    if axis.quotient is not None:
        yield _terms(axis, facts)
    if axis.windows:
        yield ruler(axis)
    if axis.quotient is not None:
        yield from _neighbours(axis)


def formula(axis: AxisFacts) -> str:
    """The size formula with the term under the floor worked out: `floor(213/4) + 1 = floor(53.25) + 1 = 54`."""
    left, sign, result = axis.formula.rpartition(" = ")
    left = left.removesuffix(" - 1")  # the last window, of which more is said
    quotient = axis.quotient
    if not sign or quotient is None or "(" not in left:
        return axis.formula
    name = left.partition("(")[0]
    count = -(-quotient.numerator // quotient.denominator) if name == "ceil" else quotient // 1
    middle = f"{decimal(quotient)} + 1" if quotient == int(quotient) else f"{name}({decimal(quotient)}) + 1"
    text = f"{left} = {middle} = {count + 1}"
    if count + 1 != int(result):
        text += f", and {result} without the last window, which would start past the input"
    return text


def decimal(value: Fraction) -> str:
    """`53.25`, `71.33…`."""
    if value * 10**4 == int(value * 10**4):
        text = f"{float(value):.4f}" if abs(value) < 10**9 else str(value)
        return text.rstrip("0").rstrip(".") if "." in text else text
    whole = int(abs(value) * 100)
    return f"{'-' if value < 0 else ''}{whole // 100}.{whole % 100:02}…"


def _terms(axis: AxisFacts, facts: LayerFacts) -> str:
    """The letters of the formula, each named."""
    layer = facts.node.layer
    assert layer is not None  # it has axes
    window = layer.windows(facts.shape)[facts.axes.index(axis)]
    if window.before == window.after:
        pad = f"P = {window.before} padding on either side"
    else:
        pad = f"P = {window.before} + {window.after} padding before and after"
    spread = f", d = {window.dilation} dilation (it spans {window.reach})" if window.dilation > 1 else ""
    return f"W = {window.size} input, F = {window.kernel} kernel{spread}, {pad}, S = {window.stride} stride"


def ruler(axis: AxisFacts) -> str:
    """`[0-2] [2-4] [4-6] [6-8], 9 never read`: the windows on their axis, and what is left at its end."""
    signs = ".." if any(tap < 0 for _, taps in axis.windows for tap in taps) else "-"
    words: list[str] = []
    before = -1
    for number, taps in axis.windows:
        if number != before + 1:
            words.append("…")
        words.append(_window(taps, signs))
        before = number
    text = f"windows {' '.join(words)}" if len(words) > 1 else f"one window {words[0]}"
    if axis.unread:
        first = axis.size - axis.unread
        text += f", {first} never read" if axis.unread == 1 else f", {first}{signs}{axis.size - 1} never read"
    return text


def _window(taps: tuple[int, ...], sign: str) -> str:
    if len(taps) == 1:
        return f"[{taps[0]}]"
    if taps[1] - taps[0] == 1:
        return f"[{taps[0]}{sign}{taps[-1]}]"
    if len(taps) > 2 and taps[-1] - taps[-2] != taps[1] - taps[0]:
        return f"[{taps[0]} {taps[1]} … {taps[-1]}]"
    return f"[{' '.join(map(str, taps))}]"


def _neighbours(axis: AxisFacts) -> Iterator[str]:
    parts = []
    if axis.output > 1:
        if axis.shared:
            parts.append(f"neighbouring windows share {figures.quantity(axis.shared, 'pixel')}")
        elif not axis.skipped:
            parts.append("neighbouring windows share no pixel, and skip none")
        if axis.skipped:
            parts.append(f"{figures.quantity(axis.skipped, 'pixel')} between neighbouring windows "
                         f"{'is' if axis.skipped == 1 else 'are'} skipped")  # fmt: skip
    before, after = axis.padding
    if before or after:
        ends = [f"{figures.grouped(before)} before the input"] * bool(before)
        ends += [f"{figures.grouped(after)} past its end"] * bool(after)
        parts.append(f"padding is read: {figures.listed(ends)}")
    if parts:
        yield "; ".join(parts)


def _read(facts: LayerFacts) -> str:
    parts = []
    for place, counts in facts.reads.items():
        often = figures.listed([figures.grouped(count) for count in counts]).replace(" and ", " or ")
        name = "one in the middle" if place == "centre" and "first" in facts.reads else _PLACES[place]
        if facts.transposed:
            name = name.replace("pixel", "output")
        parts.append(f"{name} {often} {'time' if counts == (1,) else 'times'}")
    return ", ".join(parts)


# --- numbers ----------------------------------------------------------------------------------------


def _counts(facts: LayerFacts) -> Iterator[Fact]:
    if facts.row.output is None:
        return
    yield Fact("parameters", (parameters(facts),))
    work = macs(facts)
    if facts.row.macs is None:
        work = "not known"
    yield Fact("MACs", (work or "none: only convolutions, dense and recurrent layers, attention and matmul have some",))
    sees = field(facts)
    if sees:
        yield Fact(_SEES, (sees,))
    yield Fact("memory", (_memory(facts),))


def field(facts: LayerFacts) -> str:
    """`11×11 pixels of the input (4.91 %), one step is 4 pixels, the first field starts at -2`."""
    row = facts.row
    size, jump, start = row.field, row.jump, row.start
    if not size or jump is None or start is None:
        if any(node.layer is not None and node.layer.opaque for node in facts.analysis.network.nodes):
            return ""
        return "nothing of the first input" if facts.inputs and row.fields is None else ""
    kind = figures.Nominal if row.nominal else tuple
    one = list(size) == [1] * len(size) and not row.nominal
    text = f"{_axes_text(kind(size))} {'pixel' if one else 'pixels'} of the input"
    if row.coverage:
        text += f" ({figures.percents(row.coverage)})"
    if any(jump):
        single = all(step == 1 for step in jump) and not row.nominal
        text += f", one step is {figures.axes(kind(jump))} {'pixel' if single else 'pixels'}"
        text += f", the first field starts at {figures.axes(kind(start))}"
    else:
        text += ", all positions as one"
    return text + (" (nominal: behind upsampling or an uneven layer)" if row.nominal else "")


def _axes_text(size: tuple[figures.Number, ...]) -> str:
    """Every axis, also where all agree: 11×11."""
    mark = "~" if isinstance(size, figures.Nominal) else ""
    return "×".join(mark + figures.number(value).lstrip("~") for value in size)


def _memory(facts: LayerFacts) -> str:
    analysis = facts.analysis
    if facts.elements is None or facts.bytes is None:
        return figures.UNKNOWN
    elements = figures.quantity(facts.elements, "value")
    people = figures.size(facts.bytes)
    exact = f" ({figures.grouped(facts.bytes)} bytes)" if facts.bytes >= 1024 else ""
    batch = f" for {figures.quantity(analysis.batch, 'sample')}" if analysis.batch > 1 else ""
    if facts.view:
        return f"none of its own: the {elements}{batch} are its input's"
    return f"its output is {elements}{batch}: {people} in {analysis.storage.types(facts.node).activations}{exact}"


def _calls(facts: LayerFacts) -> Iterator[Fact]:
    for label, call in (("PyTorch", facts.torch), ("Keras", facts.keras)):
        if call.code:
            yield Fact(label, (call.code + (f"  # {call.remark}" if call.remark else ""),), code=True)
        elif call.remark:
            yield Fact(label, (f"no call: {call.remark}",))
