"""The page on a network, or on a group of its layers: where parameters, work and memory sit, and what it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ...document import figures, summary
from ...document.parts import PIPE, SCREEN, Fact, Facts, Part, Title
from ...document.sheets import PLACE, Column, Sheet, texts
from .facts import Group, NetworkFacts

if TYPE_CHECKING:
    from ...measure import Analysis, LayerRow
    from ...measure.accepted import Accepted, SizeRange

#: Rows of a sheet of bars before the rest is one row.
_MOST = 10
#: Characters of the longest bar.
_BAR = 24


def page(analysis: Analysis, facts: NetworkFacts) -> list[Part]:
    """The network on a page."""
    about = "   ".join(filter(None, (summary.inputs(analysis, analysis.layout), _outputs(analysis))))
    total = [Fact("comes to", tuple(summary.totals(analysis)))]
    heads = summary.train_heads(analysis)
    if heads:
        total.append(Fact("in training", (heads,)))
    total += [*_alive(analysis), *_records(analysis, facts)]
    total += [Fact("takes", (sentence,)) for sentence in accepts(facts.accepted)]
    parts: list[Part] = [Title(summary.title(analysis), about, heading=True), Facts(total)]
    for heading, measure, show in (
        ("parameters", lambda group: group.total("params"), figures.grouped),
        ("MACs", lambda group: group.total("macs"), figures.grouped),
        ("memory of the outputs", lambda group: _bytes(group, unit(analysis)), _size),
    ):
        sheet = _bars(heading, facts.groups, measure, show)
        if sheet is not None:
            parts.append(sheet)
    return [*parts, _kinds(facts.kinds, unit(analysis))]


def unit(analysis: Analysis) -> int:
    """The bytes of an element of the batch."""
    return figures.BYTES[analysis.dtype] * analysis.batch


def group_page(analysis: Analysis, group: Group) -> list[Part]:
    """A page on some layers: a row a layer, and their sums."""
    rows = [
        [row.name, row.operation, _shape(analysis, row), figures.grouped(row.params), figures.grouped(row.macs),
         figures.axes(figures.Nominal(row.field) if row.nominal else row.field) if row.field else ""]
        for row in group.rows
    ]  # fmt: skip
    last = group.rows[-1]
    what = group.what if group.what in ("stage", "head", "line") else f"block '{group.what}'"
    facts = [
        Fact("is", (f"a {what}: {figures.quantity(len(group.rows), 'layer')}, {group.rows[0].name} to {last.name}",)),
        Fact("comes to", (f"{figures.quantity(group.total('params'), 'parameter')}, "
                          f"{figures.quantity(group.total('macs'), 'MAC')}",)),
    ]  # fmt: skip
    columns = [*(Column(name, name) for name in ("layer", "operation", "output")),
               *(Column(name, name, PLACE) for name in ("params", "MACs", "field"))]  # fmt: skip
    title = Title(group.name, f"→ {_shape(analysis, last)}", heading=True)
    return [title, Facts(facts), texts(columns, rows, inset=(SCREEN, PIPE))]


def _shape(analysis: Analysis, row: LayerRow) -> str:
    turned = figures.turned(row.output, analysis.layout)
    return figures.shape(turned) if turned else figures.UNKNOWN


def _outputs(analysis: Analysis) -> str:
    texts = []
    for port in analysis.outputs:
        if not port.train:
            turned = figures.turned(port.shape, analysis.layout)
            texts.append(f"{port.name} {figures.shape(turned) if turned else figures.UNKNOWN}")
    return f"output {', '.join(texts)}" if texts else ""


def _alive(analysis: Analysis) -> list[Fact]:
    """The peak of live activations, and where it is."""
    from ...measure.footprint import Footprint

    live = Footprint(analysis).liveness
    if live is None or live.peak_step is None:
        return []
    name = analysis.network.nodes[live.steps[live.peak_step]].name
    text = f"at most {figures.size(live.peak)} of activations live at once, while {name} runs ('cnncalc memory')"
    return [Fact("memory", (text,))]


def _bytes(group: Group, unit: int) -> int | None:
    return None if group.elements is None else group.elements * unit


def _size(count: int | None) -> str:
    return figures.UNKNOWN if count is None else figures.size(count)


def _bars(
    heading: str, groups: Sequence[Group], measure: Callable[[Group], int | None], show: Callable[[int | None], str]
) -> Sheet | None:
    """A bar a group, in file order; where there are many, the largest and the rest. None where there is nothing."""
    valued = [(group, measure(group)) for group in groups]
    known = [(group, value) for group, value in valued if value]
    if not known or any(value is None for _, value in valued):
        return None
    total = sum(value for _, value in known)
    kept = sorted(known, key=lambda pair: -pair[1])[:_MOST]
    largest = kept[0][1]
    names = {id(group) for group, _ in kept}
    rows = [_row(group.name, value, largest, total, show) for group, value in known if id(group) in names]
    rest = [value for group, value in known if id(group) not in names]
    if rest:
        rows.append(_row(f"{figures.quantity(len(rest), 'other')}", sum(rest), largest, total, show))
    columns = (Column("part", ""), Column("amount", "", PLACE), Column("share", "", PLACE), Column("bar", ""))
    return texts(columns, rows, heading=heading, headed=False, inset=(SCREEN, PIPE))


def _row(name: str, value: int, largest: int, total: int, show: Callable[[int | None], str]) -> list[str]:
    return [name, show(value), f"{_percent(value, total)} %", _bar(value, largest)]


def _bar(value: int, largest: int) -> str:
    """A bar as long as a value is of the largest, or of what is larger yet; never empty."""
    return "█" * max(round(_BAR * min(value, largest) / largest), 1)


def _percent(value: int, total: int) -> str:
    """To a tenth, exactly rounded."""
    tenths = (2000 * value + total) // (2 * total)
    return f"{tenths // 10}.{tenths % 10}" if tenths or not value else "<0.1"


def _kinds(kinds: Sequence[Group], unit: int) -> Sheet:
    rows = [
        [group.name, figures.grouped(len(group.rows)), figures.grouped(group.total("params")),
         figures.grouped(group.total("macs")), _size(_bytes(group, unit))]
        for group in kinds
    ]  # fmt: skip
    names = ("layers", "parameters", "MACs", "outputs")
    columns = [Column("kind", "kind"), *(Column(name, name, PLACE) for name in names)]
    return texts(columns, rows, heading="by kind", inset=(SCREEN, PIPE))


def _records(analysis: Analysis, facts: NetworkFacts) -> list[Fact]:
    units = {"widest": "channel", "largest": "value", "heaviest": "parameter", "costliest": "MAC"}
    found = []
    for name, row, value in facts.records:
        if name == "deepest":
            text = f"{row.name}, behind {figures.quantity(value, 'weighted layer')} on one path, itself included"
        else:
            text = f"{row.name}, {row.operation}: {figures.quantity(value, units[name])}"
            text += f" ({_shape(analysis, row)})" if name == "largest" else ""
        found.append(Fact(name, (text,)))
    return found


# --- accepted inputs --------------------------------------------------------------------------------


def accepts(found: Sequence[Accepted]) -> list[str]:
    """`height and width: any from 63 up`; axes of which the same is true together."""
    sentences: dict[str, list[str]] = {}
    for one in found:
        sentences.setdefault(_sizes(one), []).append(" = ".join(one.axes))
    return [f"{figures.listed(names)}: {text}" for text, names in sentences.items()]


def _sizes(one: Accepted) -> str:
    if not one.sizes:
        return f"no size from 1 to {one.tried}, the others being as they are"
    text = " or ".join(map(_range, one.sizes[-4:]))
    if len(one.sizes) > 4:
        text = f"among others {text}"
    if all(sizes.last is not None for sizes in one.sizes):
        text += f" only (of 1 to {one.tried})"
    if one.fixed is not None:
        name, shape, sizes = one.fixed
        values = figures.shape(shape) if len(shape) > 1 else figures.grouped(shape[0])
        kind = name.rstrip("0123456789")
        what = f"this {kind}" if kind in ("flatten", "reshape") else f"this '{name}'"
        verb = "gives" if sizes.first == sizes.last else "give"
        text += f"; {_range(sizes)} {verb} {what} ({values} values), and so the weights behind it"
    return text


def _range(sizes: SizeRange) -> str:
    if sizes.last is None:
        if sizes.step == 1:
            return f"any from {sizes.first} up"
        if sizes.first % sizes.step == 0:
            return f"any multiple of {sizes.step} from {sizes.first} up"
        return f"{sizes.first}, {sizes.first + sizes.step}, … every {sizes.step}"
    return str(sizes.first) if sizes.first == sizes.last else f"{sizes.first}..{sizes.last}"
