"""The page on a network, or on a group of its layers: where parameters, work and memory sit, and what it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from ...document import figures, summary
from ...document.parts import PIPE, SCREEN, Fact, Facts, Part, Sentences, Title
from ...document.sheets import PLACE, Column, Sheet, texts
from .facts import LayerGroup, NetworkFacts

if TYPE_CHECKING:
    from ...measure import NetworkAnalysis
    from ...network import Network
    from ...network.accepted import Accepted

#: Rows of a sheet of bars before the rest is one row.
_MOST = 10
#: Characters of the longest bar.
_BAR = 24


def page(analysis: NetworkAnalysis, facts: NetworkFacts, extra: Sequence[Fact]) -> list[Part]:
    """The network on a page; `extra` facts have a paragraph of their own."""
    about = "   ".join(filter(None, (summary.inputs(analysis, analysis.layout), _outputs(analysis))))
    total = [Fact("comes to", tuple(summary.totals(analysis)))]
    heads = summary.train_heads(analysis)
    if heads:
        total.append(Fact("in training", (heads,)))
    total += [*_alive(analysis), *_records(analysis, facts)]
    total += [Fact("takes", (sentence,)) for sentence in accepts(analysis.network, facts.accepted)]
    groups = facts.groups
    sheets = (
        _bars("parameters", [(group.name, group.total("params")) for group in groups], figures.grouped),
        _bars("MACs", [(group.name, group.total("macs")) for group in groups], figures.grouped),
        _bars("memory of the outputs", [(group.name, group.stored) for group in groups], figures.size),
    )
    title = Title(summary.title(analysis), about, heading=True)
    return [title, Facts(total), *_more(extra), *filter(None, sheets), _kinds(facts.kinds)]


def group_page(analysis: NetworkAnalysis, group: LayerGroup, extra: Sequence[Fact]) -> list[Part]:
    """A page on some layers: a row a layer, but for those behind a fault, and their sums; `extra` facts have a
    paragraph of their own.
    """
    layout, last = analysis.layout, group.rows[-1]
    known = [row for row in group.rows if not row.behind_unknown]
    notes = [figures.not_known(len(group.rows) - len(known))] if len(known) < len(group.rows) else []
    rows = [
        [row.name, row.operation, figures.spelled(row.output, layout), figures.grouped(row.params),
         figures.grouped(row.macs),
         figures.axes(figures.Nominal(row.field) if row.nominal else row.field) if row.field else ""]
        for row in known
    ]  # fmt: skip
    what = group.what if group.what in ("stage", "head", "line") else f"block '{group.what}'"
    facts = [
        Fact("is", (f"a {what}: {figures.quantity(len(group.rows), 'layer')}, {group.rows[0].name} to {last.name}",)),
        Fact("comes to", (f"{figures.quantity(group.total('params'), 'parameter')}, "
                          f"{figures.quantity(group.total('macs'), 'MAC')}",)),
    ]  # fmt: skip
    columns = [*(Column(name, name) for name in ("layer", "operation", "output")),
               *(Column(name, name, PLACE) for name in ("params", "MACs", "field"))]  # fmt: skip
    title = Title(group.name, f"→ {figures.spelled(last.output, layout)}", heading=True)
    table = texts(columns, rows, inset=(SCREEN, PIPE), notes=notes) if rows else Sentences(notes)
    return [title, Facts(facts), *_more(extra), table]


def _more(extra: Sequence[Fact]) -> list[Part]:
    return [Facts(extra)] if extra else []


def _outputs(analysis: NetworkAnalysis) -> str:
    texts = [
        f"{port.name} {figures.spelled(port.shape, analysis.layout)}" for port in analysis.outputs if not port.train
    ]
    return f"output {', '.join(texts)}" if texts else ""


def _alive(analysis: NetworkAnalysis) -> list[Fact]:
    """The peak of live activations, and where it is."""
    from ...measure.footprint import Footprint

    footprint = Footprint(analysis)
    if footprint.peak is None or footprint.peak_layer is None:
        return []
    peak, layer = figures.size(footprint.peak), footprint.peak_layer
    text = f"at most {peak} of activations live at once, while {layer} runs ('cnncalc memory')"
    return [Fact("memory", (text,))]


def _size(count: int | None) -> str:
    return figures.UNKNOWN if count is None else figures.size(count)


def _bars(heading: str, parts: Sequence[tuple[str, int | None]], show: Callable[[int], str]) -> Sheet | None:
    """A bar a part, in file order; where there are many, the largest and the rest. None where there is nothing."""
    known = [(name, value) for name, value in parts if value]
    if not known or any(value is None for _, value in parts):
        return None
    order = sorted(range(len(known)), key=lambda place: -known[place][1])
    shown = [known[place] for place in sorted(order[:_MOST])]
    rest = [known[place][1] for place in order[_MOST:]]
    if rest:
        shown.append((figures.quantity(len(rest), "other"), sum(rest)))
    total, largest = sum(value for _, value in known), known[order[0]][1]
    rows = [[name, show(value), figures.share(Fraction(value, total)), _bar(value, largest)] for name, value in shown]
    columns = (Column("part", ""), Column("amount", "", PLACE), Column("share", "", PLACE), Column("bar", ""))
    return texts(columns, rows, heading=heading, headed=False, inset=(SCREEN, PIPE))


def _bar(value: int, largest: int) -> str:
    """A bar as long as a value is of the largest, or of what is larger yet; never empty."""
    return "█" * max(round(_BAR * min(value, largest) / largest), 1)


def _kinds(kinds: Sequence[LayerGroup]) -> Sheet:
    rows = [
        [group.name, figures.grouped(len(group.rows)), figures.grouped(group.total("params")),
         figures.grouped(group.total("macs")), _size(group.stored)]
        for group in kinds
    ]  # fmt: skip
    names = ("layers", "parameters", "MACs", "outputs")
    columns = [Column("kind", "kind"), *(Column(name, name, PLACE) for name in names)]
    return texts(columns, rows, heading="by kind", inset=(SCREEN, PIPE))


def _records(analysis: NetworkAnalysis, facts: NetworkFacts) -> list[Fact]:
    units = {"widest": "channel", "largest": "value", "heaviest": "parameter", "costliest": "MAC"}
    found = []
    for name, row, value in facts.records:
        if name == "deepest":
            text = f"{row.name}, behind {figures.quantity(value, 'weighted layer')} on one path, itself included"
        else:
            text = f"{row.name}, {row.operation}: {figures.quantity(value, units[name])}"
            text += f" ({figures.spelled(row.output, analysis.layout)})" if name == "largest" else ""
        found.append(Fact(name, (text,)))
    return found


# --- accepted inputs --------------------------------------------------------------------------------


def accepts(network: Network, found: Sequence[Accepted]) -> list[str]:
    """`height and width: any from 63 up`; axes of which the same is true together."""
    sentences: dict[str, list[str]] = {}
    for accepted in found:
        sentences.setdefault(_sizes(network, accepted), []).append(" = ".join(accepted.axes))
    return [f"{figures.listed(names)}: {text}" for text, names in sentences.items()]


def _sizes(network: Network, accepted: Accepted) -> str:
    if accepted.fixed is None or not accepted.sizes:
        return accepted.said()
    name, shape, sizes = accepted.fixed
    values = figures.shape(shape) if len(shape) > 1 else figures.grouped(shape[0])
    layer = next(node.layer for node in network.nodes if node.name == name)
    numbered = layer is not None and layer.view and name.rstrip("0123456789") == layer.kind
    what = f"this {layer.kind}" if layer and numbered else f"this '{name}'"
    verb = "gives" if sizes.first == sizes.last else "give"
    return f"{accepted.said()}; {sizes} {verb} {what} ({values} values), and so the weights behind it"
