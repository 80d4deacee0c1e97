"""The rows of `cnncalc diff`: layers that changed, whole blocks in one row, repeated patterns of rows shown once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

from ...document import figures
from ...document.items import summary
from ...measure.result import NetworkAnalysis
from ...records import Record, make
from .facts import ADDED, AFFECTED, CHANGED, EQUAL, MOVED, REMOVED, RENAMED, Diff, LayerChange
from .layers import INPUTS, KIND, NAME, TRAIN, WEIGHTS, Difference

#: Runs of these fold where they are a whole block, stage or head.
_FOLDING = (ADDED, REMOVED, MOVED)
#: The longest pattern of rows that is looked for, to be shown once.
_PERIOD = 24
#: What differs, in the words of people.
_WORDS = {INPUTS: "reads", WEIGHTS: "weights", TRAIN: "runs", KIND: ""}


class ChangeRow(Record):
    """One row: a layer, a whole group, or several that are alike."""

    status: str
    label: str
    #: What it is and what differs.
    text: str
    output: str
    params: int | None
    macs: int | None
    changes: Sequence[LayerChange]
    times: int = 1

    @property
    def key(self) -> Hashable:
        """Equal for rows that differ in their names only."""
        return (self.status, self.text, self.output, self.params, self.macs, len(self.changes))

    @property
    def name(self) -> str:
        """Its label, and how often it stands there."""
        return f"{self.label} ×{self.times:,}" if self.times > 1 else self.label


def told(one: LayerChange) -> bool:
    """Whether a layer has a row of its own, or is only counted: names alone, or other shapes alone, change little."""
    return one.status not in (EQUAL, RENAMED) and (one.status != AFFECTED or one.costs) and not _behind_fault(one)


def _behind_fault(one: LayerChange) -> bool:
    """Whether nothing is known of a layer because of a fault before it, and nothing of its own is changed."""
    own = one.status == CHANGED and any(each.name != INPUTS for each in one.differences)
    return not own and any(row is not None and row.behind_unknown for row in (one.old, one.new))


def rows(diff: Diff, whole: bool = False) -> list[ChangeRow]:
    """The rows of the layers that changed; `whole`: of every layer, nothing folded."""
    if whole:
        return [_single(layer, diff) for layer in diff.layers]
    sizes = (_sizes(diff.old), _sizes(diff.new))
    layers, found, at = diff.layers, [], 0
    while at < len(layers):
        change = layers[at]
        if not told(change):
            at += 1
            continue
        if change.status in _FOLDING:
            side = sizes[change.status != REMOVED]
            end, depth = _group(layers, at, side)
            if depth:
                found.append(_grouped(layers[at:end], depth, diff))
                at = end
                continue
        found.append(_single(change, diff))
        at += 1
    return _folded(found)


def _sizes(side: NetworkAnalysis) -> Counter[str]:
    """How many layers stand in each stage, head or block instance."""
    return Counter(step.name for node in side.network.layers for step in node.path)


def _group(layers: Sequence[LayerChange], at: int, sizes: Counter[str]) -> tuple[int, int]:
    """The end of the outermost whole group that begins at a layer, all of one status, and its depth; 0 for none."""
    status, path = layers[at].status, layers[at].row.path
    before = layers[at - 1].row.path if at and layers[at - 1].status == status else ()
    for depth, name in enumerate(path, 1):
        end = at + sizes[name]
        begins = name not in before and at + 1 < end <= len(layers)
        if begins and all(
            change.status == status and name in change.row.path for change in map(layers.__getitem__, range(at, end))
        ):
            return end, depth
    return at + 1, 0


def _grouped(changes: Sequence[LayerChange], depth: int, diff: Diff) -> ChangeRow:
    first = changes[0]
    text = summary([change.row for change in changes], depth) + (_moved(first) if first.status == MOVED else "")
    return ChangeRow(
        first.status, first.row.path[depth - 1], text, _output(changes[-1], diff), _sum(changes, "params"),
        _sum(changes, "macs"), changes,
    )  # fmt: skip


def _single(one: LayerChange, diff: Diff) -> ChangeRow:
    deltas = one.delta("params"), one.delta("macs")
    return make(ChangeRow, (one.status, one.row.name, _said(one), _output(one, diff), *deltas, (one,), 1))


def _sum(changes: Sequence[LayerChange], measure: str) -> int | None:
    deltas = [change.delta(measure) for change in changes]
    return None if None in deltas else sum(deltas)  # type: ignore[arg-type]


# --- what is said of a layer ----------------------------------------------------------------------------


def _said(one: LayerChange) -> str:
    """What a layer is, and what differs."""
    words = [difference(each) for each in one.differences]
    if one.status == CHANGED and any(each.name == KIND for each in one.differences) and one.old and one.new:
        words[0] = f"{one.old.operation} → {one.new.operation}"
    elif one.status == CHANGED:
        words[0] = f"{one.row.kind}: {words[0]}"
    elif one.status == RENAMED:
        words = [one.row.operation, *(difference(each) for each in one.naming)]
    else:
        words.insert(0, one.row.operation + (_moved(one) if one.status == MOVED else ""))
    return ", ".join(words)


def difference(one: Difference) -> str:
    """`stride 1 → 2`."""
    name = "named" if one.name == NAME else "in" if one.name == "path" else _WORDS.get(one.name, one.name)
    return f"{name} {one.old_text} → {one.new_text}".strip()


def _moved(one: LayerChange) -> str:
    """`, reads bn1 → conv1`: between what it stood, and stands."""
    old, new = (", ".join(row.inputs) or "–" for row in (one.old, one.new) if row is not None)
    return f", reads {old} → {new}"


def _output(one: LayerChange, diff: Diff) -> str:
    """The shape of the output, before and after where they differ."""
    shapes = []
    for row, layout in ((one.old, diff.old.layout), (one.new, diff.new.layout)):
        if row is not None:
            turned = figures.turned(row.output, layout)
            shapes.append(figures.UNKNOWN if turned is None else figures.shape(turned))
    if one.old and one.new and one.old.output == one.new.output:
        return shapes[-1]
    return " → ".join(shapes)


# --- patterns -------------------------------------------------------------------------------------------


def _folded(found: Sequence[ChangeRow]) -> list[ChangeRow]:
    """The rows, a pattern of rows that comes again right behind itself shown once, its numbers summed."""
    numbers: dict[Hashable, int] = {}
    keys = [numbers.setdefault(row.key, len(numbers)) for row in found]
    kept: list[ChangeRow] = []
    at = 0
    while at < len(found):
        period, times = _pattern(keys, at)
        for place in range(at, at + period):
            kept.append(_times(found[place : at + period * times : period], times))
        at += period * times
    return kept


def _pattern(keys: Sequence[int], at: int) -> tuple[int, int]:
    """The shortest pattern that begins here and repeats, and how often; (1, 1) for none."""
    for period in range(1, min(_PERIOD, (len(keys) - at) // 2) + 1):
        if keys[at + period] != keys[at]:
            continue
        end = at + period
        while end < len(keys) and keys[end] == keys[end - period]:
            end += 1
        times = (end - at) // period
        if times > 1:
            return period, times
    return 1, 1


def _times(alike: Sequence[ChangeRow], times: int) -> ChangeRow:
    first = alike[0]
    if times == 1:
        return first
    params, macs = first.params, first.macs
    return first._replace(
        params=None if params is None else params * times, macs=None if macs is None else macs * times,
        changes=[change for row in alike for change in row.changes], times=times,
    )  # fmt: skip


def left(diff: Diff, help: str) -> list[str]:
    """What is said of the layers that have no row; `help` says how they are shown."""
    behind = sum(map(_behind_fault, diff.layers))
    shapes = sum(layer.status == AFFECTED and not layer.costs and not _behind_fault(layer) for layer in diff.layers)
    names = diff.count(RENAMED)
    said = [figures.not_known(behind)] if behind else []
    if shapes:
        what = "has another shape" if shapes == 1 else "have other shapes"
        said.append(f"besides, {figures.quantity(shapes, 'layer')} {what} only: {help}")
    if names:
        what = "has another name" if names == 1 else "have other names"
        said.append(f"besides, {figures.quantity(names, 'layer')} {what}, or other stages and blocks around")
    return said
