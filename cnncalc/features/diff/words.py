"""The report of `cnncalc diff` in words and figures: what every format shows."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ...diagnostics import ERROR, GROWTH, Diagnostic
from ...document import figures
from ...interpret.specification import specification
from ...measures import MEASURES
from .facts import EQUAL, GONE, NEW, STATUSES, Diff, Total
from .texts import TEXT, NetworkChange, spelled

if TYPE_CHECKING:
    from .limits import Growth

#: The measures that are told in the sentence above a pull request's tables.
_FIRST = ("params", "macs", "peak")
#: So many remarks of a sort are told one by one.
_FEW = 3
#: From this ratio on a factor says more than a percentage.
_FACTOR = 10


def title(diff: Diff) -> str:
    """What is compared: the model, and the two files."""
    names = list(dict.fromkeys(name for name in (diff.old.model, diff.new.model) if name))
    return "   ".join(filter(None, (" → ".join(names), f"{diff.old.file} → {diff.new.file}")))


def headline(diff: Diff) -> str:
    """The answer in a sentence."""
    if diff.equal:
        blocks = specification(diff.old.network).library and specification(diff.new.network).library
        return "the networks are equal, layer by layer" + " (there are blocks only)" * blocks + _only(diff.remarks)
    if diff.status in (NEW, GONE):
        there = diff.new if diff.status == NEW else diff.old
        has = "it has" if diff.status == NEW else "it had"
        return f"{diff.new.file} is {diff.status}: {has} {figures.quantity(len(there.layers), 'layer')}"
    counts = [(diff.count(status), status) for status in STATUSES]
    said = [f"{count:,} {status}" for count, status in counts if count]
    count, status = next(((count, status) for count, status in counts if count), (0, EQUAL))
    if said:
        said[0] = f"{figures.quantity(count, 'layer')} {status}"
    return ", ".join(said)


def shares(diff: Diff) -> str:
    """`parameters +3.02 %, MACs −1.2 %`: what changed of the measures that reviewers ask for first."""
    said = [
        f"{MEASURES[total.name].heading} {share(total)}"
        for total in diff.totals
        if total.name in _FIRST and share(total)
    ]
    return ", ".join(said)


def _only(remarks: Sequence[NetworkChange]) -> str:
    """What differs all the same."""
    if not remarks:
        return ", and so are the texts"
    if remarks[0].what == TEXT:
        return "; only the text differs"
    kinds = list(dict.fromkeys(_KINDS[remark.what] for remark in remarks))
    return f"; only {figures.listed(kinds)} differ"


_KINDS = {"title": "titles", "layout": "layouts", "types": "types of numbers",
          "name": "names", "place": "names of stages and blocks",
          "requirement": "requirements", "expectation": "expectations"}  # fmt: skip


def remarks(diff: Diff) -> list[str]:
    """A line for everything that differs beside the layers; where the networks differ too, many of a sort in one."""
    found = [_line(one, diff) for one in diff.structure]
    kinds: dict[str, list[NetworkChange]] = {}
    for remark in diff.remarks:
        kinds.setdefault(remark.what, []).append(remark)
    for what, some in kinds.items():
        if what != TEXT and (diff.equal or len(some) <= _FEW):
            found += [_line(one, diff) for one in some]
        elif what != TEXT:
            found.append(f"{len(some):,} {_KINDS[what]} differ")
    return found


def _line(one: NetworkChange, diff: Diff) -> str:
    old, new = spelled(one.old, diff.old.layout), spelled(one.new, diff.new.layout)
    name = " ".join(filter(None, (one.what, one.name if one.name not in (one.what, one.old, one.new) else "")))
    if one.old is None:
        return f"{name} added: {new}"
    if one.new is None:
        return f"{name} removed: {old}"
    if one.what == "expectation":  # two arrows, and one between them, are a riddle
        old, new = old.removeprefix("-> "), new.removeprefix("-> ")
    return f"{name}: {old} → {new}"


# --- totals ---------------------------------------------------------------------------------------------


def total_rows(diff: Diff, changed: bool = False) -> list[list[str]]:
    """Measure, old, new, difference and percentage, of every measure; `changed`: of those that are not the same.

    What is trained, and train heads, have a row where that is not all parameters; the shapes of the first inputs and
    outputs stand at the end.
    """
    rows = []
    base = next((total for total in diff.totals if total.name == "params"), None)
    for total in diff.totals:
        follows = base is not None and MEASURES[total.name].follows == base.name
        again = follows and base is not None and (total.old, total.new) == (base.old, base.new)
        if not again and not (changed and total.old == total.new and total.old is not None):
            values = (_value(total.old), _value(total.new), _difference(total), share(total))
            rows.append([MEASURES[total.name].heading, *values])
    for word in ("input", "output"):
        rows += _port_row(diff, word, changed)
    return rows


def change(total: Total) -> tuple[str, str]:
    """A measure and its change in two cells: `33,642 → 75,658` and `+125 %`, or what it is where it stays."""
    old, new = _value(total.old), _value(total.new)
    if total.difference == 0:
        return new, ""
    return (new if not total.old else old if not total.new else f"{old} → {new}"), share(total)


def _port_row(diff: Diff, word: str, changed: bool) -> list[list[str]]:
    """The shapes of the inputs, or of the outputs that inference gives: two of them, those that differ first."""
    old, new = (
        [figures.UNKNOWN if turned is None else figures.shape(turned) for port in getattr(analysis, f"{word}s")
         if not port.train for turned in (figures.turned(port.shape, analysis.layout),)]
        for analysis in (diff.old, diff.new)
    )  # fmt: skip
    texts = [_some(old, new), _some(new, old)]
    unknown = figures.UNKNOWN in (*old, *new)
    same = old == new and not unknown
    return [] if changed and same else [[word, *texts, "=" if same else figures.UNKNOWN if unknown else "", ""]]


def _some(shapes: list[str], others: list[str]) -> str:
    """Two of `shapes` and how many more there are: of as many others those first that are not the same there."""
    differing = [place for place in range(len(shapes)) if len(shapes) == len(others) and shapes[place] != others[place]]
    shown = sorted([*differing, *(place for place in range(len(shapes)) if place not in differing)][:2])
    more = [f"+{len(shapes) - 2}"] if len(shapes) > 2 else []
    return ", ".join([*(shapes[place] for place in shown), *more]) or "–"


def _value(value: Any) -> str:
    if isinstance(value, tuple):
        return figures.axes(value) if value else "–"
    return figures.grouped(value)


def _difference(total: Total) -> str:
    difference = total.difference
    if difference is None:
        return figures.UNKNOWN
    if isinstance(difference, tuple):
        texts = [signed(one) for one in difference]
        return (texts[0] if len(set(texts)) == 1 else "×".join(texts)) if texts else "="
    return signed(difference)


def signed(value: int | Fraction | None) -> str:
    """`+1,024`, `−3`, `=` for no difference, `?` for one that is not known."""
    if value is None:
        return figures.UNKNOWN
    return "=" if value == 0 else ("+" if value > 0 else "−") + figures.number(value if value > 0 else -value)


def share(total: Total) -> str:
    """The change as a percentage, exactly rounded to three figures: `+3.02 %`, `×12.5`, `new` where there was none."""
    if total.difference in (None, 0) or isinstance(total.difference, tuple):
        return ""
    return "new" if total.ratio is None else percentage(total.ratio)


def percentage(ratio: Fraction) -> str:
    """A ratio of new to old as a change of the old."""
    if ratio >= _FACTOR:
        return f"×{figures.three_figures(ratio)}"
    change = abs(ratio - 1) * 100
    text = figures.three_figures(change) if change >= Fraction(1, 100) else "<0.01"
    return f"{'+' if ratio > 1 else '−'}{text} %"


def growths(exceeded: Sequence[Growth], option: str) -> list[Diagnostic]:
    """An error for every measure that grew by more than it may; `option` is what it was limited by."""
    return [_grown(growth, f"{option} {growth.limit.text}") for growth in exceeded]


def _grown(growth: Growth, limit: str) -> Diagnostic:
    heading = growth.limit.measure
    if growth.old is None or growth.new is None:
        return Diagnostic(ERROR, GROWTH, f"{heading} is not known of both: {limit} does not hold")
    by = Fraction(growth.new - growth.old)
    percent = f" ({percentage(Fraction(growth.new) / growth.old)})" if growth.old else ""
    grew = f"{heading} grew from {figures.number(growth.old)} to {figures.number(growth.new)}"
    message = f"{grew}, by {figures.number(by)}{percent}"
    allowed = f"{figures.number(growth.most)} more" if growth.most else "no growth"
    over = f"{limit} allows {allowed}: {figures.number(by - growth.most)} over it"
    return Diagnostic(ERROR, GROWTH, message, notes=(over,))
